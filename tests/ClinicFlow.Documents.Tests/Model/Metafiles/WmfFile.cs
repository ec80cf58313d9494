using ClinicFlow.Documents.Model.Metafiles;

namespace ClinicFlow.Documents.Tests.Model.Metafiles;

/// <summary>Writes Windows metafiles: records of 16-bit words, the function first.</summary>
internal static class WmfFile
{
    public static byte[] Of(params int[][] records)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write([1, 0, 9, 0, 0, 3, .. new byte[12]]);
        foreach (var record in records.Append([0]))
        {
            writer.Write(record.Length + 2);
            foreach (var word in record)
            {
                writer.Write((short)word);
            }
        }

        return file.ToArray();
    }

    /// <summary>Two bytes a word.</summary>
    public static int[] Words(params byte[] bytes) => [.. bytes.Chunk(2).Select(pair => pair[0] | ((pair.Length > 1 ? pair[1] : 0) << 8))];

    /// <summary>A font as CreateFontIndirect has it.</summary>
    public static int[] Font(int height, string family, byte charset = 0, int escapement = 0)
        => [0x02FB, height, 0, escapement, escapement, 400, .. Words([0, 0, 0, charset, 0, 0, 0, 0, .. System.Text.Encoding.Latin1.GetBytes(family.PadRight(32, '\0'))])];

    public static string Show(byte[] file, double width, double height) => Shown.Of(MetafileReader.ReadWmf(file), width, height);
}
