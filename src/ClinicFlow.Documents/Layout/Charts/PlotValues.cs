using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>The values of a chart's groups as they are shown: stacked, or in parts of all.</summary>
internal static class PlotValues
{
    /// <summary>From where to where each point of a group reaches: 0 to its value, or from what lies below it. Null for a blank.</summary>
    public static (double From, double To)?[][] Of(ChartGroup group, int count)
    {
        var series = group.Series;
        var spans = new (double, double)?[series.Length][];
        var totals = new double[count];
        foreach (var one in series)
        {
            for (var i = 0; i < Math.Min(count, one.Values.Length); i++)
            {
                totals[i] += Math.Abs(one.Values[i] ?? 0);
            }
        }

        // Bars below zero are stacked downwards; lines and areas add up.
        var isSigned = group.Kind is ChartKind.Column or ChartKind.Bar;
        var (above, below) = (new double[count], new double[count]);
        for (var s = 0; s < series.Length; s++)
        {
            spans[s] = new (double, double)?[count];
            for (var i = 0; i < count; i++)
            {
                var value = i < series[s].Values.Length ? series[s].Values[i] : null;
                if (group.Grouping == ChartGrouping.Apart)
                {
                    spans[s][i] = value is { } own ? (0, own) : null;
                    continue;
                }

                if (value is null && isSigned)
                {
                    continue;
                }

                var share = group.Grouping == ChartGrouping.Percent ? (totals[i] > 0 ? (value ?? 0) / totals[i] : 0) : value ?? 0;
                var stack = isSigned && share < 0 ? below : above;
                spans[s][i] = (stack[i], stack[i] + share);
                stack[i] += share;
            }
        }

        return spans;
    }

    /// <summary>The least and the largest value that an axis of values shows; zeros where there is none.</summary>
    public static (double Least, double Most) RangeOf(Chart chart, int pair)
    {
        var range = new Range();
        foreach (var group in chart.Groups.Where(group => group.Pair == pair))
        {
            var all = Of(group, chart.Categories.Length);
            for (var s = 0; s < all.Length; s++)
            {
                for (var i = 0; i < all[s].Length; i++)
                {
                    var span = all[s][i];
                    if (span is { } known)
                    {
                        range.Add(known.To);
                        AddErrors(known.To, i);
                    }
                    else if (chart.Blanks == BlankDisplay.Zero && group.Kind != ChartKind.Scatter)
                    {
                        range.Add(0);
                    }

                    void AddErrors(double at, int point)
                    {
                        foreach (var bars in group.Series[s].Errors.Where(bars => !bars.IsAcross))
                        {
                            range.Add(at + (bars.Plus[point] ?? 0));
                            range.Add(at - (bars.Minus[point] ?? 0));
                        }
                    }
                }
            }
        }

        return range.Of();
    }

    /// <summary>The same of the values across.</summary>
    public static (double Least, double Most) RangeAcross(Chart chart)
    {
        var range = new Range();
        foreach (var series in chart.Groups.SelectMany(group => group.Series))
        {
            for (var i = 0; i < series.Across.Length; i++)
            {
                if (series.Across[i] is { } known)
                {
                    range.Add(known);
                    foreach (var bars in series.Errors.Where(bars => bars.IsAcross))
                    {
                        range.Add(known + (bars.Plus[i] ?? 0));
                        range.Add(known - (bars.Minus[i] ?? 0));
                    }
                }
            }
        }

        return range.Of();
    }

    private sealed class Range
    {
        private double _least = double.PositiveInfinity;
        private double _most = double.NegativeInfinity;

        public void Add(double value) => (_least, _most) = (Math.Min(_least, value), Math.Max(_most, value));

        public (double Least, double Most) Of() => _least <= _most ? (_least, _most) : (0, 0);
    }
}
