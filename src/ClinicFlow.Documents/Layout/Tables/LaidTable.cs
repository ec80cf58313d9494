using ClinicFlow.Documents.Layout.Flow;
using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using Fill = ClinicFlow.Documents.Layout.Pages.Fill;

namespace ClinicFlow.Documents.Layout.Tables;

/// <summary>A cell with its content.</summary>
internal sealed class LaidCell(TableCell cell, LaidStack stack, double left, double width, int column, int span, int row, bool isTurned)
{
    public TableCell Cell { get; } = cell;

    public LaidStack Stack { get; set; } = stack;

    /// <summary>Whether its lines are to be as long as its rows come to be high without it: turned text over several rows.</summary>
    public bool AwaitsRows { get; set; }

    /// <summary>As drawn, from the table's left edge.</summary>
    public double Left { get; } = left;

    public double Width { get; } = width;

    public int Column { get; } = column;

    public int Span { get; } = span;

    public int Row { get; } = row;

    /// <summary>Its text runs along the row's height.</summary>
    public bool IsTurned { get; } = isTurned;

    public int RowSpan { get; set; } = 1;

    public StructureOwner? Owner { get; init; }

    /// <summary>Between its place in the grid and its box, where cells stand apart.</summary>
    public CellMargins Around { get; set; }

    /// <summary>From its place in the grid to its text.</summary>
    public CellMargins Margins => Around == default ? Cell.Margins : CellSpacing.Within(Cell, Around);

    /// <summary>Its box, where its place in the grid is as high as from one line to another.</summary>
    public Box BoxIn(double top, double bottom, bool isRightToLeft)
    {
        var (start, end) = isRightToLeft ? (Around.End.Value, Around.Start.Value) : (Around.Start.Value, Around.End.Value);
        return new(Left + start, top + Around.Top.Value, Math.Max(0, Width - start - end), Math.Max(0, bottom - top - Around.Top.Value - Around.Bottom.Value));
    }

    /// <summary>With its margins.</summary>
    public double NeededHeight => AwaitsRows ? 0 : (IsTurned ? TurnedLength : Math.Max(Stack.Height, Stack.FloatBottom)) + Margins.Top.Value + Margins.Bottom.Value;

    private double TurnedLength => Stack.IsEmpty ? 0 : Stack.Width;
}

/// <summary>A row with its cells.</summary>
internal sealed class LaidRow(TableRow source, int columns)
{
    public TableRow Source { get; } = source;

    public List<LaidCell> Cells { get; } = [];

    /// <summary>What covers each grid column, counted from the start side.</summary>
    public GridCell?[] Places { get; } = new GridCell?[columns];

    /// <summary>The cells that cover some of the row, those of rows above among them; asked for when all rows are there.</summary>
    public LaidCell[] Covering => field ??= FindCovering();

    public double Top { get; set; }

    public double Height { get; set; }

    /// <summary>Thickness of the line above; part of <see cref="Height"/>.</summary>
    public double LineAbove { get; set; }

    public bool IsExact => Source.HeightRule == LineRule.Exact && Source.Height.Value > 0;

    public double Bottom => Top + Height;

    /// <summary>Whether the text of a cell begins with a paragraph that begins a page: then the row does.</summary>
    public bool BreaksPageBefore => Cells.Exists(cell => cell.Cell.Blocks is [Paragraph { Format.BreaksPageBefore: true }, ..]);

    private LaidCell[] FindCovering()
    {
        var cells = new LaidCell[Places.Length];
        var count = 0;
        foreach (var place in Places)
        {
            if (place?.Anchor is LaidCell cell && (count == 0 || !ReferenceEquals(cell, cells[count - 1])))
            {
                cells[count++] = cell;
            }
        }

        return count == cells.Length ? cells : cells[..count];
    }

    public void Put(int column, int span, GridCell cell)
    {
        for (var i = column; i < column + span && i < Places.Length; i++)
        {
            Places[i] = cell;
        }
    }
}

/// <summary>The rows that head a table. None of them is cut.</summary>
/// <param name="Count">How many rows from the first on say so.</param>
/// <param name="StayTogether">Whether no page ends between them (docs/layout.md, "Tables").</param>
internal readonly record struct HeaderRows(int Count, bool StayTogether);

/// <summary>A table that is set. Its own measure runs from the line above its first row to the line below its last.</summary>
internal sealed class LaidTable : LaidBlock
{
    public static readonly LaidTable Nothing = new([], null, [0], 0, false, default);

    private readonly List<LaidRow> _rows;
    private readonly BorderGrid? _grid;
    private readonly double[] _lefts;
    private readonly bool _isRightToLeft;
    private readonly int _headers;
    private readonly HeaderRows _headerRows;
    private readonly double _headerHeight;
    private readonly double _lastLine;
    private readonly bool _isApart;

    /// <summary>A table; without lines between cells where they stand apart.</summary>
    public LaidTable(List<LaidRow> rows, BorderGrid? grid, double[] lefts, double left, bool isRightToLeft, HeaderRows headers)
    {
        (_rows, _grid, _lefts, Left, _isRightToLeft, _headerRows) = (rows, grid, lefts, left, isRightToLeft, headers);

        // Where all rows are headers, none is repeated.
        _headers = headers.Count < rows.Count ? headers.Count : 0;
        _isApart = grid is null && rows.Count > 0;
        _lastLine = grid?.WidthAbove(rows.Count) ?? (rows.Count > 0 ? BorderLines.WidthOf(rows[^1].Source.TableBorders.Bottom) : 0);
        Height = rows.Count == 0 ? 0 : rows[^1].Bottom + _lastLine;
        _headerHeight = _headers == 0 ? 0 : rows[_headers - 1].Bottom;
    }

    /// <summary>From the text margin.</summary>
    public double Left { get; }

    public double Width => _lefts[^1];

    /// <summary>Whether the first row is to stand on the page of the next block's start: its first paragraph keeps with next.</summary>
    public bool KeepsWithNext(int row) =>
        _rows[row].Cells.Count > 0 && _rows[row].Cells[0].Cell.Blocks.Length > 0 && _rows[row].Cells[0].Cell.Blocks[0] is Paragraph { Format.KeepsWithNext: true };

    /// <summary>Height of the least that can stand on a page.</summary>
    public double SmallestPiece()
    {
        // The header rows and what they head.
        var last = Math.Min(_headers, _rows.Count - 1);
        while (last >= 0 && last < _rows.Count - 1 && KeepsWithNext(last))
        {
            last++;
        }

        if (last < 0)
        {
            return 0;
        }

        if (last > 0 || _rows[0].Source.CannotSplit || _rows[0].IsExact)
        {
            return _rows[last].Bottom;
        }

        var cut = CutRow(0, 0, double.PositiveInfinity, smallest: true);
        return cut.Height;
    }

    /// <summary>Where the first row at or below a place begins whose text asks for a new page; infinite where none does.</summary>
    public double NextBreak(double from)
    {
        foreach (var row in _rows)
        {
            if (row.Top >= from && row.BreaksPageBefore)
            {
                return row.Top;
            }
        }

        return double.PositiveInfinity;
    }

    private int RowAt(double from)
    {
        var (low, high) = (0, _rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _rows[middle].Bottom > from + Noise ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private bool RepeatsHeaders(double from, double room) => _headers > 0 && from >= _headerHeight - Noise && _headerHeight < room;

    public override Slice Cut(double from, double room, bool mustMove)
    {
        var first = RowAt(from);
        if (first >= _rows.Count)
        {
            return new(Height, 0, LineEnding.Wrap);
        }

        var repeats = RepeatsHeaders(from, room);
        var height = repeats ? _headerHeight : 0;
        var to = from;
        var lastBreak = (To: from, Height: 0.0);
        for (var r = first; r < _rows.Count; r++)
        {
            var start = Math.Max(0, from - _rows[r].Top);
            var rest = start > 0 ? RestOf(r, start) : _rows[r].Height;
            if (height + rest + LineBelow(r) > room + Noise)
            {
                var piece = SplitRow(r, start, room - height - LineBelow(r), mustMove && r == first);
                if (piece.To > start + Noise)
                {
                    return new(_rows[r].Top + piece.To, height + piece.Height + LineBelow(r), LineEnding.Wrap);
                }

                if (r == first)
                {
                    return mustMove ? new(_rows[r].Bottom, height + rest, LineEnding.Wrap) : new(from, 0, LineEnding.Wrap);
                }

                // Rows that keep with this one go along, where that leaves something behind.
                return lastBreak.To > from + Noise ? new(lastBreak.To, lastBreak.Height, LineEnding.Wrap) : mustMove ? new(to, height, LineEnding.Wrap) : new(from, 0, LineEnding.Wrap);
            }

            height += rest;
            to = _rows[r].Bottom;
            if (r + 1 == _rows.Count || ((!_headerRows.StayTogether || r + 1 >= _headerRows.Count) && !KeepsWithNext(r)))
            {
                lastBreak = (to, height + LineBelow(r));
            }
        }

        return new(Height, height + _lastLine, LineEnding.Wrap);
    }

    // A piece that ends within the table has a line below its last row.
    private double LineBelow(int row) => row + 1 < _rows.Count ? _rows[row + 1].LineAbove : _lastLine;

    private Slice SplitRow(int r, double start, double room, bool mustMove)
    {
        var row = _rows[r];
        if (row.IsExact || (!mustMove && (row.Source.CannotSplit || r < _headerRows.Count || (start <= 0 && room - row.LineAbove < row.Source.Height.Value - Noise))))
        {
            // The first piece is as high as the row's least height, so that must fit (docs/layout.md, "Tables").
            return new(start, 0, LineEnding.Wrap);
        }

        return CutRow(r, start, room, smallest: false, mustMove);
    }

    // Cuts the cells of a row so that each piece fits and something is left for the next: a row whose text fits but not its lower margin moves as a whole.
    private Slice CutRow(int r, double start, double room, bool smallest, bool mustMove = false)
    {
        var row = _rows[r];
        for (var tries = 0; tries < 4; tries++)
        {
            var best = start;
            var height = 0.0;
            var isAll = true;
            var longest = 0.0;

            // All cells are cut at one length of the row: it must not reach the line behind any cell's own cut.
            var limit = double.PositiveInfinity;
            foreach (var cell in CellsOf(r))
            {
                if (cell.IsTurned)
                {
                    continue;
                }

                var lead = LeadOf(cell, r);
                var from = Math.Max(0, start - lead);
                var space = smallest ? 0 : room - row.LineAbove - cell.Margins.Top.Value;
                var cut = cell.Stack.Cut(from, space, mustMove || smallest);
                var isComplete = cut.To >= cell.Stack.Height - (4 * Noise);
                if (start <= 0 && cell.Row == r && cut.To <= from + Noise && !isComplete)
                {
                    // Each cell leaves something on the page, or the row moves as a whole.
                    return new(start, 0, LineEnding.Wrap);
                }

                isAll &= isComplete;
                if (!isComplete && !smallest)
                {
                    limit = Math.Min(limit, cell.Stack.Cut(cut.To, 0, mustMove: true).To + lead - (4 * Noise));
                }

                if (cut.To > from + Noise)
                {
                    best = Math.Max(best, Math.Min(cut.To + lead, row.Height));
                    height = Math.Max(height, cut.Height + row.LineAbove + cell.Margins.Top.Value);
                    longest = Math.Max(longest, cut.Height);
                }
            }

            if (!isAll || smallest || mustMove)
            {
                return new(mustMove && isAll ? row.Height : Math.Max(start, Math.Min(best, limit)), height, LineEnding.Wrap);
            }

            room = height - (20 * Noise);
            if (longest <= 0)
            {
                break;
            }
        }

        return new(start, 0, LineEnding.Wrap);
    }

    // From the row's top to where the cell's content begins, in the row's measure; below zero where the cell began in a row above.
    private double LeadOf(LaidCell cell, int r) => _rows[cell.Row].Top - _rows[r].Top + _rows[cell.Row].LineAbove + cell.Margins.Top.Value;

    /// <summary>The cells of a row, with those that reach into it from above.</summary>
    private LaidCell[] CellsOf(int r) => _rows[r].Covering;

    // Height of what is left of a row that was cut.
    private double RestOf(int r, double start)
    {
        var row = _rows[r];
        var height = 0.0;
        foreach (var cell in CellsOf(r))
        {
            if (cell.RowSpan == 1 && !cell.IsTurned)
            {
                var from = Math.Max(0, start - LeadOf(cell, r));
                height = Math.Max(height, cell.Stack.HeightOf(from, cell.Stack.Height) + cell.Margins.Top.Value + cell.Margins.Bottom.Value);
            }
        }

        return height + row.LineAbove;
    }

    public override double HeightOf(double from, double to)
    {
        var height = RepeatsHeaders(from, double.PositiveInfinity) ? _headerHeight : 0;
        for (var r = RowAt(from); r < _rows.Count; r++)
        {
            if (_rows[r].Top >= to - Noise)
            {
                return height + _rows[r].LineAbove;
            }

            height += PieceHeight(r, from, to);
            if (_rows[r].Bottom > to + Noise)
            {
                return height + LineBelow(r);
            }
        }

        return height + _lastLine;
    }

    private double PieceHeight(int r, double from, double to)
    {
        var row = _rows[r];
        var (start, end) = (Math.Max(0, from - row.Top), to - row.Top);
        if (start <= 0 && end >= row.Height - Noise)
        {
            return row.Height;
        }

        if (end >= row.Height - Noise)
        {
            return RestOf(r, start);
        }

        var height = 0.0;
        foreach (var cell in CellsOf(r))
        {
            if (!cell.IsTurned)
            {
                var lead = LeadOf(cell, r);
                height = Math.Max(height, cell.Stack.HeightOf(Math.Max(0, start - lead), end - lead) + cell.Margins.Top.Value);
            }
        }

        return height + row.LineAbove;
    }

    public override double Paint(Canvas canvas, double x, double y, double from, double to)
    {
        var first = RowAt(from);
        if (first >= _rows.Count)
        {
            return 0;
        }

        var top = y;
        if (RepeatsHeaders(from, double.PositiveInfinity))
        {
            var wasArtifact = canvas.IsArtifact;
            canvas.IsArtifact = true;
            y += PaintRows(canvas, x, y, 0, _headers, 0, _headerHeight, isLastOfPiece: false);
            canvas.IsArtifact = wasArtifact;
        }

        var last = first;
        while (last < _rows.Count && _rows[last].Top < to - Noise)
        {
            last++;
        }

        y += PaintRows(canvas, x, y, first, last, from, to, isLastOfPiece: true);
        return y - top;
    }

    private double PaintRows(Canvas canvas, double x, double y, int first, int last, double from, double to, bool isLastOfPiece)
    {
        var tops = new double[last - first + 1];
        for (var r = first; r < last; r++)
        {
            tops[r - first + 1] = tops[r - first] + PieceHeight(r, from, to);
        }

        var builder = new FragmentBuilder();

        // Behind the text: the colours of cells.
        for (var r = first; r < last; r++)
        {
            foreach (var cell in CellsOf(r))
            {
                if (cell.Cell.Shading is { } shading && (cell.Row == r || r == first))
                {
                    var bottom = tops[Math.Min(last, cell.Row + cell.RowSpan) - first];
                    var box = cell.BoxIn(tops[r - first] + (_isApart ? _rows[r].LineAbove : 0), bottom, _isRightToLeft);
                    ShadingPainter.Add(builder, new Fill((float)box.Left, (float)box.Top, (float)box.Width, (float)box.Height, BorderLines.PaintOf(shading)), cell.Cell.ShadingDots);
                }
            }
        }

        if (!builder.IsEmpty)
        {
            canvas.Add(builder.Build(), x, y, null);
        }

        for (var r = first; r < last; r++)
        {
            foreach (var cell in CellsOf(r))
            {
                if (cell.Row == r || r == first)
                {
                    PaintCell(canvas, cell, x, y, r, first, last, tops, from, to);
                }
            }
        }

        PaintDiagonals(builder, first, last, tops);
        PaintLines(builder, first, last, tops, isLastOfPiece);
        PaintBoxes(builder, first, last, tops, from, isLastOfPiece);
        if (!builder.IsEmpty)
        {
            canvas.Add(builder.Build(), x, y, null);
        }

        return tops[^1] + (isLastOfPiece ? LineBelow(last - 1) : 0);
    }

    private void PaintCell(Canvas canvas, LaidCell cell, double x, double y, int r, int first, int last, double[] tops, double from, double to)
    {
        var row = _rows[r];
        var margins = cell.Margins;
        var top = tops[r - first] + row.LineAbove;
        var bottom = tops[Math.Min(last, cell.Row + cell.RowSpan) - first];
        var lead = LeadOf(cell, r);
        var start = Math.Max(0, from - row.Top - lead);
        var end = Math.Min(cell.Stack.Height, to - row.Top - lead);
        if (start > 0 && start >= cell.Stack.Height - Noise)
        {
            return;
        }

        // The row's end is the end of what is in it, however little room that left.
        if (_rows[Math.Min(_rows.Count, cell.Row + cell.RowSpan) - 1].Bottom <= to + Noise)
        {
            end = cell.Stack.Height;
        }

        var startSide = _isRightToLeft ? margins.End.Value : margins.Start.Value;
        if (cell.IsTurned)
        {
            PaintTurned(canvas, cell, x, y + tops[r - first], bottom - tops[r - first]);
            return;
        }

        var height = cell.Stack.HeightOf(start, end);
        var room = bottom - top - margins.Top.Value - margins.Bottom.Value;
        var down = cell.Cell.VerticalAlign switch
        {
            VerticalAlignment.Center => Math.Max(0, (room - height) / 2),
            VerticalAlignment.Bottom => Math.Max(0, room - height),
            _ => 0,
        };
        var at = y + top + margins.Top.Value + down;
        if (row.IsExact && height > room + Noise)
        {
            // What does not fit into an exact row is cut off.
            var own = new Canvas { IsArtifact = canvas.IsArtifact, Page = canvas.Page };
            cell.Stack.Paint(own, x + cell.Left + startSide, at, start, end);
            canvas.Add(own, new Box(x + cell.Left, y + tops[r - first], cell.Width, bottom - tops[r - first]));
        }
        else
        {
            cell.Stack.Paint(canvas, x + cell.Left + startSide, at, start, end);
        }
    }

    private static void PaintTurned(Canvas canvas, LaidCell cell, double x, double y, double height)
    {
        var margins = cell.Margins;
        var own = new Canvas { IsArtifact = canvas.IsArtifact };
        var stack = cell.Stack;
        var isClockwise = cell.Cell.Direction == TextDirection.Clockwise;

        // The text's lines stack across the cell's width.
        var across = cell.Width - margins.Start.Value - margins.End.Value;
        var lead = cell.Cell.VerticalAlign switch
        {
            VerticalAlignment.Center => Math.Max(0, (across - stack.Height) / 2),
            VerticalAlignment.Bottom => Math.Max(0, across - stack.Height),
            _ => 0,
        };
        stack.Paint(own, 0, 0, 0, stack.Height);
        var matrix = isClockwise
            ? new Matrix(0, 1, -1, 0, x + cell.Left + cell.Width - margins.End.Value - lead, y + margins.Top.Value)
            : new Matrix(0, -1, 1, 0, x + cell.Left + margins.Start.Value + lead, y + height - margins.Bottom.Value);
        canvas.Add(own, matrix);
    }

    private void PaintDiagonals(FragmentBuilder builder, int first, int last, double[] tops)
    {
        for (var r = first; r < last; r++)
        {
            foreach (var cell in _rows[r].Cells)
            {
                var borders = cell.Cell.Borders;
                var (top, bottom) = ((float)tops[r - first], (float)tops[Math.Min(last, r + cell.RowSpan) - first]);
                var (left, right) = ((float)cell.Left, (float)(cell.Left + cell.Width));
                if (_isApart)
                {
                    var box = cell.BoxIn(top + _rows[r].LineAbove, bottom, _isRightToLeft);
                    (left, top, right, bottom) = ((float)box.Left, (float)box.Top, (float)box.Right, (float)box.Bottom);
                }

                var (start, end) = _isRightToLeft ? (right, left) : (left, right);
                if (borders.Down is { } down)
                {
                    builder.Add(new Pages.Stroke(start, top, end, bottom, (float)BorderLines.WidthOf(down), BorderLines.PaintOf(down), BorderLines.DashOf(down.Style)));
                }

                if (borders.Up is { } up)
                {
                    builder.Add(new Pages.Stroke(start, bottom, end, top, (float)BorderLines.WidthOf(up), BorderLines.PaintOf(up), BorderLines.DashOf(up.Style)));
                }
            }
        }
    }

    // Cells that stand apart have lines of their own, and the table has lines around them.
    private void PaintBoxes(FragmentBuilder builder, int first, int last, double[] tops, double from, bool isLastOfPiece)
    {
        if (!_isApart)
        {
            return;
        }

        for (var r = first; r < last; r++)
        {
            foreach (var cell in CellsOf(r))
            {
                if (cell.Row == r || r == first)
                {
                    CellSpacing.AddLines(builder, cell.Cell.Borders, cell.BoxIn(tops[r - first] + _rows[r].LineAbove, tops[Math.Min(last, cell.Row + cell.RowSpan) - first], _isRightToLeft), _isRightToLeft);
                }
            }
        }

        var hasBottom = isLastOfPiece && last == _rows.Count;
        CellSpacing.AddOutline(
            builder, _rows[hasBottom ? last - 1 : first].Source.TableBorders, new Box(0, 0, Width, tops[^1] + (hasBottom ? _lastLine : 0)),
            hasTop: first == 0 && from <= Noise, hasBottom, _isRightToLeft);
    }

    // Lines of one kind after each other are one line.
    private void PaintLines(FragmentBuilder builder, int first, int last, double[] tops, bool isLastOfPiece)
    {
        if (_grid is null)
        {
            return;
        }

        var columns = _lefts.Length - 1;
        for (var r = first; r <= (isLastOfPiece ? last : last - 1); r++)
        {
            for (var c = 0; c < columns;)
            {
                if (_grid.Horizontal(r, c) is not { } border)
                {
                    c++;
                    continue;
                }

                var end = c + 1;
                while (end < columns && Equals(_grid.Horizontal(r, end), border))
                {
                    end++;
                }

                var half = Math.Max(HalfAt(r, c, first), HalfAt(r, end, first));
                BorderLines.AddHorizontal(builder, border, XAt(c) - half, XAt(end) + half, tops[r - first], isOuterBelow: r == _rows.Count);
                c = end;
            }
        }

        for (var c = 0; c <= columns; c++)
        {
            for (var r = first; r < last;)
            {
                if (_grid.Vertical(r, c) is not { } border)
                {
                    r++;
                    continue;
                }

                var end = r + 1;
                while (end < last && Equals(_grid.Vertical(end, c), border))
                {
                    end++;
                }

                BorderLines.AddVertical(builder, border, tops[r - first], tops[end - first], XAt(c) - (BorderLines.WidthOf(border) / 2), isOuterRight: c == columns);
                r = end;
            }
        }
    }

    // Half the width of the vertical lines that meet a horizontal one at its end: the corner is filled.
    private double HalfAt(int r, int c, int first)
    {
        var above = r > first ? BorderLines.WidthOf(_grid!.Vertical(r - 1, c)) : 0;
        var below = r < _rows.Count ? BorderLines.WidthOf(_grid!.Vertical(r, c)) : 0;
        return Math.Max(above, below) / 2;
    }

    // Left edge of a drawn column.
    private double XAt(int c) => _isRightToLeft ? _lefts[^1] - _lefts[_lefts.Length - 1 - c] : _lefts[c];

    public override void CollectNotes(double from, double to, List<NoteReference> notes)
    {
        var first = RowAt(from);
        for (var r = first; r < _rows.Count && _rows[r].Top < to - Noise; r++)
        {
            foreach (var cell in _rows[r].Cells)
            {
                var lead = LeadOf(cell, r);
                var end = _rows[r].Bottom <= to + Noise ? cell.Stack.Height : to - _rows[r].Top - lead;
                cell.Stack.CollectNotes(Math.Max(0, from - _rows[r].Top - lead), end, notes);
            }
        }
    }
}
