using System.Collections.Immutable;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Points by their days: where each stands, and in which order.</summary>
/// <param name="Span">The axis.</param>
/// <param name="Order">Which point comes first, second …</param>
/// <param name="Names">Each point's day as it is shown, in that order.</param>
internal sealed record SortedDays(DaySpan Span, int[] Order, ImmutableArray<string> Names)
{
    /// <summary>A group whose points come in the order of their days.</summary>
    public ChartGroup Sort(ChartGroup group) => group with { Series = [.. group.Series.Select(Sort)] };

    /// <summary>Whether points stand at the same places on two axes.</summary>
    public bool IsAlike(SortedDays? other) => other is not null && Span.Count == other.Span.Count && Span.Places.SequenceEqual(other.Span.Places) && Order.SequenceEqual(other.Order);

    private ChartSeries Sort(ChartSeries series)
    {
        // A series may be shorter than the days are.
        int[] order = [.. Order.Where(point => point < series.Values.Length)];
        return order.Length < Order.Length
            ? throw new UndrawnChartException("an axis of days with more days than values")
            : series with
            {
                Values = [.. order.Select(point => series.Values[point])],
                Looks = [.. order.Select(point => series.Looks[point])],
                Labels = series.Labels.IsEmpty ? [] : [.. order.Select(point => series.Labels[point])],
            };
    }
}

/// <summary>
/// Tells whether an axis is one of days (c:dateAx, §21.2.2.39, and axes that follow their data, c:auto), and where its points and labels stand.
/// Evidence: docs/layout.md, "Charts".
/// </summary>
internal sealed class DayAxisReader(NumberSigns signs)
{
    private const int MostPlaces = 5000;

    // So many labels an axis finds room for by itself, leaning if need be; how it leaves some out is not known.
    private const int MostLabels = 31;

    // Of the year 2900.
    private const double LastDay = 365_600;

    // The shortest month.
    private const double Month = 28;

    /// <summary>Where points stand; null for an axis of categories.</summary>
    /// <param name="axis">c:catAx or c:dateAx.</param>
    /// <param name="source">The categories.</param>
    /// <param name="count">How many points there are.</param>
    public SortedDays? Read(Element axis, ChartSource source, int count)
    {
        var isFollowing = AttributeText.Bool(axis.Child(Ns.Chart, "auto")["val"]) != false;
        if (axis.Name is not ("catAx" or "dateAx") || axis.Name == "catAx" && !isFollowing)
        {
            return null;
        }

        // 1. What follows its data is an axis of days where these are days.
        var numbers = axis.Child(Ns.Chart, "numFmt");
        var code = numbers.Exists && AttributeText.Bool(numbers["sourceLinked"]) != true ? numbers["formatCode"] ?? "" : source.Code;
        var format = ValueFormat.Parse(code, signs) ?? throw new UndrawnChartException("a number format that is not known here");
        var areDays = !source.IsText && source.Points.Length > 0;
        if (isFollowing && !(areDays && format.IsDate))
        {
            return null;
        }

        if (!areDays || count == 0 || source.Points.Length != count)
        {
            throw new UndrawnChartException("an axis of days with other than a day for each value");
        }

        // 2. Each stands at its day, month or year.
        var days = source.Numbers().Take(count).Select(day => day is >= 0 and < LastDay ? Math.Floor(day.Value) : throw new UndrawnChartException("a day that is not stored")).ToArray();
        var order = Enumerable.Range(0, count).OrderBy(point => days[point]).ToArray();
        Array.Sort(days);
        var unit = BaseUnit(axis, days);
        if (unit != 'd' && format.ShowsDay && days.Any(day => DateOf(day).Day != 1))
        {
            throw new UndrawnChartException("an axis of months that shows days");
        }

        if (axis.Child(Ns.Chart, "scaling").Child(Ns.Chart, "min").Exists || axis.Child(Ns.Chart, "scaling").Child(Ns.Chart, "max").Exists || axis.Child(Ns.Chart, "crossesAt").Exists)
        {
            throw new UndrawnChartException("an axis of days with limits of its own");
        }

        var first = PlaceOf(days[0], unit);
        var places = days.Select(day => PlaceOf(day, unit) - first).ToImmutableArray();
        var span = places[^1] + 1;
        if (span > MostPlaces)
        {
            throw new UndrawnChartException("an axis of more than 5,000 days");
        }

        return new(new(span, places, [.. LabelsOf(axis, format, days[0], unit, span)]), order, [.. days.Select(format.Show)]);
    }

    // c:baseTimeUnit; where it is not stated, days where two of them are closer than a month.
    private static char BaseUnit(Element axis, double[] days)
    {
        switch (axis.Child(Ns.Chart, "baseTimeUnit"))
        {
            case { Exists: true } stated:
                return UnitOf(stated);
            default:
                var closest = days.Zip(days.Skip(1), (a, b) => b - a).Where(apart => apart > 0).DefaultIfEmpty(0).Min();
                return closest < Month ? 'd' : throw new UndrawnChartException("an axis of days or months");
        }
    }

    private static char UnitOf(Element unit) => unit["val"] switch { "days" or null => 'd', "months" => 'm', "years" => 'y', _ => throw ChartReader.Unknown(unit) };

    private IEnumerable<(int Place, string Text)> LabelsOf(Element axis, ValueFormat format, double first, char unit, int span)
    {
        // A label every so many days, months or years; of months and years the first day.
        var (step, stepUnit) = (1.0, unit);
        if (axis.Child(Ns.Chart, "majorUnit") is { Exists: true } stated)
        {
            step = AttributeText.Double(stated["val"]) is { } value and >= 1 and <= MostPlaces && value == Math.Floor(value) ? value : throw ChartReader.Unknown(stated);
            stepUnit = axis.Child(Ns.Chart, "majorTimeUnit") is { Exists: true } majorUnit ? UnitOf(majorUnit) : 'd';
        }
        else if (span > MostLabels)
        {
            throw new UndrawnChartException("an axis of days whose labels are not stated");
        }

        if ("dmy".IndexOf(stepUnit) < "dmy".IndexOf(unit))
        {
            throw new UndrawnChartException("labels of an axis of days that are closer than its days");
        }

        var start = DateOf(first);
        start = unit switch { 'd' => start, 'm' => new(start.Year, start.Month, 1), _ => new(start.Year, 1, 1) };
        var origin = PlaceOf(first, unit);
        for (var i = 0; i < MostPlaces; i++)
        {
            var day = stepUnit switch { 'd' => start.AddDays(i * step), 'm' => start.AddMonths((int)(i * step)), _ => start.AddYears((int)(i * step)) };
            var number = NumberOf(day);
            var place = PlaceOf(number, unit) - origin;
            if (place >= span)
            {
                yield break;
            }

            yield return (place, format.Show(number));
        }
    }

    private int PlaceOf(double day, char unit)
    {
        if (unit == 'd')
        {
            return (int)day;
        }

        var date = DateOf(day);
        return unit == 'm' ? (date.Year * 12) + date.Month : date.Year;
    }

    // Day 0 is 30 December 1899, as far as days from March 1900 on are concerned (§18.17.4.1).
    private DateTime Origin => signs.IsDate1904 ? new(1904, 1, 1) : new(1899, 12, 30);

    private DateTime DateOf(double day) => signs.IsDate1904 || day > 60 ? Origin.AddDays(day) : throw new UndrawnChartException("days before March 1900");

    private double NumberOf(DateTime day) => (day - Origin).TotalDays;
}
