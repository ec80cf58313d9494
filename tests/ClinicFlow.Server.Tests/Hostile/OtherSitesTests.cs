using System.Net;
using ClinicFlow.Server.Tests.Servers;
using Xunit;

namespace ClinicFlow.Server.Tests.Hostile;

/// <summary>What pages of other sites may do from a browser (Fetch standard, CORS).</summary>
public sealed class OtherSitesTests
{
    private const string Intranet = "https://intranet.clinic.example";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("https://elsewhere.example")]
    [InlineData("https://intranet.clinic.example.evil.example")]
    [InlineData("http://intranet.clinic.example")]
    [InlineData("null")]
    public async Task No_other_site_is_answered_by_default_or_because_another_one_is(string? origin)
    {
        await using var server = await TestServer.StartAsync(settings: origin is null ? null : [("Server:AllowedOrigins:0", Intranet)]);
        using var preflight = await AskAsync(server, HttpMethod.Options, origin ?? Intranet);
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
        using var anna = await TestUser.NewAsync(server, "anna");
        using var answer = await AskAsync(server, HttpMethod.Get, origin ?? Intranet, anna.Key);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_site_that_is_allowed_calls_with_a_key_and_never_with_a_cookie()
    {
        await using var server = await TestServer.StartAsync(settings: [("Server:AllowedOrigins:0", Intranet)]);
        using var preflight = await AskAsync(server, HttpMethod.Options, Intranet);
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(Intranet, Assert.Single(preflight.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Credentials"));

        using var anna = await TestUser.NewAsync(server, "anna");
        using var answer = await AskAsync(server, HttpMethod.Get, Intranet, anna.Key);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Intranet, Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("https://*.clinic.example")]
    [InlineData("https://intranet.clinic.example/")]
    [InlineData("intranet.clinic.example")]
    public void What_is_no_origin_keeps_the_server_from_starting(string origin)
        => Assert.Contains(new ServerSettings { AllowedOrigins = [origin] }.Validate(), problem => problem.StartsWith("Server:AllowedOrigins", StringComparison.Ordinal));

    private static async Task<HttpResponseMessage> AskAsync(TestServer server, HttpMethod method, string origin, string? key = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false });
        using var request = new HttpRequestMessage(method, new Uri(server.Address, "/api/v1/batch-jobs"));
        request.Headers.Add("Origin", origin);
        if (key is null)
        {
            request.Headers.Add("Access-Control-Request-Method", "GET");
            request.Headers.Add("Access-Control-Request-Headers", "authorization");
        }
        else
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        return await http.SendAsync(request, Cancellation);
    }
}
