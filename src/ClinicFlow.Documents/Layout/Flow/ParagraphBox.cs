using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using Fill = ClinicFlow.Documents.Layout.Pages.Fill;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>
/// Lines around paragraphs and colour behind them. Paragraphs after each other with the same lines and indents stand in one box.
/// Evidence: docs/layout.md, "Borders".
/// </summary>
internal static class ParagraphBox
{
    public static bool Has(Paragraph paragraph) => paragraph.Format.Borders is not null || paragraph.Format.Shading is not null;

    /// <summary>Whether two paragraphs stand in one box.</summary>
    public static bool IsShared(Paragraph? a, Paragraph? b) =>
        a is not null && b is not null && Has(a) && Has(b)
        && Equals(a.Format.Borders, b.Format.Borders)
        && (a.Format.Borders is not null || Equals(a.Format.Shading, b.Format.Shading))
        && a.Format.IndentStart == b.Format.IndentStart && a.Format.IndentEnd == b.Format.IndentEnd && Equals(a.Format.Frame, b.Format.Frame)
        && (a.Format.FirstLine.Value < 0 ? a.Format.FirstLine : Pt.Zero) == (b.Format.FirstLine.Value < 0 ? b.Format.FirstLine : Pt.Zero);

    /// <summary>What the upper line and its distance take from the flow.</summary>
    public static double TopInset(Paragraph paragraph, bool isShared)
    {
        var border = isShared ? paragraph.Format.Borders?.Between : paragraph.Format.Borders?.Top;
        return border is null ? 0 : BorderLines.WidthOf(border) + border.Space.Value;
    }

    public static double BottomInset(Paragraph paragraph, bool isShared)
    {
        if (isShared)
        {
            return paragraph.Format.Borders?.Between?.Space.Value ?? 0;
        }

        var border = paragraph.Format.Borders?.Bottom;
        return border is null ? 0 : BorderLines.WidthOf(border) + border.Space.Value;
    }

    /// <summary>Paints the box of a paragraph or a piece of one.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="paragraph">Whose.</param>
    /// <param name="x">Left text margin.</param>
    /// <param name="width">Between the text margins.</param>
    /// <param name="top">Upper side of the box; where it is shared with the paragraph above, the end of that one's lines.</param>
    /// <param name="bottom">Lower side of the box.</param>
    /// <param name="hasTop">An upper line is drawn.</param>
    /// <param name="isShared">It is the one between paragraphs of one box.</param>
    /// <param name="hasBottom">A lower line is drawn.</param>
    public static void Paint(Canvas canvas, Paragraph paragraph, double x, double width, double top, double bottom, bool hasTop, bool isShared, bool hasBottom)
    {
        if (!Has(paragraph) || bottom <= top)
        {
            return;
        }

        var builder = new FragmentBuilder();
        var format = paragraph.Format;
        var hanging = Math.Min(0, format.FirstLine.Value);
        var start = format.IndentStart.Value + hanging;
        var (left, right) = format.IsRightToLeft
            ? (format.IndentEnd.Value, width - start)
            : (start, width - format.IndentEnd.Value);
        var borders = format.Borders;
        var leftBorder = borders?.Left;
        var rightBorder = borders?.Right;
        var outerLeft = left - (leftBorder is null ? 0 : leftBorder.Space.Value);
        var outerRight = right + (rightBorder is null ? 0 : rightBorder.Space.Value);
        var height = bottom - top;
        if (format.Shading is { } shading)
        {
            ShadingPainter.Add(builder, new Fill((float)outerLeft, 0, (float)(outerRight - outerLeft), (float)height, BorderLines.PaintOf(shading)), format.ShadingDots);
        }

        if (borders is not null)
        {
            var (leftWidth, rightWidth) = (BorderLines.WidthOf(leftBorder), BorderLines.WidthOf(rightBorder));
            if (leftBorder is not null)
            {
                BorderLines.AddVertical(builder, leftBorder, 0, height, outerLeft - leftWidth, isMitred: hasTop && hasBottom);
            }

            if (rightBorder is not null)
            {
                BorderLines.AddVertical(builder, rightBorder, 0, height, outerRight, isOuterRight: true, isMitred: hasTop && hasBottom);
            }

            var upper = isShared ? borders.Between : borders.Top;
            if (hasTop && upper is not null)
            {
                BorderLines.AddHorizontal(builder, upper, outerLeft - leftWidth, outerRight + rightWidth, 0, isMitred: !isShared);
            }

            if (hasBottom && borders.Bottom is { } lower)
            {
                BorderLines.AddHorizontal(builder, lower, outerLeft - leftWidth, outerRight + rightWidth, height - BorderLines.WidthOf(lower), isOuterBelow: true, isMitred: true);
            }

            BorderLines.AddShadow(builder, rightBorder, hasBottom ? borders.Bottom : null, new(outerLeft - leftWidth, 0, outerRight + rightWidth - outerLeft + leftWidth, height), isStart: hasTop && !isShared);

            if (borders.Bar is { } bar)
            {
                BorderLines.AddVertical(builder, bar, 0, height, -bar.Space.Value - BorderLines.WidthOf(bar));
            }
        }

        if (!builder.IsEmpty)
        {
            canvas.Add(builder.Build(), x, top, null);
        }
    }
}
