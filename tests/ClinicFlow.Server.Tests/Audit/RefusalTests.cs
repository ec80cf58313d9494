using System.Globalization;
using System.Net;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Audit;
using ClinicFlow.Server.Tests.Access;
using ClinicFlow.Server.Tests.Accounts;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClinicFlow.Server.Tests.Audit;

/// <summary>What was refused is in the audit log, with who, from where, to what and why; and nobody can fill it by being refused.</summary>
public sealed class RefusalTests
{
    private const string Mark = "Zacharias-Secret";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_act_that_a_key_or_a_role_does_not_allow_leaves_an_entry()
    {
        await using var server = await StartAsync();
        using var administrator = await TestUser.AdministratorAsync(server);
        using var person = await Visitor.AdministratorAsync(server);
        using var anna = await person.NewUserAsync("anna");
        var id = (await anna.GetAsync<Session>("session")).Id;
        var weak = (await anna.PostAsync<ApiKeyCredentials>("api-keys", new NewApiKey("weak", [Scopes.TemplatesRead]))).Key;
        var other = (await anna.PostAsync<ApiKeyCredentials>("api-keys", new NewApiKey("weak", [Scopes.JobsRead]))).Key;
        var expected = new List<string>();
        foreach (var endpoint in RuleCheck.EndpointsOf(server.App).Where(endpoint => endpoint.Metadata.GetMetadata<AuditedAct>() is not null))
        {
            var (rule, action) = (endpoint.Metadata.GetRequiredMetadata<AccessRule>(), endpoint.Metadata.GetRequiredMetadata<AuditedAct>().Action);
            foreach (var method in RuleCheck.MethodsOf(endpoint).Where(_ => rule.Scope is not null))
            {
                using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = server.Address };
                using var request = RuleCheck.RequestTo(endpoint, method);
                request.Headers.Add("X-Api-Key", rule.Scope == Scopes.TemplatesRead ? other : weak);
                using var answer = await http.SendAsync(request, Cancellation);
                Assert.Equal((action, method, HttpStatusCode.Forbidden), (action, method, answer.StatusCode));
                expected.Add(action);
            }
        }

        Assert.InRange(expected.Distinct().Count(), 25, 100);
        var entries = await RefusedAsync(administrator);
        Assert.Equal(expected.Distinct().Order(StringComparer.Ordinal), entries.Select(entry => entry.Action).Order(StringComparer.Ordinal));
        Assert.All(entries, entry => Assert.Equal((id, "127.0.0.1", "not-allowed"), (entry.Actor, entry.Origin, entry.Detail)));
        Assert.Equal(NamedBy(server, "id", "renderId", "versionId").Order(StringComparer.Ordinal), entries.Where(entry => Guid.TryParse(entry.Subject, out _)).Select(entry => entry.Action).Order(StringComparer.Ordinal));
        Assert.True((await administrator.PostAsync<AuditVerdict>("audit/verify")).IsIntact);
    }

    [Fact]
    public async Task A_control_and_a_download_of_somebody_elses_job_leave_an_entry_and_so_does_what_ones_own_does_not_allow_now()
    {
        await using var server = await StartAsync(map: app => app.MapPost("/api/v1/planted/{id:guid}", IResult (Guid id) => throw new BadHttpRequestException($"{id}", StatusCodes.Status409Conflict)).Needs(Scopes.JobsWrite).Audits("planted"));
        using var administrator = await TestUser.AdministratorAsync(server);
        using var anna = await TestUser.NewAsync(server, "anna");
        using var bernd = await TestUser.NewAsync(server, "bernd");
        var template = await anna.AddTemplateAsync();
        var job = await anna.EndAsync((await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 1, name: Mark))).Id);

        foreach (var (method, path, body, action) in new (HttpMethod, string, object?, string)[]
        {
            (HttpMethod.Post, "/pause", null, "job.pause"), (HttpMethod.Post, "/resume", null, "job.resume"), (HttpMethod.Post, "/cancel", null, "job.cancel"),
            (HttpMethod.Put, "/priority", new PriorityChange(JobPriority.Low), "job.priority"),
        })
        {
            Assert.Equal("job-state", (await anna.RefusedAsync(HttpStatusCode.Conflict, method, $"batch-jobs/{job.Id}{path}", body)).Code);
            Assert.Equal("not-found", (await bernd.RefusedAsync(HttpStatusCode.NotFound, method, $"batch-jobs/{job.Id}{path}", body)).Code);

            var entries = (await RefusedAsync(administrator)).Where(entry => entry.Action == action);
            Assert.Equal([(bernd.Id, job.Id.ToString(), "not-found"), (anna.Id, job.Id.ToString(), "job-state")], entries.Select(entry => (entry.Actor, entry.Subject, entry.Detail)));
        }

        foreach (var (method, path, action) in new[]
        {
            (HttpMethod.Post, $"batch-jobs/{job.Id}/retry", "job.retry"), (HttpMethod.Delete, $"batch-jobs/{job.Id}", "job.delete"), (HttpMethod.Get, $"batch-jobs/{job.Id}/archive", "job.download"),
        })
        {
            await bernd.RefusedAsync(HttpStatusCode.NotFound, method, path);
            Assert.Equal((bernd.Id, job.Id.ToString(), "not-found"), (await RefusedAsync(administrator)).Where(entry => entry.Action == action).Select(entry => (entry.Actor, entry.Subject, entry.Detail)).Single());
        }

        // Looking at what is not there is no act; what only was written badly is none either.
        var count = (await RefusedAsync(administrator)).Count;
        await bernd.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{job.Id}");
        await bernd.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{job.Id}/documents");
        await bernd.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "batch-jobs", new { Mark });
        Assert.Equal(count, (await RefusedAsync(administrator)).Count);

        // What an exception refuses, after the endpoint was forgotten.
        Assert.Equal("request-invalid", (await anna.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Post, $"planted/{job.Id}")).Code);
        Assert.Contains((anna.Id, "planted", job.Id.ToString(), "request-invalid"), (await RefusedAsync(administrator)).Select(entry => (entry.Actor, entry.Action, entry.Subject, entry.Detail)));
        Assert.DoesNotContain(Mark, string.Join('\n', await LogAsync(administrator)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_an_administrator_may_not_do_leaves_an_entry()
    {
        await using var server = await StartAsync();
        using var administrator = await TestUser.AdministratorAsync(server);
        using var person = await Visitor.AdministratorAsync(server);

        Assert.Equal("last-administrator", await person.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Delete, "users/" + administrator.Id));
        Assert.Equal("not-found", await person.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Patch, "users/" + Mark, new UserChange(Role: Role.Operator)));
        var weak = (await person.PostAsync<ApiKeyCredentials>("api-keys", new NewApiKey("weak", [Scopes.Accounts]))).Key;
        using var program = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = new Uri(server.Address, "/api/v1/") };
        program.DefaultRequestHeaders.Add("X-Api-Key", weak);
        using var wider = await program.PostAsync("api-keys", System.Net.Http.Json.JsonContent.Create(new NewApiKey("wider", [Scopes.AuditRead]), options: Wire.Json), Cancellation);
        await TestUser.ProblemAsync(HttpStatusCode.UnprocessableEntity, wider);
        using var misspelt = await program.PostAsync("api-keys", System.Net.Http.Json.JsonContent.Create(new NewApiKey("wrong", ["jobs:all"]), options: Wire.Json), Cancellation);
        await TestUser.ProblemAsync(HttpStatusCode.UnprocessableEntity, misspelt);

        Assert.Equal(
            [(administrator.Id, "api-key.create", "", "key-invalid"), (administrator.Id, "user.change", "", "not-found"), (administrator.Id, "user.delete", administrator.Id, "last-administrator")],
            (await RefusedAsync(administrator)).Select(entry => (entry.Actor, entry.Action, entry.Subject, entry.Detail)));
        Assert.DoesNotContain(Mark, string.Join('\n', await LogAsync(administrator)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_another_site_may_have_sent_leaves_an_entry()
    {
        await using var server = await StartAsync();
        using var administrator = await TestUser.AdministratorAsync(server);
        using var person = await Visitor.AdministratorAsync(server);
        using var anna = await person.NewUserAsync("anna");
        var id = (await anna.GetAsync<Session>("session")).Id;
        var (job, template) = (Guid.NewGuid(), Guid.NewGuid());
        anna.Token = null;

        Assert.Equal("antiforgery-failed", await anna.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Delete, $"batch-jobs/{job}"));
        Assert.Equal("antiforgery-failed", await anna.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, $"templates/{template}/versions/{template}/preview"));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/hubs/batch-jobs/negotiate")) { Headers = { { "Origin", "https://evil.example" } } };
        using var answer = await anna.Http.SendAsync(request, Cancellation);
        Assert.Equal("origin-foreign", (await TestUser.ProblemAsync(HttpStatusCode.Forbidden, answer)).Code);

        Assert.Equal(
            [(id, "live.connect", "", "origin-foreign"), (id, "request", "", "antiforgery-failed"), (id, "job.delete", job.ToString(), "antiforgery-failed")],
            (await RefusedAsync(administrator)).Select(entry => (entry.Actor, entry.Action, entry.Subject, entry.Detail)));
    }

    [Fact]
    public async Task A_key_that_signs_nobody_in_leaves_an_entry_of_whose_it_was()
    {
        await using var server = await StartAsync();
        using var administrator = await TestUser.AdministratorAsync(server);
        using var person = await Visitor.AdministratorAsync(server);
        using var anna = await person.NewUserAsync("anna");
        var id = (await anna.GetAsync<Session>("session")).Id;
        var revoked = await anna.PostAsync<ApiKeyCredentials>("api-keys", new NewApiKey("old", [Scopes.JobsRead]));
        await anna.DeleteAsync("api-keys/" + revoked.ApiKey.Id);

        foreach (var key in new[] { "cf_" + new string('A', 43), revoked.Key })
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = new Uri(server.Address, "/api/v1/") };
            http.DefaultRequestHeaders.Add("X-Api-Key", key);
            using var answer = await http.GetAsync(new Uri("queue", UriKind.Relative), Cancellation);
            await TestUser.ProblemAsync(HttpStatusCode.Unauthorized, answer);
        }

        var entries = (await LogAsync(administrator)).Where(entry => entry is { Action: "session.begin", Outcome: not "done" });
        Assert.Equal([(id, "127.0.0.1", "sign-in-failed", "api-key"), ("unknown", "127.0.0.1", "sign-in-failed", "api-key")], entries.Select(entry => (entry.Actor, entry.Origin, entry.Outcome, entry.Detail)));
    }

    [Fact]
    public async Task Whoever_is_refused_again_and_again_leaves_two_entries_a_minute()
    {
        var clock = new ShiftedClock();
        await using var server = await StartAsync(clock: clock);
        using var administrator = await TestUser.AdministratorAsync(server);
        using var anna = await TestUser.NewAsync(server, "anna");
        var jobs = Enumerable.Range(0, 300).Select(_ => Guid.NewGuid()).ToArray();

        await Parallel.ForEachAsync(jobs, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (job, _) => await anna.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, $"batch-jobs/{job}"));
        var first = Assert.Single(await RefusedAsync(administrator));
        clock.Advance(TimeSpan.FromMinutes(1));
        IReadOnlyList<AuditEntry> both = [first];
        while (both.Count < 2)
        {
            await Task.Delay(50, Cancellation);
            both = await RefusedAsync(administrator);
        }

        Assert.Equal(("not-found", anna.Id, "job.delete"), (first.Detail, first.Actor, first.Action));
        Assert.Contains(Guid.Parse(first.Subject), jobs);
        Assert.StartsWith("not-found, 299 more: ", both[0].Detail, StringComparison.Ordinal);
        Assert.Equal((anna.Id, "127.0.0.1", "job.delete", "", "refused"), (both[0].Actor, both[0].Origin, both[0].Action, both[0].Subject, both[0].Outcome));
        var named = both[0].Detail.Split(": ")[1].Split(' ').Select(Guid.Parse).ToArray();
        Assert.Equal(10, named.Distinct().Count());
        Assert.All(named, job => Assert.Contains(job, jobs));
        Assert.DoesNotContain(Guid.Parse(first.Subject), named);

        // The minute is over: the next one is written at once again.
        await anna.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, $"batch-jobs/{jobs[0]}");
        Assert.Equal((jobs[0].ToString(), "not-found"), (await RefusedAsync(administrator)).Select(entry => (entry.Subject, entry.Detail)).First());
        Assert.Equal(3, (await RefusedAsync(administrator)).Count);
        Assert.True((await administrator.PostAsync<AuditVerdict>("audit/verify")).IsIntact);
    }

    [Fact]
    public async Task Unknown_callers_from_ever_new_addresses_leave_no_more_than_a_limit()
    {
        var clock = new ShiftedClock();
        await using var server = await StartAsync(clock: clock, settings: [("Server:TrustedProxies:0", "127.0.0.1")]);
        using var administrator = await TestUser.AdministratorAsync(server);
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = new Uri(server.Address, "/api/v1/") };
        for (var i = 0; i < 200; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "queue");
            request.Headers.Add("X-Api-Key", "cf_" + new string('A', 43));
            request.Headers.Add("X-Forwarded-For", string.Create(CultureInfo.InvariantCulture, $"2001:db8::{i:x}"));
            using var answer = await http.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.Equal(RefusalLog.MaxKinds + 1, (await FailedAsync()).Count);
        clock.Advance(TimeSpan.FromMinutes(1));
        while ((await FailedAsync()).Count < RefusalLog.MaxKinds + 2)
        {
            await Task.Delay(50, Cancellation);
        }

        var last = (await FailedAsync())[0];
        Assert.Equal(("unknown", "2001:db8::c7", "many", "sign-in-failed", $"of many kinds, {200 - RefusalLog.MaxKinds - 1} more: unknown"), (last.Actor, last.Origin, last.Action, last.Outcome, last.Detail));

        async Task<IReadOnlyList<AuditEntry>> FailedAsync() => [.. (await LogAsync(administrator)).Where(entry => entry.Outcome == "sign-in-failed")];
    }

    [Fact]
    public async Task What_was_counted_is_written_when_the_server_stops()
    {
        var folder = Directory.CreateTempSubdirectory("clinicflow-refusals-").FullName;
        try
        {
            await using (var before = await StartAsync(folder: folder))
            {
                using var anna = await TestUser.NewAsync(before, "anna");
                for (var i = 0; i < 4; i++)
                {
                    await anna.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Post, $"batch-jobs/{Guid.NewGuid()}/cancel");
                }
            }

            await using var server = await StartAsync(folder: folder);
            using var administrator = await TestUser.AdministratorAsync(server);

            var entries = await RefusedAsync(administrator);
            Assert.Equal(2, entries.Count);
            Assert.StartsWith("not-found, 3 more: ", entries[0].Detail, StringComparison.Ordinal);
            Assert.True((await administrator.PostAsync<AuditVerdict>("audit/verify")).IsIntact);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<TestServer> StartAsync(string? folder = null, TimeProvider? clock = null, IEnumerable<(string Name, string Value)>? settings = null, Action<WebApplication>? map = null) => TestServer.StartAsync(
        settings: settings, dataFolder: folder, map: map, configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf()).AddSingleton(clock ?? TimeProvider.System));

    /// <summary>The acts whose address names what they are done to, in one of these ways.</summary>
    private static IEnumerable<string> NamedBy(TestServer server, params string[] routes) => RuleCheck.EndpointsOf(server.App)
        .Where(endpoint => endpoint.Metadata.GetMetadata<AuditedAct>() is { } act && routes.Contains(act.SubjectRoute) && endpoint.RoutePattern.GetParameter(act.SubjectRoute)?.ParameterPolicies.Count > 0)
        .Select(endpoint => endpoint.Metadata.GetRequiredMetadata<AuditedAct>().Action).Distinct();

    private static async Task<IReadOnlyList<AuditEntry>> LogAsync(TestUser administrator) => (await administrator.GetAsync<Page<AuditEntry>>("audit?count=1000")).Items;

    /// <summary>What was refused, the newest first.</summary>
    private static async Task<IReadOnlyList<AuditEntry>> RefusedAsync(TestUser administrator) => [.. (await LogAsync(administrator)).Where(entry => entry.Outcome == "refused")];
}
