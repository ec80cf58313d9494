using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Processing;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Batch.Templates;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Batch.Tests.Storage;
using Xunit;

namespace ClinicFlow.Batch.Tests.Templates;

/// <summary>Templates, their versions, and which of them a job uses.</summary>
public abstract class TemplateContract : OnBothDatabases
{
    private static BatchJobSettings Docx => new() { OutputFormat = OutputFormat.Docx };

    [Fact]
    public async Task A_version_is_a_draft_then_published_then_archived()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        var library = LibraryOf(clinic, "anna");
        var template = await library.AddAsync("Consent", TestClinic.Template("Hello {{patientName}}"), "/home/anna/consent.docx", "For operations", Cancellation);
        var first = Assert.Single(template.Versions);
        Assert.Equal((1, TemplateStatus.Draft, "consent.docx", "anna"), (first.Version, first.Status, first.FileName, first.CreatedBy));
        Assert.Null(template.Published);
        Assert.Equal("template-not-published", await RefusalOfAsync(clinic, template.Id));

        var published = Done(await library.PublishAsync(template.Id, first.Id, Cancellation));
        Assert.Equal((first.Id, TemplateStatus.Published), (published.Template.Published!.Id, published.Version.Status));
        Assert.NotNull(published.Version.PublishedAt);
        Assert.Equal("", await RefusalOfAsync(clinic, template.Id));

        var second = Done(await library.AddVersionAsync(template.Id, TestClinic.Template("Hi {{patientName}}"), cancellation: Cancellation));
        Assert.Equal((2, TemplateStatus.Draft, first.Id), (second.Version.Version, second.Version.Status, second.Template.Published!.Id));
        Assert.Equal(second.Version.Id, Done(await library.PublishAsync(template.Id, second.Version.Id, Cancellation)).Template.Published!.Id);

        // Back to the one before, then to none.
        Assert.Equal(first.Id, Done(await library.ArchiveAsync(template.Id, second.Version.Id, Cancellation)).Template.Published!.Id);
        Assert.Null(Done(await library.ArchiveAsync(template.Id, first.Id, Cancellation)).Template.Published);
        Assert.Equal("template-not-published", await RefusalOfAsync(clinic, template.Id));
        Assert.Equal([TemplateStatus.Archived, TemplateStatus.Archived], (await library.FindAsync(template.Id, Cancellation))!.Versions.Select(v => v.Status));
        Assert.Equal("template-unknown", await RefusalOfAsync(clinic, Guid.NewGuid()));
    }

    [Fact]
    public async Task The_same_file_is_the_same_version()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        var library = LibraryOf(clinic, "anna");
        var (a, b) = (TestClinic.Template("A {{patientName}}"), TestClinic.Template("B {{patientName}}"));

        var second = Done(await library.AddVersionAsync(clinic.TemplateId, a, "a.docx", Cancellation)).Version;
        var third = Done(await library.AddVersionAsync(clinic.TemplateId, b, "b.docx", Cancellation)).Version;
        var again = Done(await library.AddVersionAsync(clinic.TemplateId, a, "copy of a.docx", Cancellation));

        Assert.Equal((2, 3, second.Id, 3), (second.Version, third.Version, again.Version.Id, again.Template.Versions.Count));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(a)), second.ContentHash);
        Assert.Equal(a, await library.ReadFileAsync(second.Id, Cancellation));
        Assert.Null(await library.ReadFileAsync(Guid.NewGuid(), Cancellation));

        // Elsewhere it is a version of that.
        var other = await library.AddAsync("Other", a, cancellation: Cancellation);
        Assert.NotEqual(second.Id, other.Versions[0].Id);
        Assert.Equal(second.ContentHash, other.Versions[0].ContentHash);
    }

    [Fact]
    public async Task Versions_added_at_once_get_a_number_each_and_the_same_file_one()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        var library = LibraryOf(clinic, "anna");
        var files = Enumerable.Range(0, 12).Select(i => TestClinic.Template($"Text {i / 2} {{{{patientName}}}}")).ToArray();
        for (var i = 1; i < files.Length; i += 2)
        {
            files[i] = files[i - 1];
        }

        await Task.WhenAll(files.Select(file => Task.Run(() => library.AddVersionAsync(clinic.TemplateId, file, cancellation: Cancellation), Cancellation)));

        Assert.Equal([7, 6, 5, 4, 3, 2, 1], (await library.FindAsync(clinic.TemplateId, Cancellation))!.Versions.Select(v => v.Version));
    }

    [Fact]
    public async Task A_job_uses_the_version_it_was_created_with()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        var library = LibraryOf(clinic, "anna");
        var first = (await library.FindAsync(clinic.TemplateId, Cancellation))!.Published!;
        var before = await clinic.CreateAsync(2);

        var second = Done(await library.AddVersionAsync(clinic.TemplateId, TestClinic.Template("Changed {{patientName}}"), cancellation: Cancellation)).Version;
        await library.PublishAsync(clinic.TemplateId, second.Id, Cancellation);
        await library.ArchiveAsync(clinic.TemplateId, first.Id, Cancellation);
        var after = await clinic.CreateAsync(2);
        clinic.Engine.Start();
        await clinic.EndAsync(before);
        await clinic.EndAsync(after);

        Assert.Equal("Dear Patient 1", (await clinic.ReadArchiveAsync(before))["Letter 1.docx"]);
        Assert.Equal("Changed Patient 1", (await clinic.ReadArchiveAsync(after))["Letter 1.docx"]);
        Assert.Equal((first.Id, second.Id), ((await clinic.EndAsync(before)).TemplateVersionId, (await clinic.EndAsync(after)).TemplateVersionId));
    }

    [Fact]
    public async Task A_request_may_have_a_template_of_its_own_which_is_pinned_too()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        var library = LibraryOf(clinic, "bernd");
        var other = await library.AddAndPublishAsync("Other", TestClinic.Template("Hello {{patientName}}"), cancellation: Cancellation);
        var id = await clinic.Anna.CreateBatchJobAsync(
            "Mixed", clinic.TemplateId, TestClinic.Requests(4).Select((r, i) => r with { TemplateId = i % 2 == 0 ? other.Id : i == 1 ? clinic.TemplateId : null }), Docx, cancellation: Cancellation);
        await library.PublishAsync(other.Id, Done(await library.AddVersionAsync(other.Id, TestClinic.Template("Changed"), cancellation: Cancellation)).Version.Id, Cancellation);

        clinic.Engine.Start();
        await clinic.EndAsync(id);

        var files = await clinic.ReadArchiveAsync(id);
        Assert.Equal(["Hello Patient 0", "Dear Patient 1", "Hello Patient 2", "Dear Patient 3"], Enumerable.Range(0, 4).Select(i => files[$"Letter {i}.docx"]));

        var draft = await library.AddAsync("Draft", TestClinic.Template("x"), cancellation: Cancellation);
        var refusal = await Assert.ThrowsAsync<JobRefusedException>(() => clinic.Anna.CreateBatchJobAsync(
            "Mixed", clinic.TemplateId, TestClinic.Requests(3).Select((r, i) => r with { TemplateId = i == 0 ? null : i == 1 ? draft.Id : Guid.NewGuid() }), Docx, cancellation: Cancellation));
        Assert.Equal([("template-not-published", "requests[1].templateId"), ("template-unknown", "requests[2].templateId")], refusal.Problems.Select(p => (p.Code, p.Path)));
    }

    [Fact]
    public async Task A_template_with_errors_stays_a_draft()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        var library = LibraryOf(clinic, "anna");
        var template = await library.AddAsync("Wrong", TestClinic.Template("{{#each visits}} never ends"), cancellation: Cancellation);

        var refused = Assert.IsType<TemplateOutcome.Refused>(await library.PublishAsync(template.Id, template.Versions[0].Id, Cancellation));

        Assert.Equal("template-has-errors", refused.Code);
        Assert.Equal(TemplateStatus.Draft, (await library.FindAsync(template.Id, Cancellation))!.Versions[0].Status);
        Assert.Equal("template-has-errors", (await Assert.ThrowsAsync<TemplateUnusableException>(() => library.AddAndPublishAsync("Wrong", TestClinic.Template("{{#if x}}"), cancellation: Cancellation))).Code);
        await Assert.ThrowsAnyAsync<Documents.ClinicFlowException>(() => library.AddAsync("No Word", "no zip"u8.ToArray(), cancellation: Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => library.AddAsync("", TestClinic.Template("x"), cancellation: Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => library.AddAsync("a\0b", TestClinic.Template("x"), cancellation: Cancellation));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => library.AddVersionAsync(template.Id, TestClinic.Template("x"), "half \ud83d.docx", Cancellation));
    }

    [Fact]
    public async Task Only_its_author_and_an_operator_change_a_template()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        var bernd = LibraryOf(clinic, "bernd");
        var first = (await bernd.FindAsync(clinic.TemplateId, Cancellation))!.Versions[0];

        Assert.IsType<TemplateOutcome.NotFound>(await bernd.AddVersionAsync(clinic.TemplateId, TestClinic.Template("Bernd was here"), cancellation: Cancellation));
        Assert.IsType<TemplateOutcome.NotFound>(await bernd.PublishAsync(clinic.TemplateId, first.Id, Cancellation));
        Assert.IsType<TemplateOutcome.NotFound>(await bernd.ArchiveAsync(clinic.TemplateId, first.Id, Cancellation));
        Assert.Equal((1, TemplateStatus.Published), (Assert.Single((await bernd.FindAsync(clinic.TemplateId, Cancellation))!.Versions).Version, first.Status));

        // What an operator uploads is the author's to publish.
        var olgas = Done(await clinic.Engine.TemplatesFor(new BatchUser("olga", SeesAll: true)).AddVersionAsync(clinic.TemplateId, TestClinic.Template("Olga's {{patientName}}"), cancellation: Cancellation)).Version;
        Assert.Equal("olga", olgas.CreatedBy);
        Assert.Equal(olgas.Id, Done(await LibraryOf(clinic, "anna").PublishAsync(clinic.TemplateId, olgas.Id, Cancellation)).Template.Published!.Id);

        // A version of another template is none of this one.
        var own = await bernd.AddAsync("Own", TestClinic.Template("x"), cancellation: Cancellation);
        Assert.IsType<TemplateOutcome.NotFound>(await bernd.PublishAsync(own.Id, first.Id, Cancellation));
        Assert.IsType<TemplateOutcome.NotFound>(await bernd.PublishAsync(own.Id, Guid.NewGuid(), Cancellation));
    }

    [Fact]
    public async Task The_cache_keeps_what_was_used_last_and_forgets_failures()
    {
        await using var clinic = await OpenAsync(isStarted: false);
        var library = LibraryOf(clinic, "anna");
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(Done(await library.AddVersionAsync(clinic.TemplateId, TestClinic.Template($"{i}"), cancellation: Cancellation)).Version.Id);
        }

        var cache = new TemplateCache(clinic.Engine.Templates, capacity: 2);
        var first = await cache.GetAsync(ids[0], Cancellation);
        var second = await cache.GetAsync(ids[1], Cancellation);
        Assert.Same(first, await cache.GetAsync(ids[0], Cancellation));
        await cache.GetAsync(ids[2], Cancellation);

        Assert.Same(first, await cache.GetAsync(ids[0], Cancellation));
        Assert.NotSame(second, await cache.GetAsync(ids[1], Cancellation));
        Assert.Single((await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cache.GetAsync(ids[2], Cancellation)))).Distinct());

        Assert.Equal("template-version-gone", (await Assert.ThrowsAsync<TemplateUnusableException>(() => cache.GetAsync(Guid.NewGuid(), Cancellation))).Code);
        await ExecuteAsOwnerAsync(clinic, "alter table document_template_versions rename to away");
        await Assert.ThrowsAsync<StorageException>(() => cache.GetAsync(ids[0], Cancellation));
        await ExecuteAsOwnerAsync(clinic, "alter table away rename to document_template_versions");
        Assert.NotNull(await cache.GetAsync(ids[0], Cancellation));
    }

    private static TemplateLibrary LibraryOf(TestClinic clinic, string user) => clinic.Engine.TemplatesFor(new BatchUser(user));

    private static TemplateOutcome.Done Done(TemplateOutcome outcome) => Assert.IsType<TemplateOutcome.Done>(outcome);

    /// <summary>What a job with a template is refused with; empty where it is not.</summary>
    private static async Task<string> RefusalOfAsync(TestClinic clinic, Guid templateId)
    {
        try
        {
            await clinic.Anna.CreateBatchJobAsync("x", templateId, TestClinic.Requests(1), Docx, cancellation: Cancellation);
            return "";
        }
        catch (JobRefusedException e)
        {
            return Assert.Single(e.Problems).Code;
        }
    }
}

public sealed class SqliteTemplateTests : TemplateContract
{
    protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresTemplateTests(PostgresFixture postgres) : TemplateContract
{
    protected override async Task<string?> NewDatabaseAsync() => await postgres.NewDatabaseAsync();
}
