using System.Collections.Immutable;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>Two axes that cross.</summary>
internal sealed record PlotPair(PlotAxis Category, PlotAxis Value);

/// <summary>Shares a chart's room among title, legend, axes and plot area. Evidence: docs/layout.md, "Charts".</summary>
internal sealed class ChartFrameLayout
{
    // Around titles and legends; around the plot area where no labels stand; outside of labels.
    private const double Edge = 6;
    private const double Margin = 11;
    private const double LabelMargin = 6.5;
    private const double TitleInset = 3.6;
    private const double TitleGap = 9;

    private readonly ChartLetters _letters;
    private readonly Chart _chart;
    private readonly double _width;
    private readonly double _height;
    private readonly LaidText? _title;
    private readonly LegendLayout? _legend;
    private readonly ChartTableLayout? _table;

    public ChartFrameLayout(ChartLetters letters, Chart chart, double width, double height)
    {
        (_letters, _chart, _width, _height) = (letters, chart, width, height);
        var room = new Box(0, 0, width, height);

        // 1. The title above, the legend at its side.
        if (chart.Title is { } title)
        {
            _title = letters.Lay(title.Text, width * 0.8);
            if (!title.IsOverlay)
            {
                var used = Edge + _title.Height + (2 * TitleInset);
                room = room with { Top = used, Height = Math.Max(1, height - used) };
            }
        }

        _legend = LegendLayout.Of(chart, letters, width - (2 * Edge), room.Height - (2 * Edge), (width, height));

        // It takes the room that it would have by itself, wherever it was moved.
        var natural = chart.Legend?.Place is null ? _legend : LegendLayout.Of(chart with { Legend = chart.Legend with { Place = null } }, letters, width - (2 * Edge), room.Height - (2 * Edge), (width, height));
        Room = natural is null || chart.Legend!.IsOverlay ? room : WithoutLegend(room, chart.Legend.Side, natural);
        LegendRoom = room;

        // 2. The plot in what is left.
        _table = chart.Table is null ? null : new ChartTableLayout(chart, letters, width * 0.3);
        Pairs = [.. chart.Axes.Select((_, i) => new PlotPair(new PlotAxis(chart, i, isCategory: true, letters), new PlotAxis(chart, i, isCategory: false, letters)))];
        Inner = InnerOf();
    }

    /// <summary>None for pies.</summary>
    public ImmutableArray<PlotPair> Pairs { get; }

    private IEnumerable<(PlotAxis Axis, PlotAxis Other)> Axes => Pairs.SelectMany(pair => ((PlotAxis, PlotAxis)[])[(pair.Value, pair.Category), (pair.Category, pair.Value)]);

    /// <summary>Where the data stands.</summary>
    public Box Inner { get; private set; }

    private Box Room { get; }

    private Box LegendRoom { get; }

    private static Box WithoutLegend(Box room, LegendSide side, LegendLayout legend) => side switch
    {
        LegendSide.Left => room with { Left = room.Left + Edge + legend.Width, Width = Math.Max(1, room.Width - Edge - legend.Width) },
        LegendSide.Top => room with { Top = room.Top + Edge + legend.Height, Height = Math.Max(1, room.Height - Edge - legend.Height) },
        LegendSide.Bottom => room with { Height = Math.Max(1, room.Height - Edge - legend.Height) },
        _ => room with { Width = Math.Max(1, room.Width - Edge - legend.Width) },
    };

    private Box InnerOf()
    {
        if (_chart.PlotPlace is { Left: { } x, Top: { } y, Width: { } w, Height: { } h } place)
        {
            var stated = new Box(x * _width, y * _height, w * _width, h * _height);
            if (place.IsInner || _chart.IsRound)
            {
                SetAxes(stated);
                return stated;
            }

            return Fit(stated, 0, 0);
        }

        return _chart.IsRound ? Shrunk(Room, Margin, Margin, Margin, Margin) : Fit(Room, Margin, LabelMargin);
    }

    private static Box Shrunk(Box box, double left, double top, double right, double bottom)
        => new(box.Left + left, box.Top + top, Math.Max(1, box.Width - left - right), Math.Max(1, box.Height - top - bottom));

    private void SetAxes(Box inner)
    {
        // The axis of values comes first: where it is crossed, labels of categories stand.
        foreach (var (axis, other) in Axes)
        {
            // Labels take less than half of the chart, and what there is around a plot area whose place is stated.
            var most = (axis.IsHorizontal ? _height : _width) * 0.4;
            var around = most;
            if (_chart.PlotPlace is { IsInner: true })
            {
                var (at, isOutward) = axis.IsOfCategories ? LabelPlace(axis, other, inner) : (axis.IsHorizontal ? inner.Bottom : inner.Left, true);
                around = (axis.IsHorizontal == isOutward ? (axis.IsHorizontal ? _height : _width) - at : at) - axis.Gap;
            }

            axis.SetPlace(axis.IsHorizontal ? inner.Left : inner.Top, axis.IsHorizontal ? inner.Right : inner.Bottom, around > axis.Axis.Format.Size.Value ? Math.Min(around, most) : most);
        }
    }

    // What labels need depends on scales, and these on the room that labels leave: three rounds come to rest.
    private Box Fit(Box room, double margin, double labelMargin)
    {
        var inner = Shrunk(room, margin, margin, margin, margin);
        for (var i = 0; i < 3; i++)
        {
            SetAxes(inner);
            var (left, top, right, bottom) = (margin, margin, margin, margin);
            foreach (var (axis, other) in Axes)
            {
                var title = TitleDepth(axis);
                if (!axis.HasLabels && title == 0)
                {
                    continue;
                }

                // Labels beside an axis in the middle of the plot need less room at its edge.
                var (at, isOutward) = LabelPlace(axis, other, inner);
                var depth = axis.HasLabels ? axis.Gap + axis.LabelDepth : 0;
                if (axis.IsHorizontal)
                {
                    if (isOutward)
                    {
                        bottom = Math.Max(bottom, Math.Max(0, depth - (inner.Bottom - at)) + labelMargin + title);
                    }
                    else
                    {
                        top = Math.Max(top, Math.Max(0, depth - (at - inner.Top)) + labelMargin + title);
                    }

                    // Categories that stand at marks have the first and the last label half beyond the axis.
                    left = Math.Max(left, axis.Underhang + labelMargin);
                    right = Math.Max(right, axis.IsOfCategories ? axis.Overhang + labelMargin : margin + Math.Max(0, axis.Overhang));
                }
                else if (isOutward)
                {
                    left = Math.Max(left, Math.Max(0, depth - (at - inner.Left)) + labelMargin + title);
                }
                else
                {
                    right = Math.Max(right, Math.Max(0, depth - (inner.Right - at)) + labelMargin + title);
                }
            }

            // A table of the data below, its names beside the labels of values.
            if (_table is { } table)
            {
                left = Math.Max(left, table.NamesWidth + labelMargin);
                bottom += table.HeightAt(room.Width - left - right);
            }

            inner = Shrunk(room, left, top, right, bottom);
        }

        SetAxes(inner);
        return inner;
    }

    private double TitleDepth(PlotAxis axis)
    {
        if (axis.Axis.IsDeleted || axis.Axis.Title is not { IsOverlay: false } title)
        {
            return 0;
        }

        var text = LayTitle(axis, title);
        return (axis.IsHorizontal || RotationOf(axis, title) == 0 ? axis.IsHorizontal ? text.Height : text.Width : text.Height) + TitleGap;
    }

    // Beside an axis that stands a title that does not is narrow.
    private LaidText LayTitle(PlotAxis axis, ChartTitle title)
        => _letters.Lay(title.Text, axis.IsHorizontal ? _width * 0.8 : RotationOf(axis, title) == 0 ? _width * 0.2 : _height * 0.8);

    private static double RotationOf(PlotAxis axis, ChartTitle title) => double.IsNaN(title.Rotation) ? axis.IsHorizontal ? 0 : -90 : title.Rotation;

    /// <summary>Where an axis stands on the other one.</summary>
    public static double AxisPlace(PlotAxis axis, PlotAxis other) => other.CrossingPlace(axis.Axis);

    /// <summary>Where an axis's labels stand, and whether to its left or below.</summary>
    public static (double At, bool IsOutward) LabelPlace(PlotAxis axis, PlotAxis other, Box inner)
    {
        var (start, end) = axis.IsHorizontal ? (inner.Bottom, inner.Top) : (inner.Left, inner.Right);
        var isReversed = other.Axis.IsReversed;
        switch (axis.Axis.Labels)
        {
            case TickLabels.Low:
                return isReversed ? (end, false) : (start, true);
            case TickLabels.High:
                return isReversed ? (start, true) : (end, false);
            default:
                var at = AxisPlace(axis, other);
                return (at, axis.Axis.Crosses == AxisCrossing.Most ? isReversed : !isReversed);
        }
    }

    public void PaintTitleAndLegend(ChartCanvas canvas)
    {
        _table?.Paint(canvas, Inner);
        foreach (var (axis, other) in Axes)
        {
            if (axis.Axis is { IsDeleted: false, Title: { } title })
            {
                PaintAxisTitle(canvas, axis, other, title);
            }
        }

        if (_legend is { } legend)
        {
            var (left, top) = LegendPlace(legend);
            legend.Paint(canvas, left, top);
        }

        if (_title is { } text)
        {
            PaintTitle(canvas, text, _chart.Title!, _width / 2, Edge + TitleInset + (text.Height / 2), double.IsNaN(_chart.Title!.Rotation) ? 0 : _chart.Title.Rotation);
        }
    }

    private void PaintTitle(ChartCanvas canvas, LaidText text, ChartTitle title, double x, double y, double rotation)
    {
        var (across, down) = Math.Abs(rotation) > 45 ? (text.Height, text.Width) : (text.Width, text.Height);
        (across, down) = (across + (2 * TitleInset), down + (2 * TitleInset));
        if (title.Place is { } place)
        {
            (x, y) = place.IsMoved
                ? (x + ((place.Left ?? 0) * _width), y + ((place.Top ?? 0) * _height))
                : (place.Left is { } left ? (left * _width) + (across / 2) : x, place.Top is { } top ? (top * _height) + (down / 2) : y);
        }

        canvas.Frame(new Box(x - (across / 2), y - (down / 2), across, down), title.Frame);
        canvas.TextAround(text, x, y, rotation);
    }

    private void PaintAxisTitle(ChartCanvas canvas, PlotAxis axis, PlotAxis other, ChartTitle title)
    {
        var (at, isOutward) = LabelPlace(axis, other, Inner);
        var text = LayTitle(axis, title);
        var rotation = RotationOf(axis, title);
        var depth = (axis.HasLabels ? axis.Gap + axis.LabelDepth : axis.IsOfCategories && _table is not null ? _table.HeightAt(Inner.Width) : 0) + ((TitleGap - LabelMargin) / 2) + LabelMargin / 2;
        var half = (axis.IsHorizontal == (Math.Abs(rotation) < 45) ? text.Height : Math.Abs(rotation) < 45 ? text.Width : axis.IsHorizontal ? text.Width : text.Height) / 2;
        var middle = (axis.From + axis.To) / 2;
        if (axis.IsHorizontal)
        {
            var edge = isOutward ? Math.Max(at + depth, Inner.Bottom + (TitleGap / 2)) + half : Math.Min(at - depth, Inner.Top - (TitleGap / 2)) - half;
            PaintTitle(canvas, text, title, middle, edge, rotation);
        }
        else
        {
            var edge = isOutward ? Math.Min(at - depth, Inner.Left - (TitleGap / 2)) - half : Math.Max(at + depth, Inner.Right + (TitleGap / 2)) + half;
            PaintTitle(canvas, text, title, edge, middle, rotation);
        }
    }

    private (double Left, double Top) LegendPlace(LegendLayout legend)
    {
        var (centerX, centerY) = ((_width - legend.Width) / 2, LegendRoom.Top + ((LegendRoom.Height - legend.Height) / 2));
        var (left, top) = _chart.Legend!.Side switch
        {
            LegendSide.Left => (Edge, centerY),
            LegendSide.Top => (centerX, LegendRoom.Top + (LegendRoom.Top > 0 ? 0 : Edge)),
            LegendSide.Bottom => (centerX, _height - Edge - legend.Height),
            LegendSide.TopRight => (_width - Edge - legend.Width, LegendRoom.Top + Edge),
            _ => (_width - Edge - legend.Width, centerY),
        };
        if (_chart.Legend.Place is { } place)
        {
            var (x, y) = ((place.Left ?? 0) * _width, (place.Top ?? 0) * _height);
            (left, top) = place.IsMoved ? (left + x, top + y) : (place.Left is null ? left : x, place.Top is null ? top : y);

            // A box that is stated is filled from its middle, and never beyond the chart.
            left += place.Width is { } w ? Math.Max(0, ((w * _width) - legend.Width) / 2) : 0;
            top += place.Height is { } h ? Math.Max(0, ((h * _height) - legend.Height) / 2) : 0;
            (left, top) = (Math.Max(0, Math.Min(left, _width - legend.Width)), Math.Max(0, Math.Min(top, _height - legend.Height)));
        }

        return (left, top);
    }
}
