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
    /// <summary>Adds the stretches that it keeps between two horizontals, from left to right; none where it is not there.</summary>
    public void Across(double top, double bottom, List<Gap> into)
    {
        if (Top >= bottom || Bottom <= top)
        {
            return;
        }

        if (Outline is not { } outline)
        {
            into.Add(new(Left, Right));
            return;
        }

        var inner = outline.Distance;
        var (left, width) = (Left + inner.Left.Value, Right - Left - inner.Left.Value - inner.Right.Value);
        var (start, height) = (Top + inner.Top.Value, Math.Max(0.01, Bottom - Top - inner.Top.Value - inner.Bottom.Value));
        var first = into.Count;
        outline.Across((top - inner.Bottom.Value - start) / height, (bottom + inner.Top.Value - start) / height, isWhole: Sides != WrapSides.Both, into);
        var last = first;
        for (var i = first; i < into.Count; i++)
        {
            var own = new Gap(left + (into[i].Left * width) - inner.Left.Value, left + (into[i].Right * width) + inner.Right.Value);

            // With their distances, two stretches can be one.
            if (last > first && own.Left <= into[last - 1].Right)
            {
                into[last - 1] = into[last - 1] with { Right = Math.Max(into[last - 1].Right, own.Right) };
            }
            else
            {
                into[last++] = own;
            }
        }

        into.RemoveRange(last, into.Count - last);
    }
}

/// <summary>
/// The outline of a float that text flows along (evidence: docs/layout.md, "Floats"). Tight: of each line's height, what lies between the outline's leftmost and
/// rightmost point is kept clear, hollows in its sides with it. Through: only what the outline really covers.
/// </summary>
/// <param name="Points">In parts of the float's size.</param>
/// <param name="Distance">From the float to the sides of its exclusion.</param>
/// <param name="IsThrough">Whether text goes into its hollows.</param>
internal sealed record WrapOutline(System.Collections.Immutable.ImmutableArray<Model.ShapePoint> Points, Model.Insets Distance, bool IsThrough)
{
    // Far more than any outline that Word makes; work grows with the square.
    private const int MostPointsOfThrough = 1000;

    /// <summary>Null where the outline is as good as the float's box, or says nothing.</summary>
    public static WrapOutline? Of(Model.TextWrap wrap)
    {
        var points = wrap.Polygon;
        if (wrap.Kind is not (Model.WrapKind.Tight or Model.WrapKind.Through) || points.Length < 3 || wrap.IsBox)
        {
            return null;
        }

        var isFlat = points.Max(point => point.X) - points.Min(point => point.X) < 0.01 || points.Max(point => point.Y) - points.Min(point => point.Y) < 0.01;
        return isFlat ? null : new(points, wrap.Distance, wrap.Kind == Model.WrapKind.Through && points.Length <= MostPointsOfThrough);
    }

    /// <summary>Adds what it covers between two horizontals, in parts of the float's width, from left to right.</summary>
    /// <param name="top">In parts of the float's height.</param>
    /// <param name="bottom">In parts of the float's height.</param>
    /// <param name="isWhole">Whether hollows count as covered, whatever the kind.</param>
    /// <param name="into">What is added to.</param>
    public void Across(double top, double bottom, bool isWhole, List<Gap> into)
    {
        if (isWhole || !IsThrough)
        {
            AddExtent(top, bottom, into);
        }
        else
        {
            AddCovered(top, bottom, into);
        }
    }

    private void AddExtent(double top, double bottom, List<Gap> into)
    {
        var (left, right) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < Points.Length; i++)
        {
            var (upper, lower) = Edge(i);
            if (upper.Y > bottom || lower.Y < top)
            {
                continue;
            }

            Take(XAt(upper, lower, Math.Max(upper.Y, top)));
            Take(XAt(upper, lower, Math.Min(lower.Y, bottom)));
            if (upper.Y == lower.Y)
            {
                Take(upper.X);
                Take(lower.X);
            }
        }

        if (right > left)
        {
            into.Add(new(left, right));
        }

        void Take(double x) => (left, right) = (Math.Min(left, x), Math.Max(right, x));
    }

    // Between the heights of two neighbouring points the area is made of pieces with straight sides: what they cover together is kept.
    private void AddCovered(double top, double bottom, List<Gap> into)
    {
        List<double> heights = [top, bottom, .. Points.Select(point => point.Y).Where(y => y > top && y < bottom)];
        heights.Sort();
        var covered = new List<Gap>();
        var sides = new List<(double Middle, double Upper, double Lower)>();
        for (var h = 0; h + 1 < heights.Count; h++)
        {
            var (from, to) = (heights[h], heights[h + 1]);
            sides.Clear();
            for (var i = 0; i < Points.Length && to > from; i++)
            {
                var (upper, lower) = Edge(i);
                if (upper.Y <= from && lower.Y >= to)
                {
                    sides.Add((XAt(upper, lower, (from + to) / 2), XAt(upper, lower, from), XAt(upper, lower, to)));
                }
            }

            sides.Sort((a, b) => a.Middle.CompareTo(b.Middle));
            for (var i = 0; i + 1 < sides.Count; i += 2)
            {
                covered.Add(new(Math.Min(sides[i].Upper, sides[i].Lower), Math.Max(sides[i + 1].Upper, sides[i + 1].Lower)));
            }
        }

        covered.Sort((a, b) => a.Left.CompareTo(b.Left));
        var first = into.Count;
        foreach (var piece in covered)
        {
            if (into.Count > first && piece.Left <= into[^1].Right)
            {
                into[^1] = into[^1] with { Right = Math.Max(into[^1].Right, piece.Right) };
            }
            else if (piece.Right > piece.Left)
            {
                into.Add(piece);
            }
        }
    }

    private (Model.ShapePoint Upper, Model.ShapePoint Lower) Edge(int i)
    {
        var (a, b) = (Points[i], Points[(i + 1) % Points.Length]);
        return a.Y <= b.Y ? (a, b) : (b, a);
    }

    private static double XAt(Model.ShapePoint upper, Model.ShapePoint lower, double y) => lower.Y == upper.Y ? upper.X : upper.X + ((lower.X - upper.X) * (y - upper.Y) / (lower.Y - upper.Y));
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
    private List<Gap>? _kept;

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
            (_kept ??= []).Clear();
            e.Across(top, bottom, _kept);
            foreach (var kept in _kept)
            {
                if (kept.Width <= 0 || kept.Left >= right || kept.Right <= left)
                {
                    continue;
                }

                // Along an outline there may be room a little further down.
                next = Math.Min(next, e.Outline is null ? e.Bottom : Math.Min(e.Bottom, top + OutlineStep));
                TakeOut(gaps, kept, e.Sides);
            }
        }

        // The whole line is never too narrow by itself; a stretch beside a float is.
        var narrowest = Math.Min(NarrowestGap, right - left);
        gaps.RemoveAll(gap => gap.Width < narrowest - 0.01);
    }
    private static void TakeOut(List<Gap> gaps, Gap kept, WrapSides sides)
    {
        for (var i = gaps.Count - 1; i >= 0; i--)
        {
            var gap = gaps[i];
            if (kept.Left >= gap.Right || kept.Right <= gap.Left)
            {
                continue;
            }

            gaps.RemoveAt(i);
            var before = new Gap(gap.Left, Math.Max(gap.Left, kept.Left));
            var after = new Gap(Math.Min(gap.Right, kept.Right), gap.Right);
            var (keepBefore, keepAfter) = sides switch
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
}
