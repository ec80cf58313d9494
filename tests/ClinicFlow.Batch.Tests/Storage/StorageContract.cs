using System.Buffers;
using ClinicFlow.Batch.Delivery;
using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Batch.Templates;
using ClinicFlow.Batch.Tests.Delivery;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace ClinicFlow.Batch.Tests.Storage;

/// <summary>What both databases promise beneath the engine.</summary>
public abstract class StorageContract
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<string?> NewDatabaseAsync();

    private async Task<TestClinic> OpenAsync(Func<BatchProcessingConfig, BatchProcessingConfig>? with = null) => await TestClinic.OpenAsync(await NewDatabaseAsync(), with, isStarted: false);

    [Fact]
    public async Task Hosts_that_start_together_make_the_tables_and_keys_once()
    {
        var (database, folder) = (await NewDatabaseAsync(), Directory.CreateTempSubdirectory("clinicflow-start-").FullName);
        var config = new BatchProcessingConfig { DataFolder = folder, ConnectionString = database };

        var engines = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => BatchEngine.OpenAsync(config, cancellation: Cancellation)));

        Assert.InRange(await engines[0].Database.ReadAsync(null, db => db.DataKeys.CountAsync(Cancellation), Cancellation), 1, 5);
        Assert.All(engines, engine => Assert.Equal(0, engine.Database.ReadAsync(null, db => db.Jobs.CountAsync(Cancellation), Cancellation).GetAwaiter().GetResult()));
        Assert.All(engines, engine => Assert.Equal(32, engine.Keys.Find(engines[0].Keys.CurrentKeyId).Length));
        foreach (var engine in engines)
        {
            await engine.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused()
    {
        var (database, folder) = (await NewDatabaseAsync(), Directory.CreateTempSubdirectory("clinicflow-newer-").FullName);
        await using (var clinic = await TestClinic.OpenAsync(database, folder: folder, isStarted: false))
        {
            await AsOwnerAsync(clinic, "insert into \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\") values ('29990101000000_Future', '99.0')");
        }

        var refusal = await Assert.ThrowsAsync<StorageException>(() => TestClinic.OpenAsync(database, folder: folder, isStarted: false));

        Assert.Equal(("database-too-new", false), (refusal.Code, refusal.IsTransient));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_tables_are_those_of_the_model_and_the_specification()
    {
        await using var clinic = await OpenAsync();

        Assert.False(await clinic.Engine.Database.ReadAsync(null, db => Task.FromResult(db.Database.HasPendingModelChanges()), Cancellation));
        var columns = await clinic.Engine.Database.ReadAsync(null, db => Task.FromResult(db.Model.GetEntityTypes().ToDictionary(e => e.GetTableName()!, e => e.GetProperties().Select(p => p.GetColumnName()).ToHashSet())), Cancellation);
        Assert.Superset(new HashSet<string> { "id", "name", "description", "template_id", "priority", "status", "progress", "settings", "error_message", "created_by", "created_at", "started_at", "completed_at", "updated_at" }, columns["batch_document_jobs"]);
        Assert.Superset(new HashSet<string> { "id", "job_id", "priority", "queued_at", "estimated_start_time", "created_at" }, columns["batch_job_queue"]);
        Assert.Superset(new HashSet<string> { "id", "job_id", "result_data", "output_files", "created_at" }, columns["batch_job_results"]);
        Assert.Superset(new HashSet<string> { "id", "job_id", "request_id", "document_name", "error_message", "retry_count", "last_attempt_at", "created_at" }, columns["failed_document_requests"]);
    }

    [Fact]
    public async Task A_large_job_streams_in_and_leaves_nothing_where_it_breaks_off()
    {
        await using var clinic = await OpenAsync();
        static async IAsyncEnumerable<BatchDocumentRequest> Breaking(int count)
        {
            foreach (var request in TestClinic.Requests(count))
            {
                yield return request;
            }

            await Task.Yield();
            throw new IOException("The connection was lost.");
        }

        await Assert.ThrowsAsync<IOException>(() => clinic.Anna.CreateBatchJobAsync("Broken", clinic.TemplateId, Breaking(10_000), cancellation: Cancellation));
        Assert.Equal((0, 0), await CountAsync(clinic));

        var wrong = await Assert.ThrowsAsync<JobRefusedException>(() => clinic.Anna.CreateBatchJobAsync("Wrong", clinic.TemplateId, TestClinic.Requests(8_000).Select((r, i) => i >= 6_500 ? r with { DocumentName = "" } : r), cancellation: Cancellation));
        Assert.Equal((1_000, 1_500), (wrong.Problems.Count, wrong.ProblemCount));
        Assert.Equal((0, 0), await CountAsync(clinic));

        var id = await clinic.CreateAsync(20_000);
        Assert.Equal((1, 20_000), await CountAsync(clinic));
        Assert.Equal(20_000, (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!.Total);
    }

    [Fact]
    public async Task What_a_crash_leaves_of_a_job_that_came_in_is_seen_by_nobody_and_swept()
    {
        await using var clinic = await OpenAsync();
        var id = await clinic.CreateAsync(5);
        await clinic.Engine.Database.WriteAsync(null, async db =>
        {
            await db.Queue.ExecuteDeleteAsync(Cancellation);
            await db.Jobs.ExecuteUpdateAsync(set => set.SetProperty(j => j.IsReady, false).SetProperty(j => j.UpdatedAt, DateTimeOffset.UnixEpoch.AddYears(40)), Cancellation);
            return (true, true);
        }, Cancellation);

        Assert.Null(await clinic.Anna.GetBatchJobAsync(id, Cancellation));
        Assert.Empty((await clinic.Operator.GetBatchJobsAsync(cancellation: Cancellation)).Jobs);
        Assert.IsType<ControlOutcome.NotFound>(await clinic.Anna.CancelJobAsync(id, Cancellation));

        await clinic.Engine.Housekeeper.CleanAsync(Cancellation);

        Assert.Equal((0, 0), await CountAsync(clinic));
    }

    [Fact]
    public async Task Many_who_create_at_once_do_not_overfill_the_queue()
    {
        await using var clinic = await OpenAsync(config => config with { MaxQueueSize = 10 });

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            try
            {
                await clinic.CreateAsync(1);
                return true;
            }
            catch (JobRefusedException)
            {
                return false;
            }
        }));

        Assert.Equal(10, outcomes.Count(isCreated => isCreated));
        Assert.Equal(10, (await clinic.Anna.GetQueueStatsAsync(Cancellation)).TotalQueued);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0xD83D)]
    public async Task What_no_database_can_hold_is_refused_with_its_place(int sign)
    {
        var text = $"x{(char)sign}y";
        await using var clinic = await OpenAsync();

        var refusal = await Assert.ThrowsAsync<JobRefusedException>(() => clinic.Anna.CreateBatchJobAsync(
            text, clinic.TemplateId, [new BatchDocumentRequest { DocumentName = text, PatientId = text, RequestId = text, MergeDataJson = "{}" }], description: text, cancellation: Cancellation));

        Assert.Equal(["description", "name", "requests[0].documentName", "requests[0].patientId", "requests[0].requestId"], refusal.Problems.Select(p => p.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_job_keeps_the_version_that_it_pinned()
    {
        await using var clinic = await OpenAsync();
        var library = clinic.Engine.TemplatesFor(new BatchUser("anna"));
        var id = await clinic.CreateAsync(1);
        var second = Assert.IsType<TemplateOutcome.Done>(await library.AddVersionAsync(clinic.TemplateId, TestClinic.Template("Hello {{patientName}}"), "v2.docx", Cancellation));
        var same = Assert.IsType<TemplateOutcome.Done>(await library.AddVersionAsync(clinic.TemplateId, TestClinic.Template("Hello {{patientName}}"), "again.docx", Cancellation));
        await library.PublishAsync(clinic.TemplateId, second.Version.Id, Cancellation);
        var later = await clinic.CreateAsync(1);
        clinic.Engine.Start();
        await clinic.EndAsync(id);
        await clinic.EndAsync(later);

        Assert.Equal((2, same.Version.Id), (second.Version.Version, second.Version.Id));
        Assert.Equal("Dear Patient 0", (await clinic.ReadArchiveAsync(id))["Letter 0.docx"]);
        Assert.Equal("Hello Patient 0", (await clinic.ReadArchiveAsync(later))["Letter 0.docx"]);
    }

    [Fact]
    public async Task Templates_are_everybodys_to_use_and_their_authors_to_change()
    {
        await using var clinic = await OpenAsync();
        var bernd = clinic.Engine.TemplatesFor(new BatchUser("bernd"));
        var template = (await bernd.FindAsync(clinic.TemplateId, Cancellation))!;

        Assert.IsType<TemplateOutcome.NotFound>(await bernd.AddVersionAsync(template.Id, TestClinic.Template("x"), "x.docx", Cancellation));
        Assert.IsType<TemplateOutcome.NotFound>(await bernd.ArchiveAsync(template.Id, template.Versions[0].Id, Cancellation));
        Assert.Equal("job.create", (await clinic.CreateAsync(1, service: clinic.Bernd)) != Guid.Empty ? "job.create" : "");
        var broken = await bernd.AddAsync("Broken", TestClinic.Template("{{#if x}}"), cancellation: Cancellation);
        Assert.Equal("template-has-errors", Assert.IsType<TemplateOutcome.Refused>(await bernd.PublishAsync(broken.Id, broken.Versions[0].Id, Cancellation)).Code);
        var refusal = await Assert.ThrowsAsync<JobRefusedException>(() => clinic.Bernd.CreateBatchJobAsync("x", broken.Id, TestClinic.Requests(1), cancellation: Cancellation));
        Assert.Equal("template-not-published", refusal.Problems.Single().Code);
    }

    [Fact]
    public async Task A_request_can_have_a_template_of_its_own()
    {
        await using var clinic = await OpenAsync();
        var other = await clinic.Engine.TemplatesFor(new BatchUser("anna")).AddAndPublishAsync("Other", TestClinic.Template("Other {{patientName}}"), cancellation: Cancellation);
        clinic.Engine.Start();

        var id = await clinic.Anna.CreateBatchJobAsync("Mixed", clinic.TemplateId, TestClinic.Requests(4).Select((r, i) => i % 2 == 0 ? r : r with { TemplateId = other.Id }), new BatchJobSettings { OutputFormat = OutputFormat.Docx }, cancellation: Cancellation);
        await clinic.EndAsync(id);

        var files = await clinic.ReadArchiveAsync(id);
        Assert.Equal(["Dear Patient 0", "Other Patient 1", "Dear Patient 2", "Other Patient 3"], Enumerable.Range(0, 4).Select(i => files[$"Letter {i}.docx"]));
    }

    [Fact]
    public async Task All_requests_of_a_job_are_read_as_their_pages_show_them()
    {
        await using var clinic = await OpenAsync();
        var requests = TestClinic.Requests(2_300, i => i % 7 == 0 ? $"Größe \"{i}\" 𝄞 {new string('ж', i % 400)}" : $"Letter {i}")
            .Select((r, i) => r with { PatientId = i % 3 == 0 ? null : r.PatientId, MergeData = i % 100 == 5 ? [] : r.MergeData });
        var id = await clinic.Anna.CreateBatchJobAsync("Letters", clinic.TemplateId, requests, new BatchJobSettings { OutputFormat = OutputFormat.Docx }, cancellation: Cancellation);
        clinic.Engine.Start();
        var job = await clinic.EndAsync(id);
        var reader = clinic.Engine.Reader;

        var all = await reader.ReadAllRequestsAsync(id, null, Cancellation).ToListAsync(Cancellation);
        var failed = await reader.ReadAllRequestsAsync(id, RequestState.Failed, Cancellation).ToListAsync(Cancellation);
        var slices = await reader.ReadAllSlicesAsync(id, Cancellation).ToListAsync(Cancellation);

        var shown = (await reader.ReadRequestsAsync(id, null, null, 0, 3_000, null, Cancellation))!.Requests;
        Assert.Equal((2_277, 23), (job.Succeeded, job.Failed));
        Assert.Equal(shown.Select(Described), all.Select(Described));
        Assert.Equal(shown.Where(r => r.State == RequestState.Failed).Select(Described), failed.Select(Described));
        Assert.Equal(shown.SelectMany(r => r.Slices), slices);

        static string Described(RequestRow row) => $"{row with { Slices = [], RetryAt = null, Elapsed = null }} {string.Join(", ", row.Slices)}";
    }

    [Fact]
    public async Task Requests_come_to_the_lanes_as_they_were_created()
    {
        await using var clinic = await OpenAsync();
        var other = await clinic.Engine.TemplatesFor(new BatchUser("anna")).AddAndPublishAsync("Other", TestClinic.Template("Other {{patientName}}"), cancellation: Cancellation);
        var requests = TestClinic.Requests(40, i => $"Brief für {i}").Select((r, i) => r with { TemplateId = i % 2 == 0 ? null : other.Id, MergeData = new() { ["patientName"] = new string('x', i * i * 60) } });
        var id = await clinic.Anna.CreateBatchJobAsync("Letters", clinic.TemplateId, requests, cancellation: Cancellation);
        var (store, vault, now) = (clinic.Engine.Runner, new Batch.Encryption.MergeDataVault(clinic.Engine.Keys, encrypts: true), new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

        var pending = await store.ReadPendingAsync(id, 9, 30, ArrayPool<byte>.Shared, Cancellation);
        await clinic.Engine.Database.WriteAsync(null, async db =>
        {
            await db.RequestData.Where(d => d.RequestIndex == 1).ExecuteDeleteAsync(Cancellation);
            foreach (var (index, due) in new[] { (1, 0), (2, -1), (3, 1) })
            {
                await db.Requests.Where(r => r.RequestIndex == index).ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RequestState.Retrying).SetProperty(r => r.RetryAt, now.AddMicroseconds(due)).SetProperty(r => r.Attempts, 3).SetProperty(r => r.Failures, 2).SetProperty(r => r.Crashes, 1), Cancellation);
            }

            return (true, true);
        }, Cancellation);
        var times = await store.ReadRetryTimesAsync(id, Cancellation);
        var retries = await store.ReadRetriesAsync(id, [0, 1, 2], ArrayPool<byte>.Shared, Cancellation);

        Assert.Equal(Enumerable.Range(10, 30), pending.Select(r => r.Index));
        Assert.All(pending, request =>
        {
            var json = new byte[request.MergeData!.Span.Length];
            var length = vault.Open(id, request.Index, request.MergeData.Span, json);
            Assert.Equal($"{{\"patientName\":\"{new string('x', request.Index * request.Index * 60)}\"}}", System.Text.Encoding.UTF8.GetString(json, 0, length));
            Assert.Equal(($"r{request.Index + 1}", $"Brief für {request.Index}", request.Index % 2 == 0 ? null : other.Published!.Id, 0, 0, 0), (request.RequestId, request.DocumentName, request.TemplateVersionId, request.Attempts, request.Failures, request.Crashes));
        });
        Assert.Equal([(2, false), (1, true)], retries.Select(r => (r.Index, r.MergeData is null)));
        Assert.All(retries, request => Assert.Equal((3, 2, 1), (request.Attempts, request.Failures, request.Crashes)));
        Assert.Equal([(2, now.AddMicroseconds(-1)), (1, now), (3, now.AddMicroseconds(1))], times.OrderBy(t => t.At));
    }

    [Fact]
    public async Task Merge_data_that_was_moved_to_another_request_is_not_printed()
    {
        await using var clinic = await OpenAsync();
        var id = await clinic.CreateAsync(3);
        await clinic.Engine.Database.WriteAsync(null, async db =>
        {
            var data = await db.RequestData.Where(d => d.RequestIndex == 0).Select(d => d.MergeData).SingleAsync(Cancellation);
            await db.RequestData.Where(d => d.RequestIndex == 1).ExecuteUpdateAsync(set => set.SetProperty(d => d.MergeData, data), Cancellation);
            return (true, true);
        }, Cancellation);
        clinic.Engine.Start();

        var job = await clinic.EndAsync(id);

        Assert.Equal((2, 1), (job.Succeeded, job.Failed));
        var files = await clinic.ReadArchiveAsync(id);
        Assert.Equal(["Dear Patient 0", "Dear Patient 2"], files.Where(f => f.Key.EndsWith(".docx", StringComparison.Ordinal)).Select(f => f.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_new_key_encrypts_and_the_old_one_still_reads()
    {
        await using var clinic = await OpenAsync();
        var before = await clinic.CreateAsync(1);
        await ((StoredKeyRing)clinic.Engine.Keys).AddAsync(Cancellation);
        var after = await clinic.CreateAsync(1);
        clinic.Engine.Start();

        Assert.Equal(1, (await clinic.EndAsync(before)).Succeeded);
        Assert.Equal(1, (await clinic.EndAsync(after)).Succeeded);
        Assert.Equal(2, await clinic.Engine.Database.ReadAsync(null, db => db.DataKeys.CountAsync(Cancellation), Cancellation));
        Assert.Equal(0, (await clinic.Engine.Audit.VerifyAsync(Cancellation)).FirstWrong ?? 0);
    }

    [Fact]
    public async Task The_end_of_a_job_tells_whom_it_should_in_the_same_transaction()
    {
        await using var clinic = await OpenAsync(config => config with { Notifications = new NotificationSettings { Smtp = new SmtpSettings { Host = "mail.clinic.example", From = "documents@clinic.example" }, Webhooks = [new WebhookSettings { Url = "https://receiver.example/hook", Secret = "whsec_" + Convert.ToBase64String(new byte[32]) }] } });
        var mailed = await clinic.CreateAsync(1, new BatchJobSettings { NotifyOnCompletion = true, NotificationEmail = "front.desk@clinic.example", OutputFormat = OutputFormat.Docx });
        var cancelled = await clinic.CreateAsync(1);
        await clinic.Anna.CancelJobAsync(cancelled, Cancellation);
        var taken = (await clinic.Engine.Runner.TakeAsync("me", TimeSpan.FromMinutes(1), 3, TimeSpan.Zero, Cancellation))!;
        await clinic.Engine.Runner.ReleaseAsync(new Queue.JobRelease(mailed, taken.Job.Epoch, JobStatus.Failed, TimeSpan.Zero, "x", "y"), Cancellation);

        var rows = await clinic.Engine.Database.ReadAsync(null, db => db.Outbox.OrderBy(m => m.JobId).ThenBy(m => m.Kind).Select(m => new { m.JobId, m.Kind }).ToListAsync(Cancellation), Cancellation);

        Assert.Equal([(mailed, "email"), (mailed, "webhook"), (cancelled, "webhook")], rows.Select(r => (r.JobId, r.Kind)));
    }

    [Fact]
    public async Task A_job_that_ends_sends_an_email()
    {
        using var certificate = new TestCertificate();
        await using var server = await SmtpServer.StartAsync(certificate);
        await using var clinic = await OpenAsync(config => config with
        {
            Notifications = new NotificationSettings { Smtp = new SmtpSettings { Host = "127.0.0.1", Port = server.PlainPort, Security = SmtpSecurity.None, From = "documents@clinic.example" }, LinkTemplate = "https://clinic.example/jobs/{id}" },
        });
        clinic.Engine.Start();

        var id = await clinic.CreateAsync(3, new BatchJobSettings { NotifyOnCompletion = true, NotificationEmail = "front.desk@clinic.example", OutputFormat = OutputFormat.Docx }, name: "Forms of Mrs Miller");
        await clinic.EndAsync(id);
        var email = (await server.NextAsync()).Read();

        Assert.Contains("3 of 3", email.Subject, StringComparison.Ordinal);
        Assert.Contains($"https://clinic.example/jobs/{id}", email.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("Miller", email.ToString(), StringComparison.Ordinal);
        await TestClinic.UntilAsync(() => clinic.Engine.Database.ReadAsync(null, db => db.Outbox.AllAsync(m => m.SentAt != null, Cancellation), Cancellation));
    }

    [Fact]
    public async Task The_audit_log_tells_what_was_done_and_finds_what_was_changed()
    {
        await using var clinic = await OpenAsync();
        clinic.Engine.Start();
        var id = await clinic.CreateAsync(2);
        await clinic.EndAsync(id);
        await clinic.ReadArchiveAsync(id);
        await clinic.Anna.DeleteJobAsync(id, Cancellation);
        await clinic.Engine.Audit.NoteHeadAsync(Cancellation);

        var entries = await clinic.Engine.Audit.ReadAsync(null, null, id.ToString(), 100, Cancellation);
        Assert.Equal(["job.create", "job.start", "job.completed", "job.download", "job.delete"], entries.Select(e => e.Note.Action).Reverse());
        Assert.Equal(["anna", "engine", "engine", "anna", "anna"], entries.Select(e => e.Note.Actor).Reverse());
        Assert.DoesNotContain(entries, e => e.Note.Detail.Contains("Patient", StringComparison.Ordinal) || e.Note.Detail.Contains("Letter", StringComparison.Ordinal));
        var intact = await clinic.Engine.Audit.VerifyAsync(Cancellation);
        Assert.Null(intact.FirstWrong);
        Assert.True(intact.Entries >= 7);

        // The program cannot change it; who owns the database can, and is found out.
        await Assert.ThrowsAsync<StorageException>(() => clinic.Engine.Database.WriteAsync(null, async db => (await db.Audit.ExecuteUpdateAsync(set => set.SetProperty(a => a.Actor, "x"), Cancellation), true), Cancellation));
        await Assert.ThrowsAsync<StorageException>(() => clinic.Engine.Database.WriteAsync(null, async db => (await db.Audit.ExecuteDeleteAsync(Cancellation), true), Cancellation));
        await AllowChangesAsync(clinic);
        await AsOwnerAsync(clinic, $"delete from audit_log where sequence > {intact.Entries - 2}");
        Assert.Equal(intact.Entries - 1, (await clinic.Engine.Audit.VerifyAsync(Cancellation)).FirstWrong);
        await AsOwnerAsync(clinic, "update audit_log set actor = 'somebody' where sequence = 3");
        Assert.Equal(3, (await clinic.Engine.Audit.VerifyAsync(Cancellation)).FirstWrong);
        await AsOwnerAsync(clinic, "delete from audit_log where sequence = 2");
        Assert.Equal(2, (await clinic.Engine.Audit.VerifyAsync(Cancellation)).FirstWrong);
    }

    [Fact]
    public async Task Files_without_a_job_are_removed_and_those_of_a_job_are_not()
    {
        await using var clinic = await OpenAsync();
        clinic.Engine.Start();
        var kept = await clinic.CreateAsync(2);
        await clinic.EndAsync(kept);
        var orphan = clinic.Engine.Files.ArchiveOf(Guid.NewGuid());
        Directory.CreateDirectory(Path.GetDirectoryName(orphan)!);
        await File.WriteAllTextAsync(orphan, "x", Cancellation);

        await clinic.Engine.Housekeeper.CleanAsync(Cancellation);

        Assert.False(File.Exists(orphan));
        Assert.Equal(4, (await clinic.ReadArchiveAsync(kept)).Count);
    }

    protected abstract Task AsOwnerAsync(BatchProcessingConfig config, string sql);

    protected abstract Task AllowChangesAsync(BatchProcessingConfig config);

    private Task AsOwnerAsync(TestClinic clinic, string sql) => AsOwnerAsync(clinic.Engine.Config, sql);

    private Task AllowChangesAsync(TestClinic clinic) => AllowChangesAsync(clinic.Engine.Config);

    private static Task<(int Jobs, int Requests)> CountAsync(TestClinic clinic)
        => clinic.Engine.Database.ReadAsync(null, async db => (await db.Jobs.CountAsync(Cancellation), await db.Requests.CountAsync(Cancellation)), Cancellation);
}

public sealed class SqliteStorageTests : StorageContract
{
    protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);

    protected override async Task AsOwnerAsync(BatchProcessingConfig config, string sql)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(config.DataFolder, "clinicflow.db")};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own statements.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    protected override Task AllowChangesAsync(BatchProcessingConfig config) => AsOwnerAsync(config, "drop trigger audit_log_no_update; drop trigger audit_log_no_delete");
}

public sealed class PostgresStorageTests(PostgresFixture postgres) : StorageContract
{
    [Fact]
    public async Task A_login_without_the_rights_is_told_so()
    {
        var database = await postgres.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(PostgresServer.SuperUserOf(database), $"alter role {new Npgsql.NpgsqlConnectionStringBuilder(database).Username} nocreaterole", TestContext.Current.CancellationToken);

        var refusal = await Assert.ThrowsAsync<StorageException>(() => TestClinic.OpenAsync(database, isStarted: false));

        Assert.Equal("database-no-permission", refusal.Code);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_so()
    {
        var refusal = await Assert.ThrowsAsync<StorageException>(() => TestClinic.OpenAsync("Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=5", isStarted: false));

        Assert.Equal(("database-unreachable", true), (refusal.Code, refusal.IsTransient));
    }

    protected override async Task<string?> NewDatabaseAsync() => await postgres.NewDatabaseAsync();

    protected override Task AsOwnerAsync(BatchProcessingConfig config, string sql) => PostgresServer.ExecuteAsync(config.ConnectionString!, sql, TestContext.Current.CancellationToken);

    protected override Task AllowChangesAsync(BatchProcessingConfig config) => AsOwnerAsync(config, "drop trigger audit_log_append_only on audit_log");
}
