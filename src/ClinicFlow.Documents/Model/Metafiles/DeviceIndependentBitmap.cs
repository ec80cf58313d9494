using System.Numerics;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>A bitmap as records hold it ([MS-WMF] 2.2.2.9): a header, colours, and rows, mostly from the bottom up.</summary>
internal readonly ref struct DeviceIndependentBitmap
{
    private const int MostSide = 40_000;

    private readonly ReadOnlySpan<byte> _bits;
    private readonly uint[] _colors;
    private readonly (uint Red, uint Green, uint Blue) _masks;
    private readonly bool _isBottomUp;

    /// <summary>Reads a header and the colours behind it.</summary>
    /// <param name="header">Header and colours, and the rows too where they follow at once.</param>
    /// <param name="bits">The rows; empty where they follow the colours.</param>
    /// <param name="usage">What the colours are: 0 for themselves.</param>
    public DeviceIndependentBitmap(ReadOnlySpan<byte> header, ReadOnlySpan<byte> bits, uint usage)
    {
        var reader = new RecordReader(header);
        var size = reader.UInt32();
        var used = 0u;
        if (size == 12)
        {
            (Width, Height) = (reader.UInt16(), reader.UInt16());
            reader.Skip(2);
            Depth = reader.UInt16();
        }
        else if (size is >= 40 and <= 4096)
        {
            (Width, Height) = (reader.Int32(), reader.Int32());
            reader.Skip(2);
            Depth = reader.UInt16();
            Compression = reader.UInt32();
            reader.Skip(12);
            used = reader.UInt32();
            reader.Skip(4);
        }
        else
        {
            throw new UndrawableException("a bitmap with a strange header");
        }

        _isBottomUp = Height > 0;
        Height = Height == int.MinValue ? 0 : Math.Abs(Height);
        if (Width <= 0 || Height <= 0 || Width > MostSide || Height > MostSide)
        {
            throw new UndrawableException("a bitmap of a strange size");
        }

        _colors = [];
        if (Compression is 4 or 5)
        {
            _bits = bits.IsEmpty ? reader.Part(size, (uint)header.Length - size) : bits;
            return;
        }

        if (usage != 0 && Depth <= 8)
        {
            throw new UndrawableException("a bitmap in colours by their number in a palette");
        }

        _masks = Depth == 16 ? (0x7C00u, 0x03E0u, 0x001Fu) : (0xFF0000u, 0x00FF00u, 0x0000FFu);
        if (Compression is 3 or 6 && Depth is 16 or 32)
        {
            // Within the longer headers, behind the short one.
            _masks = (reader.UInt32(), reader.UInt32(), reader.UInt32());
            size += size == 40 ? Compression == 6 ? 16u : 12 : 0;
        }

        var isKnown = (Compression, Depth) is (0, 1 or 4 or 8 or 16 or 24 or 32) or (3 or 6, 16 or 32) or (1, 8) or (2, 4);
        if (!isKnown)
        {
            throw new UndrawableException($"a bitmap of {Depth} bits in compression {Compression}");
        }

        var each = size == 12 ? 3u : 4;
        var count = Depth <= 8 ? (used == 0 ? 1u << Depth : Math.Min(used, 1u << Depth)) : 0;
        if (Depth <= 8)
        {
            // Some write fewer colours than they say.
            var room = size <= header.Length ? ((uint)header.Length - size) / each : 0;
            _colors = new uint[1 << Depth];
            Array.Fill(_colors, Pixels.Opaque);
            var colors = new RecordReader(reader.Part(size, Math.Min(count, room) * each));
            for (var i = 0; i < Math.Min(count, room); i++)
            {
                var (blue, green, red) = (colors.Byte(), colors.Byte(), colors.Byte());
                colors.Skip((int)each - 3);
                _colors[i] = Pixels.Opaque | ((uint)red << 16) | ((uint)green << 8) | blue;
            }
        }

        // Of a palette for screens that cannot show all colours, nothing is needed but its length.
        var ahead = size + (Depth <= 8 ? count : used) * each;
        _bits = bits.IsEmpty ? reader.Part(ahead, ahead <= header.Length ? (uint)header.Length - ahead : uint.MaxValue) : bits;
    }

    public int Width { get; }

    public int Height { get; }

    public int Depth { get; }

    public uint Compression { get; }

    /// <summary>Whether rows are a JPEG or PNG file.</summary>
    public bool IsFile => Compression is 4 or 5;

    /// <summary>The file.</summary>
    public ReadOnlySpan<byte> File => _bits;

    /// <summary>The pixels of a part; what lies beyond the bitmap is not drawn.</summary>
    /// <param name="left">Its first column.</param>
    /// <param name="top">Its first row, from the top.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="hasAlpha">Whether pixels of 32 bits say how opaque they are, and their colours are multiplied by that already.</param>
    /// <param name="stored">Rows that the bits hold, from the first one on in the order of the bits.</param>
    public Pixels Read(int left, int top, int width, int height, bool hasAlpha, int stored)
    {
        var argb = new uint[width * height];
        var indices = Compression is 1 or 2 ? RunLengths.Decode(_bits, Width, Height, Depth == 4) : null;
        var stride = (int)((((long)Width * Depth) + 31) / 32 * 4);
        for (var y = 0; y < height; y++)
        {
            var target = argb.AsSpan(y * width, width);
            var line = _isBottomUp ? Height - 1 - (top + y) : top + y;
            if (line < 0 || line >= Math.Min(Height, stored))
            {
                continue;
            }

            var row = indices is not null ? indices.AsSpan(line * Width, Width) : new RecordReader(_bits).Part((uint)(line * (long)stride), (uint)((((long)Width * Depth) + 7) / 8));
            for (var x = 0; x < width; x++)
            {
                var column = left + x;
                target[x] = column < 0 || column >= Width ? 0 : indices is not null ? _colors[row[column]] : PixelOf(row, column, hasAlpha);
            }
        }

        return new(width, height, argb);
    }

    private uint PixelOf(ReadOnlySpan<byte> row, int x, bool hasAlpha)
    {
        switch (Depth)
        {
            case 1:
                return _colors[(row[x >> 3] >> (7 - (x & 7))) & 1];
            case 4:
                return _colors[(row[x >> 1] >> ((x & 1) == 0 ? 4 : 0)) & 15];
            case 8:
                return _colors[row[x]];
            case 24:
                return Pixels.Opaque | ((uint)row[(3 * x) + 2] << 16) | ((uint)row[(3 * x) + 1] << 8) | row[3 * x];
            case 16:
                var word = row[2 * x] | ((uint)row[(2 * x) + 1] << 8);
                return Pixels.Opaque | (Part(word, _masks.Red) << 16) | (Part(word, _masks.Green) << 8) | Part(word, _masks.Blue);
            default:
                var bytes = row.Slice(4 * x, 4);
                var pixel = bytes[0] | ((uint)bytes[1] << 8) | ((uint)bytes[2] << 16) | ((uint)bytes[3] << 24);
                var (red, green, blue) = (Part(pixel, _masks.Red), Part(pixel, _masks.Green), Part(pixel, _masks.Blue));
                var alpha = hasAlpha ? bytes[3] : 255u;
                if (alpha is > 0 and < 255)
                {
                    (red, green, blue) = (Math.Min(255, red * 255 / alpha), Math.Min(255, green * 255 / alpha), Math.Min(255, blue * 255 / alpha));
                }

                return (alpha << 24) | (red << 16) | (green << 8) | blue;
        }
    }

    // The bits of a mask as a number from 0 to 255.
    private static uint Part(uint value, uint mask)
    {
        if (mask == 0)
        {
            return 0;
        }

        var shift = BitOperations.TrailingZeroCount(mask);
        return (uint)((ulong)((value & mask) >> shift) * 255 / (mask >> shift));
    }
}
