using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClinicFlow.Server.Tests.Jobs;

/// <summary>Jobs over real HTTP: the same on both databases.</summary>
public abstract class JobsContract
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<string?> DatabaseAsync();

    [Fact]
    public async Task A_file_of_patients_becomes_documents_in_one_archive()
    {
        await using var server = await StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();

        using var form = TestUser.ImportForm(
            new NewImport { TemplateId = template.Id, DocumentName = "{{name}} letter", PatientIdColumn = "mrn", Columns = new Dictionary<string, string> { ["patientName"] = "name" }, Settings = new JobSettings { OutputFormat = OutputFormat.Both } },
            "mrn;name\n1001;Ödön Ágó\n1002;Bella\n");
        using var answer = await anna.Http.PostAsync("batch-jobs/import", form, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var created = (await answer.Content.ReadFromJsonAsync<Job>(Wire.Json, Cancellation))!;
        Assert.Equal($"/api/v1/batch-jobs/{created.Id}", answer.Headers.Location?.ToString());
        Assert.Equal("patients", created.Name);
        Assert.Equal("anna", created.CreatedByName);

        var job = await anna.EndAsync(created.Id);
        Assert.Equal((JobStatus.Completed, 2, 2, 100d), (job.Status, job.Progress.Total, job.Progress.Succeeded, job.Progress.Percent));
        Assert.Equal(["archive", "merged"], job.Downloads);
        Assert.Equal(["delete"], job.Actions);

        var documents = await anna.GetAsync<Page<JobDocument>>($"batch-jobs/{job.Id}/documents");
        Assert.Equal([("r1", "1001", "Ödön Ágó letter"), ("r2", "1002", "Bella letter")], documents.Items.Select(d => (d.RequestId, d.PatientId!, d.DocumentName)));
        using (var archive = await anna.Http.GetAsync($"batch-jobs/{job.Id}/archive", Cancellation))
        {
            Assert.Equal("application/zip", archive.Content.Headers.ContentType?.MediaType);
            Assert.Equal("patients.zip", archive.Content.Headers.ContentDisposition?.FileNameStar ?? archive.Content.Headers.ContentDisposition?.FileName);
            await using var zip = new ZipArchive(await archive.Content.ReadAsStreamAsync(Cancellation), ZipArchiveMode.Read);
            Assert.Equal(["Bella letter.docx", "Bella letter.pdf", "errors.csv", "manifest.json", "Ödön Ágó letter.docx", "Ödön Ágó letter.pdf"], zip.Entries.Select(e => e.FullName).Order(StringComparer.InvariantCultureIgnoreCase));
        }

        var letter = await anna.Http.GetByteArrayAsync($"batch-jobs/{job.Id}/documents/r1/file?format=docx", Cancellation);
        Assert.Equal("Dear Ödön Ágó", TestClinic.TextOf(letter));
        var merged = await anna.Http.GetByteArrayAsync($"batch-jobs/{job.Id}/merged", Cancellation);
        Assert.Equal("%PDF"u8.ToArray(), merged[..4]);
    }

    [Fact]
    public async Task Downloads_come_in_ranges_and_are_not_sent_twice()
    {
        await using var server = await StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var job = await anna.EndAsync((await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 3))).Id);
        foreach (var path in new[] { $"batch-jobs/{job.Id}/archive", $"batch-jobs/{job.Id}/documents/r2/file" })
        {
            var whole = await anna.Http.GetByteArrayAsync(path, Cancellation);
            using var head = await anna.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), Cancellation);
            Assert.Equal(whole.Length, head.Content.Headers.ContentLength);

            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = new RangeHeaderValue(100, 199) } };
            using var part = await anna.Http.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(whole[100..200], await part.Content.ReadAsByteArrayAsync(Cancellation));

            using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { head.Headers.ETag! } } };
            using var known = await anna.Http.SendAsync(again, Cancellation);
            Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        }

        Assert.Equal("not-found", (await anna.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{job.Id}/documents/r9/file")).Code);
        Assert.Equal("not-found", (await anna.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{job.Id}/merged")).Code);
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_job()
    {
        await using var server = await StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        using var bernd = await TestUser.NewAsync(server, "bernd");
        var template = await anna.AddTemplateAsync();
        async Task<Guid> Create(TestUser user)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "batch-jobs") { Content = JsonContent.Create(TestUser.Letters(template.Id, 1), options: Wire.Json) };
            request.Headers.Add("Idempotency-Key", "monday");
            using var answer = await user.Http.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            return (await answer.Content.ReadFromJsonAsync<Job>(Wire.Json, Cancellation))!.Id;
        }

        var first = await Create(anna);
        Assert.Equal(first, await Create(anna));
        Assert.NotEqual(first, await Create(bernd));
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_job_is_said_at_once()
    {
        await using var server = await StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var job = TestUser.Letters(template.Id, 3, new JobSettings { MaxConcurrentProcessing = 11, MaxRetries = 9 });
        var problem = await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "batch-jobs", job with { Name = "", Requests = [job.Requests[0], job.Requests[1] with { DocumentName = "" }] });
        Assert.Equal("job-invalid", problem.Code);
        Assert.Equal(["name", "requests[1].documentName", "settings.maxConcurrentProcessing", "settings.maxRetries"], problem.Errors!.Select(e => e.Path).Order());
        Assert.Equal(2, problem.Errors!.Single(e => e.Path == "requests[1].documentName").Row);
        Assert.Empty((await anna.GetAsync<Page<Job>>("batch-jobs")).Items);
    }

    [Theory]
    [InlineData("""{"name": "x", "templateId": "TEMPLATE", "requests": [], "createdBy": "admin"}""", "createdBy")]
    [InlineData("""{"name": "x", "templateId": "TEMPLATE", "status": "completed"}""", "status")]
    [InlineData("""{"name": "x", "templateId": "TEMPLATE", "priority": "highest"}""", "priority")]
    [InlineData("""{"name": "x", "templateId": "TEMPLATE", "priority": 3}""", "priority")]
    [InlineData("""{"name": "x", "templateId": "TEMPLATE", "requests": [{"documentName": 7}]}""", "requests[0].documentName")]
    [InlineData("""{"name": "x", """, null)]
    [InlineData("""{"name": "x"}""", null)]
    public async Task Wrong_JSON_is_refused_with_its_place(string body, string? path)
    {
        await using var server = await StartAsync();
        using var anna = await TestUser.AdministratorAsync(server);
        using var content = new StringContent(body.Replace("TEMPLATE", Guid.NewGuid().ToString(), StringComparison.Ordinal), new MediaTypeHeaderValue("application/json"));
        var problem = await anna.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "batch-jobs", content);
        Assert.Equal(("json-invalid", path), (problem.Code, problem.Errors!.Single().Path));
    }

    [Fact]
    public async Task A_full_queue_says_when_to_come_back()
    {
        await using var server = await StartAsync([("BatchProcessing:MaxQueueSize", "1")], new FaultyPdf((_, _) => Task.Delay(Timeout.Infinite)));
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        for (var i = 0; i < 3; i++)
        {
            var running = await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 1, new JobSettings()));
            while ((await anna.GetAsync<Job>($"batch-jobs/{running.Id}")).Status == JobStatus.Queued)
            {
                await Task.Delay(20, Cancellation);
            }
        }

        await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 1, new JobSettings()));
        using var answer = await anna.Http.PostAsJsonAsync("batch-jobs", TestUser.Letters(template.Id, 1), Wire.Json, Cancellation);
        Assert.Equal("queue-full", (await TestUser.ProblemAsync(HttpStatusCode.ServiceUnavailable, answer)).Code);
        Assert.NotNull(answer.Headers.RetryAfter);

        var queue = await anna.GetAsync<Page<QueuedJob>>("queue");
        Assert.Equal((1, 1), (queue.Items.Count, queue.Items[0].Position));
        var stats = await anna.GetAsync<QueueStats>("queue/stats");
        Assert.Equal((1, 3, 1), (stats.TotalQueued, stats.Processing, stats.MaxQueueSize));
        foreach (var job in (await anna.GetAsync<Page<Job>>("batch-jobs")).Items)
        {
            await anna.PostAsync<Job>($"batch-jobs/{job.Id}/cancel");
        }
    }

    [Fact]
    public async Task A_job_is_paused_resumed_hurried_cancelled_retried_and_deleted()
    {
        var gate = new TaskCompletionSource();
        await using var server = await StartAsync(pdf: new FaultyPdf((_, _) => gate.Task));
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var id = (await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 12, new JobSettings { MaxConcurrentProcessing = 2 }))).Id;
        while ((await anna.GetAsync<Job>($"batch-jobs/{id}")).Progress.InFlight == 0)
        {
            await Task.Delay(20, Cancellation);
        }

        var illegal = await anna.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Delete, $"batch-jobs/{id}");
        Assert.Equal("job-state", illegal.Code);
        Assert.Contains("cancel", illegal.Allowed!);
        await anna.PostAsync<Job>($"batch-jobs/{id}/pause");
        var pausing = await anna.PostAsync<Job>($"batch-jobs/{id}/pause");
        Assert.Equal(JobControl.Pause, pausing.Progress.Requested);
        gate.SetResult();
        while ((await anna.GetAsync<Job>($"batch-jobs/{id}")).Status != JobStatus.Paused)
        {
            await Task.Delay(20, Cancellation);
        }

        using (var hurried = await anna.Http.PutAsJsonAsync($"batch-jobs/{id}/priority", new PriorityChange(JobPriority.Urgent), Wire.Json, Cancellation))
        {
            Assert.Equal(JobPriority.Urgent, (await hurried.Content.ReadFromJsonAsync<Job>(Wire.Json, Cancellation))!.Priority);
        }

        var cancelled = await anna.PostAsync<Job>($"batch-jobs/{id}/cancel");
        var ended = await anna.EndAsync(id);
        Assert.Equal(JobStatus.Cancelled, ended.Status);
        Assert.InRange(ended.Progress.Succeeded, 1, 11);
        Assert.Equal(["retry", "delete"], ended.Actions);

        await anna.PostAsync<Job>($"batch-jobs/{id}/retry");
        var done = await anna.EndAsync(id);
        Assert.Equal((JobStatus.Completed, 12), (done.Status, done.Progress.Succeeded));
        using (var deleted = await anna.Http.DeleteAsync(new Uri($"batch-jobs/{id}", UriKind.Relative), Cancellation))
        {
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        await anna.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{id}");
        Assert.Equal(id, cancelled.Id);
    }

    [Fact]
    public async Task Failed_documents_are_tried_again_with_corrected_data()
    {
        await using var server = await StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var order = TestUser.Letters(template.Id, 3);
        var id = (await anna.PostAsync<Job>("batch-jobs", order with { Requests = [order.Requests[0], order.Requests[1] with { MergeData = [] }, order.Requests[2]] })).Id;
        Assert.Equal((2, 1), ((await anna.EndAsync(id)).Progress.Succeeded, (await anna.EndAsync(id)).Progress.Failed));
        var failed = await anna.GetAsync<Page<JobDocument>>($"batch-jobs/{id}/documents?state=failed");
        Assert.Equal("r2", Assert.Single(failed.Items).RequestId);
        Assert.NotNull(failed.Items[0].ErrorMessage);

        var unknown = await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, $"batch-jobs/{id}/retry", new RetryOrder { RequestIds = ["r9"] });
        Assert.Equal("job-invalid", unknown.Code);
        await anna.PostAsync<Job>($"batch-jobs/{id}/retry", new RetryOrder { CorrectedData = new Dictionary<string, JsonObject> { ["r2"] = new() { ["patientName"] = "Corrected" } } });
        Assert.Equal(3, (await anna.EndAsync(id)).Progress.Succeeded);
        Assert.Equal("Dear Corrected", TestClinic.TextOf(await anna.Http.GetByteArrayAsync($"batch-jobs/{id}/documents/r2/file", Cancellation)));
    }

    [Fact]
    public async Task Jobs_are_listed_by_what_one_looks_for_page_by_page()
    {
        await using var server = await StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        for (var i = 0; i < 5; i++)
        {
            await anna.EndAsync((await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 1, name: $"Job {i}", priority: i == 2 ? JobPriority.High : JobPriority.Normal))).Id);
        }

        var first = await anna.GetAsync<Page<Job>>("batch-jobs?count=2");
        var second = await anna.GetAsync<Page<Job>>($"batch-jobs?count=2&cursor={Uri.EscapeDataString(first.Next!)}");
        var third = await anna.GetAsync<Page<Job>>($"batch-jobs?count=2&cursor={Uri.EscapeDataString(second.Next!)}");
        Assert.Equal(["Job 4", "Job 3", "Job 2", "Job 1", "Job 0"], first.Items.Concat(second.Items).Concat(third.Items).Select(job => job.Name));
        Assert.Null(third.Next);
        Assert.Equal("Job 2", Assert.Single((await anna.GetAsync<Page<Job>>("batch-jobs?priority=high&status=completed&status=failed")).Items).Name);
        Assert.Equal("Job 3", Assert.Single((await anna.GetAsync<Page<Job>>("batch-jobs?text=job%203")).Items).Name);
        Assert.Empty((await anna.GetAsync<Page<Job>>($"batch-jobs?templateId={Guid.NewGuid()}")).Items);
        foreach (var query in new[] { "status=done", "priority=9", "count=0", "cursor=nonsense" })
        {
            Assert.Equal("request-invalid", (await anna.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Get, $"batch-jobs?{query}")).Code);
        }
    }

    [Fact]
    public async Task What_is_polled_is_sent_again_only_when_it_has_changed()
    {
        await using var server = await StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var job = await anna.EndAsync((await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 1))).Id);
        foreach (var path in new[] { "batch-jobs", $"batch-jobs/{job.Id}", $"batch-jobs/{job.Id}/documents", "queue", "queue/stats", "templates", "config" })
        {
            using var answer = await anna.Http.GetAsync(path, Cancellation);
            using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
            using var known = await anna.Http.SendAsync(again, Cancellation);
            Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
            Assert.Empty(await known.Content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Nobody_sees_another_users_job_and_an_operator_sees_no_patient()
    {
        await using var server = await StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        using var bernd = await TestUser.NewAsync(server, "bernd");
        using var olga = await TestUser.NewAsync(server, "olga", Role.Operator);
        var template = await anna.AddTemplateAsync();
        var job = await anna.EndAsync((await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 2))).Id);
        Assert.Empty((await bernd.GetAsync<Page<Job>>("batch-jobs")).Items);
        foreach (var path in new[] { "", "/documents", "/archive", "/documents/r1/file", "/events" })
        {
            await bernd.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{job.Id}{path}");
        }

        var seen = await olga.GetAsync<Job>($"batch-jobs/{job.Id}");
        Assert.Equal(("anna", 0), (seen.CreatedByName, seen.Downloads.Count));
        var documents = await olga.GetAsync<Page<JobDocument>>($"batch-jobs/{job.Id}/documents");
        Assert.Equal([("document 1", null, "document 1.docx"), ("document 2", null, "document 2.docx")], documents.Items.Select(d => (d.DocumentName, d.PatientId, d.Files[0].FileName)));
        await olga.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{job.Id}/archive");
        await olga.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{job.Id}/documents/r1/file");
    }

    private protected async Task<TestServer> StartAsync(IEnumerable<(string, string)>? settings = null, IPdfConverter? pdf = null)
        => await TestServer.StartAsync(await DatabaseAsync(), settings, builder => builder.Services.AddSingleton(pdf ?? new FaultyPdf()));
}

/// <summary>On SQLite.</summary>
public sealed class SqliteJobsTests : JobsContract
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

/// <summary>On a real PostgreSQL.</summary>
public sealed class PostgresJobsTests(PostgresFixture postgres) : JobsContract
{
    protected override async Task<string?> DatabaseAsync() => await postgres.NewDatabaseAsync();
}
