using Npgsql;
using Xunit;

namespace ClinicFlow.Batch.Tests.Storage;

/// <summary>Plain SQL in one session of a PostgreSQL database, as a login of its own that is a member of the application's role only.</summary>
internal sealed class PostgresSession : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private PostgresSession(NpgsqlConnection connection) => _connection = connection;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens a session.</summary>
    /// <param name="connectionString">The login.</param>
    /// <param name="user">The user that the session names; none where null.</param>
    public static async Task<PostgresSession> OpenAsync(string connectionString, string? user = null)
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        var session = new PostgresSession(connection);
        if (user is not null)
        {
            await session.ReadAsync<string>($"select set_config('clinicflow.user_id', '{user}', false)");
        }

        return session;
    }

    /// <summary>Makes a login for users' work as an administrator would; returns its connection string.</summary>
    public static async Task<string> AddAppLoginAsync(string connectionString, string role = "app")
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        await Servers.PostgresServer.ExecuteAsync(Servers.PostgresServer.SuperUserOf(connectionString), $"create role {database}_web_{role} login; grant {database}_{role} to {database}_web_{role}", Cancellation);
        return new NpgsqlConnectionStringBuilder(connectionString) { Username = $"{database}_web_{role}" }.ToString();
    }

    /// <summary>Runs a statement; how many rows it changed.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var command = CommandOf(sql);
        return await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>Reads one value.</summary>
    public async Task<T> ReadAsync<T>(string sql)
    {
        await using var command = CommandOf(sql);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>Reads the first column of all rows.</summary>
    public async Task<List<T>> ListAsync<T>(string sql)
    {
        await using var command = CommandOf(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var list = new List<T>();
        while (await reader.ReadAsync(Cancellation))
        {
            list.Add(reader.GetFieldValue<T>(0));
        }

        return list;
    }

    /// <summary>The SQLSTATE that a statement is refused with; empty where it is not refused.</summary>
    public async Task<string> RefusalOfAsync(string sql)
    {
        try
        {
            await ExecuteAsync(sql);
            return "";
        }
        catch (PostgresException e)
        {
            return e.SqlState;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private NpgsqlCommand CommandOf(string sql)
    {
#pragma warning disable CA2100 // The tests' own statements.
        return new NpgsqlCommand(sql, _connection);
#pragma warning restore CA2100
    }
}
