using System.Collections.Immutable;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using DashKind = ClinicFlow.Documents.Layout.Pages.DashKind;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>Dots, circles and commas beside characters (w:em, §17.3.2.12). They are pictures only, and take no room. Evidence: docs/layout.md, "East Asian text".</summary>
internal static class EmphasisMarks
{
    private const double Gap = 0.13; // from the square of the character to the middle of the mark, in parts of the em

    // A circle of four curves.
    private const float Bow = 0.5522848f;

    private static readonly ImmutableArray<PathVerb> Round = [PathVerb.Move, PathVerb.Curve, PathVerb.Curve, PathVerb.Curve, PathVerb.Curve, PathVerb.Close];

    private static readonly ImmutableArray<PathVerb> Drop = [PathVerb.Move, PathVerb.Curve, PathVerb.Curve, PathVerb.Close];

    /// <param name="into">Where.</param>
    /// <param name="format">Of the character.</param>
    /// <param name="x">The character's middle.</param>
    /// <param name="baseline">Its baseline.</param>
    /// <param name="size">Its size.</param>
    /// <param name="color">Its colour.</param>
    public static void Add(FragmentBuilder into, CharacterFormat format, double x, double baseline, double size, Paint color)
    {
        var isBelow = format.Emphasis == EmphasisMark.UnderDot || (format.Emphasis == EmphasisMark.Dot && format.Languages.EastAsia is "zh-CN" or "zh-SG" or "zh-Hans");
        var y = isBelow ? baseline + ((0.12 + Gap) * size) : baseline - ((0.88 + Gap) * size);
        switch (format.Emphasis)
        {
            case EmphasisMark.Circle:
                into.Add(Circle(x, y, 0.11 * size, null, color, (float)(0.03 * size)));
                break;
            case EmphasisMark.Comma:
                into.Add(Comma((float)x, (float)y, (float)(0.1 * size), color));
                break;
            default:
                into.Add(Circle(x, y, 0.09 * size, color, null, 0));
                break;
        }
    }

    private static Shape Circle(double x, double y, double radius, Paint? fill, Paint? line, float width)
    {
        var (cx, cy, r, b) = ((float)x, (float)y, (float)radius, (float)radius * Bow);
        return new(
            Round,
            [
                new(cx + r, cy), new(cx + r, cy + b), new(cx + b, cy + r), new(cx, cy + r), new(cx - b, cy + r), new(cx - r, cy + b), new(cx - r, cy),
                new(cx - r, cy - b), new(cx - b, cy - r), new(cx, cy - r), new(cx + b, cy - r), new(cx + r, cy - b), new(cx + r, cy),
            ],
            fill, line, width, DashKind.Solid);
    }

    // From the upper left, thin, to the lower right, round.
    private static Shape Comma(float x, float y, float r, Paint color) => new(
        Drop,
        [new(x - r, y - r), new(x + (0.4f * r), y - (0.9f * r)), new(x + (1.3f * r), y + (0.3f * r)), new(x + (0.7f * r), y + r), new(x + (0.2f * r), y + (1.3f * r)), new(x - (0.3f * r), y + (0.2f * r)), new(x - r, y - r)],
        color, null, 0, DashKind.Solid);
}
