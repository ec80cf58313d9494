using System.Net;
using System.Text.Json.Nodes;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Audit;
using ClinicFlow.Server.Tests.Access;
using ClinicFlow.Server.Tests.Accounts;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClinicFlow.Server.Tests.Audit;

/// <summary>Every change and every download leaves an entry. What there is to do is taken from the server itself: an endpoint that nobody thought of fails.</summary>
public sealed class AuditCoverageTests
{
    private const string Mark = "Zacharias-Secret";

    /// <summary>What takes something and changes nothing, and why it leaves no entry.</summary>
    private static readonly Dictionary<string, string> ChangeNothing = new()
    {
        ["PreviewDocument"] = "shows what the caller sent; nothing is kept or taken from the server but the template",
        ["PreviewImport"] = "says how a file was understood; nothing is kept",
        ["ReadImportRows"] = "shows what the caller sent; nothing is kept",
        ["PasskeyCreationOptions"] = "a random question; the answer is what counts",
        ["PasskeyRequestOptions"] = "a random question; the answer is what counts",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_and_every_download_leaves_an_entry()
    {
        await using var server = await StartAsync();
        using var acts = new Acts(server);
        var done = new List<string>();
        foreach (var (endpoint, action, act) in acts.All())
        {
            var before = (await acts.LogAsync())[0].Sequence;

            var (actor, subject) = await act();

            var entry = (await acts.LogAsync()).FirstOrDefault(entry => entry.Sequence > before && entry.Action == action && entry.Actor == actor);
            Assert.True(entry is not null, $"{endpoint} left no entry {action} of {actor}: {string.Join(", ", (await acts.LogAsync()).Where(e => e.Sequence > before))}");
            Assert.Equal((endpoint, subject, "127.0.0.1", "done"), (endpoint, entry.Subject, entry.Origin, entry.Outcome));
            Assert.InRange(entry.At, DateTimeOffset.UtcNow - TimeSpan.FromMinutes(30), DateTimeOffset.UtcNow + TimeSpan.FromMinutes(1));
            done.Add(endpoint);
        }

        Assert.Equal(Audited(server).Except(ChangeNothing.Keys).Order(), done.Distinct().Order());
        Assert.All(ChangeNothing.Keys, name => Assert.Contains(name, Audited(server)));

        // Whoever is refused it is written down under the same name (RefusalTests).
        Assert.Equal(
            acts.All().Select(act => $"{act.Endpoint} {act.Action}").Concat(["ListAudit audit.read", "ListUsers user.list"]).Order(StringComparer.Ordinal),
            RuleCheck.EndpointsOf(server.App).Where(endpoint => endpoint.Metadata.GetMetadata<AuditedAct>() is not null)
                .Select(endpoint => $"{endpoint.Metadata.GetRequiredMetadata<EndpointNameMetadata>().EndpointName} {endpoint.Metadata.GetRequiredMetadata<AuditedAct>().Action}").Order(StringComparer.Ordinal));

        // Nothing of a patient, no name of a document, no password, no key, and nothing that signs somebody in.
        var log = string.Join('\n', (await acts.LogAsync()).Select(entry => entry.ToString()));
        foreach (var secret in acts.Secrets)
        {
            Assert.DoesNotContain(secret, log, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task An_endpoint_that_nobody_thought_of_is_missed()
    {
        await using var server = await StartAsync(app =>
        {
            app.MapPut("/api/v1/planted", () => Results.Empty).WithName("Planted");
            app.MapGet("/api/v1/planted-file", () => Results.Empty).WithName("PlantedFile").Produces(200, contentType: "application/zip");
            app.MapGet("/api/v1/planted-page", () => Results.Empty).WithName("PlantedPage").Produces<Job>();
        });

        var known = Audited(server);

        Assert.Contains("Planted", known);
        Assert.Contains("PlantedFile", known);
        Assert.DoesNotContain("PlantedPage", known);
    }

    [Fact]
    public async Task What_fails_is_written_down_with_its_outcome()
    {
        await using var server = await StartAsync();
        using var administrator = await Visitor.AdministratorAsync(server);
        using var anna = await administrator.NewUserAsync("anna");
        var id = (await anna.GetAsync<Session>("session")).Id;

        await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Put, "session/password", new PasswordChange("wrong", "four grey geese fly"));
        await anna.PostAsync<JsonObject>("session/passkeys/options");
        await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "session/passkeys", new PasskeyAnswer([]));
        using var stranger = new Visitor(server);
        await stranger.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "session", new SignIn("anna", "wrong"));
        await stranger.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "session", new SignIn("nobody", "wrong"));

        Assert.Equal([(id, "sign-in-failed")], (await administrator.AuditAsync("password.change")).Where(entry => entry.Outcome != "done").Select(entry => (entry.Actor, entry.Outcome)));
        Assert.Equal([(id, "passkey-invalid")], (await administrator.AuditAsync("passkey.add")).Select(entry => (entry.Actor, entry.Outcome)));
        Assert.Equal([("unknown", "sign-in-failed"), (id, "sign-in-failed")], (await administrator.AuditAsync("session.begin")).Take(2).Select(entry => (entry.Actor, entry.Outcome)));
        using var answer = await administrator.SendAsync(HttpMethod.Get, "audit?count=1000");
        Assert.DoesNotContain("nobody", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    private static Task<TestServer> StartAsync(Action<WebApplication>? map = null) => TestServer.StartAsync(configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf()), map: map);

    /// <summary>The endpoints of the API that change something, or give a file.</summary>
    private static string[] Audited(TestServer server) => [.. RuleCheck.EndpointsOf(server.App)
        .Where(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal) && (Changes(endpoint) || GivesFile(endpoint)))
        .Select(endpoint => endpoint.Metadata.GetRequiredMetadata<EndpointNameMetadata>().EndpointName)];

    private static bool Changes(RouteEndpoint endpoint) => RuleCheck.MethodsOf(endpoint).Any(method => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method));

    private static bool GivesFile(RouteEndpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()
        .Any(answer => answer.StatusCode == StatusCodes.Status200OK && answer.ContentTypes.Any(type => type is not ("application/json" or "text/event-stream")));

    /// <summary>Everything that can be done at a server, one after the other.</summary>
    private sealed class Acts(TestServer server) : IDisposable
    {
        private readonly Visitor _administrator = new(server);
        private readonly Visitor _anna = new(server);
        private readonly Visitor _other = new(server);
        private readonly SoftwareAuthenticator _authenticator = new();
        private string _administratorId = "";
        private string _annaId = "";
        private string _oneTime = "";
        private Guid _template;
        private Guid _version;
        private Guid _job;
        private Guid _failed;
        private Guid _second;
        private ApiKeyCredentials? _key;

        public List<string> Secrets { get; } = [Mark, TestServer.AdministratorPassword, "four grey geese fly"];

        public IEnumerable<(string Endpoint, string Action, Func<Task<(string Actor, string Subject)>> Act)> All()
        {
            yield return Act("CreateUser", "user.create", async () =>
            {
                var made = await _administrator.PostAsync<UserCredentials>("users", new NewUser("anna", Mark + "@clinic.example"));
                (_annaId, _oneTime) = (made.User.Id, made.OneTimePassword!);
                Secrets.Add(_oneTime);
                return (_administratorId, _annaId);
            });
            yield return Act("SignIn", "session.begin", async () =>
            {
                await _anna.SignInAsync("anna", _oneTime);
                return Annas();
            });
            yield return Act("ChangePassword", "password.change", async () =>
            {
                _anna.Keep(await _anna.PutAsync<Session>("session/password", new PasswordChange(_oneTime, "four grey geese fly")));
                return Annas();
            });
            yield return Act("CreateApiKey", "api-key.create", async () =>
            {
                _key = await _anna.PostAsync<ApiKeyCredentials>("api-keys", new NewApiKey(Mark, Scopes.All));
                Secrets.Add(_key.Key[3..]);
                return Annas(_key.ApiKey.Id);
            });
            yield return Act("RevokeApiKey", "api-key.revoke", async () =>
            {
                await _anna.DeleteAsync($"api-keys/{_key!.ApiKey.Id}");
                return Annas(_key.ApiKey.Id);
            });
            yield return Act("AddPasskey", "passkey.add", async () =>
            {
                await _anna.PostAsync<Passkey>("session/passkeys", new PasskeyAnswer(_authenticator.Create(await _anna.PostAsync<JsonObject>("session/passkeys/options"), server.Address), Mark));
                return Annas();
            });
            yield return Act("SignInWithPasskey", "session.begin", async () =>
            {
                _other.Keep(await _other.PostAsync<Session>("session/passkey", new PasskeyAnswer(_authenticator.Sign(await _other.PostAsync<JsonObject>("session/passkey-options"), server.Address))));
                return Annas();
            });
            yield return Act("RemovePasskey", "passkey.remove", async () =>
            {
                await _anna.DeleteAsync("session/passkeys/" + System.Buffers.Text.Base64Url.EncodeToString(_authenticator.CredentialId));
                return Annas();
            });
            yield return Act("SignOut", "session.end", async () =>
            {
                await _other.DeleteAsync("session");
                return Annas();
            });
            foreach (var act in OnTemplates().Concat(OnJobs()).Concat(OnTheEnd()))
            {
                yield return act;
            }
        }

        public async Task<IReadOnlyList<AuditEntry>> LogAsync()
        {
            if (_administratorId.Length == 0)
            {
                _administratorId = (await _administrator.SignInAsync("admin", TestServer.AdministratorPassword)).Id;
            }

            return (await _administrator.GetAsync<Page<AuditEntry>>("audit?count=1000")).Items;
        }

        public void Dispose()
        {
            _administrator.Dispose();
            _anna.Dispose();
            _other.Dispose();
            _authenticator.Dispose();
        }

        private IEnumerable<(string, string, Func<Task<(string, string)>>)> OnTemplates()
        {
            yield return Act("AddTemplate", "template.create", async () =>
            {
                using var form = TestUser.TemplateForm(TestClinic.Template("Dear {{patientName}}"), Mark, publish: false, Mark + ".docx");
                var template = await _anna.PostAsync<Template>("templates", form);
                (_template, _version) = (template.Id, template.Versions[0].Id);
                return Annas(_template);
            });
            yield return Act("PublishTemplate", "template.published", async () =>
            {
                await _anna.PostAsync<Template>($"templates/{_template}/versions/{_version}/publish");
                return Annas(_template);
            });
            yield return Act("DownloadTemplate", "template.download", async () =>
            {
                await GetAsync($"templates/{_template}/versions/{_version}/file");
                return Annas(_version);
            });
            yield return Act("AddTemplateVersion", "template.add-version", async () =>
            {
                using var form = TestUser.TemplateForm(TestClinic.Template("Hello {{patientName}}"), "", publish: false, Mark + ".docx");
                var template = await _anna.PostAsync<Template>($"templates/{_template}/versions", form);
                _second = template.Versions[0].Id;
                return Annas(_template);
            });
            yield return Act("ArchiveTemplate", "template.archived", async () =>
            {
                await _anna.PostAsync<Template>($"templates/{_template}/versions/{_second}/archive");
                return Annas(_template);
            });
        }

        private IEnumerable<(string, string, Func<Task<(string, string)>>)> OnJobs()
        {
            yield return Act("CreateJob", "job.create", async () =>
            {
                _job = (await _anna.PostAsync<Job>("batch-jobs", Order(OutputFormat.Both, new JsonObject { ["patientName"] = Mark }))).Id;
                await EndAsync(_job);
                return Annas(_job);
            });
            foreach (var (endpoint, path) in new[] { ("DownloadArchive", "archive"), ("DownloadMerged", "merged"), ("DownloadDocument", "documents/r1/file") })
            {
                yield return Act(endpoint, "job.download", async () =>
                {
                    await GetAsync($"batch-jobs/{_job}/{path}");
                    return Annas(_job);
                });
            }

            yield return Act("FetchBatch", "job.download", async () =>
            {
                await GetAsync($"render/{_job}");
                return Annas(_job);
            });
            yield return Act("RenderBatch", "job.create", async () =>
            {
                var answer = await _anna.PostAsync<JsonObject>($"render/{_template}", new JsonObject { ["data"] = new JsonArray(new JsonObject { ["patientName"] = Mark }), ["batchReportName"] = "{d.patientName}" });
                var id = (Guid)answer["data"]!["renderId"]!;
                await EndAsync(id);
                return Annas(id);
            });
            yield return Act("ImportJob", "job.create", async () =>
            {
                using var form = TestUser.ImportForm(new NewImport { TemplateId = _template, DocumentName = "{{patientName}}", Settings = new JobSettings { OutputFormat = OutputFormat.Docx } }, $"patientName\n{Mark}\n", Mark + ".csv");
                var id = (await _anna.PostAsync<Job>("batch-jobs/import", form)).Id;
                await EndAsync(id);
                return Annas(id);
            });
            yield return Act("RetryJob", "job.retry", async () =>
            {
                _failed = (await _anna.PostAsync<Job>("batch-jobs", Order(OutputFormat.Docx, []))).Id;
                await EndAsync(_failed);
                await _anna.PostAsync<Job>($"batch-jobs/{_failed}/retry", new RetryOrder { CorrectedData = new Dictionary<string, JsonObject> { ["r1"] = new() { ["patientName"] = Mark } } });
                await EndAsync(_failed);
                return Annas(_failed);
            });
            foreach (var (endpoint, verb) in new[] { ("PauseJob", "pause"), ("ResumeJob", "resume"), ("CancelJob", "cancel") })
            {
                yield return Act(endpoint, "job." + verb, async () =>
                {
                    _failed = endpoint == "PauseJob" ? (await _anna.PostAsync<Job>("batch-jobs", Long())).Id : _failed;
                    await _anna.PostAsync<Job>($"batch-jobs/{_failed}/{verb}");
                    await (endpoint == "PauseJob" ? UntilAsync(_failed, JobStatus.Paused) : Task.CompletedTask);
                    return Annas(_failed);
                });
            }

            yield return Act("SetPriority", "job.priority", async () =>
            {
                var id = (await _anna.PostAsync<Job>("batch-jobs", Long())).Id;
                await _anna.PostAsync<Job>($"batch-jobs/{id}/pause");
                await UntilAsync(id, JobStatus.Paused);
                await _anna.PutAsync<Job>($"batch-jobs/{id}/priority", new PriorityChange(JobPriority.Urgent));
                await _anna.PostAsync<Job>($"batch-jobs/{id}/cancel");
                return Annas(id);
            });
            yield return Act("DeleteJob", "job.delete", async () =>
            {
                await _anna.DeleteAsync($"batch-jobs/{_job}");
                return Annas(_job);
            });
        }

        private IEnumerable<(string, string, Func<Task<(string, string)>>)> OnTheEnd()
        {
            yield return Act("ExportAudit", "audit.export", async () =>
            {
                using var answer = await _administrator.SendAsync(HttpMethod.Get, "audit/export");
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                return (_administratorId, "csv");
            });
            yield return Act("VerifyAudit", "audit.verify", async () =>
            {
                Assert.True((await _administrator.PostAsync<AuditVerdict>("audit/verify")).IsIntact);
                return (_administratorId, "audit");
            });
            yield return Act("ChangeUser", "user.change", async () =>
            {
                await _administrator.PatchAsync<UserCredentials>("users/" + _annaId, new UserChange(Email: "other-" + Mark + "@clinic.example", Role: Role.Operator));
                return (_administratorId, _annaId);
            });
            yield return Act("DeleteUser", "user.delete", async () =>
            {
                await _administrator.DeleteAsync("users/" + _annaId);
                return (_administratorId, _annaId);
            });
        }

        private static (string, string, Func<Task<(string, string)>>) Act(string endpoint, string action, Func<Task<(string, string)>> act) => (endpoint, action, act);

        private (string, string) Annas(Guid? subject = null) => (_annaId, subject?.ToString() ?? _annaId);

        private NewJob Order(OutputFormat format, JsonObject data) => new()
        {
            Name = Mark,
            Description = Mark,
            TemplateId = _template,
            Settings = new JobSettings { OutputFormat = format },
            Requests = [new DocumentRequest { DocumentName = Mark, PatientId = Mark, MergeData = data }],
        };

        private NewJob Long() => Order(OutputFormat.Docx, []) with
        {
            Requests = [.. Enumerable.Range(0, 5_000).Select(i => new DocumentRequest { DocumentName = $"{Mark} {i}", MergeData = new JsonObject { ["patientName"] = Mark } })],
        };

        private async Task GetAsync(string path)
        {
            using var answer = await _anna.SendAsync(HttpMethod.Get, path);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
            Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync(Cancellation));
        }

        private async Task EndAsync(Guid id)
        {
            while ((await _anna.GetAsync<Job>($"batch-jobs/{id}")).Status is not (JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled))
            {
                await Task.Delay(20, Cancellation);
            }
        }

        private async Task UntilAsync(Guid id, JobStatus status)
        {
            while ((await _anna.GetAsync<Job>($"batch-jobs/{id}")) is { } job && job.Status != status)
            {
                Assert.False(job.Status is JobStatus.Completed or JobStatus.Failed, $"{job.Status}");
                await Task.Delay(20, Cancellation);
            }
        }
    }
}
