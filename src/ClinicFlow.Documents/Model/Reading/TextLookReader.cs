namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads the effects of text that came with Word 2010 ([MS-DOCX] 2.6). What is not drawn as Word does is null, and noted by the caller. In them <c>alpha</c> says how much shows through.</summary>
internal static class TextLookReader
{
    /// <summary>w14:textOutline: whether it is understood, and the line; null for none.</summary>
    public static (bool IsKnown, TextLine? Line) Line(Element e, Theme theme)
    {
        var solid = e.Child(Ns.Word2010, "solidFill");
        if (e.Child(Ns.Word2010, "noFill").Exists || (!solid.Exists && !e.Child(Ns.Word2010, "gradFill").Exists))
        {
            return (true, null);
        }

        var isPlain = solid.Exists && e["cmpd"] is null or "sng" && e.Child(Ns.Word2010, "prstDash")["val"] is null or "solid";
        return isPlain && Color(solid, theme) is { } color && (AttributeText.Emu(e["w"]) ?? new Pt(0.75)) is { Value: > 0 and < 100 } width
            ? (true, new TextLine(color.Color, color.Opacity, width))
            : (e["w"] == "0", null);
    }

    /// <summary>w14:textFill: how opaque the letters are; null where they have no single colour.</summary>
    public static double? Opacity(Element e, Theme theme)
    {
        if (e.Child(Ns.Word2010, "noFill").Exists)
        {
            return 0;
        }

        var solid = e.Child(Ns.Word2010, "solidFill");
        return solid.Exists ? Color(solid, theme)?.Opacity ?? 1 : null;
    }

    /// <summary>w14:shadow: whether it is understood, and the shadow; null for none. One that leans or is mirrored is not.</summary>
    public static (bool IsKnown, TextShadow? Shadow) Shadow(Element e, Theme theme)
    {
        // Word writes "no shadow" as one without a size.
        if (e["sx"] == "0" && e["sy"] == "0")
        {
            return (true, null);
        }

        if (e["sx"] is not (null or "100000") || e["sy"] is not (null or "100000") || e["kx"] is not (null or "0") || e["ky"] is not (null or "0") || Color(e, theme) is not { } color)
        {
            return (false, null);
        }

        var (sin, cos) = Math.SinCos((AttributeText.Double(e["dir"]) ?? 0) / 60_000 * Math.PI / 180);
        var distance = AttributeText.Emu(e["dist"]) ?? Pt.Zero;
        return (true, color.Opacity <= 0 ? null : new(color.Color, color.Opacity, distance * cos, distance * sin, Pt.Max(AttributeText.Emu(e["blurRad"]) ?? Pt.Zero, Pt.Zero)));
    }

    /// <summary>w14:glow: whether it is understood, and the glow; null for none.</summary>
    public static (bool IsKnown, TextGlow? Glow) Glow(Element e, Theme theme)
    {
        var radius = AttributeText.Emu(e["rad"]) ?? Pt.Zero;
        return radius <= Pt.Zero ? (true, null) : Color(e, theme) is { } color ? (true, color.Opacity <= 0 ? null : new TextGlow(color.Color, color.Opacity, radius)) : (false, null);
    }

    /// <summary>Whether a reflection, relief or scene in space shows nothing.</summary>
    public static bool IsNothing(Element e) => e.Name switch
    {
        "reflection" => e["stA"] is "0" && e["endA"] is null or "0",
        "props3d" => e["extrusionH"] is null or "0" && e["contourW"] is null or "0" && !e.Child(Ns.Word2010, "bevelT").Exists && !e.Child(Ns.Word2010, "bevelB").Exists,
        "scene3d" => e.Child(Ns.Word2010, "camera") is var camera && camera["prst"] is null or "orthographicFront"
            && camera.Child(Ns.Word2010, "rot") is var turn && turn["lat"] is null or "0" && turn["lon"] is null or "0" && turn["rev"] is null or "0",
        _ => false,
    };

    private static (Rgb Color, double Opacity)? Color(Element parent, Theme theme)
    {
        if (ColorReader.DrawingColor(parent, theme) is not { } color)
        {
            return null;
        }

        var hasAlpha = HasAlpha(parent);
        return (color.Color, hasAlpha ? 1 - color.Opacity : 1);
    }

    private static bool HasAlpha(Element parent)
    {
        foreach (var color in parent.Elements)
        {
            if (color.Child(Ns.Word2010, "alpha").Exists)
            {
                return true;
            }
        }

        return false;
    }
}
