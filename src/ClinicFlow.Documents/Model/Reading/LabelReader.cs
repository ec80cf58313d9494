using System.Collections.Immutable;
using System.Globalization;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>What labels of a series speak of.</summary>
/// <param name="Name">The series.</param>
/// <param name="Categories">Its categories.</param>
/// <param name="Values">Its values as they are stored.</param>
/// <param name="Numbers">The same as numbers.</param>
/// <param name="Grouping">How the group stands.</param>
internal sealed record LabelContext(string Name, ChartSource Categories, ChartSource Values, double?[] Numbers, ChartGrouping Grouping);

/// <summary>Reads the labels of points (c:dLbls, §21.2.2.49): what each says, and where it stands.</summary>
internal sealed class LabelReader(ChartText texts, ChartLook looks, NumberSigns signs, CharacterFormat format, ChartKind kind)
{
    // What labels show, each stated: what is not stated differs between versions.
    private static readonly string[] Shows = ["showLegendKey", "showVal", "showCatName", "showSerName", "showPercent"];

    public ImmutableArray<PointLabel?> Read(Element labels, LabelContext context)
    {
        if (!labels.Exists)
        {
            return [];
        }

        var own = new Dictionary<int, Element>();
        foreach (var e in labels.Elements)
        {
            if (e.Name == "dLbl")
            {
                own[AttributeText.Int(e.Child(Ns.Chart, "idx")["val"]) ?? throw ChartReader.Unknown(e)] = e;
            }
        }

        var read = new PointLabel?[context.Numbers.Length];
        var total = context.Numbers.Sum(number => number ?? 0);
        for (var i = 0; i < read.Length; i++)
        {
            read[i] = own.TryGetValue(i, out var label) ? ReadOne(label, labels, context, i, total) : ReadOne(labels, default, context, i, total);
        }

        return Array.TrueForAll(read, one => one is null) ? [] : [.. read];
    }

    private PointLabel? ReadOne(Element labels, Element under, LabelContext context, int point, double total)
    {
        if (labels.Child(Ns.Chart, "delete") is { Exists: true } delete && ChartReader.IsOn(delete))
        {
            return null;
        }

        var side = kind switch
        {
            ChartKind.Pie => LabelSide.BestFit,
            ChartKind.Doughnut or ChartKind.Area => LabelSide.Center,
            ChartKind.Line or ChartKind.Scatter => LabelSide.Right,
            _ => context.Grouping == ChartGrouping.Apart ? LabelSide.OutsideEnd : LabelSide.Center,
        };
        var shown = new HashSet<string>(StringComparer.Ordinal);
        var stated = 0;
        string? separator = null;
        Element rich = default;
        ShapePoint move = default;
        foreach (var e in labels.Elements)
        {
            switch (e.Name)
            {
                case "showLegendKey" or "showVal" or "showCatName" or "showSerName" or "showPercent":
                    stated++;
                    if (ChartReader.IsOn(e))
                    {
                        shown.Add(e.Name);
                    }

                    break;
                case "dLblPos":
                    side = SideOf(e);
                    break;
                case "separator":
                    separator = e.Text;
                    break;
                case "layout" when !ChartText.HasElements(e):
                case "numFmt" or "spPr" or "txPr" or "dLbl" or "idx" or "showBubbleSize" or "showLeaderLines" or "leaderLines" or "delete":
                    break;
                case "layout" when ChartReader.ReadPlace(e) is { IsMoved: true, Width: null, Height: null } place:
                    move = new(place.Left ?? 0, place.Top ?? 0);
                    break;
                case "layout":
                    throw new UndrawnChartException("a label of a size of its own");
                case "tx" when e.Child(Ns.Chart, "rich") is { Exists: true } found:
                    rich = found;
                    break;
                case "tx":
                    throw new UndrawnChartException("a label with text of a cell");
                case "extLst":
                    ChartReader.CheckExtensions(e);
                    break;
                default:
                    throw ChartReader.Unknown(e);
            }
        }

        if (stated < Shows.Length && !looks.IsOfWord2007)
        {
            throw new UndrawnChartException("labels that do not state what they show");
        }

        if (rich.Exists && shown.Count == 0)
        {
            throw new UndrawnChartException("a label with text of its own that shows nothing");
        }

        if (shown.Count == 0 || point >= context.Numbers.Length || context.Numbers[point] is not { } number)
        {
            return null;
        }

        if (shown.Contains("showLegendKey"))
        {
            throw new UndrawnChartException("labels with a key");
        }

        // What a label does not say of its look, the labels of the series say.
        Element Own(string name) => labels.Child(Ns.Chart, name) is { Exists: true } mine ? mine : under.Exists ? under.Child(Ns.Chart, name) : default;
        var numbers = Own("numFmt");
        var code = numbers.Exists && AttributeText.Bool(numbers["sourceLinked"]) != true ? numbers["formatCode"] : null;
        var frame = Own("spPr") is { Exists: true } box ? looks.ReadFrame(box, () => null, () => null, mayBlend: true) : default;
        var (own, rotation) = texts.ReadProperties(Own("txPr"), format);
        if (move != default && side == LabelSide.BestFit)
        {
            throw new UndrawnChartException("a label that was moved from the place that fits best");
        }

        var leader = move != default && HasLeaders(labels, under) ? LeaderOf(under.Exists ? under : labels) : null;
        if (rich.Exists)
        {
            var (written, turn) = texts.ReadRich(rich, own, type => FieldOf(type) is { } shows ? PartOf(shows, code, context, point, number, total, isAlone: !shown.Contains("showVal")) : null);
            return new PointLabel(written, frame, side, turn ?? rotation ?? 0, move) { Leader = leader };
        }

        var text = TextOf(shown, separator, code, context, point, number, total);
        return text.Length == 0 ? null : new PointLabel(ChartText.Plain(text, own), frame, side, rotation ?? 0, move) { Leader = leader };
    }

    // A field of a label's own text shows what the label could show by itself ([MS-ODRAWXML] 2.24.3.22); what stands in it is its name in the language of whoever wrote it.
    private string? FieldOf(string type) => type switch
    {
        "VALUE" => "showVal",
        "YVALUE" when kind == ChartKind.Scatter => "showVal",
        "CATEGORYNAME" => "showCatName",
        "SERIESNAME" => "showSerName",
        "PERCENTAGE" when kind is ChartKind.Pie or ChartKind.Doughnut => "showPercent",
        _ => null,
    };

    // The line of c:leaderLines, of slices or, in an extension, of other marks.
    private Stroke? LeaderOf(Element labels)
    {
        var lines = labels.Child(Ns.Chart, "leaderLines");
        lines = lines.Exists ? lines : labels.Child(Ns.Chart, "extLst").Descendant(Ns.Other, "leaderLines");
        var properties = lines.Child(Ns.Chart, "spPr");
        ChartLook.CheckEffects(properties);
        return looks.ReadLine(properties.Child(Ns.DrawingMl, "ln"), () => looks.TextLine);
    }

    // A line from a mark to a label that was moved away from it: of slices unless it is said not to be, of others where an extension says so.
    private bool HasLeaders(Element labels, Element under)
    {
        var all = under.Exists ? under : labels;
        var (own, extended) = (all.Child(Ns.Chart, "showLeaderLines"), all.Descendant(Ns.Other, "showLeaderLines"));
        return kind == ChartKind.Pie && (own.Exists ? ChartReader.IsOn(own) : !looks.IsOfWord2007) || extended.Exists && ChartReader.IsOn(extended);
    }

    private string TextOf(HashSet<string> shown, string? separator, string? code, LabelContext context, int point, double number, double total)
    {
        var isRound = kind is ChartKind.Pie or ChartKind.Doughnut;
        string[] parts = [.. ((string[])["showSerName", "showCatName", "showVal", "showPercent"]).Where(part => shown.Contains(part) && (part != "showPercent" || isRound))];
        if (parts.Length > 1 && separator is null)
        {
            // A category and its share stand below each other; all else is a list.
            separator = parts is ["showCatName", "showPercent"] ? "\n" : signs.ListSeparator.Length > 0 ? signs.ListSeparator + " "
                : throw new UndrawnChartException("labels of several parts with nothing stated between them");
        }

        return ChartText.Clean(string.Join(separator ?? "", parts.Select(part => PartOf(part, code, context, point, number, total, isAlone: !shown.Contains("showVal")))));
    }

    private string PartOf(string part, string? code, LabelContext context, int point, double number, double total, bool isAlone)
    {
        switch (part)
        {
            case "showSerName":
                return context.Name;
            case "showCatName":
                var categories = context.Categories.Levels.IsEmpty ? context.Categories : throw new UndrawnChartException("labels with categories on several levels");
                var stored = point < categories.Points.Length ? categories.Points[point].Text ?? "" : (point + 1).ToString(CultureInfo.InvariantCulture);
                return !categories.IsText && AttributeText.Double(stored) is { } category ? Format(categories.Code).Show(category) : stored;
            case "showVal":
                return Format(code ?? context.Values.Points[point].Code ?? context.Values.Code).Show(number);
            default:
                return Format(code is null or "General" || !isAlone ? "0%" : code).Show(total > 0 ? number / total : 0);
        }
    }

    private ValueFormat Format(string code) => ValueFormat.Parse(code, signs) ?? throw new UndrawnChartException("a number format that is not known here");

    private LabelSide SideOf(Element e)
    {
        LabelSide? side = (e["val"], kind) switch
        {
            ("ctr", not ChartKind.Area) => LabelSide.Center,
            ("inBase", ChartKind.Column or ChartKind.Bar) => LabelSide.InsideBase,
            ("inEnd", ChartKind.Column or ChartKind.Bar or ChartKind.Pie) => LabelSide.InsideEnd,
            ("outEnd", ChartKind.Column or ChartKind.Bar or ChartKind.Pie) => LabelSide.OutsideEnd,
            ("bestFit", ChartKind.Pie) => LabelSide.BestFit,
            ("l", ChartKind.Line or ChartKind.Scatter) => LabelSide.Left,
            ("r", ChartKind.Line or ChartKind.Scatter) => LabelSide.Right,
            ("t", ChartKind.Line or ChartKind.Scatter) => LabelSide.Above,
            ("b", ChartKind.Line or ChartKind.Scatter) => LabelSide.Below,
            _ => null,
        };
        return side ?? throw ChartReader.Unknown(e);
    }
}
