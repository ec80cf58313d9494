namespace ClinicFlow.Documents.Content;

/// <summary>A cell's part in a merge of cells of several rows.</summary>
internal enum VerticalMerge
{
    /// <summary>None.</summary>
    None,

    /// <summary>It is the upper one, which has the content.</summary>
    Starts,

    /// <summary>It belongs to the one above.</summary>
    Continues,
}

/// <summary>A cell in the grid.</summary>
/// <param name="Cell">The cell; null for a gap that is filled.</param>
/// <param name="Columns">How many columns it takes.</param>
/// <param name="Merge">Its part in a merge.</param>
internal readonly record struct PlacedCell(RichCell? Cell, int Columns, VerticalMerge Merge);

/// <summary>
/// Puts the cells of an HTML table where they belong (HTML standard, "forming a table"), so that every row fills all
/// columns, as Word asks for.
/// </summary>
internal static class TableGrid
{
    /// <summary>Places all cells. Cells beyond the last column that is allowed are left out of the grid; their blocks join the cell before.</summary>
    public static (List<List<PlacedCell>> Rows, int Columns) Place(RichBlock.Table table, int maxColumns)
    {
        var rows = new List<List<PlacedCell>>();
        var rowsLeft = new int[maxColumns];
        var widths = new int[maxColumns];
        var columns = 1;
        for (var index = 0; index < table.Rows.Length; index++)
        {
            var row = new List<PlacedCell>();
            var cells = new Queue<RichCell>(table.Rows[index].Cells);
            var column = 0;
            while (column < maxColumns && (cells.Count > 0 || rowsLeft.AsSpan(column).ContainsAnyExcept(0)))
            {
                column += PlaceNext(row, cells, column);
            }

            // What finds no place joins the last cell that has content.
            var last = row.FindLastIndex(placed => placed is { Cell: not null, Merge: not VerticalMerge.Continues });
            if (cells.Count > 0 && last >= 0)
            {
                var cell = row[last].Cell!;
                row[last] = row[last] with { Cell = cell with { Blocks = [.. cell.Blocks, .. cells.SelectMany(more => more.Blocks)] } };
            }

            columns = Math.Max(columns, column);
            rows.Add(row);

            int PlaceNext(List<PlacedCell> row, Queue<RichCell> cells, int column)
            {
                if (rowsLeft[column] > 0)
                {
                    rowsLeft[column]--;
                    row.Add(new PlacedCell(null, widths[column], VerticalMerge.Continues));
                    return widths[column];
                }

                // The room up to the next cell that reaches down from above.
                var room = rowsLeft.AsSpan(column).IndexOfAnyExcept(0);
                room = room < 0 ? maxColumns - column : room;
                if (!cells.TryDequeue(out var cell))
                {
                    row.Add(new PlacedCell(null, room, VerticalMerge.None));
                    return room;
                }

                var width = Math.Min(cell.ColumnSpan, room);
                var reach = Math.Min(cell.RowSpan, table.Rows.Length - index);
                (rowsLeft[column], widths[column]) = (reach - 1, width);
                row.Add(new PlacedCell(cell, width, reach > 1 ? VerticalMerge.Starts : VerticalMerge.None));
                return width;
            }
        }

        foreach (var row in rows)
        {
            var missing = columns - row.Sum(placed => placed.Columns);
            if (missing > 0)
            {
                row.Add(new PlacedCell(null, missing, VerticalMerge.None));
            }
        }

        return (rows, columns);
    }
}
