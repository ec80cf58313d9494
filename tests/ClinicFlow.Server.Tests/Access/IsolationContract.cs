using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClinicFlow.Server.Tests.Access;

/// <summary>Two users at once, each blind to the other; and an operator, who sees jobs and no patient: the same on both databases.</summary>
public abstract class IsolationContract(OnOneDatabase database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_users_at_once_see_nothing_of_each_other()
    {
        var gate = new SemaphoreSlim(0);
        await using var owned = await database.StartAsync(configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf((_, _) => gate.WaitAsync(Cancellation))));
        using var administrator = await TestUser.AdministratorAsync(owned.Server);
        using var anna = await TestUser.NewAsync(owned.Server, "anna");
        using var bernd = await TestUser.NewAsync(owned.Server, "bernd");
        var template = await administrator.AddTemplateAsync();
        var (annas, bernds) = (await JobsAsync(anna, template.Id, "Aurelia"), await JobsAsync(bernd, template.Id, "Balthasar"));

        foreach (var (me, mine, mark, theirs, other, foreign) in new[] { (anna, annas, "Aurelia", bernds, bernd, "Balthasar"), (bernd, bernds, "Balthasar", annas, anna, "Aurelia") })
        {
            var before = await StateAsync(other, theirs);

            // What is listed is one's own, whatever is asked for.
            foreach (var list in new[] { "", "?createdBy=" + other.Id, "?text=" + foreign, "?count=200&status=completed&status=processing&status=queued&priority=normal", "?templateId=" + template.Id })
            {
                var ids = (await me.GetAsync<Page<Job>>("batch-jobs" + list)).Items.Select(job => job.Id).ToArray();
                Assert.DoesNotContain(ids, id => theirs.Contains(id));
                Assert.Equal(list.Length == 0 ? mine.Order() : ids.Order(), ids.Order());
            }

            // A foreign job looks on every route like one that is not there.
            var nowhere = Guid.NewGuid();
            foreach (var job in theirs)
            {
                foreach (var (method, path, body) in RoutesOf(job))
                {
                    Assert.Equal(await AnswerAsync(me, method, path.Replace(job.ToString(), nowhere.ToString(), StringComparison.Ordinal), body), await AnswerAsync(me, method, path, body));
                }
            }

            // What else can be read holds nothing of the other.
            foreach (var path in new[] { "batch-jobs?count=200", "queue", "queue/stats", "metrics", "config", "templates", $"templates/{template.Id}", "api-keys", "session", "session/passkeys", $"batch-jobs/{mine[0]}", $"batch-jobs/{mine[0]}/documents", $"batch-jobs/{mine[1]}" })
            {
                using var answer = await me.Http.GetAsync(path, Cancellation);
                var text = await answer.Content.ReadAsStringAsync(Cancellation);
                Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
                Assert.DoesNotContain(foreign, text, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain(other.Id, text, StringComparison.Ordinal);
                Assert.DoesNotContain(theirs, job => text.Contains(job.ToString(), StringComparison.Ordinal));
            }

            foreach (var path in new[] { "audit", "audit/export", "users" })
            {
                await me.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Get, path);
            }

            // One's own documents are one's own.
            using (var archive = new ZipArchive(new MemoryStream(await me.Http.GetByteArrayAsync($"batch-jobs/{mine[0]}/archive", Cancellation))))
            {
                foreach (var entry in archive.Entries)
                {
                    await using var content = await entry.OpenAsync(Cancellation);
                    using var bytes = new MemoryStream();
                    await content.CopyToAsync(bytes, Cancellation);
                    var text = entry.Name.EndsWith(".docx", StringComparison.Ordinal) ? TestClinic.TextOf(bytes.ToArray()) : Encoding.UTF8.GetString(bytes.ToArray());
                    Assert.True(entry.Name == "errors.csv" || text.Contains(mark, StringComparison.Ordinal), entry.Name);
                    Assert.DoesNotContain(foreign, entry.FullName + text, StringComparison.Ordinal);
                }
            }

            Assert.Equal(before, await StateAsync(other, theirs));
        }

        gate.Release(1_000);
        await anna.EndAsync(annas[1]);
        await bernd.EndAsync(bernds[1]);
    }

    [Fact]
    public async Task Live_streams_tell_of_ones_own_jobs_alone()
    {
        var gate = new SemaphoreSlim(0);
        await using var owned = await database.StartAsync(configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf((_, _) => gate.WaitAsync(Cancellation))));
        using var anna = await TestUser.NewAsync(owned.Server, "anna");
        using var bernd = await TestUser.NewAsync(owned.Server, "bernd");
        using var olga = await TestUser.NewAsync(owned.Server, "olga", Role.Operator);
        var template = await anna.AddTemplateAsync();
        var annas = (await anna.PostAsync<Job>("batch-jobs", Marked(template.Id, "Aurelia", OutputFormat.Pdf, 6))).Id;
        var bernds = (await bernd.PostAsync<Job>("batch-jobs", Marked(template.Id, "Balthasar", OutputFormat.Pdf, 6))).Id;
        await using var annasHub = await ConnectAsync(owned.Server, anna);
        await using var berndsHub = await ConnectAsync(owned.Server, bernd);
        await using var olgasHub = await ConnectAsync(owned.Server, olga);

        // A foreign job is one that is not there.
        foreach (var (hub, foreign) in new[] { (annasHub, bernds), (berndsHub, annas) })
        {
            var refusals = new List<string>();
            foreach (var id in new[] { foreign, Guid.NewGuid() })
            {
                refusals.Add((await Assert.ThrowsAsync<HubException>(async () => await hub.StreamAsync<JobProgress>("WatchJob", id, Cancellation).FirstAsync(Cancellation))).Message);
            }

            Assert.Contains("not-found", refusals[0], StringComparison.Ordinal);
            Assert.Equal(refusals[1], refusals[0]);
        }

        await anna.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{bernds}/events");
        await bernd.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{annas}/events");
        var watching = new[] { MineAsync(annasHub, annas), MineAsync(berndsHub, bernds) };
        var seen = StepsAsync(olgasHub, annas);
        var events = EventsAsync(olga, annas);
        var later = Task.Run(async () =>
        {
            // A job that begins while both watch is told to its owner alone.
            await Task.Delay(200, Cancellation);
            gate.Release(12);
        }, Cancellation);

        var mine = await Task.WhenAll(watching);
        await later;
        Assert.All(mine[0], step => Assert.Equal(annas, step.JobId));
        Assert.All(mine[1], step => Assert.Equal(bernds, step.JobId));
        Assert.DoesNotContain(mine[0], step => step.CurrentDocument?.Contains("Balthasar", StringComparison.Ordinal) == true);
        Assert.DoesNotContain(mine[1], step => step.CurrentDocument?.Contains("Aurelia", StringComparison.Ordinal) == true);

        // An operator sees the job move, and no name.
        foreach (var step in (await seen).Concat(await events))
        {
            Assert.Equal((annas, (string?)null), (step.JobId, step.CurrentDocument));
        }
    }

    [Fact]
    public async Task An_operator_sees_and_controls_all_jobs_and_opens_no_document()
    {
        var gate = new SemaphoreSlim(0);
        await using var owned = await database.StartAsync(configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf((_, _) => gate.WaitAsync(Cancellation))));
        using var administrator = await TestUser.AdministratorAsync(owned.Server);
        using var anna = await TestUser.NewAsync(owned.Server, "anna");
        using var olga = await TestUser.NewAsync(owned.Server, "olga", Role.Operator);
        var template = await anna.AddTemplateAsync();
        var jobs = await JobsAsync(anna, template.Id, "Aurelia", "Batch");
        var waiting = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            waiting.Add((await anna.PostAsync<Job>("batch-jobs", Marked(template.Id, "Aurelia", OutputFormat.Pdf, 1, "Batch"))).Id);
        }

        foreach (var seer in new[] { olga, administrator })
        {
            Assert.Superset(jobs.ToHashSet(), (await seer.GetAsync<Page<Job>>("batch-jobs")).Items.Select(job => job.Id).ToHashSet());
            Assert.NotEmpty((await seer.GetAsync<Page<QueuedJob>>("queue")).Items);
            foreach (var path in new[] { "batch-jobs?count=200", "queue", "queue/stats", $"batch-jobs/{jobs[0]}", $"batch-jobs/{jobs[0]}/documents", $"batch-jobs/{jobs[1]}", $"batch-jobs/{jobs[1]}/documents" })
            {
                using var answer = await seer.Http.GetAsync(path, Cancellation);
                Assert.DoesNotContain("Aurelia", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.OrdinalIgnoreCase);
            }

            var documents = (await seer.GetAsync<Page<JobDocument>>($"batch-jobs/{jobs[0]}/documents")).Items;
            Assert.All(documents, document => Assert.Equal(($"document {document.Index + 1}", $"document {document.Index + 1}", (string?)null), (document.RequestId, document.DocumentName, document.PatientId)));
            foreach (var path in new[] { "archive", "merged", "documents/Aurelia0/file", "documents/Aurelia0/file?format=docx", "documents/document%201/file" })
            {
                await seer.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{jobs[0]}/{path}");
            }

            await seer.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"render/{jobs[0]}");
            await seer.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Post, $"batch-jobs/{jobs[0]}/retry", new RetryOrder { CorrectedData = new Dictionary<string, JsonObject> { ["Aurelia0"] = new() { ["patientName"] = "x" } } });
        }

        using (var hurried = await olga.Http.PutAsJsonAsync($"batch-jobs/{waiting[3]}/priority", new PriorityChange(JobPriority.Urgent), Wire.Json, Cancellation))
        {
            Assert.Equal(HttpStatusCode.OK, hurried.StatusCode);
        }

        Assert.Equal(waiting[3], (await olga.GetAsync<Page<QueuedJob>>("queue")).Items[0].JobId);
        await olga.PostAsync<Job>($"batch-jobs/{waiting[3]}/pause");
        await olga.PostAsync<Job>($"batch-jobs/{waiting[3]}/resume");
        await olga.PostAsync<Job>($"batch-jobs/{waiting[3]}/cancel");
        Assert.Equal(JobStatus.Cancelled, (await anna.EndAsync(waiting[3])).Status);
        await olga.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Get, "audit");
        await olga.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Get, "users");
        gate.Release(1_000);
        foreach (var id in jobs.Concat(waiting))
        {
            await anna.EndAsync(id);
        }
    }

    [Fact]
    public async Task Previews_at_once_show_each_user_what_the_user_gave_and_keep_nothing()
    {
        await using var owned = await database.StartAsync(configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf()));
        using var administrator = await TestUser.AdministratorAsync(owned.Server);
        using var anna = await TestUser.NewAsync(owned.Server, "anna");
        using var bernd = await TestUser.NewAsync(owned.Server, "bernd");
        var template = await administrator.AddTemplateAsync();
        var path = $"templates/{template.Id}/versions/{template.Versions[0].Id}/preview";
        async Task PreviewAsync(TestUser user, string mark, int i)
        {
            using var answer = await user.Http.PostAsJsonAsync(path, new PreviewOrder { MergeData = new JsonObject { ["patientName"] = $"{mark} {i}" }, Format = OutputFormat.Docx }, Wire.Json, Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal($"Dear {mark} {i}", TestClinic.TextOf(await answer.Content.ReadAsByteArrayAsync(Cancellation)));
        }

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? PreviewAsync(anna, "Aurelia", i) : PreviewAsync(bernd, "Balthasar", i)));

        Assert.Empty((await administrator.GetAsync<Page<Job>>("batch-jobs")).Items);
        using var audit = await administrator.Http.GetAsync(new Uri("audit?count=1000", UriKind.Relative), Cancellation);
        var log = await audit.Content.ReadAsStringAsync(Cancellation);
        Assert.DoesNotContain("Aurelia", log, StringComparison.Ordinal);
        Assert.DoesNotContain("Balthasar", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_is_used_by_everybody_and_changed_by_whoever_made_it()
    {
        await using var owned = await database.StartAsync(configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf()));
        using var anna = await TestUser.NewAsync(owned.Server, "anna");
        using var bernd = await TestUser.NewAsync(owned.Server, "bernd");
        using var olga = await TestUser.NewAsync(owned.Server, "olga", Role.Operator);
        var template = await anna.AddTemplateAsync();
        var version = $"templates/{template.Id}/versions/{template.Versions[0].Id}";

        foreach (var path in new[] { $"templates/{template.Id}", version + "/file", version + "/details" })
        {
            using var answer = await bernd.Http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(JobStatus.Completed, (await bernd.EndAsync((await bernd.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 1))).Id)).Status);
        await bernd.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Post, version + "/archive");
        await bernd.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Post, version + "/publish");
        using var form = TestUser.TemplateForm(TestClinic.Template("Dear {{other}}"), "", publish: true);
        await bernd.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Post, $"templates/{template.Id}/versions", form);
        var still = await anna.GetAsync<Template>($"templates/{template.Id}");
        Assert.Equal((1, template.Versions[0].Id), (still.Versions.Count, still.PublishedVersionId));
        Assert.Equal(Client.Contracts.TemplateStatus.Archived, (await olga.PostAsync<Template>(version + "/archive")).Versions[0].Status);
    }

    /// <summary>A job that has ended and one that is at work, with documents that bear a mark.</summary>
    private static async Task<Guid[]> JobsAsync(TestUser user, Guid templateId, string mark, string? name = null)
    {
        var done = await user.EndAsync((await user.PostAsync<Job>("batch-jobs", Marked(templateId, mark, OutputFormat.Docx, 3, name))).Id);
        Assert.Equal(3, done.Progress.Succeeded);
        var running = (await user.PostAsync<Job>("batch-jobs", Marked(templateId, mark, OutputFormat.Pdf, 3, name))).Id;
        while ((await user.GetAsync<Job>($"batch-jobs/{running}")).Progress.InFlight == 0)
        {
            await Task.Delay(20, Cancellation);
        }

        return [done.Id, running];
    }

    private static NewJob Marked(Guid templateId, string mark, OutputFormat format, int count, string? name = null) => new()
    {
        Name = name ?? mark,
        TemplateId = templateId,
        Settings = new JobSettings { OutputFormat = format, MaxConcurrentProcessing = 1 },
        Requests = [.. Enumerable.Range(0, count).Select(i => new DocumentRequest { DocumentName = $"{mark} {i}", PatientId = $"{mark}-{i}", RequestId = $"{mark}{i}", MergeData = new JsonObject { ["patientName"] = $"{mark} {i}" } })],
    };

    private static IEnumerable<(HttpMethod Method, string Path, object? Body)> RoutesOf(Guid id)
    {
        foreach (var path in new[] { "", "/documents", "/documents?state=failed", "/archive", "/merged", "/documents/Aurelia0/file", "/documents/Balthasar0/file?format=docx", "/events" })
        {
            yield return (HttpMethod.Get, $"batch-jobs/{id}{path}", null);
        }

        foreach (var path in new[] { "/archive", "/merged", "/documents/Aurelia0/file" })
        {
            yield return (HttpMethod.Head, $"batch-jobs/{id}{path}", null);
        }

        yield return (HttpMethod.Get, $"render/{id}", null);
        foreach (var path in new[] { "/pause", "/resume", "/cancel", "/retry" })
        {
            yield return (HttpMethod.Post, $"batch-jobs/{id}{path}", null);
        }

        yield return (HttpMethod.Post, $"batch-jobs/{id}/retry", new RetryOrder { CorrectedData = new Dictionary<string, JsonObject> { ["Aurelia0"] = new() { ["patientName"] = "changed" } } });
        yield return (HttpMethod.Put, $"batch-jobs/{id}/priority", new PriorityChange(JobPriority.Urgent));
        yield return (HttpMethod.Delete, $"batch-jobs/{id}", null);
    }

    /// <summary>An answer with everything that could tell a job from none, and without what differs each time.</summary>
    private static async Task<string> AnswerAsync(TestUser user, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Wire.Json) };
        using var answer = await user.Http.SendAsync(request, Cancellation);
        Assert.Equal((method, path, HttpStatusCode.NotFound), (method, path, answer.StatusCode));
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        if (text.Length > 0)
        {
            var problem = JsonNode.Parse(text)!.AsObject();
            problem.Remove("traceId");
            text = problem.ToJsonString();
        }

        return $"{text} {string.Join(',', answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Date" or "Content-Length")).Select(header => $"{header.Key}: {string.Join(' ', header.Value)}").Order())}";
    }

    private static async Task<string> StateAsync(TestUser user, Guid[] jobs)
    {
        var state = new List<string>();
        foreach (var id in jobs)
        {
            var job = await user.GetAsync<Job>($"batch-jobs/{id}");
            var documents = await user.GetAsync<Page<JobDocument>>($"batch-jobs/{id}/documents");
            state.Add($"{job.Status} {job.Priority} {job.Progress.Succeeded} {job.Progress.Requested} {string.Join(' ', documents.Items.Select(document => $"{document.RequestId} {document.State} {document.Attempts}"))}");
        }

        return string.Join('\n', state);
    }

    private static async Task<HubConnection> ConnectAsync(TestServer server, TestUser user)
    {
        var hub = new HubConnectionBuilder().WithUrl(new Uri(server.Address, "/hubs/batch-jobs"), options => options.Headers.Add("Authorization", "Bearer " + user.Key))
            .AddJsonProtocol(json => Wire.Configure(json.PayloadSerializerOptions)).Build();
        await hub.StartAsync(Cancellation);
        return hub;
    }

    /// <summary>What is told of all of one's jobs until one of them has ended.</summary>
    private static async Task<List<JobProgress>> MineAsync(HubConnection hub, Guid until)
    {
        var steps = new List<JobProgress>();
        await foreach (var step in hub.StreamAsync<JobProgress>("WatchMyJobs", Cancellation))
        {
            steps.Add(step);
            if (step.JobId == until && step.Status == JobStatus.Completed)
            {
                break;
            }
        }

        return steps;
    }

    private static async Task<List<JobProgress>> StepsAsync(HubConnection hub, Guid id)
    {
        var steps = new List<JobProgress>();
        await foreach (var step in hub.StreamAsync<JobProgress>("WatchJob", id, Cancellation))
        {
            steps.Add(step);
        }

        return steps;
    }

    private static async Task<List<JobProgress>> EventsAsync(TestUser user, Guid id)
    {
        using var answer = await user.Http.GetAsync($"batch-jobs/{id}/events", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var steps = new List<JobProgress>();
        await using var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
        await foreach (var item in SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize<JobProgress>(data, Wire.Json)!).EnumerateAsync(Cancellation))
        {
            steps.Add(item.Data);
        }

        return steps;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteIsolationTests() : IsolationContract(new OnSqlite());

/// <summary>On a real PostgreSQL.</summary>
public sealed class PostgresIsolationTests(PostgresFixture postgres) : IsolationContract(new OnPostgres(postgres));
