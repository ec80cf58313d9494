using System.Collections.Immutable;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads a group of series (c:barChart, c:lineChart, c:pieChart …, §21.2.2) with points and labels.</summary>
/// <param name="texts">Reads text.</param>
/// <param name="looks">Reads areas and lines.</param>
/// <param name="signs">Shows numbers.</param>
/// <param name="format">Of text.</param>
/// <param name="isOnlyGroup">Whether the chart has no other group.</param>
/// <param name="hasTable">Whether a table shows the values.</param>
/// <param name="language">In which the chart was made.</param>
internal sealed class SeriesReader(ChartText texts, ChartLook looks, NumberSigns signs, CharacterFormat format, bool isOnlyGroup, bool hasTable, string language)
{
    private const int MostSeries = 255;

    private ChartKind _kind;
    private bool _isOnly;

    public ChartGroup Read(Element group, ChartKind kind)
    {
        _kind = kind;
        var read = new ChartGroup { Kind = kind, Series = [] };
        var series = new List<Element>();
        Element labels = default;
        bool? varies = null;
        var hasMarkers = kind == ChartKind.Scatter || group.Name == "stockChart";
        foreach (var e in group.Elements)
        {
            switch (e.Name)
            {
                case "ser":
                    series.Add(e);
                    break;
                case "dLbls":
                    labels = e;
                    break;
                case "varyColors":
                    varies = ChartReader.IsOn(e);
                    break;
                case "grouping":
                    read = read with
                    {
                        Grouping = e["val"] switch { "clustered" or "standard" => ChartGrouping.Apart, "stacked" => ChartGrouping.Stacked, "percentStacked" => ChartGrouping.Percent, _ => throw ChartReader.Unknown(e) },
                    };
                    break;
                case "gapWidth":
                    read = read with { GapWidth = Percent(e, 0, 500) };
                    break;
                case "overlap":
                    read = read with { Overlap = Percent(e, -100, 100) };
                    break;
                case "firstSliceAng":
                    read = read with { FirstAngle = AttributeText.Double(e["val"]) is { } angle and >= 0 and <= 360 ? angle : throw ChartReader.Unknown(e) };
                    break;
                case "holeSize":
                    read = read with { Hole = Percent(e, 1, 90) };
                    break;
                case "marker" when kind == ChartKind.Line:
                    hasMarkers = ChartReader.IsOn(e);
                    break;
                case "dropLines" when kind is ChartKind.Line or ChartKind.Area:
                    read = read with { Drop = LinesOf(e) };
                    break;
                case "hiLowLines" when kind == ChartKind.Line:
                    read = read with { Range = LinesOf(e) };
                    break;
                case "upDownBars" when kind == ChartKind.Line:
                    read = read with { UpDown = ReadUpDown(e) };
                    break;
                case "scatterStyle" when e["val"] is "lineMarker" or "marker" or "line" or "smoothMarker" or "smooth":
                case "barDir" when e["val"] is "bar" or "col":
                case "smooth" when !ChartReader.IsOn(e):
                case "axId":
                    break;
                case "extLst":
                    ChartReader.CheckExtensions(e);
                    break;
                default:
                    throw new UndrawnChartException(e.Name switch
                    {
                        "serLines" => "lines between series",
                        "smooth" => "a smoothed line",
                        _ => ChartReader.Unknown(e).Message,
                    });
            }
        }

        varies ??= looks.IsOfWord2007 && kind is not (ChartKind.Pie or ChartKind.Doughnut) ? false : null;
        if (series.Count > MostSeries)
        {
            throw new UndrawnChartException("more than 255 series");
        }

        _isOnly = isOnlyGroup && series.Count == 1;
        var isOne = series.Count == 1 || kind is ChartKind.Pie or ChartKind.Doughnut;
        var canVary = isOne && kind is not ChartKind.Area;
        var variesHere = canVary && (varies ?? kind is ChartKind.Pie or ChartKind.Doughnut);
        var all = series.Select(e => ReadSeries(e, labels, varies is null && canVary ? null : variesHere, hasMarkers, read)).OrderBy(one => one.Order).ToImmutableArray();
        return read with { Series = all, VariesColors = kind is ChartKind.Pie or ChartKind.Doughnut || variesHere && all.Any(one => one.Looks.Distinct().Count() > 1) };
    }

    private Stroke? LinesOf(Element lines)
    {
        var properties = lines.Child(Ns.Chart, "spPr");
        ChartLook.CheckEffects(properties);
        return looks.ReadLine(properties.Child(Ns.DrawingMl, "ln"), () => looks.TextLine);
    }

    // By themselves they are of the text's colour at tints of 5 and 95 % (§21.2.3.46).
    private UpDownBars ReadUpDown(Element bars)
    {
        var read = new UpDownBars(1.5, FrameOf(default, 0.95), FrameOf(default, 0.05));
        foreach (var e in bars.Elements)
        {
            switch (e.Name)
            {
                case "gapWidth":
                    read = read with { GapWidth = Percent(e, 0, 500) };
                    break;
                case "upBars":
                    read = read with { Up = FrameOf(e.Child(Ns.Chart, "spPr"), 0.95) };
                    break;
                case "downBars":
                    read = read with { Down = FrameOf(e.Child(Ns.Chart, "spPr"), 0.05) };
                    break;
                case "extLst":
                    ChartReader.CheckExtensions(e);
                    break;
                default:
                    throw ChartReader.Unknown(e);
            }
        }

        return read with { Up = bars.Child(Ns.Chart, "upBars").Exists ? read.Up : default, Down = bars.Child(Ns.Chart, "downBars").Exists ? read.Down : default };

        ChartFrame FrameOf(Element properties, double left) => looks.ReadFrame(properties, () => Fill.Solid(looks.TextTint(left)), () => looks.TextLine, mayBlend: true);
    }

    private static double Percent(Element e, double least, double most)
        => AttributeText.Double(e["val"]?.TrimEnd('%')) is { } value && value >= least && value <= most ? value / 100 : throw ChartReader.Unknown(e);

    private ChartSeries ReadSeries(Element series, Element groupLabels, bool? varies, bool hasMarkers, ChartGroup group)
    {
        var index = AttributeText.Int(series.Child(Ns.Chart, "idx")["val"]) ?? 0;
        Element properties = default, marker = default, labels = groupLabels;
        var points = new Dictionary<int, Element>();
        var order = index;
        var name = "";
        var values = ChartSource.None;
        ChartSource across = ChartSource.None, categories = ChartSource.None;
        var explosion = 0.0;
        bool? inverts = null, isSmooth = null;
        var (trends, errors) = (new List<Element>(), new List<Element>());
        foreach (var e in series.Elements)
        {
            switch (e.Name)
            {
                case "idx":
                    break;
                case "order":
                    order = AttributeText.Int(e["val"]) ?? throw ChartReader.Unknown(e);
                    break;
                case "tx":
                    name = e.Child(Ns.Chart, "v") is { Exists: true } own ? ChartText.Clean(own.Text) : string.Join(' ', ChartSource.Read(e).Points.Select(point => point.Text));
                    break;
                case "spPr":
                    properties = e;
                    break;
                case "marker":
                    marker = e;
                    break;
                case "dPt":
                    points[AttributeText.Int(e.Child(Ns.Chart, "idx")["val"]) ?? throw ChartReader.Unknown(e)] = e;
                    break;
                case "dLbls":
                    labels = e;
                    break;
                case "cat":
                    categories = ChartSource.Read(e);
                    break;
                case "val" or "yVal":
                    values = ChartSource.Read(e);
                    break;
                case "xVal":
                    across = ChartSource.Read(e);
                    break;
                case "explosion":
                    explosion = Percent(e, 0, 400);
                    break;
                case "invertIfNegative":
                    inverts = ChartReader.IsOn(e);
                    break;
                case "smooth":
                    isSmooth = ChartReader.IsOn(e);
                    break;
                case "trendline" when (_kind is ChartKind.Line or ChartKind.Scatter || _kind == ChartKind.Column && _isOnly) && group.Grouping == ChartGrouping.Apart:
                    trends.Add(e);
                    break;
                case "errBars" when _kind is ChartKind.Column or ChartKind.Bar or ChartKind.Line or ChartKind.Scatter:
                    errors.Add(e);
                    break;
                case "shape" when e["val"] is "box":
                    break;
                case "extLst":
                    ChartReader.CheckExtensions(e);
                    break;
                default:
                    throw new UndrawnChartException(e.Name switch
                    {
                        "trendline" => "a trend line",
                        "errBars" => "error bars",
                        "pictureOptions" => "bars of pictures",
                        _ => ChartReader.Unknown(e).Message,
                    });
            }
        }

        var numbers = values.Numbers();
        var isBars = _kind is ChartKind.Column or ChartKind.Bar;
        if (isBars && inverts != false && Array.Exists(numbers, number => number < 0))
        {
            throw new UndrawnChartException("negative bars in another colour");
        }

        if (_kind is ChartKind.Line or ChartKind.Scatter && isSmooth is null && !looks.IsOfWord2007 && looks.ReadLine(properties.Child(Ns.DrawingMl, "ln"), () => looks.AutomaticLine) is not null)
        {
            throw new UndrawnChartException("a line of which is not said whether it is smooth");
        }

        if (_kind is ChartKind.Pie or ChartKind.Doughnut && Array.Exists(numbers, number => number < 0))
        {
            throw new UndrawnChartException("a pie of negative values");
        }

        // 1. The series, then those points that look otherwise.
        var look = LookOf(properties, marker, index, varies, hasMarkers) with { Explosion = explosion };
        var known = new PointLook[numbers.Length];
        for (var i = 0; i < known.Length; i++)
        {
            known[i] = points.TryGetValue(i, out var point) ? PointOf(point, properties, marker, index, i, varies, hasMarkers, look)
                : varies == false || properties.Exists && HasFill(properties) ? look : LookOf(properties, marker, index, varies, hasMarkers, i) with { Explosion = explosion };
        }

        // 2. Labels.
        var context = new LabelContext(name, categories, values, numbers, group.Grouping);
        return new ChartSeries
        {
            Order = order,
            Name = name,
            Values = [.. numbers],
            Across = _kind == ChartKind.Scatter ? AcrossOf(across, numbers.Length) : [],
            Look = look,
            Looks = [.. known],
            IsSmooth = isSmooth == true,
            Trends = [.. trends.Select(trend => new TrendReader(looks, language).Read(trend, name.Length > 0 ? name : FormattableString.Invariant($"Series{order + 1}")))],
            Errors = [.. errors.Select(bars => new ErrorBarReader(looks, _kind).Read(bars, numbers))],
            Cells = hasTable ? [.. values.Points.Select((point, i) => numbers[i] is { } number ? NumberFormat(point.Code ?? values.Code).Show(number) : "")] : [],
            Labels = new LabelReader(texts, looks, signs, format, _kind).Read(labels, context),
        };
    }

    private ValueFormat NumberFormat(string code) => ValueFormat.Parse(code, signs) ?? throw new UndrawnChartException("a number format that is not known here");

    // Across of a scatter chart: numbers, or 1, 2, 3 … where texts stand.
    private static ImmutableArray<double?> AcrossOf(ChartSource across, int count)
    {
        if (across.IsText || across.Points.Length == 0)
        {
            return [.. Enumerable.Range(1, count).Select(number => (double?)number)];
        }

        var numbers = across.Numbers();
        Array.Resize(ref numbers, count);
        return [.. numbers];
    }

    private static bool HasFill(Element properties)
    {
        foreach (var e in properties.Elements)
        {
            if (e.Name is "solidFill" or "noFill" or "gradFill" or "pattFill" or "blipFill")
            {
                return true;
            }
        }

        return false;
    }

    private PointLook PointOf(Element point, Element seriesProperties, Element seriesMarker, int index, int number, bool? varies, bool hasMarkers, PointLook under)
    {
        Element properties = default, marker = default;
        var explosion = under.Explosion;
        foreach (var e in point.Elements)
        {
            switch (e.Name)
            {
                case "spPr":
                    properties = e;
                    break;
                case "marker":
                    marker = e;
                    break;
                case "explosion":
                    explosion = Percent(e, 0, 400);
                    break;
                case "idx" or "invertIfNegative" or "bubble3D":
                    break;
                case "extLst":
                    ChartReader.CheckExtensions(e);
                    break;
                default:
                    throw ChartReader.Unknown(e);
            }
        }

        var look = LookOf(properties.Exists ? properties : seriesProperties, marker.Exists ? marker : seriesMarker, index, varies, hasMarkers, number);
        return look with { Explosion = explosion };
    }

    // How a series or one of its points looks; a number of a point counts where colours vary.
    private PointLook LookOf(Element properties, Element marker, int index, bool? varies, bool hasMarkers, int? point = null)
    {
        ChartLook.CheckEffects(properties);
        var ln = properties.Child(Ns.DrawingMl, "ln");
        Rgb Color() => varies switch
        {
            false => looks.AutomaticColor(index, _isOnly),
            true => looks.AutomaticColor(point ?? 0, isOnly: false),
            null => throw new UndrawnChartException("no word of whether colours vary"),
        };
        int Number() => varies == true ? point ?? 0 : index;
        if (_kind is ChartKind.Line or ChartKind.Scatter)
        {
            return new PointLook(null, looks.ReadLine(ln, () => looks.AutomaticSeriesLine(Color()), looks.SeriesLine), ReadMarker(marker, Color, Number, hasMarkers)) { IsRound = !ln.Exists || ln["cap"] == "rnd" };
        }

        var frame = looks.ReadFrame(properties, () => Fill.Solid(Color()), () => looks.AutomaticOutline, mayBlend: _kind is ChartKind.Column or ChartKind.Bar);
        return new PointLook(frame.Fill, frame.Outline);
    }

    private PointMarker? ReadMarker(Element marker, Func<Rgb> color, Func<int> number, bool hasMarkers)
    {
        if (!hasMarkers)
        {
            return null;
        }

        MarkerSign? sign = null;
        double? size = null;
        Element properties = default;
        foreach (var e in marker.Elements)
        {
            switch (e.Name)
            {
                case "symbol" when e["val"] == "none":
                    return null;
                case "symbol":
                    sign = e["val"] switch
                    {
                        "circle" => MarkerSign.Circle,
                        "square" => MarkerSign.Square,
                        "diamond" => MarkerSign.Diamond,
                        "triangle" => MarkerSign.Triangle,
                        "x" => MarkerSign.Cross,
                        "star" => MarkerSign.Star,
                        "plus" => MarkerSign.Plus,
                        "dash" => MarkerSign.Dash,
                        "dot" => MarkerSign.Dot,
                        "auto" => null,
                        _ => throw ChartReader.Unknown(e),
                    };
                    break;
                case "size":
                    size = AttributeText.Double(e["val"]) is { } points and >= 2 and <= 72 ? points : throw ChartReader.Unknown(e);
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

        var frame = looks.ReadFrame(properties, () => Fill.Solid(color()), () => looks.AutomaticLine with { Color = color() }, mayBlend: false);
        return new PointMarker(sign ?? AutomaticSign(number()), size ?? (marker.Exists ? 5 : 7), frame.Fill, frame.Outline);
    }

    private static MarkerSign AutomaticSign(int index) => (index % 9) switch
    {
        0 => MarkerSign.Diamond,
        1 => MarkerSign.Square,
        2 => MarkerSign.Triangle,
        3 => MarkerSign.Cross,
        4 => MarkerSign.Star,
        5 => MarkerSign.Circle,
        6 => MarkerSign.Plus,
        7 => MarkerSign.Dot,
        _ => MarkerSign.Dash,
    };
}
