using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Queue;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Batch.Storage;

/// <summary>What the house-keeping reads and writes: old jobs, and when waiting ones will start.</summary>
internal sealed class RetentionStore(IBatchDatabase database, AuditStore audit, TimeProvider time)
{
    /// <summary>Jobs that ended before a time and still have merge data or outputs.</summary>
    public Task<List<Guid>> FindOldAsync(DateTimeOffset endedBefore, int count, CancellationToken cancellation) => database.ReadAsync(null, db => db.Jobs
        .Where(j => j.PurgedAt == null && j.CompletedAt != null && j.CompletedAt < endedBefore)
        .OrderBy(j => j.CompletedAt).Take(count).Select(j => j.Id).ToListAsync(cancellation), cancellation);

    /// <summary>Marks a job that ended before a time as cleaned up and removes its merge data. False where it did not: it may have been tried again since.</summary>
    public Task<bool> PurgeAsync(Guid id, DateTimeOffset endedBefore, CancellationToken cancellation) => database.WriteAsync(null, async db =>
    {
        var now = time.GetUtcNow();
        if (await db.Jobs.Where(j => j.Id == id && j.PurgedAt == null && j.CompletedAt < endedBefore && (j.Status == JobStatus.Completed || j.Status == JobStatus.Failed || j.Status == JobStatus.Cancelled))
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.PurgedAt, now).SetProperty(j => j.UpdatedAt, now).SetProperty(j => j.ArchiveLength, 0).SetProperty(j => j.ArchiveFileLength, 0).SetProperty(j => j.OutputLength, 0).SetProperty(j => j.OutputFileLength, 0), cancellation).ConfigureAwait(false) == 0)
        {
            return (false, false);
        }

        await db.RequestData.Where(d => d.JobId == id).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
        await db.Requests.Where(r => r.JobId == id).ExecuteUpdateAsync(set => set.SetProperty(r => r.OutputFiles, (string?)null), cancellation).ConfigureAwait(false);
        await db.Results.Where(r => r.JobId == id).ExecuteUpdateAsync(set => set.SetProperty(r => r.OutputFiles, "[]"), cancellation).ConfigureAwait(false);
        await audit.AppendAsync(db, BatchUser.Engine.Note("job.purge", id.ToString()), cancellation).ConfigureAwait(false);
        return (true, true);
    }, cancellation);

    /// <summary>Which of some jobs are there and have outputs to keep.</summary>
    public Task<List<Guid>> FindKeptAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellation)
        => database.ReadAsync(null, db => db.Jobs.Where(j => ids.Contains(j.Id) && j.PurgedAt == null).Select(j => j.Id).ToListAsync(cancellation), cancellation);

    /// <summary>Reads what the estimate of start times goes by.</summary>
    public Task<QueueLoad> ReadLoadAsync(CancellationToken cancellation) => database.ReadAsync(null, async db =>
    {
        var running = await db.Jobs.Where(j => j.Status == JobStatus.Processing).ToListAsync(cancellation).ConfigureAwait(false);
        var waiting = await db.Queue.Join(db.Jobs, q => q.JobId, j => j.Id, (q, j) => new { q.Rank, q.Turn, q.QueuedAt, q.Sequence, q.JobId, Left = j.Total - j.Succeeded - j.Failed, q.EstimatedStartTime })
            .OrderByDescending(q => q.Rank).ThenBy(q => q.Turn).ThenBy(q => q.QueuedAt).ThenBy(q => q.Sequence).ToListAsync(cancellation).ConfigureAwait(false);
        var rates = await db.Jobs.Where(j => j.CompletedAt != null && j.ActiveMs > 0).OrderByDescending(j => j.CompletedAt).Take(20).Select(j => new { Done = j.Succeeded + j.Failed, j.ActiveMs }).ToListAsync(cancellation).ConfigureAwait(false);
        return new QueueLoad(
            [.. running.Select(JobRows.Read).Select(j => new RunningLoad(j.Total - j.Processed, j.Measures.DocumentsPerMinute))],
            [.. waiting.Select(q => new WaitingLoad(q.JobId, q.Left, q.EstimatedStartTime))],
            rates.Count == 0 ? 0 : rates.Sum(r => r.Done) / (rates.Sum(r => r.ActiveMs) / 60_000.0));
    }, cancellation);

    /// <summary>Records when waiting jobs are estimated to start.</summary>
    public Task WriteEstimatesAsync(IReadOnlyList<(Guid JobId, DateTimeOffset? Start)> estimates, CancellationToken cancellation) => database.WriteAsync(null, async db =>
    {
        foreach (var (jobId, start) in estimates)
        {
            await db.Queue.Where(q => q.JobId == jobId).ExecuteUpdateAsync(set => set.SetProperty(q => q.EstimatedStartTime, start), cancellation).ConfigureAwait(false);
        }

        return (true, true);
    }, cancellation);
}
