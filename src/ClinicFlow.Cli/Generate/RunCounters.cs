using System.Diagnostics;

namespace ClinicFlow.Cli.Generate;

/// <summary>How far a run is. Written by the run, read by whoever shows it.</summary>
internal sealed class RunCounters
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _made;
    private long _failed;
    private long _skipped;
    private long _resumed;

    /// <summary>Documents made in this session.</summary>
    public long Made => Interlocked.Read(ref _made);

    /// <summary>Rows without a document.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Records that the template left out (SKIPIF).</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    /// <summary>Documents made by earlier sessions of the run.</summary>
    public long Resumed => Interlocked.Read(ref _resumed);

    /// <summary>Rows dealt with.</summary>
    public long Settled => Made + Failed + Skipped + Resumed;

    /// <summary>How many rows there are; null where that would take too long to find out.</summary>
    public long? Total { get; set; }

    /// <summary>What is being done.</summary>
    public string Phase { get; set; } = "Documents";

    /// <summary>How long the run has taken.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Documents a second in this session.</summary>
    public double PerSecond => Elapsed.TotalSeconds <= 0 ? 0 : Made / Elapsed.TotalSeconds;

    /// <summary>Counts a document.</summary>
    public void CountMade() => Interlocked.Increment(ref _made);

    /// <summary>Counts a failed row.</summary>
    public void CountFailed() => Interlocked.Increment(ref _failed);

    /// <summary>Counts a record that the template left out.</summary>
    public void CountSkipped() => Interlocked.Increment(ref _skipped);

    /// <summary>Counts a document of an earlier session.</summary>
    public void CountResumed() => Interlocked.Increment(ref _resumed);
}
