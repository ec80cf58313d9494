using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>A path as it is built: from logical units to the picture, with curves in the place of arcs.</summary>
internal sealed class GdiPath
{
    // Of a quarter of a circle: how far control points lie from its ends, in radii.
    private const double QuarterArc = 0.5522847498;

    // Beyond this many times the picture's size nothing can be seen, and no file needs to say it.
    private const double Farthest = 100_000;

    private readonly ImmutableArray<PathStep>.Builder _steps = ImmutableArray.CreateBuilder<PathStep>();
    private bool _isOpen;

    public int Count => _steps.Count;

    public ImmutableArray<PathStep> Build() => _steps.ToImmutable();

    /// <summary>What follows is a figure of its own.</summary>
    public void Break() => _isOpen = false;

    /// <summary>Goes on from a point: it begins a figure where none is open.</summary>
    public void From(in Transform transform, ShapePoint point)
    {
        if (!_isOpen)
        {
            _steps.Add(new(PathStepKind.Move, Map(transform, point), default, default));
            _isOpen = true;
        }
    }

    public void Line(in Transform transform, ShapePoint to) => _steps.Add(new(PathStepKind.Line, Map(transform, to), default, default));

    public void Curve(in Transform transform, ShapePoint a, ShapePoint b, ShapePoint c)
        => _steps.Add(new(PathStepKind.Curve, Map(transform, a), Map(transform, b), Map(transform, c)));

    public void Close()
    {
        if (_isOpen)
        {
            _steps.Add(new(PathStepKind.Close, default, default, default));
            _isOpen = false;
        }
    }

    /// <summary>A figure of straight lines.</summary>
    public void Figure(in Transform transform, ReadOnlySpan<ShapePoint> points, bool isClosed)
    {
        if (points.Length < 2)
        {
            return;
        }

        Break();
        From(transform, points[0]);
        foreach (var point in points[1..])
        {
            Line(transform, point);
        }

        if (isClosed)
        {
            Close();
        }

        Break();
    }

    public void Rectangle(in Transform transform, double left, double top, double right, double bottom)
        => Figure(transform, [new(left, top), new(right, top), new(right, bottom), new(left, bottom)], isClosed: true);

    /// <summary>A rectangle whose corners are quarters of an ellipse.</summary>
    /// <param name="transform">From logical units.</param>
    /// <param name="left">Left side.</param>
    /// <param name="top">Upper side.</param>
    /// <param name="right">Right side.</param>
    /// <param name="bottom">Lower side.</param>
    /// <param name="x">The ellipse's radius across; half the width makes an ellipse of it all.</param>
    /// <param name="y">The ellipse's radius down.</param>
    public void RoundRectangle(in Transform transform, double left, double top, double right, double bottom, double x, double y)
    {
        (left, right, top, bottom) = (Math.Min(left, right), Math.Max(left, right), Math.Min(top, bottom), Math.Max(top, bottom));
        (x, y) = (Math.Min(Math.Abs(x), (right - left) / 2), Math.Min(Math.Abs(y), (bottom - top) / 2));
        var (dx, dy) = (x * (1 - QuarterArc), y * (1 - QuarterArc));
        Break();
        From(transform, new(right, top + y));
        Side(transform, new(right, bottom - y), y * 2 < bottom - top);
        Curve(transform, new(right, bottom - dy), new(right - dx, bottom), new(right - x, bottom));
        Side(transform, new(left + x, bottom), x * 2 < right - left);
        Curve(transform, new(left + dx, bottom), new(left, bottom - dy), new(left, bottom - y));
        Side(transform, new(left, top + y), y * 2 < bottom - top);
        Curve(transform, new(left, top + dy), new(left + dx, top), new(left + x, top));
        Side(transform, new(right - x, top), x * 2 < right - left);
        Curve(transform, new(right - dx, top), new(right, top + dy), new(right, top + y));
        Close();
    }

    private void Side(in Transform transform, ShapePoint to, bool hasLength)
    {
        if (hasLength)
        {
            Line(transform, to);
        }
    }

    /// <summary>A part of an ellipse, going on from what is open.</summary>
    /// <param name="transform">From logical units.</param>
    /// <param name="center">The ellipse's.</param>
    /// <param name="x">Its radius across.</param>
    /// <param name="y">Its radius down.</param>
    /// <param name="start">Where it begins, in radians from the right towards larger y.</param>
    /// <param name="sweep">How far it goes; below 0 towards smaller y.</param>
    /// <param name="isJoined">Whether a line leads to its beginning from what is open.</param>
    /// <returns>Where it ends.</returns>
    public ShapePoint Arc(in Transform transform, ShapePoint center, double x, double y, double start, double sweep, bool isJoined)
    {
        ShapePoint On(double angle) => new(center.X + (x * Math.Cos(angle)), center.Y + (y * Math.Sin(angle)));
        if (isJoined)
        {
            Line(transform, On(start));
        }
        else
        {
            From(transform, On(start));
        }

        var parts = Math.Max(1, (int)Math.Ceiling(Math.Abs(sweep) / (Math.PI / 2) - 1e-9));
        var step = sweep / parts;
        var pull = 4.0 / 3 * Math.Tan(step / 4);
        for (var i = 0; i < parts; i++)
        {
            var (from, to) = (start + (i * step), start + ((i + 1) * step));
            var (a, c) = (On(from), On(to));
            Curve(
                transform,
                new(a.X - (pull * x * Math.Sin(from)), a.Y + (pull * y * Math.Cos(from))),
                new(c.X + (pull * x * Math.Sin(to)), c.Y - (pull * y * Math.Cos(to))),
                c);
        }

        return On(start + sweep);
    }

    /// <summary>The same with all figures closed.</summary>
    public static ImmutableArray<PathStep> Closed(ImmutableArray<PathStep> steps)
    {
        var closed = ImmutableArray.CreateBuilder<PathStep>(steps.Length + 4);
        for (var i = 0; i < steps.Length; i++)
        {
            closed.Add(steps[i]);
            if (steps[i].Kind != PathStepKind.Close && (i + 1 == steps.Length || steps[i + 1].Kind == PathStepKind.Move))
            {
                closed.Add(new(PathStepKind.Close, default, default, default));
            }
        }

        return closed.ToImmutable();
    }

    private static ShapePoint Map(in Transform transform, ShapePoint point)
    {
        var mapped = transform.Apply(point.X, point.Y);
        return Math.Abs(mapped.X) < Farthest && Math.Abs(mapped.Y) < Farthest ? mapped : throw new UndrawableException("a point far outside of it");
    }
}
