using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace ClinicFlow.Fidelity;

/// <summary>Draws the pages of two PDFs beside each other, as PNG.</summary>
internal static class SideBySide
{
    private const int Gap = 8;

    /// <summary>Writes one picture a page, the reference on the left; returns how many.</summary>
    public static async Task<int> WriteAsync(string reference, string candidate, string prefix, int maxPages, int dpi = 72)
    {
        var folder = Directory.CreateTempSubdirectory("fidelity-");
        try
        {
            var pictures = new List<string[]>();
            foreach (var (pdf, name) in new[] { (reference, "a"), (candidate, "b") })
            {
                await Tool.RunAsync("pdftoppm", ["-r", $"{dpi}", "-l", $"{maxPages}", pdf, Path.Combine(folder.FullName, name)]);
                pictures.Add([.. folder.GetFiles($"{name}-*.ppm").Select(file => file.FullName).Order(StringComparer.Ordinal)]);
            }

            var pages = Math.Max(pictures[0].Length, pictures[1].Length);
            for (var i = 0; i < pages; i++)
            {
                await File.WriteAllBytesAsync($"{prefix}-{i + 1}.png", Join(Read(pictures[0], i), Read(pictures[1], i)));
            }

            return pages;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Picture Read(string[] files, int page) => page < files.Length ? Picture.ReadPpm(File.ReadAllBytes(files[page])) : new Picture(0, 0, []);

    private static byte[] Join(Picture left, Picture right)
    {
        var (width, height) = (left.Width + Gap + right.Width, Math.Max(left.Height, right.Height));
        var rows = new byte[height * ((width * 3) + 1)];
        Array.Fill(rows, (byte)0x80);
        for (var y = 0; y < height; y++)
        {
            var row = rows.AsSpan(y * ((width * 3) + 1), (width * 3) + 1);
            row[0] = 0;
            left.Row(y).CopyTo(row[1..]);
            right.Row(y).CopyTo(row[(1 + ((left.Width + Gap) * 3))..]);
        }

        return Png(width, height, rows);
    }

    private static byte[] Png(int width, int height, byte[] rows)
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(rows);
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> kind, byte[] content)
    {
        byte[] named = [.. kind, .. content];
        var chunk = new byte[named.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        named.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(named.Length + 4), Crc32.HashToUInt32(named));
        return chunk;
    }

    private sealed record Picture(int Width, int Height, byte[] Bytes)
    {
        // P6, width, height and 255, each followed by white space; pdftoppm writes no comments.
        public static Picture ReadPpm(byte[] file)
        {
            var at = 0;
            var fields = new string[4];
            for (var i = 0; i < 4; i++)
            {
                var end = file.AsSpan(at).IndexOfAny((byte)' ', (byte)'\n');
                fields[i] = System.Text.Encoding.ASCII.GetString(file, at, end);
                at += end + 1;
            }

            return new Picture(int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture), int.Parse(fields[2], System.Globalization.CultureInfo.InvariantCulture), file[at..]);
        }

        public ReadOnlySpan<byte> Row(int y) => y < Height ? Bytes.AsSpan(y * Width * 3, Width * 3) : [];
    }
}
