using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using Xunit;

namespace ClinicFlow.Server.Tests.Clients;

public sealed class RouteTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_template_is_uploaded_looked_into_previewed_published_and_archived()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        var templates = clinic.Anna.Templates;

        var added = await templates.AddAsync(new MemoryStream(ClientClinic.Docx("Dear {{name}}")), "Brief für Ärzte.docx", description: "What is sent", cancellation: Cancellation);
        var draft = added.Versions[0];
        var published = await templates.PublishAsync(added.Id, draft.Id, Cancellation);
        var second = await templates.AddVersionAsync(added.Id, new MemoryStream(ClientClinic.Docx("Hello {{name}}")), "new.docx", publish: true, Cancellation);
        var details = await templates.GetDetailsAsync(added.Id, draft.Id, Cancellation);
        await using var file = await templates.OpenFileAsync(added.Id, draft.Id, Cancellation);
        await using var preview = await templates.PreviewAsync(added.Id, draft.Id, new PreviewOrder { MergeData = new JsonObject { ["name"] = "Otto" }, Format = OutputFormat.Docx }, Cancellation);
        var archived = await templates.ArchiveAsync(added.Id, second.PublishedVersionId!.Value, Cancellation);

        Assert.Equal(("Brief für Ärzte", "What is sent", TemplateStatus.Draft), (added.Name, added.Description, draft.Status));
        Assert.Equal(draft.Id, published.PublishedVersionId);
        Assert.Equal(2, second.Versions.Count);
        Assert.Equal(["name"], details.Fields.Select(field => field.Name));
        Assert.Equal("Brief für Ärzte.docx", file.FileName);
        Assert.Equal(ClientClinic.Docx("Dear {{name}}").Length, (await ReadAsync(file)).Length);
        Assert.Contains("Dear Otto", TextOf(await ReadAsync(preview)), StringComparison.Ordinal);
        Assert.Equal(draft.Id, archived.PublishedVersionId);
        Assert.Contains(added.Id, (await templates.ListAsync(Cancellation)).Select(template => template.Id));
        Assert.Equal(2, (await templates.GetAsync(added.Id, Cancellation)).Versions.Count);
    }

    [Fact]
    public async Task A_job_goes_from_its_creation_to_its_deletion()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        var jobs = clinic.Anna.Jobs;

        var job = await clinic.EndAsync((await clinic.JobAsync(3)).Id);
        var documents = await jobs.AllDocumentsAsync(job.Id, cancellation: Cancellation).ToListAsync(Cancellation);
        await using var archive = await jobs.OpenArchiveAsync(job.Id, cancellation: Cancellation);
        await using var document = await jobs.OpenDocumentAsync(job.Id, "r2", OutputFormat.Docx, cancellation: Cancellation);
        using var zip = new ZipArchive(new MemoryStream(await ReadAsync(archive)));
        var text = TextOf(await ReadAsync(document));
        await jobs.DeleteAsync(job.Id, Cancellation);
        var gone = await Assert.ThrowsAsync<ClinicFlowApiException>(() => jobs.GetAsync(job.Id, Cancellation));

        Assert.Equal(JobStatus.Completed, job.Status);
        Assert.Equal(["r1", "r2", "r3"], documents.Select(row => row.RequestId));
        Assert.All(documents, row => Assert.Equal(DocumentState.Succeeded, row.State));
        Assert.Equal("application/zip", archive.ContentType);
        Assert.EndsWith(".zip", archive.FileName, StringComparison.Ordinal);
        Assert.NotNull(archive.ETag);
        Assert.Contains(documents[0].Files[0].FileName, zip.Entries.Select(entry => entry.FullName));
        Assert.Contains("Dear Person 2", text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, "not-found"), (gone.Status, gone.Code));
    }

    [Fact]
    public async Task A_job_is_paused_made_urgent_resumed_cancelled_and_its_rest_is_not_made()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        var jobs = clinic.Anna.Jobs;
        var job = await clinic.PausedJobAsync();

        var urgent = await jobs.SetPriorityAsync(job.Id, JobPriority.Urgent, Cancellation);
        await jobs.ResumeAsync(job.Id, Cancellation);
        await jobs.CancelAsync(job.Id, Cancellation);
        var ended = await clinic.EndAsync(job.Id);
        var refused = await Assert.ThrowsAsync<ClinicFlowApiException>(() => jobs.PauseAsync(job.Id, Cancellation));

        Assert.Equal(JobPriority.Urgent, urgent.Priority);
        Assert.Equal(JobStatus.Cancelled, ended.Status);
        Assert.Equal((HttpStatusCode.Conflict, "job-state"), (refused.Status, refused.Code));
        Assert.Contains("delete", refused.Problem.Allowed!);
    }

    [Fact]
    public async Task A_file_becomes_a_job_and_failed_documents_are_tried_again_with_better_data()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        var jobs = clinic.Anna.Jobs;
        var template = await clinic.TemplateAsync("Dear {{name}}, {{fee | number:\"0.00\"}}");
        var order = new NewImport
        {
            TemplateId = template.Id,
            DocumentName = "{{name}}",
            Columns = new Dictionary<string, string> { ["name"] = "Family name" },
            PatientIdColumn = "number",
            Settings = new JobSettings { OutputFormat = OutputFormat.Docx },
        };
        byte[] csv = [.. "number;Family name;fee\n1;Ärzte;5\n2;Maier;nothing\n"u8];

        var preview = await jobs.PreviewImportAsync(order, new MemoryStream(csv), "Patienten März.csv", Cancellation);
        var job = await clinic.EndAsync((await jobs.ImportAsync(order, new MemoryStream(csv), "Patienten März.csv", cancellation: Cancellation)).Id);
        var failed = await jobs.DocumentsAsync(job.Id, DocumentState.Failed, cancellation: Cancellation);
        await jobs.RetryAsync(job.Id, new RetryOrder { CorrectedData = new Dictionary<string, JsonObject> { [failed.Items[0].RequestId] = new() { ["name"] = "Maier", ["fee"] = 7 } } }, Cancellation);
        var again = await clinic.EndAsync(job.Id);

        Assert.Equal(2, preview.Rows);
        Assert.Equal(["Ärzte", "Maier"], preview.Names);
        Assert.Equal("Patienten März", job.Name);
        Assert.Equal((JobStatus.Completed, 1, 1), (job.Status, job.Progress.Succeeded, job.Progress.Failed));
        Assert.Equal("2", failed.Items[0].PatientId);
        Assert.Equal((JobStatus.Completed, 2, 0), (again.Status, again.Progress.Succeeded, again.Progress.Failed));
    }

    [Fact]
    public async Task Lists_page_by_themselves_and_filters_narrow_them()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        var template = (await clinic.TemplateAsync()).Id;
        for (var i = 0; i < 5; i++)
        {
            await clinic.JobAsync(1, i == 3 ? "Ward & round = ä" : $"Job {i}", templateId: template);
        }

        var all = await clinic.Anna.Jobs.ListAllAsync(new JobFilter { Count = 2 }, Cancellation).ToListAsync(Cancellation);
        var named = await clinic.Anna.Jobs.ListAsync(new JobFilter { Text = "round = ä", TemplateId = template, From = DateTimeOffset.UnixEpoch, Statuses = Enum.GetValues<JobStatus>(), Priorities = [JobPriority.Normal] }, Cancellation);
        var none = await clinic.Anna.Jobs.ListAsync(new JobFilter { Priorities = [JobPriority.Urgent, JobPriority.Low] }, Cancellation);

        Assert.Equal(5, all.DistinctBy(job => job.Id).Count());
        Assert.Equal(all.OrderByDescending(job => job.CreatedAt).Select(job => job.Id), all.Select(job => job.Id));
        Assert.Equal("Ward & round = ä", Assert.Single(named.Items).Name);
        Assert.Empty(none.Items);
    }

    [Fact]
    public async Task The_same_call_twice_makes_one_job()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        var template = (await clinic.TemplateAsync()).Id;

        var first = await clinic.JobAsync(1, idempotencyKey: "night run 7", templateId: template);
        var second = await clinic.JobAsync(1, idempotencyKey: "night run 7", templateId: template);
        var other = await clinic.JobAsync(1, templateId: template);

        Assert.Equal(first.Id, second.Id);
        Assert.NotEqual(first.Id, other.Id);
    }

    [Fact]
    public async Task A_refused_job_says_everything_that_is_wrong_with_it()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        var template = await clinic.TemplateAsync();

        var refused = await Assert.ThrowsAsync<ClinicFlowApiException>(() => clinic.Anna.Jobs.CreateAsync(
            new NewJob { Name = " ", TemplateId = template.Id, Settings = new JobSettings { MaxRetries = 99 }, Requests = [new DocumentRequest { DocumentName = "" }] }, cancellation: Cancellation));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.True(refused.Problem.Errors!.Count >= 3);
        Assert.StartsWith(refused.Code + ": ", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.IsTransient);
    }

    [Fact]
    public async Task The_queue_tells_its_figures()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        await clinic.EndAsync((await clinic.JobAsync(2)).Id);

        var stats = await clinic.Anna.Queue.GetStatsAsync(Cancellation);
        var metrics = await clinic.Anna.Queue.GetMetricsAsync(Cancellation);
        var config = await clinic.Anna.Queue.GetConfigAsync(Cancellation);

        Assert.Equal(0, stats.TotalQueued);
        Assert.Contains(JobPriority.Urgent, stats.Queued.Keys);
        Assert.Equal(2, metrics.DocumentsSucceeded);
        Assert.Equal("sqlite", config.Database);
        Assert.Empty(await clinic.Anna.Queue.ListAsync(10, Cancellation));
    }

    [Fact]
    public async Task Administrators_manage_users_and_read_the_audit_log()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        var administrator = clinic.Administrator;

        var made = await administrator.Users.CreateAsync(new NewUser("otto", Role: Role.Operator), Cancellation);
        var changed = await administrator.Users.ChangeAsync(made.User.Id, new UserChange(Email: "otto@clinic.example", ResetPassword: true), Cancellation);
        var names = (await administrator.Users.ListAsync(Cancellation)).Select(user => user.UserName).ToArray();
        await administrator.Users.DeleteAsync(made.User.Id, Cancellation);
        var entries = await administrator.Audit.ListAllAsync(cancellation: Cancellation).ToListAsync(Cancellation);
        await using var export = await administrator.Audit.ExportAsync(AuditFormat.Ndjson, Cancellation);
        var lines = Encoding.UTF8.GetString(await ReadAsync(export)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var verdict = await administrator.Audit.VerifyAsync(Cancellation);
        var forbidden = await Assert.ThrowsAsync<ClinicFlowApiException>(() => clinic.Anna.Audit.ListAsync(cancellation: Cancellation));

        Assert.NotNull(made.OneTimePassword);
        Assert.NotEqual(made.OneTimePassword, changed.OneTimePassword);
        Assert.Equal(("otto@clinic.example", Role.Operator), (changed.User.Email, changed.User.Role));
        Assert.Equal(["admin", "anna", "otto"], names.Order(StringComparer.Ordinal));
        Assert.NotEmpty(entries);
        Assert.True(lines.Length >= entries.Count);
        Assert.True(verdict.IsIntact);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.Status);
    }

    [Fact]
    public async Task Whoever_signs_in_by_password_changes_things_until_signing_out()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        await using var client = new ClinicFlowClient(clinic.Server.Address);

        var wrong = await Assert.ThrowsAsync<ClinicFlowApiException>(() => client.Session.SignInAsync(new SignIn("anna", "wrong"), Cancellation));
        var session = await client.Session.SignInAsync(new SignIn("anna", "A-password-of-anna-1"), Cancellation);
        var key = await client.ApiKeys.CreateAsync(new NewApiKey("for a night", [Scopes.JobsRead], 1), Cancellation);
        await client.ApiKeys.RevokeAsync(key.ApiKey.Id, Cancellation);
        var keys = await client.ApiKeys.ListAsync(Cancellation);
        await using var late = clinic.Connect(key.Key);
        var revoked = await Assert.ThrowsAsync<ClinicFlowApiException>(() => late.Jobs.ListAsync(cancellation: Cancellation));
        var passkeys = await client.Session.ListPasskeysAsync(Cancellation);
        await client.Session.SignOutAsync(Cancellation);
        var out1 = await Assert.ThrowsAsync<ClinicFlowApiException>(() => client.Session.GetAsync(Cancellation));

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        Assert.Equal("anna", session.UserName);
        Assert.NotNull(keys.Single(one => one.Id == key.ApiKey.Id).RevokedAt);
        Assert.Equal("not-signed-in", revoked.Code);
        Assert.Empty(passkeys);
        Assert.Equal(HttpStatusCode.Unauthorized, out1.Status);
    }

    internal static async Task<byte[]> ReadAsync(Download download)
    {
        using var whole = new MemoryStream();
        await download.Content.CopyToAsync(whole, Cancellation);
        return whole.ToArray();
    }

    internal static string TextOf(byte[] docx)
    {
        using var zip = new ZipArchive(new MemoryStream(docx));
        using var reader = new StreamReader(zip.GetEntry("word/document.xml")!.Open());
        return string.Concat(XDocument.Load(reader).Descendants().Where(element => element.Name.LocalName == "t").Select(element => element.Value));
    }
}
