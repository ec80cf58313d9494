using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Batch.Storage;

/// <summary>
/// What people ask of jobs, recorded first and acted on second. Asking twice is asking once. A job that nobody runs is
/// changed at once; a running one is told, and its runner sees to it.
/// </summary>
internal sealed class ControlStore(IBatchDatabase database, AuditStore audit, TimeProvider time, Func<BatchJob, IReadOnlyList<OutboxEntity>> noticesOf)
{
    /// <summary>Records what somebody asks of a job.</summary>
    public Task<ControlOutcome> ControlAsync(Guid id, BatchUser user, JobControl control, bool takesTurns, CancellationToken cancellation) => ChangeAsync(id, user, "job." + Names.Of(control), async (db, job) =>
    {
        switch (control, job.Status)
        {
            case (JobControl.Pause, JobStatus.Queued):
                job.Status = JobTransitions.Move(job.Status, JobStatus.Paused);
                await db.Queue.Where(q => q.JobId == id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
                return true;

            case (JobControl.Pause, JobStatus.Processing):
                job.Requested ??= JobControl.Pause;
                return true;

            case (JobControl.Pause, JobStatus.Paused):
            case (JobControl.Resume, JobStatus.Queued):
            case (JobControl.Cancel, JobStatus.Cancelled):
                return true;

            case (JobControl.Resume, JobStatus.Processing):
                // What is cancelled stays so: its owner has been told.
                job.Requested = job.Requested == JobControl.Cancel ? JobControl.Cancel : null;
                return true;

            case (JobControl.Resume, JobStatus.Paused):
                job.Status = JobTransitions.Move(job.Status, JobStatus.Queued);
                await EnqueueAsync(db, job, takesTurns, cancellation).ConfigureAwait(false);
                return true;

            case (JobControl.Cancel, JobStatus.Queued or JobStatus.Paused):
                await db.Queue.Where(q => q.JobId == id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
                if (job.ArchiveLength == 0)
                {
                    job.Status = JobTransitions.Move(job.Status, JobStatus.Cancelled);
                    await RunnerStore.EndAsync(db, job, [], time.GetUtcNow(), noticesOf, cancellation).ConfigureAwait(false);
                }
                else
                {
                    // Documents are there, so a runner closes the archive.
                    job.Status = JobTransitions.Move(job.Status, JobStatus.Processing);
                    job.Requested = JobControl.Cancel;
                }

                return true;

            case (JobControl.Cancel, JobStatus.Processing):
                job.Requested = JobControl.Cancel;
                return true;

            default:
                return false;
        }
    }, cancellation);

    /// <summary>Changes the urgency of a job that waits.</summary>
    public Task<ControlOutcome> SetPriorityAsync(Guid id, BatchUser user, JobPriority priority, bool takesTurns, CancellationToken cancellation) => ChangeAsync(id, user, "job.priority", async (db, job) =>
    {
        if (job.Status is not (JobStatus.Queued or JobStatus.Paused))
        {
            return false;
        }

        if (job.Priority != priority)
        {
            job.Priority = priority;
            if (await db.Queue.Where(q => q.JobId == id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false) > 0)
            {
                await EnqueueAsync(db, job, takesTurns, cancellation).ConfigureAwait(false);
            }
        }

        return true;
    }, cancellation);

    /// <summary>Queues an ended job again for its failed requests, and for those that a cancellation left out.</summary>
    /// <param name="id">The job.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="requests">Which, with new merge data as it is stored where it was corrected; null for all.</param>
    /// <param name="maxQueueSize">How many jobs may wait.</param>
    /// <param name="takesTurns">Whether owners take turns.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<ControlOutcome> RetryAsync(Guid id, BatchUser user, IReadOnlyDictionary<int, byte[]?>? requests, int maxQueueSize, bool takesTurns, CancellationToken cancellation)
    {
        ControlOutcome? full = null;
        return ChangeAsync(id, user, "job.retry", async (db, job) =>
        {
            if (!JobTransitions.IsEnded(job.Status) || job.PurgedAt is not null)
            {
                return false;
            }

            var tail = await database.ReadQueueTailAsync(db, (int)job.Priority, job.CreatedBy, cancellation).ConfigureAwait(false);
            if (tail.Size >= maxQueueSize)
            {
                full = new ControlOutcome.QueueFull(tail.Size);
                return false;
            }

            var again = 0;
            foreach (var (index, data) in requests ?? new Dictionary<int, byte[]?>())
            {
                if (data is not null)
                {
                    await db.RequestData.Where(d => d.JobId == id && d.RequestIndex == index && db.Requests.Any(r => r.JobId == id && r.RequestIndex == index && r.State != RequestState.Succeeded))
                        .ExecuteUpdateAsync(set => set.SetProperty(d => d.MergeData, data), cancellation).ConfigureAwait(false);
                }
            }

            foreach (var some in requests is null ? [null] : requests.Keys.Chunk(500).Select(chunk => (int[]?)chunk))
            {
                again += await AgainAsync(db, id, some, cancellation).ConfigureAwait(false);
            }

            // All pending ones are made too: those that a cancellation or a time-out left.
            if (again > 0 || await db.Requests.AnyAsync(r => r.JobId == id && (r.State == RequestState.Pending || r.State == RequestState.Retrying), cancellation).ConfigureAwait(false))
            {
                job.Status = JobTransitions.Move(job.Status, JobStatus.Queued);
                job.Failed -= again;
                job.ErrorCode = null;
                job.ErrorMessage = null;
                job.CompletedAt = null;
                job.Requested = null;
                job.ActiveMs = 0;
                job.QueuedAt = time.GetUtcNow();
                await db.Results.Where(r => r.JobId == id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
                JobRows.Enqueue(db, job, tail, takesTurns, time.GetUtcNow());
            }

            return true;
        }, cancellation, () => full);
    }

    /// <summary>Which requests, by index, have these ids.</summary>
    public Task<Dictionary<string, int>> FindRequestsAsync(Guid id, string? user, IReadOnlyCollection<string> requestIds, CancellationToken cancellation) => database.ReadAsync(user, async db =>
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        if (await JobRows.FindAsync(db, id, user, cancellation).ConfigureAwait(false) is not null)
        {
            foreach (var some in requestIds.Where(StoredText.CanKeep).Chunk(500))
            {
                foreach (var row in await db.Requests.Where(r => r.JobId == id && some.Contains(r.RequestId)).Select(r => new { r.RequestId, r.RequestIndex }).ToListAsync(cancellation).ConfigureAwait(false))
                {
                    found[row.RequestId] = row.RequestIndex;
                }
            }
        }

        return found;
    }, cancellation);

    /// <summary>Takes a waiting job out of the queue, or puts a paused one in.</summary>
    public Task<ControlOutcome> SetStatusAsync(Guid id, JobStatus status, string? errorCode, string? errorMessage, CancellationToken cancellation) => ChangeAsync(id, BatchUser.Engine, "job.status", async (db, job) =>
    {
        job.Status = JobTransitions.Move(job.Status, status);
        job.ErrorCode = errorCode;
        job.ErrorMessage = errorMessage;
        await db.Queue.Where(q => q.JobId == id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
        if (status == JobStatus.Queued)
        {
            await EnqueueAsync(db, job, takesTurns: false, cancellation).ConfigureAwait(false);
        }
        else if (JobTransitions.IsEnded(status))
        {
            await RunnerStore.EndAsync(db, job, [], time.GetUtcNow(), noticesOf, cancellation).ConfigureAwait(false);
        }

        return true;
    }, cancellation);

    /// <summary>Deletes an ended job with its requests and results.</summary>
    public Task<ControlOutcome> DeleteAsync(Guid id, BatchUser user, CancellationToken cancellation) => ChangeAsync(id, user, "job.delete", async (db, job) =>
    {
        if (!JobTransitions.IsEnded(job.Status))
        {
            return false;
        }

        await db.Jobs.Where(j => j.Id == id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
        db.ChangeTracker.Clear();
        return true;
    }, cancellation);

    private static async Task<int> AgainAsync(BatchDb db, Guid id, int[]? indexes, CancellationToken cancellation)
    {
        var failed = db.Requests.Where(r => r.JobId == id && r.State == RequestState.Failed && (indexes == null || indexes.Contains(r.RequestIndex)));
        await db.FailedRequests.Where(f => f.JobId == id && (indexes == null || indexes.Contains(f.RequestIndex))).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
        return await failed.ExecuteUpdateAsync(set => set
            .SetProperty(r => r.State, RequestState.Pending)
            .SetProperty(r => r.Failures, 0)
            .SetProperty(r => r.Crashes, 0)
            .SetProperty(r => r.RetryAt, (DateTimeOffset?)null)
            .SetProperty(r => r.ErrorCode, (string?)null)
            .SetProperty(r => r.ErrorMessage, (string?)null), cancellation).ConfigureAwait(false);
    }

    private async Task EnqueueAsync(BatchDb db, JobEntity job, bool takesTurns, CancellationToken cancellation)
    {
        var tail = await database.ReadQueueTailAsync(db, (int)job.Priority, job.CreatedBy, cancellation).ConfigureAwait(false);
        JobRows.Enqueue(db, job, tail, takesTurns, time.GetUtcNow());
    }

    private Task<ControlOutcome> ChangeAsync(Guid id, BatchUser user, string action, Func<BatchDb, JobEntity, Task<bool>> change, CancellationToken cancellation, Func<ControlOutcome?>? refusal = null) => database.WriteAsync<ControlOutcome>(user.Scope, async db =>
    {
        await database.LockQueueAsync(db, cancellation).ConfigureAwait(false);
        var now = time.GetUtcNow();

        // Writes first: until the end of the transaction no runner can commit to the row, or end the job.
        if (await db.Jobs.Where(JobRows.Visible(user.Scope)).Where(j => j.Id == id).ExecuteUpdateAsync(set => set.SetProperty(j => j.UpdatedAt, now), cancellation).ConfigureAwait(false) == 0)
        {
            return (new ControlOutcome.NotFound(), false);
        }

        var job = await db.Jobs.AsTracking().SingleAsync(j => j.Id == id, cancellation).ConfigureAwait(false);
        var before = JobRows.Read(job);
        if (!await change(db, job).ConfigureAwait(false))
        {
            return (refusal?.Invoke() ?? new ControlOutcome.NotAllowed(job.Status, JobTransitions.ActionsFrom(job.Status)), false);
        }

        var isGone = db.Entry(job).State == EntityState.Detached;
        await db.SaveChangesAsync(cancellation).ConfigureAwait(false);
        await audit.AppendAsync(db, user.Note(action, id.ToString(), $"{Names.Of(before.Status)} to {(isGone ? "nothing" : Names.Of(job.Status))}, priority {Names.Of(job.Priority)}"), cancellation).ConfigureAwait(false);
        return (new ControlOutcome.Accepted(isGone ? before : JobRows.Read(job)), true);
    }, cancellation);
}
