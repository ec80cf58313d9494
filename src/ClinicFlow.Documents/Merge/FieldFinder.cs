using System.Xml.Linq;
using ClinicFlow.Documents.Fields;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Finds Word's fields in a flow, simple and complex, nested and over several paragraphs, and replaces those that
/// read the record by marks. Layout fields (PAGE, TOC …) stay as they are, with nested record fields replaced in place.
/// </summary>
/// <remarks>
/// The steps: (1) simple fields become complex ones and runs are cut so that each holds one thing; (2) the flow is
/// read as a list of items; (3) begin, separate and end are paired into a tree; (4) from the inside out each field's
/// instruction is parsed; (5) from the outside in each field is replaced.
/// </remarks>
/// <param name="story">The story the flow belongs to.</param>
/// <param name="isSetBookmark">Whether a bookmark gets its text from SET or ASK, so that a REF to it is a record field.</param>
internal sealed class FieldFinder(Story story, Func<string, bool> isSetBookmark)
{
    private readonly WordNames _names = story.Names;
    private readonly Runs _runs = new(story.Names);
    private readonly List<Item> _items = [];

    // Paragraphs whose content has moved to the one before.
    private readonly Dictionary<XElement, XElement> _mergedInto = [];

    private enum ItemKind
    {
        Run,
        ParagraphEnd,
        Opaque,
    }

    private sealed record Item(ItemKind Kind, XElement Element);

    private sealed class Field(int begin)
    {
        public int Begin { get; } = begin;

        public int Separate { get; set; } = -1;

        public int End { get; set; } = -1;

        public int InstructionEnd => Separate >= 0 ? Separate : End;

        public List<Field> InInstruction { get; } = [];

        public List<Field> InResult { get; } = [];

        /// <summary>The field understood; null where it is nested too deep to look at.</summary>
        public ParsedField? Parse { get; set; }

        /// <summary>Whether it needs the layout for its result, whatever it is.</summary>
        public bool IsKept { get; set; }

        /// <summary>Whether a record gives its result.</summary>
        public bool IsOfRecord => !IsKept && Parse is { Kind: FieldKind.Computed or FieldKind.Region or FieldKind.Barcode } or { Kind: FieldKind.Picture, Node: IncludePictureField { ReadsRecord: true } };

        public WordField? Node => Parse?.Node;

        public List<InstructionPart> Parts { get; } = [];

        /// <summary>For each part the item it comes from, and the nested field where it is one.</summary>
        public List<(int Item, Field? Nested)> Sources { get; } = [];
    }

    /// <summary>Replaces the record fields of a flow.</summary>
    public void FindIn(XElement flow)
    {
        // 1.
        foreach (var simple in story.InFlow(flow).Where(element => element.Name == _names.FldSimple).ToArray())
        {
            ExpandSimple(simple);
        }

        foreach (var run in story.InFlow(flow)
            .Where(element => element.Name == _names.R && (element.Element(_names.FldChar) ?? element.Element(_names.InstrText)) is not null).ToArray())
        {
            _runs.SplitAll(run);
        }

        if (!story.InFlow(flow).Any(element => element.Name == _names.FldChar))
        {
            return;
        }

        // 2.
        _items.Clear();
        _mergedInto.Clear();
        ReadItems(flow);

        // 3.
        var roots = Pair();

        if (_items.Count(item => item.Kind == ItemKind.Run && item.Element.Element(_names.FldChar) is not null) > 3 * Story.MaxMarks)
        {
            story.ReportTooMany(flow, null);
            return;
        }

        // 4. and 5.
        foreach (var field in roots)
        {
            Resolve(field, 0);
        }

        foreach (var field in roots)
        {
            Replace(field);
        }
    }

    // A simple field that Word lays out stays; any other is written as a complex one, so that one path serves both.
    private void ExpandSimple(XElement simple)
    {
        var instruction = simple.Attribute(_names.Instr)?.Value ?? "";
        if (FieldParser.Parse([new InstructionPart.Text(instruction)]).Kind is FieldKind.Live or FieldKind.NeverFetched or FieldKind.Picture)
        {
            return;
        }

        var style = simple.Descendants(_names.R).FirstOrDefault() ?? new XElement(_names.R);
        var result = simple.Nodes().ToArray();
        foreach (var node in result)
        {
            node.Remove();
        }

        simple.ReplaceWith(
            FieldChar(style, "begin"),
            _runs.Like(style, new XElement(_names.InstrText, new XAttribute(WordNames.Space, "preserve"), instruction)),
            FieldChar(style, "separate"),
            result,
            FieldChar(style, "end"));
    }

    private XElement FieldChar(XElement style, string type)
        => _runs.Like(style, new XElement(_names.FldChar, new XAttribute(_names.FldCharType, type)));

    private void ReadItems(XElement parent)
    {
        foreach (var child in parent.Elements())
        {
            if (child.Name == _names.R)
            {
                _items.Add(new Item(ItemKind.Run, child));
            }
            else if (child.Name == _names.P)
            {
                ReadItems(child);
                _items.Add(new Item(ItemKind.ParagraphEnd, child));
            }
            else if (Mark.Is(child))
            {
                _items.Add(new Item(ItemKind.Opaque, child));
            }
            else if (child.Name == _names.Tbl)
            {
                // For a field around it a table is one thing; fields inside its cells are read for themselves.
                _items.Add(new Item(ItemKind.Opaque, child));
                ReadItems(child);
            }
            else if (child.Name != _names.Del && child.Name != _names.MoveFrom && child.Name != _names.PPr && child.Name != _names.TxbxContent)
            {
                ReadItems(child);
            }
        }
    }

    private List<Field> Pair()
    {
        var roots = new List<Field>();
        var open = new Stack<Field>();
        for (var i = 0; i < _items.Count; i++)
        {
            if (_items[i].Kind != ItemKind.Run || _items[i].Element.Element(_names.FldChar) is not { } fldChar)
            {
                continue;
            }

            switch (fldChar.Attribute(_names.FldCharType)?.Value)
            {
                case "begin":
                    open.Push(new Field(i));
                    break;
                case "separate" when open.TryPeek(out var current):
                    current.Separate = i;
                    break;
                case "end" when open.TryPop(out var ended):
                    ended.End = i;
                    if (open.TryPeek(out var around))
                    {
                        (around.Separate < 0 ? around.InInstruction : around.InResult).Add(ended);
                    }
                    else
                    {
                        roots.Add(ended);
                    }

                    break;
                default:
                    Unclosed(_items[i].Element, "A field ends here that never began.");
                    break;
            }
        }

        foreach (var never in open)
        {
            Unclosed(_items[never.Begin].Element, "A field begins here that never ends.");

            // What stands inside it is still read, so that all problems come at once.
            roots.AddRange(never.InInstruction);
            roots.AddRange(never.InResult);
        }

        return roots;

        void Unclosed(XElement run, string message) => story.Problems.Add(new Problem(ProblemCode.FieldNotClosed, message)
        {
            Advice = "Delete the field in Word (Alt+F9 shows the field codes) and insert it again.",
            Place = story.PlaceOf(run),
        });
    }

    private void Resolve(Field field, int depth)
    {
        if (depth > 32)
        {
            story.Problems.Add(new Problem(ProblemCode.FieldNotUnderstood, "Fields are nested more than 32 deep.")
            {
                Advice = "Build the text in fewer steps.",
                Place = story.PlaceOf(_items[field.Begin].Element),
            });
            return;
        }

        foreach (var nested in field.InInstruction.Concat(field.InResult))
        {
            Resolve(nested, depth + 1);
        }

        ReadInstruction(field);
        var parse = FieldParser.Parse(field.Parts, LanguageOf(field));
        if (parse.Problem is { } problem)
        {
            story.Problems.Add(problem with { Place = PlaceOf(field) });
        }

        field.Parse = parse;
        field.IsKept = DependsOnLayout(field, parse);
    }

    private void ReadInstruction(Field field)
    {
        var nested = 0;
        for (var i = field.Begin + 1; i < field.InstructionEnd; i++)
        {
            if (nested < field.InInstruction.Count && field.InInstruction[nested].Begin == i)
            {
                var inner = field.InInstruction[nested++];
                Add(i, inner.IsOfRecord ? new InstructionPart.Nested(inner.Node!) : new InstructionPart.Opaque(), inner);
                i = inner.End;
                continue;
            }

            var item = _items[i];
            Add(i, item.Kind switch
            {
                ItemKind.ParagraphEnd => new InstructionPart.ParagraphEnd(),
                ItemKind.Opaque => new InstructionPart.Opaque(),
                _ => PartOf(item.Element),
            });
        }

        void Add(int item, InstructionPart part, Field? inner = null)
        {
            field.Parts.Add(part);
            field.Sources.Add((item, inner));
        }
    }

    private InstructionPart PartOf(XElement run)
    {
        var content = run.Elements().FirstOrDefault(child => child.Name != _names.RPr);
        if (content is null)
        {
            return new InstructionPart.Text("");
        }

        if (content.Elements().FirstOrDefault(Mark.Is) is { } mark && story.Marks.Of(mark) is ValueMark value)
        {
            return new InstructionPart.Nested(new TagNode(value.Expression));
        }

        return content.Name == _names.InstrText || content.Name == _names.T ? new InstructionPart.Text(content.Value)
            : content.Name == _names.Tab || content.Name == _names.Br || content.Name == _names.Cr ? new InstructionPart.Text(" ")
            : content.Name == _names.NoBreakHyphen ? new InstructionPart.Text("-")
            : new InstructionPart.Opaque();
    }

    // A field that reads a layout field can only be calculated by who lays out, unless the layout field just stands in a branch.
    private static bool DependsOnLayout(Field field, ParsedField parse)
    {
        for (var i = 0; i < field.Sources.Count; i++)
        {
            if (field.Sources[i].Nested is { IsOfRecord: false } && !(parse.Node is IfField condition && IsInBranch(condition, i)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsInBranch(IfField field, int part)
        => Covers(field.TrueBranch, part) || Covers(field.FalseBranch, part);

    private static bool Covers(InstructionArgument? branch, int part)
        => branch is not null && IsAtOrBefore(branch.Start, new InstructionPosition(part, 0)) && IsAtOrBefore(new InstructionPosition(part, 1), branch.End);

    private static bool IsAtOrBefore(InstructionPosition a, InstructionPosition b)
        => a.Part < b.Part || (a.Part == b.Part && a.Offset <= b.Offset);

    private string? LanguageOf(Field field)
        => _items[Math.Min(field.Begin + 1, _items.Count - 1)].Element.Element(_names.RPr)?.Element(_names.Lang)?.Attribute(_names.Val)?.Value;

    private Place PlaceOf(Field field)
        => story.PlaceOf(_items[field.Begin].Element, RawOf(field));

    private static string RawOf(Field field) => $"{{ {string.Concat(field.Parts.Select(part => part is InstructionPart.Text text ? text.Value : "…")).Trim()} }}";

    private void Replace(Field field)
    {
        // A REF to text of the document itself stays: Word keeps it up to date.
        if (field.IsOfRecord && !(field.Node is RefField { Bookmark: var bookmark } && !isSetBookmark(bookmark)))
        {
            ReplaceRecordField(field);
        }
        else
        {
            KeepLive(field);
        }
    }

    private void KeepLive(Field field)
    {
        foreach (var nested in field.InInstruction)
        {
            if (nested is { IsOfRecord: true, Node: { } node } && !(node is RefField { Bookmark: var bookmark } && !isSetBookmark(bookmark)))
            {
                var style = StyleOf(nested);
                _items[nested.Begin].Element.AddBeforeSelf(_runs.Like(style, new XElement(_names.InstrText, new XAttribute(WordNames.Space, "preserve"),
                    story.Marks.Add(new FieldMark { Node = node, Place = PlaceOf(nested), Raw = RawOf(nested) }))));
                Drop(nested.Begin, nested.End);
            }
            else
            {
                KeepLive(nested);
            }
        }

        FillFormField(field);
        foreach (var nested in field.InResult)
        {
            Replace(nested);
        }
    }

    private void ReplaceRecordField(Field field)
    {
        var begin = _items[field.Begin].Element;
        var place = PlaceOf(field);
        var raw = RawOf(field);
        var node = field.Node!;
        XElement replacement;
        switch (node)
        {
            case IfField condition:
                ReplaceIf(field, condition);
                return;
            case MergeField { Region: not MergeRegion.None } region:
                replacement = RegionOf(region, place, raw, StyleOf(field));
                break;
            case BarcodeField barcode:
                replacement = _runs.Like(StyleOf(field), story.Marks.Add(new BarcodeFieldMark { Field = barcode, Place = place, Raw = raw }));
                break;
            case IncludePictureField picture:
                replacement = _runs.Like(StyleOf(field), story.Marks.Add(new DrawingMark
                {
                    Tag = new Tag.Image(Expression.OfName(raw), default),
                    Field = picture,
                    Place = place,
                    Raw = raw,
                }));
                break;
            default:
                var mark = story.Marks.Add(new FieldMark
                {
                    Node = node,
                    Place = place,
                    Raw = raw,
                    IsSilent = node is SetField or AskField or NextField or NextIfField or SkipIfField,
                    SuppressesBlankLine = node is MergeField,
                    KeepXml = node is MergeField ? XmlOf(field) : null,
                });
                replacement = ((FieldMark)story.Marks.Of(mark)).IsSilent ? mark
                    : _runs.Like(StyleOf(field), new XElement(_names.T, new XAttribute(WordNames.Space, "preserve"), mark));
                break;
        }

        begin.AddBeforeSelf(replacement);
        Drop(field.Begin, field.End);
    }

    // What a person sees of a field is its result: its formatting is what the value gets, unless the switch says otherwise.
    private XElement StyleOf(Field field)
    {
        XElement? style = null;
        if (field.Separate >= 0 && !(field.Node?.Format.UsesCharFormat ?? false))
        {
            style = ShownRun(field.Separate + 1, field.End);
        }

        style ??= ShownRun(field.Begin + 1, field.InstructionEnd) ?? _items[field.Begin].Element;
        var copy = new XElement(style);
        copy.Element(_names.RPr)?.Element(_names.W + "noProof")?.Remove();
        return copy;
    }

    private XElement? ShownRun(int from, int end)
    {
        for (var i = from; i < end; i++)
        {
            if (_items[i].Kind == ItemKind.Run && _items[i].Element.Element(_names.FldChar) is null && !string.IsNullOrWhiteSpace(_items[i].Element.Value))
            {
                return _items[i].Element;
            }
        }

        return null;
    }

    private byte[]? XmlOf(Field field)
    {
        var parent = _items[field.Begin].Element.Parent;
        var runs = Enumerable.Range(field.Begin, field.End - field.Begin + 1).Select(i => _items[i]).ToArray();
        return runs.All(item => item.Kind == ItemKind.Run && item.Element.Parent == parent && !item.Element.Descendants().Any(Mark.Is))
            ? [.. runs.SelectMany(item => ProgramWriter.Serialize(item.Element))]
            : null;
    }

    private XElement RegionOf(MergeField region, Place place, string raw, XElement style)
    {
        var expression = Expression.OfName(region.RegionName);
        return region.Region switch
        {
            MergeRegion.TableStart => Section(SectionRole.Open, new SectionSource.Each(expression, null, null, false)),
            MergeRegion.GroupStart => Section(SectionRole.Open, new SectionSource.Any(expression, false)),
            MergeRegion.Image => _runs.Like(style, story.Marks.Add(new DrawingMark { Tag = new Tag.Image(expression, default), Place = place, Raw = raw })),
            _ => Section(SectionRole.Close, new SectionSource.End(region.RegionName)),
        };

        XElement Section(SectionRole role, SectionSource source)
            => story.Marks.Add(new SectionMark { Role = role, Source = source, Place = place, Raw = raw });
    }

    // IF: its branches stay in place as ordinary content between the boundaries of a section; all else of it goes.
    private void ReplaceIf(Field field, IfField condition)
    {
        var place = PlaceOf(field);
        var raw = RawOf(field);
        var otherwise = Boundary(SectionRole.Else, new SectionSource.Otherwise());
        var otherwiseStands = false;
        _items[field.Begin].Element.AddBeforeSelf(Boundary(SectionRole.Open, new SectionSource.WordIf(condition)));
        var dropped = new List<(int From, int To)> { (field.Begin, field.Begin) };

        for (var part = 0; part < field.Parts.Count; part++)
        {
            var (item, nested) = field.Sources[part];
            var element = _items[item].Element;
            var startsOtherwise = !otherwiseStands && condition.FalseBranch is { } no && no.Start.Part <= part;
            if (field.Parts[part] is InstructionPart.Text { Value: var text } && IsPlainText(element))
            {
                if (Slice(condition.TrueBranch, part, text) is { Length: > 0 } yesText)
                {
                    element.AddBeforeSelf(_runs.Like(element, _runs.Text(yesText)));
                }

                if (startsOtherwise)
                {
                    element.AddBeforeSelf(otherwise);
                    otherwiseStands = true;
                }

                if (Slice(condition.FalseBranch, part, text) is { Length: > 0 } noText)
                {
                    element.AddBeforeSelf(_runs.Like(element, _runs.Text(noText)));
                }

                dropped.Add((item, item));
                continue;
            }

            if (startsOtherwise)
            {
                element.AddBeforeSelf(otherwise);
                otherwiseStands = true;
            }

            if (!IsInBranch(condition, part))
            {
                dropped.Add((item, nested?.End ?? item));
            }
            else if (nested is not null)
            {
                Replace(nested);
            }
            else if (element.Element(_names.InstrText) is { } instrText)
            {
                // A tag in a branch: it prints text now.
                instrText.Name = _names.T;
            }
        }

        var end = _items[field.InstructionEnd].Element;
        if (!otherwiseStands && condition.FalseBranch is not null)
        {
            end.AddBeforeSelf(otherwise);
        }

        end.AddBeforeSelf(Boundary(SectionRole.Close, new SectionSource.End("")));
        dropped.Add((field.InstructionEnd, field.End));
        foreach (var (from, to) in dropped)
        {
            Drop(from, to);
        }

        XElement Boundary(SectionRole role, SectionSource source)
            => story.Marks.Add(new SectionMark { Role = role, Source = source, Place = place, Raw = raw });

        bool IsPlainText(XElement run) => run.Elements().All(child => child.Name == _names.RPr || child.Name == _names.InstrText || child.Name == _names.T);
    }

    private static string? Slice(InstructionArgument? branch, int part, string text)
    {
        if (branch is null || branch.Start.Part > part || branch.End.Part < part)
        {
            return null;
        }

        var from = branch.Start.Part == part ? Math.Min(branch.Start.Offset, text.Length) : 0;
        var to = branch.End.Part == part ? Math.Min(branch.End.Offset, text.Length) : text.Length;
        return from >= to ? null : Unescape(text[from..to]);
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\')
            {
                i++;
            }

            plain.Append(text[Math.Min(i, text.Length - 1)]);
        }

        return plain.ToString();
    }

    // A legacy form field is filled where the record has a value of its bookmark's name, and stays as it is where not.
    private void FillFormField(Field field)
    {
        var data = _items[field.Begin].Element.Element(_names.FldChar)?.Element(_names.FfData);
        var name = data?.Element(_names.Name)?.Attribute(_names.Val)?.Value;
        if (data is null || string.IsNullOrWhiteSpace(name))
        {
            return;
        }

        var expression = Expression.OfName(name);
        var place = PlaceOf(field);
        if (data.Element(_names.W + "checkBox") is { } checkBox)
        {
            var isChecked = checkBox.Element(_names.W + "checked");
            var original = isChecked is null ? checkBox.Element(_names.W + "default")?.Attribute(_names.Val)?.Value ?? "0" : isChecked.Attribute(_names.Val)?.Value ?? "1";
            isChecked?.Remove();
            checkBox.Add(new XElement(_names.W + "checked", new XAttribute(_names.Val, story.Marks.AddToAttribute(
                new ControlMark { Kind = ControlValue.Checked, Expression = expression, Original = original, Place = place, Raw = name }))));
        }
        else if (data.Element(_names.W + "ddList") is { } list)
        {
            var result = list.Element(_names.W + "result");
            var entries = list.Elements(_names.W + "listEntry").Select(entry => entry.Attribute(_names.Val)?.Value ?? "").ToArray();
            var original = result?.Attribute(_names.Val)?.Value ?? list.Element(_names.W + "default")?.Attribute(_names.Val)?.Value ?? "0";
            result?.Remove();
            list.AddFirst(new XElement(_names.W + "result", new XAttribute(_names.Val, story.Marks.AddToAttribute(new ControlMark
            {
                Kind = ControlValue.EntryIndex,
                Expression = expression,
                Original = original,
                Entries = [.. entries.Select(entry => (entry, entry))],
                Place = place,
                Raw = name,
            }))));
        }
        else if (field.Separate >= 0 && _items[field.Separate].Element.Parent == _items[field.End].Element.Parent)
        {
            var style = ShownRun(field.Separate + 1, field.End) ?? _items[field.Separate].Element;
            _items[field.Separate].Element.AddAfterSelf(
                Boundary(SectionRole.Open, new SectionSource.Has(expression)),
                _runs.Like(style, new XElement(_names.T, new XAttribute(WordNames.Space, "preserve"),
                    story.Marks.Add(new ControlMark { Kind = ControlValue.Text, Expression = expression, Place = place, Raw = name }))),
                Boundary(SectionRole.Else, new SectionSource.Otherwise()));
            _items[field.End].Element.AddBeforeSelf(Boundary(SectionRole.Close, new SectionSource.End("")));
        }

        XElement Boundary(SectionRole role, SectionSource source)
            => story.Marks.Add(new SectionMark { Role = role, Source = source, Place = place, Raw = name });
    }

    // Removes what stands between two items, both included; paragraphs whose boundary goes become one.
    private void Drop(int from, int to)
    {
        for (var i = from; i <= to; i++)
        {
            if (_items[i].Kind != ItemKind.ParagraphEnd && _items[i].Element.Parent is not null)
            {
                _items[i].Element.Remove();
            }
        }

        for (var i = from; i <= to; i++)
        {
            if (_items[i].Kind == ItemKind.ParagraphEnd)
            {
                JoinWithNext(_items[i].Element);
            }
        }
    }

    private void JoinWithNext(XElement paragraph)
    {
        while (_mergedInto.TryGetValue(paragraph, out var into))
        {
            paragraph = into;
        }

        if (paragraph.Parent is null || paragraph.ElementsAfterSelf().FirstOrDefault() is not { } next || next.Name != _names.P
            || paragraph.Element(_names.PPr)?.Element(_names.SectPr) is not null)
        {
            return;
        }

        var moved = next.Nodes().Where(node => node is not XElement element || element.Name != _names.PPr).ToArray();
        foreach (var node in moved)
        {
            node.Remove();
        }

        paragraph.Add(moved);
        if (next.Element(_names.PPr)?.Element(_names.SectPr) is { } section)
        {
            if (paragraph.Element(_names.PPr) is not { } properties)
            {
                properties = new XElement(_names.PPr);
                paragraph.AddFirst(properties);
            }

            section.Remove();
            properties.Add(section);
        }

        next.Remove();
        _mergedInto[next] = paragraph;
    }
}
