using System.Globalization;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Fields;

/// <summary>
/// A Word field (or a piece of text) inside a field's instruction, as something that yields text once a record
/// is bound. Immutable; all that changes lives in the <see cref="FieldScope"/>.
/// </summary>
internal abstract class FieldNode
{
    /// <summary>Yields the text for the record that <paramref name="scope"/> stands at.</summary>
    public abstract FieldText Evaluate(FieldScope scope);

    /// <summary>The merge fields this node reads, its nested nodes' included, as the template writes their names.</summary>
    public virtual IEnumerable<string> ReadsFields => [];

    /// <summary>Whether the text depends on the layout (PAGE, NUMPAGES …, or a field that contains one): then the
    /// field must stay live in a DOCX.</summary>
    public virtual bool DependsOnLayout => false;
}

/// <summary>What a field yields.</summary>
/// <param name="Text">The text; for an error, Word's own <c>Error! …</c> text.</param>
/// <param name="MissingField">The name of a merge field that the record does not have; null where all are there.
/// What is printed then is the caller's rule (blank, keep, error).</param>
/// <param name="Error">What is wrong, as a problem without a place (the caller adds it); null where nothing is.</param>
internal readonly record struct FieldText(string Text, string? MissingField = null, Problem? Error = null)
{
    /// <summary>The number, date or truth value that <see cref="Text"/> prints, for comparisons and calculations;
    /// <see cref="MergeValue.Null"/> where only the text is known (formatted by a switch, or glued together).</summary>
    public MergeValue Value { get; init; }
}

/// <summary>
/// All that a field may read or change while one document is bound. One instance a document, used by one thread.
/// </summary>
internal sealed class FieldScope
{
    /// <summary>Where merge fields are looked up now.</summary>
    public required Scope Data { get; set; }

    /// <summary>The document's culture; a run's own language overrides it through <see cref="CultureOf"/>.</summary>
    public required CultureInfo Culture { get; init; }

    /// <summary>The job's local date and time: what DATE and TIME print. The same for all documents of a job.</summary>
    public required DateTime JobTime { get; init; }

    /// <summary>Answers to ASK and FILLIN, by bookmark name or prompt; compared with <see cref="FieldNameComparer"/>.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>The document's properties, for DOCPROPERTY, AUTHOR, TITLE …; keys compared case-insensitively.</summary>
    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    /// <summary>The document's variables, for DOCVARIABLE.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>What MAPPED names (<c>MERGEFIELD \m</c>, ADDRESSBLOCK, GREETINGLINE: "First Name", "Postal Code" …)
    /// mean in the data, where it is not the name itself.</summary>
    public required IReadOnlyDictionary<string, string> MappedFields { get; init; }

    /// <summary>Bookmark texts: what SET and ASK have set so far in this document, over what stands in the template.</summary>
    public Dictionary<string, string> Bookmarks { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>SEQ counters so far in this document.</summary>
    public Dictionary<string, int> Sequences { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The current record's number in its source (MERGEREC).</summary>
    public long RecordNumber { get; set; } = 1;

    /// <summary>How many records have been merged, this one included (MERGESEQ).</summary>
    public long MergeSequence { get; set; } = 1;

    /// <summary>Moves <see cref="Data"/>, <see cref="RecordNumber"/> and <see cref="MergeSequence"/> to the next record
    /// (NEXT, NEXTIF); false when there is none, and then nothing has moved. Null where a document takes one record.</summary>
    public Func<bool>? AdvanceRecord { get; set; }

    /// <summary>The current result of a layout field (PAGE, NUMPAGES …), where the caller knows it; null otherwise.</summary>
    public Func<Instruction, string?>? LiveResult { get; set; }

    /// <summary>Set by SKIPIF: this record gives no document.</summary>
    public bool SkipRecord { get; set; }

    /// <summary>The file name that FILENAME prints.</summary>
    public string FileName { get; init; } = "";

    /// <summary>The cells around a formula, for A1, ABOVE …; null outside a table.</summary>
    public IFormulaCells? Cells { get; set; }

    /// <summary>The culture of a language tag as a run carries it (<c>de-AT</c>); the document's where it is null or unknown.</summary>
    public CultureInfo CultureOf(string? language)
    {
        if (string.IsNullOrEmpty(language))
        {
            return Culture;
        }

        try
        {
            return CultureInfo.GetCultureInfo(language, predefinedOnly: true);
        }
        catch (CultureNotFoundException)
        {
            return Culture;
        }
    }
}

/// <summary>The table that a formula stands in, as texts. Rows and columns count from 1.</summary>
internal interface IFormulaCells
{
    /// <summary>The formula's own row.</summary>
    int Row { get; }

    /// <summary>The formula's own column.</summary>
    int Column { get; }

    /// <summary>How many rows the table has.</summary>
    int RowCount { get; }

    /// <summary>How many cells a row has; 0 for a row that is not there.</summary>
    int ColumnCount(int row);

    /// <summary>A cell's text; empty for a cell that is not there.</summary>
    string Text(int row, int column);
}

/// <summary>One piece of a field's instruction, in document order.</summary>
internal abstract record InstructionPart
{
    /// <summary>Instruction text, as the runs hold it (may contain typographic quotes).</summary>
    internal sealed record Text(string Value) : InstructionPart;

    /// <summary>A nested field or tag whose result is part of the instruction.</summary>
    internal sealed record Nested(FieldNode Node) : InstructionPart;

    /// <summary>The end of a paragraph inside the instruction; reads as a line break.</summary>
    internal sealed record ParagraphEnd : InstructionPart;

    /// <summary>Something without text (a picture, a table). It may stand in a branch of IF; elsewhere it is ignored.</summary>
    internal sealed record Opaque : InstructionPart;
}

/// <summary>A place in an instruction: before the character <paramref name="Offset"/> of part <paramref name="Part"/>
/// (offset 0 and 1 stand before and after a part that is not text).</summary>
internal readonly record struct InstructionPosition(int Part, int Offset);
