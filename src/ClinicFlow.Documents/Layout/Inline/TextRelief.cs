using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>Outlined, shadowed, raised and engraved text (w:outline, w:shadow, w:emboss, w:imprint). Evidence: docs/layout.md, "Text in relief".</summary>
internal static class TextRelief
{
    // Nine tenths of a pixel of a screen, whatever the size.
    private const float Depth = 0.36f;

    private static readonly Paint LightGray = Paint.Rgb(0xC0C0C0);
    private static readonly Paint White = Paint.Rgb(0xFFFFFF);

    /// <summary>The run as it is drawn. Relief wins over a shadow.</summary>
    public static GlyphRun Of(TextEffects effects, in GlyphRun run)
    {
        var hollow = run with { IsHollow = (effects & TextEffects.Outline) != 0 };
        if ((effects & (TextEffects.Emboss | TextEffects.Imprint)) != 0)
        {
            // Black letters are white ones before a black edge; those of another colour keep it before a grey one.
            var color = run.Color == Paint.Black ? White : run.Color;
            var depth = (effects & TextEffects.Imprint) != 0 ? -Depth : Depth;
            return hollow with { Color = color, Copy = new(color == White ? Paint.Black : LightGray, depth, depth) };
        }

        if ((effects & TextEffects.Shadow) != 0)
        {
            var aside = Math.Max(Depth, run.Size / 20);
            return hollow with { Copy = new(run.Color == LightGray ? Paint.Black : LightGray, aside, aside) };
        }

        return hollow;
    }
}
