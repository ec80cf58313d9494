using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Tests.Delivery;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Batch.Tests.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace ClinicFlow.Batch.Tests.Retention;

/// <summary>What is removed when its time has come, and what never is.</summary>
public abstract class RetentionContract : OnBothDatabases
{
    [Fact]
    public async Task Data_and_outputs_go_when_their_time_is_over_and_not_before()
    {
        var clock = new ManualClock();
        await using var clinic = await OpenAsync(config => config with { CleanupCompletedJobsAfterDays = 30 }, new BatchEngineParts { Time = clock, Pdf = new FaultyPdf() });
        var id = await clinic.CreateAsync(5, new BatchJobSettings());
        await clinic.EndAsync(id);
        (await clinic.Anna.OpenMergedPdfAsync(id, Cancellation))!.Dispose();
        Assert.Equal(3, FilesOf(clinic, id).Length);

        clock.Advance(TimeSpan.FromDays(29.9));
        var young = await clinic.CreateAsync(2, new BatchJobSettings());
        await clinic.EndAsync(young);
        await clinic.Engine.Housekeeper.CleanAsync(Cancellation);
        Assert.Equal(3, FilesOf(clinic, id).Length);

        clock.Advance(TimeSpan.FromDays(0.2));
        await clinic.Engine.Housekeeper.CleanAsync(Cancellation);

        Assert.NotNull((await clinic.Anna.GetBatchJobAsync(id, Cancellation))!.PurgedAt);
        Assert.Null((await clinic.Anna.GetBatchJobAsync(young, Cancellation))!.PurgedAt);
        Assert.Empty(FilesOf(clinic, id));
        Assert.Single(FilesOf(clinic, young));
        Assert.Equal([young], await ReadAsync(clinic, db => db.RequestData.Select(d => d.JobId).Distinct().ToListAsync(Cancellation)));
        Assert.Null(await clinic.Anna.OpenArchiveAsync(id, Cancellation));
        Assert.Null(await clinic.Anna.OpenDocumentAsync(id, "r1", cancellation: Cancellation));
        Assert.Null(await clinic.Anna.OpenMergedPdfAsync(id, Cancellation));
        Assert.Equal("[]", await ReadAsync(clinic, db => db.Results.Where(r => r.JobId == id).Select(r => r.OutputFiles).SingleAsync(Cancellation)));
        Assert.Equal(7, await ReadAsync(clinic, db => db.Requests.CountAsync(Cancellation)));
        Assert.Equal(0, await clinic.Engine.Housekeeper.CleanAsync(Cancellation));
    }

    [Fact]
    public async Task Files_without_a_job_are_removed_and_other_files_left_alone()
    {
        await using var clinic = await OpenAsync();
        var id = await clinic.CreateAsync(3);
        await clinic.EndAsync(id);
        var outputs = Path.Combine(clinic.Folder, "outputs");
        var orphan = Guid.NewGuid();
        Directory.CreateDirectory(Path.GetDirectoryName(clinic.Engine.Files.ArchiveOf(orphan))!);
        await File.WriteAllTextAsync(clinic.Engine.Files.ArchiveOf(orphan), "x", Cancellation);
        await File.WriteAllTextAsync(clinic.Engine.Files.PrintFileOf(orphan, 3), "x", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(outputs, "notes.txt"), "x", Cancellation);

        await clinic.Engine.Housekeeper.CleanAsync(Cancellation);

        Assert.Equal(
            [Path.GetFileName(clinic.Engine.Files.ArchiveOf(id)), "notes.txt"],
            Directory.GetFiles(outputs, "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.Equal(5, (await clinic.ReadArchiveAsync(id)).Count);
    }

    [Fact]
    public async Task House_keeping_never_takes_a_file_from_a_running_job()
    {
        await using var clinic = await OpenAsync(config => config with { MaxQueueSize = 1_000 }, new BatchEngineParts { Pdf = new FaultyPdf((_, _) => Task.Delay(2)) });
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var sweeps = 0;
        var sweeping = Task.Run(
            async () =>
            {
                while (!over.IsCancellationRequested)
                {
                    await clinic.Engine.Housekeeper.CleanAsync(CancellationToken.None);
                    sweeps++;
                }
            },
            Cancellation);

        var ids = new List<Guid>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add(await clinic.CreateAsync(15, new BatchJobSettings()));

            // Some end and go meanwhile.
            var brief = await clinic.CreateAsync(1, priority: JobPriority.Urgent);
            await clinic.EndAsync(brief);
            await clinic.Anna.DeleteJobAsync(brief, Cancellation);
        }

        foreach (var id in ids)
        {
            Assert.Equal((JobStatus.Completed, 15), ((await clinic.EndAsync(id)).Status, (await clinic.EndAsync(id)).Succeeded));
            Assert.Equal(17, (await clinic.ReadArchiveAsync(id)).Count);
        }

        await over.CancelAsync();
        await sweeping;
        await clinic.Engine.Housekeeper.CleanAsync(Cancellation);
        Assert.True(sweeps > 20, $"{sweeps}");
        Assert.Equal(ids.Count, Directory.GetFiles(Path.Combine(clinic.Folder, "outputs"), "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task A_job_that_is_tried_again_at_its_last_moment_is_whole_or_gone()
    {
        var clock = new ManualClock();
        await using var clinic = await OpenAsync(config => config with { CleanupCompletedJobsAfterDays = 1, MaxQueueSize = 1_000 }, new BatchEngineParts { Time = clock });
        var ids = new List<Guid>();
        for (var i = 0; i < 16; i++)
        {
            ids.Add(await clinic.Anna.CreateBatchJobAsync("x", clinic.TemplateId, TestClinic.Requests(6).Select((r, at) => at < 2 ? r with { MergeData = [] } : r), new BatchJobSettings { OutputFormat = OutputFormat.Docx }, cancellation: Cancellation));
        }

        foreach (var id in ids)
        {
            await clinic.EndAsync(id);
        }

        clock.Advance(TimeSpan.FromDays(2));
        var cleaning = Task.Run(() => clinic.Engine.Housekeeper.CleanAsync(Cancellation), Cancellation);
        var outcomes = await Task.WhenAll(Enumerable.Reverse(ids).Select(id => Task.Run(
            async () => (Id: id, Outcome: await clinic.Anna.RetryFailedRequestsAsync(id, correctedData: new Dictionary<string, System.Text.Json.Nodes.JsonObject> { ["r1"] = new() { ["patientName"] = "Again" } }, cancellation: Cancellation)), Cancellation)));
        await cleaning;

        foreach (var (id, outcome) in outcomes)
        {
            var job = await clinic.EndAsync(id);
            if (outcome is ControlOutcome.Accepted)
            {
                Assert.Equal((null, 5, 1), (job.PurgedAt, job.Succeeded, job.Failed));
                Assert.Equal("Dear Again", (await clinic.ReadArchiveAsync(id))["Letter 0.docx"]);
            }
            else
            {
                Assert.NotNull(job.PurgedAt);
                Assert.Empty(FilesOf(clinic, id));
            }
        }
    }

    [Fact]
    public async Task A_deleted_job_leaves_neither_rows_nor_files()
    {
        await using var clinic = await OpenAsync(config => config with { Notifications = Sample.Smtp(1) }, new BatchEngineParts { Pdf = new FaultyPdf() });
        var id = await clinic.Anna.CreateBatchJobAsync(
            "x", clinic.TemplateId, TestClinic.Requests(5).Select((r, at) => at == 0 ? r with { MergeData = [] } : r), new BatchJobSettings { NotifyOnCompletion = true, NotificationEmail = Sample.To }, cancellation: Cancellation);
        await clinic.EndAsync(id);
        (await clinic.Anna.OpenMergedPdfAsync(id, Cancellation))!.Dispose();
        Assert.IsType<ControlOutcome.NotFound>(await clinic.Bernd.DeleteJobAsync(id, Cancellation));
        Assert.Equal(3, FilesOf(clinic, id).Length);

        Assert.IsType<ControlOutcome.Accepted>(await clinic.Anna.DeleteJobAsync(id, Cancellation));

        Assert.Empty(FilesOf(clinic, id));
        Assert.Equal(0, await ReadAsync(clinic, async db => await db.Jobs.CountAsync(Cancellation) + await db.Requests.CountAsync(Cancellation) + await db.Results.CountAsync(Cancellation) + await db.FailedRequests.CountAsync(Cancellation) + await db.Queue.CountAsync(Cancellation) + await db.Outbox.CountAsync(Cancellation)));
        Assert.IsType<ControlOutcome.NotFound>(await clinic.Anna.DeleteJobAsync(id, Cancellation));
    }

    private static string[] FilesOf(TestClinic clinic, Guid id) => Directory.Exists(Path.Combine(clinic.Folder, "outputs")) ? Directory.GetFiles(Path.Combine(clinic.Folder, "outputs"), $"{id:N}.*", SearchOption.AllDirectories) : [];
}

public sealed class SqliteRetentionTests : RetentionContract
{
    protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresRetentionTests(PostgresFixture postgres) : RetentionContract
{
    protected override async Task<string?> NewDatabaseAsync() => await postgres.NewDatabaseAsync();
}
