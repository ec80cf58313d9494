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

    public int GlyphStart { get; init; }

    public int GlyphCount { get; init; }

    /// <summary>Range of <see cref="Fragment.Text"/> that these glyphs show, in logical order.</summary>
    public int TextStart { get; init; }

    public int TextLength { get; init; }

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

    /// <summary>What else is drawn of the glyphs, or of them not.</summary>
    public GlyphRelief Relief { get; init; }

    /// <summary>Which of <see cref="Fragment.Looks"/> says how it is drawn, counted from 1; 0 for plain text. A byte: plain runs are no larger for it.</summary>
    public byte Look { get; init; }
}

/// <summary>How a run is drawn that is a layer of text with a line, a shadow or a glow.</summary>
/// <param name="LineWidth">The letters' edges are drawn this wide; 0 for not at all.</param>
/// <param name="IsFilled">The letters are filled.</param>
/// <param name="IsCopy">It is a picture only: the text is another layer's.</param>
internal readonly record struct GlyphLook(float LineWidth, bool IsFilled, bool IsCopy);

/// <summary>Outlined, shadowed, raised and engraved glyphs. A byte: plain runs are no larger for it.</summary>
[Flags]
internal enum GlyphRelief : byte
{
    None = 0,

    /// <summary>Only the edges of the glyphs are drawn, with a line of about Size / 40; what is behind shows through them.</summary>
    Hollow = 1,

    /// <summary>Before the glyphs they are drawn once more, to the right and below. Of these copies one is made at most.</summary>
    Shadow = 2,

    /// <summary>The same, nearer.</summary>
    Raised = 4,

    /// <summary>The same, to the left and above.</summary>
    Engraved = 8,

    Copies = Shadow | Raised | Engraved,
}

/// <summary>The same glyphs once more, a little aside. They are a picture only: whoever reads the text finds it once.</summary>
/// <param name="Color">Their colour.</param>
/// <param name="Aside">To the right and down.</param>
internal readonly record struct GlyphCopy(Paint Color, float Aside)
{
    // Nine tenths of a pixel of a screen, whatever the size.
    private const float Depth = 0.36f;

    private static readonly Paint LightGray = Paint.Rgb(0xC0C0C0);

    /// <summary>The copy of a run that has one. Light grey, but black behind white letters and the shadow of light grey ones. Evidence: docs/layout.md, "Text in relief".</summary>
    public static GlyphCopy Of(in GlyphRun run)
    {
        if ((run.Relief & GlyphRelief.Shadow) != 0)
        {
            return new(run.Color == LightGray ? Paint.Black : LightGray, Math.Max(Depth, run.Size / 20));
        }

        return new(run.Color == Paint.Rgb(0xFFFFFF) ? Paint.Black : LightGray, (run.Relief & GlyphRelief.Engraved) != 0 ? -Depth : Depth);
    }
}

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
