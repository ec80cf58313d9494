using ClinicFlow.Documents.Layout.Flow;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Tables;

/// <summary>
/// Sets a table: 1. widths of its columns; 2. where each cell begins and how many rows it spans; 3. the lines between cells; 4. what is in the cells;
/// 5. heights of rows. Evidence: docs/layout.md, "Tables".
/// </summary>
internal sealed class TableLayout(LayoutParts parts)
{
    /// <summary>Word allows 63 columns; a file may claim more.</summary>
    private const int MostColumns = 512;

    public LaidTable Lay(Table table, StackPlace place)
    {
        var columns = CountColumns(table);
        if (columns == 0 || table.Rows.Length == 0 || place.Depth > LayoutParts.DeepestNesting)
        {
            return LaidTable.Nothing;
        }

        var isOld = parts.Settings.CompatibilityMode < 15;
        if (table.Position is { } position)
        {
            place = place with { Table = position };
        }

        var widths = Widths(table, columns, place);
        var total = widths.Sum();
        var lefts = new double[columns + 1];
        for (var i = 0; i < columns; i++)
        {
            lefts[i + 1] = lefts[i] + widths[i];
        }

        // In mode 15 the border stands at the margin, before that the text.
        var firstMargin = table.Rows[0].Cells.Length > 0 ? table.Rows[0].Cells[0].Margins.Start.Value : table.Margins.Start.Value;
        var shift = isOld && !place.IsCell ? firstMargin : isOld ? table.Margins.Start.Value : 0;
        var left = table.Alignment switch
        {
            TableAlignment.Center => (place.Width - total) / 2,
            TableAlignment.End => table.IsRightToLeft ? table.Indent.Value - shift : place.Width - total,
            _ => table.IsRightToLeft ? place.Width - total - table.Indent.Value + shift : table.Indent.Value - shift,
        };
        if (table.Position is not null)
        {
            left = 0;
        }

        var owner = place.IsArtifact ? null : new StructureOwner(StructureRole.Table, place.Parent) { AlternativeText = table.AlternativeText.Length > 0 ? table.AlternativeText : null };
        var rows = new List<LaidRow>(table.Rows.Length);
        var spans = new VerticalSpans(columns);
        for (var r = 0; r < table.Rows.Length; r++)
        {
            rows.Add(LayRow(table, r, lefts, place, owner, spans));
        }

        if (CellSpacing.IsIn(table))
        {
            SetHeightsApart(table, rows, place.Width);
            if (FitTurned(table, rows, place))
            {
                SetHeightsApart(table, rows, place.Width);
            }

            return new LaidTable(rows, null, lefts, left, table.IsRightToLeft, FindHeaders(table));
        }

        var grid = new BorderGrid(rows.Count, columns, (r, c) => rows[r].Places[table.IsRightToLeft ? columns - 1 - c : c], table.IsRightToLeft);
        SetHeights(table, rows, grid.WidthAbove);
        if (FitTurned(table, rows, place))
        {
            SetHeights(table, rows, grid.WidthAbove);
        }

        return new LaidTable(rows, grid, lefts, left, table.IsRightToLeft, FindHeaders(table));
    }

    private HeaderRows FindHeaders(Table table)
    {
        var count = 0;
        while (count < table.Rows.Length && table.Rows[count].IsHeader)
        {
            count++;
        }

        return new(count, parts.Settings.Has(CompatibilityFlags.DifferentiateMultirowTableHeaders));
    }

    private static int CountColumns(Table table)
    {
        var most = 0;
        foreach (var row in table.Rows)
        {
            var count = row.ColumnsBefore + row.ColumnsAfter;
            foreach (var cell in row.Cells)
            {
                count += cell.ColumnSpan;
            }

            most = Math.Max(most, count);
        }

        return Math.Min(MostColumns, Math.Max(most, 0));
    }

    // 1. Widths.
    private double[] Widths(Table table, int columns, StackPlace place)
    {
        // Before mode 15 a table reaches into both margins by its cells' own: its text stands between them.
        var room = place.Width + (parts.Settings.CompatibilityMode < 15 && !place.IsCell ? table.Margins.Start.Value + table.Margins.End.Value : 0);
        double? tableWidth = table.Width.Kind switch
        {
            WidthKind.Length when table.Width.Length.Value > 0 => table.Width.Length.Value,
            WidthKind.Share when table.Width.Share > 0 => table.Width.Share * place.Width,
            _ => null,
        };
        var grid = new double[columns];
        for (var i = 0; i < columns && i < table.Grid.Length; i++)
        {
            grid[i] = Math.Max(0, table.Grid[i].Value);
        }

        if (table.IsFixed)
        {
            return FixedWidths(table, grid, tableWidth, room);
        }

        var demands = new List<CellDemand>();
        foreach (var row in table.Rows)
        {
            var column = row.ColumnsBefore;
            if (row.ColumnsBefore > 0 && PreferredOf(row.WidthBefore, tableWidth ?? room) is { } before && row.ColumnsBefore <= columns)
            {
                demands.Add(new(0, row.ColumnsBefore, before, 0, 0));
            }

            foreach (var cell in row.Cells)
            {
                var span = Math.Min(cell.ColumnSpan, columns - column);
                if (span <= 0)
                {
                    break;
                }

                var sides = cell.Margins.Start.Value + cell.Margins.End.Value
                    + (((column == 0 ? 2 : 1) + (column + span == columns ? 2 : 1)) * CellSpacing.Of(row, columns, place.Width).Value);
                var preferred = PreferredOf(cell.Width, tableWidth ?? room);
                if (cell.VerticalMerge == VerticalMerge.Continue || cell.Direction is TextDirection.Clockwise or TextDirection.CounterClockwise)
                {
                    demands.Add(new(column, span, preferred, 0, 0));
                }
                else
                {
                    var content = ContentWidths.Of(cell.Blocks, parts, place.Depth);
                    var least = cell.DoesNotWrap && preferred is null ? content.Max : content.Min;
                    demands.Add(new(column, span, preferred, least + sides, content.Max + sides));
                }

                column += span;
            }
        }

        return ColumnWidths.Autofit(columns, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(demands), tableWidth, room);
    }

    // Fixed: the grid, or where it says nothing the cells; what is missing is shared.
    private static double[] FixedWidths(Table table, double[] grid, double? tableWidth, double room)
    {
        var known = new double[grid.Length];
        foreach (var row in table.Rows)
        {
            var column = row.ColumnsBefore;
            foreach (var cell in row.Cells)
            {
                var span = Math.Min(cell.ColumnSpan, grid.Length - column);
                if (span <= 0)
                {
                    break;
                }

                if (span == 1 && PreferredOf(cell.Width, tableWidth ?? room) is { } width && known[column] == 0)
                {
                    known[column] = width;
                }

                column += span;
            }
        }

        var widths = new double[grid.Length];
        for (var i = 0; i < grid.Length; i++)
        {
            widths[i] = grid[i] > 0 ? grid[i] : known[i];
        }

        var missing = widths.Count(width => width <= 0);
        if (missing > 0)
        {
            var rest = Math.Max(0, (tableWidth ?? room) - widths.Sum());
            for (var i = 0; i < widths.Length; i++)
            {
                widths[i] = widths[i] > 0 ? widths[i] : Math.Max(rest / missing, 1);
            }
        }

        return widths;
    }

    private static double? PreferredOf(TableWidth width, double whole) => width.Kind switch
    {
        WidthKind.Length when width.Length.Value > 0 => width.Length.Value,
        WidthKind.Share when width.Share > 0 => width.Share * whole,
        _ => null,
    };

    // 2. and 4. Cells at their places, with their content.
    private LaidRow LayRow(Table table, int index, double[] lefts, StackPlace place, StructureOwner? tableOwner, VerticalSpans spans)
    {
        var row = table.Rows[index];
        var columns = lefts.Length - 1;
        var laid = new LaidRow(row, columns);
        var owner = tableOwner is null ? null : new StructureOwner(StructureRole.TableRow, tableOwner);
        var column = Math.Min(row.ColumnsBefore, columns);
        var isHeader = row.IsHeader;
        spans.StartRow();
        foreach (var cell in row.Cells)
        {
            var span = Math.Min(cell.ColumnSpan, columns - column);
            if (span <= 0)
            {
                break;
            }

            if (cell.VerticalMerge == VerticalMerge.Continue && spans.Continue(column, span) is { } above)
            {
                laid.Put(column, span, new GridCell(cell, above));
                column += span;
                continue;
            }

            var width = lefts[column + span] - lefts[column];
            var left = table.IsRightToLeft ? lefts[columns] - lefts[column + span] : lefts[column];
            var isTurned = cell.Direction is TextDirection.Clockwise or TextDirection.CounterClockwise;
            var cellOwner = owner is null ? null : new StructureOwner(RoleOf(table, cell, isHeader, column), owner) { ColumnSpan = (short)span };
            var around = row.CellSpacing.Value > 0 ? CellSpacing.Around(CellSpacing.Of(row, columns, place.Width), index == 0, isLastRow: false, column == 0, column + span == columns) : default;
            var stack = LayCell(cell, around == default ? cell.Margins : CellSpacing.Within(cell, around), row, width, place, cellOwner, isTurned);
            var laidCell = new LaidCell(cell, stack, left, width, column, span, index, isTurned) { Owner = cellOwner, Around = around };
            laid.Cells.Add(laidCell);
            laid.Put(column, span, new GridCell(cell, laidCell));
            laidCell.AwaitsRows = isTurned && cell.VerticalMerge == VerticalMerge.Restart;
            if (cell.VerticalMerge == VerticalMerge.Restart)
            {
                spans.Start(column, span, laidCell);
            }

            column += span;
        }

        spans.EndRow();
        return laid;
    }

    // A first cell without text says nothing of its row.
    private static StructureRole RoleOf(Table table, TableCell cell, bool isHeader, int column)
    {
        if (isHeader)
        {
            return StructureRole.TableHeaderCell;
        }

        if (column == 0 && table.HasRowHeaders)
        {
            foreach (var block in cell.Blocks)
            {
                if (block is Paragraph { Inlines.IsEmpty: false })
                {
                    return StructureRole.TableRowHeaderCell;
                }
            }
        }

        return StructureRole.TableCell;
    }

    // Turned text over several rows has lines as long as these are high, but not shorter than its longest word; in one row it is laid already. False where there is none.
    private bool FitTurned(Table table, List<LaidRow> rows, StackPlace place)
    {
        var isAny = false;
        for (var r = 0; r < rows.Count; r++)
        {
            foreach (var cell in rows[r].Cells)
            {
                if (!cell.AwaitsRows)
                {
                    continue;
                }

                (cell.AwaitsRows, isAny) = (false, true);
                if (cell.RowSpan > 1)
                {
                    var have = -cell.Margins.Top.Value - cell.Margins.Bottom.Value;
                    for (var i = r; i < Math.Min(rows.Count, r + cell.RowSpan); i++)
                    {
                        have += rows[i].Height - (i == r ? rows[i].LineAbove : 0);
                    }

                    cell.Stack = LayCell(cell.Cell, cell.Margins, table.Rows[r], cell.Width, place, cell.Owner, isTurned: true, Math.Max(have, ContentWidths.Of(cell.Cell.Blocks, parts, place.Depth).Min + 0.05));
                }
            }
        }

        return isAny;
    }

    private LaidStack LayCell(TableCell cell, CellMargins margins, TableRow row, double width, StackPlace place, StructureOwner? owner, bool isTurned, double? along = null)
    {
        var inner = Math.Max(1, width - margins.Start.Value - margins.End.Value);
        if (along is { } length)
        {
            inner = Math.Max(1, length);
        }
        else if (isTurned)
        {
            // Turned text runs along the row's height: as long as that is said to be, else as its longest line.
            inner = row.Height.Value > 0
                ? Math.Max(1, row.Height.Value - margins.Top.Value - margins.Bottom.Value)
                : Math.Max(1, ContentWidths.Of(cell.Blocks, parts, place.Depth).Max + 0.05);
        }

        return parts.Stacks.Lay(cell.Blocks, new StackPlace
        {
            Width = inner,
            GridPitch = parts.Settings.Has(CompatibilityFlags.AdjustLineHeightInTable) ? place.GridPitch : 0,
            Background = cell.Shading ?? place.Background,
            Parent = owner,
            IsArtifact = owner is null,
            IsCell = true,
            IgnoresEndMark = cell.IgnoresEndMark,
            Depth = place.Depth + 1,
            Table = place.Table,
            Frame = FloatFrame.OfBox(inner, 100_000),
        });
    }

    // Where cells stand apart the table's own line is the only one above a row; what is below a cell is known when it is known how many rows it spans.
    private static void SetHeightsApart(Table table, List<LaidRow> rows, double room)
    {
        foreach (var row in rows)
        {
            foreach (var cell in row.Cells)
            {
                if (cell.Row + cell.RowSpan >= rows.Count)
                {
                    var spacing = CellSpacing.Of(row.Source, row.Places.Length, room);
                    cell.Around = cell.Around with { Bottom = spacing + spacing };
                }
            }
        }

        SetHeights(table, rows, r => r == 0 ? BorderLines.WidthOf(table.Rows[0].TableBorders.Top) : 0);
    }

    // 5. Heights: the highest cell, and the line above once; what merged cells need more goes to their last row.
    private static void SetHeights(Table table, List<LaidRow> rows, Func<int, double> lineAbove)
    {
        for (var r = 0; r < rows.Count; r++)
        {
            var row = table.Rows[r];
            var content = 0.0;
            foreach (var cell in rows[r].Cells)
            {
                if (cell.RowSpan == 1)
                {
                    content = Math.Max(content, cell.NeededHeight);
                }
            }

            rows[r].LineAbove = lineAbove(r);
            rows[r].Height = row.HeightRule == LineRule.Exact && row.Height.Value > 0
                ? row.Height.Value
                : Math.Max(content, row.Height.Value) + rows[r].LineAbove;
        }

        for (var r = 0; r < rows.Count; r++)
        {
            foreach (var cell in rows[r].Cells)
            {
                if (cell.RowSpan > 1)
                {
                    var last = Math.Min(rows.Count - 1, r + cell.RowSpan - 1);
                    var have = 0.0;
                    for (var i = r; i <= last; i++)
                    {
                        have += rows[i].Height - (i == r ? rows[i].LineAbove : 0);
                    }

                    if (cell.NeededHeight > have && table.Rows[last].HeightRule != LineRule.Exact)
                    {
                        rows[last].Height += cell.NeededHeight - have;
                    }
                }
            }
        }

        var top = 0.0;
        foreach (var row in rows)
        {
            row.Top = top;
            top += row.Height;
        }
    }

    /// <summary>Merged cells that are open while rows are read from the top.</summary>
    private sealed class VerticalSpans(int columns)
    {
        private readonly LaidCell?[] _open = new LaidCell?[columns];
        private readonly bool[] _touched = new bool[columns];

        public void StartRow() => Array.Clear(_touched);

        public LaidCell? Continue(int column, int span)
        {
            if (_open[column] is not { } cell || cell.Column != column || cell.Span != span)
            {
                return null;
            }

            cell.RowSpan++;
            if (cell.Owner is { } owner)
            {
                owner.RowSpan = (short)cell.RowSpan;
            }

            _touched[column] = true;
            return cell;
        }

        public void Start(int column, int span, LaidCell cell)
        {
            for (var i = column; i < column + span; i++)
            {
                _open[i] = i == column ? cell : null;
            }

            _touched[column] = true;
        }

        public void EndRow()
        {
            for (var i = 0; i < _open.Length; i++)
            {
                _open[i] = _touched[i] ? _open[i] : null;
            }
        }
    }
}
