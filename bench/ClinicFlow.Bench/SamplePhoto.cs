using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Bench;

/// <summary>A picture for each record, as of a patient or a signature: PNG files of 100 by 120 pixels, each another.</summary>
internal static class SamplePhoto
{
    private const int Width = 100;
    private const int Height = 120;

    /// <summary>The records with a field <c>photo</c> besides their own.</summary>
    public static MergeRecord[] With(MergeRecord[] records) => [.. records.Select((record, i) => record with
    {
        Values = new MergeObject([.. record.Values.Names.All.Select((name, at) => KeyValuePair.Create(name, record.Values[at])), new("photo", MergeValue.From("data:image/png;base64," + Convert.ToBase64String(Png(i))))]),
    })];

    private static byte[] Png(int number)
    {
        using var rows = new MemoryStream();
        using (var zlib = new ZLibStream(rows, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (var y = 0; y < Height; y++)
            {
                zlib.WriteByte(0);
                for (var x = 0; x < Width; x++)
                {
                    zlib.Write([(byte)(x * 2), (byte)(y * 2), (byte)(x ^ y ^ number)]);
                }
            }
        }

        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        (header[8], header[9]) = (8, 2);
        Chunk("IHDR"u8, header);
        Chunk("IDAT"u8, rows.ToArray());
        Chunk("IEND"u8, []);
        return file.ToArray();

        // PNG, third edition, 5.3: length, type, data, CRC of the two.
        void Chunk(ReadOnlySpan<byte> type, byte[] data)
        {
            Span<byte> number = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            file.Write(number);
            file.Write(type);
            file.Write(data);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32([.. type, .. data]));
            file.Write(number);
        }
    }
}
