using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>
/// The layers of text with a glow, a shadow or a line, from the lowest up: the same glyphs drawn again and again, one of which is the text. Evidence: docs/layout.md, "Text in relief".
/// </summary>
internal static class TextLayers
{
    private const int GlowSteps = 8;

    public static void Add(FragmentBuilder into, TextLook look, in GlyphRun run, Action<GlyphRun> add)
    {
        if (look.Glow is { } glow)
        {
            var paint = PaintOf(glow.Color, Share(glow.Opacity, GlowSteps));
            for (var step = GlowSteps; step > 0; step--)
            {
                var reach = glow.Radius.Value * (step - 0.5) / GlowSteps;
                add(run with { Color = paint, Look = into.LookOf(new((float)((2 * reach) + (look.Line?.Width.Value ?? 0)), IsFilled: true, IsCopy: true)) });
            }
        }

        // Letters without a colour of their own throw the shadow of their line.
        var isFilled = look.Opacity > 0;
        if (look.Shadow is { } shadow)
        {
            var thrown = into.LookOf(new((float)(look.Line?.Width.Value ?? 0), isFilled, IsCopy: true));
            var edge = new SoftEdge(shadow.Blur.Value, shadow.Opacity);
            var paint = PaintOf(shadow.Color, edge.Opacity);
            for (var i = 0; i < edge.Count; i++)
            {
                var (right, down) = edge.At(i);
                add(run with { Color = paint, X = (float)(run.X + shadow.Right.Value + right), Baseline = (float)(run.Baseline + shadow.Down.Value + down), Look = thrown });
            }
        }

        if (isFilled)
        {
            add(look.Opacity >= 1 ? run : run with { Color = new((run.Color.Argb & 0xFFFFFF) | ((uint)Math.Round(255 * look.Opacity) << 24)) });
        }

        if (look.Line is { } line)
        {
            add(run with { Color = PaintOf(line.Color, line.Opacity), Look = into.LookOf(new((float)line.Width.Value, IsFilled: false, IsCopy: isFilled)) });
        }
    }

    // Each of several layers over each other that come to an opacity together.
    private static double Share(double opacity, int layers) => 1 - Math.Pow(1 - Math.Min(opacity, 0.99), 1.0 / layers);

    private static Paint PaintOf(Rgb color, double opacity) => new(((uint)Math.Round(255 * Math.Clamp(opacity, 0, 1)) << 24) | (BorderLines.PaintOf(color).Argb & 0xFFFFFF));
}
