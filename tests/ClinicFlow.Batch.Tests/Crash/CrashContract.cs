using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Xunit;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace ClinicFlow.Batch.Tests.Crash;

/// <summary>Hosts are killed at random moments; afterwards every document is there exactly once.</summary>
public abstract class CrashContract
{
    private const int Kills = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // As long as those of the hosts that are killed.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    protected abstract Task<string?> NewDatabaseAsync();

    [Fact]
    public async Task Hosts_that_are_killed_lose_nothing_and_make_nothing_twice()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        await using var crash = await CrashSite.OpenAsync(await NewDatabaseAsync());
        var docx = await crash.Clinic.CreateAsync(2_000);
        var both = await crash.Clinic.CreateAsync(2_000, new BatchJobSettings { OutputFormat = OutputFormat.Both, MaxRetries = 5, MaxConcurrentProcessing = 10 });
        var pdf = await crash.Clinic.CreateAsync(2_000, new BatchJobSettings { MaxRetries = 5 });
        var paused = await crash.Clinic.CreateAsync(2_000, new BatchJobSettings { MaxRetries = 5, MaxConcurrentProcessing = 2 });

        for (var kill = 0; kill < Kills; kill++)
        {
            using var host = crash.StartHost();
            await host.Ready.WaitAsync(Cancellation);

            // Something is asked of a job right before the host dies, so that the next one finds it asked.
            switch (kill % 4)
            {
                case 1:
                    await crash.Clinic.Anna.PauseJobAsync(paused, Cancellation);
                    break;
                case 3:
                    await crash.Clinic.Anna.ResumeJobAsync(paused, Cancellation);
                    break;
            }

            await Task.Delay(random.Next(20, 700), Cancellation);
            await host.KillAsync();

            // The next host takes the jobs as soon as it is there. One that waited for the lease of the one before would be killed in the first moments
            // of its work, again and again in the same ones, and then the documents that it had in hand are held to be at fault.
            await Task.Delay(Lease, Cancellation);
        }

        await crash.Clinic.Anna.ResumeJobAsync(paused, Cancellation);
        using var last = crash.StartHost();
        foreach (var id in new[] { docx, both, pdf, paused })
        {
            var job = await crash.EndAsync(id);
            var failed = (await crash.Clinic.Operator.GetRequestsAsync(id, RequestState.Failed, cancellation: Cancellation))!.Requests;
            Assert.Equal("", string.Join(", ", failed.Select(request => $"{request.Index} {request.ErrorCode} after {request.Attempts}")));
            Assert.Equal((JobStatus.Completed, 2_000, 0), (job.Status, job.Succeeded, job.Failed));
        }

        last.Signal("TERM");
        await last.ExitAsync(Cancellation);
        Assert.Equal(0, last.ExitCode);
        await crash.CheckAsync(docx, 2_000, ["docx"]);
        await crash.CheckAsync(both, 2_000, ["docx", "pdf"]);
        await crash.CheckAsync(pdf, 2_000, ["pdf"]);
        await crash.CheckAsync(paused, 2_000, ["pdf"]);
        await crash.CheckNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_cancelled_job_is_closed_by_the_next_host()
    {
        await using var crash = await CrashSite.OpenAsync(await NewDatabaseAsync());
        var id = await crash.Clinic.CreateAsync(2_000, new BatchJobSettings { MaxRetries = 5 });
        using (var host = crash.StartHost())
        {
            await TestClinic.UntilAsync(async () => (await crash.Clinic.Anna.GetBatchJobAsync(id, Cancellation))!.Succeeded > 50);
            await crash.Clinic.Anna.CancelJobAsync(id, Cancellation);
            await host.KillAsync();
        }

        using var next = crash.StartHost();
        var job = await crash.EndAsync(id);

        Assert.Equal(JobStatus.Cancelled, job.Status);
        await crash.CheckAsync(id, job.Succeeded, ["pdf"]);

        await crash.Clinic.Anna.RetryFailedRequestsAsync(id, cancellation: Cancellation);
        job = await crash.EndAsync(id);
        Assert.Equal((JobStatus.Completed, 2_000), (job.Status, job.Succeeded));
        await crash.CheckAsync(id, 2_000, ["pdf"]);
    }

    [Fact]
    public async Task Two_hosts_and_one_that_only_seemed_dead_make_nothing_twice()
    {
        await using var crash = await CrashSite.OpenAsync(await NewDatabaseAsync());
        var ids = new[] { await crash.Clinic.CreateAsync(3_000, new BatchJobSettings { MaxRetries = 5 }), await crash.Clinic.CreateAsync(3_000, new BatchJobSettings { MaxRetries = 5, OutputFormat = OutputFormat.Both }) };
        using var stalled = crash.StartHost();
        await TestClinic.UntilAsync(async () => (await crash.Clinic.Anna.GetBatchJobAsync(ids[0], Cancellation))!.Succeeded > 20);

        // Longer than its lease: the other host takes the jobs, where the archive's lock lets it once this one is gone.
        stalled.Signal("STOP");
        using var other = crash.StartHost();
        await Task.Delay(2_500, Cancellation);
        stalled.Signal("CONT");

        foreach (var id in ids)
        {
            Assert.Equal((JobStatus.Completed, 3_000), await crash.EndAsync(id) is var job ? (job.Status, job.Succeeded) : default);
        }

        other.Signal("TERM");
        stalled.Signal("TERM");
        await other.ExitAsync(Cancellation);
        await stalled.ExitAsync(Cancellation);
        await crash.CheckAsync(ids[0], 3_000, ["pdf"]);
        await crash.CheckAsync(ids[1], 3_000, ["docx", "pdf"]);
        await crash.CheckNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_host_killed_while_its_commit_waits_and_the_next_batch_is_on_the_disk_leaves_each_document_once()
    {
        await using var crash = await CrashSite.OpenAsync(await NewDatabaseAsync());
        var id = await crash.Clinic.CreateAsync(2_000, new BatchJobSettings { MaxRetries = 5, MaxConcurrentProcessing = 2 });
        using var host = crash.StartHost();
        await TestClinic.UntilAsync(async () => (await crash.Clinic.Anna.GetBatchJobAsync(id, Cancellation))!.Succeeded > 0);

        // The job's row is held, so its commit waits for the database, while the archive grows by what is flushed behind it.
        await crash.Clinic.Engine.Database.WriteAsync(
            null,
            async db =>
            {
                await db.Jobs.Where(j => j.Id == id).ExecuteUpdateAsync(set => set.SetProperty(j => j.UpdatedAt, j => j.UpdatedAt), Cancellation);
                var committed = await db.Jobs.Where(j => j.Id == id).Select(j => j.ArchiveFileLength).SingleAsync(Cancellation);
                var before = -1L;
                await TestClinic.UntilAsync(async () =>
                {
                    await Task.Delay(300, Cancellation);
                    var now = new FileInfo(crash.Clinic.Engine.Files.ArchiveOf(id)).Length;
                    var hasStopped = now == before && now > committed;
                    before = now;
                    return hasStopped;
                });
                await host.KillAsync();
                return (true, false);
            },
            Cancellation);

        using var last = crash.StartHost();
        var job = await crash.EndAsync(id);

        Assert.Equal((JobStatus.Completed, 2_000, 0), (job.Status, job.Succeeded, job.Failed));
        await crash.CheckAsync(id, 2_000, ["pdf"]);
    }

    [Fact]
    public async Task A_document_that_kills_its_host_fails_alone()
    {
        await using var crash = await CrashSite.OpenAsync(await NewDatabaseAsync());
        var id = await crash.Clinic.CreateAsync(1_000, new BatchJobSettings { MaxRetries = 5 });

        var deaths = 0;
        while (true)
        {
            using var host = crash.StartHost("row 777");
            var death = host.ExitAsync(Cancellation);
            var end = crash.EndAsync(id);
            if (await Task.WhenAny(death, end) == end)
            {
                await end;
                break;
            }

            deaths++;
            Assert.InRange(deaths, 1, 6);
        }

        var job = (await crash.Clinic.Anna.GetBatchJobAsync(id, Cancellation))!;
        Assert.Equal((JobStatus.Completed, 999, 1), (job.Status, job.Succeeded, job.Failed));
        var failed = Assert.Single((await crash.Clinic.Anna.GetRequestsAsync(id, RequestState.Failed, cancellation: Cancellation))!.Requests);
        Assert.Equal((776, "document-crashes-runner"), (failed.Index, failed.ErrorCode));
        Assert.InRange(deaths, 3, 5);
    }

    [Fact]
    public async Task A_full_disk_is_waited_for()
    {
        await using var disk = await SmallDisk.MountAsync(24);
        await using var crash = await CrashSite.OpenAsync(await NewDatabaseAsync(), disk.Folder);
        var ballast = Path.Combine(disk.Folder, "ballast");
        var id = await crash.Clinic.CreateAsync(2_000, new BatchJobSettings { OutputFormat = OutputFormat.Docx });
        await File.WriteAllBytesAsync(ballast, new byte[disk.FreeBytes - (200 << 10)], Cancellation);
        using var host = crash.StartHost();
        await host.Ready.WaitAsync(Cancellation);

        // It gets as far as the disk lets it, and stays there.
        var before = -1;
        await TestClinic.UntilAsync(async () =>
        {
            await Task.Delay(1_000, Cancellation);
            var now = (await crash.Clinic.Anna.GetBatchJobAsync(id, Cancellation))!.Succeeded;
            var isStuck = now == before;
            before = now;
            return isStuck;
        });
        Assert.InRange(before, 0, 1_999);
        Assert.False(host.HasExited);

        File.Delete(ballast);
        var job = await crash.EndAsync(id);

        Assert.Equal((JobStatus.Completed, 2_000, 0), (job.Status, job.Succeeded, job.Failed));
        await crash.CheckAsync(id, 2_000, ["docx"]);
    }

    /// <summary>What hosts are killed over.</summary>
    private sealed class CrashSite : IAsyncDisposable
    {
        private readonly string _folder;
        private readonly string? _connectionString;
        private readonly bool _ownsFolder;

        private CrashSite(TestClinic clinic, string folder, string? connectionString, bool ownsFolder) => (Clinic, _folder, _connectionString, _ownsFolder) = (clinic, folder, connectionString, ownsFolder);

        public TestClinic Clinic { get; }

        public static async Task<CrashSite> OpenAsync(string? connectionString, string? folder = null)
        {
            var ownsFolder = folder is null;
            folder ??= Directory.CreateTempSubdirectory("clinicflow-crash-").FullName;
            return new CrashSite(await TestClinic.OpenAsync(connectionString, folder: folder, isStarted: false), folder, connectionString, ownsFolder);
        }

        public Host StartHost(string? poison = null) => Host.Start(_folder, _connectionString, poison);

        public async Task<BatchJob> EndAsync(Guid id)
        {
            BatchJob? job = null;
            await TestClinic.UntilAsync(async () => JobTransitions.IsEnded((job = (await Clinic.Operator.GetBatchJobAsync(id, Cancellation))!).Status));
            return job!;
        }

        /// <summary>Looks at every document of a job.</summary>
        public async Task CheckAsync(Guid id, int documents, string[] endings)
        {
            using var output = (await Clinic.Anna.OpenArchiveAsync(id, Cancellation))!;
            var path = Path.Combine(_folder, $"{id:N}.zip");
            await using (var file = File.Create(path))
            {
                await output.Content.CopyToAsync(file, Cancellation);
            }

            using (var unzip = Process.Start(new ProcessStartInfo("unzip", ["-tqq", path]) { RedirectStandardOutput = true })!)
            {
                await unzip.WaitForExitAsync(Cancellation);
                Assert.Equal(0, unzip.ExitCode);
            }

            await using var zip = await ZipFile.OpenReadAsync(path, Cancellation);
            Assert.Equal((documents * endings.Length) + 2, zip.Entries.Count);
            Assert.Equal(zip.Entries.Count, zip.Entries.Select(e => e.FullName).Distinct().Count());
            var succeeded = new List<RequestRow>();
            for (int? from = 0; from is { } index;)
            {
                var page = (await Clinic.Anna.GetRequestsAsync(id, RequestState.Succeeded, index, 1_000, cancellation: Cancellation))!;
                succeeded.AddRange(page.Requests);
                from = page.NextIndex;
            }

            Assert.Equal(documents, succeeded.Count);
            foreach (var request in succeeded)
            {
                Assert.Equal(endings.Select(e => $"Letter {request.Index}.{e}"), request.Slices.Select(s => s.FileName));
                if (endings[0] == "docx")
                {
                    using var copy = new MemoryStream();
                    await using var content = await zip.GetEntry($"Letter {request.Index}.docx")!.OpenAsync(Cancellation);
                    await content.CopyToAsync(copy, Cancellation);
                    Assert.Equal($"Dear Patient {request.Index}", TestClinic.TextOf(copy.ToArray()));
                }
            }

            await using var manifest = await zip.GetEntry("manifest.json")!.OpenAsync(Cancellation);
            Assert.Equal(documents, (await JsonDocument.ParseAsync(manifest, cancellationToken: Cancellation)).RootElement.GetProperty("documents").EnumerateArray().Count(d => d.GetProperty("status").GetString() == "succeeded"));
        }

        public async Task CheckNothingIsLeftAsync()
        {
            var left = await Clinic.Engine.Database.ReadAsync(null, db => db.Jobs.CountAsync(j => j.Runner != null || j.LeaseUntil != null || j.Requested != null || j.Status == JobStatus.Processing, Cancellation), Cancellation);
            Assert.Equal(0, left);
            Assert.Equal(0, await Clinic.Engine.Database.ReadAsync(null, db => db.Queue.CountAsync(Cancellation), Cancellation));
            Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "outputs"), "*.part", SearchOption.AllDirectories));
        }

        public async ValueTask DisposeAsync()
        {
            await Clinic.DisposeAsync();
            if (_ownsFolder)
            {
                Directory.Delete(_folder, recursive: true);
            }
        }
    }
}

public sealed class SqliteCrashTests : CrashContract
{
    protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresCrashTests(PostgresFixture postgres) : CrashContract
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_outlives_a_crash_of_its_database()
    {
        await using var server = await PostgresServer.StartAsync(Cancellation);
        var database = await server.NewDatabaseAsync(Cancellation);
        await using var clinic = await TestClinic.OpenAsync(database, parts: new BatchEngineParts { Pdf = new FaultyPdf((_, _) => Task.Delay(2)) });
        var id = await clinic.CreateAsync(2_000, new BatchJobSettings());
        for (var crash = 0; crash < 3; crash++)
        {
            var goal = crash * 300;
            await TestClinic.UntilAsync(async () => (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!.Succeeded > goal);
            await server.KillAndRestartAsync(TimeSpan.FromMilliseconds(500), Cancellation);
        }

        BatchJob? job = null;
        await TestClinic.UntilAsync(async () => JobTransitions.IsEnded((job = (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!).Status));

        Assert.Equal((JobStatus.Completed, 2_000, 0, null), (job!.Status, job.Succeeded, job.Failed, job.ErrorCode));
        Assert.Equal(2_002, (await clinic.ReadArchiveAsync(id)).Count);
    }

    protected override async Task<string?> NewDatabaseAsync() => await postgres.NewDatabaseAsync();
}
