using ClinicFlow.Documents.Package.Deflate;

namespace ClinicFlow.Documents.Pdf.Compression;

/// <summary>The two codes of a block (RFC 1951, 3.2.3): how long each symbol's is, and its bits in the order in which they are sent.</summary>
internal sealed class BlockCodes
{
    /// <summary>Those that every reader knows (RFC 1951, 3.2.6).</summary>
    public static readonly BlockCodes Fixed = MakeFixed();

    /// <summary>By symbol.</summary>
    public byte[] LiteralLengths { get; } = new byte[DeflateSymbols.LiteralsAndLengths];

    public byte[] DistanceLengths { get; } = new byte[DeflateSymbols.Distances];

    public ushort[] Literals { get; } = new ushort[DeflateSymbols.LiteralsAndLengths];

    public ushort[] Distances { get; } = new ushort[DeflateSymbols.Distances];

    /// <summary>Code (shifted by 8) and length of each byte, in one load.</summary>
    public uint[] PackedLiterals { get; } = new uint[256];

    /// <summary>The shortest codes for symbols that come so often.</summary>
    public void Set(ReadOnlySpan<int> literalCounts, ReadOnlySpan<int> distanceCounts)
    {
        PrefixLengths.Find(literalCounts, LiteralLengths, 15);
        PrefixLengths.Find(distanceCounts, DistanceLengths, 15);
        SetCodes();
    }

    /// <summary>Codes of these lengths.</summary>
    public void Set(ReadOnlySpan<byte> literalLengths, ReadOnlySpan<byte> distanceLengths)
    {
        literalLengths.CopyTo(LiteralLengths);
        distanceLengths.CopyTo(DistanceLengths);
        SetCodes();
    }

    private void SetCodes()
    {
        SetCodes(LiteralLengths, Literals);
        SetCodes(DistanceLengths, Distances);
        Pack();
    }

    private static BlockCodes MakeFixed()
    {
        // 288 of them, though two never come: without these the others would have other codes.
        Span<byte> lengths = stackalloc byte[288];
        lengths[..144].Fill(8);
        lengths[144..256].Fill(9);
        lengths[256..280].Fill(7);
        lengths[280..].Fill(8);
        Span<ushort> codes = stackalloc ushort[288];
        SetCodes(lengths, codes);
        var made = new BlockCodes();
        lengths[..DeflateSymbols.LiteralsAndLengths].CopyTo(made.LiteralLengths);
        codes[..DeflateSymbols.LiteralsAndLengths].CopyTo(made.Literals);
        Span<byte> distanceLengths = stackalloc byte[32];
        distanceLengths.Fill(5);
        Span<ushort> distances = stackalloc ushort[32];
        SetCodes(distanceLengths, distances);
        distanceLengths[..DeflateSymbols.Distances].CopyTo(made.DistanceLengths);
        distances[..DeflateSymbols.Distances].CopyTo(made.Distances);
        made.Pack();
        return made;
    }

    private void Pack()
    {
        for (var symbol = 0; symbol < PackedLiterals.Length; symbol++)
        {
            PackedLiterals[symbol] = ((uint)Literals[symbol] << 8) | LiteralLengths[symbol];
        }
    }

    /// <summary>Canonical codes (RFC 1951, 3.2.2), their bits in the order in which they are sent.</summary>
    internal static void SetCodes(ReadOnlySpan<byte> lengths, Span<ushort> codes)
    {
        Span<int> next = stackalloc int[17];
        next.Clear();
        foreach (var length in lengths)
        {
            next[length + 1] += length > 0 ? 1 : 0;
        }

        for (var length = 1; length < 17; length++)
        {
            next[length] = (next[length] + next[length - 1]) << 1;
        }

        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            var length = lengths[symbol];
            codes[symbol] = length == 0 ? (ushort)0 : (ushort)(Reverse((uint)next[length]++) >> (16 - length));
        }
    }

    private static uint Reverse(uint value)
    {
        value = ((value >> 1) & 0x5555) | ((value & 0x5555) << 1);
        value = ((value >> 2) & 0x3333) | ((value & 0x3333) << 2);
        value = ((value >> 4) & 0x0F0F) | ((value & 0x0F0F) << 4);
        return ((value >> 8) | (value << 8)) & 0xFFFF;
    }
}
