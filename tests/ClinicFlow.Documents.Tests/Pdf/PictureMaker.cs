using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace ClinicFlow.Documents.Tests.Pdf;

/// <summary>Picture files of all kinds: a ramp of colours, made here or by poppler.</summary>
internal static class PictureMaker
{
    // Kind is the colour type: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha; transparency is the chunk tRNS.
    public static byte[] Png(int kind, int bits, int width = 40, int height = 30, byte[]? transparency = null)
    {
        var channels = kind switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        var rows = new List<byte>();
        for (var y = 0; y < height; y++)
        {
            rows.Add(0);
            var packed = new List<int>();
            for (var x = 0; x < width; x++)
            {
                for (var c = 0; c < channels; c++)
                {
                    packed.Add(kind == 3 ? (x * 4 / width) : ((c == channels - 1 && channels is 2 or 4 ? y : (x * (c + 1))) * ((1 << bits) - 1) / (width * 3)) & ((1 << bits) - 1));
                }
            }

            if (bits == 16)
            {
                rows.AddRange(packed.SelectMany(v => new[] { (byte)(v >> 8), (byte)v }));
            }
            else
            {
                var perByte = 8 / bits;
                rows.AddRange(packed.Chunk(perByte).Select(chunk => (byte)chunk.Select((v, i) => v << (8 - (bits * (i + 1)))).Sum()));
            }
        }

        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)bits, (byte)kind);
        Chunk("IHDR", header);
        if (kind == 3)
        {
            Chunk("PLTE", [255, 0, 0, 0, 160, 0, 0, 0, 255, 255, 200, 0]);
        }

        if (transparency is not null)
        {
            Chunk("tRNS", transparency);
        }

        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write([.. rows]);
        }

        Chunk("IDAT", data.ToArray());
        Chunk("IEND", []);
        return file.ToArray();

        void Chunk(string name, byte[] body)
        {
            Span<byte> number = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
            file.Write(number);
            byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(name), .. body];
            file.Write(named);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(named));
            file.Write(number);
        }
    }

    public static byte[] Bmp(int width = 8, int height = 8)
    {
        var bytes = new byte[54 + (width * height * 4)];
        (bytes[0], bytes[1], bytes[10], bytes[14], bytes[26], bytes[28]) = ((byte)'B', (byte)'M', 54, 40, 1, 32);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2), bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), height);
        for (var i = 54; i < bytes.Length; i += 4)
        {
            (bytes[i], bytes[i + 2], bytes[i + 3]) = (200, (byte)(i * 3), 255);
        }

        return bytes;
    }

    // Two by two pixels: red, green, blue, white.
    public static byte[] Gif() => Convert.FromHexString("47494638396102000200910000FF000000FF000000FFFFFFFF2C0000000002000200000203443405003B");

    /// <summary>What poppler makes of a page: "-jpeg" or "-tiff".</summary>
    public static byte[] FromPage(string kind)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var target = Path.Combine(folder.FullName, "picture");
            PdfTool.Run(PdfTool.Write(LaidText.Document(LaidText.Line("Picture", size: 60))), "pdftoppm", "-r", "20", "-singlefile", kind, "FILE", target);
            return File.ReadAllBytes(Directory.EnumerateFiles(folder.FullName).Single());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
