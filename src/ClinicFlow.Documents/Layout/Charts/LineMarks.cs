using System.Collections.Immutable;
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
        PaintBetween(canvas, group, spans, category, value);
        for (var s = 0; s < group.Series.Length; s++)
        {
            var series = group.Series[s];
            if (group.Kind == ChartKind.Area)
            {
                PaintArea(canvas, series, spans[s], category, value, inner);
                LabelArea(canvas, series, spans[s], category, value, labels);
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

            TrendMarks.Paint(canvas, series, spans[s], category, value, inner, ShareOf);
            double? ShareOf(int point) => group.Kind != ChartKind.Scatter ? category.ShareOfCategory(point)
                : point < series.Across.Length && series.Across[point] is { } x ? category.Scale.ShareOf(x) : null;

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

            if (series.IsSmooth && run.Count > 2)
            {
                PaintCurve(canvas, run, i - points.Count, points.Count, look);
            }
            else
            {
                canvas.Polyline(CollectionsMarshal.AsSpan(points), false, null, look.Outline, look.IsRound);
            }
        }
    }

    // A curve through points: from each to the next with the directions that their neighbours give, by Brian Murphy, who found out how Excel does it.
    private static void PaintCurve(ChartCanvas canvas, List<Point> run, int first, int count, PointLook look)
    {
        var verbs = ImmutableArray.CreateBuilder<PathVerb>();
        var places = ImmutableArray.CreateBuilder<PathPoint>();
        verbs.Add(PathVerb.Move);
        places.Add(ChartCanvas.At(run[first].X, run[first].Y));
        for (var i = first; i < first + count - 1; i++)
        {
            var (p0, p1, p2, p3) = (run[Math.Max(0, i - 1)], run[i], run[i + 1], run[Math.Min(run.Count - 1, i + 2)]);
            var (d02, d12, d13) = (Math.Max(Distance(p0, p2), 1e-9), Distance(p1, p2), Math.Max(Distance(p1, p3), 1e-9));
            var (isWideBefore, isWideBehind) = (d02 / 6 >= d12 / 2, d13 / 6 >= d12 / 2);
            var before = isWideBefore ? d12 / 2 / d02 : isWideBehind ? d12 / 2 / d13 : i == 0 ? 1.0 / 3 : 1.0 / 6;
            var behind = isWideBehind ? d12 / 2 / d13 : isWideBefore ? d12 / 2 / d02 : i + 2 >= run.Count ? 1.0 / 3 : 1.0 / 6;
            verbs.Add(PathVerb.Curve);
            places.Add(ChartCanvas.At(p1.X + ((p2.X - p0.X) * before), p1.Y + ((p2.Y - p0.Y) * before)));
            places.Add(ChartCanvas.At(p2.X + ((p1.X - p3.X) * behind), p2.Y + ((p1.Y - p3.Y) * behind)));
            places.Add(ChartCanvas.At(p2.X, p2.Y));
        }

        canvas.AddPath(verbs.ToImmutable(), places.ToImmutable(), null, look.Outline, look.IsRound);

        static double Distance(Point a, Point b) => Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));
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

    // In the middle of the area, where it has one there.
    private static void LabelArea(ChartCanvas canvas, ChartSeries series, (double From, double To)?[] spans, PlotAxis category, PlotAxis value, List<PlacedLabel> labels)
    {
        for (var i = 0; i < Math.Min(spans.Length, series.Labels.Length); i++)
        {
            if (series.Labels[i] is { } label && spans[i] is { } span)
            {
                var (low, high) = (value.PlaceWithin(span.From != 0 ? span.From : value.BaseValue(category.Axis)), value.PlaceWithin(span.To));
                labels.Add(LabelOf(canvas, label, new(i, category.PlaceOfShare(category.ShareOfCategory(i)), (low + high) / 2, true), 0));
            }
        }
    }

    // What stands between the series of a category: lines from the least to the largest value and from there to the axis, bars from the first to the last series.
    private static void PaintBetween(ChartCanvas canvas, ChartGroup group, (double From, double To)?[][] spans, PlotAxis category, PlotAxis value)
    {
        for (var i = 0; i < (spans.Length == 0 ? 0 : spans[0].Length); i++)
        {
            var known = spans.Where(series => series[i] is not null).Select(series => series[i]!.Value.To).ToArray();
            if (known.Length == 0)
            {
                continue;
            }

            var at = category.PlaceOfShare(category.ShareOfCategory(i));
            canvas.Line(at, value.PlaceWithin(known.Max()), at, value.PlaceWithin(value.BaseValue(category.Axis)), group.Drop);
            canvas.Line(at, value.PlaceWithin(known.Max()), at, value.PlaceWithin(known.Min()), group.Range);
            if (group.UpDown is { } bars && spans[0][i] is { } first && spans[^1][i] is { } last)
            {
                var half = category.Length / (category.IsBetween ? category.Count : Math.Max(1, category.Count - 1)) / (1 + bars.GapWidth) / 2;
                var (from, to) = (value.PlaceWithin(first.To), value.PlaceWithin(last.To));
                canvas.Frame(new Box(at - half, Math.Min(from, to), 2 * half, Math.Abs(to - from)), last.To > first.To ? bars.Up : bars.Down);
            }
        }
    }

    private static PlacedLabel LabelOf(ChartCanvas canvas, PointLabel label, Point point, double radius)
    {
        var text = canvas.LayLabel(label);
        var (across, down) = Math.Abs(label.Rotation) < 45 ? (text.Width, text.Height) : (text.Height, text.Width);
        var gap = radius + (PlacedLabel.Gap * text.Size);
        var mark = new ShapePoint(point.X, point.Y);
        return label.Side switch
        {
            LabelSide.Left => new(label, text, point.X - gap - (across / 2), point.Y, mark),
            LabelSide.Right => new(label, text, point.X + gap + (across / 2), point.Y, mark),
            LabelSide.Above => new(label, text, point.X, point.Y - gap - (down / 2), mark),
            LabelSide.Below => new(label, text, point.X, point.Y + gap + (down / 2), mark),
            _ => new(label, text, point.X, point.Y, mark),
        };
    }
}
