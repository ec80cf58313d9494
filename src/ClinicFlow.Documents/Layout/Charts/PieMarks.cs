using System.Collections.Immutable;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>Draws pies and doughnuts: slices clockwise from above, as large as their share.</summary>
internal static class PieMarks
{
    private const double QuarterTurn = Math.PI / 2;

    // From so far off the straight on, labels outside have a corner at the slice.
    private const double CornerFrom = Math.PI / 12;

    public static void Paint(ChartCanvas canvas, Chart chart, Box room)
    {
        var group = chart.Groups[0];
        var (x, y) = (room.Left + (room.Width / 2), room.Top + (room.Height / 2));
        var pulled = group.Series.SelectMany(series => series.Looks).Select(look => look.Explosion).DefaultIfEmpty(0).Max();
        var whole = Math.Min(room.Width, room.Height) / 2;
        var radius = (group.Kind == ChartKind.Pie ? RadiusBesideLabels(canvas, group, room, whole) : whole) / (1 + pulled);

        // Of a pie the first series is shown; of a doughnut each has a ring, the first the innermost.
        var rings = group.Kind == ChartKind.Pie ? group.Series.Take(1).ToArray() : [.. group.Series];
        var hole = group.Kind == ChartKind.Pie ? 0 : radius * group.Hole;
        var labels = new List<PlacedLabel>();
        for (var s = 0; s < rings.Length; s++)
        {
            var thickness = (radius - hole) / rings.Length;
            PaintRing(canvas, group, rings[s], (x, y), hole + (s * thickness), hole + ((s + 1) * thickness), labels);
        }

        foreach (var label in labels)
        {
            label.Paint(canvas);
        }
    }

    // Labels outside make a pie smaller, also those for which there is no place inside; but not by more than half.
    private static double RadiusBesideLabels(ChartCanvas canvas, ChartGroup group, Box room, double whole)
    {
        var radius = whole;
        var series = group.Series[0];
        var total = series.Values.Sum(value => value ?? 0);
        var angle = group.FirstAngle * Math.PI / 180;
        for (var i = 0; i < series.Labels.Length; i++)
        {
            var sweep = total > 0 ? (series.Values[i] ?? 0) / total * 2 * Math.PI : 0;
            var middle = angle + (sweep / 2);
            angle += sweep;
            if (series.Labels[i] is not { Side: LabelSide.OutsideEnd or LabelSide.BestFit } label)
            {
                continue;
            }

            var text = canvas.LayLabel(label);
            if (label.Side == LabelSide.BestFit && FitsInside(text, whole, middle, sweep))
            {
                continue;
            }

            var (sin, cos) = Math.SinCos(middle);
            var gap = PlacedLabel.Gap * text.Size;
            radius = Math.Min(radius, RoomAlong(sin, (room.Width / 2) - (text.Width / 2 * (1 + Math.Abs(Beside(sin))))) - gap);
            radius = Math.Min(radius, RoomAlong(cos, (room.Height / 2) - (text.Height / 2 * (1 + Math.Abs(Beside(cos))))) - gap);
        }

        return Math.Max(1, Math.Max(radius, whole / 2));

        static double RoomAlong(double direction, double room) => Math.Abs(direction) < 0.1 ? double.PositiveInfinity : room / Math.Abs(direction);
    }

    // How far a label outside stands to a side of where its slice's middle ends, in halves of it: with its corner there, but around it where the slice points straight that way.
    private static double Beside(double direction) => Math.Clamp(direction / Math.Sin(CornerFrom), -1, 1);

    private static void PaintRing(ChartCanvas canvas, ChartGroup group, ChartSeries series, (double X, double Y) middle, double inner, double outer, List<PlacedLabel> labels)
    {
        var total = series.Values.Sum(value => value ?? 0);
        if (total <= 0)
        {
            return;
        }

        var angle = group.FirstAngle * Math.PI / 180;
        for (var i = 0; i < series.Values.Length; i++)
        {
            var sweep = (series.Values[i] ?? 0) / total * 2 * Math.PI;
            var look = series.Looks[i];
            var (sin, cos) = Math.SinCos(angle + (sweep / 2));
            var (x, y) = (middle.X + (sin * look.Explosion * outer), middle.Y - (cos * look.Explosion * outer));
            if (sweep > 0)
            {
                PaintSlice(canvas, look, x, y, inner, outer, angle, sweep);
            }

            if (i < series.Labels.Length && series.Labels[i] is { } label)
            {
                labels.Add(LabelOf(canvas, label, (x, y), inner, outer, angle + (sweep / 2), sweep));
            }

            angle += sweep;
        }
    }

    private static void PaintSlice(ChartCanvas canvas, PointLook look, double x, double y, double inner, double outer, double from, double sweep)
    {
        var verbs = ImmutableArray.CreateBuilder<PathVerb>();
        var points = ImmutableArray.CreateBuilder<PathPoint>();
        var isWhole = sweep >= (2 * Math.PI) - 1e-9;
        if (inner > 0 || isWhole)
        {
            Step(PathVerb.Move, from, outer);
        }
        else
        {
            verbs.Add(PathVerb.Move);
            points.Add(ChartCanvas.At(x, y));
            Step(PathVerb.Line, from, outer);
        }

        Arc(from, sweep, outer);
        if (inner > 0)
        {
            // A whole ring is two circles, one run through the other way.
            if (isWhole)
            {
                verbs.Add(PathVerb.Close);
            }

            Step(isWhole ? PathVerb.Move : PathVerb.Line, from + sweep, inner);
            Arc(from + sweep, -sweep, inner);
        }

        verbs.Add(PathVerb.Close);
        canvas.AddPath(verbs.ToImmutable(), points.ToImmutable(), look.Fill, look.Outline, isRound: true);

        void Step(PathVerb verb, double angle, double r)
        {
            var (sin, cos) = Math.SinCos(angle);
            verbs.Add(verb);
            points.Add(ChartCanvas.At(x + (r * sin), y - (r * cos)));
        }

        void Arc(double start, double turn, double r)
        {
            var pieces = Math.Max(1, (int)Math.Ceiling(Math.Abs(turn) / QuarterTurn - 1e-9));
            var each = turn / pieces;
            var k = 4.0 / 3 * Math.Tan(each / 4) * r;
            for (var i = 0; i < pieces; i++)
            {
                var (a, b) = (start + (i * each), start + ((i + 1) * each));
                var ((sinA, cosA), (sinB, cosB)) = (Math.SinCos(a), Math.SinCos(b));
                verbs.Add(PathVerb.Curve);
                points.Add(ChartCanvas.At(x + (r * sinA) + (k * cosA), y - (r * cosA) + (k * sinA)));
                points.Add(ChartCanvas.At(x + (r * sinB) - (k * cosB), y - (r * cosB) - (k * sinB)));
                points.Add(ChartCanvas.At(x + (r * sinB), y - (r * cosB)));
            }
        }
    }

    // Where the slice is wide enough for the text near its edge.
    private static bool FitsInside(LaidText text, double outer, double angle, double sweep)
    {
        var (sin, cos) = Math.SinCos(angle);
        var reach = ((Math.Abs(sin) * text.Width) + (Math.Abs(cos) * text.Height)) / 2;
        var end = outer - reach - (PlacedLabel.Gap * text.Size);
        var chord = sweep >= Math.PI ? 2 * outer : 2 * Math.Max(0, end) * Math.Sin(sweep / 2);
        return chord >= (Math.Abs(cos) * text.Width) + (Math.Abs(sin) * text.Height) && end > reach;
    }

    private static PlacedLabel LabelOf(ChartCanvas canvas, PointLabel label, (double X, double Y) middle, double inner, double outer, double angle, double sweep)
    {
        var text = canvas.LayLabel(label);
        var (sin, cos) = Math.SinCos(angle);
        var (halfX, halfY) = (text.Width / 2, text.Height / 2);
        var reach = (Math.Abs(sin) * halfX) + (Math.Abs(cos) * halfY);
        var gap = PlacedLabel.Gap * text.Size;
        var end = outer - reach - gap;
        var side = label.Side;
        if (side == LabelSide.BestFit)
        {
            side = FitsInside(text, outer, angle, sweep) ? LabelSide.InsideEnd : LabelSide.OutsideEnd;
        }

        var edge = new ShapePoint(middle.X + (outer * sin), middle.Y - (outer * cos));
        if (side is not (LabelSide.Center or LabelSide.InsideEnd))
        {
            return new(label, text, edge.X + (gap * sin) + (halfX * Beside(sin)), edge.Y - (gap * cos) - (halfY * Beside(cos)), edge);
        }

        var at = side == LabelSide.Center ? (inner + outer) / 2 : end;
        return new(label, text, middle.X + (at * sin), middle.Y - (at * cos), edge);
    }
}
