using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClinicFlow.Server.Tests.Accounts;

/// <summary>Personal API keys: the same on both databases. That each scope is asked for everywhere is shown by <c>AccessRuleTests</c>.</summary>
public abstract class ApiKeyContract(OnOneDatabase database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_shown_once_and_kept_as_a_hash()
    {
        await using var owned = await database.StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var anna = await administrator.NewUserAsync("anna");

        var made = await anna.PostAsync<ApiKeyCredentials>("api-keys", new NewApiKey("print room", [Scopes.JobsRead, Scopes.JobsRead, Scopes.TemplatesRead], 7));

        Assert.Matches("^cf_[A-Za-z0-9_-]{43}$", made.Key);
        Assert.Equal(("print room", made.Key[..9], TimeSpan.FromDays(7)), (made.ApiKey.Name, made.ApiKey.Prefix, made.ApiKey.ExpiresAt - made.ApiKey.CreatedAt));
        Assert.Equal([Scopes.JobsRead, Scopes.TemplatesRead], made.ApiKey.Scopes);
        using var listed = await anna.SendAsync(HttpMethod.Get, "api-keys");
        Assert.DoesNotContain(made.Key[9..], await listed.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        var row = Assert.Single(await owned.ReadAsync("select * from accounts.api_keys"));
        Assert.DoesNotContain(made.Key[9..], row, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(made.Key))), row, StringComparison.Ordinal);
        foreach (var entry in await administrator.AuditAsync("api-key.create"))
        {
            Assert.DoesNotContain(made.Key[9..], entry.ToString(), StringComparison.Ordinal);
        }

        using var program = Program(owned.Server, made.Key);
        var session = await SessionAsync(program);
        Assert.Equal(("anna", Role.User, false, (string?)null), (session.UserName, session.Role, session.MustChangePassword, session.AntiforgeryToken));
        Assert.Equal([Scopes.JobsRead, Scopes.TemplatesRead], session.Scopes);
        Assert.NotNull((await anna.GetAsync<Page<ApiKey>>("api-keys")).Items.Single().LastUsedAt);
        using var other = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = owned.Server.Address };
        other.DefaultRequestHeaders.Add("X-Api-Key", made.Key);
        Assert.Equal("anna", (await SessionAsync(other)).UserName);
    }

    [Fact]
    public async Task A_key_ends_at_its_date_and_when_it_is_revoked()
    {
        var clock = new ShiftedClock();
        await using var owned = await database.StartAsync(configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var anna = await administrator.NewUserAsync("anna");
        using var bernd = await administrator.NewUserAsync("bernd");
        var (shortLived, revoked) = (await anna.PostAsync<ApiKeyCredentials>("api-keys", new NewApiKey("short", Scopes.All, 1)), await anna.PostAsync<ApiKeyCredentials>("api-keys", new NewApiKey("revoked", Scopes.All, 30)));
        using var first = Program(owned.Server, shortLived.Key);
        using var second = Program(owned.Server, revoked.Key);

        clock.Advance(TimeSpan.FromHours(23.9));
        await SessionAsync(first);
        clock.Advance(TimeSpan.FromHours(0.2));

        Assert.Equal("not-signed-in", await RefusedAsync(first, HttpStatusCode.Unauthorized, HttpMethod.Get, "session"));
        await SessionAsync(second);

        // Nobody revokes the key of somebody else, the administrator included: it looks as if it were not there.
        await anna.SignInAsync("anna", Visitor.PasswordOf("anna"));
        await bernd.SignInAsync("bernd", Visitor.PasswordOf("bernd"));
        await administrator.SignInAsync("admin", TestServer.AdministratorPassword);
        foreach (var stranger in new[] { bernd, administrator })
        {
            Assert.Equal("not-found", await stranger.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, $"api-keys/{revoked.ApiKey.Id}"));
            Assert.DoesNotContain((await stranger.GetAsync<Page<ApiKey>>("api-keys")).Items, key => key.Id == revoked.ApiKey.Id);
        }

        await SessionAsync(second);
        await anna.DeleteAsync($"api-keys/{revoked.ApiKey.Id}");
        await anna.DeleteAsync($"api-keys/{revoked.ApiKey.Id}");
        Assert.Equal("not-signed-in", await RefusedAsync(second, HttpStatusCode.Unauthorized, HttpMethod.Get, "session"));
        Assert.NotNull((await anna.GetAsync<Page<ApiKey>>("api-keys")).Items.Single(key => key.Id == revoked.ApiKey.Id).RevokedAt);
        Assert.Single(await administrator.AuditAsync("api-key.revoke"), entry => entry.Outcome == "done");
    }

    [Fact]
    public async Task A_key_cannot_make_a_wider_or_longer_one_nor_a_sign_in_of_another_kind()
    {
        await using var owned = await database.StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var anna = await administrator.NewUserAsync("anna");
        var narrow = await anna.PostAsync<ApiKeyCredentials>("api-keys", new NewApiKey("narrow", [Scopes.Accounts, Scopes.JobsRead], 2));
        using var program = Program(owned.Server, narrow.Key);

        foreach (var scope in Scopes.All.Except([Scopes.Accounts, Scopes.JobsRead]))
        {
            Assert.Equal("key-invalid", await RefusedAsync(program, HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "api-keys", new NewApiKey("wider", [Scopes.JobsRead, scope], 1)));
        }

        using var answer = await SendAsync(program, HttpMethod.Post, "api-keys", new NewApiKey("longer", [Scopes.JobsRead], 366));
        var made = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(narrow.ApiKey.ExpiresAt.UtcDateTime, ((DateTimeOffset)made["apiKey"]!["expiresAt"]!).UtcDateTime, TimeSpan.FromSeconds(1));
        using var second = Program(owned.Server, (string)made["key"]!);
        Assert.Equal("not-allowed", await RefusedAsync(second, HttpStatusCode.Forbidden, HttpMethod.Post, "api-keys", new NewApiKey("third", [Scopes.JobsRead])));

        Assert.Equal("not-allowed", await RefusedAsync(program, HttpStatusCode.Forbidden, HttpMethod.Put, "session/password", new PasswordChange(Visitor.PasswordOf("anna"), "four grey geese fly")));
        Assert.Equal("not-allowed", await RefusedAsync(program, HttpStatusCode.Forbidden, HttpMethod.Post, "session/passkeys/options"));
        Assert.Equal("not-allowed", await RefusedAsync(program, HttpStatusCode.Forbidden, HttpMethod.Post, "session/passkeys", new PasskeyAnswer([])));
        Assert.Equal(2, (await anna.GetAsync<Page<ApiKey>>("api-keys")).Items.Count);
    }

    [Fact]
    public async Task Keys_that_cannot_be_are_refused_with_all_that_is_wrong()
    {
        await using var owned = await database.StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var anna = await administrator.NewUserAsync("anna");

        var problem = await anna.ProblemAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "api-keys", new NewApiKey(" ", ["jobs:all"], 367));
        Assert.Equal(["name", "scopes", "expiresInDays"], problem.Errors!.Select(error => error.Path));
        Assert.Equal("key-invalid", await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "api-keys", new NewApiKey("none", [])));
        Assert.Equal("key-invalid", await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "api-keys", new NewApiKey("never", Scopes.All, 0)));
        for (var i = 0; i < 50; i++)
        {
            await anna.PostAsync<ApiKeyCredentials>("api-keys", new NewApiKey($"key {i}", [Scopes.JobsRead]));
        }

        Assert.Equal("key-invalid", await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "api-keys", new NewApiKey("one more", [Scopes.JobsRead])));
        foreach (var key in new[] { "cf_", "cf_" + new string('x', 500), "", "Bearer", "no key" })
        {
            using var program = Program(owned.Server, key);
            Assert.Equal("not-signed-in", await RefusedAsync(program, HttpStatusCode.Unauthorized, HttpMethod.Get, "session"));
        }
    }

    private static HttpClient Program(TestServer server, string key)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    private static async Task<Session> SessionAsync(HttpClient http)
    {
        using var answer = await SendAsync(http, HttpMethod.Get, "session");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return System.Text.Json.JsonSerializer.Deserialize<Session>(await answer.Content.ReadAsStringAsync(Cancellation), Wire.Json)!;
    }

    private static async Task<string> RefusedAsync(HttpClient http, HttpStatusCode status, HttpMethod method, string path, object? body = null)
    {
        using var answer = await SendAsync(http, method, path, body);
        return (await TestUser.ProblemAsync(status, answer)).Code;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path) { Content = body is null ? null : System.Net.Http.Json.JsonContent.Create(body, body.GetType(), options: Wire.Json) };
        return await http.SendAsync(request, Cancellation);
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteApiKeyTests() : ApiKeyContract(new OnSqlite());

/// <summary>On a real PostgreSQL.</summary>
public sealed class PostgresApiKeyTests(PostgresFixture postgres) : ApiKeyContract(new OnPostgres(postgres));
