using System.Collections.Concurrent;
using ClinicFlow.Batch.Progress;
using ClinicFlow.Batch.Queue;
using Microsoft.Extensions.Logging;

namespace ClinicFlow.Batch.Processing;

/// <summary>
/// Takes jobs and runs them, as many at once as may be over all hosts. Looks when something in this process says that there
/// may be work, and every second for what other hosts leave.
/// </summary>
internal sealed partial class Scheduler(RunnerParts parts, string host)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, JobRunner> _running = new();
    private readonly Pulse _wake = new();

    /// <summary>The jobs that run here.</summary>
    public IReadOnlyCollection<Guid> Running => [.. _running.Keys];

    /// <summary>There may be work.</summary>
    public void Wake() => _wake.Fire();

    /// <summary>Somebody has asked something of a job.</summary>
    public void Ask(Guid jobId)
    {
        if (_running.TryGetValue(jobId, out var runner))
        {
            runner.Ask();
        }

        Wake();
    }

    /// <summary>How far a job that runs here is, with what is in hand; null where it does not run here.</summary>
    public JobProgress? FindProgress(Guid jobId) => _running.TryGetValue(jobId, out var runner) ? runner.Progress : null;

    /// <summary>Takes and starts what may run now.</summary>
    /// <returns>How many jobs were started.</returns>
    public async Task<int> StartDueAsync(CancellationToken cancellation)
    {
        var started = 0;
        while (!cancellation.IsCancellationRequested
            && await parts.Store.TakeAsync(host, parts.Config.LeaseDuration, parts.Config.MaxConcurrentJobs, parts.Config.QueueAgeing, cancellation).ConfigureAwait(false) is { } taken)
        {
            Start(taken);
            started++;
        }

        return started;
    }

    /// <summary>Takes and runs jobs until the host stops; then lets what is in flight finish and puts the jobs back.</summary>
    public async Task RunAsync(TimeSpan drainFor, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var woken = _wake.Next;
            try
            {
                await StartDueAsync(cancellation).ConfigureAwait(false);
                await Pulse.WaitAsync(woken, LookEvery, parts.Time, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // Whatever it was: a host that takes no more jobs is no host.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogCannotTake(parts.Log, e);
                await WaitAsync(cancellation).ConfigureAwait(false);
            }
        }

        await StopAsync(drainFor).ConfigureAwait(false);
    }

    /// <summary>Waits until nothing runs here.</summary>
    public async Task WhenIdleAsync(CancellationToken cancellation)
    {
        while (!_running.IsEmpty)
        {
            var ended = _wake.Next;
            if (!_running.IsEmpty)
            {
                await ended.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(LookEvery, parts.Time, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Start(TakenJob taken)
    {
        var runner = new JobRunner(parts, taken);

        // A job that this host had and lost may still be closing here; the new runner is the one that counts.
        _running[taken.Job.Id] = runner;
        _ = Task.Run(async () =>
        {
            try
            {
                await runner.RunAsync().ConfigureAwait(false);
            }
#pragma warning disable CA1031 // As above. The lease runs out, and somebody takes the job.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogRunnerDied(parts.Log, e, taken.Job.Id);
            }

            _running.TryRemove(new KeyValuePair<Guid, JobRunner>(taken.Job.Id, runner));
            runner.Dispose();
            Wake();
        });
    }

    private async Task StopAsync(TimeSpan drainFor)
    {
        foreach (var runner in _running.Values)
        {
            runner.Drain();
        }

        using var enough = new CancellationTokenSource(drainFor);
        try
        {
            await WhenIdleAsync(enough.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            foreach (var runner in _running.Values)
            {
                runner.Abort();
            }

            await WhenIdleAsync(CancellationToken.None).WaitAsync(drainFor).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1102, LogLevel.Error, "The runner of job {JobId} died")]
    private static partial void LogRunnerDied(ILogger log, Exception e, Guid jobId);

    [LoggerMessage(1101, LogLevel.Warning, "The database could not be asked for work; it is asked again")]
    private static partial void LogCannotTake(ILogger log, Exception e);
}
