using System.Collections.Immutable;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>What a chart has kept of a range of cells (c:strRef, c:numRef, c:strLit, c:numLit; §21.2.2.120, 201): texts or numbers with their format.</summary>
internal sealed class ChartSource
{
    private const int MostPoints = 5000;
    private const int MostLevels = 8;
    private const double Largest = 1e100;

    public static ChartSource None { get; } = new([], false, "General");

    private ChartSource(Point[] points, bool isText, string code) => (Points, IsText, Code) = (points, isText, code);

    /// <param name="Text">As it is stored; null for a blank.</param>
    /// <param name="Code">Its number format where it has one of its own.</param>
    internal readonly record struct Point(string? Text, string? Code);

    public Point[] Points { get; }

    public bool IsText { get; }

    /// <summary>The number format.</summary>
    public string Code { get; }

    /// <summary>What several points have in common, from the innermost level on.</summary>
    public ImmutableArray<ImmutableArray<CategorySpan>> Levels { get; private init; } = [];

    /// <summary>Reads what stands in c:cat, c:val, c:tx and the like.</summary>
    public static ChartSource Read(Element around)
    {
        foreach (var e in around.Elements)
        {
            switch (e.Name)
            {
                case "strRef":
                    return Cache(e, "strCache");
                case "numRef":
                    return Cache(e, "numCache");
                case "strLit":
                    return Stored(e, isText: true);
                case "numLit":
                    return Stored(e, isText: false);
                case "multiLvlStrRef":
                    return CacheOfLevels(e);
                case "v" or "rich":
                    break;
                default:
                    throw new UndrawnChartException(e.Name);
            }
        }

        return None;
    }

    /// <summary>The numbers; null for blanks.</summary>
    public double?[] Numbers()
    {
        var numbers = new double?[Points.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (Points[i].Text is { } text)
            {
                numbers[i] = AttributeText.Double(text) is { } number && Math.Abs(number) <= Largest ? number : throw new UndrawnChartException("a value that is no number");
            }
        }

        return numbers;
    }

    private static ChartSource Cache(Element reference, string name)
    {
        var cache = reference.Child(Ns.Chart, name);
        return cache.Exists ? Stored(cache, name == "strCache") : throw new UndrawnChartException("values that are not stored in the chart");
    }

    // The innermost level has a text for each point, the others where something begins.
    private static ChartSource CacheOfLevels(Element reference)
    {
        var cache = reference.Child(Ns.Chart, "multiLvlStrCache");
        var count = cache.Child(Ns.Chart, "ptCount");
        if (!cache.Exists || !count.Exists)
        {
            throw new UndrawnChartException("values that are not stored in the chart");
        }

        var levels = new List<Point[]>();
        foreach (var e in cache.Elements)
        {
            switch (e.Name)
            {
                case "lvl" when levels.Count < MostLevels:
                    levels.Add(Stored(e, isText: true, CountOf(count)).Points);
                    break;
                case "ptCount" or "extLst":
                    break;
                default:
                    throw new UndrawnChartException(e.Name);
            }
        }

        return new(levels.Count > 0 ? levels[0] : [], isText: true, "General") { Levels = [.. levels.Skip(1).Select(SpansOf)] };
    }

    private static ImmutableArray<CategorySpan> SpansOf(Point[] points)
    {
        int[] starts = [.. Enumerable.Range(0, points.Length).Where(i => points[i].Text is not null)];
        return [.. starts.Select((from, i) => new CategorySpan(from, (i + 1 < starts.Length ? starts[i + 1] : points.Length) - from, points[from].Text!))];
    }

    private static int CountOf(Element count) => AttributeText.Int(count["val"]) is { } number and >= 0 and <= MostPoints ? number : throw new UndrawnChartException("more than 5,000 points");

    private static ChartSource Stored(Element cache, bool isText, int? count = null)
    {
        var code = "General";
        var points = count is { } known ? new Point[known] : null;
        foreach (var e in cache.Elements)
        {
            switch (e.Name)
            {
                case "formatCode":
                    code = e.Text;
                    break;
                case "ptCount":
                    points = new Point[CountOf(e)];
                    break;
                case "pt":
                    var index = AttributeText.Int(e["idx"]) ?? -1;
                    if (points is null || index < 0 || index >= points.Length)
                    {
                        throw new UndrawnChartException("a point beyond the number of points");
                    }

                    points[index] = new(ChartText.Clean(e.Child(Ns.Chart, "v").Text), e["formatCode"]);
                    break;
                case "extLst":
                    break;
                default:
                    throw new UndrawnChartException(e.Name);
            }
        }

        return new(points ?? [], isText, code);
    }
}
