using System.Collections.Immutable;
using ClinicFlow.Documents.Model.Charts;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads the text of charts and how it looks (c:txPr, c:rich; DrawingML §21.1.2). What is not drawn throws <see cref="UndrawnChartException"/>.</summary>
internal sealed class ChartText(Theme theme)
{
    private const int MostCharacters = 10_000;
    private const double SmallestSize = 1;
    private const double LargestSize = 400;

    /// <summary>Of a chart that says nothing: 10 pt of the theme's body font (§21.2.3.46).</summary>
    public CharacterFormat Default()
    {
        var latin = theme.ShortFont("+mn-lt") ?? "Calibri";
        return new CharacterFormat
        {
            Fonts = new(latin, latin, theme.ShortFont("+mn-ea") ?? latin, theme.ShortFont("+mn-cs") ?? latin),
            Color = theme.Color("tx1") ?? Rgb.Black,
            SnapsToGrid = false,
        };
    }

    /// <summary>Text of another size and weight than what it stands under.</summary>
    public static CharacterFormat Sized(CharacterFormat format, double factor, bool isBold)
        => format with { Size = format.Size * factor, ComplexSize = format.ComplexSize * factor, IsBold = isBold, IsComplexBold = isBold };

    /// <summary>c:txPr over what it stands under, and the turn that it states, clockwise, in degrees.</summary>
    public (CharacterFormat Format, double? Rotation) ReadProperties(Element txPr, CharacterFormat under)
    {
        if (!txPr.Exists)
        {
            return (under, null);
        }

        var format = under;
        double? rotation = null;
        foreach (var e in txPr.Elements)
        {
            switch (e.Name)
            {
                case "bodyPr":
                    rotation = ReadBody(e);
                    break;
                case "lstStyle":
                    RefuseListStyle(e);
                    break;
                case "p":
                    format = ReadFormat(e.Child(Ns.DrawingMl, "pPr").Child(Ns.DrawingMl, "defRPr"), under);
                    break;
                default:
                    throw Unknown(e);
            }
        }

        return (format, rotation);
    }

    /// <summary>c:rich as centred paragraphs, and their turn.</summary>
    /// <param name="rich">The element.</param>
    /// <param name="under">What it stands under.</param>
    /// <param name="fields">What a field of a type shows; null where there are none.</param>
    public (ImmutableArray<Paragraph> Text, double? Rotation) ReadRich(Element rich, CharacterFormat under, Func<string, string?>? fields = null)
    {
        var paragraphs = ImmutableArray.CreateBuilder<Paragraph>();
        double? rotation = null;
        var length = 0;
        foreach (var e in rich.Elements)
        {
            switch (e.Name)
            {
                case "bodyPr":
                    rotation = ReadBody(e);
                    break;
                case "lstStyle":
                    RefuseListStyle(e);
                    break;
                case "p":
                    paragraphs.Add(ReadParagraph(e, under, fields, ref length));
                    break;
                default:
                    throw Unknown(e);
            }
        }

        return (paragraphs.ToImmutable(), rotation);
    }

    /// <summary>A text in one format, centred; a line feed begins a line.</summary>
    public static ImmutableArray<Paragraph> Plain(string text, CharacterFormat format) => [ParagraphOf(InlinesOf(text, format), format, ParagraphAlignment.Center)];

    public static ImmutableArray<Inline> InlinesOf(string text, CharacterFormat format)
    {
        var inlines = ImmutableArray.CreateBuilder<Inline>();
        foreach (var line in text.Split('\n'))
        {
            if (inlines.Count > 0)
            {
                inlines.Add(new Break(BreakKind.Line) { Format = format });
            }

            if (line.Length > 0)
            {
                inlines.Add(new TextRun(line) { Format = format });
            }
        }

        return inlines.ToImmutable();
    }

    public static Paragraph ParagraphOf(ImmutableArray<Inline> inlines, CharacterFormat format, ParagraphAlignment alignment) => new()
    {
        Format = new ParagraphFormat { Alignment = alignment, SuppressesHyphenation = true, SnapsToGrid = false },
        MarkFormat = format,
        Inlines = inlines,
    };

    /// <summary>Text as it can be drawn: without control characters and halves of pairs.</summary>
    public static string Clean(string text)
    {
        if (text.Length > MostCharacters)
        {
            throw new UndrawnChartException("a text of more than 10,000 characters");
        }

        var clean = new System.Text.StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // Halves come as U+FFFD.
            clean.Append(rune.Value == '\n' || !System.Text.Rune.IsControl(rune) ? rune.ToString() : rune.Value == '\t' ? " " : "");
        }

        return clean.ToString();
    }

    private Paragraph ReadParagraph(Element p, CharacterFormat under, Func<string, string?>? fields, ref int length)
    {
        var alignment = ParagraphAlignment.Center;
        var inlines = ImmutableArray.CreateBuilder<Inline>();
        foreach (var e in p.Elements)
        {
            switch (e.Name)
            {
                case "pPr":
                    foreach (var attribute in e.Attributes)
                    {
                        alignment = (attribute.Name, attribute.Value) switch
                        {
                            ("algn", "ctr") => ParagraphAlignment.Center,
                            ("algn", "l") => ParagraphAlignment.Start,
                            ("algn", "r") => ParagraphAlignment.End,
                            ("rtl", "0") => alignment,
                            _ => throw new UndrawnChartException($"text with {attribute.Name}"),
                        };
                    }

                    foreach (var child in e.Elements)
                    {
                        under = child.Name == "defRPr" ? ReadFormat(child, under) : throw Unknown(child);
                    }

                    break;
                case "r" or "fld":
                    var text = Clean(e.Name == "r" ? e.Child(Ns.DrawingMl, "t").AllText : fields?.Invoke(e["type"] ?? "") ?? throw Unknown(e));
                    if ((length += text.Length) > MostCharacters)
                    {
                        throw new UndrawnChartException("a text of more than 10,000 characters");
                    }

                    inlines.AddRange(InlinesOf(text, ReadFormat(e.Child(Ns.DrawingMl, "rPr"), under)));
                    break;
                case "br":
                    inlines.Add(new Break(BreakKind.Line) { Format = under });
                    break;
                case "endParaRPr":
                    break;
                default:
                    throw Unknown(e);
            }
        }

        return ParagraphOf(inlines.ToImmutable(), under, alignment);
    }

    // a:bodyPr: how it is turned. Insets are those of boxes, which charts have none of.
    private static double? ReadBody(Element body)
    {
        double? rotation = null;
        foreach (var attribute in body.Attributes)
        {
            switch (attribute.Name)
            {
                // A turn of a thousand degrees stands for none stated.
                case "rot" when AttributeText.Double(attribute.Value) is { } turn:
                    rotation = turn <= -50_000_000 ? null : turn / 60_000 is >= -90 and <= 90 ? turn / 60_000 : throw new UndrawnChartException("text turned by more than 90 degrees");
                    break;
                case "vert" when attribute.Value == "horz":
                    break;
                case "vert" when attribute.Value == "vert270":
                    rotation = -90;
                    break;
                case "vert" when attribute.Value == "vert":
                    rotation = 90;
                    break;
                case "spcFirstLastPara" or "vertOverflow" or "horzOverflow" or "wrap" or "lIns" or "tIns" or "rIns" or "bIns" or "anchor" or "anchorCtr" or "numCol" or "upright":
                    break;
                default:
                    throw new UndrawnChartException($"text with {attribute.Name}");
            }
        }

        foreach (var e in body.Elements)
        {
            if (e.Name is not ("spAutoFit" or "noAutofit" or "normAutofit"))
            {
                throw Unknown(e);
            }
        }

        return rotation;
    }

    private CharacterFormat ReadFormat(Element properties, CharacterFormat under)
    {
        if (!properties.Exists)
        {
            return under;
        }

        var format = under;
        foreach (var attribute in properties.Attributes)
        {
            format = attribute.Name switch
            {
                "sz" when AttributeText.Double(attribute.Value) / 100 is { } size and >= SmallestSize and <= LargestSize => format with { Size = new(size), ComplexSize = new(size) },
                "b" => format with { IsBold = AttributeText.Bool(attribute.Value) == true, IsComplexBold = AttributeText.Bool(attribute.Value) == true },
                "i" => format with { IsItalic = AttributeText.Bool(attribute.Value) == true, IsComplexItalic = AttributeText.Bool(attribute.Value) == true },
                "kern" when AttributeText.Double(attribute.Value) is { } from and >= 0 and <= 400_000 => format with { KerningFrom = new(from / 100) },
                "u" or "cap" when attribute.Value == "none" => format,
                "strike" when attribute.Value == "noStrike" => format,
                "spc" when AttributeText.Double(attribute.Value) is { } spacing and >= -5000 and <= 5000 => format with { Spacing = new(spacing / 100) },
                "baseline" when AttributeText.Double(attribute.Value.TrimEnd('%')) == 0 => format,
                "lang" or "altLang" or "dirty" or "err" or "noProof" or "smtClean" or "normalizeH" => format,
                _ => throw new UndrawnChartException($"text with {attribute.Name}"),
            };
        }

        foreach (var e in properties.Elements)
        {
            switch (e.Name)
            {
                case "solidFill":
                    var color = ColorReader.DrawingColor(e, theme) ?? throw new UndrawnChartException("text of an unknown colour");
                    format = color.Opacity >= 1 ? format with { Color = color.Color } : throw new UndrawnChartException("text that shows what is behind it");
                    break;
                case "latin":
                    var latin = FontOf(e, format.Fonts.Ascii);
                    format = format with { Fonts = format.Fonts with { Ascii = latin, HighAnsi = latin } };
                    break;
                case "ea":
                    format = format with { Fonts = format.Fonts with { EastAsia = FontOf(e, format.Fonts.EastAsia) } };
                    break;
                case "cs":
                    format = format with { Fonts = format.Fonts with { ComplexScript = FontOf(e, format.Fonts.ComplexScript) } };
                    break;
                case "ln" when e.Child(Ns.DrawingMl, "noFill").Exists:
                case "effectLst" when !HasElements(e):
                case "sym":
                    break;
                default:
                    throw Unknown(e);
            }
        }

        return format;
    }

    private string FontOf(Element font, string under)
        => font["typeface"] is { Length: > 0 and < 100 } name ? name[0] == '+' ? theme.ShortFont(name) ?? under : name : under;

    private static void RefuseListStyle(Element style)
    {
        if (HasElements(style))
        {
            throw new UndrawnChartException("text with a list style");
        }
    }

    public static bool HasElements(Element e)
    {
        foreach (var _ in e.Elements)
        {
            return true;
        }

        return false;
    }

    private static UndrawnChartException Unknown(Element e) => new($"text with {e.Name}");
}
