using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// Reads w:tbl: rows and cells with the table style's conditions laid in. 1. The table's own properties over its style's, 2. rows and
/// cells as stated, 3. for each cell its place, from that the conditions, and from these its values.
/// </summary>
internal sealed class TableReader(DocumentParts parts, StoryReader story, PlaceTracker place)
{
    // Word's own limit is 63.
    private const int MaxColumns = 63;

    private sealed record RawCell(Element Element, CellProperties Own, int Column);

    private sealed record RawRow(RowProperties Own, TableProperties Exceptions, List<RawCell> Cells);

    private int _foundInCells;

    /// <summary>The table; null where it has no row.</summary>
    public Table? Read(Element tbl, bool isNested)
    {
        if (tbl.KeptTable is { } kept)
        {
            return ReadAgain(kept);
        }

        // 1.
        var (mark, foundInCells) = (parts.Scan.Mark, _foundInCells);
        var own = TableProperties.Read(tbl.Child("tblPr"), parts.Theme);
        var style = parts.Styles.Table(own.StyleId);
        var properties = own.Over(style.Whole.Table);
        place.EnterTable();

        // 2.
        var rows = new List<RawRow>();
        CollectRows(tbl, rows);
        if (rows.Count == 0)
        {
            place.Leave();
            return null;
        }

        // 3.
        var columns = rows.Max(row => row.Cells.Count == 0 ? 0 : row.Cells[^1].Column + row.Cells[^1].Own.ColumnSpan + row.Own.ColumnsAfter);
        var bands = new Bands(properties.Look ?? 0, Math.Max(1, properties.RowBand ?? 1), Math.Max(1, properties.ColumnBand ?? 1), rows.Count, columns);
        var read = ImmutableArray.CreateBuilder<TableRow>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            place.NextRow();
            read.Add(ReadRow(rows[i], i, properties, style, bands));
        }

        place.Leave();
        var table = new Table
        {
            Alignment = properties.Alignment ?? TableAlignment.Start,
            Indent = properties.Indent ?? Pt.Zero,
            Width = properties.Width ?? TableWidth.Auto,
            IsFixed = properties.IsFixed ?? false,
            Grid = ReadGrid(tbl.Child("tblGrid"), columns),
            Rows = read.MoveToImmutable(),
            Margins = properties.Margins?.Over(CellMargins.Word) ?? CellMargins.Word,
            Position = properties.Position is { } position ? position with { MayOverlap = properties.MayOverlap ?? true } : null,
            IsRightToLeft = properties.IsRightToLeft ?? false,
            StyleId = own.StyleId ?? "",
            HasRowHeaders = (properties.Look & TableLook.FirstColumn) != 0 && columns > 1 && (style.Has(TableConditions.FirstColumn) || rows[0].Own.IsHeader == true),
            AlternativeText = string.Join(": ", new[] { properties.Caption, properties.Description }.Where(text => !string.IsNullOrEmpty(text))),
        };
        Scan(table, properties, isNested);

        // What is found in the table itself would have to be found again, at its place among what is found in its cells.
        if (tbl.ComesAgain && parts.Scan.Mark - mark == _foundInCells - foundInCells)
        {
            tbl.Keep(Kept(table, rows, style, bands));
        }

        return table;
    }

    // Without the content that is of this document alone.
    private static KeptTable Kept(Table table, List<RawRow> rows, TableStyle style, Bands bands)
    {
        var emptied = table.Rows.Select(row => row with { Cells = [.. row.Cells.Select(cell => cell.Blocks.All(block => block is Paragraph { IsOfTemplate: true }) ? cell : cell with { Blocks = [] })] });
        return new(table with { Rows = [.. emptied] }, [.. rows.Select((row, r) => row.Cells.Select(cell => new KeptCell(cell.Element, style.Context(ConditionsOf(bands, r, cell)))).ToArray())]);
    }

    private Table ReadAgain(KeptTable kept)
    {
        TableRow[]? rows = null;
        place.EnterTable();
        for (var i = 0; i < kept.Cells.Length; i++)
        {
            place.NextRow();
            var row = ReadAgain(kept.Table.Rows[i], kept.Cells[i]);
            if (!ReferenceEquals(row, kept.Table.Rows[i]))
            {
                rows ??= [.. kept.Table.Rows];
                rows[i] = row;
            }
        }

        place.Leave();
        return rows is null ? kept.Table : kept.Table with { Rows = ImmutableCollectionsMarshal.AsImmutableArray(rows) };
    }

    private TableRow ReadAgain(TableRow row, KeptCell[] kept)
    {
        TableCell[]? cells = null;
        for (var i = 0; i < kept.Length; i++)
        {
            var cell = row.Cells[i];
            place.EnterCell();
            var blocks = ReadContent(kept[i].Element, kept[i].Context, cell.Direction);
            place.Leave();
            if (!IsSame(blocks, cell.Blocks))
            {
                cells ??= [.. row.Cells];
                cells[i] = cell with { Blocks = blocks };
            }
        }

        return cells is null ? row : row with { Cells = ImmutableCollectionsMarshal.AsImmutableArray(cells) };
    }

    private static bool IsSame(ImmutableArray<Block> a, ImmutableArray<Block> b)
    {
        for (var i = 0; i < a.Length; i++)
        {
            if (i >= b.Length || !ReferenceEquals(a[i], b[i]))
            {
                return false;
            }
        }

        return a.Length == b.Length;
    }

    private void CollectRows(Element container, List<RawRow> rows)
    {
        foreach (var e in container.Elements)
        {
            if (e.Is("tr"))
            {
                var own = RowProperties.Read(e.Child("trPr"));
                if (own.IsDeleted)
                {
                    continue;
                }

                var cells = new List<RawCell>();
                CollectCells(e, cells, own.ColumnsBefore);
                if (cells.Count > 0)
                {
                    rows.Add(new RawRow(own, TableProperties.Read(e.Child("tblPrEx"), parts.Theme), cells));
                }
            }
            else if (e.Is("sdt"))
            {
                CollectRows(e.Child("sdtContent"), rows);
            }
            else if (e.Ns == Ns.W && e.Name is "customXml" or "ins" or "moveTo")
            {
                CollectRows(e, rows);
            }
            else if (e.Is(Ns.Compatibility, "AlternateContent"))
            {
                CollectRows(Alternative.Choose(e), rows);
            }
            else if (!IsSilent(e))
            {
                parts.Scan.Found(Construct.UnknownElement, e.Name);
            }
        }
    }

    private void CollectCells(Element container, List<RawCell> cells, int firstColumn)
    {
        foreach (var e in container.Elements)
        {
            if (e.Is("tc"))
            {
                var own = CellProperties.Read(e.Child("tcPr"), parts.Theme);
                if (own.IsDeleted)
                {
                    // Accepted, as all that is tracked: those behind it move up.
                    continue;
                }

                if (own.GoesOnFromBefore && cells.Count > 0)
                {
                    // Merged the old way: one cell over both columns; only the first one's content shows.
                    var first = cells[^1];
                    cells[^1] = first with { Own = first.Own with { ColumnSpan = Math.Min(MaxColumns, first.Own.ColumnSpan + own.ColumnSpan), Width = Sum(first.Own.Width, own.Width) } };
                    continue;
                }

                var column = cells.Count > 0 ? cells[^1].Column + cells[^1].Own.ColumnSpan : firstColumn;
                cells.Add(new RawCell(e, own, column));
            }
            else if (e.Is("sdt"))
            {
                CollectCells(e.Child("sdtContent"), cells, firstColumn);
            }
            else if (e.Ns == Ns.W && e.Name is "customXml" or "ins" or "moveTo")
            {
                CollectCells(e, cells, firstColumn);
            }
            else if (!IsSilent(e))
            {
                parts.Scan.Found(Construct.UnknownElement, e.Name);
            }
        }
    }

    private static bool IsSilent(Element e) => e.Ns == Ns.W && e.Name is "tblPr" or "tblGrid" or "trPr" or "tblPrEx" or "bookmarkStart" or "bookmarkEnd" or "proofErr" or "permStart" or "permEnd"
        or "commentRangeStart" or "commentRangeEnd" or "customXmlPr" or "del" or "moveFrom" or "moveFromRangeStart" or "moveFromRangeEnd" or "moveToRangeStart" or "moveToRangeEnd"
        or "customXmlInsRangeStart" or "customXmlInsRangeEnd" or "customXmlDelRangeStart" or "customXmlDelRangeEnd";

    private static TableWidth? Sum(TableWidth? a, TableWidth? b)
        => a is { Kind: WidthKind.Length } first && b is { Kind: WidthKind.Length } second ? first with { Length = first.Length + second.Length } : a;

    private TableRow ReadRow(RawRow row, int index, TableProperties table, TableStyle style, Bands bands)
    {
        var properties = row.Exceptions.Over(table);
        var rowConditions = bands.OfRow(index);
        var own = row.Own.Over(style.Whole.Row);
        foreach (var (_, part) in style.Parts(rowConditions))
        {
            own = row.Own.Over(part.Row.Over(own));
        }

        var spacing = own.CellSpacing ?? properties.CellSpacing ?? Pt.Zero;
        var cells = ImmutableArray.CreateBuilder<TableCell>(row.Cells.Count);
        for (var i = 0; i < row.Cells.Count; i++)
        {
            place.EnterCell();
            cells.Add(ReadCell(row, i, index, properties, style, bands, spacing.Value > 0));
            place.Leave();
        }

        parts.Scan.Found(own.Constructs);
        Found(spacing.Value > 0, Construct.CellSpacing);
        var borders = properties.Borders ?? StatedTableSides.None;
        return new TableRow
        {
            HeightRule = own.IsHidden == true ? LineRule.Exact : own.Height is null || (own.HeightRule == LineRule.AtLeast && own.Height.Value.Value <= 0) ? LineRule.Auto : own.HeightRule,
            Height = own.IsHidden == true ? Pt.Zero : own.Height is { } height ? new Pt(Math.Abs(height.Value)) : Pt.Zero,
            CannotSplit = own.CannotSplit ?? false,
            IsHeader = own.IsHeader ?? false,
            ColumnsBefore = own.ColumnsBefore,
            ColumnsAfter = own.ColumnsAfter,
            WidthBefore = own.WidthBefore,
            WidthAfter = own.WidthAfter,
            Alignment = own.Alignment ?? properties.Alignment ?? TableAlignment.Start,
            Indent = properties.Indent ?? Pt.Zero,
            CellSpacing = spacing,
            TableBorders = new TableBorders(borders.Top?.Value, borders.End?.Value, borders.Bottom?.Value, borders.Start?.Value, borders.InsideHorizontal?.Value, borders.InsideVertical?.Value),
            Cells = cells.MoveToImmutable(),
        };
    }

    private TableCell ReadCell(RawRow row, int i, int rowIndex, TableProperties table, TableStyle style, Bands bands, bool areApart)
    {
        var raw = row.Cells[i];
        var conditions = ConditionsOf(bands, rowIndex, raw);
        var below = style.Whole.Cell;
        StatedTableSides? conditionBorders = null;
        foreach (var (index, part) in style.Parts(conditions))
        {
            below = part.Cell.Over(below);
            if (part.Cell.Borders is { } borders)
            {
                conditionBorders = bands.Edges(index, borders, rowIndex, raw.Column, raw.Own.ColumnSpan).Over(conditionBorders);
            }
        }

        var cell = raw.Own.Over(below);
        parts.Scan.Found(cell.Constructs);
        var direction = cell.Direction ?? TextDirection.Horizontal;
        var blocks = ReadContent(raw.Element, style.Context(conditions), direction);
        var shading = raw.Own.Shading ?? below.Shading ?? table.Shading;
        return new TableCell
        {
            ColumnSpan = raw.Own.ColumnSpan,
            VerticalMerge = raw.Own.VerticalMerge,
            Width = raw.Own.Width ?? TableWidth.Auto,
            Margins = (cell.Margins?.Over(table.Margins) ?? table.Margins)?.Over(CellMargins.Word) ?? CellMargins.Word,
            Borders = ReadBorders(raw.Own.Borders, conditionBorders, table.Borders, rowIndex, raw, bands, areApart),
            Shading = shading?.Value,
            ShadingDots = shading?.Dots,
            VerticalAlign = cell.VerticalAlign ?? VerticalAlignment.Top,
            Direction = direction,
            DoesNotWrap = cell.DoesNotWrap ?? false,
            FitsText = cell.FitsText ?? false,
            IgnoresEndMark = cell.IgnoresEndMark ?? false,
            Blocks = blocks,
        };
    }

    private static TableConditions ConditionsOf(Bands bands, int row, RawCell cell)
    {
        var conditions = bands.OfRow(row) | bands.OfColumn(cell.Column, cell.Own.ColumnSpan);
        return conditions | Bands.Corners(conditions);
    }

    private ImmutableArray<Block> ReadContent(Element cell, TableContext context, TextDirection direction)
    {
        var (mark, foundInCells) = (parts.Scan.Mark, _foundInCells);
        var blocks = story.ReadCell(cell, context, keepsUpright: direction is TextDirection.Clockwise);
        if (blocks.IsEmpty || blocks[^1] is not Paragraph)
        {
            blocks = blocks.Add(new Paragraph { Format = parts.Styles.Paragraph(default, context).Format, MarkFormat = parts.Styles.DefaultFormat });
        }

        ScanFloatsOutside(blocks, isUpright: direction == TextDirection.Horizontal);
        _foundInCells = foundInCells + parts.Scan.Mark - mark;
        return blocks;
    }

    // What hangs in a cell and is placed by the page, where that is not done: text of the page would flow around it, or the cell is no part of the page's own text.
    private void ScanFloatsOutside(ImmutableArray<Block> blocks, bool isUpright)
    {
        foreach (var block in blocks)
        {
            if (block is not Paragraph { Inlines: var inlines })
            {
                continue;
            }

            foreach (var inline in inlines)
            {
                if (inline is Drawing { Anchor: { } anchor } && anchor.LeavesCell(parts.Settings.CompatibilityMode))
                {
                    parts.Scan.Found(anchor is { Wrap.Kind: WrapKind.None, RelativeWidth: null, RelativeHeight: null } && isUpright && !story.IsInBox ? Construct.FreeFloatOutsideCell : Construct.FloatOutsideCell);
                }
            }
        }
    }

    // The cell's own wins over the style's condition, and that over the table's edge or inner line that falls on this side.
    private static CellBorders ReadBorders(StatedTableSides? own, StatedTableSides? condition, StatedTableSides? table, int rowIndex, RawCell raw, Bands bands, bool areApart)
    {
        var isFirstColumn = raw.Column == 0;
        var isLastColumn = raw.Column + raw.Own.ColumnSpan >= bands.Columns;
        var top = Pick(own?.Top, condition?.Top, rowIndex == 0 && !areApart ? table?.Top : table?.InsideHorizontal);
        var bottom = Pick(own?.Bottom, condition?.Bottom, rowIndex == bands.Rows - 1 && !areApart ? table?.Bottom : table?.InsideHorizontal);
        var start = Pick(own?.Start, condition?.Start, isFirstColumn && !areApart ? table?.Start : table?.InsideVertical);
        var end = Pick(own?.End, condition?.End, isLastColumn && !areApart ? table?.End : table?.InsideVertical);
        var stated = (own?.Top is null ? 0 : CellSides.Top) | (own?.End is null ? 0 : CellSides.End) | (own?.Bottom is null ? 0 : CellSides.Bottom) | (own?.Start is null ? 0 : CellSides.Start);
        return new CellBorders(top, end, bottom, start, Pick(own?.Down, condition?.Down, null), Pick(own?.Up, condition?.Up, null), stated);

        static Border? Pick(CharacterProperties.StatedBorder? first, CharacterProperties.StatedBorder? second, CharacterProperties.StatedBorder? third)
            => first is { } a ? a.Value : second is { } b ? b.Value : third?.Value;
    }

    private static ImmutableArray<Pt> ReadGrid(Element grid, int columns)
    {
        var widths = ImmutableArray.CreateBuilder<Pt>();
        foreach (var e in grid.Elements)
        {
            if (e.Is("gridCol"))
            {
                widths.Add(AttributeText.Twips(e["w"]) is { } width ? Pt.Max(width, Pt.Zero) : Pt.Zero);
            }
        }

        while (widths.Count < columns)
        {
            widths.Add(Pt.Zero);
        }

        return widths.ToImmutable();
    }

    private void Scan(Table table, TableProperties properties, bool isNested)
    {
        parts.Scan.Found(properties.Constructs);
        Found(isNested, Construct.NestedTable);
        Found(table.Position is not null, Construct.FloatingTable);
        Found(table.IsRightToLeft, Construct.RightToLeftTable);
        foreach (var cell in table.Rows.SelectMany(row => row.Cells))
        {
            Found(cell.Direction != TextDirection.Horizontal, cell.Direction == TextDirection.Vertical ? Construct.VerticalText : Construct.RotatedCell);
            Found(cell.FitsText, Construct.FitCell);
            Found(cell.Borders.Down is not null || cell.Borders.Up is not null, Construct.DiagonalBorder);
            parts.Styles.Scan(cell.Borders.Top, drawsShadow: false);
            parts.Styles.Scan(cell.Borders.Bottom, drawsShadow: false);
            parts.Styles.Scan(cell.Borders.Start, drawsShadow: false);
            parts.Styles.Scan(cell.Borders.End, drawsShadow: false);
        }
    }

    private void Found(bool isThere, Construct construct)
    {
        if (isThere)
        {
            parts.Scan.Found(construct);
        }
    }

    /// <summary>Which conditions hold at a place, and how far the area of a condition reaches (§17.7.6, §17.4.56).</summary>
    private sealed record Bands(TableLook Look, int RowBand, int ColumnBand, int Rows, int Columns)
    {
        private bool HasFirstRow => (Look & TableLook.FirstRow) != 0;

        private bool HasFirstColumn => (Look & TableLook.FirstColumn) != 0;

        public TableConditions OfRow(int row)
        {
            var conditions = TableConditions.None;
            if (HasFirstRow && row == 0)
            {
                conditions |= TableConditions.FirstRow;
            }
            else if ((Look & TableLook.LastRow) != 0 && row == Rows - 1)
            {
                conditions |= TableConditions.LastRow;
            }
            else if ((Look & TableLook.NoRowBands) == 0)
            {
                conditions |= IsFirstBand(row, HasFirstRow, RowBand) ? TableConditions.Band1Horizontal : TableConditions.Band2Horizontal;
            }

            return conditions;
        }

        public TableConditions OfColumn(int column, int span)
        {
            var conditions = TableConditions.None;
            if (HasFirstColumn && column == 0)
            {
                conditions |= TableConditions.FirstColumn;
            }
            else if ((Look & TableLook.LastColumn) != 0 && column + span >= Columns)
            {
                conditions |= TableConditions.LastColumn;
            }
            else if ((Look & TableLook.NoColumnBands) == 0)
            {
                conditions |= IsFirstBand(column, HasFirstColumn, ColumnBand) ? TableConditions.Band1Vertical : TableConditions.Band2Vertical;
            }

            return conditions;
        }

        public static TableConditions Corners(TableConditions conditions) => (conditions & (TableConditions.FirstRow | TableConditions.LastRow), conditions & (TableConditions.FirstColumn | TableConditions.LastColumn)) switch
        {
            (TableConditions.FirstRow, TableConditions.FirstColumn) => TableConditions.NorthWest,
            (TableConditions.FirstRow, TableConditions.LastColumn) => TableConditions.NorthEast,
            (TableConditions.LastRow, TableConditions.FirstColumn) => TableConditions.SouthWest,
            (TableConditions.LastRow, TableConditions.LastColumn) => TableConditions.SouthEast,
            _ => TableConditions.None,
        };

        /// <summary>
        /// A condition's borders for one cell: its outer sides where the cell is at the edge of the area, its inner lines elsewhere.
        /// </summary>
        public StatedTableSides Edges(int condition, StatedTableSides borders, int row, int column, int span)
        {
            var (firstRow, lastRow, firstColumn, lastColumn) = Area((TableConditions)(1 << condition), row, column);
            return new StatedTableSides(
                row <= firstRow ? borders.Top : borders.InsideHorizontal,
                column + span - 1 >= lastColumn ? borders.End : borders.InsideVertical,
                row >= lastRow ? borders.Bottom : borders.InsideHorizontal,
                column <= firstColumn ? borders.Start : borders.InsideVertical,
                null, null, borders.Down, borders.Up);
        }

        private (int FirstRow, int LastRow, int FirstColumn, int LastColumn) Area(TableConditions condition, int row, int column)
        {
            var (rows, columns) = ((0, Rows - 1), (0, Columns - 1));
            return condition switch
            {
                TableConditions.FirstRow or TableConditions.LastRow => (row, row, columns.Item1, columns.Item2),
                TableConditions.FirstColumn or TableConditions.LastColumn => (rows.Item1, rows.Item2, column, column),
                TableConditions.Band1Horizontal or TableConditions.Band2Horizontal => (BandStart(row, HasFirstRow, RowBand), BandStart(row, HasFirstRow, RowBand) + RowBand - 1, columns.Item1, columns.Item2),
                TableConditions.Band1Vertical or TableConditions.Band2Vertical => (rows.Item1, rows.Item2, BandStart(column, HasFirstColumn, ColumnBand), BandStart(column, HasFirstColumn, ColumnBand) + ColumnBand - 1),
                _ => (row, row, column, column),
            };
        }

        private static bool IsFirstBand(int index, bool hasFirst, int size) => (index - (hasFirst ? 1 : 0)) / size % 2 == 0;

        private static int BandStart(int index, bool hasFirst, int size)
        {
            var first = hasFirst ? 1 : 0;
            return ((index - first) / size * size) + first;
        }
    }
}
