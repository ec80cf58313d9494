using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Client.Contracts;
using Xunit;

namespace ClinicFlow.Server.Tests.Servers;

/// <summary>Somebody who uses a server by an API key, with the steps that many tests take.</summary>
internal sealed class TestUser : IDisposable
{
    private TestUser(HttpClient http, string key, string id) => (Http, Key, Id) = (http, key, id);

    public HttpClient Http { get; }

    public string Key { get; }

    public string Id { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The administrator of the first start.</summary>
    public static async Task<TestUser> AdministratorAsync(TestServer server) => await WithKeyAsync(server, "admin", TestServer.AdministratorPassword, isFirst: false);

    /// <summary>A new user.</summary>
    public static async Task<TestUser> NewAsync(TestServer server, string name, Role role = Role.User, params string[] scopes)
    {
        using var administrator = await AdministratorAsync(server);
        await administrator.PostAsync<UserCredentials>("users", new NewUser(name, null, role, "quite-Unlikely-7"));
        return await WithKeyAsync(server, name, "quite-Unlikely-7", isFirst: true, scopes);
    }

    /// <summary>A client with a cookie, and the token that its changes need.</summary>
    public static async Task<(HttpClient Http, Session Session)> SignInAsync(TestServer server, string name, string password)
    {
        var http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), UseProxy = false }) { BaseAddress = new Uri(server.Address, "/api/v1/") };
        using var answer = await http.PostAsJsonAsync("session", new SignIn(name, password), Wire.Json, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var session = (await answer.Content.ReadFromJsonAsync<Session>(Wire.Json, Cancellation))!;
        http.DefaultRequestHeaders.Add("X-XSRF-TOKEN", session.AntiforgeryToken);
        return (http, session);
    }

    public async Task<T> GetAsync<T>(string path)
    {
        using var answer = await Http.GetAsync(path, Cancellation);
        return await ReadAsync<T>(answer);
    }

    public async Task<T> PostAsync<T>(string path, object? body = null)
    {
        using var answer = await Http.PostAsJsonAsync(path, body ?? new object(), Wire.Json, Cancellation);
        return await ReadAsync<T>(answer);
    }

    /// <summary>Sends something that is refused.</summary>
    public async Task<ApiProblem> RefusedAsync(HttpStatusCode status, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body, options: Wire.Json)) };
        using var answer = await Http.SendAsync(request, Cancellation);
        return await ProblemAsync(status, answer);
    }

    public static async Task<ApiProblem> ProblemAsync(HttpStatusCode status, HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = System.Text.Json.JsonSerializer.Deserialize<ApiProblem>(text, Wire.Json)!;
        Assert.Equal((int)status, problem.Status);
        Assert.NotEqual("", problem.Code);
        Assert.NotEqual("", problem.Detail);
        return problem;
    }

    /// <summary>Adds and publishes a template.</summary>
    public async Task<Template> AddTemplateAsync(string text = "Dear {{patientName}}", string name = "Letter")
    {
        using var form = TemplateForm(TestClinic.Template(text), name, publish: true);
        using var answer = await Http.PostAsync("templates", form, Cancellation);
        return await ReadAsync<Template>(answer);
    }

    public static MultipartFormDataContent TemplateForm(byte[] docx, string name, bool publish, string fileName = "letter.docx") => new()
    {
        { new ByteArrayContent(docx), "file", fileName },
        { new StringContent(name), "name" },
        { new StringContent(publish ? "true" : "false"), "publish" },
    };

    public static MultipartFormDataContent ImportForm(NewImport order, string data, string fileName = "patients.csv") => ImportForm(order, System.Text.Encoding.UTF8.GetBytes(data), fileName);

    public static MultipartFormDataContent ImportForm(NewImport order, byte[] data, string fileName) => new()
    {
        { JsonContent.Create(order, options: Wire.Json), "job" },
        { new ByteArrayContent(data), "data", fileName },
    };

    public static NewJob Letters(Guid templateId, int count, JobSettings? settings = null, JobPriority priority = JobPriority.Normal, string name = "Letters") => new()
    {
        Name = name,
        TemplateId = templateId,
        Priority = priority,
        Settings = settings ?? new JobSettings { OutputFormat = OutputFormat.Docx },
        Requests = [.. Enumerable.Range(0, count).Select(i => new DocumentRequest
        {
            DocumentName = $"Letter {i}",
            PatientId = $"patient-{i}",
            MergeData = new System.Text.Json.Nodes.JsonObject { ["patientName"] = $"Patient {i}" },
        })],
    };

    /// <summary>Waits until a job has ended.</summary>
    public async Task<Job> EndAsync(Guid id)
    {
        for (var i = 0; i < 2_400; i++)
        {
            var job = await GetAsync<Job>($"batch-jobs/{id}");
            if (job.Status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled)
            {
                return job;
            }

            await Task.Delay(25, Cancellation);
        }

        throw new TimeoutException("The job did not end.");
    }

    public void Dispose() => Http.Dispose();

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {text}");
        return System.Text.Json.JsonSerializer.Deserialize<T>(text, Wire.Json)!;
    }

    private static async Task<TestUser> WithKeyAsync(TestServer server, string name, string password, bool isFirst, params string[] scopes)
    {
        var (http, session) = await SignInAsync(server, name, password);
        using (http)
        {
            if (isFirst)
            {
                using var changed = await http.PutAsJsonAsync("session/password", new PasswordChange(password, password + "-own"), Wire.Json, Cancellation);
                session = await ReadAsync<Session>(changed);
                http.DefaultRequestHeaders.Remove("X-XSRF-TOKEN");
                http.DefaultRequestHeaders.Add("X-XSRF-TOKEN", session.AntiforgeryToken);
            }

            using var made = await http.PostAsJsonAsync("api-keys", new NewApiKey("test", scopes.Length == 0 ? Scopes.All : scopes), Wire.Json, Cancellation);
            var key = (await ReadAsync<ApiKeyCredentials>(made)).Key;
            var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = new Uri(server.Address, "/api/v1/"), Timeout = TimeSpan.FromMinutes(5) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            return new TestUser(client, key, session.Id);
        }
    }
}
