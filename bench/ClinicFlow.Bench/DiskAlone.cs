using System.Diagnostics;
using System.Diagnostics.Metrics;
using ClinicFlow.Batch.Archive;

namespace ClinicFlow.Bench;

/// <summary>
/// What the disk alone allows: the bytes of a run's commits, as many at a time as the run wrote, with the same flushes,
/// and nothing else done.
/// </summary>
internal sealed class DiskAlone : IDisposable
{
    private const int DatabaseFileBytes = 32 << 20;

    private readonly List<long> _commits = [];
    private readonly MeterListener _listener = new();

    /// <summary>Takes down how much each commit of this process adds to an archive, from now on.</summary>
    public DiskAlone()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "ClinicFlow.Batch", Name: "clinicflow.archive.bytes" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, bytes, _, _) =>
        {
            lock (_commits)
            {
                _commits.Add(bytes);
            }
        });
        _listener.Start();
    }

    /// <summary>How many commits there were.</summary>
    public int Commits => _commits.Count;

    /// <summary>How many bytes they added.</summary>
    public long ArchiveBytes => _commits.Sum();

    /// <summary>Writes the same again.</summary>
    /// <param name="folder">Where; on the disk of the run.</param>
    /// <param name="databaseBytes">How much the database wrote for all commits: its log, written over again and again as databases do.</param>
    /// <returns>How many seconds it took.</returns>
    public double Replay(string folder, long databaseBytes)
    {
        _listener.Dispose();
        var bytes = new byte[1 << 20];
        new Random(1).NextBytes(bytes);
        using var archive = DiskFile.OpenToWrite(Path.Combine(folder, "disk-alone.archive"));
        using var log = File.OpenHandle(Path.Combine(folder, "disk-alone.log"), FileMode.Create, FileAccess.ReadWrite);
        for (var at = 0; at < DatabaseFileBytes; at += bytes.Length)
        {
            RandomAccess.Write(log, bytes, at);
        }

        RandomAccess.FlushToDisk(log);
        var (end, logEnd, share) = (0L, 0L, databaseBytes / Math.Max(1, _commits.Count));
        var begun = Stopwatch.GetTimestamp();
        foreach (var commit in _commits)
        {
            for (var left = commit; left > 0; left -= bytes.Length)
            {
                var some = (int)Math.Min(left, bytes.Length);
                archive.Write(bytes.AsSpan(0, some), end);
                end += some;
            }

            archive.Flush();
            for (var left = share; left > 0; left -= bytes.Length)
            {
                var some = (int)Math.Min(left, bytes.Length);
                logEnd = logEnd + some > DatabaseFileBytes ? 0 : logEnd;
                RandomAccess.Write(log, bytes.AsSpan(0, some), logEnd);
                logEnd += some;
            }

            RandomAccess.FlushToDisk(log);
        }

        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    public void Dispose() => _listener.Dispose();
}
