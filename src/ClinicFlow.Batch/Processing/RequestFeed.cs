using ClinicFlow.Batch.Queue;
using ClinicFlow.Batch.Storage;

namespace ClinicFlow.Batch.Processing;

/// <summary>
/// Brings a job's requests from the database to the lanes: those not tried yet in their order, and those whose next
/// attempt is due. After a crash it goes carefully: it records what it hands out before the lanes have it, in groups that
/// shrink with each crash, so that the one request that kills runners is found and fails alone.
/// </summary>
internal sealed class RequestFeed(RunningJob run, RunnerStore store, CommitState state, TimeProvider time)
{
    private const int MaxChunk = 1_024;
    private const long ChunkBytes = 8L << 20;

    private int _after = -1;
    private int _chunk = 64;
    private bool _isRead;
    private int _careful = run.Taken.IsAfterCrash ? RunningJob.MaxOpen : 0;

    /// <summary>Feeds until everything is committed, or the runner is to stop.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (!run.Drain.IsCancellationRequested)
            {
                var changed = run.Changed.Next;
                if (await FeedRetriesAsync().ConfigureAwait(false) || await FeedPendingAsync().ConfigureAwait(false))
                {
                    continue;
                }

                if (_isRead && run.Open == 0 && state.Retries.NextAt is null)
                {
                    return;
                }

                await Pulse.WaitAsync(changed, WaitTime(), time, run.Drain).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (run.Drain.IsCancellationRequested)
        {
            // The runner is to stop.
        }
        finally
        {
            run.Due.Writer.TryComplete();
        }
    }

    /// <summary>Whether another chunk may be handed out. Each commit makes room, and wakes the feed.</summary>
    private bool HasRoom => run.Open <= RunningJob.MaxOpen - _chunk;

    private TimeSpan WaitTime()
    {
        var next = HasRoom && state.Retries.NextAt is { } at ? at - time.GetUtcNow() : TimeSpan.FromSeconds(30);
        return next < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : next;
    }

    private async Task<bool> FeedRetriesAsync()
    {
        if (!HasRoom || state.Retries.TakeDue(time.GetUtcNow(), _chunk) is not { Count: > 0 } due)
        {
            return false;
        }

        await HandOutAsync(Measured(await Patiently.DoAsync(() => store.ReadRetriesAsync(run.Job.Id, due, run.Buffers, run.Drain), run, time).ConfigureAwait(false))).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> FeedPendingAsync()
    {
        if (_isRead || !HasRoom)
        {
            return false;
        }

        var rows = await Patiently.DoAsync(() => store.ReadPendingAsync(run.Job.Id, _after, _chunk, run.Buffers, run.Drain), run, time).ConfigureAwait(false);
        if (rows.Count == 0)
        {
            _isRead = true;
            return false;
        }

        _after = rows[^1].Index;
        await HandOutAsync(Measured(rows)).ConfigureAwait(false);
        return true;
    }

    /// <summary>Sizes the next chunk by the merge data of this one.</summary>
    private List<DueRequest> Measured(List<DueRequest> rows)
    {
        var average = 1 + (rows.Sum(r => (long)(r.MergeData?.Span.Length ?? 0)) / Math.Max(rows.Count, 1));
        _chunk = (int)Math.Clamp(ChunkBytes / average, 1, Math.Min(_chunk * 4, MaxChunk));
        return rows;
    }

    private async Task HandOutAsync(List<DueRequest> requests)
    {
        for (var from = 0; from < requests.Count;)
        {
            var crashes = requests[from].Crashes;
            if (crashes >= RunnerStore.MaxCrashes)
            {
                run.Report(new Attempt.Failed(requests[from], TimeSpan.Zero, "document-crashes-runner", "The program was ended while it made this document, three times in a row. Look at what is special about its data, and report it.", IsTransient: false));
                from++;
                continue;
            }

            var to = from + 1;
            var isCareful = crashes > 0 || _careful > 0;
            var group = !isCareful ? int.MaxValue : crashes switch { 0 => 64, 1 => 8, _ => 1 };
            while (to < requests.Count && to - from < group && requests[to].Crashes == crashes)
            {
                to++;
            }

            var some = requests.GetRange(from, to - from);
            if (isCareful)
            {
                await HandOutCarefullyAsync(some).ConfigureAwait(false);
            }
            else
            {
                run.Push(some);
            }

            from = to;
        }
    }

    private async Task HandOutCarefullyAsync(List<DueRequest> requests)
    {
        await CommittedAsync().ConfigureAwait(false);
        if (!await Patiently.DoAsync(() => store.MarkRenderingAsync(run.Job.Id, run.Job.Epoch, [.. requests.Select(r => r.Index)], run.Drain), run, time).ConfigureAwait(false))
        {
            run.StopFor(StopReason.Lost);
            run.Drain.ThrowIfCancellationRequested();
        }

        run.Push(requests);
        await CommittedAsync().ConfigureAwait(false);
        _careful = Math.Max(0, _careful - requests.Count);
    }

    private async Task CommittedAsync()
    {
        while (true)
        {
            var changed = run.Changed.Next;
            if (run.Open == 0)
            {
                return;
            }

            await changed.WaitAsync(run.Drain).ConfigureAwait(false);
        }
    }
}

/// <summary>Does what the database hinders again until it works, or the runner is to stop.</summary>
internal static class Patiently
{
    /// <summary>Does it.</summary>
    public static async Task<T> DoAsync<T>(Func<Task<T>> act, RunningJob run, TimeProvider time)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await act().ConfigureAwait(false);
            }
            catch (StorageException e) when (e.IsTransient)
            {
                run.Hindrance = e.Message;
                await Task.Delay(DelayAfter(failures), time, run.Drain).ConfigureAwait(false);
            }
        }
    }

    /// <summary>How long to wait after some failures in a row: a fifth of a second at first, at most ten seconds.</summary>
    public static TimeSpan DelayAfter(int failures) => TimeSpan.FromMilliseconds(Math.Min(10_000, 100 * Math.Pow(2, Math.Min(failures, 10))));
}
