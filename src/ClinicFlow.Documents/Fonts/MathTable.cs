namespace ClinicFlow.Documents.Fonts;

/// <summary>The lengths and percentages of a font for mathematics, in the order of the table (OpenType, "MATH", MathConstants).</summary>
internal enum MathConstant
{
    ScriptPercentScaleDown,
    ScriptScriptPercentScaleDown,
    DelimitedSubFormulaMinHeight,
    DisplayOperatorMinHeight,
    MathLeading,
    AxisHeight,
    AccentBaseHeight,
    FlattenedAccentBaseHeight,
    SubscriptShiftDown,
    SubscriptTopMax,
    SubscriptBaselineDropMin,
    SuperscriptShiftUp,
    SuperscriptShiftUpCramped,
    SuperscriptBottomMin,
    SuperscriptBaselineDropMax,
    SubSuperscriptGapMin,
    SuperscriptBottomMaxWithSubscript,
    SpaceAfterScript,
    UpperLimitGapMin,
    UpperLimitBaselineRiseMin,
    LowerLimitGapMin,
    LowerLimitBaselineDropMin,
    StackTopShiftUp,
    StackTopDisplayStyleShiftUp,
    StackBottomShiftDown,
    StackBottomDisplayStyleShiftDown,
    StackGapMin,
    StackDisplayStyleGapMin,
    StretchStackTopShiftUp,
    StretchStackBottomShiftDown,
    StretchStackGapAboveMin,
    StretchStackGapBelowMin,
    FractionNumeratorShiftUp,
    FractionNumeratorDisplayStyleShiftUp,
    FractionDenominatorShiftDown,
    FractionDenominatorDisplayStyleShiftDown,
    FractionNumeratorGapMin,
    FractionNumeratorDisplayStyleGapMin,
    FractionRuleThickness,
    FractionDenominatorGapMin,
    FractionDenominatorDisplayStyleGapMin,
    SkewedFractionHorizontalGap,
    SkewedFractionVerticalGap,
    OverbarVerticalGap,
    OverbarRuleThickness,
    OverbarExtraAscender,
    UnderbarVerticalGap,
    UnderbarRuleThickness,
    UnderbarExtraDescender,
    RadicalVerticalGap,
    RadicalDisplayStyleVerticalGap,
    RadicalRuleThickness,
    RadicalExtraAscender,
    RadicalKernBeforeDegree,
    RadicalKernAfterDegree,
    RadicalDegreeBottomRaisePercent,
}

/// <summary>A larger form of a glyph.</summary>
/// <param name="Glyph">Its glyph.</param>
/// <param name="Length">How high (or wide) it is, in design units.</param>
internal readonly record struct GlyphVariant(ushort Glyph, int Length);

/// <summary>A piece from which a form of any length is put together.</summary>
/// <param name="Glyph">Its glyph.</param>
/// <param name="StartConnector">How far its lower (left) end may overlap the piece before.</param>
/// <param name="EndConnector">The same of its upper (right) end.</param>
/// <param name="Length">Its whole length.</param>
/// <param name="IsExtender">It may be left out or repeated.</param>
internal readonly record struct GlyphPiece(ushort Glyph, int StartConnector, int EndConnector, int Length, bool IsExtender);

/// <summary>
/// The MATH table of a font: lengths by which formulas are set, and larger forms of signs. All in design units. Reading is total: what lies outside of the table is
/// nothing, and glyphs beyond the font's number are left out.
/// </summary>
internal sealed class MathTable
{
    private const int MostPieces = 16;
    private const int MostVariants = 64;
    private readonly FontFace _face;
    private readonly short[] _constants = new short[(int)MathConstant.RadicalDegreeBottomRaisePercent + 1];
    private readonly Dictionary<ushort, int> _italicsCorrections = [];
    private readonly Dictionary<ushort, int> _accentAttachments = [];
    private readonly Dictionary<ushort, int> _vertical;   // where in the table the construction of a glyph stands
    private readonly Dictionary<ushort, int> _horizontal;

    private MathTable(FontFace face, FontData table)
    {
        _face = face;
        var constants = table.From(table.U16(4));
        for (var i = 0; i < _constants.Length; i++)
        {
            // Two percentages, two heights, then records of a value and an offset, and a percentage.
            _constants[i] = constants.I16(i < 4 ? i * 2 : 8 + ((i - 4) * 4));
        }

        var info = table.U16(6) is > 0 and var at ? table.From(at) : default;
        ReadValues(info, 0, _italicsCorrections);
        ReadValues(info, 2, _accentAttachments);
        MinConnectorOverlap = Variants(table).U16(0);
        _vertical = ReadConstructions(table, coverage: 2, count: 6, first: 10);
        _horizontal = ReadConstructions(table, coverage: 4, count: 8, first: 10 + (2 * Variants(table).U16(6)));
    }

    /// <summary>The table of a face; null where it has none that formulas can be set by.</summary>
    public static MathTable? Read(FontFace face)
    {
        var table = face.Table("MATH");
        if (table.U16(0) != 1 || table.U16(4) is not (> 0 and var constants) || constants + 214 > table.Length)
        {
            return null;
        }

        // Fonts exist whose table is there and empty.
        var read = new MathTable(face, table);
        return read[MathConstant.AxisHeight] > 0 && read[MathConstant.FractionRuleThickness] > 0 && read[MathConstant.ScriptPercentScaleDown] is > 0 and <= 100 ? read : null;
    }

    public int this[MathConstant constant] => _constants[(int)constant];

    /// <summary>By how much the pieces of a sign must overlap at least.</summary>
    public int MinConnectorOverlap { get; }

    /// <summary>How far a slanted glyph leans beyond its advance.</summary>
    public int ItalicsCorrectionOf(ushort glyph) => _italicsCorrections.GetValueOrDefault(glyph);

    /// <summary>Where the middle of an accent stands over a glyph, or in an accent its own middle; null where that is not said.</summary>
    public int? AccentAttachmentOf(ushort glyph) => _accentAttachments.TryGetValue(glyph, out var at) ? at : null;

    /// <summary>Larger forms of a glyph, the smallest first.</summary>
    public GlyphVariant[] VariantsOf(ushort glyph, bool isVertical)
    {
        if (!(isVertical ? _vertical : _horizontal).TryGetValue(glyph, out var at))
        {
            return [];
        }

        var construction = Variants(_face.Table("MATH")).From(at);
        var variants = new List<GlyphVariant>();
        for (var i = 0; i < Math.Min((int)construction.U16(2), MostVariants); i++)
        {
            var record = construction.From(4 + (4 * i));
            if (record.Length >= 4 && record.U16(0) < _face.GlyphCount)
            {
                variants.Add(new(record.U16(0), record.U16(2)));
            }
        }

        return [.. variants];
    }

    /// <summary>The pieces of a glyph, from the bottom up (from left to right); empty where it cannot be put together.</summary>
    public GlyphPiece[] PiecesOf(ushort glyph, bool isVertical)
    {
        if (!(isVertical ? _vertical : _horizontal).TryGetValue(glyph, out var at))
        {
            return [];
        }

        var construction = Variants(_face.Table("MATH")).From(at);
        if (construction.U16(0) is not (> 0 and var offset))
        {
            return [];
        }

        var assembly = construction.From(offset);
        var pieces = new List<GlyphPiece>();
        for (var i = 0; i < Math.Min((int)assembly.U16(4), MostPieces); i++)
        {
            var record = assembly.From(6 + (10 * i));
            if (record.Length < 10 || record.U16(0) >= _face.GlyphCount || record.U16(6) == 0)
            {
                return [];
            }

            pieces.Add(new(record.U16(0), record.U16(2), record.U16(4), record.U16(6), (record.U16(8) & 1) != 0));
        }

        return [.. pieces];
    }

    private static FontData Variants(FontData table) => table.U16(8) is > 0 and var at ? table.From(at) : default;

    private static void ReadValues(FontData info, int offset, Dictionary<ushort, int> into)
    {
        if (info.U16(offset) is not (> 0 and var at))
        {
            return;
        }

        var values = info.From(at);
        var count = values.U16(2);
        var index = 0;
        foreach (var glyph in Coverage(values.From(values.U16(0)), count))
        {
            into.TryAdd(glyph, values.I16(4 + (4 * index++)));
        }
    }

    private static Dictionary<ushort, int> ReadConstructions(FontData table, int coverage, int count, int first)
    {
        var read = new Dictionary<ushort, int>();
        var variants = Variants(table);
        if (variants.U16(coverage) is > 0 and var at)
        {
            var index = 0;
            foreach (var glyph in Coverage(variants.From(at), variants.U16(count)))
            {
                if (variants.U16(first + (2 * index++)) is > 0 and var construction)
                {
                    read.TryAdd(glyph, construction);
                }
            }
        }

        return read;
    }

    // OpenType, "Coverage Table", formats 1 and 2; no more than there are values for.
    private static List<ushort> Coverage(FontData coverage, int most)
    {
        var glyphs = new List<ushort>();
        for (var i = 0; i < coverage.U16(2) && glyphs.Count < most; i++)
        {
            if (coverage.U16(0) == 1)
            {
                glyphs.Add(coverage.U16(4 + (2 * i)));
                continue;
            }

            var range = coverage.From(4 + (6 * i));
            for (int glyph = range.U16(0); glyph <= range.U16(2) && glyphs.Count < most; glyph++)
            {
                glyphs.Add((ushort)glyph);
            }
        }

        return glyphs;
    }
}
