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
    private readonly Lazy<ResolvedFont>? _eastAsian;
    private LatinGlyphs? _latin;

    public ResolvedFont(string family, FontStyle style, FontFace face, FontMatch match, RequestedMetrics? metrics = null, SymbolTable? symbols = null)
    {
        (Family, Style, Face, Match, Symbols) = (family, style, face, match, symbols);
        Line = metrics?.Line ?? face.Line;
        IsSyntheticBold = style.HasFlag(FontStyle.Bold) && face.Weight < 600;
        IsSyntheticItalic = style.HasFlag(FontStyle.Italic) && !face.IsItalic;
        (HorizontalScale, _advances) = metrics?.Widths is { } widths ? widths.FitTo(face) : (1, null);
        _eastAsian = metrics?.Widths is { HasEastAsian: true } ? new(() => new(this, metrics.Widths)) : null;
    }

    private ResolvedFont(ResolvedFont font, RequestedWidths widths)
    {
        (Family, Style, Face, Match, Symbols) = (font.Family, font.Style, font.Face, font.Match, font.Symbols);
        (Line, IsSyntheticBold, IsSyntheticItalic) = (font.Line, font.IsSyntheticBold, font.IsSyntheticItalic);
        (HorizontalScale, _advances) = widths.FitTo(font.Face, isEastAsian: true);
    }

    /// <summary>The same for East Asian text: outlines are drawn so much wider that syllables and ideographs keep their spacing.</summary>
    public ResolvedFont ForEastAsian => _eastAsian?.Value ?? this;

    /// <summary>Glyphs of characters up to <see cref="LatinGlyphs.Last"/>. Threads that ask first at the same time may each find them; they find the same.</summary>
    public LatinGlyphs Latin => _latin ??= new(this);

    /// <summary>The family that was asked for.</summary>
    public string Family { get; }

    public FontStyle Style { get; }

    /// <summary>What is drawn.</summary>
    public FontFace Face { get; }

    public FontMatch Match { get; }

    /// <summary>The line of the font that was asked for.</summary>
    public FontLine Line { get; }

    /// <summary>The font that was asked for, where this one only has characters that it lacks; null where its line is this one's own.</summary>
    public ResolvedFont? StandsInFor { get; init; }

    /// <summary>Outlines are drawn this much wider than the face has them; advances have it already.</summary>
    public float HorizontalScale { get; }

    /// <summary>There is no bold face: outlines are stroked too.</summary>
    public bool IsSyntheticBold { get; }

    /// <summary>There is no italic face: outlines are slanted.</summary>
    public bool IsSyntheticItalic { get; }

    /// <summary>The glyph of a character; 0 where there is none. Knows the private characters of Symbol and Wingdings.</summary>
    public ushort GlyphOf(int codePoint) => Symbols is null ? Face.GlyphOf(codePoint) : SymbolGlyphOf(codePoint);

    /// <summary>What a character means: itself, except in a symbol font, where it is what Unicode calls its picture (U+F0B7 in Symbol: "•").
    /// Text that is to be copied or searched should have this.</summary>
    public int UnicodeOf(int codePoint) =>
        Symbols?[codePoint is >= 0xF000 and <= 0xF0FF ? codePoint - 0xF000 : codePoint] is > 0 and var unicode ? unicode : codePoint;

    /// <summary>Unicode by code of a symbol font; null for others.</summary>
    public SymbolTable? Symbols { get; }

    /// <summary>Advance of a glyph in parts of the em: multiply by the size in points.</summary>
    public float AdvanceOf(ushort glyph) =>
        _advances is { } advances ? (glyph < advances.Length ? advances[glyph] : 0) : Face.EmAdvanceOf(glyph);

    /// <summary>Whether advances differ from the face's own.</summary>
    public bool HasOwnAdvances => _advances is not null;

    // A real symbol font has its own characters; a stand-in has them at their Unicode places.
    private ushort SymbolGlyphOf(int codePoint) =>
        Match <= FontMatch.Installed && Face.GlyphOf(codePoint) is > 0 and var own ? own : Face.GlyphOf(UnicodeOf(codePoint));
}
