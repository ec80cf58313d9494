using System.Buffers;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents;

/// <summary>
/// A template ready to be rendered any number of times. Immutable, and safe for concurrent calls.
/// </summary>
public sealed class CompiledTemplate
{
    internal CompiledTemplate()
    {
    }

    /// <summary>The merge fields, in the order of their first appearance; each name once.</summary>
    public IReadOnlyList<TemplateField> Fields { get; } = [];

    /// <summary>What is wrong with the template, in document order. With an error among them nothing is rendered.</summary>
    public IReadOnlyList<Problem> Problems { get; } = [];

    /// <summary>Whether documents can be rendered: no problem is an error.</summary>
    public bool CanRender => Problems.All(problem => problem.Severity != ProblemSeverity.Error);

    /// <summary>Whether the template takes further records into the same document (NEXT, NEXTIF: label sheets).</summary>
    public bool UsesNextRecord { get; }

    /// <summary>The parameters that ASK and FILLIN ask for, with prompt and default.</summary>
    public IReadOnlyList<TemplateParameter> Parameters { get; } = [];

    /// <summary>Renders one record as DOCX.</summary>
    /// <param name="record">The record.</param>
    /// <param name="options">The job's options.</param>
    /// <param name="output">Receives the document. Where the result is not <see cref="RenderResult.Rendered"/>, nothing has been written.</param>
    public RenderResult RenderDocx(MergeRecord record, RenderOptions options, IBufferWriter<byte> output)
        => throw new NotImplementedException();

    /// <summary>Renders a document that takes its first record from <paramref name="records"/> and further ones at
    /// each NEXT field; the enumerator stands on the last record used afterwards.</summary>
    /// <param name="records">Stands before the first record.</param>
    /// <param name="sequence">How many documents of the job were merged before this one (MERGESEQ).</param>
    /// <param name="options">The job's options.</param>
    /// <param name="output">Receives the document.</param>
    public RenderResult RenderDocx(IEnumerator<MergeRecord> records, long sequence, RenderOptions options, IBufferWriter<byte> output)
        => throw new NotImplementedException();

    /// <summary>The columns that no field of the template uses, to be reported once a job.</summary>
    public IReadOnlyList<string> FindUnusedColumns(IEnumerable<string> columns)
        => throw new NotImplementedException();
}

/// <summary>What became of a render call.</summary>
public abstract record RenderResult
{
    private RenderResult()
    {
    }

    /// <summary>The document is written.</summary>
    /// <param name="LengthBytes">Its length in bytes.</param>
    /// <param name="Warnings">What a person may want to know, such as fields left blank.</param>
    public sealed record Rendered(long LengthBytes, IReadOnlyList<Problem> Warnings) : RenderResult;

    /// <summary>A SKIPIF field left this record out. Nothing is written.</summary>
    public sealed record Skipped : RenderResult;

    /// <summary>The record does not fit the template. Nothing is written.</summary>
    /// <param name="Problems">All that is wrong.</param>
    public sealed record Refused(IReadOnlyList<Problem> Problems) : RenderResult;
}

/// <summary>What a field's values look like, guessed from how the template uses it.</summary>
public enum FieldType
{
    /// <summary>Text, or anything.</summary>
    Text,

    /// <summary>A number: it has a number format or is calculated with.</summary>
    Number,

    /// <summary>A date: it has a date format.</summary>
    Date,

    /// <summary>Yes or no: a condition or a checkbox.</summary>
    Boolean,

    /// <summary>A list: it is repeated over.</summary>
    List,

    /// <summary>An image.</summary>
    Image,
}

/// <summary>A merge field of a template.</summary>
/// <param name="Name">The name as first written, with its path: <c>patient.name</c>; inside a list <c>visits.date</c>.</param>
/// <param name="Type">The guess of what it holds.</param>
/// <param name="IsOptional">Whether a record without it is fine: a content control or form field that keeps its own content then, or a field with a <c>default</c>.</param>
/// <param name="Places">Where it stands.</param>
public sealed record TemplateField(string Name, FieldType Type, bool IsOptional, IReadOnlyList<Place> Places);

/// <summary>A question that a template asks once a job (ASK, FILLIN).</summary>
/// <param name="Name">The bookmark name, or the prompt where there is none.</param>
/// <param name="Prompt">The question.</param>
/// <param name="Default">The answer where none is given.</param>
public sealed record TemplateParameter(string Name, string Prompt, string Default);
