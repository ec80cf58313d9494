using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>Pixels in rows from the top, each 0xAARRGGBB.</summary>
internal sealed record Pixels(int Width, int Height, uint[] Argb)
{
    public const uint Opaque = 0xFF000000;

    /// <summary>Each pixel made anew.</summary>
    public Pixels Select(Func<uint, uint> of) => this with { Argb = Array.ConvertAll(Argb, pixel => of(pixel)) };

    /// <summary>As a PNG file. The same pixels give the same bytes.</summary>
    public ImmutableArray<byte> ToPng()
    {
        var (isOpaque, isGray) = (true, true);
        foreach (var pixel in Argb)
        {
            isOpaque &= pixel >= Opaque;
            isGray &= (byte)pixel == (byte)(pixel >> 8) && (byte)pixel == (byte)(pixel >> 16);
        }

        var channels = !isOpaque ? 4 : isGray ? 1 : 3;
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], Height);
        (header[8], header[9]) = (8, (byte)(channels switch { 4 => 6, 3 => 2, _ => 0 }));
        Chunk(file, "IHDR"u8, header);
        using (var packed = new MemoryStream())
        {
            using (var rows = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                WriteRows(rows, channels);
            }

            Chunk(file, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        }

        Chunk(file, "IEND"u8, []);
        return ImmutableCollectionsMarshal.AsImmutableArray(file.ToArray());
    }

    // Of three filters, for each row the one that leaves the smallest numbers.
    private void WriteRows(Stream into, int channels)
    {
        var length = Width * channels;
        var (above, row) = (new byte[length], new byte[length]);
        var filtered = new byte[3][];
        for (var kind = 0; kind < 3; kind++)
        {
            filtered[kind] = new byte[length + 1];
            filtered[kind][0] = (byte)kind;
        }

        for (var y = 0; y < Height; y++)
        {
            WriteRow(Argb.AsSpan(y * Width, Width), channels, row);
            var (best, least) = (0, long.MaxValue);
            for (var kind = 0; kind < 3; kind++)
            {
                var sum = 0L;
                for (var i = 0; i < length; i++)
                {
                    var before = kind switch { 1 => i < channels ? 0 : row[i - channels], 2 => above[i], _ => 0 };
                    var value = (byte)(row[i] - before);
                    filtered[kind][i + 1] = value;
                    sum += Math.Min((int)value, 256 - value);
                }

                (best, least) = sum < least ? (kind, sum) : (best, least);
            }

            into.Write(filtered[best]);
            (above, row) = (row, above);
        }
    }

    private static void WriteRow(ReadOnlySpan<uint> pixels, int channels, Span<byte> row)
    {
        var at = 0;
        foreach (var pixel in pixels)
        {
            row[at++] = (byte)(pixel >> 16);
            if (channels > 1)
            {
                row[at++] = (byte)(pixel >> 8);
                row[at++] = (byte)pixel;
            }

            if (channels == 4)
            {
                row[at++] = (byte)(pixel >> 24);
            }
        }
    }

    private static void Chunk(MemoryStream into, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        into.Write(number);
        into.Write(kind);
        into.Write(content);
        var sum = new Crc32();
        sum.Append(kind);
        sum.Append(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, sum.GetCurrentHashAsUInt32());
        into.Write(number);
    }
}
