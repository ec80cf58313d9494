using ClinicFlow.Client.Connection;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Client.Live;

namespace ClinicFlow.Client;

/// <summary>The queue, what the server measured, and how it is set up. Every call throws <see cref="ClinicFlowApiException"/> where the server says no and <see cref="HttpRequestException"/> where it cannot be reached.</summary>
public sealed class QueueClient
{
    private readonly ApiConnection _api;
    private readonly LiveFeed _live;

    internal QueueClient(ApiConnection api, LiveFeed live) => (_api, _live) = (api, live);

    /// <summary>The jobs that wait, in their order: one's own, or all for an operator.</summary>
    /// <param name="count">How many, 1 to 1,000; 100 where null.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<IReadOnlyList<QueuedJob>> ListAsync(int? count = null, CancellationToken cancellation = default)
        => (await _api.GetAsync<Page<QueuedJob>>(new QueryText("queue").Add("count", count).ToString(), cancellation).ConfigureAwait(false)).Items;

    /// <summary>The queue in figures, over all users.</summary>
    public Task<QueueStats> GetStatsAsync(CancellationToken cancellation = default) => _api.GetAsync<QueueStats>("queue/stats", cancellation);

    /// <summary>What the server measured since it started.</summary>
    public Task<PerformanceMetrics> GetMetricsAsync(CancellationToken cancellation = default) => _api.GetAsync<PerformanceMetrics>("metrics", cancellation);

    /// <summary>How the server is set up.</summary>
    public Task<ServerConfig> GetConfigAsync(CancellationToken cancellation = default) => _api.GetAsync<ServerConfig>("config", cancellation);

    /// <summary>The queue in figures, first as it is, then whenever they change, without an end. It comes back by itself after a broken connection, as <see cref="JobsClient.WatchAsync"/> does.</summary>
    /// <inheritdoc cref="JobsClient.WatchAsync" path="/exception"/>
    public IAsyncEnumerable<QueueStats> WatchAsync(CancellationToken cancellation = default)
    {
        string? tag = null;
        return _live.WatchAsync(
            async cancel =>
            {
                if (await _api.GetIfChangedAsync<QueueStats>("queue/stats", tag, cancel).ConfigureAwait(false) is not { } changed)
                {
                    return [];
                }

                tag = changed.Tag;
                return [changed.Value];
            },
            cancel => _live.StreamAsync<QueueStats>("WatchQueue", [], cancel), _ => false, cancellation);
    }
}
