using System.Globalization;
using ClinicFlow.Batch;
using ClinicFlow.Batch.Templates;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Package;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Jobs;
using ClinicFlow.Server.Problems;
using Microsoft.Net.Http.Headers;
using Contracts = ClinicFlow.Client.Contracts;

namespace ClinicFlow.Server.Templates;

/// <summary>Templates: add, look into, preview, publish.</summary>
internal static class TemplatesApi
{
    private const string Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    public static void MapTemplates(this IEndpointRouteBuilder api)
    {
        var templates = api.MapGroup("/templates").WithTags("Templates");
        templates.MapGet("", async (Caller caller, CancellationToken cancellation) => ETagged.Json(new Page<Template>([.. (await caller.Templates.ListAsync(cancellation)).Select(Of)], null)))
            .Needs(Scopes.TemplatesRead).WithName("ListTemplates").WithSummary("Lists all templates by name.").Fails(401);
        templates.MapPost("", AddAsync).Needs(Scopes.TemplatesWrite).WithName("AddTemplate")
            .WithSummary("Adds a template with its first version. Parts of the form: file (the .docx), name, description, publish (true or false).")
            .WithBodyLimit(settings => settings.MaxTemplateBytes + (1 << 16)).Accepts<IFormFile>("multipart/form-data")
            .Produces<Template>(StatusCodes.Status201Created).Fails(400, 401, 403, 409, 413, 415, 422);
        templates.MapGet("/{id:guid}", async (Guid id, Caller caller, CancellationToken cancellation) => await caller.Templates.FindAsync(id, cancellation) is { } template ? ETagged.Json(Of(template)) : (IResult)ProblemResult.NotFound("template"))
            .Needs(Scopes.TemplatesRead).WithName("GetTemplate").WithSummary("Reads a template with its versions.").Produces<Template>().Fails(401, 404);
        templates.MapPost("/{id:guid}/versions", AddVersionAsync).Needs(Scopes.TemplatesWrite).WithName("AddTemplateVersion")
            .WithSummary("Adds a version; the same file again gives the version that it is already. Parts of the form: file, publish.")
            .WithBodyLimit(settings => settings.MaxTemplateBytes + (1 << 16)).Accepts<IFormFile>("multipart/form-data")
            .Produces<Template>().Fails(400, 401, 403, 404, 409, 413, 415, 422);

        var versions = templates.MapGroup("/{id:guid}/versions/{versionId:guid}");
        versions.MapGet("/file", FileAsync).Needs(Scopes.TemplatesRead).WithName("DownloadTemplate").WithSummary("The Word file of a version.").Produces(200, contentType: Docx).Fails(401, 404);
        versions.MapGet("/details", DetailsAsync).Needs(Scopes.TemplatesRead).WithName("GetTemplateDetails").WithSummary("The merge fields of a version, and what is wrong with it and where.").Produces<TemplateDetails>().Fails(401, 404);
        versions.MapPost("/preview", PreviewAsync).Needs(Scopes.TemplatesRead).WithName("PreviewDocument").WithSummary("Makes one document with given data, to look at; nothing is kept.")
            .Produces(200, contentType: "application/pdf").Fails(400, 401, 404, 409, 422, 503);
        versions.MapPost("/publish", async (Guid id, Guid versionId, Caller caller, CancellationToken cancellation) => Answer(await caller.Templates.PublishAsync(id, versionId, cancellation)))
            .Needs(Scopes.TemplatesWrite).WithName("PublishTemplate").WithSummary("Publishes a version: new jobs use the newest that is published.").Produces<Template>().Fails(401, 403, 404, 409);
        versions.MapPost("/archive", async (Guid id, Guid versionId, Caller caller, CancellationToken cancellation) => Answer(await caller.Templates.ArchiveAsync(id, versionId, cancellation)))
            .Needs(Scopes.TemplatesWrite).WithName("ArchiveTemplate").WithSummary("Archives a version: new jobs do not use it any more; jobs that pinned it go on.").Produces<Template>().Fails(401, 403, 404, 409);
    }

    /// <summary>A problem of a template or a record, as it travels.</summary>
    public static ProblemItem Of(Problem problem) => new(problem.Code, problem.Message)
    {
        Advice = problem.Advice.Length == 0 ? null : problem.Advice,
        Place = problem.Place == Place.Nowhere ? null : problem.Place.ToString(),
        Field = problem.Field.Length == 0 ? null : problem.Field,
        Row = problem.Row == 0 ? null : problem.Row,
        IsWarning = problem.Severity != ProblemSeverity.Error,
    };

    /// <summary>A culture by its name; that of the server where none is given.</summary>
    /// <exception cref="CultureNotFoundException">There is none of this name.</exception>
    public static CultureInfo CultureOf(string? name, BatchProcessingConfig config) => CultureInfo.GetCultureInfo(name ?? config.Culture, predefinedOnly: true);

    /// <summary>What DATE prints now, in the clinic's time zone.</summary>
    public static DateTime LocalTime(BatchProcessingConfig config, TimeProvider time)
        => TimeZoneInfo.ConvertTime(time.GetUtcNow(), config.TimeZone.Length == 0 ? time.LocalTimeZone : TimeZoneInfo.FindSystemTimeZoneById(config.TimeZone)).DateTime;

    private static Template Of(DocumentTemplate template) => new(
        template.Id, template.Name, template.Description, template.CreatedBy, template.CreatedAt, template.UpdatedAt, template.Published?.Id,
        [.. template.Versions.Select(version => new Contracts.TemplateVersion(
            version.Id, version.Version, JobViews.Convert<Contracts.TemplateStatus>(version.Status), version.ContentHash, version.FileName, version.CreatedBy, version.CreatedAt, version.PublishedAt))]);

    private static async Task<IResult> AddAsync(HttpRequest request, Caller caller, ServerSettings settings, CancellationToken cancellation)
    {
        var (form, problem) = await TemplateForm.ReadAsync(request, settings, cancellation);
        if (form is null)
        {
            return problem!;
        }

        var name = form.Name is { Length: > 0 } given ? given : Path.GetFileNameWithoutExtension(form.FileName);
        if (name.Length is 0 or > 200)
        {
            return ProblemResult.Invalid("name", "must have 1 to 200 characters.");
        }

        var template = await caller.Templates.AddAsync(name, form.Content, form.FileName, form.Description, cancellation);
        if (form.Publish)
        {
            var outcome = await caller.Templates.PublishAsync(template.Id, template.Versions[0].Id, cancellation);
            if (outcome is not TemplateOutcome.Done done)
            {
                // It stays as a draft, for its author to look at what is wrong.
                return Answer(outcome);
            }

            template = done.Template;
        }

        return Results.Created($"/api/v1/templates/{template.Id}", Of(template));
    }

    private static async Task<IResult> AddVersionAsync(Guid id, HttpRequest request, Caller caller, ServerSettings settings, CancellationToken cancellation)
    {
        var (form, problem) = await TemplateForm.ReadAsync(request, settings, cancellation);
        if (form is null)
        {
            return problem!;
        }

        var outcome = await caller.Templates.AddVersionAsync(id, form.Content, form.FileName, cancellation);
        return Answer(form.Publish && outcome is TemplateOutcome.Done done ? await caller.Templates.PublishAsync(id, done.Version.Id, cancellation) : outcome);
    }

    private static async Task<IResult> FileAsync(Guid id, Guid versionId, Caller caller, CancellationToken cancellation)
    {
        if (await FindAsync(id, versionId, caller, cancellation) is not var (template, version, content))
        {
            return ProblemResult.NotFound("version");
        }

        await caller.NoteAsync("template.download", versionId.ToString(), cancellation: cancellation);
        return Results.File(content, Docx, SafeStem(version, template.Name) + ".docx", entityTag: new EntityTagHeaderValue($"\"{version.ContentHash}\""));
    }

    private static async Task<IResult> DetailsAsync(Guid id, Guid versionId, Caller caller, IServiceProvider services, CancellationToken cancellation)
    {
        if (await FindAsync(id, versionId, caller, cancellation) is not var (_, _, content))
        {
            return ProblemResult.NotFound("version");
        }

        var compiled = TemplateCompiler.Compile(new MemoryStream(content, writable: false));
        return ETagged.Json(new TemplateDetails(
            compiled.CanRender,
            [.. compiled.Fields.Select(field => new Contracts.TemplateField(field.Name, field.Type.ToString().ToLowerInvariant(), field.IsOptional, [.. field.Places.Select(place => place.ToString())]))],
            [.. compiled.Parameters.Select(parameter => new Contracts.TemplateParameter(parameter.Name, parameter.Prompt, parameter.Default))],
            [.. compiled.Problems.Select(Of)]) { PdfEngine = EngineOf(services.GetService<IPdfConverter>(), content) });
    }

    /// <summary>What would make PDFs of a template, and why; what a record adds to a document may still change it.</summary>
    private static PdfEngineChoice EngineOf(IPdfConverter? pdf, byte[] docx)
    {
        const int Most = 20;
        switch (pdf)
        {
            case null:
                return new PdfEngineChoice(null, ["This server makes documents in Word's format only."]);
            case EngineChoice { Kind: PdfEngineKind.LibreOffice }:
                return new PdfEngineChoice("LibreOffice", ["It is the engine that this server is set up with."]);
            case EngineChoice choice when choice.FindGaps(docx) is { Count: > 0 } gaps:
                string[] reasons = [.. gaps.Take(Most).Select(gap => $"It holds {gap.What} ({gap.Place})."), .. gaps.Count > Most ? [$"And {gaps.Count - Most} more."] : (string[])[]];
                return choice.HasLibreOffice
                    ? new PdfEngineChoice("LibreOffice", ["Our own engine does not render all of it as Word does.", .. reasons])
                    : new PdfEngineChoice(null, ["Our own engine does not render all of it as Word does, and LibreOffice is not on the server: install it there for PDF.", .. reasons]);
            case EngineChoice:
                return new PdfEngineChoice("ClinicFlow's own engine", ["It renders everything in this template as Word does."]);
            default:
                return new PdfEngineChoice(pdf.EngineName, ["It is the engine that this server is set up with."]);
        }
    }

    private static async Task<IResult> PreviewAsync(
        Guid id, Guid versionId, PreviewOrder order, Caller caller, BatchEngineHost host, IServiceProvider services, TimeProvider time, CancellationToken cancellation)
    {
        if (order.Format == Contracts.OutputFormat.Both)
        {
            return ProblemResult.Invalid("format", "must be pdf or docx.");
        }

        CultureInfo culture;
        try
        {
            culture = CultureOf(order.Culture, host.Engine.Config);
        }
        catch (CultureNotFoundException)
        {
            return ProblemResult.Invalid("culture", "must name a culture such as de-AT.");
        }

        if (!MergeObjectJson.TryParse(order.MergeData.ToJsonString(), out var values, out var problem))
        {
            return Wrong("data-invalid", "The data cannot be used", [problem]);
        }

        if (await FindAsync(id, versionId, caller, cancellation) is not var (_, version, content))
        {
            return ProblemResult.NotFound("version");
        }

        var compiled = TemplateCompiler.Compile(new MemoryStream(content, writable: false));
        if (!compiled.CanRender)
        {
            return Wrong("template-invalid", "The template has errors", compiled.Problems);
        }

        var options = new RenderOptions { Culture = culture, JobTime = LocalTime(host.Engine.Config, time), MissingData = JobViews.Convert<Documents.MissingData>(order.MissingData) };
        BoundDocument document;
        switch (compiled.Bind(new MergeRecord(values), options))
        {
            case BindResult.Bound bound:
                document = bound.Document;
                break;
            case BindResult.Refused refused:
                return Wrong("data-invalid", "The data does not fit the template", refused.Problems);
            default:
                return ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, "left-out", "Left out", "The template leaves this record out: a SKIPIF field says so.");
        }

        var name = SafeStem(version, "preview");
        if (order.Format == Contracts.OutputFormat.Docx)
        {
            return Results.File(document.ToDocx().ToArray(), Docx, name + ".docx");
        }

        if (services.GetService<IPdfConverter>() is not { } pdf)
        {
            return ProblemResult.Of(StatusCodes.Status409Conflict, "pdf-engine-missing", "No PDF engine", "No LibreOffice was found on the server. Install it, or ask for docx.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(host.Engine.Config.DocumentTimeLimit);
        try
        {
            var made = await pdf.ConvertAsync(new PdfSource("preview", document), limit.Token);
            return Results.File(made.ToArray(), "application/pdf", name + ".pdf");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, "document-timeout", "It took too long", "The document took longer than a document may (DocumentTimeLimit).");
        }
    }

    private static ProblemResult Wrong(string code, string title, IReadOnlyList<Problem> problems)
        => ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, code, title, string.Create(CultureInfo.InvariantCulture, $"{problems.Count} {(problems.Count == 1 ? "thing is" : "things are")} wrong; see errors."), [.. problems.Select(Of)]);

    private static async Task<(DocumentTemplate Template, Batch.Templates.TemplateVersion Version, byte[] Content)?> FindAsync(Guid id, Guid versionId, Caller caller, CancellationToken cancellation)
        => await caller.Templates.FindAsync(id, cancellation) is { } template
            && template.Versions.FirstOrDefault(version => version.Id == versionId) is { } version
            && await caller.Templates.ReadFileAsync(versionId, cancellation) is { } content
            ? (template, version, content) : null;

    /// <summary>What a download is called. What the file was called may be anything: another ending, a path, text that turns round.</summary>
    private static string SafeStem(Batch.Templates.TemplateVersion version, string otherwise)
        => FileNames.MakeSafe(Path.GetFileNameWithoutExtension(version.FileName) is { Length: > 0 } stem ? stem : otherwise, "template");

    private static IResult Answer(TemplateOutcome outcome) => outcome switch
    {
        TemplateOutcome.Done done => Results.Ok(Of(done.Template)),
        TemplateOutcome.Refused refused => ProblemResult.Of(StatusCodes.Status409Conflict, refused.Code, "Not possible with this version", refused.Message),
        _ => ProblemResult.NotFound("template or version"),
    };
}
