using ClinicFlow.Documents.Layout.Flow;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Layout.Charts;

/// <summary>Paints charts at a size, as lines, areas and text. Evidence: docs/layout.md, "Charts".</summary>
internal sealed class ChartPainter(LayoutParts parts)
{
    private const long MostWeight = 10_000_000;
    private const int MostKept = 1000;
    private const double CornerRadius = 10;

    private readonly ChartLetters _letters = new(parts);
    private readonly Dictionary<Placing, Fragment> _kept = [];
    private readonly FragmentBuilder _builder = new();
    private long _weight;

    /// <summary>What a painted chart depends on.</summary>
    private sealed record Placing(Chart Chart, double Width, double Height, int Node)
    {
        public bool Equals(Placing? other) => other is not null && ReferenceEquals(Chart, other.Chart) && (Width, Height, Node) == (other.Width, other.Height, other.Node);

        public override int GetHashCode() => HashCode.Combine(Width, Height, Node);
    }

    /// <summary>Makes ready for the next document.</summary>
    public void NextDocument() => _weight = 0;

    /// <summary>
    /// A chart as a fragment whose origin is its left top. It shows the chart's part, which no record changes, so it is made once and writers may keep what they make of it.
    /// </summary>
    /// <exception cref="LayoutLimitException">With those before it in the document it is more than may be drawn.</exception>
    public Fragment Of(Chart chart, double width, double height, int node)
    {
        if ((_weight += chart.Weight) > MostWeight)
        {
            throw LayoutLimitException.OfCharts(MostWeight);
        }

        var placing = new Placing(chart, width, height, node);
        if (!_kept.TryGetValue(placing, out var fragment))
        {
            if (_kept.Count == MostKept)
            {
                _kept.Clear();
            }

            Paint(new ChartCanvas(_builder, _letters, width, height, node), chart, width, height);
            _kept.Add(placing, fragment = _builder.Build(isShared: true));
            _letters.Clear();
        }

        return fragment;
    }

    private static void Paint(ChartCanvas canvas, Chart chart, double width, double height)
    {
        if (width < 1 || height < 1)
        {
            return;
        }

        // Nothing of a chart shows outside of it, but half of the line around it.
        var whole = new Box(0, 0, width, height);
        var bleed = (chart.Area.Outline?.Width.Value ?? 0) / 2;
        canvas.BeginClip(new Box(-bleed, -bleed, width + (2 * bleed), height + (2 * bleed)));
        if (chart.IsRounded)
        {
            canvas.RoundRectangle(whole, Math.Min(CornerRadius, Math.Min(width, height) / 2), chart.Area.Fill, chart.Area.Outline);
        }
        else
        {
            canvas.Frame(whole, chart.Area);
        }

        var frame = new ChartFrameLayout(canvas.Letters, chart, width, height);
        if (chart.IsEmpty)
        {
            // No plot area either.
        }
        else if (chart.IsRound)
        {
            canvas.Frame(frame.Inner, chart.PlotArea);
            PieMarks.Paint(canvas, chart, frame.Inner);
        }
        else
        {
            CartesianPlot.Paint(canvas, chart, frame);
        }

        frame.PaintTitleAndLegend(canvas);
        canvas.EndClip();
    }
}
