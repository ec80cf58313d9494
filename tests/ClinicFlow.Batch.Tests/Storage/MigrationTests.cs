using System.Diagnostics;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Batch.Tests.Delivery;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace ClinicFlow.Batch.Tests.Storage;

/// <summary>How a database comes to its tables, whoever else wants that at the same time.</summary>
public abstract class MigrationContract : OnBothDatabases
{
    [Fact]
    public async Task A_new_database_has_the_tables_of_the_specification()
    {
        await using var clinic = await OpenAsync(isStarted: false);

        // Requests are rows of their own here: batch_document_requests stands for batch_document_jobs.requests.
        foreach (var (table, columns) in new Dictionary<string, string>
        {
            ["batch_document_jobs"] = "id name description template_id priority status progress settings error_message created_by created_at started_at completed_at updated_at",
            ["batch_document_requests"] = "job_id request_id document_name patient_id state",
            ["batch_request_data"] = "job_id request_index merge_data",
            ["batch_job_queue"] = "id job_id priority queued_at estimated_start_time created_at",
            ["batch_job_results"] = "id job_id result_data output_files created_at",
            ["failed_document_requests"] = "id job_id request_id document_name error_message retry_count last_attempt_at created_at",
        })
        {
            var actual = await ReadAsync(clinic, db => ColumnsAsync(db, table));

            Assert.Empty(columns.Split(' ').Except(actual).Select(missing => $"{table}.{missing}"));
        }
    }

    [Fact]
    public async Task The_migrations_make_what_the_program_expects()
    {
        await using var clinic = await OpenAsync(isStarted: false);

        Assert.False(await ReadAsync(clinic, db => Task.FromResult(db.Database.HasPendingModelChanges())));
        Assert.Equal(await ReadAsync(clinic, db => Task.FromResult(db.Database.GetMigrations().Count())), await CountMigrationsAsync(clinic));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Hosts_that_start_together_on_a_new_database_all_start(int hosts)
    {
        var database = await NewDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("clinicflow-migrate-").FullName;
        try
        {
            var config = new BatchProcessingConfig { DataFolder = folder, ConnectionString = database };
            var engines = await Task.WhenAll(Enumerable.Range(0, hosts).Select(_ => Task.Run(() => BatchEngine.OpenAsync(config, cancellation: Cancellation), Cancellation)));

            Assert.Single(engines.Select(engine => engine.Keys.CurrentKeyId).Distinct());
            Assert.Equal(1, await engines[0].Database.ReadAsync(null, db => db.DataKeys.CountAsync(Cancellation), Cancellation));
            foreach (var engine in engines)
            {
                Assert.Empty((await engine.ServiceFor(new BatchUser("anna")).GetBatchJobsAsync(cancellation: Cancellation)).Jobs);
                await engine.DisposeAsync();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_database_that_a_newer_program_changed_is_refused_and_left_alone()
    {
        var database = await NewDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("clinicflow-newer-").FullName;
        try
        {
            await using (var clinic = await TestClinic.OpenAsync(database, folder: folder, isStarted: false))
            {
                await ExecuteAsOwnerAsync(clinic, """insert into "__EFMigrationsHistory" ("MigrationId", "ProductVersion") values ('29990101000000_Later', '99.0.0')""");
            }

            var e = await Assert.ThrowsAsync<StorageException>(() => TestClinic.OpenAsync(database, folder: folder));

            Assert.Equal(("database-too-new", false), (e.Code, e.IsTransient));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private protected abstract Task<List<string>> ColumnsAsync(BatchDb db, string table);

    private protected abstract Task<int> CountMigrationsAsync(TestClinic clinic);
}

public sealed class SqliteMigrationTests : MigrationContract
{
    /// <summary>Stands for another program's migration: has the lock and half of a transaction.</summary>
    private const string HalfWay = """
        import fcntl, sqlite3, sys, time
        lock = open(sys.argv[1] + ".lock", "w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        database = sqlite3.connect(sys.argv[1], isolation_level=None)
        database.execute("pragma journal_mode = wal")
        database.execute("begin immediate")
        database.execute("create table batch_document_jobs (half integer)")
        print("there", flush=True)
        time.sleep(600)
        """;

    [Fact]
    public async Task A_program_killed_in_the_middle_of_a_migration_locks_nobody_out()
    {
        var folder = Directory.CreateTempSubdirectory("clinicflow-killed-").FullName;
        try
        {
            var start = new ProcessStartInfo(File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3", ["-c", HalfWay, Path.Combine(folder, "clinicflow.db")]) { RedirectStandardOutput = true };
            using var other = Process.Start(start)!;
            Assert.Equal("there", await other.StandardOutput.ReadLineAsync(Cancellation));

            var opening = TestClinic.OpenAsync(null, folder: folder, isStarted: false);
            Assert.NotSame(opening, await Task.WhenAny(opening, Task.Delay(500, Cancellation)));
            other.Kill();
            await using var clinic = await opening;

            Assert.Equal(1, await CountMigrationsAsync(clinic));
            Assert.Contains("settings", await ReadAsync(clinic, db => ColumnsAsync(db, "batch_document_jobs")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_file_that_may_not_be_written_is_refused_with_what_to_do()
    {
        var folder = Directory.CreateTempSubdirectory("clinicflow-denied-").FullName;
        try
        {
            // A folder in its place cannot be opened by anybody, not even by root.
            Directory.CreateDirectory(Path.Combine(folder, "clinicflow.db.lock"));

            var e = await Assert.ThrowsAsync<StorageException>(() => TestClinic.OpenAsync(null, folder: folder));

            Assert.Equal(("database-no-permission", false), (e.Code, e.IsTransient));
            Assert.DoesNotContain(folder, e.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        var folder = Directory.CreateTempSubdirectory("clinicflow-nodb-").FullName;
        try
        {
            var path = Path.Combine(folder, "clinicflow.db");
            var content = Enumerable.Repeat((byte)'x', 5_000).ToArray();
            await File.WriteAllBytesAsync(path, content, Cancellation);

            var e = await Assert.ThrowsAsync<StorageException>(() => TestClinic.OpenAsync(null, folder: folder));

            Assert.Equal(("database-damaged", false), (e.Code, e.IsTransient));
            Assert.Equal(content, await File.ReadAllBytesAsync(path, Cancellation));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);

    private protected override Task<List<string>> ColumnsAsync(BatchDb db, string table) => db.Database.SqlQuery<string>($"select name as Value from pragma_table_info({table})").ToListAsync(Cancellation);

    private protected override Task<int> CountMigrationsAsync(TestClinic clinic) => ReadAsync(clinic, async db => (await db.Database.GetAppliedMigrationsAsync(Cancellation)).Count());
}

public sealed class PostgresMigrationTests(PostgresFixture postgres) : MigrationContract
{
    private const long MigrationLock = 0x436C_6E46_4D69_6772;

    [Fact]
    public async Task A_program_killed_in_the_middle_of_a_migration_locks_nobody_out()
    {
        var database = (await NewDatabaseAsync())!;
        await using var super = await PostgresSession.OpenAsync(PostgresServer.SuperUserOf(database));
        await using var other = await PostgresSession.OpenAsync(database);
        await other.ReadAsync<object>($"select pg_advisory_lock({MigrationLock})");
        await other.ExecuteAsync("begin; create table batch_document_jobs (half integer)");
        var pid = await other.ReadAsync<int>("select pg_backend_pid()");

        var opening = TestClinic.OpenAsync(database, isStarted: false);
        Assert.NotSame(opening, await Task.WhenAny(opening, Task.Delay(500, Cancellation)));
        await super.ReadAsync<bool>($"select pg_terminate_backend({pid})");
        await using var clinic = await opening;

        Assert.Equal(1, await CountMigrationsAsync(clinic));
        Assert.Contains("settings", await ReadAsync(clinic, db => ColumnsAsync(db, "batch_document_jobs")));
        Assert.Equal(0L, await super.ReadAsync<long>("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())"));
    }

    [Fact]
    public async Task A_login_that_may_not_make_roles_is_refused_with_what_to_do_and_leaves_nothing()
    {
        var database = (await NewDatabaseAsync())!;
        await using var super = await PostgresSession.OpenAsync(PostgresServer.SuperUserOf(database));
        var name = new NpgsqlConnectionStringBuilder(database).Username;
        await super.ExecuteAsync($"alter role {name} nocreaterole");

        var e = await Assert.ThrowsAsync<StorageException>(() => TestClinic.OpenAsync(database));

        Assert.Equal(("database-no-permission", false), (e.Code, e.IsTransient));
        Assert.Contains("CREATEROLE", e.Message, StringComparison.Ordinal);
        Assert.False(await super.ReadAsync<bool>("select exists (select from pg_tables where tablename like 'batch_%')"));

        // The administrator helps, and it goes on as if nothing had been.
        await super.ExecuteAsync($"alter role {name} createrole");
        await (await TestClinic.OpenAsync(database, isStarted: false)).DisposeAsync();
    }

    [Fact]
    public async Task A_login_that_there_is_not_is_refused_with_what_to_do()
    {
        var database = new NpgsqlConnectionStringBuilder(await NewDatabaseAsync()) { Username = "nobody_at_all" }.ToString();

        var e = await Assert.ThrowsAsync<StorageException>(() => TestClinic.OpenAsync(database));

        Assert.Equal(("database-no-permission", false), (e.Code, e.IsTransient));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_may_do_so_later()
    {
        var database = new NpgsqlConnectionStringBuilder(await NewDatabaseAsync()) { Port = SmtpServer.FindFreePort() }.ToString();

        var e = await Assert.ThrowsAsync<StorageException>(() => TestClinic.OpenAsync(database));

        Assert.Equal(("database-unreachable", true), (e.Code, e.IsTransient));
        Assert.DoesNotContain("127.0.0.1", e.Message, StringComparison.Ordinal);
    }

    protected override async Task<string?> NewDatabaseAsync() => await postgres.NewDatabaseAsync();

    private protected override Task<List<string>> ColumnsAsync(BatchDb db, string table) => db.Database.SqlQuery<string>($"select column_name::text as \"Value\" from information_schema.columns where table_name = {table}").ToListAsync(Cancellation);

    private protected override async Task<int> CountMigrationsAsync(TestClinic clinic)
    {
        await using var super = await PostgresSession.OpenAsync(PostgresServer.SuperUserOf(clinic.Engine.Config.ConnectionString!));
        return (int)await super.ReadAsync<long>("select count(*) from \"__EFMigrationsHistory\"");
    }
}
