using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Storage.Tables;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace ClinicFlow.Batch.Tests.Storage;

/// <summary>
/// What PostgreSQL itself keeps users from, whatever the application asks of it. Who the user is, it believes the
/// application: whoever can run SQL under the application's login can name any user, and sees that user's rows.
/// </summary>
public sealed class RowLevelSecurityTests(PostgresFixture postgres)
{
    private const string Denied = "42501";
    private const string History = "__EFMigrationsHistory";

    // What all users of a clinic share to read; and what users never read.
    private static readonly string[] Shared = ["document_templates", "document_template_versions"];
    private static readonly string[] Hidden = ["notification_outbox", "data_keys"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_table_has_it_and_a_new_one_must()
    {
        await using var rows = await RowsAsync();
        await using var super = await PostgresSession.OpenAsync(rows.SuperUser);

        var tables = await super.ListAsync<string>("select tablename::text from pg_tables where schemaname not in ('pg_catalog', 'information_schema')");
        var guarded = await super.ListAsync<string>("select c.relname::text from pg_class c where c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid)");

        Assert.Equal(12, tables.Count);
        Assert.Equal(tables.Where(t => t != History).Order(), guarded.Order());
        Assert.Empty(await super.ListAsync<string>($"select p from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p where has_table_privilege('{rows.Database}_app', '\"{History}\"', p)"));

        await super.ExecuteAsync("create table forgotten (id uuid primary key, created_by text)");
        Assert.Contains("forgotten", await super.ListAsync<string>("select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and not relrowsecurity"));
    }

    [Fact]
    public async Task Another_users_rows_are_neither_seen_nor_changed_nor_removed_nor_added()
    {
        await using var rows = await RowsAsync();
        await using var super = await PostgresSession.OpenAsync(rows.SuperUser);
        await using var bernd = await PostgresSession.OpenAsync(rows.App, "bernd");
        await using var anna = await PostgresSession.OpenAsync(rows.App, "anna");

        foreach (var table in await TablesAsync(super))
        {
            var (column, annas) = await OwnershipAsync(super, table, rows.Annas, "anna");
            Assert.True(await super.ReadAsync<long>($"select count(*) from {table} where {annas}") > 0, $"{table} has no row of Anna's, so it shows nothing.");

            if (Hidden.Contains(table))
            {
                Assert.Equal((table, Denied), (table, await bernd.RefusalOfAsync($"select * from {table}")));
                Assert.Equal((table, Denied), (table, await bernd.RefusalOfAsync($"update {table} set id = id")));
                Assert.Equal((table, Denied), (table, await bernd.RefusalOfAsync($"delete from {table}")));
            }
            else
            {
                var seen = await bernd.ReadAsync<long>($"select count(*) from {table} where {annas}");
                Assert.Equal((table, Shared.Contains(table)), (table, seen > 0));
                Assert.Equal((table, 0), (table, await bernd.ExecuteAsync($"update {table} set {column} = {column} where {annas}")));
                Assert.Equal((table, 0), (table, await bernd.ExecuteAsync($"delete from {table} where {annas}")));

                // Anna herself may, so it is not for another reason that Bernd may not.
                Assert.True(await anna.ExecuteAsync($"update {table} set {column} = {column} where {annas}") > 0, table);
            }

            Assert.Equal((table, Denied), (table, await bernd.RefusalOfAsync(await CopyAsync(super, table, annas, ""))));
        }
    }

    [Fact]
    public async Task Own_rows_cannot_be_given_to_somebody_else_nor_tied_to_somebody_elses()
    {
        await using var rows = await RowsAsync();
        await using var super = await PostgresSession.OpenAsync(rows.SuperUser);
        await using var bernd = await PostgresSession.OpenAsync(rows.App, "bernd");
        var annasTemplate = await super.ReadAsync<Guid>("select id from document_templates where created_by = 'anna'");

        foreach (var table in (await TablesAsync(super)).Where(t => !Hidden.Contains(t)))
        {
            var (_, bernds) = await OwnershipAsync(super, table, rows.Bernds, "bernd");
            var columns = await ColumnsAsync(super, table);
            if (columns.Contains("created_by") && table != "document_template_versions")
            {
                Assert.Equal((table, Denied), (table, await bernd.RefusalOfAsync($"update {table} set created_by = 'anna' where {bernds}")));
            }

            foreach (var (column, foreign) in new[] { ("job_id", rows.Annas), ("template_id", annasTemplate) }.Where(c => columns.Contains(c.Item1) && !(table == "batch_document_jobs" && c.Item1 == "template_id")))
            {
                Assert.Equal((table, Denied), (table, await bernd.RefusalOfAsync($"update {table} set {column} = '{foreign}' where {bernds}")));
                Assert.Equal((table, Denied), (table, await bernd.RefusalOfAsync(await CopyAsync(super, table, bernds, $"|| '{{\"{column}\": \"{foreign}\"}}'::jsonb"))));
            }
        }

        // A message about somebody else's job, and a key.
        Assert.Equal(Denied, await bernd.RefusalOfAsync(await CopyAsync(super, "notification_outbox", $"job_id = '{rows.Bernds}'", $"|| '{{\"job_id\": \"{rows.Annas}\"}}'::jsonb")));
        Assert.Equal(Denied, await bernd.RefusalOfAsync("insert into data_keys values ('k', 'x', now())"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Without_a_user_nothing_is_there(string? user)
    {
        await using var rows = await RowsAsync();
        await using var super = await PostgresSession.OpenAsync(rows.SuperUser);
        await using var nobody = await PostgresSession.OpenAsync(rows.App, user);

        foreach (var table in await TablesAsync(super))
        {
            if (!Hidden.Contains(table) && !Shared.Contains(table))
            {
                Assert.Equal((table, 0L), (table, await nobody.ReadAsync<long>($"select count(*) from {table}")));
            }

            if (!Hidden.Contains(table))
            {
                Assert.Equal((table, 0), (table, await nobody.ExecuteAsync($"delete from {table}")));
            }

            Assert.Equal((table, Denied), (table, await nobody.RefusalOfAsync(await CopyAsync(super, table, "true", ""))));
        }
    }

    [Fact]
    public async Task The_role_of_users_work_has_no_way_around_it()
    {
        await using var rows = await RowsAsync();
        await using var super = await PostgresSession.OpenAsync(rows.SuperUser);
        await using var bernd = await PostgresSession.OpenAsync(rows.App, "bernd");
        var app = $"{rows.Database}_app";

        Assert.True(await super.ReadAsync<bool>($"select not (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication or rolcanlogin) from pg_roles where rolname = '{app}'"));
        Assert.Equal(0, await super.ReadAsync<long>($"select count(*) from pg_auth_members where member = '{app}'::regrole"));
        Assert.Equal(0, await super.ReadAsync<long>($"select count(*) from pg_shdepend where refobjid = '{app}'::regrole and deptype = 'o'"));
        Assert.False(await super.ReadAsync<bool>($"select has_schema_privilege('{app}', 'public', 'create') or has_database_privilege('{app}', current_database(), 'create')"));
        foreach (var attempt in new[]
        {
            "alter table batch_document_jobs disable row level security",
            "alter table batch_document_jobs no force row level security",
            "drop policy app_own on batch_document_jobs",
            "create policy mine on batch_document_jobs using (true)",
            "truncate batch_document_jobs cascade",
            "create table mine (id int)",
            "create function mine() returns int language sql security definer as 'select 1'",
            $"set role {rows.Database}_engine",
            $"set role {rows.Database}",
            $"alter role {app} bypassrls",
            $"grant {rows.Database}_engine to {rows.Database}_web_app",
            "set session_replication_role = replica",
            "copy batch_document_jobs to program 'cat'",
            $"select * from \"{History}\"",
        })
        {
            Assert.Equal((attempt, Denied), (attempt, await bernd.RefusalOfAsync(attempt)));
        }

        // Switched off, the policies do not give way: the statement is refused.
        await bernd.ExecuteAsync("set row_security = off");
        Assert.Equal(Denied, await bernd.RefusalOfAsync("select * from batch_document_jobs"));
    }

    [Fact]
    public async Task The_queue_of_all_is_seen_as_figures_only()
    {
        await using var rows = await RowsAsync();
        await using var super = await PostgresSession.OpenAsync(rows.SuperUser);
        await using var bernd = await PostgresSession.OpenAsync(rows.App, "bernd");

        Assert.Equal(1L, await bernd.ReadAsync<long>("select count(*) from batch_job_queue"));
        Assert.Equal("2,3,0", await bernd.ReadAsync<string>("select concat_ws(',', queue_size, next_sequence, first_turn) from clinicflow_queue_tail(1, 'bernd')"));
        Assert.All(await super.ListAsync<string>("select format_type(t, null) from pg_proc, unnest(proallargtypes[3:]) t where proname = 'clinicflow_queue_tail'"), type => Assert.Contains(type, (string[])["integer", "bigint"]));

        // It is the only one that runs with more than its caller's rights, and objects of the caller do not get in its way.
        Assert.Equal(["clinicflow_audit_tail", "clinicflow_queue_tail"], (await super.ListAsync<string>("select proname::text from pg_proc where prosecdef and pronamespace = 'public'::regnamespace")).Order(StringComparer.Ordinal));
        await bernd.ExecuteAsync("create temporary table batch_job_queue (rank integer, turn bigint, sequence bigint, created_by text)");
        Assert.Equal(2, await bernd.ReadAsync<int>("select queue_size from clinicflow_queue_tail(1, 'bernd')"));
    }

    [Fact]
    public async Task It_holds_where_the_application_forgets_its_own_filter()
    {
        await using var rows = await RowsAsync();
        var database = rows.Clinic.Engine.Database;

        var seen = await database.ReadAsync(
            "bernd",
            async db => ((Guid[])[
                .. await db.Jobs.Select(j => j.Id).ToListAsync(Cancellation), .. await db.Requests.Select(r => r.JobId).ToListAsync(Cancellation),
                .. await db.Queue.Select(q => q.JobId).ToListAsync(Cancellation), .. await db.Results.Select(r => r.JobId).ToListAsync(Cancellation),
                .. await db.FailedRequests.Select(f => f.JobId).ToListAsync(Cancellation)]).ToLookup(id => id),
            Cancellation);
        var changed = await database.WriteAsync("bernd", async db => (await db.Jobs.ExecuteUpdateAsync(set => set.SetProperty(j => j.Name, "Mine"), Cancellation), true), Cancellation);
        var deleted = await database.WriteAsync("bernd", async db => (await db.Requests.ExecuteDeleteAsync(Cancellation), true), Cancellation);

        Assert.Equal((rows.Bernds, 7), (Assert.Single(seen).Key, seen.Single().Count()));
        Assert.Equal((1, 3), (changed, deleted));
        Assert.Equal("Letters", (await rows.Clinic.Anna.GetBatchJobAsync(rows.Annas, Cancellation))!.Name);
        Assert.Equal(3, (await rows.Clinic.Anna.GetRequestsAsync(rows.Annas, cancellation: Cancellation))!.Requests.Count);
    }

    [Fact]
    public async Task A_users_name_is_forgotten_with_the_transaction_that_named_it()
    {
        await using var rows = await RowsAsync();

        for (var i = 0; i < 20; i++)
        {
            // More than the pool has connections, so that each is used by both.
            Assert.Equal(1, await rows.Clinic.Engine.Database.ReadAsync(i % 2 == 0 ? "anna" : "bernd", db => db.Jobs.CountAsync(Cancellation), Cancellation));
            Assert.Equal(0, await rows.Clinic.Engine.Database.ReadAsync("carla", db => db.Jobs.CountAsync(Cancellation), Cancellation));
        }
    }

    /// <summary>A database with a waiting job of Anna's and one of Bernd's, and a row of each in every table.</summary>
    private async Task<Rows> RowsAsync()
    {
        var connectionString = await postgres.NewDatabaseAsync();
        var clinic = await TestClinic.OpenAsync(connectionString, isStarted: false);
        await clinic.Engine.TemplatesFor(new BatchUser("bernd")).AddAndPublishAsync("Other", TestClinic.Template("Hello {{patientName}}"), cancellation: Cancellation);
        var ids = new[] { await clinic.CreateAsync(3), await clinic.CreateAsync(3, service: clinic.Bernd) };
        await clinic.Engine.Database.WriteAsync(
            null,
            async db =>
            {
                var now = TimeProvider.System.GetUtcNow();
                foreach (var id in ids)
                {
                    db.Results.Add(new ResultEntity { Id = Guid.NewGuid(), JobId = id, ResultData = "{}", OutputFiles = "[]", CreatedAt = now });
                    db.FailedRequests.Add(new FailedRequestEntity { Id = Guid.NewGuid(), JobId = id, RequestId = "r1", DocumentName = "x", ErrorCode = "x", ErrorMessage = "", LastAttemptAt = now, CreatedAt = now });
                    db.Outbox.Add(new OutboxEntity { Id = Guid.NewGuid(), JobId = id, Kind = "email", Destination = "a@clinic.example", Payload = "{}", DueAt = now, CreatedAt = now });
                }

                await db.SaveChangesAsync(Cancellation);
                return (true, true);
            },
            Cancellation);
        return new Rows(clinic, PostgresServer.SuperUserOf(connectionString), await PostgresSession.AddAppLoginAsync(connectionString), new NpgsqlConnectionStringBuilder(connectionString).Database!, ids[0], ids[1]);
    }

    /// <summary>The tables, but for the audit log, which nobody reads or changes: it has its own lines in <see cref="RowLevelSecurityOfEngineTests"/>.</summary>
    private static async Task<List<string>> TablesAsync(PostgresSession super) => await super.ListAsync<string>($"select tablename::text from pg_tables where schemaname = 'public' and tablename not in ('{History}', 'audit_log')");

    private static Task<List<string>> ColumnsAsync(PostgresSession super, string table) => super.ListAsync<string>($"select column_name::text from information_schema.columns where table_schema = 'public' and table_name = '{table}'");

    /// <summary>How a row of a table is told to be somebody's.</summary>
    private static async Task<(string Column, string Condition)> OwnershipAsync(PostgresSession super, string table, Guid job, string user)
    {
        var columns = await ColumnsAsync(super, table);
        return columns.Contains("created_by") ? ("created_by", $"created_by = '{user}'")
            : columns.Contains("job_id") ? ("job_id", $"job_id = '{job}'")
            : ("id", "true");
    }

    /// <summary>A statement that adds a copy of a row, under an id of its own.</summary>
    private static async Task<string> CopyAsync(PostgresSession super, string table, string condition, string change)
    {
        var key = (await ColumnsAsync(super, table)).Contains("id") ? "jsonb_build_object('id', gen_random_uuid())" : "'{\"request_index\": 77, \"request_id\": \"r78\"}'::jsonb";
        var row = await super.ReadAsync<string>($"select (to_jsonb(t) || {key} {change})::text from {table} t where {condition} limit 1");
        return $"insert into {table} select * from jsonb_populate_record(null::{table}, '{row.Replace("'", "''", StringComparison.Ordinal)}'::jsonb)";
    }

    private sealed record Rows(TestClinic Clinic, string SuperUser, string App, string Database, Guid Annas, Guid Bernds) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Clinic.DisposeAsync();
    }
}

/// <summary>Users' work under a login of its own, from end to end.</summary>
public sealed class AppLoginTests(PostgresFixture postgres)
{
    // Another folder would be another key.
    private static readonly string Key = Convert.ToBase64String(new byte[32]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_a_user_does_works_under_a_login_of_its_own()
    {
        var owner = await postgres.NewDatabaseAsync();

        // The roles are made by the first migration, so the login joins after the program was started once.
        await (await TestClinic.OpenAsync(owner, config => config with { EncryptionKey = Key }, isStarted: false)).DisposeAsync();
        var app = await PostgresSession.AddAppLoginAsync(owner);
        await using var clinic = await TestClinic.OpenAsync(owner, config => config with { EncryptionKey = Key, AppConnectionString = app });

        var id = await clinic.Anna.CreateBatchJobAsync("Mixed", clinic.TemplateId, TestClinic.Requests(4_500).Select((r, i) => i == 7 ? r with { MergeData = [] } : r), new BatchJobSettings { OutputFormat = OutputFormat.Docx }, cancellation: Cancellation);
        var job = await clinic.EndAsync(id);
        Assert.Equal((JobStatus.Completed, 4_499, 1), (job.Status, job.Succeeded, job.Failed));

        Assert.IsType<ControlOutcome.Accepted>(await clinic.Anna.RetryFailedRequestsAsync(id, correctedData: new Dictionary<string, System.Text.Json.Nodes.JsonObject> { ["r8"] = new() { ["patientName"] = "Corrected" } }, cancellation: Cancellation));
        Assert.Equal((JobStatus.Completed, 4_500), ((await clinic.EndAsync(id)).Status, (await clinic.EndAsync(id)).Succeeded));
        Assert.Equal("Dear Corrected", (await clinic.ReadArchiveAsync(id))["Letter 7.docx"]);
        Assert.Null(await clinic.Bernd.GetBatchJobAsync(id, Cancellation));
        Assert.Single((await clinic.Anna.GetBatchJobsAsync(cancellation: Cancellation)).Jobs);
        Assert.IsType<ControlOutcome.Accepted>(await clinic.Anna.DeleteJobAsync(id, Cancellation));
        Assert.Empty((await clinic.Operator.GetBatchJobsAsync(cancellation: Cancellation)).Jobs);
    }

    [Fact]
    public async Task A_login_that_is_not_a_member_is_refused_with_what_to_do()
    {
        var owner = await postgres.NewDatabaseAsync();
        await (await TestClinic.OpenAsync(owner, config => config with { EncryptionKey = Key }, isStarted: false)).DisposeAsync();
        var database = new NpgsqlConnectionStringBuilder(owner).Database!;
        await PostgresServer.ExecuteAsync(PostgresServer.SuperUserOf(owner), $"create role {database}_stranger login", Cancellation);
        await using var clinic = await TestClinic.OpenAsync(owner, config => config with { EncryptionKey = Key, AppConnectionString = new NpgsqlConnectionStringBuilder(owner) { Username = $"{database}_stranger" }.ToString() }, isStarted: false);

        var e = await Assert.ThrowsAsync<Batch.Storage.StorageException>(() => clinic.Anna.GetBatchJobsAsync(cancellation: Cancellation));

        Assert.Equal(("database-no-permission", false), (e.Code, e.IsTransient));
    }
}
