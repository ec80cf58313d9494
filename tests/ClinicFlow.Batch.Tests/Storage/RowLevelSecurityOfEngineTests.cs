using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Storage.Postgres;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using Npgsql;
using Xunit;

namespace ClinicFlow.Batch.Tests.Storage;

/// <summary>Plain SQL under the application's role: another user's rows cannot be seen or changed, whatever the program forgets.</summary>
public sealed class RowLevelSecurityOfEngineTests(PostgresFixture postgres)
{
    private static readonly string[] Owned = ["batch_document_jobs", "batch_document_requests", "batch_request_data", "batch_job_queue", "batch_job_results", "failed_document_requests"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_users_rows_cannot_be_seen_changed_or_deleted()
    {
        await using var clinic = await TestClinic.OpenAsync(await postgres.NewDatabaseAsync());
        var login = await AppLoginAsync(clinic);
        await clinic.EndAsync(await clinic.Anna.CreateBatchJobAsync("Bad", clinic.TemplateId, TestClinic.Requests(3).Select((r, i) => i == 0 ? r with { MergeData = [] } : r), new BatchJobSettings { OutputFormat = OutputFormat.Docx }, cancellation: Cancellation));
        await clinic.Engine.StopAsync();
        await clinic.CreateAsync(2);

        foreach (var table in Owned)
        {
            Assert.True((long)(await ScalarAsync(login, "anna", $"select count(*) from {table}"))! > 0, table);
            foreach (var user in new[] { "bernd", "", null })
            {
                Assert.Equal(0L, await ScalarAsync(login, user, $"select count(*) from {table}"));
                Assert.Equal(0, await ExecuteAsync(login, user, table == "batch_document_jobs" ? "update batch_document_jobs set name = 'x'" : $"update {table} set job_id = job_id"));
                Assert.Equal(0, await ExecuteAsync(login, user, $"delete from {table}"));
            }
        }

        // Nor can anything be given to another user, or be put into another user's job.
        var job = (Guid)(await ScalarAsync(login, "anna", "select id from batch_document_jobs limit 1"))!;
        await RefusedAsync(login, "anna", "update batch_document_jobs set created_by = 'bernd'");
        await RefusedAsync(login, "bernd", $"insert into batch_document_requests (job_id, request_index, request_id, document_name, state, attempts, failures, crashes) values ('{job}', 99, 'x', 'x', 'pending', 0, 0, 0)");
        await RefusedAsync(login, "bernd", $"insert into batch_request_data (job_id, request_index, merge_data) values ('{job}', 99, '')");
        await RefusedAsync(login, "bernd", $"insert into audit_log (sequence, at, actor, origin, action, subject, outcome, detail, hash) values (99, now(), 'anna', '', '', '', '', '', '')");
    }

    [Fact]
    public async Task Every_table_has_row_level_security()
    {
        await using var clinic = await TestClinic.OpenAsync(await postgres.NewDatabaseAsync(), isStarted: false);

        var without = await ScalarAsync(clinic.Engine.Config.ConnectionString!, null, "select coalesce(string_agg(relname, ','), '') from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and not relrowsecurity and relname <> '__EFMigrationsHistory'");

        Assert.Equal("", without);
    }

    [Fact]
    public async Task The_applications_role_owns_nothing_and_may_nothing_more()
    {
        await using var clinic = await TestClinic.OpenAsync(await postgres.NewDatabaseAsync(), isStarted: false);
        var login = await AppLoginAsync(clinic);
        var role = RowLevelSecurity.AppRole(new NpgsqlConnectionStringBuilder(clinic.Engine.Config.ConnectionString).Database!);

        Assert.Equal(0L, await ScalarAsync(login, null, $"select count(*) from pg_class where relowner = '{role}'::regrole or relowner = current_user::regrole"));
        Assert.Equal(0L, await ScalarAsync(login, null, $"select count(*) from pg_roles where rolname in ('{role}', current_user) and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)"));
        foreach (var statement in new[]
        {
            "select * from data_keys", "select * from notification_outbox", "select * from audit_log", "delete from audit_log", "update audit_log set actor = 'x'", "truncate audit_log",
            "alter table batch_document_jobs disable row level security", "create table mine (id integer)", "drop policy app_own on batch_document_jobs", "set session authorization postgres",
        })
        {
            await RefusedAsync(login, "anna", statement);
        }
    }

    [Fact]
    public async Task The_filter_left_out_changes_nothing()
    {
        await using var clinic = await TestClinic.OpenAsync(await postgres.NewDatabaseAsync(), isStarted: false);
        await clinic.CreateAsync(2);

        Assert.Equal(1, await clinic.Engine.Database.ReadAsync("anna", db => Task.FromResult(db.Jobs.Count()), Cancellation));
        Assert.Equal(0, await clinic.Engine.Database.ReadAsync("bernd", db => Task.FromResult(db.Jobs.Count() + db.Requests.Count() + db.RequestData.Count() + db.Queue.Count()), Cancellation));
    }

    [Fact]
    public async Task A_login_of_its_own_for_users_work_is_enough()
    {
        var database = await postgres.NewDatabaseAsync();
        string app;
        var key = Convert.ToBase64String(new byte[32]);
        await using (var first = await TestClinic.OpenAsync(database, config => config with { EncryptionKey = key }, isStarted: false))
        {
            app = await AppLoginAsync(first);
        }

        await using var clinic = await TestClinic.OpenAsync(database, config => config with { AppConnectionString = app, EncryptionKey = key });
        var job = await clinic.EndAsync(await clinic.CreateAsync(3_000));

        Assert.Equal((JobStatus.Completed, 3_000), (job.Status, job.Succeeded));
        Assert.Null(await clinic.Bernd.GetBatchJobAsync(job.Id, Cancellation));
    }

    /// <summary>A login that is a member of the application's role and of nothing else.</summary>
    private static async Task<string> AppLoginAsync(TestClinic clinic)
    {
        var owner = new NpgsqlConnectionStringBuilder(clinic.Engine.Config.ConnectionString);
        var name = owner.Database + "_login";
        await PostgresServer.ExecuteAsync(PostgresServer.SuperUserOf(owner.ToString()), $"create role {name} login in role {RowLevelSecurity.AppRole(owner.Database!)}", Cancellation);
        return new NpgsqlConnectionStringBuilder(owner.ToString()) { Username = name }.ToString();
    }

    private static async Task<object?> ScalarAsync(string login, string? user, string sql)
    {
        await using var connection = await OpenAsync(login, user);
#pragma warning disable CA2100 // The test's own statements.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private static async Task<int> ExecuteAsync(string login, string? user, string sql)
    {
        await using var connection = await OpenAsync(login, user);
#pragma warning disable CA2100 // The test's own statements.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task RefusedAsync(string login, string user, string sql)
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(login, user, sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string login, string? user)
    {
        var connection = new NpgsqlConnection(login + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        if (user is not null)
        {
            await using var command = new NpgsqlCommand("select set_config('clinicflow.user_id', $1, false)", connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = user });
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        return connection;
    }
}
