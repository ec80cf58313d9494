using ClinicFlow.Documents.Fonts;

namespace ClinicFlow.Documents.Layout.Equations;

/// <summary>Sets scripts beside, and limits below and above, what they belong to (OpenType, "MATH": the constants of subscripts, superscripts and limits).</summary>
internal sealed class ScriptMaker(MathFont font)
{
    /// <summary>A base with scripts.</summary>
    /// <param name="base">What they belong to.</param>
    /// <param name="below">Null for none.</param>
    /// <param name="above">Null for none.</param>
    /// <param name="style">The base's.</param>
    /// <param name="size">The base's em.</param>
    /// <param name="isBefore">They stand before it.</param>
    /// <param name="isAligned">Both begin at one place.</param>
    /// <param name="isRaised">The upper one is raised by design.</param>
    public EquationBox Add(EquationBox @base, EquationBox? below, EquationBox? above, EquationStyle style, double size, bool isBefore, bool isAligned, bool isRaised = false)
    {
        if (below is null && above is null)
        {
            return @base;
        }

        var (up, down) = (0.0, 0.0);
        if (above is not null)
        {
            up = Length(style.IsCramped ? MathConstant.SuperscriptShiftUpCramped : MathConstant.SuperscriptShiftUp, size);
            up = @base.IsCharacter ? up : Math.Max(up, @base.Ascent - Length(MathConstant.SuperscriptBaselineDropMax, size));
            up = Math.Max(up, above.Descent + Length(MathConstant.SuperscriptBottomMin, size));
            up = isRaised ? Math.Max(0, @base.IsCharacter ? 0 : @base.Ascent - above.Ascent) : up;
        }

        if (below is not null)
        {
            down = Length(MathConstant.SubscriptShiftDown, size);
            down = @base.IsCharacter ? down : Math.Max(down, @base.Descent + Length(MathConstant.SubscriptBaselineDropMin, size));
            down = Math.Max(down, below.Ascent - Length(MathConstant.SubscriptTopMax, size));
        }

        if (above is not null && below is not null && !isRaised)
        {
            var missing = Length(MathConstant.SubSuperscriptGapMin, size) - (up - above.Descent + down - below.Ascent);
            if (missing > 0)
            {
                // First the upper one rises as far as it may, then the lower one falls.
                var rise = Math.Clamp(Length(MathConstant.SuperscriptBottomMaxWithSubscript, size) - (up - above.Descent), 0, missing);
                up += rise;
                down += missing - rise;
            }
        }

        var space = Length(MathConstant.SpaceAfterScript, size);
        var children = new List<PlacedBox>(3);
        if (isBefore)
        {
            var before = Math.Max(above?.Width ?? 0, below?.Width ?? 0);
            AddIf(above, before - (above?.Width ?? 0), -up);
            AddIf(below, before - (below?.Width ?? 0), down);
            children.Add(new(@base, before + space, 0));
            return EquationGroup.Of(before + space + @base.Width, [.. children]);
        }

        var lean = @base.ItalicsCorrection;
        children.Add(new(@base, 0, 0));
        AddIf(below, @base.Width + (isAligned ? lean : 0), down);
        AddIf(above, @base.Width + lean, -up);
        var end = children.Max(child => child.X + child.Box.Width);
        return EquationGroup.Of(end + space, [.. children]);

        void AddIf(EquationBox? box, double x, double y)
        {
            if (box is not null)
            {
                children.Add(new(box, x, y));
            }
        }
    }

    /// <summary>A large operator with scripts, which follow its slant; nothing that comes behind stands under its upper end.</summary>
    public EquationGroup AddToOperator(EquationGroup sign, EquationBox? below, EquationBox? above, double lean, EquationStyle style, double size)
    {
        var leaning = new EquationGroup { Width = sign.Width, Ascent = sign.Ascent, Descent = sign.Descent, Children = sign.Children, ItalicsCorrection = lean };
        var whole = Add(leaning, below, above, style, size, isBefore: false, isAligned: false);
        return EquationGroup.Of(Math.Max(whole.Width, sign.Width + lean), new PlacedBox(whole, 0, 0));
    }

    /// <summary>How far a sign leans beyond its width: some fonts say so, in others it only sticks out.</summary>
    public static double LeanOf(EquationBox sign)
    {
        if (sign is not EquationGlyphs { Glyphs: [var glyph], ItalicsCorrection: 0 } glyphs)
        {
            return sign.ItalicsCorrection;
        }

        return Math.Max(0, ((double)glyphs.Face.BoundsOf(glyph.Id).Right / glyphs.Face.UnitsPerEm * glyphs.Size) - sign.Width);
    }

    /// <summary>A base with limits below and above it; what leans beyond its width takes that room too.</summary>
    public EquationGroup AddLimits(EquationBox @base, EquationBox? below, EquationBox? above, double lean, double size)
    {
        var width = Math.Max(@base.Width + lean, Math.Max(below?.Width ?? 0, above?.Width ?? 0));
        var children = new List<PlacedBox> { new(@base, (width - @base.Width - lean) / 2, 0) };
        if (below is not null)
        {
            var drop = Math.Max(Length(MathConstant.LowerLimitGapMin, size) + below.Ascent, Length(MathConstant.LowerLimitBaselineDropMin, size));
            children.Add(new(below, ((width - below.Width) / 2) - (lean / 2), @base.Descent + drop));
        }

        if (above is not null)
        {
            var rise = Math.Max(Length(MathConstant.UpperLimitGapMin, size) + above.Descent, Length(MathConstant.UpperLimitBaselineRiseMin, size));
            children.Add(new(above, ((width - above.Width) / 2) + (lean / 2), -(@base.Ascent + rise)));
        }

        return EquationGroup.Of(width, [.. children]);
    }

    private double Length(MathConstant constant, double size) => font[constant] * size;
}
