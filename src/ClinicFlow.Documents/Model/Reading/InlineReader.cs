using System.Collections.Immutable;
using System.Text;
using ClinicFlow.Documents.Model.Equations;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// Reads what stands in the lines of paragraphs. Fields that the layout decides stay fields; of the others the stored result is read.
/// A field can begin in one paragraph and end in another, so what is open is kept between paragraphs. Owned by one story's reader.
/// </summary>
internal sealed class InlineReader
{
    private readonly DocumentParts _parts;
    private readonly string _part;
    private readonly StoryReader _story;
    private readonly DrawingReader _drawings;
    private EquationReader? _equations;
    private readonly StringBuilder _text = new();
    private string? _onlyText;
    private ImmutableArray<Inline>.Builder _inlines = ImmutableArray.CreateBuilder<Inline>();
    private List<OpenField> _fields = [];
    private RunContext _context = null!;
    private bool _snapsToGrid = true;
    private CharacterFormat? _textFormat;
    private Link? _textLink;
    private Link? _link;

    public InlineReader(DocumentParts parts, string part, StoryReader story)
    {
        _parts = parts;
        _part = part;
        _story = story;
        _drawings = new DrawingReader(parts, part, story);
    }

    /// <summary>A field whose end has not come yet.</summary>
    private sealed class OpenField(CharacterFormat format)
    {
        public StringBuilder Instruction { get; } = new();

        public StringBuilder Cached { get; } = new();

        public bool IsInResult { get; set; }

        public bool HasResult { get; set; }

        public FieldText? Parsed { get; set; }

        /// <summary>Of its first character of result, else of its begin.</summary>
        public CharacterFormat Format { get; set; } = format;

        public bool HasResultFormat { get; set; }

        public Element FormData { get; init; }

        public Link? LinkBefore { get; set; }

        /// <summary>The instruction up to here in parts, where other fields stand in it; null where none does.</summary>
        public List<FieldFormula.Part>? Parts { get; private set; }

        /// <summary>Whether one of those is decided by the layout.</summary>
        public bool ReadsLayout { get; private set; }

        /// <summary>What it computes of them; null where it shows what is stored.</summary>
        public FieldFormula? Formula { get; set; }

        /// <summary>Whether something stands in the instruction that no text stands for: a picture, a break, a field that shows nothing as long as it was not worked out.</summary>
        public bool HasMore { get; set; }

        /// <summary>The instruction, each part of one format, where parts of it are shown (EQ); null for all others.</summary>
        public List<(string Text, CharacterFormat Format)>? Words { get; set; }

        /// <summary>Of the words of the instruction; the first one's until another is found.</summary>
        public CharacterFormat? WordFormat { get; set; }

        private int _inParts;

        public void AddNested(string shown, LayoutField? field)
        {
            EndPart();
            Parts!.Add(new(shown, field is null, field));
            ReadsLayout |= field is not null;
        }

        public void EndPart()
        {
            Parts ??= [];
            if (Instruction.Length > _inParts)
            {
                Parts.Add(new(Instruction.ToString(_inParts, Instruction.Length - _inParts), false, null));
                _inParts = Instruction.Length;
            }
        }
    }

    /// <summary>Whether a field that began in an earlier paragraph goes on.</summary>
    public bool HasOpenField => _fields.Count > 0;

    /// <summary>Begins a paragraph.</summary>
    public void Start(RunContext context, bool snapsToGrid = true)
    {
        (_context, _snapsToGrid) = (context, snapsToGrid);
        _inlines = ImmutableArray.CreateBuilder<Inline>();
        foreach (var field in _fields)
        {
            field.HasMore |= !field.IsInResult;
        }
    }

    /// <summary>Reads the content of w:p or of what is like it.</summary>
    public void Read(Element container)
    {
        foreach (var e in container.Elements)
        {
            switch (e.Ns)
            {
                case Ns.W:
                    ReadWord(e);
                    break;
                case Ns.Compatibility when e.Name == "AlternateContent":
                    Read(Alternative.Choose(e));
                    break;
                case Ns.Math:
                    ReadMath(e);
                    break;
                default:
                    _parts.Scan.Found(Construct.UnknownElement, e.Name);
                    break;
            }
        }
    }

    private void ReadMath(Element e)
    {
        _equations ??= new EquationReader(_parts, AddBookmark);
        switch (e.Name)
        {
            case "oMath":
                AddEquation(_equations.Read(e, _context));
                break;
            case "oMathPara":
                foreach (var equation in _equations.ReadParagraph(e, _context))
                {
                    AddEquation(equation);
                }

                break;
            default:
                _parts.Scan.Found(Construct.EquationPart, e.Name);
                break;
        }
    }

    private void AddEquation(Equation equation)
    {
        if (_link is not null)
        {
            _parts.Scan.Found(Construct.EquationPart, "in a link");
        }

        // In a field's instruction it decides what the field shows, and in a result that is laid out anew it is not shown.
        if (_fields.Count > 0)
        {
            _parts.Scan.Found(Construct.EquationPart, "in a field");
        }

        Add(equation, equation.AlternativeText);
    }

    /// <summary>Ends the paragraph.</summary>
    public ImmutableArray<Inline> Finish()
    {
        Flush();
        return _inlines.ToImmutable();
    }

    public void AddBookmark(Element e)
    {
        // Word's own invisible ones are no targets but for _Toc and _Ref.
        if (e["name"] is { Length: > 0 } name && name != "_GoBack")
        {
            Add(new Bookmark(name) { Format = _parts.Styles.Format(_context, CharacterProperties.None) });
        }
    }

    /// <summary>A text box is read in the middle of a paragraph: keeps what is open aside.</summary>
    public object SuspendFields()
    {
        Flush();
        var state = (_fields, _inlines, _context, _link);
        (_fields, _inlines, _link) = ([], ImmutableArray.CreateBuilder<Inline>(), null);
        return state;
    }

    public void ResumeFields(object state)
    {
        Flush();
        (_fields, _inlines, _context, _link) = ((List<OpenField>, ImmutableArray<Inline>.Builder, RunContext, Link?))state;
    }

    private void ReadWord(Element e)
    {
        switch (e.Name)
        {
            case "r":
                ReadRun(e);
                break;
            case "hyperlink":
                var before = _link;
                _link = LinkOf(e) ?? _link;
                Read(e);
                _link = before;
                break;
            case "fldSimple":
                ReadSimpleField(e);
                break;
            case "sdt":
                Read(e.Child("sdtContent"));
                break;
            case "ins" or "moveTo" or "smartTag" or "customXml" or "sdtContent":
                Read(e);
                break;
            case "dir" or "bdo":
                _parts.Scan.Found(Construct.RightToLeft);
                if (e.Name == "bdo")
                {
                    _parts.Scan.Found(Construct.UnknownElement, e.Name);
                }

                Read(e);
                break;
            case "bookmarkStart":
                AddBookmark(e);
                break;
            case "subDoc":
                _parts.Scan.Found(Construct.SubDocument);
                break;
            case "pPr" or "del" or "moveFrom" or "bookmarkEnd" or "proofErr" or "permStart" or "permEnd" or "commentRangeStart" or "commentRangeEnd"
                or "moveFromRangeStart" or "moveFromRangeEnd" or "moveToRangeStart" or "moveToRangeEnd" or "smartTagPr" or "customXmlPr"
                or "customXmlInsRangeStart" or "customXmlInsRangeEnd" or "customXmlDelRangeStart" or "customXmlDelRangeEnd"
                or "customXmlMoveFromRangeStart" or "customXmlMoveFromRangeEnd" or "customXmlMoveToRangeStart" or "customXmlMoveToRangeEnd" or "lastRenderedPageBreak":
                break;
            default:
                _parts.Scan.Found(Construct.UnknownElement, e.Name);
                break;
        }
    }

    private Link? LinkOf(Element e)
    {
        var anchor = e["anchor"];
        if (e[Ns.Relationships, "id"] is { } id)
        {
            return _parts.Relationship(_part, id) is { IsExternal: true, Target.Length: > 0 } target ? new Link(anchor is null ? target.Target : $"{target.Target}#{anchor}", null) : null;
        }

        return anchor is { Length: > 0 } ? new Link(null, anchor) : null;
    }

    private void ReadRun(Element run)
    {
        var rPr = run.Child("rPr");
        ReadRunContent(run, FormatOf(rPr));
    }

    private CharacterFormat FormatOf(Element rPr) => _parts.Styles.At(_parts.Styles.Format(_context, rPr), _snapsToGrid, _story.KeepsUpright);

    private void ReadRunContent(Element run, CharacterFormat format)
    {
        foreach (var e in run.Elements)
        {
            switch (e.Ns)
            {
                case Ns.W:
                    ReadRunChild(e, format);
                    break;
                case Ns.Compatibility when e.Name == "AlternateContent":
                    ReadRunContent(Alternative.Choose(e), format);
                    break;
                case Ns.Math when e.Name == "rPr":
                    break; // how it would look in an equation
                case Ns.Math:
                    _parts.Scan.Found(Construct.EquationPart, e.Name);
                    break;
                default:
                    _parts.Scan.Found(Construct.UnknownElement, e.Name);
                    break;
            }
        }
    }

    private void ReadRunChild(Element e, CharacterFormat format)
    {
        switch (e.Name)
        {
            case "rPr" or "lastRenderedPageBreak" or "delText" or "delInstrText" or "annotationRef" or "commentReference":
                break;
            case "t":
                AddText(e.Text, format);
                break;
            case "tab":
                Add(new Tab { Format = format, Link = _link }, "\t");
                break;
            case "br":
                Add(new Break(e["type"] switch { "page" => BreakKind.Page, "column" => BreakKind.Column, _ => BreakKind.Line },
                    e["clear"] switch { "left" => BreakClear.Left, "right" => BreakClear.Right, "all" => BreakClear.All, _ => BreakClear.None })
                { Format = format, Link = _link });
                break;
            case "cr":
                Add(new Break(BreakKind.Line) { Format = format, Link = _link });
                break;
            case "noBreakHyphen":
                AddText("\u2011", format);
                break;
            case "softHyphen":
                AddText("\u00AD", format);
                break;
            case "sym":
                if (e["char"] is { } code && int.TryParse(code, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 0xFFFF)
                {
                    _parts.Scan.Found(Construct.Symbol);
                    Add(new SymbolRun(e["font"] ?? format.Fonts.HighAnsi, number) { Format = format, Link = _link });
                }

                break;
            case "ptab":
                _parts.Scan.Found(Construct.PositionTab);
                Add(new PositionTab(e["alignment"] switch { "center" => TabAlignment.Center, "right" => TabAlignment.End, _ => TabAlignment.Start }, e["relativeTo"] != "indent", ParagraphProperties.LeaderOf(e["leader"])) { Format = format, Link = _link });
                break;
            case "fldChar":
                ReadFieldCharacter(e, format);
                break;
            case "instrText":
                if (_fields.Count > 0)
                {
                    AddInstruction(_fields[^1], e.Text, format);
                }

                break;
            case "pgNum":
                Add(new LayoutField(FieldKind.Page, null, "", "") { Format = format, Link = _link });
                break;
            case "footnoteReference" or "endnoteReference":
                AddNoteReference(e, format);
                break;
            case "footnoteRef" or "endnoteRef":
                Add(new NoteMark(e.Name == "endnoteRef") { Format = format });
                break;
            case "separator" or "continuationSeparator":
                Add(new NoteSeparatorLine(e.Name == "continuationSeparator") { Format = format });
                break;
            case "drawing":
                AddDrawings(_drawings.ReadDrawing(e, format, _link));
                break;
            case "pict":
                AddDrawings(_drawings.ReadPict(e, format, _link));
                break;
            case "object":
                AddDrawings(_drawings.ReadObject(e, format, _link));
                break;
            case "ruby":
                AddRuby(e, format);
                break;
            case "dayShort" or "monthShort" or "yearShort" or "dayLong" or "monthLong" or "yearLong":
                _parts.Scan.Found(Construct.EquationField, e.Name);
                break;
            default:
                _parts.Scan.Found(Construct.UnknownElement, e.Name);
                break;
        }
    }

    private void AddNoteReference(Element e, CharacterFormat format)
    {
        var isEndnote = e.Name == "endnoteReference";
        _parts.Scan.Found(isEndnote ? Construct.Endnote : Construct.Footnote);
        if (AttributeText.Int(e["id"]) is { } id && (isEndnote ? _parts.Endnotes : _parts.Footnotes).TryGetValue(id, out var index))
        {
            Add(new NoteReference(isEndnote, index, AttributeText.Bool(e["customMarkFollows"]) == true) { Format = format });
        }
        else
        {
            _parts.Scan.Found(Construct.DamagedReference);
        }
    }

    private void AddRuby(Element ruby, CharacterFormat format)
    {
        _parts.Scan.Found(Construct.Ruby);
        var properties = ruby.Child("rubyPr");
        var size = AttributeText.HalfPoints(properties.Child("hps").Val) ?? format.Size * 0.5;

        // The size of the small text is the guide's, whatever its runs say.
        ImmutableArray<Inline> text = [.. Part(ruby.Child("rt")).Select(inline => inline with { Format = _parts.Styles.Sized(inline.Format, size) })];
        var under = Part(ruby.Child("rubyBase"));
        Add(new Ruby(under, text, size, AttributeText.HalfPoints(properties.Child("hpsRaise").Val) ?? format.Size,
            properties.Child("rubyAlign").Val switch
            {
                "distributeLetter" => RubyAlignment.DistributeLetter,
                "distributeSpace" => RubyAlignment.DistributeSpace,
                "left" => RubyAlignment.Left,
                "right" => RubyAlignment.Right,
                "rightVertical" => RubyAlignment.RightVertical,
                _ => RubyAlignment.Center,
            })
        { Format = format });

        ImmutableArray<Inline> Part(Element e)
        {
            Flush();
            var outer = _inlines;
            _inlines = ImmutableArray.CreateBuilder<Inline>();
            Read(e);
            Flush();
            var read = _inlines.ToImmutable();
            _inlines = outer;
            return read;
        }
    }

    private void AddDrawings(ImmutableArray<Drawing> drawings)
    {
        foreach (var drawing in drawings)
        {
            Add(drawing);
        }
    }

    // --- Text ---
    private void AddText(string text, CharacterFormat format)
    {
        if (text.Length == 0 || Swallowed(text, format))
        {
            return;
        }

        if ((_text.Length > 0 || _onlyText is not null) && (!ReferenceEquals(format, _textFormat) || !ReferenceEquals(_link, _textLink)))
        {
            Flush();
        }

        (_textFormat, _textLink) = (format, _link);
        ScanText(text);

        // Most runs have one text, which stays as it is.
        var hasControls = text.AsSpan().ContainsAny('\t', '\n', '\r');
        if (_text.Length == 0 && _onlyText is null && !hasControls)
        {
            _onlyText = text;
            return;
        }

        if (_onlyText is { } only)
        {
            _text.Append(only);
            _onlyText = null;
        }

        // A tab or line break written as a character is one to Word as well.
        if (hasControls)
        {
            AddControls(text, format);
            return;
        }

        _text.Append(text);
    }

    private void AddControls(string text, CharacterFormat format)
    {
        foreach (var c in text)
        {
            switch (c)
            {
                case '\t':
                    Add(new Tab { Format = format, Link = _link });
                    break;
                case '\n' or '\r':
                    _text.Append(' ');
                    break;
                default:
                    _text.Append(c);
                    break;
            }

            (_textFormat, _textLink) = (format, _link);
        }
    }

    private void Add(Inline inline, string asText = "")
    {
        if (inline is not Bookmark && Swallowed(asText, inline.Format))
        {
            return;
        }

        Flush();
        _inlines.Add(inline);
    }

    private void Flush()
    {
        if (_onlyText is { } only)
        {
            _onlyText = null;
            _inlines.Add(new TextRun(only) { Format = _textFormat!, Link = _textLink });
        }
        else if (_text.Length > 0)
        {
            _inlines.Add(new TextRun(_text.ToString()) { Format = _textFormat!, Link = _textLink });
            _text.Clear();
        }
    }

    /// <summary>Notes the script of a text: not everything is laid out for each.</summary>
    public void ScanText(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u0590', '\uFFFF'))
        {
            return;
        }

        foreach (var c in text)
        {
            if (c is >= '\u0590' and <= '\u08FF' or >= '\uFB1D' and <= '\uFDFF' or >= '\uFE70' and <= '\uFEFC')
            {
                _parts.Scan.Found(Construct.RightToLeft);
                return;
            }

            if (c is >= '\u0900' and <= '\u109F' or >= '\u1780' and <= '\u17FF')
            {
                _parts.Scan.Found(Construct.ComplexScript);
                return;
            }

            if (c is >= '\u1100' and <= '\u11FF' or >= '\u2E80' and <= '\uD7FF' or >= '\uF900' and <= '\uFAFF' or >= '\uFF00' and <= '\uFFEF')
            {
                _parts.Scan.Found(Construct.EastAsianText);
                return;
            }
        }
    }

    // --- Fields ---

    /// <summary>Whether content here does not show: it is part of an instruction, or of the stored result of a field that is laid out anew.</summary>
    private bool Swallowed(string text, CharacterFormat format)
    {
        for (var i = 0; i < _fields.Count; i++)
        {
            var field = _fields[i];
            if (!field.IsInResult)
            {
                AddToInstruction(field, text);
                return true;
            }

            if (field is { Parsed.Kind: not null } or { Formula: not null })
            {
                if (!field.HasResultFormat)
                {
                    (field.Format, field.HasResultFormat) = (format, true);
                }

                if (field.Cached.Length < 1024)
                {
                    field.Cached.Append(text);
                }

                return true;
            }

            field.HasResult = true;
        }

        return false;
    }

    private static void AddInstruction(OpenField field, string text, CharacterFormat format)
    {
        // Word writes what a field in an instruction shows as a part of the instruction.
        if (field.IsInResult)
        {
            if (field.Cached.Length < 1024)
            {
                field.Cached.Append(text);
            }

            return;
        }

        if (field.Instruction.Length < 4096)
        {
            field.Instruction.Append(text);
            if (field.Words is not null || text.AsSpan().TrimStart().StartsWith("EQ", StringComparison.OrdinalIgnoreCase))
            {
                (field.Words ??= []).Add((text, format));
            }
        }

        if (!string.IsNullOrWhiteSpace(text))
        {
            field.HasMore |= field.WordFormat is { } before && !ReferenceEquals(before, format);
            field.WordFormat ??= format;
        }
    }

    // What stands in an instruction and is not its text is what another field shows in it.
    private void AddToInstruction(OpenField field, string text)
    {
        if (_fields[^1] is { IsInResult: true, Parsed.Kind: null } shown && text.Length > 0)
        {
            shown.HasResult = true;
            if (shown.Cached.Length < 1024)
            {
                shown.Cached.Append(text);
            }
        }
        else if (_fields[^1] is not { IsInResult: true, Parsed.Kind: not null })
        {
            field.HasMore = true;
        }
    }

    // In a header or footer Word works out fields while it lays pages out, so one that reads page numbers shows what it comes to on each. In the text it shows what is stored.
    private FieldFormula? FormulaOf(OpenField field, FieldText parsed)
    {
        if (!field.ReadsLayout || !_story.IsMargin)
        {
            return null;
        }

        field.EndPart();
        var formula = new FieldFormula([.. field.Parts!], (field.WordFormat ?? field.Format).Languages.Latin);
        if (field.HasMore || !(parsed.Name is "IF" or "COMPARE" or "QUOTE" || parsed.Name.StartsWith('=')) || formula.Evaluate(static _ => "1") is null)
        {
            _parts.Scan.Found(Construct.ComputedPageField, parsed.Name);
            return null;
        }

        return formula;
    }

    private void ReadFieldCharacter(Element e, CharacterFormat format)
    {
        switch (e["fldCharType"])
        {
            case "begin":
                if (_fields.Count < 64)
                {
                    _fields.Add(new OpenField(format) { FormData = e.Child("ffData") });
                }

                break;
            case "separate" when _fields.Count > 0:
                Separate(_fields[^1]);
                break;
            case "end" when _fields.Count > 0:
                End();
                break;
        }
    }

    private void Separate(OpenField field)
    {
        Flush();
        field.IsInResult = true;
        field.Parsed = FieldText.Parse(field.Instruction.ToString(), _parts.Styles);
        field.Formula = FormulaOf(field, field.Parsed);
        field.LinkBefore = _link;
        if (field.Parsed.Link is { } link)
        {
            _link = link;
        }
    }

    private void End()
    {
        Flush();
        var field = _fields[^1];
        _fields.RemoveAt(_fields.Count - 1);
        var parsed = field.Parsed ?? FieldText.Parse(field.Instruction.ToString(), _parts.Styles);
        if (field.IsInResult)
        {
            _link = field.LinkBefore;
        }

        if (!field.IsInResult)
        {
            field.Formula = FormulaOf(field, parsed);
        }

        var outer = _fields.Exists(other => !other.IsInResult) ? _fields[^1] : null;
        if (parsed.Kind is not null || field.Formula is not null)
        {
            var kind = parsed.Kind ?? FieldKind.Computed;
            if (kind == FieldKind.StyleReference)
            {
                _parts.Scan.Found(Construct.StyleReference);
            }

            var shown = new LayoutField(kind, parsed.Number, field.Cached.ToString(), parsed.Target) { Format = field.Format, Link = parsed.Link ?? _link, Formula = field.Formula };
            if (outer is null)
            {
                Add(shown, shown.Cached);
            }
            else if (outer.IsInResult)
            {
                // Of what it is a part is shown in an instruction, and changes from page to page.
                _fields.Find(other => !other.IsInResult)!.HasMore = true;
            }
            else
            {
                outer.AddNested("", shown);
            }

            return;
        }

        if (outer is { IsInResult: false })
        {
            outer.HasMore |= field is { HasResult: false, Cached.Length: 0 } || field.ReadsLayout;
            outer.AddNested(field.Cached.ToString(), null);
        }
        else if (!field.HasResult && outer is null)
        {
            if (field.ReadsLayout)
            {
                // Whoever made the file without Word relies on a program that works it out.
                _parts.Scan.Found(Construct.ComputedPageField, parsed.Name);
            }

            AddWithoutResult(field, parsed);
        }
    }

    private void AddWithoutResult(OpenField field, FieldText parsed)
    {
        switch (parsed.Name)
        {
            case "FORMCHECKBOX":
                var box = field.FormData.Child("checkBox");
                var isChecked = box.Child("checked") is { Exists: true } state ? AttributeText.IsOn(state.Val) : box.Child("default") is { Exists: true } usual && AttributeText.IsOn(usual.Val);
                AddText(isChecked ? "\u2612" : "\u2610", field.Format);
                break;
            case "FORMDROPDOWN":
                var list = field.FormData.Child("ddList");
                var chosen = AttributeText.Int(list.Child("result").Val) ?? AttributeText.Int(list.Child("default").Val) ?? 0;
                foreach (var entry in list.Elements)
                {
                    if (entry.Is("listEntry") && chosen-- == 0)
                    {
                        AddText(entry.Val ?? "", field.Format);
                        break;
                    }
                }

                break;
            case "MACROBUTTON" or "GOTOBUTTON":
                AddText(parsed.Rest, field.Format);
                break;
            case "SYMBOL":
                if (FieldText.Symbol(field.Instruction.ToString()) is { } symbol)
                {
                    Add(new SymbolRun(symbol.Font ?? field.Format.Fonts.HighAnsi, symbol.Code) { Format = field.Format, Link = _link });
                }
                else
                {
                    _parts.Scan.Found(Construct.EquationField, parsed.Name);
                }

                break;
            // These show nothing, or nothing but what was there: an empty answer.
            case "" or "XE" or "TC" or "TA" or "RD" or "SET" or "ASK" or "PRIVATE" or "NEXT" or "NEXTIF" or "SKIPIF" or "DATABASE" or "FORMTEXT" or "FILLIN" or "MERGEREC" or "MERGESEQ"
                or "IF" or "REF" or "HYPERLINK" or "DOCPROPERTY" or "DOCVARIABLE" or "MERGEFIELD" or "ADDRESSBLOCK" or "GREETINGLINE" or "QUOTE" or "TITLE" or "SUBJECT" or "AUTHOR" or "KEYWORDS" or "COMMENTS" or "TOC" or "INDEX" or "BIBLIOGRAPHY":
                break;
            // These Word draws or works out itself, and never stores what it shows.
            case "EQ" when field.Words is not null && EquationRuby.Of(field.Words) is { } ruby:
                _parts.Scan.Found(Construct.Ruby);
                ScanText(ruby.Under + ruby.Above);
                Add(new Ruby(
                    [new TextRun(ruby.Under) { Format = ruby.UnderFormat }], [new TextRun(ruby.Above) { Format = ruby.AboveFormat }], ruby.AboveFormat.Size, ruby.Raise, RubyAlignment.DistributeSpace)
                { Format = ruby.UnderFormat });
                break;
            case "EQ" or "ADVANCE" or "AUTONUM" or "AUTONUMLGL" or "AUTONUMOUT" or "BIDIOUTLINE" or "LISTNUM" or "DATE" or "TIME" or "BARCODE" or "DISPLAYBARCODE" or "MERGEBARCODE" or "PAGEREF" or "STYLEREF":
                _parts.Scan.Found(Construct.EquationField, parsed.Name);
                break;

            // What nobody worked out shows nothing until somebody does.
            default:
                break;
        }
    }

    private void ReadSimpleField(Element e)
    {
        var first = e.Child("r");
        var format = FormatOf(first.Exists ? first.Child("rPr") : default);
        var field = new OpenField(format) { FormData = e.Child("fldData") };
        field.Instruction.Append(e["instr"] ?? "");
        _fields.Add(field);
        Separate(field);
        var depth = _fields.Count;
        Read(e);
        while (_fields.Count > depth)
        {
            // A field that began inside and did not end there.
            End();
        }

        if (_fields.Count == depth)
        {
            End();
        }
    }
}
