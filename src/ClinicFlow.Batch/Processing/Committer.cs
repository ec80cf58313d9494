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
internal sealed class Committer(RunningJob run, RunnerStore store, CommitState state, ArchiveWriter archive, DocumentFileNames names, RetryRule retry, RateMeter rate, EngineMeter meter, TimeProvider time, Action published)
{
    private const int MaxBatch = 2_048;

    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(40);

    private readonly List<Attempt> _batch = [];
    private ArchiveMark _mark = archive.Mark;
    private int _lastIndex = run.Job.Measures.LastIndex;

    /// <summary>Where the archive was committed last.</summary>
    public ArchiveMark Mark => _mark;

    /// <summary>What was measured.</summary>
    public JobMeasures Measures => new(Math.Round(rate.PerMinute, 1), _lastIndex);

    /// <summary>Ends attempts until the lanes have no more.</summary>
    public async Task RunAsync()
    {
        var last = Stopwatch.GetTimestamp();
        while (await run.Attempts.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            // More are on their way: a commit has its price, and the lanes, whose threads have a low priority, would pay it.
            // This is about the machine's time, so the machine's clock is meant.
            var wait = Gather - Stopwatch.GetElapsedTime(last);
            if (wait > TimeSpan.Zero && run.Attempts.Reader.Count < Math.Min(run.Open, MaxBatch / 2) && run.Stop == StopReason.None)
            {
                await Task.Delay(wait).ConfigureAwait(false);
            }

            last = Stopwatch.GetTimestamp();
            while (_batch.Count < MaxBatch && run.Attempts.Reader.TryRead(out var attempt))
            {
                _batch.Add(attempt);
            }

            try
            {
                await CommitAsync().ConfigureAwait(false);
            }
            finally
            {
                var (count, bytes) = (_batch.Count, 0L);
                foreach (var attempt in _batch)
                {
                    bytes += attempt.Bytes;
                    attempt.Dispose();
                }

                _batch.Clear();
                run.Committed(count, bytes);
            }
        }
    }

    private async Task CommitAsync()
    {
        for (var failures = 1; run.Stop < StopReason.Lost; failures++)
        {
            try
            {
                var before = state.Counts;
                var outcomes = Append(out var counts, out var nextRetry);
                var mark = archive.Flush();
                var commit = new RequestCommit(run.Job.Id, run.Job.Epoch, mark, counts, run.Active, new JobMeasures(Math.Round(rate.PerMinute, 1), _lastIndex), outcomes);
                if (!await CommittedAsync(commit).ConfigureAwait(false))
                {
                    return;
                }

                meter.Count(outcomes, mark.LogicalBytes - _mark.LogicalBytes);
                Settle(outcomes, mark, counts, nextRetry);
                rate.Add(counts.Succeeded + counts.Failed - before.Succeeded - before.Failed);
                run.Hindrance = null;
                published();
                return;
            }
            catch (ArchiveException e)
            {
                // The writer has cut back what was not flushed; what is only flushed and not committed goes too.
                run.Hindrance = e.Message;
                published();
                if (!await WaitAsync(failures).ConfigureAwait(false))
                {
                    return;
                }

                CutBack();
            }
        }
    }

    private void CutBack()
    {
        try
        {
            archive.CutBackTo(_mark);
        }
        catch (ArchiveException)
        {
            // The next try says so again.
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

    private List<RequestOutcome> Append(out RequestCounts counts, out DateTimeOffset? nextRetry)
    {
        var (succeeded, failed, retrying) = (state.Counts.Succeeded, state.Counts.Failed, state.Counts.Retrying);
        nextRetry = null;
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
                    var at = now + again.Delay;
                    nextRetry = nextRetry is { } earlier && earlier < at ? earlier : at;
                    outcomes.Add(new RequestOutcome(request, RequestState.Retrying, request.Failures + 1, at, failure.Code, failure.Message, [], null, failure.Elapsed));
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
            slices[i] = archive.Append(names.NameOf(made.Request.Index, made.Request.DocumentName, "." + made.Files[i].Ending), made.Files[i].Entry);
        }

        return slices;
    }

    private void Settle(List<RequestOutcome> outcomes, ArchiveMark mark, RequestCounts counts, DateTimeOffset? nextRetry)
    {
        _mark = mark;
        state.Counts = counts;
        if (nextRetry is { } at && (state.NextRetryAt is not { } known || at < known))
        {
            state.NextRetryAt = at;
        }

        foreach (var outcome in outcomes)
        {
            if (outcome.State != RequestState.Retrying)
            {
                names.Settle(outcome.Request.Index);
            }
        }
    }
}
