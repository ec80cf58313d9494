using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads areas and lines of charts (c:spPr) over what a chart has by itself. What is not drawn throws <see cref="UndrawnChartException"/>.</summary>
internal sealed class ChartLook(Theme theme, ShapeReader? shapes)
{
    private const int SeriesColors = 6;

    /// <summary>Of axes, gridlines and charts that say nothing: text at a tint of 75 % (§21.2.3.46), as thick as the theme's thin line. Evidence: docs/layout.md, "Charts".</summary>
    public Stroke AutomaticLine { get; } = new(Rgb.FromHex(0x898989), ThinLine(theme), 1, DashKind.Solid, LineEnd.None, LineEnd.None, false);

    /// <summary>Of lines between marks that say nothing: the colour of text.</summary>
    public Stroke TextLine => AutomaticLine with { Color = theme.Color("tx1") ?? Rgb.Black };

    /// <summary>Text at a tint, as the areas of bars for up and down are by themselves: so much of its light is left (§20.1.2.3.34).</summary>
    public Rgb TextTint(double left)
    {
        var text = theme.Color("tx1") ?? Rgb.Black;
        return text == Rgb.Black ? Rgb.FromHex(0x010101 * (int)Math.Round(255 * ((1.055 * Math.Pow(left, 1 / 2.4)) - 0.055))) : throw new UndrawnChartException("bars for up and down in a shade of a text that is not black");
    }

    private static Pt ThinLine(Theme theme)
    {
        foreach (var line in theme.Lines.Elements)
        {
            return AttributeText.Emu(line["w"]) is { Value: > 0 and < 20 } width ? width : new(0.75);
        }

        return new(0.75);
    }

    /// <summary>The colour of a series or point that states none: the theme's accents by number. What comes after the sixth is a shade that is not known here.</summary>
    public Rgb AutomaticColor(int index)
        => index is >= 0 and < SeriesColors && theme.Color(FormattableString.Invariant($"accent{index + 1}")) is { } color ? color : throw new UndrawnChartException("more than six series or points without a colour of their own");

    /// <summary>The line that a series has by itself.</summary>
    public Stroke AutomaticSeriesLine(int index) => AutomaticLine with { Color = AutomaticColor(index), Width = SeriesLine };

    /// <summary>How thick a series's line is that says nothing of it: three thin lines of Office 2007.</summary>
    public static Pt SeriesLine { get; } = new(2.25);

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
                    throw new UndrawnChartException("an area with a picture");
                case "ln" or "effectLst" or "sp3d" or "scene3d" or "extLst" or "prstGeom" or "xfrm":
                    break;
                default:
                    throw new UndrawnChartException($"an area with {e.Name}");
            }
        }

        return automatic();
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
