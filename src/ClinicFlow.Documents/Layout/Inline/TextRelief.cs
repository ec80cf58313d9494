using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>Outlined, shadowed, raised and engraved text (w:outline, w:shadow, w:emboss, w:imprint). Evidence: docs/layout.md, "Text in relief".</summary>
internal static class TextRelief
{
    /// <summary>The run as it is drawn. Relief wins over a shadow; black letters are white ones before a black edge.</summary>
    public static GlyphRun Of(TextEffects effects, in GlyphRun run)
    {
        var relief = (effects & TextEffects.Imprint) != 0 ? GlyphRelief.Engraved
            : (effects & TextEffects.Emboss) != 0 ? GlyphRelief.Raised
            : (effects & TextEffects.Shadow) != 0 ? GlyphRelief.Shadow : GlyphRelief.None;
        return run with
        {
            Color = relief is GlyphRelief.Engraved or GlyphRelief.Raised && run.Color == Paint.Black ? Paint.Rgb(0xFFFFFF) : run.Color,
            Relief = relief | ((effects & TextEffects.Outline) != 0 ? GlyphRelief.Hollow : GlyphRelief.None),
        };
    }
}
