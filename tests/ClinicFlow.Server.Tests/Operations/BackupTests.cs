using System.IO.Compression;
using ClinicFlow.Batch;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Operations;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClinicFlow.Server.Tests.Operations;

public sealed class BackupTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_goes_on_from_a_backup_made_while_it_worked()
    {
        var root = Directory.CreateTempSubdirectory("clinicflow-backup-");
        try
        {
            var (data, copy) = (Path.Combine(root.FullName, "data"), Path.Combine(root.FullName, "copy"));
            Directory.CreateDirectory(data);
            string key;
            Guid done, running;
            var gate = new SemaphoreSlim(20);
            await using (var server = await StartAsync(data, new FaultyPdf((_, _) => gate.WaitAsync())))
            {
                using var anna = await TestUser.NewAsync(server, "anna");
                key = anna.Key;
                var template = await anna.AddTemplateAsync();
                done = (await anna.EndAsync((await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 5))).Id)).Id;
                running = (await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 40, new JobSettings { MaxConcurrentProcessing = 2 }))).Id;
                while ((await anna.GetAsync<Job>($"batch-jobs/{running}")).Progress.Succeeded < 20)
                {
                    await Task.Delay(20, Cancellation);
                }

                var summary = await Backup.RunAsync(new BatchProcessingConfig { DataFolder = data }, copy, Cancellation);
                Assert.True(summary.Files >= 4);
                gate.Release(20);
                await anna.EndAsync(running);
            }

            await using var restored = await StartAsync(copy, new FaultyPdf());
            using var http = new HttpClient { BaseAddress = new Uri(restored.Address, "/api/v1/") };
            http.DefaultRequestHeaders.Add("X-Api-Key", key);
            foreach (var (id, count) in new[] { (done, 5), (running, 40) })
            {
                Job job;
                do
                {
                    await Task.Delay(50, Cancellation);
                    job = System.Text.Json.JsonSerializer.Deserialize<Job>(await http.GetStringAsync($"batch-jobs/{id}", Cancellation), Wire.Json)!;
                }
                while (job.CompletedAt is null);
                Assert.Equal((JobStatus.Completed, count), (job.Status, job.Progress.Succeeded));
                await using var zip = new ZipArchive(new MemoryStream(await http.GetByteArrayAsync($"batch-jobs/{id}/archive", Cancellation)), ZipArchiveMode.Read);
                Assert.Equal(count + 2, zip.Entries.Count);
            }

            using var administrator = await TestUser.AdministratorAsync(restored);
            Assert.True((await administrator.PostAsync<AuditVerdict>("audit/verify")).IsIntact);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_server_on_PostgreSQL_goes_on_from_a_dump_and_the_backup_made_after_it()
    {
        var root = Directory.CreateTempSubdirectory("clinicflow-backup-");
        try
        {
            var connection = await postgres.NewDatabaseAsync();
            var (data, copy, dump) = (Directory.CreateDirectory(Path.Combine(root.FullName, "data")).FullName, Path.Combine(root.FullName, "copy"), Path.Combine(root.FullName, "clinicflow.dump"));
            string key;
            Guid done, running;
            var gate = new SemaphoreSlim(8);
            await using (var server = await TestServer.StartAsync(connection, dataFolder: data, configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf((_, _) => gate.WaitAsync()))))
            {
                using var anna = await TestUser.NewAsync(server, "anna");
                key = anna.Key;
                var template = await anna.AddTemplateAsync();
                done = (await anna.EndAsync((await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 5, new JobSettings { OutputFormat = OutputFormat.Docx }))).Id)).Id;
                running = (await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 20, new JobSettings { MaxConcurrentProcessing = 2 }))).Id;
                while ((await anna.GetAsync<Job>($"batch-jobs/{running}")).Progress.Succeeded < 6)
                {
                    await Task.Delay(20, Cancellation);
                }

                await PostgresTool("pg_dump", connection, "-Fc", "-f", dump);
                gate.Release(20);
                await Backup.RunAsync(new BatchProcessingConfig { DataFolder = data, ConnectionString = connection }, copy, Cancellation);
                await anna.EndAsync(running);
            }

            // As docs/operations.md says: the database anew under its old name, then the dump, then the folder.
            Npgsql.NpgsqlConnection.ClearAllPools();
            var name = new Npgsql.NpgsqlConnectionStringBuilder(connection).Database!;
            var super = new Npgsql.NpgsqlConnectionStringBuilder(PostgresServer.SuperUserOf(connection)) { Database = "postgres" }.ToString();
            await PostgresServer.ExecuteAsync(super, $"drop database {name} with (force)", Cancellation);
            await PostgresServer.ExecuteAsync(super, $"create database {name} owner {name}", Cancellation);
            await PostgresTool("pg_restore", connection, "--exit-on-error", "-d", name, dump);

            await using var restored = await TestServer.StartAsync(connection, dataFolder: copy, configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf()));
            using var http = new HttpClient { BaseAddress = new Uri(restored.Address, "/api/v1/") };
            http.DefaultRequestHeaders.Add("X-Api-Key", key);
            foreach (var (id, count) in new[] { (done, 5), (running, 20) })
            {
                Job job;
                do
                {
                    await Task.Delay(50, Cancellation);
                    job = System.Text.Json.JsonSerializer.Deserialize<Job>(await http.GetStringAsync($"batch-jobs/{id}", Cancellation), Wire.Json)!;
                }
                while (job.CompletedAt is null);
                Assert.Equal((JobStatus.Completed, count), (job.Status, job.Progress.Succeeded));
                await using var zip = new ZipArchive(new MemoryStream(await http.GetByteArrayAsync($"batch-jobs/{id}/archive", Cancellation)), ZipArchiveMode.Read);
                Assert.Equal(count + 2, zip.Entries.Count);
            }

            // Users are still kept apart by the database.
            using var bernd = await TestUser.NewAsync(restored, "bernd");
            await bernd.RefusedAsync(System.Net.HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{done}");
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_backup_is_whole_or_not_there()
    {
        var root = Directory.CreateTempSubdirectory("clinicflow-backup-");
        try
        {
            var data = Path.Combine(root.FullName, "data");
            var config = new BatchProcessingConfig { DataFolder = data };
            Assert.Equal("backup-no-data", (await Assert.ThrowsAsync<BackupException>(() => Backup.RunAsync(config, Path.Combine(root.FullName, "copy"), Cancellation))).Code);
            await using (await StartAsync(Directory.CreateDirectory(data).FullName, new FaultyPdf()))
            {
            }

            Assert.Equal("backup-inside", (await Assert.ThrowsAsync<BackupException>(() => Backup.RunAsync(config, Path.Combine(data, "copy"), Cancellation))).Code);
            await File.WriteAllTextAsync(Path.Combine(root.FullName, "taken"), "", Cancellation);
            Assert.Equal("backup-exists", (await Assert.ThrowsAsync<BackupException>(() => Backup.RunAsync(config, Path.Combine(root.FullName, "taken"), Cancellation))).Code);
            Assert.Equal("backup-failed", (await Assert.ThrowsAsync<BackupException>(() => Backup.RunAsync(config, Path.Combine(root.FullName, "taken", "copy"), Cancellation))).Code);
            Assert.Equal(["data", "taken"], root.GetFileSystemInfos().Select(file => file.Name).Order());
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    /// <summary>Runs a program of PostgreSQL as its superuser.</summary>
    private static async Task PostgresTool(string tool, string connection, params string[] arguments)
    {
        var login = new Npgsql.NpgsqlConnectionStringBuilder(connection);
        var program = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin", tool)).Where(File.Exists).OrderDescending(StringComparer.Ordinal).FirstOrDefault() ?? tool : tool;
        var start = new System.Diagnostics.ProcessStartInfo(program, ["-h", "127.0.0.1", "-p", login.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "-U", "postgres", .. arguments, .. tool == "pg_dump" ? [login.Database!] : Array.Empty<string>()]) { RedirectStandardError = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.True(process.ExitCode == 0, errors);
    }

    private static Task<TestServer> StartAsync(string folder, IPdfConverter pdf)
        => TestServer.StartAsync(dataFolder: folder, configure: builder => builder.Services.AddSingleton(pdf));
}
