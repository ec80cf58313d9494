namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads CT_Border (ECMA-376 Part 1 §17.3.4).</summary>
internal static class BorderReader
{
    /// <summary>The border; null where it is none.</summary>
    public static Border? Read(Element e, Theme theme)
    {
        if (!e.Exists || e.Val is null or "nil" or "none")
        {
            return null;
        }

        var style = StyleOf(e.Val);

        // Art borders are measured in points, lines in eighths of a point (§17.3.4); Word keeps lines between 1/4 and 12 pt.
        var size = AttributeText.Int(e["sz"]) ?? (style == BorderStyle.Art ? 10 : 4);
        var width = style == BorderStyle.Art ? new Pt(Math.Clamp(size, 1, 31)) : Pt.FromEighths(Math.Clamp(size, 2, 96));
        return new Border(
            style,
            width,
            ColorReader.Read(e["color"], e["themeColor"], e["themeTint"], e["themeShade"], theme),
            new Pt(Math.Clamp(AttributeText.Double(e["space"]) ?? 0, 0, 1584)),
            AttributeText.Bool(e["shadow"]) == true);
    }

    private static BorderStyle StyleOf(string value) => value switch
    {
        "single" => BorderStyle.Single,
        "thick" => BorderStyle.Thick,
        "double" => BorderStyle.Double,
        "dotted" => BorderStyle.Dotted,
        "dashed" => BorderStyle.Dashed,
        "dotDash" => BorderStyle.DotDash,
        "dotDotDash" => BorderStyle.DotDotDash,
        "triple" => BorderStyle.Triple,
        "thinThickSmallGap" => BorderStyle.ThinThickSmallGap,
        "thickThinSmallGap" => BorderStyle.ThickThinSmallGap,
        "thinThickThinSmallGap" => BorderStyle.ThinThickThinSmallGap,
        "thinThickMediumGap" => BorderStyle.ThinThickMediumGap,
        "thickThinMediumGap" => BorderStyle.ThickThinMediumGap,
        "thinThickThinMediumGap" => BorderStyle.ThinThickThinMediumGap,
        "thinThickLargeGap" => BorderStyle.ThinThickLargeGap,
        "thickThinLargeGap" => BorderStyle.ThickThinLargeGap,
        "thinThickThinLargeGap" => BorderStyle.ThinThickThinLargeGap,
        "wave" => BorderStyle.Wave,
        "doubleWave" => BorderStyle.DoubleWave,
        "dashSmallGap" => BorderStyle.DashSmallGap,
        "dashDotStroked" => BorderStyle.DashDotStroked,
        "threeDEmboss" => BorderStyle.ThreeDEmboss,
        "threeDEngrave" => BorderStyle.ThreeDEngrave,
        "outset" => BorderStyle.Outset,
        "inset" => BorderStyle.Inset,
        _ => BorderStyle.Art,
    };
}
