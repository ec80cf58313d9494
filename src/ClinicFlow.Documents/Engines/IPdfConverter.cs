using System.Buffers;
namespace ClinicFlow.Documents.Engines;

/// <summary>
/// Turns finished DOCX documents into PDF. Implementations are safe for concurrent calls and own their
/// processes and temporary files: after a call, cancelled or not, none of them is left.
/// </summary>
public interface IPdfConverter : IAsyncDisposable
{
    /// <summary>What the engine is called in messages and reports, such as <c>LibreOffice 7.4.7</c>.</summary>
    string EngineName { get; }

    /// <summary>
    /// Converts one document. The converter gathers concurrent calls into batches as it sees fit, so ask for
    /// many at once where many are wanted.
    /// </summary>
    /// <param name="document">The document. Its name goes into errors only, and must hold no patient data.</param>
    /// <param name="cancellationToken">Stops waiting, and the work where it is no longer wanted by anyone.</param>
    /// <returns>The PDF.</returns>
    /// <exception cref="PdfConversionException">The engine could not make a PDF of this document, also when tried a second time on a fresh process.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<ReadOnlyMemory<byte>> ConvertAsync(PdfSource document, CancellationToken cancellationToken = default);

    /// <summary>The same, and what is known of the PDF. Unless an implementation knows more, its pages are counted and the rest is left empty.</summary>
    /// <param name="document">The document.</param>
    /// <param name="cancellationToken">Stops waiting, and the work.</param>
    /// <exception cref="PdfConversionException">As of <see cref="ConvertAsync"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    async Task<ConvertedPdf> MakeAsync(PdfSource document, CancellationToken cancellationToken = default)
    {
        var pdf = await ConvertAsync(document, cancellationToken).ConfigureAwait(false);
        return new ConvertedPdf(pdf, PdfEngineKind.LibreOffice) { Pages = PdfMerge.CountPages(pdf) };
    }

    /// <summary>
    /// The same, straight into the caller's buffer where the engine makes the document on the calling thread: for callers that have threads of their own for such work,
    /// and hand the file on without a copy. The buffer is written to before the call returns, or not at all. Unless an implementation says otherwise, it is not.
    /// </summary>
    /// <param name="document">The document.</param>
    /// <param name="output">Gets the file where <see cref="ConvertedPdf.Pdf"/> is empty; otherwise what was written to it is of no use.</param>
    /// <param name="cancellationToken">Stops waiting, and the work.</param>
    /// <exception cref="PdfConversionException">As of <see cref="ConvertAsync"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<ConvertedPdf> MakeAsync(PdfSource document, IBufferWriter<byte> output, CancellationToken cancellationToken = default) => MakeAsync(document, cancellationToken);
}

/// <summary>A document to make a PDF of: a DOCX file, or a record bound to a template, of which a DOCX is only packed where an engine wants one.</summary>
public readonly record struct PdfSource
{
    private readonly ReadOnlyMemory<byte> _docx;

    /// <summary>A file.</summary>
    /// <param name="name">The name that errors give it, such as <c>row 17</c> or a file name.</param>
    /// <param name="docx">The document's bytes.</param>
    public PdfSource(string name, ReadOnlyMemory<byte> docx) => (Name, _docx) = (name, docx);

    /// <summary>A bound record.</summary>
    /// <param name="name">The name that errors give it, such as <c>row 17</c>.</param>
    /// <param name="document">The document.</param>
    public PdfSource(string name, BoundDocument document) => (Name, Bound) = (name, document);

    /// <summary>The name that errors give it; holds no patient data.</summary>
    public string Name { get; }

    /// <summary>The record and its template; null for a file.</summary>
    public BoundDocument? Bound { get; }

    /// <summary>The document's bytes; of a bound record, packed at the first call.</summary>
    public ReadOnlyMemory<byte> Docx => Bound?.ToDocx() ?? _docx;
}

/// <summary>A PDF engine could not convert a document, or could not run at all.</summary>
public sealed class PdfConversionException : ClinicFlowException
{
    private readonly bool _isTransient;

    /// <summary>Makes the exception.</summary>
    /// <param name="code">A stable code: <c>pdf-engine-missing</c>, <c>pdf-engine-crashed</c>, <c>pdf-engine-timeout</c>, <c>pdf-not-made</c>, <c>pdf-not-mergeable</c>.</param>
    /// <param name="message">What happened, to which document, and what to do.</param>
    /// <param name="isTransient">Whether trying again later may help.</param>
    /// <param name="inner">The cause.</param>
    public PdfConversionException(string code, string message, bool isTransient, Exception? inner = null)
        : base(code, message, inner) => _isTransient = isTransient;

    /// <inheritdoc/>
    public override bool IsTransient => _isTransient;
}
