using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ClinicFlow.Server.Tests.Hostile;

/// <summary>
/// A server with small limits, four users and a published template, whose every answer and whole log is looked at: no
/// answer is a page, none lacks the headers of safety, and neither a refusal nor the log tells what was planted.
/// </summary>
public sealed class HostileServer : IAsyncDisposable
{
    /// <summary>Stands for what nobody may read in an error or in the log: a patient's name.</summary>
    public const string Marker = "Quittenmarker4711";

    public const int Limit = 256 << 10;

    private const string Password = "a-Password-of-22-chars";

    private readonly LogList _log = new();
    private readonly List<HttpClient> _clients = [];
    private readonly Dictionary<string, string> _keys = [];

    private HostileServer(string? connectionString) => ConnectionString = connectionString;

    public string? ConnectionString { get; }

    public TestServer Server { get; private set; } = null!;

    public HttpClient Nobody { get; private set; } = null!;

    public HttpClient Anna { get; private set; } = null!;

    public HttpClient Bernd { get; private set; } = null!;

    public HttpClient Olga { get; private set; } = null!;

    public HttpClient Admin { get; private set; } = null!;

    public Guid TemplateId { get; private set; }

    public Guid VersionId { get; private set; }

    public string Log => _log.ToString();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<HostileServer> StartAsync(string? connectionString = null, params (string Name, string Value)[] settings)
    {
        var made = new HostileServer(connectionString);
        made.Server = await TestServer.StartAsync(
            connectionString,
            [("Server:MaxJobBytes", $"{Limit}"), ("Server:MaxImportBytes", $"{Limit}"), ("Server:MaxTemplateBytes", $"{Limit}"), .. settings],
            builder => builder.Logging.AddProvider(made._log));
        made.Nobody = made.Client();
        var admin = await made.SignInAsync("admin", TestServer.AdministratorPassword);
        made.Admin = await made.KeyAsync("admin", admin);
        foreach (var (name, role) in new[] { ("anna", "user"), ("bernd", "user"), ("olga", "operator") })
        {
            using var created = await made.Admin.PostAsJsonAsync("/api/v1/users", new { userName = name, role, password = Password + "1" }, Cancellation);
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            var session = await made.SignInAsync(name, Password + "1");
            using var changed = await session.PutAsJsonAsync("/api/v1/session/password", new { currentPassword = Password + "1", newPassword = Password }, Cancellation);
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
            var client = await made.KeyAsync(name, await made.SignInAsync(name, Password));
            _ = name switch { "anna" => made.Anna = client, "bernd" => made.Bernd = client, _ => made.Olga = client };
        }

        using var added = await AddTemplateAsync(made.Anna, BadFiles.Template("Dear {{patientName}}"), "letter.docx");
        var template = await JsonAsync(added, HttpStatusCode.Created);
        made.TemplateId = (Guid)template["id"]!;
        made.VersionId = (Guid)template["publishedVersionId"]!;
        return made;
    }

    /// <summary>A client with a cookie, as a browser has one.</summary>
    public async Task<HttpClient> SignInAsync(string name, string? password = null)
    {
        var client = Client(cookies: new CookieContainer());
        using var answer = await client.PostAsJsonAsync("/api/v1/session", new { userName = name, password = password ?? Password }, Cancellation);
        client.DefaultRequestHeaders.Add("X-XSRF-TOKEN", (string)(await JsonAsync(answer))["antiforgeryToken"]!);
        return client;
    }

    public string KeyOf(string name) => _keys[name];

    public HttpClient Client(string? key = null, CookieContainer? cookies = null)
    {
        var sockets = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = cookies is not null, UseProxy = false };
        if (cookies is not null)
        {
            sockets.CookieContainer = cookies;
        }

        var client = new HttpClient(new AnswerCheck(this) { InnerHandler = sockets }) { BaseAddress = Server.Address, Timeout = TimeSpan.FromMinutes(2) };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }

        _clients.Add(client);
        return client;
    }

    public static Task<HttpResponseMessage> AddTemplateAsync(HttpClient client, byte[] docx, string fileName, string? name = "Letter", bool publish = true, string path = "/api/v1/templates")
    {
        var form = new MultipartFormDataContent { { new StringContent(publish ? "true" : "false"), "publish" } };
        if (name is not null)
        {
            form.Add(new StringContent(name), "name");
        }

        form.Add(new ByteArrayContent(docx), "file", fileName);
        return client.PostAsync(path, form, Cancellation);
    }

    /// <summary>A job of one document, to be changed into what a test needs.</summary>
    public JsonObject Job(string name = "Letters", string documentName = "Letter", JsonObject? data = null) => new()
    {
        ["name"] = name,
        ["templateId"] = TemplateId,
        ["settings"] = new JsonObject { ["outputFormat"] = "docx" },
        ["requests"] = new JsonArray(new JsonObject { ["documentName"] = documentName, ["patientId"] = "patient " + Marker, ["mergeData"] = data ?? new JsonObject { ["patientName"] = Marker } }),
    };

    public static async Task<Guid> CreateAsync(HttpClient client, JsonObject job)
    {
        using var answer = await client.PostAsJsonAsync("/api/v1/batch-jobs", job, Cancellation);
        return (Guid)(await JsonAsync(answer, HttpStatusCode.Created))["id"]!;
    }

    /// <summary>Creates a job and waits for its end.</summary>
    public static async Task<JsonObject> RunAsync(HttpClient client, JsonObject job)
    {
        var id = await CreateAsync(client, job);
        for (var i = 0; i < 2_400; i++)
        {
            using var answer = await client.GetAsync($"/api/v1/batch-jobs/{id}", Cancellation);
            var now = await JsonAsync(answer);
            if ((string)now["status"]! is "completed" or "failed" or "cancelled")
            {
                return now;
            }

            await Task.Delay(25, Cancellation);
        }

        throw new Xunit.Sdk.XunitException("The job did not end.");
    }

    public Task<HttpResponseMessage> ImportAsync(HttpClient client, JsonObject order, byte[] data, string fileName, string path = "/api/v1/batch-jobs/import")
    {
        order["templateId"] ??= TemplateId;
        order["settings"] ??= new JsonObject { ["outputFormat"] = "docx" };
        var form = new MultipartFormDataContent { { new StringContent(order.ToJsonString(), Encoding.UTF8, "application/json"), "job" }, { new ByteArrayContent(data), "data", fileName } };
        return client.PostAsync(path, form, Cancellation);
    }

    /// <summary>The audit log, the newest first.</summary>
    public async Task<JsonArray> AuditAsync(string? subject = null)
    {
        using var answer = await Admin.GetAsync("/api/v1/audit?count=1000" + (subject is null ? "" : "&subject=" + subject), Cancellation);
        return (await JsonAsync(answer))["items"]!.AsArray();
    }

    /// <summary>The server is ready, does what it should for a good user, and has told its log nothing.</summary>
    public async Task AssertHealthyAsync()
    {
        using var ready = await Nobody.GetAsync("/health/ready", CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        using var list = await Anna.GetAsync("/api/v1/templates", CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        Assert.DoesNotContain(Marker, Log, StringComparison.OrdinalIgnoreCase);
    }

    public static async Task<JsonObject> JsonAsync(HttpResponseMessage response, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>It was refused, with a problem of this code.</summary>
    public static async Task<JsonObject> RefusedAsync(HttpResponseMessage response, HttpStatusCode status, params string[] codes)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.Contains((string)problem["code"]!, codes);
        return problem;
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await Server.DisposeAsync();
    }

    private async Task<HttpClient> KeyAsync(string name, HttpClient session)
    {
        using var made = await session.PostAsJsonAsync("/api/v1/api-keys", new { name = "tests", scopes = AllScopes }, Cancellation);
        return Client(_keys[name] = (string)(await JsonAsync(made, HttpStatusCode.Created))["key"]!);
    }

    private static readonly IReadOnlyList<string> AllScopes = ClinicFlow.Client.Contracts.Scopes.All;

    /// <summary>Looks at every answer that any test gets.</summary>
    private sealed class AnswerCheck(HostileServer server) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.StartsWith("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.False(response.Headers.Contains("Server"));
            Assert.NotEqual("text/html", response.Content.Headers.ContentType?.MediaType);
            if ((int)response.StatusCode >= 400 && !request.RequestUri!.AbsolutePath.StartsWith("/health", StringComparison.Ordinal))
            {
                await response.Content.LoadIntoBufferAsync(cancellationToken);
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                Assert.True(response.StatusCode != HttpStatusCode.InternalServerError, $"{request.Method} {request.RequestUri} made the server fail: {text}\n{server.Log}");
                AssertTellsNothing(text, server.Server.DataFolder);
                if (request.Method != HttpMethod.Head && response.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
                }
            }

            return response;
        }
    }

    /// <summary>No value, no place in the code, no folder.</summary>
    public static void AssertTellsNothing(string text, string dataFolder)
    {
        Assert.DoesNotContain(Marker, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(dataFolder, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ClinicFlow.Server", text, StringComparison.Ordinal);
    }

    private sealed class LogList : ILoggerProvider
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public ILogger CreateLogger(string categoryName) => new Category(_lines, categoryName);

        public override string ToString() => string.Join('\n', _lines);

        public void Dispose()
        {
        }

        private sealed class Category(ConcurrentQueue<string> lines, string name) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull
                => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
                => lines.Enqueue($"{logLevel} {name} {formatter(state, exception)} {exception}");
        }
    }
}

/// <summary>One server for the tests of a class; after each of them it is still well.</summary>
public abstract class HostileTest(HostileTest.OneServer shared) : IClassFixture<HostileTest.OneServer>, IAsyncLifetime
{
    protected HostileServer Server { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Server = await shared.Server.Value;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Server.AssertHealthyAsync();
    }

    protected static StringContent Json(string text, string type = "application/json") => new(text, Encoding.UTF8, type);

    /// <summary>Starts when the first test asks.</summary>
    public sealed class OneServer : IAsyncDisposable
    {
        public Lazy<Task<HostileServer>> Server { get; } = new(() => HostileServer.StartAsync());

        public async ValueTask DisposeAsync()
        {
            if (Server.IsValueCreated)
            {
                await (await Server.Value).DisposeAsync();
            }
        }
    }
}
