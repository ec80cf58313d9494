using System.Net;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Servers;
using Xunit;

namespace ClinicFlow.Server.Tests.Accounts;

/// <summary>Who asks too often is told when to come back, and nobody else is.</summary>
public sealed class RateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_that_tries_too_many_sign_ins_is_refused_the_right_password_too()
    {
        await using var server = await TestServer.StartAsync(settings: [("Server:SignInsPerMinute", "3")]);
        using var visitor = new Visitor(server);

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => visitor.SendAsync(HttpMethod.Post, "session", new SignIn("admin", i < 4 ? "wrong" : TestServer.AdministratorPassword))));

        Assert.InRange(answers.Count(answer => answer.IsSuccessStatusCode), 0, 12);
        await RefusedAsync(answers);
    }

    [Fact]
    public async Task A_user_who_asks_too_often_waits_and_others_do_not()
    {
        await using var server = await TestServer.StartAsync(settings: [("Server:RequestsPerMinute", "600")]);
        using var anna = await TestUser.NewAsync(server, "anna");
        using var bernd = await TestUser.NewAsync(server, "bernd");

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => anna.Http.GetAsync(new Uri("session", UriKind.Relative), Cancellation)));

        await RefusedAsync(answers);
        Assert.Equal("bernd", (await bernd.GetAsync<Session>("session")).UserName);
        using var health = await anna.Http.GetAsync(new Uri("/health/live", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    private static async Task RefusedAsync(HttpResponseMessage[] answers)
    {
        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal("too-many-requests", (await TestUser.ProblemAsync(HttpStatusCode.TooManyRequests, refused)).Code);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Array.ForEach(answers, answer => answer.Dispose());
    }
}
