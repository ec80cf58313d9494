using ClinicFlow.Batch.Delivery;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Batch.Storage;

/// <summary>The outbox in the database.</summary>
internal sealed class OutboxStore(IBatchDatabase database, TimeProvider time) : IOutbox
{
    /// <summary>The rows that tell of a job's end; written in the transaction that ends it.</summary>
    public static IReadOnlyList<OutboxEntity> NoticesOf(BatchJob job, NotificationSettings settings, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return [.. settings.FindDestinations(job).Select(destination => new OutboxEntity
        {
            Id = Guid.CreateVersion7(now),
            JobId = job.Id,
            Kind = Names.Of(destination.Kind),
            Destination = destination.Destination,
            Payload = JobRows.WriteJson(JobEnded.Of(job)),
            DueAt = now,
            CreatedAt = now,
        })];
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<OutboxMessage>> TakeDueAsync(int count, TimeSpan lease, CancellationToken cancellation) => database.WriteAsync<IReadOnlyList<OutboxMessage>>(null, async db =>
    {
        // The queue's lock serves here too: hosts take messages one after the other, and each its own.
        await database.LockQueueAsync(db, cancellation).ConfigureAwait(false);
        var now = await database.NowAsync(db, cancellation).ConfigureAwait(false);
        var rows = await db.Outbox.AsTracking().Where(m => m.SentAt == null && m.GivenUpAt == null && m.DueAt <= now).OrderBy(m => m.DueAt).Take(count).ToListAsync(cancellation).ConfigureAwait(false);
        foreach (var row in rows)
        {
            row.Attempts++;
            row.DueAt = now + lease;
        }

        await db.SaveChangesAsync(cancellation).ConfigureAwait(false);
        return ([.. rows.Select(row => new OutboxMessage(row.Id, row.JobId, Names.Parse<OutboxKind>(row.Kind), row.Destination, JobRows.ReadJson<JobEnded>(row.Payload), row.Attempts, row.CreatedAt))], rows.Count > 0);
    }, cancellation);

    /// <inheritdoc/>
    public Task<bool> MarkSentAsync(Guid id, CancellationToken cancellation) => MarkAsync(id, row => row.SentAt = time.GetUtcNow(), cancellation);

    /// <inheritdoc/>
    public Task<bool> MarkFailedAsync(Guid id, string error, TimeSpan? retryAfter, CancellationToken cancellation) => database.WriteAsync(null, async db =>
    {
        var now = await database.NowAsync(db, cancellation).ConfigureAwait(false);
        var isChanged = await ChangeAsync(db, id, row =>
        {
            row.LastError = error;
            if (retryAfter is { } delay)
            {
                row.DueAt = now + delay;
            }
            else
            {
                row.GivenUpAt = now;
            }
        }, cancellation).ConfigureAwait(false);
        return (isChanged, isChanged);
    }, cancellation);

    private static async Task<bool> ChangeAsync(BatchDb db, Guid id, Action<OutboxEntity> change, CancellationToken cancellation)
    {
        var row = await db.Outbox.AsTracking().SingleOrDefaultAsync(m => m.Id == id && m.SentAt == null && m.GivenUpAt == null, cancellation).ConfigureAwait(false);
        if (row is null)
        {
            return false;
        }

        change(row);
        await db.SaveChangesAsync(cancellation).ConfigureAwait(false);
        return true;
    }

    private Task<bool> MarkAsync(Guid id, Action<OutboxEntity> change, CancellationToken cancellation) => database.WriteAsync(null, async db =>
    {
        var isChanged = await ChangeAsync(db, id, change, cancellation).ConfigureAwait(false);
        return (isChanged, isChanged);
    }, cancellation);
}
