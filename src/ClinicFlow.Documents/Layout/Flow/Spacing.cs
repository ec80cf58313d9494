using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>Space between paragraphs. Evidence: docs/layout.md, "Spacing".</summary>
internal static class Spacing
{
    /// <summary>HTML's automatic space.</summary>
    private const double Automatic = 14;

    public static double Before(Paragraph paragraph, bool isFirstOfCell = false)
    {
        var format = paragraph.Format;
        return !format.HasAutomaticSpaceBefore ? format.SpaceBefore.Value : isFirstOfCell ? 0 : Automatic;
    }

    public static double After(Paragraph paragraph, bool isLastOfCell = false)
    {
        var format = paragraph.Format;
        return !format.HasAutomaticSpaceAfter ? format.SpaceAfter.Value : isLastOfCell ? 0 : Automatic;
    }

    /// <summary>From the last line of one paragraph to the first line of the next.</summary>
    public static double Between(Paragraph before, Paragraph next, bool isSum)
    {
        var (after, lead) = (After(before), Before(next));

        // Items of one list have no automatic space between them.
        if (before.Label is not null && next.Label is not null)
        {
            after = before.Format.HasAutomaticSpaceAfter ? 0 : after;
            lead = next.Format.HasAutomaticSpaceBefore ? 0 : lead;
        }

        var isSameStyle = string.Equals(before.Format.StyleId, next.Format.StyleId, StringComparison.Ordinal);
        var (leavesOutAfter, leavesOutBefore) = (isSameStyle && before.Format.HasContextualSpacing, isSameStyle && next.Format.HasContextualSpacing);
        return (leavesOutAfter, leavesOutBefore) switch
        {
            (true, true) => 0,
            (true, false) => Math.Max(lead - after, 0),
            (false, true) => after,
            _ => isSum ? after + lead : Math.Max(after, lead),
        };
    }
}
