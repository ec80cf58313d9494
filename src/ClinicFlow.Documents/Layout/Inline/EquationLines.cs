using ClinicFlow.Documents.Layout.Equations;
using ClinicFlow.Documents.Model.Equations;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>A piece of an equation as it stands in a paragraph's text, where it is one character.</summary>
/// <param name="Source">The equation.</param>
/// <param name="Piece">What is drawn.</param>
/// <param name="Index">Which of the equation's pieces; a line may begin with any but the first.</param>
/// <param name="Number">What stands at the end of the line; null for nothing.</param>
internal sealed record EquationPart(Equation Source, EquationPiece Piece, int Index, EquationBox? Number);

/// <summary>
/// Places the lines of equations that stand on lines of their own (m:oMathPara): each m:oMathPara has its alignment, whatever the paragraph's is. Evidence: docs/layout.md, "Equations".
/// </summary>
internal static class EquationLines
{
    // Between an equation and its number.
    private const double NumberGap = 12;

    /// <summary>The piece with which a line begins; null where it is not one of an equation on lines of its own.</summary>
    public static EquationPart? At(ShapedParagraph paragraph, int at)
    {
        if (!paragraph.HasDisplayedEquations || at >= paragraph.Text.Length)
        {
            return null;
        }

        // White space before it hangs with it.
        while (at < paragraph.Text.Length - 1 && char.IsWhiteSpace(paragraph.Text[at]) && paragraph.Text[at] != '\n')
        {
            at++;
        }

        return paragraph.Spans[paragraph.SpanAt(at)].Part is { Source.Display: not null } part ? part : null;
    }

    /// <summary>The room of a line that begins at a character: within the margins of equations, and indented where an equation goes on.</summary>
    public static LineRoom RoomOf(ShapedParagraph paragraph, int at, LineRoom room, EquationSettings settings)
    {
        if (At(paragraph, at) is not { } part)
        {
            return room;
        }

        var start = room.Start + settings.LeftMargin.Value + OffsetOf(part, settings);
        return room with { Start = start, End = Math.Max(start + 1, room.End - settings.RightMargin.Value) };
    }

    /// <summary>A line begins with an equation where it could begin with a word, and within one at an operator.</summary>
    /// <param name="text">The paragraph's text.</param>
    /// <param name="spans">Its spans.</param>
    /// <param name="mayBreak">Where lines may begin as for other objects; becomes right for equations.</param>
    /// <param name="breaks">The same in rising order.</param>
    public static void FindBreaks(string text, List<TextSpan> spans, Span<bool> mayBreak, List<int> breaks)
    {
        foreach (var span in spans)
        {
            if (span.Part is not { } part)
            {
                continue;
            }

            var at = span.Start;
            mayBreak[at] = at > 0 && (part.Index > 0 || (mayBreak[at] && (LineFiller.IsHanging(text[at - 1]) || text[at - 1] == '\t' || IsEastAsian(text[at - 1]))));
            if (at + 1 < text.Length)
            {
                mayBreak[at + 1] &= IsEastAsian(text[at + 1]);
            }
        }

        breaks.Clear();
        for (var i = 1; i < text.Length; i++)
        {
            if (mayBreak[i])
            {
                breaks.Add(i);
            }
        }
    }

    private static bool IsEastAsian(char c) => c is >= '\u2E80' and < '\uFFFC';

    /// <summary>Moves the lines of equations to their places.</summary>
    public static void Align(ShapedParagraph paragraph, List<Line> lines, EquationSettings settings)
    {
        for (var i = 0; i < lines.Count;)
        {
            if (At(paragraph, lines[i].Start) is not { } first)
            {
                i++;
                continue;
            }

            var end = i + 1;
            while (end < lines.Count && At(paragraph, lines[end].Start) is { } next && (next.Index > 0 || next.Source.IndexInGroup > 0))
            {
                end++;
            }

            Align(paragraph, lines, i, end, first.Source.Display!.Value, settings);
            i = end;
        }
    }

    private static void Align(ShapedParagraph paragraph, List<Line> lines, int from, int to, EquationAlignment alignment, EquationSettings settings)
    {
        var whole = 0.0;
        for (var i = from; i < to; i++)
        {
            whole = Math.Max(whole, OffsetOf(At(paragraph, lines[i].Start)!, settings) + lines[i].Width);
        }

        for (var i = from; i < to; i++)
        {
            var line = lines[i];
            var part = At(paragraph, line.Start)!;
            var offset = OffsetOf(part, settings);
            var start = line.RoomStart - offset;
            var room = line.RoomEnd - start;
            var left = alignment switch
            {
                EquationAlignment.Left => start + offset,
                EquationAlignment.Right => line.RoomEnd - line.Width,
                EquationAlignment.Center => start + ((room - line.Width) / 2),
                _ => start + Math.Max(0, (room - whole) / 2) + offset,
            };
            left = settings.WrapsToRight && part.Index > 0 ? line.RoomEnd - line.Width : left;
            if (NumberIn(paragraph, line) is { } number)
            {
                left = Math.Min(left, line.RoomEnd - number.Width - NumberGap - line.Width);
            }

            line.Left = Math.Max(Math.Min(start, line.RoomStart), left);
        }
    }

    private static EquationBox? NumberIn(ShapedParagraph paragraph, Line line)
    {
        for (var s = paragraph.SpanAt(line.Start); s < paragraph.Spans.Length && paragraph.Spans[s].Start < line.End; s++)
        {
            if (paragraph.Spans[s].Part is { Number: { } number })
            {
                return number;
            }
        }

        return null;
    }

    private static double OffsetOf(EquationPart part, EquationSettings settings) => part.Index > 0 && !settings.WrapsToRight ? settings.WrapIndent.Value : 0;
}
