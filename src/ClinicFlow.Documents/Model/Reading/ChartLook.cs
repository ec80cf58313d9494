using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads areas and lines of charts (c:spPr) over what a chart has by itself. What is not drawn throws <see cref="UndrawnChartException"/>.</summary>
/// <param name="theme">Colours and lines.</param>
/// <param name="shapes">Reads gradients; null where they cannot be read.</param>
/// <param name="isOfWord2007">Whether Word 2007 made the chart.</param>
internal sealed class ChartLook(Theme theme, ShapeReader? shapes, bool isOfWord2007)
{
    private const int SeriesColors = 6;
    private const int UsualStyle = 2;

    // The first style of the second row of eight, in which lines are thicker and areas have white lines around them.
    private const int SecondRow = 9;

    // What is left of a black text's light in the first of a row: greys (§21.2.3.46).
    private static readonly double[] Greys = [0.115, 0.45, 0.22, 0.075, 0.3, 0.7];

    /// <summary>Whether Word 2007 made the chart: then what is not stated is as that has it, and else, where versions differ, not known.</summary>
    public bool IsOfWord2007 => isOfWord2007;

    /// <summary>The chart's style (c:style): 1 to 16.</summary>
    public int Style { get; set; } = UsualStyle;

    /// <summary>Of axes, gridlines and charts that say nothing: text at a tint of 75 % (§21.2.3.46), as thick as the theme's thin line. Evidence: docs/layout.md, "Charts".</summary>
    public Stroke AutomaticLine { get; } = new(Rgb.FromHex(0x898989), ThinLine(theme), 1, DashKind.Solid, LineEnd.None, LineEnd.None, false);

    /// <summary>Of lines between marks that say nothing: the colour of text.</summary>
    public Stroke TextLine => AutomaticLine with { Color = theme.Color("tx1") ?? Rgb.Black };

    /// <summary>Text at a tint, as the areas of bars for up and down are by themselves: so much of its light is left (§20.1.2.3.34).</summary>
    public Rgb TextTint(double left)
    {
        var text = theme.Color("tx1") ?? Rgb.Black;
        return text == Rgb.Black ? Rgb.FromHex(0x010101 * (int)Math.Round(255 * ((1.055 * Math.Pow(left, 1 / 2.4)) - 0.055))) : throw new UndrawnChartException("a shade of a text that is not black");
    }

    /// <summary>Minor gridlines that say nothing: text at a tint of 50 %.</summary>
    public Stroke MinorLine => AutomaticLine with { Color = TextTint(0.5) };

    private static Pt ThinLine(Theme theme)
    {
        foreach (var line in theme.Lines.Elements)
        {
            return AttributeText.Emu(line["w"]) is { Value: > 0 and < 20 } width ? width : new(0.75);
        }

        return new(0.75);
    }

    /// <summary>
    /// The colour of a series or point that states none: of the second style of a row the theme's accents by number, of the first greys, of the others one accent, of which more than one series would
    /// have shades that are not known here; as is what comes after the sixth.
    /// </summary>
    /// <param name="index">Its number.</param>
    /// <param name="isOnly">Whether it is the only one.</param>
    public Rgb AutomaticColor(int index, bool isOnly)
    {
        var column = ((Style - 1) % 8) + 1;
        if (column > UsualStyle)
        {
            return isOnly && theme.Color(FormattableString.Invariant($"accent{column - UsualStyle}")) is { } accent ? accent : throw new UndrawnChartException($"the chart style {Style} of several series or points");
        }

        if (index is < 0 or >= SeriesColors)
        {
            throw new UndrawnChartException("more than six series or points without a colour of their own");
        }

        return column == 1 ? TextTint(Greys[index]) : theme.Color(FormattableString.Invariant($"accent{index + 1}")) ?? throw new UndrawnChartException("an accent that is not there");
    }

    /// <summary>The line that a series has by itself.</summary>
    public Stroke AutomaticSeriesLine(Rgb color) => AutomaticLine with { Color = color, Width = SeriesLine };

    /// <summary>How thick a series's line is that says nothing of it: three thin lines of Office 2007, or five.</summary>
    public Pt SeriesLine => new(Style < SecondRow ? 2.25 : 3.75);

    /// <summary>The line around columns, slices and areas that say nothing of it.</summary>
    public Stroke? AutomaticOutline => Style < SecondRow ? null : AutomaticLine with { Color = theme.Color("lt1") ?? Rgb.White };

    /// <summary>An area and its outline.</summary>
    /// <param name="properties">c:spPr.</param>
    /// <param name="fill">Where it says nothing of an area; asked only then.</param>
    /// <param name="line">Where it says nothing of a line.</param>
    /// <param name="mayBlend">Whether several colours can be drawn in it.</param>
    public ChartFrame ReadFrame(Element properties, Func<Fill?> fill, Func<Stroke?> line, bool mayBlend)
    {
        CheckEffects(properties);
        return new(ReadFill(properties, fill, mayBlend), ReadLine(properties.Child(Ns.DrawingMl, "ln"), line));
    }

    /// <summary>The area alone.</summary>
    public Fill? ReadFill(Element properties, Func<Fill?> automatic, bool mayBlend)
    {
        foreach (var e in properties.Elements)
        {
            switch (e.Name)
            {
                case "noFill":
                    return null;
                case "solidFill":
                    var color = ColorReader.DrawingColor(e, theme) ?? throw new UndrawnChartException("an area of an unknown colour");
                    return new Fill(color.Color, color.Opacity, [], 0, null);
                case "gradFill":
                    var blended = mayBlend ? shapes?.ReadFill(properties, default) : null;
                    return blended is not null && blended.IsDrawnIn(Geometry.Rectangle) ? blended : throw new UndrawnChartException("an area of several colours");
                case "pattFill":
                    return mayBlend && PresetPatterns.Of(e["prst"]) is not null && shapes?.ReadFill(properties, default) is { Opacity: 1 } dotted ? dotted : throw new UndrawnChartException("an area with a pattern");
                case "blipFill":
                    // One that is stretched, as it is.
                    var blip = e.Child(Ns.DrawingMl, "blip");
                    return mayBlend && e.Child(Ns.DrawingMl, "stretch").Exists && IsPlain(blip) && shapes?.ReadFill(properties, default) is { Image: not null, Opacity: 1, Frame: { Left: >= 0, Top: >= 0, Right: >= 0, Bottom: >= 0 } } picture
                        ? picture : throw new UndrawnChartException("an area with a picture");
                case "ln" or "effectLst" or "sp3d" or "scene3d" or "extLst" or "prstGeom" or "xfrm":
                    break;
                default:
                    throw new UndrawnChartException($"an area with {e.Name}");
            }
        }

        return automatic();
    }

    private static bool IsPlain(Element blip)
    {
        foreach (var e in blip.Elements)
        {
            if (e.Name != "extLst")
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A line.</summary>
    /// <param name="ln">a:ln; need not be there.</param>
    /// <param name="automatic">What it is where the file says nothing of its colour.</param>
    /// <param name="thickness">How thick one is that states a colour alone; null for 3/4 pt.</param>
    public Stroke? ReadLine(Element ln, Func<Stroke?> automatic, Pt? thickness = null)
    {
        if (!ln.Exists)
        {
            return automatic();
        }

        (Rgb Color, double Opacity)? ink = null;
        var dash = DashKind.Solid;
        foreach (var e in ln.Elements)
        {
            switch (e.Name)
            {
                case "noFill":
                    return null;
                case "solidFill":
                    ink = ColorReader.DrawingColor(e, theme) ?? throw new UndrawnChartException("a line of an unknown colour");
                    break;
                case "prstDash":
                    dash = ShapeReader.DashOf(e["val"]);
                    break;
                case "round" or "bevel" or "miter" or "extLst":
                case "headEnd" or "tailEnd" when e["type"] is null or "none":
                    break;
                default:
                    throw new UndrawnChartException($"a line with {e.Name}");
            }
        }

        if (ln["cmpd"] is not (null or "sng"))
        {
            throw new UndrawnChartException("a line of several lines");
        }

        var width = AttributeText.Emu(ln["w"]);
        if (ink is { } known)
        {
            return new Stroke(known.Color, width ?? thickness ?? new Pt(0.75), known.Opacity, dash, LineEnd.None, LineEnd.None, false);
        }

        return automatic() is { } line ? line with { Width = width ?? line.Width, Dash = dash } : null;
    }

    /// <summary>Refuses shadows, glows and relief.</summary>
    public static void CheckEffects(Element properties)
    {
        foreach (var e in properties.Elements)
        {
            if (e.Name == "effectLst" && ChartText.HasElements(e) || e.Name == "effectDag")
            {
                throw new UndrawnChartException("a shadow, glow or other effect");
            }

            if (e.Name is "scene3d" or "sp3d" && (ChartText.HasElements(e) || e.Attributes.Length > 0))
            {
                throw new UndrawnChartException("relief");
            }
        }
    }
}
