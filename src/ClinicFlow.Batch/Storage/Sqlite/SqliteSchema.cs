using Microsoft.Data.Sqlite;

namespace ClinicFlow.Batch.Storage.Sqlite;

/// <summary>The database is of a version that this program does not know.</summary>
/// <param name="message">What to do.</param>
public sealed class DatabaseTooNewException(string message) : Exception(message);

/// <summary>The tables in SQLite, by the specification's names, and how they came to be: one step a version, never changed once released.</summary>
internal static class SqliteSchema
{
    private static readonly string[] Steps =
    [
        """
        create table batch_document_jobs (
            id text primary key, owner text not null, name text not null, description text not null, template_id text not null,
            priority integer not null, status text not null, settings text not null, idempotency_key text,
            total integer not null, succeeded integer not null default 0, failed integer not null default 0, retrying integer not null default 0,
            error_message text, created_at integer not null, started_at integer, completed_at integer, updated_at integer not null,
            timeout_ms integer not null, epoch integer not null default 0, runner text, lease_until integer, requested text,
            archive_length integer not null default 0);
        create unique index ix_jobs_idempotency on batch_document_jobs (owner, idempotency_key) where idempotency_key is not null;
        create index ix_jobs_owner on batch_document_jobs (owner, created_at desc, id);
        create index ix_jobs_created on batch_document_jobs (created_at desc, id);
        create index ix_jobs_running on batch_document_jobs (status, lease_until) where status = 'processing';
        create table batch_document_requests (
            job_id text not null references batch_document_jobs (id) on delete cascade, request_index integer not null, request_id text not null,
            document_name text not null, patient_id text, merge_data text not null, state text not null default 'pending',
            failures integer not null default 0, crashes integer not null default 0, retry_at integer, error_code text, error_message text,
            slices text, pages integer, elapsed_ms integer, primary key (job_id, request_index)) without rowid;
        create index ix_requests_due on batch_document_requests (job_id, state, request_index) where state in ('pending', 'retrying');
        create table batch_job_queue (
            id integer primary key autoincrement, job_id text not null unique references batch_document_jobs (id) on delete cascade,
            priority integer not null, queued_at integer not null, estimated_start_time integer, created_at integer not null);
        create index ix_queue_order on batch_job_queue (priority desc, queued_at, id);
        create table batch_job_results (
            id integer primary key autoincrement, job_id text not null unique references batch_document_jobs (id) on delete cascade,
            result_data text not null, output_files text not null, created_at integer not null);
        create table failed_document_requests (
            id integer primary key autoincrement, job_id text not null references batch_document_jobs (id) on delete cascade, request_id text not null,
            document_name text not null, error_message text not null, retry_count integer not null, last_attempt_at integer not null, created_at integer not null);
        create index ix_failed_job on failed_document_requests (job_id, request_id);
        """,
    ];

    /// <summary>Brings the database up to date. Two programs that start together are safe: one waits for the other.</summary>
    /// <exception cref="DatabaseTooNewException">A newer program has changed it.</exception>
    public static void Migrate(SqliteConnection connection)
    {
        Execute(connection, "pragma journal_mode = wal");
        Execute(connection, "begin exclusive");
        try
        {
            using var read = connection.CreateCommand();
            read.CommandText = "pragma user_version";
            var version = (long)read.ExecuteScalar()!;
            if (version > Steps.Length)
            {
                throw new DatabaseTooNewException($"The database is of version {version}; this program knows {Steps.Length}. Install the newer program again, or restore a backup.");
            }

            for (var step = (int)version; step < Steps.Length; step++)
            {
                Execute(connection, Steps[step]);
                Execute(connection, FormattableString.Invariant($"pragma user_version = {step + 1}"));
            }

            Execute(connection, "commit");
        }
        catch
        {
            Execute(connection, "rollback");
            throw;
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only this class's own constants come here.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
