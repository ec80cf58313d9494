using System.Collections.Concurrent;
using ClinicFlow.Documents.Unicode;

namespace ClinicFlow.Documents.Fonts;

/// <summary>
/// The fonts that one document or template can use: those that lie in it, then those of the machine. The same request always gives
/// the same <see cref="ResolvedFont"/> object. Shared by threads.
/// </summary>
internal sealed class FontSet
{
    private readonly FontLibrary _library;
    private readonly Dictionary<string, DocumentFont> _documentFonts;
    private readonly ConcurrentDictionary<(string Family, FontStyle Style), ResolvedFont> _resolved = new(RequestComparer.Instance);
    private readonly ConcurrentDictionary<(ResolvedFont For, int CodePoint, string Language), ResolvedFont> _fallbacks = new();
    private readonly ConcurrentDictionary<(ResolvedFont For, FontFace Face), ResolvedFont> _standIns = new();
    private readonly ConcurrentDictionary<string, MathFont?> _math = new(StringComparer.OrdinalIgnoreCase);

    public FontSet(FontLibrary library, IEnumerable<DocumentFont> fonts)
    {
        _library = library;
        _documentFonts = new(StringComparer.OrdinalIgnoreCase);
        foreach (var font in fonts)
        {
            _documentFonts.TryAdd(font.Name, font);
        }
    }

    /// <summary>A set without fonts of a document's own.</summary>
    public FontSet(FontLibrary library)
        : this(library, [])
    {
    }

    /// <summary>Everything that was resolved so far, for a report: what was asked for and what is drawn.</summary>
    public IReadOnlyCollection<ResolvedFont> Used => [.. _resolved.Values.Concat(_standIns.Values).Concat(_math.Values.OfType<MathFont>().Select(math => math.Font))];

    /// <summary>The font that equations are set in; null where none is installed.</summary>
    /// <param name="family">The family that the document names for them.</param>
    public MathFont? ForEquations(string family) => _math.GetOrAdd(family, static (asked, library) => MathFont.Find(library, asked), _library);

    /// <summary>
    /// The font for a family and style. In this order: embedded in the document, installed, a substitute that is known for the family,
    /// the font table's other name, a family of the same kind (PANOSE, <c>w:family</c>, words in the name).
    /// </summary>
    /// <exception cref="FontsMissingException">No usable font is installed at all.</exception>
    public ResolvedFont Resolve(string family, FontStyle style) =>
        _resolved.TryGetValue((family, style), out var known) ? known : _resolved.GetOrAdd((family, style), Find(family, style));

    /// <summary>
    /// A font that has a character which <paramref name="font"/> lacks: first the families for its script and the text's language, then any
    /// that is installed. <paramref name="font"/> itself where none has it: the reader then sees the sign for a missing glyph, and
    /// whoever lays out can tell it from <see cref="ResolvedFont.GlyphOf"/> being 0.
    /// </summary>
    /// <param name="font">The font that was asked for; bold, italic and serifs are kept where there is a choice.</param>
    /// <param name="codePoint">The character.</param>
    /// <param name="language">BCP 47 tag of the text; decides between Chinese, Japanese and Korean shapes. "" where unknown.</param>
    public ResolvedFont FallbackFor(ResolvedFont font, int codePoint, string language)
    {
        var key = (font, codePoint, language);
        return _fallbacks.TryGetValue(key, out var known) ? known : _fallbacks.GetOrAdd(key, FindFallback(font, codePoint, language));
    }

    private ResolvedFont Find(string family, FontStyle style)
    {
        var inDocument = _documentFonts.GetValueOrDefault(family);
        if (inDocument is not null && FindEmbedded(inDocument, style) is { } embedded)
        {
            return new(family, style, embedded, FontMatch.Embedded);
        }

        return FindNamed(family, family, style)
            ?? (inDocument?.AlternativeName is { Length: > 0 } other ? FindNamed(family, other, style) : null)
            ?? FindSimilar(family, style, inDocument);
    }

    private static FontFace? FindEmbedded(DocumentFont font, FontStyle style)
    {
        // The nearest of the faces that lie in the document; what is missing is synthesized from it.
        foreach (var wanted in (FontStyle[])[style, style & FontStyle.Bold, FontStyle.Regular])
        {
            if (font.Embedded.FirstOrDefault(face => face.Style == wanted)?.Open() is { } face)
            {
                return face;
            }
        }

        return null;
    }

    private ResolvedFont? FindNamed(string asked, string family, FontStyle style)
    {
        var symbols = SymbolEncoding.Of(family);
        if (_library.Find(family, style) is { } installed && (symbols is null || installed.Has(0xF0B7) || installed.Has(0xB7)))
        {
            // Debian's Caladea is no stand-in for Cambria as it is, but a font that is installed under its own name is.
            return new(asked, style, installed, FontMatch.Installed, null, symbols);
        }

        foreach (var substitute in Substitutes.For(family))
        {
            if (_library.Find(substitute.Family, style | substitute.Style) is { } face)
            {
                var metrics = substitute.HasSameMetrics ? null : RequestedMetrics.Find(family, style);
                var match = substitute.HasSameMetrics ? FontMatch.SameMetrics : metrics?.Widths is null ? FontMatch.Similar : FontMatch.SetToMetrics;
                return new(asked, style | substitute.Style, face, match, metrics, symbols);
            }
        }

        return null;
    }

    private ResolvedFont FindSimilar(string family, FontStyle style, DocumentFont? inDocument)
    {
        foreach (var candidate in Substitutes.ForKind(Substitutes.KindOf(family, inDocument)))
        {
            if (_library.Find(candidate, style) is { } face)
            {
                return new(family, style, face, FontMatch.Similar, RequestedMetrics.Find(family, style));
            }
        }

        return _library.FindAnyWith('a') is { } any ? new(family, style, any, FontMatch.Similar) : throw new FontsMissingException();
    }

    private ResolvedFont FindFallback(ResolvedFont font, int asked, string language)
    {
        var codePoint = font.UnicodeOf(asked);
        var script = CharacterProperties.ScriptOf(codePoint);
        var isSerif = Substitutes.KindOf(font.Family, _documentFonts.GetValueOrDefault(font.Family)) == FontGenus.Serif;
        foreach (var family in ScriptFonts.For(script, codePoint, language, isSerif))
        {
            if (_library.Find(family, font.Style) is { } face && face.Has(codePoint))
            {
                return StandIn(font, face, script);
            }
        }

        return _library.FindAnyWith(codePoint) is { } any ? StandIn(font, any, script) : font;
    }

    // Many characters fall back to the same face: then they get the same object, so that they can stand in one run.
    private ResolvedFont StandIn(ResolvedFont font, FontFace face, Script script) => _standIns.GetOrAdd((font, face), _ =>
    {
        // The fonts of Windows have these scripts themselves, with their own line; only East Asian text brings that of another font.
        var isEastAsian = script is Script.Han or Script.Hiragana or Script.Katakana or Script.Hangul or Script.Bopomofo;
        return new(font.Family, font.Style, face, FontMatch.Fallback, isEastAsian ? null : new RequestedMetrics(font.Line, null), font.Symbols) { StandsInFor = isEastAsian ? null : font };
    });

    private sealed class RequestComparer : IEqualityComparer<(string Family, FontStyle Style)>
    {
        public static readonly RequestComparer Instance = new();

        public bool Equals((string Family, FontStyle Style) x, (string Family, FontStyle Style) y) =>
            x.Style == y.Style && string.Equals(x.Family, y.Family, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((string Family, FontStyle Style) key) =>
            HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(key.Family), key.Style);
    }
}
