using System.IO.Compression;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>Metafiles that are packed as gzip, as Word names .emz and .wmz (RFC 1952).</summary>
internal static class Packed
{
    private const int MostBytes = 32 * 1024 * 1024;

    /// <summary>What a file holds; the file itself where it is not packed, damaged, or more than is read.</summary>
    public static byte[] Open(byte[] file)
    {
        if (file is not [0x1F, 0x8B, 8, ..])
        {
            return file;
        }

        try
        {
            using var packed = new GZipStream(new MemoryStream(file, writable: false), CompressionMode.Decompress);
            using var opened = new MemoryStream();
            var buffer = new byte[81_920];
            for (int read; (read = packed.Read(buffer)) > 0;)
            {
                opened.Write(buffer.AsSpan(0, read));
                if (opened.Length > MostBytes)
                {
                    return file;
                }
            }

            return opened.ToArray();
        }
        catch (InvalidDataException)
        {
            return file;
        }
    }
}
