using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// Reads text of DrawingML (a:p, a:r, §21.1.2), which stands in the shapes of SmartArt and of locked canvases: paragraphs and characters with all that the list style
/// and their own properties state, as the model has them.
/// </summary>
/// <param name="parts">The document.</param>
/// <param name="part">Where the text stands, whose relationships its links name.</param>
/// <param name="story">Takes note of scripts.</param>
internal sealed class DrawingTextReader(DocumentParts parts, string part, StoryReader story)
{
    // DrawingML's own, where nothing is said (§21.1.2.3.2).
    private const double UsualSize = 18;

    // Lines of most fonts are a fifth higher than their size.
    private const double LineOfSize = 1.2;

    /// <summary>The paragraphs of a:txBody.</summary>
    /// <param name="body">The element.</param>
    /// <param name="fontRef">The font and colour of the shape's style (§20.1.4.1.17).</param>
    public ImmutableArray<Block> Read(Element body, Element fontRef)
    {
        var styles = body.Child(Ns.DrawingMl, "lstStyle");
        var blocks = ImmutableArray.CreateBuilder<Block>();
        foreach (var p in body.Elements)
        {
            if (p.Is(Ns.DrawingMl, "p"))
            {
                blocks.Add(ReadParagraph(p, styles, fontRef));
            }
        }

        // No room above the first paragraph and below the last one.
        if (blocks.Count > 0 && blocks[0] is Paragraph first)
        {
            blocks[0] = first with { Format = first.Format with { SpaceBefore = Pt.Zero } };
        }

        if (blocks.Count > 0 && blocks[^1] is Paragraph last)
        {
            blocks[^1] = last with { Format = last.Format with { SpaceAfter = Pt.Zero } };
        }

        return blocks.ToImmutable();
    }

    private Paragraph ReadParagraph(Element p, Element styles, Element fontRef)
    {
        var own = p.Child(Ns.DrawingMl, "pPr");
        var level = Math.Clamp(AttributeText.Int(own["lvl"]) ?? 0, 0, 8);
        var style = styles.Child(Ns.DrawingMl, FormattableString.Invariant($"lvl{level + 1}pPr"));
        Element[] layers = [own, style, styles.Child(Ns.DrawingMl, "defPPr")];
        var usual = Characters(layers.Reverse().Select(layer => layer.Child(Ns.DrawingMl, "defRPr")), fontRef);
        var inlines = ImmutableArray.CreateBuilder<Inline>();
        foreach (var e in p.Elements)
        {
            switch (e.Name)
            {
                case "r" or "fld":
                    ReadRun(e, usual, inlines);
                    break;
                case "br":
                    inlines.Add(new Break(BreakKind.Line) { Format = usual });
                    break;
                case "pPr" or "endParaRPr":
                    break;
                default:
                    parts.Scan.Found(Construct.UnknownElement, e.Name);
                    break;
            }
        }

        var mark = inlines.Count > 0 ? inlines[0].Format : Characters(p.Child(Ns.DrawingMl, "endParaRPr"), usual);
        var size = inlines.Count > 0 ? inlines.Max(inline => inline.Format.Size.Value) : mark.Size.Value;
        var (indent, first) = (Length(Stated(layers, "marL")), Length(Stated(layers, "indent")));
        return new Paragraph
        {
            Format = new ParagraphFormat
            {
                Alignment = Stated(layers, "algn") switch { "ctr" => ParagraphAlignment.Center, "r" => ParagraphAlignment.End, "just" or "justLow" => ParagraphAlignment.Justify, "dist" => ParagraphAlignment.Distribute, _ => ParagraphAlignment.Start },
                IsRightToLeft = AttributeText.Bool(Stated(layers, "rtl")) == true,
                IndentStart = indent,
                FirstLine = first,
                IndentEnd = Length(Stated(layers, "marR")),
                LineSpacing = Spacing(layers),
                SpaceBefore = Space(layers, "spcBef", size),
                SpaceAfter = Space(layers, "spcAft", size),
                HasWidowControl = false,
                SuppressesHyphenation = true,
            },
            MarkFormat = mark,
            Label = inlines.Count > 0 ? Bullet(layers, level, mark) : null,
            Inlines = inlines.ToImmutable(),
        };
    }

    private void ReadRun(Element run, CharacterFormat usual, ImmutableArray<Inline>.Builder inlines)
    {
        var properties = run.Child(Ns.DrawingMl, "rPr");
        var format = Characters(properties, usual);
        var link = properties.Child(Ns.DrawingMl, "hlinkClick") is { Exists: true } click && parts.Relationship(part, click[Ns.Relationships, "id"]) is { IsExternal: true } target ? new Link(target.Target, null) : null;
        var text = run.Child(Ns.DrawingMl, "t").Text;
        story.ScanText(text);
        foreach (var (piece, index) in text.Split('\t').Select((piece, index) => (piece, index)))
        {
            if (index > 0)
            {
                inlines.Add(new Tab { Format = format, Link = link });
            }

            if (piece.Length > 0)
            {
                inlines.Add(new TextRun(piece) { Format = format, Link = link });
            }
        }
    }

    // The nearest layer that states it.
    private static string? Stated(Element[] layers, string name)
    {
        foreach (var layer in layers)
        {
            if (layer[name] is { } value)
            {
                return value;
            }
        }

        return null;
    }

    private static Element Stated(Element[] layers, Func<Element, bool> isIt)
    {
        foreach (var layer in layers)
        {
            foreach (var e in layer.Elements)
            {
                if (isIt(e))
                {
                    return e;
                }
            }
        }

        return default;
    }

    private static Pt Length(string? emu) => AttributeText.Emu(emu) ?? Pt.Zero;

    private static LineSpacing Spacing(Element[] layers)
    {
        var e = Stated(layers, e => e.Name == "lnSpc");
        return AttributeText.Double(e.Child(Ns.DrawingMl, "spcPts")["val"]) is { } points and > 0 ? new(LineRule.Exact, new(points / 100), 1)
            : AttributeText.Percent(e.Child(Ns.DrawingMl, "spcPct")["val"]) is { } share and > 0 ? new(LineRule.Auto, Pt.Zero, share)
            : LineSpacing.Single;
    }

    // In points, or in parts of a line.
    private static Pt Space(Element[] layers, string name, double size)
    {
        var e = Stated(layers, e => e.Name == name);
        return AttributeText.Double(e.Child(Ns.DrawingMl, "spcPts")["val"]) is { } points ? new(points / 100) : new((AttributeText.Percent(e.Child(Ns.DrawingMl, "spcPct")["val"]) ?? 0) * size * LineOfSize);
    }

    // a:buChar, of which Word shows the first character; other bullets are told.
    private ListLabel? Bullet(Element[] layers, int level, CharacterFormat format)
    {
        var bullet = Stated(layers, e => e.Name is "buNone" or "buChar" or "buAutoNum" or "buBlip");
        if (!bullet.Exists || bullet.Name == "buNone")
        {
            return null;
        }

        if (bullet.Name != "buChar" || bullet["char"] is not { Length: > 0 } text)
        {
            parts.Scan.Found(bullet.Name == "buAutoNum" ? Construct.NumberFormat : Construct.UnknownElement, bullet["type"] ?? bullet.Name);
            return null;
        }

        if (Stated(layers, e => e.Name == "buFont")["typeface"] is { Length: > 0 } font && (parts.Theme.ShortFont(font) ?? font) is var name)
        {
            format = format with { Fonts = new(name, name, name, name) };
        }

        if (AttributeText.Percent(Stated(layers, e => e.Name == "buSzPct")["val"]) is { } share and > 0)
        {
            format = format with { Size = format.Size * share };
        }

        if (Stated(layers, e => e.Name == "buClr") is { Exists: true } color && ColorReader.DrawingColor(color, parts.Theme)?.Color is { } ink)
        {
            format = format with { Color = ink };
        }

        var length = char.IsHighSurrogate(text[0]) && text.Length > 1 ? 2 : 1;
        return new ListLabel(text[..length], format with { Underline = Underline.None, IsStruck = false }, LabelSuffix.Tab, ParagraphAlignment.Start, null, null, 0, level, 0, true, null);
    }

    // --- Characters ---
    private CharacterFormat Characters(IEnumerable<Element> layers, Element fontRef)
    {
        var font = parts.Theme.ShortFont(fontRef["idx"] == "major" ? "+mj-lt" : "+mn-lt") ?? "Calibri";
        var format = new CharacterFormat
        {
            Fonts = new(font, font, parts.Theme.ShortFont(fontRef["idx"] == "major" ? "+mj-ea" : "+mn-ea") ?? font, parts.Theme.ShortFont(fontRef["idx"] == "major" ? "+mj-cs" : "+mn-cs") ?? font),
            Size = new(UsualSize),
            ComplexSize = new(UsualSize),
            Color = ColorReader.DrawingColor(fontRef, parts.Theme)?.Color ?? parts.Theme.Color("tx1") ?? Rgb.Black,
        };
        foreach (var layer in layers)
        {
            format = Characters(layer, format);
        }

        return format;
    }

    private CharacterFormat Characters(Element e, CharacterFormat below)
    {
        if (!e.Exists)
        {
            return below;
        }

        var size = AttributeText.Double(e["sz"]) is { } hundredths and > 0 and <= 400_000 ? new Pt(hundredths / 100) : below.Size;
        var format = below with
        {
            Size = size,
            ComplexSize = size,
            IsBold = AttributeText.Bool(e["b"]) ?? below.IsBold,
            IsComplexBold = AttributeText.Bool(e["b"]) ?? below.IsBold,
            IsItalic = AttributeText.Bool(e["i"]) ?? below.IsItalic,
            IsComplexItalic = AttributeText.Bool(e["i"]) ?? below.IsItalic,
            Underline = e["u"] is { } underline ? UnderlineOf(underline) : below.Underline,
            IsStruck = e["strike"] is { } strike ? strike == "sngStrike" : below.IsStruck,
            IsDoubleStruck = e["strike"] is { } twice ? twice == "dblStrike" : below.IsDoubleStruck,
            IsCaps = e["cap"] is { } caps ? caps == "all" : below.IsCaps,
            IsSmallCaps = e["cap"] is { } small ? small == "small" : below.IsSmallCaps,
            KerningFrom = AttributeText.Double(e["kern"]) is { } kern ? new(kern > 0 ? kern / 100 : 0.01) : below.KerningFrom,
            Spacing = AttributeText.Double(e["spc"]) is { } spacing ? new(spacing / 100) : below.Spacing,
            VerticalPosition = AttributeText.Percent(e["baseline"]) is { } raised ? raised > 0 ? VerticalPosition.Superscript : raised < 0 ? VerticalPosition.Subscript : VerticalPosition.Baseline : below.VerticalPosition,
        };
        foreach (var child in e.Elements)
        {
            format = Characters(format, child);
        }

        return format;
    }

    private CharacterFormat Characters(CharacterFormat format, Element child)
    {
        switch (child.Name)
        {
            case "solidFill":
                return ColorReader.DrawingColor(child, parts.Theme) is { } color ? format with { Color = color.Color } : format;
            case "latin":
                return Name(child) is { } latin ? format with { Fonts = format.Fonts with { Ascii = latin, HighAnsi = latin } } : format;
            case "ea":
                return Name(child) is { } eastAsian ? format with { Fonts = format.Fonts with { EastAsia = eastAsian } } : format;
            case "cs":
                return Name(child) is { } complex ? format with { Fonts = format.Fonts with { ComplexScript = complex } } : format;
            case "highlight":
                return ColorReader.DrawingColor(child, parts.Theme) is { } behind ? format with { Highlight = behind.Color } : format;
            case "ln" when child.Child(Ns.DrawingMl, "noFill").Exists:
            case "effectLst" when !child.Elements.MoveNext():
            case "sym" or "hlinkClick" or "hlinkMouseOver" or "rtl" or "extLst" or "uLnTx" or "uFillTx":
                return format;
            default:
                parts.Scan.Found(Construct.TextEffect, child.Name);
                return format;
        }
    }

    private string? Name(Element e) => e["typeface"] is { Length: > 0 } name ? name[0] == '+' ? parts.Theme.ShortFont(name) : name : null;

    private static Underline UnderlineOf(string value) => value switch
    {
        "none" => Underline.None,
        "words" => Underline.Words,
        "dbl" => Underline.Double,
        "heavy" => Underline.Thick,
        "dotted" => Underline.Dotted,
        "dottedHeavy" => Underline.DottedHeavy,
        "dash" => Underline.Dash,
        "dashHeavy" => Underline.DashedHeavy,
        "dashLong" => Underline.DashLong,
        "dashLongHeavy" => Underline.DashLongHeavy,
        "dotDash" => Underline.DotDash,
        "dotDashHeavy" => Underline.DashDotHeavy,
        "dotDotDash" => Underline.DotDotDash,
        "dotDotDashHeavy" => Underline.DashDotDotHeavy,
        "wavy" => Underline.Wave,
        "wavyHeavy" => Underline.WavyHeavy,
        "wavyDbl" => Underline.WavyDouble,
        _ => Underline.Single,
    };
}
