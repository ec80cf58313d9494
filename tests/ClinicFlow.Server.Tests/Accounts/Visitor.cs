using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Servers;
using Xunit;

namespace ClinicFlow.Server.Tests.Accounts;

/// <summary>Somebody at a browser: keeps cookies, and sends the anti-forgery token once it is known.</summary>
internal sealed class Visitor : IDisposable
{
    private readonly CookieContainer _cookies = new();

    public Visitor(TestServer server)
    {
        Server = server;
        Http = new HttpClient(new SocketsHttpHandler { CookieContainer = _cookies, UseProxy = false }) { BaseAddress = new Uri(server.Address, "/api/v1/") };
    }

    public TestServer Server { get; }

    public HttpClient Http { get; }

    public string? Token { get; set; }

    public IReadOnlyList<Cookie> Cookies => [.. _cookies.GetAllCookies().Cast<Cookie>()];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The administrator of the first start, signed in.</summary>
    public static async Task<Visitor> AdministratorAsync(TestServer server) => await SignedInAsync(server, "admin", TestServer.AdministratorPassword);

    /// <summary>A user who has signed in.</summary>
    public static async Task<Visitor> SignedInAsync(TestServer server, string name, string password)
    {
        var visitor = new Visitor(server);
        Assert.Equal(name, (await visitor.SignInAsync(name, password)).UserName);
        return visitor;
    }

    public async Task<Session> SignInAsync(string name, string password)
        => Keep(await PostAsync<Session>("session", new SignIn(name, password)));

    public Session Keep(Session session)
    {
        Token = session.AntiforgeryToken;
        return session;
    }

    /// <summary>Makes a user who has a password of his own, and signs him in.</summary>
    public async Task<Visitor> NewUserAsync(string name, Role role = Role.User)
    {
        var made = await PostAsync<UserCredentials>("users", new NewUser(name, Role: role));
        var visitor = await SignedInAsync(Server, name, made.OneTimePassword!);
        visitor.Keep(await visitor.PutAsync<Session>("session/password", new PasswordChange(made.OneTimePassword!, PasswordOf(name))));
        return visitor;
    }

    public static string PasswordOf(string name) => $"of {name}: seven wet herons";

    public Task<T> GetAsync<T>(string path) => AskAsync<T>(HttpMethod.Get, path);

    public Task<T> PostAsync<T>(string path, object? body = null) => AskAsync<T>(HttpMethod.Post, path, body);

    public Task<T> PutAsync<T>(string path, object body) => AskAsync<T>(HttpMethod.Put, path, body);

    public Task<T> PatchAsync<T>(string path, object body) => AskAsync<T>(HttpMethod.Patch, path, body);

    public async Task DeleteAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Delete, path);
        Assert.Equal((HttpStatusCode.NoContent, path), (answer.StatusCode, path));
    }

    /// <summary>Asks for what is refused; its code.</summary>
    public async Task<string> RefusedAsync(HttpStatusCode status, HttpMethod method, string path, object? body = null) => (await ProblemAsync(status, method, path, body)).Code;

    /// <summary>Asks for what is refused.</summary>
    public async Task<ApiProblem> ProblemAsync(HttpStatusCode status, HttpMethod method, string path, object? body = null)
    {
        using var answer = await SendAsync(method, path, body);
        return await TestUser.ProblemAsync(status, answer);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body, body.GetType(), options: Wire.Json)) };
        if (method != HttpMethod.Get)
        {
            // As every browser does (Fetch, 3.1); passkeys are bound to it.
            request.Headers.Add("Origin", Server.Address.GetLeftPart(UriPartial.Authority));
        }

        if (Token is not null && method != HttpMethod.Get)
        {
            request.Headers.Add("X-XSRF-TOKEN", Token);
        }

        return await Http.SendAsync(request, Cancellation);
    }

    public async Task<IReadOnlyList<AuditEntry>> AuditAsync(string action)
        => [.. (await GetAsync<Page<AuditEntry>>("audit?count=1000")).Items.Where(entry => entry.Action == action)];

    public void Dispose() => Http.Dispose();

    private async Task<T> AskAsync<T>(HttpMethod method, string path, object? body = null)
    {
        using var answer = await SendAsync(method, path, body);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode}: {text}");
        return JsonSerializer.Deserialize<T>(text, Wire.Json)!;
    }
}
