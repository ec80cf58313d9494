using System.Net;
using System.Text.Json.Nodes;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Servers;
using Xunit;

namespace ClinicFlow.Server.Tests.Accounts;

/// <summary>Passkeys, with an authenticator and a browser in software: the same on both databases.</summary>
public abstract class PasskeyContract(OnOneDatabase database)
{
    [Fact]
    public async Task A_passkey_is_made_signs_in_and_is_removed()
    {
        await using var owned = await database.StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var anna = await administrator.NewUserAsync("anna");
        using var authenticator = new SoftwareAuthenticator();

        var made = await RegisterAsync(anna, authenticator, "Anna's phone");
        using var visitor = new Visitor(owned.Server);
        var session = visitor.Keep(await visitor.PostAsync<Session>("session/passkey", new PasskeyAnswer(authenticator.Sign(await RequestOptionsAsync(visitor), owned.Server.Address))));

        Assert.Equal(("anna", Role.User, false), (session.UserName, session.Role, session.MustChangePassword));
        Assert.Equal([(made.Id, made.Name)], (await visitor.GetAsync<Page<Passkey>>("session/passkeys")).Items.Select(passkey => (passkey.Id, passkey.Name)));
        Assert.Equal(("Anna's phone", 1), (made.Name, (await administrator.GetAsync<Page<User>>("users")).Items.Single(user => user.UserName == "anna").Passkeys));
        await visitor.DeleteAsync("session/passkeys/" + made.Id);
        Assert.Empty((await visitor.GetAsync<Page<Passkey>>("session/passkeys")).Items);
        using var late = new Visitor(owned.Server);
        await RefusedAsync(late, authenticator.Sign(await RequestOptionsAsync(late), owned.Server.Address));
        Assert.Equal([session.Id, session.Id, session.Id], new[] { await LastAsync("passkey.add"), await LastAsync("passkey.remove"), (await administrator.AuditAsync("session.begin")).First(entry => entry is { Outcome: "done", Detail: "passkey" }).Actor });
        async Task<string> LastAsync(string action) => (await administrator.AuditAsync(action))[0].Actor;
    }

    [Fact]
    public async Task A_passkey_that_is_not_what_it_says_signs_nobody_in()
    {
        await using var owned = await database.StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var anna = await administrator.NewUserAsync("anna");
        using var authenticator = new SoftwareAuthenticator();
        using var thief = new SoftwareAuthenticator();
        await RegisterAsync(anna, authenticator, "phone");
        using var visitor = new Visitor(owned.Server);
        var address = owned.Server.Address;

        // By another key, for another site, with no person there, with an answer that was used, with no question asked.
        var forged = thief.Sign(await RequestOptionsAsync(visitor), address);
        forged["id"] = System.Buffers.Text.Base64Url.EncodeToString(authenticator.CredentialId);
        forged["rawId"] = (string)forged["id"]!;
        await RefusedAsync(visitor, forged);
        await RefusedAsync(visitor, authenticator.Sign(await RequestOptionsAsync(visitor), new Uri("https://evil.example")));
        authenticator.Verifies = false;
        await RefusedAsync(visitor, authenticator.Sign(await RequestOptionsAsync(visitor), address));
        authenticator.Verifies = true;
        var used = authenticator.Sign(await RequestOptionsAsync(visitor), address);
        await visitor.PostAsync<Session>("session/passkey", new PasskeyAnswer(used));
        using var second = new Visitor(owned.Server);
        await RefusedAsync(second, used);
        await RequestOptionsAsync(second);
        await RefusedAsync(second, used);
        foreach (var nonsense in new JsonObject[] { [], new() { ["id"] = 7 }, new() { ["id"] = "x", ["rawId"] = "x", ["type"] = "public-key", ["response"] = new JsonObject() } })
        {
            await RequestOptionsAsync(second);
            await RefusedAsync(second, nonsense);
        }

        await administrator.PatchAsync<UserCredentials>("users/" + (await anna.GetAsync<Session>("session")).Id, new UserChange(IsLockedOut: true));
        await RefusedAsync(second, authenticator.Sign(await RequestOptionsAsync(second), address));
        Assert.DoesNotContain(second.Cookies, cookie => cookie.Name == "clinicflow");
    }

    [Fact]
    public async Task A_passkey_is_kept_for_whoever_asked_for_it_alone()
    {
        await using var owned = await database.StartAsync();
        using var administrator = await Visitor.AdministratorAsync(owned.Server);
        using var anna = await administrator.NewUserAsync("anna");
        using var bernd = await administrator.NewUserAsync("bernd");
        using var authenticator = new SoftwareAuthenticator();
        using var other = new SoftwareAuthenticator();
        var made = await RegisterAsync(anna, authenticator, "phone");

        Assert.Equal("not-found", await bernd.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, "session/passkeys/" + made.Id));
        Assert.Equal("not-found", await bernd.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, "session/passkeys/*"));
        Assert.Empty((await bernd.GetAsync<Page<Passkey>>("session/passkeys")).Items);

        // Nobody asked; somebody else asked; the same credential of somebody else; a long name.
        var answer = other.Create(await CreationOptionsAsync(anna), owned.Server.Address);
        Assert.Equal("passkey-invalid", await bernd.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "session/passkeys", new PasskeyAnswer(answer, "stolen")));
        await CreationOptionsAsync(bernd);
        Assert.Equal("passkey-invalid", await bernd.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "session/passkeys", new PasskeyAnswer((JsonObject)answer.DeepClone(), "stolen")));
        var same = authenticator.Create(await CreationOptionsAsync(bernd), owned.Server.Address);
        Assert.Equal("passkey-invalid", await bernd.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "session/passkeys", new PasskeyAnswer(same, "the same")));
        Assert.Equal("request-invalid", await bernd.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "session/passkeys", new PasskeyAnswer([], new string('x', 101))));
        Assert.Empty((await bernd.GetAsync<Page<Passkey>>("session/passkeys")).Items);
        Assert.Equal([made.Id], (await anna.GetAsync<Page<Passkey>>("session/passkeys")).Items.Select(passkey => passkey.Id));
    }

    private static async Task<Passkey> RegisterAsync(Visitor visitor, SoftwareAuthenticator authenticator, string name)
        => await visitor.PostAsync<Passkey>("session/passkeys", new PasskeyAnswer(authenticator.Create(await CreationOptionsAsync(visitor), visitor.Server.Address), name));

    private static async Task<JsonObject> CreationOptionsAsync(Visitor visitor) => await visitor.PostAsync<JsonObject>("session/passkeys/options");

    private static async Task<JsonObject> RequestOptionsAsync(Visitor visitor)
    {
        var options = await visitor.PostAsync<JsonObject>("session/passkey-options");
        Assert.Equal("required", (string?)options["userVerification"]);
        return options;
    }

    private static async Task RefusedAsync(Visitor visitor, JsonObject credential)
        => Assert.Equal("sign-in-failed", await visitor.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "session/passkey", new PasskeyAnswer((JsonObject)credential.DeepClone())));
}

/// <summary>On SQLite.</summary>
public sealed class SqlitePasskeyTests() : PasskeyContract(new OnSqlite());

/// <summary>On a real PostgreSQL.</summary>
public sealed class PostgresPasskeyTests(PostgresFixture postgres) : PasskeyContract(new OnPostgres(postgres));
