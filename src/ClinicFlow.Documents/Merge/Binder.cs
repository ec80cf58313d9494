using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using ClinicFlow.Documents.Content;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Fields;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Runs merge programs against a record: the hot path's first half. One instance is used by one thread at a time and
/// holds all that one document needs; <see cref="Start"/> makes it ready for the next.
/// </summary>
internal sealed class Binder
{
    private const int MaxNesting = 64;

    private readonly Loop[] _loops = new Loop[MaxNesting];
    private readonly List<Problem> _problems = [];
    private readonly DrawingWriter _drawings = new();
    private readonly Dictionary<int, int> _bookmarkIds = [];
    private readonly Dictionary<NoteKey, List<Note>> _notes = [];
    private readonly HashSet<string> _bookmarkNames = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<int> _lineStarts = [];
    private readonly List<int> _guards = [];
    private readonly Stack<(int Start, int FirstFormula)> _tables = new();
    private readonly List<Formula> _formulas = [];

    private RenderOptions _options = null!;
    private FormatContext _format = null!;
    private FieldScope _fields = null!;
    private Scope _root = null!;
    private IEnumerator<MergeRecord>? _records;
    private BoundStory _story = null!;
    private byte[][] _segments = [];
    private int _loopDepth;
    private int _nextBookmarkId;
    private int _nextNoteId;
    private bool _lineIsBlank;
    private bool _ranOut;
    private long _row;
    private long _length;

    private struct Loop
    {
        public IReadOnlyList<MergeValue> Items;
        public Scope Scope;
        public List<Note>? Notes;
        public int NoteAt;
    }

    /// <summary>A note of its own for a reference in a repeated section: its id, and where its fields are looked up.</summary>
    private readonly record struct Note(int Id, Scope Scope);

    /// <summary>What was found wrong with the record.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>The images that the document gets besides those of the template.</summary>
    public IReadOnlyList<MediaFile> Media => _drawings.Media;

    /// <summary>Numbering instances for lists in rich content, to be added to the numbering part.</summary>
    public ReadOnlyMemory<byte> NumberingXml => _drawings.NumberingXml;

    /// <summary>Whether SKIPIF leaves the record out.</summary>
    public bool IsSkipped => _fields.SkipRecord;

    /// <summary>Whether the document grew over <see cref="RenderOptions.MaxDocumentBytes"/>.</summary>
    public bool IsTooLarge => _length > _options.MaxDocumentBytes;

    /// <summary>Whether an error was found.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Makes ready for a document.</summary>
    /// <param name="facts">What the template knows about itself.</param>
    /// <param name="options">The job's options.</param>
    /// <param name="record">The first record.</param>
    /// <param name="records">Further records for NEXT; null where there are none.</param>
    /// <param name="sequence">How many documents were merged before this one.</param>
    public void Start(TemplateFacts facts, RenderOptions options, MergeRecord record, IEnumerator<MergeRecord>? records, long sequence)
    {
        _records = records;
        if (!ReferenceEquals(_options, options))
        {
            _options = options;
            _format = new FormatContext(options.Culture, options.JobTime);
        }

        _problems.Clear();
        _bookmarkIds.Clear();
        _notes.Clear();
        _bookmarkNames.Clear();
        _lineStarts.Clear();
        _guards.Clear();
        _tables.Clear();
        _formulas.Clear();
        _loopDepth = 0;
        _drawings.Start(facts, options);
        _nextBookmarkId = facts.FreeBookmarkId;
        _nextNoteId = facts.FreeNoteId;
        _ranOut = false;
        _row = record.Row;
        _length = 0;
        HasErrors = false;
        _root = new Scope(MergeValue.From(record.Values));
        _fields = new FieldScope
        {
            Data = _root,
            Culture = options.Culture,
            JobTime = options.JobTime,
            Parameters = options.Parameters,
            Properties = facts.Properties,
            Variables = facts.Variables,
            MappedFields = options.MappedFields,
            RecordNumber = record.Row,
            MergeSequence = sequence + 1,
            AdvanceRecord = Advance,
        };
    }

    /// <summary>Binds one part.</summary>
    public void Bind(MergeProgram program, BoundStory story, RelationshipList relationships)
    {
        _story = story;
        _drawings.Enter(story, relationships);
        story.Clear();
        var ops = program.Ops;
        var segments = program.Segments;
        _segments = segments;
        for (var at = 0; at < ops.Length; at++)
        {
            ref readonly var op = ref ops[at];
            switch (op.Code)
            {
                case OpCode.Literal:
                    story.Literal(op.A, segments[op.A].Length);
                    break;
                case OpCode.Slot:
                    story.BeginChunk();
                    WriteSlot(program, op.A);
                    story.EndChunk();
                    break;
                case OpCode.Unless:
                    if (!Holds((SectionMark)program.Marks[op.A]))
                    {
                        at = op.B - 1;
                    }

                    break;
                case OpCode.Jump:
                    at = op.B - 1;
                    break;
                case OpCode.Repeat:
                    if (!StartLoop((SectionMark)program.Marks[op.A]))
                    {
                        at = op.B - 1;
                    }

                    break;
                case OpCode.Next:
                    if (_length + story.Length > _options.MaxDocumentBytes)
                    {
                        _length += story.Length;
                        return;
                    }

                    if (NextItem())
                    {
                        at = op.B - 1;
                    }

                    break;
                case OpCode.Guard:
                    RunGuard(((GuardMark)program.Marks[op.A]).Kind);
                    break;
            }
        }

        _length += story.Length;
    }

    private bool Advance()
    {
        if (_records is null || !_records.MoveNext())
        {
            // Labels left over on the last sheet stay blank.
            _ranOut = true;
            _root.Current = MergeValue.From(MergeObject.Empty);
            return false;
        }

        _root.Current = MergeValue.From(_records.Current.Values);
        _row = _records.Current.Row;
        _fields.RecordNumber = _row;
        _fields.MergeSequence++;
        return true;
    }

    private Scope Current => _loopDepth > 0 ? _loops[_loopDepth - 1].Scope : _root;

    // --- Sections ---
    private bool Holds(SectionMark mark)
    {
        switch (mark.Source)
        {
            case SectionSource.When test:
                return test.Condition.Holds(Current, _format);
            case SectionSource.Any any:
                var value = any.Expression.Evaluate(Current, _format).Value;
                return value.IsTrue != any.Inverted;
            case SectionSource.Has has:
                return Current.TryResolve(has.Expression.Path!, out var had)
                    && (has.IsList ? had.Kind is MergeValueKind.List or MergeValueKind.Text : had.Kind is not (MergeValueKind.List or MergeValueKind.Group));
            case SectionSource.WordIf condition:
                _fields.Data = Current;
                _fields.Cells = _tables.Count > 0 && condition.UsesCells ? TableSoFar() : null;
                var outcome = condition.Field.Holds(_fields);
                _fields.Cells = null;
                if (outcome.MissingField is { } missing)
                {
                    ReportMissing(mark, missing);
                }

                Report(outcome.Problem, mark);
                return outcome.Holds;
            default:
                throw new UnreachableException($"{mark.Source.GetType()}");
        }
    }

    private bool StartLoop(SectionMark mark)
    {
        IReadOnlyList<MergeValue> items;
        switch (mark.Source)
        {
            case SectionSource.Notes { Note: var key }:
                if (!_notes.TryGetValue(key, out var notes))
                {
                    return false;
                }

                _loops[_loopDepth++] = new Loop { Items = [], Notes = notes, Scope = notes[0].Scope };
                return true;
            case SectionSource.Each each:
                if (!TryList(each, mark, out items))
                {
                    return false;
                }

                break;
            case SectionSource.Any any:
                var evaluated = any.Expression.Evaluate(Current, _format);
                if (evaluated.Value.Kind == MergeValueKind.List)
                {
                    items = evaluated.Value.List;
                }
                else if (evaluated.Value.IsTrue)
                {
                    items = [evaluated.Value];
                }
                else
                {
                    return false;
                }

                break;
            default:
                throw new UnreachableException($"{mark.Source.GetType()}");
        }

        if (items.Count == 0)
        {
            return false;
        }

        if (_loopDepth == MaxNesting)
        {
            Report(new Problem(ProblemCode.SectionCrosses, $"Sections are nested more than {MaxNesting} deep."), mark);
            return false;
        }

        var around = Current;
        _loops[_loopDepth++] = new Loop { Items = items, Scope = new Scope(items[0], around) { Index = 1, Count = items.Count } };
        return true;
    }

    private bool NextItem()
    {
        ref var loop = ref _loops[_loopDepth - 1];
        if (loop.Notes is { } notes && ++loop.NoteAt < notes.Count)
        {
            loop.Scope = notes[loop.NoteAt].Scope;
            return true;
        }

        if (loop.Notes is not null || loop.Scope.Index >= loop.Items.Count)
        {
            loop = default;
            _loopDepth--;
            return false;
        }

        loop.Scope.Current = loop.Items[loop.Scope.Index++];
        return true;
    }

    private bool TryList(SectionSource.Each each, SectionMark mark, out IReadOnlyList<MergeValue> items)
    {
        items = [];
        var evaluated = each.List.Evaluate(Current, _format);
        if (evaluated.MissingField is { } missing)
        {
            ReportMissing(mark, missing);
            return false;
        }

        var value = evaluated.Value;
        if (value.Kind == MergeValueKind.Text && MergeObjectJson.TryParseCell(value.Text, out var parsed))
        {
            // A cell of a CSV file or sheet can carry a list as JSON.
            value = parsed;
        }

        switch (value.Kind)
        {
            case MergeValueKind.Null:
            case MergeValueKind.Text when value.IsEmpty:
                return false;
            case MergeValueKind.List:
                items = value.List;
                break;
            case MergeValueKind.Group:
                items = [value];
                break;
            default:
                Report(new Problem(ProblemCode.ValueKindMismatch, $"{each.List.Source} is to be repeated, but it is {value.KindName}, not a list.")
                {
                    Advice = "Give a list: an array in JSON, or a cell holding a JSON array.",
                    Field = each.List.Source,
                    ValueKind = value.KindName,
                }, mark);
                return false;
        }

        if (each.Where is null && each.OrderBy is null)
        {
            return true;
        }

        var around = Current;
        IEnumerable<MergeValue> chosen = items;
        if (each.Where is { } where)
        {
            chosen = chosen.Where(item => where.Holds(new Scope(item, around) { Count = value.Kind == MergeValueKind.List ? value.List.Count : 1 }, _format));
        }

        if (each.OrderBy is { } order)
        {
            chosen = order.Sort(chosen, around, _format);
        }

        items = [.. chosen];
        return true;
    }

    // --- Guards ---
    private void RunGuard(GuardKind kind)
    {
        switch (kind)
        {
            case GuardKind.LineStart:
                _lineStarts.Add(_story.OpCount);
                _lineIsBlank = true;
                break;
            case GuardKind.LineEnd:
                if (_lineIsBlank)
                {
                    _story.TakeBackTo(_lineStarts[^1]);
                }

                _lineStarts.RemoveAt(_lineStarts.Count - 1);
                break;
            case GuardKind.CellsStart:
                _tables.Push((_story.OpCount, _formulas.Count));
                break;
            case GuardKind.CellsEnd:
                Calculate();
                break;
            case GuardKind.BlockStart or GuardKind.TableStart or GuardKind.TableRows:
                _guards.Add(_story.OpCount);
                break;
            case GuardKind.BlockEnd:
                if (_story.OpCount == _guards[^1])
                {
                    _story.BeginChunk();
                    _story.Write("<w:p/>"u8);
                    _story.EndChunk();
                }

                _guards.RemoveAt(_guards.Count - 1);
                break;
            case GuardKind.TableEnd:
                // Behind the guard of the rows stands the table's end tag and nothing else: it has no row.
                if (_story.OpCount == _guards[^1] + 1)
                {
                    _story.TakeBackTo(_guards[^2]);
                }

                _guards.RemoveRange(_guards.Count - 2, 2);
                break;
        }
    }

    // --- Formulas over cells ---
    private readonly record struct Formula(FieldMark Mark, MergeProgram Program, int Index, int Op, int Chunk, Scope Scope);

    // The place is kept; the result comes when the table is complete.
    private void Defer(FieldMark mark, MergeProgram program, int index)
        => _formulas.Add(new Formula(mark, program, index, _story.OpCount, _story.Reserve(), Current.Copy()));

    // The table up to here, standing at its last cell.
    private BoundTable? TableSoFar()
    {
        var xml = new ArrayBufferWriter<byte>();
        for (var i = _tables.Peek().Start; i < _story.OpCount; i++)
        {
            xml.Write(_story.BytesOf(i, _segments));
        }

        var table = new BoundTable(xml.WrittenSpan, [xml.WrittenCount]);
        return table.MoveTo(0) ? table : null;
    }

    private void Calculate()
    {
        var (start, first) = _tables.Pop();
        var pending = _formulas.Skip(first).Where(formula => formula.Op < _story.OpCount && _story.Ops[formula.Op] == ~formula.Chunk).ToArray();
        _formulas.RemoveRange(first, _formulas.Count - first);
        if (pending.Length == 0)
        {
            return;
        }

        var xml = new ArrayBufferWriter<byte>();
        var positions = new List<int>();
        for (var i = start; i < _story.OpCount; i++)
        {
            if (positions.Count < pending.Length && pending[positions.Count].Op == i)
            {
                positions.Add(xml.WrittenCount);
            }

            xml.Write(_story.BytesOf(i, pending[0].Program.Segments));
        }

        var table = new BoundTable(xml.WrittenSpan, positions);
        for (var i = 0; i < pending.Length; i++)
        {
            _fields.Cells = table.MoveTo(i) ? table : null;
            _story.BeginChunk();
            var text = WriteField(pending[i].Mark, pending[i].Program, pending[i].Index, pending[i].Scope);
            _story.EndReserved(pending[i].Chunk);
            table.SetResult(i, text);
        }

        _fields.Cells = null;
    }

    // --- Slots ---
    private void WriteSlot(MergeProgram program, int index)
    {
        var mark = program.Marks[index];
        switch (mark)
        {
            case ValueMark value:
                WriteValue(value, program, index);
                break;
            case FieldMark { UsesCells: true } formula when _tables.Count > 0:
                Defer(formula, program, index);
                break;
            case FieldMark field:
                WriteField(field, program, index, Current);
                break;
            case ControlMark control:
                WriteControl(control, program, index);
                break;
            case FreshMark fresh:
                WriteFresh(fresh);
                break;
            case CheckboxMark checkbox:
                _story.Write(checkbox.Condition.Holds(Current, _format) ? checkbox.Checked : checkbox.Unchecked);
                break;
            case DrawingMark or BarcodeFieldMark or PictureMark or RichMark:
                _fields.Data = Current;
                WriteDrawn(mark, program, index);
                break;
            default:
                throw new UnreachableException($"{mark.GetType()}");
        }
    }

    private void WriteValue(ValueMark mark, MergeProgram program, int index)
    {
        var evaluated = mark.Expression.Evaluate(Current, _format);
        if (evaluated.MissingField is { } missing)
        {
            WriteMissing(mark, missing, program, index, null);
            return;
        }

        var printed = evaluated.Expected is null ? ValueText.Print(evaluated.Value, _format.Culture) : default;
        if ((evaluated.Expected ?? printed.Expected) is { } expected)
        {
            ReportMismatch(mark, mark.Expression.Source, expected, evaluated.Value);
            return;
        }

        WriteText(printed.Value.Text, program.Contexts[index]);
    }

    private void WriteText(string text, SlotContext context)
    {
        switch (context)
        {
            case SlotContext.Text:
                XmlText.WriteRunText(text, _story);
                break;
            case SlotContext.Instruction:
                XmlText.WriteEscaped(text.AsSpan().IndexOfAny('"', '\\') < 0 ? text
                    : text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal), _story);
                break;
            default:
                XmlText.WriteEscaped(text, _story);
                break;
        }
    }

    private string WriteField(FieldMark mark, MergeProgram program, int index, Scope scope)
    {
        _fields.Data = scope;
        var result = mark.Node.Evaluate(_fields);
        Report(result.Error, mark);
        if (result.MissingField is { } missing && !_ranOut)
        {
            _lineIsBlank &= _options.MissingData is MissingData.Blank or MissingData.Error;
            WriteMissing(mark, missing, program, index, mark.KeepXml);
            return "";
        }

        if (mark.IsSilent || result.Text.Length == 0)
        {
            return "";
        }

        if (!string.IsNullOrWhiteSpace(result.Text))
        {
            _lineIsBlank = false;
        }

        WriteText(result.Text, program.Contexts[index]);
        return result.Text;
    }

    private void WriteMissing(Mark mark, string field, MergeProgram program, int index, byte[]? keepXml)
    {
        ReportMissing(mark, field);
        var context = program.Contexts[index];
        switch (_options.MissingData)
        {
            case MissingData.Keep when context == SlotContext.Text && keepXml is not null:
                _story.Write("</w:t></w:r>"u8);
                _story.Write(keepXml);
                Reopen(program.RunProperties[index]);
                break;
            case MissingData.Keep:
                WriteText(mark is FieldMark ? $"«{field}»" : mark.Raw, context);
                break;
            case MissingData.Highlight when context == SlotContext.Text:
                _story.Write("</w:t></w:r><w:r><w:rPr><w:highlight w:val=\"yellow\"/></w:rPr><w:t xml:space=\"preserve\">["u8);
                XmlText.WriteEscaped(field, _story);
                _story.Write("]</w:t></w:r>"u8);
                Reopen(program.RunProperties[index]);
                break;
        }

        void Reopen(byte[] properties)
        {
            _story.Write("<w:r>"u8);
            _story.Write(properties);
            _story.Write("<w:t xml:space=\"preserve\">"u8);
        }
    }

    private void WriteControl(ControlMark mark, MergeProgram program, int index)
    {
        var context = program.Contexts[index];
        var path = mark.Expression.Path!;
        if (!Current.TryResolve(path, out var value) || value.Kind is MergeValueKind.List or MergeValueKind.Group)
        {
            WriteText(mark.Original, context);
            return;
        }

        switch (mark.Kind)
        {
            case ControlValue.Checked:
                WriteText(IsTicked(value) ? "1" : "0", context);
                break;
            case ControlValue.CheckGlyph:
                WriteText(IsTicked(value) ? mark.Glyphs.Checked : mark.Glyphs.Unchecked, context);
                break;
            case ControlValue.Date when mark.Picture is { } picture && ValueReader.TryDate(value, _options.Culture, out var date):
                WriteText(picture.Format(date, _fields.CultureOf(mark.Language), _fields.Sequences), context);
                break;
            case ControlValue.EntryIndex:
            case ControlValue.EntryShown:
                WriteEntry(mark, value, context);
                break;
            default:
                WriteText(ValueText.Print(value, _format.Culture).Value.Text, context);
                break;
        }
    }

    private static bool IsTicked(MergeValue value) => ValueReader.TryTruth(value, out var truth) ? truth : value.IsTrue;

    private void WriteEntry(ControlMark mark, MergeValue value, SlotContext context)
    {
        var text = ValueText.Print(value, _format.Culture).Value.Text;
        for (var i = 0; i < mark.Entries.Count; i++)
        {
            if (string.Equals(mark.Entries[i].Value, text, StringComparison.OrdinalIgnoreCase) || string.Equals(mark.Entries[i].Shown, text, StringComparison.OrdinalIgnoreCase))
            {
                WriteText(mark.Kind == ControlValue.EntryIndex ? i.ToString(CultureInfo.InvariantCulture) : mark.Entries[i].Shown, context);
                return;
            }
        }

        if (mark.Kind == ControlValue.EntryShown)
        {
            WriteText(text, context);
            return;
        }

        WriteText(mark.Original, context);
        if (text.Length > 0)
        {
            Report(new Problem(ProblemCode.ValueKindMismatch, $"The value of {mark.Raw} is no entry of the drop-down list.")
            {
                Advice = "Add the entry to the list in the template, or mend the value.",
                Field = mark.Raw,
                ValueKind = value.KindName,
            }, mark);
        }
    }

    private void WriteDrawn(Mark mark, MergeProgram program, int index)
    {
        switch (mark)
        {
            case DrawingMark { Field: { } field }:
                var named = field.Source!.Evaluate(_fields);
                WriteImage(mark, named.Text, named.MissingField, ((DrawingMark)mark).MaxWidthEmu, default);
                break;
            case DrawingMark drawing:
                WriteDrawing(drawing);
                break;
            case BarcodeFieldMark barcode:
                var text = barcode.Field.Evaluate(_fields);
                Report(text.Error, mark);
                if (text.MissingField is { } missing)
                {
                    ReportMissing(mark, missing);
                }
                else if (text.Error is null && text.Text.Length > 0)
                {
                    Report(_drawings.WriteSymbol(barcode.Field.Kind, text.Text, barcode.Field.Size, barcode.Field.ShowsText, 0, barcode.Raw), mark);
                }

                break;
            case PictureMark picture:
                WritePicture(picture);
                break;
            case RichMark rich:
                WriteRich(rich, program, index);
                break;
        }
    }

    private void WriteDrawing(DrawingMark mark)
    {
        var expression = mark.Expression!;
        var evaluated = expression.Evaluate(Current, _format);
        if (evaluated.MissingField is { } missing)
        {
            ReportMissing(mark, missing);
            return;
        }

        var printed = evaluated.Expected is null ? ValueText.Print(evaluated.Value, _format.Culture) : default;
        if ((evaluated.Expected ?? printed.Expected) is { } expected)
        {
            ReportMismatch(mark, expression.Source, expected, evaluated.Value);
            return;
        }

        var text = printed.Value.Kind == MergeValueKind.Text ? printed.Value.Text : "";
        if (text.Length == 0)
        {
            return;
        }

        switch (mark.Tag)
        {
            case Tag.Image image:
                WriteImage(mark, text, null, mark.MaxWidthEmu, image.Size);
                break;
            case Tag.Qr qr:
                Report(_drawings.WriteSymbol(BarcodeKind.Qr, text, qr.Size, showsText: false, mark.MaxWidthEmu, expression.Source), mark);
                break;
            case Tag.Barcode barcode:
                Report(_drawings.WriteSymbol(barcode.Kind, text, barcode.Size, showsText: true, mark.MaxWidthEmu, expression.Source), mark);
                break;
        }
    }

    private void WriteImage(Mark mark, string text, string? missing, long maxWidthEmu, DrawingSize size)
    {
        if (missing is not null)
        {
            ReportMissing(mark, missing);
        }
        else if (!string.IsNullOrWhiteSpace(text))
        {
            Report(_drawings.WriteImage(text, size, maxWidthEmu, NameOf(mark)), mark);
        }
    }

    private void WritePicture(PictureMark mark)
    {
        var evaluated = mark.Expression.Evaluate(Current, _format);
        if (evaluated.MissingField is { } missing && !mark.IsOptional)
        {
            ReportMissing(mark, missing);
        }

        var value = evaluated.Value;
        if (evaluated.MissingField is not null || value.IsEmpty)
        {
            XmlText.WriteEscaped(mark.OriginalId, _story);
            return;
        }

        if (value.Kind != MergeValueKind.Text)
        {
            ReportMismatch(mark, mark.Expression.Source, "an image", value);
            return;
        }

        Report(_drawings.WriteImageId(value.Text, NameOf(mark)), mark);
    }

    private static string NameOf(Mark mark) => mark switch
    {
        DrawingMark { Expression: { } expression } => expression.Source,
        PictureMark picture => picture.Expression.Source,
        _ => mark.Raw,
    };

    private void WriteRich(RichMark mark, MergeProgram program, int index)
    {
        var evaluated = mark.Expression.Evaluate(Current, _format);
        if (evaluated.MissingField is { } missing)
        {
            ReportMissing(mark, missing);
        }

        var printed = evaluated.Expected is null ? ValueText.Print(evaluated.Value, _format.Culture) : default;
        if ((evaluated.Expected ?? printed.Expected) is { } expected)
        {
            ReportMismatch(mark, mark.Expression.Source, expected, evaluated.Value);
            return;
        }

        var text = printed.Value.Kind == MergeValueKind.Text ? printed.Value.Text : "";
        if (text.Length > 0)
        {
            _drawings.WriteRich(mark, text);
        }
    }

    private void WriteFresh(FreshMark mark)
    {
        switch (mark.Kind)
        {
            case FreshKind.DrawingId:
                WriteNumber(_drawings.NextDrawingId());
                break;
            case FreshKind.BookmarkStartId:
                _bookmarkIds[mark.Key] = _nextBookmarkId;
                WriteNumber(_nextBookmarkId++);
                break;
            case FreshKind.BookmarkEndId:
                WriteNumber(_bookmarkIds.TryGetValue(mark.Key, out var id) ? id : int.Parse(mark.Original, CultureInfo.InvariantCulture));
                break;
            case FreshKind.NoteReference:
                if (!_notes.TryGetValue(mark.Note, out var references))
                {
                    _notes[mark.Note] = references = [];
                }

                references.Add(new Note(_nextNoteId, Current.Copy()));
                WriteNumber(_nextNoteId++);
                break;
            case FreshKind.NoteId:
                ref var loop = ref _loops[_loopDepth - 1];
                WriteNumber(loop.Notes![loop.NoteAt].Id);
                break;
            case FreshKind.BookmarkName:
                var name = mark.Original;
                for (var copy = 2; !_bookmarkNames.Add(name); copy++)
                {
                    var suffix = string.Create(CultureInfo.InvariantCulture, $"_{copy}");
                    name = string.Concat(mark.Original.AsSpan(0, Math.Min(mark.Original.Length, 40 - suffix.Length)), suffix);
                }

                XmlText.WriteEscaped(name, _story);
                break;
        }
    }

    private void WriteNumber(int number)
    {
        var span = _story.GetSpan(12);
        number.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        _story.Advance(written);
    }

    // --- Problems ---
    private void ReportMissing(Mark mark, string field)
    {
        if (_ranOut)
        {
            return;
        }

        var severity = _options.MissingData == MissingData.Error ? ProblemSeverity.Error : ProblemSeverity.Warning;
        if (_problems.Exists(problem => problem.Code == ProblemCode.ValueMissing && problem.Field == field && problem.Row == _row))
        {
            return;
        }

        Add(new Problem(ProblemCode.ValueMissing, $"The record has no field {field}.")
        {
            Advice = "Add a column of that name to the data, or correct the name in the template.",
            Severity = severity,
            Field = field,
            Place = mark.Place,
            Row = _row,
        });
    }

    private void ReportMismatch(Mark mark, string field, string expected, MergeValue value)
        => Report(new Problem(ProblemCode.ValueKindMismatch, $"{field} must be {expected}, but the record has {value.KindName} there.")
        {
            Advice = "Correct the value in the data, or the format in the template.",
            Field = field,
            ValueKind = value.KindName,
        }, mark);

    private void Report(Problem? problem, Mark mark)
    {
        if (problem is not null)
        {
            Add(problem with { Place = problem.Place == Place.Nowhere ? mark.Place : problem.Place, Row = _row });
        }
    }

    private void Add(Problem problem)
    {
        HasErrors |= problem.Severity == ProblemSeverity.Error;
        if (_problems.Count < 1000)
        {
            _problems.Add(problem);
        }
    }
}
