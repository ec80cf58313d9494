using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Batch.Tests.Delivery;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Batch.Tests.Storage;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace ClinicFlow.Batch.Tests.Intake;

/// <summary>How jobs come in: all or nothing, whatever is in them.</summary>
public abstract class IntakeContract : OnBothDatabases
{
    private static BatchJobSettings Docx => new() { OutputFormat = OutputFormat.Docx };

    [Theory]
    [InlineData(0)]
    [InlineData(1_999)]
    [InlineData(4_500)]
    public async Task A_stream_that_breaks_leaves_nothing(int at)
    {
        await using var clinic = await OpenAsync(isStarted: false);

        await Assert.ThrowsAsync<InvalidDataException>(() => CreateAsync(clinic, Requests(5_000, i => i < at ? Task.CompletedTask : throw new InvalidDataException("The line broke."), Cancellation)));

        Assert.Equal(0, await RowsAsync(clinic));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_999)]
    [InlineData(4_500)]
    public async Task A_caller_who_goes_away_leaves_nothing(int at)
    {
        await using var clinic = await OpenAsync(isStarted: false);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CreateAsync(clinic, Requests(5_000, i => i == at ? gone.CancelAsync() : Task.CompletedTask, Cancellation), gone.Token));

        Assert.Equal(0, await RowsAsync(clinic));
    }

    [Fact]
    public async Task A_job_that_is_still_coming_in_is_seen_by_nobody_and_swept_where_nothing_comes_any_more()
    {
        var clock = new ManualClock();
        await using var clinic = await OpenAsync(parts: new BatchEngineParts { Time = clock }, isStarted: false);
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var creating = CreateAsync(clinic, Requests(7_000, i =>
        {
            if (i != 5_000)
            {
                return Task.CompletedTask;
            }

            reached.SetResult();
            return goOn.Task;
        }, Cancellation));
        await reached.Task;
        var id = await ReadAsync(clinic, db => db.Jobs.Select(j => j.Id).SingleAsync(Cancellation));
        Assert.Equal(1 + 4_000, await RowsAsync(clinic));

        foreach (var service in (BatchDocumentService[])[clinic.Anna, clinic.Operator])
        {
            Assert.Null(await service.GetBatchJobAsync(id, Cancellation));
            Assert.Null(await service.GetProgressAsync(id, Cancellation));
            Assert.Null(await service.GetRequestsAsync(id, cancellation: Cancellation));
            Assert.Null(await service.OpenArchiveAsync(id, Cancellation));
            Assert.Null(await service.OpenDocumentAsync(id, "r1", cancellation: Cancellation));
            Assert.Empty((await service.GetBatchJobsAsync(cancellation: Cancellation)).Jobs);
            Assert.Empty(await service.GetQueueAsync(cancellation: Cancellation));
            Assert.IsType<ControlOutcome.NotFound>(await service.PauseJobAsync(id, Cancellation));
            Assert.IsType<ControlOutcome.NotFound>(await service.CancelJobAsync(id, Cancellation));
            Assert.IsType<ControlOutcome.NotFound>(await service.DeleteJobAsync(id, Cancellation));
            Assert.IsType<ControlOutcome.NotFound>(await service.SetPriorityAsync(id, JobPriority.Urgent, Cancellation));
            Assert.IsType<ControlOutcome.NotFound>(await service.RetryFailedRequestsAsync(id, cancellation: Cancellation));
        }

        var stats = await clinic.Anna.GetQueueStatsAsync(Cancellation);
        Assert.Equal((0, 0, 0, 0L), (stats.Queued.Values.Sum(), stats.Processing, stats.Paused, stats.WaitingDocuments));
        Assert.Equal(0, await clinic.Anna.ProcessQueueAsync(Cancellation));

        // While requests come, or could, it is left alone.
        await clinic.Engine.Housekeeper.CleanAsync(Cancellation);
        clock.Advance(TimeSpan.FromMinutes(59));
        await clinic.Engine.Housekeeper.CleanAsync(Cancellation);
        Assert.Equal(1 + 4_000, await RowsAsync(clinic));
        clock.Advance(TimeSpan.FromMinutes(2));
        await clinic.Engine.Housekeeper.CleanAsync(Cancellation);
        Assert.Equal(0, await RowsAsync(clinic));

        // Whoever was only slow is told so.
        goOn.SetResult();
        var e = await Assert.ThrowsAsync<StorageException>(() => creating);
        Assert.Equal(("intake-timed-out", true), (e.Code, e.IsTransient));
        Assert.Equal(0, await RowsAsync(clinic));
    }

    [Fact]
    public async Task A_thousand_problems_are_listed_and_all_are_counted()
    {
        await using var clinic = await OpenAsync(isStarted: false);

        var refusal = await Assert.ThrowsAsync<JobRefusedException>(() => clinic.Anna.CreateBatchJobAsync(
            "x", clinic.TemplateId, TestClinic.Requests(6_500).Select((r, i) => i < 5_000 ? r : r with { DocumentName = "" }), Docx, cancellation: Cancellation));

        Assert.Equal((1_000, 1_500, "job-invalid"), (refusal.Problems.Count, refusal.ProblemCount, refusal.Code));
        Assert.Equal("requests[5999].documentName", refusal.Problems[^1].Path);
        Assert.Equal(0, await RowsAsync(clinic));
    }

    [Theory]
    [InlineData(@"a\0b")]
    [InlineData(@"\0")]
    [InlineData(@"half \ud83d")]
    [InlineData(@"\ude00 half")]
    [InlineData(@"wrong way \ude00\ud83d round")]
    public async Task Texts_that_a_database_cannot_keep_are_refused_with_their_place(string escaped)
    {
        // An attribute cannot keep them either.
        var text = System.Text.RegularExpressions.Regex.Unescape(escaped);
        await using var clinic = await OpenAsync(isStarted: false);
        var requests = TestClinic.Requests(4).Select((r, i) => i switch
        {
            0 => r with { DocumentName = text },
            1 => r with { PatientId = text },
            2 => r with { RequestId = text },
            _ => r,
        });

        var refusal = await Assert.ThrowsAsync<JobRefusedException>(() => clinic.Anna.CreateBatchJobAsync(text, clinic.TemplateId, requests, Docx, description: text, idempotencyKey: text, cancellation: Cancellation));

        Assert.Equal(["description", "idempotencyKey", "name", "requests[0].documentName", "requests[1].patientId", "requests[2].requestId"], refusal.Problems.Select(p => p.Path).Order(StringComparer.Ordinal));
        Assert.All(refusal.Problems, p => Assert.Equal("text-invalid", p.Code));
        Assert.Equal("createdBy", Assert.Single((await Assert.ThrowsAsync<JobRefusedException>(() => clinic.Engine.Intake.CreateAsync(
            new BatchUser("an\0na"), "x", clinic.TemplateId, TestClinic.Requests(1).ToAsyncEnumerable(), Docx, JobPriority.Normal, "", null, Cancellation))).Problems).Path);

        // And where somebody looks for them, there is nothing.
        var id = await clinic.CreateAsync(1);
        Assert.Null(await clinic.Anna.OpenDocumentAsync(id, text, cancellation: Cancellation));
        Assert.Empty((await clinic.Anna.GetBatchJobsAsync(new JobQuery { Text = text }, Cancellation)).Jobs);
        Assert.Empty((await clinic.Operator.GetBatchJobsAsync(new JobQuery { CreatedBy = text }, Cancellation)).Jobs);
        Assert.Equal("request-unknown", Assert.Single((await Assert.ThrowsAsync<JobRefusedException>(() => clinic.Anna.RetryFailedRequestsAsync(id, [text], cancellation: Cancellation))).Problems).Code);
    }

    [Fact]
    public async Task Strange_names_are_kept_as_they_are_and_their_files_are_safe()
    {
        await using var clinic = await OpenAsync();
        string[] names =
        [
            string.Concat(Enumerable.Repeat("😀", 250)), "\u202Egnp.exe", "\u200F\u2067שלום\u2069", "../../etc/passwd", "..\\..\\boot.ini", "CON", "a/b", "a\nb\tc", "trailing. ", "\u0001\u001F\u007F",
            "e\u0301", "é", "E\u0301", "same", "Same", "same ", "'; drop table batch_document_jobs; --", "{{patientName}}", "%00", "\uFEFFbom", "\uFFFE", "\U0010FFFF",
        ];

        var id = await clinic.Anna.CreateBatchJobAsync(
            names[1], clinic.TemplateId, names.Select((name, i) => new BatchDocumentRequest { DocumentName = name, RequestId = name.Length > 200 ? name[..200] : name, PatientId = name.Length > 200 ? name[..200] : name, MergeData = new() { ["patientName"] = $"Patient {i}" } }),
            Docx, description: names[0], idempotencyKey: names[1], cancellation: Cancellation);
        var job = await clinic.EndAsync(id);

        Assert.Equal((JobStatus.Completed, names.Length), (job.Status, job.Succeeded));
        Assert.Equal((names[1], names[0]), (job.Name, job.Description));
        var rows = (await clinic.Anna.GetRequestsAsync(id, cancellation: Cancellation))!.Requests;
        Assert.Equal(names, rows.Select(r => r.DocumentName));
        Assert.Equal(names.Select(n => n.Length > 200 ? n[..200] : n), rows.Select(r => r.RequestId));
        for (var i = 0; i < names.Length; i++)
        {
            using var document = await clinic.Anna.OpenDocumentAsync(id, rows[i].RequestId, cancellation: Cancellation);
            Assert.DoesNotContain(document!.FileName, c => c is '/' or '\\' or ':' || char.IsControl(c));
        }

        var files = await clinic.ReadArchiveAsync(id);
        Assert.Equal(names.Length + 2, files.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(names.Select((_, i) => $"Dear Patient {i}").Order(), files.Where(f => f.Key.EndsWith(".docx", StringComparison.Ordinal)).Select(f => f.Value).Order());
    }

    [Fact]
    public async Task A_mail_that_nobody_could_send_is_refused_at_once()
    {
        await using var clinic = await OpenAsync(isStarted: false);

        var refusal = await Assert.ThrowsAsync<JobRefusedException>(() => clinic.CreateAsync(1, new BatchJobSettings { NotifyOnCompletion = true, NotificationEmail = Sample.To }));

        Assert.Equal(("mail-server-missing", "settings.notifyOnCompletion"), (Assert.Single(refusal.Problems).Code, refusal.Problems[0].Path));
        Assert.Equal(0, await RowsAsync(clinic));
    }

    [Fact]
    public async Task Too_long_is_counted_in_the_characters_of_the_limit()
    {
        await using var clinic = await OpenAsync(isStarted: false);

        var refusal = await Assert.ThrowsAsync<JobRefusedException>(() => clinic.Anna.CreateBatchJobAsync(
            "x", clinic.TemplateId, TestClinic.Requests(2).Select((r, i) => r with { DocumentName = string.Concat(Enumerable.Repeat("😀", 250 + i * 250)) }), Docx, cancellation: Cancellation));

        Assert.Equal("requests[1].documentName", Assert.Single(refusal.Problems).Path);
    }

    [Fact]
    public async Task Merge_data_that_is_no_json_is_refused_with_its_place()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        BatchDocumentRequest Of(JsonObject? data, string? json) => new() { DocumentName = "x", MergeData = data, MergeDataJson = json };

        var refusal = await Assert.ThrowsAsync<JobRefusedException>(() => clinic.Anna.CreateBatchJobAsync(
            "x", clinic.TemplateId,
            [Of(new() { ["patientName"] = "whole" }, null), Of(null, "{\"patientName\":\"Zwerenz \ud83d\"}"), Of(null, "{\"patientName\":\"\\ud83d\"}"), Of(null, "{\"patientName\":\"\\ud83d\\ude00\"}"), Of(null, "{\"\\ud83d\":1}"), Of(new() { ["patientName"] = double.NaN }, null)],
            Docx, cancellation: Cancellation));

        Assert.Equal([1, 2, 4, 5], refusal.Problems.Select(p => p.RequestIndex!.Value));
        Assert.All(refusal.Problems, p => Assert.Equal($"requests[{p.RequestIndex}].mergeData", p.Path));
        Assert.DoesNotContain("Zwerenz", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Merge_data_is_as_long_as_its_bytes_are()
    {
        await using var clinic = await OpenAsync(config => config with { MaxMergeDataBytes = 1_024 }, isStarted: false);
        static BatchDocumentRequest Of(string name, int times, string more = "") => new() { DocumentName = "x", MergeDataJson = $"{{\"patientName\":\"{string.Concat(Enumerable.Repeat(name, times))}{more}\"}}" };

        // 18 bytes are not the name's.
        var refusal = await Assert.ThrowsAsync<JobRefusedException>(() => clinic.Anna.CreateBatchJobAsync(
            "x", clinic.TemplateId, [Of("ö", 503), Of("ö", 503, "x"), Of("x", 1_006), Of("x", 1_007), Of("😀", 251, "xx"), Of("😀", 252), Of("語", 5_000)], Docx, cancellation: Cancellation));

        Assert.Equal([1, 3, 5, 6], refusal.Problems.Select(p => p.RequestIndex!.Value));
        Assert.All(refusal.Problems, p => Assert.Equal("merge-data-too-large", p.Code));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Merge_data_may_hold_any_character_and_the_document_opens(bool isEncrypted)
    {
        await using var clinic = await OpenAsync(config => config with { EncryptMergeData = isEncrypted });
        string[] values = ["Nul \0 here", "\u0001\u0008\u000B\u001F", "\uFFFE\uFFFF", "😀\u202E\u0301", "<w:p/>&amp;]]>", "\u2028\u2029\u0085"];

        var id = await clinic.Anna.CreateBatchJobAsync(
            "x", clinic.TemplateId, values.Select((value, i) => new BatchDocumentRequest { DocumentName = $"Letter {i}", MergeData = new() { ["patientName"] = value } }), Docx, cancellation: Cancellation);
        var job = await clinic.EndAsync(id);

        // Reading them parses each as XML.
        Assert.Equal((JobStatus.Completed, values.Length), (job.Status, job.Succeeded));
        var files = await clinic.ReadArchiveAsync(id);
        Assert.All(Enumerable.Range(0, values.Length), i => Assert.StartsWith("Dear ", files[$"Letter {i}.docx"], StringComparison.Ordinal));
        Assert.Equal("Dear " + values[3], files["Letter 3.docx"]);
        Assert.Equal("Dear " + values[4], files["Letter 4.docx"]);
    }

    [Fact]
    public async Task Of_many_who_come_at_once_as_many_get_in_as_there_is_room()
    {
        await using var clinic = await OpenAsync(config => config with { MaxQueueSize = 10 }, isStarted: false);

        // Half of them come in by several batches, and find the queue full at their end only.
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            async () =>
            {
                try
                {
                    await clinic.CreateAsync(i % 2 == 0 ? 1 : 2_100, service: i % 3 == 0 ? clinic.Anna : clinic.Bernd);
                    return "";
                }
                catch (JobRefusedException e)
                {
                    return e.Code;
                }
            },
            Cancellation)));

        Assert.Equal((10, 10), (outcomes.Count(o => o.Length == 0), outcomes.Count(o => o == "queue-full")));
        Assert.Equal(10, (await clinic.Operator.GetQueueAsync(cancellation: Cancellation)).Count);
        Assert.Equal(10, (await ReadAsync(clinic, db => db.Jobs.Select(j => j.Id).ToListAsync(Cancellation))).Count);
        Assert.Equal(10, await ReadAsync(clinic, db => db.Requests.Select(r => r.JobId).Distinct().CountAsync(Cancellation)));
        Assert.Equal(10, await ReadAsync(clinic, db => db.Queue.Select(q => q.Sequence).Distinct().CountAsync(Cancellation)));
    }

    private static Task<Guid> CreateAsync(TestClinic clinic, IAsyncEnumerable<BatchDocumentRequest> requests, CancellationToken? cancellation = null)
        => clinic.Anna.CreateBatchJobAsync("Stream", clinic.TemplateId, requests, Docx, cancellation: cancellation ?? Cancellation);

    private static async IAsyncEnumerable<BatchDocumentRequest> Requests(int count, Func<int, Task> before, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var i = 0; i < count; i++)
        {
            await before(i);
            cancellation.ThrowIfCancellationRequested();
            yield return new BatchDocumentRequest { DocumentName = $"Letter {i}", MergeDataJson = $"{{\"patientName\":\"Patient {i}\"}}" };
        }
    }

    private static Task<int> RowsAsync(TestClinic clinic)
        => ReadAsync(clinic, async db => await db.Jobs.CountAsync(Cancellation) + await db.Requests.CountAsync(Cancellation) + await db.Queue.CountAsync(Cancellation));
}

public sealed class SqliteIntakeTests : IntakeContract
{
    protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresIntakeTests(PostgresFixture postgres) : IntakeContract
{
    protected override async Task<string?> NewDatabaseAsync() => await postgres.NewDatabaseAsync();
}
