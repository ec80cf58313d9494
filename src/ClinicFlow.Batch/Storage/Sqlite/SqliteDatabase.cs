using System.Data;
using System.Data.Common;
using System.Globalization;
using ClinicFlow.Batch.Queue;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace ClinicFlow.Batch.Storage.Sqlite;

/// <summary>
/// Jobs in a SQLite file: write-ahead log, every commit on disk before it is answered. One writer at a time, which a gate
/// of this class sees to; readers are not held up. For the programs of one machine, whose clock leases go by.
/// </summary>
internal sealed class SqliteDatabase : IBatchDatabase
{
    // Result codes of sqlite.org/rescode.html that pass by themselves: busy, locked, out of memory, I/O error, full, cannot open.
    private static readonly int[] Transient = [5, 6, 7, 10, 13, 14];

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly DbContextOptions<SqliteBatchDb> _options;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _connectionString;

    /// <summary>Names the database; nothing is opened yet.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isReadOnly">Whether nothing of it is changed, and a file that is not there stays away.</param>
    public SqliteDatabase(string path, TimeProvider time, bool isReadOnly = false)
    {
        _path = Path.GetFullPath(path);
        _time = time;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = _path, ForeignKeys = true, DefaultTimeout = 30, Mode = isReadOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate }.ToString();
        _options = new DbContextOptionsBuilder<SqliteBatchDb>()
            .UseSqlite(_connectionString)
            .AddInterceptors(FullSync.Instance)
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .Options;
    }

    /// <inheritdoc/>
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);

            // The lock of the operating system ends with the process that holds it; a row in a table would stay.
            await using var hold = await MigrationLock.TakeAsync(_path + ".lock", _time, cancellation).ConfigureAwait(false);
            await using var db = new SqliteBatchDb(_options);
            await db.Database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            await Execute(db, "pragma journal_mode = wal", cancellation).ConfigureAwait(false);
            await MigrationOrder.CheckAsync(db, cancellation).ConfigureAwait(false);

            // Each migration on its own, without the lock table of the migrator, which a killed process would leave behind for ever.
            foreach (var script in await MigrationOrder.PendingScriptsAsync(db, cancellation).ConfigureAwait(false))
            {
                await Execute(db, script, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (Wrap(e) is { } wrapped)
        {
            throw wrapped;
        }
    }

    /// <inheritdoc/>
    public async Task<T> ReadAsync<T>(string? user, Func<BatchDb, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            await using var db = new SqliteBatchDb(_options);
            return await read(db).ConfigureAwait(false);
        }
        catch (Exception e) when (Wrap(e) is { } wrapped)
        {
            throw wrapped;
        }
    }

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(string? user, Func<BatchDb, Task<(T Result, bool Commit)>> write, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await using var db = new SqliteBatchDb(_options);

            // Immediate: another process of this machine may write too.
            await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellation).ConfigureAwait(false);
            var (result, commit) = await write(db).ConfigureAwait(false);
            if (commit)
            {
                await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            }

            return result;
        }
        catch (Exception e) when (Wrap(e) is { } wrapped)
        {
            throw wrapped;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public Task LockQueueAsync(BatchDb db, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<QueueTail> ReadQueueTailAsync(BatchDb db, int rank, string user, CancellationToken cancellation) => new(
        await db.Queue.CountAsync(cancellation).ConfigureAwait(false),
        (await db.Queue.MaxAsync(q => (long?)q.Sequence, cancellation).ConfigureAwait(false) ?? 0) + 1,
        await db.Queue.Where(q => q.Rank == rank).MinAsync(q => (long?)q.Turn, cancellation).ConfigureAwait(false) ?? 0,
        await db.Queue.Where(q => q.Rank == rank && q.CreatedBy == user).MaxAsync(q => (long?)q.Turn, cancellation).ConfigureAwait(false));

    /// <inheritdoc/>
    public async Task<(long Sequence, string Hash)> ReadAuditTailAsync(BatchDb db, CancellationToken cancellation)
        => await db.Audit.OrderByDescending(a => a.Sequence).Select(a => new { a.Sequence, a.Hash }).FirstOrDefaultAsync(cancellation).ConfigureAwait(false) is { } last
            ? (last.Sequence, last.Hash) : (0, Audit.AuditChain.Beginning);

    /// <inheritdoc/>
    public Task InsertRequestsAsync(BatchDb db, Guid jobId, int firstIndex, IReadOnlyList<NewRequest> requests, CancellationToken cancellation)
    {
        using var row = CommandOf(db);
        row.CommandText = """
            insert into batch_document_requests (job_id, request_index, request_id, document_name, patient_id, template_version_id, state, attempts, failures, crashes)
            values ($job, $index, $id, $name, $patient, $version, 'pending', 0, 0, 0)
            """;
        Add(row, "$job").Value = jobId;
        var (index, id, name, patient, version) = (Add(row, "$index"), Add(row, "$id"), Add(row, "$name"), Add(row, "$patient"), Add(row, "$version"));
        using var dataRow = CommandOf(db);
        dataRow.CommandText = "insert into batch_request_data (job_id, request_index, merge_data) values ($job, $index, $data)";
        Add(dataRow, "$job").Value = jobId;
        var (dataIndex, data) = (Add(dataRow, "$index"), Add(dataRow, "$data"));
        for (var i = 0; i < requests.Count; i++)
        {
            index.Value = dataIndex.Value = firstIndex + i;
            id.Value = requests[i].RequestId;
            name.Value = requests[i].DocumentName;
            patient.Value = OrNull(requests[i].PatientId);
            version.Value = OrNull(requests[i].TemplateVersionId);
            data.Value = requests[i].MergeData;
            row.ExecuteNonQuery();
            dataRow.ExecuteNonQuery();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task UpdateRequestsAsync(BatchDb db, Guid jobId, IReadOnlyList<RequestOutcome> outcomes, DateTimeOffset now, CancellationToken cancellation)
    {
        using var update = new OutcomeStatement((SqliteConnection)db.Database.GetDbConnection(), jobId, now);
        foreach (var outcome in outcomes)
        {
            update.Run(outcome);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task ReadRowsAsync(BatchDb db, FormattableString query, Action<IStoredRow> read, CancellationToken cancellation)
    {
        await db.Database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        using var command = CommandOf(db);
#pragma warning disable CA2100 // Holds nobody's text, which RowQuery sees to.
        command.CommandText = RowQuery.Write(query, static time => SqliteTime.ToNumber(time).ToString(CultureInfo.InvariantCulture));
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var row = new SqliteRow(reader);
        while (reader.Read())
        {
            read(row);
        }
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset> NowAsync(BatchDb db, CancellationToken cancellation) => Task.FromResult(_time.GetUtcNow());

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        using (var connection = new SqliteConnection(_connectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        _gate.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SqliteCommand CommandOf(BatchDb db)
    {
        var command = (SqliteCommand)db.Database.GetDbConnection().CreateCommand();
        command.Transaction = (SqliteTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();
        return command;
    }

    private static SqliteParameter Add(SqliteCommand command, string name)
    {
        var parameter = new SqliteParameter { ParameterName = name };
        command.Parameters.Add(parameter);
        return parameter;
    }

    private static object OrNull(object? value) => value ?? DBNull.Value;

    private static async Task Execute(BatchDb db, string sql, CancellationToken cancellation)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        await using var _ = command.ConfigureAwait(false);
#pragma warning disable CA2100 // Only this program's own scripts come here.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static StorageException? Wrap(Exception e) => e switch
    {
        DbUpdateException { InnerException: SqliteException inner } => Wrap(inner),
        SqliteException { SqliteErrorCode: 13 } => new StorageException("database-disk-full", "The disk of the database is full. Free some room; work goes on by itself.", isTransient: true, e),
        SqliteException { SqliteErrorCode: 11 or 26 } => new StorageException("database-damaged", "The database file is damaged or is no database. Stop the program and restore it from a backup.", isTransient: false, e),
        SqliteException { SqliteErrorCode: 3 or 8 or 23 } or UnauthorizedAccessException => new StorageException("database-no-permission", "The program may not write its database file or the folder of it. Give its user the right to, and start it again.", isTransient: false, e),
        SqliteException sqlite => new StorageException("database-failed", $"The database could not be read or written (SQLite {sqlite.SqliteErrorCode}). Look at its disk and its permissions.", Transient.Contains(sqlite.SqliteErrorCode), e),
        _ => null,
    };

    /// <summary>
    /// A commit is on disk before it is answered; the library may have been built with another default. And small letters
    /// are those of all languages: SQLite's own lower() knows A to Z only, and would not find Östergård by "öster".
    /// </summary>
    private sealed class FullSync : DbConnectionInterceptor
    {
        public static readonly FullSync Instance = new();

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Set(connection);
            return Task.CompletedTask;
        }

        private static void Set(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            // A checkpoint each 32 MiB instead of 4: a job writes more than that in seconds.
            command.CommandText = "pragma synchronous = full; pragma wal_autocheckpoint = 8000; pragma cache_size = -8000";
            command.ExecuteNonQuery();
            ((SqliteConnection)connection).CreateFunction("lower", (string? text) => text?.ToLowerInvariant(), isDeterministic: true);
        }
    }
}
