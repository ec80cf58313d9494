using System.Reflection;
using System.Text;
using System.Text.Json;

namespace ClinicFlow.Documents.Fonts;

/// <summary>Line and advances of a font that is not at hand. What is known of which font stands in <c>requested-metrics.json</c>.</summary>
/// <param name="Line">Null: not known; the substitute's own.</param>
/// <param name="Widths">Null: not known, or the substitute has the same.</param>
internal sealed record RequestedMetrics(FontLine? Line, RequestedWidths? Widths)
{
    private static readonly Lazy<Dictionary<string, FamilyMetrics>> Known = new(ReadKnown);

    /// <summary>What is known of a family's face; null where nothing is.</summary>
    public static RequestedMetrics? Find(string family, FontStyle style)
    {
        if (!Known.Value.TryGetValue(family, out var known))
        {
            return null;
        }

        // Where only other faces of the family are known, the regular one's proportions come nearer than the substitute's.
        var widths = known.Widths[(int)style] ?? known.Widths[(int)(style & FontStyle.Bold)] ?? known.Widths[0];
        return new(known.Line, widths);
    }

    private static Dictionary<string, FamilyMetrics> ReadKnown()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("ClinicFlow.Documents.Fonts.requested-metrics.json")!;
        using var json = JsonDocument.Parse(stream);
        var known = new Dictionary<string, FamilyMetrics>(StringComparer.OrdinalIgnoreCase);
        foreach (var family in json.RootElement.EnumerateObject())
        {
            known.Add(family.Name, Read(family.Value));
        }

        return known;
    }

    private static FamilyMetrics Read(JsonElement family)
    {
        var widths = new RequestedWidths?[4];
        foreach (var style in Enum.GetValues<FontStyle>())
        {
            if (family.TryGetProperty(style.ToString(), out var face))
            {
                widths[(int)style] = RequestedWidths.Read(face.GetProperty("characters").GetString()!, face.GetProperty("widths"));
            }
        }

        if (family.TryGetProperty("fixed", out var fixedWidth))
        {
            widths[0] = RequestedWidths.AllAlike(fixedWidth.GetSingle());
        }

        FontLine? line = null;
        if (family.TryGetProperty("line", out var values))
        {
            var units = values[3].GetSingle();
            line = new(values[0].GetSingle() / units, values[1].GetSingle() / units, values[2].GetSingle() / units);
        }

        return new(line, widths);
    }

    // Widths by FontStyle.
    private sealed record FamilyMetrics(FontLine? Line, RequestedWidths?[] Widths);
}

/// <summary>Advances of characters as read from PDFs that Word printed, in parts of the em.</summary>
internal sealed class RequestedWidths
{
    private readonly Dictionary<int, float> _widths = [];
    private float? _all;

    /// <summary>A font in which every character is as wide.</summary>
    public static RequestedWidths AllAlike(float thousandths) => new() { _all = thousandths / 1000 };

    /// <summary>Reads widths in thousandths of the em, one for each character.</summary>
    public static RequestedWidths Read(string characters, JsonElement thousandths)
    {
        var widths = new RequestedWidths();
        foreach (var (rune, width) in characters.EnumerateRunes().Zip(thousandths.EnumerateArray()))
        {
            widths._widths[rune.Value] = width.GetSingle() / 1000;
        }

        return widths;
    }

    /// <summary>
    /// Advances for every glyph of a substitute, and how much wider it is to be drawn so that letters keep their spacing.
    /// Characters whose width is not known are as wide as the letter they are made from (é as e), else in proportion to the substitute.
    /// </summary>
    /// <param name="face">The substitute.</param>
    /// <param name="isEastAsian">Whether syllables and ideographs are to keep their spacing, not letters.</param>
    public (float Scale, float[] Advances) FitTo(FontFace face, bool isEastAsian = false)
    {
        var scale = _all is { } all ? all / Math.Max(0.1f, face.EmAdvanceOf(face.GlyphOf('n'))) : isEastAsian ? EastAsianProportion(face) : Proportion(face);
        var advances = new float[face.GlyphCount];
        for (var glyph = 0; glyph < advances.Length; glyph++)
        {
            advances[glyph] = face.EmAdvanceOf((ushort)glyph) is > 0 and var own ? _all ?? own * scale : 0;
        }

        if (_all is null)
        {
            // Made-up letters first, so that a width that is known for the letter itself wins.
            for (var c = 0xC0; c < 0x250; c++)
            {
                if (_widths.TryGetValue(BaseLetter(c), out var width))
                {
                    advances[face.GlyphOf(c)] = width;
                }
            }

            foreach (var (c, width) in _widths)
            {
                advances[face.GlyphOf(c)] = width;
            }

            advances[0] = face.EmAdvanceOf(0) * scale;
        }

        return (scale, advances);
    }

    // Weighed by how often letters come in English text, so that the look of running text decides, not that of rare signs.
    private float Proportion(FontFace face)
    {
        const string often = "eeeeeeeeeeeetttttttttaaaaaaaaooooooooiiiiiiinnnnnnnsssssshhhhhhrrrrrrddddlllluuucccmmmwwffggyyppbbvk";
        var (wanted, own) = (0f, 0f);
        foreach (var c in often)
        {
            if (_widths.TryGetValue(c, out var width))
            {
                wanted += width;
                own += face.EmAdvanceOf(face.GlyphOf(c));
            }
        }

        return wanted > 0 && own > 0 ? Math.Clamp(wanted / own, 0.5f, 2f) : 1;
    }

    /// <summary>Whether widths of syllables or ideographs are among what is known.</summary>
    public bool HasEastAsian => _widths.Keys.Any(IsEastAsian);

    private static bool IsEastAsian(int codePoint) => codePoint is >= 0x3040 and < 0xD7B0;

    // They are all alike, as far as a font has them.
    private float EastAsianProportion(FontFace face)
    {
        var (wanted, own) = (0f, 0f);
        foreach (var (c, width) in _widths)
        {
            if (IsEastAsian(c) && face.GlyphOf(c) is > 0 and var glyph)
            {
                wanted += width;
                own += face.EmAdvanceOf(glyph);
            }
        }

        return wanted > 0 && own > 0 ? Math.Clamp(wanted / own, 0.5f, 2f) : 1;
    }

    private static int BaseLetter(int codePoint)
    {
        var decomposed = char.ConvertFromUtf32(codePoint).Normalize(NormalizationForm.FormD);
        return decomposed.Length > 1 && decomposed[0] < 0x80 ? decomposed[0] : codePoint;
    }
}
