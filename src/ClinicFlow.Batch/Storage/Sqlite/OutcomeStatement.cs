using System.Buffers;
using System.Text;
using System.Text.Json;
using ClinicFlow.Batch.Queue;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClinicFlow.Batch.Storage.Sqlite;

/// <summary>
/// Records what became of requests, in the transaction of the connection. Runs once a document, so it binds its values
/// by their numbers and as the bytes that SQLite keeps: a command with named parameters takes twice as long.
/// </summary>
internal sealed class OutcomeStatement : IDisposable
{
    private const string Sql = """
        update batch_document_requests
           set state = ?1, attempts = ?2, failures = ?3, retry_at = ?4, last_attempt_at = ?5, error_code = ?6, error_message = ?7,
               output_files = ?8, bytes = ?9, pages = ?10, elapsed_ms = ?11
         where job_id = ?12 and request_index = ?13
        """;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly ArrayBufferWriter<byte> _files = new(512);
    private readonly Utf8JsonWriter _json;

    /// <summary>Prepares the statement.</summary>
    /// <param name="connection">The connection, open, in its transaction.</param>
    /// <param name="jobId">The job of the requests.</param>
    /// <param name="now">When it is recorded.</param>
    /// <exception cref="SqliteException">It cannot be prepared.</exception>
    public OutcomeStatement(SqliteConnection connection, Guid jobId, DateTimeOffset now)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        Check(raw.sqlite3_prepare_v2(_database, Sql, out _statement));
        _json = new Utf8JsonWriter(_files);

        // What stays as it is from run to run. An id is text as the provider of SQLite writes it.
        Check(raw.sqlite3_bind_int64(_statement, 5, SqliteTime.ToNumber(now)));
        Check(raw.sqlite3_bind_text(_statement, 12, jobId.ToString().ToUpperInvariant()));
    }

    /// <summary>Records what became of a request.</summary>
    /// <exception cref="SqliteException">It cannot be written.</exception>
    public void Run(RequestOutcome outcome)
    {
        _files.ResetWrittenCount();
        _json.Reset();
        OutputFiles.Write(outcome.Slices, _json);
        _json.Flush();
        Check(raw.sqlite3_bind_text(_statement, 1, Names.Of(outcome.State)));
        Check(raw.sqlite3_bind_int(_statement, 2, outcome.Request.Attempts + 1));
        Check(raw.sqlite3_bind_int(_statement, 3, outcome.Failures));
        Bind(4, outcome.RetryAt is { } at ? SqliteTime.ToNumber(at) : null);
        Bind(6, outcome.ErrorCode);
        Bind(7, outcome.ErrorMessage);
        Check(_files.WrittenCount > 0 ? raw.sqlite3_bind_text(_statement, 8, _files.WrittenSpan) : raw.sqlite3_bind_null(_statement, 8));
        Bind(9, OutputFiles.TotalBytes(outcome.Slices));
        Bind(10, outcome.Pages);
        Check(raw.sqlite3_bind_int(_statement, 11, (int)Math.Min(outcome.Elapsed.TotalMilliseconds, int.MaxValue)));
        Check(raw.sqlite3_bind_int(_statement, 13, outcome.Request.Index));
        var result = raw.sqlite3_step(_statement);

        // Says again what the step said, where that failed.
        var reset = raw.sqlite3_reset(_statement);
        Check(result == raw.SQLITE_DONE ? reset : result);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _statement.Dispose();
    }

    private void Bind(int index, long? value) => Check(value is { } known ? raw.sqlite3_bind_int64(_statement, index, known) : raw.sqlite3_bind_null(_statement, index));

    private void Bind(int index, string? text) => Check(text is null ? raw.sqlite3_bind_null(_statement, index) : raw.sqlite3_bind_text(_statement, index, Encoding.UTF8.GetBytes(text)));

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
