using System.Buffers;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Runs merge programs against a record: the hot path's first half. One instance is used by one thread at a time and
/// holds all that one document needs; <see cref="Start"/> makes it ready for the next.
/// </summary>
internal sealed class Binder
{
    private readonly BindState _state = new();
    private readonly DrawingWriter _drawings = new();
    private readonly BoundSections _sections;
    private readonly CellFormulas _cells;
    private readonly FreshIds _ids;
    private readonly SlotWriter _slots;
    private readonly List<int> _lineStarts = [];
    private readonly List<int> _guards = [];
    private long _length;

    public Binder()
    {
        _sections = new BoundSections(_state);
        _cells = new CellFormulas(_state);
        _ids = new FreshIds(_state, _sections, _drawings);
        _slots = new SlotWriter(_state, _sections, _cells, _ids, new DrawnSlots(_state, _sections, _drawings));
    }

    /// <summary>What was found wrong with the record.</summary>
    public IReadOnlyList<Problem> Problems => _state.Problems;

    /// <summary>The images that the document gets besides those of the template.</summary>
    public IReadOnlyList<MediaFile> Media => _drawings.Media;

    /// <summary>Numbering instances for lists in rich content, to be added to the numbering part.</summary>
    public ReadOnlyMemory<byte> NumberingXml => _drawings.NumberingXml;

    /// <summary>Whether SKIPIF leaves the record out.</summary>
    public bool IsSkipped => _state.Fields.SkipRecord;

    /// <summary>Whether the document grew over <see cref="RenderOptions.MaxDocumentBytes"/>.</summary>
    public bool IsTooLarge => _length > _state.Options.MaxDocumentBytes;

    /// <summary>Whether an error was found.</summary>
    public bool HasErrors => _state.HasErrors;

    /// <summary>Makes ready for a document.</summary>
    /// <param name="facts">What the template knows about itself.</param>
    /// <param name="options">The job's options.</param>
    /// <param name="record">The first record.</param>
    /// <param name="records">Further records for NEXT; null where there are none.</param>
    /// <param name="sequence">How many documents were merged before this one.</param>
    public void Start(TemplateFacts facts, RenderOptions options, MergeRecord record, IEnumerator<MergeRecord>? records, long sequence)
    {
        _state.Start(facts, options, record, records, sequence);
        _sections.Start(facts);
        _cells.Start();
        _ids.Start(facts);
        _drawings.Start(facts, options);
        _lineStarts.Clear();
        _guards.Clear();
        _length = 0;
    }

    /// <summary>Binds one part.</summary>
    public void Bind(MergeProgram program, BoundStory story, RelationshipList relationships)
    {
        _state.Enter(story);
        _cells.Enter(program);
        _drawings.Enter(story, relationships);
        story.Clear();
        var ops = program.Ops;
        var segments = program.Segments;
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
                    _slots.Write(program, op.A);
                    story.EndChunk();
                    break;
                case OpCode.Unless:
                    if (!_sections.Holds((SectionMark)program.Marks[op.A], _cells))
                    {
                        at = op.B - 1;
                    }

                    break;
                case OpCode.Jump:
                    at = op.B - 1;
                    break;
                case OpCode.Repeat:
                    if (!_sections.Begin((SectionMark)program.Marks[op.A]))
                    {
                        at = op.B - 1;
                    }

                    break;
                case OpCode.Next:
                    if (_length + story.Length > _state.Options.MaxDocumentBytes)
                    {
                        _length += story.Length;
                        return;
                    }

                    if (_sections.MoveNext())
                    {
                        at = op.B - 1;
                    }

                    break;
                case OpCode.Guard:
                    RunGuard(((GuardMark)program.Marks[op.A]).Kind, story);
                    break;
            }
        }

        _length += story.Length;
    }

    private void RunGuard(GuardKind kind, BoundStory story)
    {
        switch (kind)
        {
            case GuardKind.LineStart:
                _lineStarts.Add(story.OpCount);
                _slots.LineIsBlank = true;
                break;
            case GuardKind.LineEnd:
                if (_slots.LineIsBlank)
                {
                    story.TakeBackTo(_lineStarts[^1]);
                }

                _lineStarts.RemoveAt(_lineStarts.Count - 1);
                break;
            case GuardKind.CellsStart:
                _cells.BeginTable();
                break;
            case GuardKind.CellsEnd:
                _cells.EndTable(_slots);
                break;
            case GuardKind.BlockStart or GuardKind.TableStart or GuardKind.TableRows:
                _guards.Add(story.OpCount);
                break;
            case GuardKind.BlockEnd:
                if (story.OpCount == _guards[^1])
                {
                    story.BeginChunk();
                    story.Write("<w:p/>"u8);
                    story.EndChunk();
                }

                _guards.RemoveAt(_guards.Count - 1);
                break;
            case GuardKind.TableEnd:
                // Behind the guard of the rows stands the table's end tag and nothing else: it has no row.
                if (story.OpCount == _guards[^1] + 1)
                {
                    story.TakeBackTo(_guards[^2]);
                }

                _guards.RemoveRange(_guards.Count - 2, 2);
                break;
        }
    }
}
