using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>From where to where an axis of values runs, and how far its marks lie apart. Evidence: docs/layout.md, "Charts".</summary>
/// <param name="Min">Where it begins.</param>
/// <param name="Max">Where it ends.</param>
/// <param name="Step">From mark to mark: a difference, or of a logarithmic axis a factor.</param>
/// <param name="IsLogarithmic">Whether equal lengths are equal factors.</param>
internal readonly record struct AxisScale(double Min, double Max, double Step, bool IsLogarithmic = false)
{
    /// <summary>More marks than this are never drawn, whatever a file says.</summary>
    private const int MostMarks = 1000;

    /// <summary>An axis that finds its own marks has no more steps.</summary>
    private const int MostSteps = 10;

    private const double Slack = 1e-9;

    /// <summary>How many steps there are.</summary>
    public int Steps => (int)Math.Clamp(Math.Floor((IsLogarithmic ? Math.Log10(Max / Min) : (Max - Min) / Step) + 1e-6), 0, MostMarks);

    /// <summary>The value at a mark, from 0.</summary>
    public double At(int mark) => IsLogarithmic ? Min * Math.Pow(Step, mark) : Min + (mark * Step);

    /// <summary>Where a value lies, from 0 at the least to 1; beyond that where it is out of range.</summary>
    public double ShareOf(double value) => !IsLogarithmic ? (value - Min) / (Max - Min) : value > 0 ? Math.Log(value / Min) / Math.Log(Max / Min) : -1;

    /// <summary>Finds the scale.</summary>
    /// <param name="least">The least value that is shown.</param>
    /// <param name="most">The largest.</param>
    /// <param name="axis">What the axis states.</param>
    /// <param name="length">How long the axis is.</param>
    /// <param name="spacing">How far marks lie apart at least.</param>
    public static AxisScale Of(double least, double most, ChartAxis axis, double length, double spacing)
    {
        if (axis.IsLogarithmic)
        {
            var (from, to) = (axis.Min ?? Math.Pow(10, Math.Floor(Math.Log10(least > 0 ? least : 1))), axis.Max ?? Math.Pow(10, Math.Ceiling(Math.Log10(most > 0 ? most : 10))));
            return new(from, to > from ? to : from * 10, 10, IsLogarithmic: true);
        }

        if (axis.IsOfShares)
        {
            (least, most) = (least < 0 ? -1 : 0, most > 0 || least >= 0 ? 1 : 0);
        }

        var mostSteps = Math.Max(1, Math.Min(MostSteps, length / Math.Max(spacing, 0.1)));
        if (axis.MajorUnit is { } unit)
        {
            return Limits(least, most, axis, unit);
        }

        // 1, 2, 5, 10, 20 … : the smallest whose marks do not stand too close.
        // From far below the range of the values, but not below what their digits can tell apart.
        var size = Math.Max(Math.Abs(most), Math.Abs(least));
        var range = Math.Max(Math.Abs((axis.Max ?? most) - (axis.Min ?? least)), size * 1e-9);
        var exponent = Math.Floor(Math.Log10(range > 0 ? range : 1)) - 2;
        var last = Math.Ceiling(Math.Log10(Math.Max(size, range) is > 0 and var whole ? whole : 1)) + 1;
        AxisScale scale = default;
        for (var i = 0; exponent + (i / 3) <= last; i++)
        {
            scale = Limits(least, most, axis, (i % 3) switch { 0 => 1, 1 => 2, _ => 5 } * Math.Pow(10, exponent + (i / 3)));
            if ((scale.Max - scale.Min) / scale.Step <= mostSteps + Slack)
            {
                break;
            }
        }

        return scale;
    }

    private static AxisScale Limits(double least, double most, ChartAxis axis, double step)
    {
        if (axis.IsOfShares)
        {
            return Checked(axis.Min ?? least, axis.Max ?? most, step);
        }

        // All of one value, or nothing: from zero.
        if (least == most)
        {
            (least, most) = (Math.Min(least, 0), Math.Max(most, 0));
        }

        if (least == most)
        {
            return Checked(axis.Min ?? 0, axis.Max ?? 1, step);
        }

        // A twentieth of the range beyond the values; zero where they are not near each other.
        var (low, high) = (axis.Min ?? least, axis.Max ?? most);
        var top = axis.Max ?? (most <= 0 && least < 0 && (most - least) * 6 > -least ? 0 : Ceiling(most + ((most - low) / 20), step));
        var bottom = axis.Min ?? (least >= 0 && (most - least) * 6 > most ? 0 : Floor(least - ((high - least) / 20), step));
        return Checked(bottom, top, step);
    }

    private static AxisScale Checked(double min, double max, double step) => max > min ? new(min, max, step) : new(min, min + step, step);

    private static double Ceiling(double value, double step) => Math.Ceiling((value / step) - Slack) * step;

    private static double Floor(double value, double step) => Math.Floor((value / step) + Slack) * step;
}
