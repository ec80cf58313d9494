using System.Collections.Concurrent;

namespace ClinicFlow.Documents.Fonts;

/// <summary>
/// A font that equations are set in: one that has a MATH table. Immutable but for what it remembers, and shared by threads.
/// </summary>
internal sealed class MathFont
{
    // Word has Cambria Math. Of free fonts STIX comes nearest to its weights and advances (docs/layout.md, "Equations").
    private static readonly string[] Families =
        ["Cambria Math", "STIX Math", "STIX Two Math", "XITS Math", "TeX Gyre Termes Math", "TeX Gyre Pagella Math", "Libertinus Math", "Asana Math", "Latin Modern Math"];

    private readonly ConcurrentDictionary<(ushort Glyph, bool IsVertical), GlyphVariant[]> _variants = new();
    private readonly ConcurrentDictionary<(ushort Glyph, bool IsVertical), GlyphPiece[]> _pieces = new();
    private readonly MathTable _table;

    private MathFont(ResolvedFont font, MathTable table) => (Font, _table) = (font, table);

    /// <summary>Whether the machine has a font for equations.</summary>
    public static bool IsInstalled(FontLibrary library) => Array.Exists(Families, family => Open(library, family, family) is not null);

    /// <summary>The font for equations; null where there is none.</summary>
    /// <param name="library">What is installed.</param>
    /// <param name="asked">The family that the document names.</param>
    public static MathFont? Find(FontLibrary library, string asked)
    {
        if (Open(library, asked, asked) is { } own)
        {
            return own;
        }

        foreach (var family in Families)
        {
            if (Open(library, family, asked) is { } font)
            {
                return font;
            }
        }

        return null;
    }

    private static MathFont? Open(FontLibrary library, string family, string asked)
    {
        if (library.Find(family, FontStyle.Regular) is not { } face || MathTable.Read(face) is not { } table)
        {
            return null;
        }

        // Lines are those of the font that was asked for; a font for mathematics has ascents for its largest signs.
        var isAsked = string.Equals(family, asked, StringComparison.OrdinalIgnoreCase);
        var line = RequestedMetrics.Find(asked, FontStyle.Regular)?.Line ?? RequestedMetrics.Find("Cambria Math", FontStyle.Regular)?.Line ?? new FontLine(0.95f, 0.222f, 0);
        return new(new ResolvedFont(asked, FontStyle.Regular, face, isAsked ? FontMatch.Installed : FontMatch.Similar, new RequestedMetrics(line, null)), table);
    }

    public ResolvedFont Font { get; }

    public FontFace Face => Font.Face;

    /// <summary>A length in parts of the em; a percentage as a proportion.</summary>
    public double this[MathConstant constant] => constant switch
    {
        MathConstant.ScriptPercentScaleDown or MathConstant.ScriptScriptPercentScaleDown or MathConstant.RadicalDegreeBottomRaisePercent => Math.Clamp(_table[constant], 1, 100) / 100.0,
        _ => Em(_table[constant]),
    };

    /// <summary>In parts of the em.</summary>
    public double ItalicsCorrectionOf(ushort glyph) => Em(_table.ItalicsCorrectionOf(glyph));

    /// <summary>In parts of the em.</summary>
    public double? AccentAttachmentOf(ushort glyph) => _table.AccentAttachmentOf(glyph) is { } at ? Em(at) : null;

    /// <summary>In parts of the em.</summary>
    public double MinConnectorOverlap => Em(_table.MinConnectorOverlap);

    public double Em(int units) => (double)units / Face.UnitsPerEm;

    public GlyphVariant[] VariantsOf(ushort glyph, bool isVertical) => _variants.GetOrAdd((glyph, isVertical), static (key, table) => table.VariantsOf(key.Glyph, key.IsVertical), _table);

    public GlyphPiece[] PiecesOf(ushort glyph, bool isVertical) => _pieces.GetOrAdd((glyph, isVertical), static (key, table) => table.PiecesOf(key.Glyph, key.IsVertical), _table);
}
