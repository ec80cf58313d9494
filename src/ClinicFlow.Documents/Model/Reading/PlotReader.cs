using System.Collections.Immutable;
using System.Globalization;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads the title of an axis.</summary>
/// <param name="title">c:title.</param>
/// <param name="format">What its text has by itself.</param>
internal delegate ChartTitle? TitleReader(Element title, CharacterFormat format);

/// <summary>Reads what a chart plots: c:plotArea (§21.2.2.145) with its groups of series and its axes.</summary>
internal sealed class PlotReader(ChartText texts, ChartLook looks, NumberSigns signs, CharacterFormat format, string language, TitleReader readTitle)
{
    private const int MostPoints = 20_000;
    private const int MostIntervals = 500;

    private readonly List<Element> _axes = [];
    private readonly List<(Element Element, ChartKind Kind)> _groups = [];

    public Chart Read(Element plot, ChartFrame area, BlankDisplay blanks)
    {
        // 1. What there is.
        ChartFrame frame = default;
        ManualPlace? place = null;
        ChartTable? table = null;
        foreach (var e in plot.Elements)
        {
            switch (e.Name)
            {
                case "dTable":
                    table = ReadTable(e);
                    break;
                case "layout":
                    place = ChartReader.ReadPlace(e);
                    break;
                case "barChart" or "lineChart" or "stockChart" or "pieChart" or "doughnutChart" or "areaChart" or "scatterChart":
                    _groups.Add((e, KindOf(e)));
                    break;
                case "catAx" or "dateAx" or "valAx":
                    _axes.Add(e);
                    break;
                case "spPr":
                    frame = looks.ReadFrame(e, () => null, () => null, mayBlend: true);
                    break;
                case "extLst":
                    ChartReader.CheckExtensions(e);
                    break;
                default:
                    throw new UndrawnChartException(NameOf(e));
            }
        }

        if (_groups.Count == 0)
        {
            throw new UndrawnChartException("nothing that is plotted");
        }

        if (place is { IsMoved: true } or { Width: null } or { Height: null } or { Left: null } or { Top: null } or { Width: <= 0 } or { Height: <= 0 })
        {
            throw new UndrawnChartException("a plot area whose place is stated in part");
        }

        // 2. Its axes; then its series, whose categories the axes show.
        var pairs = CheckAxes();
        var groups = _groups.Select(group => new SeriesReader(texts, looks, signs, format, _groups.Count == 1, table is not null, language).Read(group.Element, group.Kind) with { Pair = Math.Max(0, PairOf(group.Element, pairs)) }).ToArray();
        if (groups.Sum(group => group.Series.Sum(series => (long)series.Values.Length)) > MostPoints)
        {
            throw new UndrawnChartException("more than 20,000 points");
        }

        if (groups.All(group => group.Series.IsEmpty))
        {
            // Nothing is plotted, and nothing to plot it on.
            return new Chart { Area = area, PlotArea = default, Groups = [.. groups] };
        }

        // 3. What lies over what: areas below columns, and these below lines; what has axes of its own over the others. Where the two disagree, legends are not known.
        var drawn = groups.OrderBy(group => group.Pair).ThenBy(group => LayerOf(group.Kind)).ToImmutableArray();
        if (!drawn.SequenceEqual(groups.OrderBy(group => LayerOf(group.Kind)).ThenBy(group => group.Pair)))
        {
            throw new UndrawnChartException("groups of series whose order is not known");
        }

        var first = FirstSeries(0);
        var count = groups.Max(group => group.Series.Length == 0 ? 0 : group.Series.Max(series => series.Values.Length));
        var days = pairs.Count > 0 ? DaysOf(0) : null;
        if (pairs.Count > 1 && !(DaysOf(1) is { } others ? others.IsAlike(days) : days is null))
        {
            throw new UndrawnChartException("an axis of days beside another");
        }

        if (days is { } known)
        {
            drawn = [.. drawn.Select(known.Sort)];
        }

        var axes = pairs.Select((pair, i) => ReadPair(pair, i, groups)).ToImmutableArray();
        CheckLogarithms(axes, drawn);
        return new Chart
        {
            Area = area,
            PlotArea = frame,
            PlotPlace = place,
            Groups = drawn,
            Axes = axes,
            Categories = days is null ? ReadCategories(first, count, pairs.Count > 0 ? pairs[0].Category : default) : days.Names,
            Days = days?.Span,
            Levels = LevelsOf(pairs.Count > 0 ? pairs[0].Category : default, ChartSource.Read(first.Child(Ns.Chart, "cat")), drawn, table is not null),
            Table = table is null || days is null && _groups.TrueForAll(group => group.Kind is ChartKind.Column or ChartKind.Line) ? table : throw new UndrawnChartException("a table of the data of other than columns and lines"),
            Blanks = blanks,
        };

        SortedDays? DaysOf(int pair) => new DayAxisReader(signs).Read(pairs[pair].Category, ChartSource.Read(FirstSeries(pair).Child(Ns.Chart, "cat")), count);

        Element FirstSeries(int pair)
        {
            for (var i = 0; i < groups.Length; i++)
            {
                if (groups[i].Pair == pair && groups[i].Series.Length > 0)
                {
                    return _groups[i].Element.Child(Ns.Chart, "ser");
                }
            }

            throw new UndrawnChartException("axes without series");
        }

        AxisPair ReadPair((Element Category, Element Value) pair, int index, ChartGroup[] all)
        {
            var mine = all.Where(group => group.Pair == index).ToArray();
            var isPercent = mine[0].Grouping == ChartGrouping.Percent;
            if (mine.Any(group => group.Grouping == ChartGrouping.Percent != isPercent))
            {
                throw new UndrawnChartException("groups of series that do not go together");
            }

            var isScatter = mine[0].Kind == ChartKind.Scatter;
            var category = ReadAxis(pair.Category, FormatOf(FirstSeries(index), isScatter ? "xVal" : "cat"), isShares: false);
            if (index > 0 && !category.IsDeleted)
            {
                throw new UndrawnChartException("a second axis of categories");
            }

            // Without an axis of their own the values go to the first one.
            if (index > 0 && pair.Value.Child(Ns.Chart, "delete") is { Exists: true } delete && ChartReader.IsOn(delete))
            {
                throw new UndrawnChartException("a second axis that is deleted");
            }

            return new(category, ReadAxis(pair.Value, isPercent ? "0%" : FormatOf(FirstSeries(index), isScatter ? "yVal" : "val"), isPercent));
        }
    }

    // What categories have in common stands beside an axis.
    private static ImmutableArray<ImmutableArray<CategorySpan>> LevelsOf(Element axis, ChartSource source, ImmutableArray<ChartGroup> groups, bool hasTable)
    {
        var isFlat = axis.Child(Ns.Chart, "noMultiLvlLbl") is { Exists: true } flat && ChartReader.IsOn(flat);
        return source.Levels.IsEmpty ? []
            : axis.Exists && !isFlat && !hasTable && !groups.Any(group => group.Kind is not (ChartKind.Column or ChartKind.Bar or ChartKind.Line or ChartKind.Area) || group.VariesColors) ? source.Levels
            : throw new UndrawnChartException("categories on several levels that do not stand beside an axis");
    }

    // Where a logarithmic axis begins and ends by itself is known only where the values lie between powers of ten, from below ten.
    private static void CheckLogarithms(ImmutableArray<AxisPair> axes, ImmutableArray<ChartGroup> groups)
    {
        for (var i = 0; i < axes.Length; i++)
        {
            var series = groups.Where(group => group.Pair == i).SelectMany(group => group.Series).ToArray();
            Check(axes[i].Value, series.SelectMany(one => one.Values));
            Check(axes[i].Category, series.SelectMany(one => one.Across));
            if (axes[i].Value.IsLogarithmic && groups.Any(group => group.Pair == i && group.Grouping != ChartGrouping.Apart))
            {
                throw new UndrawnChartException("stacks on a logarithmic axis");
            }
        }

        static void Check(ChartAxis axis, IEnumerable<double?> values)
        {
            var known = values.Where(value => value is not null).Select(value => value!.Value).ToArray();
            if (!axis.IsLogarithmic || known.Length == 0)
            {
                return;
            }

            if (known.Min() <= 0 || axis.Min is null && known.Min() >= 10 || axis.Max is null && Math.Log10(known.Max()) % 1 == 0)
            {
                throw new UndrawnChartException("a logarithmic axis whose ends are not known");
            }
        }
    }

    private static ChartKind KindOf(Element group) => group.Name switch
    {
        "barChart" => group.Child(Ns.Chart, "barDir")["val"] == "bar" ? ChartKind.Bar : ChartKind.Column,
        "lineChart" or "stockChart" => ChartKind.Line,
        "areaChart" => ChartKind.Area,
        "pieChart" => ChartKind.Pie,
        "doughnutChart" => ChartKind.Doughnut,
        _ => ChartKind.Scatter,
    };

    private static int LayerOf(ChartKind kind) => kind switch { ChartKind.Area => 0, ChartKind.Column or ChartKind.Bar => 1, ChartKind.Line => 2, _ => 3 };

    private static string NameOf(Element e) => e.Name switch
    {
        "bar3DChart" => "bars in three dimensions",
        "pie3DChart" => "a pie in three dimensions",
        "line3DChart" or "area3DChart" or "surface3DChart" => "three dimensions",
        "surfaceChart" => "a surface",
        "radarChart" => "a radar chart",
        "bubbleChart" => "a bubble chart",
        "ofPieChart" => "a pie of a pie",
        "serAx" => "an axis of series",
        var other => other,
    };

    // Groups of one chart share two axes or have one of two pairs, or are one pie.
    private List<(Element Category, Element Value)> CheckAxes()
    {
        var kinds = _groups.Select(group => group.Kind).ToHashSet();
        if (kinds.Overlaps([ChartKind.Pie, ChartKind.Doughnut]))
        {
            return _groups.Count == 1 && _axes.Count == 0 ? [] : throw new UndrawnChartException("a pie among others");
        }

        var isScatter = kinds.Contains(ChartKind.Scatter);
        if ((isScatter || kinds.Contains(ChartKind.Bar)) && kinds.Count > 1)
        {
            throw new UndrawnChartException("groups of series that do not go together");
        }

        // 1. Each group names two axes that are there. The first of two pairs is the one whose axis of values stands at the beginning.
        var pairs = new List<(Element Category, Element Value)>();
        foreach (var (group, _) in _groups)
        {
            if (PairOf(group, pairs) < 0)
            {
                var ids = IdsOf(group);
                var own = _axes.Where(axis => ids.Contains(IdOf(axis))).ToArray();
                pairs.Add(ids.Length == 2 && own.Length == 2 ? PairUp(own, isScatter) : throw new UndrawnChartException("axes that are not there"));
            }
        }

        if (_axes.Count != 2 * pairs.Count || pairs.Count > (isScatter ? 1 : 2))
        {
            throw new UndrawnChartException("other than one or two pairs of axes");
        }

        if (pairs.Count == 2)
        {
            var isSecond = pairs.ConvertAll(pair => pair.Value.Child(Ns.Chart, "crosses")["val"] == "max");
            if (isSecond[0] == isSecond[1])
            {
                throw new UndrawnChartException("two pairs of axes at one side");
            }

            if (isSecond[0])
            {
                pairs.Reverse();
            }
        }

        // 2. A pair has one group of a kind.
        return _groups.GroupBy(group => (group.Kind, PairOf(group.Element, pairs))).All(same => same.Count() == 1) ? pairs : throw new UndrawnChartException("groups of series that do not go together");
    }

    private static (Element Category, Element Value) PairUp(Element[] axes, bool isScatter)
    {
        var across = isScatter ? Array.FindIndex(axes, axis => axis.Child(Ns.Chart, "axPos")["val"] is "b" or "t") : Array.FindIndex(axes, axis => axis.Name is "catAx" or "dateAx");
        var isPair = across >= 0 && axes[1 - across].Name == "valAx" && isScatter == (axes[across].Name == "valAx")
            && (!isScatter || axes[1 - across].Child(Ns.Chart, "axPos")["val"] is "l" or "r");
        return isPair ? (axes[across], axes[1 - across]) : throw new UndrawnChartException("axes that do not go together");
    }

    private static int PairOf(Element group, List<(Element Category, Element Value)> pairs)
    {
        var ids = IdsOf(group);
        return pairs.FindIndex(pair => ids.Contains(IdOf(pair.Category)) && ids.Contains(IdOf(pair.Value)));
    }

    private static string[] IdsOf(Element group) => [.. group.Elements.ToArray().Where(e => e.Name == "axId").Select(e => e["val"] ?? "")];

    private static string IdOf(Element axis) => axis.Child(Ns.Chart, "axId")["val"] ?? "";

    private static string FormatOf(Element series, string name) => ChartSource.Read(series.Child(Ns.Chart, name)).Code;

    // What stands along the axis: the categories of the first series, or numbers from 1.
    private ImmutableArray<string> ReadCategories(Element series, int count, Element axis)
    {
        var source = ChartSource.Read(series.Child(Ns.Chart, "cat"));
        count = Math.Max(count, source.Points.Length);
        var numbers = axis.Child(Ns.Chart, "numFmt");
        var format = numbers.Exists && !AttributeText.Bool(numbers["sourceLinked"]).GetValueOrDefault() ? NumberFormat(numbers["formatCode"] ?? "") : NumberFormat(source.Code);
        var categories = new string[count];
        for (var i = 0; i < count; i++)
        {
            var text = i < source.Points.Length ? source.Points[i].Text : source.Points.Length == 0 ? (i + 1).ToString(CultureInfo.InvariantCulture) : null;
            categories[i] = text is null ? "" : !source.IsText && source.Points.Length > 0 && AttributeText.Double(text) is { } number ? format.Show(number) : text;
        }

        return [.. categories];
    }

    private ChartTable ReadTable(Element table)
    {
        var (text, _) = texts.ReadProperties(table.Child(Ns.Chart, "txPr"), format);
        var read = new ChartTable(text, looks.AutomaticLine, HasRows: false, HasColumns: false, HasFrame: false, HasKeys: false);
        foreach (var e in table.Elements)
        {
            switch (e.Name)
            {
                case "showHorzBorder":
                    read = read with { HasRows = ChartReader.IsOn(e) };
                    break;
                case "showVertBorder":
                    read = read with { HasColumns = ChartReader.IsOn(e) };
                    break;
                case "showOutline":
                    read = read with { HasFrame = ChartReader.IsOn(e) };
                    break;
                case "showKeys":
                    read = read with { HasKeys = ChartReader.IsOn(e) };
                    break;
                case "spPr":
                    read = read with { Line = looks.ReadFrame(e, () => null, () => looks.AutomaticLine, mayBlend: false) is { Fill: null } frame ? frame.Outline : throw new UndrawnChartException("a table of the data with an area") };
                    break;
                case "txPr":
                    break;
                case "extLst":
                    ChartReader.CheckExtensions(e);
                    break;
                default:
                    throw ChartReader.Unknown(e);
            }
        }

        return read;
    }

    private ValueFormat NumberFormat(string code) => ValueFormat.Parse(code, signs) ?? throw new UndrawnChartException("a number format that is not known here");

    private ChartAxis ReadAxis(Element axis, string sourceCode, bool isShares)
    {
        var (text, rotation) = texts.ReadProperties(axis.Child(Ns.Chart, "txPr"), format);
        var read = new ChartAxis
        {
            Format = text,
            Rotation = rotation,
            Numbers = NumberFormat(sourceCode),
            Line = looks.AutomaticLine,
            IsOfShares = isShares,
            MajorTicks = looks.IsOfWord2007 ? TickMark.Outside : TickMark.None,
        };
        foreach (var name in (string[])["delete", "majorTickMark", "minorTickMark"])
        {
            if (!axis.Child(Ns.Chart, name).Exists && !looks.IsOfWord2007)
            {
                throw new UndrawnChartException($"an axis without {name}");
            }
        }

        foreach (var e in axis.Elements)
        {
            read = ReadAxisProperty(read, e, axis.Name is "catAx" or "dateAx");
        }

        if (read.IsLogarithmic && (axis.Name != "valAx" || isShares || read.MajorUnit is not (null or 10) || read.Min <= 0 || read.Max <= 0))
        {
            throw new UndrawnChartException("a logarithmic axis that is not one of values");
        }

        if (read.Min >= read.Max || read.MajorUnit is <= 0 || read.MinorUnit is <= 0 || !read.IsLogarithmic && read.Max - read.Min > MostIntervals * read.MajorUnit)
        {
            throw new UndrawnChartException("an axis with too many marks or none");
        }

        return read;
    }

    private ChartAxis ReadAxisProperty(ChartAxis read, Element e, bool isOfCategories)
    {
        var value = e["val"];
        switch (e.Name)
        {
            case "scaling":
                return ReadScaling(read, e);
            case "delete":
                return read with { IsDeleted = ChartReader.IsOn(e) };
            case "majorGridlines":
                return read with { MajorGrid = ReadLines(e) };
            case "minorGridlines":
                return read with { MinorGrid = ReadLines(e, isMinor: true) };
            case "title":
                return read with { Title = readTitle(e, ChartText.Sized(format, 1, isBold: true)) };
            case "numFmt" when AttributeText.Bool(e["sourceLinked"]) == true:
                return read;
            case "numFmt":
                return read with { Numbers = NumberFormat(e["formatCode"] ?? "") };
            case "majorTickMark":
                return read with { MajorTicks = MarkOf(e) };
            case "minorTickMark":
                return read with { MinorTicks = MarkOf(e) };
            case "tickLblPos":
                return read with { Labels = value switch { "nextTo" or null => TickLabels.Next, "low" => TickLabels.Low, "high" => TickLabels.High, "none" => TickLabels.None, _ => throw ChartReader.Unknown(e) } };
            case "spPr":
                ChartLook.CheckEffects(e);
                return read with { Line = looks.ReadLine(e.Child(Ns.DrawingMl, "ln"), () => looks.AutomaticLine) };
            case "crosses":
                return read with { Crosses = value switch { "autoZero" or null => AxisCrossing.Automatic, "min" => AxisCrossing.Least, "max" => AxisCrossing.Most, _ => throw ChartReader.Unknown(e) } };
            case "crossesAt":
                return read with { Crosses = AxisCrossing.Value, CrossesAt = AttributeText.Double(value) ?? throw ChartReader.Unknown(e) };
            case "crossBetween":
                return read with { IsBetween = value switch { "between" => true, "midCat" => false, _ => throw ChartReader.Unknown(e) } };
            case "majorUnit" when !isOfCategories:
                return read with { MajorUnit = AttributeText.Double(value) ?? throw ChartReader.Unknown(e) };
            case "minorUnit" when !isOfCategories:
                return read with { MinorUnit = AttributeText.Double(value) ?? throw ChartReader.Unknown(e) };
            case "majorUnit" or "minorUnit" or "majorTimeUnit" or "minorTimeUnit" or "baseTimeUnit":
                // Of days; DayAxisReader reads them.
                return read;
            case "lblOffset":
                return read with { LabelDistance = AttributeText.Double(value?.TrimEnd('%')) is { } percent and >= 0 and <= 1000 ? percent / 100 : throw ChartReader.Unknown(e) };
            case "tickLblSkip":
                return read with { LabelStep = AttributeText.Int(value) is { } labels and > 0 ? labels : throw ChartReader.Unknown(e) };
            case "tickMarkSkip":
                return read with { MarkStep = AttributeText.Int(value) is { } marks and > 0 ? marks : throw ChartReader.Unknown(e) };
            case "lblAlgn" when value is "ctr":
            case "noMultiLvlLbl" or "auto" or "axId" or "axPos" or "crossAx" or "txPr":
                return read;
            case "extLst":
                ChartReader.CheckExtensions(e);
                return read;
            case "dispUnits":
                throw new UndrawnChartException("units of display");
            default:
                throw ChartReader.Unknown(e);
        }
    }

    private static ChartAxis ReadScaling(ChartAxis read, Element scaling)
    {
        foreach (var e in scaling.Elements)
        {
            read = e.Name switch
            {
                "orientation" => read with { IsReversed = e["val"] switch { "minMax" or null => false, "maxMin" => true, _ => throw ChartReader.Unknown(e) } },
                "min" => read with { Min = Limit(e) },
                "max" => read with { Max = Limit(e) },
                "logBase" => AttributeText.Double(e["val"]) == 10 ? read with { IsLogarithmic = true } : throw new UndrawnChartException("a logarithmic axis of another base than ten"),
                "extLst" => read,
                _ => throw ChartReader.Unknown(e),
            };
        }

        return read;

        static double Limit(Element e) => AttributeText.Double(e["val"]) is { } value and >= -1e100 and <= 1e100 ? value : throw ChartReader.Unknown(e);
    }

    private Stroke? ReadLines(Element lines, bool isMinor = false)
    {
        var properties = lines.Child(Ns.Chart, "spPr");
        ChartLook.CheckEffects(properties);
        return looks.ReadLine(properties.Child(Ns.DrawingMl, "ln"), () => isMinor ? looks.MinorLine : looks.AutomaticLine);
    }

    private static TickMark MarkOf(Element e) => e["val"] switch
    {
        "none" => TickMark.None,
        "out" => TickMark.Outside,
        "in" => TickMark.Inside,
        "cross" => TickMark.Cross,
        _ => throw ChartReader.Unknown(e),
    };
}
