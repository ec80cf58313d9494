using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Layout.Tables;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>What floats are placed by, in one measure: of a page, or of a cell or box that is a page of its own to them.</summary>
internal readonly record struct FloatFrame
{
    public required Box Page { get; init; }

    /// <summary>Between the page's margins.</summary>
    public required Box Margins { get; init; }

    /// <summary>The column's left edge and width.</summary>
    public required double ColumnLeft { get; init; }

    public required double ColumnWidth { get; init; }

    public bool IsEvenPage { get; init; }

    /// <summary>Top of the paragraph in which the float hangs.</summary>
    public double ParagraphTop { get; init; }

    /// <summary>The character's place, as far as it is known: that of the paragraph's start.</summary>
    public double CharacterLeft { get; init; }

    public FloatFrame At(double x, double y) => this with { ParagraphTop = y, CharacterLeft = ColumnLeft + x };

    /// <summary>The same, seen from a stack whose left top corner is at (x, y).</summary>
    public FloatFrame From(double x, double y) => this with
    {
        Page = Page with { Left = Page.Left - x, Top = Page.Top - y },
        Margins = Margins with { Left = Margins.Left - x, Top = Margins.Top - y },
        ColumnLeft = ColumnLeft - x,
        ParagraphTop = ParagraphTop - y,
        CharacterLeft = CharacterLeft - x,
    };

    /// <summary>A cell or box of its own.</summary>
    public static FloatFrame OfBox(double width, double height)
    {
        var box = new Box(0, 0, width, height);
        return new() { Page = box, Margins = box, ColumnLeft = 0, ColumnWidth = width };
    }
}

/// <summary>Something that floats, laid out but without a place yet.</summary>
/// <param name="Width">Of its box.</param>
/// <param name="Height">Of its box.</param>
/// <param name="Paint">Paints it with its left top corner at a place.</param>
internal sealed record LaidFloat(double Width, double Height, Action<Canvas, double, double> Paint);

/// <summary>A float at its place.</summary>
internal sealed record PlacedFloat(LaidFloat Float, double Left, double Top, Exclusion? Exclusion, Layer Layer, long Order)
{
    public void Paint(Canvas canvas, double x, double y)
    {
        var own = new Canvas { IsArtifact = canvas.IsArtifact, Page = canvas.Page };
        Float.Paint(own, x + Left, y + Top);
        canvas.Add(own, Layer, Order);
    }
}

/// <summary>Where floats stand and which part of the page they keep. Evidence: docs/layout.md, "Floats".</summary>
internal static class FloatPlacer
{
    public static PlacedFloat Place(Drawing drawing, LaidFloat laid, in FloatFrame frame)
    {
        var anchor = drawing.Anchor!;
        var left = Across(anchor.Horizontal, laid.Width, frame);
        var top = Down(anchor.Vertical, laid.Height, frame);
        var wraps = anchor.Wrap.Kind != WrapKind.None;

        // Word keeps what text wraps around on the page, and what hangs so far below its paragraph that nothing of it would be seen.
        var isBelow = top >= frame.Page.Bottom && anchor.Vertical.From is FloatFrom.Paragraph or FloatFrom.Line;
        if ((isBelow || (wraps && top + laid.Height > frame.Page.Bottom)) && laid.Height <= frame.Page.Height)
        {
            top = frame.Page.Bottom - laid.Height;
        }

        var distance = anchor.Wrap.Distance;
        var outline = WrapOutline.Of(anchor.Wrap);

        // An outline is drawn around the size, with what reaches beyond it or without.
        var effect = outline is null ? drawing.EffectExtent : Insets.None;
        Exclusion? exclusion = wraps
            ? new(
                left - distance.Left.Value - effect.Left.Value,
                top - distance.Top.Value - effect.Top.Value,
                left + laid.Width + distance.Right.Value + effect.Right.Value,
                top + laid.Height + distance.Bottom.Value + effect.Bottom.Value,
                anchor.Wrap.Kind == WrapKind.TopAndBottom ? WrapSides.Neither : SidesOf(anchor.Wrap.Side),
                outline)
            : null;
        var layer = anchor.IsBehindText ? Layer.Behind : Layer.Front;
        return new(laid, left, top, exclusion, layer, anchor.Order);
    }

    public static PlacedFloat Place(TablePosition position, LaidTable table, in FloatFrame frame)
    {
        var left = LeftOf(position, table, frame);
        var top = TopOf(position, table, frame);
        if (top + table.Height > frame.Page.Bottom && table.Height <= frame.Page.Height)
        {
            top = Math.Max(frame.Page.Top, frame.Page.Bottom - table.Height);
        }

        var exclusion = Around(position, left, top, table.Width, table.Height);
        return new(new(table.Width, table.Height, (canvas, x, y) => table.Paint(canvas, x, y, 0, table.Height)), left, top, exclusion, Layer.Text, 0);
    }

    public static double LeftOf(TablePosition position, LaidTable table, in FloatFrame frame) => Across(position.Horizontal, table.Width, frame);

    /// <summary>Where a table is to begin, whether it fits there or not. A paragraph has no height to be in the middle of: alignments by it do nothing.</summary>
    public static double TopOf(TablePosition position, LaidTable table, in FloatFrame frame) => position.Vertical.From == FloatFrom.Paragraph
        ? frame.ParagraphTop + (position.Vertical.Align == FloatAlign.Offset ? position.Vertical.Offset.Value : 0)
        : Down(position.Vertical, table.Height, frame);

    /// <summary>What a table, or a piece of it, keeps free of text.</summary>
    public static Exclusion Around(TablePosition position, double left, double top, double width, double height)
    {
        var distance = position.Distance;
        return new(left - distance.Left.Value, top - distance.Top.Value, left + width + distance.Right.Value, top + height + distance.Bottom.Value, WrapSides.Both);
    }

    public static PlacedFloat Place(Frame frame, LaidFloat laid, in FloatFrame at)
    {
        var band = frame.HorizontalAnchor switch
        {
            FrameAnchor.Page => (at.Page.Left, at.Page.Width),
            FrameAnchor.Margin => (at.Margins.Left, at.Margins.Width),
            _ => (at.ColumnLeft, at.ColumnWidth),
        };
        var left = frame.XAlign switch
        {
            FramePosition.Center => band.Item1 + ((band.Item2 - laid.Width) / 2),
            FramePosition.Right or FramePosition.Outside => band.Item1 + band.Item2 - laid.Width,
            FramePosition.Left or FramePosition.Inside => band.Item1,
            _ => band.Item1 + frame.X.Value,
        };
        var (start, height) = frame.VerticalAnchor switch
        {
            FrameAnchor.Page => (at.Page.Top, at.Page.Height),
            FrameAnchor.Margin => (at.Margins.Top, at.Margins.Height),
            _ => (at.ParagraphTop, 0.0),
        };
        var top = frame.YAlign switch
        {
            FramePosition.Center when height > 0 => start + ((height - laid.Height) / 2),
            FramePosition.Bottom or FramePosition.Outside when height > 0 => start + height - laid.Height,
            FramePosition.Top or FramePosition.Inside => start,
            FramePosition.Inline => at.ParagraphTop,
            _ => start + frame.Y.Value,
        };
        var isBeside = frame.Wrap is FrameWrap.Around or FrameWrap.Auto or FrameWrap.Tight or FrameWrap.Through || frame.DropCap != DropCap.None;
        var exclusion = new Exclusion(
            left - frame.HorizontalSpace.Value, top - frame.VerticalSpace.Value, left + laid.Width + frame.HorizontalSpace.Value, top + laid.Height + frame.VerticalSpace.Value,
            isBeside ? WrapSides.Both : WrapSides.Neither);
        return new(laid, left, top, frame.DropCap == DropCap.Margin ? null : exclusion, Layer.Text, 0);
    }

    private static WrapSides SidesOf(WrapSide side) => side switch
    {
        WrapSide.Left => WrapSides.Left,
        WrapSide.Right => WrapSides.Right,
        WrapSide.Largest => WrapSides.Largest,
        _ => WrapSides.Both,
    };

    private static double Across(FloatPosition position, double width, in FloatFrame frame)
    {
        var page = frame.Page;
        var margins = frame.Margins;
        var isInsideLeft = !frame.IsEvenPage;
        var (start, length) = position.From switch
        {
            FloatFrom.Page => (page.Left, page.Width),
            FloatFrom.Column or FloatFrom.Paragraph => (frame.ColumnLeft, frame.ColumnWidth),
            FloatFrom.Character => (frame.CharacterLeft, 0.0),
            FloatFrom.LeftMargin => (page.Left, margins.Left - page.Left),
            FloatFrom.RightMargin => (margins.Right, page.Right - margins.Right),
            FloatFrom.InsideMargin => isInsideLeft ? (page.Left, margins.Left - page.Left) : (margins.Right, page.Right - margins.Right),
            FloatFrom.OutsideMargin => isInsideLeft ? (margins.Right, page.Right - margins.Right) : (page.Left, margins.Left - page.Left),
            _ => (margins.Left, margins.Width),
        };
        return position.Align switch
        {
            FloatAlign.Left => start,
            FloatAlign.Center => start + ((length - width) / 2),
            FloatAlign.Right => start + length - width,
            FloatAlign.Inside => isInsideLeft ? start : start + length - width,
            FloatAlign.Outside => isInsideLeft ? start + length - width : start,
            _ => start + (position.Share is { } share ? share * length : position.Offset.Value),
        };
    }

    private static double Down(FloatPosition position, double height, in FloatFrame frame)
    {
        var page = frame.Page;
        var margins = frame.Margins;
        var (start, length) = position.From switch
        {
            FloatFrom.Page => (page.Top, page.Height),
            FloatFrom.Margin => (margins.Top, margins.Height),
            FloatFrom.TopMargin or FloatFrom.InsideMargin => (page.Top, margins.Top - page.Top),
            FloatFrom.BottomMargin or FloatFrom.OutsideMargin => (margins.Bottom, page.Bottom - margins.Bottom),
            _ => (frame.ParagraphTop, 0.0),
        };
        return position.Align switch
        {
            FloatAlign.Top or FloatAlign.Inside => start,
            FloatAlign.Center => start + ((length - height) / 2),
            FloatAlign.Bottom or FloatAlign.Outside => start + length - height,
            _ => start + (position.Share is { } share ? share * length : position.Offset.Value),
        };
    }
}
