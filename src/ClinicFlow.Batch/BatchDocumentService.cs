using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Progress;
using ClinicFlow.Batch.Queue;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Batch;

/// <summary>What can be fetched of a job.</summary>
/// <param name="FileName">A name for the file: safe everywhere, with its ending.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Content">The file; for whoever asked to dispose.</param>
/// <param name="Version">Changes whenever the content does: for an ETag.</param>
public sealed record JobOutput(string FileName, string ContentType, Stream Content, string Version) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Content.Dispose();
}

/// <summary>
/// The specification's operations, as one user has them: a user sees and controls the user's own jobs, an operator all.
/// What is asked is durable when a call returns, and acted on by whichever host runs the job. Safe for concurrent calls.
/// </summary>
public sealed class BatchDocumentService
{
    private readonly BatchEngine _engine;
    private readonly BatchUser _user;

    internal BatchDocumentService(BatchEngine engine, BatchUser user) => (_engine, _user) = (engine, user);

    /// <summary>Creates a job and queues it.</summary>
    /// <param name="name">Its name, 1 to 200 characters.</param>
    /// <param name="templateId">Its template; the version that is published now is used to the end.</param>
    /// <param name="requests">The documents to make.</param>
    /// <param name="settings">How; the defaults where null.</param>
    /// <param name="priority">How urgent it is.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="idempotencyKey">The same key of the same user gives the same job, however often this is called.</param>
    /// <param name="cancellation">Ends the call; nothing is left behind then.</param>
    /// <returns>The id of the job, which is durable and waits for its turn.</returns>
    /// <exception cref="JobRefusedException">Something is wrong with it (<c>job-invalid</c>, with all problems), or the queue is full (<c>queue-full</c>).</exception>
    /// <exception cref="StorageException">The database failed.</exception>
    public Task<Guid> CreateBatchJobAsync(
        string name, Guid templateId, IEnumerable<BatchDocumentRequest> requests, BatchJobSettings? settings = null, JobPriority priority = JobPriority.Normal,
        string description = "", string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        return CreateBatchJobAsync(name, templateId, Stream(requests), settings, priority, description, idempotencyKey, cancellation);
    }

    /// <summary>The same with documents that come in one after the other; however many, the memory is that of a few thousand.</summary>
    /// <inheritdoc cref="CreateBatchJobAsync(string, Guid, IEnumerable{BatchDocumentRequest}, BatchJobSettings?, JobPriority, string, string?, CancellationToken)"/>
    public async Task<Guid> CreateBatchJobAsync(
        string name, Guid templateId, IAsyncEnumerable<BatchDocumentRequest> requests, BatchJobSettings? settings = null, JobPriority priority = JobPriority.Normal,
        string description = "", string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var (id, isNew) = await _engine.Intake.CreateAsync(_user, name ?? "", templateId, requests, settings ?? new BatchJobSettings(), priority, description ?? "", idempotencyKey, cancellation).ConfigureAwait(false);
        if (isNew)
        {
            await ChangedAsync(id).ConfigureAwait(false);
        }

        return id;
    }

    /// <summary>Reads a job; null where there is none that this user may see.</summary>
    public Task<BatchJob?> GetBatchJobAsync(Guid jobId, CancellationToken cancellation = default) => _engine.Reader.FindAsync(jobId, _user.Scope, cancellation);

    /// <summary>Lists jobs, the newest first.</summary>
    /// <exception cref="FormatException">The cursor is none that this list gave.</exception>
    public Task<JobPage> GetBatchJobsAsync(JobQuery? query = null, CancellationToken cancellation = default) => _engine.Reader.ListAsync(query ?? new JobQuery(), _user.Scope, cancellation);

    /// <summary>Reads a page of a job's documents; null where there is no such job that this user may see.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="state">Only those in this state; null for all.</param>
    /// <param name="fromIndex">From which place on: 0, or what the page before said.</param>
    /// <param name="count">How many, 1 to 1,000.</param>
    /// <param name="text">Only those with this in their name; null for all.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<RequestPage?> GetRequestsAsync(Guid jobId, RequestState? state = null, int fromIndex = 0, int count = 100, string? text = null, CancellationToken cancellation = default)
        => _engine.Reader.ReadRequestsAsync(jobId, _user.Scope, state, fromIndex, Math.Clamp(count, 1, 1_000), text, cancellation);

    /// <summary>How far a job is; null where there is none that this user may see.</summary>
    public async Task<JobProgress?> GetProgressAsync(Guid jobId, CancellationToken cancellation = default)
        => await GetBatchJobAsync(jobId, cancellation).ConfigureAwait(false) is { } job ? Newest(job) : null;

    /// <summary>
    /// Watches a job until it ends: where it is now, and each step from there, about ten a second at most. Steps of a job
    /// that runs on another host are looked up every second.
    /// </summary>
    public async IAsyncEnumerable<JobProgress> WatchAsync(Guid jobId, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var watcher = _engine.Progress.Subscribe(jobId);
        JobProgress? last = null;
        var progress = await GetProgressAsync(jobId, cancellation).ConfigureAwait(false);
        while (progress is not null)
        {
            if (progress != last)
            {
                yield return last = progress;
            }

            if (JobTransitions.IsEnded(progress.Status))
            {
                yield break;
            }

            var next = await watcher.NextAsync(TimeSpan.FromSeconds(1), _engine.Time, cancellation).ConfigureAwait(false);

            // Silence may be a job that runs on another host; the end is what the database says; and a step may have been on its way
            // while something newer was read.
            progress = next is not null && !JobTransitions.IsEnded(next.Status) && next.Processed >= progress.Processed
                ? next : await GetProgressAsync(jobId, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until a job has ended.</summary>
    /// <exception cref="KeyNotFoundException">There is no such job that this user may see, or it was deleted.</exception>
    public async Task<BatchJob> WhenEndedAsync(Guid jobId, CancellationToken cancellation = default)
    {
        await foreach (var _ in WatchAsync(jobId, cancellation).ConfigureAwait(false))
        {
            // The last step is the end.
        }

        return await GetBatchJobAsync(jobId, cancellation).ConfigureAwait(false) ?? throw new KeyNotFoundException("There is no such job.");
    }

    /// <summary>Lets a job's documents in flight finish and begins no more. Doing it twice is doing it once.</summary>
    public Task<ControlOutcome> PauseJobAsync(Guid jobId, CancellationToken cancellation = default) => ControlAsync(jobId, JobControl.Pause, cancellation);

    /// <summary>Queues a paused job again; it goes on where it stopped.</summary>
    public Task<ControlOutcome> ResumeJobAsync(Guid jobId, CancellationToken cancellation = default) => ControlAsync(jobId, JobControl.Resume, cancellation);

    /// <summary>Ends a job within a second; what was done is kept.</summary>
    public Task<ControlOutcome> CancelJobAsync(Guid jobId, CancellationToken cancellation = default) => ControlAsync(jobId, JobControl.Cancel, cancellation);

    /// <summary>Changes the urgency of a job that waits.</summary>
    public async Task<ControlOutcome> SetPriorityAsync(Guid jobId, JobPriority priority, CancellationToken cancellation = default)
    {
        if (!Enum.IsDefined(priority))
        {
            throw new ArgumentOutOfRangeException(nameof(priority));
        }

        var outcome = await _engine.Controls.SetPriorityAsync(jobId, _user, priority, _engine.Config.OwnersTakeTurns, cancellation).ConfigureAwait(false);
        await ChangedAsync(jobId).ConfigureAwait(false);
        return outcome;
    }

    /// <summary>Queues an ended job again: for its failed documents, and those that it never came to. Their documents join those that are there.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="requestIds">Which failed documents; null for all.</param>
    /// <param name="correctedData">New merge data, by request.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="JobRefusedException">A request is not one of the job's, or its data is wrong.</exception>
    public async Task<ControlOutcome> RetryFailedRequestsAsync(
        Guid jobId, IReadOnlyCollection<string>? requestIds = null, IReadOnlyDictionary<string, JsonObject>? correctedData = null, CancellationToken cancellation = default)
    {
        Dictionary<int, byte[]?>? requests = null;
        if (requestIds is not null || correctedData is not null)
        {
            string[] ids = [.. (requestIds ?? []).Concat(correctedData?.Keys ?? []).Distinct(StringComparer.Ordinal)];
            var indexes = await _engine.Controls.FindRequestsAsync(jobId, _user.Scope, ids, cancellation).ConfigureAwait(false);
            if (indexes.Count == 0 && await GetBatchJobAsync(jobId, cancellation).ConfigureAwait(false) is null)
            {
                return new ControlOutcome.NotFound();
            }

            var unknown = ids.Where(id => !indexes.ContainsKey(id)).Select(_ => new IntakeProblem("request-unknown", "requestIds", null, "names a request that the job does not have.")).ToArray();
            if (unknown.Length > 0)
            {
                throw new JobRefusedException("job-invalid", $"{unknown.Length} of the requests are not in the job.", unknown, unknown.Length);
            }

            requests = ids.ToDictionary(id => indexes[id], id => correctedData?.TryGetValue(id, out var data) == true
                ? _engine.Intake.Seal(jobId, indexes[id], $"correctedData.{id}", data.ToJsonString()) : null);
        }

        var outcome = await _engine.Controls.RetryAsync(jobId, _user, requests, _engine.Config.MaxQueueSize, _engine.Config.OwnersTakeTurns, cancellation).ConfigureAwait(false);
        await ChangedAsync(jobId).ConfigureAwait(false);
        return outcome;
    }

    /// <summary>Deletes an ended job with its documents. There is no way back.</summary>
    public async Task<ControlOutcome> DeleteJobAsync(Guid jobId, CancellationToken cancellation = default)
    {
        var outcome = await _engine.Controls.DeleteAsync(jobId, _user, cancellation).ConfigureAwait(false);
        if (outcome is ControlOutcome.Accepted)
        {
            // Files that a crash leaves here are removed by the house-keeping.
            _engine.Files.Delete(jobId);
        }

        return outcome;
    }

    /// <summary>Puts a paused job back into the queue; one that waits there stays at its place.</summary>
    public Task<ControlOutcome> AddToQueueAsync(Guid jobId, CancellationToken cancellation = default) => ControlAsync(jobId, JobControl.Resume, cancellation);

    /// <summary>Takes a waiting job out of the queue: it is paused.</summary>
    public Task<ControlOutcome> RemoveFromQueueAsync(Guid jobId, CancellationToken cancellation = default) => ControlAsync(jobId, JobControl.Pause, cancellation);

    /// <summary>Starts what may run now, for hosts that do not leave that to <see cref="BatchEngine.Start"/>.</summary>
    /// <returns>How many jobs were started.</returns>
    public Task<int> ProcessQueueAsync(CancellationToken cancellation = default) => _engine.Scheduler.StartDueAsync(cancellation);

    /// <summary>The queue in figures, over all users; it names no job.</summary>
    public Task<QueueStats> GetQueueStatsAsync(CancellationToken cancellation = default) => _engine.Reader.ReadStatsAsync(_engine.Config.MaxQueueSize, _engine.Config.MaxConcurrentJobs, cancellation);

    /// <summary>The jobs that wait, in their order; the user's own, or all for an operator.</summary>
    public Task<IReadOnlyList<QueuedJob>> GetQueueAsync(int count = 100, CancellationToken cancellation = default) => _engine.Reader.ReadQueueAsync(_user.Scope, Math.Clamp(count, 1, 1_000), cancellation);

    /// <summary>Opens a job's ZIP: all documents, <c>manifest.json</c> and <c>errors.csv</c>. Seekable. Null where there is none (yet), or none that this user may see.</summary>
    /// <exception cref="ArchiveDamagedException">The archive is damaged.</exception>
    public async Task<JobOutput?> OpenArchiveAsync(Guid jobId, CancellationToken cancellation = default)
    {
        if (await FindEndedAsync(jobId, cancellation).ConfigureAwait(false) is not { } job || !job.Settings.GenerateZipArchive)
        {
            return null;
        }

        var (_, finished) = await _engine.Reader.ReadMarksAsync(jobId, cancellation).ConfigureAwait(false);
        if (finished.LogicalBytes == 0)
        {
            return null;
        }

        await _engine.Audit.WriteAsync(_user.Note("job.download", jobId.ToString(), "archive"), cancellation).ConfigureAwait(false);
        return new JobOutput(NameOf(job, "zip"), "application/zip", ReaderOf(jobId, finished).OpenZip(), VersionOf(job, "zip"));
    }

    /// <summary>Opens one document. Null where there is none (yet), or none that this user may see.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="requestId">The request.</param>
    /// <param name="ending"><c>pdf</c> or <c>docx</c>; the first there is where null.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="ArchiveDamagedException">The document is damaged.</exception>
    public async Task<JobOutput?> OpenDocumentAsync(Guid jobId, string requestId, string? ending = null, CancellationToken cancellation = default)
    {
        if (await _engine.Reader.FindRequestAsync(jobId, _user.Scope, requestId, cancellation).ConfigureAwait(false) is not { } request
            || request.Slices.FirstOrDefault(slice => ending is null || slice.FileName.EndsWith("." + ending, StringComparison.OrdinalIgnoreCase)) is not { } slice)
        {
            return null;
        }

        var (committed, _) = await _engine.Reader.ReadMarksAsync(jobId, cancellation).ConfigureAwait(false);
        await _engine.Audit.WriteAsync(_user.Note("job.download", jobId.ToString(), FormattableString.Invariant($"row {request.Index + 1}")), cancellation).ConfigureAwait(false);
        return new JobOutput(slice.FileName, TypeOf(slice.FileName), ReaderOf(jobId, committed).OpenSlice(slice, request.Index), slice.Sha256);
    }

    /// <summary>
    /// Opens one PDF of all documents for the printer, with a bookmark for each; made when it is asked for first, and kept.
    /// Null where the job has not ended or made no PDF, or where this user may not see it.
    /// </summary>
    /// <exception cref="PdfConversionException">A document cannot be merged.</exception>
    /// <exception cref="ArchiveException">The print file cannot be written.</exception>
    public async Task<JobOutput?> OpenMergedPdfAsync(Guid jobId, CancellationToken cancellation = default)
    {
        if (await FindEndedAsync(jobId, cancellation).ConfigureAwait(false) is not { } job)
        {
            return null;
        }

        var (committed, _) = await _engine.Reader.ReadMarksAsync(jobId, cancellation).ConfigureAwait(false);
        var made = committed.LogicalBytes == 0 ? null : await _engine.PrintFiles.MakeAsync(job, committed, cancellation).ConfigureAwait(false);
        if (made is null)
        {
            return null;
        }

        await _engine.Audit.WriteAsync(_user.Note("job.download", jobId.ToString(), "merged"), cancellation).ConfigureAwait(false);
        return new JobOutput(NameOf(job, "pdf"), "application/pdf", made, VersionOf(job, "pdf"));
    }

    /// <summary>Moves a job to another state: for the engine itself and its tests.</summary>
    /// <exception cref="IllegalTransitionException">The job cannot go there from where it is.</exception>
    internal Task<ControlOutcome> UpdateJobStatusAsync(Guid jobId, JobStatus status, string? errorCode = null, string? errorMessage = null, CancellationToken cancellation = default)
        => _engine.Controls.SetStatusAsync(jobId, status, errorCode, errorMessage, cancellation);

    private static async IAsyncEnumerable<BatchDocumentRequest> Stream(IEnumerable<BatchDocumentRequest> requests)
    {
        foreach (var request in requests)
        {
            yield return request;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    private static string NameOf(BatchJob job, string ending) => Documents.Package.FileNames.MakeSafe(job.Name, "documents") + "." + ending;

    private static string VersionOf(BatchJob job, string what) => FormattableString.Invariant($"{job.Id:N}.{job.Epoch}.{what}");

    private static string TypeOf(string fileName) => fileName.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase) ? "application/pdf" : "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    private ArchiveReader ReaderOf(Guid jobId, ArchiveMark mark) => new(_engine.Files.ArchiveOf(jobId), mark, jobId, _engine.Keys);

    private async Task<BatchJob?> FindEndedAsync(Guid jobId, CancellationToken cancellation)
        => await GetBatchJobAsync(jobId, cancellation).ConfigureAwait(false) is { PurgedAt: null } job && JobTransitions.IsEnded(job.Status) ? job : null;

    /// <summary>How far a job that was read is, with what its runner has in hand where it runs on this host.</summary>
    public JobProgress Newest(BatchJob job) => job.Status == JobStatus.Processing && _engine.Scheduler.FindProgress(job.Id) is { } live ? live with { Requested = job.Requested } : JobProgress.Of(job);

    private async Task<ControlOutcome> ControlAsync(Guid jobId, JobControl control, CancellationToken cancellation)
    {
        var outcome = await _engine.Controls.ControlAsync(jobId, _user, control, _engine.Config.OwnersTakeTurns, cancellation).ConfigureAwait(false);
        if (outcome is ControlOutcome.Accepted)
        {
            await ChangedAsync(jobId).ConfigureAwait(false);
        }

        return outcome;
    }

    /// <summary>Wakes whoever acts on it, and tells whoever watches.</summary>
    private async Task ChangedAsync(Guid jobId)
    {
        _engine.Scheduler.Ask(jobId);
        if (_engine.Config.EnableRealTimeUpdates && await _engine.Reader.FindAsync(jobId, null, CancellationToken.None).ConfigureAwait(false) is { } job)
        {
            _engine.Progress.Publish(Newest(job));
        }
    }
}
