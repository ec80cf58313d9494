using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads a line through a series's points (c:trendline, §21.2.2.211).</summary>
internal sealed class TrendReader(ChartLook looks, string language)
{
    /// <summary>The line, with the name that a legend shows.</summary>
    /// <param name="trend">The element.</param>
    /// <param name="series">The series's name.</param>
    public TrendLine Read(Element trend, string series)
    {
        TrendKind? kind = null;
        var (name, period) = ("", 2);
        Element properties = default;
        foreach (var e in trend.Elements)
        {
            switch (e.Name)
            {
                case "name":
                    name = ChartText.Clean(e.Text);
                    break;
                case "spPr":
                    properties = e;
                    break;
                case "trendlineType":
                    kind = e["val"] switch
                    {
                        "linear" or null => TrendKind.Linear,
                        "exp" => TrendKind.Exponential,
                        "log" => TrendKind.Logarithmic,
                        "power" => TrendKind.Power,
                        "movingAvg" => TrendKind.MovingAverage,
                        _ => throw new UndrawnChartException($"a trend line: {e["val"]}"),
                    };
                    break;
                case "period":
                    period = AttributeText.Int(e["val"]) is { } points and >= 2 and <= 255 ? points : throw ChartReader.Unknown(e);
                    break;
                case "forward" or "backward" when AttributeText.Double(e["val"]) is not 0:
                    throw new UndrawnChartException("a trend line beyond its points");
                case "intercept":
                    throw new UndrawnChartException("a trend line through a point of its own");
                case "dispRSqr" or "dispEq" when ChartReader.IsOn(e):
                    throw new UndrawnChartException("a trend line with its equation");
                case "order" or "forward" or "backward" or "dispRSqr" or "dispEq":
                    break;
                case "extLst":
                    ChartReader.CheckExtensions(e);
                    break;
                default:
                    throw ChartReader.Unknown(e);
            }
        }

        if (!looks.IsOfWord2007 && (!trend.Child(Ns.Chart, "dispRSqr").Exists || !trend.Child(Ns.Chart, "dispEq").Exists))
        {
            throw new UndrawnChartException("a trend line of which is not said whether its equation shows");
        }

        ChartLook.CheckEffects(properties);
        var line = looks.ReadLine(properties.Child(Ns.DrawingMl, "ln"), () => looks.TextLine);
        var known = kind ?? throw new UndrawnChartException("a trend line of no kind");
        return new(known, name.Length > 0 ? name : NameOf(known, series, period), line, period);
    }

    // As Word names it where nobody did; only in English that is known.
    private string NameOf(TrendKind kind, string series, int period) => language.StartsWith("en", StringComparison.Ordinal)
        ? kind switch
        {
            TrendKind.Linear => $"Linear ({series})",
            TrendKind.Exponential => $"Expon. ({series})",
            TrendKind.Logarithmic => $"Log. ({series})",
            TrendKind.Power => $"Power ({series})",
            _ => FormattableString.Invariant($"{period} per. Mov. Avg. ({series})"),
        }
        : throw new UndrawnChartException("a trend line whose name is not stored");
}
