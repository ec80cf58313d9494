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
internal readonly record struct Exclusion(double Left, double Top, double Right, double Bottom, WrapSides Sides);

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
            if (e.Top >= bottom || e.Bottom <= top || e.Left >= right || e.Right <= left)
            {
                continue;
            }

            next = Math.Min(next, e.Bottom);
            for (var i = gaps.Count - 1; i >= 0; i--)
            {
                var gap = gaps[i];
                if (e.Left >= gap.Right || e.Right <= gap.Left)
                {
                    continue;
                }

                gaps.RemoveAt(i);
                var before = new Gap(gap.Left, Math.Max(gap.Left, e.Left));
                var after = new Gap(Math.Min(gap.Right, e.Right), gap.Right);
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
