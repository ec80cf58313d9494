using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Queue;
using ClinicFlow.Batch.Storage;
using Microsoft.Extensions.Logging;

namespace ClinicFlow.Batch.Retention;

/// <summary>
/// Keeps house: removes merge data and outputs of jobs that ended long ago, files that belong to no job any more, and what a
/// crash left of a job that was coming in; and keeps the estimated start times of waiting jobs.
/// </summary>
internal sealed partial class Housekeeper(BatchProcessingConfig config, RetentionStore store, IntakeStore intake, AuditStore audit, OutputFolder files, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan CleanEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan IntakeIdle = TimeSpan.FromHours(1);

    private int _isBreakTold;

    /// <summary>Removes what is old. Returns how many jobs were cleaned up.</summary>
    public async Task<int> CleanAsync(CancellationToken cancellation)
    {
        await intake.RemoveUnfinishedAsync(IntakeIdle, cancellation).ConfigureAwait(false);
        var before = time.GetUtcNow() - TimeSpan.FromDays(config.CleanupCompletedJobsAfterDays);
        var cleaned = 0;
        while (await store.FindOldAsync(before, 100, cancellation).ConfigureAwait(false) is { Count: > 0 } old)
        {
            foreach (var id in old)
            {
                // The database first: files that no row speaks of are removed below, a row without its files would be a lie.
                if (await store.PurgeAsync(id, before, cancellation).ConfigureAwait(false))
                {
                    files.Delete(id);
                    cleaned++;
                }
            }
        }

        await RemoveOrphansAsync(cancellation).ConfigureAwait(false);
        return cleaned;
    }

    /// <summary>Estimates anew when waiting jobs will start, and records what has changed by more than a few seconds.</summary>
    public async Task EstimateAsync(CancellationToken cancellation)
    {
        var load = await store.ReadLoadAsync(cancellation).ConfigureAwait(false);
        var before = load.Waiting.ToDictionary(job => job.JobId, job => job.Estimate);
        var changed = StartEstimate.Of(load, config.MaxConcurrentJobs, time.GetUtcNow()).Where(estimate => IsOther(before[estimate.JobId], estimate.Start)).ToArray();
        if (changed.Length > 0)
        {
            await store.WriteEstimatesAsync(changed, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Keeps house until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var cleaned = (long?)null;
        while (!cancellation.IsCancellationRequested)
        {
            var begun = time.GetTimestamp();
            try
            {
                if (cleaned is not { } last || time.GetElapsedTime(last) >= CleanEvery)
                {
                    await CleanAsync(cancellation).ConfigureAwait(false);
                    cleaned = begun;
                }

                await EstimateAsync(cancellation).ConfigureAwait(false);
                await NoteAuditHeadAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is StorageException or IOException or UnauthorizedAccessException)
            {
                LogFailed(log, e);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }

            // A long queue is estimated less often: this never takes more than a twentieth of the time.
            var pause = TimeSpan.FromSeconds(5) + (time.GetElapsedTime(begun) * 20);
            await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The last thing it does: so that what was written since is not lost sight of until the next start.</summary>
    public async Task EndAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        try
        {
            await NoteAuditHeadAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StorageException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            LogFailed(log, e);
        }
    }

    private async Task NoteAuditHeadAsync(CancellationToken cancellation)
    {
        if (!await audit.NoteHeadAsync(cancellation).ConfigureAwait(false) && Interlocked.Exchange(ref _isBreakTold, 1) == 0)
        {
            LogAuditBroken(log);
        }
    }

    private static bool IsOther(DateTimeOffset? before, DateTimeOffset? after)
        => before is null != after is null || (before is { } a && after is { } b && (a - b).Duration() > TimeSpan.FromSeconds(5));

    private async Task RemoveOrphansAsync(CancellationToken cancellation)
    {
        foreach (var some in files.FindJobs().Chunk(500))
        {
            var kept = (await store.FindKeptAsync(some, cancellation).ConfigureAwait(false)).ToHashSet();
            foreach (var id in some.Where(id => !kept.Contains(id)))
            {
                files.Delete(id);
            }
        }
    }

    [LoggerMessage(1201, LogLevel.Warning, "House-keeping failed; it is tried again")]
    private static partial void LogFailed(ILogger log, Exception e);

    [LoggerMessage(1202, LogLevel.Error, "The audit log is not what it was: its end was cut off or changed. Run clinicflow audit verify, and keep the database and its backups as they are")]
    private static partial void LogAuditBroken(ILogger log);
}
