using System.Runtime.InteropServices;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>Draws lines, areas, and the points of scatter charts.</summary>
internal static class LineMarks
{
    private readonly record struct Point(int Number, double X, double Y, bool IsSeen);

    public static void Paint(ChartCanvas canvas, Chart chart, ChartGroup group, PlotAxis category, PlotAxis value, Box inner, List<PlacedLabel> labels)
    {
        var spans = PlotValues.Of(group, chart.Categories.Length);
        for (var s = 0; s < group.Series.Length; s++)
        {
            var series = group.Series[s];
            if (group.Kind == ChartKind.Area)
            {
                PaintArea(canvas, series, spans[s], category, value, inner);
                continue;
            }

            // 1. Runs of points without a blank between them; lines between, then marks over them.
            var runs = RunsOf(chart, group, series, spans[s], category, value);
            var isCut = runs.Exists(run => run.Exists(point => !point.IsSeen));
            if (isCut)
            {
                canvas.BeginClip(inner);
            }

            foreach (var run in runs)
            {
                PaintLine(canvas, series, run);
            }

            if (isCut)
            {
                canvas.EndClip();
            }

            // 2. Marks and labels of what is seen.
            foreach (var point in runs.SelectMany(run => run).Where(point => point.IsSeen))
            {
                MarkerSigns.Paint(canvas, series.Looks[point.Number].Marker, point.X, point.Y);
                if (point.Number < series.Labels.Length && series.Labels[point.Number] is { } label)
                {
                    labels.Add(LabelOf(canvas, label, point, series.Looks[point.Number].Marker?.Size / 2 ?? 0));
                }
            }
        }
    }

    private static List<List<Point>> RunsOf(Chart chart, ChartGroup group, ChartSeries series, (double From, double To)?[] spans, PlotAxis category, PlotAxis value)
    {
        var runs = new List<List<Point>> { new() };
        for (var i = 0; i < Math.Min(spans.Length, series.Values.Length); i++)
        {
            double? across = group.Kind == ChartKind.Scatter ? i < series.Across.Length ? series.Across[i] : null : category.ShareOfCategory(i);
            double? up = spans[i]?.To ?? (chart.Blanks == BlankDisplay.Zero ? 0 : null);
            if (across is not { } x || up is not { } y)
            {
                if (chart.Blanks == BlankDisplay.Gap && runs[^1].Count > 0)
                {
                    runs.Add([]);
                }

                continue;
            }

            var share = group.Kind == ChartKind.Scatter ? category.Scale.ShareOf(x) : x;
            runs[^1].Add(new(i, category.PlaceOfShare(Bounded(share)), value.PlaceOfShare(Bounded(value.Scale.ShareOf(y))), IsWithin(share) && IsWithin(value.Scale.ShareOf(y))));
        }

        return runs;

        static bool IsWithin(double share) => share is >= -1e-6 and <= 1 + 1e-6;

        // Far outside the direction of a line is all that is left to see.
        static double Bounded(double share) => Math.Clamp(share, -1000, 1000);
    }

    // Stretches that look alike are one line.
    private static void PaintLine(ChartCanvas canvas, ChartSeries series, List<Point> run)
    {
        for (var i = 1; i < run.Count;)
        {
            var look = series.Looks[run[i].Number];
            var points = new List<ShapePoint> { new(run[i - 1].X, run[i - 1].Y) };
            while (i < run.Count && series.Looks[run[i].Number].Outline == look.Outline)
            {
                points.Add(new(run[i].X, run[i].Y));
                i++;
            }

            canvas.Polyline(CollectionsMarshal.AsSpan(points), false, null, look.Outline, look.IsRound);
        }
    }

    // A blank of an area lies on its base.
    private static void PaintArea(ChartCanvas canvas, ChartSeries series, (double From, double To)?[] spans, PlotAxis category, PlotAxis value, Box inner)
    {
        var start = value.BaseValue(category.Axis);
        var points = new List<ShapePoint>();
        var isCut = false;
        for (var i = 0; i < spans.Length; i++)
        {
            Add(i, spans[i]?.To ?? start);
        }

        for (var i = spans.Length - 1; i >= 0; i--)
        {
            Add(i, spans[i] is { From: not 0 } span ? span.From : start);
        }

        if (isCut)
        {
            canvas.BeginClip(inner);
        }

        canvas.Polyline(CollectionsMarshal.AsSpan(points), true, series.Look.Fill, series.Look.Outline);
        if (isCut)
        {
            canvas.EndClip();
        }

        void Add(int i, double at)
        {
            var share = value.Scale.ShareOf(at);
            isCut |= share is < -1e-6 or > 1 + 1e-6;
            points.Add(new(category.PlaceOfShare(category.ShareOfCategory(i)), value.PlaceOfShare(Math.Clamp(share, -1000, 1000))));
        }
    }

    private static PlacedLabel LabelOf(ChartCanvas canvas, PointLabel label, Point point, double radius)
    {
        var text = canvas.LayLabel(label);
        var (across, down) = Math.Abs(label.Rotation) < 45 ? (text.Width, text.Height) : (text.Height, text.Width);
        var gap = radius + (PlacedLabel.Gap * text.Size);
        return label.Side switch
        {
            LabelSide.Left => new(label, text, point.X - gap - (across / 2), point.Y),
            LabelSide.Right => new(label, text, point.X + gap + (across / 2), point.Y),
            LabelSide.Above => new(label, text, point.X, point.Y - gap - (down / 2)),
            LabelSide.Below => new(label, text, point.X, point.Y + gap + (down / 2)),
            _ => new(label, text, point.X, point.Y),
        };
    }
}
