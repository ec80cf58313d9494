using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClinicFlow.Server.Tests.Operations;

/// <summary>What the API says about itself is true, of every endpoint.</summary>
public sealed partial class DescriptionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_endpoint_is_described_with_a_summary_and_its_body_with_an_example()
    {
        await using var server = await TestServer.StartAsync();
        var operations = await OperationsAsync(server);
        var described = operations.Select(operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal).ToArray();
        var there = server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} /{Constraint().Replace(endpoint.RoutePattern.RawText!.Trim('/'), "}")}"))
            .Order(StringComparer.Ordinal).ToArray();

        Assert.Equal(there, described);
        foreach (var operation in operations)
        {
            Assert.True(operation.Node["summary"]?.GetValue<string>() is { Length: > 8 }, operation + " has no summary.");
            Assert.True(operation.Node["operationId"] is not null && operation.Node["tags"] is JsonArray { Count: > 0 }, operation + " has no name or no tag.");
            if (operation.Node["requestBody"]?["content"]?["application/json"] is { } body)
            {
                Assert.True(body["example"] is not null, operation + " has no example.");
            }

            foreach (var (status, answer) in operation.Node["responses"]!.AsObject().Where(answer => answer.Key[0] is '4' or '5'))
            {
                Assert.True(answer!["content"]?["application/problem+json"] is not null, $"{operation} answers {status} with no problem.");
            }
        }
    }

    [Fact]
    public async Task Every_endpoint_refuses_strangers_and_says_of_what_is_not_there_that_it_is_not()
    {
        await using var server = await TestServer.StartAsync();
        using var administrator = await TestUser.AdministratorAsync(server);
        using var nobody = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = server.Address };
        var (closed, absent) = (0, 0);
        foreach (var operation in await OperationsAsync(server))
        {
            if (operation.Node["security"] is not null)
            {
                using var answer = await nobody.SendAsync(Request(operation), Cancellation);
                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{operation}: {answer.StatusCode}");
                closed++;
            }

            if (operation.Path.Contains('{', StringComparison.Ordinal))
            {
                // The example of the body is taken as it stands: so it is a right one.
                using var answer = await administrator.Http.SendAsync(Request(operation), Cancellation);
                var text = await answer.Content.ReadAsStringAsync(Cancellation);
                var isOfPerson = operation.Path.Contains("passkeys", StringComparison.Ordinal);
                Assert.True(answer.StatusCode == HttpStatusCode.NotFound || (isOfPerson && answer.StatusCode == HttpStatusCode.Forbidden), $"{operation}: {answer.StatusCode} {text}");
                if (operation.Method != "HEAD")
                {
                    Assert.Contains((string)JsonNode.Parse(text)!["code"]!, (string[])(isOfPerson ? ["not-found", "not-allowed"] : ["not-found"]));
                }

                absent++;
            }
        }

        Assert.True(closed > 40 && absent > 20, $"{closed} {absent}");
    }

    [Fact]
    public async Task The_codes_of_problems_are_those_that_the_manual_lists()
    {
        var source = string.Concat(Directory.EnumerateFiles(Checkout.PathOf("src", "ClinicFlow.Server"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var used = Codes().Matches(source).Select(match => match.Groups[1].Value).Distinct().ToArray();
        var manual = await File.ReadAllTextAsync(Checkout.PathOf("docs", "api.md"), Cancellation);

        Assert.True(used.Length > 20, string.Join(' ', used));
        Assert.Equal([], used.Where(code => !manual.Contains($"`{code}`", StringComparison.Ordinal)));
    }

    private static async Task<List<Operation>> OperationsAsync(TestServer server)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var api = JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json", Cancellation))!;
        Assert.StartsWith("3.1", (string)api["openapi"]!, StringComparison.Ordinal);
        return [.. api["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Where(method => method.Value is JsonObject found && found.ContainsKey("responses")).Select(method => new Operation(method.Key.ToUpperInvariant(), path.Key, method.Value!.AsObject())))];
    }

    private static HttpRequestMessage Request(Operation operation)
    {
        var path = Parameter().Replace(operation.Path, match => match.Value is "{requestId}" or "{userId}" ? "r1" : Guid.CreateVersion7().ToString());
        var request = new HttpRequestMessage(new HttpMethod(operation.Method), path);
        if (operation.Node["requestBody"]?["content"] is JsonObject content)
        {
            if (content["application/json"]?["example"] is { } example)
            {
                request.Content = new StringContent(example.ToJsonString(), Encoding.UTF8, "application/json");
            }
            else if (content.ContainsKey("multipart/form-data"))
            {
                var form = new MultipartFormDataContent { { new ByteArrayContent(Batch.Tests.Engine.TestClinic.Template("x")), "file", "a.docx" } };
                request.Content = form;
            }
            else
            {
                request.Content = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
            }
        }

        return request;
    }

    private sealed record Operation(string Method, string Path, JsonObject Node)
    {
        public override string ToString() => $"{Method} {Path}";
    }

    [GeneratedRegex(@":[a-z]+\}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{[A-Za-z]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("(?:ProblemResult\\.Of\\(\\s*[\\w.]+,\\s*|Later\\(|new ProblemItem\\(|Code = |const string PasswordChangeRequired = )\"([a-z]+(?:-[a-z0-9]+)+)\"")]
    private static partial Regex Codes();
}
