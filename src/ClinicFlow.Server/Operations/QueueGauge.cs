using System.Diagnostics.Metrics;
using ClinicFlow.Batch;
using ClinicFlow.Batch.Queue;
using ClinicFlow.Batch.Storage;

namespace ClinicFlow.Server.Operations;

/// <summary>The queue's depth for metrics: looked at every few seconds, so that a scrape never waits for the database.</summary>
internal sealed partial class QueueGauge : BackgroundService
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "ClinicFlow.Queue";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly Meter _meter = new(MeterName);
    private readonly BatchEngineHost _host;
    private readonly TimeProvider _time;
    private readonly ILogger<QueueGauge> _log;
    private volatile QueueStats? _stats;

    public QueueGauge(BatchEngineHost host, TimeProvider time, ILogger<QueueGauge> log)
    {
        (_host, _time, _log) = (host, time, log);
        _meter.CreateObservableGauge("clinicflow.queue.jobs", () => _stats is { } stats
            ? stats.Queued.Select(pair => new Measurement<int>(pair.Value, new KeyValuePair<string, object?>("priority", pair.Key.ToString().ToLowerInvariant()))) : [], "{job}", "Jobs that wait, by urgency.");
        _meter.CreateObservableGauge("clinicflow.jobs.processing", () => _stats?.Processing ?? 0, "{job}", "Jobs that run.");
        _meter.CreateObservableGauge("clinicflow.jobs.paused", () => _stats?.Paused ?? 0, "{job}", "Jobs that are paused.");
        _meter.CreateObservableGauge("clinicflow.queue.documents", () => _stats?.WaitingDocuments ?? 0, "{document}", "Documents that waiting and running jobs still have to make.");
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var service = _host.Engine.ServiceFor(new BatchUser("metrics"));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                _stats = await service.GetQueueStatsAsync(stoppingToken);
            }
            catch (StorageException)
            {
                // The last known figures stand until the database is back; /health/ready says that it is away.
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // A figure that cannot be had is no reason for a server to stop, which is what an exception here would do.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogNoFigures(_log, e);
            }

            await Task.Delay(LookEvery, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1301, LogLevel.Warning, "The figures of the queue could not be read")]
    private static partial void LogNoFigures(ILogger log, Exception e);
}
