using System.Collections.Immutable;
using System.Globalization;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads VML (ECMA-376 Part 4 §19): the shapes, text boxes, pictures and watermarks of older documents.</summary>
internal sealed class VmlReader(DocumentParts parts, string part, StoryReader story)
{
    private readonly Dictionary<string, Element> _types = new(StringComparer.Ordinal);

    /// <summary>Reads w:pict or w:object.</summary>
    public ImmutableArray<Drawing> Read(Element container, CharacterFormat format, Link? link)
    {
        var read = ImmutableArray.CreateBuilder<Drawing>();
        foreach (var e in container.Elements)
        {
            if (e.Is(Ns.Vml, "shapetype"))
            {
                if (e["id"] is { } id)
                {
                    _types[id] = e;
                }
            }
            else if (e.Ns == Ns.Vml)
            {
                if (ReadOne(e, format, link) is { } drawing)
                {
                    read.Add(drawing);
                }
            }
            else if (e.Is(Ns.Compatibility, "AlternateContent"))
            {
                read.AddRange(Read(Alternative.Choose(e), format, link));
            }
            else if (!(e.Ns == Ns.Office && e.Name is "OLEObject" or "shapelayout" or "lock") && !(e.Ns == Ns.W && e.Name is "control" or "drawing" or "movie" or "objectEmbed" or "objectLink"))
            {
                parts.Scan.Found(Construct.UnknownDrawing, e.Name);
            }
        }

        return read.ToImmutable();
    }

    private Drawing? ReadOne(Element e, CharacterFormat format, Link? link)
    {
        var style = new VmlStyle(e["style"]);
        if (style["visibility"] == "hidden" || style["display"] == "none")
        {
            return null;
        }

        if (e.Name == "background")
        {
            return null;
        }

        if (AttributeText.Bool(e[Ns.Office, "hr"]) == true)
        {
            return ReadRule(e, style, format, link);
        }

        var (width, height) = (style.Length("width") ?? Pt.Zero, style.Length("height") ?? Pt.Zero);
        var (left, top) = (style.Length("margin-left") ?? style.Length("left") ?? Pt.Zero, style.Length("margin-top") ?? style.Length("top") ?? Pt.Zero);
        var content = e.Name == "polyline" ? ReadPolyline(e, ref left, ref top, ref width, ref height) : e.Name == "line" ? ReadLine(e, ref left, ref top, ref width, ref height) : ReadContent(e, style, width, height);
        var drawing = new Drawing
        {
            Format = format,
            Link = e["href"] is { Length: > 0 } target ? new Link(target, null) : link,
            Anchor = style["position"] is "absolute" ? ReadAnchor(e, style, left, top) : null,
            Width = width,
            Height = height,
            AlternativeText = e["alt"] ?? e[Ns.Office, "title"] ?? Child(e, "imagedata")[Ns.Office, "title"] ?? "",
            Content = content,
        };
        if (drawing.Anchor is { } anchor)
        {
            DrawingReader.Scan(parts.Scan, anchor);
        }

        return drawing;
    }

    // --- Content ---
    private DrawingContent ReadContent(Element e, VmlStyle style, Pt width, Pt height)
    {
        DrawingContent content;
        if (e.Name == "group")
        {
            content = ReadGroup(e);
        }
        else if (Child(e, "imagedata") is { Exists: true } data && (data[Ns.Relationships, "id"] ?? data[Ns.Office, "relid"] ?? data[Ns.Relationships, "pict"]) is { Length: > 0 } id)
        {
            content = parts.Image(part, id) is { } image ? ReadPicture(data, image, e) : new ShapeContent { Geometry = Geometry.Rectangle };
        }
        else
        {
            content = ReadShape(e, style, width.Value > 0 ? (width.Value, height.Value) : (style.Number("width"), style.Number("height")));
        }

        var rotation = Rotation(style["rotation"]);
        var flip = style["flip"] ?? "";
        if ((rotation != 0 || flip.Length > 0) && content is not ShapeContent { Geometry.Kind: ShapeKind.Line })
        {
            parts.Scan.Found(Construct.RotatedPicture);
        }

        return content with { Rotation = rotation, IsFlippedHorizontally = flip.Contains('x', StringComparison.Ordinal), IsFlippedVertically = flip.Contains('y', StringComparison.Ordinal) };
    }

    // In degrees, or in 65,536ths of one with "fd".
    private static double Rotation(string? value) => value is null ? 0
        : (value.EndsWith("fd", StringComparison.Ordinal) ? AttributeText.Double(value[..^2]) / 65_536 : AttributeText.Double(value)) is { } angle ? angle % 360 : 0;

    private PictureContent ReadPicture(Element data, int image, Element shape)
    {
        var crop = new Crop(Fraction(data["cropleft"]), Fraction(data["croptop"]), Fraction(data["cropright"]), Fraction(data["cropbottom"]));
        parts.ScanImage(image);
        if (data["gamma"] is not null || data["chromakey"] is not null)
        {
            parts.Scan.Found(Construct.PictureEffect, data["gamma"] is null ? "chromakey" : "gamma");
        }

        var picture = new PictureContent
        {
            Image = image,
            Crop = crop,
            ColorChange = AttributeText.Bool(data["grayscale"]) == true ? ColorChange.Grayscale : AttributeText.Bool(data["bilevel"]) == true ? ColorChange.BlackAndWhite : ColorChange.None,
            Levels = data["gain"] is null && data["blacklevel"] is null ? null : ColorLevels.Of(data["gain"] is { } gain ? Fraction(gain) : 1, Fraction(data["blacklevel"])),
            Outline = AttributeText.Bool(shape["stroked"]) == true ? ReadStroke(shape) : null,
        };
        ShapeReader.ScanColors(parts, picture);
        return picture;
    }

    // A share of one, or 65,536ths with "f".
    private static double Fraction(string? value) => value is null ? 0
        : (value.EndsWith('f') ? AttributeText.Double(value[..^1]) / 65_536 : value.EndsWith('%') ? AttributeText.Double(value[..^1]) / 100 : AttributeText.Double(value)) ?? 0;

    private ShapeContent ReadShape(Element e, VmlStyle style, (double Width, double Height) size)
    {
        parts.Scan.Found(Construct.Shape);
        var type = TypeOf(e);
        var kind = e.Name switch
        {
            "rect" or "image" => ShapeKind.Rectangle,
            "roundrect" => ShapeKind.RoundedRectangle,
            "oval" => ShapeKind.Ellipse,
            "shape" when type > 0 => PresetShapes.KindOf(type),
            _ => null,
        };
        var art = ReadWordArt(e, type);
        var drawn = kind is null ? PresetPaths.Of(PresetPaths.NameOf(type), 1, 1, []) : null;

        // What is not one of the known shapes, or is adjusted, is drawn as its path says.
        var isAdjusted = e["adj"] is not null && kind is not (ShapeKind.Rectangle or ShapeKind.Line or ShapeKind.Ellipse);
        if (e.Name == "shape" && art is null && ((kind is null && drawn is null) || isAdjusted)
            && VmlPath.Read(e, _types.GetValueOrDefault((e["type"] ?? "").TrimStart('#')), size.Width, size.Height) is { } own)
        {
            (kind, drawn) = (null, own);
        }

        // An outline of which nothing is drawn need not be known.
        var isBare = AttributeText.Bool(e["filled"]) == false && AttributeText.Bool(e["stroked"]) == false;
        if (kind is null && drawn is null && art is null && !isBare)
        {
            parts.Scan.Found(Construct.UnknownShape, type > 0 ? FormattableString.Invariant($"VML type {type}") : $"VML {e.Name}");
        }

        // Without being told to be on, a shadow is only what one would look like.
        ShapeShadow? thrown = null;
        var fill = type is 75 or 32 or 20 ? null : ReadFill(e);
        if (Child(e, "shadow") is { Exists: true } shadow && AttributeText.Bool(shadow["on"]) == true)
        {
            thrown = fill is { Opacity: 1 } && Rotation(style["rotation"]) == 0 && style["flip"] is null ? ReadShadow(shadow) : null;
            if (thrown is null)
            {
                parts.Scan.Found(Construct.ShapeEffect, "shadow");
            }
        }

        if (e.Child(Ns.Office, "extrusion") is { Exists: true } relief && AttributeText.Bool(relief["on"]) == true)
        {
            parts.Scan.Found(Construct.ShapeEffect, "3d");
        }

        // A picture frame has neither fill nor line of its own, a connector no fill.
        var isFrame = type == 75;
        var adjustments = e.Name == "roundrect" ? ImmutableArray.Create(Fraction(e["arcsize"] ?? "0.2") * 100_000) : [];
        return new ShapeContent
        {
            Geometry = drawn ?? new Geometry(kind ?? ShapeKind.Rectangle, [], adjustments),
            Fill = fill,
            Shadow = thrown,
            Outline = isFrame && AttributeText.Bool(e["stroked"]) != true ? null : ReadStroke(e),
            Text = ReadText(e, style),
            WordArt = art,
        };
    }

    // v:shadow (§19.1.2.18) with one sharp edge; null for others. Where nothing is said, of one direction or both, it lies 2 pt to the right and below, and is grey. Word's
    // styles write shadows in perspective without saying in which: those are plain.
    private static ShapeShadow? ReadShadow(Element e)
    {
        if (e["type"] is not (null or "single" or "perspective") || e["matrix"] is not null || e["obscured"] is not null)
        {
            return null;
        }

        var offset = (e["offset"] ?? "").Split(',');
        var (right, down) = (VmlStyle.LengthOf(offset[0]) ?? new Pt(2), offset.Length > 1 ? VmlStyle.LengthOf(offset[1]) ?? Pt.Zero : new Pt(2));
        return new(ColorOf(e["color"]) ?? Rgb.FromHex(0x808080), Opacity(e["opacity"]), right, down, Pt.Zero);
    }

    private GroupContent ReadGroup(Element group)
    {
        parts.Scan.Found(Construct.ShapeGroup);
        var (x0, y0) = Pair(group["coordorigin"], 0, 0);
        var (width, height) = Pair(group["coordsize"], 1000, 1000);
        (width, height) = (width > 0 ? width : 1000, height > 0 ? height : 1000);
        var children = ImmutableArray.CreateBuilder<GroupChild>();
        foreach (var e in group.Elements)
        {
            if (e.Is(Ns.Vml, "shapetype"))
            {
                _types[e["id"] ?? ""] = e;
                continue;
            }

            if (e.Ns != Ns.Vml || e.Name is "fill" or "stroke" or "path")
            {
                continue;
            }

            var style = new VmlStyle(e["style"]);
            if (e.Name == "line")
            {
                var (fromX, fromY) = Pair(e["from"], 0, 0);
                var (toX, toY) = Pair(e["to"], 0, 0);
                children.Add(new GroupChild((Math.Min(fromX, toX) - x0) / width, (Math.Min(fromY, toY) - y0) / height, Math.Abs(toX - fromX) / width, Math.Abs(toY - fromY) / height, LineContent(e, fromX > toX, fromY > toY)));
                continue;
            }

            var (w, h) = (style.Number("width") / width, style.Number("height") / height);
            children.Add(new GroupChild((style.Number("left") - x0) / width, (style.Number("top") - y0) / height, w, h, ReadContent(e, style, Pt.Zero, Pt.Zero), e["alt"] ?? ""));
        }

        return new GroupContent { Children = children.ToImmutable() };
    }

    private ShapeContent ReadLine(Element e, ref Pt left, ref Pt top, ref Pt width, ref Pt height)
    {
        parts.Scan.Found(Construct.Shape);
        var (fromX, fromY) = LengthPair(e["from"]);
        var (toX, toY) = LengthPair(e["to"]);
        (left, top) = (left + Pt.Min(fromX, toX), top + Pt.Min(fromY, toY));
        (width, height) = (new Pt(Math.Abs(toX.Value - fromX.Value)), new Pt(Math.Abs(toY.Value - fromY.Value)));
        return LineContent(e, fromX > toX, fromY > toY);
    }

    // v:polyline (§19.1.2.15): its corners, in lengths from where it hangs, say where it stands and how large it is.
    private ShapeContent ReadPolyline(Element e, ref Pt left, ref Pt top, ref Pt width, ref Pt height)
    {
        parts.Scan.Found(Construct.Shape);
        var lengths = (e["points"] ?? "").Split((char[])[',', ' '], StringSplitOptions.RemoveEmptyEntries).Select(VmlStyle.LengthOf).ToArray();
        if (lengths.Length < 4 || lengths.Any(length => length is null))
        {
            parts.Scan.Found(Construct.UnknownShape, "VML polyline");
            return new ShapeContent { Geometry = Geometry.Rectangle };
        }

        var corners = lengths.Select(length => length!.Value.Value).Chunk(2).Where(pair => pair.Length == 2).Select(pair => (X: pair[0], Y: pair[1])).ToArray();
        var (x, y) = (corners.Min(corner => corner.X), corners.Min(corner => corner.Y));
        (left, top) = (left + new Pt(x), top + new Pt(y));
        (width, height) = (new Pt(corners.Max(corner => corner.X) - x), new Pt(corners.Max(corner => corner.Y) - y));
        var (w, h) = (width.Value > 0 ? width.Value : 1, height.Value > 0 ? height.Value : 1);
        var steps = corners.Select((corner, i) => new PathStep(i == 0 ? PathStepKind.Move : PathStepKind.Line, new((corner.X - x) / w, (corner.Y - y) / h), default, default)).ToList();
        if (corners.Length > 2 && corners[0] == corners[^1])
        {
            steps.Add(new(PathStepKind.Close, default, default, default));
        }

        return new() { Geometry = new Geometry(ShapeKind.Custom, [new ShapePath([.. steps], IsFilled: true, IsStroked: true)], []), Fill = ReadFill(e), Outline = ReadStroke(e) };
    }

    private ShapeContent LineContent(Element e, bool isFlippedAcross, bool isFlippedDown)
        => new() { Geometry = new Geometry(ShapeKind.Line, [], []), Outline = ReadStroke(e), IsFlippedHorizontally = isFlippedAcross, IsFlippedVertically = isFlippedDown };

    private static (double X, double Y) Pair(string? value, double x, double y)
    {
        var numbers = (value ?? "").Split(',');
        return (numbers.Length > 0 ? AttributeText.Double(numbers[0]) ?? x : x, numbers.Length > 1 ? AttributeText.Double(numbers[1]) ?? y : y);
    }

    private static (Pt X, Pt Y) LengthPair(string? value)
    {
        var lengths = (value ?? "").Split(',');
        return (VmlStyle.LengthOf(lengths[0]) ?? Pt.Zero, lengths.Length > 1 ? VmlStyle.LengthOf(lengths[1]) ?? Pt.Zero : Pt.Zero);
    }

    // The number is at the end of the type's name, and in the type itself.
    private int TypeOf(Element e)
    {
        var reference = (e["type"] ?? "").TrimStart('#');
        if (_types.TryGetValue(reference, out var type) && AttributeText.Int(type[Ns.Office, "spt"]) is { } known)
        {
            return known;
        }

        // Word names types so, LibreOffice "shapetype_136"; a header may name the type of another one.
        const string Other = "shapetype_";
        var at = reference.StartsWith(Other, StringComparison.Ordinal) ? Other.Length - 2 : reference.LastIndexOf("_t", StringComparison.Ordinal);
        return at >= 0 && int.TryParse(reference.AsSpan(at + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : AttributeText.Int(e[Ns.Office, "spt"]) ?? 0;
    }

    // The share is in thousandths, and all of the line where it is not stated: a width counts only beside a share of 0 (docs/layout.md, "Shapes").
    private Drawing ReadRule(Element e, VmlStyle style, CharacterFormat format, Link? link)
    {
        parts.Scan.Found(Construct.HorizontalRule);
        var thousandths = Math.Clamp(AttributeText.Double(e[Ns.Office, "hrpct"]) ?? 1000, 0, 1000);
        var (width, height) = (style.Length("width") ?? Pt.Zero, style.Length("height") ?? new Pt(1.5));
        var content = Child(e, "imagedata").Exists
            ? ReadContent(e, style, width, height)
            : new ShapeContent { Geometry = Geometry.Rectangle, Fill = e["fillcolor"] is null ? Fill.Solid(Rgb.FromHex(0xA0A0A0)) : ReadFill(e), Outline = AttributeText.Bool(e["stroked"]) == true ? ReadStroke(e) : null };
        return new Drawing
        {
            Format = format,
            Link = e["href"] is { Length: > 0 } target ? new Link(target, null) : link,
            Width = width,
            Height = height,
            Rule = new(
                thousandths > 0 || width.Value <= 0 ? (thousandths > 0 ? thousandths : 1000) / 1000 : null,
                e[Ns.Office, "hralign"] switch { "center" => ParagraphAlignment.Center, "right" => ParagraphAlignment.End, _ => ParagraphAlignment.Start }),
            AlternativeText = e["alt"] ?? "",
            IsDecorative = content is not PictureContent,
            Content = content,
        };
    }

    // --- Text ---
    private TextBox? ReadText(Element e, VmlStyle shape)
    {
        var box = Child(e, "textbox");
        if (!box.Exists || !box.Child("txbxContent").Exists)
        {
            return null;
        }

        parts.Scan.Found(Construct.TextBox);
        var style = new VmlStyle(box["style"]);

        // Word writes a box that goes on nowhere as going on in itself.
        if (style["mso-next-textbox"] is { } next && next != $"#{e["id"]}" && next != $"#{e[Ns.Office, "spid"]}")
        {
            parts.Scan.Found(Construct.LinkedTextBox);
        }

        var flow = style["layout-flow"];
        var isVertical = flow is not (null or "horizontal");
        if (isVertical)
        {
            parts.Scan.Found(flow is "vertical" or "vertical-ideographic" && Rotation(shape["rotation"]) == 0 ? Construct.TurnedBox : Construct.VerticalText);
        }

        var inset = (box["inset"] ?? "").Split(',');
        return new TextBox
        {
            Blocks = story.ReadBox(box.Child("txbxContent"), keepsUpright: flow == "vertical-ideographic"),
            Insets = new Insets(Inset(0, 7.2), Inset(1, 3.6), Inset(2, 7.2), Inset(3, 3.6)),
            VerticalAlign = shape["v-text-anchor"] switch { "middle" or "middle-center" => VerticalAlignment.Center, "bottom" or "bottom-center" => VerticalAlignment.Bottom, _ => VerticalAlignment.Top },
            Direction = !isVertical ? TextDirection.Horizontal : style["mso-layout-flow-alt"] == "bottom-to-top" ? TextDirection.CounterClockwise : TextDirection.Clockwise,
            Wraps = shape["mso-wrap-style"] != "none",
            GrowsWithText = style["mso-fit-shape-to-text"] is "t" or "true",
        };

        Pt Inset(int index, double usual) => index < inset.Length ? VmlStyle.LengthOf(inset[index]) ?? new Pt(usual) : new Pt(usual);
    }

    private WordArt? ReadWordArt(Element e, int type)
    {
        var path = Child(e, "textpath");
        if (!path.Exists || path["string"] is not { Length: > 0 } text || AttributeText.Bool(path["on"]) == false || type is 0)
        {
            return null;
        }

        // Plain text stretched to its frame is how Word writes watermarks; other paths bend it.
        parts.Scan.Found(type == 136 ? Construct.PlainWordArt : Construct.WordArt, type == 136 ? "" : FormattableString.Invariant($"VML type {type}"));
        var style = new VmlStyle(path["style"]);
        return new WordArt(text, (style["font-family"] ?? "Times New Roman").Trim('"', '\''), style["font-weight"] == "bold", style["font-style"] == "italic");
    }

    // --- Fill and line ---
    // What a shape does not state its type may (§19.1.2.20).
    private string? Inherited(Element e, string name) => e[name] ?? _types.GetValueOrDefault((e["type"] ?? "").TrimStart('#'))[name];

    private Fill? ReadFill(Element e)
    {
        var fill = Child(e, "fill");
        if (AttributeText.Bool(Inherited(e, "filled")) == false || AttributeText.Bool(fill["on"]) == false)
        {
            return null;
        }

        var color = ColorOf(e["fillcolor"] ?? fill["color"] ?? Inherited(e, "fillcolor")) ?? Rgb.White;
        if (fill["type"] == "gradient" && GradientOf(fill, color) is { } gradient)
        {
            return gradient;
        }

        if (fill["type"] is { } type and not "solid")
        {
            parts.Scan.Found(type is "gradient" or "gradientRadial" or "gradientradial" ? Construct.GradientFill : Construct.PatternFill);
        }

        return new Fill(color, Opacity(fill["opacity"]), [], 0, null);
    }

    // From the colour to the second one, which is full at the focus; below zero it is the first that is. 0 degrees run down, and angles turn against the clock
    // (docs/layout.md, "Shapes"). Null where that is not all that is said.
    private static Fill? GradientOf(Element fill, Rgb color)
    {
        if (fill["method"] is "any" || fill["opacity2"] is not null || fill[Ns.Office, "opacity2"] is not null || SecondColor(fill["color2"], color) is not { } second)
        {
            return null;
        }

        var focus = Math.Clamp(Fraction(fill["focus"]), -1, 1);
        var (ends, middle) = focus is >= 0 or -1 ? (color, second) : (second, color);
        ImmutableArray<GradientStop> stops = Math.Abs(focus) switch
        {
            0 => [new(0, middle), new(1, ends)],
            1 => [new(0, ends), new(1, middle)],
            var at => [new(0, ends), new(at, middle), new(1, ends)],
        };
        if (fill["colors"] is { } between)
        {
            // Colours between the two, by their place; from the other end where it is the second that comes first.
            if (focus is not (0 or 1) || StopsOf(between) is not { } listed)
            {
                return null;
            }

            stops = focus == 1 ? listed : [.. listed.Reverse().Select(stop => stop with { At = 1 - stop.At })];
        }

        return new Fill(color, Opacity(fill["opacity"]), stops, 90 - (AttributeText.Double(fill["angle"]) ?? 0), null);
    }

    // "0 #bcbcbc;22938f #d0d0d0;1 #ededed" (§19.1.2.5); null where that is not all colours by rising place.
    private static ImmutableArray<GradientStop>? StopsOf(string colors)
    {
        var stops = ImmutableArray.CreateBuilder<GradientStop>();
        foreach (var stop in colors.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = stop.Split(' ', 2, StringSplitOptions.TrimEntries);
            var at = Math.Clamp(Fraction(parts[0]), 0, 1);
            if (parts.Length < 2 || ColorOf(parts[1]) is not { } color || (stops.Count > 0 && at < stops[^1].At))
            {
                return null;
            }

            stops.Add(new(at, color));
        }

        return stops.Count > 1 ? stops.ToImmutable() : null;
    }

    // A colour, or the first one darkened or lightened by so many 255ths: "fill darken(118)".
    private static Rgb? SecondColor(string? value, Rgb first)
    {
        if (value is null)
        {
            return Rgb.White;
        }

        if (!value.StartsWith("fill ", StringComparison.Ordinal))
        {
            return ColorOf(value);
        }

        var (open, close) = (value.IndexOf('(', StringComparison.Ordinal), value.IndexOf(')', StringComparison.Ordinal));
        if (open < 0 || close <= open || AttributeText.Double(value[(open + 1)..close]) is not { } amount || amount is < 0 or > 255)
        {
            return null;
        }

        return value[5..open] switch
        {
            "darken" => ColorReader.Mix(Rgb.Black, first, amount / 255),
            "lighten" => ColorReader.Mix(Rgb.White, first, amount / 255),
            _ => null,
        };
    }

    private Stroke? ReadStroke(Element e)
    {
        var stroke = Child(e, "stroke");
        if (AttributeText.Bool(Inherited(e, "stroked")) == false || AttributeText.Bool(stroke["on"]) == false)
        {
            return null;
        }

        return new Stroke(
            ColorOf(e["strokecolor"] ?? stroke["color"] ?? Inherited(e, "strokecolor")) ?? Rgb.Black,
            VmlStyle.LengthOf(e["strokeweight"] ?? stroke["weight"] ?? Inherited(e, "strokeweight")) ?? new Pt(0.75),
            Opacity(stroke["opacity"]),
            stroke["dashstyle"] switch
            {
                "dash" => DashKind.Dash,
                "dot" => DashKind.Dot,
                "dashdot" or "dashDot" => DashKind.DashDot,
                "longdash" or "longDash" => DashKind.LongDash,
                "longdashdot" or "longDashDot" => DashKind.LongDashDot,
                "longdashdotdot" or "longDashDotDot" => DashKind.LongDashDotDot,
                "1 1" or "shortdot" => DashKind.SystemDot,
                "shortdash" or "3 1" => DashKind.SystemDash,
                "shortdashdot" => DashKind.SystemDashDot,
                "shortdashdotdot" => DashKind.SystemDashDotDot,
                _ => DashKind.Solid,
            },
            EndOf(stroke["startarrow"]),
            EndOf(stroke["endarrow"]),
            stroke["linestyle"] is "thinThin" or "thinThick" or "thickThin" or "thickBetweenThin");
    }

    private static LineEnd EndOf(string? value) => value switch
    {
        "block" => LineEnd.Triangle,
        "classic" => LineEnd.Stealth,
        "diamond" => LineEnd.Diamond,
        "oval" => LineEnd.Oval,
        "open" => LineEnd.Arrow,
        _ => LineEnd.None,
    };

    private static double Opacity(string? value) => value is null ? 1 : Math.Clamp(Fraction(value), 0, 1);

    // "#ff0000", "#f00", "red [3204]", "black [3213]".
    private static Rgb? ColorOf(string? value)
    {
        var name = (value ?? "").Split(' ')[0];
        if (name.StartsWith('#'))
        {
            name = name[1..];
            return AttributeText.Hex(name.Length == 3 ? $"{name[0]}{name[0]}{name[1]}{name[1]}{name[2]}{name[2]}" : name);
        }

        return ColorReader.Named(name);
    }

    // --- Place ---
    private static Anchor ReadAnchor(Element e, VmlStyle style, Pt left, Pt top)
    {
        var wrap = e.Child(Ns.OfficeWord, "wrap");
        var kind = wrap["type"] switch { "square" => WrapKind.Square, "tight" => WrapKind.Tight, "through" => WrapKind.Through, "topAndBottom" => WrapKind.TopAndBottom, _ => WrapKind.None };
        var side = wrap["side"] switch { "left" => WrapSide.Left, "right" => WrapSide.Right, "largest" => WrapSide.Largest, _ => WrapSide.Both };
        var distance = new Insets(style.Length("mso-wrap-distance-left") ?? new Pt(9), style.Length("mso-wrap-distance-top") ?? Pt.Zero, style.Length("mso-wrap-distance-right") ?? new Pt(9), style.Length("mso-wrap-distance-bottom") ?? Pt.Zero);
        var order = AttributeText.Long(style["z-index"]) ?? 0;
        var across = style["mso-position-horizontal-relative"] ?? wrap["anchorx"];
        var down = style["mso-position-vertical-relative"] ?? wrap["anchory"];
        return new Anchor
        {
            Horizontal = Position(style["mso-position-horizontal"], DrawingReader.HorizontalFrom(across), left, style["mso-left-percent"]),
            Vertical = Position(style["mso-position-vertical"], DrawingReader.VerticalFrom(down), top, style["mso-top-percent"]),
            Wrap = TextWrap.Of(kind, side, distance, Outline(e["wrapcoords"])),
            IsBehindText = order < 0,
            Order = order,
            MayOverlap = AttributeText.Bool(e[Ns.Office, "allowoverlap"]) ?? true,
            IsLaidOutInCell = AttributeText.Bool(e[Ns.Office, "allowincell"]) ?? true,
            RelativeWidth = Relative(style["mso-width-percent"], DrawingReader.HorizontalFrom(style["mso-width-relative"] ?? "margin")),
            RelativeHeight = Relative(style["mso-height-percent"], DrawingReader.VerticalFrom(style["mso-height-relative"] ?? "margin")),
        };
    }

    // Pairs in 21,600ths of the size.
    private static ImmutableArray<ShapePoint> Outline(string? coordinates)
    {
        var numbers = (coordinates ?? "").Split((char[])[' ', ','], StringSplitOptions.RemoveEmptyEntries);
        var points = ImmutableArray.CreateBuilder<ShapePoint>();
        for (var i = 0; i + 1 < numbers.Length; i += 2)
        {
            points.Add(new ShapePoint((AttributeText.Double(numbers[i]) ?? 0) / 21_600, (AttributeText.Double(numbers[i + 1]) ?? 0) / 21_600));
        }

        return points.ToImmutable();
    }

    private static FloatPosition Position(string? align, FloatFrom from, Pt offset, string? thousandths)
        => align is not (null or "absolute") ? new FloatPosition(from, DrawingReader.AlignOf(align), Pt.Zero)
            : AttributeText.Double(thousandths) is { } share and > -10_000 and not 0 ? new FloatPosition(from, FloatAlign.Offset, Pt.Zero, share / 1000)
            : new FloatPosition(from, FloatAlign.Offset, offset);

    private static RelativeSize? Relative(string? thousandths, FloatFrom from) => AttributeText.Double(thousandths) is { } share and > 0 ? new RelativeSize(from, share / 1000) : null;

    private static Element Child(Element e, string name) => e.Child(Ns.Vml, name);
}

/// <summary>A VML style attribute: names and values as in CSS.</summary>
internal readonly struct VmlStyle
{
    private readonly Dictionary<string, string> _values;

    public VmlStyle(string? text)
    {
        _values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in (text ?? "").Split(';'))
        {
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                _values[pair[..colon].Trim()] = pair[(colon + 1)..].Trim();
            }
        }
    }

    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>A length; null where it is not there or none.</summary>
    public Pt? Length(string name) => LengthOf(this[name]);

    /// <summary>A number without a unit, as in groups; 0 where it is not there.</summary>
    public double Number(string name) => AttributeText.Double(this[name]) ?? LengthOf(this[name])?.Value ?? 0;

    /// <summary>A length with a unit; without one it is pixels, in text of sizes EMU where large.</summary>
    public static Pt? LengthOf(string? value)
    {
        value = value?.Trim();
        return AttributeText.Universal(value) ?? (AttributeText.Double(value) is { } number ? Math.Abs(number) > 4000 ? Pt.FromEmu((long)number) : new Pt(number * 0.75) : null);
    }
}
