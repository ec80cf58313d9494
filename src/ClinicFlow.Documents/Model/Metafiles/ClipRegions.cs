using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>The area to which drawing is cut, as records change it.</summary>
internal sealed class ClipRegions(MetafileCanvas canvas)
{
    // An outline that goes around everything, to cut holes into.
    private const double Everywhere = 10_000;

    /// <summary>Cuts to a rectangle in logical units.</summary>
    public void Intersect(double left, double top, double right, double bottom)
        => canvas.Now = canvas.Now with { Clip = Within(left, top, right, bottom, null) };

    /// <summary>Cuts a rectangle out.</summary>
    public void Exclude(double left, double top, double right, double bottom) => Push(WithHole(canvas.RectanglePath(left, top, right, bottom)), isEvenOdd: true);

    /// <summary>What is set, cut to a rectangle in logical units as well.</summary>
    /// <param name="left">Left side.</param>
    /// <param name="top">Upper side.</param>
    /// <param name="right">Right side.</param>
    /// <param name="bottom">Lower side.</param>
    /// <param name="last">One that may be the same.</param>
    public MetafileClip? Within(double left, double top, double right, double bottom, MetafileClip? last)
    {
        var path = canvas.RectanglePath(left, top, right, bottom);
        var around = canvas.Now.Clip;
        if (CoversPicture(path))
        {
            return around;
        }

        return last is not null && ReferenceEquals(last.Around, around) && last.Path.AsSpan().SequenceEqual(path.AsSpan()) ? last : new(path, true, around);
    }

    /// <summary>Combines with rectangles in pixels of the device ([MS-EMF] 2.1.29).</summary>
    /// <param name="mode">How.</param>
    /// <param name="rectangles">They do not overlap; null to take back what was set.</param>
    public void Combine(uint mode, ImmutableArray<PathStep>? rectangles)
    {
        if (rectangles is not { } path)
        {
            canvas.Now = mode == 5 ? canvas.Now with { Clip = canvas.Now.MetaClip } : throw new UndrawableException("a region that is none");
            return;
        }

        Combine(mode, path, isEvenOdd: true);
    }

    /// <summary>Combines with an outline.</summary>
    public void Combine(uint mode, ImmutableArray<PathStep> path, bool isEvenOdd)
    {
        switch (mode)
        {
            case 1: // and
                Push(path, isEvenOdd);
                break;
            case 5: // copy
                canvas.Now = canvas.Now with { Clip = new(path, isEvenOdd, canvas.Now.MetaClip) };
                break;
            case 4 when isEvenOdd: // without
                Push(WithHole(path), isEvenOdd);
                break;
            case 2 when canvas.Now.Clip is null: // or, with everything
                break;
            default:
                throw new UndrawableException("regions joined to one");
        }
    }

    /// <summary>Keeps what is set: clipping goes back to it from now on.</summary>
    public void KeepAsMeta() => canvas.Now = canvas.Now with { MetaClip = canvas.Now.Clip };

    /// <summary>Moves the area.</summary>
    public void Move(double x, double y)
    {
        if (canvas.Now.Clip is not null && (x != 0 || y != 0))
        {
            throw new UndrawableException("a region that is moved");
        }
    }

    private void Push(ImmutableArray<PathStep> path, bool isEvenOdd) => canvas.Now = canvas.Now with { Clip = new(path, isEvenOdd, canvas.Now.Clip) };

    private static ImmutableArray<PathStep> WithHole(ImmutableArray<PathStep> path)
    {
        var all = new GdiPath();
        all.Rectangle(Transform.Identity, -Everywhere, -Everywhere, Everywhere, Everywhere);
        return [.. all.Build(), .. path];
    }

    // Nothing outside of the picture shows anyway.
    private static bool CoversPicture(ImmutableArray<PathStep> rectangle)
    {
        const double near = 0.002;
        var (a, b, c, d) = (rectangle[0].A, rectangle[1].A, rectangle[2].A, rectangle[3].A);
        return a.Y == b.Y && b.X == c.X && c.Y == d.Y && d.X == a.X
            && Math.Min(a.X, c.X) < near && Math.Max(a.X, c.X) > 1 - near && Math.Min(a.Y, c.Y) < near && Math.Max(a.Y, c.Y) > 1 - near;
    }
}
