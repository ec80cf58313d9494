using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Tables;

/// <summary>
/// Which line stands on each edge of a table's grid. Where two cells meet, one of their lines wins (ECMA-376 Part 1, 17.4.66; docs/layout.md,
/// "Table borders").
/// </summary>
internal sealed class BorderGrid
{
    private readonly Border?[,] _horizontal;
    private readonly Border?[,] _vertical;

    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of grid columns.</param>
    /// <param name="cellAt">The cell that covers a grid place, merged cells included; null where there is none. Same object for the same cell.</param>
    /// <param name="isRightToLeft">Columns are counted from the right: start and end change sides.</param>
    public BorderGrid(int rows, int columns, Func<int, int, GridCell?> cellAt, bool isRightToLeft)
    {
        _horizontal = new Border?[rows + 1, columns];
        _vertical = new Border?[rows, columns + 1];
        for (var r = 0; r <= rows; r++)
        {
            for (var c = 0; c < columns; c++)
            {
                var above = r > 0 ? cellAt(r - 1, c) : null;
                var below = r < rows ? cellAt(r, c) : null;
                _horizontal[r, c] = above is not null && ReferenceEquals(above.Anchor, below?.Anchor)
                    ? null
                    : Winner(Edge(above, CellSides.Bottom, isRightToLeft), Edge(below, CellSides.Top, isRightToLeft));
            }
        }

        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c <= columns; c++)
            {
                var left = c > 0 ? cellAt(r, c - 1) : null;
                var right = c < columns ? cellAt(r, c) : null;
                _vertical[r, c] = left is not null && ReferenceEquals(left.Anchor, right?.Anchor)
                    ? null
                    : Winner(Edge(left, CellSides.End, isRightToLeft), Edge(right, CellSides.Start, isRightToLeft));
            }
        }
    }

    /// <summary>The line above a row (or below the last one) in a column.</summary>
    public Border? Horizontal(int row, int column) => _horizontal[row, column];

    /// <summary>The line at the left of a column (or the right of the last one) in a row, as drawn.</summary>
    public Border? Vertical(int row, int column) => _vertical[row, column];

    /// <summary>The thickest line above a row.</summary>
    public double WidthAbove(int row)
    {
        var width = 0.0;
        for (var c = 0; c < _horizontal.GetLength(1); c++)
        {
            width = Math.Max(width, BorderLines.WidthOf(_horizontal[row, c]));
        }

        return width;
    }

    private readonly record struct Side(bool Exists, Border? Border, bool IsOwn);

    private static Side Edge(GridCell? cell, CellSides side, bool isRightToLeft)
    {
        if (cell is null)
        {
            return default;
        }

        // The grid is as drawn: in a table from right to left a cell's start is at the right.
        if (isRightToLeft)
        {
            side = side switch
            {
                CellSides.Start => CellSides.End,
                CellSides.End => CellSides.Start,
                _ => side,
            };
        }

        var borders = cell.Cell.Borders;
        var border = side switch
        {
            CellSides.Top => borders.Top,
            CellSides.Bottom => borders.Bottom,
            CellSides.Start => borders.Start,
            _ => borders.End,
        };
        return new(true, border, (borders.Own & side) != 0);
    }

    // A line that a cell states itself wins over one that its neighbour only has of the table; then the heavier, then the darker one.
    private static Border? Winner(Side a, Side b)
    {
        if (!a.Exists || !b.Exists)
        {
            return a.Exists ? a.Border : b.Border;
        }

        if (a.Border is null || b.Border is null)
        {
            return a.Border ?? b.Border;
        }

        if (a.IsOwn != b.IsOwn)
        {
            return a.IsOwn ? a.Border : b.Border;
        }

        var (weightA, weightB) = (Weight(a.Border), Weight(b.Border));
        if (weightA != weightB)
        {
            return weightA > weightB ? a.Border : b.Border;
        }

        return Lightness(a.Border) <= Lightness(b.Border) ? a.Border : b.Border;
    }

    private static double Weight(Border border) => BorderLines.WidthOf(border) + (border.Style switch
    {
        BorderStyle.Dotted or BorderStyle.Dashed or BorderStyle.DotDash or BorderStyle.DotDotDash or BorderStyle.DashSmallGap => -0.1,
        _ => 0,
    });

    private static int Lightness(Border border) => border.Color is { } c ? c.Red + c.Blue + (2 * c.Green) : 0;
}

/// <summary>A grid place's cell.</summary>
/// <param name="Cell">The cell itself: of a vertically merged one, that of this row.</param>
/// <param name="Anchor">The same object for all places of one merged cell.</param>
internal sealed record GridCell(TableCell Cell, object Anchor);
