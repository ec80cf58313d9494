using System.Net;
using System.Runtime.CompilerServices;
using ClinicFlow.Client.Connection;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Client.Live;

/// <summary>One watch of one job, or of all the caller's own: what was given already, so that nothing is given twice and percent never goes back.</summary>
internal sealed class JobWatch(ApiConnection api, LiveFeed live)
{
    /// <summary>By then the hub has sent where the active jobs are; those that it did not name have ended before it began to listen.</summary>
    private static readonly TimeSpan SnapshotTime = TimeSpan.FromSeconds(1);

    private static readonly IReadOnlyList<JobStatus> Active = [JobStatus.Queued, JobStatus.Processing, JobStatus.Paused];

    private readonly Dictionary<Guid, JobProgress> _given = [];

    /// <summary>Whether a job has ended.</summary>
    public static bool IsEnded(JobStatus status) => status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled;

    /// <summary>One job, until it has ended.</summary>
    public async IAsyncEnumerable<JobProgress> OneAsync(Guid id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? tag = null;
        var steps = live.WatchAsync(
            async cancel =>
            {
                if (await api.GetIfChangedAsync<Job>($"batch-jobs/{id}", tag, cancel).ConfigureAwait(false) is not { } changed)
                {
                    return [];
                }

                tag = changed.Tag;
                return [changed.Value.Progress];
            },
            cancel => live.StreamAsync<JobProgress>("WatchJob", [id], cancel), step => IsEnded(step.Status), cancellation);
        await foreach (var step in steps.ConfigureAwait(false))
        {
            if (TryTake(step, out var taken))
            {
                yield return taken;
            }
        }
    }

    /// <summary>All the caller's own jobs.</summary>
    public async IAsyncEnumerable<JobProgress> MineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        string? user = null;
        async Task<IReadOnlyList<JobProgress>> LookAsync(CancellationToken cancel)
        {
            user ??= (await api.GetAsync<Session>("session", cancel).ConfigureAwait(false)).Id;
            return await LookAtMineAsync(user, cancel).ConfigureAwait(false);
        }

        await foreach (var step in live.WatchAsync(LookAsync, cancel => ListenAsync(LookAsync, cancel), _ => false, cancellation).ConfigureAwait(false))
        {
            if (TryTake(step, out var taken))
            {
                yield return taken;
            }
        }
    }

    /// <summary>The active jobs, and those that were active when they were given last and are not any more.</summary>
    private async Task<IReadOnlyList<JobProgress>> LookAtMineAsync(string user, CancellationToken cancellation)
    {
        var found = new List<JobProgress>();
        await foreach (var job in new JobsClient(api, live).ListAllAsync(new JobFilter { Statuses = Active, CreatedBy = user, Count = 200 }, cancellation).ConfigureAwait(false))
        {
            found.Add(job.Progress);
        }

        foreach (var id in _given.Values.Where(step => !IsEnded(step.Status)).Select(step => step.JobId).Except(found.Select(step => step.JobId)).ToArray())
        {
            try
            {
                found.Add((await api.GetAsync<Job>($"batch-jobs/{id}", cancellation).ConfigureAwait(false)).Progress);
            }
            catch (ClinicFlowApiException e) when (e.Status == HttpStatusCode.NotFound)
            {
                _given.Remove(id);
            }
        }

        return found;
    }

    private async IAsyncEnumerable<JobProgress> ListenAsync(Func<CancellationToken, Task<IReadOnlyList<JobProgress>>> look, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var steps = live.StreamAsync<JobProgress>("WatchMyJobs", [], ends.Token).GetAsyncEnumerator(ends.Token);
        var next = steps.MoveNextAsync().AsTask();
        try
        {
            var snapshot = Task.Delay(SnapshotTime, api.Options.Time, ends.Token);
            var hasLooked = false;
            while (true)
            {
                if (!hasLooked && await Task.WhenAny(next, snapshot).ConfigureAwait(false) != next)
                {
                    hasLooked = true;
                    foreach (var step in await look(ends.Token).ConfigureAwait(false))
                    {
                        yield return step;
                    }
                }

                if (!hasLooked && !next.IsCompleted)
                {
                    continue;
                }

                if (!await next.ConfigureAwait(false))
                {
                    yield break;
                }

                var current = steps.Current;
                next = steps.MoveNextAsync().AsTask();
                yield return current;
            }
        }
        finally
        {
            // An enumerator is disposed only when it is not on its way to the next.
            await ends.CancelAsync().ConfigureAwait(false);
            await next.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
            await steps.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes a step that is news.</summary>
    private bool TryTake(JobProgress step, out JobProgress taken)
    {
        taken = step;
        if (_given.TryGetValue(step.JobId, out var last))
        {
            // What REST told may be older than what the hub told before: an ended job that is queued again counts from anew.
            if (!IsEnded(last.Status) && step.Percent < last.Percent)
            {
                taken = step with { Percent = last.Percent };
            }

            if (taken == last)
            {
                return false;
            }
        }

        _given[step.JobId] = taken;
        return true;
    }
}
