using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model.Metafiles;
using ClinicFlow.Documents.Unicode;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>Sets the text of metafiles in the document's fonts: letters stand where the file says, in whatever font is drawn.</summary>
internal sealed class MetafileLetters(FontSet fonts, Shaper shaper)
{
    private const double Thinnest = 0.25;

    private readonly List<TextItem> _items = [];
    private readonly List<(TextItem Item, LaidGlyph[] Glyphs, double Width)> _set = [];

    /// <summary>Adds a text.</summary>
    /// <param name="into">Where the marks go.</param>
    /// <param name="text">The text.</param>
    /// <param name="toFragment">From parts of the picture to the fragment.</param>
    /// <param name="opacity">1 for opaque.</param>
    /// <param name="node">Its place in the structure.</param>
    public void Add(FragmentBuilder into, MetafileText text, in Transform toFragment, double opacity, int node)
    {
        var style = (text.Font.IsBold ? FontStyle.Bold : FontStyle.Regular) | (text.Font.IsItalic ? FontStyle.Italic : FontStyle.Regular);
        var font = fonts.Resolve(text.Font.Family.Length > 0 ? text.Font.Family : "Arial", style);
        var (ascent, descent) = CellOf(font);
        var em = text.Font.Height < 0 ? -text.Font.Height : text.Font.Height / Math.Max(0.1, ascent + descent);
        var stretch = Stretch(text.Font, font, em);

        // 1. Upright text is set as it is; other text at its size, and turned.
        var place = text.Place.Then(toFragment);
        var isUpright = place is { A: > 0, D: > 0 } && Math.Abs(place.B) < place.A * 1e-6 && Math.Abs(place.C) < place.D * 1e-6;
        var size = Math.Sqrt(Math.Abs(place.Determinant));
        var (x, y) = isUpright ? (place.A, place.D) : (size, size);
        if (x * em < 0.01 || y * em < 0.01)
        {
            return; // Nothing of it could be seen.
        }

        var (left, baseline) = isUpright ? (place.E, place.F) : (0, 0);

        // 2. Glyphs, from the left to the right.
        var width = Set(text, font, em, stretch);
        var plain = font.Symbols is null ? text.Text : Plain(text.Text, font);
        var start = text.Horizontal switch { TextSide.Center => -width / 2, TextSide.Right => -width, _ => 0 };
        var down = text.Vertical switch { TextLevel.Top => ascent * em, TextLevel.Bottom => -descent * em, _ => 0 };
        (left, baseline) = (left + (start * x), baseline + (down * y));

        // 3. What is behind them, themselves, and lines.
        if (!isUpright)
        {
            into.BeginGroup(new(new Matrix(place.A / size, place.B / size, place.C / size, place.D / size, place.E, place.F), []), node);
        }

        if (text.Background is { } background)
        {
            into.Add(new Fill((float)left, (float)(baseline - (ascent * em * y)), (float)(width * x), (float)((ascent + descent) * em * y), DrawingPainter.PaintOf(background, opacity)), node);
        }

        var paint = DrawingPainter.PaintOf(text.Color, opacity);
        var at = left;
        foreach (var (item, glyphs, wide) in _set)
        {
            for (var i = 0; i < glyphs.Length; i++)
            {
                glyphs[i] = glyphs[i] with { Advance = (float)(glyphs[i].Advance * x), OffsetX = (float)(glyphs[i].OffsetX * x), OffsetY = (float)(glyphs[i].OffsetY * y) };
            }

            into.AddRun(
                new GlyphRun
                {
                    Face = item.Font.Face,
                    Size = (float)(em * y),
                    Color = paint,
                    X = (float)at,
                    Baseline = (float)baseline,
                    HorizontalScale = (float)(stretch * item.Font.HorizontalScale * x / y),
                    HasOtherAdvances = !text.Advances.IsEmpty || item.Font.HasOwnAdvances,
                    IsRightToLeft = item.IsRightToLeft,
                    IsSyntheticBold = item.Font.IsSyntheticBold,
                    IsSyntheticItalic = item.Font.IsSyntheticItalic,
                },
                glyphs, plain.AsSpan(item.Start, item.Length), node);
            at += wide * x;
        }

        AddLines(into, text.Font, font.Face, (left, baseline, width * x, em * y), paint, node);
        if (!isUpright)
        {
            into.EndGroup(node);
        }
    }

    private static void AddLines(FragmentBuilder into, MetafileFont asked, FontFace face, (double Left, double Baseline, double Width, double Em) line, Paint paint, int node)
    {
        foreach (var (isDrawn, rule) in ((bool, FontRule)[])[(asked.IsUnderlined, face.Underline), (asked.IsStruck, face.Strikeout)])
        {
            if (isDrawn)
            {
                var thickness = Math.Max(Thinnest, rule.Thickness * line.Em);
                into.Add(new Fill((float)line.Left, (float)(line.Baseline - (rule.Position * line.Em) - (thickness / 2)), (float)line.Width, (float)thickness, paint), node);
            }
        }
    }

    // Windows measures from the top and bottom that a font states for it (OS/2.usWinAscent), which for Calibri lie farther apart than those of its lines.
    private static (double Ascent, double Descent) CellOf(ResolvedFont font)
        => font.Match != FontMatch.SetToMetrics && font.Face.Table("OS/2") is { Length: >= 78 } os2 && os2.U16(74) > 0
            ? (os2.U16(74) / (double)font.Face.UnitsPerEm, os2.U16(76) / (double)font.Face.UnitsPerEm)
            : (font.Line.Ascent, font.Line.Descent);

    // A font that is asked for narrower or wider than it is: by the width of its mean character.
    private static double Stretch(MetafileFont asked, ResolvedFont font, double em)
    {
        var mean = font.Face.Table("OS/2") is { Length: >= 4 } os2 ? os2.I16(2) / (double)font.Face.UnitsPerEm : 0;
        return asked.Width > 0 && mean > 0 && em > 0 ? Math.Clamp(asked.Width / (mean * em), 0.1, 10) : 1;
    }

    // What the signs of a symbol font mean, for whoever copies them.
    private static string Plain(string text, ResolvedFont font) => string.Create(text.Length, (text, font), static (into, from) =>
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = from.font.UnicodeOf(from.text[i]) is var unicode and < 0x10000 ? (char)unicode : from.text[i];
        }
    });

    // Glyphs in units of the text, item by item in the order in which they are seen; their width.
    private double Set(MetafileText asked, ResolvedFont font, double em, double stretch)
    {
        var text = asked.Text;
        _items.Clear();
        _set.Clear();
        byte[] levels = [];
        if (asked.IsRightToLeft || !Bidi.IsLeftToRightOnly(text))
        {
            levels = new byte[text.Length];
            Bidi.FindLevels(text, asked.IsRightToLeft ? ParagraphDirection.RightToLeft : ParagraphDirection.LeftToRight, levels);
        }

        TextItemizer.Split(text, 0, text.Length, levels, font, fonts, "", _items);
        var order = new int[_items.Count];
        Bidi.Reorder([.. _items.Select(item => item.Level)], order);
        var width = 0.0;
        foreach (var index in order)
        {
            var item = _items[index];
            var shaped = shaper.Shape(text, item.Start, item.Length, new ShapingStyle(item.Font, item.Script, item.IsRightToLeft, FontFeatures.None, ""));
            var glyphs = new LaidGlyph[shaped.Length];
            var wide = 0.0;
            for (var i = 0; i < shaped.Length;)
            {
                // A cluster: letters that are one glyph, or a letter and its marks. What it lacks to its width comes behind it.
                var end = i;
                var own = 0.0;
                while (end < shaped.Length && shaped[end].Cluster == shaped[i].Cluster)
                {
                    own += shaped[end++].Advance * em * stretch;
                }

                var (from, to) = (shaped[i].Cluster, item.IsRightToLeft ? (i == 0 ? item.Start + item.Length : shaped[i - 1].Cluster) : end < shaped.Length ? shaped[end].Cluster : item.Start + item.Length);
                var given = asked.Advances.IsEmpty ? own + (asked.Spacing * (to - from)) + (text[from] == ' ' ? asked.SpaceStretch : 0) : Sum(asked, from, to);
                for (; i < end; i++)
                {
                    var glyph = shaped[i];
                    var advance = (glyph.Advance * em * stretch) + (i + 1 == end ? given - own : 0);
                    var offset = glyph.OffsetX;
                    if (item.Font.HasOwnAdvances && glyph.Advance > 0)
                    {
                        // A substitute's glyph stands in the middle of the width of the glyph that it replaces.
                        offset += (item.Font.AdvanceOf(glyph.Id) - (item.Font.Face.EmAdvanceOf(glyph.Id) * item.Font.HorizontalScale)) / 2;
                    }

                    glyphs[i] = new(glyph.Id, glyph.Cluster - item.Start, (float)advance, (float)(offset * em * stretch), (float)(-glyph.OffsetY * em));
                }

                wide += given;
            }

            _set.Add((item, glyphs, wide));
            width += wide;
        }

        return width;
    }

    private static double Sum(MetafileText text, int from, int to)
    {
        var sum = 0.0;
        for (var i = from; i < Math.Min(to, text.Advances.Length); i++)
        {
            sum += text.Advances[i];
        }

        return sum;
    }
}
