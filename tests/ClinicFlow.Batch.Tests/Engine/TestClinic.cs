using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Documents.Engines;
using Xunit;

namespace ClinicFlow.Batch.Tests.Engine;

/// <summary>An engine on a database of its own, with a published template "Dear {{patientName}}", for user "anna".</summary>
internal sealed class TestClinic : IAsyncDisposable
{
    private readonly string _folder;
    private readonly bool _ownsFolder;

    private TestClinic(BatchEngine engine, string folder, bool ownsFolder) => (Engine, _folder, _ownsFolder) = (engine, folder, ownsFolder);

    public BatchEngine Engine { get; }

    public string Folder => _folder;

    public Guid TemplateId { get; private set; }

    public BatchDocumentService Anna => Engine.ServiceFor(new BatchUser("anna"));

    public BatchDocumentService Bernd => Engine.ServiceFor(new BatchUser("bernd"));

    public BatchDocumentService Operator => Engine.ServiceFor(new BatchUser("olga", SeesAll: true));

    public static async Task<TestClinic> OpenAsync(string? connectionString, Func<BatchProcessingConfig, BatchProcessingConfig>? with = null, BatchEngineParts? parts = null, string? folder = null, bool isStarted = true)
    {
        var ownsFolder = folder is null;
        folder ??= Directory.CreateTempSubdirectory("clinicflow-engine-").FullName;
        var config = new BatchProcessingConfig { DataFolder = folder, ConnectionString = connectionString, RetryDelayMs = 10, LeaseDuration = TimeSpan.FromSeconds(2) };
        var engine = await BatchEngine.OpenAsync(with?.Invoke(config) ?? config, parts, TestContext.Current.CancellationToken);
        var clinic = new TestClinic(engine, folder, ownsFolder);
        var known = await engine.TemplatesFor(new BatchUser("anna")).ListAsync(TestContext.Current.CancellationToken);
        clinic.TemplateId = known.Count > 0 ? known[0].Id : (await engine.TemplatesFor(new BatchUser("anna")).AddAndPublishAsync("Letter", Template("Dear {{patientName}}"), "letter.docx", TestContext.Current.CancellationToken)).Id;
        if (isStarted)
        {
            engine.Start();
        }

        return clinic;
    }

    public static IEnumerable<BatchDocumentRequest> Requests(int count, Func<int, string>? nameOf = null) => Enumerable.Range(0, count).Select(i => new BatchDocumentRequest
    {
        DocumentName = nameOf?.Invoke(i) ?? $"Letter {i}",
        MergeData = new JsonObject { ["patientName"] = $"Patient {i}" },
        PatientId = $"patient-{i}",
    });

    public Task<Guid> CreateAsync(int count, BatchJobSettings? settings = null, JobPriority priority = JobPriority.Normal, BatchDocumentService? service = null, string name = "Letters")
        => (service ?? Anna).CreateBatchJobAsync(name, TemplateId, Requests(count), settings ?? new BatchJobSettings { OutputFormat = OutputFormat.Docx }, priority, cancellation: TestContext.Current.CancellationToken);

    public async Task<BatchJob> EndAsync(Guid id)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        return await Operator.WhenEndedAsync(id, limit.Token);
    }

    public async Task<Dictionary<string, string>> ReadArchiveAsync(Guid id)
    {
        using var output = await Anna.OpenArchiveAsync(id, TestContext.Current.CancellationToken);
        Assert.NotNull(output);
        await using var zip = new ZipArchive(output.Content, ZipArchiveMode.Read);
        var files = new Dictionary<string, string>();
        foreach (var entry in zip.Entries)
        {
            await using var content = await entry.OpenAsync(TestContext.Current.CancellationToken);
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, TestContext.Current.CancellationToken);
            files.Add(entry.FullName, entry.FullName.EndsWith(".docx", StringComparison.Ordinal) ? TextOf(copy.ToArray()) : Encoding.UTF8.GetString(copy.ToArray()));
        }

        return files;
    }

    /// <summary>Waits for something to become so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var i = 0; i < 9_600; i++)
        {
            try
            {
                if (await isSo())
                {
                    return;
                }
            }
            catch (StorageException e) when (e.IsTransient)
            {
                // The database was ended by the test.
            }

            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        Assert.Fail("It did not become so.");
    }

    public static string TextOf(byte[] docx)
    {
        using var zip = new ZipArchive(new MemoryStream(docx), ZipArchiveMode.Read);
        using var reader = new StreamReader(zip.GetEntry("word/document.xml")!.Open());
        return string.Concat(System.Xml.Linq.XDocument.Parse(reader.ReadToEnd()).Descendants().Where(e => e.Name.LocalName == "t").Select(e => e.Value));
    }

    public static byte[] Template(string text)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>""");
            Add(zip, "_rels/.rels", """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>""");
            Add(zip, "word/document.xml", $"""<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{System.Security.SecurityElement.Escape(text)}</w:t></w:r></w:p></w:body></w:document>""");
        }

        return stream.ToArray();

        static void Add(ZipArchive zip, string name, string content)
        {
            // The same text is the same file, whenever it is made.
            var entry = zip.CreateEntry(name);
            entry.LastWriteTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var writer = new StreamWriter(entry.Open());
            writer.Write(content);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}

/// <summary>Stands for a PDF engine where faults are to be shown that no real one makes on demand.</summary>
internal sealed class FaultyPdf(Func<int, PdfSource, Task>? before = null) : IPdfConverter
{
    private static readonly byte[] Pdf = Encoding.Latin1.GetBytes("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF");
    private int _calls;

    public string EngineName => "Faulty";

    public int Calls => _calls;

    public async Task<ReadOnlyMemory<byte>> ConvertAsync(PdfSource document, CancellationToken cancellationToken = default)
    {
        var call = Interlocked.Increment(ref _calls);
        if (before is not null)
        {
            await before(call, document).WaitAsync(cancellationToken);
        }

        return Pdf;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
