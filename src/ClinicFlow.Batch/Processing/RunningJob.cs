using System.Buffers;
using System.Threading.Channels;
using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Queue;

namespace ClinicFlow.Batch.Processing;

/// <summary>Why a runner stops before its job is done.</summary>
internal enum StopReason
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Somebody paused the job: what is in flight is finished.</summary>
    Paused,

    /// <summary>The host is shut down: what is in flight is finished, where that is quick.</summary>
    HostStops,

    /// <summary>Somebody cancelled the job.</summary>
    Cancelled,

    /// <summary>The job's time is over.</summary>
    TimedOut,

    /// <summary>Another runner has the job.</summary>
    Lost,

    /// <summary>The job itself broke.</summary>
    Broken,
}

/// <summary>
/// A job while it runs: what its loops share. The feed fills <see cref="Due"/>, the lanes turn it into
/// <see cref="Attempts"/>, the committer ends what is <see cref="Open"/>.
/// </summary>
internal sealed class RunningJob : IDisposable
{
    /// <summary>How many requests may be in memory and not committed; what a crash can leave in doubt.</summary>
    public const int MaxOpen = 4_096;

    /// <summary>How many bytes of documents may wait for being appended.</summary>
    public const long MaxWaitingBytes = 24L << 20;

    private readonly CancellationTokenSource _abort = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _begun;
    private int _open;
    private int _inFlight;
    private long _waitingBytes;

    public RunningJob(TakenJob taken, TimeProvider time)
    {
        (Taken, _time, _begun) = (taken, time, time.GetTimestamp());
    }

    /// <summary>The job as it was taken.</summary>
    public TakenJob Taken { get; }

    /// <summary>The same, for short.</summary>
    public BatchJob Job => Taken.Job;

    /// <summary>Requests to be tried now; filled by the feed, emptied by the lanes.</summary>
    public Channel<DueRequest> Due { get; } = Channel.CreateUnbounded<DueRequest>(new UnboundedChannelOptions { SingleWriter = true });

    /// <summary>What attempts gave; filled by the lanes, emptied by the committer.</summary>
    public Channel<Attempt> Attempts { get; } = Channel.CreateUnbounded<Attempt>();

    /// <summary>
    /// Buffers for merge data until it is read, and for documents until they are appended: as many as wait at a time, used
    /// again and again. They are this job's alone and hold what was in them before; nobody reads more of one than was
    /// written to it (<see cref="LentBytes"/>, <see cref="EntryBuffer"/>).
    /// </summary>
    public ArrayPool<byte> Buffers { get; } = ArrayPool<byte>.Create(maxArrayLength: 1 << 20, maxArraysPerBucket: MaxOpen);

    /// <summary>Fires when something was committed, or the runner is to stop.</summary>
    public Pulse Changed { get; } = new();

    /// <summary>Fires when somebody has asked something of the job in this process: look at once.</summary>
    public Pulse Asked { get; } = new();

    /// <summary>Cancelled when attempts in flight are to be given up.</summary>
    public CancellationToken Abort => _abort.Token;

    /// <summary>Cancelled when no more attempts are to be begun.</summary>
    public CancellationToken Drain => _drain.Token;

    /// <summary>Why it stops.</summary>
    public StopReason Stop { get; private set; }

    /// <summary>What broke the job; null where nothing did.</summary>
    public (string Code, string Message)? Breakage { get; private set; }

    /// <summary>The document begun last.</summary>
    public volatile string? CurrentDocument;

    /// <summary>What holds the job up, such as a full disk; null where nothing does.</summary>
    public volatile string? Hindrance;

    /// <summary>How many requests are in memory and not committed.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>How many are being rendered or converted.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Whether the committer is far behind, so that lanes wait.</summary>
    public bool IsFull => Interlocked.Read(ref _waitingBytes) > MaxWaitingBytes;

    /// <summary>For how long the job has been processed, before this runner too.</summary>
    public TimeSpan Active => Job.Active + _time.GetElapsedTime(_begun);

    /// <summary>How long it may still be.</summary>
    public TimeSpan Left => Job.Timeout - Active;

    /// <summary>Hands requests to the lanes.</summary>
    public void Push(IReadOnlyList<DueRequest> requests)
    {
        Interlocked.Add(ref _open, requests.Count);
        for (var i = 0; i < requests.Count; i++)
        {
            Due.Writer.TryWrite(requests[i]);
        }
    }

    /// <summary>An attempt begins.</summary>
    public void Begin(DueRequest request)
    {
        Interlocked.Increment(ref _inFlight);
        CurrentDocument = request.DocumentName;
    }

    /// <summary>An attempt has ended; the committer takes it.</summary>
    public void End(Attempt attempt)
    {
        Interlocked.Decrement(ref _inFlight);
        Interlocked.Add(ref _waitingBytes, attempt.Bytes);
        Attempts.Writer.TryWrite(attempt);
    }

    /// <summary>An attempt was given up: the request stays as it is in the database.</summary>
    public void GiveUp() => Interlocked.Decrement(ref _inFlight);

    /// <summary>A request never reached a lane.</summary>
    public void Report(Attempt attempt)
    {
        Interlocked.Increment(ref _open);
        Attempts.Writer.TryWrite(attempt);
    }

    /// <summary>Documents were appended, or given up: their buffers are free.</summary>
    public void LetGo(long bytes)
    {
        // Nobody is woken who does not wait.
        if (Interlocked.Add(ref _waitingBytes, -bytes) + bytes > MaxWaitingBytes)
        {
            Changed.Fire();
        }
    }

    /// <summary>Attempts were committed, or given up.</summary>
    public void Committed(int count)
    {
        Interlocked.Add(ref _open, -count);
        Changed.Fire();
    }

    /// <summary>Stops the runner. The first reason counts, but for those that leave less to do.</summary>
    public void StopFor(StopReason reason, (string Code, string Message)? breakage = null)
    {
        lock (_gate)
        {
            if (Stop >= reason)
            {
                return;
            }

            Stop = reason;
            Breakage = breakage;
        }

        Cancel(_drain);
        if (reason >= StopReason.Cancelled)
        {
            Cancel(_abort);
        }

        Changed.Fire();
    }

    /// <summary>Gives up what is in flight, where draining took too long.</summary>
    public void AbortNow() => Cancel(_abort);

    /// <inheritdoc/>
    public void Dispose()
    {
        _abort.Dispose();
        _drain.Dispose();
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The job ended in the same moment: there is nothing left to stop.
        }
    }
}
