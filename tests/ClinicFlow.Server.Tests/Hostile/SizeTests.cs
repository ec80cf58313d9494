using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;
using static ClinicFlow.Server.Tests.Hostile.HostileServer;

namespace ClinicFlow.Server.Tests.Hostile;

/// <summary>Bodies, headers and queries that are too large.</summary>
public sealed class SizeTests(HostileTest.OneServer server) : HostileTest(server)
{
    [Theory]
    [InlineData("/api/v1/batch-jobs", Limit + 1, false)]
    [InlineData("/api/v1/batch-jobs", Limit + 1, true)]
    [InlineData("/api/v1/render/0198c0de-0000-7000-8000-000000000001", Limit + 1, true)]
    [InlineData("/api/v1/batch-jobs/0198c0de-0000-7000-8000-000000000001/retry", Limit + 1, true)]
    [InlineData("/api/v1/session", (1 << 20) + 1, false)]
    [InlineData("/api/v1/session", (1 << 20) + 1, true)]
    [InlineData("/api/v1/api-keys", (1 << 20) + 1, true)]
    [InlineData("/api/v1/batch-jobs/0198c0de-0000-7000-8000-000000000001/priority", (1 << 20) + 1, true)]
    public async Task Json_over_its_limit_is_413(string path, int bytes, bool isChunked)
    {
        // White space, so that the reader has no other reason to stop.
        var content = new StringContent(new string(' ', bytes) + "{}", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(path.EndsWith("priority", StringComparison.Ordinal) ? HttpMethod.Put : HttpMethod.Post, path) { Content = content };
        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.ExpectContinue = !isChunked;
        if (isChunked)
        {
            content.Headers.ContentLength = null;
        }

        using var answer = await Server.Anna.SendAsync(request, Cancellation);

        await RefusedAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_template_over_its_limit_is_413(bool isChunked)
    {
        // What comes in chunks is cut off where it is too long: a sender who goes on for megabytes hears of it by a broken connection.
        foreach (var size in isChunked ? [Limit + 1, Limit + (1 << 17)] : new[] { Limit + 1, Limit + (1 << 17), 8 << 20 })
        {
            using var answer = await Server.Anna.SendAsync(Form("/api/v1/templates", isChunked, ("file", new byte[size])), Cancellation);
            await RefusedAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too-large");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_import_over_its_limit_is_413_and_leaves_nothing_on_the_disk(bool isChunked)
    {
        foreach (var path in new[] { "/api/v1/batch-jobs/import", "/api/v1/batch-jobs/import/preview" })
        {
            using var answer = await Server.Anna.SendAsync(Form(path, isChunked, ("job", Encoding.UTF8.GetBytes($$"""{"templateId":"{{Server.TemplateId}}"}""")), ("data", new byte[Limit + (2 << 20)])), Cancellation);
            await RefusedAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too-large");
        }

        Assert.Empty(new DirectoryInfo(Path.Combine(Server.Server.DataFolder, "uploads")).EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task An_order_over_its_limit_before_the_data_is_refused()
    {
        using var answer = await Server.Anna.SendAsync(Form("/api/v1/batch-jobs/import", false, ("job", Encoding.UTF8.GetBytes($$"""{"name":"{{new string('x', 1 << 20)}}"}"""))), Cancellation);

        await RefusedAsync(answer, HttpStatusCode.BadRequest, "request-invalid");
    }

    [Fact]
    public async Task Texts_over_their_length_are_refused_where_they_stand()
    {
        foreach (var (path, length) in new[] { ("name", 201), ("description", 4_001), ("requests.0.documentName", 501), ("requests.0.patientId", 201), ("requests.0.requestId", 201), ("settings.culture", 100_000), ("settings.notificationEmail", 100_000) })
        {
            var job = Server.Job();
            JsonNode node = job;
            var steps = path.Split('.');
            foreach (var step in steps[..^1])
            {
                node = int.TryParse(step, out var index) ? node[index]! : node[step]!;
            }

            node[steps[^1]] = Marker + new string('x', length - Marker.Length);
            using var answer = await Server.Anna.PostAsJsonAsync("/api/v1/batch-jobs", job, Cancellation);
            await RefusedAsync(answer, HttpStatusCode.UnprocessableEntity, "job-invalid");
        }

        using var template = await AddTemplateAsync(Server.Anna, BadFiles.Template("x"), "x.docx", new string('x', 201));
        await RefusedAsync(template, HttpStatusCode.BadRequest, "request-invalid");
        using var form = new MultipartFormDataContent { { new StringContent("x"), "name" }, { new StringContent(new string('x', 4_001)), "description" }, { new ByteArrayContent(BadFiles.Template("x")), "file", "x.docx" } };
        using var described = await Server.Anna.PostAsync("/api/v1/templates", form, Cancellation);
        await RefusedAsync(described, HttpStatusCode.BadRequest, "request-invalid");
        using var key = await Server.Anna.PostAsJsonAsync("/api/v1/api-keys", new { name = new string('x', 101), scopes = ClinicFlow.Client.Contracts.Scopes.All }, Cancellation);
        await RefusedAsync(key, HttpStatusCode.UnprocessableEntity, "key-invalid");
        using var user = await Server.Admin.PostAsJsonAsync("/api/v1/users", new { userName = new string('x', 101) }, Cancellation);
        await RefusedAsync(user, HttpStatusCode.BadRequest, "request-invalid");
        using var password = await Server.Nobody.PostAsJsonAsync("/api/v1/session", new { userName = "anna", password = new string('x', 500_000) }, Cancellation);
        await RefusedAsync(password, HttpStatusCode.Unauthorized, "sign-in-failed");
    }

    [Fact]
    public async Task Headers_without_end_and_addresses_without_end_are_refused()
    {
        var key = "X-Api-Key: " + Server.KeyOf("anna");
        foreach (var (head, status) in new[]
        {
            ($"GET /api/v1/batch-jobs HTTP/1.1\r\nHost: x\r\n{key}\r\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: 1\r\n")), "431"),
            ($"GET /api/v1/batch-jobs HTTP/1.1\r\nHost: x\r\n{key}\r\nX-Long: {new string('x', 40_000)}\r\n", "431"),
            ($"GET /api/v1/batch-jobs HTTP/1.1\r\nHost: x\r\nCookie: clinicflow={new string('x', 40_000)}\r\n", "431"),
            ($"GET /{new string('x', 20_000)} HTTP/1.1\r\nHost: x\r\n", "414"),
            ($"{new string('X', 20_000)} / HTTP/1.1\r\nHost: x\r\n", "4"),
        })
        {
            var raw = await RawHttp.SendAsync(Server.Server.Address, head + "Connection: close\r\n\r\n", Cancellation);
            Assert.StartsWith("HTTP/1.1 " + status, raw, StringComparison.Ordinal);
            AssertTellsNothing(raw, Server.Server.DataFolder);
        }

        using var keyed = await Server.Anna.SendAsync(WithKey(new string('k', 201)), Cancellation);
        await RefusedAsync(keyed, HttpStatusCode.BadRequest, "request-invalid");

        HttpRequestMessage WithKey(string idempotencyKey)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/batch-jobs") { Content = JsonContent.Create(Server.Job()) };
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
            return request;
        }
    }

    private static HttpRequestMessage Form(string path, bool isChunked, params (string Name, byte[] Content)[] parts)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, content) in parts)
        {
            var part = new ByteArrayContent(content);
            part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            form.Add(part, name, name + ".bin");
        }

        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
        request.Headers.TransferEncodingChunked = isChunked;

        // As curl and our own client do with what is large: ask first, so that the refusal is read and not lost while sending.
        request.Headers.ExpectContinue = true;
        return request;
    }
}
