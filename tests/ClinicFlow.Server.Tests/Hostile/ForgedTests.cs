using System.Net;
using System.Net.Http.Json;
using System.Text;
using ClinicFlow.Server.Tests.Servers;
using Xunit;
using static ClinicFlow.Server.Tests.Hostile.HostileServer;

namespace ClinicFlow.Server.Tests.Hostile;

/// <summary>Cookies, keys and tokens that the server did not give, or not for this.</summary>
public sealed class ForgedTests(HostileTest.OneServer server) : HostileTest(server)
{
    [Fact]
    public async Task A_cookie_that_was_changed_anywhere_signs_nobody_in()
    {
        var cookies = new CookieContainer();
        using var session = Server.Client(cookies: cookies);
        using (var signedIn = await session.PostAsJsonAsync("/api/v1/session", new { userName = "anna", password = "a-Password-of-22-chars" }, Cancellation))
        {
            await JsonAsync(signedIn);
        }

        var cookie = cookies.GetCookies(Server.Server.Address)["clinicflow"]!.Value;
        using (var good = await AskAsync("clinicflow=" + cookie))
        {
            Assert.Equal("anna", (string)(await JsonAsync(good))["userName"]!);
        }

        foreach (var at in Enumerable.Range(0, 40).Select(i => i * (cookie.Length - 1) / 39))
        {
            var changed = cookie[..at] + (cookie[at] == 'A' ? 'B' : 'A') + cookie[(at + 1)..];
            using var answer = await AskAsync("clinicflow=" + changed);
            if (answer.IsSuccessStatusCode)
            {
                // The last letters of Base64 hold bits that mean nothing.
                Assert.True(at >= cookie.Length - 2, $"The cookie is taken with another letter at {at} of {cookie.Length}.");
                continue;
            }

            await RefusedAsync(answer, HttpStatusCode.Unauthorized, "not-signed-in");
        }

        foreach (var forged in new[]
        {
            "", "x", cookie[..^20], cookie + cookie, Convert.ToBase64String("{\"userName\":\"admin\",\"role\":\"Administrator\"}"u8), "CfDJ8" + new string('A', 200), "chunks-2", new string('A', 8_000), "%00%0d%0a", "\"; role=admin",
        })
        {
            using var answer = await AskAsync("clinicflow=" + forged);
            await RefusedAsync(answer, HttpStatusCode.Unauthorized, "not-signed-in");
        }

        // The cookie of another purpose is none of a sign-in, and neither is the one of another name.
        var other = cookies.GetCookies(Server.Server.Address)["clinicflow-xsrf"]!.Value;
        foreach (var pair in new[] { "clinicflow=" + other, "clinicflow-passkey=" + cookie, ".AspNetCore.Identity.Application=" + cookie, "__Host-clinicflow=" + cookie })
        {
            using var answer = await AskAsync(pair);
            await RefusedAsync(answer, HttpStatusCode.Unauthorized, "not-signed-in");
        }
    }

    [Fact]
    public async Task A_cookie_of_another_server_signs_nobody_in()
    {
        await using var elsewhere = await TestServer.StartAsync();
        var cookies = new CookieContainer();
        using var there = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, UseProxy = false }) { BaseAddress = elsewhere.Address };
        using (var signedIn = await there.PostAsJsonAsync("/api/v1/session", new { userName = "admin", password = TestServer.AdministratorPassword }, Cancellation))
        {
            Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
        }

        using var answer = await AskAsync("clinicflow=" + cookies.GetCookies(elsewhere.Address)["clinicflow"]!.Value);

        await RefusedAsync(answer, HttpStatusCode.Unauthorized, "not-signed-in");
    }

    [Fact]
    public async Task A_change_with_a_cookie_needs_the_token_of_its_own_user()
    {
        var anna = await Server.SignInAsync("anna");
        var bernd = await Server.SignInAsync("bernd");
        var mine = anna.DefaultRequestHeaders.GetValues("X-XSRF-TOKEN").Single();
        var foreign = bernd.DefaultRequestHeaders.GetValues("X-XSRF-TOKEN").Single();
        foreach (var token in new[] { null, "", "x", foreign, mine[..^4], mine + "A" })
        {
            foreach (var (method, path) in new[] { (HttpMethod.Post, "/api/v1/batch-jobs"), (HttpMethod.Post, "/api/v1/api-keys"), (HttpMethod.Delete, "/api/v1/session"), (HttpMethod.Put, "/api/v1/session/password") })
            {
                using var request = new HttpRequestMessage(method, path) { Content = Json("{}") };
                anna.DefaultRequestHeaders.Remove("X-XSRF-TOKEN");
                if (token is not null)
                {
                    request.Headers.TryAddWithoutValidation("X-XSRF-TOKEN", token);
                }

                using var answer = await anna.SendAsync(request, Cancellation);
                await RefusedAsync(answer, HttpStatusCode.BadRequest, "antiforgery-failed");
            }
        }

        // Nor does a form of another site send it: neither as a field nor in the address.
        var form = new MultipartFormDataContent { { new StringContent(mine), "__RequestVerificationToken" }, { new StringContent(mine), "X-XSRF-TOKEN" }, { new ByteArrayContent(BadFiles.Template("x")), "file", "a.docx" } };
        using var posted = await anna.PostAsync("/api/v1/templates?X-XSRF-TOKEN=" + Uri.EscapeDataString(mine), form, Cancellation);
        await RefusedAsync(posted, HttpStatusCode.BadRequest, "antiforgery-failed");

        using var still = await anna.GetAsync("/api/v1/session", Cancellation);
        Assert.Equal("anna", (string)(await JsonAsync(still))["userName"]!);
    }

    [Fact]
    public async Task A_key_that_was_changed_or_made_up_signs_nobody_in()
    {
        var key = Server.KeyOf("anna");
        string[] forged =
        [
            "cf_", "cf_" + new string('A', 43), key[..^1], key + "A", key.ToUpperInvariant(), " " + key[..^2], key.Replace("cf_", "CF_", StringComparison.Ordinal), "cf_' OR '1'='1", "cf_%", "cf_" + new string('x', 5_000), key + "," + key, "cf_\u0000",
            .. Enumerable.Range(3, key.Length - 3).Select(at => key[..at] + (key[at] == 'A' ? 'B' : 'A') + key[(at + 1)..]),
        ];
        foreach (var one in forged)
        {
            foreach (var header in new[] { "Authorization", "X-Api-Key" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/batch-jobs");
                if (!request.Headers.TryAddWithoutValidation(header, header == "Authorization" ? "Bearer " + one : one) || one.Contains('\0', StringComparison.Ordinal))
                {
                    continue;
                }

                using var answer = await Server.Nobody.SendAsync(request, Cancellation);
                await RefusedAsync(answer, HttpStatusCode.Unauthorized, "not-signed-in");
                Assert.DoesNotContain(one.Trim(), Server.Log, StringComparison.Ordinal);
            }
        }

        // A key is taken from headers only: an address is written into logs on the way.
        foreach (var query in new[] { "access_token", "api_key", "apiKey", "key", "token" })
        {
            using var answer = await Server.Nobody.GetAsync($"/api/v1/batch-jobs?{query}={key}", Cancellation);
            await RefusedAsync(answer, HttpStatusCode.Unauthorized, "not-signed-in");
        }
    }

    [Theory]
    [InlineData("""{"alg":"none","typ":"JWT"}""")]
    [InlineData("""{"alg":"None"}""")]
    [InlineData("""{"alg":"HS256","typ":"JWT"}""")]
    [InlineData("""{"alg":"RS256","kid":"../../../../dev/null"}""")]
    [InlineData("""{"alg":"RS256","jku":"http://127.0.0.1:9/keys"}""")]
    [InlineData("nonsense")]
    public async Task A_token_signs_nobody_in_where_no_provider_is_set_up(string head)
    {
        static string Part(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var body = Part("""{"sub":"admin","iss":"http://127.0.0.1","aud":"clinicflow","exp":99999999999,"roles":["clinicflow-administrator","Administrator"],"clinicflow:scope":"audit:read"}""");
        foreach (var signature in new[] { "", "AAAA", Part(new string('x', 32)) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/audit");
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Part(head)}.{body}.{signature}");
            using var answer = await Server.Nobody.SendAsync(request, Cancellation);
            await RefusedAsync(answer, HttpStatusCode.Unauthorized, "not-signed-in");
        }
    }

    [Fact]
    public async Task Headers_of_a_proxy_are_believed_from_nobody_and_name_nobody()
    {
        foreach (var (name, value) in new[] { ("X-Forwarded-User", "admin"), ("X-Remote-User", "admin"), ("X-Original-URL", "/api/v1/audit"), ("X-HTTP-Method-Override", "DELETE"), ("X-Forwarded-Host", "evil.example"), ("Forwarded", "for=1.2.3.4;host=evil.example") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/batch-jobs");
            request.Headers.TryAddWithoutValidation(name, value);
            using var answer = await Server.Nobody.SendAsync(request, Cancellation);
            await RefusedAsync(answer, HttpStatusCode.Unauthorized, "not-signed-in");
        }

        // Where nobody is trusted, the audit log has the address that really called.
        using var wrong = new HttpRequestMessage(HttpMethod.Post, "/api/v1/session") { Content = Json("""{"userName":"nobody-known","password":"x"}""") };
        wrong.Headers.Add("X-Forwarded-For", "203.0.113.7");
        using var refused = await Server.Nobody.SendAsync(wrong, Cancellation);
        await RefusedAsync(refused, HttpStatusCode.Unauthorized, "sign-in-failed");
        Assert.DoesNotContain(await Server.AuditAsync(), entry => (string)entry!["origin"]! == "203.0.113.7");
        Assert.Contains(await Server.AuditAsync(), entry => (string)entry!["action"]! == "session.begin" && (string)entry["outcome"]! == "sign-in-failed");
    }

    private async Task<HttpResponseMessage> AskAsync(string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/session");
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        return await Server.Nobody.SendAsync(request, Cancellation);
    }
}
