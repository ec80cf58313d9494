using System.Data;
using System.Globalization;
using System.Net.Sockets;
using ClinicFlow.Batch.Queue;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace ClinicFlow.Batch.Storage.Postgres;

/// <summary>
/// Jobs in PostgreSQL. What is done for a user runs under the role <c>{database}_app</c>, which owns nothing and sees the
/// rows of the user that the transaction names; the engine's own work under <c>{database}_engine</c>. The login of the
/// connection string owns the tables and is used for migrations only.
/// </summary>
internal sealed class PostgresDatabase : IBatchDatabase
{
    private const long MigrationLock = 0x436C_6E46_4D69_6772;
    private const long QueueLock = 0x436C_6E46_5175_6575;

    private readonly TimeProvider _time;
    private readonly NpgsqlDataSource _owner;
    private readonly NpgsqlDataSource _app;
    private readonly NpgsqlDataSource _engine;
    private readonly DbContextOptions<PostgresBatchDb> _appOptions;
    private readonly DbContextOptions<PostgresBatchDb> _engineOptions;

    /// <summary>Names the database; nothing is opened yet.</summary>
    /// <param name="connectionString">The login that owns the database's tables.</param>
    /// <param name="appConnectionString">A login of its own for users' work, a member of no other role; the first login under the application's role where null.</param>
    /// <param name="time">The clock. The system's is left for the database's where leases are concerned.</param>
    public PostgresDatabase(string connectionString, string? appConnectionString, TimeProvider time)
    {
        _time = time;
        var database = new NpgsqlConnectionStringBuilder(connectionString).Database ?? throw new ArgumentException("The connection string names no database.", nameof(connectionString));
        _owner = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
        _app = NpgsqlDataSource.Create(InKeyOrder(appConnectionString is null ? As(connectionString, RowLevelSecurity.AppRole(database)) : new NpgsqlConnectionStringBuilder(appConnectionString)));
        _engine = NpgsqlDataSource.Create(InKeyOrder(As(connectionString, RowLevelSecurity.EngineRole(database))));
        _appOptions = Options(_app);
        _engineOptions = Options(_engine);
    }

    /// <inheritdoc/>
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        try
        {
            await using var db = new PostgresBatchDb(Options(_owner));

            // Another host's migration of large tables may take its time, and so may this one's.
            db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
            await db.Database.OpenConnectionAsync(cancellation).ConfigureAwait(false);

            // A lock of the session: it ends with the connection, whatever becomes of this process.
            await db.Database.ExecuteSqlAsync($"select pg_advisory_lock({MigrationLock})", cancellation).ConfigureAwait(false);
            await MigrationOrder.CheckAsync(db, cancellation).ConfigureAwait(false);
            await db.Database.MigrateAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (Wrap(e) is { } wrapped)
        {
            throw wrapped;
        }
    }

    /// <summary>Reads as the login itself, which works before there are tables and roles.</summary>
    public async Task<T> InspectAsync<T>(Func<BatchDb, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            await using var db = new PostgresBatchDb(Options(_owner));
            return await read(db).ConfigureAwait(false);
        }
        catch (Exception e) when (Wrap(e) is { } wrapped)
        {
            throw wrapped;
        }
    }

    /// <inheritdoc/>
    public Task<T> ReadAsync<T>(string? user, Func<BatchDb, Task<T>> read, CancellationToken cancellation) => user is null
        ? AgainAsync(() => RunAsync(db => read(db), cancellation))
        : AgainAsync(() => WriteAsync(user, async db => (await read(db).ConfigureAwait(false), false), cancellation));

    /// <inheritdoc/>
    public Task<T> WriteAsync<T>(string? user, Func<BatchDb, Task<(T Result, bool Commit)>> write, CancellationToken cancellation) => RunAsync(async db =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation).ConfigureAwait(false);
        if (user is not null)
        {
            await db.Database.ExecuteSqlAsync($"select set_config('clinicflow.user_id', {user}, true)", cancellation).ConfigureAwait(false);
        }

        var (result, commit) = await write(db).ConfigureAwait(false);
        if (commit)
        {
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return result;
    }, cancellation, user is not null);

    /// <inheritdoc/>
    public Task LockQueueAsync(BatchDb db, CancellationToken cancellation) => db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({QueueLock})", cancellation);

    /// <inheritdoc/>
    public async Task<QueueTail> ReadQueueTailAsync(BatchDb db, int rank, string user, CancellationToken cancellation)
    {
        // Users do not see each other's waiting jobs; this function sees them and gives figures only.
        await using var command = CommandOf(db);
        command.CommandText = "select queue_size, next_sequence, first_turn, own_last_turn from clinicflow_queue_tail($1, $2)";
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = rank });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = user });
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        return new QueueTail(reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetInt64(3));
    }

    /// <inheritdoc/>
    public async Task<(long Sequence, string Hash)> ReadAuditTailAsync(BatchDb db, CancellationToken cancellation)
    {
        // Users cannot read the log; this function gives what the next entry is chained to, and locks.
        await using var command = CommandOf(db);
        command.CommandText = "select last_sequence, last_hash from clinicflow_audit_tail()";
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        return (reader.GetInt64(0), reader.IsDBNull(1) ? Audit.AuditChain.Beginning : reader.GetString(1));
    }

    /// <inheritdoc/>
    public async Task InsertRequestsAsync(BatchDb db, Guid jobId, int firstIndex, IReadOnlyList<NewRequest> requests, CancellationToken cancellation)
    {
        // COPY does not go past row-level security, so it goes to a table of the transaction's own, and from there by INSERT.
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await db.Database.ExecuteSqlRawAsync("""
            create temporary table if not exists incoming_requests (
                job_id uuid, request_index integer, request_id text, document_name text, patient_id text, template_version_id uuid, merge_data bytea) on commit drop
            """, cancellation).ConfigureAwait(false);
        await using (var import = await connection.BeginBinaryImportAsync("copy incoming_requests (job_id, request_index, request_id, document_name, patient_id, template_version_id, merge_data) from stdin (format binary)", cancellation).ConfigureAwait(false))
        {
            for (var i = 0; i < requests.Count; i++)
            {
                var request = requests[i];
                await import.StartRowAsync(cancellation).ConfigureAwait(false);
                await import.WriteAsync(jobId, NpgsqlDbType.Uuid, cancellation).ConfigureAwait(false);
                await import.WriteAsync(firstIndex + i, NpgsqlDbType.Integer, cancellation).ConfigureAwait(false);
                await import.WriteAsync(request.RequestId, NpgsqlDbType.Text, cancellation).ConfigureAwait(false);
                await import.WriteAsync(request.DocumentName, NpgsqlDbType.Text, cancellation).ConfigureAwait(false);
                await import.WriteAsync(request.PatientId, NpgsqlDbType.Text, cancellation).ConfigureAwait(false);
                if (request.TemplateVersionId is { } version)
                {
                    await import.WriteAsync(version, NpgsqlDbType.Uuid, cancellation).ConfigureAwait(false);
                }
                else
                {
                    await import.WriteNullAsync(cancellation).ConfigureAwait(false);
                }

                await import.WriteAsync(request.MergeData, NpgsqlDbType.Bytea, cancellation).ConfigureAwait(false);
            }

            await import.CompleteAsync(cancellation).ConfigureAwait(false);
        }

        await db.Database.ExecuteSqlRawAsync("""
            insert into batch_document_requests (job_id, request_index, request_id, document_name, patient_id, template_version_id, state, attempts, failures, crashes)
            select job_id, request_index, request_id, document_name, patient_id, template_version_id, 'pending', 0, 0, 0 from incoming_requests;
            insert into batch_request_data (job_id, request_index, merge_data) select job_id, request_index, merge_data from incoming_requests;
            truncate incoming_requests
            """, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task UpdateRequestsAsync(BatchDb db, Guid jobId, IReadOnlyList<RequestOutcome> outcomes, DateTimeOffset now, CancellationToken cancellation)
    {
        if (outcomes.Count == 0)
        {
            return;
        }

        await using var command = CommandOf(db);
        command.CommandText = "select clinicflow_record_outcomes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        Add(command, jobId);
        Add(command, now);
        Add(command, Column(outcomes, o => o.Request.Index));
        Add(command, Column(outcomes, o => Names.Of(o.State)));
        Add(command, Column(outcomes, o => o.Request.Attempts + 1));
        Add(command, Column(outcomes, o => o.Failures));
        Add(command, Column(outcomes, o => o.RetryAt?.ToUniversalTime()));
        Add(command, Column(outcomes, o => o.ErrorCode));
        Add(command, Column(outcomes, o => o.ErrorMessage));
        Add(command, Column(outcomes, o => OutputFiles.Write(o.Slices)));
        Add(command, Column(outcomes, o => OutputFiles.TotalBytes(o.Slices)));
        Add(command, Column(outcomes, o => o.Pages));
        Add(command, Column(outcomes, o => (int)Math.Min(o.Elapsed.TotalMilliseconds, int.MaxValue)));
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task ReadRowsAsync(BatchDb db, FormattableString query, Action<IStoredRow> read, CancellationToken cancellation)
    {
        await db.Database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        var sql = RowQuery.Write(query, static time => string.Create(CultureInfo.InvariantCulture, $"timestamptz '{time.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00'"));
        var copy = await ((NpgsqlConnection)db.Database.GetDbConnection()).BeginRawBinaryCopyAsync($"copy ({sql}) to stdout (format binary)", cancellation).ConfigureAwait(false);
        await using var _ = copy.ConfigureAwait(false);
        using var row = new CopiedRow(copy);
        while (await row.ReadAsync(cancellation).ConfigureAwait(false))
        {
            read(row);
        }
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset> NowAsync(BatchDb db, CancellationToken cancellation)
        => ReferenceEquals(_time, TimeProvider.System) ? await db.Database.SqlQuery<DateTimeOffset>($"select clock_timestamp() as \"Value\"").SingleAsync(cancellation).ConfigureAwait(false) : _time.GetUtcNow();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync().ConfigureAwait(false);
        await _engine.DisposeAsync().ConfigureAwait(false);
        await _owner.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Reads once more where the connection was one that a restart of the server had ended.</summary>
    private static async Task<T> AgainAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (StorageException e) when (e.IsTransient)
        {
            return await read().ConfigureAwait(false);
        }
    }

    private async Task<T> RunAsync<T>(Func<BatchDb, Task<T>> run, CancellationToken cancellation, bool isUser = false)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            await using var db = new PostgresBatchDb(isUser ? _appOptions : _engineOptions);
            return await run(db).ConfigureAwait(false);
        }
        catch (Exception e) when (Wrap(e) is { } wrapped)
        {
            throw wrapped;
        }
    }

    private static DbContextOptions<PostgresBatchDb> Options(NpgsqlDataSource source)
        => new DbContextOptionsBuilder<PostgresBatchDb>().UseNpgsql(source).UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking).Options;

    /// <summary>The same login under another role, from the first statement of a session on.</summary>
    private static NpgsqlConnectionStringBuilder As(string connectionString, string role)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.Options = $"{builder.Options} -c role={role}".Trim();
        return builder;
    }

    /// <summary>
    /// A page of a job is read in the order of its key, which stops where the page is full. PostgreSQL, whose statistics know
    /// nothing of a job that has just come in, would collect all of the job behind the page's start and sort it, for each page.
    /// </summary>
    private static NpgsqlConnectionStringBuilder InKeyOrder(NpgsqlConnectionStringBuilder builder)
    {
        builder.Options = $"{builder.Options} -c enable_bitmapscan=off".Trim();
        return builder;
    }

    private static NpgsqlCommand CommandOf(BatchDb db) => ((NpgsqlConnection)db.Database.GetDbConnection()).CreateCommand();

    private static void Add<T>(NpgsqlCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    private static T[] Column<T>(IReadOnlyList<RequestOutcome> outcomes, Func<RequestOutcome, T> select)
    {
        var column = new T[outcomes.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = select(outcomes[i]);
        }

        return column;
    }

    private static StorageException? Wrap(Exception e) => e switch
    {
        StorageException => null,
        DbUpdateException { InnerException: { } inner } => Wrap(inner),
        InvalidOperationException { InnerException: NpgsqlException inner } => Wrap(inner),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new StorageException("database-disk-full", "The disk of the database is full. Free some room; work goes on by itself.", isTransient: true, e),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => new StorageException(
            "database-no-permission", "The login of the database is refused, or may not do what the program needs. The login of the connection string must own the database and have CREATEROLE; one for users' work must be a member of the role that ends in _app; see docs/operations.md.", isTransient: false, e),
        PostgresException postgres => new StorageException("database-failed", $"The database refused a statement (SQLSTATE {postgres.SqlState}).", postgres.IsTransient || postgres.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow, e),
        NpgsqlException or SocketException or IOException or TimeoutException => new StorageException("database-unreachable", "The database cannot be reached. Work goes on by itself when it is back.", isTransient: true, e),
        _ => null,
    };
}
