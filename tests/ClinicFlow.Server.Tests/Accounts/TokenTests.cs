using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClinicFlow.Server.Tests.Accounts;

/// <summary>Signing in by the tokens of a real OpenID provider.</summary>
public sealed class TokenTests(OidcProviders providers)
{
    private const string Audience = "https://documents.clinic.example";

    private static readonly JsonSerializerOptions AsTheProviderWrites = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_of_the_provider_signs_in_with_the_role_that_its_claim_names()
    {
        await using var provider = await providers.StartAsync(Cancellation);
        await using var server = await StartAsync(provider);
        foreach (var (client, role) in new[] { ("nurse", Role.User), ("operator", Role.Operator), ("administrator", Role.Administrator) })
        {
            using var http = Client(server, await provider.TokenAsync(client, Audience, Cancellation));

            var session = await GetAsync<Session>(http, "session");

            Assert.Equal(("oidc:" + client, client + " of the clinic", role, false, (string?)null), (session.Id, session.UserName, session.Role, session.MustChangePassword, session.AntiforgeryToken));
            Assert.Equal(role == Role.Administrator ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await StatusAsync(http, "users"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "batch-jobs"));
        }
    }

    [Fact]
    public async Task Users_of_the_provider_have_jobs_of_their_own_and_no_local_password_or_key()
    {
        await using var provider = await providers.StartAsync(Cancellation, "bernd");
        await using var server = await StartAsync(provider);
        using var local = await TestUser.NewAsync(server, "nurse");
        using var nurse = Client(server, await provider.TokenAsync("nurse", Audience, Cancellation));
        using var bernd = Client(server, await provider.TokenAsync("bernd", Audience, Cancellation));
        var template = await local.AddTemplateAsync();

        using var created = await nurse.PostAsync(new Uri("batch-jobs", UriKind.Relative), System.Net.Http.Json.JsonContent.Create(TestUser.Letters(template.Id, 1), options: Wire.Json), Cancellation);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var job = Assert.Single((await GetAsync<Page<Job>>(nurse, "batch-jobs")).Items);
        Assert.Equal("oidc:nurse", job.CreatedBy);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(bernd, $"batch-jobs/{job.Id}"));
        await local.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{job.Id}");
        Assert.Empty((await local.GetAsync<Page<Job>>("batch-jobs")).Items);
        foreach (var (method, path, body) in new (HttpMethod, string, object)[]
        {
            (HttpMethod.Post, "api-keys", new NewApiKey("mine", [Scopes.JobsRead])), (HttpMethod.Put, "session/password", new PasswordChange("x", "four grey geese fly")), (HttpMethod.Post, "session/passkeys/options", new object()),
        })
        {
            using var request = new HttpRequestMessage(method, path) { Content = System.Net.Http.Json.JsonContent.Create(body, body.GetType(), options: Wire.Json) };
            using var answer = await nurse.SendAsync(request, Cancellation);
            Assert.Equal("not-allowed", (await TestUser.ProblemAsync(HttpStatusCode.Forbidden, answer)).Code);
        }

        using var administrator = await Visitor.AdministratorAsync(server);
        Assert.Equal("oidc:nurse", (await administrator.AuditAsync("job.create")).Single().Actor);
    }

    [Fact]
    public async Task A_token_that_is_not_the_providers_for_this_server_now_is_refused()
    {
        await using var provider = await providers.StartAsync(Cancellation);
        await using var elsewhere = await providers.StartAsync(Cancellation);
        await using var server = await StartAsync(provider);
        var good = await provider.TokenAsync("nurse", Audience, Cancellation);
        using (var http = Client(server, good))
        {
            Assert.Equal("oidc:nurse", (await GetAsync<Session>(http, "session")).Id);
        }

        var (header, payload, signature) = PartsOf(good);
        using var foreign = RSA.Create(2048);
        var modulus = Base64Url.DecodeFromChars((string)(await provider.KeyAsync(Cancellation))["n"]!);
        var bad = new Dictionary<string, string>
        {
            ["expired"] = await provider.TokenAsync("late", Audience, Cancellation),
            ["another audience"] = await provider.TokenAsync("nurse", "https://payroll.clinic.example", Cancellation),
            ["another issuer"] = await elsewhere.TokenAsync("nurse", Audience, Cancellation),
            ["nobody's"] = await provider.TokenAsync("nameless", Audience, Cancellation),
            ["alg none"] = $"{Part(new JsonObject { ["alg"] = "none", ["typ"] = "at+jwt" })}.{Part(payload)}.",
            ["alg none, the signature kept"] = $"{Part(With(header, "alg", "none"))}.{Part(payload)}.{signature}",
            ["no signature"] = $"{Part(header)}.{Part(payload)}.",
            ["a changed role"] = $"{Part(header)}.{Part(With(payload, "roles", new JsonArray("administrator")))}.{signature}",
            ["a foreign key under the known name"] = Sign(header, payload, data => foreign.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            ["a foreign key that the token brings along"] = Sign(WithKey(header, foreign), payload, data => foreign.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            ["the public key as a shared secret"] = Sign(With(header, "alg", "HS256"), payload, data => HMACSHA256.HashData(modulus, data)),
            ["half of it"] = good[..(good.Length / 2)],
            ["nothing"] = "..",
            ["no token"] = "eyJ",
        };
        Assert.Equal(Part(header), good.Split('.')[0]);
        var tried = new Dictionary<string, int>();
        foreach (var (what, token) in bad)
        {
            using var http = Client(server, token);
            using var answer = await http.GetAsync(new Uri("session", UriKind.Relative), Cancellation);
            Assert.Equal((what, HttpStatusCode.Unauthorized), (what, answer.StatusCode));
            Assert.Equal("not-signed-in", (await TestUser.ProblemAsync(HttpStatusCode.Unauthorized, answer)).Code);
            using var administrator = await Visitor.AdministratorAsync(server);
            tried[what] = (await administrator.AuditAsync("session.begin")).Count(entry => entry is { Actor: "unknown", Outcome: "sign-in-failed", Detail: "token" });
        }

        // The first forged one is in the audit log; one that only came too late is not, and those that follow are counted.
        Assert.Equal((0, 1, 1), (tried["expired"], tried["another audience"], tried["no token"]));
    }

    [Fact]
    public async Task A_provider_whose_id_is_that_of_a_local_account_does_not_get_what_it_has()
    {
        var folder = Directory.CreateTempSubdirectory("clinicflow-oidc-").FullName;
        try
        {
            string id;
            Guid job;
            await using (var before = await TestServer.StartAsync(dataFolder: folder, configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf())))
            {
                using var administrator = await TestUser.AdministratorAsync(before);
                var template = await administrator.AddTemplateAsync();
                (id, job) = (administrator.Id, (await administrator.EndAsync((await administrator.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 1))).Id)).Id);

                // Where no provider is set up, no token is taken.
                using var anybody = Client(before, "eyJhbGciOiJub25lIn0.e30.");
                Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(anybody, "session"));
            }

            await using var provider = await providers.StartAsync(Cancellation, id);
            await using var server = await StartAsync(provider, folder);
            using var stranger = Client(server, await provider.TokenAsync(id, Audience, Cancellation));

            var session = await GetAsync<Session>(stranger, "session");

            Assert.Equal(("oidc:" + id, Role.User), (session.Id, session.Role));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(stranger, "users"));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(stranger, $"batch-jobs/{job}"));
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(stranger, $"batch-jobs/{job}/archive"));
            Assert.Empty((await GetAsync<Page<Job>>(stranger, "batch-jobs")).Items);
            Assert.Empty((await GetAsync<Page<ApiKey>>(stranger, "api-keys")).Items);
            Assert.Empty((await GetAsync<Page<Passkey>>(stranger, "session/passkeys")).Items);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<TestServer> StartAsync(OidcProvider provider, string? folder = null) => TestServer.StartAsync(
        settings: [("Server:Oidc:Issuer", provider.Issuer), ("Server:Oidc:Audience", Audience), ("Server:Oidc:OperatorRole", "operator"), ("Server:Oidc:AdministratorRole", "administrator")],
        configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf()), dataFolder: folder);

    private static HttpClient Client(TestServer server, string token)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { BaseAddress = new Uri(server.Address, "/api/v1/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private static async Task<T> GetAsync<T>(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}: {text}");
        return JsonSerializer.Deserialize<T>(text, Wire.Json)!;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return answer.StatusCode;
    }

    private static (JsonObject Header, JsonObject Payload, string Signature) PartsOf(string token)
    {
        var parts = token.Split('.');
        return (JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!.AsObject(), JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject(), parts[2]);
    }

    private static string Part(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString(AsTheProviderWrites)));

    private static JsonObject With(JsonObject part, string name, JsonNode value)
    {
        var copy = (JsonObject)part.DeepClone();
        copy[name] = value;
        return copy;
    }

    private static JsonObject WithKey(JsonObject header, RSA key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        var copy = With(header, "jwk", new JsonObject { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(parameters.Modulus), ["e"] = Base64Url.EncodeToString(parameters.Exponent) });
        copy.Remove("kid");
        return copy;
    }

    private static string Sign(JsonObject header, JsonObject payload, Func<byte[], byte[]> sign)
    {
        var content = $"{Part(header)}.{Part(payload)}";
        return $"{content}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(content)))}";
    }
}
