using System.Runtime.CompilerServices;
using System.Text.Json;
using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Queue;
using Microsoft.Data.Sqlite;

namespace ClinicFlow.Batch.Storage.Sqlite;

/// <summary>
/// Jobs in a SQLite file: write-ahead log, every commit on disk before it is answered. One writer at a time, which the
/// store's own gate sees to; readers are not held up. For the programs of one machine: leases use its clock.
/// </summary>
public sealed class SqliteJobStore : IJobStore, IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string _connectionString;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SqliteConnection _writer;

    /// <summary>Opens the store; the file is made where it is not there, and brought up to date.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="DatabaseTooNewException">A newer program has changed the file.</exception>
    public SqliteJobStore(string path, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _time = time;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, DefaultTimeout = 30 }.ToString();
        _writer = Open();
        SqliteSchema.Migrate(_writer);
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public async Task<CreateOutcome> CreateAsync(NewJob job, IAsyncEnumerable<NewRequest> requests, int maxQueueSize, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(requests);
        return await WriteAsync<CreateOutcome>(async transaction =>
        {
            if (job.IdempotencyKey is not null && Scalar(transaction, "select id from batch_document_jobs where owner = $owner and idempotency_key = $key", ("$owner", job.Owner), ("$key", job.IdempotencyKey)) is string known)
            {
                return (new CreateOutcome.Existing(Guid.Parse(known)), false);
            }

            var size = Convert.ToInt32(Scalar(transaction, "select count(*) from batch_job_queue"), System.Globalization.CultureInfo.InvariantCulture);
            if (size >= maxQueueSize)
            {
                return (new CreateOutcome.QueueFull(size), false);
            }

            var id = Text(job.Id);
            Execute(transaction, """
                insert into batch_document_jobs (id, owner, name, description, template_id, priority, status, settings, idempotency_key, total, created_at, updated_at, timeout_ms)
                values ($id, $owner, $name, $description, $template, $priority, 'queued', $settings, $key, 0, $now, $now, $timeout)
                """,
                ("$id", id), ("$owner", job.Owner), ("$name", job.Name), ("$description", job.Description), ("$template", Text(job.TemplateId)), ("$priority", (int)job.Priority),
                ("$settings", JsonSerializer.Serialize(job.Settings, Json)), ("$key", (object?)job.IdempotencyKey ?? DBNull.Value), ("$now", Now), ("$timeout", (long)job.Timeout.TotalMilliseconds));
            var total = 0;
            using (var insert = Command(transaction, "insert into batch_document_requests (job_id, request_index, request_id, document_name, patient_id, merge_data) values ($job, $index, $request, $name, $patient, $data)",
                ("$job", id), ("$index", 0), ("$request", ""), ("$name", ""), ("$patient", DBNull.Value), ("$data", "")))
            {
                await foreach (var request in requests.WithCancellation(cancellation).ConfigureAwait(false))
                {
                    insert.Parameters["$index"].Value = total++;
                    insert.Parameters["$request"].Value = request.RequestId;
                    insert.Parameters["$name"].Value = request.DocumentName;
                    insert.Parameters["$patient"].Value = (object?)request.PatientId ?? DBNull.Value;
                    insert.Parameters["$data"].Value = request.MergeDataJson;
                    insert.ExecuteNonQuery();
                }
            }

            Execute(transaction, "update batch_document_jobs set total = $total where id = $id", ("$total", total), ("$id", id));
            Enqueue(transaction, id, job.Priority);
            return (new CreateOutcome.Created(job.Id), true);
        }, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<BatchJob?> FindAsync(Guid id, string? owner, CancellationToken cancellation)
        => ReadAsync(connection => FindJob(connection, null, id, owner), cancellation);

    /// <inheritdoc/>
    public Task<JobPage> ListAsync(JobQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        return ReadAsync(connection =>
        {
            var conditions = new List<string>();
            var values = new List<(string, object)>();
            void Where(string condition, string name, object? value)
            {
                if (value is not null)
                {
                    conditions.Add(condition);
                    values.Add((name, value));
                }
            }

            Where("owner = $owner", "$owner", query.Owner);
            Where("template_id = $template", "$template", query.TemplateId is { } template ? Text(template) : null);
            Where("(instr(lower(name), lower($text)) > 0 or instr(lower(description), lower($text)) > 0)", "$text", query.Text);
            Where("created_at >= $from", "$from", query.CreatedFrom?.ToUnixTimeMilliseconds());
            Where("created_at < $before", "$before", query.CreatedBefore?.ToUnixTimeMilliseconds());
            if (query.Statuses.Count > 0)
            {
                conditions.Add($"status in ({string.Join(", ", query.Statuses.Select(status => $"'{Text(status)}'"))})");
            }

            if (query.Priorities.Count > 0)
            {
                conditions.Add($"priority in ({string.Join(", ", query.Priorities.Select(priority => (int)priority))})");
            }

            if (query.Cursor?.Split('.') is [var at, var lastId] && long.TryParse(at, out var createdAt) && Guid.TryParse(lastId, out var last))
            {
                conditions.Add("(created_at, id) < ($at, $last)");
                values.Add(("$at", createdAt));
                values.Add(("$last", Text(last)));
            }

            var count = Math.Clamp(query.Count, 1, 200);
            using var command = Command(connection, null, $"{JobColumns} {(conditions.Count == 0 ? "" : "where " + string.Join(" and ", conditions))} order by created_at desc, id desc limit {count + 1}", [.. values]);
            var jobs = new List<BatchJob>();
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                jobs.Add(ReadJob(reader));
            }

            var hasMore = jobs.Count > count;
            jobs = hasMore ? jobs[..count] : jobs;
            return new JobPage(jobs, hasMore ? FormattableString.Invariant($"{jobs[^1].CreatedAt.ToUnixTimeMilliseconds()}.{jobs[^1].Id}") : null);
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<QueueStats> GetQueueStatsAsync(CancellationToken cancellation) => ReadAsync(connection =>
    {
        var queued = Enum.GetValues<JobPriority>().ToDictionary(priority => priority, _ => 0);
        using (var command = Command(connection, null, "select priority, count(*) from batch_job_queue group by priority"))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                queued[(JobPriority)reader.GetInt32(0)] = reader.GetInt32(1);
            }
        }

        long Number(string sql)
        {
            using var command = Command(connection, null, sql);
            return command.ExecuteScalar() is long number ? number : 0;
        }

        var oldest = Number("select coalesce(min(queued_at), 0) from batch_job_queue");
        return new QueueStats(queued, (int)Number("select count(*) from batch_document_jobs where status = 'processing'"), (int)Number("select count(*) from batch_document_jobs where status = 'paused'"),
            Number("select coalesce(sum(total - succeeded - failed), 0) from batch_document_jobs where status in ('queued', 'processing')"),
            oldest == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(oldest));
    }, cancellation);

    /// <inheritdoc/>
    public Task<TakenJob?> TakeAsync(string runner, TimeSpan lease, int maxRunning, CancellationToken cancellation) => WriteAsync<TakenJob?>(transaction =>
    {
        var now = Now;

        // A job whose runner died comes first: it has waited longest. What was in flight then is not known; the runner itself counts crashes.
        var id = Scalar(transaction, "select id from batch_document_jobs where status = 'processing' and lease_until < $now order by started_at limit 1", ("$now", now)) as string;
        if (id is null && Convert.ToInt32(Scalar(transaction, "select count(*) from batch_document_jobs where status = 'processing'"), System.Globalization.CultureInfo.InvariantCulture) < maxRunning)
        {
            id = Scalar(transaction, "select job_id from batch_job_queue order by priority desc, queued_at, id limit 1") as string;
        }

        if (id is null)
        {
            return Task.FromResult<(TakenJob?, bool)>((null, false));
        }

        Execute(transaction, "update batch_document_jobs set epoch = epoch + 1, runner = $runner, lease_until = $until, status = 'processing', started_at = coalesce(started_at, $now), updated_at = $now where id = $id",
            ("$runner", runner), ("$until", now + (long)lease.TotalMilliseconds), ("$now", now), ("$id", id));
        Execute(transaction, "delete from batch_job_queue where job_id = $id", ("$id", id));
        var job = FindJob(transaction.Connection!, transaction, Guid.Parse(id), null)!;
        using var more = Command(transaction, "select archive_length, timeout_ms from batch_document_jobs where id = $id", ("$id", id));
        using var reader = more.ExecuteReader();
        reader.Read();
        return Task.FromResult<(TakenJob?, bool)>((new TakenJob(job, reader.GetInt64(0), job.StartedAt!.Value.AddMilliseconds(reader.GetInt64(1))), true));
    }, cancellation);

    /// <inheritdoc/>
    public Task<JobOrder> RenewAsync(Guid id, long epoch, TimeSpan lease, CancellationToken cancellation) => WriteAsync(transaction =>
    {
        var changed = Execute(transaction, "update batch_document_jobs set lease_until = $until where id = $id and epoch = $epoch and status = 'processing'",
            ("$until", Now + (long)lease.TotalMilliseconds), ("$id", Text(id)), ("$epoch", epoch));
        var order = changed == 0 ? JobOrder.Lost : Scalar(transaction, "select requested from batch_document_jobs where id = $id", ("$id", Text(id))) switch
        {
            "pause" => JobOrder.Pause,
            "cancel" => JobOrder.Cancel,
            _ => JobOrder.Continue,
        };
        return Task.FromResult((order, true));
    }, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DueRequest>> ReadDueAsync(Guid id, int afterIndex, int count, CancellationToken cancellation) => ReadAsync<IReadOnlyList<DueRequest>>(connection =>
    {
        var due = new List<DueRequest>();
        using var command = Command(connection, null, """
            select request_index, request_id, document_name, merge_data, failures, crashes from batch_document_requests
            where job_id = $id and state in ('pending', 'retrying') and request_index > $after and (retry_at is null or retry_at <= $now) order by request_index limit $count
            """, ("$id", Text(id)), ("$after", afterIndex), ("$now", Now), ("$count", count));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            due.Add(new DueRequest(reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4), reader.GetInt32(5)));
        }

        return due;
    }, cancellation);

    /// <inheritdoc/>
    public Task<DateTimeOffset?> NextRetryAsync(Guid id, CancellationToken cancellation) => ReadAsync<DateTimeOffset?>(connection =>
    {
        using var command = Command(connection, null, "select min(retry_at) from batch_document_requests where job_id = $id and state = 'retrying'", ("$id", Text(id)));
        return command.ExecuteScalar() is long at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
    }, cancellation);

    /// <inheritdoc/>
    public Task<bool> CommitAsync(RequestCommit commit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(commit);
        return WriteAsync(transaction =>
        {
            var id = Text(commit.JobId);
            var now = Now;
            int succeeded = 0, failed = 0, retrying = 0;
            using var update = Command(transaction, """
                update batch_document_requests set state = $state, failures = $failures, retry_at = $retry, error_code = $code, error_message = $message, slices = $slices, pages = $pages, elapsed_ms = $elapsed
                where job_id = $id and request_index = $index and state in ('pending', 'retrying') returning request_id, document_name
                """, ("$id", id), ("$index", 0), ("$state", ""), ("$failures", 0), ("$retry", DBNull.Value), ("$code", DBNull.Value), ("$message", DBNull.Value), ("$slices", DBNull.Value), ("$pages", DBNull.Value), ("$elapsed", 0L));
            using var before = Command(transaction, "select state from batch_document_requests where job_id = $id and request_index = $index", ("$id", id), ("$index", 0));
            foreach (var outcome in commit.Outcomes)
            {
                before.Parameters["$index"].Value = outcome.Index;
                retrying -= before.ExecuteScalar() is "retrying" ? 1 : 0;
                update.Parameters["$index"].Value = outcome.Index;
                update.Parameters["$state"].Value = Text(outcome.State);
                update.Parameters["$failures"].Value = outcome.Failures;
                update.Parameters["$retry"].Value = outcome.RetryAfter is { } wait ? now + (long)wait.TotalMilliseconds : DBNull.Value;
                update.Parameters["$code"].Value = (object?)outcome.ErrorCode ?? DBNull.Value;
                update.Parameters["$message"].Value = (object?)outcome.ErrorMessage ?? DBNull.Value;
                update.Parameters["$slices"].Value = outcome.Slices.Count == 0 ? DBNull.Value : JsonSerializer.Serialize(outcome.Slices, Json);
                update.Parameters["$pages"].Value = (object?)outcome.Pages ?? DBNull.Value;
                update.Parameters["$elapsed"].Value = (long)outcome.Elapsed.TotalMilliseconds;
                string requestId, documentName;
                using (var reader = update.ExecuteReader())
                {
                    if (!reader.Read())
                    {
                        throw new InvalidOperationException("A request was committed that was done already.");
                    }

                    (requestId, documentName) = (reader.GetString(0), reader.GetString(1));
                }

                succeeded += outcome.State == RequestState.Succeeded ? 1 : 0;
                retrying += outcome.State == RequestState.Retrying ? 1 : 0;
                if (outcome.State == RequestState.Failed)
                {
                    failed++;
                    Execute(transaction, "insert into failed_document_requests (job_id, request_id, document_name, error_message, retry_count, last_attempt_at, created_at) values ($job, $request, $name, $message, $count, $now, $now)",
                        ("$job", id), ("$request", requestId), ("$name", documentName), ("$message", outcome.ErrorMessage ?? ""), ("$count", outcome.Failures), ("$now", now));
                }
            }

            var changed = Execute(transaction, """
                update batch_document_jobs set succeeded = succeeded + $succeeded, failed = failed + $failed, retrying = retrying + $retrying, archive_length = $length, updated_at = $now
                where id = $id and epoch = $epoch and status = 'processing'
                """, ("$succeeded", succeeded), ("$failed", failed), ("$retrying", retrying), ("$length", commit.ArchiveLengthBytes), ("$now", now), ("$id", id), ("$epoch", commit.Epoch));
            return Task.FromResult((changed == 1, changed == 1));
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(JobRelease release, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(release);
        return WriteAsync(transaction =>
        {
            var id = Text(release.JobId);
            var isEnded = JobTransitions.IsEnded(release.Status);
            var now = Now;
            var changed = Execute(transaction, """
                update batch_document_jobs set status = $status, error_message = $error, runner = null, lease_until = null, requested = case when $ended or $status = 'paused' then null else requested end,
                    completed_at = case when $ended then $now else completed_at end, updated_at = $now where id = $id and epoch = $epoch and status = 'processing'
                """, ("$status", Text(release.Status)), ("$error", (object?)release.ErrorMessage ?? DBNull.Value), ("$ended", isEnded ? 1 : 0), ("$now", now), ("$id", id), ("$epoch", release.Epoch));
            if (changed == 0)
            {
                return Task.FromResult((false, false));
            }

            if (release.Status == JobStatus.Queued)
            {
                Enqueue(transaction, id, (JobPriority)Convert.ToInt32(Scalar(transaction, "select priority from batch_document_jobs where id = $id", ("$id", id)), System.Globalization.CultureInfo.InvariantCulture));
            }

            if (isEnded)
            {
                Execute(transaction, "insert or replace into batch_job_results (job_id, result_data, output_files, created_at) select id, json_object('total', total, 'succeeded', succeeded, 'failed', failed), $files, $now from batch_document_jobs where id = $id",
                    ("$files", JsonSerializer.Serialize(release.OutputFiles ?? [], Json)), ("$now", now), ("$id", id));
            }

            return Task.FromResult((true, true));
        }, cancellation);
    }

    /// <inheritdoc/>
    public Task<ControlOutcome> ControlAsync(Guid id, string? owner, JobControl control, CancellationToken cancellation) => WriteAsync<ControlOutcome>(transaction =>
    {
        if (FindJob(transaction.Connection!, transaction, id, owner) is not { } job)
        {
            return Task.FromResult<(ControlOutcome, bool)>((new ControlOutcome.NotFound(), false));
        }

        var key = ("$id", (object)Text(id));
        var now = ("$now", (object)Now);
        switch (control, job.Status)
        {
            case (JobControl.Pause, JobStatus.Queued):
                Execute(transaction, "update batch_document_jobs set status = 'paused', updated_at = $now where id = $id", key, now);
                Execute(transaction, "delete from batch_job_queue where job_id = $id", key);
                break;
            case (JobControl.Pause, JobStatus.Processing):
                Execute(transaction, "update batch_document_jobs set requested = coalesce(requested, 'pause'), updated_at = $now where id = $id", key, now);
                break;
            case (JobControl.Resume, JobStatus.Paused):
                Execute(transaction, "update batch_document_jobs set status = 'queued', requested = null, updated_at = $now where id = $id", key, now);
                Enqueue(transaction, Text(id), job.Priority);
                break;
            case (JobControl.Resume, JobStatus.Processing):
                Execute(transaction, "update batch_document_jobs set requested = case when requested = 'pause' then null else requested end, updated_at = $now where id = $id", key, now);
                break;
            case (JobControl.Cancel, JobStatus.Queued or JobStatus.Paused):
                Execute(transaction, "update batch_document_jobs set status = 'cancelled', completed_at = $now, updated_at = $now where id = $id", key, now);
                Execute(transaction, "delete from batch_job_queue where job_id = $id", key);
                break;
            case (JobControl.Cancel, JobStatus.Processing):
                Execute(transaction, "update batch_document_jobs set requested = 'cancel', updated_at = $now where id = $id", key, now);
                break;
            case (JobControl.Pause, JobStatus.Paused) or (JobControl.Resume, JobStatus.Queued) or (JobControl.Cancel, JobStatus.Cancelled):
                break;
            default:
                return Task.FromResult<(ControlOutcome, bool)>((new ControlOutcome.NotAllowed(job.Status, JobTransitions.ActionsFrom(job.Status)), false));
        }

        return Task.FromResult<(ControlOutcome, bool)>((new ControlOutcome.Accepted(FindJob(transaction.Connection!, transaction, id, owner)!), true));
    }, cancellation);

    /// <inheritdoc/>
    public Task<ControlOutcome> RetryFailedAsync(Guid id, string? owner, IReadOnlyDictionary<string, string?>? requests, CancellationToken cancellation) => WriteAsync<ControlOutcome>(transaction =>
    {
        if (FindJob(transaction.Connection!, transaction, id, owner) is not { } job)
        {
            return Task.FromResult<(ControlOutcome, bool)>((new ControlOutcome.NotFound(), false));
        }

        if (!JobTransitions.IsEnded(job.Status))
        {
            return Task.FromResult<(ControlOutcome, bool)>((new ControlOutcome.NotAllowed(job.Status, JobTransitions.ActionsFrom(job.Status)), false));
        }

        var again = 0;
        if (requests is null)
        {
            again = Execute(transaction, "update batch_document_requests set state = 'pending', failures = 0, crashes = 0, retry_at = null where job_id = $id and state = 'failed'", ("$id", Text(id)));
        }
        else
        {
            foreach (var (request, data) in requests)
            {
                again += Execute(transaction, "update batch_document_requests set state = 'pending', failures = 0, crashes = 0, retry_at = null, merge_data = coalesce($data, merge_data) where job_id = $id and state = 'failed' and request_id = $request",
                    ("$id", Text(id)), ("$request", request), ("$data", (object?)data ?? DBNull.Value));
            }
        }

        var left = Convert.ToInt64(Scalar(transaction, "select count(*) from batch_document_requests where job_id = $id and state in ('pending', 'retrying')", ("$id", Text(id))), System.Globalization.CultureInfo.InvariantCulture);
        if (again > 0 || left > 0)
        {
            Execute(transaction, "update batch_document_jobs set status = 'queued', failed = failed - $again, error_message = null, completed_at = null, started_at = null, requested = null, updated_at = $now where id = $id", ("$again", again), ("$now", Now), ("$id", Text(id)));
            Execute(transaction, "delete from failed_document_requests where job_id = $id and request_id in (select request_id from batch_document_requests where job_id = $id and state = 'pending')", ("$id", Text(id)));
            Enqueue(transaction, Text(id), job.Priority);
        }

        return Task.FromResult<(ControlOutcome, bool)>((new ControlOutcome.Accepted(FindJob(transaction.Connection!, transaction, id, owner)!), true));
    }, cancellation);

    /// <inheritdoc/>
    public Task<ControlOutcome> SetPriorityAsync(Guid id, string? owner, JobPriority priority, CancellationToken cancellation) => WriteAsync<ControlOutcome>(transaction =>
    {
        if (FindJob(transaction.Connection!, transaction, id, owner) is not { } job)
        {
            return Task.FromResult<(ControlOutcome, bool)>((new ControlOutcome.NotFound(), false));
        }

        if (job.Status is not (JobStatus.Queued or JobStatus.Paused))
        {
            return Task.FromResult<(ControlOutcome, bool)>((new ControlOutcome.NotAllowed(job.Status, JobTransitions.ActionsFrom(job.Status)), false));
        }

        Execute(transaction, "update batch_document_jobs set priority = $priority, updated_at = $now where id = $id", ("$priority", (int)priority), ("$now", Now), ("$id", Text(id)));
        Execute(transaction, "update batch_job_queue set priority = $priority where job_id = $id", ("$priority", (int)priority), ("$id", Text(id)));
        return Task.FromResult<(ControlOutcome, bool)>((new ControlOutcome.Accepted(FindJob(transaction.Connection!, transaction, id, owner)!), true));
    }, cancellation);

    /// <inheritdoc/>
    public Task<ControlOutcome> DeleteAsync(Guid id, string? owner, CancellationToken cancellation) => WriteAsync<ControlOutcome>(transaction =>
    {
        if (FindJob(transaction.Connection!, transaction, id, owner) is not { } job)
        {
            return Task.FromResult<(ControlOutcome, bool)>((new ControlOutcome.NotFound(), false));
        }

        if (!JobTransitions.IsEnded(job.Status))
        {
            return Task.FromResult<(ControlOutcome, bool)>((new ControlOutcome.NotAllowed(job.Status, JobTransitions.ActionsFrom(job.Status)), false));
        }

        Execute(transaction, "delete from batch_document_jobs where id = $id", ("$id", Text(id)));
        return Task.FromResult<(ControlOutcome, bool)>((new ControlOutcome.Accepted(job), true));
    }, cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<RequestRow> ReadRequestsAsync(Guid id, string? owner, RequestState? state, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        using var connection = Open();
        using var command = Command(connection, null, """
            select r.request_index, r.request_id, r.document_name, r.patient_id, r.state, r.failures, r.error_code, r.error_message, r.slices, r.pages, r.elapsed_ms
            from batch_document_requests r join batch_document_jobs j on j.id = r.job_id
            where r.job_id = $id and ($owner is null or j.owner = $owner) and ($state is null or r.state = $state) order by r.request_index
            """, ("$id", Text(id)), ("$owner", (object?)owner ?? DBNull.Value), ("$state", state is { } wanted ? Text(wanted) : DBNull.Value));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new RequestRow(reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), Enum.Parse<RequestState>(reader.GetString(4), ignoreCase: true), reader.GetInt32(5),
                reader.IsDBNull(6) ? null : reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetString(7),
                reader.IsDBNull(8) ? [] : JsonSerializer.Deserialize<List<ArchiveSlice>>(reader.GetString(8), Json)!, reader.IsDBNull(9) ? null : reader.GetInt32(9), reader.IsDBNull(10) ? null : TimeSpan.FromMilliseconds(reader.GetInt64(10)));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _gate.Dispose();
        SqliteConnection.ClearAllPools();
    }

    private const string JobColumns = "select id, owner, name, description, template_id, priority, status, settings, total, succeeded, failed, retrying, error_message, created_at, started_at, completed_at, updated_at, epoch from batch_document_jobs";

    private static BatchJob? FindJob(SqliteConnection connection, SqliteTransaction? transaction, Guid id, string? owner)
    {
        using var command = Command(connection, transaction, $"{JobColumns} where id = $id and ($owner is null or owner = $owner)", ("$id", Text(id)), ("$owner", (object?)owner ?? DBNull.Value));
        using var reader = command.ExecuteReader();
        return reader.Read() ? ReadJob(reader) : null;
    }

    private static BatchJob ReadJob(SqliteDataReader reader) => new()
    {
        Id = Guid.Parse(reader.GetString(0)),
        Owner = reader.GetString(1),
        Name = reader.GetString(2),
        Description = reader.GetString(3),
        TemplateId = Guid.Parse(reader.GetString(4)),
        Priority = (JobPriority)reader.GetInt32(5),
        Status = Enum.Parse<JobStatus>(reader.GetString(6), ignoreCase: true),
        Settings = JsonSerializer.Deserialize<BatchJobSettings>(reader.GetString(7), Json)!,
        Total = reader.GetInt32(8),
        Succeeded = reader.GetInt32(9),
        Failed = reader.GetInt32(10),
        Retrying = reader.GetInt32(11),
        ErrorMessage = reader.IsDBNull(12) ? null : reader.GetString(12),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(13)),
        StartedAt = reader.IsDBNull(14) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(14)),
        CompletedAt = reader.IsDBNull(15) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(15)),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(16)),
        Epoch = reader.GetInt64(17),
    };

    private void Enqueue(SqliteTransaction transaction, string id, JobPriority priority)
        => Execute(transaction, "insert into batch_job_queue (job_id, priority, queued_at, created_at) values ($id, $priority, $now, $now) on conflict (job_id) do nothing", ("$id", id), ("$priority", (int)priority), ("$now", Now));

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "pragma synchronous = full";
        command.ExecuteNonQuery();
        return connection;
    }

    private async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await Task.CompletedTask.ConfigureAwait(false);
        using var connection = Open();
        return read(connection);
    }

    private async Task<T> WriteAsync<T>(Func<SqliteTransaction, Task<(T Result, bool Commit)>> write, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // Immediate: another process of this machine may write too.
            using var transaction = _writer.BeginTransaction(deferred: false);
            var (result, commit) = await write(transaction).ConfigureAwait(false);
            if (commit)
            {
                transaction.Commit();
            }
            else
            {
                transaction.Rollback();
            }

            return result;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static string Text(Guid id) => id.ToString("D");

    private static string Text<T>(T value)
        where T : struct, Enum
        => value.ToString().ToLowerInvariant();

    private static int Execute(SqliteTransaction transaction, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(transaction, sql, values);
        return command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteTransaction transaction, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(transaction, sql, values);
        return command.ExecuteScalar() is { } found and not DBNull ? found : null;
    }

    private static SqliteCommand Command(SqliteTransaction transaction, string sql, params ReadOnlySpan<(string Name, object Value)> values) => Command(transaction.Connection!, transaction, sql, values);

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction? transaction, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Values are parameters; what is put together is this class's own text and names of states.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
