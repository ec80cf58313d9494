using ClinicFlow.Documents.Fonts;

namespace ClinicFlow.Documents.Layout.Pages;

/// <summary>Glyphs of one face, size and colour on one baseline.</summary>
internal readonly record struct GlyphRun
{
    public required FontFace Face { get; init; }

    /// <summary>Size in points (the em).</summary>
    public required float Size { get; init; }

    public required Paint Color { get; init; }

    /// <summary>Left of the first glyph's origin.</summary>
    public required float X { get; init; }

    /// <summary>The baseline, from the top of the fragment.</summary>
    public required float Baseline { get; init; }

    public required int GlyphStart { get; init; }

    public required int GlyphCount { get; init; }

    /// <summary>Range of <see cref="Fragment.Text"/> that these glyphs show, in logical order.</summary>
    public required int TextStart { get; init; }

    public required int TextLength { get; init; }

    /// <summary>Width of the drawn outlines in proportion to the face's: 1 is as designed. Advances have it already.</summary>
    public float HorizontalScale { get; init; }

    /// <summary>The advances are those of another font than the face: letters may stand so far apart that a reader would take the gap for a space.</summary>
    public bool HasOtherAdvances { get; init; }

    /// <summary>
    /// One glyph a character, each the one that the face has for it, at the face's own advance (times the scale) and without offset: only stretched spaces differ. Nothing is stored of
    /// such glyphs (<see cref="Fragment.GlyphsOf"/>), and there is no range of them.
    /// </summary>
    public bool IsNatural { get; init; }

    /// <summary>Added behind each space (U+0020) whose place in the text lies from <see cref="StretchFrom"/> to before <see cref="StretchTo"/>: a justified line.</summary>
    public float Stretch { get; init; }

    public int StretchFrom { get; init; }

    public int StretchTo { get; init; }

    /// <summary>The text reads from right to left: clusters fall as x grows.</summary>
    public bool IsRightToLeft { get; init; }

    /// <summary>No bold face exists: outlines are to be stroked as well, by about Size / 36.</summary>
    public bool IsSyntheticBold { get; init; }

    /// <summary>No italic face exists: glyphs are to be slanted by about 12 degrees.</summary>
    public bool IsSyntheticItalic { get; init; }

    /// <summary>Only the edges of the glyphs are drawn, with a line of about Size / 40; what is behind shows through them.</summary>
    public bool IsHollow { get; init; }

    /// <summary>Drawn before the glyphs: shadows and relief. Null for none.</summary>
    public GlyphCopy? Copy { get; init; }
}

/// <summary>The same glyphs once more, a little aside. They are a picture only: whoever reads the text finds it once.</summary>
/// <param name="Color">Their colour.</param>
/// <param name="X">To the right.</param>
/// <param name="Y">Down.</param>
internal sealed record GlyphCopy(Paint Color, float X, float Y);

/// <summary>
/// A glyph. Its origin is the run's X plus the advances of the glyphs before it, moved by its offset. The advance is final, in points:
/// kerning, character spacing, justified space and the requested font's width (where a substitute is drawn) are in it.
/// </summary>
/// <param name="Id">Glyph index in the face.</param>
/// <param name="Cluster">First UTF-16 unit of <see cref="Fragment.Text"/> that it shows; glyphs of one cluster share it.</param>
/// <param name="Advance">To the next glyph's origin.</param>
/// <param name="OffsetX">To the right.</param>
/// <param name="OffsetY">Down.</param>
internal readonly record struct LaidGlyph(ushort Id, int Cluster, float Advance, float OffsetX, float OffsetY);
