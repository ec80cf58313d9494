using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Model.Equations;

namespace ClinicFlow.Documents.Layout.Equations;

/// <summary>Sets accents, bars, braces and arrows over and under what they belong to.</summary>
internal sealed class CoverMaker(MathFont font, SignMaker signs)
{
    private const double ThinSpace = 3 / 18.0;

    /// <summary>A letter or more with an accent.</summary>
    public EquationGroup Accent(EquationBox content, Accent accent, double size)
    {
        var sign = signs.NoWider(CombiningForm(accent.Sign), content.Width, accent.Format, size);
        var middle = content.AccentAt ?? ((content.Width + content.ItalicsCorrection) / 2);
        var own = sign.AccentAt ?? MiddleOf(sign);

        // An accent is drawn at the height of a small letter; one that stands below hangs from what it belongs to.
        var isBelow = sign.Ascent < 0.1 * size;
        var y = isBelow ? content.Descent : -(content.Ascent - Math.Min(content.Ascent, Length(MathConstant.AccentBaseHeight, size)));
        return EquationGroup.Of(content.Width, new PlacedBox(content, 0, 0), new PlacedBox(sign, middle - own, y));
    }

    private static double MiddleOf(EquationBox sign)
    {
        if (sign is not EquationGlyphs { Glyphs: [var glyph] } glyphs)
        {
            return sign.Width / 2;
        }

        var bounds = glyphs.Face.BoundsOf(glyph.Id);
        return (bounds.Left + bounds.Right) / 2.0 / glyphs.Face.UnitsPerEm * glyphs.Size;
    }

    private static string CombiningForm(string sign) => sign switch
    {
        "^" or "\u02C6" => "\u0302",
        "~" or "\u02DC" => "\u0303",
        "\u00AF" or "\u02C9" => "\u0304",
        "\u203E" => "\u0305",
        "\u02D9" => "\u0307",
        "\u00A8" => "\u0308",
        "\u02C7" => "\u030C",
        "\u00B4" => "\u0301",
        "`" => "\u0300",
        "\u02D8" => "\u0306",
        "\u2192" => "\u20D7",
        "\u2190" => "\u20D6",
        _ => sign,
    };

    /// <summary>A line over or under all of something.</summary>
    public EquationGroup Bar(EquationBox content, Bar bar, double size)
    {
        var thickness = Length(bar.IsAbove ? MathConstant.OverbarRuleThickness : MathConstant.UnderbarRuleThickness, size);
        var gap = Length(bar.IsAbove ? MathConstant.OverbarVerticalGap : MathConstant.UnderbarVerticalGap, size);
        var extra = Length(bar.IsAbove ? MathConstant.OverbarExtraAscender : MathConstant.UnderbarExtraDescender, size);
        var y = bar.IsAbove ? -(content.Ascent + gap) : content.Descent + gap + thickness;
        var made = EquationGroup.Of(content.Width, new PlacedBox(content, 0, 0), new PlacedBox(EquationRule.Across(content.Width, thickness, bar.Format), 0, y));
        return new() { Width = made.Width, Ascent = made.Ascent + (bar.IsAbove ? extra : 0), Descent = made.Descent + (bar.IsAbove ? 0 : extra), Children = made.Children };
    }

    /// <summary>A brace or an arrow as wide as what it belongs to.</summary>
    public EquationGroup Group(EquationBox content, GroupSign group, double size)
    {
        var sign = signs.Wide(group.Sign, content.Width + (group.IsSignOnBaseline ? 2 * ThinSpace * size : 0), group.Format, size);
        var width = Math.Max(content.Width, sign.Width);
        var gap = Length(group.IsAbove ? MathConstant.StretchStackGapBelowMin : MathConstant.StretchStackGapAboveMin, size);

        // Where the sign is above, what stands below it hangs from it, and the other way around.
        var distance = group.IsAbove ? sign.Descent + gap + content.Ascent : sign.Ascent + gap + content.Descent;
        var (signY, contentY) = (group.IsSignOnBaseline, group.IsAbove) switch
        {
            (false, true) => (-distance, 0.0),
            (false, false) => (distance, 0.0),
            (true, true) => (0.0, distance),
            (true, false) => (0.0, -distance),
        };
        return EquationGroup.Of(width, new PlacedBox(content, (width - content.Width) / 2, contentY), new PlacedBox(sign, ((width - sign.Width) / 2) + LeftOf(sign), signY));
    }

    // Signs that were made to combine stand to the left of their origin.
    private static double LeftOf(EquationBox sign)
    {
        if (sign is not EquationGlyphs { Glyphs: [var glyph], Width: <= 0 } glyphs)
        {
            return 0;
        }

        var bounds = glyphs.Face.BoundsOf(glyph.Id);
        return -(bounds.Left + bounds.Right) / 2.0 / glyphs.Face.UnitsPerEm * glyphs.Size;
    }

    private double Length(MathConstant constant, double size) => font[constant] * size;
}
