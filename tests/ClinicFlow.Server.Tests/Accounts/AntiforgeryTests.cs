using System.Net;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Tests.Access;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace ClinicFlow.Server.Tests.Accounts;

/// <summary>Another site that makes a browser send something with the cookie of whoever is signed in gets nowhere.</summary>
public sealed class AntiforgeryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_that_is_signed_by_a_cookie_needs_the_token_of_its_own_sign_in()
    {
        await using var server = await TestServer.StartAsync();
        using var administrator = await Visitor.AdministratorAsync(server);
        using var anna = await administrator.NewUserAsync("anna");
        var tried = 0;
        foreach (var endpoint in RuleCheck.EndpointsOf(server.App).Where(endpoint => endpoint.Metadata.GetRequiredMetadata<AccessRule>().LeastRole is not null))
        {
            foreach (var method in RuleCheck.MethodsOf(endpoint).Where(method => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method)))
            {
                foreach (var token in new[] { null, "", "nonsense", anna.Token })
                {
                    using var request = RuleCheck.RequestTo(endpoint, method);
                    if (token is not null)
                    {
                        request.Headers.Add("X-XSRF-TOKEN", token);
                    }

                    using var answer = await administrator.Http.SendAsync(request, Cancellation);

                    Assert.Equal("antiforgery-failed", (await TestUser.ProblemAsync(HttpStatusCode.BadRequest, answer)).Code);
                    tried++;
                }
            }
        }

        Assert.InRange(tried, 80, 1_000);
        Assert.Equal(2, (await administrator.GetAsync<Page<User>>("users")).Items.Count);
        await administrator.PostAsync<UserCredentials>("users", new NewUser("bernd"));
    }

    [Fact]
    public async Task Signing_in_is_taken_as_JSON_only_which_no_form_of_another_site_can_send()
    {
        await using var server = await TestServer.StartAsync();
        using var visitor = new Visitor(server);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["userName"] = "admin", ["password"] = TestServer.AdministratorPassword });
        using var text = new StringContent($$"""{"userName": "admin", "password": "{{TestServer.AdministratorPassword}}"}""", System.Text.Encoding.UTF8, "text/plain");

        foreach (HttpContent content in new HttpContent[] { form, text })
        {
            Assert.Equal("media-type-unsupported", await visitor.RefusedAsync(HttpStatusCode.UnsupportedMediaType, HttpMethod.Post, "session", content));
        }

        Assert.Empty(visitor.Cookies);
    }

    [Fact]
    public async Task A_live_connection_by_a_cookie_comes_from_the_servers_own_pages()
    {
        await using var server = await TestServer.StartAsync();
        using var administrator = await Visitor.AdministratorAsync(server);
        using var program = await TestUser.AdministratorAsync(server);
        var cookies = string.Join("; ", administrator.Cookies.Select(cookie => $"{cookie.Name}={cookie.Value}"));
        async Task<HttpStatusCode> ConnectAsync(string header, string value, string? origin)
        {
            await using var hub = new HubConnectionBuilder().WithUrl(new Uri(server.Address, "/hubs/batch-jobs"), options =>
            {
                options.Headers.Add(header, value);
                if (origin is not null)
                {
                    options.Headers.Add("Origin", origin);
                }
            }).Build();
            try
            {
                await hub.StartAsync(Cancellation);
                return HttpStatusCode.OK;
            }
            catch (HttpRequestException e)
            {
                return e.StatusCode!.Value;
            }
        }

        var own = server.Address.GetLeftPart(UriPartial.Authority);
        Assert.Equal(HttpStatusCode.OK, await ConnectAsync("Cookie", cookies, own));
        foreach (var foreign in new[] { "https://evil.example", "null", own + ".evil.example", own.Replace("http:", "https:", StringComparison.Ordinal) })
        {
            Assert.Equal((foreign, HttpStatusCode.Forbidden), (foreign, await ConnectAsync("Cookie", cookies, foreign)));
        }

        Assert.Equal(HttpStatusCode.OK, await ConnectAsync("Authorization", "Bearer " + program.Key, "https://evil.example"));
    }
}
