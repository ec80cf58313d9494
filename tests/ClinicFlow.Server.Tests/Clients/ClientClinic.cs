using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Servers;

namespace ClinicFlow.Server.Tests.Clients;

/// <summary>A started server with an administrator and a user called anna, each with an API key, for tests of those who call it.</summary>
internal sealed class ClientClinic : IAsyncDisposable
{
    private readonly List<ClinicFlowClient> _clients = [];

    private ClientClinic(TestServer server, string administratorKey, string annaKey)
    {
        (Server, AdministratorKey, AnnaKey) = (server, administratorKey, annaKey);
        Anna = Connect(annaKey);
        Administrator = Connect(administratorKey);
    }

    public TestServer Server { get; }

    public string AdministratorKey { get; }

    public string AnnaKey { get; }

    public ClinicFlowClient Anna { get; }

    public ClinicFlowClient Administrator { get; }

    private static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    public static async Task<ClientClinic> OpenAsync(params (string Name, string Value)[] settings)
    {
        var server = await TestServer.StartAsync(settings: settings);
        await using var administrator = new ClinicFlowClient(server.Address);
        await administrator.Session.SignInAsync(new SignIn("admin", TestServer.AdministratorPassword), Cancellation);
        var key = await administrator.ApiKeys.CreateAsync(new NewApiKey("tests", Scopes.All), Cancellation);
        return new ClientClinic(server, key.Key, await KeyForAsync(server, administrator, "anna"));
    }

    /// <summary>Makes a user with a password of the user's own, and gives an API key of it.</summary>
    public static async Task<string> KeyForAsync(TestServer server, ClinicFlowClient administrator, string name)
    {
        var made = await administrator.Users.CreateAsync(new NewUser(name), Cancellation);
        await using var user = new ClinicFlowClient(server.Address);
        await user.Session.SignInAsync(new SignIn(name, made.OneTimePassword!), Cancellation);
        await user.Session.ChangePasswordAsync(new PasswordChange(made.OneTimePassword!, "A-password-of-" + name + "-1"), Cancellation);
        return (await user.ApiKeys.CreateAsync(new NewApiKey("tests", [.. Scopes.All.Where(scope => scope != Scopes.AuditRead)]), Cancellation)).Key;
    }

    /// <summary>A client of its own, at the server or at a cable to it.</summary>
    public ClinicFlowClient Connect(string? key = null, Uri? address = null, ClinicFlowClientOptions? options = null)
    {
        var client = new ClinicFlowClient(address ?? Server.Address, key ?? AnnaKey, options);
        _clients.Add(client);
        return client;
    }

    /// <summary>A published template of anna's.</summary>
    public Task<Template> TemplateAsync(string text = "Dear {{name}}", string name = "Letter")
        => Anna.Templates.AddAsync(new MemoryStream(Docx(text)), "letter.docx", name, publish: true, cancellation: Cancellation);

    /// <summary>A job of anna's that makes DOCX.</summary>
    public async Task<Job> JobAsync(int count, string name = "Letters", string? idempotencyKey = null, Guid? templateId = null)
        => await Anna.Jobs.CreateAsync(
            new NewJob
            {
                Name = name,
                TemplateId = templateId ?? (await TemplateAsync()).Id,
                Settings = new JobSettings { OutputFormat = OutputFormat.Docx },
                Requests = [.. Enumerable.Range(1, count).Select(i => new DocumentRequest { DocumentName = $"Letter {i}", MergeData = new JsonObject { ["name"] = $"Person {i}" } })],
            }, idempotencyKey, Cancellation);

    /// <summary>A job of anna's that is paused with most of its documents still to make.</summary>
    public async Task<Job> PausedJobAsync(int count = 3_000)
    {
        for (; ; count *= 4)
        {
            var job = await JobAsync(count);
            try
            {
                await Anna.Jobs.PauseAsync(job.Id, Cancellation);
            }
            catch (ClinicFlowApiException e) when (e.Code == "job-state")
            {
                // It had ended before it could be paused.
            }

            while ((job = await Anna.Jobs.GetAsync(job.Id, Cancellation)).Status is not (JobStatus.Paused or JobStatus.Completed))
            {
                await Task.Delay(20, Cancellation);
            }

            if (job.Status is JobStatus.Paused)
            {
                return job;
            }
        }
    }

    /// <summary>Waits until a job has ended.</summary>
    public async Task<Job> EndAsync(Guid id)
    {
        Job job;
        while ((job = await Anna.Jobs.GetAsync(id, Cancellation)).Status is JobStatus.Queued or JobStatus.Processing)
        {
            await Task.Delay(20, Cancellation);
        }

        return job;
    }

    /// <summary>A Word file of one paragraph.</summary>
    public static byte[] Docx(string text)
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            void Write(string name, string xml)
            {
                var entry = zip.CreateEntry(name);
                entry.LastWriteTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var part = entry.Open();
                part.Write(Encoding.UTF8.GetBytes(xml));
            }

            Write("[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>""");
            Write("_rels/.rels", """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>""");
            Write("word/document.xml", $"""<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p></w:body></w:document>""");
        }

        return file.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        await Server.DisposeAsync();
    }
}
