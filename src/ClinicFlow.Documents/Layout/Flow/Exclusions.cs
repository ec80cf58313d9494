namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>On which sides of a float text may stand.</summary>
internal enum WrapSides : byte
{
    Both,
    Left,
    Right,
    Largest,

    /// <summary>None: text goes on below (top and bottom).</summary>
    Neither,
}

/// <summary>A part of the page that text keeps clear of: a float with its distances. Page coordinates.</summary>
/// <param name="Left">Its left side.</param>
/// <param name="Top">Its upper side.</param>
/// <param name="Right">Its right side.</param>
/// <param name="Bottom">Its lower side.</param>
/// <param name="Sides">Where text may stand beside it.</param>
/// <param name="Outline">The part of it that text really keeps clear of (tight wrap); null for all of it.</param>
internal readonly record struct Exclusion(double Left, double Top, double Right, double Bottom, WrapSides Sides, WrapOutline? Outline = null)
{
    /// <summary>From where to where it reaches between two horizontals; nothing where the right is not beyond the left.</summary>
    public (double Left, double Right) Across(double top, double bottom)
    {
        if (Top >= bottom || Bottom <= top)
        {
            return (0, 0);
        }

        if (Outline is not { } outline)
        {
            return (Left, Right);
        }

        var inner = outline.Distance;
        var (left, width) = (Left + inner.Left.Value, Right - Left - inner.Left.Value - inner.Right.Value);
        var (start, height) = (Top + inner.Top.Value, Math.Max(0.01, Bottom - Top - inner.Top.Value - inner.Bottom.Value));
        return outline.Across((top - inner.Bottom.Value - start) / height, (bottom + inner.Top.Value - start) / height) is { } found
            ? (left + (found.Left * width) - inner.Left.Value, left + (found.Right * width) + inner.Right.Value)
            : (0, 0);
    }
}

/// <summary>
/// The outline of a float that text flows along. Of each line's height, what lies between the outline's leftmost and rightmost point is kept clear:
/// hollows in its sides are filled, holes are not.
/// </summary>
/// <param name="Points">In parts of the float's size.</param>
/// <param name="Distance">From the float to the sides of its exclusion.</param>
internal sealed record WrapOutline(System.Collections.Immutable.ImmutableArray<Model.ShapePoint> Points, Model.Insets Distance)
{
    /// <summary>Null where the outline is as good as the float's box, or says nothing.</summary>
    public static WrapOutline? Of(Model.TextWrap wrap)
    {
        var points = wrap.Polygon;
        if (wrap.Kind is not (Model.WrapKind.Tight or Model.WrapKind.Through) || points.Length < 3 || wrap.IsBox)
        {
            return null;
        }

        var isFlat = points.Max(point => point.X) - points.Min(point => point.X) < 0.01 || points.Max(point => point.Y) - points.Min(point => point.Y) < 0.01;
        return isFlat ? null : new(points, wrap.Distance);
    }

    public (double Left, double Right)? Across(double top, double bottom)
    {
        var (left, right) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < Points.Length; i++)
        {
            var (a, b) = (Points[i], Points[(i + 1) % Points.Length]);
            var (upper, lower) = a.Y <= b.Y ? (a, b) : (b, a);
            if (upper.Y > bottom || lower.Y < top)
            {
                continue;
            }

            Take(XAt(Math.Max(upper.Y, top)));
            Take(XAt(Math.Min(lower.Y, bottom)));
            if (upper.Y == lower.Y)
            {
                Take(upper.X);
                Take(lower.X);
            }

            double XAt(double y) => lower.Y == upper.Y ? upper.X : upper.X + ((lower.X - upper.X) * (y - upper.Y) / (lower.Y - upper.Y));
        }

        return right > left ? (left, right) : null;

        void Take(double x) => (left, right) = (Math.Min(left, x), Math.Max(right, x));
    }
}

/// <summary>A stretch of a line that is free of floats.</summary>
internal readonly record struct Gap(double Left, double Right)
{
    public double Width => Right - Left;
}

/// <summary>
/// Where text may stand beside floats. Word leaves a stretch empty where it is narrower than an inch beside a float
/// (evidence: docs/layout.md, "Floats").
/// </summary>
internal sealed class Exclusions
{
    public const double NarrowestGap = 72;
    private const double OutlineStep = 4;
    private readonly List<Exclusion> _list = [];

    public int Count => _list.Count;

    public IReadOnlyList<Exclusion> All => _list;

    public void Add(in Exclusion exclusion) => _list.Add(exclusion);

    /// <summary>Takes back all that were added after there were <paramref name="count"/>.</summary>
    public void RemoveFrom(int count) => _list.RemoveRange(count, _list.Count - count);

    /// <summary>Whether any float touches the band from <paramref name="top"/> to <paramref name="bottom"/> between two verticals.</summary>
    public bool Touch(double left, double top, double right, double bottom)
    {
        foreach (var e in _list)
        {
            if (e.Top < bottom && e.Bottom > top && e.Left < right && e.Right > left)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The gaps of a band, from left to right. Where there is none, <paramref name="next"/> is the y at which to look again; it is always
    /// below <paramref name="top"/>.
    /// </summary>
    public void FindGaps(double left, double right, double top, double bottom, List<Gap> gaps, out double next)
    {
        gaps.Clear();
        gaps.Add(new(left, right));
        next = double.PositiveInfinity;
        foreach (var e in _list)
        {
            var (start, end) = e.Across(top, bottom);
            if (end <= start || start >= right || end <= left)
            {
                continue;
            }

            // Along an outline there may be room a little further down.
            next = Math.Min(next, e.Outline is null ? e.Bottom : Math.Min(e.Bottom, top + OutlineStep));
            for (var i = gaps.Count - 1; i >= 0; i--)
            {
                var gap = gaps[i];
                if (start >= gap.Right || end <= gap.Left)
                {
                    continue;
                }

                gaps.RemoveAt(i);
                var before = new Gap(gap.Left, Math.Max(gap.Left, start));
                var after = new Gap(Math.Min(gap.Right, end), gap.Right);
                var (keepBefore, keepAfter) = e.Sides switch
                {
                    WrapSides.Both => (true, true),
                    WrapSides.Left => (true, false),
                    WrapSides.Right => (false, true),
                    WrapSides.Largest => (before.Width >= after.Width, after.Width > before.Width),
                    _ => (false, false),
                };
                if (keepAfter && after.Width > 0)
                {
                    gaps.Insert(i, after);
                }

                if (keepBefore && before.Width > 0)
                {
                    gaps.Insert(i, before);
                }
            }
        }

        // The whole line is never too narrow by itself; a stretch beside a float is.
        var narrowest = Math.Min(NarrowestGap, right - left);
        gaps.RemoveAll(gap => gap.Width < narrowest - 0.01);
    }
}
