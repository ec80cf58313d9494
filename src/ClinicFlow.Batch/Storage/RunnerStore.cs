using System.Buffers;
using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Queue;
using ClinicFlow.Batch.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Batch.Storage;

/// <summary>
/// What the runners of jobs read and write. Taking a job raises its epoch; each later write names the epoch and changes
/// nothing where it is not the latest any more. So a runner that only seemed dead cannot commit.
/// </summary>
internal sealed class RunnerStore(IBatchDatabase database, AuditStore audit, TimeProvider time, Func<BatchJob, IReadOnlyList<OutboxEntity>> noticesOf)
{
    /// <summary>How often a runner may die with a request in flight before the request fails.</summary>
    public const int MaxCrashes = 3;

    /// <summary>
    /// Takes the job that is to run next: one whose runner is gone, or, while fewer than <paramref name="maxRunning"/> run,
    /// a queued one by priority, then first come first served. Null where there is none.
    /// </summary>
    public Task<TakenJob?> TakeAsync(string runner, TimeSpan lease, int maxRunning, TimeSpan ageing, CancellationToken cancellation) => database.WriteAsync<TakenJob?>(null, async db =>
    {
        await database.LockQueueAsync(db, cancellation).ConfigureAwait(false);
        var now = await database.NowAsync(db, cancellation).ConfigureAwait(false);
        var running = await db.Jobs.Where(j => j.Status == JobStatus.Processing).OrderBy(j => j.LeaseUntil).Select(j => new { j.Id, j.LeaseUntil, j.Requested }).ToListAsync(cancellation).ConfigureAwait(false);
        var live = running.Count(r => r.LeaseUntil >= now);
        var left = running.Where(r => r.LeaseUntil < now || r.LeaseUntil is null).ToList();

        // What somebody cancelled is only to be closed, which no limit should hold up.
        var next = left.Find(r => r.Requested == JobControl.Cancel)?.Id ?? (live < maxRunning ? left.FirstOrDefault()?.Id ?? await NextQueuedAsync(db, now, ageing, cancellation).ConfigureAwait(false) : null);
        if (next is not { } id)
        {
            return (null, false);
        }

        // The epoch first: from here on no commit of another runner can come between what is read and what is written.
        await db.Jobs.Where(j => j.Id == id).ExecuteUpdateAsync(set => set.SetProperty(j => j.Epoch, j => j.Epoch + 1), cancellation).ConfigureAwait(false);
        var job = await db.Jobs.AsTracking().SingleAsync(j => j.Id == id, cancellation).ConfigureAwait(false);
        if (JobTransitions.IsEnded(job.Status) || job.Status == JobStatus.Paused)
        {
            // Its runner was not gone, and has just ended it.
            return (null, false);
        }

        var isAfterCrash = job.Status == JobStatus.Processing && job.Runner is not null;
        if (job.Status == JobStatus.Queued)
        {
            job.Status = JobTransitions.Move(job.Status, JobStatus.Processing);
            await db.Queue.Where(q => q.JobId == id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
        }

        job.OutputLength = 0;
        job.OutputFileLength = 0;
        job.Runner = runner;
        job.LeaseUntil = now + lease;
        if (job.StartedAt is not null)
        {
            await RecountAsync(db, job, cancellation).ConfigureAwait(false);
        }

        job.StartedAt ??= time.GetUtcNow();
        job.UpdatedAt = time.GetUtcNow();
        if (isAfterCrash)
        {
            await db.Requests.Where(r => r.JobId == id && r.State == RequestState.Rendering)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RequestState.Pending).SetProperty(r => r.Crashes, r => r.Crashes + 1), cancellation).ConfigureAwait(false);
        }

        await db.SaveChangesAsync(cancellation).ConfigureAwait(false);
        await audit.AppendAsync(db, BatchUser.Engine.Note("job.start", id.ToString(), $"taking {job.Epoch}"), cancellation).ConfigureAwait(false);
        return (new TakenJob(JobRows.Read(job), new ArchiveMark(job.ArchiveLength, job.ArchiveFileLength), isAfterCrash), true);
    }, cancellation);

    /// <summary>Reads what is asked of the job; <see cref="JobOrder.Lost"/> where another runner has it.</summary>
    public Task<JobOrder> ReadOrderAsync(Guid id, long epoch, CancellationToken cancellation) => database.ReadAsync(null, async db =>
    {
        var job = await db.Jobs.Where(j => j.Id == id && j.Epoch == epoch && j.Status == JobStatus.Processing).Select(j => new { j.Requested }).SingleOrDefaultAsync(cancellation).ConfigureAwait(false);
        return job is null ? JobOrder.Lost : job.Requested switch
        {
            JobControl.Cancel => JobOrder.Cancel,
            JobControl.Pause => JobOrder.Pause,
            _ => JobOrder.Continue,
        };
    }, cancellation);

    /// <summary>Prolongs a lease. False where another runner has the job.</summary>
    public Task<bool> RenewAsync(Guid id, long epoch, TimeSpan lease, CancellationToken cancellation) => database.WriteAsync(null, async db =>
    {
        var until = await database.NowAsync(db, cancellation).ConfigureAwait(false) + lease;
        var isMine = await db.Jobs.Where(j => j.Id == id && j.Epoch == epoch && j.Status == JobStatus.Processing)
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.LeaseUntil, until), cancellation).ConfigureAwait(false) == 1;
        return (isMine, isMine);
    }, cancellation);

    /// <summary>Reads requests that have not been tried, in their order.</summary>
    /// <param name="id">The job.</param>
    /// <param name="afterIndex">Only those behind this index; -1 for all.</param>
    /// <param name="count">At most as many.</param>
    /// <param name="buffers">Lends the buffers of their data.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<List<DueRequest>> ReadPendingAsync(Guid id, int afterIndex, int count, ArrayPool<byte> buffers, CancellationToken cancellation)
        => ReadDueAsync($"job_id = {id} and request_index > {afterIndex} and state = {RequestState.Pending} order by request_index limit {count}", buffers, cancellation);

    /// <summary>When each request that waits for another attempt is due.</summary>
    public Task<List<(int Index, DateTimeOffset At)>> ReadRetryTimesAsync(Guid id, CancellationToken cancellation) => database.ReadAsync(null, async db =>
    {
        var waiting = await db.Requests.Where(r => r.JobId == id && r.State == RequestState.Retrying).Select(r => new { r.RequestIndex, r.RetryAt }).ToListAsync(cancellation).ConfigureAwait(false);
        return waiting.ConvertAll(r => (r.RequestIndex, r.RetryAt ?? DateTimeOffset.MinValue));
    }, cancellation);

    /// <summary>Reads requests that are to be tried again, those that wait longest first.</summary>
    /// <param name="id">The job.</param>
    /// <param name="indexes">Which of its requests; not none.</param>
    /// <param name="buffers">Lends the buffers of their data.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<List<DueRequest>> ReadRetriesAsync(Guid id, IReadOnlyCollection<int> indexes, ArrayPool<byte> buffers, CancellationToken cancellation)
        => ReadDueAsync($"job_id = {id} and request_index in ({indexes}) and state = {RequestState.Retrying} order by retry_at", buffers, cancellation);

    /// <summary>Records that requests are about to be tried, so that a crash is counted for them. False where another runner has the job.</summary>
    public Task<bool> MarkRenderingAsync(Guid id, long epoch, IReadOnlyCollection<int> indexes, CancellationToken cancellation) => database.WriteAsync(null, async db =>
    {
        if (!await HoldAsync(db, id, epoch, cancellation).ConfigureAwait(false))
        {
            return (false, false);
        }

        await db.Requests.Where(r => r.JobId == id && indexes.Contains(r.RequestIndex)).ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RequestState.Rendering), cancellation).ConfigureAwait(false);
        return (true, true);
    }, cancellation);

    /// <summary>Commits what became of some requests, and how long the archive now is. False where another runner has the job: then nothing has changed.</summary>
    public Task<bool> CommitAsync(RequestCommit commit, CancellationToken cancellation) => database.WriteAsync(null, async db =>
    {
        var now = time.GetUtcNow();
        var (measures, active) = (JobRows.Write(commit.Measures), (long)commit.Active.TotalMilliseconds);
        var isMine = await db.Jobs.Where(j => j.Id == commit.JobId && j.Epoch == commit.Epoch && j.Status == JobStatus.Processing).ExecuteUpdateAsync(set => set
            .SetProperty(j => j.Succeeded, commit.Counts.Succeeded)
            .SetProperty(j => j.Failed, commit.Counts.Failed)
            .SetProperty(j => j.Retrying, commit.Counts.Retrying)
            .SetProperty(j => j.ArchiveLength, commit.Mark.LogicalBytes)
            .SetProperty(j => j.ArchiveFileLength, commit.Mark.FileBytes)
            .SetProperty(j => j.ActiveMs, active)
            .SetProperty(j => j.Progress, measures)
            .SetProperty(j => j.UpdatedAt, now), cancellation).ConfigureAwait(false) == 1;
        if (!isMine)
        {
            return (false, false);
        }

        await database.UpdateRequestsAsync(db, commit.JobId, commit.Outcomes, now, cancellation).ConfigureAwait(false);
        await RecordFailuresAsync(db, commit, now, cancellation).ConfigureAwait(false);
        return (true, true);
    }, cancellation);

    /// <summary>Gives a job up: ended, paused, or put back for another runner. False where another runner has it.</summary>
    public Task<bool> ReleaseAsync(JobRelease release, CancellationToken cancellation) => database.WriteAsync(null, async db =>
    {
        if (!await HoldAsync(db, release.JobId, release.Epoch, cancellation).ConfigureAwait(false))
        {
            return (false, false);
        }

        var job = await db.Jobs.AsTracking().SingleAsync(j => j.Id == release.JobId, cancellation).ConfigureAwait(false);
        var now = time.GetUtcNow();
        job.Runner = null;
        job.LeaseUntil = null;
        job.ActiveMs = (long)release.Active.TotalMilliseconds;
        job.UpdatedAt = now;

        // Somebody may have asked for something else since the runner looked: then the next one sees to that.
        var isOverruled = release.Status == JobStatus.Paused && job.Requested != JobControl.Pause;
        await db.Requests.Where(r => r.JobId == release.JobId && r.State == RequestState.Rendering).ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RequestState.Pending), cancellation).ConfigureAwait(false);
        if (release.Status != JobStatus.Processing && !isOverruled)
        {
            job.Status = JobTransitions.Move(job.Status, release.Status);
            job.Requested = null;
            job.ErrorCode = release.ErrorCode;
            job.ErrorMessage = release.ErrorMessage;
            job.OutputLength = release.Output.LogicalBytes;
            job.OutputFileLength = release.Output.FileBytes;
            if (JobTransitions.IsEnded(release.Status))
            {
                await EndAsync(db, job, release.OutputFiles ?? [], now, noticesOf, cancellation).ConfigureAwait(false);
            }
        }

        await db.SaveChangesAsync(cancellation).ConfigureAwait(false);
        if (job.Status != JobStatus.Processing)
        {
            await audit.AppendAsync(db, BatchUser.Engine.Note($"job.{Names.Of(job.Status)}", job.Id.ToString(), $"{job.Succeeded} of {job.Total} succeeded, {job.Failed} failed", job.ErrorCode ?? "done"), cancellation).ConfigureAwait(false);
        }

        return (true, true);
    }, cancellation);

    /// <summary>Writes what belongs to the end of a job: its result, and the messages that tell of it, in the same transaction.</summary>
    public static async Task EndAsync(BatchDb db, JobEntity job, IReadOnlyList<string> outputFiles, DateTimeOffset now, Func<BatchJob, IReadOnlyList<OutboxEntity>> noticesOf, CancellationToken cancellation)
    {
        job.CompletedAt = now;
        await db.Results.Where(r => r.JobId == job.Id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
        db.Results.Add(new ResultEntity
        {
            Id = Guid.CreateVersion7(now),
            JobId = job.Id,
            ResultData = JobRows.WriteJson(new { job.Status, job.Total, job.Succeeded, job.Failed, job.StartedAt, job.CompletedAt, job.ActiveMs, job.ErrorCode }),
            OutputFiles = JobRows.WriteJson(outputFiles),
            CreatedAt = now,
        });
        db.Outbox.AddRange(noticesOf(JobRows.Read(job)));
    }

    private Task<List<DueRequest>> ReadDueAsync(FormattableString which, ArrayPool<byte> buffers, CancellationToken cancellation) => database.ReadAsync(null, async db =>
    {
        var requests = new List<DueRequest>();
        await database.ReadRowsAsync(db, $"""
            select request_index, request_id, document_name, template_version_id, attempts, failures, crashes,
                   (select merge_data from batch_request_data d where d.job_id = r.job_id and d.request_index = r.request_index)
              from batch_document_requests r
             where {which}
            """, row => requests.Add(new DueRequest(
                row.Int32(0), row.Text(1)!, row.Text(2)!, row.IsNull(3) ? null : row.Guid(3), row.IsNull(7) ? null : new LentBytes(row.Bytes(7), buffers), row.Int32(4), row.Int32(5), row.Int32(6))), cancellation).ConfigureAwait(false);
        return requests;
    }, cancellation);

    private static async Task<Guid?> NextQueuedAsync(BatchDb db, DateTimeOffset now, TimeSpan ageing, CancellationToken cancellation)
    {
        // One probe of the index a priority, however long the queue is.
        var heads = new List<QueueHead>(4);
        foreach (var priority in Enum.GetValues<JobPriority>())
        {
            var rank = (int)priority;
            heads.AddRange(await db.Queue.Where(q => q.Rank == rank).OrderBy(q => q.Turn).ThenBy(q => q.QueuedAt).ThenBy(q => q.Sequence).Take(1)
                .Select(q => new QueueHead(q.JobId, q.Rank, q.QueuedAt)).ToListAsync(cancellation).ConfigureAwait(false));
        }

        return QueueOrder.Choose(heads, now, ageing)?.JobId;
    }

    /// <summary>Keeps the job from being taken until the end of the transaction, where it is still this epoch's.</summary>
    private static async Task<bool> HoldAsync(BatchDb db, Guid id, long epoch, CancellationToken cancellation)
        => await db.Jobs.Where(j => j.Id == id && j.Epoch == epoch && j.Status == JobStatus.Processing).ExecuteUpdateAsync(set => set.SetProperty(j => j.Epoch, epoch), cancellation).ConfigureAwait(false) == 1;

    /// <summary>Counts a job's requests where it is taken up again: what is counted is what is there.</summary>
    private static async Task RecountAsync(BatchDb db, JobEntity job, CancellationToken cancellation)
    {
        var counts = await db.Requests.Where(r => r.JobId == job.Id).GroupBy(r => r.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellation).ConfigureAwait(false);
        job.Succeeded = counts.GetValueOrDefault(RequestState.Succeeded);
        job.Failed = counts.GetValueOrDefault(RequestState.Failed);

        // One that was in flight for another attempt when its runner died waits for it still.
        job.Retrying = counts.GetValueOrDefault(RequestState.Retrying)
            + await db.Requests.CountAsync(r => r.JobId == job.Id && (r.State == RequestState.Pending || r.State == RequestState.Rendering) && r.Failures > 0, cancellation).ConfigureAwait(false);
    }

    private static async Task RecordFailuresAsync(BatchDb db, RequestCommit commit, DateTimeOffset now, CancellationToken cancellation)
    {
        var failed = commit.Outcomes.Where(o => o.State == RequestState.Failed).ToArray();
        if (failed.Length == 0)
        {
            return;
        }

        var indexes = failed.Select(o => o.Request.Index).ToArray();
        await db.FailedRequests.Where(f => f.JobId == commit.JobId && indexes.Contains(f.RequestIndex)).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
        db.FailedRequests.AddRange(failed.Select(o => new FailedRequestEntity
        {
            Id = Guid.CreateVersion7(now),
            JobId = commit.JobId,
            RequestId = o.Request.RequestId,
            RequestIndex = o.Request.Index,
            DocumentName = o.Request.DocumentName,
            ErrorCode = o.ErrorCode ?? "unknown",
            ErrorMessage = o.ErrorMessage ?? "",
            RetryCount = Math.Max(0, o.Failures - 1),
            LastAttemptAt = now,
            CreatedAt = now,
        }));
        await db.SaveChangesAsync(cancellation).ConfigureAwait(false);
    }
}
