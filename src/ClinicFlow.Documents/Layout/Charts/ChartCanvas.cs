using System.Collections.Immutable;
using ClinicFlow.Documents.Layout.Flow;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>What the marks of one chart are drawn on: points from its left top, all with one place in the structure.</summary>
internal sealed class ChartCanvas(FragmentBuilder into, ChartLetters letters, double width, double height, int node)
{
    /// <summary>Where text in the middle of something stands above the middle, in parts of its size. Evidence: docs/layout.md, "Charts".</summary>
    public const double Rise = 0.035;

    private static readonly LineStyle RoundStyle = new(LineCap.Round, LineJoin.Round, 10, []);

    // Labels of points are no wider than a fifth of the chart.
    private const double WidestLabel = 0.2;

    public ChartLetters Letters => letters;

    public double Width => width;

    public double Height => height;

    /// <summary>The text of a label of a point, in lines no longer than Word's.</summary>
    public LaidText LayLabel(PointLabel label) => letters.Lay(label.Text, WidestLabel * width);

    /// <summary>A rectangle.</summary>
    public void Rectangle(Box box, Model.Fill? fill, Model.Stroke? outline)
    {
        if (box.Width < 0 || box.Height < 0 || fill is null && outline is null)
        {
            return;
        }

        if (fill is { Image: not null })
        {
            letters.AddPicture(into, fill, box, node);
            fill = null;
        }
        else if (fill is { Stops.Length: > 1 })
        {
            AddBlend(box, fill);
            fill = null;
        }

        ImmutableArray<PathPoint> corners = [At(box.Left, box.Top), At(box.Right, box.Top), At(box.Right, box.Bottom), At(box.Left, box.Bottom)];
        AddPath([PathVerb.Move, PathVerb.Line, PathVerb.Line, PathVerb.Line, PathVerb.Close], corners, fill, outline, isRound: false);
    }

    /// <summary>A rectangle with round corners.</summary>
    public void RoundRectangle(Box box, double r, Model.Fill? fill, Model.Stroke? outline)
    {
        // Control points of a quarter circle, from the corner.
        var k = r * 0.4477;
        var (left, top, right, bottom) = (box.Left, box.Top, box.Right, box.Bottom);
        AddPath(
            [PathVerb.Move, PathVerb.Line, PathVerb.Curve, PathVerb.Line, PathVerb.Curve, PathVerb.Line, PathVerb.Curve, PathVerb.Line, PathVerb.Curve, PathVerb.Close],
            [
                At(left + r, top), At(right - r, top), At(right - k, top), At(right, top + k), At(right, top + r),
                At(right, bottom - r), At(right, bottom - k), At(right - k, bottom), At(right - r, bottom),
                At(left + r, bottom), At(left + k, bottom), At(left, bottom - k), At(left, bottom - r),
                At(left, top + r), At(left, top + k), At(left + k, top), At(left + r, top),
            ],
            fill, outline, isRound: false);
    }

    // Several colours are of a box at the origin; the group moves them to their place.
    private void AddBlend(Box box, Model.Fill fill)
    {
        if (box.Width <= 0 || box.Height <= 0)
        {
            return;
        }

        into.BeginGroup(new(new Matrix(1, 0, 0, 1, box.Left, box.Top), []), node);
        if (fill.Path is GradientPath.Rectangle or GradientPath.Shape)
        {
            ShapeGradients.AddNested(into, fill, box.Width, box.Height, node);
        }
        else
        {
            into.Add(
                new Shape(
                    [PathVerb.Move, PathVerb.Line, PathVerb.Line, PathVerb.Line, PathVerb.Close], [At(0, 0), At(box.Width, 0), At(box.Width, box.Height), At(0, box.Height)],
                    DrawingPainter.PaintOf(fill.Color, fill.Opacity), null, 0, Pages.DashKind.Solid)
                { Gradient = ShapeGradients.Of(fill, box.Width, box.Height) },
                node);
        }

        into.EndGroup(node);
    }

    public void Frame(Box box, ChartFrame frame) => Rectangle(box, frame.Fill, frame.Outline);

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, Model.Stroke? stroke)
    {
        if (stroke is not null)
        {
            AddPath([PathVerb.Move, PathVerb.Line], [At(x1, y1), At(x2, y2)], null, stroke, isRound: false);
        }
    }

    /// <summary>Straight lines from point to point.</summary>
    public void Polyline(ReadOnlySpan<ShapePoint> points, bool isClosed, Model.Fill? fill, Model.Stroke? stroke, bool isRound = false)
    {
        if (points.Length < 2 || fill is null && stroke is null)
        {
            return;
        }

        var verbs = ImmutableArray.CreateBuilder<PathVerb>(points.Length + 1);
        var corners = ImmutableArray.CreateBuilder<PathPoint>(points.Length);
        foreach (var point in points)
        {
            verbs.Add(verbs.Count == 0 ? PathVerb.Move : PathVerb.Line);
            corners.Add(At(point.X, point.Y));
        }

        if (isClosed)
        {
            verbs.Add(PathVerb.Close);
        }

        AddPath(verbs.ToImmutable(), corners.ToImmutable(), fill, stroke, isRound);
    }

    /// <summary>Any outline.</summary>
    public void AddPath(ImmutableArray<PathVerb> verbs, ImmutableArray<PathPoint> points, Model.Fill? fill, Model.Stroke? stroke, bool isRound)
    {
        Paint? inside = fill is null ? null : DrawingPainter.PaintOf(fill.Color, fill.Opacity);
        Paint? line = stroke is null ? null : DrawingPainter.PaintOf(stroke.Color, stroke.Opacity);
        if (inside is not null || line is not null)
        {
            into.Add(
                new Shape(verbs, points, inside, line, (float)Math.Max(0.1, stroke?.Width.Value ?? 0), DrawingPainter.DashOf(stroke))
                {
                    Pattern = inside is not null && fill is { Dots: { } dots } ? new DotPattern(dots, DrawingPainter.PaintOf(fill.Color, 1), DrawingPainter.PaintOf(fill.Back, 1)) : null,
                    Style = isRound && stroke is { Dash: Model.DashKind.Solid } ? RoundStyle : null,
                },
                node);
        }
    }

    public static PathPoint At(double x, double y) => new((float)x, (float)y);

    /// <summary>What is drawn until <see cref="EndClip"/> shows within a rectangle only.</summary>
    public void BeginClip(Box box) => into.BeginGroup(
        new(null, [new Shape([PathVerb.Move, PathVerb.Line, PathVerb.Line, PathVerb.Line, PathVerb.Close], [At(box.Left, box.Top), At(box.Right, box.Top), At(box.Right, box.Bottom), At(box.Left, box.Bottom)], null, null, 0, Pages.DashKind.Solid)]), node);

    public void EndClip() => into.EndGroup(node);

    /// <summary>Text whose box has its left top here.</summary>
    public void Text(LaidText text, double left, double top) => letters.Add(into, text, left, top, node);

    /// <summary>Text around a middle, turned clockwise.</summary>
    public void TextAround(LaidText text, double x, double y, double degrees = 0)
    {
        if (degrees == 0)
        {
            Text(text, x - (text.Width / 2), y - (text.Height / 2) - (Rise * text.Size));
            return;
        }

        into.BeginGroup(new(Matrix.Turn(degrees, x, y), []), node);
        Text(text, x - (text.Width / 2), y - (text.Height / 2) - (Rise * text.Size));
        into.EndGroup(node);
    }
}
