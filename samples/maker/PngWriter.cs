using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ClinicFlow.SampleMaker;

/// <summary>Writes 8-bit RGBA pictures as PNG (ISO/IEC 15948): one chunk each of header, size, pixels and end.</summary>
internal static class PngWriter
{
    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>Encodes a picture.</summary>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="pixelsPerMetre">The size a program may print it in.</param>
    /// <param name="rgba">Four bytes a pixel, row by row from the top.</param>
    public static byte[] Write(int width, int height, int pixelsPerMetre, ReadOnlySpan<byte> rgba)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8; // bits a channel
        header[9] = 6; // RGBA
        WriteChunk(png, "IHDR", header);

        Span<byte> size = stackalloc byte[9];
        BinaryPrimitives.WriteInt32BigEndian(size, pixelsPerMetre);
        BinaryPrimitives.WriteInt32BigEndian(size[4..], pixelsPerMetre);
        size[8] = 1; // the unit is the metre
        WriteChunk(png, "pHYs", size);

        WriteChunk(png, "IDAT", Deflate(width * 4, height, rgba));
        WriteChunk(png, "IEND", []);
        return png.ToArray();
    }

    private static byte[] Deflate(int rowBytes, int height, ReadOnlySpan<byte> rgba)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize))
        {
            var filtered = new byte[rowBytes + 1];
            for (var y = 0; y < height; y++)
            {
                // Filter 2, "up": flat areas and vertical edges become zeros.
                filtered[0] = 2;
                for (var x = 0; x < rowBytes; x++)
                {
                    var above = y == 0 ? 0 : rgba[((y - 1) * rowBytes) + x];
                    filtered[x + 1] = (byte)(rgba[(y * rowBytes) + x] - above);
                }

                zlib.Write(filtered);
            }
        }

        return packed.ToArray();
    }

    private static void WriteChunk(Stream png, string type, ReadOnlySpan<byte> content)
    {
        var chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        content.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 8), Crc(chunk.AsSpan(4, content.Length + 4)));
        png.Write(chunk);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc = CrcTable[(crc ^ b) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (var n = 0u; n < table.Length; n++)
        {
            var c = n;
            for (var bit = 0; bit < 8; bit++)
            {
                c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            }

            table[n] = c;
        }

        return table;
    }
}
