using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Reflection;

namespace ClinicFlow.Documents.Unicode;

/// <summary>Bidirectional classes (UAX #9, table 4).</summary>
#pragma warning disable CS1591 // The names are the standard's own.
internal enum BidiClass : byte
{
    L, R, AL, EN, ES, ET, AN, CS, NSM, BN, B, S, WS, ON, LRE, LRO, RLE, RLO, PDF, LRI, RLI, FSI, PDI,
}

/// <summary>Line breaking classes (UAX #14, table 1).</summary>
internal enum LineBreakClass : byte
{
    XX, AI, AL, B2, BA, BB, BK, CB, CJ, CL, CM, CP, CR, EB, EM, EX, GL, H2, H3, HL, HY, ID, IN, IS, JL, JT, JV, LF, NL, NS, NU, OP, PO, PR, QU, RI, SA, SG, SP, SY, WJ, ZW, ZWJ,
}
#pragma warning restore CS1591

/// <summary>
/// What Unicode 15 says of a character. The table <c>properties.bin</c> is made from Unicode's files by the tests, which also compare it with them.
/// </summary>
internal static class CharacterProperties
{
    // properties.bin, little-endian: count of blocks u16, count of kinds u16; a block number for each 64 characters (u16 × 0x4400);
    // the blocks (u16 × 64 each: a kind); the kinds (u32 each, below); count of mirrors u16, of brackets u16; mirrors (u32 × 2);
    // brackets (u32 × 2, the high bit of the first set where it opens).
    internal const int BlockShift = 6;
    internal const int BlockCount = 0x110000 >> BlockShift;

    private static readonly Tables Data = Tables.Read();

    /// <summary>The script.</summary>
    public static Script ScriptOf(int codePoint) => (Script)(KindOf(codePoint) & 0xFF);

    /// <summary>The bidirectional class.</summary>
    public static BidiClass BidiClassOf(int codePoint) => (BidiClass)((KindOf(codePoint) >> 8) & 0x1F);

    /// <summary>The line breaking class.</summary>
    public static LineBreakClass LineBreakClassOf(int codePoint) => (LineBreakClass)((KindOf(codePoint) >> 13) & 0x3F);

    /// <summary>East Asian Width is fullwidth, wide or halfwidth.</summary>
    public static bool IsEastAsian(int codePoint) => (KindOf(codePoint) & Kind.EastAsian) != 0;

    /// <summary>Shown by nothing where a font has no glyph for it: joiners, selectors, marks of direction.</summary>
    public static bool IsDefaultIgnorable(int codePoint) => (KindOf(codePoint) & Kind.DefaultIgnorable) != 0;

    /// <summary>An extended pictograph that is not assigned yet.</summary>
    public static bool IsFuturePictograph(int codePoint) => (KindOf(codePoint) & Kind.FuturePictograph) != 0;

    /// <summary>General category Mn, Mc or Me.</summary>
    public static bool IsMark(int codePoint) => (KindOf(codePoint) & Kind.Mark) != 0;

    /// <summary>General category Mn or Mc, for line breaking in South East Asian scripts.</summary>
    public static bool IsCombining(int codePoint) => (KindOf(codePoint) & Kind.Combining) != 0;

    /// <summary>The character that looks like this one in a mirror; itself where there is none.</summary>
    public static int MirrorOf(int codePoint) => Data.Mirrors.GetValueOrDefault(codePoint, codePoint);

    /// <summary>Whether the character opens (1) or closes (-1) a pair of brackets, or neither (0), and its partner.</summary>
    public static int BracketOf(int codePoint, out int partner)
    {
        var found = Data.Brackets.TryGetValue(codePoint, out var bracket);
        partner = bracket.Partner;
        return !found ? 0 : bracket.Opens ? 1 : -1;
    }

    private static uint KindOf(int codePoint)
    {
        var data = Data;
        return (uint)codePoint < 0x110000 ? data.Kinds[data.Blocks[(data.Index[codePoint >> BlockShift] << BlockShift) + (codePoint & 63)]] : 0;
    }

    /// <summary>Bits of a kind: script 0–7, bidirectional class 8–12, line breaking class 13–18, then flags.</summary>
    internal static class Kind
    {
        public const uint EastAsian = 1 << 19;
        public const uint DefaultIgnorable = 1 << 20;
        public const uint FuturePictograph = 1 << 21;
        public const uint Mark = 1 << 22;
        public const uint Combining = 1 << 23;
    }

    private sealed record Tables(
        ushort[] Index, ushort[] Blocks, uint[] Kinds, FrozenDictionary<int, int> Mirrors, FrozenDictionary<int, (bool Opens, int Partner)> Brackets)
    {
        public static Tables Read()
        {
            using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("ClinicFlow.Documents.Unicode.properties.bin")!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var at = 0;
            var (blockCount, kindCount) = (U16(), U16());
            var index = Enumerable.Range(0, BlockCount).Select(_ => U16()).ToArray();
            var blocks = Enumerable.Range(0, blockCount << BlockShift).Select(_ => U16()).ToArray();
            var kinds = Enumerable.Range(0, kindCount).Select(_ => U32()).ToArray();
            var (mirrorCount, bracketCount) = (U16(), U16());
            var mirrors = Enumerable.Range(0, mirrorCount).Select(_ => KeyValuePair.Create((int)U32(), (int)U32())).ToFrozenDictionary();
            var brackets = Enumerable.Range(0, bracketCount).Select(_ => (First: U32(), Second: U32()))
                .ToFrozenDictionary(pair => (int)(pair.First & 0x7FFFFFFF), pair => ((pair.First & 0x80000000) != 0, (int)pair.Second));
            return new(index, blocks, kinds, mirrors, brackets);

            ushort U16()
            {
                at += 2;
                return BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at - 2));
            }

            uint U32()
            {
                at += 4;
                return BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at - 4));
            }
        }
    }
}
