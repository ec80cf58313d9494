using System.Net;
using System.Text.RegularExpressions;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Web.Tests.Browser;

namespace ClinicFlow.Web.Tests.Pages;

/// <summary>What pages and their live connection let nobody do.</summary>
public sealed partial class PageSafetyTests(Chromium chromium)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/sign-in", HttpStatusCode.OK)]
    [InlineData("/password", HttpStatusCode.OK)]
    [InlineData("/templates", HttpStatusCode.OK)]
    [InlineData("/no/such/page", HttpStatusCode.NotFound)]
    public async Task No_page_has_an_inline_script_and_none_may_run(string path, HttpStatusCode status)
    {
        using var http = await SignedInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");

        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single().Split("; ").ToDictionary(part => part.Split(' ')[0], part => part);
        Assert.Equal("default-src 'none'", policy["default-src"]);
        Assert.Equal("script-src 'self'", policy["script-src"]);
        Assert.Equal("connect-src 'self'", policy["connect-src"]);
        Assert.Equal("frame-ancestors 'none'", policy["frame-ancestors"]);
        var html = await answer.Content.ReadAsStringAsync(Cancellation);
        var scripts = Script().Matches(html);
        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.Matches("src=\"[^:\"]+\"", script.Value));
        Assert.DoesNotMatch(" on[a-z]+=\"", html);
    }

    [Fact]
    public async Task A_program_gets_problem_details_where_a_browser_gets_a_page()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = chromium.Server.Address };

        using var unknown = await http.GetAsync("/no/such/page", Cancellation);
        using var api = new HttpRequestMessage(HttpMethod.Get, "/api/v1/batch-jobs");
        api.Headers.Accept.ParseAdd("text/html");
        using var closed = await http.SendAsync(api, Cancellation);
        using var program = await http.GetAsync("/history", Cancellation);
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var page = await http.GetAsync("/history?text=a%26b", Cancellation);

        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (unknown.StatusCode, unknown.Content.Headers.ContentType?.MediaType));
        Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (closed.StatusCode, closed.Content.Headers.ContentType?.MediaType));
        Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (program.StatusCode, program.Content.Headers.ContentType?.MediaType));
        Assert.Equal((HttpStatusCode.Found, "/sign-in?returnUrl=%2Fhistory%3Ftext%3Da%2526b"), (page.StatusCode, page.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task The_live_connection_is_for_who_is_signed_in_and_for_own_pages_only()
    {
        using var nobody = new HttpClient { BaseAddress = chromium.Server.Address };
        using var signedIn = await SignedInAsync();

        using var refused = await nobody.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Cancellation);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        foreign.Headers.Add("Origin", "https://evil.example");
        using var elsewhere = await signedIn.SendAsync(foreign, Cancellation);
        using var own = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        own.Headers.Add("Origin", chromium.Server.Address.GetLeftPart(UriPartial.Authority));
        using var here = await signedIn.SendAsync(own, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.OK, here.StatusCode);
    }

    [Fact]
    public async Task The_mark_of_a_page_s_call_cannot_be_forged()
    {
        using var http = new HttpClient { BaseAddress = chromium.Server.Address };
        http.DefaultRequestHeaders.Add("X-ClinicFlow-Page", new string('A', 64) + " 203.0.113.99 https evil.example");

        using var answer = await http.PostAsync("/api/v1/session", System.Net.Http.Json.JsonContent.Create(new SignIn("admin", WebServer.AdministratorPassword), options: Wire.Json), Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.All(answer.Headers.GetValues("Set-Cookie"), cookie => Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase));
        await using var client = new ClinicFlowClient(chromium.Server.Address);
        await client.Session.SignInAsync(new SignIn("admin", WebServer.AdministratorPassword), Cancellation);
        var entries = await client.Audit.ListAsync(count: 200, cancellation: Cancellation);
        Assert.NotEmpty(entries.Items);
        Assert.DoesNotContain(entries.Items, entry => entry.Origin.Contains("203.0.113", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/app.css", "text/css")]
    [InlineData("/app.js", "text/javascript")]
    [InlineData("/_framework/blazor.web.js", "text/javascript")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.css", "text/css")]
    [InlineData("/_content/ClinicFlow.Components/browser.js", "text/javascript")]
    [InlineData("/clinicflow-server.styles.css", "text/css")]
    public async Task The_files_of_pages_come_from_the_command_s_own_folder(string path, string type)
    {
        using var http = new HttpClient { BaseAddress = chromium.Server.Address };

        using var answer = await http.GetAsync(path, Cancellation);

        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    private async Task<HttpClient> SignedInAsync()
    {
        var http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false }) { BaseAddress = chromium.Server.Address };
        using var answer = await http.PostAsync("/api/v1/session", System.Net.Http.Json.JsonContent.Create(new SignIn("admin", WebServer.AdministratorPassword), options: Wire.Json), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return http;
    }

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Script();
}
