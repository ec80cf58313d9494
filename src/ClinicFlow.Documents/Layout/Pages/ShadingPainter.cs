using System.Collections.Immutable;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Pages;

/// <summary>Colours behind paragraphs, cells and characters.</summary>
internal static class ShadingPainter
{
    private static readonly ImmutableArray<PathVerb> Rectangle = [PathVerb.Move, PathVerb.Line, PathVerb.Line, PathVerb.Line, PathVerb.Close];

    /// <param name="into">Where.</param>
    /// <param name="box">What is filled.</param>
    /// <param name="dots">What is drawn in its place; null for none.</param>
    public static void Add(FragmentBuilder into, in Fill box, ShadingDots? dots)
    {
        if (dots is null)
        {
            into.Add(box);
            return;
        }

        if (box.Width <= 0 || box.Height <= 0)
        {
            return;
        }

        var (right, bottom) = (box.X + box.Width, box.Y + box.Height);
        into.Add(new Shape(Rectangle, [new(box.X, box.Y), new(right, box.Y), new(right, bottom), new(box.X, bottom)], BorderLines.PaintOf(dots.Fore), null, 0, DashKind.Solid)
        {
            Pattern = new DotPattern(dots.Dots, BorderLines.PaintOf(dots.Fore), BorderLines.PaintOf(dots.Back)),
        });
    }
}
