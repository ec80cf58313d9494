using System.Collections.Immutable;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads bars that show how far a value may be off (c:errBars, §21.2.2.55).</summary>
internal sealed class ErrorBarReader(ChartLook looks, ChartKind kind)
{
    /// <summary>The bars of a series.</summary>
    /// <param name="bars">The element.</param>
    /// <param name="values">The series's values.</param>
    public ErrorBars Read(Element bars, double?[] values)
    {
        bool? isAcross = kind == ChartKind.Scatter ? null : false;
        var (hasPlus, hasMinus, hasCaps) = (true, true, true);
        string? how = null;
        var by = 0.0;
        ChartSource plus = ChartSource.None, minus = ChartSource.None;
        Element properties = default;
        foreach (var e in bars.Elements)
        {
            switch (e.Name)
            {
                case "errDir" when e["val"] is "x" or "y":
                    isAcross = e["val"] == "x" && kind == ChartKind.Scatter;
                    break;
                case "errBarType":
                    (hasPlus, hasMinus) = e["val"] switch { "both" or null => (true, true), "plus" => (true, false), "minus" => (false, true), _ => throw ChartReader.Unknown(e) };
                    break;
                case "errValType":
                    how = e["val"] ?? "fixedVal";
                    break;
                case "noEndCap":
                    hasCaps = !ChartReader.IsOn(e);
                    break;
                case "val":
                    by = AttributeText.Double(e["val"]) is { } value && Math.Abs(value) <= 1e100 ? value : throw ChartReader.Unknown(e);
                    break;
                case "plus":
                    plus = ChartSource.Read(e);
                    break;
                case "minus":
                    minus = ChartSource.Read(e);
                    break;
                case "spPr":
                    properties = e;
                    break;
                case "extLst":
                    ChartReader.CheckExtensions(e);
                    break;
                default:
                    throw ChartReader.Unknown(e);
            }
        }

        if (isAcross is not { } across || across && how is "percentage" or "stdErr")
        {
            throw new UndrawnChartException("error bars of an unknown direction");
        }

        if (!looks.IsOfWord2007 && !bars.Child(Ns.Chart, "noEndCap").Exists)
        {
            throw new UndrawnChartException("error bars of which is not said whether their ends are marked");
        }

        ChartLook.CheckEffects(properties);
        var line = looks.ReadLine(properties.Child(Ns.DrawingMl, "ln"), () => looks.TextLine);
        var error = how == "stdErr" ? StandardError([.. values.Where(value => value is not null).Select(value => value!.Value)]) : null;
        return new(across, hasCaps, line, hasPlus ? Of(plus) : Of(null), hasMinus ? Of(minus) : Of(null));

        ImmutableArray<double?> Of(ChartSource? own)
        {
            var lengths = own?.Numbers() ?? [];
            return
            [
                .. values.Select((value, i) => own is null || value is not { } number ? null : how switch
                {
                    "cust" => lengths.Length == 1 ? lengths[0] : i < lengths.Length ? lengths[i] : null,
                    "fixedVal" => by,
                    "percentage" => Math.Abs(number) * by / 100,
                    "stdErr" when error is { } length => length,
                    _ => (double?)null ?? throw new UndrawnChartException($"error bars: {how}"),
                }),
            ];
        }
    }
    // Of one value there is none.
    private static double? StandardError(double[] values)
    {
        if (values.Length < 2)
        {
            return null;
        }

        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) / values.Length);
    }
}
