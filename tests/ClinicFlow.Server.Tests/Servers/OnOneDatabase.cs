using System.Data.Common;
using ClinicFlow.Batch.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace ClinicFlow.Server.Tests.Servers;

/// <summary>One of the two databases, for contracts that hold on both.</summary>
public abstract class OnOneDatabase
{
    /// <summary>What the owner of the database has to do before the audit log can be changed.</summary>
    public abstract string AllowAuditChanges { get; }

    /// <summary>A server on a new database.</summary>
    public async Task<OwnedServer> StartAsync(IEnumerable<(string Name, string Value)>? settings = null, Action<WebApplicationBuilder>? configure = null)
    {
        var connectionString = await NewAsync();
        var server = await TestServer.StartAsync(connectionString, settings, configure);
        return new OwnedServer(this, server, connectionString, () => OpenAsync(server, connectionString));
    }

    /// <summary>A new database; null where the server makes its own files.</summary>
    protected abstract Task<string?> NewAsync();

    /// <summary>Connects as whoever owns the database, and can do all.</summary>
    protected abstract Task<DbConnection> OpenAsync(TestServer server, string? connectionString);
}

/// <summary>A server, and the owner of its database. The accounts' tables are those of <c>accounts</c>.</summary>
public sealed class OwnedServer(OnOneDatabase database, TestServer server, string? connectionString, Func<Task<DbConnection>> open) : IAsyncDisposable
{
    public TestServer Server { get; } = server;

    public OnOneDatabase Database { get; } = database;

    /// <summary>Null where the server makes its own files.</summary>
    public string? ConnectionString { get; } = connectionString;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Runs statements as the owner.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await open();
        await using var command = CommandOf(connection, sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>Reads rows as the owner, each as the text of its values.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(string sql)
    {
        await using var connection = await open();
        await using var command = CommandOf(connection, sql);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancellation))
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToString(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture))));
        }

        return rows;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static DbCommand CommandOf(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own statements.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}

/// <summary>SQLite, in files of the data folder.</summary>
public sealed class OnSqlite : OnOneDatabase
{
    /// <inheritdoc/>
    public override string AllowAuditChanges => "drop trigger audit_log_no_update; drop trigger audit_log_no_delete; drop trigger audit_log_no_replace";

    /// <inheritdoc/>
    protected override Task<string?> NewAsync() => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    protected override async Task<DbConnection> OpenAsync(TestServer server, string? connectionString)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(server.DataFolder, "clinicflow.db")};Pooling=False;Default Timeout=30");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "attach $file as accounts";
        command.Parameters.AddWithValue("$file", Path.Combine(server.DataFolder, "accounts.db"));
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}

/// <summary>A real PostgreSQL.</summary>
public sealed class OnPostgres(PostgresFixture postgres) : OnOneDatabase
{
    /// <inheritdoc/>
    public override string AllowAuditChanges => "drop trigger audit_log_append_only on audit_log";

    /// <inheritdoc/>
    protected override async Task<string?> NewAsync() => await postgres.NewDatabaseAsync();

    /// <inheritdoc/>
    protected override async Task<DbConnection> OpenAsync(TestServer server, string? connectionString)
    {
        var connection = new NpgsqlConnection(PostgresServer.SuperUserOf(connectionString!) + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
