using System.Diagnostics;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Decides which sections hold, and goes through what the repeated ones repeat: fields are looked up in
/// <see cref="Current"/>, the innermost item. A note whose reference is repeated is a section too, once for each reference.
/// </summary>
internal sealed class BoundSections(BindState state)
{
    private const int MaxNesting = 64;

    private readonly Loop[] _loops = new Loop[MaxNesting];
    private readonly Dictionary<NoteKey, List<Note>> _notes = [];
    private int _depth;
    private int _nextNoteId;

    private struct Loop
    {
        public IReadOnlyList<MergeValue> Items;
        public Scope Scope;
        public List<Note>? Notes;
        public int NoteAt;
    }

    /// <summary>A note of its own for a reference in a repeated section: its id, and where its fields are looked up.</summary>
    private readonly record struct Note(int Id, Scope Scope);

    /// <summary>Where names are looked up first.</summary>
    public Scope Current => _depth > 0 ? _loops[_depth - 1].Scope : state.Root;

    /// <summary>Makes ready for a document.</summary>
    public void Start(TemplateFacts facts)
    {
        _notes.Clear();
        _depth = 0;
        _nextNoteId = facts.FreeNoteId;
    }

    /// <summary>Whether a section under a condition is printed.</summary>
    /// <param name="mark">The section.</param>
    /// <param name="cells">The table around it, for conditions over cells.</param>
    public bool Holds(SectionMark mark, CellFormulas cells)
    {
        switch (mark.Source)
        {
            case SectionSource.When test:
                return test.Condition.Holds(Current, state.Format);
            case SectionSource.Any any:
                var value = any.Expression.Evaluate(Current, state.Format).Value;
                return value.IsTrue != any.Inverted;
            case SectionSource.Has has:
                return Current.TryResolve(has.Expression.Path!, out var had)
                    && (has.IsList ? had.Kind is MergeValueKind.List or MergeValueKind.Text : had.Kind is not (MergeValueKind.List or MergeValueKind.Group));
            case SectionSource.WordIf condition:
                state.Fields.Data = Current;
                state.Fields.Cells = condition.UsesCells ? cells.TableSoFar() : null;
                var outcome = condition.Field.Holds(state.Fields);
                state.Fields.Cells = null;
                if (outcome.MissingField is { } missing)
                {
                    state.ReportMissing(mark, missing);
                }

                state.Report(outcome.Problem, mark);
                return outcome.Holds;
            default:
                throw new UnreachableException($"{mark.Source.GetType()}");
        }
    }

    /// <summary>Begins a repeated section at its first item. False where it has none.</summary>
    public bool Begin(SectionMark mark)
    {
        IReadOnlyList<MergeValue> items;
        switch (mark.Source)
        {
            case SectionSource.Notes { Note: var key }:
                if (!_notes.TryGetValue(key, out var notes))
                {
                    return false;
                }

                _loops[_depth++] = new Loop { Items = [], Notes = notes, Scope = notes[0].Scope };
                return true;
            case SectionSource.Each each:
                if (!TryList(each, mark, out items))
                {
                    return false;
                }

                break;
            case SectionSource.Any any:
                var value = any.Expression.Evaluate(Current, state.Format).Value;
                if (value.Kind == MergeValueKind.List)
                {
                    items = value.List;
                }
                else if (value.IsTrue)
                {
                    items = [value];
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

        if (_depth == MaxNesting)
        {
            state.Report(new Problem(ProblemCode.SectionCrosses, $"Sections are nested more than {MaxNesting} deep."), mark);
            return false;
        }

        var around = Current;
        _loops[_depth++] = new Loop { Items = items, Scope = new Scope(items[0], around) { Index = 1, Count = items.Count } };
        return true;
    }

    /// <summary>Goes on to the next item of the innermost repeated section. False behind the last one: the section has ended.</summary>
    public bool MoveNext()
    {
        ref var loop = ref _loops[_depth - 1];
        if (loop.Notes is { } notes && ++loop.NoteAt < notes.Count)
        {
            loop.Scope = notes[loop.NoteAt].Scope;
            return true;
        }

        if (loop.Notes is not null || loop.Scope.Index >= loop.Items.Count)
        {
            loop = default;
            _depth--;
            return false;
        }

        loop.Scope.Current = loop.Items[loop.Scope.Index++];
        return true;
    }

    /// <summary>A reference to a note stands here: the note is repeated for it, with the fields of this place.</summary>
    /// <returns>The id of its own note.</returns>
    public int ReferTo(NoteKey note)
    {
        if (!_notes.TryGetValue(note, out var references))
        {
            _notes[note] = references = [];
        }

        references.Add(new Note(_nextNoteId, Current.Copy()));
        return _nextNoteId++;
    }

    /// <summary>The id of the note that is being repeated.</summary>
    public int CurrentNoteId()
    {
        ref var loop = ref _loops[_depth - 1];
        return loop.Notes![loop.NoteAt].Id;
    }

    private bool TryList(SectionSource.Each each, SectionMark mark, out IReadOnlyList<MergeValue> items)
    {
        items = [];
        var evaluated = each.List.Evaluate(Current, state.Format);
        if (evaluated.MissingField is { } missing)
        {
            state.ReportMissing(mark, missing);
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
                state.Report(new Problem(ProblemCode.ValueKindMismatch, $"{each.List.Source} is to be repeated, but it is {value.KindName}, not a list.")
                {
                    Advice = "Give a list: an array in JSON, or a cell holding a JSON array.",
                    Field = each.List.Source,
                    ValueKind = value.KindName,
                }, mark);
                return false;
        }

        if (each.Where is not null || each.OrderBy is not null)
        {
            items = Chosen(each, items);
        }

        return true;
    }

    private List<MergeValue> Chosen(SectionSource.Each each, IReadOnlyList<MergeValue> items)
    {
        var (around, format) = (Current, state.Format);
        IEnumerable<MergeValue> chosen = items;
        if (each.Where is { } where)
        {
            chosen = chosen.Where(item => where.Holds(new Scope(item, around) { Count = items.Count }, format));
        }

        if (each.OrderBy is { } order)
        {
            chosen = order.Sort(chosen, around, format);
        }

        return [.. chosen];
    }
}
