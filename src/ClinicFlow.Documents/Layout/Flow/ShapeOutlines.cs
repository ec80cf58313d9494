using System.Collections.Immutable;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>An outline to draw.</summary>
internal sealed record OutlinePath(ImmutableArray<PathVerb> Verbs, ImmutableArray<PathPoint> Points, bool IsFilled, bool IsStroked)
{
    /// <summary>See <see cref="ShapePath.Shade"/>.</summary>
    public double Shade { get; init; }
}

/// <summary>The outlines of preset shapes in a box (ECMA-376 Part 1, 20.1.10.56 and presetShapeDefinitions).</summary>
internal static class ShapeOutlines
{
    // A quarter of a circle as a Bézier curve.
    private const double Quarter = 0.5522847498;

    public static IEnumerable<OutlinePath> Of(Geometry geometry, double w, double h)
    {
        if (geometry.Kind == ShapeKind.Custom)
        {
            foreach (var path in geometry.Paths)
            {
                yield return Of(path.Steps, w, h, path.IsFilled, path.IsStroked) with { Shade = path.Shade };
            }

            yield break;
        }

        double Adjust(int index, double standard) => index < geometry.Adjustments.Length && !double.IsNaN(geometry.Adjustments[index]) ? geometry.Adjustments[index] / 100_000 : standard;
        var s = Math.Min(w, h);
        var pen = new Pen();
        var isFilled = true;
        switch (geometry.Kind)
        {
            case ShapeKind.RoundedRectangle:
                Rounded(pen, w, h, s * Math.Clamp(Adjust(0, 0.16667), 0, 0.5));
                break;
            case ShapeKind.Ellipse:
                Ellipse(pen, w, h);
                break;
            case ShapeKind.Line:
                pen.Move(0, 0).Line(w, h);
                isFilled = false;
                break;
            case ShapeKind.BentConnector:
                pen.Move(0, 0).Line(w * Adjust(0, 0.5), 0).Line(w * Adjust(0, 0.5), h).Line(w, h);
                isFilled = false;
                break;
            case ShapeKind.CurvedConnector:
                pen.Move(0, 0).Curve(w / 2, 0, w / 2, h, w, h);
                isFilled = false;
                break;
            case ShapeKind.Triangle:
                pen.Polygon((w * Adjust(0, 0.5), 0), (w, h), (0, h));
                break;
            case ShapeKind.RightTriangle:
                pen.Polygon((0, 0), (w, h), (0, h));
                break;
            case ShapeKind.Diamond:
                pen.Polygon((w / 2, 0), (w, h / 2), (w / 2, h), (0, h / 2));
                break;
            case ShapeKind.Parallelogram:
                var slant = s * Adjust(0, 0.25);
                pen.Polygon((slant, 0), (w, 0), (w - slant, h), (0, h));
                break;
            case ShapeKind.Trapezoid:
                var side = s * Adjust(0, 0.25);
                pen.Polygon((side, 0), (w - side, 0), (w, h), (0, h));
                break;
            case ShapeKind.Pentagon:
                pen.Polygon((w / 2, 0), (w, h * 0.382), (w * 0.809, h), (w * 0.191, h), (0, h * 0.382));
                break;
            case ShapeKind.Hexagon:
                var corner = s * Adjust(0, 0.25);
                pen.Polygon((corner, 0), (w - corner, 0), (w, h / 2), (w - corner, h), (corner, h), (0, h / 2));
                break;
            case ShapeKind.Octagon:
                var cut = s * Adjust(0, 0.29289);
                pen.Polygon((cut, 0), (w - cut, 0), (w, cut), (w, h - cut), (w - cut, h), (cut, h), (0, h - cut), (0, cut));
                break;
            case ShapeKind.RightArrow:
                Arrow(pen, w, h, Adjust(0, 0.5), s * Adjust(1, 0.5), (x, y) => (x, y));
                break;
            case ShapeKind.LeftArrow:
                Arrow(pen, w, h, Adjust(0, 0.5), s * Adjust(1, 0.5), (x, y) => (w - x, y));
                break;
            case ShapeKind.DownArrow:
                Arrow(pen, h, w, Adjust(0, 0.5), s * Adjust(1, 0.5), (x, y) => (y, x));
                break;
            case ShapeKind.UpArrow:
                Arrow(pen, h, w, Adjust(0, 0.5), s * Adjust(1, 0.5), (x, y) => (y, h - x));
                break;
            case ShapeKind.LeftRightArrow:
                var head = s * Adjust(1, 0.5);
                var (upper, lower) = (h * (1 - Adjust(0, 0.5)) / 2, h * (1 + Adjust(0, 0.5)) / 2);
                pen.Polygon((0, h / 2), (head, 0), (head, upper), (w - head, upper), (w - head, 0), (w, h / 2), (w - head, h), (w - head, lower), (head, lower), (head, h));
                break;
            case ShapeKind.Plus:
                var arm = s * Adjust(0, 0.25);
                pen.Polygon((arm, 0), (w - arm, 0), (w - arm, arm), (w, arm), (w, h - arm), (w - arm, h - arm), (w - arm, h), (arm, h), (arm, h - arm), (0, h - arm), (0, arm), (arm, arm));
                break;
            case ShapeKind.Star5:
                Star(pen, w, h);
                break;
            case ShapeKind.Chevron:
                var notch = s * Adjust(0, 0.5);
                pen.Polygon((0, 0), (w - notch, 0), (w, h / 2), (w - notch, h), (0, h), (notch, h / 2));
                break;
            case ShapeKind.HomePlate:
                var point = s * Adjust(0, 0.5);
                pen.Polygon((0, 0), (w - point, 0), (w, h / 2), (w - point, h), (0, h));
                break;
            case ShapeKind.LeftBracket:
                pen.Move(w, 0).Curve(w * 0.45, 0, 0, s * 0.04, 0, s * 0.083).Line(0, h - (s * 0.083)).Curve(0, h - (s * 0.04), w * 0.45, h, w, h);
                isFilled = false;
                break;
            case ShapeKind.RightBracket:
                pen.Move(0, 0).Curve(w * 0.55, 0, w, s * 0.04, w, s * 0.083).Line(w, h - (s * 0.083)).Curve(w, h - (s * 0.04), w * 0.55, h, 0, h);
                isFilled = false;
                break;
            case ShapeKind.LeftBrace:
                Brace(pen, h, s, Adjust(1, 0.5), x => w - x, w);
                isFilled = false;
                break;
            case ShapeKind.RightBrace:
                Brace(pen, h, s, Adjust(1, 0.5), x => x, w);
                isFilled = false;
                break;
            case ShapeKind.Arc:
                pen.Move(w / 2, 0).Curve(w / 2 * (1 + Quarter), 0, w, h / 2 * (1 - Quarter), w, h / 2);
                isFilled = false;
                break;
            default:
                pen.Polygon((0, 0), (w, 0), (w, h), (0, h));
                break;
        }

        yield return pen.Done(isFilled, isStroked: true);
    }

    /// <summary>Where text stands in a shape, in its box: the rectangle of presetShapeDefinitions.</summary>
    public static Box TextArea(Geometry geometry, double w, double h)
    {
        double Adjust(int index, double standard) => index < geometry.Adjustments.Length && !double.IsNaN(geometry.Adjustments[index]) ? geometry.Adjustments[index] / 100_000 : standard;
        static Box Between(double left, double top, double right, double bottom) => new(left, top, Math.Max(1, right - left), Math.Max(1, bottom - top));
        var s = Math.Min(w, h);
        switch (geometry.Kind)
        {
            case ShapeKind.Custom:
                var text = geometry.TextArea;
                return Between(w * text.Left, h * text.Top, w * (1 - text.Right), h * (1 - text.Bottom));
            case ShapeKind.Ellipse:
                return Between(w * 0.14645, h * 0.14645, w * 0.85355, h * 0.85355);
            case ShapeKind.RoundedRectangle:
                var corner = s * Math.Clamp(Adjust(0, 0.16667), 0, 0.5) * 0.29289;
                return Between(corner, corner, w - corner, h - corner);
            case ShapeKind.Triangle:
                var peak = w * Adjust(0, 0.5) / 2;
                return Between(peak, h / 2, peak + (w / 2), h);
            case ShapeKind.RightTriangle:
                return Between(w / 12, h * 7 / 12, w * 7 / 12, h * 11 / 12);
            case ShapeKind.Diamond:
                return Between(w / 4, h / 4, w * 3 / 4, h * 3 / 4);
            case ShapeKind.Trapezoid:
                var lean = w <= 0 ? 0 : s * Adjust(0, 0.25) / (w / 2) / 3;
                return Between(w * lean, h * lean, w * (1 - lean), h);
            case ShapeKind.Pentagon:
                return Between(w * 0.191, h * 0.236, w * 0.809, h);
            case ShapeKind.Octagon:
                var cut = s * Adjust(0, 0.29289) / 2;
                return Between(cut, cut, w - cut, h - cut);
            case ShapeKind.Chevron:
                var notch = s * Adjust(0, 0.5);
                return notch < w - notch ? Between(notch, 0, w - notch, h) : Between(0, 0, w, h);
            case ShapeKind.HomePlate:
                return Between(0, 0, w - (s * Adjust(0, 0.5) / 2), h);
            case ShapeKind.Plus:
                var arm = s * Adjust(0, 0.25);
                return w > h ? Between(0, arm, w, h - arm) : Between(arm, 0, w - arm, h);
            case ShapeKind.RightArrow or ShapeKind.LeftArrow:
                var (upper, head) = (h * (1 - Adjust(0, 0.5)) / 2, Math.Min(w, s * Adjust(1, 0.5)));
                var reach = head * (1 - (2 * upper / h));
                return geometry.Kind == ShapeKind.RightArrow ? Between(0, upper, w - head + reach, h - upper) : Between(head - reach, upper, w, h - upper);
            case ShapeKind.UpArrow or ShapeKind.DownArrow:
                var (side, tip) = (w * (1 - Adjust(0, 0.5)) / 2, Math.Min(h, s * Adjust(1, 0.5)));
                var extent = tip * (1 - (2 * side / w));
                return geometry.Kind == ShapeKind.DownArrow ? Between(side, 0, w - side, h - tip + extent) : Between(side, tip - extent, w - side, h);
            default:
                return new(0, 0, w, h);
        }
    }

    // Of an outline that is drawn step by step, each part that is left open has two ends.
    private static void AddEndsOfPaths(FragmentBuilder into, Geometry geometry, double w, double h, Model.Stroke stroke, Paint paint, int node)
    {
        var size = Math.Max(3 * stroke.Width.Value, 4);
        foreach (var path in geometry.Paths)
        {
            if (!path.IsStroked || path.Steps.Length < 2 || path.Steps.Any(step => step.Kind == PathStepKind.Close))
            {
                continue;
            }

            var (first, last) = (path.Steps[1], path.Steps[^1]);
            if (stroke.Start != LineEnd.None)
            {
                Add(first.A, path.Steps[0].A);
            }

            if (stroke.End != LineEnd.None)
            {
                Add(last.Kind == PathStepKind.Curve ? last.B : EndOf(path.Steps[^2]), EndOf(last));
            }
        }

        static ShapePoint EndOf(in PathStep step) => step.Kind == PathStepKind.Curve ? step.C : step.A;

        void Add(ShapePoint from, ShapePoint to)
        {
            var (dx, dy) = ((to.X - from.X) * w, (to.Y - from.Y) * h);
            var length = Math.Sqrt((dx * dx) + (dy * dy));
            if (length > 0.01)
            {
                into.Add(Head(to.X * w, to.Y * h, dx / length, dy / length, size, paint), node);
            }
        }
    }

    /// <summary>Arrow heads of a line from the left top to the right bottom corner, and of open outlines.</summary>
    public static void AddLineEnds(FragmentBuilder into, Geometry geometry, double w, double h, Model.Stroke stroke, Paint paint, int node)
    {
        if (geometry.Kind == ShapeKind.Custom)
        {
            AddEndsOfPaths(into, geometry, w, h, stroke, paint, node);
            return;
        }

        var length = Math.Sqrt((w * w) + (h * h));
        if (geometry.Kind is not (ShapeKind.Line or ShapeKind.BentConnector or ShapeKind.CurvedConnector) || length < 0.1)
        {
            return;
        }

        var (dx, dy) = geometry.Kind == ShapeKind.Line ? (w / length, h / length) : (w >= 0 ? 1.0 : -1.0, 0.0);
        var size = Math.Max(3 * stroke.Width.Value, 4);
        if (stroke.End != LineEnd.None)
        {
            into.Add(Head(w, h, dx, dy, size, paint), node);
        }

        if (stroke.Start != LineEnd.None)
        {
            into.Add(Head(0, 0, -dx, -dy, size, paint), node);
        }
    }

    private static Shape Head(double x, double y, double dx, double dy, double size, Paint paint)
    {
        var (backX, backY) = (x - (dx * size), y - (dy * size));
        var (sideX, sideY) = (-dy * size / 2, dx * size / 2);
        return new(
            [PathVerb.Move, PathVerb.Line, PathVerb.Line, PathVerb.Close],
            [new((float)x, (float)y), new((float)(backX + sideX), (float)(backY + sideY)), new((float)(backX - sideX), (float)(backY - sideY))],
            paint, null, 0, Pages.DashKind.Solid);
    }

    private static void Rounded(Pen pen, double w, double h, double r)
    {
        var k = r * (1 - Quarter);
        pen.Move(r, 0).Line(w - r, 0).Curve(w - k, 0, w, k, w, r).Line(w, h - r).Curve(w, h - k, w - k, h, w - r, h)
            .Line(r, h).Curve(k, h, 0, h - k, 0, h - r).Line(0, r).Curve(0, k, k, 0, r, 0).Close();
    }

    private static void Ellipse(Pen pen, double w, double h)
    {
        var (x, y) = (w / 2, h / 2);
        var (kx, ky) = (x * Quarter, y * Quarter);
        pen.Move(0, y).Curve(0, y - ky, x - kx, 0, x, 0).Curve(x + kx, 0, w, y - ky, w, y)
            .Curve(w, y + ky, x + kx, h, x, h).Curve(x - kx, h, 0, y + ky, 0, y).Close();
    }

    private static void Arrow(Pen pen, double length, double height, double shaft, double head, Func<double, double, (double X, double Y)> at)
    {
        var (upper, lower) = (height * (1 - shaft) / 2, height * (1 + shaft) / 2);
        var neck = length - Math.Min(head, length);
        pen.Polygon(at(0, upper), at(neck, upper), at(neck, 0), at(length, height / 2), at(neck, height), at(neck, lower), at(0, lower));
    }

    private static void Star(Pen pen, double w, double h)
    {
        var corners = new (double, double)[10];
        for (var i = 0; i < 10; i++)
        {
            var (sin, cos) = Math.SinCos(Math.PI * i / 5);
            var r = i % 2 == 0 ? 1 : 0.38196;

            // Stretched so that its points touch all four sides of the box.
            corners[i] = (w / 2 * (1 + (1.05146 * r * sin)), h / 2 * 1.10557 * (1 - (r * cos)));
        }

        pen.Polygon(corners);
    }

    private static void Brace(Pen pen, double h, double s, double middle, Func<double, double> x, double w)
    {
        var r = Math.Min(s * 0.08333, h / 4);
        var m = h * middle;
        pen.Move(x(0), 0).Curve(x(w / 4), 0, x(w / 2), r / 2, x(w / 2), r).Line(x(w / 2), m - r)
            .Curve(x(w / 2), m - (r / 2), x(w * 0.75), m, x(w), m).Curve(x(w * 0.75), m, x(w / 2), m + (r / 2), x(w / 2), m + r)
            .Line(x(w / 2), h - r).Curve(x(w / 2), h - (r / 2), x(w / 4), h, x(0), h);
    }

    /// <summary>A path whose points are parts of a width and a height.</summary>
    public static OutlinePath Of(ImmutableArray<PathStep> steps, double w, double h, bool isFilled, bool isStroked)
    {
        var pen = new Pen();
        foreach (var step in steps)
        {
            switch (step.Kind)
            {
                case PathStepKind.Move:
                    pen.Move(step.A.X * w, step.A.Y * h);
                    break;
                case PathStepKind.Line:
                    pen.Line(step.A.X * w, step.A.Y * h);
                    break;
                case PathStepKind.Curve:
                    pen.Curve(step.A.X * w, step.A.Y * h, step.B.X * w, step.B.Y * h, step.C.X * w, step.C.Y * h);
                    break;
                default:
                    pen.Close();
                    break;
            }
        }

        return pen.Done(isFilled, isStroked);
    }

    private sealed class Pen
    {
        private readonly ImmutableArray<PathVerb>.Builder _verbs = ImmutableArray.CreateBuilder<PathVerb>();
        private readonly ImmutableArray<PathPoint>.Builder _points = ImmutableArray.CreateBuilder<PathPoint>();

        public Pen Move(double x, double y) => Add(PathVerb.Move, x, y);

        public Pen Line(double x, double y) => Add(PathVerb.Line, x, y);

        public Pen Curve(double x1, double y1, double x2, double y2, double x, double y)
        {
            _points.Add(new((float)x1, (float)y1));
            _points.Add(new((float)x2, (float)y2));
            return Add(PathVerb.Curve, x, y);
        }

        public void Close() => _verbs.Add(PathVerb.Close);

        public void Polygon(params ReadOnlySpan<(double X, double Y)> corners)
        {
            for (var i = 0; i < corners.Length; i++)
            {
                Add(i == 0 ? PathVerb.Move : PathVerb.Line, corners[i].X, corners[i].Y);
            }

            Close();
        }

        public OutlinePath Done(bool isFilled, bool isStroked) => new(_verbs.ToImmutable(), _points.ToImmutable(), isFilled, isStroked);

        private Pen Add(PathVerb verb, double x, double y)
        {
            _verbs.Add(verb);
            _points.Add(new((float)x, (float)y));
            return this;
        }
    }
}
