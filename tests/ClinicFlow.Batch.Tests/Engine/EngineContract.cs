using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Processing;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Engines;
using Xunit;

namespace ClinicFlow.Batch.Tests.Engine;

/// <summary>What the engine promises, on whichever database. The SQLite and the PostgreSQL tests inherit these.</summary>
public abstract class EngineContract
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static BatchJobSettings Docx => new() { OutputFormat = OutputFormat.Docx };

    protected abstract Task<string?> NewDatabaseAsync();

    private async Task<TestClinic> OpenAsync(Func<BatchProcessingConfig, BatchProcessingConfig>? with = null, BatchEngineParts? parts = null, bool isStarted = true)
        => await TestClinic.OpenAsync(await NewDatabaseAsync(), with, parts, isStarted: isStarted);

    [Fact]
    public async Task A_job_becomes_a_zip_with_each_document_once()
    {
        await using var clinic = await OpenAsync();

        var id = await clinic.CreateAsync(250);
        var job = await clinic.EndAsync(id);

        Assert.Equal((JobStatus.Completed, 250, 0), (job.Status, job.Succeeded, job.Failed));
        var files = await clinic.ReadArchiveAsync(id);
        Assert.Equal(252, files.Count);
        Assert.All(Enumerable.Range(0, 250), i => Assert.Equal($"Dear Patient {i}", files[$"Letter {i}.docx"]));
        var manifest = JsonDocument.Parse(files["manifest.json"]);
        Assert.Equal(250, manifest.RootElement.GetProperty("documents").GetArrayLength());
    }

    [Fact]
    public async Task The_example_of_the_specification_runs()
    {
        await using var clinic = await OpenAsync(parts: new BatchEngineParts { Pdf = new FaultyPdf() });
        var (batchDocumentService, consentTemplateId) = (clinic.Anna, clinic.TemplateId);

        var jobId = await batchDocumentService.CreateBatchJobAsync(
            "Patient Consent Forms",
            consentTemplateId,
            [
                new BatchDocumentRequest
                {
                    TemplateId = consentTemplateId,
                    DocumentName = "John Doe Consent",
                    MergeData = new() { ["patientName"] = "John Doe", ["date"] = "2024-12-31" },
                    PatientId = "patient-1",
                },
                new BatchDocumentRequest
                {
                    TemplateId = consentTemplateId,
                    DocumentName = "Jane Smith Consent",
                    MergeData = new() { ["patientName"] = "Jane Smith", ["date"] = "2024-12-31" },
                    PatientId = "patient-2",
                },
            ],
            new BatchJobSettings
            {
                MaxConcurrentProcessing = 5,
                RetryFailedDocuments = true,
                MaxRetries = 3,
                OutputFormat = OutputFormat.Pdf,
                GenerateZipArchive = true,
            },
            JobPriority.High,
            "Batch generation of consent forms for new patients",
            cancellation: Cancellation);

        Assert.Equal((JobStatus.Completed, 2), await clinic.EndAsync(jobId) is var job ? (job.Status, job.Succeeded) : default);
        Assert.Equal(["Jane Smith Consent.pdf", "John Doe Consent.pdf", "errors.csv", "manifest.json"], (await clinic.ReadArchiveAsync(jobId)).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task PDFs_of_the_native_engine_are_those_that_it_makes_alone_and_are_stored_as_they_are()
    {
        var alone = new NativeEngine();
        var template = TemplateCompiler.Compile(new MemoryStream(TestClinic.Template("Dear {{patientName}}")));
        await using var clinic = await OpenAsync(parts: new BatchEngineParts { Pdf = new EngineChoice(PdfEngineKind.Native, native: new NativeEngine(), onCallersThread: true) });

        var id = await clinic.CreateAsync(60, new BatchJobSettings { OutputFormat = OutputFormat.Both, MaxConcurrentProcessing = 4 });
        var job = await clinic.EndAsync(id);

        Assert.Equal((JobStatus.Completed, 60), (job.Status, job.Succeeded));
        using var output = (await clinic.Anna.OpenArchiveAsync(id, Cancellation))!;
        using var zip = new ZipArchive(output.Content, ZipArchiveMode.Read);
        Assert.Equal(122, zip.Entries.Count);
        for (var i = 0; i < 60; i++)
        {
            var bound = Assert.IsType<BindResult.Bound>(template.Bind(new MergeRecord(new MergeObject([new("patientName", MergeValue.From($"Patient {i}"))]), i + 1), new RenderOptions { JobTime = job.CreatedAt.UtcDateTime })).Document;
            var entry = zip.GetEntry($"Letter {i}.pdf")!;
            using var content = new MemoryStream();
            await (await entry.OpenAsync(Cancellation)).CopyToAsync(content, Cancellation);
            Assert.Equal(entry.Length, entry.CompressedLength);
            Assert.True(alone.Convert(bound, Cancellation).Pdf.Span.SequenceEqual(content.ToArray()));
        }
    }

    [Fact]
    public async Task Data_that_does_not_fit_fails_at_once_and_can_be_corrected()
    {
        await using var clinic = await OpenAsync();
        var requests = TestClinic.Requests(20).Select((r, i) => i % 5 == 0 ? r with { MergeData = [], RequestId = $"bad{i}" } : r);

        var id = await clinic.Anna.CreateBatchJobAsync("Mixed", clinic.TemplateId, requests, Docx, cancellation: Cancellation);
        var job = await clinic.EndAsync(id);

        Assert.Equal((JobStatus.Completed, 16, 4), (job.Status, job.Succeeded, job.Failed));
        var failed = (await clinic.Anna.GetRequestsAsync(id, RequestState.Failed, cancellation: Cancellation))!.Requests;
        Assert.All(failed, r => Assert.Equal(1, r.Attempts));
        Assert.Contains("patientName", failed[0].ErrorMessage, StringComparison.Ordinal);

        await clinic.Anna.RetryFailedRequestsAsync(id, ["bad0"], new Dictionary<string, JsonObject> { ["bad5"] = new JsonObject { ["patientName"] = "Corrected" } }, Cancellation);
        job = await clinic.EndAsync(id);

        Assert.Equal((JobStatus.Completed, 17, 3), (job.Status, job.Succeeded, job.Failed));
        var files = await clinic.ReadArchiveAsync(id);
        Assert.Equal(19, files.Count);
        Assert.Equal("Dear Corrected", files["Letter 5.docx"]);
        Assert.Equal(4, files["errors.csv"].TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task A_job_of_which_nothing_succeeds_has_failed()
    {
        await using var clinic = await OpenAsync();

        var id = await clinic.Anna.CreateBatchJobAsync("Empty", clinic.TemplateId, TestClinic.Requests(3).Select(r => r with { MergeData = [] }), Docx, cancellation: Cancellation);
        var job = await clinic.EndAsync(id);

        Assert.Equal((JobStatus.Failed, "job-nothing-succeeded"), (job.Status, job.ErrorCode));
        Assert.Null(await clinic.Anna.OpenDocumentAsync(id, "r1", cancellation: Cancellation));
    }

    [Fact]
    public async Task What_fails_for_a_while_succeeds_in_the_end()
    {
        var random = new Random(7);
        var pdf = new FaultyPdf((_, _) =>
        {
            lock (random)
            {
                return random.Next(10) == 0 ? Task.FromException(new PdfConversionException("pdf-engine-crashed", "The engine crashed.", isTransient: true)) : Task.CompletedTask;
            }
        });
        await using var clinic = await OpenAsync(parts: new BatchEngineParts { Pdf = pdf });

        var id = await clinic.CreateAsync(2_000, new BatchJobSettings { MaxConcurrentProcessing = 10 });
        var job = await clinic.EndAsync(id);

        Assert.Equal(JobStatus.Completed, job.Status);
        Assert.Equal(2_000, job.Succeeded + job.Failed);
        Assert.InRange(job.Succeeded, 1_998, 2_000);
        Assert.InRange(pdf.Calls, 2_100, 2_400);
    }

    [Fact]
    public async Task A_document_that_takes_long_holds_up_no_other_one_where_attempts_are_due()
    {
        // More than may be open at a time, and one of the first is not done before all others are.
        const int Count = RunningJob.MaxOpen + 200;
        var held = new TaskCompletionSource();
        var failing = new ConcurrentDictionary<string, int>();
        var pdf = new FaultyPdf((_, source) => source.Name == "row 1" ? held.Task
            : source.Name.EndsWith('7') && failing.AddOrUpdate(source.Name, 1, (_, n) => n + 1) <= 2 ? Task.FromException(new PdfConversionException("pdf-engine-crashed", "The engine crashed.", isTransient: true))
            : Task.CompletedTask);
        await using var clinic = await OpenAsync(parts: new BatchEngineParts { Pdf = pdf });

        var id = await clinic.CreateAsync(Count, new BatchJobSettings { MaxConcurrentProcessing = 4 });
        await TestClinic.UntilAsync(async () => (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!.Succeeded == Count - 1);
        held.SetResult();
        var job = await clinic.EndAsync(id);

        Assert.Equal((JobStatus.Completed, Count, 0, 0), (job.Status, job.Succeeded, job.Failed, job.Retrying));
        Assert.All(failing, row => Assert.Equal(3, row.Value));
        Assert.Equal(Count + (2 * failing.Count), pdf.Calls);
    }

    [Fact]
    public async Task Pause_stops_and_resume_goes_on_where_it_stopped()
    {
        var gate = new TaskCompletionSource();
        var pdf = new FaultyPdf((call, _) => call > 20 ? gate.Task : Task.CompletedTask);
        await using var clinic = await OpenAsync(parts: new BatchEngineParts { Pdf = pdf });
        var id = await clinic.CreateAsync(60, new BatchJobSettings { OutputFormat = OutputFormat.Both });
        await TestClinic.UntilAsync(async () => (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!.Succeeded == 20);

        await clinic.Anna.PauseJobAsync(id, Cancellation);
        await clinic.Anna.PauseJobAsync(id, Cancellation);
        await TestClinic.UntilAsync(async () => (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!.Requested == JobControl.Pause);
        gate.SetResult();
        await TestClinic.UntilAsync(async () => (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!.Status == JobStatus.Paused);
        var paused = (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!;
        Assert.InRange(paused.Succeeded, 20, 25);

        await clinic.Anna.ResumeJobAsync(id, Cancellation);
        var job = await clinic.EndAsync(id);

        Assert.Equal((JobStatus.Completed, 60), (job.Status, job.Succeeded));
        Assert.Equal(122, (await clinic.ReadArchiveAsync(id)).Count);
        Assert.Equal(60, pdf.Calls);
    }

    [Fact]
    public async Task Cancel_keeps_what_was_done()
    {
        var pdf = new FaultyPdf((call, _) => call > 20 ? new TaskCompletionSource().Task : Task.CompletedTask);
        await using var clinic = await OpenAsync(parts: new BatchEngineParts { Pdf = pdf });
        var id = await clinic.CreateAsync(60, new BatchJobSettings { MaxConcurrentProcessing = 10 });
        await TestClinic.UntilAsync(async () => (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!.Succeeded == 20);

        await clinic.Anna.CancelJobAsync(id, Cancellation);
        var job = await clinic.EndAsync(id);

        Assert.Equal((JobStatus.Cancelled, 20, 0), (job.Status, job.Succeeded, job.Failed));
        Assert.Equal(22, (await clinic.ReadArchiveAsync(id)).Count);
        Assert.IsType<ControlOutcome.Accepted>(await clinic.Anna.CancelJobAsync(id, Cancellation));
        Assert.IsType<ControlOutcome.NotAllowed>(await clinic.Anna.PauseJobAsync(id, Cancellation));
    }

    [Fact]
    public async Task A_job_over_its_time_fails_and_keeps_what_was_done()
    {
        var pdf = new FaultyPdf((call, _) => call > 5 ? new TaskCompletionSource().Task : Task.CompletedTask);
        await using var clinic = await OpenAsync(config => config with { DefaultJobTimeout = TimeSpan.FromSeconds(2) }, new BatchEngineParts { Pdf = pdf });

        var job = await clinic.EndAsync(await clinic.CreateAsync(30, new BatchJobSettings()));

        Assert.Equal((JobStatus.Failed, "job-time-over", 5), (job.Status, job.ErrorCode, job.Succeeded));
        Assert.Equal(7, (await clinic.ReadArchiveAsync(job.Id)).Count);
    }

    [Fact]
    public async Task A_document_over_its_time_is_tried_again_and_fails()
    {
        var pdf = new FaultyPdf((_, source) => source.Name == "row 2" ? new TaskCompletionSource().Task : Task.CompletedTask);
        await using var clinic = await OpenAsync(config => config with { DocumentTimeLimit = TimeSpan.FromSeconds(1) }, new BatchEngineParts { Pdf = pdf });

        var job = await clinic.EndAsync(await clinic.CreateAsync(4, new BatchJobSettings { MaxRetries = 1 }));

        Assert.Equal((JobStatus.Completed, 3, 1), (job.Status, job.Succeeded, job.Failed));
        var failed = Assert.Single((await clinic.Anna.GetRequestsAsync(job.Id, RequestState.Failed, cancellation: Cancellation))!.Requests);
        Assert.Equal(("document-time-over", 2), (failed.ErrorCode, failed.Attempts));
    }

    [Fact]
    public async Task Users_see_their_own_jobs_only()
    {
        await using var clinic = await OpenAsync();
        var id = await clinic.CreateAsync(3);
        await clinic.EndAsync(id);

        Assert.Null(await clinic.Bernd.GetBatchJobAsync(id, Cancellation));
        Assert.Null(await clinic.Bernd.GetRequestsAsync(id, cancellation: Cancellation));
        Assert.Null(await clinic.Bernd.OpenArchiveAsync(id, Cancellation));
        Assert.Null(await clinic.Bernd.OpenDocumentAsync(id, "r1", cancellation: Cancellation));
        Assert.Empty((await clinic.Bernd.GetBatchJobsAsync(cancellation: Cancellation)).Jobs);
        Assert.IsType<ControlOutcome.NotFound>(await clinic.Bernd.CancelJobAsync(id, Cancellation));
        Assert.IsType<ControlOutcome.NotFound>(await clinic.Bernd.DeleteJobAsync(id, Cancellation));
        Assert.IsType<ControlOutcome.NotFound>(await clinic.Bernd.RetryFailedRequestsAsync(id, cancellation: Cancellation));
        Assert.Single((await clinic.Operator.GetBatchJobsAsync(cancellation: Cancellation)).Jobs);
        using var document = await clinic.Anna.OpenDocumentAsync(id, "r2", cancellation: Cancellation);
        Assert.Equal("Letter 1.docx", document!.FileName);
    }

    [Fact]
    public async Task The_queue_goes_by_priority_and_then_by_arrival()
    {
        await using var clinic = await OpenAsync(config => config with { MaxConcurrentJobs = 1 }, isStarted: false);
        var low = await clinic.CreateAsync(1, priority: JobPriority.Low);
        var first = await clinic.CreateAsync(1);
        var second = await clinic.CreateAsync(1, service: clinic.Bernd);
        var urgent = await clinic.CreateAsync(1, priority: JobPriority.Urgent);
        var raised = await clinic.CreateAsync(1, priority: JobPriority.Low);

        await clinic.Anna.SetPriorityAsync(raised, JobPriority.High, Cancellation);

        Guid[] expected = [urgent, raised, first, second, low];
        Assert.Equal(expected, (await clinic.Operator.GetQueueAsync(cancellation: Cancellation)).Select(q => q.JobId));
        var taken = new List<Guid>();
        while (await clinic.Engine.Runner.TakeAsync("me", TimeSpan.FromMinutes(1), 10, TimeSpan.Zero, Cancellation) is { } job)
        {
            taken.Add(job.Job.Id);
        }

        Assert.Equal(expected, taken);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_leaves_nothing()
    {
        await using var clinic = await OpenAsync(config => config with { MaxQueueSize = 2 }, isStarted: false);
        await clinic.CreateAsync(1);
        await clinic.CreateAsync(1);

        var refusal = await Assert.ThrowsAsync<JobRefusedException>(() => clinic.CreateAsync(5_000));

        Assert.Equal("queue-full", refusal.Code);
        Assert.Equal(2, (await clinic.Operator.GetBatchJobsAsync(cancellation: Cancellation)).Jobs.Count);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_job()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        Task<Guid> Create(BatchDocumentService service) => service.CreateBatchJobAsync("Once", clinic.TemplateId, TestClinic.Requests(5_000), Docx, idempotencyKey: "key", cancellation: Cancellation);

        var ids = await Task.WhenAll(Create(clinic.Anna), Create(clinic.Anna), Create(clinic.Anna));
        var other = await Create(clinic.Bernd);

        Assert.Single(ids.Distinct());
        Assert.NotEqual(ids[0], other);
        Assert.Equal(2, (await clinic.Operator.GetBatchJobsAsync(cancellation: Cancellation)).Jobs.Count);
    }

    [Fact]
    public async Task A_job_that_is_wrong_names_everything_that_is()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        var requests = new[]
        {
            new BatchDocumentRequest { DocumentName = "", MergeData = [] },
            new BatchDocumentRequest { DocumentName = "x", MergeDataJson = "[1]", RequestId = "same" },
            new BatchDocumentRequest { DocumentName = "x", MergeData = [], RequestId = "same" },
            new BatchDocumentRequest { DocumentName = "x" },
        };

        var refusal = await Assert.ThrowsAsync<JobRefusedException>(() => clinic.Anna.CreateBatchJobAsync(
            " ", Guid.NewGuid(), requests, new BatchJobSettings { MaxConcurrentProcessing = 11, MaxRetries = 0, NotifyOnCompletion = true, Culture = "xx-nonsense" }, (JobPriority)9, cancellation: Cancellation));

        Assert.Equal(
            ["culture", "maxConcurrentProcessing", "maxRetries", "name", "notificationEmail", "priority", "requests[0].documentName", "requests[1].mergeData", "requests[2].requestId", "requests[3].mergeData", "templateId"],
            refusal.Problems.Select(p => p.Path.Replace("settings.", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(3, refusal.Problems.Single(p => p.Path == "requests[3].mergeData").RequestIndex);
        Assert.Empty((await clinic.Operator.GetBatchJobsAsync(cancellation: Cancellation)).Jobs);
    }

    [Fact]
    public async Task A_runner_that_lost_its_job_cannot_commit()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        var id = await clinic.CreateAsync(2);
        var store = clinic.Engine.Runner;
        var stalled = (await store.TakeAsync("a", TimeSpan.FromMilliseconds(1), 3, TimeSpan.Zero, Cancellation))!;
        await Task.Delay(50, Cancellation);
        var current = (await store.TakeAsync("b", TimeSpan.FromMinutes(1), 3, TimeSpan.Zero, Cancellation))!;
        var request = (await store.ReadPendingAsync(id, -1, 1, ArrayPool<byte>.Shared, Cancellation))[0];
        Queue.RequestCommit CommitOf(Queue.TakenJob taken) => new(id, taken.Job.Epoch, default, new Queue.RequestCounts(1, 0, 0), TimeSpan.Zero, JobMeasures.None,
            [new Queue.RequestOutcome(request, RequestState.Succeeded, 0, null, null, null, [], null, TimeSpan.Zero)]);

        Assert.True(current.IsAfterCrash);
        Assert.False(await store.CommitAsync(CommitOf(stalled), Cancellation));
        Assert.False(await store.RenewAsync(id, stalled.Job.Epoch, TimeSpan.FromMinutes(1), Cancellation));
        Assert.False(await store.ReleaseAsync(new Queue.JobRelease(id, stalled.Job.Epoch, JobStatus.Completed, TimeSpan.Zero), Cancellation));
        Assert.Equal(0, (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!.Succeeded);
        Assert.True(await store.CommitAsync(CommitOf(current), Cancellation));
        Assert.Equal(1, (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!.Succeeded);
    }

    [Fact]
    public async Task A_host_that_stops_in_the_moment_in_which_a_job_ends_stops()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        await clinic.CreateAsync(1);
        var taken = (await clinic.Engine.Runner.TakeAsync("a", TimeSpan.FromMinutes(1), 3, TimeSpan.Zero, Cancellation))!;
        var run = new Processing.RunningJob(taken, TimeProvider.System);
        run.Dispose();

        run.StopFor(Processing.StopReason.HostStops);
        run.AbortNow();

        Assert.Equal(Processing.StopReason.HostStops, run.Stop);
    }

    [Fact]
    public async Task Lists_are_filtered_and_paged()
    {
        await using var clinic = await OpenAsync(config => config with { MaxQueueSize = 1_000 }, isStarted: false);
        for (var i = 0; i < 25; i++)
        {
            await clinic.CreateAsync(1, priority: i % 5 == 0 ? JobPriority.High : JobPriority.Normal, name: i % 2 == 0 ? $"100% Consent_{i}" : $"Letter {i}");
        }

        var pages = new List<JobPage> { await clinic.Anna.GetBatchJobsAsync(new JobQuery { Count = 10 }, Cancellation) };
        while (pages[^1].NextCursor is { } cursor)
        {
            pages.Add(await clinic.Anna.GetBatchJobsAsync(new JobQuery { Count = 10, Cursor = cursor }, Cancellation));
        }

        Assert.Equal([10, 10, 5], pages.Select(p => p.Jobs.Count));
        Assert.Equal(25, pages.SelectMany(p => p.Jobs).Select(j => j.Id).Distinct().Count());
        Assert.Equal(pages.SelectMany(p => p.Jobs).Select(j => j.CreatedAt).OrderDescending(), pages.SelectMany(p => p.Jobs).Select(j => j.CreatedAt));
        Assert.Equal(13, (await clinic.Anna.GetBatchJobsAsync(new JobQuery { Text = "100% consent_" }, Cancellation)).Jobs.Count);
        Assert.Equal(5, (await clinic.Anna.GetBatchJobsAsync(new JobQuery { Priorities = [JobPriority.High] }, Cancellation)).Jobs.Count);
        Assert.Empty((await clinic.Anna.GetBatchJobsAsync(new JobQuery { Statuses = [JobStatus.Completed] }, Cancellation)).Jobs);
        await Assert.ThrowsAsync<FormatException>(() => clinic.Anna.GetBatchJobsAsync(new JobQuery { Cursor = "nonsense" }, Cancellation));
    }

    [Theory]
    [InlineData("monday", "Letters for Monday|Überweisung 50%")]
    [InlineData("  MONDAY ", "Letters for Monday|Überweisung 50%")]
    [InlineData("überweisung", "Überweisung 50%")]
    [InlineData("ÖSTERGÅRD", "Letters for Östergård")]
    [InlineData("50%", "Überweisung 50%")]
    [InlineData("5%0", "")]
    [InlineData("a_b", "a_b\\c")]
    [InlineData("axb", "")]
    [InlineData("b\\c", "a_b\\c")]
    [InlineData("' or 1=1 --", "")]
    [InlineData("   ", "Letters for Monday|Letters for Östergård|a_b\\c|Überweisung 50%")]
    [InlineData("\0", "")]
    public async Task Jobs_are_found_by_what_stands_in_their_name_or_description(string text, string names)
    {
        await using var clinic = await OpenAsync(isStarted: false);
        await clinic.CreateAsync(1, name: "Letters for Monday");
        await clinic.Anna.CreateBatchJobAsync("Überweisung 50%", clinic.TemplateId, TestClinic.Requests(1), Docx, JobPriority.Normal, "To be sent on MONDAY", cancellation: Cancellation);
        await clinic.CreateAsync(1, name: "a_b\\c");
        await clinic.CreateAsync(1, name: "Letters for Östergård");

        var found = await clinic.Anna.GetBatchJobsAsync(new JobQuery { Text = text }, Cancellation);

        Assert.Equal(names, string.Join('|', found.Jobs.Select(job => job.Name).Order(StringComparer.Ordinal)));
        Assert.Empty((await clinic.Anna.GetBatchJobsAsync(new JobQuery { Text = "nothing is called so" }, Cancellation)).Jobs);
    }

    [Fact]
    public async Task A_restart_goes_on_where_it_stopped()
    {
        var database = await NewDatabaseAsync();
        var folder = Directory.CreateTempSubdirectory("clinicflow-restart-").FullName;
        try
        {
            Guid id;
            await using (var before = await TestClinic.OpenAsync(database, parts: new BatchEngineParts { Pdf = new FaultyPdf((_, _) => Task.Delay(5)) }, folder: folder))
            {
                id = await before.CreateAsync(400, new BatchJobSettings());
                await TestClinic.UntilAsync(async () => (await before.Anna.GetBatchJobAsync(id, Cancellation))!.Succeeded > 20);
            }

            await using var after = await TestClinic.OpenAsync(database, parts: new BatchEngineParts { Pdf = new FaultyPdf() }, folder: folder);
            var job = await after.EndAsync(id);

            Assert.Equal((JobStatus.Completed, 400), (job.Status, job.Succeeded));
            Assert.Equal(402, (await after.ReadArchiveAsync(id)).Count);
            using var print = await after.Anna.OpenMergedPdfAsync(id, Cancellation);
            var path = Path.Combine(folder, "print.pdf");
            await using (var file = File.Create(path))
            {
                await print!.Content.CopyToAsync(file, Cancellation);
            }

            Assert.Equal(400, PdfMerge.CountPages(new PdfMergePart("print", path)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Progress_adds_up_and_never_goes_back()
    {
        await using var clinic = await OpenAsync(parts: new BatchEngineParts { Pdf = new FaultyPdf((call, _) => call % 7 == 0 ? Task.FromException(new IOException()) : Task.Delay(2)) });
        var id = await clinic.CreateAsync(300, new BatchJobSettings());

        var steps = new List<Progress.JobProgress>();
        await foreach (var step in clinic.Anna.WatchAsync(id, Cancellation))
        {
            steps.Add(step);
        }

        Assert.Equal(JobStatus.Completed, steps[^1].Status);
        Assert.All(steps, s => Assert.Equal(s.Total, s.Succeeded + s.Failed + s.Retrying + s.InFlight + s.Pending));
        Assert.All(steps, s => Assert.True(s.Pending >= 0));
        Assert.Equal(steps.Select(s => s.Percent).Order(), steps.Select(s => s.Percent));
        Assert.Equal(100, steps[^1].Percent);
    }

    [Fact]
    public async Task Steps_come_at_most_ten_times_a_second_however_fast_documents_are()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        var id = await clinic.CreateAsync(4_000);
        using var watcher = clinic.Engine.Progress.Subscribe(id);
        var (begun, steps) = (Stopwatch.GetTimestamp(), new List<Progress.JobProgress>());

        clinic.Engine.Start();
        do
        {
            steps.Add(await watcher.NextAsync(Cancellation));
        }
        while (steps[^1].Status != JobStatus.Completed);

        // The first and the last come when they come.
        Assert.InRange(steps.Count, 2, 3 + (Stopwatch.GetElapsedTime(begun).TotalMilliseconds / 100));
        Assert.Equal(4_000, steps[^1].Succeeded);
    }

    [Fact]
    public async Task A_machine_that_renders_with_all_it_has_still_answers()
    {
        // As many documents as there are render threads burn a processor each until the engine has answered 50 questions.
        var (answered, burning) = (0, 0);
        var pdf = new FaultyPdf((_, _) =>
        {
            Interlocked.Increment(ref burning);
            for (var begun = Stopwatch.GetTimestamp(); Volatile.Read(ref answered) < 50 && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(1);)
            {
                Thread.SpinWait(1_000);
            }

            return Task.CompletedTask;
        });
        var threads = Environment.ProcessorCount;
        await using var clinic = await OpenAsync(parts: new BatchEngineParts { Pdf = pdf });
        var id = await clinic.CreateAsync(threads, new BatchJobSettings { MaxConcurrentProcessing = Math.Min(10, threads) });
        await TestClinic.UntilAsync(() => Task.FromResult(Volatile.Read(ref burning) == Math.Min(10, threads)));

        var stillBurning = 0;
        for (var i = 0; i < 50; i++)
        {
            stillBurning += (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!.Processed == 0 ? 1 : 0;
            Interlocked.Increment(ref answered);
        }

        Assert.Equal(50, stillBurning);
        Assert.Equal((JobStatus.Completed, threads), await clinic.EndAsync(id) is var job ? (job.Status, job.Succeeded) : default);
    }

    [Fact]
    public async Task Documents_are_rendered_on_threads_that_give_way_to_others()
    {
        var threads = new System.Collections.Concurrent.ConcurrentBag<(string? Name, ThreadPriority Priority, int Niceness)>();
        var pdf = new FaultyPdf((_, _) =>
        {
            threads.Add((Thread.CurrentThread.Name, Thread.CurrentThread.Priority, OperatingSystem.IsLinux() ? GetPriority(0, 0) : 10));
            return Task.CompletedTask;
        });
        await using var clinic = await OpenAsync(parts: new BatchEngineParts { Pdf = pdf });

        await clinic.EndAsync(await clinic.CreateAsync(20, new BatchJobSettings()));

        Assert.Equal(20, threads.Count);
        Assert.All(threads, thread => Assert.Equal(("Render", ThreadPriority.BelowNormal, 10), (thread.Name?.Split(' ')[0], thread.Priority, thread.Niceness)));
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "getpriority")]
    private static extern int GetPriority(int which, int who);

    [Fact]
    public async Task Old_jobs_lose_their_data_and_outputs_and_stay_marked()
    {
        await using var clinic = await OpenAsync(config => config with { CleanupCompletedJobsAfterDays = 1 });
        var id = await clinic.CreateAsync(5);
        await clinic.EndAsync(id);
        await clinic.Engine.Database.WriteAsync(null, async db =>
        {
            var job = db.Jobs.Single(j => j.Id == id);
            job.CompletedAt = DateTimeOffset.UnixEpoch.AddYears(40);
            db.Jobs.Update(job);
            await db.SaveChangesAsync(Cancellation);
            return (true, true);
        }, Cancellation);

        Assert.Equal(1, await clinic.Engine.Housekeeper.CleanAsync(Cancellation));

        var purged = (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!;
        Assert.NotNull(purged.PurgedAt);
        Assert.Null(await clinic.Anna.OpenArchiveAsync(id, Cancellation));
        Assert.Empty(Directory.GetFiles(Path.Combine(clinic.Folder, "outputs"), "*", SearchOption.AllDirectories));
        Assert.True(await clinic.Engine.Database.ReadAsync(null, db => Task.FromResult(!db.RequestData.Any()), Cancellation));
        Assert.IsType<ControlOutcome.NotAllowed>(await clinic.Anna.RetryFailedRequestsAsync(id, cancellation: Cancellation));
        Assert.IsType<ControlOutcome.Accepted>(await clinic.Anna.DeleteJobAsync(id, Cancellation));
        Assert.Null(await clinic.Anna.GetBatchJobAsync(id, Cancellation));
    }

    [Fact]
    public async Task Outputs_and_merge_data_can_be_encrypted()
    {
        await using var clinic = await OpenAsync(config => config with { EncryptOutputs = true });
        var id = await clinic.CreateAsync(50);
        await clinic.EndAsync(id);

        Assert.Equal("Dear Patient 7", (await clinic.ReadArchiveAsync(id))["Letter 7.docx"]);
        var file = Directory.GetFiles(Path.Combine(clinic.Folder, "outputs"), "*.archive", SearchOption.AllDirectories).Single();
        Assert.DoesNotContain("Letter 7", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Cancellation)), StringComparison.Ordinal);
        var stored = await clinic.Engine.Database.ReadAsync(null, db => Task.FromResult(db.RequestData.First().MergeData), Cancellation);
        Assert.DoesNotContain("Patient", System.Text.Encoding.Latin1.GetString(stored), StringComparison.Ordinal);
    }
}

public sealed class SqliteEngineTests : EngineContract
{
    protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresEngineTests(PostgresFixture postgres) : EngineContract
{
    protected override async Task<string?> NewDatabaseAsync() => await postgres.NewDatabaseAsync();
}
