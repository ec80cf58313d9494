using System.Net;
using System.Net.Http.Headers;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Xunit;

namespace ClinicFlow.Server.Tests.Access;

/// <summary>Every endpoint and every method of a hub has an explicit rule, and the rule is kept.</summary>
public sealed class AccessRuleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_endpoint_and_every_hub_method_has_one_explicit_rule()
    {
        await using var server = await TestServer.StartAsync();

        Assert.Empty(await RuleCheck.FindOffencesAsync(server.App));
        Assert.InRange(RuleCheck.EndpointsOf(server.App).Count, 50, 500);
    }

    [Fact]
    public async Task Who_may_do_what_is_as_it_was_approved()
    {
        await using var server = await TestServer.StartAsync();

        var table = string.Join('\n', await RuleCheck.TableAsync(server.App)) + "\n";

        if (Environment.GetEnvironmentVariable("UPDATE") == "1")
        {
            await File.WriteAllTextAsync(Checkout.PathOf("tests", "ClinicFlow.Server.Tests", "Access", "access-rules.txt"), table, Cancellation);
            return;
        }

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Access", "access-rules.txt"), Cancellation), table);
    }

    [Fact]
    public async Task What_is_planted_without_a_rule_is_found_and_closed_to_everybody()
    {
        await using var server = await TestServer.StartAsync(map: app =>
        {
            app.MapGet("/api/v1/planted", () => "a patient");
            app.MapGet("/api/v1/planted-twice", () => "a patient").Needs(Scopes.JobsRead).Needs(null);
            app.MapGet("/api/v1/planted-open", () => "a patient").Needs(Scopes.JobsRead).AllowAnonymous();
            app.MapGet("/api/v1/planted-bare", () => "a patient").WithMetadata(new AccessRule(Scopes.JobsRead, Role.User));
            app.MapGet("/api/v1/planted-shut", () => "a patient").WithMetadata(new AccessRule(null, null));
            app.MapHub<PlantedHub>("/hubs/planted").Needs(Scopes.JobsRead);
        });

        Assert.Equal(
            [
                "/api/v1/planted GET has no rule",
                "/api/v1/planted-bare GET has a rule that is not asked for",
                "/api/v1/planted-open GET has a rule that is not asked for",
                "/api/v1/planted-shut GET is said to be open to all, and is not",
                "/api/v1/planted-twice GET has more than one rule",
                "PlantedHub.Patients has no rule",
            ],
            (await RuleCheck.FindOffencesAsync(server.App)).Order(StringComparer.Ordinal));
        using var administrator = await TestUser.AdministratorAsync(server);
        using var nobody = Client(server, null);
        await administrator.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Get, "planted");
        using var refused = await nobody.GetAsync(new Uri("planted", UriKind.Relative), Cancellation);
        Assert.Equal("not-signed-in", (await TestUser.ProblemAsync(HttpStatusCode.Unauthorized, refused)).Code);
    }

    [Fact]
    public async Task Every_endpoint_refuses_whoever_its_rule_keeps_out()
    {
        await using var server = await TestServer.StartAsync();
        using var nobody = Client(server, null);
        using var wrong = Client(server, "cf_" + new string('x', 43));
        using var user = await TestUser.NewAsync(server, "anna");
        using var operating = await TestUser.NewAsync(server, "olga", Role.Operator);
        var lacking = new Dictionary<string, TestUser>();
        foreach (var scope in Scopes.All)
        {
            lacking[scope] = await TestUser.NewAsync(server, "without " + scope, Role.Administrator, [.. Scopes.All.Where(other => other != scope)]);
        }

        var tried = 0;
        foreach (var endpoint in RuleCheck.EndpointsOf(server.App))
        {
            var rule = endpoint.Metadata.GetRequiredMetadata<AccessRule>();
            foreach (var method in RuleCheck.MethodsOf(endpoint).Where(method => rule.LeastRole is not null && method != HttpMethods.Options && method != HttpMethods.Connect))
            {
                await RefusedAsync(nobody, endpoint, method, HttpStatusCode.Unauthorized, "not-signed-in");
                await RefusedAsync(wrong, endpoint, method, HttpStatusCode.Unauthorized, "not-signed-in");
                if (rule.Scope is { } scope)
                {
                    await RefusedAsync(lacking[scope].Http, endpoint, method, HttpStatusCode.Forbidden, "not-allowed");
                }

                if (rule.LeastRole > Role.User)
                {
                    await RefusedAsync(user.Http, endpoint, method, HttpStatusCode.Forbidden, "not-allowed");
                }

                if (rule.LeastRole > Role.Operator)
                {
                    await RefusedAsync(operating.Http, endpoint, method, HttpStatusCode.Forbidden, "not-allowed");
                }

                tried++;
            }
        }

        Assert.InRange(tried, 50, 500);
        foreach (var key in lacking.Values)
        {
            key.Dispose();
        }
    }

    private static async Task RefusedAsync(HttpClient http, RouteEndpoint endpoint, string method, HttpStatusCode status, string code)
    {
        using var request = RuleCheck.RequestTo(endpoint, method);
        var path = request.RequestUri!.ToString();

        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal((method, path, status), (method, path, answer.StatusCode));
        if (!HttpMethods.IsHead(method))
        {
            Assert.Equal(code, (await TestUser.ProblemAsync(status, answer)).Code);
        }
    }

    private static HttpClient Client(TestServer server, string? key)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = new Uri(server.Address, "/api/v1/") };
        http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    /// <summary>A hub with a method that nobody gave a rule.</summary>
    private sealed class PlantedHub : Hub
    {
        public override Task OnConnectedAsync() => Task.CompletedTask;

#pragma warning disable CA1822 // SignalR calls methods of instances.
        public string Patients() => "a patient";
#pragma warning restore CA1822
    }
}
