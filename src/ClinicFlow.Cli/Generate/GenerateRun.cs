using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using ClinicFlow.Cli.Output;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Cli.Generate;

/// <summary>
/// Makes the documents of one run.
/// 1. One reader takes rows in order, names each document and passes by what an earlier session has done.
/// 2. Workers render DOCX.
/// 3. Where PDF is wanted, a larger number of waiters hand documents to the engine, which makes batches of them.
/// 4. The worker or waiter that has a document complete writes its files.
/// 5. One committer notes it in the journal and writes failed rows in the order of the data.
/// 6. At the end the ZIP and the merged PDF are built from the files.
/// Every queue is bounded and the reader waits when the oldest unsettled document is too far behind, so that memory
/// does not grow with the number of records.
/// </summary>
internal sealed class GenerateRun : IDisposable
{
    // How far the reader may be ahead of the oldest document that is not settled.
    private const int WindowDocuments = 2048;

    // How many documents wait for the PDF engine at the same time: enough for full batches on several processes.
    private const int PdfInFlight = 64;

    private static readonly TimeSpan FlushEvery = TimeSpan.FromMilliseconds(250);

    private readonly GenerateSettings _settings;
    private readonly GenerateInput _input;
    private readonly RunFolder _folder;
    private readonly IPdfConverter? _converter;
    private readonly RunCounters _counters;
    private readonly CancellationToken _stop;
    private readonly RenderOptions _renderOptions;
    private readonly RetryRule _retry;
    private readonly SemaphoreSlim _window = new(WindowDocuments);
    private readonly CancellationTokenSource _abort = new();
    private readonly CancellationTokenSource _ending;
    private readonly Channel<DocumentJob> _work;
    private readonly Channel<(DocumentJob Job, BoundDocument Document)> _pdfWork;
    private readonly Channel<Settled> _settled;
    private readonly List<ProblemJson> _failures = [];
    private Problem? _failure;
    private bool _isFailureOfInput;
    private bool _isRead;

    /// <summary>Prepares a run.</summary>
    /// <param name="settings">What the user chose.</param>
    /// <param name="input">The checked input.</param>
    /// <param name="folder">The opened output folder.</param>
    /// <param name="converter">The PDF engine; null where no PDF is wanted.</param>
    /// <param name="counters">Receives the progress.</param>
    /// <param name="stop">Asks the run to finish the documents in hand and end.</param>
    public GenerateRun(GenerateSettings settings, GenerateInput input, RunFolder folder, IPdfConverter? converter, RunCounters counters, CancellationToken stop)
    {
        _settings = settings;
        _input = input;
        _folder = folder;
        _converter = converter;
        _counters = counters;
        _stop = stop;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(stop, _abort.Token);
        _retry = new RetryRule(settings.Retries);
        _renderOptions = new RenderOptions
        {
            Culture = settings.Culture,
            JobTime = folder.State.Head.JobTime,
            MissingData = settings.Missing,
            Parameters = settings.Parameters,
            OpenImage = new ImageFolder(settings.DataPath).Open,
        };
        _work = Channel.CreateBounded<DocumentJob>(new BoundedChannelOptions(4 * settings.Concurrency) { SingleWriter = true });
        _pdfWork = Channel.CreateBounded<(DocumentJob, BoundDocument)>(settings.Concurrency);
        _settled = Channel.CreateBounded<Settled>(new BoundedChannelOptions(WindowDocuments) { SingleReader = true });
    }

    /// <summary>Runs until all is done, or until it was stopped or cannot go on.</summary>
    public async Task<RunOutcome> RunAsync()
    {
        var commit = Task.Run(CommitAsync, CancellationToken.None);
        try
        {
            // The stages end one after the other, each when the one before has nothing left for it.
            var waiters = _converter is null ? [] : Enumerable.Range(0, PdfInFlight).Select(_ => Start(ConvertAsync)).ToArray();
            var workers = Enumerable.Range(0, _settings.Concurrency).Select(_ => Start(RenderAsync)).ToArray();
            var read = Start(ReadAsync);
            await EndAsync([read], _work.Writer);
            await EndAsync(workers, _pdfWork.Writer);
            await EndAsync(waiters, _settled.Writer);
        }
        finally
        {
            _settled.Writer.TryComplete();
            await commit;
        }

        var isComplete = _isRead && _failure is null && !_stop.IsCancellationRequested;
        var outputs = new RunOutputs(_folder, _counters);
        var failedFile = outputs.PublishFailed(_counters.Failed > 0);
        if (isComplete)
        {
            try
            {
                isComplete = outputs.Build(_renderOptions.JobTime, _stop);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or PdfConversionException)
            {
                // The message of the join names a document, and that name is made of values.
                _failure = e is PdfConversionException pdf
                    ? new Problem(pdf.Code, "One of the PDFs could not be joined to the others. The documents are made.") { Advice = "Go on with --resume, or give the command without --merged." }
                    : DiskProblem(e);
                isComplete = false;
            }
        }

        if (isComplete)
        {
            _folder.Finish();
        }

        return new RunOutcome(isComplete, _failure, _isFailureOfInput, _failures, failedFile, outputs.ZipPath, outputs.MergedPath);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ending.Dispose();
        _abort.Dispose();
        _window.Dispose();
    }

    private async Task EndAsync<T>(Task[] stage, ChannelWriter<T> next)
    {
        try
        {
            await Task.WhenAll(stage);
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
            // The reason is in _failure.
        }
        finally
        {
            next.TryComplete();
        }
    }

    /// <summary>Starts a stage; where it dies of a defect of ours, the others end too.</summary>
    private Task Start(Func<Task> stage) => Task.Run(async () =>
    {
        try
        {
            await stage();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await _abort.CancelAsync();
            throw;
        }
    });

    // 1. Reading

    private async Task ReadAsync()
    {
        var names = new DocumentNames(_input.Name, _settings.TemplateName, _renderOptions);
        foreach (var taken in _folder.State.TakenNames)
        {
            names.Reserve(taken);
        }

        using var namesFile = new StreamWriter(_folder.NamesFile, append: false, new UTF8Encoding(false));
        try
        {
            using var reader = GenerateInput.OpenData(_settings);
            using var feed = new RecordFeed(reader, _abort.Token);
            var done = new DoneBefore(_folder.State.Entries);
            var ordinal = 0L;
            var sequence = 0L;
            while (!_stop.IsCancellationRequested && feed.MoveNext())
            {
                var first = feed.Row;
                var problems = new List<Problem>();
                var name = names.Next(first.Record, problems);
                if (name is null)
                {
                    await SettleRowAsync(new Settled.Failed(ordinal++, [Failure(first, "", problems)]));
                }
                else
                {
                    await namesFile.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{first.Index} {name}"));
                    var before = done.Find(first.Index);
                    if (before is { } lost && !_folder.IsWhole(lost, name))
                    {
                        await SettleRowAsync(new Settled.Lost(ordinal++, lost.Index));
                        before = null;
                    }

                    if (before is { } entry)
                    {
                        feed.Skip(entry.Records - 1);
                        sequence += entry.IsSkipped ? 0 : entry.Records;
                        await SettleRowAsync(new Settled.DoneBefore(ordinal++, entry));
                    }
                    else if (_input.Template.UsesNextRecord)
                    {
                        // Only rendering tells how many records a label sheet takes: it is done here, in order.
                        sequence += await RenderSheetAsync(new DocumentJob(ordinal++, name, sequence, [first]), feed);
                    }
                    else
                    {
                        await _window.WaitAsync(_ending.Token);
                        await _work.Writer.WriteAsync(new DocumentJob(ordinal++, name, sequence++, [first]), _abort.Token);
                    }
                }

                foreach (var bad in feed.TakeBad())
                {
                    await SettleRowAsync(new Settled.Failed(ordinal++, [bad]));
                }
            }

            if (!_stop.IsCancellationRequested)
            {
                foreach (var bad in feed.TakeBad())
                {
                    await SettleRowAsync(new Settled.Failed(ordinal++, [bad]));
                }

                _isRead = true;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Waiting for room, which may never come once the workers leave documents aside.
        }
        catch (RecordSourceException e)
        {
            _isFailureOfInput = true;
            await FailAsync(new Problem(e.Code, $"The data cannot be read further: {e.Message}") { Advice = e.Advice });
        }
    }

    private async Task SettleRowAsync(Settled settled)
    {
        await _window.WaitAsync(_ending.Token);
        await _settled.Writer.WriteAsync(settled, _abort.Token);
    }

    private async Task<int> RenderSheetAsync(DocumentJob job, RecordFeed feed)
    {
        await _window.WaitAsync(_ending.Token);
        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        using var records = feed.From(job.Rows[0]);
        var (result, bound) = Render(job, records, buffer);
        var whole = job with { Rows = records.Taken };
        await FinishAsync(whole, result, bound, buffer);
        return result is RenderResult.Rendered ? whole.Rows.Count : 0;
    }

    // 2. Rendering

    private async Task RenderAsync()
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        await foreach (var job in _work.Reader.ReadAllAsync(_abort.Token))
        {
            if (_stop.IsCancellationRequested)
            {
                continue; // not begun: the next session does it
            }

            buffer.ResetWrittenCount();
            using var records = new OneRecord(job.Rows[0].Record);
            var (result, bound) = Render(job, records, buffer);
            await FinishAsync(job, result, bound, buffer);
        }
    }

    // As DOCX into the buffer; for a PDF the bound record.
    private (RenderResult Result, BoundDocument? Bound) Render(DocumentJob job, IEnumerator<MergeRecord> records, ArrayBufferWriter<byte> buffer)
    {
        try
        {
            if (_converter is null)
            {
                return (_input.Template.RenderDocx(records, job.Sequence, _renderOptions, buffer) ?? throw new UnreachableException("A job has a record."), null);
            }

            return _input.Template.Bind(records, job.Sequence, _renderOptions) switch
            {
                BindResult.Bound bound => (new RenderResult.Rendered(0, bound.Warnings), bound.Document),
                BindResult.Skipped => (new RenderResult.Skipped(), null),
                BindResult.Refused refused => (new RenderResult.Refused(refused.Problems), null),
                var other => throw new UnreachableException($"{other?.GetType()}"),
            };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A defect of ours costs one document, not the run. Its message may hold a value and is not shown.
            return (new RenderResult.Refused([new Problem("internal-error", $"The document could not be made because of a defect ({e.GetType().Name}).")
            {
                Advice = "Please report this, with the template.",
            }]), null);
        }
    }

    private async Task FinishAsync(DocumentJob job, RenderResult result, BoundDocument? bound, ArrayBufferWriter<byte> buffer)
    {
        switch (result)
        {
            case RenderResult.Rendered when bound is null:
                await StoreAsync(job, buffer.WrittenMemory, null);
                break;
            case RenderResult.Rendered:
                await _pdfWork.Writer.WriteAsync((job, bound), _abort.Token);
                break;
            case RenderResult.Skipped:
                await SettleAsync(new Settled.Done(job.Ordinal, new JournalEntry(job.Index, job.Rows.Count, null, null, 0)));
                break;
            case RenderResult.Refused refused:
                await RefuseAsync(job, refused.Problems);
                break;
            default:
                throw new UnreachableException($"{result.GetType()}");
        }
    }

    // 3. PDF

    private async Task ConvertAsync()
    {
        await foreach (var (job, document) in _pdfWork.Reader.ReadAllAsync(_abort.Token))
        {
            if (_stop.IsCancellationRequested)
            {
                continue;
            }

            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    var source = new PdfSource(string.Create(CultureInfo.InvariantCulture, $"row {job.Rows[0].Record.Row}"), document);
                    var pdf = await _converter!.ConvertAsync(source, _abort.Token);
                    await StoreAsync(job, _settings.Format.HasFlag(OutputFormat.Docx) ? document.ToDocx() : default, pdf);
                    break;
                }
                catch (PdfConversionException e) when (e.Code == "pdf-engine-missing")
                {
                    await FailAsync(new Problem(e.Code, e.Message));
                    return;
                }
                catch (PdfConversionException e)
                {
                    if (!e.IsTransient || !await WaitAsync(attempt))
                    {
                        if (!e.IsTransient || !_stop.IsCancellationRequested)
                        {
                            await RefuseAsync(job, [new Problem(e.Code, e.Message)]);
                        }

                        break;
                    }
                }
            }
        }
    }

    // 4. Files

    private async Task StoreAsync(DocumentJob job, ReadOnlyMemory<byte> docx, ReadOnlyMemory<byte>? pdf)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var entry = _folder.Write(job, _settings.Format.HasFlag(OutputFormat.Docx) ? docx : default(ReadOnlyMemory<byte>?), pdf);
                await SettleAsync(new Settled.Done(job.Ordinal, entry));
                return;
            }
            catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException && IsDiskFull(e)))
            {
                await FailAsync(DiskProblem(e));
                return;
            }
            catch (IOException)
            {
                // Another program may hold the file for a moment (a virus scanner, a sync client).
                if (!await WaitAsync(attempt))
                {
                    if (!_stop.IsCancellationRequested)
                    {
                        await RefuseAsync(job, [new Problem("cannot-write", "The document's file could not be written.")]);
                    }

                    return;
                }
            }
        }
    }

    /// <summary>Waits before the next attempt; false where there is none, because it was the last or the run is stopping.</summary>
    private async Task<bool> WaitAsync(int attempt)
    {
        if (_retry.DelayAfter(attempt, Random.Shared.NextDouble()) is not { } delay)
        {
            return false;
        }

        try
        {
            await Task.Delay(delay, _ending.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RefuseAsync(DocumentJob job, IReadOnlyList<Problem> problems)
        => await SettleAsync(new Settled.Failed(job.Ordinal, [.. job.Rows.Select(row => Failure(row, job.Name, problems))]));

    private async Task SettleAsync(Settled settled) => await _settled.Writer.WriteAsync(settled, CancellationToken.None);

    private static FailedRow Failure(SourceRow row, string document, IReadOnlyList<Problem> problems)
        => new(row.Index, row.Record.Row, document, problems, row.Cells, row.Record.Values);

    // 5. The journal and the failed rows

    private async Task CommitAsync()
    {
        using var failed = new FailedRows(_folder.FailedPart, _input.IsJson, ColumnsOfData());
        var waiting = new Dictionary<long, Settled>();
        var next = 0L;
        var lastFlush = Stopwatch.GetTimestamp();
        try
        {
            while (await _settled.Reader.WaitToReadAsync())
            {
                while (_settled.Reader.TryRead(out var settled))
                {
                    Note(settled);
                    waiting.Add(settled.Ordinal, settled);
                    for (; waiting.Remove(next, out var inOrder); next++)
                    {
                        WriteFailed(inOrder, failed);
                        _window.Release();
                    }
                }

                if (Stopwatch.GetElapsedTime(lastFlush) > FlushEvery)
                {
                    _folder.Flush();
                    lastFlush = Stopwatch.GetTimestamp();
                }
            }

            // A run that was stopped leaves gaps; what failed behind them is written all the same.
            foreach (var left in waiting.Values.OrderBy(settled => settled.Ordinal))
            {
                WriteFailed(left, failed);
            }

            _folder.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await FailAsync(DiskProblem(e));
            await foreach (var _ in _settled.Reader.ReadAllAsync())
            {
                // Nobody may wait for a committer that cannot write; what comes now is made again by the next session.
            }
        }
    }

    /// <summary>Counts a document, and adds it to the journal where it is new.</summary>
    private void Note(Settled settled)
    {
        switch (settled)
        {
            case Settled.Done done:
                _folder.Commit(done.Entry);
                Count(done.Entry, _counters.CountMade);
                break;
            case Settled.Lost lost:
                _folder.CommitLost(lost.Index);
                break;
            case Settled.DoneBefore before:
                Count(before.Entry, _counters.CountResumed);
                break;
        }
    }

    private void Count(JournalEntry entry, Action count)
    {
        if (entry.IsSkipped)
        {
            _counters.CountSkipped();
        }
        else
        {
            count();
        }
    }

    private void WriteFailed(Settled settled, FailedRows failed)
    {
        if (settled is not Settled.Failed { Rows: var rows })
        {
            return;
        }

        foreach (var row in rows)
        {
            failed.Write(row);
            _counters.CountFailed();
            if (_failures.Count < RunOutcome.MaxFailuresShown)
            {
                _failures.AddRange(row.Problems.Select(problem => ProblemJson.Of(problem with { Row = row.Row })));
            }
        }
    }

    private IReadOnlyList<string> ColumnsOfData()
    {
        try
        {
            using var reader = GenerateInput.OpenData(_settings);
            return reader.Columns;
        }
        catch (RecordSourceException)
        {
            return []; // the reader's stage says why
        }
    }

    private async Task FailAsync(Problem problem)
    {
        Interlocked.CompareExchange(ref _failure, problem, null);
        await _abort.CancelAsync();
    }

    private static bool IsDiskFull(Exception e)
        => OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 39 or 112 : (e.HResult & 0xFFFF) is 28 or 30 or 122; // ENOSPC, EROFS, EDQUOT

    private static Problem DiskProblem(Exception e) => IsDiskFull(e)
        ? new Problem("disk-full", "The disk of the output folder is full or cannot be written.") { Advice = "Make room and go on with --resume." }
        : new Problem("cannot-write", $"The output folder cannot be written ({e.GetType().Name}).") { Advice = "Check its rights and go on with --resume." };
}
