using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;
using static ClinicFlow.Server.Tests.Hostile.HostileServer;

namespace ClinicFlow.Server.Tests.Hostile;

/// <summary>Addresses in templates, data and settings that would make the server ask its own network for something.</summary>
public sealed class FetchTests
{
    private const string Word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006/relationships";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_a_template_names_is_fetched()
    {
        await using var server = await HostileServer.StartAsync();
        using var listener = new Listener();
        foreach (var (name, docx) in Templates(listener.Address))
        {
            using var added = await AddTemplateAsync(server.Anna, docx, name + ".docx", name: name);
            if (!added.IsSuccessStatusCode)
            {
                // Refused for what it names, with the place, before anything is made of it.
                Assert.True(added.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity, $"{name}: {added.StatusCode}");
                continue;
            }

            var template = await JsonAsync(added, HttpStatusCode.Created);
            foreach (var format in new[] { "docx", "pdf" })
            {
                using var preview = await server.Anna.PostAsync(
                    $"/api/v1/templates/{template["id"]}/versions/{template["publishedVersionId"]}/preview",
                    new StringContent(new JsonObject { ["mergeData"] = new JsonObject { ["url"] = listener.Address + "from-data.png" }, ["format"] = format, ["missingData"] = "blank" }.ToJsonString(), Encoding.UTF8, "application/json"), Cancellation);
                Assert.True(preview.StatusCode is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity, $"{name} {format}: {preview.StatusCode}");
            }
        }

        Assert.Empty(listener.Requests);
        await server.AssertHealthyAsync();
    }

    [Fact]
    public async Task Nothing_that_a_record_names_is_fetched_or_opened()
    {
        await using var server = await HostileServer.StartAsync();
        using var listener = new Listener();
        using var added = await AddTemplateAsync(server.Anna, BadFiles.Template("{{html text}} {{markdown more}} {{image photo}}"), "all.docx", name: "All");
        var template = await JsonAsync(added, HttpStatusCode.Created);
        foreach (var address in new[] { listener.Address + "x.png", "file:///etc/passwd", "/etc/passwd", "../../../../etc/passwd", @"\\127.0.0.1\share\x.png", "http://169.254.169.254/latest/meta-data/", "ftp://127.0.0.1/x.png" })
        {
            foreach (var format in new[] { "docx", "pdf" })
            {
                var order = server.Job("Fetch", "Fetch", new JsonObject
                {
                    ["text"] = $"<img src=\"{address}\"><link rel=stylesheet href=\"{address}\"><iframe src=\"{address}\"></iframe><object data=\"{address}\"></object><p style=\"background:url({address})\">a</p><a href=\"{address}\">b</a>",
                    ["more"] = $"![a]({address}) <img src=\"{address}\">",
                    ["photo"] = address,
                });
                order["templateId"] = template["id"]!.DeepClone();
                order["settings"]!["outputFormat"] = format;
                order["settings"]!["retryFailedDocuments"] = false;

                var done = await RunAsync(server.Anna, order);

                // The picture is none of the record's own: the document fails with a reason that quotes nothing.
                Assert.Equal(1, (int)done["progress"]!["failed"]!);
                using var documents = await server.Anna.GetAsync($"/api/v1/batch-jobs/{done["id"]}/documents", Cancellation);
                var document = (await JsonAsync(documents))["items"]![0]!;
                Assert.Equal("image-not-usable", (string)document["errorCode"]!);
                Assert.DoesNotContain(address, (string)document["errorMessage"]!, StringComparison.Ordinal);
            }
        }

        using var plain = await AddTemplateAsync(server.Anna, BadFiles.Template("{{html text}} {{markdown more}}"), "text.docx", name: "Text");
        var texts = server.Job("Fetch", "Fetch", new JsonObject
        {
            ["text"] = $"<img src=\"{listener.Address}a\"><link rel=stylesheet href=\"{listener.Address}b\"><iframe src=\"{listener.Address}c\"></iframe><a href=\"{listener.Address}d\">e</a>",
            ["more"] = $"![a]({listener.Address}f)",
        });
        texts["templateId"] = (await JsonAsync(plain, HttpStatusCode.Created))["id"]!.DeepClone();
        texts["settings"]!["outputFormat"] = "both";
        var ended = await RunAsync(server.Anna, texts);
        using var made = await server.Anna.GetAsync($"/api/v1/batch-jobs/{ended["id"]}/documents", Cancellation);
        Assert.True((string)ended["status"]! == "completed", await made.Content.ReadAsStringAsync(Cancellation));

        Assert.Empty(listener.Requests);
        await server.AssertHealthyAsync();
    }

    [Fact]
    public async Task A_webhook_into_the_network_of_the_server_keeps_it_from_starting()
    {
        using var listener = new Listener();
        var port = new Uri(listener.Address).Port;
        static (string, string)[] Settings(string[] addresses) => [.. addresses.SelectMany((address, i) => new[]
        {
            ($"BatchProcessing:Notifications:Webhooks:{i}:Url", address),
            ($"BatchProcessing:Notifications:Webhooks:{i}:Secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        })];

        // Of a name that only turns out to lead inside when it is called, the tests of webhooks tell.
        string[] inside = [$"https://localhost:{port}/", $"https://127.0.0.1:{port}/", $"https://[::1]:{port}/", $"https://[::ffff:127.0.0.1]:{port}/", $"https://2130706433:{port}/", $"https://0x7f.1:{port}/", "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "https://0.0.0.0/", "http://clinic.example/", "file:///etc/passwd"];
        foreach (var address in inside)
        {
            var refused = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => HostileServer.StartAsync(settings: Settings([address])));
            Assert.Contains("Webhooks:0:Url", refused.Message, StringComparison.Ordinal);
        }

        Assert.Empty(listener.Requests);
    }

    [Theory]
    [InlineData("webhookUrl")]
    [InlineData("callbackUrl")]
    [InlineData("notificationUrl")]
    public async Task No_job_names_a_webhook_of_its_own(string name)
    {
        await using var server = await HostileServer.StartAsync();
        using var listener = new Listener();
        var job = server.Job();
        job["settings"]![name] = listener.Address;
        using var answer = await server.Anna.PostAsync("/api/v1/batch-jobs", new StringContent(job.ToJsonString(), Encoding.UTF8, "application/json"), Cancellation);

        await RefusedAsync(answer, HttpStatusCode.BadRequest, "json-invalid");
        Assert.Empty(listener.Requests);
        await server.AssertHealthyAsync();
    }

    private static IEnumerable<(string Name, byte[] Docx)> Templates(string address)
    {
        string Body(string inner) => $"<w:document xmlns:w=\"{Word}\" xmlns:r=\"{Office}\" xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><w:body><w:p>{inner}</w:p></w:body></w:document>";
        (string, string) Rels(string type) => ("word/_rels/document.xml.rels", $"<Relationships xmlns=\"{Package}\"><Relationship Id=\"x1\" Type=\"{Office}/{type}\" Target=\"{address}{type}\" TargetMode=\"External\"/></Relationships>");
        string Field(string code) => $"<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> {code} </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>old</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";

        yield return ("linked-picture", BadFiles.Document(Body("<w:r><w:drawing><wp:inline><wp:extent cx=\"100000\" cy=\"100000\"/><wp:docPr id=\"1\" name=\"p\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr><pic:cNvPr id=\"1\" name=\"p\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link=\"x1\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"), Rels("image")));
        yield return ("vml-picture", BadFiles.Document(Body($"<w:r><w:pict><v:shape style=\"width:10pt;height:10pt\"><v:imagedata src=\"{address}vml.png\" o:href=\"{address}vml2.png\"/></v:shape></w:pict></w:r>")));
        yield return ("attached-template", BadFiles.Document(Body("<w:r><w:t>a</w:t></w:r>"), ("word/_rels/settings.xml.rels", $"<Relationships xmlns=\"{Package}\"><Relationship Id=\"x1\" Type=\"{Office}/attachedTemplate\" Target=\"{address}t.dotm\" TargetMode=\"External\"/></Relationships>"), ("word/settings.xml", $"<w:settings xmlns:w=\"{Word}\" xmlns:r=\"{Office}\"><w:attachedTemplate r:id=\"x1\"/></w:settings>")));
        yield return ("sub-document", BadFiles.Document(Body("<w:subDoc r:id=\"x1\"/>"), Rels("subDocument")));
        yield return ("alt-chunk", BadFiles.Document(Body("<w:r><w:t>a</w:t></w:r>").Replace("</w:body>", "<w:altChunk r:id=\"x1\"/></w:body>", StringComparison.Ordinal), Rels("aFChunk")));
        yield return ("linked-object", BadFiles.Document(Body("<w:r><w:object><v:shape style=\"width:10pt;height:10pt\"/><o:OLEObject Type=\"Link\" ProgID=\"Word.Document\" r:id=\"x1\"/></w:object></w:r>"), Rels("oleObject")));
        yield return ("hyperlink", BadFiles.Document(Body("<w:hyperlink r:id=\"x1\"><w:r><w:t>a</w:t></w:r></w:hyperlink>"), Rels("hyperlink")));
        yield return ("frame", BadFiles.Document(Body("<w:r><w:t>a</w:t></w:r>"), ("word/webSettings.xml", $"<w:webSettings xmlns:w=\"{Word}\" xmlns:r=\"{Office}\"><w:frameset><w:frame><w:sourceFileName r:id=\"x1\"/></w:frame></w:frameset></w:webSettings>"), ("word/_rels/webSettings.xml.rels", $"<Relationships xmlns=\"{Package}\"><Relationship Id=\"x1\" Type=\"{Office}/frame\" Target=\"{address}frame\" TargetMode=\"External\"/></Relationships>")));
        yield return ("entity", BadFiles.Document($"<!DOCTYPE d [<!ENTITY x SYSTEM \"{address}entity\">]>" + Body("<w:r><w:t>&x;</w:t></w:r>")));
        yield return ("dtd", BadFiles.Document($"<!DOCTYPE d SYSTEM \"{address}dtd\">" + Body("<w:r><w:t>a</w:t></w:r>")));
        foreach (var code in new[] { $"INCLUDEPICTURE \"{address}field.png\" \\d", $"INCLUDEPICTURE \"{address}field.png\"", $"INCLUDETEXT \"{address}text.docx\"", $"LINK Excel.Sheet.12 \"{address}sheet.xlsx\" \"A1\" \\a \\p", $"DDEAUTO cmd \"{address}\"", $"DATABASE \\d \"{address}db\" \\s \"select\"", $"RD \"{address}rd.docx\"" })
        {
            yield return ("field-" + code.Split(' ')[0].ToLowerInvariant() + code.Length, BadFiles.Document(Body(Field(code))));
        }

        yield return ("picture-of-the-record", BadFiles.Document(Body("<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> INCLUDEPICTURE \"</w:instrText></w:r>" + Field("MERGEFIELD url") + "<w:r><w:instrText>\" \\d</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>")));
    }

    /// <summary>Where nobody may call.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly TcpListener _socket = new(IPAddress.Loopback, 0);

        public Listener()
        {
            _socket.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)_socket.LocalEndpoint).Port}/";
            _ = AcceptAsync();
        }

        public string Address { get; }

        public ConcurrentQueue<string> Requests { get; } = [];

        public void Dispose() => _socket.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _socket.AcceptTcpClientAsync();
                    var buffer = new byte[1_000];
                    Requests.Enqueue("connected");
                    var count = await client.GetStream().ReadAsync(buffer);
                    Requests.Enqueue(Encoding.Latin1.GetString(buffer, 0, count));
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
            }
        }
    }
}
