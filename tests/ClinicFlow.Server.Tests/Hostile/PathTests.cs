using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Xunit;
using static ClinicFlow.Server.Tests.Hostile.HostileServer;

namespace ClinicFlow.Server.Tests.Hostile;

/// <summary>Names and addresses that would leave the folder they belong to.</summary>
public sealed class PathTests(HostileTest.OneServer server) : HostileTest(server)
{
    private static readonly string[] Names =
    [
        "../../../etc/passwd", @"..\..\windows\system32\config", "/etc/shadow", @"C:\boot.ini", "a/../../b", "....//....//c", "..", ".", "CON", "aux.docx", "nul", "~/.ssh/id", "file:///etc/passwd",
        "%2e%2e%2fpasswd", "manifest.json", "errors.csv", "a:stream", "\u202Excod.exe", "b\r\nSet-Cookie: x=1", "trailing. . ", "\u2025\u2215up", "|id", "-rf",
    ];

    [Fact]
    public async Task No_name_of_a_document_leaves_the_archive_or_the_data_folder()
    {
        var job = Server.Job();
        var requests = job["requests"]!.AsArray();
        requests.Clear();
        foreach (var name in Names)
        {
            requests.Add(new JsonObject { ["documentName"] = name, ["requestId"] = "id " + name.Replace("\r\n", "", StringComparison.Ordinal), ["mergeData"] = new JsonObject { ["patientName"] = Marker } });
        }

        var done = await RunAsync(Server.Anna, job);
        Assert.Equal(Names.Length, (int)done["progress"]!["succeeded"]!);
        using var zip = new ZipArchive(await Server.Anna.GetStreamAsync($"/api/v1/batch-jobs/{done["id"]}/archive", Cancellation), ZipArchiveMode.Read);

        Assert.Equal(Names.Length + 1, zip.Entries.Count(entry => entry.Name != "errors.csv"));
        Assert.Equal(zip.Entries.Count, zip.Entries.Select(entry => entry.FullName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        foreach (var entry in zip.Entries)
        {
            AssertSafe(entry.FullName);
        }

        foreach (var name in Names)
        {
            using var file = await Server.Anna.GetAsync($"/api/v1/batch-jobs/{done["id"]}/documents/{Uri.EscapeDataString("id " + name.Replace("\r\n", "", StringComparison.Ordinal))}/file", Cancellation);
            if (file.StatusCode == HttpStatusCode.OK)
            {
                AssertSafe(file.Content.Headers.ContentDisposition!.FileNameStar ?? file.Content.Headers.ContentDisposition.FileName!.Trim('"'));
            }
        }
    }

    [Fact]
    public async Task No_name_of_an_uploaded_file_leaves_the_data_folder()
    {
        foreach (var name in Names)
        {
            using var added = await AddTemplateAsync(Server.Anna, BadFiles.Template("Dear {{patientName}} " + name), name.Replace("\r\n", "", StringComparison.Ordinal), name: "Path");
            var template = await JsonAsync(added, HttpStatusCode.Created);
            using var file = await Server.Anna.GetAsync($"/api/v1/templates/{template["id"]}/versions/{template["publishedVersionId"]}/file", Cancellation);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            AssertSafe(file.Content.Headers.ContentDisposition!.FileNameStar ?? file.Content.Headers.ContentDisposition.FileName!.Trim('"'));
            Assert.Equal("application/vnd.openxmlformats-officedocument.wordprocessingml.document", file.Content.Headers.ContentType!.MediaType);

            using var imported = await Server.ImportAsync(Server.Anna, new JsonObject { ["source"] = new JsonObject { ["format"] = "csv" } }, "patientName\nA\n"u8.ToArray(), name.Replace("\r\n", "", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.Created, imported.StatusCode);
        }

        Assert.All(new DirectoryInfo(Server.Server.DataFolder).EnumerateFiles("*", SearchOption.AllDirectories), file => Assert.DoesNotContain("passwd", file.Name, StringComparison.Ordinal));
        Assert.Empty(new DirectoryInfo(Path.Combine(Server.Server.DataFolder, "uploads")).EnumerateFileSystemInfos());
    }

    [Theory]
    [InlineData("..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("..%5c..%5cwindows%5cwin.ini")]
    [InlineData("%2e%2e/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("..%252f..%252fetc%252fpasswd")]
    [InlineData("%c0%ae%c0%ae%c0%afetc")]
    [InlineData("r1%00.pdf")]
    [InlineData("r1%0d%0aX-Injected:%201")]
    [InlineData("%ed%a0%80")]
    [InlineData("%F0%9F%92%89")]
    [InlineData("r1;jsessionid=1")]
    public async Task A_request_id_in_an_address_opens_no_file(string id)
    {
        var done = await RunAsync(Server.Anna, Server.Job());
        foreach (var path in new[] { $"/api/v1/batch-jobs/{done["id"]}/documents/{id}/file", $"/api/v1/batch-jobs/{id}", $"/api/v1/templates/{id}", $"/docs/{id}", $"/{id}", $"/openapi/{id}.json", $"/api/v1/users/{id}", $"/api/v1/render/{id}" })
        {
            var raw = await RawHttp.SendAsync(Server.Server.Address, $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {Server.KeyOf("anna")}\r\nConnection: close\r\n\r\n", Cancellation);

            Assert.Matches("^HTTP/1.1 (400|404|405) ", raw);
            Assert.DoesNotContain("root:", raw, StringComparison.Ordinal);
            Assert.DoesNotContain("\nX-Injected", raw, StringComparison.OrdinalIgnoreCase);
            AssertTellsNothing(raw, Server.Server.DataFolder);
        }
    }

    private static void AssertSafe(string name)
    {
        Assert.Equal(name, Path.GetFileName(name));
        Assert.DoesNotContain(name, c => c is '/' or '\\' or ':' or '|' or '\u202E' || char.IsControl(c));
        Assert.False(name is "." or ".." || name.StartsWith('.') || name.StartsWith('~'), name);
    }
}
