using System.Buffers;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Engines;

/// <summary>
/// Turns documents into PDF with the engine that suits each: the native one where it renders everything in the document as Word does, else
/// LibreOffice, which is started only when a document needs it. Safe for concurrent calls.
/// </summary>
/// <remarks>The rule is <see cref="PdfEngineKind.Auto"/>'s; asked for one engine, that one makes every document or says why it cannot.</remarks>
public sealed class EngineChoice : IPdfConverter
{
    private readonly NativeEngine _native;
    private readonly Lazy<LibreOfficeConverter> _libreOffice;
    private readonly TimeSpan _timeLimit;
    private readonly SemaphoreSlim _threads;
    private readonly bool _onCallersThread;
    private readonly string? _libreOfficeProgram;

    /// <summary>Makes the choice.</summary>
    /// <param name="kind">Which engine.</param>
    /// <param name="libreOffice">How LibreOffice is run; the defaults where null. Its number of processes also bounds the native engine's threads.</param>
    /// <param name="native">The native engine; one with the machine's fonts where null.</param>
    /// <param name="onCallersThread">
    /// Whether the native engine works on the thread that calls, for callers that have threads of their own for such work; otherwise on
    /// threads of the pool, as many as LibreOffice may have processes.
    /// </param>
    /// <param name="timeLimit">How long the native engine may take for a document; 60 seconds where null. LibreOffice has its own limit.</param>
    /// <exception cref="PdfConversionException">LibreOffice is asked for and not on this machine (<c>pdf-engine-missing</c>).</exception>
    public EngineChoice(PdfEngineKind kind = PdfEngineKind.Auto, LibreOfficeOptions? libreOffice = null, NativeEngine? native = null, TimeSpan? timeLimit = null, bool onCallersThread = false)
    {
        (Kind, _onCallersThread, _libreOfficeProgram) = (kind, onCallersThread, libreOffice?.Executable);
        _native = native ?? new NativeEngine();
        _timeLimit = timeLimit ?? TimeSpan.FromSeconds(60);
        _threads = new SemaphoreSlim(libreOffice?.Processes ?? Environment.ProcessorCount);
        _libreOffice = new Lazy<LibreOfficeConverter>(() => new LibreOfficeConverter(libreOffice));
        if (kind == PdfEngineKind.LibreOffice)
        {
            _ = _libreOffice.Value;
        }
    }

    /// <inheritdoc/>
    public string EngineName => Kind switch
    {
        PdfEngineKind.Native => "native",
        PdfEngineKind.LibreOffice => _libreOffice.Value.EngineName,
        _ => "auto",
    };

    /// <summary>Which engine it was made for.</summary>
    public PdfEngineKind Kind { get; }

    /// <summary>Foresees the choice: what in a document would have LibreOffice make its PDF. Empty where the native engine makes it.</summary>
    /// <param name="docx">The document, or a template that documents are made from.</param>
    /// <exception cref="TemplatePackageException">The file is no Word document, or is damaged.</exception>
    public IReadOnlyList<RenderGap> FindGaps(ReadOnlyMemory<byte> docx) => Kind == PdfEngineKind.Auto ? _native.FindGaps(docx) : [];

    /// <summary>Whether LibreOffice is on this machine, for what the native engine does not render.</summary>
    public bool HasLibreOffice => _libreOffice.IsValueCreated || LibreOfficeConverter.FindExecutable(_libreOfficeProgram) is not null;

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> ConvertAsync(PdfSource document, CancellationToken cancellationToken = default)
        => (await MakeAsync(document, cancellationToken).ConfigureAwait(false)).Pdf;

    /// <summary>Makes the PDF and says how.</summary>
    /// <param name="document">The document.</param>
    /// <param name="cancellationToken">Stops waiting, and the work.</param>
    /// <exception cref="PdfConversionException">No engine could make a PDF of it; the code says why.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<ConvertedPdf> MakeAsync(PdfSource document, CancellationToken cancellationToken = default) => MakeWithAsync(document, null, cancellationToken);

    /// <inheritdoc/>
    public Task<ConvertedPdf> MakeAsync(PdfSource document, IBufferWriter<byte> output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        return MakeWithAsync(document, output, cancellationToken);
    }

    private async Task<ConvertedPdf> MakeWithAsync(PdfSource document, IBufferWriter<byte>? output, CancellationToken cancellationToken)
    {
        if (Kind == PdfEngineKind.LibreOffice)
        {
            return await ConvertWithLibreOfficeAsync(document, [], cancellationToken).ConfigureAwait(false);
        }

        var attempt = _onCallersThread ? TryNative(document, output, cancellationToken) : await TryNativeElsewhereAsync(document, cancellationToken).ConfigureAwait(false);
        return attempt switch
        {
            Attempt.Made(var pdf) => pdf,
            Attempt.Refused(var error) => throw error,
            Attempt.Unfaithful(var gaps) => await ConvertWithLibreOfficeAsync(document, gaps, cancellationToken).ConfigureAwait(false),
            _ => throw new System.Diagnostics.UnreachableException($"{attempt}"),
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_libreOffice.IsValueCreated)
        {
            await _libreOffice.Value.DisposeAsync().ConfigureAwait(false);
        }

        _threads.Dispose();
    }

    private async Task<Attempt> TryNativeElsewhereAsync(PdfSource document, CancellationToken stop)
    {
        await _threads.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => TryNative(document, null, stop), stop).ConfigureAwait(false);
        }
        finally
        {
            _threads.Release();
        }
    }

    private Attempt TryNative(PdfSource document, IBufferWriter<byte>? output, CancellationToken stop)
    {
        using var timer = new CancellationTokenSource(_timeLimit);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, timer.Token);
        try
        {
            if (document.Bound is { } bound)
            {
                var made = _native.Convert(bound, output, isOnlyFaithful: Kind == PdfEngineKind.Auto, limit.Token);
                return made.Engine == PdfEngineKind.Native ? new Attempt.Made(made) : new Attempt.Unfaithful(made.Gaps);
            }

            WordDocument read;
            try
            {
                read = _native.Read(document.Docx);
            }
            catch (TemplatePackageException e)
            {
                // No engine should guess at a damaged, protected or foreign file.
                return new Attempt.Refused(new PdfConversionException(e.Code, $"{document.Name}: {e.Message}", isTransient: false, e));
            }

            if (Kind == PdfEngineKind.Auto && !read.Unfaithful.IsEmpty)
            {
                return new Attempt.Unfaithful(NativeEngine.Gaps(read));
            }

            return new Attempt.Made(_native.Render(read, output, limit.Token));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Failed("pdf-engine-timeout", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"took more than {_timeLimit.TotalSeconds:0.#} s"), null);
        }
        catch (ClinicFlowException e)
        {
            return Failed(e.Code, e.Message, e);
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            // A fault of ours in one document must not end the others; the type is all that is safe to tell.
            return Failed("native-failed", $"failed ({e.GetType().Name})", e);
        }

        Attempt Failed(string code, string how, Exception? cause) => Kind == PdfEngineKind.Auto
            ? new Attempt.Unfaithful([new RenderGap(code, $"the native engine: {how}", Place.Nowhere, 1)])
            : new Attempt.Refused(new PdfConversionException(code, $"{document.Name}: the native engine: {how}. Try --engine libreoffice, or auto.", isTransient: false, cause));
    }

    private async Task<ConvertedPdf> ConvertWithLibreOfficeAsync(PdfSource document, IReadOnlyList<RenderGap> gaps, CancellationToken stop)
    {
        var pdf = await _libreOffice.Value.ConvertAsync(document, stop).ConfigureAwait(false);
        return new ConvertedPdf(pdf, PdfEngineKind.LibreOffice) { Gaps = gaps, Pages = PdfMerge.CountPages(pdf) };
    }

    /// <summary>How the native engine did with a document.</summary>
    private abstract record Attempt
    {
        public sealed record Made(ConvertedPdf Pdf) : Attempt;

        public sealed record Unfaithful(IReadOnlyList<RenderGap> Gaps) : Attempt;

        public sealed record Refused(PdfConversionException Error) : Attempt;
    }
}
