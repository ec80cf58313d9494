using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>The lines of a paragraph between two margins, and, once it was painted whole, what that looks like.</summary>
internal sealed class SetLines
{
    public SetLines(Line[] lines, double width, double gridPitch, Rgb? background)
    {
        (Lines, Width, GridPitch, Background) = (lines, width, gridPitch, background);
        foreach (var line in lines)
        {
            Height = Math.Max(Height, line.Bottom);
            BreaksPage |= line.Ending is LineEnding.PageBreak or LineEnding.ColumnBreak;
        }
    }

    public Line[] Lines { get; }

    /// <summary>Whether a page or column ends within it.</summary>
    public bool BreaksPage { get; }

    /// <summary>Between the text margins.</summary>
    public double Width { get; }

    public double GridPitch { get; }

    /// <summary>What automatic text stands on; null for paper.</summary>
    public Rgb? Background { get; }

    /// <summary>Down to the lower side of the lowest line.</summary>
    public double Height { get; }

    /// <summary>The marks of all lines; null until they were painted.</summary>
    public (Fragment Fragment, InlineObject[] Objects)? Whole { get; set; }

    public bool IsFor(in ParagraphPlace place) => Width == place.Width && GridPitch == place.GridPitch && Background == place.Background;
}
