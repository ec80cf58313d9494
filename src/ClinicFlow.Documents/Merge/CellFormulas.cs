using System.Buffers;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Formulas over the cells of a table, such as <c>{ =SUM(ABOVE) }</c>: their place is kept, and their result written when
/// the table around them is complete.
/// </summary>
internal sealed class CellFormulas(BindState state)
{
    private readonly Stack<(int Start, int FirstFormula)> _tables = new();
    private readonly List<Formula> _formulas = [];
    private byte[][] _segments = [];

    private readonly record struct Formula(FieldMark Mark, MergeProgram Program, int Index, int Op, int Chunk, Scope Scope);

    /// <summary>Whether there is a table around.</summary>
    public bool IsInTable => _tables.Count > 0;

    /// <summary>Makes ready for a document.</summary>
    public void Start()
    {
        _tables.Clear();
        _formulas.Clear();
    }

    /// <summary>Goes on in another part of the document.</summary>
    public void Enter(MergeProgram program) => _segments = program.Segments;

    /// <summary>A table begins.</summary>
    public void BeginTable() => _tables.Push((state.Story.OpCount, _formulas.Count));

    /// <summary>Keeps the place of a formula.</summary>
    public void Defer(FieldMark mark, MergeProgram program, int index, Scope scope)
        => _formulas.Add(new Formula(mark, program, index, state.Story.OpCount, state.Story.Reserve(), scope.Copy()));

    /// <summary>The innermost table up to here, standing at its last cell; null outside of tables.</summary>
    public BoundTable? TableSoFar()
    {
        if (!IsInTable)
        {
            return null;
        }

        var xml = new ArrayBufferWriter<byte>();
        for (var i = _tables.Peek().Start; i < state.Story.OpCount; i++)
        {
            xml.Write(state.Story.BytesOf(i, _segments));
        }

        var table = new BoundTable(xml.WrittenSpan, [xml.WrittenCount]);
        return table.MoveTo(0) ? table : null;
    }

    /// <summary>The innermost table is complete: its formulas are worked out, one after the other.</summary>
    /// <param name="slots">Writes their results.</param>
    public void EndTable(SlotWriter slots)
    {
        var story = state.Story;
        var (start, first) = _tables.Pop();
        var pending = _formulas.Skip(first).Where(formula => formula.Op < story.OpCount && story.Ops[formula.Op] == ~formula.Chunk).ToArray();
        _formulas.RemoveRange(first, _formulas.Count - first);
        if (pending.Length == 0)
        {
            return;
        }

        var xml = new ArrayBufferWriter<byte>();
        var positions = new List<int>();
        for (var i = start; i < story.OpCount; i++)
        {
            if (positions.Count < pending.Length && pending[positions.Count].Op == i)
            {
                positions.Add(xml.WrittenCount);
            }

            xml.Write(story.BytesOf(i, _segments));
        }

        var table = new BoundTable(xml.WrittenSpan, positions);
        for (var i = 0; i < pending.Length; i++)
        {
            state.Fields.Cells = table.MoveTo(i) ? table : null;
            story.BeginChunk();
            var text = slots.WriteField(pending[i].Mark, pending[i].Program, pending[i].Index, pending[i].Scope);
            story.EndReserved(pending[i].Chunk);
            table.SetResult(i, text);
        }

        state.Fields.Cells = null;
    }
}
