using ClinicFlow.Documents.Package.Deflate;

namespace ClinicFlow.Documents.Pdf.Compression;

/// <summary>
/// Codes for pages of Western text, made once: a page that is compressed with them is read only once, and no code has to be found for it. They are those of the pages of 172 Word documents
/// (70,000 symbols), with room for what did not occur; on those pages they take 1 % more bits than the best ones.
/// </summary>
internal static class TextCodes
{
    // Lengths of the codes, in hexadecimal: 256 bytes, the end, 29 lengths; 30 distances.
    private const string Literals = "accddddddd7ddddddddddddddddddddd4dbcdada78dd78586666666677ab9c9dd887888bb8ada9aa9aa97abbbcd98ad9d5766477759966556955568897bbcbdd"
        + "ddddddddddddddddddbccdccddddddddddddddddddddddcdddddddddddddddddddddddddddddddddddddddddddddddddccdddddccbcddcdddddddddddddddddd"
        + "ad45667787679788999acbcdddcddc";

    private const string Distances = "a9aa987767555444343434457aaaaa";

    public static readonly BlockCodes Codes = Make();

    /// <summary>For each length of a match its code with the extra bits (shifted by 8), and how many bits that is.</summary>
    public static readonly uint[] Matches = [.. Enumerable.Range(0, DeflateSymbols.MaxMatch + 1).Select(MatchOf)];

    private static BlockCodes Make()
    {
        var codes = new BlockCodes();
        codes.Set([.. Literals.Select(c => Convert.ToByte(c.ToString(), 16))], [.. Distances.Select(c => Convert.ToByte(c.ToString(), 16))]);
        return codes;
    }

    private static uint MatchOf(int length)
    {
        if (length < DeflateSymbols.MinMatch)
        {
            return 0;
        }

        var (symbol, extraBits, extra) = DeflateSymbols.OfLength(length);
        var count = Codes.LiteralLengths[symbol];
        return ((uint)Codes.Literals[symbol] | ((uint)extra << count)) << 8 | (uint)(count + extraBits);
    }
}
