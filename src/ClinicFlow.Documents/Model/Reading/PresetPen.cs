using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Draws in a size, and gives parts of it.</summary>
internal sealed class PresetPen(double width, double height)
{
    private readonly ImmutableArray<ShapePath>.Builder _parts = ImmutableArray.CreateBuilder<ShapePath>();
    private readonly ImmutableArray<PathStep>.Builder _steps = ImmutableArray.CreateBuilder<PathStep>();
    private ShapePoint _at;

    public PresetPen Move(double x, double y) => Add(PathStepKind.Move, x, y);

    public PresetPen Line(double x, double y) => Add(PathStepKind.Line, x, y);

    public PresetPen Curve(double x1, double y1, double x2, double y2, double x, double y)
    {
        _at = At(x, y);
        _steps.Add(new(PathStepKind.Curve, At(x1, y1), At(x2, y2), _at));
        return this;
    }

    /// <summary>An arc from where the pen is, which is at <paramref name="start"/> of an ellipse; clockwise, in degrees.</summary>
    public PresetPen Arc(double rx, double ry, double start, double sweep)
    {
        if (rx > 0 && ry > 0)
        {
            var (from, turn) = CustomGeometry.Unstretched(rx, ry, start, sweep);
            _at = CustomGeometry.AddArc(_steps, _at, rx / width, ry / height, from, turn);
        }

        return this;
    }

    public PresetPen Close()
    {
        _steps.Add(new(PathStepKind.Close, default, default, default));
        return this;
    }

    public PresetPen Polygon(params ReadOnlySpan<double> corners)
    {
        for (var i = 0; i + 1 < corners.Length; i += 2)
        {
            Add(i == 0 ? PathStepKind.Move : PathStepKind.Line, corners[i], corners[i + 1]);
        }

        return Close();
    }

    public PresetPen Ellipse(double x, double y, double w, double h, bool isClockwise)
    {
        var sweep = isClockwise ? 360 : -360;
        return Move(x, y + (h / 2)).Arc(w / 2, h / 2, 180, sweep).Close();
    }

    // Radii from the top left corner clockwise.
    public PresetPen Rounded(double a, double b, double c, double d) =>
        Move(0, a).Arc(a, a, 180, 90).Line(width - b, 0).Arc(b, b, 270, 90).Line(width, height - c).Arc(c, c, 0, 90).Line(d, height).Arc(d, d, 90, 90).Close();

    public PresetPen Snipped(double a, double b, double c, double d) =>
        Polygon(0, a, a, 0, width - b, 0, width, b, width, height - c, width - c, height, d, height, 0, height - d);

    /// <summary>A quadratic curve.</summary>
    public PresetPen Quadratic(double x1, double y1, double x, double y)
    {
        var (from, control, to) = (_at, At(x1, y1), At(x, y));
        _at = to;
        _steps.Add(new(PathStepKind.Curve, Between(from, control), Between(to, control), to));
        return this;

        static ShapePoint Between(ShapePoint a, ShapePoint b) => new(a.X + ((b.X - a.X) * 2 / 3), a.Y + ((b.Y - a.Y) * 2 / 3));
    }

    /// <summary>An arc whose angles are those on the circle that is stretched to the ellipse.</summary>
    public PresetPen CircleArc(double rx, double ry, double start, double sweep)
    {
        _at = CustomGeometry.AddArc(_steps, _at, rx / width, ry / height, start, sweep);
        return this;
    }

    /// <summary>Ends a part of the outline.</summary>
    /// <param name="isFilled">Whether its inside is filled.</param>
    /// <param name="isStroked">Whether its line is drawn.</param>
    /// <param name="shade">See <see cref="ShapePath.Shade"/>.</param>
    public PresetPen EndPart(bool isFilled, bool isStroked, double shade = 0)
    {
        _parts.Add(new(_steps.ToImmutable(), isFilled, isStroked) { Shade = shade });
        _steps.Clear();
        return this;
    }

    /// <summary>The shape, with the rectangle in which its text stands.</summary>
    public Geometry Done(double left, double top, double right, double bottom)
    {
        if (_steps.Count > 0)
        {
            EndPart(isFilled: true, isStroked: true);
        }

        return new(ShapeKind.Custom, _parts.ToImmutable(), []) { TextArea = new(left, top, 1 - right, 1 - bottom) };
    }

    private ShapePoint At(double x, double y) => new(x / width, y / height);

    private PresetPen Add(PathStepKind kind, double x, double y)
    {
        _at = At(x, y);
        _steps.Add(new(kind, _at, default, default));
        return this;
    }
}
