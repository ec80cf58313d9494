using System.Net;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClinicFlow.Server.Tests.Accounts;

/// <summary>What administrators do with accounts, and what it does to whoever is signed in: the same on both databases.</summary>
public abstract class UsersContract(OnOneDatabase database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_closed_account_ends_its_sign_ins_and_stops_its_keys_at_once()
    {
        await using var owned = await StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var anna = await administrator.NewUserAsync("anna");
        using var program = await KeyedAsync(anna);
        var id = (await anna.GetAsync<Session>("session")).Id;

        await administrator.PatchAsync<UserCredentials>("users/" + id, new UserChange(IsLockedOut: true));

        Assert.Equal("not-signed-in", await anna.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "session"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(program));
        await anna.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "session", new SignIn("anna", Visitor.PasswordOf("anna")));

        // Opened again, one signs in anew; programs go on.
        await administrator.PatchAsync<UserCredentials>("users/" + id, new UserChange(IsLockedOut: false));
        Assert.Equal("not-signed-in", await anna.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "session"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program));
        await anna.SignInAsync("anna", Visitor.PasswordOf("anna"));
    }

    [Fact]
    public async Task A_new_role_counts_at_once_and_ends_sign_ins()
    {
        await using var owned = await StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var anna = await administrator.NewUserAsync("anna", Role.Administrator);
        using var program = await KeyedAsync(anna);
        var id = (await anna.GetAsync<Session>("session")).Id;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(program, "audit"));

        await administrator.PatchAsync<UserCredentials>("users/" + id, new UserChange(Role: Role.User));

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(program, "audit"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(program, "users"));
        Assert.Equal("not-signed-in", await anna.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "session"));
        await anna.SignInAsync("anna", Visitor.PasswordOf("anna"));
        Assert.Equal("not-allowed", await anna.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Get, "users"));
        Assert.Equal("not-allowed", await anna.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Patch, "users/" + id, new UserChange(Role: Role.Administrator)));
    }

    [Fact]
    public async Task A_reset_password_takes_the_place_of_the_old_one_and_is_for_one_sign_in()
    {
        await using var owned = await StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var anna = await administrator.NewUserAsync("anna");
        var id = (await anna.GetAsync<Session>("session")).Id;

        var reset = await administrator.PatchAsync<UserCredentials>("users/" + id, new UserChange(ResetPassword: true));

        Assert.Equal("not-signed-in", await anna.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "session"));
        await anna.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "session", new SignIn("anna", Visitor.PasswordOf("anna")));
        Assert.True((await anna.SignInAsync("anna", reset.OneTimePassword!)).MustChangePassword);
        Assert.Equal("password-change-required", await anna.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Get, "batch-jobs"));
        anna.Keep(await anna.PutAsync<Session>("session/password", new PasswordChange(reset.OneTimePassword!, "four grey geese fly")));
        Assert.Empty((await anna.GetAsync<Page<Job>>("batch-jobs")).Items);
    }

    [Fact]
    public async Task A_deleted_user_is_out_and_the_jobs_stay_for_operators()
    {
        await using var owned = await StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var olga = await TestUser.NewAsync(owned.Server, "olga", Role.Operator);
        using var anna = await TestUser.NewAsync(owned.Server, "anna");
        using var person = await Visitor.SignedInAsync(owned.Server, "anna", "quite-Unlikely-7-own");
        var template = await anna.AddTemplateAsync();
        var job = await anna.EndAsync((await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 1))).Id);

        await administrator.DeleteAsync("users/" + anna.Id);

        await anna.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "batch-jobs");
        await person.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "session");
        await person.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "session", new SignIn("anna", "quite-Unlikely-7-own"));
        Assert.Equal((job.Id, (string?)null), (await olga.GetAsync<Page<Job>>("batch-jobs")).Items.Select(seen => (seen.Id, seen.CreatedByName)).Single());
        Assert.Equal("not-found", await administrator.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, "users/" + anna.Id));

        // Whoever is called the same later is somebody else.
        using var other = await TestUser.NewAsync(owned.Server, "anna");
        Assert.Empty((await other.GetAsync<Page<Job>>("batch-jobs")).Items);
        await other.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{job.Id}");
    }

    [Fact]
    public async Task The_last_administrator_can_be_removed_by_nobody()
    {
        await using var owned = await StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var other = await administrator.NewUserAsync("other", Role.Administrator);
        var (first, second) = ((await administrator.GetAsync<Session>("session")).Id, (await other.GetAsync<Session>("session")).Id);

        // Two who take the role from each other at once: one of them stays.
        using var answers = new Answers(await Task.WhenAll(
            administrator.SendAsync(HttpMethod.Patch, "users/" + second, new UserChange(Role: Role.User)), other.SendAsync(HttpMethod.Patch, "users/" + first, new UserChange(Role: Role.User))));

        var (winner, id) = answers.All[0].IsSuccessStatusCode ? (administrator, first) : (other, second);
        Assert.Equal(Role.Administrator, (await winner.GetAsync<Page<User>>("users")).Items.Single(user => user.Role == Role.Administrator).Role);
        foreach (var (method, body) in new (HttpMethod, object?)[] { (HttpMethod.Patch, new UserChange(Role: Role.Operator)), (HttpMethod.Patch, new UserChange(IsLockedOut: true)), (HttpMethod.Delete, null) })
        {
            Assert.Equal("last-administrator", await winner.RefusedAsync(HttpStatusCode.Conflict, method, "users/" + id, body));
        }

        Assert.Equal(Role.Administrator, (await winner.GetAsync<Session>("session")).Role);
    }

    [Fact]
    public async Task Accounts_that_cannot_be_are_refused_with_their_reason()
    {
        await using var owned = await StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        var made = await administrator.PostAsync<UserCredentials>("users", new NewUser("Ödön Ágó", "o@clinic.example", Role.Operator));

        Assert.Equal("user-exists", await administrator.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Post, "users", new NewUser("ödön ágó")));
        Assert.Equal("password-weak", await administrator.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "users", new NewUser("x", Password: "short")));
        foreach (var order in new NewUser[] { new(""), new("   "), new(new string('x', 101)), new("a\nb"), new("x", "nobody"), new("x", "a@b.example\r\nBcc: c@d.example") })
        {
            Assert.Equal("request-invalid", await administrator.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "users", order));
        }

        Assert.Equal("request-invalid", await administrator.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Patch, "users/" + made.User.Id, new UserChange("nobody")));
        Assert.Equal("not-found", await administrator.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Patch, "users/nobody", new UserChange(Role: Role.User)));
        Assert.Equal([("admin", Role.Administrator, null), ("Ödön Ágó", Role.Operator, "o@clinic.example")], (await administrator.GetAsync<Page<User>>("users")).Items.Select(user => (user.UserName, user.Role, user.Email)));
        foreach (var action in new[] { "user.create", "user.change" })
        {
            Assert.All(await administrator.AuditAsync(action), entry => Assert.DoesNotContain("clinic.example", entry.ToString(), StringComparison.Ordinal));
        }
    }

    private Task<OwnedServer> StartAsync() => database.StartAsync(configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf()));

    /// <summary>A program with an API key of somebody's, with all scopes.</summary>
    private static async Task<HttpClient> KeyedAsync(Visitor visitor)
    {
        var key = await visitor.PostAsync<ApiKeyCredentials>("api-keys", new NewApiKey("program", Scopes.All));
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = visitor.Http.BaseAddress };
        http.DefaultRequestHeaders.Add("X-Api-Key", key.Key);
        return http;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path = "batch-jobs")
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return answer.StatusCode;
    }

    private sealed record Answers(HttpResponseMessage[] All) : IDisposable
    {
        public void Dispose() => Array.ForEach(All, answer => answer.Dispose());
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteUsersTests() : UsersContract(new OnSqlite());

/// <summary>On a real PostgreSQL.</summary>
public sealed class PostgresUsersTests(PostgresFixture postgres) : UsersContract(new OnPostgres(postgres));
