using System.Collections.Immutable;
using System.Globalization;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// Reads a chart part (c:chartSpace, ECMA-376 Part 1 §21.2). It knows each element that it meets: what it does not know, or what is not drawn as Word does, throws
/// <see cref="UndrawnChartException"/>, so that nothing of a chart is left out in silence.
/// </summary>
internal sealed class ChartReader
{
    private readonly ChartText _texts;
    private readonly ChartLook _looks;
    private readonly CultureInfo _culture;
    private readonly string _listSeparator;
    private readonly Rgb _background;
    private CharacterFormat _format;
    private string _language = "";
    private bool _isRounded;

    /// <param name="theme">Fonts and colours.</param>
    /// <param name="shapes">Reads gradients; null where they cannot be read, because the theme is the chart's own.</param>
    /// <param name="culture">Shows numbers.</param>
    /// <param name="listSeparator">Between the items of a list; empty where that is not known.</param>
    /// <param name="isOfWord2007">Whether Word 2007 made it.</param>
    public ChartReader(Theme theme, ShapeReader? shapes, CultureInfo culture, string listSeparator, bool isOfWord2007)
    {
        _background = theme.Color("bg1") ?? Rgb.White;
        (_texts, _looks, _culture, _listSeparator) = (new ChartText(theme), new ChartLook(theme, shapes, isOfWord2007), culture, listSeparator);
        _format = _texts.Default();
    }

    /// <summary>Numbers as whoever saved the document had them: charts follow the settings of the machine, of which the document keeps the decimal sign.</summary>
    public static CultureInfo CultureOf(string decimalSymbol)
    {
        if (decimalSymbol != ",")
        {
            return CultureInfo.InvariantCulture;
        }

        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (",", ".");
        (culture.NumberFormat.PercentDecimalSeparator, culture.NumberFormat.PercentGroupSeparator) = (",", ".");
        return culture;
    }

    /// <summary>Reads the part.</summary>
    /// <param name="root">c:chartSpace.</param>
    /// <exception cref="UndrawnChartException">Something in it is not drawn here.</exception>
    public Chart Read(Element root)
    {
        if (!root.Is(Ns.Chart, "chartSpace"))
        {
            throw new UndrawnChartException(root.Name);
        }

        CheckNamespaces(root);

        // 1. What all of it stands under.
        _language = root.Child(Ns.Chart, "lang")["val"]?.ToLowerInvariant() ?? "";
        (_format, _) = _texts.ReadProperties(root.Child(Ns.Chart, "txPr"), _format);
        var area = ReadArea(root);
        var chart = root.Child(Ns.Chart, "chart");

        // 2. The parts.
        Element title = default, plot = default, legend = default;
        bool? isTitleDeleted = null;
        BlankDisplay? blanks = null;
        foreach (var e in chart.Elements)
        {
            switch (e.Name)
            {
                case "title":
                    title = e;
                    break;
                case "autoTitleDeleted":
                    isTitleDeleted = IsOn(e);
                    break;
                case "plotArea":
                    plot = e;
                    break;
                case "legend":
                    legend = e;
                    break;
                case "dispBlanksAs":
                    blanks = e["val"] switch { "gap" => BlankDisplay.Gap, "zero" or null => BlankDisplay.Zero, "span" => BlankDisplay.Span, _ => throw Unknown(e) };
                    break;
                case "plotVisOnly" or "showDLblsOverMax" or "pivotFmts":
                    break;
                case "extLst":
                    CheckExtensions(e);
                    break;
                case "view3D" or "floor" or "sideWall" or "backWall":
                    throw new UndrawnChartException("three dimensions");
                default:
                    throw Unknown(e);
            }
        }

        // 3. What is plotted, then what tells of it.
        var signs = new NumberSigns(_culture, root.Child(Ns.Chart, "date1904") is { Exists: true } old && IsOn(old), _listSeparator, ShortDay());
        var plotReader = new PlotReader(_texts, _looks, signs, _format, _language, (title, format) => ReadTitle(title, format, AutomaticAxisTitle()));
        var read = plotReader.Read(plot, area, blanks ?? BlankDisplay.Gap);
        var series = read.Groups.SelectMany(group => group.Series).ToArray();
        if (blanks is null && !_looks.IsOfWord2007 && read.Groups.Any(group => group.Kind is ChartKind.Line or ChartKind.Area or ChartKind.Scatter && group.Series.Any(one => one.Values.Contains(null))))
        {
            throw new UndrawnChartException("blanks, of which is not said how they are shown");
        }

        read = read with
        {
            IsRounded = _isRounded,
            Title = TitleOf(title, isTitleDeleted ?? (_looks.IsOfWord2007 ? false : null), series, TitleFormat(root)),
            Legend = legend.Exists ? ReadLegend(legend) : null,
        };
        if ((read.Legend is not null || read.Table is not null) && read.Groups.Any(group => !group.VariesColors && group.Series.Any(one => one.Name.Length == 0)))
        {
            var unnamed = Unnamed() ?? throw new UndrawnChartException("a series whose name is not stored");
            read = read with { Groups = [.. read.Groups.Select(group => group with { Series = [.. group.Series.Select(one => one with { Unnamed = unnamed })] })] };
        }

        return read with { Weight = WeightOf(read) };
    }

    // Where it is said not to be deleted, a chart of one series has a title that no element stands for.
    private ChartTitle? TitleOf(Element title, bool? isDeleted, ChartSeries[] series, CharacterFormat format)
    {
        if (title.Exists)
        {
            return isDeleted == true && !title.Child(Ns.Chart, "tx").Exists ? null : ReadTitle(title, format, AutomaticTitle(series));
        }

        return isDeleted == false && series is [{ Name.Length: > 0 } only] ? new ChartTitle(ChartText.Plain(only.Name, format), default, IsOverlay: false, Place: null, double.NaN) : null;
    }

    // A title that was never typed: the only series by its name, else Word's own words, here in the language in which the chart was made.
    private string AutomaticTitle(ChartSeries[] series) => series is [{ Name.Length: > 0 } only] ? only.Name : _language.Split('-')[0] switch
    {
        "en" => "Chart Title",
        "de" => "Diagrammtitel",
        "fr" => "Titre du graphique",
        "it" => "Titolo del grafico",
        "es" => "Título del gráfico",
        "nl" => "Grafiektitel",
        "hu" => "Diagramcím",
        "zh" when _language == "zh-cn" => "图表标题",
        _ => "",
    };

    // How Windows writes a day in short where it speaks the language in which the chart was made (docs/layout.md, "Charts").
    private string? ShortDay() => _language switch
    {
        "en-us" or "" => "m/d/yyyy",
        "en-gb" or "fr-fr" or "it-it" or "es-es" or "pt-br" => "dd/mm/yyyy",
        "de-de" or "de-at" => "dd.mm.yyyy",
        "en-in" => "dd-mm-yyyy",
        "hu-hu" => "yyyy\\. mm\\. dd\\.",
        _ => null,
    };

    // What Word calls a series without a name, in the language in which the chart was made.
    private string? Unnamed() => _language.Split('-')[0] switch
    {
        "en" => "Series",
        "de" => "Datenreihen",
        "fr" => "Série",
        "it" => "Serie",
        "nl" => "Reeks",
        "hu" => "Adatsor",
        _ => null,
    };

    private string AutomaticAxisTitle() => _language.Split('-')[0] switch
    {
        "en" => "Axis Title",
        "de" => "Achsentitel",
        "fr" => "Titre de l'axe",
        "hu" => "Tengelycím",
        _ => "",
    };

    // What is of neither namespace stands in extensions and alternatives, which are looked at where they are met.
    private static void CheckNamespaces(Element parent)
    {
        foreach (var e in parent.Elements)
        {
            if (e.Name is "extLst" || e.Is(Ns.Compatibility, "AlternateContent"))
            {
                continue;
            }

            if (e.Ns is not (Ns.Chart or Ns.DrawingMl))
            {
                throw new UndrawnChartException(e.Name);
            }

            CheckNamespaces(e);
        }
    }

    // 18 pt, or a fifth more than the chart's own size, and bold (§21.2.3.46).
    private CharacterFormat TitleFormat(Element root)
        => ChartText.Sized(_format, root.Child(Ns.Chart, "txPr").Descendant(Ns.DrawingMl, "defRPr")["sz"] is null ? 1.8 : 1.2, isBold: true);

    private ChartFrame ReadArea(Element root)
    {
        Element properties = default;
        bool? isRounded = null;
        foreach (var e in root.Elements)
        {
            switch (e.Name)
            {
                case "spPr":
                    properties = e;
                    break;
                case "roundedCorners":
                    isRounded = IsOn(e);
                    break;
                case "style":
                    ReadStyle(e["val"]);
                    break;
                case "AlternateContent":
                    foreach (var choice in e.Elements)
                    {
                        ReadStyle(choice.Name == "Fallback" ? choice.Child(Ns.Chart, "style")["val"] : null);
                    }

                    break;
                case "clrMapOvr":
                    CheckColorMap(e);
                    break;
                case "userShapes":
                    throw new UndrawnChartException("drawings in the chart");
                case "date1904" or "lang" or "chart" or "txPr" or "externalData" or "printSettings" or "protection" or "pivotSource":
                    break;
                case "extLst":
                    CheckExtensions(e);
                    break;
                default:
                    throw Unknown(e);
            }
        }

        var frame = _looks.ReadFrame(properties, () => Fill.Solid(_background), () => _looks.AutomaticLine, mayBlend: true);
        // Where nothing is said they are round (docs/layout.md, "Charts").
        _isRounded = isRounded ?? !_looks.IsOfWord2007;
        if (_isRounded && frame.Fill is { Stops.Length: > 1 })
        {
            throw new UndrawnChartException("an area of several colours with round corners");
        }

        return frame;
    }

    // Of the 48 styles of Office 2007 those from the third row on give bars relief, or change all else.
    private void ReadStyle(string? style)
    {
        if (style is not null)
        {
            _looks.Style = AttributeText.Int(style) is { } number and >= 1 and <= 16 ? number : throw new UndrawnChartException($"the chart style {style}");
        }
    }

    private static void CheckColorMap(Element map)
    {
        foreach (var attribute in map.Attributes)
        {
            var usual = attribute.Name switch { "bg1" => "lt1", "tx1" => "dk1", "bg2" => "lt2", "tx2" => "dk2", var other => other };
            if (attribute.Value != usual)
            {
                throw new UndrawnChartException("colours of its own");
            }
        }
    }

    /// <summary>c:title; null where it has no text.</summary>
    /// <param name="title">The element.</param>
    /// <param name="format">What its text has by itself.</param>
    /// <param name="automatic">What it says where no text is stored; empty where that is not known.</param>
    private ChartTitle? ReadTitle(Element title, CharacterFormat format, string automatic)
    {
        double? rotation = null;
        ImmutableArray<Paragraph> text = default;
        ChartFrame frame = default;
        ManualPlace? place = null;
        var isOverlay = false;
        (format, rotation) = _texts.ReadProperties(title.Child(Ns.Chart, "txPr"), format);
        foreach (var e in title.Elements)
        {
            switch (e.Name)
            {
                case "tx" when e.Child(Ns.Chart, "rich") is { Exists: true } rich:
                    (text, var turn) = _texts.ReadRich(rich, format);
                    rotation = turn ?? rotation;
                    break;
                case "tx":
                    text = ChartText.Plain(string.Join(' ', ChartSource.Read(e).Points.Select(point => point.Text)), format);
                    break;
                case "layout":
                    place = ReadPlace(e);
                    break;
                case "overlay":
                    isOverlay = IsOn(e);
                    break;
                case "spPr":
                    frame = _looks.ReadFrame(e, () => null, () => null, mayBlend: true);
                    break;
                case "txPr":
                    break;
                case "extLst":
                    CheckExtensions(e);
                    break;
                default:
                    throw Unknown(e);
            }
        }

        if (text.IsDefault)
        {
            text = automatic.Length > 0 ? ChartText.Plain(automatic, format) : throw new UndrawnChartException("a title whose text is not stored");
        }

        return text.All(paragraph => paragraph.Inlines.IsEmpty) ? null : new ChartTitle(text, frame, isOverlay, place, rotation ?? double.NaN);
    }

    private ChartLegend ReadLegend(Element legend)
    {
        var side = LegendSide.Right;
        var (format, _) = _texts.ReadProperties(legend.Child(Ns.Chart, "txPr"), _format);
        ChartFrame frame = default;
        ManualPlace? place = null;
        var isOverlay = false;
        var deleted = ImmutableHashSet.CreateBuilder<int>();
        foreach (var e in legend.Elements)
        {
            switch (e.Name)
            {
                case "legendPos":
                    side = e["val"] switch
                    {
                        "r" or null => LegendSide.Right,
                        "l" => LegendSide.Left,
                        "t" => LegendSide.Top,
                        "b" => LegendSide.Bottom,
                        "tr" => LegendSide.TopRight,
                        _ => throw Unknown(e),
                    };
                    break;
                case "legendEntry":
                    if (e.Child(Ns.Chart, "delete") is not { Exists: true } delete)
                    {
                        throw new UndrawnChartException("a legend entry of a format of its own");
                    }

                    if (IsOn(delete) && AttributeText.Int(e.Child(Ns.Chart, "idx")["val"]) is { } index)
                    {
                        deleted.Add(index);
                    }

                    break;
                case "layout":
                    place = ReadPlace(e);
                    break;
                case "overlay":
                    isOverlay = IsOn(e);
                    break;
                case "spPr":
                    frame = _looks.ReadFrame(e, () => null, () => null, mayBlend: true);
                    break;
                case "txPr":
                    break;
                case "extLst":
                    CheckExtensions(e);
                    break;
                default:
                    throw Unknown(e);
            }
        }

        return new ChartLegend(side, format, frame, isOverlay, place, deleted.ToImmutable());
    }

    /// <summary>c:layout; null where nothing is placed.</summary>
    public static ManualPlace? ReadPlace(Element layout)
    {
        ManualPlace? place = null;
        foreach (var e in layout.Elements)
        {
            if (e.Name == "extLst")
            {
                CheckExtensions(e);
                continue;
            }

            if (e.Name != "manualLayout")
            {
                throw Unknown(e);
            }

            string Mode(string name) => e.Child(Ns.Chart, name) is { Exists: true } mode ? mode["val"] ?? "factor" : "factor";
            double? Share(string name) => e.Child(Ns.Chart, name) is { Exists: true } share
                ? AttributeText.Double(share["val"]) is { } value and >= -2 and <= 2 ? value : throw new UndrawnChartException("a place far outside") : null;
            var (left, top, width, height) = (Share("x"), Share("y"), Share("w"), Share("h"));
            if (Mode("xMode") != Mode("yMode") && left is not null && top is not null)
            {
                throw new UndrawnChartException("a place of two kinds");
            }

            place = new ManualPlace(
                e.Child(Ns.Chart, "layoutTarget")["val"] == "inner", Mode("xMode") != "edge", left, top,
                Mode("wMode") == "edge" ? width - left : width, Mode("hMode") == "edge" ? height - top : height);
        }

        return place is null or { Left: null, Top: null, Width: null, Height: null } ? null : place;
    }

    /// <summary>Of extensions those are passed over that change nothing of what is drawn.</summary>
    public static void CheckExtensions(Element list)
    {
        foreach (var ext in list.Elements)
        {
            foreach (var e in ext.Elements)
            {
                var isKnown = e.Name switch
                {
                    "uniqueId" or "dataDisplayOptions16" or "showLeaderLines" or "leaderLines" or "invertSolidFillFmt" => true,
                    "layout" or "dlblFieldTable" or "spPr" or "xForSave" => e.Name == "spPr" || !ChartText.HasElements(e),
                    "showDataLabelsRange" => !IsOn(e),
                    _ => false,
                };
                if (!isKnown)
                {
                    throw new UndrawnChartException($"the extension {e.Name}");
                }
            }
        }
    }

    /// <summary>CT_Boolean: true where no value stands.</summary>
    public static bool IsOn(Element e) => e["val"] is not ("0" or "false");

    public static UndrawnChartException Unknown(Element e) => new(e["val"] is { Length: > 0 and < 40 } value ? $"{e.Name} {value}" : e.Name);

    private static long WeightOf(Chart chart)
        => chart.Groups.Sum(group => group.Series.Sum(series => series.Values.Length + series.Name.Length + series.Labels.Sum(label => label?.Length ?? 0)))
            + chart.Categories.Sum(category => (long)category.Length);
}
