using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>The room that a line has, in lengths from the text margin at the start side.</summary>
/// <param name="Start">Where text starts, indents included.</param>
/// <param name="End">Where it must end.</param>
/// <param name="MarginEnd">The text margin at the other side.</param>
internal readonly record struct LineRoom(double Start, double End, double MarginEnd);

/// <summary>What of the document's settings changes how lines are filled.</summary>
/// <param name="DefaultTab">Distance of automatic tab stops.</param>
/// <param name="ShrinksSpaces">A justified line may take a word that nearly fits (compatibility mode 15).</param>
/// <param name="ExpandsShiftReturn">A justified line that ends in a line break is stretched.</param>
/// <param name="HyphenationZone">How much room a line may leave before a word is divided.</param>
/// <param name="MovesDividedLine">A line that ends in a divided word does not stand at the end of a page.</param>
internal readonly record struct LineRules(double DefaultTab, bool ShrinksSpaces, bool ExpandsShiftReturn, double HyphenationZone = 18, bool MovesDividedLine = true);

/// <summary>
/// Fills one line: takes words as long as they fit. Evidence: docs/layout.md, "Lines". Trailing spaces hang over the end; a word that no line can
/// hold is broken where the room ends. Each call takes at least one character, and looks at no character behind the word that did not fit.
/// </summary>
internal sealed class LineFiller(LineRules rules)
{
    private const double Noise = 0.01;
    private const char SoftHyphen = '\u00AD';
    private readonly List<SetTab> _tabs = [];

    // The state of one call.
    private ShapedParagraph _paragraph = null!;
    private ParagraphFormat _format = null!;
    private LineRoom _room;
    private double _end;

    /// <summary>Whether the next line may end within a word. Of a paragraph whose words are not hyphenated it says nothing.</summary>
    public bool MayDivide { get; set; } = true;

    /// <summary>What is known at a place where the line may end.</summary>
    private readonly record struct Mark(int At, int VisibleEnd, double VisibleX, int Tabs, bool IsHyphen);

    public Line Fill(ShapedParagraph paragraph, int start, bool isFirst, in LineRoom room)
    {
        (_paragraph, _format, _room, _end) = (paragraph, paragraph.Source.Format, room, room.End);
        _tabs.Clear();
        var line = new Line { Start = start, IsFirst = isFirst, StretchFrom = start };
        var x = room.Start;
        if (isFirst && paragraph.Label is not null)
        {
            x = PlaceLabel(line, x);
        }

        (line.RoomStart, line.RoomEnd) = (x, room.End);
        var contentStart = x;
        var text = paragraph.Text;
        if (paragraph.IsPlain && TryFillWords(line, start, x))
        {
            return line;
        }

        var mark = new Mark(-1, start, x, 0, false);
        var (visibleEnd, visibleX) = (start, x);
        var spanIndex = text.Length > 0 ? paragraph.SpanAt(Math.Min(start, text.Length - 1)) : 0;
        var spaces = 0.0;
        var i = start;
        line.Ending = LineEnding.Paragraph;
        while (i < text.Length)
        {
            var span = paragraph.Spans[spanIndex];
            if (i >= span.End)
            {
                spanIndex++;
                continue;
            }

            if (span.Kind is SpanKind.LineBreak or SpanKind.PageBreak or SpanKind.ColumnBreak)
            {
                line.Ending = span.Kind switch
                {
                    SpanKind.LineBreak => LineEnding.LineBreak,
                    SpanKind.PageBreak => LineEnding.PageBreak,
                    _ => LineEnding.ColumnBreak,
                };
                i++;
                break;
            }

            if (span.Kind is SpanKind.Tab or SpanKind.PositionTab)
            {
                var tab = span.Kind == SpanKind.Tab ? WidthOfTab(i, x) : WidthOfPositionTab((PositionTab)span.Source!, i, x);
                if (tab is null && i > start && i + 1 < text.Length)
                {
                    // The next stop is beyond the line: the tab begins the next one, unless nothing follows it.
                    line.Ending = LineEnding.Wrap;
                    break;
                }

                var (width, leader) = tab ?? (Math.Max(0, _end - x), TabLeader.None);
                _tabs.Add(new(i, width, leader));
                x += width;
                i++;
                (visibleEnd, visibleX) = (i, x);
                line.StretchFrom = i;
                spaces = 0;
                mark = new(i, visibleEnd, visibleX, _tabs.Count, false);
                continue;
            }

            if (span.Kind == SpanKind.Drawing && span.Source is Drawing { Rule: not null })
            {
                // A horizontal rule has a line to itself.
                if (i == start)
                {
                    i++;
                    (visibleEnd, visibleX) = (i, Math.Max(x, _end));
                    i = BehindHanging(i);

                    if (i < text.Length && text[i] is '\n' or '\f' or '\v')
                    {
                        x = visibleX;
                        continue;
                    }
                }

                line.Ending = i < text.Length ? LineEnding.Wrap : LineEnding.Paragraph;
                break;
            }

            var advance = paragraph.Advances[i];
            if (span.Kind == SpanKind.Text && IsHanging(text[i]))
            {
                x += advance;
                spaces += advance;
                i++;
                continue;
            }

            if (i > start && paragraph.MayBreakBefore[i])
            {
                var isHyphen = text[i - 1] == SoftHyphen;
                if (!isHyphen || visibleX + HyphenWidth(i - 1) <= _end + Noise)
                {
                    mark = new(i, visibleEnd, visibleX, _tabs.Count, isHyphen);
                }
            }

            if (x + advance > _end + Noise && advance > 0)
            {
                if (i > start && _format.HangsPunctuation && HangsInMargin(text[i]) && x <= _end + Noise && span.Slot == FontSlot.EastAsia)
                {
                    // One mark hangs over the end; the line is as wide as without it.
                    i++;
                    (visibleEnd, visibleX) = (i, x);
                    i = BehindHanging(i);

                    if (i < text.Length && text[i] is not ('\n' or '\f' or '\v'))
                    {
                        line.Ending = LineEnding.Wrap;
                        break;
                    }

                    continue;
                }

                if (TryShrink(i, x, spaces, out var shrunkEnd, out var shrunkX))
                {
                    (i, x) = (shrunkEnd, shrunkX);
                    (visibleEnd, visibleX) = (i, x);
                    i = BehindHanging(i);

                    // What comes next starts the next line, unless the paragraph ends here.
                    if (i < text.Length && text[i] is not ('\n' or '\f' or '\v'))
                    {
                        line.Ending = LineEnding.Wrap;
                        break;
                    }

                    continue;
                }

                if (paragraph.Divisions.Length > 0 && DivisionOf(start, mark.At, i, x, mark.VisibleX) is > 0 and var division)
                {
                    x -= paragraph.WidthOf(division, i);
                    (i, visibleEnd, visibleX) = (division, division, x);
                    Divide(line);
                    line.Ending = LineEnding.Wrap;
                    break;
                }

                if (mark.At > start)
                {
                    (i, visibleEnd, visibleX) = (mark.At, mark.VisibleEnd, mark.VisibleX);
                    line.HasHyphen = mark.IsHyphen;
                    _tabs.RemoveRange(mark.Tabs, _tabs.Count - mark.Tabs);
                    line.Ending = LineEnding.Wrap;
                    break;
                }

                if (i > start)
                {
                    // A word longer than the line is broken between characters.
                    line.Ending = LineEnding.Wrap;
                    break;
                }
            }

            x += advance;
            i++;
            while (i < span.End && paragraph.Advances[i] == 0 && text[i] != SoftHyphen && !paragraph.MayBreakBefore[i] && !IsHanging(text[i]))
            {
                i++;
            }

            (visibleEnd, visibleX) = (i, x);
        }

        if (line.Ending is LineEnding.Paragraph or LineEnding.LineBreak)
        {
            // Where the line ends by itself, wide spaces are seen: blanks to be filled in, underlined.
            var end = line.Ending == LineEnding.LineBreak ? i - 1 : i;
            while (end > visibleEnd && IsOrdinarySpace(text[end - 1]))
            {
                end--;
            }

            for (; visibleEnd < end; visibleEnd++)
            {
                visibleX += paragraph.Advances[visibleEnd];
            }
        }

        line.Tabs = _tabs.Count == 0 ? [] : [.. _tabs];
        if (line.HasHyphen)
        {
            visibleX += HyphenWidth(visibleEnd - 1);
        }

        End(line, i, visibleEnd, contentStart, visibleX);
        return line;
    }

    private void End(Line line, int end, int visibleEnd, double left, double right)
    {
        (line.End, line.VisibleEnd, line.Left, line.Width) = (end, visibleEnd, left, right - left);
        Align(line);
    }

    // The same for text alone, by sums: finds the character that sticks out, and goes back to where the line may end. False where not even one character fits.
    private bool TryFillWords(Line line, int start, double x)
    {
        var (text, edges) = (_paragraph.Text, _paragraph.Edges);
        var zero = x - edges[start];
        var limit = _end + Noise;
        var i = FirstBeyond(edges, start, text.Length, limit - zero);
        while (i < text.Length && (IsHanging(text[i]) || _paragraph.Advances[i] <= 0))
        {
            i++;
        }

        if (i >= text.Length)
        {
            line.Ending = LineEnding.Paragraph;
            Finish(text.Length);
            return true;
        }

        if (i == start || HangsInMargin(text[i]))
        {
            return false;
        }

        if (_format.Alignment == ParagraphAlignment.Justify && TryShrink(i, zero + edges[i], SpacesIn(start, i), out var shrunkEnd, out var shrunkX))
        {
            var next = BehindHanging(shrunkEnd);
            if (next >= text.Length)
            {
                return false; // the paragraph ends with what was taken in: the other way knows
            }

            line.Ending = LineEnding.Wrap;
            End(line, next, shrunkEnd, x, shrunkX);
            return true;
        }

        line.Ending = LineEnding.Wrap;
        var at = Array.BinarySearch(_paragraph.Breaks, i);
        at = at >= 0 ? at : ~at - 1;
        var place = at >= 0 ? _paragraph.Breaks[at] : 0;
        if (_paragraph.Divisions.Length > 0 && DivisionOf(start, place, i, zero + edges[i], zero + edges[VisibleBefore(start, place)]) is > 0 and var division)
        {
            Divide(line);
            End(line, division, division, x, zero + edges[division] + HyphenWidth(division - 1));
            return true;
        }

        Finish(place > start ? place : i);
        return true;

        void Finish(int end)
        {
            var visible = end;
            while (visible > start && (line.Ending == LineEnding.Paragraph ? IsOrdinarySpace(text[visible - 1]) : IsHanging(text[visible - 1])))
            {
                visible--;
            }

            End(line, end, visible, x, zero + edges[visible]);
        }
    }

    // The first character whose right edge lies beyond.
    private static int FirstBeyond(double[] edges, int start, int end, double limit)
    {
        var (low, high) = (start, end);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            (low, high) = edges[middle + 1] > limit ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private double SpacesIn(int start, int end)
    {
        var (width, text, advances) = (0.0, _paragraph.Text, _paragraph.Advances);
        if (!text.AsSpan(start, end - start).ContainsAnyExceptInRange('\0', '\u167F'))
        {
            for (var i = start; text.AsSpan(i, end - i).IndexOf(' ') is >= 0 and var next; i++)
            {
                i += next;
                width += advances[i];
            }

            return width;
        }

        for (var i = start; i < end; i++)
        {
            var c = text[i];
            if (IsHanging(c))
            {
                width += advances[i];
            }
        }

        return width;
    }

    /// <summary>A space that may hang over the end of a line. The no-break spaces are not among them.</summary>
    public static bool IsHanging(char c) => c is ' ' or '\u3000' or (>= '\u2000' and <= '\u2006') or (>= '\u2008' and <= '\u200A') or '\u1680' or '\u205F';

    private static bool IsOrdinarySpace(char c) => c is ' ' or '\u3000';

    // The marks that may hang (w:overflowPunct) are those that end a sentence or a part of it.
    private static bool HangsInMargin(char c) => c is '\u3001' or '\u3002' or '\uFF0C' or '\uFF0E' or '\uFF1A' or '\uFF1B' or '\uFF01' or '\uFF1F';

    private double HyphenWidth(int at)
    {
        var span = _paragraph.Spans[_paragraph.SpanAt(at)];
        return span.Font is { } font ? font.AdvanceOf(font.GlyphOf('-')) * span.Size * span.Format.Scale : 0;
    }

    private int BehindHanging(int at)
    {
        while (at < _paragraph.Text.Length && IsHanging(_paragraph.Text[at]))
        {
            at++;
        }

        return at;
    }

    private void Divide(Line line) => (line.HasHyphen, line.IsDivided, line.MovesAtEnd) = (true, true, rules.MovesDividedLine);

    private int VisibleBefore(int start, int end)
    {
        while (end > start && IsHanging(_paragraph.Text[end - 1]))
        {
            end--;
        }

        return Math.Max(start, end);
    }

    // Where the word that sticks out is divided: as far as it fits with its hyphen, and only where the line without it would leave more room than the zone.
    // 0 for not at all.
    private int DivisionOf(int start, int wordStart, int at, double x, double visibleX)
    {
        if (!MayDivide || (wordStart > start && _end - visibleX <= rules.HyphenationZone))
        {
            return 0;
        }

        var divisions = _paragraph.Divisions;
        var found = Array.BinarySearch(divisions, at);
        for (found = found >= 0 ? found : ~found - 1; found >= 0 && divisions[found] > Math.Max(start, wordStart); found--)
        {
            var place = divisions[found];
            if (x - _paragraph.WidthOf(place, at) + HyphenWidth(place - 1) <= _end + Noise)
            {
                return place;
            }
        }

        return 0;
    }

    // A word that sticks out by no more than a quarter of the line's spaces is taken in, and the spaces shrink.
    private bool TryShrink(int at, double x, double spaces, out int end, out double endX)
    {
        (end, endX) = (at, x);
        if (!rules.ShrinksSpaces || _format.Alignment != ParagraphAlignment.Justify || spaces <= 0)
        {
            return false;
        }

        var limit = _end + (spaces / 4);
        var text = _paragraph.Text;
        while (end < text.Length && !IsHanging(text[end]) && (end == at || !_paragraph.MayBreakBefore[end]))
        {
            if (text[end] is '\t' or '\n' or '\f' or '\v')
            {
                return false;
            }

            endX += _paragraph.Advances[end];
            if (endX > limit + Noise)
            {
                return false;
            }

            end++;
        }

        return end > at;
    }

    private double PlaceLabel(Line line, double x)
    {
        var label = _paragraph.Label!;
        var source = _paragraph.Source.Label!;
        line.LabelLeft = source.Alignment switch
        {
            ParagraphAlignment.End => x - label.Width,
            ParagraphAlignment.Center => x - (label.Width / 2),
            _ => x,
        };
        var after = line.LabelLeft + label.Width;
        switch (source.Suffix)
        {
            case LabelSuffix.Space:
                return after + label.SpaceWidth;
            case LabelSuffix.Nothing:
                return after;
            default:
                // A label of nothing at its own stop is there already.
                if (source.TabStop is { } own && (own.Value > after + Noise || (label.Width <= 0 && own.Value > after - Noise)))
                {
                    return own.Value;
                }

                var indent = _format.IndentStart.Value;
                var target = TabStops.Next(_format.Tabs, indent, indent > after + Noise, rules.DefaultTab, after);
                return Math.Min(target.Position, Math.Max(after, _end));
        }
    }

    // Null: the stop is beyond the line.
    private (double Width, TabLeader Leader)? WidthOfTab(int at, double x)
    {
        var indent = _format.IndentStart.Value;
        var isHanging = _format.FirstLine.Value < 0;
        var target = TabStops.Next(_format.Tabs, indent, isHanging, rules.DefaultTab, x);
        if (target.Position > _end + Noise)
        {
            if (!target.IsCustom)
            {
                return null;
            }

            // A stop between the right indent and beyond is used all the same; the line is longer there, and text may go on to the margin.
            _end = Math.Max(_end, Math.Max(target.Position, _room.MarginEnd));
        }

        if (target.Alignment is TabAlignment.Start or TabAlignment.Number)
        {
            return (target.Position - x, target.Leader);
        }

        var follows = Measure(at + 1, target.Alignment == TabAlignment.Decimal);
        var width = target.Position - x - (target.Alignment == TabAlignment.Center ? follows / 2 : follows);
        if (target.Alignment == TabAlignment.Center)
        {
            width = Math.Min(width, Math.Max(0, _end - x - follows));
        }

        return (Math.Max(0, width), target.Leader);
    }

    private (double Width, TabLeader Leader)? WidthOfPositionTab(PositionTab tab, int at, double x)
    {
        var from = tab.IsFromMargin ? 0 : _format.IndentStart.Value;
        var to = tab.IsFromMargin ? _room.MarginEnd : _room.End;
        var follows = tab.Alignment == TabAlignment.Start ? 0 : Measure(at + 1, isDecimal: false);
        var target = tab.Alignment switch
        {
            TabAlignment.Center => ((from + to) / 2) - (follows / 2),
            TabAlignment.End => to - follows,
            _ => from,
        };
        return target < x - Noise && tab.Alignment == TabAlignment.Start ? null : (Math.Max(0, target - x), tab.Leader);
    }

    /// <summary>Width of what stands behind a tab, up to the next tab or break, or, for a decimal tab, the decimal sign.</summary>
    private double Measure(int from, bool isDecimal)
    {
        var text = _paragraph.Text;
        var limit = _room.MarginEnd - Math.Min(0, _room.Start);
        var (width, visible) = (0.0, 0.0);
        var hasDigit = false;
        for (var i = from; i < text.Length && width <= limit; i++)
        {
            if (text[i] is '\t' or '\n' or '\f' or '\v')
            {
                break;
            }

            if (isDecimal)
            {
                // The sign is the one behind digits that is not between groups of three.
                if (text[i] is '.' or ',' && hasDigit && !IsGroup(text, i))
                {
                    break;
                }

                if (hasDigit && !char.IsDigit(text[i]) && text[i] is not ('.' or ',' or '\'' or '\u00A0' or ' '))
                {
                    break;
                }

                hasDigit |= char.IsDigit(text[i]);
            }

            width += _paragraph.Advances[i];
            visible = IsHanging(text[i]) ? visible : width;
        }

        return visible;
    }

    private static bool IsGroup(string text, int at) =>
        at + 3 < text.Length && char.IsDigit(text[at + 1]) && char.IsDigit(text[at + 2]) && char.IsDigit(text[at + 3])
        && (at + 4 >= text.Length || !char.IsDigit(text[at + 4])) && text.IndexOf(text[at] == '.' ? ',' : '.', at + 1, Math.Min(5, text.Length - at - 1)) >= 0;

    private void Align(Line line)
    {
        if (_paragraph.HasDisplayedEquations && EquationLines.At(_paragraph, line.Start) is not null)
        {
            return; // all lines of an equation together, once they are known
        }

        var left = _end - line.Left - line.Width;
        switch (_format.Alignment)
        {
            case ParagraphAlignment.Center:
                line.LabelLeft += left / 2;
                line.Left += left / 2;
                break;
            case ParagraphAlignment.End:
                line.LabelLeft += left;
                line.Left += left;
                break;
            case ParagraphAlignment.Justify:
                if (line.Ending == LineEnding.Wrap || (line.Ending == LineEnding.LineBreak && rules.ExpandsShiftReturn && !EndsBeforeEquation(line)) || left < -Noise)
                {
                    StretchSpaces(line, left);
                }

                break;
            case ParagraphAlignment.Distribute or ParagraphAlignment.ThaiDistribute:
                if (line.Ending != LineEnding.Paragraph || _format.Alignment == ParagraphAlignment.Distribute)
                {
                    StretchCharacters(line, left);
                }

                break;
        }
    }

    private bool EndsBeforeEquation(Line line) => _paragraph.HasDisplayedEquations && _paragraph.Spans[_paragraph.SpanAt(line.End - 1)].Source is Model.Equations.Equation;

    private void StretchSpaces(Line line, double left)
    {
        var count = line.VisibleEnd > line.StretchFrom ? _paragraph.Text.AsSpan(line.StretchFrom, line.VisibleEnd - line.StretchFrom).Count(' ') : 0;
        if (count > 0)
        {
            line.Stretch = left / count;
            line.Width += left;
        }
        else if (left > 0 && HasIdeographs(line))
        {
            StretchCharacters(line, left);
        }
    }

    private bool HasIdeographs(Line line)
    {
        for (var i = line.StretchFrom; i < line.VisibleEnd; i++)
        {
            if (_paragraph.Text[i] is >= '\u2E80' and <= '\u9FFF')
            {
                return true;
            }
        }

        return false;
    }

    private void StretchCharacters(Line line, double left)
    {
        var count = -1;
        for (var i = line.StretchFrom; i < line.VisibleEnd; i++)
        {
            count += _paragraph.Advances[i] > 0 ? 1 : 0;
        }

        if (count > 0 && left > 0)
        {
            line.Stretch = left / count;
            line.StretchesAll = true;
            line.Width += left;
        }
    }
}
