using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model;

/// <summary>
/// A table (w:tbl, §17.4.37). The table style with its conditions (first row, bands, corners …) is already in the values of rows,
/// cells, paragraphs and runs.
/// </summary>
internal sealed record Table : Block
{
    /// <summary>w:jc, of the table on the page.</summary>
    public TableAlignment Alignment { get; init; }

    /// <summary>From the margin at the start side to the table; where exactly it is measured to depends on the compatibility mode (docs/layout.md, "Tables").</summary>
    public Pt Indent { get; init; }

    public TableWidth Width { get; init; }

    /// <summary>Whether columns are as wide as stated whatever is in them.</summary>
    public bool IsFixed { get; init; }

    /// <summary>The stored widths of the columns (w:tblGrid). As many as the cells of the widest row span; missing ones are zero.</summary>
    public ImmutableArray<Pt> Grid { get; init; } = [];

    public ImmutableArray<TableRow> Rows { get; init; } = [];

    /// <summary>Of the table, before any cell's own. Word's own are 0 above and below and 5.4 pt at the sides.</summary>
    public CellMargins Margins { get; init; } = CellMargins.Word;

    /// <summary>Null where the table stands in the flow.</summary>
    public TablePosition? Position { get; init; }

    /// <summary>Whether the columns run from right to left.</summary>
    public bool IsRightToLeft { get; init; }

    public string StyleId { get; init; } = "";

    /// <summary>
    /// Whether the first cell of a row says what the row is about: its look has a first column (w:tblLook), and either the style shows one or a header row says
    /// that these are data. Word writes that look for all tables, so that alone says nothing.
    /// </summary>
    public bool HasRowHeaders { get; init; }

    /// <summary>What is told to those who do not see it; empty where nothing is said.</summary>
    public string AlternativeText { get; init; } = "";
}

internal enum TableAlignment
{
    Start,
    Center,
    End,
}

/// <summary>w:tblW, w:tcW (§17.4.87).</summary>
/// <param name="Kind">What the other values mean.</param>
/// <param name="Length">For <see cref="WidthKind.Length"/>.</param>
/// <param name="Share">For <see cref="WidthKind.Share"/>: 1 for the whole width between the margins, or of the table.</param>
internal readonly record struct TableWidth(WidthKind Kind, Pt Length, double Share)
{
    public static TableWidth Auto => default;
}

internal enum WidthKind
{
    Auto,
    Nil,
    Length,
    Share,
}

/// <summary>Between a cell's edge and its content; left and right as drawn in a left-to-right table.</summary>
internal readonly record struct CellMargins(Pt Top, Pt End, Pt Bottom, Pt Start)
{
    public static CellMargins Word => new(Pt.Zero, new(5.4), Pt.Zero, new(5.4));
}

/// <summary>Where a floating table stands (w:tblpPr, §17.4.57).</summary>
/// <param name="Horizontal">From <see cref="FloatFrom.Column"/> (text), <see cref="FloatFrom.Margin"/> or <see cref="FloatFrom.Page"/>.</param>
/// <param name="Vertical">From <see cref="FloatFrom.Paragraph"/> (text), <see cref="FloatFrom.Margin"/> or <see cref="FloatFrom.Page"/>.</param>
/// <param name="Distance">Between the table and the text around it.</param>
/// <param name="MayOverlap">Whether it may lie over other floating things.</param>
internal sealed record TablePosition(FloatPosition Horizontal, FloatPosition Vertical, Insets Distance, bool MayOverlap)
{
    /// <summary>Whether a frame names the same place.</summary>
    public bool IsPlaceOf(Frame frame) =>
        IsSame(Horizontal, frame.HorizontalAnchor, frame.XAlign, frame.X) && IsSame(Vertical, frame.VerticalAnchor, frame.YAlign, frame.Y);

    private static bool IsSame(FloatPosition position, FrameAnchor anchor, FramePosition align, Pt offset)
    {
        var from = position.From switch { FloatFrom.Page => FrameAnchor.Page, FloatFrom.Margin => FrameAnchor.Margin, _ => FrameAnchor.Text };
        return from == anchor && (position.Align == FloatAlign.Offset
            ? align == FramePosition.Offset && Math.Abs(position.Offset.Value - offset.Value) < 0.1
            : align == AlignOf(position.Align));
    }

    private static FramePosition AlignOf(FloatAlign align) => align switch
    {
        FloatAlign.Left => FramePosition.Left,
        FloatAlign.Center => FramePosition.Center,
        FloatAlign.Right => FramePosition.Right,
        FloatAlign.Inside => FramePosition.Inside,
        FloatAlign.Outside => FramePosition.Outside,
        FloatAlign.Top => FramePosition.Top,
        FloatAlign.Bottom => FramePosition.Bottom,
        _ => FramePosition.Offset,
    };
}

/// <summary>A row (w:tr, §17.4.78).</summary>
internal sealed record TableRow
{
    /// <summary><see cref="LineRule.Auto"/>: as high as its cells.</summary>
    public LineRule HeightRule { get; init; }

    public Pt Height { get; init; }

    /// <summary>Whether it may not be split over pages.</summary>
    public bool CannotSplit { get; init; }

    /// <summary>Whether it is repeated on each page; only rows from the first on in unbroken order are.</summary>
    public bool IsHeader { get; init; }

    /// <summary>Grid columns left free before the first cell, and the width stated for them.</summary>
    public int ColumnsBefore { get; init; }

    public int ColumnsAfter { get; init; }

    public TableWidth WidthBefore { get; init; }

    public TableWidth WidthAfter { get; init; }

    /// <summary>Of this row on the page, where it says so; else the table's.</summary>
    public TableAlignment Alignment { get; init; }

    /// <summary>Of this row, where it has an exception (w:tblPrEx) else the table's.</summary>
    public Pt Indent { get; init; }

    /// <summary>Between cells, and between cells and the table's edge; zero for cells that touch.</summary>
    public Pt CellSpacing { get; init; }

    /// <summary>Of the row's place in the table, or its own; drawn around the whole where <see cref="CellSpacing"/> is set.</summary>
    public TableBorders TableBorders { get; init; } = TableBorders.None;

    /// <summary>At least one.</summary>
    public ImmutableArray<TableCell> Cells { get; init; } = [];
}

/// <summary>The borders of a table or row as stated, before they are given to cells.</summary>
internal sealed record TableBorders(Border? Top, Border? End, Border? Bottom, Border? Start, Border? InsideHorizontal, Border? InsideVertical)
{
    public static TableBorders None { get; } = new(null, null, null, null, null, null);
}

/// <summary>A cell (w:tc, §17.4.66).</summary>
internal sealed record TableCell
{
    /// <summary>How many grid columns it spans; at least 1. Cells merged by w:hMerge are one cell here.</summary>
    public int ColumnSpan { get; init; } = 1;

    public VerticalMerge VerticalMerge { get; init; }

    public TableWidth Width { get; init; }

    public CellMargins Margins { get; init; } = CellMargins.Word;

    /// <summary>The cell's own edges, worked out from cell, style and table; what wins against the neighbour is for the layout.</summary>
    public CellBorders Borders { get; init; } = CellBorders.None;

    /// <summary>The colour behind the cell, patterns mixed to one colour; null for none.</summary>
    public Rgb? Shading { get; init; }

    /// <summary>What is drawn in place of <see cref="Shading"/>; null where that is all.</summary>
    public ShadingDots? ShadingDots { get; init; }

    public VerticalAlignment VerticalAlign { get; init; }

    public TextDirection Direction { get; init; }

    /// <summary>Whether lines do not break (autofit tables only).</summary>
    public bool DoesNotWrap { get; init; }

    /// <summary>Whether text is squeezed to fit one line.</summary>
    public bool FitsText { get; init; }

    /// <summary>Whether the mark of the cell's end gives the row no height.</summary>
    public bool IgnoresEndMark { get; init; }

    /// <summary>At least one; the last is a paragraph.</summary>
    public ImmutableArray<Block> Blocks { get; init; } = [];
}

internal enum VerticalMerge
{
    None,

    /// <summary>The first of a merged cell.</summary>
    Restart,

    /// <summary>Goes on from the cell above; its content is not shown.</summary>
    Continue,
}

/// <summary>
/// The lines of a cell; Start is the side where a row begins. <c>Down</c> runs from the top start to the bottom end corner, <c>Up</c> from
/// the bottom start to the top end corner. <c>Own</c>: which sides the cell itself states (also as none), against those that it has of the table.
/// </summary>
internal sealed record CellBorders(Border? Top, Border? End, Border? Bottom, Border? Start, Border? Down, Border? Up, CellSides Own)
{
    public static CellBorders None { get; } = new(null, null, null, null, null, null, CellSides.None);
}

[Flags]
internal enum CellSides : byte
{
    None = 0,
    Top = 1,
    End = 2,
    Bottom = 4,
    Start = 8,
}
