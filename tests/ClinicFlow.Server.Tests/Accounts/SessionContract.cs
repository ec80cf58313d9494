using System.Net;
using System.Text.Json.Nodes;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClinicFlow.Server.Tests.Accounts;

/// <summary>Signing in and out with a local account: the same on both databases.</summary>
public abstract class SessionContract(OnOneDatabase database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_one_time_password_signs_in_for_nothing_but_the_choice_of_another()
    {
        await using var owned = await database.StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        var made = await administrator.PostAsync<UserCredentials>("users", new NewUser("anna", "anna@clinic.example"));
        var given = await administrator.PostAsync<UserCredentials>("users", new NewUser("bernd", Password: "chosen for bernd"));
        using var anna = new Visitor(owned.Server);

        var session = await anna.SignInAsync("anna", made.OneTimePassword!);

        Assert.Equal(("anna", Role.User, true), (session.UserName, session.Role, session.MustChangePassword));
        Assert.Equal(Scopes.All, session.Scopes);
        Assert.Null(given.OneTimePassword);
        Assert.True((await anna.GetAsync<Session>("session")).MustChangePassword);
        foreach (var path in new[] { "batch-jobs", "templates", "api-keys", "queue", "session/passkeys" })
        {
            Assert.Equal("password-change-required", await anna.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Get, path));
        }

        Assert.Equal("password-change-required", await anna.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Post, "api-keys", new NewApiKey("mine", Scopes.All)));
        await RefusedChangeAsync(anna, "password-wrong", "some other password", "four grey geese fly");
        await RefusedChangeAsync(anna, "password-weak", made.OneTimePassword!, made.OneTimePassword!);
        foreach (var weak in new[] { "short", "", "aaaaaaaaaaaaaaaa", "password12345", "anna1234anna", new string('x', 300) + "abcdef" })
        {
            await RefusedChangeAsync(anna, "password-weak", made.OneTimePassword!, weak);
        }

        var changed = anna.Keep(await anna.PutAsync<Session>("session/password", new PasswordChange(made.OneTimePassword!, "four grey geese fly")));

        Assert.False(changed.MustChangePassword);
        Assert.Empty((await anna.GetAsync<Page<Job>>("batch-jobs")).Items);
        using var late = new Visitor(owned.Server);
        Assert.Equal("sign-in-failed", await late.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "session", new SignIn("anna", made.OneTimePassword!)));
        await late.SignInAsync("ANNA", "four grey geese fly");
    }

    [Fact]
    public async Task An_unknown_user_a_wrong_password_a_closed_and_a_locked_account_are_answered_alike()
    {
        await using var owned = await database.StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var anna = await administrator.NewUserAsync("anna");
        using var closed = await administrator.NewUserAsync("closed");
        using var locked = await administrator.NewUserAsync("locked");
        await administrator.PatchAsync<UserCredentials>("users/" + await IdAsync(closed), new UserChange(IsLockedOut: true));
        using var visitor = new Visitor(owned.Server);
        for (var i = 0; i < 5; i++)
        {
            await visitor.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "session", new SignIn("locked", "wrong"));
        }

        var answers = new List<string>();
        foreach (var order in new SignIn[]
        {
            new("nobody", "of nobody: seven wet herons"), new("anna", "of nobody: seven wet herons"), new("anna", ""), new("", ""), new("an\0na", "x"), new(new string('a', 300), "x"), new("anna", new string('x', 2_000)),
            new("closed", Visitor.PasswordOf("closed")), new("locked", Visitor.PasswordOf("locked")),
        })
        {
            using var answer = await visitor.SendAsync(HttpMethod.Post, "session", order);
            var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!.AsObject();
            problem.Remove("traceId");
            answers.Add($"{answer.StatusCode} {problem.ToJsonString()} {string.Join(',', answer.Headers.Select(header => header.Key).Order())}");
        }

        Assert.Single(answers.Distinct());
        Assert.Empty(visitor.Cookies);
        Assert.Equal(
            ["sign-in-failed", "sign-in-failed", "sign-in-failed", "sign-in-failed", "sign-in-failed", "sign-in-failed", "sign-in-failed", "closed", "locked-out"],
            (await administrator.AuditAsync("session.begin")).Take(9).Select(entry => entry.Outcome).Reverse());
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_an_account_for_five_minutes()
    {
        // Passwords take the server's own time, so that tries that are sent at once are looked at while others are.
        var clock = new ShiftedClock();
        await using var owned = await database.StartAsync(configure: builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Services.Configure<PasswordHasherOptions>(passwords => passwords.IterationCount = new PasswordHasherOptions().IterationCount);
        });
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var anna = await administrator.NewUserAsync("anna");
        var (right, wrong) = (new SignIn("anna", Visitor.PasswordOf("anna")), new SignIn("anna", "quite another one"));
        using var visitor = new Visitor(owned.Server);
        async Task<string> FailAsync(SignIn order) => await visitor.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "session", order);

        // A right one between them begins the count anew.
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 4; i++)
            {
                await FailAsync(wrong);
            }

            await visitor.SignInAsync(right.UserName, right.Password);
        }

        for (var i = 0; i < 5; i++)
        {
            await FailAsync(wrong);
        }

        await FailAsync(right);
        Assert.True((await administrator.GetAsync<Page<User>>("users")).Items.Single(user => user.UserName == "anna").IsLockedOut);
        Assert.Equal("anna", (await anna.GetAsync<Session>("session")).UserName);
        clock.Advance(TimeSpan.FromMinutes(4));
        await FailAsync(right);
        clock.Advance(TimeSpan.FromMinutes(1.1));
        await visitor.SignInAsync(right.UserName, right.Password);

        // Many at once are no more than five.
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => FailAsync(wrong)));
        await FailAsync(right);
        Assert.InRange((await administrator.AuditAsync("session.begin")).Count(entry => entry.Outcome == "locked-out"), 13, 14);

        // An administrator opens it before its time.
        await administrator.PatchAsync<UserCredentials>("users/" + await IdAsync(anna), new UserChange(IsLockedOut: false));
        await visitor.SignInAsync(right.UserName, right.Password);
    }

    [Fact]
    public async Task Signing_out_ends_the_sign_in_and_every_copy_of_its_cookie_and_no_other()
    {
        var clock = new ShiftedClock();
        await using var owned = await database.StartAsync(configure: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var ward = await administrator.NewUserAsync("anna");
        using var desk = await Visitor.SignedInAsync(owned.Server, "anna", Visitor.PasswordOf("anna"));
        var copy = string.Join("; ", ward.Cookies.Select(cookie => $"{cookie.Name}={cookie.Value}"));
        Assert.Equal(HttpStatusCode.OK, await WithAsync(owned, copy));

        await ward.DeleteAsync("session");

        Assert.DoesNotContain(ward.Cookies, cookie => cookie.Name == "clinicflow");
        Assert.Equal("not-signed-in", await ward.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "session"));
        Assert.Equal(HttpStatusCode.Unauthorized, await WithAsync(owned, copy));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await WithAsync(owned, copy));
        Assert.Equal("anna", (await desk.GetAsync<Session>("session")).UserName);

        // What has run out is forgotten.
        clock.Advance(TimeSpan.FromHours(7));
        await desk.SignInAsync("anna", Visitor.PasswordOf("anna"));
        await desk.DeleteAsync("session");
        Assert.Equal(HttpStatusCode.Unauthorized, await WithAsync(owned, copy));
        Assert.Single(await owned.ReadAsync("select * from accounts.user_tokens"));
        Assert.Equal(2, (await SignedInAsync(owned)).Count(entry => entry.Action == "session.end"));
    }

    [Fact]
    public async Task A_new_password_ends_all_other_sign_ins_and_leaves_this_one()
    {
        await using var owned = await database.StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var ward = await administrator.NewUserAsync("anna");
        using var desk = await Visitor.SignedInAsync(owned.Server, "anna", Visitor.PasswordOf("anna"));

        desk.Keep(await desk.PutAsync<Session>("session/password", new PasswordChange(Visitor.PasswordOf("anna"), "four grey geese fly")));

        Assert.Equal("anna", (await desk.GetAsync<Session>("session")).UserName);
        Assert.Equal("not-signed-in", await ward.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "session"));
        Assert.Equal("not-signed-in", await ward.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "batch-jobs"));
    }

    [Fact]
    public async Task The_cookies_of_a_sign_in_are_kept_from_scripts_and_other_sites()
    {
        await using var owned = await database.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = new Uri(owned.Server.Address, "/api/v1/") };
        using var content = System.Net.Http.Json.JsonContent.Create(new SignIn("admin", TestServer.AdministratorPassword), options: Wire.Json);

        using var answer = await http.PostAsync(new Uri("session", UriKind.Relative), content, Cancellation);

        var cookies = answer.Headers.GetValues("Set-Cookie").ToArray();
        Assert.Equal(["clinicflow", "clinicflow-xsrf"], cookies.Select(cookie => cookie[..cookie.IndexOf('=', StringComparison.Ordinal)]).Order());
        Assert.All(cookies, cookie =>
        {
            Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("expires", cookie, StringComparison.OrdinalIgnoreCase);
        });
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    private static async Task RefusedChangeAsync(Visitor visitor, string code, string current, string next)
        => Assert.Equal(code, await visitor.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Put, "session/password", new PasswordChange(current, next)));

    private static async Task<string> IdAsync(Visitor visitor) => (await visitor.GetAsync<Session>("session")).Id;

    private static async Task<IReadOnlyList<AuditEntry>> SignedInAsync(OwnedServer owned)
    {
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        return await administrator.AuditAsync("session.end");
    }

    private static async Task<HttpStatusCode> WithAsync(OwnedServer owned, string cookies)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = new Uri(owned.Server.Address, "/api/v1/") };
        http.DefaultRequestHeaders.Add("Cookie", cookies);
        using var answer = await http.GetAsync(new Uri("session", UriKind.Relative), Cancellation);
        return answer.StatusCode;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteSessionTests() : SessionContract(new OnSqlite());

/// <summary>On a real PostgreSQL.</summary>
public sealed class PostgresSessionTests(PostgresFixture postgres) : SessionContract(new OnPostgres(postgres));
