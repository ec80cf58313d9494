using System.Buffers;
using ClinicFlow.Documents.Docx;
using ClinicFlow.Documents.Merge;

namespace ClinicFlow.Documents;

/// <summary>
/// A record bound to a template and not yet packed into a file: what both a DOCX and a PDF are made from. Immutable, and safe for concurrent calls.
/// </summary>
public sealed class BoundDocument
{
    private readonly BoundContent _content;
    private readonly Lazy<byte[]> _docx;

    internal BoundDocument(DocxTemplate template, in BoundContent content)
    {
        (Template, _content) = (template, content);
        _docx = new(() =>
        {
            var output = new ArrayBufferWriter<byte>(32 * 1024);
            WriteDocx(output);
            return output.WrittenSpan.ToArray();
        });
    }

    internal DocxTemplate Template { get; }

    internal ref readonly BoundContent Content => ref _content;

    /// <summary>Packs the document as DOCX.</summary>
    /// <param name="output">Receives the file.</param>
    /// <returns>Its length in bytes.</returns>
    public long WriteDocx(IBufferWriter<byte> output) => Template.Write(_content, output);

    /// <summary>The document as DOCX; packed at the first call and kept.</summary>
    public ReadOnlyMemory<byte> ToDocx() => _docx.Value;
}

/// <summary>What became of binding a record.</summary>
public abstract record BindResult
{
    private BindResult()
    {
    }

    /// <summary>The record is bound.</summary>
    /// <param name="Document">The document.</param>
    /// <param name="Warnings">What a person may want to know, such as fields left blank.</param>
    public sealed record Bound(BoundDocument Document, IReadOnlyList<Problem> Warnings) : BindResult;

    /// <summary>A SKIPIF field left this record out.</summary>
    public sealed record Skipped : BindResult;

    /// <summary>The record does not fit the template.</summary>
    /// <param name="Problems">All that is wrong.</param>
    public sealed record Refused(IReadOnlyList<Problem> Problems) : BindResult;
}
