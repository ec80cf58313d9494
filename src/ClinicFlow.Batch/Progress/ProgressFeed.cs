using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ClinicFlow.Batch.Progress;

/// <summary>
/// Tells whoever watches how jobs move, in this process. A watcher that is slow misses steps, never the last one: each has
/// room for the newest of every job. Runners publish at most about ten times a second a job.
/// </summary>
public sealed class ProgressFeed
{
    private readonly ConcurrentDictionary<Watcher, byte> _watchers = new();

    /// <summary>Watches one job, or all.</summary>
    /// <param name="jobId">The job; null for all.</param>
    /// <param name="cancellation">Ends the watch.</param>
    /// <returns>Each step from now on. For what was before, read the job after the first <c>MoveNextAsync</c> has been called.</returns>
    public async IAsyncEnumerable<JobProgress> WatchAsync(Guid? jobId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var watcher = Subscribe(jobId);
        while (true)
        {
            yield return await watcher.NextAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Watches from now on, whether or not anybody asks for the steps yet.</summary>
    /// <param name="jobId">The job; null for all.</param>
    public Watcher Subscribe(Guid? jobId)
    {
        var watcher = new Watcher(this, jobId);
        _watchers[watcher] = 0;
        return watcher;
    }

    internal void Publish(JobProgress progress)
    {
        foreach (var (watcher, _) in _watchers)
        {
            watcher.Offer(progress);
        }
    }

    /// <summary>Somebody who watches.</summary>
    public sealed class Watcher : IDisposable
    {
        private readonly ProgressFeed _feed;
        private readonly Guid? _jobId;
        private readonly Dictionary<Guid, JobProgress> _newest = [];
        private readonly Channel<Guid> _changed = Channel.CreateUnbounded<Guid>();

        internal Watcher(ProgressFeed feed, Guid? jobId) => (_feed, _jobId) = (feed, jobId);

        /// <summary>The next step of any watched job; the newest where several were missed.</summary>
        public async ValueTask<JobProgress> NextAsync(CancellationToken cancellation)
        {
            var id = await _changed.Reader.ReadAsync(cancellation).ConfigureAwait(false);
            lock (_newest)
            {
                _newest.Remove(id, out var progress);
                return progress!;
            }
        }

        /// <summary>The next step, as above, where one comes in time; null for silence.</summary>
        /// <param name="atMost">For how long to wait.</param>
        /// <param name="time">By which clock.</param>
        /// <param name="cancellation">Ends the wait.</param>
        public async Task<JobProgress?> NextAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellation)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var next = NextAsync(wait.Token).AsTask();
            await Task.WhenAny(next, Task.Delay(atMost, time, wait.Token)).ConfigureAwait(false);
            await wait.CancelAsync().ConfigureAwait(false);

            // A step may have come just then: it was taken, and nobody would tell it again.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
            return next.IsCompletedSuccessfully ? next.Result : null;
        }

        /// <inheritdoc/>
        public void Dispose() => _feed._watchers.TryRemove(this, out _);

        internal void Offer(JobProgress progress)
        {
            if (_jobId is { } id && id != progress.JobId)
            {
                return;
            }

            // One entry a job waits where a step of it does, so the channel is as long as the list of jobs. The two change
            // together: a step that were kept while its entry is taken would never be told, nor any after it.
            lock (_newest)
            {
                if (!_newest.ContainsKey(progress.JobId))
                {
                    _changed.Writer.TryWrite(progress.JobId);
                }

                _newest[progress.JobId] = progress;
            }
        }
    }
}
