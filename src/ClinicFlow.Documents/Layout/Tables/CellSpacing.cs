using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Tables;

/// <summary>
/// Tables whose cells stand apart (w:tblCellSpacing, ECMA-376 Part 1 §17.4.44): each cell is a box with lines of its own within its place in the grid, and
/// the table's lines go around all of them. Between two boxes, and between a box and the table's line, lies twice the stored length. Evidence:
/// docs/layout.md, "Space between cells".
/// </summary>
internal static class CellSpacing
{
    public static bool IsIn(Table table)
    {
        foreach (var row in table.Rows)
        {
            if (row.CellSpacing.Value > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A row's spacing, which leaves at least half of the room to its cells.</summary>
    public static Pt Of(TableRow row, int columns, double room) => row.CellSpacing.Value <= 0 ? Pt.Zero : Pt.Min(row.CellSpacing, new(Math.Max(0, room) / (4 * (columns + 1))));

    /// <summary>What lies between the edges of a cell's place in the grid and its box.</summary>
    /// <param name="spacing">As stored.</param>
    /// <param name="isFirstRow">Whether the cell stands at the table's upper edge.</param>
    /// <param name="isLastRow">At its lower edge.</param>
    /// <param name="isFirstColumn">At the side where rows begin.</param>
    /// <param name="isLastColumn">At the side where they end.</param>
    public static CellMargins Around(Pt spacing, bool isFirstRow, bool isLastRow, bool isFirstColumn, bool isLastColumn)
        => new(Side(spacing, isFirstRow), Side(spacing, isLastColumn), Side(spacing, isLastRow), Side(spacing, isFirstColumn));

    /// <summary>The margins of a cell's text from its place in the grid: the room around its box, its upper and lower line, its own margins.</summary>
    public static CellMargins Within(TableCell cell, CellMargins around)
    {
        var own = cell.Margins;
        return new(
            new(around.Top.Value + BorderLines.WidthOf(cell.Borders.Top) + own.Top.Value),
            around.End + own.End,
            new(around.Bottom.Value + BorderLines.WidthOf(cell.Borders.Bottom) + own.Bottom.Value),
            around.Start + own.Start);
    }

    /// <summary>The lines of a cell's box: those above and below within it, those at the sides on its edge.</summary>
    public static void AddLines(FragmentBuilder into, CellBorders borders, Box box, bool isRightToLeft)
        => AddLines(into, borders.Top, borders.End, borders.Bottom, borders.Start, box, isRightToLeft);

    /// <summary>The lines around the table's rows of one page.</summary>
    /// <param name="into">Where they go.</param>
    /// <param name="borders">The table's.</param>
    /// <param name="box">From above its upper to below its lower line.</param>
    /// <param name="hasTop">Whether the table begins here.</param>
    /// <param name="hasBottom">Whether it ends here.</param>
    /// <param name="isRightToLeft">Whether rows begin at the right.</param>
    public static void AddOutline(FragmentBuilder into, TableBorders borders, Box box, bool hasTop, bool hasBottom, bool isRightToLeft)
        => AddLines(into, hasTop ? borders.Top : null, borders.End, hasBottom ? borders.Bottom : null, borders.Start, box, isRightToLeft);

    private static Pt Side(Pt spacing, bool isOuter) => isOuter ? spacing + spacing : spacing;

    private static void AddLines(FragmentBuilder into, Border? top, Border? end, Border? bottom, Border? start, Box box, bool isRightToLeft)
    {
        var (left, right) = isRightToLeft ? (end, start) : (start, end);
        var (halfLeft, halfRight) = (BorderLines.WidthOf(left) / 2, BorderLines.WidthOf(right) / 2);
        if (top is not null)
        {
            BorderLines.AddHorizontal(into, top, box.Left - halfLeft, box.Right + halfRight, box.Top);
        }

        if (bottom is not null)
        {
            BorderLines.AddHorizontal(into, bottom, box.Left - halfLeft, box.Right + halfRight, box.Bottom - BorderLines.WidthOf(bottom), isOuterBelow: true);
        }

        if (left is not null)
        {
            BorderLines.AddVertical(into, left, box.Top, box.Bottom, box.Left - halfLeft);
        }

        if (right is not null)
        {
            BorderLines.AddVertical(into, right, box.Top, box.Bottom, box.Right - halfRight, isOuterRight: true);
        }
    }
}
