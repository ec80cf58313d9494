using System.Collections.Immutable;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Unicode;

namespace ClinicFlow.Documents.Tests.Pdf;

/// <summary>Lays single lines of text, without any of Word's rules: enough to have something to write.</summary>
internal sealed class LaidText
{
    public static readonly FontSet Fonts = new(FontLibrary.OfSystem);

    private readonly ImmutableArray<PageItem>.Builder _items = ImmutableArray.CreateBuilder<PageItem>();
    private readonly ImmutableArray<GlyphRun>.Builder _runs = ImmutableArray.CreateBuilder<GlyphRun>();
    private readonly ImmutableArray<LaidGlyph>.Builder _glyphs = ImmutableArray.CreateBuilder<LaidGlyph>();
    private readonly System.Text.StringBuilder _text = new();

    /// <summary>A fragment of one line with its baseline at 0.</summary>
    public static Fragment Line(string text, string family = "Calibri", float size = 12, FontStyle style = FontStyle.Regular, string language = "", bool isShared = false, ParagraphDirection direction = ParagraphDirection.OfFirstLetter, FontFeatures features = FontFeatures.None)
    {
        var line = new LaidText();
        line.Add(text, family, size, style, language, direction, 0, features);
        return line.Build(isShared);
    }

    public Fragment Build(bool isShared = false) => new()
    {
        Items = _items.ToImmutable(), Runs = _runs.ToImmutable(), Glyphs = _glyphs.ToImmutable(), Text = _text.ToString(), IsShared = isShared,
    };

    /// <summary>Adds a line.</summary>
    public LaidText Add(string text, string family = "Calibri", float size = 12, FontStyle style = FontStyle.Regular, string language = "", ParagraphDirection direction = ParagraphDirection.OfFirstLetter, float baseline = 0, FontFeatures features = FontFeatures.None, int structure = 0)
    {
        var textStart = _text.Length;
        _text.Append(text);
        var levels = new byte[text.Length];
        var paragraphLevel = Bidi.FindLevels(text, direction, levels);
        Bidi.ResetSpaces(text, levels, paragraphLevel);
        var items = new List<TextItem>();
        TextItemizer.Split(text, 0, text.Length, levels, Fonts.Resolve(family, style), Fonts, language, items);
        var order = new int[items.Count];
        Bidi.Reorder([.. items.Select(item => item.Level)], order);
        using var shaper = new Shaper();
        var x = 0f;
        foreach (var item in order.Select(i => items[i]))
        {
            var start = _glyphs.Count;
            var left = x;
            foreach (var glyph in shaper.Shape(text, item.Start, item.Length, new(item.Font, item.Script, item.IsRightToLeft, features, language)))
            {
                _glyphs.Add(new(glyph.Id, textStart + glyph.Cluster, glyph.Advance * size, glyph.OffsetX * size, -glyph.OffsetY * size));
                x += glyph.Advance * size;
            }

            _items.Add(new(PageItemKind.GlyphRun, _runs.Count, structure));
            _runs.Add(new()
            {
                Face = item.Font.Face, Size = size, Color = Paint.Black, X = left, Baseline = baseline, GlyphStart = start, GlyphCount = _glyphs.Count - start,
                TextStart = textStart + item.Start, TextLength = item.Length, HorizontalScale = item.Font.HorizontalScale, HasOtherAdvances = item.Font.HasOwnAdvances, IsRightToLeft = item.IsRightToLeft,
                IsSyntheticBold = item.Font.IsSyntheticBold, IsSyntheticItalic = item.Font.IsSyntheticItalic,
            });
        }

        return this;
    }

    /// <summary>A document whose paragraphs are fragments, each 24 points below the one before.</summary>
    public static LaidDocument Document(params IEnumerable<Fragment> lines)
    {
        var nodes = new List<StructureNode> { new(StructureRole.Document, -1) };
        var placements = new List<Placement>();
        foreach (var line in lines)
        {
            placements.Add(new(line, 72, 72 + (24 * placements.Count), nodes.Count));
            nodes.Add(new(StructureRole.Paragraph, 0));
        }

        return new()
        {
            Pages = [new(595.3, 841.9, placements)], Structure = new([.. nodes]), Destinations = [], Outline = [],
            Facts = new("A title (with brackets)", "Zoë Müller", null, null, "en-GB"),
        };
    }
}
