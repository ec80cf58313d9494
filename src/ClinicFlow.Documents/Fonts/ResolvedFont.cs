using System.Collections.Immutable;

namespace ClinicFlow.Documents.Fonts;

/// <summary>How near a font is to the one that was asked for; the larger, the farther.</summary>
internal enum FontMatch : byte
{
    /// <summary>It lies in the document.</summary>
    Embedded,

    /// <summary>It is installed under that name.</summary>
    Installed,

    /// <summary>Another design with the same advances and lines: Carlito for Calibri.</summary>
    SameMetrics,

    /// <summary>Another design that is set with the advances and lines of the font that was asked for.</summary>
    SetToMetrics,

    /// <summary>Another design of the same kind: lines will break elsewhere.</summary>
    Similar,

    /// <summary>Chosen because it has the characters.</summary>
    Fallback,
}

/// <summary>
/// A font as a document asks for it, and the face that stands in: lengths are those of the font that was asked for where they are
/// known, so that lines break where Word breaks them. Immutable and shared by threads; one object for one request of a <see cref="FontSet"/>.
/// </summary>
internal sealed class ResolvedFont
{
    private readonly float[]? _advances;
    private readonly ImmutableDictionary<int, int>? _symbols;

    public ResolvedFont(string family, FontStyle style, FontFace face, FontMatch match, RequestedMetrics? metrics = null, ImmutableDictionary<int, int>? symbols = null)
    {
        (Family, Style, Face, Match, _symbols) = (family, style, face, match, symbols);
        Line = metrics?.Line ?? face.Line;
        IsSyntheticBold = style.HasFlag(FontStyle.Bold) && face.Weight < 600;
        IsSyntheticItalic = style.HasFlag(FontStyle.Italic) && !face.IsItalic;
        (HorizontalScale, _advances) = metrics?.Widths is { } widths ? widths.FitTo(face) : (1, null);
    }

    /// <summary>The family that was asked for.</summary>
    public string Family { get; }

    public FontStyle Style { get; }

    /// <summary>What is drawn.</summary>
    public FontFace Face { get; }

    public FontMatch Match { get; }

    /// <summary>The line of the font that was asked for.</summary>
    public FontLine Line { get; }

    /// <summary>Outlines are drawn this much wider than the face has them; advances have it already.</summary>
    public float HorizontalScale { get; }

    /// <summary>There is no bold face: outlines are stroked too.</summary>
    public bool IsSyntheticBold { get; }

    /// <summary>There is no italic face: outlines are slanted.</summary>
    public bool IsSyntheticItalic { get; }

    /// <summary>The glyph of a character; 0 where there is none. Knows the private characters of Symbol and Wingdings.</summary>
    public ushort GlyphOf(int codePoint)
    {
        var glyph = Face.GlyphOf(codePoint);
        return glyph == 0 && _symbols is not null && _symbols.TryGetValue(codePoint is >= 0xF000 and <= 0xF0FF ? codePoint - 0xF000 : codePoint, out var unicode)
            ? Face.GlyphOf(unicode)
            : glyph;
    }

    /// <summary>Advance of a glyph in parts of the em: multiply by the size in points.</summary>
    public float AdvanceOf(ushort glyph) =>
        _advances is { } advances ? (glyph < advances.Length ? advances[glyph] : 0) : Face.EmAdvanceOf(glyph);

    /// <summary>Whether advances differ from the face's own.</summary>
    public bool HasOwnAdvances => _advances is not null;
}
