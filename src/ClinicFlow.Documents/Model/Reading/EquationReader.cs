using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ClinicFlow.Documents.Model.Equations;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// Reads Office Math (ECMA-376 Part 1 §22.1) with its defaults. What it does not know, or what would not be drawn as Word does, it notes; depth and number of parts
/// are bounded. Owned by one story's reader.
/// </summary>
/// <param name="parts">What the readers share.</param>
/// <param name="addBookmark">Takes a bookmark that stands within an equation.</param>
internal sealed class EquationReader(DocumentParts parts, Action<Element> addBookmark)
{
    // Each level costs stack here and in the layout; nobody writes so deep.
    private const int MostDepth = 40;
    private const int MostNodes = 20_000;

    private RunContext _context = null!;
    private CharacterFormat _plain = null!;
    private int _depth;
    private int _nodes;
    private int _breaks;

    /// <summary>Reads m:oMathPara: equations on lines of their own.</summary>
    public ImmutableArray<Equation> ReadParagraph(Element paragraph, RunContext context)
    {
        var settings = parts.Settings.Equations;
        var alignment = SettingsReader.EquationAlignmentOf(paragraph.Child(Ns.Math, "oMathParaPr").Child(Ns.Math, "jc")) ?? settings.Alignment;
        var read = ImmutableArray.CreateBuilder<Equation>();
        foreach (var e in paragraph.Elements)
        {
            if (e.Is(Ns.Math, "oMath"))
            {
                read.Add(Read(e, context) with { Display = alignment, IndexInGroup = read.Count });
            }
            else if (e.Is("r"))
            {
                // Between equations there are line breaks, which they bring themselves.
                foreach (var child in e.Elements)
                {
                    if (!(child.Ns == Ns.W && child.Name is "rPr" or "br" or "lastRenderedPageBreak"))
                    {
                        Refuse(child.Name);
                    }
                }
            }
            else if (!e.Is(Ns.Math, "oMathParaPr") && !IsMark(e))
            {
                Refuse(e.Name);
            }
        }

        // Beyond the first, numbers of equations and alignment marks are for all of them together.
        if (read.Count > 1 && read.Any(equation => equation.Number is not null))
        {
            Refuse("maxDist");
        }

        return read.ToImmutable();
    }

    /// <summary>Reads m:oMath.</summary>
    public Equation Read(Element math, RunContext context)
    {
        (_context, _plain, _depth, _nodes, _breaks) = (context, parts.Styles.Format(context, CharacterProperties.None), 0, 0, 0);
        parts.Scan.Found(Construct.Equation);
        if (parts.Settings.Equations.Unfollowed is { Length: > 0 } unfollowed)
        {
            Refuse(unfollowed);
        }

        if (!parts.HasMathFont())
        {
            parts.Scan.Found(Construct.EquationFont);
        }

        var row = ReadRow(math);
        if (_nodes > MostNodes)
        {
            Refuse("more than 20,000 parts");
        }

        // A line break may only end an equation that others follow.
        if (_breaks > 1 || (_breaks == 1 && !EndsInBreak(math)))
        {
            Refuse("br");
        }

        var (content, number) = Numbered(row);
        return new Equation(content, LinearForm.Of(content, number)) { Number = number, Format = FirstFormat(row) ?? _plain };
    }

    private static bool EndsInBreak(Element math)
    {
        var last = default(Element);
        foreach (var e in math.Elements)
        {
            last = IsMark(e) ? last : e;
        }

        return last.Is(Ns.Math, "r") && last.Child("br").Exists && last.AllText.Length == 0;
    }

    private static CharacterFormat? FirstFormat(EquationRow row) => row.Items.IsEmpty ? null : row.Items[0].Format;

    private void Refuse(string what) => parts.Scan.Found(Construct.EquationPart, what);

    // What shows nothing and changes nothing.
    private static bool IsMark(Element e) => e.Ns == Ns.W && e.Name is "del" or "moveFrom" or "bookmarkEnd" or "proofErr" or "permStart" or "permEnd" or "commentRangeStart" or "commentRangeEnd"
        or "moveFromRangeStart" or "moveFromRangeEnd" or "moveToRangeStart" or "moveToRangeEnd" or "customXmlPr" or "smartTagPr" or "bookmarkStart";

    private EquationRow ReadRow(Element container)
    {
        if (!container.Exists)
        {
            return EquationRow.Empty;
        }

        var items = ImmutableArray.CreateBuilder<EquationNode>();
        ReadInto(container, items);
        return items.Count == 0 ? EquationRow.Empty : new EquationRow(items.ToImmutable());
    }

    private void ReadInto(Element container, ImmutableArray<EquationNode>.Builder items)
    {
        if (_depth >= MostDepth)
        {
            Refuse("nested deeper than 40");
            return;
        }

        _depth++;
        foreach (var e in container.Elements)
        {
            switch (e.Ns)
            {
                case Ns.Math:
                    ReadPart(e, items);
                    break;
                case Ns.W when e.Name is "ins" or "moveTo" or "smartTag" or "customXml" or "sdtContent":
                    ReadInto(e, items);
                    break;
                case Ns.W when e.Name == "sdt":
                    ReadInto(e.Child("sdtContent"), items);
                    break;
                case Ns.W when e.Name == "bookmarkStart":
                    addBookmark(e);
                    break;
                case Ns.W when e.Name == "r":
                    ReadRun(e, items, isWordRun: true);
                    break;
                case Ns.Compatibility when e.Name == "AlternateContent":
                    if (Alternative.Choose(e) is { Exists: true } chosen)
                    {
                        ReadInto(chosen, items);
                    }

                    break;
                default:
                    if (!IsMark(e))
                    {
                        Refuse(e.Name);
                    }

                    break;
            }
        }

        _depth--;
    }

    private void ReadPart(Element e, ImmutableArray<EquationNode>.Builder items)
    {
        if (++_nodes > MostNodes)
        {
            return;
        }

        switch (e.Name)
        {
            case "r":
                ReadRun(e, items, isWordRun: false);
                break;
            case "oMath":
                ReadInto(e, items);
                break;
            case "ctrlPr":
                break;
            case "argPr":
                if (AttributeText.Int(e.Child(Ns.Math, "argSz").Val) is not (null or 0))
                {
                    Refuse("argSz");
                }

                break;
            case var name when name.EndsWith("Pr", StringComparison.Ordinal):
                break;
            default:
                if (ReadConstruct(e) is { } node)
                {
                    items.Add(node);
                }
                else
                {
                    Refuse(e.Name);
                }

                break;
        }
    }

    private EquationNode? ReadConstruct(Element e)
    {
        var properties = e.Child(Ns.Math, e.Name + "Pr");
        var format = FormatOf(properties.Child(Ns.Math, "ctrlPr").Child("rPr"));
        switch (e.Name)
        {
            case "f":
                return new Fraction(Arg(e, "num"), Arg(e, "den"), Val(properties, "type") switch { "noBar" => FractionKind.NoBar, "skw" => FractionKind.Skewed, "lin" => FractionKind.Linear, _ => FractionKind.Bar }) { Format = format };
            case "sSup":
                return new Scripts(Arg(e, "e"), null, Arg(e, "sup"), IsBefore: false, IsAligned: false) { Format = format };
            case "sSub":
                return new Scripts(Arg(e, "e"), Arg(e, "sub"), null, IsBefore: false, IsAligned: false) { Format = format };
            case "sSubSup":
                return new Scripts(Arg(e, "e"), Arg(e, "sub"), Arg(e, "sup"), IsBefore: false, IsOn(properties, "alnScr")) { Format = format };
            case "sPre":
                return new Scripts(Arg(e, "e"), Arg(e, "sub"), Arg(e, "sup"), IsBefore: true, IsAligned: false) { Format = format };
            case "rad":
                return new Radical(IsOn(properties, "degHide") || Arg(e, "deg") is not { IsEmpty: false } degree ? null : degree, Arg(e, "e")) { Format = format };
            case "nary":
                return ReadNary(e, properties, format);
            case "d":
                return new Delimited(Sign(properties, "begChr", "("), Sign(properties, "sepChr", "|"), Sign(properties, "endChr", ")"), Args(e, "e"), !IsOff(properties, "grow"), Val(properties, "shp") == "match") { Format = format };
            case "func":
                return new FunctionApply(Arg(e, "fName"), Arg(e, "e")) { Format = format };
            case "limLow" or "limUpp":
                return new Limit(Arg(e, "e"), Arg(e, "lim"), e.Name == "limUpp") { Format = format };
            case "acc":
                return new Accent(Sign(properties, "chr", "\u0302"), Arg(e, "e")) { Format = format };
            case "bar":
                return new Bar(Arg(e, "e"), Val(properties, "pos") == "top") { Format = format };
            case "groupChr":
                var isAbove = Val(properties, "pos") == "top";
                return new GroupSign(Sign(properties, "chr", "\u23DF"), Arg(e, "e"), isAbove, IsSignOnBaseline: isAbove == (Val(properties, "vertJc") != "bot")) { Format = format };
            case "m":
                return ReadMatrix(e, properties, format);
            case "eqArr":
                return ReadArray(e, properties, format);
            case "box":
                if (IsOn(properties, "aln") || properties.Child(Ns.Math, "brk").Exists)
                {
                    Refuse("box: aln, brk");
                }

                return new EquationBoxed(Arg(e, "e"), IsOn(properties, "opEmu"), IsOn(properties, "diff")) { Format = format };
            case "borderBox":
                return ReadBorderBox(e, properties, format);
            case "phant":
                return new Phantom(Arg(e, "e"), !IsOff(properties, "show"), IsOn(properties, "zeroWid"), IsOn(properties, "zeroAsc"), IsOn(properties, "zeroDesc")) { Format = format };
            default:
                return null;
        }
    }

    private NaryOperator ReadNary(Element e, Element properties, CharacterFormat format)
    {
        var sign = Sign(properties, "chr", "\u222B");
        var isIntegral = sign.Length > 0 && sign[0] is >= '\u222B' and <= '\u2233' or >= '\u2A0B' and <= '\u2A1C';
        var settings = parts.Settings.Equations;
        var isAround = Val(properties, "limLoc") switch
        {
            "undOvr" => true,
            "subSup" => false,
            _ => isIntegral ? settings.HasIntegralLimitsAboveAndBelow : settings.HasNaryLimitsAboveAndBelow,
        };
        return new(
            sign, IsOn(properties, "subHide") ? null : Filled(Arg(e, "sub")), IsOn(properties, "supHide") ? null : Filled(Arg(e, "sup")), Arg(e, "e"), isAround, IsOn(properties, "grow"))
        { Format = format };
    }

    private static EquationRow? Filled(EquationRow row) => row.IsEmpty ? null : row;

    private Matrix ReadMatrix(Element e, Element properties, CharacterFormat format)
    {
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<EquationRow>>();
        var columns = 0;
        foreach (var child in e.Elements)
        {
            if (child.Is(Ns.Math, "mr"))
            {
                rows.Add(Args(child, "e"));
                columns = Math.Max(columns, rows[^1].Length);
            }
            else if (!child.Is(Ns.Math, "mPr") && !IsMark(child))
            {
                Refuse(child.Name);
            }
        }

        // Rows that are too short are filled up with nothing. The product is bounded as the parts are.
        if ((long)rows.Count * columns > MostNodes)
        {
            _nodes = MostNodes + 1;
            return new([], [], StackAlignment.Center, EquationSpacing.Single, EquationSpacing.Single, Pt.Zero) { Format = format };
        }

        for (var i = 0; i < rows.Count; i++)
        {
            rows[i] = [.. rows[i], .. Enumerable.Repeat(EquationRow.Empty, columns - rows[i].Length)];
        }

        var alignments = new List<ParagraphAlignment>();
        foreach (var column in properties.Child(Ns.Math, "mcs").Elements)
        {
            var mcPr = column.Child(Ns.Math, "mcPr");
            var count = Math.Clamp(AttributeText.Int(Val(mcPr, "count")) ?? 1, 0, 255);
            var alignment = Val(mcPr, "mcJc") switch { "left" or "inside" => ParagraphAlignment.Start, "right" or "outside" => ParagraphAlignment.End, _ => ParagraphAlignment.Center };
            alignments.AddRange(Enumerable.Repeat(alignment, Math.Min(count, Math.Max(0, columns - alignments.Count))));
        }

        alignments.AddRange(Enumerable.Repeat(ParagraphAlignment.Center, columns - alignments.Count));
        return new(rows.ToImmutable(), [.. alignments], StackOf(properties), Spacing(properties, "rSpRule", "rSp"), Spacing(properties, "cGpRule", "cGp"), AttributeText.Twips(Val(properties, "cSp")) is { Value: > 0 } least ? least : Pt.Zero) { Format = format };
    }

    private static StackAlignment StackOf(Element properties) => Val(properties, "baseJc") switch { "top" => StackAlignment.Top, "bot" or "bottom" => StackAlignment.Bottom, _ => StackAlignment.Center };

    private EquationSpacing Spacing(Element properties, string rule, string value)
    {
        switch (AttributeText.Int(Val(properties, rule)) ?? 0)
        {
            case 1:
                return new(1.5, null);
            case 2:
                return new(2, null);
            case 3:
                return new(1, AttributeText.Twips(Val(properties, value)) ?? Pt.Zero);
            case 4:
                // Multiples: their unit differs from writer to writer.
                Refuse(rule);
                return EquationSpacing.Single;
            default:
                return EquationSpacing.Single;
        }
    }

    private EquationArray ReadArray(Element e, Element properties, CharacterFormat format)
    {
        if (IsOn(properties, "objDist"))
        {
            Refuse("objDist");
        }

        var rows = Args(e, "e");
        return new([.. rows.Select(row => Cut(row, '&'))], StackOf(properties), Spacing(properties, "rSpRule", "rSp")) { Format = format };
    }

    // What an array has behind # is a number at the end of the line (maxDist): of an array of one row that is all of an equation.
    private (EquationRow Content, EquationRow? Number) Numbered(EquationRow row)
    {
        if (row.Items is [EquationArray { Rows: [[var only]] }] && Cut(only, '#') is [var content, var number])
        {
            return (content, number);
        }

        if (HasSign(row, '#'))
        {
            Refuse("#");
        }

        return (row, null);
    }

    private static bool HasSign(EquationRow row, char sign) => row.Items.Any(node => node is EquationArray array && array.Rows.Any(cells => cells.Any(cell => cell.Items.Any(item => item is EquationText text && text.Text.Contains(sign)))));

    // Signs of arrays stand in their rows' own text.
    private static ImmutableArray<EquationRow> Cut(EquationRow row, char sign)
    {
        var cells = ImmutableArray.CreateBuilder<EquationRow>();
        var items = ImmutableArray.CreateBuilder<EquationNode>();
        foreach (var item in row.Items)
        {
            if (item is not EquationText text || !text.Text.Contains(sign))
            {
                items.Add(item);
                continue;
            }

            var pieces = text.Text.Split(sign);
            for (var i = 0; i < pieces.Length; i++)
            {
                if (i > 0)
                {
                    cells.Add(new EquationRow(items.ToImmutable()));
                    items.Clear();
                }

                if (pieces[i].Length > 0)
                {
                    items.Add(text with { Text = pieces[i] });
                }
            }
        }

        cells.Add(new EquationRow(items.ToImmutable()));
        return cells.ToImmutable();
    }

    private BorderBox ReadBorderBox(Element e, Element properties, CharacterFormat format)
    {
        var lines = BoxLines.None;
        lines |= IsOn(properties, "hideTop") ? 0 : BoxLines.Top;
        lines |= IsOn(properties, "hideBot") ? 0 : BoxLines.Bottom;
        lines |= IsOn(properties, "hideLeft") ? 0 : BoxLines.Left;
        lines |= IsOn(properties, "hideRight") ? 0 : BoxLines.Right;
        lines |= IsOn(properties, "strikeH") ? BoxLines.StrikeAcross : 0;
        lines |= IsOn(properties, "strikeV") ? BoxLines.StrikeDown : 0;
        lines |= IsOn(properties, "strikeBLTR") ? BoxLines.StrikeRising : 0;
        lines |= IsOn(properties, "strikeTLBR") ? BoxLines.StrikeFalling : 0;
        return new(Arg(e, "e"), lines) { Format = format };
    }

    // m:r, or w:r where something put one into an equation.
    private void ReadRun(Element run, ImmutableArray<EquationNode>.Builder items, bool isWordRun)
    {
        var format = FormatOf(run.Child("rPr"));
        if (format.IsHidden)
        {
            return;
        }

        var text = new StringBuilder();
        foreach (var e in run.Elements)
        {
            if (e.Is(Ns.Math, "rPr") || (e.Ns == Ns.W && e.Name is "rPr" or "lastRenderedPageBreak" or "delText" or "annotationRef" or "commentReference"))
            {
                continue;
            }

            if (e.Is(Ns.Math, "t") || e.Is("t"))
            {
                text.Append(e.Text);
            }
            else if (e.Is("br") && e["type"] is null or "textWrapping" && !isWordRun)
            {
                _breaks++;
            }
            else
            {
                Refuse(e.Name);
            }
        }

        if (text.Length > 0)
        {
            var style = isWordRun ? new EquationTextStyle(IsNormal: true, MathAlphabet.Roman, format.IsBold, format.IsItalic) : StyleOf(run.Child(Ns.Math, "rPr"));
            items.Add(new EquationText(Shown(text), style) { Format = format });
        }
    }

    // Line ends within a text are spaces; text that needs more than a glyph a character is not set here.
    private string Shown(StringBuilder text)
    {
        var shown = text.Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' ').ToString();
        foreach (var rune in shown.EnumerateRunes())
        {
            var isMark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
            var needsShaping = rune.Value is >= 0x590 and < 0x1100 or >= 0x1200 and < 0x1D00 or >= 0x1780 and < 0x1800 or >= 0xA800 and < 0xAC00 or >= 0xFB1D and < 0xFE00 or >= 0xFE70 and < 0xFF00 or >= 0x10800 and < 0x1D000;
            if (isMark || needsShaping)
            {
                Refuse("text of a complex script, or marks that combine");
                break;
            }
        }

        return shown;
    }

    private EquationTextStyle StyleOf(Element properties)
    {
        if (IsOn(properties, "aln") || properties.Child(Ns.Math, "brk").Exists)
        {
            Refuse("aln, brk");
        }

        var alphabet = Val(properties, "scr") switch
        {
            "script" => MathAlphabet.Script,
            "fraktur" => MathAlphabet.Fraktur,
            "double-struck" => MathAlphabet.DoubleStruck,
            "sans-serif" => MathAlphabet.SansSerif,
            "monospace" => MathAlphabet.Monospace,
            _ => MathAlphabet.Roman,
        };
        var style = Val(properties, "sty");
        return new(IsOn(properties, "nor"), alphabet, style is "b" or "bi", style is null or "i" or "bi");
    }

    private CharacterFormat FormatOf(Element rPr)
    {
        var format = rPr.Exists ? parts.Styles.Format(_context, rPr) : _plain;
        if (format.Underline != Underline.None || format.IsStruck || format.IsDoubleStruck || format.Highlight is not null || format.Shading is not null || format.Border is not null || format.IsCaps || format.IsSmallCaps
            || format.VerticalPosition != VerticalPosition.Baseline || format.Position != Pt.Zero || format.Spacing != Pt.Zero || format.Scale != 1)
        {
            parts.Scan.Found(Construct.EquationFormat);
        }

        return format;
    }

    private EquationRow Arg(Element e, string name) => ReadRow(e.Child(Ns.Math, name));

    private ImmutableArray<EquationRow> Args(Element e, string name)
    {
        var rows = ImmutableArray.CreateBuilder<EquationRow>();
        foreach (var child in e.Elements)
        {
            if (child.Is(Ns.Math, name) && ++_nodes <= MostNodes)
            {
                rows.Add(ReadRow(child));
            }
        }

        return rows.ToImmutable();
    }

    private static string? Val(Element properties, string name) => properties.Child(Ns.Math, name).Val;

    private static bool IsOn(Element properties, string name) => properties.Child(Ns.Math, name) is { Exists: true } element && AttributeText.IsOn(element.Val);

    private static bool IsOff(Element properties, string name) => properties.Child(Ns.Math, name) is { Exists: true } element && !AttributeText.IsOn(element.Val);

    // One character; an element without a value means none.
    private string Sign(Element properties, string name, string otherwise)
    {
        var element = properties.Child(Ns.Math, name);
        if (!element.Exists)
        {
            return otherwise;
        }

        var sign = element.Val ?? "";
        var runes = sign.EnumerateRunes().Count();
        if (runes > 1 || sign.Contains('\uFFFD', StringComparison.Ordinal))
        {
            Refuse(name);
        }

        return sign == " " ? "" : sign;
    }
}
