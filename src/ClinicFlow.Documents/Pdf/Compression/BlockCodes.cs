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
        PrefixCode.FindLengths(literalCounts, LiteralLengths, 15);
        PrefixCode.FindLengths(distanceCounts, DistanceLengths, 15);
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
        PrefixCode.SetCodes(LiteralLengths, Literals);
        PrefixCode.SetCodes(DistanceLengths, Distances);
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
        PrefixCode.SetCodes(lengths, codes);
        var made = new BlockCodes();
        lengths[..DeflateSymbols.LiteralsAndLengths].CopyTo(made.LiteralLengths);
        codes[..DeflateSymbols.LiteralsAndLengths].CopyTo(made.Literals);
        Span<byte> distanceLengths = stackalloc byte[32];
        distanceLengths.Fill(5);
        Span<ushort> distances = stackalloc ushort[32];
        PrefixCode.SetCodes(distanceLengths, distances);
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
}
