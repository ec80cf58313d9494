using System.Net;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClinicFlow.Server.Tests.Accounts;

/// <summary>What an administrator does at one host counts at the others of the same database.</summary>
public sealed class TwoHostsTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_revoked_key_ends_everywhere_at_once_and_a_closed_account_within_seconds()
    {
        var clock = new ShiftedClock();
        var database = await postgres.NewDatabaseAsync();
        (string, string)[] settings = [("BatchProcessing:EncryptionKey", Convert.ToBase64String(new byte[32]))];
        await using var here = await TestServer.StartAsync(database, settings);
        await using var there = await TestServer.StartAsync(database, settings, builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var administrator = await Visitor.AdministratorAsync(here);
        using var anna = await administrator.NewUserAsync("anna");
        var (first, second) = (await anna.PostAsync<ApiKeyCredentials>("api-keys", new NewApiKey("first", Scopes.All)), await anna.PostAsync<ApiKeyCredentials>("api-keys", new NewApiKey("second", Scopes.All)));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await StatusAsync(there, first.Key), await StatusAsync(there, second.Key)));

        await anna.DeleteAsync($"api-keys/{first.ApiKey.Id}");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await StatusAsync(there, first.Key), await StatusAsync(there, second.Key)));

        await administrator.PatchAsync<UserCredentials>("users/" + (await anna.GetAsync<Session>("session")).Id, new UserChange(IsLockedOut: true));
        clock.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(there, second.Key));

        // Both wrote into one log, whose chain holds.
        Assert.True((await administrator.PostAsync<AuditVerdict>("audit/verify")).IsIntact);
    }

    private static async Task<HttpStatusCode> StatusAsync(TestServer server, string key)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        http.DefaultRequestHeaders.Add("X-Api-Key", key);
        using var answer = await http.GetAsync(new Uri(server.Address, "/api/v1/batch-jobs"), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
