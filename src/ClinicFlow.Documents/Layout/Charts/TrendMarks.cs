using System.Runtime.InteropServices;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>Draws lines through the points of series, and bars from them. Evidence: docs/layout.md, "Charts".</summary>
internal static class TrendMarks
{
    // Half of the mark at the end of a bar.
    private const double HalfCap = 2.5;

    // A curve is drawn in so many straight pieces.
    private const int Pieces = 60;

    /// <summary>Draws what belongs to a series's points.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="series">Whose.</param>
    /// <param name="spans">Where its values reach.</param>
    /// <param name="category">The first axis.</param>
    /// <param name="value">That of values.</param>
    /// <param name="inner">The plot area.</param>
    /// <param name="shareOf">The share of the first axis at which a point stands; null for none.</param>
    public static void Paint(ChartCanvas canvas, ChartSeries series, (double From, double To)?[] spans, PlotAxis category, PlotAxis value, Box inner, Func<int, double?> shareOf)
    {
        if (series.Errors.IsEmpty && series.Trends.IsEmpty)
        {
            return;
        }

        canvas.BeginClip(inner);
        foreach (var bars in series.Errors)
        {
            for (var i = 0; i < Math.Min(spans.Length, bars.Plus.Length); i++)
            {
                if (spans[i] is { } span && shareOf(i) is { } share)
                {
                    PaintBars(canvas, bars, i, span.To, share);
                }
            }
        }

        foreach (var trend in series.Trends)
        {
            PaintTrend(trend);
        }

        canvas.EndClip();

        void PaintBars(ChartCanvas canvas, ErrorBars bars, int i, double at, double share)
        {
            foreach (var off in (double?[])[bars.Plus[i], -bars.Minus[i]])
            {
                if (off is not { } by || by == 0)
                {
                    continue;
                }

                if (bars.IsAcross)
                {
                    var (y, to) = (value.PlaceOf(at), category.PlaceOf(series.Across[i]!.Value + by));
                    canvas.Line(category.PlaceOfShare(share), y, to, y, bars.Line);
                    canvas.Line(to, y - HalfCap, to, y + HalfCap, bars.HasCaps ? bars.Line : null);
                }
                else
                {
                    var (along, from, to) = (category.PlaceOfShare(share), value.PlaceOf(at), value.PlaceOf(at + by));
                    Across(along, from, along, to, bars.Line);
                    Across(along - HalfCap, to, along + HalfCap, to, bars.HasCaps ? bars.Line : null);
                }
            }
        }

        // A line whose ends are given along the first axis and along that of values.
        void Across(double along1, double at1, double along2, double at2, Model.Stroke? line)
        {
            if (value.IsHorizontal)
            {
                canvas.Line(at1, along1, at2, along2, line);
            }
            else
            {
                canvas.Line(along1, at1, along2, at2, line);
            }
        }

        void PaintTrend(TrendLine trend)
        {
            // Categories are counted from 1.
            var points = new List<(double X, double Y, double Share)>();
            for (var i = 0; i < spans.Length; i++)
            {
                if (spans[i] is { } span && shareOf(i) is { } share)
                {
                    points.Add((series.Across.IsEmpty ? i + 1 : series.Across[i]!.Value, span.To, share));
                }
            }

            var line = new List<ShapePoint>();
            if (trend.Kind == TrendKind.MovingAverage)
            {
                for (var i = trend.Period - 1; i < points.Count; i++)
                {
                    line.Add(new(category.PlaceOfShare(points[i].Share), value.PlaceOf(points.Skip(i - trend.Period + 1).Take(trend.Period).Average(point => point.Y))));
                }
            }
            else if (TrendCurve.Of(trend.Kind, [.. points.Select(point => (point.X, point.Y))]) is { } curve)
            {
                var (first, last) = (points.MinBy(point => point.X), points.MaxBy(point => point.X));
                for (var i = 0; i <= Pieces; i++)
                {
                    // Shares go with values across, but on a logarithmic axis.
                    var x = first.X + ((last.X - first.X) * i / Pieces);
                    var share = category.IsOfCategories ? first.Share + ((last.Share - first.Share) * i / Pieces) : category.Scale.ShareOf(x);
                    if (double.IsFinite(curve(x)))
                    {
                        line.Add(new(category.PlaceOfShare(share), value.PlaceOfShare(Math.Clamp(value.Scale.ShareOf(curve(x)), -1000, 1000))));
                    }
                }
            }

            canvas.Polyline(CollectionsMarshal.AsSpan(line), false, null, trend.Line, isRound: true);
        }
    }
}

/// <summary>The curve of least squares through points.</summary>
internal static class TrendCurve
{
    /// <summary>The value at a place across; null where there is no such curve.</summary>
    public static Func<double, double>? Of(TrendKind kind, (double X, double Y)[] points)
    {
        var isOfLogX = kind is TrendKind.Logarithmic or TrendKind.Power;
        var isOfLogY = kind is TrendKind.Exponential or TrendKind.Power;
        if (points.Length < 2 || isOfLogX && points.Any(point => point.X <= 0) || isOfLogY && points.Any(point => point.Y <= 0))
        {
            return null;
        }

        var xs = points.Select(point => isOfLogX ? Math.Log(point.X) : point.X).ToArray();
        var ys = points.Select(point => isOfLogY ? Math.Log(point.Y) : point.Y).ToArray();
        var (meanX, meanY) = (xs.Average(), ys.Average());
        var spread = xs.Sum(x => (x - meanX) * (x - meanX));
        if (spread <= 0)
        {
            return null;
        }

        var slope = xs.Zip(ys, (x, y) => (x - meanX) * (y - meanY)).Sum() / spread;
        return x =>
        {
            var y = meanY + (slope * ((isOfLogX ? Math.Log(x) : x) - meanX));
            return isOfLogY ? Math.Exp(y) : y;
        };
    }
}
