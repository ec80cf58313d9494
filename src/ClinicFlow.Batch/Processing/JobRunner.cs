using System.Runtime.CompilerServices;
using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Progress;
using ClinicFlow.Batch.Queue;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Engines;
using Microsoft.Extensions.Logging;

namespace ClinicFlow.Batch.Processing;

/// <summary>What runners share.</summary>
/// <param name="Config">How the engine works.</param>
/// <param name="Store">What runners read and write.</param>
/// <param name="Reader">Reads jobs.</param>
/// <param name="Templates">Compiled templates.</param>
/// <param name="Vault">Opens merge data.</param>
/// <param name="OutputKeys">Encrypts outputs; null where they are not encrypted.</param>
/// <param name="Threads">Where documents are rendered.</param>
/// <param name="Pdf">Makes PDFs; null where nothing does.</param>
/// <param name="Files">Where outputs lie.</param>
/// <param name="Feed">Who watches.</param>
/// <param name="Meter">Counts what is committed.</param>
/// <param name="Random">Where jitter comes from.</param>
/// <param name="Time">The clock.</param>
/// <param name="Log">The log.</param>
internal sealed record RunnerParts(
    BatchProcessingConfig Config, RunnerStore Store, JobReader Reader, TemplateCache Templates, MergeDataVault Vault, IKeyRing? OutputKeys, RenderThreads Threads,
    IPdfConverter? Pdf, OutputFolder Files, ProgressFeed Feed, EngineMeter Meter, Random Random, TimeProvider Time, ILogger Log);

/// <summary>
/// Runs one job that was taken, from where it was committed last:
/// 1. opens the archive at the committed mark, and takes the names that are in it;
/// 2. starts the feed, the lanes and the committer, and watches for orders, the lease and the job's time;
/// 3. when everything is committed, or something stops it, closes the archive and gives the job up.
/// </summary>
internal sealed partial class JobRunner : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PublishEvery = TimeSpan.FromMilliseconds(100);

    private readonly RunnerParts _parts;
    private readonly RunningJob _run;
    private readonly Lock _publishing = new();
    private readonly CommitState _state;
    private readonly RateMeter _rate;
    private long _published;
    private bool _isStepDue;
    private bool _isGivenUp;

    public JobRunner(RunnerParts parts, TakenJob taken)
    {
        (_parts, _run) = (parts, new RunningJob(taken, parts.Time));
        _state = new CommitState(new RequestCounts(_run.Job.Succeeded, _run.Job.Failed, _run.Job.Retrying));
        _rate = new RateMeter(parts.Time, _run.Job.Measures.DocumentsPerMinute);
    }

    /// <summary>The job.</summary>
    public Guid JobId => _run.Job.Id;

    /// <summary>Whose it is.</summary>
    public string CreatedBy => _run.Job.CreatedBy;

    /// <summary>Somebody has asked something of the job: look at once.</summary>
    public void Ask() => _run.Asked.Fire();

    /// <summary>The host stops: finish what is in flight and put the job back.</summary>
    public void Drain() => _run.StopFor(StopReason.HostStops);

    /// <summary>The host has waited long enough.</summary>
    public void Abort() => _run.AbortNow();

    /// <summary>How far the job is, with what is in hand.</summary>
    public JobProgress Progress
    {
        get
        {
            var counts = _state.Counts;
            var inFlight = Math.Min(_run.InFlight, _run.Job.Total - counts.Succeeded - counts.Failed - counts.Retrying);
            return JobProgress.Of(_run.Job) with
            {
                Succeeded = counts.Succeeded,
                Failed = counts.Failed,
                Retrying = counts.Retrying,
                InFlight = Math.Max(0, inFlight),
                CurrentDocument = inFlight > 0 ? _run.CurrentDocument : null,
                DocumentsPerMinute = _rate.PerMinute,
                Elapsed = _run.Active,
                Message = _run.Hindrance,
            };
        }
    }

    /// <summary>Runs the job. Never throws: what breaks ends up in the job or in the log.</summary>
    public async Task RunAsync()
    {
        using var watching = new CancellationTokenSource();
        var watch = WatchAsync(watching.Token);
        ArchiveWriter? archive = null;
        try
        {
            // 1. The archive as it was committed last. Another process that is about to end may still hold it.
            archive = await OpenArchiveAsync().ConfigureAwait(false);
            if (archive is not null)
            {
                var mark = await ProcessOrStopAsync(archive).ConfigureAwait(false);
                await CloseAsync(archive, mark).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is ArchiveDamagedException or EncryptionKeyMissingException)
        {
            await EndBrokenAsync("archive-damaged", e.Message).ConfigureAwait(false);
        }
        catch (ClinicFlowException e) when (!e.IsTransient)
        {
            LogBroken(e, JobId);
            await EndBrokenAsync(e.Code, e.Message).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The job dies, the host lives.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogBroken(e, JobId);
            if (e is not ClinicFlowException)
            {
                await EndBrokenAsync("job-broken", "The job broke because of an error in the program. Report it with the id of the job; what was done is kept.").ConfigureAwait(false);
            }
        }
        finally
        {
            await watching.CancelAsync().ConfigureAwait(false);
            await watch.ConfigureAwait(false);
            archive?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_publishing)
        {
            _isGivenUp = true;
        }

        _run.Dispose();
    }

    private async Task<ArchiveMark> ProcessOrStopAsync(ArchiveWriter archive)
    {
        try
        {
            return await ProcessAsync(archive).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_run.Drain.IsCancellationRequested)
        {
            // Stopped before its first document.
            return _run.Taken.Mark;
        }
    }

    /// <summary>2. Feed, lanes and committer, until everything is committed or something stops them.</summary>
    private async Task<ArchiveMark> ProcessAsync(ArchiveWriter archive)
    {
        var job = _run.Job;
        var names = new DocumentFileNames();
        await ReclaimNamesAsync(names).ConfigureAwait(false);
        if (job.Retrying > 0)
        {
            foreach (var (index, at) in await Patiently.DoAsync(() => _parts.Store.ReadRetryTimesAsync(job.Id, _run.Drain), _run, _parts.Time).ConfigureAwait(false))
            {
                _state.Retries.Add(index, at);
            }
        }

        var retry = new RetryRule(TimeSpan.FromMilliseconds(_parts.Config.RetryDelayMs), job.Settings.Retries, _parts.Random);
        var committer = new Committer(_run, _parts.Store, _state, archive, names, retry, _rate, _parts.Meter, _parts.Time, () => Publish());
        if (_run.Drain.IsCancellationRequested)
        {
            return committer.Mark;
        }

        var template = await Patiently.DoAsync(() => _parts.Templates.GetAsync(job.TemplateVersionId, _run.Drain), _run, _parts.Time).ConfigureAwait(false);
        var renderer = new JobRenderer(job.Id, template, _parts.Templates, _parts.Vault, JobRenderer.OptionsOf(job, _parts.Config));
        Publish();

        var committing = committer.RunAsync();
        var feeding = new RequestFeed(_run, _parts.Store, _state, _parts.Time).RunAsync();
        var lanes = RunLanesAsync(renderer);
        try
        {
            await WhenAllOrFirstFailure(committing, feeding, lanes).ConfigureAwait(false);
        }
        finally
        {
            if (feeding.IsFaulted || lanes.IsFaulted || committing.IsFaulted)
            {
                _run.StopFor(StopReason.Broken);
            }

            await Task.WhenAll(Quiet(feeding), Quiet(lanes)).ConfigureAwait(false);
            _run.Attempts.Writer.TryComplete();
            await Quiet(committing).ConfigureAwait(false);
        }

        await committing.ConfigureAwait(false);
        return committer.Mark;

        // The committer ends when the lanes have; a fault of any ends all.
        async Task WhenAllOrFirstFailure(Task committingNow, Task feedingNow, Task lanesNow)
        {
            var makers = Task.WhenAll(feedingNow, lanesNow);
            var first = await Task.WhenAny(makers, committingNow, feedingNow.ContinueWith(static t => t.Exception is { } e ? Task.FromException(e.InnerException!) : new TaskCompletionSource().Task, TaskScheduler.Default).Unwrap()).ConfigureAwait(false);
            await first.ConfigureAwait(false);
        }

        static async Task Quiet(Task task)
        {
            try
            {
                await task.ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Thrown again where it is looked at.
            catch (Exception)
#pragma warning restore CA1031
            {
                // Seen by whoever awaits the task itself.
            }
        }
    }

    /// <summary>Runs as many lanes as documents may be in flight; one that hangs in a document is replaced.</summary>
    private async Task RunLanesAsync(JobRenderer renderer)
    {
        var (lanes, runs) = (new List<Lane>(), new List<Task>());
        for (var i = 0; i < _run.Job.Settings.MaxConcurrentProcessing; i++)
        {
            Add();
        }

        while (runs.Count > 0)
        {
            var changed = _run.Changed.Next;
            var pause = Pulse.WaitAsync(changed, TimeSpan.FromSeconds(1), _parts.Time, CancellationToken.None);
            var ended = await Task.WhenAny([.. runs, pause]).ConfigureAwait(false);
            if (runs.IndexOf(ended) is >= 0 and var at)
            {
                lanes.RemoveAt(at);
                runs.RemoveAt(at);
                await ended.ConfigureAwait(false);
            }

            for (var i = lanes.Count - 1; i >= 0; i--)
            {
                if (lanes[i].GiveUpWhereHanging())
                {
                    lanes.RemoveAt(i);
                    runs.RemoveAt(i);
                    Add();
                }
            }
        }

        void Add()
        {
            var lane = new Lane(_run, renderer, _parts.Pdf, _parts.Threads, _parts.Time, _parts.Config.DocumentTimeLimit);
            lanes.Add(lane);
            runs.Add(lane.RunAsync());
        }
    }

    /// <summary>3. Closes the archive where the job has ended, and gives the job up.</summary>
    private async Task CloseAsync(ArchiveWriter archive, ArchiveMark mark)
    {
        var counts = _state.Counts;
        var isDone = counts.Succeeded + counts.Failed == _run.Job.Total;
        var (status, code, message) = _run.Stop switch
        {
            StopReason.Lost => ((JobStatus?)null, null, null),
            _ when isDone && counts.Succeeded == 0 => (JobStatus.Failed, "job-nothing-succeeded", "No document could be made. Look at the failed documents for the reasons."),
            _ when isDone => (JobStatus.Completed, null, null),
            StopReason.Paused => (JobStatus.Paused, null, null),
            StopReason.HostStops => (JobStatus.Processing, null, null),
            StopReason.Cancelled => (JobStatus.Cancelled, null, null),
            StopReason.TimedOut => (JobStatus.Failed, "job-time-over", "The job took longer than a job may. What was done is kept; retry it to make the rest."),
            StopReason.Broken when _run.Breakage is { } breakage => (JobStatus.Failed, breakage.Code, breakage.Message),
            _ => ((JobStatus?)JobStatus.Processing, (string?)null, (string?)null),
        };
        if (status is not { } end)
        {
            return;
        }

        var (finished, outputs) = JobTransitions.IsEnded(end) ? await FinishAsync(archive, mark, end).ConfigureAwait(false) : (default, []);
        await ReleaseAsync(new JobRelease(JobId, _run.Job.Epoch, end, _run.Active, code, message, finished, outputs)).ConfigureAwait(false);
    }

    private async Task<(ArchiveMark Finished, string[] Outputs)> FinishAsync(ArchiveWriter archive, ArchiveMark mark, JobStatus status)
    {
        var counts = _state.Counts;
        var job = _run.Job with { Status = status, Succeeded = counts.Succeeded, Failed = counts.Failed, Retrying = counts.Retrying, CompletedAt = _parts.Time.GetUtcNow() };
        for (var failures = 1; ; failures++)
        {
            try
            {
                // What no commit was sent for goes, and what an earlier try has left.
                if (archive.Mark != mark || archive.LogicalBytes != mark.LogicalBytes || failures > 1)
                {
                    archive.CutBackTo(mark);
                }

                var manifest = await archive.AppendAsync(DocumentFileNames.Manifest, (output, cancellation) => Manifest.WriteAsync(output, job, _parts.Reader.ReadAllRequestsAsync(JobId, null, cancellation), cancellation), CancellationToken.None).ConfigureAwait(false);
                var errors = await archive.AppendAsync(DocumentFileNames.Errors, (output, cancellation) => ErrorsCsv.WriteAsync(output, counts.Failed == 0 ? AsyncEnumerable.Empty<RequestRow>() : _parts.Reader.ReadAllRequestsAsync(JobId, RequestState.Failed, cancellation), cancellation), CancellationToken.None).ConfigureAwait(false);
                var finished = await archive.FinishAsync(SlicesAsync(manifest, errors), CancellationToken.None).ConfigureAwait(false);
                return (finished, counts.Succeeded == 0 ? []
                    : [.. job.Settings.GenerateZipArchive ? (string[])["documents.zip"] : [], .. job.Settings.OutputFormat != OutputFormat.Docx ? (string[])["documents.pdf"] : []]);
            }
            catch (Exception e) when (e is ArchiveException or StorageException { IsTransient: true })
            {
                _run.Hindrance = e.Message;
                Publish();

                // A job that is done waits for room. One that somebody ended is not kept waiting: its documents can be fetched singly.
                if (status != JobStatus.Completed && failures >= 3)
                {
                    return (default, []);
                }

                await Task.Delay(Patiently.DelayAfter(failures + 1), _parts.Time).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Everything that is in the archive, in the order of the requests, and then what tells of it.</summary>
    private async IAsyncEnumerable<ArchiveSlice> SlicesAsync(ArchiveSlice manifest, ArchiveSlice errors, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var slice in _parts.Reader.ReadAllSlicesAsync(JobId, cancellation).ConfigureAwait(false))
        {
            yield return slice;
        }

        yield return manifest;
        yield return errors;
    }

    private async Task EndBrokenAsync(string code, string message) => await ReleaseAsync(new JobRelease(JobId, _run.Job.Epoch, JobStatus.Failed, _run.Active, code, message)).ConfigureAwait(false);

    private async Task ReleaseAsync(JobRelease release)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                if (await _parts.Store.ReleaseAsync(release, CancellationToken.None).ConfigureAwait(false)
                    && await _parts.Reader.FindAsync(JobId, null, CancellationToken.None).ConfigureAwait(false) is { } job)
                {
                    PublishEnd(JobProgress.Of(job));
                }

                return;
            }
            catch (StorageException e) when (e.IsTransient && _run.Stop is not (StopReason.HostStops or StopReason.Lost))
            {
                await Task.Delay(Patiently.DelayAfter(failures), _parts.Time).ConfigureAwait(false);
            }
            catch (StorageException e)
            {
                // The lease runs out, and another runner goes on from what is committed.
                LogBroken(e, JobId);
                return;
            }
        }
    }

    private async Task<ArchiveWriter?> OpenArchiveAsync()
    {
        for (var failures = 1; _run.Stop is not (StopReason.Lost or StopReason.HostStops); failures++)
        {
            try
            {
                return new ArchiveWriter(_parts.Files.ArchiveOf(JobId), _run.Taken.Mark, JobId, _parts.OutputKeys);
            }
            catch (ArchiveException e)
            {
                _run.Hindrance = e.Message;
                Publish();
                var changed = _run.Changed.Next;
                await Pulse.WaitAsync(changed, Patiently.DelayAfter(failures), _parts.Time, CancellationToken.None).ConfigureAwait(false);
            }
        }

        await ReleaseAsync(new JobRelease(JobId, _run.Job.Epoch, JobStatus.Processing, _run.Active)).ConfigureAwait(false);
        return null;
    }

    private async Task ReclaimNamesAsync(DocumentFileNames names)
    {
        if (_run.Taken.Mark.LogicalBytes == 0)
        {
            return;
        }

        await foreach (var slice in _parts.Reader.ReadAllSlicesAsync(JobId, CancellationToken.None).ConfigureAwait(false))
        {
            names.Reclaim(slice.FileName);
        }
    }

    /// <summary>Watches for what is asked of the job, keeps its lease, and looks at its time.</summary>
    private async Task WatchAsync(CancellationToken cancellation)
    {
        var renewed = _parts.Time.GetTimestamp();
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                var asked = _run.Asked.Next;
                try
                {
                    switch (await _parts.Store.ReadOrderAsync(JobId, _run.Job.Epoch, cancellation).ConfigureAwait(false))
                    {
                        case JobOrder.Pause:
                            _run.StopFor(StopReason.Paused);
                            break;
                        case JobOrder.Cancel:
                            _run.StopFor(StopReason.Cancelled);
                            break;
                        case JobOrder.Lost:
                            _run.StopFor(StopReason.Lost);
                            break;
                    }

                    if (_parts.Time.GetElapsedTime(renewed) > _parts.Config.LeaseDuration / 3)
                    {
                        if (!await _parts.Store.RenewAsync(JobId, _run.Job.Epoch, _parts.Config.LeaseDuration, cancellation).ConfigureAwait(false))
                        {
                            _run.StopFor(StopReason.Lost);
                        }

                        renewed = _parts.Time.GetTimestamp();
                    }
                }
                catch (StorageException)
                {
                    // The database is away. Commits wait for it too, and the epoch says whether the job is still ours.
                }

                if (_run.Left <= TimeSpan.Zero)
                {
                    _run.StopFor(StopReason.TimedOut);
                }

                await Pulse.WaitAsync(asked, _run.Left > TimeSpan.Zero && _run.Left < LookEvery ? _run.Left : LookEvery, _parts.Time, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The job is over.
        }
    }

    /// <summary>
    /// Publishes a step, at most about ten a second. What comes too soon is told as soon as it may, and not left for the
    /// next step: that may be a slow document away.
    /// </summary>
    private void Publish()
    {
        lock (_publishing)
        {
            var since = _published == 0 ? PublishEvery : _parts.Time.GetElapsedTime(_published);
            if (since >= PublishEvery)
            {
                _published = _parts.Time.GetTimestamp();
                PublishNow(Progress);
            }
            else if (!_isStepDue)
            {
                _isStepDue = true;
                _ = PublishLaterAsync(PublishEvery - since);
            }
        }
    }

    private async Task PublishLaterAsync(TimeSpan wait)
    {
        await Task.Delay(wait, _parts.Time).ConfigureAwait(false);
        lock (_publishing)
        {
            _isStepDue = false;

            // The end is the last step.
            if (!_isGivenUp)
            {
                _published = _parts.Time.GetTimestamp();
                PublishNow(Progress);
            }
        }
    }

    private void PublishEnd(JobProgress progress)
    {
        lock (_publishing)
        {
            _isGivenUp = true;
            PublishNow(progress);
        }
    }

    private void PublishNow(JobProgress progress)
    {
        if (_parts.Config.EnableRealTimeUpdates)
        {
            _parts.Feed.Publish(progress);
        }
    }

    private void LogBroken(Exception e, Guid jobId) => LogJobBroken(_parts.Log, e, jobId);

    [LoggerMessage(1001, LogLevel.Error, "Job {JobId} broke")]
    private static partial void LogJobBroken(ILogger log, Exception e, Guid jobId);
}
