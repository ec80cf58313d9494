using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using Fill = ClinicFlow.Documents.Layout.Pages.Fill;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>Draws what stands in the line like a character.</summary>
/// <param name="drawing">What.</param>
/// <param name="left">Left of its box in the fragment.</param>
/// <param name="top">Top of its box in the fragment.</param>
/// <param name="structure">Its node.</param>
internal delegate void InlineDrawing(Drawing drawing, double left, double top, int structure);

/// <summary>
/// Draws lines into a fragment: 1. cuts the line into pieces and puts them in visual order (UAX #9, L1 and L2); 2. paints what lies behind
/// the text; 3. glyphs, leaders and pictures; 4. rules over and under the text, and links. One object serves one thread.
/// </summary>
internal sealed class LinePainter(TextShaper fonts)
{
    private readonly List<Piece> _pieces = [];
    private readonly List<LaidGlyph> _glyphs = [];
    private ShapedParagraph? _whole;
    private double _originX;

    /// <summary>A part of a span that stands in the line, at its place.</summary>
    private record struct Piece(TextSpan Span, int Start, int End, byte Level, double X, double Width, double Stretch)
    {
        public TabLeader Leader;
    }

    /// <param name="into">Where the marks go.</param>
    /// <param name="paragraph">Whose line it is.</param>
    /// <param name="line">The line.</param>
    /// <param name="originX">Left text margin in the fragment.</param>
    /// <param name="width">Width between the margins.</param>
    /// <param name="top">Top of the line in the fragment.</param>
    /// <param name="contentNode">Local structure number of the paragraph's content.</param>
    /// <param name="background">What automatic text stands on; null for paper.</param>
    /// <param name="drawInline">Draws pictures.</param>
    public void Paint(
        FragmentBuilder into, ShapedParagraph paragraph, Line line, double originX, double width, double top, int contentNode, Rgb? background, InlineDrawing drawInline)
    {
        var isRightToLeft = paragraph.Source.Format.IsRightToLeft;
        var baseline = top + line.Baseline;
        (_whole, _originX) = (paragraph, originX);
        if (line.IsFirst && paragraph.Label is { Text: { } label } shapedLabel)
        {
            var x = isRightToLeft ? originX + width - line.LabelLeft - shapedLabel.Width : originX + line.LabelLeft;
            Cut(label, 0, label.Text.Length, label.Text.Length, [], x, null, isRightToLeft);
            PaintPieces(into, label, line, baseline, top, Math.Max(0, contentNode - 1), background, drawInline);
        }

        var left = isRightToLeft ? originX + width - line.Left - line.Width - paragraph.WidthOf(line.VisibleEnd, line.End) : originX + line.Left;
        Cut(paragraph, line.Start, line.End, line.VisibleEnd, line.Tabs, left, line, isRightToLeft);
        PaintPieces(into, paragraph, line, baseline, top, contentNode, background, drawInline);
        if (line.HasHyphen)
        {
            PaintHyphen(into, paragraph, line, baseline, contentNode, background);
        }
    }

    // 1. Pieces in visual order, each with its left edge and width.
    private void Cut(ShapedParagraph paragraph, int start, int end, int visibleEnd, SetTab[] tabs, double left, Line? line, bool isRightToLeft)
    {
        _pieces.Clear();
        if (start >= end)
        {
            return;
        }

        var tab = 0;
        for (var s = paragraph.SpanAt(start); s < paragraph.Spans.Length && paragraph.Spans[s].Start < end; s++)
        {
            var span = paragraph.Spans[s];
            var from = Math.Max(start, span.Start);
            var to = Math.Min(end, span.End);

            // Trailing spaces run as the paragraph does.
            if (paragraph.HasRightToLeft && from < visibleEnd && to > visibleEnd)
            {
                AddPiece(paragraph, span, from, visibleEnd, span.Level, line);
                from = visibleEnd;
            }

            var level = from >= visibleEnd || span.Kind is SpanKind.Tab or SpanKind.PositionTab ? (byte)(isRightToLeft ? 1 : 0) : span.Level;
            if (span.Kind is SpanKind.Tab or SpanKind.PositionTab)
            {
                // Tabs after each other in one format are one span only in name: each is an object of its own.
                while (tab < tabs.Length && tabs[tab].At < from)
                {
                    tab++;
                }

                if (tab < tabs.Length && tabs[tab].At == from)
                {
                    _pieces.Add(new(span, from, to, level, 0, tabs[tab].Width, 0) { Leader = tabs[tab].Leader });
                }
            }
            else
            {
                AddPiece(paragraph, span, from, to, level, line);
            }
        }

        if (paragraph.HasRightToLeft)
        {
            Reorder();
        }

        var x = left;
        for (var i = 0; i < _pieces.Count; i++)
        {
            _pieces[i] = _pieces[i] with { X = x };
            x += _pieces[i].Width;
        }
    }

    private void AddPiece(ShapedParagraph paragraph, TextSpan span, int from, int to, byte level, Line? line)
    {
        if (from >= to)
        {
            return;
        }

        var stretch = line?.Stretch ?? 0;
        var width = paragraph.WidthOf(from, to);
        if (stretch != 0 && !line!.StretchesAll)
        {
            var (first, last) = (Math.Max(from, line.StretchFrom), Math.Min(to, line.VisibleEnd));
            width += first < last ? stretch * paragraph.Text.AsSpan(first, last - first).Count(' ') : 0;
        }
        else if (stretch != 0)
        {
            for (var i = from; i < to; i++)
            {
                width += Stretches(paragraph, line!, i) ? stretch : 0;
            }
        }

        _pieces.Add(new(span, from, to, level, 0, width, stretch));
    }

    private static bool Stretches(ShapedParagraph paragraph, Line line, int at) =>
        at >= line.StretchFrom && (line.StretchesAll ? at < line.VisibleEnd - 1 && paragraph.Advances[at] > 0 : at < line.VisibleEnd && paragraph.Text[at] == ' ');

    // L2: from the highest level down to the lowest odd one, what is at it or above is turned around.
    private void Reorder()
    {
        byte highest = 0;
        byte lowestOdd = byte.MaxValue;
        foreach (var piece in _pieces)
        {
            highest = Math.Max(highest, piece.Level);
            lowestOdd = (piece.Level & 1) != 0 ? Math.Min(lowestOdd, piece.Level) : lowestOdd;
        }

        for (int level = highest; level >= lowestOdd; level--)
        {
            for (var i = 0; i < _pieces.Count; i++)
            {
                if (_pieces[i].Level < level)
                {
                    continue;
                }

                var end = i + 1;
                while (end < _pieces.Count && _pieces[end].Level >= level)
                {
                    end++;
                }

                _pieces.Reverse(i, end - i);
                i = end;
            }
        }
    }

    private void PaintPieces(FragmentBuilder into, ShapedParagraph paragraph, Line line, double baseline, double top, int contentNode, Rgb? background, InlineDrawing drawInline)
    {
        // 2. Behind the text.
        foreach (var piece in _pieces)
        {
            if ((piece.Span.Format.Highlight ?? piece.Span.Format.Shading) is { } behind && piece.Start < line.VisibleEnd)
            {
                ShadingPainter.Add(into, new Fill((float)piece.X, (float)(baseline - line.Natural.Ascent), (float)piece.Width, (float)line.Natural.Height, BorderLines.PaintOf(behind)), piece.Span.Format.Highlight is null ? piece.Span.Format.ShadingDots : null);
            }
        }

        // 3. The text.
        foreach (var piece in _pieces)
        {
            var node = contentNode + piece.Span.Node;
            switch (piece.Span.Kind)
            {
                case SpanKind.Text:
                    PaintText(into, paragraph, line, piece, baseline, node, background);
                    break;
                case SpanKind.Tab or SpanKind.PositionTab:
                    PaintLeader(into, piece, baseline, contentNode, background);
                    break;
                case SpanKind.Drawing:
                    var drawing = (Drawing)piece.Span.Source!;
                    if (drawing.Rule is { } rule)
                    {
                        var width = rule.WidthIn(line.Width, drawing.Width);
                        drawInline(drawing with { Width = new(width) }, piece.X + rule.LeftIn(line.Width, width), baseline - drawing.Height.Value - piece.Span.Format.Position.Value, drawing.IsDecorative ? PageItem.Artifact : node);
                        break;
                    }

                    var height = drawing.Height.Value + drawing.EffectExtent.Bottom.Value;
                    drawInline(drawing, piece.X + drawing.EffectExtent.Left.Value, baseline - height - piece.Span.Format.Position.Value, node);
                    break;
                case SpanKind.Equation:
                    PaintEquation(into, line, piece, baseline, node, background);
                    break;
                case SpanKind.Ruby:
                    PaintRuby(into, line, piece, baseline, top, node, background, drawInline);
                    break;
                case SpanKind.NoteRule:
                    into.Add(new Fill((float)piece.X, (float)(baseline - (line.Natural.Ascent * 0.3)), (float)piece.Width, 0.5f, PaintOf(piece.Span.Format, background)));
                    break;
            }
        }

        // 4. Rules and links.
        PaintRules(into, paragraph, line, baseline, background);
        PaintEmphasis(into, paragraph, line, baseline, background);
        PaintBorders(into, line, baseline);
        PaintLinks(into, top, line, contentNode);
    }

    private void PaintEquation(FragmentBuilder into, Line line, in Piece piece, double baseline, int node, Rgb? background)
    {
        var part = piece.Span.Part!;
        part.Piece.Box.Paint(into, piece.X, baseline, node, ColorOf);
        if (part.Number is { } number)
        {
            number.Paint(into, _originX + line.RoomEnd - number.Width, baseline, node, ColorOf);
        }

        Pages.Paint ColorOf(CharacterFormat format) => PaintOf(format, background);
    }

    private void PaintText(FragmentBuilder into, ShapedParagraph paragraph, Line line, in Piece piece, double baseline, int node, Rgb? background)
    {
        var span = piece.Span;
        var isNatural = span.IsNatural && (piece.Stretch == 0 || !line.StretchesAll);
        var (from, to) = span.IsNatural ? (0, 0) : GlyphsOf(paragraph, span, piece.Start, piece.End);
        if (span.IsNatural ? piece.Start >= piece.End : from >= to)
        {
            return;
        }

        // Of shared text, and of what is natural, spaces are stretched by the writer. Places are those of the paragraph's text, or begin with the piece's.
        var isShared = into.IsSharing && ReferenceEquals(paragraph, _whole);
        var isStretched = piece.Stretch != 0 && (isShared || isNatural);
        var start = isShared ? 0 : piece.Start;
        var font = span.Font!;
        var run = new GlyphRun
        {
            Face = font.Face,
            Size = (float)span.Size,
            Color = PaintOf(span.Format, background),
            X = (float)piece.X,
            Baseline = (float)(baseline - span.Rise),
            GlyphStart = from,
            GlyphCount = to - from,
            TextStart = piece.Start,
            TextLength = piece.End - piece.Start,
            HorizontalScale = (float)(font.HorizontalScale * span.Format.Scale),
            // Spaced so far that readers cut words up in Word's own PDF, text is left as it is.
            HasOtherAdvances = font.HasOwnAdvances && span.Format.Spacing.Value <= span.Size * 0.05 && span.Format.FitText <= Pt.Zero && !line.StretchesAll,
            IsNatural = isNatural,
            Stretch = isStretched ? (float)piece.Stretch : 0,
            StretchFrom = isStretched ? line.StretchFrom - start : 0,
            StretchTo = isStretched ? line.VisibleEnd - start : 0,
            IsRightToLeft = span.IsRightToLeft,
            IsSyntheticBold = font.IsSyntheticBold,
            IsSyntheticItalic = font.IsSyntheticItalic,
        };
        if (span.Format.Effects != TextEffects.None)
        {
            run = TextRelief.Of(span.Format.Effects, run);
        }

        if (span.Format.Look is { } look)
        {
            PaintLayers(into, look, paragraph, line, piece, run, from, to, node, isShared);
        }
        else
        {
            AddRun(into, paragraph, line, piece, run, from, to, node, isShared);
        }
    }

    private void PaintLayers(FragmentBuilder into, TextLook look, ShapedParagraph paragraph, Line line, Piece piece, in GlyphRun run, int from, int to, int node, bool isShared)
        => TextLayers.Add(into, look, run, layer => AddRun(into, paragraph, line, piece, layer, from, to, node, isShared));

    private void AddRun(FragmentBuilder into, ShapedParagraph paragraph, Line line, in Piece piece, in GlyphRun run, int from, int to, int node, bool isShared)
    {
        var span = piece.Span;
        if (span.IsUpright)
        {
            PaintUpright(into, paragraph, line, piece, run, from, to, node);
            return;
        }

        if (isShared)
        {
            into.AddSharedRun(run, node);
            return;
        }

        if (run.IsNatural)
        {
            into.AddNaturalRun(run, TextOf(paragraph, piece), node);
            return;
        }

        _glyphs.Clear();
        if (span.IsNatural)
        {
            for (var i = piece.Start; i < piece.End; i++)
            {
                var advance = paragraph.Advances[i] + (Stretches(paragraph, line, i) ? (float)piece.Stretch : 0);
                _glyphs.Add(new(span.Font!.Face.GlyphOf(paragraph.Text[i]), i - piece.Start, advance, 0, 0));
            }
        }

        for (var g = from; g < to; g++)
        {
            var glyph = paragraph.Glyphs[g];
            var advance = glyph.Advance;

            // The stretch goes to the last glyph of its cluster.
            if (piece.Stretch != 0 && Stretches(paragraph, line, glyph.Cluster) && (g + 1 == to || paragraph.Glyphs[g + 1].Cluster != glyph.Cluster))
            {
                advance += (float)piece.Stretch;
            }

            _glyphs.Add(glyph with { Cluster = glyph.Cluster - piece.Start, Advance = advance });
        }

        into.AddRun(run, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_glyphs), TextOf(paragraph, piece), node);
    }

    // Text above text: both stand in the width of the wider one, as its alignment says.
    private void PaintRuby(FragmentBuilder into, Line line, in Piece piece, double baseline, double top, int node, Rgb? background, InlineDrawing drawInline)
    {
        var ruby = piece.Span.Ruby!;
        var inner = new LinePainter(fonts);
        inner.PaintPart(into, ruby.Base, ruby, line, piece.X, baseline, top, node, background, drawInline);
        inner.PaintPart(into, ruby.Text, ruby, line, piece.X, baseline - ruby.Source.Raise.Value, top, node, background, drawInline);
    }

    private void PaintPart(FragmentBuilder into, ShapedParagraph part, RubyPart ruby, Line line, double x, double baseline, double top, int node, Rgb? background, InlineDrawing drawInline)
    {
        var width = part.Edges[part.Text.Length];
        var left = ruby.Width - width;
        var count = part.Text.Length - part.Advances.AsSpan(0, part.Text.Length).Count(0f);
        var (lead, stretch) = ruby.Source.Alignment switch
        {
            RubyAlignment.Left => (0.0, 0.0),
            RubyAlignment.Right => (left, 0.0),
            RubyAlignment.DistributeLetter when count > 1 => (0.0, left / (count - 1)),
            RubyAlignment.DistributeSpace when count > 0 => (left / count / 2, left / count),
            _ => (left / 2, 0.0),
        };
        var own = new Line { End = part.Text.Length, VisibleEnd = part.Text.Length, Natural = RubyPart.ExtentOf(part), Height = line.Height, Stretch = stretch, StretchesAll = true };
        Cut(part, 0, part.Text.Length, part.Text.Length, [], x + lead, own, isRightToLeft: false);
        PaintPieces(into, part, own, baseline, top, node, background, drawInline);
    }

    // In lines that run downwards, characters stand upright: each is turned back around its middle. Those whose forms for such lines the font lacks lie with the line.
    private static void PaintUpright(FragmentBuilder into, ShapedParagraph paragraph, Line line, in Piece piece, in GlyphRun run, int from, int to, int node)
    {
        var font = piece.Span.Font!;
        var x = piece.X;
        for (var g = from; g < to; g++)
        {
            var glyph = paragraph.Glyphs[g];
            var end = g + 1 < to ? paragraph.Glyphs[g + 1].Cluster : piece.End;
            var advance = glyph.Advance + (end > glyph.Cluster && piece.Stretch != 0 && Stretches(paragraph, line, glyph.Cluster) ? piece.Stretch : 0);
            var text = paragraph.Text.AsSpan(glyph.Cluster, Math.Max(0, end - glyph.Cluster));
            var width = font.AdvanceOf(glyph.Id) * piece.Span.Size * piece.Span.Format.Scale;
            var lies = text.Length == 1 && UprightText.LiesWithLine(text[0]) && font.GlyphOf(text[0]) == glyph.Id;
            var own = run with { X = (float)(x + ((glyph.Advance - width) / 2)), IsNatural = false, Stretch = 0 };
            if (!lies)
            {
                into.BeginGroup(new GraphicsGroup(Matrix.Turn(-90, x + (glyph.Advance / 2), run.Baseline - (UprightText.Middle * piece.Span.Size)), []), node);
            }

            into.AddRun(own, [glyph with { Cluster = 0, Advance = (float)width }], text, node);
            if (!lies)
            {
                into.EndGroup(node);
            }

            x += advance;
        }
    }

    // A mark beside each character that is a word's: above it, below where the language is Simplified Chinese or the mark says so.
    private void PaintEmphasis(FragmentBuilder into, ShapedParagraph paragraph, Line line, double baseline, Rgb? background)
    {
        foreach (var piece in _pieces)
        {
            var format = piece.Span.Format;
            if (format.Emphasis == EmphasisMark.None || piece.Span.Kind != SpanKind.Text)
            {
                continue;
            }

            var isRight = piece.Span.IsRightToLeft;
            var x = isRight ? piece.X + piece.Width : piece.X;
            for (var i = piece.Start; i < piece.End; i++)
            {
                var advance = paragraph.Advances[i] + (piece.Stretch != 0 && Stretches(paragraph, line, i) ? piece.Stretch : 0);
                x = isRight ? x - advance : x;
                if (paragraph.Advances[i] > 0 && i < line.VisibleEnd && UprightText.TakesMark(paragraph.Text, i))
                {
                    EmphasisMarks.Add(into, format, x + ((paragraph.Advances[i] - Math.Max(0, format.Spacing.Value)) / 2), baseline - piece.Span.Rise, piece.Span.Size, PaintOf(format, background));
                }

                x = isRight ? x : x + advance;
            }
        }
    }

    // Whoever copies a bullet of a symbol font gets the bullet and not its private code.
    private static ReadOnlySpan<char> TextOf(ShapedParagraph paragraph, in Piece piece)
    {
        var text = paragraph.Text.AsSpan(piece.Start, piece.End - piece.Start);
        if (!text.ContainsAnyInRange('\uF000', '\uF0FF') || SymbolEncoding.Of(piece.Span.Font!.Family) is not { } symbols)
        {
            return text;
        }

        var readable = text.ToArray();
        for (var i = 0; i < readable.Length; i++)
        {
            if (readable[i] is >= '\uF000' and <= '\uF0FF' && symbols.TryGetValue(readable[i] - 0xF000, out var unicode) && unicode is > 0 and < 0xD800)
            {
                readable[i] = (char)unicode;
            }
        }

        return readable;
    }

    /// <summary>Glyphs of a part of a span. They stand in visual order: clusters rise, or fall from right to left.</summary>
    private static (int From, int To) GlyphsOf(ShapedParagraph paragraph, TextSpan span, int start, int end)
    {
        if (start <= span.Start && end >= span.End)
        {
            return (span.GlyphStart, span.GlyphStart + span.GlyphCount);
        }

        // One glyph a character: their places are the same.
        if (!span.IsRightToLeft && span.GlyphCount == span.Length && start >= span.Start && end <= span.End
            && paragraph.Glyphs[span.GlyphStart + start - span.Start].Cluster == start && paragraph.Glyphs[span.GlyphStart + end - 1 - span.Start].Cluster == end - 1)
        {
            return (span.GlyphStart + start - span.Start, span.GlyphStart + end - span.Start);
        }

        return SeekGlyphs(paragraph, span, start, end);
    }

    private static (int From, int To) SeekGlyphs(ShapedParagraph paragraph, TextSpan span, int start, int end)
    {
        var (first, last) = (span.GlyphStart, span.GlyphStart + span.GlyphCount);
        return span.IsRightToLeft
            ? (Seek(glyph => glyph.Cluster < end), Seek(glyph => glyph.Cluster < start))
            : (Seek(glyph => glyph.Cluster >= start), Seek(glyph => glyph.Cluster >= end));

        // First glyph for which the claim holds; it holds for all that follow.
        int Seek(Func<LaidGlyph, bool> holds)
        {
            var (low, high) = (first, last);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = holds(paragraph.Glyphs[middle]) ? (low, middle) : (middle + 1, high);
            }

            return low;
        }
    }

    private void PaintHyphen(FragmentBuilder into, ShapedParagraph paragraph, Line line, double baseline, int contentNode, Rgb? background)
    {
        var span = paragraph.Spans[paragraph.SpanAt(line.VisibleEnd - 1)];
        if (span.Font is not { } font)
        {
            return;
        }

        var glyph = font.GlyphOf('-');
        var x = 0.0;
        foreach (var piece in _pieces)
        {
            x = piece.Span == span ? piece.X + piece.Width : x;
        }

        AddGlyphs(into, span, [new(glyph, 0, (float)(font.AdvanceOf(glyph) * span.Size * span.Format.Scale), 0, 0)], "\u00AD", x, baseline - span.Rise, contentNode + span.Node, background);
    }

    private static void AddGlyphs(FragmentBuilder into, TextSpan span, ReadOnlySpan<LaidGlyph> glyphs, ReadOnlySpan<char> text, double x, double baseline, int node, Rgb? background)
        => AddGlyphs(into, span.Font!, span.Size, span.Format, glyphs, text, x, baseline, node, background);

    private static void AddGlyphs(FragmentBuilder into, ResolvedFont font, double size, CharacterFormat format, ReadOnlySpan<LaidGlyph> glyphs, ReadOnlySpan<char> text, double x, double baseline, int node, Rgb? background)
    {
        var run = new GlyphRun
        {
            Face = font.Face,
            Size = (float)size,
            Color = PaintOf(format, background),
            X = (float)x,
            Baseline = (float)baseline,
            HorizontalScale = (float)(font.HorizontalScale * format.Scale),
            IsSyntheticBold = font.IsSyntheticBold,
            IsSyntheticItalic = font.IsSyntheticItalic,
        };
        into.AddRun(format.Effects == TextEffects.None ? run : TextRelief.Of(format.Effects, run), glyphs, text, node);
    }

    // Leaders are characters, as in Word, set from the stop backwards: so those of lines with one stop stand below each other.
    private void PaintLeader(FragmentBuilder into, in Piece piece, double baseline, int node, Rgb? background)
    {
        if (piece.Leader == TabLeader.None || piece.Width <= 0)
        {
            return;
        }

        var format = piece.Span.Format;
        var font = fonts.FontOf(format, FontSlot.Ascii);
        var sign = piece.Leader switch
        {
            TabLeader.Hyphen => '-',
            TabLeader.Underscore or TabLeader.Heavy => '_',
            TabLeader.MiddleDot => '\u00B7',
            _ => '.',
        };
        var glyph = font.GlyphOf(sign);
        var advance = font.AdvanceOf(glyph) * format.Size.Value * format.Scale;
        if (advance <= 0.1)
        {
            return;
        }

        var count = (int)Math.Min(2000, Math.Floor((piece.Width + 0.01) / advance));
        if (count <= 0)
        {
            return;
        }

        Span<LaidGlyph> glyphs = count <= 256 ? stackalloc LaidGlyph[count] : new LaidGlyph[count];
        for (var i = 0; i < count; i++)
        {
            glyphs[i] = new(glyph, i, (float)advance, 0, 0);
        }

        AddGlyphs(into, font, format.Size.Value, format, glyphs, new string(sign, count), piece.X + piece.Width - (count * advance), baseline, node, background);
    }

    private void PaintRules(FragmentBuilder into, ShapedParagraph paragraph, Line line, double baseline, Rgb? background)
    {
        foreach (var piece in _pieces)
        {
            var format = piece.Span.Format;
            var isTab = piece.Span.Kind is SpanKind.Tab or SpanKind.PositionTab;
            if (piece.Start >= line.VisibleEnd && !isTab)
            {
                continue;
            }

            if (!isTab && piece.Span.Kind != SpanKind.Text)
            {
                continue;
            }

            var font = piece.Span.Font ?? fonts.FontOf(format, FontSlot.Ascii);
            var size = piece.Span.Font is null ? format.Size.Value : piece.Span.Size;
            var end = Math.Min(piece.End, Math.Max(line.VisibleEnd, piece.Start));
            var width = piece.Width - (isTab ? 0 : paragraph.WidthOf(end, piece.End));
            if (format.Underline != Underline.None && width > 0)
            {
                var rule = font.Face.Underline;
                var thickness = Math.Max(0.4, rule.Thickness * size);
                var paint = format.UnderlineColor is { } color ? BorderLines.PaintOf(color) : PaintOf(format, background);
                var middle = baseline - piece.Span.Rise - (rule.Position * size);
                if (format.Underline == Underline.Words)
                {
                    UnderlineWords(into, paragraph, line, piece, middle, thickness, paint);
                }
                else
                {
                    UnderlineRules.Add(into, format.Underline, piece.X, piece.X + width, middle, thickness, paint);
                }
            }

            if ((format.IsStruck || format.IsDoubleStruck) && width > 0 && !isTab)
            {
                var rule = font.Face.Strikeout;
                var thickness = Math.Max(0.4, rule.Thickness * size);
                var middle = baseline - piece.Span.Rise - (rule.Position * size);
                var paint = PaintOf(format, background);
                if (format.IsDoubleStruck)
                {
                    into.Add(new Fill((float)piece.X, (float)(middle - (thickness * 1.5)), (float)width, (float)thickness, paint));
                    into.Add(new Fill((float)piece.X, (float)(middle + (thickness * 0.5)), (float)width, (float)thickness, paint));
                }
                else
                {
                    into.Add(new Fill((float)piece.X, (float)(middle - (thickness / 2)), (float)width, (float)thickness, paint));
                }
            }
        }
    }

    private static void UnderlineWords(FragmentBuilder into, ShapedParagraph paragraph, Line line, in Piece piece, double middle, double thickness, Pages.Paint paint)
    {
        // From right to left the words stand the other way around; a rule under all of it is then nearer than one under the wrong words.
        if (piece.Span.IsRightToLeft || piece.Span.Kind != SpanKind.Text)
        {
            UnderlineRules.Add(into, Underline.Single, piece.X, piece.X + piece.Width, middle, thickness, paint);
            return;
        }

        var x = piece.X;
        var start = x;
        for (var i = piece.Start; i < piece.End; i++)
        {
            var advance = paragraph.Advances[i] + (piece.Stretch != 0 && Stretches(paragraph, line, i) ? piece.Stretch : 0);
            if (paragraph.Text[i] is ' ' or '\u00A0')
            {
                UnderlineRules.Add(into, Underline.Single, start, x, middle, thickness, paint);
                start = x + advance;
            }

            x += advance;
        }

        UnderlineRules.Add(into, Underline.Single, start, x, middle, thickness, paint);
    }

    // Runs of one border after each other stand in one box.
    private void PaintBorders(FragmentBuilder into, Line line, double baseline)
    {
        for (var i = 0; i < _pieces.Count;)
        {
            if (_pieces[i].Span.Format.Border is not { } border || _pieces[i].Start >= line.VisibleEnd)
            {
                i++;
                continue;
            }

            var end = i + 1;
            while (end < _pieces.Count && Equals(_pieces[end].Span.Format.Border, border) && _pieces[end].Start < line.VisibleEnd)
            {
                end++;
            }

            var (left, right) = (_pieces[i].X, _pieces[end - 1].X + _pieces[end - 1].Width);
            var (top, bottom) = (baseline - line.Natural.Ascent, baseline + line.Natural.Descent);
            var width = BorderLines.WidthOf(border);
            BorderLines.AddHorizontal(into, border, left, right, top - width);
            BorderLines.AddHorizontal(into, border, left, right, bottom, isOuterBelow: true);
            BorderLines.AddVertical(into, border, top - width, bottom + width, left - (width / 2));
            BorderLines.AddVertical(into, border, top - width, bottom + width, right - (width / 2), isOuterRight: true);
            i = end;
        }
    }

    private void PaintLinks(FragmentBuilder into, double top, Line line, int contentNode)
    {
        for (var i = 0; i < _pieces.Count;)
        {
            if (_pieces[i].Span.Link is not { } link || (link.Address is null && link.Bookmark is null))
            {
                i++;
                continue;
            }

            var end = i + 1;
            while (end < _pieces.Count && _pieces[end].Span.Node == _pieces[i].Span.Node && Equals(_pieces[end].Span.Link, link))
            {
                end++;
            }

            var width = _pieces[end - 1].X + _pieces[end - 1].Width - _pieces[i].X;
            if (width > 0)
            {
                into.Add(new LinkArea(new Box(_pieces[i].X, top, width, line.Height), link.Address, link.Address is null ? link.Bookmark : null, contentNode + _pieces[i].Span.Node));
            }

            i = end;
        }
    }

    private static Pages.Paint PaintOf(CharacterFormat format, Rgb? background)
    {
        if (format.Color is { } color)
        {
            return BorderLines.PaintOf(color);
        }

        var behind = format.Highlight ?? format.Shading ?? background;
        return behind is { } rgb ? BorderLines.PaintOf(rgb.AutomaticText) : Pages.Paint.Black;
    }
}
