using System.Runtime.InteropServices;
using ClinicFlow.Documents.Package.Deflate;

namespace ClinicFlow.Documents.Pdf.Compression;

/// <summary>
/// Codes for the pages of a PDF, made once: a page that is compressed with them is read only once, and no code has to be found for it. They are those of the pages of 172 Word
/// documents, with room for what did not occur; over all of these pages they take 1 % more bits than the best ones.
/// </summary>
internal sealed class PageCodes
{
    private readonly ulong[] _head;
    private readonly int _headBits;

    /// <summary>Of pages that are Western text for more than two fifths of their bytes (54 pages, 70,000 symbols).</summary>
    public static readonly PageCodes Prose = new(
        "accddddddd7ddddddddddddddddddddd4dbcdada78dd78586666666677ab9c9dd887888bb8ada9aa9aa97abbbcd98ad9d5766477759966556955568897bbcbdd"
        + "ddddddddddddddddddbccdccddddddddddddddddddddddcdddddddddddddddddddddddddddddddddddddddddddddddddccdddddccbcddcdddddddddddddddddd"
        + "ad45667787679788999acbcdddcddc",
        "a9aa987767555444343434457aaaaa");

    /// <summary>Of other pages of Western text and lines: numbers and operators prevail (595 pages, 1,400,000 symbols).</summary>
    public static readonly PageCodes Marks = new(
        "9bccdddddd8ddddddddddddddddddddc6dcccbcc66cca6597566666677bcacadd998999cbabcbabbaaba8ccccccaabdbd898879998ba88889a8888a9aabbdbdd"
        + "ddddddddddddddddddddddcddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
        + "bd2345556667878898a9babcccccca",
        "aaaa97786766554544343444455789");

    // Lengths of the codes, a hexadecimal digit each: 256 bytes, the end, 29 lengths; 30 distances.
    private PageCodes(string literals, string distances)
    {
        Block.Set([.. literals.Select(Length)], [.. distances.Select(Length)]);
        for (var length = DeflateSymbols.MinMatch; length <= DeflateSymbols.MaxMatch; length++)
        {
            var (symbol, extraBits, extra) = DeflateSymbols.OfLength(length);
            var count = Block.LiteralLengths[symbol];
            Matches[length] = ((Block.Literals[symbol] | ((uint)extra << count)) << 8) | (uint)(count + extraBits);
        }

        var bytes = new byte[512];
        var writer = new BitWriter(ref bytes[0]);
        FastDeflate.WriteHead(ref writer, Block, isLast: true);
        _headBits = writer.Bits;
        writer.Finish();
        _head = MemoryMarshal.Cast<byte, ulong>(bytes).ToArray();

        static byte Length(char digit) => (byte)(digit >= 'a' ? digit - 'a' + 10 : digit - '0');
    }

    public BlockCodes Block { get; } = new();

    /// <summary>Writes what a page's only block begins with.</summary>
    public void WriteHead(ref BitWriter writer)
    {
        var words = _headBits / 64;
        foreach (var word in _head.AsSpan(0, words))
        {
            writer.AddWord(word);
        }

        if (_headBits % 64 is > 0 and var rest)
        {
            writer.AddUpTo64(_head[words] & ((1UL << rest) - 1), rest);
        }
    }

    /// <summary>For each length of a match its code with the extra bits (shifted by 8), and how many bits that is.</summary>
    public uint[] Matches { get; } = new uint[DeflateSymbols.MaxMatch + 1];
}
