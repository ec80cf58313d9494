using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;
using static ClinicFlow.Server.Tests.Hostile.HostileServer;

namespace ClinicFlow.Server.Tests.Hostile;

/// <summary>Bodies that are not what they say they are.</summary>
public sealed class MalformedTests(HostileTest.OneServer server) : HostileTest(server)
{
    /// <summary>Every address that takes JSON, and what it is sent with.</summary>
    public static TheoryData<string, string> JsonAddresses => new()
    {
        { "POST", "/api/v1/batch-jobs" },
        { "POST", "/api/v1/batch-jobs/0198c0de-0000-7000-8000-000000000001/retry" },
        { "PUT", "/api/v1/batch-jobs/0198c0de-0000-7000-8000-000000000001/priority" },
        { "POST", "/api/v1/render/0198c0de-0000-7000-8000-000000000001" },
        { "POST", "/api/v1/templates/0198c0de-0000-7000-8000-000000000001/versions/0198c0de-0000-7000-8000-000000000001/preview" },
        { "POST", "/api/v1/session" },
        { "PUT", "/api/v1/session/password" },
        { "POST", "/api/v1/api-keys" },
        { "POST", "/api/v1/users" },
        { "PATCH", "/api/v1/users/1" },
    };

    [Theory]
    [MemberData(nameof(JsonAddresses))]
    public async Task What_is_no_json_is_refused_wherever_json_is_taken(string method, string path)
    {
        foreach (var body in new[]
        {
            "", "{", "[", "nonsense", "[]", "1", "\"" + Marker + "\"", "{\"name\":\"" + Marker, "{'name':'" + Marker + "'}", "{\"unknown\":\"" + Marker + "\"}", "{\"name\":1,}", "//x\n{}", "{\"name\":NaN}",
            string.Concat(Enumerable.Repeat("{\"a\":", 2_000)), new string('[', 100_000), "\uFEFF\uFEFF{}", "{\"\\ud800\":1}", "{\"name\":\"\\ud800\"}",
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = Json(body) };
            using var answer = await Server.Admin.SendAsync(request, Cancellation);

            // An address whose body may be left out takes an empty one as none.
            if (body.Length == 0 && path.EndsWith("/retry", StringComparison.Ordinal))
            {
                await RefusedAsync(answer, HttpStatusCode.NotFound, "not-found");
                continue;
            }

            await RefusedAsync(answer, HttpStatusCode.BadRequest, "json-invalid", "request-invalid");
        }
    }

    [Theory]
    [MemberData(nameof(JsonAddresses))]
    public async Task Json_in_another_dress_is_refused(string method, string path)
    {
        foreach (var type in new[] { "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/html", "application/json; charset=utf-7" })
        {
            var content = new ByteArrayContent("{}"u8.ToArray());
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
            using var answer = await Server.Admin.SendAsync(request, Cancellation);

            await RefusedAsync(answer, HttpStatusCode.UnsupportedMediaType, "media-type-unsupported");
        }
    }

    [Fact]
    public async Task A_body_of_wrong_bytes_is_refused()
    {
        foreach (var bytes in new byte[][]
        {
            [0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0],
            [.. "{\"name\":\""u8, 0xC0, 0xAF, .. "\"}"u8],
            [.. "{\"name\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8],
            [.. "{\"name\":\""u8, 0x00, .. "\"}"u8],
            Gzip("{}"u8),
        })
        {
            var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var answer = await Server.Anna.PostAsync("/api/v1/batch-jobs", content, Cancellation);
            await RefusedAsync(answer, HttpStatusCode.BadRequest, "json-invalid", "request-invalid");
        }

        // A packed body is not unpacked: it could be a bomb.
        var packed = new ByteArrayContent(Gzip(Encoding.UTF8.GetBytes(Server.Job().ToJsonString()))) { Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentEncoding = { "gzip" } } };
        using var refused = await Server.Anna.PostAsync("/api/v1/batch-jobs", packed, Cancellation);
        await RefusedAsync(refused, HttpStatusCode.BadRequest, "json-invalid", "request-invalid");
    }

    [Fact]
    public async Task A_property_that_is_there_twice_is_refused_for_two_readers_could_read_two_patients()
    {
        var job = Server.Job().ToJsonString();
        foreach (var body in new[] { job.Replace("\"name\":", "\"name\":\"first\",\"name\":", StringComparison.Ordinal), job.Replace("\"patientName\":", "\"patientName\":\"first\",\"patientName\":", StringComparison.Ordinal) })
        {
            Assert.NotEqual(job, body);
            using var answer = await Server.Anna.PostAsync("/api/v1/batch-jobs", Json(body), Cancellation);
            await RefusedAsync(answer, HttpStatusCode.BadRequest, "json-invalid");
        }
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00x")]
    [InlineData("\\ud83d\\ud83d")]
    public async Task Half_a_character_in_merge_data_is_refused(string value)
    {
        var body = Server.Job().ToJsonString().Replace("\"" + Marker + "\"", "\"" + Marker + value + "\"", StringComparison.Ordinal);
        using var answer = await Server.Anna.PostAsync("/api/v1/batch-jobs", Json(body), Cancellation);

        await RefusedAsync(answer, HttpStatusCode.BadRequest, "json-invalid");
    }

    [Theory]
    [InlineData("a\0b", "ab")]
    [InlineData("a\ufffeb", "ab")]
    [InlineData("\u001b[31m", "[31m")]
    [InlineData("</w:t><w:t>x", "</w:t><w:t>x")]
    [InlineData("]]><!--&amp;", "]]><!--&amp;")]
    public async Task What_xml_cannot_hold_is_left_out_of_a_document_and_no_value_becomes_a_part_of_it(string value, string shown)
    {
        var done = await RunAsync(Server.Anna, Server.Job(data: new JsonObject { ["patientName"] = value }));

        var file = await Server.Anna.GetByteArrayAsync($"/api/v1/batch-jobs/{done["id"]}/documents/r1/file", Cancellation);
        Assert.Equal("Dear " + shown, BadFiles.TextOf(file));
    }

    [Fact]
    public async Task A_form_that_is_none_is_refused_and_leaves_nothing()
    {
        const string Boundary = "----b";
        var job = $$$"""{"templateId":"{{{Server.TemplateId}}}","settings":{"outputFormat":"docx"}}""";
        foreach (var body in new[]
        {
            "", "nonsense", $"--{Boundary}", $"--{Boundary}--\r\n", $"--{Boundary}\r\n\r\n", $"--{Boundary}\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n{job}",
            $"--{Boundary}\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a.csv\"\r\n\r\npatientName\r\nA\r\n--{Boundary}--\r\n",
            $"--{Boundary}\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n{job}\r\n--{Boundary}\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n{job}\r\n--{Boundary}--\r\n",
            $"--{Boundary}\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n{job}\r\n--{Boundary}\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a.csv\"\r\n\r\npatientName\r\n{Marker}",
            $"--{Boundary}\r\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: 1\r\n"))}\r\n\r\n--{Boundary}--\r\n",
            $"--{Boundary}\r\nX: {new string('x', 20_000)}\r\n\r\n\r\n--{Boundary}--\r\n",
            $"--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.docx\"\r\n\r\n",
        })
        {
            foreach (var path in new[] { "/api/v1/batch-jobs/import", "/api/v1/batch-jobs/import/preview", "/api/v1/templates" })
            {
                var content = new StringContent(body, Encoding.Latin1);
                content.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary=\"{Boundary}\"");
                using var answer = await Server.Anna.PostAsync(path, content, Cancellation);
                await RefusedAsync(answer, HttpStatusCode.BadRequest, "request-invalid", "json-invalid");
            }
        }

        foreach (var type in new[] { "multipart/form-data", "multipart/form-data; boundary=", $"multipart/form-data; boundary={new string('b', 200)}", "multipart/mixed; boundary=x", "text/csv" })
        {
            foreach (var path in new[] { "/api/v1/batch-jobs/import", "/api/v1/templates" })
            {
                var content = new ByteArrayContent([]);
                content.Headers.TryAddWithoutValidation("Content-Type", type);
                using var answer = await Server.Anna.PostAsync(path, content, Cancellation);
                await RefusedAsync(answer, answer.StatusCode == HttpStatusCode.BadRequest ? HttpStatusCode.BadRequest : HttpStatusCode.UnsupportedMediaType, "request-invalid", "media-type-unsupported");
            }
        }

        Assert.Empty(new DirectoryInfo(Path.Combine(Server.Server.DataFolder, "uploads")).EnumerateFileSystemInfos());
        using var list = await Server.Anna.GetAsync("/api/v1/batch-jobs?text=" + Marker, Cancellation);
        Assert.Empty((await JsonAsync(list))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("/api/v1/batch-jobs?count=abc")]
    [InlineData("/api/v1/batch-jobs?count=99999999999999999999")]
    [InlineData("/api/v1/batch-jobs?count=0")]
    [InlineData("/api/v1/batch-jobs?templateId=1")]
    [InlineData("/api/v1/batch-jobs?from=yesterday")]
    [InlineData("/api/v1/batch-jobs?from=99999-01-01")]
    [InlineData("/api/v1/batch-jobs?priority=0")]
    [InlineData("/api/v1/batch-jobs?status=queued,failed")]
    [InlineData("/api/v1/batch-jobs?cursor=AAAA")]
    [InlineData("/api/v1/batch-jobs?cursor=%00")]
    [InlineData("/api/v1/queue?count=-1")]
    [InlineData("/api/v1/audit?before=abc")]
    [InlineData("/api/v1/audit?count=1001")]
    [InlineData("/api/v1/audit/export?format=exe")]
    public async Task A_query_that_is_none_is_refused(string path)
    {
        using var answer = await Server.Admin.GetAsync(path, Cancellation);

        await RefusedAsync(answer, HttpStatusCode.BadRequest, "request-invalid");
    }

    [Theory]
    [InlineData("text=%00")]
    [InlineData("text=%ED%A0%80")]
    [InlineData("text=%27%20OR%201%3D1%20--")]
    [InlineData("text=%25%25%25")]
    [InlineData("text=_____________")]
    [InlineData("createdBy=%00")]
    [InlineData("createdBy=%27%3B%20DROP%20TABLE%20batch_document_jobs%3B--")]
    public async Task A_text_that_is_searched_for_is_a_text(string query)
    {
        using var answer = await Server.Anna.GetAsync("/api/v1/batch-jobs?" + query, Cancellation);

        Assert.Empty((await JsonAsync(answer))["items"]!.AsArray());
    }

    [Fact]
    public async Task Ranges_that_are_none_give_the_whole_or_are_refused()
    {
        var done = await RunAsync(Server.Anna, Server.Job());
        foreach (var (range, status) in new[]
        {
            ("bytes=0-0", HttpStatusCode.PartialContent), ("bytes=-1", HttpStatusCode.PartialContent), ("bytes=99999999999-", HttpStatusCode.RequestedRangeNotSatisfiable), ("bytes=5-1", HttpStatusCode.OK),
            ("bytes=a-b", HttpStatusCode.OK), ("bytes=" + string.Join(',', Enumerable.Range(0, 500).Select(i => $"{i}-{i}")), HttpStatusCode.OK), ("bytes=-99999999999999999999", HttpStatusCode.OK),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/batch-jobs/{done["id"]}/archive");
            request.Headers.TryAddWithoutValidation("Range", range);
            using var answer = await Server.Anna.SendAsync(request, Cancellation);
            Assert.Equal((range, status), (range, answer.StatusCode));
        }
    }

    [Fact]
    public async Task Http_that_is_none_is_cut_off()
    {
        var key = "X-Api-Key: " + Server.KeyOf("anna");
        foreach (var request in new[]
        {
            $"POST /api/v1/batch-jobs HTTP/1.1\r\nHost: x\r\n{key}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/v1/audit HTTP/1.1\r\nHost: x\r\n\r\n",
            $"POST /api/v1/batch-jobs HTTP/1.1\r\nHost: x\r\n{key}\r\nContent-Length: -1\r\n\r\n",
            $"POST /api/v1/batch-jobs HTTP/1.1\r\nHost: x\r\n{key}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
            $"POST /api/v1/batch-jobs HTTP/1.1\r\nHost: x\r\n{key}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{{}}\r\n0\r\n\r\n",
            "GET /api/v1/batch-jobs HTTP/1.1\r\n\r\n",
            "GET /api/v1/batch-jobs HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET /api/v1/batch-jobs HTTP/9.9\r\nHost: x\r\n\r\n",
            "GET http://[bad/ HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
            "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00FC\u0003\u0003",
        })
        {
            var raw = await RawHttp.SendAsync(Server.Server.Address, request, Cancellation);
            Assert.DoesNotMatch("HTTP/1.1 (2|3|500)", raw);
            AssertTellsNothing(raw, Server.Server.DataFolder);
        }
    }

    [Fact]
    public async Task Data_files_that_are_none_are_refused()
    {
        foreach (var (name, content) in new (string, byte[])[]
        {
            ("a.csv", []),
            ("a.csv", [0, 1, 2, 3, 0xFF, 0xFE]),
            ("a.csv", Encoding.UTF8.GetBytes("patientName\n\"" + Marker)),
            ("a.csv", Encoding.UTF8.GetBytes("patientName,patientName\nA,B\n")),
            ("a.csv", Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"c{i}")) + "\n")),
            ("a.xlsx", "no workbook"u8.ToArray()),
            ("a.xlsx", BadFiles.Zip([("a.txt", "x")])),
            ("a.json", Encoding.UTF8.GetBytes("[{\"patientName\":\"" + Marker)),
            ("a.json", Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 5_000))),
            ("a.ndjson", Encoding.UTF8.GetBytes("nonsense " + Marker + "\n{}")),
            ("a.exe", "MZ"u8.ToArray()),
            ("a.docx", BadFiles.Template("x")),
        })
        {
            using var answer = await Server.ImportAsync(Server.Anna, [], content, name);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.True(answer.StatusCode is HttpStatusCode.UnprocessableEntity, $"{name}: {answer.StatusCode} {text}");
            Assert.DoesNotContain(Marker, text, StringComparison.Ordinal);
            Assert.NotNull(JsonNode.Parse(text)!["code"]);
        }
    }

    private static byte[] Gzip(ReadOnlySpan<byte> content)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return output.ToArray();
    }
}
