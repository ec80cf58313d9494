using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>Draws what stands between two axes: gridlines, series, the axes over them, labels of points last.</summary>
internal static class CartesianPlot
{
    public static void Paint(ChartCanvas canvas, Chart chart, ChartFrameLayout frame)
    {
        var inner = frame.Inner;
        canvas.Rectangle(inner, chart.PlotArea.Fill, null);
        foreach (var axis in frame.Pairs.SelectMany(pair => (PlotAxis[])[pair.Category, pair.Value]))
        {
            PaintGrid(canvas, axis, axis.MinorPlaces(), axis.Axis.MinorGrid, inner);
            PaintGrid(canvas, axis, axis.MajorPlaces(), axis.Axis.MajorGrid, inner);
        }

        canvas.Rectangle(inner, null, chart.PlotArea.Outline);
        var labels = new List<PlacedLabel>();
        foreach (var group in chart.Groups)
        {
            var (category, value) = frame.Pairs[group.Pair];
            if (group.Kind is ChartKind.Column or ChartKind.Bar)
            {
                BarMarks.Paint(canvas, chart, group, category, value, inner, labels);
            }
            else
            {
                LineMarks.Paint(canvas, chart, group, category, value, inner, labels);
            }
        }

        foreach (var (axis, other) in frame.Pairs.SelectMany(pair => ((PlotAxis, PlotAxis)[])[(pair.Value, pair.Category), (pair.Category, pair.Value)]))
        {
            var (labelsAt, areOutward) = ChartFrameLayout.LabelPlace(axis, other, inner);
            var isOutward = axis.Axis.Labels is TickLabels.Next or TickLabels.None ? areOutward : (axis.Axis.Crosses == AxisCrossing.Most) == other.Axis.IsReversed;
            axis.Paint(canvas, ChartFrameLayout.AxisPlace(axis, other), labelsAt, isOutward, areOutward);
        }

        foreach (var label in labels)
        {
            label.Paint(canvas);
        }
    }

    private static void PaintGrid(ChartCanvas canvas, PlotAxis axis, IEnumerable<double> places, Model.Stroke? line, Box inner)
    {
        if (line is null)
        {
            return;
        }

        foreach (var place in places)
        {
            if (axis.IsHorizontal)
            {
                canvas.Line(place, inner.Top, place, inner.Bottom, line);
            }
            else
            {
                canvas.Line(inner.Left, place, inner.Right, place, line);
            }
        }
    }
}

/// <summary>A label of a point.</summary>
/// <param name="Label">What it says.</param>
/// <param name="Text">The same, set.</param>
/// <param name="X">Its middle.</param>
/// <param name="Y">Its middle.</param>
/// <param name="Mark">What it speaks of.</param>
internal sealed record PlacedLabel(PointLabel Label, LaidText Text, double X, double Y, ShapePoint Mark)
{
    /// <summary>Between a mark and its label, in parts of the size.</summary>
    public const double Gap = 0.3;

    private const double Inset = 2;

    // A label so near to its mark needs no line to it.
    private const double NearestLeader = 6;

    public void Paint(ChartCanvas canvas)
    {
        var (x, y) = (X + (Label.Move.X * canvas.Width), Y + (Label.Move.Y * canvas.Height));

        // None reaches beyond the chart.
        var (sin, cos) = Math.SinCos(Label.Rotation * Math.PI / 180);
        var (halfX, halfY) = (((Math.Abs(cos) * Text.Width) + (Math.Abs(sin) * Text.Height)) / 2, ((Math.Abs(sin) * Text.Width) + (Math.Abs(cos) * Text.Height)) / 2);
        (x, y) = (Math.Max(halfX, Math.Min(x, canvas.Width - halfX)), Math.Max(halfY, Math.Min(y, canvas.Height - halfY)));
        PaintLeader(canvas, x, y);
        if (Label.Frame != default)
        {
            canvas.Frame(new Box(x - (Text.Width / 2) - Inset, y - (Text.Height / 2) - Inset, Text.Width + (2 * Inset), Text.Height + (2 * Inset)), Label.Frame);
        }

        canvas.TextAround(Text, x, y, Label.Rotation);
    }

    // From the mark to the nearest point of the text.
    private void PaintLeader(ChartCanvas canvas, double x, double y)
    {
        if (Label.Leader is not { } line)
        {
            return;
        }

        var (across, down) = Math.Abs(Label.Rotation) < 45 ? (Text.Width, Text.Height) : (Text.Height, Text.Width);
        var (toX, toY) = (Math.Clamp(Mark.X, x - (across / 2) - Inset, x + (across / 2) + Inset), Math.Clamp(Mark.Y, y - (down / 2), y + (down / 2)));
        if (Math.Sqrt(((toX - Mark.X) * (toX - Mark.X)) + ((toY - Mark.Y) * (toY - Mark.Y))) > NearestLeader)
        {
            canvas.Line(Mark.X, Mark.Y, toX, toY, line);
        }
    }
}
