using ClinicFlow.Batch.Tests.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace ClinicFlow.Batch.Tests.Servers;

/// <summary>One PostgreSQL for all tests, started when the first asks for it.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(() => PostgresServer.StartAsync(CancellationToken.None));

    public Task<PostgresServer> ServerAsync() => _server.Value;

    public async Task<string> NewDatabaseAsync() => await (await _server.Value).NewDatabaseAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
