using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads what DrawingML draws: pictures, shapes with text, groups (§20.1, §20.2, [MS-ODRAWXML] 2.2).</summary>
internal sealed class ShapeReader(DocumentParts parts, string part, StoryReader story)
{
    /// <summary>pic:pic, or the same in another namespace, which is its children's too.</summary>
    public DrawingContent ReadPicture(Element pic)
    {
        var fill = pic.Child(pic.Ns, "blipFill");
        var properties = pic.Child(pic.Ns, "spPr");
        var blip = fill.Child(Ns.DrawingMl, "blip");
        if (ReadBlip(blip) is not { } image)
        {
            return new ShapeContent { Geometry = Geometry.Rectangle };
        }

        var crop = fill.Child(Ns.DrawingMl, "srcRect");
        var read = new PictureContent
        {
            Image = image.Image,
            VectorImage = image.Vector,
            Crop = Sides(crop),
            Outline = ReadLine(properties.Child(Ns.DrawingMl, "ln"), default),
            Fill = ReadFill(properties, default),
            Geometry = ReadGeometry(properties),
        };
        if (read.Fill is { } behind && (behind.Image is not null || !behind.IsDrawnIn(Geometry.Rectangle)))
        {
            parts.Scan.Found(behind.Image is null ? Construct.GradientFill : Construct.PatternFill);
        }

        read = Turn(ReadBlipEffects(blip, read), properties.Child(Ns.DrawingMl, "xfrm"));
        var effects = ReadEffects(properties, default, Construct.PictureEffect, mayThrow: read.Opacity == 1 && !parts.IsMetafile(image.Image), read);
        read = read with { Shadow = effects.Shadow, Glow = effects.Glow, SoftEdge = effects.SoftEdge, Reflection = effects.Reflection };
        if (read.Glow is not null && !parts.IsOpaque(image.Image))
        {
            parts.Scan.Found(Construct.PictureEffect, "a glow of a transparent picture");
        }

        if (read.Shadow is { } shadow && !parts.IsOpaque(image.Image) && read.Fill is null)
        {
            read = read with { Shadow = shadow with { FollowsPicture = true } };
            if (shadow.Blur.Value > 0)
            {
                parts.Scan.Found(Construct.PictureEffect, "a soft shadow of a transparent picture");
            }
        }

        if (fill.Child(Ns.DrawingMl, "tile").Exists)
        {
            parts.Scan.Found(Construct.PatternFill);
        }

        return read;
    }

    /// <summary>wps:wsp, dsp:sp, or a:sp of a locked canvas: their children are of their own namespace.</summary>
    public DrawingContent ReadShape(Element shape)
    {
        var properties = shape.Child(shape.Ns, "spPr");
        var style = shape.Child(shape.Ns, "style");
        parts.Scan.Found(Construct.Shape);
        var content = new ShapeContent
        {
            Geometry = ReadGeometry(properties),
            Fill = ReadFill(properties, style),
            Outline = ReadLine(properties.Child(Ns.DrawingMl, "ln"), style),
            Text = shape.Ns == Ns.WordShape ? ReadText(shape, style) : ReadDrawingText(shape, style),
        };
        content = Turn(content, properties.Child(Ns.DrawingMl, "xfrm"));
        var isOfLine = content is { Fill: null, Outline.Opacity: 1 };
        var effects = ReadEffects(properties, style, Construct.ShapeEffect, mayThrow: isOfLine || content is { Fill: { Opacity: 1, Image: null } }, content);
        content = content with { Shadow = isOfLine && effects.Shadow is not null ? effects.Shadow with { IsOfLine = true } : effects.Shadow, Glow = effects.Glow };
        if (content.Fill is { } fill && !fill.IsDrawnIn(content.Geometry))
        {
            parts.Scan.Found(fill.Image is null ? Construct.GradientFill : Construct.PatternFill);
        }

        // Colours that stay as they are while the shape is turned.
        if (content is { Rotation: not 0, Fill.Stops.Length: > 0 } && AttributeText.Bool(properties.Child(Ns.DrawingMl, "gradFill")["rotWithShape"]) == false)
        {
            parts.Scan.Found(Construct.GradientFill, "not turned");
        }

        if ((content.Rotation != 0 || content.IsFlippedHorizontally || content.IsFlippedVertically) && content.Fill?.Image is not null && AttributeText.Bool(properties.Child(Ns.DrawingMl, "blipFill")["rotWithShape"]) == false)
        {
            parts.Scan.Found(Construct.PatternFill, "not turned");
        }

        return content;
    }

    /// <summary>wpg:wgp or wpg:grpSp.</summary>
    public DrawingContent ReadGroup(Element group) => ReadGroup(group, group.Ns, null);

    /// <summary>A group of shapes.</summary>
    /// <param name="group">The element.</param>
    /// <param name="ns">The namespace of its children.</param>
    /// <param name="whole">How large it is in its own coordinates where it does not say so: in EMU.</param>
    public DrawingContent ReadGroup(Element group, Ns ns, (double Width, double Height)? whole)
    {
        parts.Scan.Found(Construct.ShapeGroup);
        var frame = group.Child(ns, "grpSpPr").Child(Ns.DrawingMl, "xfrm");
        var offset = frame.Child(Ns.DrawingMl, "chOff");
        var size = frame.Child(Ns.DrawingMl, "chExt");
        var (x0, y0) = (AttributeText.Double(offset["x"]) ?? 0, AttributeText.Double(offset["y"]) ?? 0);
        var (width, height) = size.Exists || whole is not { } stated ? (Positive(size["cx"]), Positive(size["cy"])) : stated;
        if (ns == Ns.DrawingMl && size is { Exists: true } && size["cx"] == "0" && size["cy"] == "0")
        {
            parts.Scan.Found(Construct.UnknownDrawing, "a group without a size");
        }

        var children = ImmutableArray.CreateBuilder<GroupChild>();
        foreach (var e in group.Elements)
        {
            if (AttributeText.Bool(e.Descendant(e.Ns, "cNvPr")["hidden"]) == true)
            {
                continue;
            }

            DrawingContent? content = e.Name switch
            {
                "wsp" when e.Ns == Ns.WordShape => ReadShape(e),
                "sp" or "cxnSp" when e.Ns == ns => ReadShape(e),
                "pic" when e.Ns is Ns.Picture or Ns.DrawingMl => ReadPicture(e),
                "grpSp" when e.Ns == ns => ReadGroup(e),
                "cNvPr" or "cNvGrpSpPr" or "nvGrpSpPr" or "grpSpPr" or "extLst" => null,
                _ => Unknown(e),
            };
            if (content is null)
            {
                continue;
            }

            var name = e.Ns == Ns.DrawingMl ? e.Descendant(Ns.DrawingMl, "cNvPr") : e.Descendant(Ns.Picture, "cNvPr");
            children.Add(Place(e.Descendant(Ns.DrawingMl, "xfrm"), content) with { AlternativeText = name["descr"] ?? "" });
            if (e.Child(Ns.Diagram, "txXfrm") is { Exists: true } textFrame && TextOf(e.Child(Ns.Diagram, "txBody"), e.Child(Ns.Diagram, "style").Child(Ns.DrawingMl, "fontRef")) is { } text)
            {
                // Its text has a place of its own, which turns with the shape.
                children.Add(Place(textFrame, new ShapeContent { Geometry = Geometry.Rectangle, Text = text, Rotation = (content.Rotation + ((AttributeText.Double(textFrame["rot"]) ?? 0) / 60_000)) % 360 }));
            }
        }

        return Turn(new GroupContent { Children = children.ToImmutable() }, frame);

        GroupChild Place(Element own, DrawingContent content)
        {
            var (at, extent) = (own.Child(Ns.DrawingMl, "off"), own.Child(Ns.DrawingMl, "ext"));
            return new GroupChild(
                ((AttributeText.Double(at["x"]) ?? 0) - x0) / width, ((AttributeText.Double(at["y"]) ?? 0) - y0) / height,
                (AttributeText.Double(extent["cx"]) ?? 0) / width, (AttributeText.Double(extent["cy"]) ?? 0) / height, content);
        }

        DrawingContent? Unknown(Element e)
        {
            parts.Scan.Found(Construct.UnknownDrawing, e.Name);
            return null;
        }
    }

    private static double Positive(string? value) => AttributeText.Double(value) is { } number and > 0 ? number : 1;

    private T Turn<T>(T content, Element xfrm)
        where T : DrawingContent
    {
        var rotation = (AttributeText.Double(xfrm["rot"]) ?? 0) / 60_000 % 360;
        var (flipsAcross, flipsDown) = (AttributeText.Bool(xfrm["flipH"]) == true, AttributeText.Bool(xfrm["flipV"]) == true);
        if (rotation == 0 && !flipsAcross && !flipsDown)
        {
            return content;
        }

        // Lines are flipped to run the other way, which is no effect.
        if (content is not ShapeContent { Geometry.Kind: ShapeKind.Line })
        {
            parts.Scan.Found(Construct.RotatedPicture);
        }

        return content with { Rotation = rotation, IsFlippedHorizontally = flipsAcross, IsFlippedVertically = flipsDown };
    }

    private (int Image, int? Vector)? ReadBlip(Element blip)
    {
        int? vector = null;
        foreach (var extension in blip.Child(Ns.DrawingMl, "extLst").Elements)
        {
            if (extension.Child(Ns.Svg, "svgBlip") is { Exists: true } svg)
            {
                vector = parts.Image(part, svg[Ns.Relationships, "embed"]);
            }
        }

        if (blip[Ns.Relationships, "embed"] is { Length: > 0 } id)
        {
            if (parts.Image(part, id) is not { } image)
            {
                return null;
            }

            parts.ScanImage(image);
            return (image, vector);
        }

        parts.Scan.Found(blip[Ns.Relationships, "link"] is { Length: > 0 } ? Construct.LinkedPicture : Construct.DamagedReference);
        return null;
    }

    private PictureContent ReadBlipEffects(Element blip, PictureContent picture)
    {
        foreach (var e in blip.Elements)
        {
            switch (e.Name)
            {
                case "extLst":
                    break;
                case "alphaModFix":
                    picture = picture with { Opacity = Math.Clamp(AttributeText.Percent(e["amt"]) ?? 1, 0, 1) };
                    break;
                case "grayscl":
                    picture = picture with { ColorChange = ColorChange.Grayscale };
                    break;
                case "biLevel":
                    picture = picture with { ColorChange = ColorChange.BlackAndWhite, Threshold = AttributeText.Percent(e["thresh"]) ?? 0.5 };
                    break;
                case "lum" when picture.Levels is null:
                    var (bright, contrast) = (Math.Clamp(AttributeText.Percent(e["bright"]) ?? 0, -1, 1), Math.Clamp(AttributeText.Percent(e["contrast"]) ?? 0, -1, 1));
                    if (bright != 0 || contrast != 0)
                    {
                        picture = picture with { Levels = ColorLevels.Of(contrast <= 0 ? 1 + contrast : 1 / Math.Max(1 - contrast, 1 / 256.0), bright / 2) };
                    }

                    break;
                default:
                    parts.Scan.Found(Construct.PictureEffect, e.Name);
                    break;
            }
        }

        ScanColors(parts, picture);
        return picture;
    }

    /// <summary>Notes a change of colours that is not drawn: of metafiles, and of two kinds in each other.</summary>
    public static void ScanColors(DocumentParts parts, PictureContent picture)
    {
        if ((picture.ColorChange != ColorChange.None || picture.Levels is not null) && (parts.IsMetafile(picture.Image) || (picture.ColorChange == ColorChange.BlackAndWhite && picture.Levels is not null)))
        {
            parts.Scan.Found(Construct.PictureEffect, picture.ColorChange == ColorChange.None ? "brightness" : picture.ColorChange.ToString());
        }
    }

    // The shadow of an opaque shape is drawn; every other effect is told.
    private readonly record struct Effects(ShapeShadow? Shadow, ShapeGlow? Glow, Pt SoftEdge, PictureReflection? Reflection);

    private Effects ReadEffects(Element properties, Element style, Construct construct, bool mayThrow, DrawingContent turned)
    {
        ShapeShadow? shadow = null;
        ShapeGlow? glow = null;
        var softEdge = Pt.Zero;
        PictureReflection? reflection = null;
        var isStraight = turned is { Rotation: 0, IsFlippedHorizontally: false, IsFlippedVertically: false };
        var effects = properties.Child(Ns.DrawingMl, "effectLst");
        if (!effects.Exists && AttributeText.Int(style.Child(Ns.DrawingMl, "effectRef")["idx"]) is { } index and > 0)
        {
            effects = Nth(parts.Theme.Effects, index).Child(Ns.DrawingMl, "effectLst");
        }

        var placeholder = ColorReader.DrawingColor(style.Child(Ns.DrawingMl, "effectRef"), parts.Theme)?.Color;
        foreach (var effect in effects.Elements)
        {
            if (mayThrow && shadow is null && effect.Name == "outerShdw" && ReadShadow(effect, placeholder, turned) is { } thrown)
            {
                shadow = thrown;
            }
            else if (mayThrow && isStraight && effect.Name == "softEdge" && turned is PictureContent { Outline: null, Geometry.Kind: ShapeKind.Rectangle })
            {
                softEdge = AttributeText.Emu(effect["rad"]) ?? Pt.Zero;
            }
            else if (mayThrow && isStraight && effect.Name == "reflection" && turned is PictureContent { Outline: null } && ReadReflection(effect) is { } seen)
            {
                reflection = seen;
            }
            else if (mayThrow && turned is ShapeContent { Fill: not null } or PictureContent { Outline: null } && effect.Name == "glow" && ColorReader.DrawingColor(effect, parts.Theme, placeholder) is { } light)
            {
                var radius = AttributeText.Emu(effect["rad"]) ?? Pt.Zero;
                glow = radius > Pt.Zero && light.Opacity > 0 ? new(light.Color, light.Opacity, radius) : null;
            }
            else
            {
                parts.Scan.Found(construct, effect.Name);
            }
        }

        if (properties.Child(Ns.DrawingMl, "effectDag").Exists || properties.Child(Ns.DrawingMl, "scene3d") is { Exists: true } scene && !IsSeenFromFront(scene) || properties.Child(Ns.DrawingMl, "sp3d") is { Exists: true } relief && relief.Attributes.Length > 0)
        {
            parts.Scan.Found(construct, "3d");
        }

        if (softEdge > Pt.Zero && (shadow is not null || glow is not null || reflection is not null))
        {
            parts.Scan.Found(construct, "softEdge");
        }

        return new(shadow, glow, softEdge, reflection);
    }

    // a:reflection (§20.1.8.50) straight below, as high as the picture, and not softer than a point; null for others.
    private static PictureReflection? ReadReflection(Element e)
    {
        var isBelow = e["dir"] == "5400000" && e["sy"] == "-100000" && e["sx"] is null or "100000" && e["kx"] is null or "0" && e["ky"] is null or "0"
            && e["stPos"] is null or "0" && e["fadeDir"] is null or "5400000" && (AttributeText.Emu(e["blurRad"]) ?? Pt.Zero).Value <= 1;
        return isBelow
            ? new(AttributeText.Percent(e["stA"]) ?? 1, AttributeText.Percent(e["endA"]) ?? 0, Math.Clamp(AttributeText.Percent(e["endPos"]) ?? 1, 0.01, 1), AttributeText.Emu(e["dist"]) ?? Pt.Zero)
            : null;
    }

    // A scene that is looked at from the front, without perspective, shows what is flat as it is (§20.1.5.5).
    private static bool IsSeenFromFront(Element scene)
    {
        var camera = scene.Child(Ns.DrawingMl, "camera");
        var turn = camera.Child(Ns.DrawingMl, "rot");
        return camera["prst"] == "orthographicFront" && turn["lat"] is null or "0" && turn["lon"] is null or "0" && turn["rev"] is null or "0";
    }

    // a:outerShdw (§20.1.8.45); null where it leans or is mirrored. It is drawn within what is turned, so one that does not turn with its shape is turned back.
    private ShapeShadow? ReadShadow(Element e, Rgb? placeholder, DrawingContent turned)
    {
        var (scaleX, scaleY) = (AttributeText.Percent(e["sx"]) ?? 1, AttributeText.Percent(e["sy"]) ?? 1);
        if ((AttributeText.Double(e["kx"]) ?? 0) != 0 || (AttributeText.Double(e["ky"]) ?? 0) != 0 || scaleX <= 0 || scaleY <= 0)
        {
            return null;
        }

        var stays = AttributeText.Bool(e["rotWithShape"]) == false;
        var (sin, cos) = Math.SinCos((((AttributeText.Double(e["dir"]) ?? 0) / 60_000) - (stays ? turned.Rotation : 0)) * Math.PI / 180);
        (sin, cos) = (stays && turned.IsFlippedVertically ? -sin : sin, stays && turned.IsFlippedHorizontally ? -cos : cos);
        var distance = AttributeText.Emu(e["dist"]) ?? Pt.Zero;
        var color = ColorReader.DrawingColor(e, parts.Theme, placeholder) ?? (Rgb.Black, 1.0);
        var align = e["algn"] ?? "b";
        return new(color.Color, color.Opacity, distance * cos, distance * sin, Pt.Max(AttributeText.Emu(e["blurRad"]) ?? Pt.Zero, Pt.Zero))
        {
            ScaleX = scaleX,
            ScaleY = scaleY,
            Fixed = new(align is "l" or "tl" or "bl" ? 0 : align is "r" or "tr" or "br" ? 1 : 0.5, align is "t" or "tl" or "tr" ? 0 : align is "b" or "bl" or "br" ? 1 : 0.5),
        };
    }

    // --- Fill and line ---
    /// <summary>The area of a:spPr, or that of the style (wps:style) where it says nothing; null for none.</summary>
    public Fill? ReadFill(Element properties, Element style)
    {
        foreach (var e in properties.Elements)
        {
            if (e.Ns == Ns.DrawingMl && e.Name is "solidFill" or "gradFill" or "noFill" or "blipFill" or "pattFill" or "grpFill")
            {
                return FillOf(e, null);
            }
        }

        var reference = style.Child(Ns.DrawingMl, "fillRef");
        var index = AttributeText.Int(reference["idx"]) ?? 0;
        if (index is <= 0 or 1000)
        {
            return null;
        }

        // From 1001 on they are those of backgrounds (§20.1.4.2.10).
        var placeholder = ColorReader.DrawingColor(reference, parts.Theme)?.Color;
        var theme = index > 1000 ? Nth(parts.Theme.BackgroundFills, index - 1000) : Nth(parts.Theme.Fills, index);
        if (theme is { Exists: true, Name: "blipFill" })
        {
            // The theme's pictures are named by its own relationships, not by the document's.
            parts.Scan.Found(Construct.PatternFill, "a picture of the theme");
            return null;
        }

        return theme.Exists ? FillOf(theme, placeholder) : placeholder is { } color ? Fill.Solid(color) : null;
    }

    private Fill? FillOf(Element e, Rgb? placeholder)
    {
        switch (e.Name)
        {
            case "solidFill":
                return ColorReader.DrawingColor(e, parts.Theme, placeholder) is { } solid ? new Fill(solid.Color, solid.Opacity, [], 0, null) : null;
            case "gradFill":
                return GradientOf(e, placeholder);
            case "blipFill":
                return PictureOf(e);
            case "pattFill":
                return DotsOf(e, placeholder);
            case "grpFill":
                parts.Scan.Found(Construct.PatternFill, "of the group");
                return null;
            default:
                return null;
        }
    }

    // a:pattFill (§20.1.8.47). Where no colour is stated the dots are black on white.
    private Fill DotsOf(Element e, Rgb? placeholder)
    {
        var ink = ColorReader.DrawingColor(e.Child(Ns.DrawingMl, "fgClr"), parts.Theme, placeholder) ?? (Rgb.Black, 1.0);
        var paper = ColorReader.DrawingColor(e.Child(Ns.DrawingMl, "bgClr"), parts.Theme, placeholder) ?? (Rgb.White, 1.0);
        var dots = PresetPatterns.Of(e["prst"]);
        if (dots is null || ink.Opacity != paper.Opacity)
        {
            parts.Scan.Found(Construct.PatternFill, dots is null ? e["prst"] ?? "" : "two opacities");
        }

        return new Fill(ink.Color, ink.Opacity, [], 0, null) { Dots = dots, Back = paper.Color };
    }

    // A picture that is stretched; one that is repeated is told, and the angle says so to who asks for the outline.
    private Fill? PictureOf(Element e)
    {
        var blip = e.Child(Ns.DrawingMl, "blip");
        var (stretch, crop) = (e.Child(Ns.DrawingMl, "stretch"), e.Child(Ns.DrawingMl, "srcRect"));
        if (ReadBlip(blip) is not { } image)
        {
            return null;
        }

        var picture = ReadBlipEffects(blip, new PictureContent { Image = image.Image, Crop = Sides(crop) });
        return new Fill(Rgb.White, picture.Opacity, [], stretch.Exists ? 0 : double.NaN, image.Image) { Picture = picture, Frame = Sides(stretch.Child(Ns.DrawingMl, "fillRect")) };
    }

    private static Crop Sides(Element sides)
        => new(AttributeText.Percent(sides["l"]) ?? 0, AttributeText.Percent(sides["t"]) ?? 0, AttributeText.Percent(sides["r"]) ?? 0, AttributeText.Percent(sides["b"]) ?? 0);

    // a:gradFill (§20.1.8.33).
    private Fill? GradientOf(Element e, Rgb? placeholder)
    {
        var stops = ImmutableArray.CreateBuilder<GradientStop>();
        var opacities = new HashSet<double>();
        foreach (var stop in e.Child(Ns.DrawingMl, "gsLst").Elements)
        {
            if (ColorReader.DrawingColor(stop, parts.Theme, placeholder) is { } color)
            {
                stops.Add(new GradientStop(Math.Clamp(AttributeText.Percent(stop["pos"]) ?? 0, 0, 1), color.Color));
                opacities.Add(color.Opacity);
            }
        }

        if (stops.Count == 0)
        {
            return null;
        }

        // Stops of one place keep their order: there the colour changes at once.
        ImmutableArray<GradientStop> sorted = [.. stops.OrderBy(stop => stop.At)];
        var (linear, path) = (e.Child(Ns.DrawingMl, "lin"), e.Child(Ns.DrawingMl, "path"));
        var region = Sides(e.Child(Ns.DrawingMl, "tileRect"));
        var kind = (path.Exists, path["path"]) switch
        {
            (false, _) => GradientPath.Linear,
            (_, "circle") => GradientPath.Circle,
            (_, "rect") => GradientPath.Rectangle,
            _ => GradientPath.Shape,
        };

        // A gradient that ends within the box is repeated or mirrored; colours of different opacities would need a mask.
        var isDrawn = opacities.Count == 1 && (kind == GradientPath.Linear ? region == default : region is { Left: <= 0, Top: <= 0, Right: <= 0, Bottom: <= 0 })
            && (kind != GradientPath.Shape || region == default);
        return new Fill(sorted[0].Color, opacities.Count == 1 ? opacities.Single() : 1, sorted, isDrawn ? (AttributeText.Double(linear["ang"]) ?? 0) / 60_000 % 360 : double.NaN, null)
        {
            Path = kind,
            Focus = path.Child(Ns.DrawingMl, "fillToRect") is { Exists: true } focus ? Sides(focus) : new(0.5, 0.5, 0.5, 0.5),
            Region = region,
            IsScaled = AttributeText.Bool(linear["scaled"]) == true,
        };
    }

    private Stroke? ReadLine(Element ln, Element style)
    {
        var reference = style.Child(Ns.DrawingMl, "lnRef");
        var index = AttributeText.Int(reference["idx"]) ?? 0;
        var theme = index > 0 ? Nth(parts.Theme.Lines, index) : default;
        if (ln.Child(Ns.DrawingMl, "noFill").Exists || (!ln.Exists && !theme.Exists && index <= 0))
        {
            return null;
        }

        var placeholder = ColorReader.DrawingColor(reference, parts.Theme)?.Color;
        var color = ColorReader.DrawingColor(ln.Child(Ns.DrawingMl, "solidFill"), parts.Theme) ?? ColorReader.DrawingColor(theme.Child(Ns.DrawingMl, "solidFill"), parts.Theme, placeholder)
            ?? (placeholder is { } named ? (named, 1.0) : null);
        if (ln.Child(Ns.DrawingMl, "gradFill").Exists || ln.Child(Ns.DrawingMl, "pattFill").Exists)
        {
            parts.Scan.Found(Construct.GradientFill);
            color ??= (Rgb.Black, 1.0);
        }

        if (color is not { } ink)
        {
            return null;
        }

        // 9,525 EMU is 3/4 pt, the width of a line that states none.
        var width = AttributeText.Emu(ln["w"] ?? theme["w"]) ?? new Pt(0.75);
        return new Stroke(
            ink.Color, width, ink.Opacity, DashOf((ln.Child(Ns.DrawingMl, "prstDash") is { Exists: true } dash ? dash : theme.Child(Ns.DrawingMl, "prstDash"))["val"]),
            EndOf(ln.Child(Ns.DrawingMl, "headEnd")["type"]), EndOf(ln.Child(Ns.DrawingMl, "tailEnd")["type"]), ln["cmpd"] is "dbl" or "thickThin" or "thinThick" or "tri");
    }

    public static DashKind DashOf(string? value) => value switch
    {
        "dot" => DashKind.Dot,
        "dash" => DashKind.Dash,
        "lgDash" => DashKind.LongDash,
        "dashDot" => DashKind.DashDot,
        "lgDashDot" => DashKind.LongDashDot,
        "lgDashDotDot" => DashKind.LongDashDotDot,
        "sysDot" => DashKind.SystemDot,
        "sysDash" => DashKind.SystemDash,
        "sysDashDot" => DashKind.SystemDashDot,
        "sysDashDotDot" => DashKind.SystemDashDotDot,
        _ => DashKind.Solid,
    };

    private static LineEnd EndOf(string? value) => value switch
    {
        "triangle" => LineEnd.Triangle,
        "stealth" => LineEnd.Stealth,
        "diamond" => LineEnd.Diamond,
        "oval" => LineEnd.Oval,
        "arrow" => LineEnd.Arrow,
        _ => LineEnd.None,
    };

    // The n-th child, from 1; the last where there are fewer.
    private static Element Nth(Element parent, int index)
    {
        Element last = default;
        foreach (var e in parent.Elements)
        {
            last = e;
            if (--index == 0)
            {
                break;
            }
        }

        return last;
    }

    // --- Geometry ---
    private Geometry ReadGeometry(Element properties)
    {
        if (properties.Child(Ns.DrawingMl, "custGeom") is { Exists: true } custom)
        {
            var paths = CustomGeometry.Read(custom, properties.Child(Ns.DrawingMl, "xfrm").Child(Ns.DrawingMl, "ext"));
            if (paths.IsEmpty)
            {
                parts.Scan.Found(Construct.UnknownShape, "custom");
            }

            return new Geometry(ShapeKind.Custom, paths, []);
        }

        var preset = properties.Child(Ns.DrawingMl, "prstGeom");
        if (!preset.Exists)
        {
            return Geometry.Rectangle;
        }

        var adjustments = ImmutableArray.CreateBuilder<double>();
        foreach (var guide in preset.Child(Ns.DrawingMl, "avLst").Elements)
        {
            adjustments.Add(guide["fmla"] is { } formula && formula.StartsWith("val ", StringComparison.Ordinal) ? AttributeText.Double(formula[4..]) ?? 0 : 0);
        }

        if (PresetShapes.KindOf(preset["prst"]) is { } kind)
        {
            return new Geometry(kind, [], adjustments.ToImmutable());
        }

        var size = properties.Child(Ns.DrawingMl, "xfrm").Child(Ns.DrawingMl, "ext");
        if (PresetPaths.Of(preset["prst"], Positive(size["cx"]), Positive(size["cy"]), adjustments.ToImmutable()) is { } drawn)
        {
            return drawn;
        }

        parts.Scan.Found(Construct.UnknownShape, preset["prst"] ?? "");
        return Geometry.Rectangle;
    }

    // --- Text ---
    private TextBox? ReadText(Element shape, Element style)
    {
        var box = shape.Child(Ns.WordShape, "txbx");
        var body = shape.Child(Ns.WordShape, "bodyPr");
        if (shape.Child(Ns.WordShape, "linkedTxbx").Exists)
        {
            parts.Scan.Found(Construct.LinkedTextBox);
        }

        if (!box.Exists)
        {
            return null;
        }

        return BoxOf(body, story.ReadBox(box.Child("txbxContent"), keepsUpright: body["vert"] == "eaVert")) with { IsWhite = ReadTextColor(style.Child(Ns.DrawingMl, "fontRef")) };
    }

    // The text of SmartArt with a place of its own is read with its group.
    private TextBox? ReadDrawingText(Element shape, Element style)
    {
        var body = shape.Ns == Ns.DrawingMl && shape.Child(Ns.DrawingMl, "txSp") is { Exists: true } own ? own.Child(Ns.DrawingMl, "txBody") : shape.Child(shape.Ns, "txBody");
        return shape.Child(Ns.Diagram, "txXfrm").Exists ? null : TextOf(body, style.Child(Ns.DrawingMl, "fontRef"));
    }

    // Null where there is no text.
    private TextBox? TextOf(Element body, Element fontRef)
    {
        if (body.Child(Ns.DrawingMl, "bodyPr")["vert"] == "eaVert")
        {
            parts.Scan.Found(Construct.VerticalText, "eaVert");
        }

        var blocks = new DrawingTextReader(parts, part, story).Read(body, fontRef);
        return blocks.Any(block => block is Paragraph { Inlines.IsEmpty: false }) ? BoxOf(body.Child(Ns.DrawingMl, "bodyPr"), blocks) : null;
    }

    private TextBox BoxOf(Element body, ImmutableArray<Block> blocks)
    {
        parts.Scan.Found(Construct.TextBox);
        var direction = body["vert"] switch
        {
            null or "horz" => TextDirection.Horizontal,
            "vert270" => TextDirection.CounterClockwise,
            "vert" or "eaVert" => TextDirection.Clockwise,
            _ => TextDirection.Vertical,
        };
        if (direction != TextDirection.Horizontal)
        {
            parts.Scan.Found(direction == TextDirection.Vertical ? Construct.VerticalText : Construct.TurnedBox, direction == TextDirection.Vertical ? body["vert"]! : "");
        }

        if (body.Child(Ns.DrawingMl, "normAutofit") is { Exists: true } fit && (fit["fontScale"] is not null || fit["lnSpcReduction"] is not null))
        {
            parts.Scan.Found(Construct.FitText);
        }

        if (body.Child(Ns.DrawingMl, "prstTxWarp")["prst"] is { } warp and not "textNoShape")
        {
            parts.Scan.Found(Construct.WordArt, warp);
        }

        if (AttributeText.Int(body["numCol"]) is > 1)
        {
            parts.Scan.Found(Construct.LinkedTextBox, "columns");
        }

        return new TextBox
        {
            Blocks = blocks,
            Insets = new Insets(AttributeText.Emu(body["lIns"]) ?? new Pt(7.2), AttributeText.Emu(body["tIns"]) ?? new Pt(3.6), AttributeText.Emu(body["rIns"]) ?? new Pt(7.2), AttributeText.Emu(body["bIns"]) ?? new Pt(3.6)),
            VerticalAlign = body["anchor"] switch { "ctr" => VerticalAlignment.Center, "b" => VerticalAlignment.Bottom, "just" or "dist" => VerticalAlignment.Justified, _ => VerticalAlignment.Top },
            Direction = direction,
            Wraps = body["wrap"] != "none",
            GrowsWithText = body.Child(Ns.DrawingMl, "spAutoFit").Exists,
            IsUpright = AttributeText.Bool(body["upright"]) == true,
            Rotation = (AttributeText.Double(body["rot"]) ?? 0) / 60_000,
        };
    }

    // The colour of text that has none (§20.1.4.1.17): white is drawn, and the dark colour of text is what it is anyhow.
    private bool ReadTextColor(Element fontRef)
    {
        if (ColorReader.DrawingColor(fontRef, parts.Theme)?.Color is not { } color || color == Rgb.Black || fontRef.Child(Ns.DrawingMl, "schemeClr")["val"] is "dk1" or "tx1")
        {
            return false;
        }

        if (color != Rgb.White)
        {
            parts.Scan.Found(Construct.ShapeTextColor);
        }

        return color == Rgb.White;
    }
}

/// <summary>The preset shapes that are drawn here (§20.1.10.56).</summary>
internal static class PresetShapes
{
    /// <summary>The shape of a preset's name; null where it is not drawn here.</summary>
    public static ShapeKind? KindOf(string? preset) => preset switch
    {
        "rect" or "flowChartProcess" or "actionButtonBlank" => ShapeKind.Rectangle,
        "roundRect" or "flowChartAlternateProcess" => ShapeKind.RoundedRectangle,
        "ellipse" or "flowChartConnector" => ShapeKind.Ellipse,
        "line" or "straightConnector1" => ShapeKind.Line,
        "triangle" => ShapeKind.Triangle,
        "rtTriangle" => ShapeKind.RightTriangle,
        "diamond" or "flowChartDecision" => ShapeKind.Diamond,
        "parallelogram" => ShapeKind.Parallelogram,
        "trapezoid" => ShapeKind.Trapezoid,
        "pentagon" => ShapeKind.Pentagon,
        "hexagon" => ShapeKind.Hexagon,
        "octagon" => ShapeKind.Octagon,
        "rightArrow" => ShapeKind.RightArrow,
        "leftArrow" => ShapeKind.LeftArrow,
        "upArrow" => ShapeKind.UpArrow,
        "downArrow" => ShapeKind.DownArrow,
        "leftRightArrow" => ShapeKind.LeftRightArrow,
        "plus" => ShapeKind.Plus,
        "star5" => ShapeKind.Star5,
        "chevron" => ShapeKind.Chevron,
        "homePlate" => ShapeKind.HomePlate,
        "leftBrace" => ShapeKind.LeftBrace,
        "rightBrace" => ShapeKind.RightBrace,
        "leftBracket" => ShapeKind.LeftBracket,
        "rightBracket" => ShapeKind.RightBracket,
        _ => null,
    };

    /// <summary>The shape of VML's type number ([MS-ODRAW] 2.4.24); null where it is not drawn here.</summary>
    public static ShapeKind? KindOf(int type) => type switch
    {
        1 or 75 or 109 or 202 => ShapeKind.Rectangle,
        2 or 176 => ShapeKind.RoundedRectangle,
        3 or 120 => ShapeKind.Ellipse,
        4 or 110 => ShapeKind.Diamond,
        5 => ShapeKind.Triangle,
        6 => ShapeKind.RightTriangle,
        7 => ShapeKind.Parallelogram,
        8 => ShapeKind.Trapezoid,
        9 => ShapeKind.Hexagon,
        10 => ShapeKind.Octagon,
        11 => ShapeKind.Plus,
        12 => ShapeKind.Star5,
        13 => ShapeKind.RightArrow,
        15 => ShapeKind.HomePlate,
        20 or 32 => ShapeKind.Line,
        55 => ShapeKind.Chevron,
        56 => ShapeKind.Pentagon,
        66 => ShapeKind.LeftArrow,
        67 => ShapeKind.DownArrow,
        68 => ShapeKind.UpArrow,
        69 => ShapeKind.LeftRightArrow,
        85 => ShapeKind.LeftBracket,
        86 => ShapeKind.RightBracket,
        87 => ShapeKind.LeftBrace,
        88 => ShapeKind.RightBrace,
        _ => null,
    };
}
