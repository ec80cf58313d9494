using System.Collections.Immutable;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads w:drawing: where a drawing stands (wp:inline, wp:anchor, §20.4) and what it shows.</summary>
internal sealed class DrawingReader(DocumentParts parts, string part, StoryReader story)
{
    private readonly ShapeReader _shapes = new(parts, part, story);
    private readonly VmlReader _vml = new(parts, part, story);

    public ImmutableArray<Drawing> ReadDrawing(Element drawing, CharacterFormat format, Link? link)
    {
        var read = ImmutableArray.CreateBuilder<Drawing>();
        foreach (var e in drawing.Elements)
        {
            if (e.Ns != Ns.WordDrawing || e.Name is not ("inline" or "anchor"))
            {
                parts.Scan.Found(Construct.UnknownDrawing, e.Name);
            }
            else if (Read(e, format, link) is { } one)
            {
                read.Add(one);
            }
        }

        return read.ToImmutable();
    }

    /// <summary>Reads w:pict: VML.</summary>
    public ImmutableArray<Drawing> ReadPict(Element pict, CharacterFormat format, Link? link) => _vml.Read(pict, format, link);

    /// <summary>Reads w:object: the picture that stands for an embedded object, which Word prints as well.</summary>
    public ImmutableArray<Drawing> ReadObject(Element e, CharacterFormat format, Link? link)
    {
        ImmutableArray<Drawing> read = [.. _vml.Read(e, format, link), .. e.Child("drawing") is { Exists: true } drawing ? ReadDrawing(drawing, format, link) : []];
        var isShown = read.Any(one => one.Content is PictureContent);
        parts.Scan.Found(e.Child("control").Exists ? isShown ? Construct.DrawnControl : Construct.FormControl : isShown ? Construct.EmbeddedObject : Construct.BareObject);
        return read;
    }

    private Drawing? Read(Element e, CharacterFormat format, Link? link)
    {
        var properties = e.Child(Ns.WordDrawing, "docPr");
        if (AttributeText.Bool(properties["hidden"]) == true)
        {
            return null;
        }

        var extent = e.Child(Ns.WordDrawing, "extent");
        var effect = e.Child(Ns.WordDrawing, "effectExtent");
        var content = ReadContent(e.Child(Ns.DrawingMl, "graphic").Child(Ns.DrawingMl, "graphicData"), (AttributeText.Double(extent["cx"]) ?? 0, AttributeText.Double(extent["cy"]) ?? 0));
        var click = properties.Child(Ns.DrawingMl, "hlinkClick");
        if (click.Exists && parts.Relationship(part, click[Ns.Relationships, "id"]) is { } target)
        {
            link = target.IsExternal ? new Link(target.Target, null) : link;
        }

        return new Drawing
        {
            Format = format,
            Link = link,
            Anchor = e.Name == "anchor" ? ReadAnchor(e) : null,
            Width = Size(extent["cx"]),
            Height = Size(extent["cy"]),
            EffectExtent = new Insets(Size(effect["l"]), Size(effect["t"]), Size(effect["r"]), Size(effect["b"])),
            AlternativeText = properties["descr"] is { Length: > 0 } text ? text : properties["title"] ?? "",
            IsDecorative = properties.Descendant(Ns.Other, "decorative")["val"] is "1" or "true",
            Content = content,
        };
    }

    private static Pt Size(string? value) => AttributeText.Emu(value) is { } size ? Pt.Max(size, Pt.Zero) : Pt.Zero;

    private DrawingContent ReadContent(Element data, (double Width, double Height) size)
    {
        foreach (var e in data.Elements)
        {
            switch (e.Ns, e.Name)
            {
                case (Ns.Picture, "pic"):
                    return _shapes.ReadPicture(e);
                case (Ns.WordShape, "wsp"):
                    return _shapes.ReadShape(e);
                case (Ns.WordGroup, "wgp"):
                    return _shapes.ReadGroup(e);
                case (_, "lockedCanvas"):
                    return _shapes.ReadGroup(e, Ns.DrawingMl, size);
                case (_, "relIds") when ReadDiagram(e, size) is { } diagram:
                    return diagram;
                case (Ns.Chart, "chart"):
                    return ReadChart(e);
            }
        }

        var uri = data["uri"] ?? "";
        parts.Scan.Found(uri switch
        {
            _ when uri.Contains("chartex", StringComparison.OrdinalIgnoreCase) => Construct.ExtendedChart,
            _ when uri.Contains("chart", StringComparison.OrdinalIgnoreCase) => Construct.ChartPart,
            _ when uri.EndsWith("/diagram", StringComparison.Ordinal) => Construct.Diagram,
            _ when uri.EndsWith("/wordprocessingCanvas", StringComparison.Ordinal) => Construct.Canvas,
            _ when uri.Contains("ink", StringComparison.OrdinalIgnoreCase) => Construct.Ink,
            _ => Construct.UnknownDrawing,
        });

        // Its room is kept, so that what follows stands where it stands in Word.
        return new ShapeContent { Geometry = Geometry.Rectangle };
    }

    // SmartArt as Word drew it last (dsp:drawing, [MS-ODRAWXML] 2.4): the data's part names the drawing's. Null where that is not there.
    private DrawingContent? ReadDiagram(Element relIds, (double Width, double Height) size)
    {
        if (size is not { Width: > 0, Height: > 0 } || parts.Relationship(part, relIds[Ns.Relationships, "dm"]) is not { IsExternal: false } data || !parts.Package.Has(data.Target)
            || parts.Relationship(part, parts.Read(data.Target).Descendant(Ns.Diagram, "dataModelExt")["relId"]) is not { IsExternal: false } drawn || !parts.Package.Has(drawn.Target))
        {
            return null;
        }

        var tree = parts.Read(drawn.Target).Child(Ns.Diagram, "spTree");
        if (!tree.Exists)
        {
            return null;
        }

        parts.Scan.Found(Construct.DrawnDiagram);
        return new ShapeReader(parts, drawn.Target, story).ReadGroup(tree, Ns.Diagram, size);
    }

    private DrawingContent ReadChart(Element e)
    {
        if (parts.Relationship(part, e[Ns.Relationships, "id"]) is not { IsExternal: false } target || !parts.Package.Has(target.Target))
        {
            parts.Scan.Found(Construct.DamagedReference);
        }
        else if (parts.Chart(target.Target, name => new ShapeReader(parts, name, story)) is { } chart)
        {
            parts.Scan.Found(chart.Chart is null ? Construct.ChartPart : Construct.Chart, chart.Reason);
            if (chart.Chart is { } read)
            {
                return new ChartContent { Chart = read };
            }
        }

        return new ShapeContent { Geometry = Geometry.Rectangle };
    }

    private Anchor ReadAnchor(Element anchor)
    {
        var read = new Anchor
        {
            Horizontal = new FloatPosition(FloatFrom.Column, FloatAlign.Offset, Pt.Zero),
            Vertical = new FloatPosition(FloatFrom.Paragraph, FloatAlign.Offset, Pt.Zero),
            Wrap = new TextWrap(WrapKind.None, WrapSide.Both, Insets.None, []),
            IsBehindText = AttributeText.Bool(anchor["behindDoc"]) == true,
            Order = AttributeText.Long(anchor["relativeHeight"]) ?? 0,
            MayOverlap = AttributeText.Bool(anchor["allowOverlap"]) ?? true,
            IsLaidOutInCell = AttributeText.Bool(anchor["layoutInCell"]) ?? true,
        };
        read = ReadAnchorChildren(anchor, anchor, read);
        if (AttributeText.Bool(anchor["simplePos"]) == true && anchor.Child(Ns.WordDrawing, "simplePos") is { Exists: true } simple)
        {
            read = read with
            {
                Horizontal = new FloatPosition(FloatFrom.Page, FloatAlign.Offset, AttributeText.Emu(simple["x"]) ?? Pt.Zero),
                Vertical = new FloatPosition(FloatFrom.Page, FloatAlign.Offset, AttributeText.Emu(simple["y"]) ?? Pt.Zero),
            };
        }

        Scan(parts.Scan, read);
        return read;
    }

    /// <summary>Notes what a floating drawing asks of the layout.</summary>
    public static void Scan(ConstructScan scan, Anchor anchor)
    {
        scan.Found(anchor.Wrap.Kind switch
        {
            WrapKind.Square => Construct.SquareWrap,
            WrapKind.Tight => anchor.Wrap.IsBox ? Construct.SquareWrap : Construct.TightWrap,
            WrapKind.Through => anchor.Wrap.IsBox ? Construct.SquareWrap : Construct.ThroughWrap,
            WrapKind.TopAndBottom => Construct.TopBottomWrap,
            _ => Construct.FloatingPicture,
        });
        if (anchor.RelativeWidth is not null || anchor.RelativeHeight is not null)
        {
            scan.Found(Construct.RelativeSize);
        }
    }

    private static Anchor ReadAnchorChildren(Element anchor, Element container, Anchor read)
    {
        foreach (var e in container.Elements)
        {
            read = (e.Ns, e.Name) switch
            {
                (Ns.Compatibility, "AlternateContent") => ReadAnchorChildren(anchor, Alternative.Choose(e), read),
                (Ns.WordDrawing, "positionH") => read with { Horizontal = ReadPosition(e, HorizontalFrom(e["relativeFrom"])) },
                (Ns.WordDrawing, "positionV") => read with { Vertical = ReadPosition(e, VerticalFrom(e["relativeFrom"])) },
                (Ns.WordDrawing, "wrapSquare") => read with { Wrap = ReadWrap(anchor, e, WrapKind.Square) },
                (Ns.WordDrawing, "wrapTight") => read with { Wrap = ReadWrap(anchor, e, WrapKind.Tight) },
                (Ns.WordDrawing, "wrapThrough") => read with { Wrap = ReadWrap(anchor, e, WrapKind.Through) },
                (Ns.WordDrawing, "wrapTopAndBottom") => read with { Wrap = ReadWrap(anchor, e, WrapKind.TopAndBottom) },
                (Ns.WordDrawing2010, "sizeRelH") => AttributeText.Percent(e.Child(Ns.WordDrawing2010, "pctWidth").Text) is { } width and > 0 ? read with { RelativeWidth = new RelativeSize(HorizontalFrom(e["relativeFrom"]), width) } : read,
                (Ns.WordDrawing2010, "sizeRelV") => AttributeText.Percent(e.Child(Ns.WordDrawing2010, "pctHeight").Text) is { } height and > 0 ? read with { RelativeHeight = new RelativeSize(VerticalFrom(e["relativeFrom"]), height) } : read,
                _ => read,
            };
        }

        return read;
    }

    private static FloatPosition ReadPosition(Element e, FloatFrom from)
    {
        if (e.Child(Ns.WordDrawing, "align") is { Exists: true } align)
        {
            return new FloatPosition(from, AlignOf(align.Text.Trim()), Pt.Zero);
        }

        var share = e.Child(Ns.WordDrawing2010, "pctPosHOffset") is { Exists: true } across ? across : e.Child(Ns.WordDrawing2010, "pctPosVOffset");
        return share.Exists
            ? new FloatPosition(from, FloatAlign.Offset, Pt.Zero, AttributeText.Percent(share.Text) ?? 0)
            : new FloatPosition(from, FloatAlign.Offset, AttributeText.Emu(e.Child(Ns.WordDrawing, "posOffset").Text.Trim()) ?? Pt.Zero);
    }

    public static FloatAlign AlignOf(string? value) => value switch
    {
        "left" => FloatAlign.Left,
        "center" => FloatAlign.Center,
        "right" => FloatAlign.Right,
        "inside" => FloatAlign.Inside,
        "outside" => FloatAlign.Outside,
        "top" => FloatAlign.Top,
        "bottom" => FloatAlign.Bottom,
        _ => FloatAlign.Offset,
    };

    public static FloatFrom HorizontalFrom(string? value) => value switch
    {
        "margin" => FloatFrom.Margin,
        "page" => FloatFrom.Page,
        "character" or "char" => FloatFrom.Character,
        "leftMargin" or "left-margin-area" => FloatFrom.LeftMargin,
        "rightMargin" or "right-margin-area" => FloatFrom.RightMargin,
        "insideMargin" or "inner-margin-area" => FloatFrom.InsideMargin,
        "outsideMargin" or "outer-margin-area" => FloatFrom.OutsideMargin,
        _ => FloatFrom.Column,
    };

    public static FloatFrom VerticalFrom(string? value) => value switch
    {
        "margin" => FloatFrom.Margin,
        "page" => FloatFrom.Page,
        "line" => FloatFrom.Line,
        "topMargin" or "top-margin-area" => FloatFrom.TopMargin,
        "bottomMargin" or "bottom-margin-area" => FloatFrom.BottomMargin,
        "insideMargin" or "inner-margin-area" => FloatFrom.InsideMargin,
        "outsideMargin" or "outer-margin-area" => FloatFrom.OutsideMargin,
        _ => FloatFrom.Paragraph,
    };

    private static TextWrap ReadWrap(Element anchor, Element e, WrapKind kind)
    {
        // The distances stand at the anchor, and once more at some wraps, which then count.
        var distance = new Insets(
            AttributeText.Emu(e["distL"] ?? anchor["distL"]) ?? Pt.Zero, AttributeText.Emu(e["distT"] ?? anchor["distT"]) ?? Pt.Zero,
            AttributeText.Emu(e["distR"] ?? anchor["distR"]) ?? Pt.Zero, AttributeText.Emu(e["distB"] ?? anchor["distB"]) ?? Pt.Zero);
        var side = e["wrapText"] switch { "left" => WrapSide.Left, "right" => WrapSide.Right, "largest" => WrapSide.Largest, _ => WrapSide.Both };
        var polygon = ImmutableArray.CreateBuilder<ShapePoint>();
        foreach (var point in e.Child(Ns.WordDrawing, "wrapPolygon").Elements)
        {
            // In 21,600ths of the size, whatever the size.
            polygon.Add(new ShapePoint((AttributeText.Double(point["x"]) ?? 0) / 21_600, (AttributeText.Double(point["y"]) ?? 0) / 21_600));
        }

        return TextWrap.Of(kind, side, distance, polygon.ToImmutable());
    }
}
