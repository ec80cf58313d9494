using System.Diagnostics;
using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Progress;
using ClinicFlow.Batch.Queue;
using ClinicFlow.Batch.Storage;

namespace ClinicFlow.Batch.Processing;

/// <summary>
/// Ends attempts: judges them, appends their files to the archive, flushes it to disk, and commits them to the database in
/// one transaction; only then does anybody see them. Takes whatever is there at a time, so that commits grow with the load.
/// </summary>
/// <remarks>
/// While the database commits one batch, the next is appended and flushed behind it; its own commit is sent when that one
/// is done. So commits have one order, each names bytes that are on the disk, and of what is behind the last one that was
/// sent nothing counts. Where a commit is given up, nothing is sent after it: whether it reached the database is unknown.
/// </remarks>
internal sealed class Committer(RunningJob run, RunnerStore store, CommitState state, ArchiveWriter archive, DocumentFileNames names, RetryRule retry, RateMeter rate, EngineMeter meter, TimeProvider time, Action published)
{
    private const int MaxBatch = 2_048;

    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(40);

    private readonly List<Attempt> _batch = [];
    private Task<bool> _sent = Task.FromResult(true);
    private RequestCounts _counts = state.Counts;
    private ArchiveMark _mark = archive.Mark;
    private int _lastIndex = run.Job.Measures.LastIndex;
    private volatile string? _hindrance;
    private int _underWay;

    /// <summary>Where the archive was when a commit was sent last: what may be committed ends there.</summary>
    public ArchiveMark Mark => _mark;

    /// <summary>Ends attempts until the lanes have no more.</summary>
    public async Task RunAsync()
    {
        var last = Stopwatch.GetTimestamp();
        try
        {
            while (await run.Attempts.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                // More are on their way: a commit has its price, and the lanes, whose threads have a low priority, would pay it.
                // This is about the machine's time, so the machine's clock is meant.
                var wait = Gather - Stopwatch.GetElapsedTime(last);
                if (wait > TimeSpan.Zero && run.Attempts.Reader.Count < Math.Min(run.Open - Volatile.Read(ref _underWay), MaxBatch / 2) && run.Stop == StopReason.None)
                {
                    await Task.Delay(wait).ConfigureAwait(false);
                }

                last = Stopwatch.GetTimestamp();
                while (_batch.Count < MaxBatch && run.Attempts.Reader.TryRead(out var attempt))
                {
                    _batch.Add(attempt);
                }

                var (count, isSent) = (_batch.Count, false);
                try
                {
                    isSent = await EndAsync().ConfigureAwait(false);
                }
                finally
                {
                    LetGo();
                    if (!isSent)
                    {
                        run.Committed(count);
                    }
                }
            }
        }
        finally
        {
            // However this ended, nothing is under way behind its back.
            await ((Task)_sent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _sent.ConfigureAwait(false);
    }

    /// <summary>Appends the batch, and sends its commit when the one before is done. False where it is not to be committed any more.</summary>
    private async Task<bool> EndAsync()
    {
        var isGivenUp = _sent is { IsCompletedSuccessfully: true, Result: false };
        if (isGivenUp || await AppendedAsync().ConfigureAwait(false) is not var (outcomes, mark, counts))
        {
            return false;
        }

        // What is flushed is not appended again, so its buffers are free for the next documents.
        LetGo();
        if (!await _sent.ConfigureAwait(false) || run.Stop >= StopReason.Lost)
        {
            return false;
        }

        var (archiveBytes, before) = (mark.LogicalBytes - _mark.LogicalBytes, _counts);
        (_mark, _counts) = (mark, counts);
        Volatile.Write(ref _underWay, outcomes.Count);
        var lastIndex = _lastIndex;

        // SQLite commits on the thread that asks it to.
        _sent = Task.Run(() => CommitAsync(outcomes, mark, counts, lastIndex, archiveBytes, counts.Succeeded + counts.Failed - before.Succeeded - before.Failed));
        return true;
    }

    /// <summary>Appends the batch and flushes it; where the disk is in trouble, again and again. Null where the job is to stop.</summary>
    private async Task<(List<RequestOutcome> Outcomes, ArchiveMark Mark, RequestCounts Counts)?> AppendedAsync()
    {
        for (var failures = 1; run.Stop < StopReason.Lost; failures++)
        {
            try
            {
                var outcomes = Append(out var counts);
                var mark = archive.Flush();
                _hindrance = null;
                foreach (var outcome in outcomes)
                {
                    if (outcome.State != RequestState.Retrying)
                    {
                        names.Settle(outcome.Request.Index);
                    }
                }

                return (outcomes, mark, counts);
            }
            catch (ArchiveException e)
            {
                // The writer has cut back what was not flushed. What was flushed before stays: its commit is under way.
                run.Hindrance = _hindrance = e.Message;
                published();
                if (!await WaitAsync(failures).ConfigureAwait(false))
                {
                    return null;
                }
            }
        }

        return null;
    }

    /// <summary>Commits a batch that is on the disk. False where it is given up.</summary>
    private async Task<bool> CommitAsync(List<RequestOutcome> outcomes, ArchiveMark mark, RequestCounts counts, int lastIndex, long archiveBytes, int done)
    {
        try
        {
            var commit = new RequestCommit(run.Job.Id, run.Job.Epoch, mark, counts, run.Active, new JobMeasures(Math.Round(rate.PerMinute, 1), lastIndex), outcomes);
            if (!await CommittedAsync(commit).ConfigureAwait(false))
            {
                return false;
            }

            meter.Count(outcomes, archiveBytes);
            state.Counts = counts;
            if (counts.Retrying > 0)
            {
                Schedule(outcomes);
            }

            rate.Add(done);
            run.Hindrance = _hindrance;
            published();
            return true;
        }
        catch
        {
            // Seen by whoever awaits it; the lanes and the feed need not wait for that.
            run.StopFor(StopReason.Broken);
            throw;
        }
        finally
        {
            Volatile.Write(ref _underWay, 0);
            run.Committed(outcomes.Count);
        }
    }

    private void Schedule(List<RequestOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            if (outcome.RetryAt is { } at)
            {
                state.Retries.Add(outcome.Request.Index, at);
            }
        }
    }

    /// <summary>Commits; where the database is away, again and again: a commit made twice is one commit.</summary>
    private async Task<bool> CommittedAsync(RequestCommit commit)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                if (await store.CommitAsync(commit, CancellationToken.None).ConfigureAwait(false))
                {
                    return true;
                }

                run.StopFor(StopReason.Lost);
                return false;
            }
            catch (StorageException e) when (e.IsTransient)
            {
                run.Hindrance = e.Message;
                published();
                if (!await WaitAsync(failures).ConfigureAwait(false))
                {
                    return false;
                }
            }
        }
    }

    /// <summary>Gives the batch's buffers back.</summary>
    private void LetGo()
    {
        var bytes = 0L;
        foreach (var attempt in _batch)
        {
            bytes += attempt.Bytes;
            attempt.Dispose();
        }

        _batch.Clear();
        run.LetGo(bytes);
    }

    /// <summary>Waits before the next try. False where the job is to stop: what is not committed then counts as never made.</summary>
    private async Task<bool> WaitAsync(int failures)
    {
        var changed = run.Changed.Next;
        if (run.Stop >= StopReason.HostStops)
        {
            return false;
        }

        await Pulse.WaitAsync(changed, Patiently.DelayAfter(failures + 2), time, CancellationToken.None).ConfigureAwait(false);
        return true;
    }

    private List<RequestOutcome> Append(out RequestCounts counts)
    {
        var (succeeded, failed, retrying) = (_counts.Succeeded, _counts.Failed, _counts.Retrying);
        var outcomes = new List<RequestOutcome>(_batch.Count);
        var now = time.GetUtcNow();
        foreach (var attempt in _batch)
        {
            // A request that waited for another attempt is counted there; what becomes of it now is counted anew.
            var request = attempt.Request;
            retrying -= request.Failures > 0 ? 1 : 0;
            switch (attempt)
            {
                case Attempt.Made made:
                    succeeded++;
                    outcomes.Add(new RequestOutcome(request, RequestState.Succeeded, request.Failures, null, null, null, AppendFiles(made), made.Pages, made.Elapsed));
                    break;

                case Attempt.LeftOut leftOut:
                    succeeded++;
                    outcomes.Add(new RequestOutcome(request, RequestState.Succeeded, request.Failures, null, "left-out", "The template leaves this record out.", [], null, leftOut.Elapsed));
                    break;

                case Attempt.Failed failure when Verdict.Of(failure.IsTransient, request.Failures + 1, retry, run.Left) is Verdict.TryAgain again:
                    retrying++;
                    outcomes.Add(new RequestOutcome(request, RequestState.Retrying, request.Failures + 1, now + again.Delay, failure.Code, failure.Message, [], null, failure.Elapsed));
                    break;

                case Attempt.Failed failure:
                    failed++;
                    outcomes.Add(new RequestOutcome(request, RequestState.Failed, request.Failures + 1, null, failure.Code, failure.Message, [], null, failure.Elapsed));
                    break;
            }

            _lastIndex = request.Index;
        }

        counts = new RequestCounts(succeeded, failed, retrying);
        return outcomes;
    }

    private ArchiveSlice[] AppendFiles(Attempt.Made made)
    {
        var slices = new ArchiveSlice[made.Files.Count];
        for (var i = 0; i < slices.Length; i++)
        {
            slices[i] = archive.AppendLent(names.NameOf(made.Request.Index, made.Request.DocumentName, "." + made.Files[i].Ending), made.Files[i].Entry);
        }

        return slices;
    }
}
