using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Batch.Storage;

/// <summary>
/// Creates jobs. A job that fits into one batch of requests is one transaction. A larger one comes in batch by batch, so
/// that neither memory nor the database's writer is held for long, and is seen by nobody until the last transaction makes
/// it ready and queues it. What a crash leaves behind is removed by <see cref="RemoveUnfinishedAsync"/>.
/// </summary>
internal sealed class IntakeStore(IBatchDatabase database, AuditStore audit, TimeProvider time)
{
    private const int BatchSize = 2_000;

    /// <summary>Creates a job with its requests and queues it.</summary>
    /// <param name="job">The job.</param>
    /// <param name="user">Who creates it.</param>
    /// <param name="requests">Its requests; read once. An exception of theirs leaves nothing behind.</param>
    /// <param name="maxQueueSize">How many may wait.</param>
    /// <param name="takesTurns">Whether owners take turns.</param>
    /// <param name="cancellation">Ends the call; nothing is left behind then.</param>
    public async Task<CreateOutcome> CreateAsync(NewJob job, BatchUser user, IAsyncEnumerable<NewRequest> requests, int maxQueueSize, bool takesTurns, CancellationToken cancellation)
    {
        if (await RefuseAsync(job, maxQueueSize, cancellation).ConfigureAwait(false) is { } early)
        {
            return early;
        }

        var isBegun = false;
        var isDone = false;
        try
        {
            var total = 0;
            var batch = new List<NewRequest>(256);
            await foreach (var request in requests.WithCancellation(cancellation).ConfigureAwait(false))
            {
                if (batch.Count == BatchSize)
                {
                    await AddAsync(job, batch, total - batch.Count, isBegun, cancellation).ConfigureAwait(false);
                    isBegun = true;
                    batch.Clear();
                }

                batch.Add(request);
                total++;
            }

            var outcome = await FinishAsync(job, user, batch, total, isBegun, maxQueueSize, takesTurns, cancellation).ConfigureAwait(false);
            isDone = outcome is CreateOutcome.Created;
            return outcome;
        }
        finally
        {
            if (isBegun && !isDone)
            {
                await RemoveAsync(job).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes jobs whose intake was cut off by a crash.</summary>
    /// <param name="age">How long nothing must have come in.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task RemoveUnfinishedAsync(TimeSpan age, CancellationToken cancellation)
    {
        var before = time.GetUtcNow() - age;
        return database.WriteAsync(null, async db => (await db.Jobs.Where(j => !j.IsReady && j.UpdatedAt < before).ExecuteDeleteAsync(cancellation).ConfigureAwait(false), true), cancellation);
    }

    private static Task<Guid> FindByKeyAsync(BatchDb db, NewJob job, CancellationToken cancellation)
        => job.IdempotencyKey is not { } key || !StoredText.CanKeep(key) ? Task.FromResult(Guid.Empty)
            : db.Jobs.Where(j => j.CreatedBy == job.CreatedBy && j.IdempotencyKey == key).Select(j => j.Id).FirstOrDefaultAsync(cancellation);

    /// <summary>A first look, before anything is read: the last transaction looks again.</summary>
    private Task<CreateOutcome?> RefuseAsync(NewJob job, int maxQueueSize, CancellationToken cancellation) => database.WriteAsync<CreateOutcome?>(job.CreatedBy, async db =>
    {
        if (await FindByKeyAsync(db, job, cancellation).ConfigureAwait(false) is var known && known != Guid.Empty)
        {
            return (new CreateOutcome.Existing(known), false);
        }

        var tail = await database.ReadQueueTailAsync(db, (int)job.Priority, job.CreatedBy, cancellation).ConfigureAwait(false);
        return (tail.Size >= maxQueueSize ? new CreateOutcome.QueueFull(tail.Size) : null, false);
    }, cancellation);

    private Task<bool> AddAsync(NewJob job, List<NewRequest> batch, int firstIndex, bool isBegun, CancellationToken cancellation) => database.WriteAsync(job.CreatedBy, async db =>
    {
        var now = time.GetUtcNow();
        if (isBegun)
        {
            await HoldAsync(db, job, now, cancellation).ConfigureAwait(false);
        }
        else
        {
            db.Jobs.Add(RowOf(job, now, isReady: false, total: 0));
            await db.SaveChangesAsync(cancellation).ConfigureAwait(false);
        }

        await database.InsertRequestsAsync(db, job.Id, firstIndex, batch, cancellation).ConfigureAwait(false);
        return (true, true);
    }, cancellation);

    private Task<CreateOutcome> FinishAsync(NewJob job, BatchUser user, List<NewRequest> batch, int total, bool isBegun, int maxQueueSize, bool takesTurns, CancellationToken cancellation) => database.WriteAsync<CreateOutcome>(job.CreatedBy, async db =>
    {
        await database.LockQueueAsync(db, cancellation).ConfigureAwait(false);
        if (await FindByKeyAsync(db, job, cancellation).ConfigureAwait(false) is var known && known != Guid.Empty)
        {
            return (new CreateOutcome.Existing(known), false);
        }

        var tail = await database.ReadQueueTailAsync(db, (int)job.Priority, job.CreatedBy, cancellation).ConfigureAwait(false);
        if (tail.Size >= maxQueueSize)
        {
            return (new CreateOutcome.QueueFull(tail.Size), false);
        }

        var now = time.GetUtcNow();
        var row = RowOf(job, now, isReady: true, total);
        if (isBegun)
        {
            await HoldAsync(db, job, now, cancellation).ConfigureAwait(false);
            db.Jobs.Update(row);
        }
        else
        {
            db.Jobs.Add(row);
        }

        JobRows.Enqueue(db, row, tail, takesTurns, now);
        await db.SaveChangesAsync(cancellation).ConfigureAwait(false);
        await database.InsertRequestsAsync(db, job.Id, total - batch.Count, batch, cancellation).ConfigureAwait(false);
        await audit.AppendAsync(db, user.Note("job.create", job.Id.ToString(), FormattableString.Invariant($"{total} documents, priority {Names.Of(job.Priority)}")), cancellation).ConfigureAwait(false);
        return (new CreateOutcome.Created(), true);
    }, cancellation);

    /// <summary>Keeps the sweeper from what comes in; fails where it was faster, as after an hour without a request.</summary>
    private static async Task HoldAsync(BatchDb db, NewJob job, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await db.Jobs.Where(j => j.Id == job.Id).ExecuteUpdateAsync(set => set.SetProperty(j => j.UpdatedAt, now), cancellation).ConfigureAwait(false) == 0)
        {
            throw new StorageException("intake-timed-out", "The documents of the job came in too slowly, and what there was has been removed. Send the job again.", isTransient: true);
        }
    }

    private async Task RemoveAsync(NewJob job)
    {
        try
        {
            await database.WriteAsync(job.CreatedBy, async db => (await db.Jobs.Where(j => j.Id == job.Id && !j.IsReady).ExecuteDeleteAsync(CancellationToken.None).ConfigureAwait(false), true), CancellationToken.None).ConfigureAwait(false);
        }
        catch (StorageException)
        {
            // The database is gone; what is left behind is swept later.
        }
    }

    private static JobEntity RowOf(NewJob job, DateTimeOffset now, bool isReady, int total) => new()
    {
        Id = job.Id,
        Name = job.Name,
        Description = job.Description,
        TemplateId = job.TemplateId,
        TemplateVersionId = job.TemplateVersionId,
        Priority = job.Priority,
        Status = JobStatus.Queued,
        Progress = JobRows.Write(JobMeasures.None),
        Settings = JobRows.Write(job.Settings),
        CreatedBy = job.CreatedBy,
        CreatedAt = now,
        UpdatedAt = now,
        QueuedAt = now,
        IsReady = isReady,

        // The key counts from the moment the job is there: two intakes of one key end in one job.
        IdempotencyKey = isReady ? job.IdempotencyKey : null,
        Total = total,
        TimeoutMs = (long)job.Timeout.TotalMilliseconds,
    };
}
