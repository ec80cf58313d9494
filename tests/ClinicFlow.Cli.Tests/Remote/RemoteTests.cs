using System.IO.Compression;
using System.Text.Json;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Clients;

namespace ClinicFlow.Cli.Tests.Remote;

/// <summary>The commands that speak to a server, as processes, against a real one.</summary>
public sealed class RemoteTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_takes_a_word_file_waits_and_fetches_the_documents()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        using var folder = new TestFolder();
        folder.Template("consent.docx", "{{name}} pays {{fee}}");
        folder.Text("Patienten März.csv", "number;Family name;fee", "1;Ärzte;5", "2;Maier;6");
        string[] command = ["submit", "consent.docx", "Patienten März.csv", "--format", "docx", "--column", "name=Family name", "--patient-id", "number", "--document-name", "{{name}} consent", "--priority", "high", "--download", "made"];

        var first = await RunAsync(clinic, folder, [.. command, "--json"]);
        var second = await RunAsync(clinic, folder, [.. command[..^2], "--wait", "--name", "Again"]);
        var templates = await clinic.Anna.Templates.ListAsync(Cancellation);
        var jobs = await clinic.Anna.Jobs.ListAsync(cancellation: Cancellation);
        var documents = await clinic.Anna.Jobs.DocumentsAsync(jobs.Items[0].Id, cancellation: Cancellation);

        Assert.Equal((0, ""), (first.ExitCode, ErrorsOf(first)));
        var job = first.Json.GetProperty("job");
        Assert.Equal(("Patienten März", "completed", "high"), (job.GetProperty("name").GetString(), job.GetProperty("status").GetString(), job.GetProperty("priority").GetString()));
        using var zip = ZipFile.OpenRead(first.Json.GetProperty("zip").GetString()!);
        Assert.Contains("Ärzte consent.docx", zip.Entries.Select(entry => entry.Name));
        Assert.Equal(0, second.ExitCode);
        Assert.Contains("is this file already", second.Output, StringComparison.Ordinal);
        Assert.Equal("consent", Assert.Single(templates).Name);
        Assert.Single(templates[0].Versions);
        Assert.Equal("Again", jobs.Items[0].Name);
        Assert.Equal(["1", "2"], documents.Items.Select(document => document.PatientId));
    }

    [Fact]
    public async Task Submit_ends_with_1_and_says_which_documents_failed()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        using var folder = new TestFolder();
        folder.Template("letter.docx", "{{name}} {{fee | number:\"0.00\"}}");
        folder.Text("people.csv", "name,fee", "Huber,5", "Otto-Secret,six");

        var result = await RunAsync(clinic, folder, "submit", "letter.docx", "people.csv", "--format", "docx", "--wait", "--json");
        var id = result.Json.GetProperty("job").GetProperty("id").GetString()!;
        var retried = await RunAsync(clinic, folder, "retry", id, "--document", "r2", "--json");
        var watched = await RunAsync(clinic, folder, "watch", id);

        Assert.Equal(1, result.ExitCode);
        var problem = Assert.Single(result.Json.GetProperty("problems").EnumerateArray());
        Assert.StartsWith("r2: ", problem.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Otto-Secret", result.Output + result.Errors, StringComparison.Ordinal);
        Assert.Equal((0, "queued"), (retried.ExitCode, retried.Json.GetProperty("job").GetProperty("status").GetString()));
        Assert.Equal(1, watched.ExitCode);
        Assert.Contains("people: completed, 2/2, 1 failed", watched.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_makes_one_job_of_the_same_key()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        await clinic.TemplateAsync();
        using var folder = new TestFolder();
        folder.People("people.csv", 1);

        var first = await RunAsync(clinic, folder, "submit", "letter", "people.csv", "--format", "docx", "--idempotency-key", "k", "-q");
        var second = await RunAsync(clinic, folder, "submit", "Letter", "people.csv", "--format", "docx", "--idempotency-key", "k", "-q");

        Assert.Equal(0, first.ExitCode);
        Assert.Equal(first.Output, second.Output);
        Assert.True(Guid.TryParse(first.Output.Trim(), out _));
    }

    [Fact]
    public async Task Submit_says_all_rows_that_cannot_be_used()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        await clinic.TemplateAsync();
        using var folder = new TestFolder();
        folder.Text("people.csv", "name,id", "A,1", "B,2,too,many", "C,3", "D,4,5,6");

        var result = await RunAsync(clinic, folder, "submit", "Letter", "people.csv", "--format", "docx", "--json");

        Assert.Equal(2, result.ExitCode);
        var rows = result.Json.GetProperty("problems").EnumerateArray().Where(problem => problem.TryGetProperty("row", out _)).Select(problem => problem.GetProperty("row").GetInt64());
        // The rows as a spreadsheet numbers them, under the row of names.
        Assert.Equal([3, 5], rows);
    }

    [Fact]
    public async Task A_job_is_paused_resumed_and_cancelled_by_the_end_of_its_id()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        using var folder = new TestFolder();
        var job = await clinic.PausedJobAsync();
        var other = await clinic.PausedJobAsync();
        var tail = job.Id.ToString("N")[^8..];

        var again = await RunAsync(clinic, folder, "pause", tail);
        var cancelled = await RunAsync(clinic, folder, "cancel", tail, "--json");
        var ended = await clinic.EndAsync(job.Id);
        var refused = await RunAsync(clinic, folder, "resume", tail, "--json");
        var resumed = await RunAsync(clinic, folder, "resume", other.Id.ToString("N")[^8..], "--json");
        var completed = await clinic.EndAsync(other.Id);

        Assert.Equal(0, again.ExitCode);
        Assert.Equal((0, JobStatus.Cancelled), (cancelled.ExitCode, ended.Status));
        Assert.Equal((2, "job-state"), (refused.ExitCode, CodeOf(refused)));
        Assert.Equal((0, JobStatus.Completed), (resumed.ExitCode, completed.Status));
    }

    [Fact]
    public async Task A_part_of_an_id_must_fit_one_job()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        using var folder = new TestFolder();
        var template = (await clinic.TemplateAsync()).Id;
        var first = await clinic.JobAsync(1, templateId: template);
        await clinic.JobAsync(1, templateId: template);

        var ambiguous = await RunAsync(clinic, folder, "watch", first.Id.ToString()[..6], "--json");
        var unknown = await RunAsync(clinic, folder, "watch", "ffffff", "--json");
        var tooShort = await RunAsync(clinic, folder, "watch", "abc", "--json");
        var foreign = await RunAsync(clinic, folder, "watch", Guid.NewGuid().ToString(), "--json");

        Assert.Equal((2, "job-ambiguous"), (ambiguous.ExitCode, CodeOf(ambiguous)));
        Assert.Equal((2, "not-found"), (unknown.ExitCode, CodeOf(unknown)));
        Assert.Equal((2, "usage"), (tooShort.ExitCode, CodeOf(tooShort)));
        Assert.Equal((2, "not-found"), (foreign.ExitCode, CodeOf(foreign)));
    }

    [Fact]
    public async Task Watch_shows_my_active_jobs_until_the_last_has_ended()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        await using var cable = new Cable(clinic.Server.Address);
        using var folder = new TestFolder();
        var nothing = await RunAsync(clinic, folder, "watch");
        var job = await clinic.PausedJobAsync();

        using var watching = Cli.Start(folder.Path, EnvironmentOf(clinic, cable.Address), "watch", "--json");
        Assert.True(await watching.UntilAsync(() => cable.Connections >= 2));
        await clinic.Anna.Jobs.ResumeAsync(job.Id, Cancellation);
        var result = await watching.EndAsync();

        Assert.Equal(0, nothing.ExitCode);
        Assert.Contains("None of your jobs", nothing.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("completed", Assert.Single(result.Json.GetProperty("jobs").EnumerateArray()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Watch_is_left_with_ctrl_c()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        await using var cable = new Cable(clinic.Server.Address);
        using var folder = new TestFolder();
        var job = await clinic.PausedJobAsync();

        using var watching = Cli.Start(folder.Path, EnvironmentOf(clinic, cable.Address), "watch", job.Id.ToString());
        Assert.True(await watching.UntilAsync(() => cable.Connections >= 2));
        await Task.Delay(500, Cancellation);
        watching.Signal("INT");
        var result = await watching.EndAsync();

        Assert.Equal(130, result.ExitCode);
        Assert.Equal(JobStatus.Paused, (await clinic.Anna.Jobs.GetAsync(job.Id, Cancellation)).Status);
    }

    [Fact]
    public async Task Queue_and_jobs_list_what_there_is()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        using var folder = new TestFolder();
        var job = await clinic.PausedJobAsync();
        var hostile = await clinic.EndAsync((await clinic.JobAsync(1, "[red]\u202Eevil\t[/]")).Id);

        var queue = await RunAsync(clinic, folder, "queue");
        var stats = await RunAsync(clinic, folder, "queue", "--json");
        var jobs = await RunAsync(clinic, folder, "jobs");
        var paused = await RunAsync(clinic, folder, "jobs", "--status", "paused", "--status", "failed", "--text", "Let", "-n", "1", "--json");

        Assert.Equal(0, queue.ExitCode);
        Assert.Contains("0 of ", queue.Output, StringComparison.Ordinal);
        Assert.Equal(1, stats.Json.GetProperty("stats").GetProperty("paused").GetInt32());
        Assert.Equal(2, jobs.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("[red]\uFFFDevil", jobs.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202E", jobs.Output, StringComparison.Ordinal);
        Assert.Contains(hostile.Id.ToString(), jobs.Output, StringComparison.Ordinal);
        Assert.Equal(job.Id.ToString(), Assert.Single(paused.Json.GetProperty("jobs").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Download_fetches_the_zip_or_one_document_and_replaces_nothing()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        using var folder = new TestFolder();
        var job = await clinic.EndAsync((await clinic.JobAsync(2)).Id);
        var id = job.Id.ToString();

        var zip = await RunAsync(clinic, folder, "download", id, "-o", "all.zip", "--json");
        var again = await RunAsync(clinic, folder, "download", id, "-o", "all.zip", "--json");
        var forced = await RunAsync(clinic, folder, "download", id, "-o", "all.zip", "--force");
        var document = await RunAsync(clinic, folder, "download", id, "--document", "r2", "--format", "docx", "-o", "made/", "--json");
        var missing = await RunAsync(clinic, folder, "download", id, "--document", "r9", "--json");
        var both = await RunAsync(clinic, folder, "download", id, "--document", "r1", "--merged", "--json");

        Assert.Equal(0, zip.ExitCode);
        Assert.Contains("manifest.json", folder.ZipNames("all.zip"));
        Assert.Equal((2, "file-exists"), (again.ExitCode, CodeOf(again)));
        Assert.Equal(0, forced.ExitCode);
        Assert.Equal(0, document.ExitCode);
        var path = document.Json.GetProperty("file").GetString()!;
        Assert.StartsWith(folder["made"], path, StringComparison.Ordinal);
        Assert.Equal("Dear Person 2", folder.DocxText(path));
        Assert.Equal((2, "not-found"), (missing.ExitCode, CodeOf(missing)));
        Assert.Equal((2, "usage"), (both.ExitCode, CodeOf(both)));
        Assert.Equal(["all.zip"], folder.Files("."));
    }

    [Fact]
    public async Task A_download_that_was_killed_goes_on_where_it_was()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        using var folder = new TestFolder();
        var job = await clinic.EndAsync((await clinic.JobAsync(3)).Id);
        await using var whole = await clinic.Anna.Jobs.OpenArchiveAsync(job.Id, cancellation: Cancellation);
        using var copy = new MemoryStream();
        await whole.Content.CopyToAsync(copy, Cancellation);
        File.WriteAllBytes(folder["a.zip.part"], copy.ToArray()[..1_500]);
        File.WriteAllText(folder["a.zip.part.tag"], whole.ETag);
        File.WriteAllBytes(folder["b.zip.part"], new byte[1_500]);
        File.WriteAllText(folder["b.zip.part.tag"], "\"of another file\"");

        var resumed = await RunAsync(clinic, folder, "download", job.Id.ToString(), "-o", "a.zip");
        var anew = await RunAsync(clinic, folder, "download", job.Id.ToString(), "-o", "b.zip");

        Assert.Contains("Going on after 1.5 KiB", resumed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Going on", anew.Output, StringComparison.Ordinal);
        Assert.Equal(copy.ToArray(), File.ReadAllBytes(folder["a.zip"]));
        Assert.Equal(copy.ToArray(), File.ReadAllBytes(folder["b.zip"]));
        Assert.Equal(["a.zip", "b.zip"], folder.Files("."));
    }

    [Fact]
    public async Task Audit_is_verified_and_exported_by_an_administrator_alone()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        using var folder = new TestFolder();

        var verified = await RunAsAdministratorAsync(clinic, folder, "audit", "verify", "--json");
        var export = await RunAsAdministratorAsync(clinic, folder, "audit", "export");
        var file = await RunAsAdministratorAsync(clinic, folder, "audit", "export", "--format", "ndjson", "-o", "audit.ndjson", "--json");
        var refused = await RunAsync(clinic, folder, "audit", "verify", "--json");

        Assert.Equal(0, verified.ExitCode);
        Assert.True(verified.Json.GetProperty("isIntact").GetBoolean());
        Assert.Equal(0, export.ExitCode);
        Assert.StartsWith("sequence,", export.Output.TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.Equal(0, file.ExitCode);
        Assert.All(File.ReadAllLines(folder["audit.ndjson"]), line => Assert.Equal(JsonValueKind.Object, JsonElement.Parse(line).ValueKind));
        Assert.Equal((2, "not-allowed"), (refused.ExitCode, CodeOf(refused)));
    }

    [Fact]
    public async Task Templates_are_uploaded_listed_and_published()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        using var folder = new TestFolder();
        folder.Template("letter.docx", "Dear {{name}}");
        folder.Template("broken.docx", "{{#each visits}}");

        var draft = await RunAsync(clinic, folder, "template", "upload", "letter.docx", "--draft", "--name", "Discharge letter", "--json");
        var unpublished = await RunAsync(clinic, folder, "submit", "discharge letter", "letter.docx", "--json");
        var published = await RunAsync(clinic, folder, "template", "publish", "discharge letter", "--json");
        var list = await RunAsync(clinic, folder, "template", "list");
        var broken = await RunAsync(clinic, folder, "template", "upload", "broken.docx", "--json");
        var unknown = await RunAsync(clinic, folder, "template", "publish", "Nothing", "--json");
        var noVersion = await RunAsync(clinic, folder, "template", "publish", "Discharge letter", "--version", "7", "--json");

        Assert.Equal(0, draft.ExitCode);
        Assert.Equal("draft", draft.Json.GetProperty("template").GetProperty("versions")[0].GetProperty("status").GetString());
        Assert.Equal(2, unpublished.ExitCode);
        Assert.Equal(0, published.ExitCode);
        Assert.Contains("Discharge letter\tversion 1", list.Output, StringComparison.Ordinal);
        Assert.Equal(2, broken.ExitCode);
        Assert.Equal((2, "template-unknown"), (unknown.ExitCode, CodeOf(unknown)));
        Assert.Equal((2, "version-unknown"), (noVersion.ExitCode, CodeOf(noVersion)));
    }

    [Fact]
    public async Task A_changed_word_file_becomes_a_new_version_of_its_template()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        using var folder = new TestFolder();
        folder.People("people.csv", 1);
        folder.Template("letter.docx", "Dear {{name}}");
        await RunAsync(clinic, folder, "submit", "letter.docx", "people.csv", "--format", "docx", "--wait");
        folder.Template("letter.docx", "Hello {{name}}");

        var result = await RunAsync(clinic, folder, "submit", "letter.docx", "people.csv", "--format", "docx", "--download", ".", "--json");
        var template = Assert.Single(await clinic.Anna.Templates.ListAsync(Cancellation));
        var zip = result.Json.GetProperty("zip").GetString()!;

        Assert.Equal(2, template.Versions.Count);
        Assert.Equal("Hello Person 1", folder.ZippedDocxText(zip, folder.ZipNames(zip).Single(name => name.EndsWith(".docx", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Who_is_not_signed_in_hears_so_and_no_key_is_ever_shown()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        using var folder = new TestFolder();
        folder.Text("key", clinic.AnnaKey);
        folder.Text("wrong", "cf_wrong");
        folder.Text("text", "this is no key");
        string[] jobs = ["jobs", "--server", clinic.Server.Address.ToString(), "--json"];

        var none = await Cli.RunAsync(folder.Path, jobs);
        var good = await Cli.RunAsync(folder.Path, [.. jobs, "--api-key-file", "key"]);
        var wrong = await Cli.RunAsync(folder.Path, [.. jobs, "--api-key-file", "wrong"]);
        var text = await Cli.RunAsync(folder.Path, [.. jobs, "--api-key-file", "text"]);
        var gone = await Cli.RunAsync(folder.Path, [.. jobs, "--api-key-file", "nothing"]);

        Assert.Equal((2, "not-signed-in"), (none.ExitCode, CodeOf(none)));
        Assert.Equal(0, good.ExitCode);
        Assert.Equal((2, "not-signed-in"), (wrong.ExitCode, CodeOf(wrong)));
        Assert.Equal((2, "usage"), (text.ExitCode, CodeOf(text)));
        Assert.Equal((2, "cannot-open"), (gone.ExitCode, CodeOf(gone)));
        Assert.All([none, good, wrong, text, gone], result => Assert.All([clinic.AnnaKey, "cf_wrong", "this is no key"], secret => Assert.DoesNotContain(secret, result.Output + result.Errors, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("jobs")]
    [InlineData("watch")]
    [InlineData("queue")]
    [InlineData("pause 0192f3a1b2c3")]
    [InlineData("resume 0192f3a1b2c3")]
    [InlineData("cancel 0192f3a1b2c3")]
    [InlineData("retry 0192f3a1b2c3")]
    [InlineData("download 0192f3a1b2c3")]
    [InlineData("submit Letter people.csv")]
    [InlineData("audit verify")]
    [InlineData("template list")]
    public async Task A_server_that_is_not_there_ends_with_3(string command)
    {
        using var folder = new TestFolder();
        folder.People("people.csv", 1);
        folder.Text("key", "cf_some");
        await using var cable = new Cable(new Uri("http://127.0.0.1:1"));
        cable.Cut();

        var result = await Cli.RunAsync(folder.Path, [.. command.Split(' '), "--server", cable.Address.ToString(), "--api-key-file", "key", "--json"]);

        Assert.True((3, "server-unreachable") == (result.ExitCode, CodeOf(result)), result.Output + result.Errors);
    }

    [Theory]
    [InlineData("submit", "Letter", "nothing.csv")]
    [InlineData("submit", "nothing.docx", "people.csv")]
    [InlineData("submit", "Letter", "people.csv", "--column", "name")]
    [InlineData("submit", "Letter", "people.csv", "--priority", "soon")]
    [InlineData("submit", "Letter")]
    [InlineData("download", "0192f3a1b2c3", "--format", "both", "--document", "r1")]
    [InlineData("jobs", "--status", "sleeping")]
    [InlineData("jobs", "--server", "ftp://there")]
    [InlineData("audit")]
    public async Task Wrong_usage_ends_with_2(params string[] command)
    {
        using var folder = new TestFolder();
        folder.People("people.csv", 1);
        await using var cable = new Cable(new Uri("http://127.0.0.1:1"));
        cable.Cut();
        KeyValuePair<string, string>[] environment = [new("CLINICFLOW_SERVER", cable.Address.ToString()), new("CLINICFLOW_API_KEY", "cf_some")];

        using var running = Cli.Start(folder.Path, environment, [.. command, "--json"]);
        var result = await running.EndAsync();

        Assert.True(command.Contains("nothing.docx") ? result.ExitCode is 2 or 3 : result.ExitCode == 2, result.Output);
        Assert.NotEmpty(result.Json.GetProperty("problems").EnumerateArray());
    }

    private static RunningCli Start(ClientClinic clinic, TestFolder folder, params string[] arguments) => Cli.Start(folder.Path, EnvironmentOf(clinic), arguments);

    private static async Task<CliResult> RunAsync(ClientClinic clinic, TestFolder folder, params string[] arguments)
    {
        using var running = Start(clinic, folder, arguments);
        return await running.EndAsync();
    }

    private static async Task<CliResult> RunAsAdministratorAsync(ClientClinic clinic, TestFolder folder, params string[] arguments)
    {
        using var running = Cli.Start(folder.Path, EnvironmentOf(clinic, key: clinic.AdministratorKey), arguments);
        return await running.EndAsync();
    }

    private static KeyValuePair<string, string>[] EnvironmentOf(ClientClinic clinic, Uri? address = null, string? key = null)
        => [new("CLINICFLOW_SERVER", (address ?? clinic.Server.Address).ToString()), new("CLINICFLOW_API_KEY", key ?? clinic.AnnaKey)];

    private static string? CodeOf(CliResult result) => result.Json.GetProperty("problems")[0].GetProperty("code").GetString();

    private static string ErrorsOf(CliResult result)
        => string.Join('\n', result.Errors.Split('\n').Where(line => line.StartsWith("error ", StringComparison.Ordinal) || line.StartsWith("warning ", StringComparison.Ordinal)));
}
