using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>How far something reaches above and below the baseline, in points. Ascent has the font's line gap in it.</summary>
internal readonly record struct Extent(double Ascent, double Descent)
{
    public double Height => Ascent + Descent;

    public Extent Or(Extent other) => new(Math.Max(Ascent, other.Ascent), Math.Max(Descent, other.Descent));
}

/// <summary>Height of a line and its baseline from the top. Evidence: docs/layout.md, "Lines".</summary>
/// <param name="Height">From this line's top to the next one's.</param>
/// <param name="Baseline">From its top.</param>
internal readonly record struct LineBox(double Height, double Baseline)
{
    /// <param name="spacing">The paragraph's rule.</param>
    /// <param name="text">What the fonts of the line ask for, with the numbering label and the paragraph mark where they count.</param>
    /// <param name="objects">What pictures in the line ask for.</param>
    /// <param name="gridPitch">Height of a line of the section's grid where the paragraph follows it; 0 where there is none.</param>
    public static LineBox Of(LineSpacing spacing, Extent text, Extent objects, double gridPitch)
    {
        var natural = text.Or(objects);
        switch (spacing.Rule)
        {
            // Word puts an exact line's baseline at 0.8 of its height, whatever the font.
            case LineRule.Exact:
                return new(spacing.Height.Value, 0.8 * spacing.Height.Value);

            // What is missing is added above the text.
            case LineRule.AtLeast:
                var height = Math.Max(natural.Height, Math.Max(spacing.Height.Value, gridPitch));
                return new(height, height - natural.Descent);

            default:
                if (gridPitch > 0)
                {
                    return OnGrid(natural, spacing.Factor, gridPitch);
                }

                // The multiple is of the text's height: a tall picture in a double-spaced paragraph does not get a gap as tall as itself.
                var extra = (spacing.Factor - 1) * text.Height;

                // Extra leading goes below the text: the first baseline of a page stays where it was. What is less than single is cut off above.
                return extra >= 0
                    ? new(natural.Height + extra, natural.Ascent)
                    : new(Math.Max(0, natural.Height + extra), Math.Max(0, natural.Ascent + extra));
        }
    }

    // A line takes as many grid lines as it needs, and stands in their middle.
    private static LineBox OnGrid(Extent natural, double factor, double pitch)
    {
        var cells = Math.Max(1, Math.Ceiling((natural.Height / pitch) - 0.001));
        var height = cells * pitch;
        var lead = (height - natural.Height) / 2;
        return new(Math.Max(1, factor) * height, lead + natural.Ascent);
    }
}
