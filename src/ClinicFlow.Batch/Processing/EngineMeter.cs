using System.Diagnostics.Metrics;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Queue;

namespace ClinicFlow.Batch.Processing;

/// <summary>What an engine did since it was opened, on this host.</summary>
/// <param name="Since">When it was opened.</param>
/// <param name="Succeeded">How many documents it made.</param>
/// <param name="Failed">How many failed for good.</param>
/// <param name="Retries">How many attempts were to be made again.</param>
/// <param name="ArchiveBytes">How many bytes it wrote into archives.</param>
/// <param name="RenderTime">How long documents were being made, taken together.</param>
/// <param name="LastHour">How many documents were done in each of the last 60 minutes, the oldest first; the last minute still runs.</param>
public sealed record EngineTotals(DateTimeOffset Since, long Succeeded, long Failed, long Retries, long ArchiveBytes, TimeSpan RenderTime, IReadOnlyList<int> LastHour);

/// <summary>Counts what is committed: for the totals, and for OpenTelemetry as the meter <c>ClinicFlow.Batch</c>.</summary>
internal sealed class EngineMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "ClinicFlow.Batch";

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _documents;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _archive;
    private readonly Histogram<double> _renderSeconds;
    private readonly DateTimeOffset _since;
    private readonly HourMeter _hour;
    private long _succeeded;
    private long _failed;
    private long _retried;
    private long _bytes;
    private long _ticks;

    public EngineMeter(TimeProvider time)
    {
        _since = time.GetUtcNow();
        _hour = new HourMeter(time);
        _documents = _meter.CreateCounter<long>("clinicflow.documents", "{document}", "Documents that are done, by their outcome.");
        _retries = _meter.CreateCounter<long>("clinicflow.retries", "{attempt}", "Attempts that failed and are to be made again.");
        _archive = _meter.CreateCounter<long>("clinicflow.archive.bytes", "By", "Bytes written into archives.");
        _renderSeconds = _meter.CreateHistogram<double>("clinicflow.render.duration", "s", "How long one attempt at a document took.");
    }

    /// <summary>The totals so far.</summary>
    public EngineTotals Totals => new(_since, Interlocked.Read(ref _succeeded), Interlocked.Read(ref _failed), Interlocked.Read(ref _retried), Interlocked.Read(ref _bytes), new TimeSpan(Interlocked.Read(ref _ticks)), _hour.Counts);

    /// <summary>Counts one commit.</summary>
    /// <param name="outcomes">What became of its requests.</param>
    /// <param name="archiveBytes">By how much the archive grew.</param>
    public void Count(List<RequestOutcome> outcomes, long archiveBytes)
    {
        var (succeeded, failed, retried, ticks) = (0L, 0L, 0L, 0L);
        for (var i = 0; i < outcomes.Count; i++)
        {
            var (state, elapsed) = (outcomes[i].State, outcomes[i].Elapsed);
            succeeded += state == RequestState.Succeeded ? 1 : 0;
            failed += state == RequestState.Failed ? 1 : 0;
            retried += state == RequestState.Retrying ? 1 : 0;
            ticks += elapsed.Ticks;
            _renderSeconds.Record(elapsed.TotalSeconds);
        }

        _hour.Add((int)(succeeded + failed));
        Interlocked.Add(ref _succeeded, succeeded);
        Interlocked.Add(ref _failed, failed);
        Interlocked.Add(ref _retried, retried);
        Interlocked.Add(ref _bytes, archiveBytes);
        Interlocked.Add(ref _ticks, ticks);
        Add(_documents, succeeded, "succeeded");
        Add(_documents, failed, "failed");
        _retries.Add(retried);
        _archive.Add(archiveBytes);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static void Add(Counter<long> counter, long count, string outcome)
    {
        if (count > 0)
        {
            counter.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
