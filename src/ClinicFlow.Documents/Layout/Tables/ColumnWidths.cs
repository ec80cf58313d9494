namespace ClinicFlow.Documents.Layout.Tables;

/// <summary>What one cell asks of the columns it covers. Lengths in points, cell margins included.</summary>
/// <param name="Column">First grid column.</param>
/// <param name="Span">Number of grid columns, at least 1.</param>
/// <param name="Preferred">Its own width (<c>w:tcW</c>). Null: none.</param>
/// <param name="Min">Its longest word or picture: it is made narrower than that only where the room is not enough for all.</param>
/// <param name="Max">Its longest line when nothing wraps.</param>
internal readonly record struct CellDemand(int Column, int Span, double? Preferred, double Min, double Max);

/// <summary>
/// Widths of the columns of a table that fits itself to its content. Evidence: docs/layout.md, "Column widths". Preferred widths
/// hold unless a word is longer; columns without one take what their text needs; what is too much is taken from those that can give.
/// </summary>
internal static class ColumnWidths
{
    private const double Noise = 0.01;

    /// <param name="count">Number of grid columns.</param>
    /// <param name="demands">All cells.</param>
    /// <param name="tableWidth">The table's own width (<c>w:tblW</c>). Null: as wide as its columns ask.</param>
    /// <param name="room">Width between the margins: a table without a width of its own does not grow beyond it.</param>
    public static double[] Autofit(int count, ReadOnlySpan<CellDemand> demands, double? tableWidth, double room)
    {
        var min = new double[count];
        var max = new double[count];
        var preferred = new double?[count];

        // Cells of one column first, so that a spanning cell asks only for what they leave.
        foreach (var demand in demands)
        {
            if (demand.Span == 1)
            {
                min[demand.Column] = Math.Max(min[demand.Column], demand.Min);
                max[demand.Column] = Math.Max(max[demand.Column], Math.Max(demand.Max, demand.Min));
                if (demand.Preferred is { } width)
                {
                    preferred[demand.Column] = Math.Max(preferred[demand.Column] ?? 0, width);
                }
            }
        }

        SpanningPreferred(demands, preferred);
        foreach (var demand in demands)
        {
            if (demand.Span > 1)
            {
                Spread(max, demand, demand.Max, preferred, max);
                Spread(min, demand, demand.Min, preferred, max);
            }
        }

        var widths = new double[count];
        for (var i = 0; i < count; i++)
        {
            widths[i] = Math.Max(preferred[i] ?? max[i], min[i]);
        }

        var total = widths.Sum();
        var target = tableWidth ?? Math.Min(total, room);
        if (total > target + Noise)
        {
            Shrink(widths, min, preferred, total - target);
        }
        else if (tableWidth is not null && total < target - Noise)
        {
            Grow(widths, preferred, target - total);
        }

        // Longer words than there is room for are broken: the table stays within its width.
        var most = Math.Max(tableWidth ?? room, room);
        total = widths.Sum();
        if (total > most + Noise)
        {
            for (var i = 0; i < count; i++)
            {
                widths[i] *= most / total;
            }
        }

        return widths;
    }

    /// <summary>Columns that only spanning cells cover share what the cell's preferred width leaves.</summary>
    private static void SpanningPreferred(ReadOnlySpan<CellDemand> demands, double?[] preferred)
    {
        foreach (var demand in demands)
        {
            if (demand.Span == 1 || demand.Preferred is not { } width)
            {
                continue;
            }

            var known = 0.0;
            var unknown = 0;
            for (var i = demand.Column; i < demand.Column + demand.Span; i++)
            {
                known += preferred[i] ?? 0;
                unknown += preferred[i] is null ? 1 : 0;
            }

            if (unknown > 0 && width > known)
            {
                for (var i = demand.Column; i < demand.Column + demand.Span; i++)
                {
                    preferred[i] ??= (width - known) / unknown;
                }
            }
        }
    }

    private static void Spread(double[] into, in CellDemand demand, double asked, double?[] preferred, double[] max)
    {
        var have = 0.0;
        var weights = 0.0;
        for (var i = demand.Column; i < demand.Column + demand.Span; i++)
        {
            have += into[i];
            weights += preferred[i] ?? max[i];
        }

        if (asked <= have)
        {
            return;
        }

        for (var i = demand.Column; i < demand.Column + demand.Span; i++)
        {
            var share = weights > 0 ? (preferred[i] ?? max[i]) / weights : 1.0 / demand.Span;
            into[i] = Math.Max(into[i], asked * share);
        }
    }

    /// <summary>Takes first from columns without a width of their own, then from all, never below their longest word.</summary>
    private static void Shrink(double[] widths, double[] min, double?[] preferred, double excess)
    {
        for (var pass = 0; pass < 2 && excess > Noise; pass++)
        {
            var slack = 0.0;
            for (var i = 0; i < widths.Length; i++)
            {
                slack += pass == 1 || preferred[i] is null ? Math.Max(0, widths[i] - min[i]) : 0;
            }

            if (slack <= 0)
            {
                continue;
            }

            var taken = Math.Min(1, excess / slack);
            for (var i = 0; i < widths.Length; i++)
            {
                if (pass == 1 || preferred[i] is null)
                {
                    var give = Math.Max(0, widths[i] - min[i]) * taken;
                    widths[i] -= give;
                    excess -= give;
                }
            }
        }
    }

    private static void Grow(double[] widths, double?[] preferred, double missing)
    {
        // Columns without a width of their own take it; where all have one, all grow in proportion.
        var free = 0.0;
        var anyFree = false;
        for (var i = 0; i < widths.Length; i++)
        {
            free += preferred[i] is null ? widths[i] : 0;
            anyFree |= preferred[i] is null;
        }

        var all = anyFree ? free : widths.Sum();
        var takers = anyFree ? preferred.Count(width => width is null) : widths.Length;
        for (var i = 0; i < widths.Length; i++)
        {
            if (!anyFree || preferred[i] is null)
            {
                widths[i] += all > 0 ? missing * widths[i] / all : missing / takers;
            }
        }
    }
}
