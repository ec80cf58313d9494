using System.Runtime.CompilerServices;
using System.Security.Claims;
using ClinicFlow.Batch;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Accounts;
using ClinicFlow.Server.Jobs;
using ClinicFlow.Server.Queue;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Engine = ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Server.Live;

/// <summary>Live progress over SignalR, as streams: each begins with where things are, so that whoever comes back has missed nothing.</summary>
[Authorize(LiveRegistration.ReadsJobs)]
internal sealed class ProgressHub(BatchEngineHost host, SignInHold hold, TimeProvider time, IHostApplicationLifetime lifetime) : Hub
{
    /// <summary>Where it is.</summary>
    public const string Path = "/hubs/batch-jobs";

    private static readonly Engine.JobStatus[] Active = [Engine.JobStatus.Queued, Engine.JobStatus.Processing, Engine.JobStatus.Paused];

    /// <summary>Closes the connection when the sign-in ends that it was opened by.</summary>
    public override async Task OnConnectedAsync()
    {
        await base.OnConnectedAsync();
        _ = AbortAtEndAsync(Context, hold);
    }

    /// <summary>One job, until it ends.</summary>
    [Authorize(LiveRegistration.ReadsJobs)]
    public async IAsyncEnumerable<JobProgress> WatchJob(Guid jobId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var caller = CallerNow();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping, Context.ConnectionAborted);
        if (await caller.Jobs.GetBatchJobAsync(jobId, ends.Token) is not { } job)
        {
            throw new HubException("not-found: There is no such job, or it is not yours.");
        }

        await foreach (var step in caller.Jobs.WatchAsync(jobId, ends.Token))
        {
            yield return JobViews.Of(step, caller.Owns(job.CreatedBy));
        }
    }

    /// <summary>The caller's own jobs: first those that have not ended, then every step of any.</summary>
    [Authorize(LiveRegistration.ReadsJobs)]
    public async IAsyncEnumerable<JobProgress> WatchMyJobs([EnumeratorCancellation] CancellationToken cancellation)
    {
        var caller = CallerNow();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping, Context.ConnectionAborted);
        using var watcher = host.Engine.Progress.Subscribe(null);
        var known = new Dictionary<Guid, Batch.Progress.JobProgress>();
        var foreign = new HashSet<Guid>();
        await foreach (var step in SnapshotAsync(caller, ends.Token))
        {
            known[step.JobId] = step;
            yield return JobViews.Of(step, isOwn: true);
        }

        while (!ends.IsCancellationRequested)
        {
            if (await watcher.NextAsync(TimeSpan.FromSeconds(2), time, ends.Token) is { } next)
            {
                var step = next;
                if (foreign.Contains(step.JobId))
                {
                    continue;
                }

                // The feed tells of everybody's jobs: whose this one is says the database, once.
                if (!known.ContainsKey(step.JobId) && await caller.OwnJobs.GetBatchJobAsync(step.JobId, ends.Token) is null)
                {
                    foreign.Add(step.JobId);
                    continue;
                }

                // A step may have been on its way while something newer was read.
                if (known.TryGetValue(step.JobId, out var last) && step.Processed < last.Processed)
                {
                    if (await caller.OwnJobs.GetProgressAsync(step.JobId, ends.Token) is not { } newest || newest == last)
                    {
                        continue;
                    }

                    step = newest;
                }

                known[step.JobId] = step;
                yield return JobViews.Of(step, isOwn: true);
            }
            else
            {
                // Silence: jobs may run on other hosts.
                foreach (var id in known.Where(pair => !Engine.JobTransitions.IsEnded(pair.Value.Status)).Select(pair => pair.Key).ToArray())
                {
                    if (await caller.OwnJobs.GetProgressAsync(id, ends.Token) is { } step && step != known[id])
                    {
                        known[id] = step;
                        yield return JobViews.Of(step, isOwn: true);
                    }
                }

                await foreach (var step in SnapshotAsync(caller, ends.Token))
                {
                    if (known.TryAdd(step.JobId, step))
                    {
                        yield return JobViews.Of(step, isOwn: true);
                    }
                }
            }
        }
    }

    /// <summary>The queue in figures, whenever they change; looked at twice a second at most.</summary>
    [Authorize(LiveRegistration.ReadsJobs)]
    public async IAsyncEnumerable<QueueStats> WatchQueue([EnumeratorCancellation] CancellationToken cancellation)
    {
        var caller = CallerNow();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping, Context.ConnectionAborted);
        Batch.Queue.QueueStats? last = null;
        while (!ends.IsCancellationRequested)
        {
            var stats = await caller.Jobs.GetQueueStatsAsync(ends.Token);
            if (last is null || stats with { Queued = last.Queued } != last || !stats.Queued.OrderBy(pair => pair.Key).SequenceEqual(last.Queued.OrderBy(pair => pair.Key)))
            {
                yield return QueueApi.Of(last = stats);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), time, ends.Token);
        }
    }

    private static async IAsyncEnumerable<Batch.Progress.JobProgress> SnapshotAsync(Caller caller, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var page = await caller.OwnJobs.GetBatchJobsAsync(new Engine.JobQuery { Statuses = Active, Count = 200 }, cancellation);
        foreach (var job in page.Jobs)
        {
            yield return caller.OwnJobs.Newest(job);
        }
    }

    private static async Task AbortAtEndAsync(HubCallerContext context, SignInHold hold)
    {
        if (await hold.EndsAsync(context.User ?? new ClaimsPrincipal(), context.ConnectionAborted))
        {
            context.Abort();
        }
    }

    private Caller CallerNow()
    {
        if (!host.Engine.Config.EnableRealTimeUpdates)
        {
            throw new HubException("live-updates-off: The server is set up to push nothing (EnableRealTimeUpdates). Ask for the job every few seconds, with its ETag.");
        }

        return new Caller(host.Engine, Context.User ?? new ClaimsPrincipal(), Context.GetHttpContext()?.Connection.RemoteIpAddress?.ToString() ?? "unknown");
    }
}
