using ClinicFlow.Batch;
using ClinicFlow.Batch.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClinicFlow.Server.Operations;

/// <summary>Whether the server can work: its database answers, and there is room for documents.</summary>
internal sealed class EngineHealth(BatchEngineHost host, IHostApplicationLifetime lifetime) : IHealthCheck
{
    /// <summary>The tag of what must be well before requests are sent here.</summary>
    public const string Ready = "ready";

    private const long LeastFreeBytes = 64L << 20;

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("stopping");
        }

        try
        {
            var engine = host.Engine;
            await engine.ServiceFor(new BatchUser("health")).GetQueueStatsAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
            return new DriveInfo(engine.Config.DataFolder).AvailableFreeSpace < LeastFreeBytes ? HealthCheckResult.Unhealthy("disk-full") : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is StorageException or TimeoutException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return HealthCheckResult.Unhealthy("database-away");
        }
    }
}
