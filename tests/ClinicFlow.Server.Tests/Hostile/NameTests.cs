using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;
using static ClinicFlow.Server.Tests.Hostile.HostileServer;

namespace ClinicFlow.Server.Tests.Hostile;

/// <summary>Names that would become headers, pages or formulas.</summary>
public sealed class NameTests(HostileTest.OneServer server) : HostileTest(server)
{
    private const string Script = "<script>alert('" + Marker + "')</script>";

    [Theory]
    [InlineData("a\r\nX-Injected: 1\r\n\r\n<b>")]
    [InlineData("a\nX-Injected: 1")]
    [InlineData("a\"; filename=\"evil.html")]
    [InlineData("a'; filename*=utf-8''evil.html")]
    [InlineData("invoice\u202Efdp.exe")]
    [InlineData("\u2066a\u2069\u200F.html")]
    [InlineData("Müller 注射 💉 \u0301")]
    [InlineData(Script)]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("a\u2028b\u0085c\u0007d")]
    public async Task A_jobs_name_stays_a_name_in_the_header_of_a_download(string name)
    {
        var done = await RunAsync(Server.Anna, Server.Job(name, name));
        Assert.Equal(name.Trim(), (string)done["name"]!);

        foreach (var path in new[] { "archive", "documents/r1/file" })
        {
            using var answer = await Server.Anna.GetAsync($"/api/v1/batch-jobs/{done["id"]}/{path}", HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            AssertAttachment(answer, path == "archive" ? ".zip" : ".docx", path == "archive" ? "application/zip" : "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
        }

        var raw = await RawHttp.SendAsync(Server.Server.Address, $"HEAD /api/v1/batch-jobs/{done["id"]}/archive HTTP/1.1\r\nHost: x\r\nX-Api-Key: {Server.KeyOf("anna")}\r\nConnection: close\r\n\r\n", Cancellation);
        Assert.DoesNotContain("\nX-Injected", raw, StringComparison.OrdinalIgnoreCase);
        Assert.All(raw, c => Assert.True(c is '\r' or '\n' || c is >= ' ' and <= '~', "A header holds what is no ASCII."));
    }

    [Theory]
    [InlineData("a'; filename='evil.html")]
    [InlineData("evil.html")]
    [InlineData("evil.docm")]
    [InlineData("invoice\u202Efdp.exe")]
    public async Task A_template_is_a_docx_whatever_its_file_was_called(string fileName)
    {
        using var added = await AddTemplateAsync(Server.Anna, BadFiles.Template("Dear {{patientName}} " + fileName), fileName, name: Script);
        var template = await JsonAsync(added, HttpStatusCode.Created);
        var version = $"/api/v1/templates/{template["id"]}/versions/{template["publishedVersionId"]}";

        using var file = await Server.Anna.GetAsync(version + "/file", Cancellation);
        using var preview = await Server.Anna.PostAsync(version + "/preview", Json("""{"mergeData":{"patientName":"A"},"format":"docx"}"""), Cancellation);

        AssertAttachment(file, ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
        AssertAttachment(preview, ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    }

    [Fact]
    public async Task A_script_in_any_name_or_value_comes_back_as_json_with_its_angle_brackets_escaped()
    {
        var order = Server.Job(Script, Script, new JsonObject { ["patientName"] = Script });
        order["description"] = Script;
        var done = await RunAsync(Server.Anna, order);

        foreach (var path in new[] { "", $"/{done["id"]}", $"/{done["id"]}/documents", "?text=" + Uri.EscapeDataString(Script) })
        {
            using var answer = await Server.Anna.GetAsync("/api/v1/batch-jobs" + path, Cancellation);
            await JsonAsync(answer);
            Assert.DoesNotContain("<script", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.OrdinalIgnoreCase);
        }

        using var events = await Server.Anna.GetAsync($"/api/v1/batch-jobs/{done["id"]}/events", Cancellation);
        Assert.Equal("text/event-stream", events.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("<script", await events.Content.ReadAsStringAsync(Cancellation), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/<script>alert(1)</script>")]
    [InlineData("/docs/%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/docs/%27);alert(1)%2F%2F")]
    [InlineData("/api/v1/batch-jobs?status=%3Cscript%3Ealert(1)%3C/script%3E")]
    [InlineData("/api/v1/batch-jobs?cursor=%3Cscript%3Ealert(1)%3C/script%3E")]
    [InlineData("/api/v1/batch-jobs?count=%3Cscript%3Ealert(1)%3C/script%3E")]
    [InlineData("/api/v1/batch-jobs/%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/openapi/%3Cscript%3Ealert(1)%3C%2Fscript%3E.json")]
    public async Task What_an_address_says_is_not_said_again(string path)
    {
        var raw = await RawHttp.SendAsync(Server.Server.Address, $"GET {path} HTTP/1.1\r\nHost: x\r\nReferer: <script>alert(1)</script>\r\nUser-Agent: <script>alert(1)</script>\r\nX-Api-Key: {Server.KeyOf("anna")}\r\nConnection: close\r\n\r\n", Cancellation);

        Assert.Matches("^HTTP/1.1 40[04] ", raw);
        Assert.DoesNotContain("alert", raw, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_page_that_shows_the_api_may_load_nothing_from_elsewhere()
    {
        using var client = new HttpClient { BaseAddress = Server.Server.Address };
        using var page = await client.GetAsync("/docs", Cancellation);

        Assert.True(page.StatusCode is HttpStatusCode.OK, page.StatusCode.ToString());
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://evil.example\")")]
    [InlineData("+1+cmd|' /C calc'!A0")]
    [InlineData("-2+3")]
    [InlineData("@SUM(1+1)")]
    [InlineData("\t=1+1")]
    [InlineData("\r=1+1")]
    [InlineData("\uFF1D1+1")]
    public async Task No_cell_of_errors_csv_is_a_formula(string text)
    {
        var order = Server.Job(text, text, []);
        order["requests"]![0]!["requestId"] = text;
        order["requests"]![0]!["patientId"] = text;
        order["requests"]!.AsArray().Add(new JsonObject { ["documentName"] = "good", ["mergeData"] = new JsonObject { ["patientName"] = "A" } });
        var done = await RunAsync(Server.Anna, order);
        Assert.Equal(1, (int)done["progress"]!["failed"]!);

        using var zip = new System.IO.Compression.ZipArchive(await Server.Anna.GetStreamAsync($"/api/v1/batch-jobs/{done["id"]}/archive", Cancellation));
        using var reader = new StreamReader(zip.GetEntry("errors.csv")!.Open(), Encoding.UTF8);
        AssertNoFormula(await reader.ReadToEndAsync(Cancellation));
    }

    [Fact]
    public async Task No_cell_of_the_audit_export_is_a_formula()
    {
        using var users = await Server.Admin.PostAsync("/api/v1/users", Json("""{"userName":"=1+1"}"""), Cancellation);
        Assert.Equal(HttpStatusCode.Created, users.StatusCode);
        foreach (var name in new[] { "=1+1", "@SUM(A1)", "+1", "-1" })
        {
            using var refused = await Server.Nobody.PostAsync("/api/v1/session", Json(new JsonObject { ["userName"] = name, ["password"] = name }.ToJsonString()), Cancellation);
            await RefusedAsync(refused, HttpStatusCode.Unauthorized, "sign-in-failed");
        }

        using var export = await Server.Admin.GetAsync("/api/v1/audit/export", Cancellation);
        Assert.Equal("text/csv", export.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", export.Content.Headers.ContentDisposition!.DispositionType);
        AssertNoFormula(await export.Content.ReadAsStringAsync(Cancellation));
    }

    private static void AssertNoFormula(string csv)
    {
        foreach (var line in csv.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.DoesNotMatch("(^|,)\"?\\s*[=+@\uFF1D\t\r-](?![0-9]+$)", line);
        }
    }

    private static void AssertAttachment(HttpResponseMessage answer, string ending, string type)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        Assert.False(answer.Headers.Contains("X-Injected"));
        var raw = answer.Content.Headers.NonValidated["Content-Disposition"].ToString();
        var disposition = ContentDispositionHeaderValue.Parse(raw);
        Assert.Equal("attachment", disposition.DispositionType);
        Assert.Equal(2, disposition.Parameters.Count);
        foreach (var name in new[] { disposition.FileName!.Trim('"'), disposition.FileNameStar! })
        {
            Assert.EndsWith(ending, name, StringComparison.Ordinal);
            Assert.DoesNotContain(name, c => c is '"' or '<' or '>' or '/' or '\\' || char.IsControl(c) || c is >= '\u200E' and <= '\u202E' || c is >= '\u2066' and <= '\u2069');
        }
    }
}
