using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>Draws columns, and bars that lie. Evidence: docs/layout.md, "Charts".</summary>
internal static class BarMarks
{
    public static void Paint(ChartCanvas canvas, Chart chart, ChartGroup group, PlotAxis category, PlotAxis value, Box inner, List<PlacedLabel> labels)
    {
        var spans = PlotValues.Of(group, chart.Categories.Length);
        var isStacked = group.Grouping != ChartGrouping.Apart;
        var beside = isStacked ? 1 : Math.Max(1, group.Series.Length);

        // A category holds its bars, each over the one before by the overlap, and the gap.
        var wide = 1.0 / category.Count / (beside - (isStacked ? 0 : group.Overlap * (beside - 1)) + group.GapWidth);
        var start = value.BaseValue(category.Axis);
        for (var s = 0; s < group.Series.Length; s++)
        {
            var (series, bar) = (group.Series[s], s);
            for (var i = 0; i < spans[s].Length; i++)
            {
                if (spans[s][i] is not { } span)
                {
                    continue;
                }

                var low = category.ShareOfCategory(i, 0) + (wide * ((group.GapWidth / 2) + (isStacked ? 0 : s * (1 - group.Overlap))));
                var (a, b) = (category.PlaceOfShare(low), category.PlaceOfShare(low + wide));
                var (from, to) = (value.PlaceWithin(isStacked ? span.From : start), value.PlaceWithin(span.To));
                var box = value.IsHorizontal
                    ? new Box(Math.Min(from, to), Math.Min(a, b), Math.Abs(to - from), Math.Abs(b - a))
                    : new Box(Math.Min(a, b), Math.Min(from, to), Math.Abs(b - a), Math.Abs(to - from));
                var look = series.Looks[i];
                canvas.Rectangle(box, look.Fill, look.Outline);
                if (i < series.Labels.Length && series.Labels[i] is { } label)
                {
                    labels.Add(LabelOf(canvas, label, value, from, to, (a + b) / 2));
                }
            }

            TrendMarks.Paint(canvas, series, spans[s], category, value, inner, i => category.ShareOfCategory(i, 0) + (wide * ((group.GapWidth / 2) + 0.5 + (isStacked ? 0 : bar * (1 - group.Overlap)))));
        }
    }

    private static PlacedLabel LabelOf(ChartCanvas canvas, PointLabel label, PlotAxis value, double from, double to, double across)
    {
        var text = canvas.LayLabel(label);
        var half = (value.IsHorizontal == (Math.Abs(label.Rotation) < 45) ? text.Width : text.Height) / 2;
        var away = half + (PlacedLabel.Gap * text.Size);

        // A bar without a length points to where its axis does.
        var forward = to != from ? Math.Sign(to - from) : value.IsHorizontal == value.Axis.IsReversed ? -1 : 1;
        var at = label.Side switch
        {
            LabelSide.Center => (from + to) / 2,
            LabelSide.InsideBase => from + (forward * away),
            LabelSide.InsideEnd => to - (forward * away),
            _ => to + (forward * away),
        };
        return value.IsHorizontal ? new(label, text, at, across, new(to, across)) : new(label, text, across, at, new(across, to));
    }
}
