using System.Diagnostics;
using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Queue;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Batch.Processing;

/// <summary>
/// Makes documents of a job one after the other; a job has as many lanes as documents may be in flight. The work is done
/// on a render thread, for a few milliseconds at a time, so that jobs share the threads and a document of 20 µs does not
/// pay for a change of thread. Only a conversion to PDF is waited for outside of it.
/// </summary>
internal sealed class Lane(RunningJob run, JobRenderer renderer, IPdfConverter? pdf, RenderThreads threads, TimeProvider time, TimeSpan limit)
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(10);

    private readonly MergeDataReader _data = renderer.NewReader();
    private readonly EntryBuffer _buffer = new(run.Buffers);
    private readonly bool _compresses = run.Job.Settings.CompressionEnabled;
    private readonly OutputFormat _format = run.Job.Settings.OutputFormat;
    private Document? _document;
    private volatile bool _isHanging;

    /// <summary>Makes documents until there are no more, or the runner is to stop.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (!run.Drain.IsCancellationRequested)
            {
                if (_isHanging)
                {
                    return;
                }

                var changed = run.Changed.Next;
                if (run.IsFull)
                {
                    await changed.WaitAsync(run.Drain).ConfigureAwait(false);
                    continue;
                }

                var conversion = await threads.RunAsync(Work).ConfigureAwait(false);
                if (conversion is not null)
                {
                    await FinishAsync(conversion).ConfigureAwait(false);
                }
                else if (!await run.Due.Reader.WaitToReadAsync(run.Drain).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (run.Drain.IsCancellationRequested)
        {
            // What was not ended stays as it is in the database.
        }
    }

    /// <summary>
    /// Gives up a document that has been rendering for longer than it may: its thread is replaced, and so must this lane be.
    /// </summary>
    /// <returns>Whether that was so.</returns>
    public bool GiveUpWhereHanging()
    {
        if (_document is not { } document || document.Conversion is not null || time.GetElapsedTime(document.Begun) < limit || !document.TryEnd())
        {
            return false;
        }

        _isHanging = true;
        if (document.Worker is { } worker)
        {
            threads.Replace(worker);
        }

        run.End(new Attempt.Failed(document.Request, time.GetElapsedTime(document.Begun), "document-time-over", "The document took longer than a document may.", IsTransient: true));
        return true;
    }

    /// <summary>On a render thread: makes documents for a turn, until one waits for its conversion.</summary>
    private Document? Work()
    {
        var begun = Stopwatch.GetTimestamp();
        while (!run.Drain.IsCancellationRequested && !_isHanging && !run.IsFull && run.Due.Reader.TryRead(out var request))
        {
            var document = new Document(request, time.GetTimestamp(), RenderThreads.Current);
            run.Begin(request);
            _document = document;
            var isWaiting = Make(document);
            if (isWaiting)
            {
                return document;
            }

            _document = null;
            if (Stopwatch.GetElapsedTime(begun) > Turn)
            {
                break;
            }
        }

        return null;
    }

    /// <summary>Renders a document.</summary>
    /// <returns>Whether its conversion is still to be waited for; otherwise it has ended.</returns>
    private bool Make(Document document)
    {
        try
        {
            if (_format == OutputFormat.Docx)
            {
                return End(document, MakeDocx(document));
            }

            if (renderer.Bind(document.Request, _data, out var bound) is var (code, message))
            {
                return End(document, new Attempt.Failed(document.Request, Elapsed(document), code, message, IsTransient: false));
            }

            if (bound is null)
            {
                return End(document, new Attempt.LeftOut(document.Request, Elapsed(document)));
            }

            document.Bound = bound;
            if (pdf is null)
            {
                return End(document, new Attempt.Failed(document.Request, Elapsed(document), "pdf-engine-missing", "There is no PDF engine here. Install LibreOffice, or ask for DOCX.", IsTransient: false));
            }

            _buffer.Clear();
            var conversion = pdf.MakeAsync(new PdfSource($"row {document.Request.Index + 1}", bound), _buffer, run.Abort);
            document.Conversion = conversion;
            if (conversion.IsCompletedSuccessfully)
            {
                return End(document, MadeOf(document, conversion.Result));
            }

            return true;
        }
#pragma warning disable CA1031 // Whatever a document does to the renderer, it is this document's failure, and says so by a code.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return End(document, FailureOf(document, e));
        }
    }

    private Attempt MakeDocx(Document document)
    {
        _buffer.Clear();
        if (renderer.Render(document.Request, _data, _buffer) is var (code, message))
        {
            return new Attempt.Failed(document.Request, Elapsed(document), code, message, IsTransient: false);
        }

        return _buffer.WrittenCount == 0
            ? new Attempt.LeftOut(document.Request, Elapsed(document))
            : new Attempt.Made(document.Request, Elapsed(document), [new MadeFile("docx", _buffer.Take(renderer.CommonStartOf(document.Request)))], null);
    }

    private async Task FinishAsync(Document document)
    {
        Attempt attempt;
        try
        {
            var made = await document.Conversion!.WaitAsync(limit, time, run.Abort).ConfigureAwait(false);
            attempt = await threads.RunAsync(() => MadeOf(document, made)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (run.Abort.IsCancellationRequested)
        {
            run.GiveUp();
            throw;
        }
#pragma warning disable CA1031 // As in Make.
        catch (Exception e)
#pragma warning restore CA1031
        {
            attempt = FailureOf(document, e);
        }

        End(document, attempt);
    }

    // What the native engine makes is packed as well as it can be: deflating it again would take longer than making it.
    private Attempt.Made MadeOf(Document document, ConvertedPdf made)
    {
        var entry = made.Pdf.IsEmpty ? _buffer.Take(default) : ArchiveEntry.Prepare(made.Pdf, _compresses && made.Engine != PdfEngineKind.Native);
        MadeFile[] files = _format == OutputFormat.Both ? [new MadeFile("docx", ArchiveEntry.Prepare(document.Bound!.ToDocx(), compress: false)), new MadeFile("pdf", entry)] : [new MadeFile("pdf", entry)];
        return new Attempt.Made(document.Request, Elapsed(document), files, made.Pages);
    }

    /// <summary>Hands a document's attempt on; false always, for "nothing to wait for".</summary>
    private bool End(Document document, Attempt attempt)
    {
        if (document.TryEnd())
        {
            run.End(attempt);
        }
        else
        {
            attempt.Dispose();
        }

        return false;
    }

    private TimeSpan Elapsed(Document document) => time.GetElapsedTime(document.Begun);

    private Attempt.Failed FailureOf(Document document, Exception e) => e switch
    {
        ClinicFlowException known => new Attempt.Failed(document.Request, Elapsed(document), known.Code, known.Message, known.IsTransient),
        TimeoutException => new Attempt.Failed(document.Request, Elapsed(document), "document-time-over", "The document took longer than a document may.", IsTransient: true),
        IOException => new Attempt.Failed(document.Request, Elapsed(document), "document-io-failed", "A file that the document needs could not be read or written.", IsTransient: true),
        OutOfMemoryException => new Attempt.Failed(document.Request, Elapsed(document), "document-out-of-memory", "There was not enough memory for the document.", IsTransient: true),

        // The type of the exception is ours to know, and no patient's data; its message may be.
        _ => new Attempt.Failed(document.Request, Elapsed(document), "document-failed", $"The document could not be made because of an error in the program ({e.GetType().Name}). Report it with the id of the job.", IsTransient: false),
    };

    /// <summary>A document in flight. Whoever ends it first, the lane or its limit, hands it on.</summary>
    private sealed class Document(DueRequest request, long begun, RenderThreads.Worker? worker)
    {
        private int _isEnded;

        public DueRequest Request { get; } = request;

        public long Begun { get; } = begun;

        public RenderThreads.Worker? Worker { get; } = worker;

        public BoundDocument? Bound { get; set; }

        public Task<ConvertedPdf>? Conversion { get; set; }

        public bool TryEnd() => Interlocked.Exchange(ref _isEnded, 1) == 0;
    }
}
