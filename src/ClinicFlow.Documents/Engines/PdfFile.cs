namespace ClinicFlow.Documents.Engines;

/// <summary>Whether a file is a PDF to its end.</summary>
internal static class PdfFile
{
    /// <summary>Reads a PDF; null where there is none, or only a part of one.</summary>
    public static byte[]? ReadWhole(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var bytes = File.ReadAllBytes(path);
        return IsWhole(bytes) ? bytes : null;
    }

    /// <summary>A PDF starts with its version and ends with its end-of-file mark (ISO 32000-1 §7.5.2, §7.5.5).</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes)
        => bytes.StartsWith("%PDF-"u8) && bytes[^Math.Min(1024, bytes.Length)..].LastIndexOf("%%EOF"u8) >= 0;
}
