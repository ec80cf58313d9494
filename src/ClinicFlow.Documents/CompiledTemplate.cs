using System.Buffers;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Docx;

namespace ClinicFlow.Documents;

/// <summary>
/// A template ready to be rendered any number of times. Immutable, and safe for concurrent calls.
/// </summary>
public sealed class CompiledTemplate
{
    private readonly DocxTemplate _docx;

    internal CompiledTemplate(DocxTemplate docx)
    {
        _docx = docx;
        CanRender = docx.Problems.All(problem => problem.Severity != ProblemSeverity.Error);
    }

    /// <summary>The merge fields, in the order of their first appearance; each name once.</summary>
    public IReadOnlyList<TemplateField> Fields => _docx.Fields.Fields;

    /// <summary>What is wrong with the template, in document order. With an error among them nothing is rendered.</summary>
    public IReadOnlyList<Problem> Problems => _docx.Problems;

    /// <summary>Whether documents can be rendered: no problem is an error.</summary>
    public bool CanRender { get; }

    /// <summary>Whether the template takes further records into the same document (NEXT, NEXTIF: label sheets).</summary>
    public bool UsesNextRecord => _docx.Fields.UsesNextRecord;

    /// <summary>The parameters that ASK and FILLIN ask for, with prompt and default.</summary>
    public IReadOnlyList<TemplateParameter> Parameters => _docx.Fields.Parameters;

    /// <summary>
    /// What every DOCX of the template begins with: the parts of the package that no record changes. Who hashes many
    /// documents can hash this once. The same memory each time.
    /// </summary>
    public ReadOnlyMemory<byte> CommonStart => _docx.CommonStart;

    /// <summary>Renders one record as DOCX.</summary>
    /// <param name="record">The record.</param>
    /// <param name="options">The job's options.</param>
    /// <param name="output">Receives the document. Where the result is not <see cref="RenderResult.Rendered"/>, nothing has been written.</param>
    /// <exception cref="InvalidOperationException">The template has errors (<see cref="CanRender"/>).</exception>
    public RenderResult RenderDocx(MergeRecord record, RenderOptions options, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(record);
        return Render(record, null, 0, options, output);
    }

    /// <summary>Renders a document that takes its first record from <paramref name="records"/> and further ones at
    /// each NEXT field; the enumerator stands on the last record used afterwards.</summary>
    /// <param name="records">Stands before the first record.</param>
    /// <param name="sequence">How many records of the job were merged before this document (MERGESEQ).</param>
    /// <param name="options">The job's options.</param>
    /// <param name="output">Receives the document.</param>
    /// <returns>The result; null where <paramref name="records"/> has no record left.</returns>
    /// <exception cref="InvalidOperationException">The template has errors (<see cref="CanRender"/>).</exception>
    public RenderResult? RenderDocx(IEnumerator<MergeRecord> records, long sequence, RenderOptions options, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(records);
        return records.MoveNext() ? Render(records.Current, records, sequence, options, output) : null;
    }

    /// <summary>Binds one record, for a PDF (<see cref="Engines.PdfSource"/>) or for both formats from one bind.</summary>
    /// <param name="record">The record.</param>
    /// <param name="options">The job's options.</param>
    /// <exception cref="InvalidOperationException">The template has errors (<see cref="CanRender"/>).</exception>
    public BindResult Bind(MergeRecord record, RenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(record);
        return Bind(record, null, 0, options);
    }

    /// <summary>Binds a document that takes its first record from <paramref name="records"/> and further ones at each NEXT field; the
    /// enumerator stands on the last record used afterwards.</summary>
    /// <param name="records">Stands before the first record.</param>
    /// <param name="sequence">How many records of the job were merged before this document (MERGESEQ).</param>
    /// <param name="options">The job's options.</param>
    /// <returns>The result; null where <paramref name="records"/> has no record left.</returns>
    /// <exception cref="InvalidOperationException">The template has errors (<see cref="CanRender"/>).</exception>
    public BindResult? Bind(IEnumerator<MergeRecord> records, long sequence, RenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(records);
        return records.MoveNext() ? Bind(records.Current, records, sequence, options) : null;
    }

    /// <summary>For fields that find no column of their name: the column that is probably meant, by the field's name.</summary>
    /// <param name="columns">The columns of the data.</param>
    public IReadOnlyDictionary<string, string> SuggestColumns(IEnumerable<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var known = columns.ToHashSet(FieldNameComparer.Instance);
        var taken = Fields.Select(field => field.Name).ToHashSet(FieldNameComparer.Instance);
        string[] free = [.. known.Where(column => !taken.Contains(column))];
        var suggestions = new Dictionary<string, string>(FieldNameComparer.Instance);
        foreach (var field in Fields)
        {
            if (!known.Contains(field.Name) && Tags.DidYouMean.Find(field.Name, free) is { } column)
            {
                suggestions[field.Name] = column;
            }
        }

        return suggestions;
    }

    /// <summary>The columns that no field of the template uses, to be reported once a job.</summary>
    public IReadOnlyList<string> FindUnusedColumns(IEnumerable<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        return _docx.Fields.FindUnused(columns);
    }

    private RenderResult Render(MergeRecord record, IEnumerator<MergeRecord>? records, long sequence, RenderOptions options, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        RefuseWhereBroken();
        return _docx.Render(record, records, sequence, options, output);
    }

    private BindResult Bind(MergeRecord record, IEnumerator<MergeRecord>? records, long sequence, RenderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RefuseWhereBroken();
        return _docx.Bind(record, records, sequence, options);
    }

    private void RefuseWhereBroken()
    {
        if (!CanRender)
        {
            throw new InvalidOperationException("The template has errors and cannot be rendered; look at its Problems.");
        }
    }
}
