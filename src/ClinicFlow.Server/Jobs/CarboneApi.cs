using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClinicFlow.Batch.Intake;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Audit;
using ClinicFlow.Server.Problems;
using ClinicFlow.Server.Templates;
using Engine = ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Server.Jobs;

/// <summary>
/// A batch under the names that Carbone's render API has for it, so that a program written for that needs only another
/// address. Templates are ours: their tags are to be written as ours.
/// </summary>
internal static partial class CarboneApi
{
    public static void MapCarbone(this IEndpointRouteBuilder api)
    {
        api.MapPost("/render/{templateId:guid}", RenderAsync).Needs(Scopes.JobsWrite).WithTags("Carbone").WithName("RenderBatch").Audits("job.create")
            .WithSummary("Creates a job under Carbone's names: data, convertTo, batchSplitBy, batchOutput, batchReportName, reportName, lang.")
            .WithDescription("The renderId of the answer is the id of the job. GET /render/{renderId} gives the ZIP, or the one PDF where batchOutput is pdf, once the job has ended; until then 202.")
            .WithBodyLimit(settings => settings.MaxJobBytes)
            .Produces<CarboneAnswer>().Fails(400, 401, 403, 404, 413, 422, 503);
        api.MapGet("/render/{renderId:guid}", DownloadAsync).Needs(Scopes.JobsRead).WithTags("Carbone").WithName("FetchBatch").Audits("job.download", "renderId")
            .WithSummary("What a job made that was created under Carbone's names.").Produces(200, contentType: "application/zip").Produces<CarboneAnswer>(202).Fails(401, 404);
    }

    private static async Task<IResult> RenderAsync(Guid templateId, CarboneOrder order, HttpRequest request, Caller caller, Batch.BatchEngineHost host, TimeProvider time, CancellationToken cancellation)
    {
        if (order.ConvertTo is not (null or "pdf" or "docx"))
        {
            return ProblemResult.Invalid("convertTo", "must be pdf or docx.");
        }

        if (order.BatchOutput is not (null or "zip" or "pdf"))
        {
            return ProblemResult.Invalid("batchOutput", "must be zip or pdf.");
        }

        if (order.BatchOutput == "pdf" && order.ConvertTo != "pdf")
        {
            return ProblemResult.Invalid("batchOutput", "can be pdf only where convertTo is pdf.");
        }

        if (await caller.Templates.FindAsync(templateId, cancellation) is null)
        {
            return ProblemResult.NotFound("template");
        }

        if (FindRecords(order) is not { } records)
        {
            return ProblemResult.Invalid("batchSplitBy", "must name a list in data, such as d or d.patients.");
        }

        var name = TextTemplate.Parse(ToOurTags(order.BatchReportName ?? order.ReportName ?? "document"));
        if (name.Problems.Any(problem => problem.Severity == ProblemSeverity.Error))
        {
            return ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, "name-invalid", "The documents' name is wrong", "The tags of batchReportName cannot be used; see errors.", [.. name.Problems.Select(TemplatesApi.Of)]);
        }

        CultureInfo culture;
        try
        {
            culture = TemplatesApi.CultureOf(order.Lang, host.Engine.Config);
        }
        catch (CultureNotFoundException)
        {
            return ProblemResult.Invalid("lang", "must name a culture such as de-at.");
        }

        var options = new RenderOptions { Culture = culture, JobTime = TemplatesApi.LocalTime(host.Engine.Config, time), MissingData = Documents.MissingData.Blank };
        var requests = new List<BatchDocumentRequest>();
        var problems = new List<ProblemItem>();
        for (var i = 0; i < records.Count; i++)
        {
            if (records[i] is not JsonObject record || !MergeObjectJson.TryParse(record.ToJsonString(), out var values, out _))
            {
                problems.Add(new ProblemItem("data-invalid", "The record is no JSON object that can be merged.") { Path = string.Create(CultureInfo.InvariantCulture, $"data[{i}]"), Row = i + 1 });
                continue;
            }

            var title = Path.GetFileNameWithoutExtension(name.Render(new MergeRecord(values, i + 1), options).Trim());
            requests.Add(new BatchDocumentRequest { DocumentName = title.Length == 0 ? string.Create(CultureInfo.InvariantCulture, $"document {i + 1}") : title, MergeDataJson = record.ToJsonString() });
        }

        if (problems.Count > 0)
        {
            return ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, "data-invalid", "Records cannot be used", "Some records cannot be used; no job was made.", problems);
        }

        var id = await caller.OwnJobs.CreateBatchJobAsync(
            order.ReportName is { Length: > 0 and <= 200 } given ? given : "batch", templateId, requests,
            new Engine.BatchJobSettings
            {
                OutputFormat = order.ConvertTo == "pdf" ? Engine.OutputFormat.Pdf : Engine.OutputFormat.Docx,
                GenerateZipArchive = order.BatchOutput != "pdf",
                Culture = order.Lang,
                MissingData = Documents.MissingData.Blank,
            }, idempotencyKey: JobsApi.KeyOf(request), cancellation: cancellation);
        return Results.Ok(new CarboneAnswer(true, new CarboneRender(id)));
    }

    private static async Task<IResult> DownloadAsync(Guid renderId, HttpContext http, Caller caller, TimeProvider time, CancellationToken cancellation)
    {
        if (await caller.OwnJobs.GetBatchJobAsync(renderId, cancellation) is not { } job)
        {
            return ProblemResult.NotFound("render");
        }

        if (!Engine.JobTransitions.IsEnded(job.Status))
        {
            return Results.Accepted(value: new CarboneAnswer(true, new CarboneRender(renderId)));
        }

        var output = job.Settings.GenerateZipArchive ? await caller.OwnJobs.OpenArchiveAsync(renderId, cancellation) : await caller.OwnJobs.OpenMergedPdfAsync(renderId, cancellation);
        return DownloadsApi.Send(output, "render", http, time);
    }

    /// <summary>The records: data itself, or the list in it that batchSplitBy names (<c>d</c> is data).</summary>
    private static List<JsonNode?>? FindRecords(CarboneOrder order)
    {
        JsonNode? node = order.Data;
        foreach (var step in (order.BatchSplitBy ?? "d").Split('.').SkipWhile((step, index) => index == 0 && step == "d"))
        {
            node = node is JsonObject within && within.TryGetPropertyValue(step, out var next) ? next : null;
        }

        return node switch
        {
            JsonArray list => [.. list],
            JsonObject one when order.BatchSplitBy is null => [one],
            _ => null,
        };
    }

    /// <summary><c>{d.name}</c> becomes <c>{{name}}</c>.</summary>
    private static string ToOurTags(string text) => CarboneTag().Replace(text, match => "{{" + match.Groups[1].Value + "}}");

    [GeneratedRegex(@"\{d\.([\p{L}\p{N}_.]+)\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CarboneTag();
}

/// <summary>A batch under Carbone's names.</summary>
internal sealed record CarboneOrder
{
    /// <summary>The data: a list of records, or an object that holds one.</summary>
    public required JsonNode Data { get; init; }

    /// <summary><c>pdf</c> or <c>docx</c>; DOCX where null.</summary>
    public string? ConvertTo { get; init; }

    /// <summary>Which list in the data is split into documents: <c>d</c>, <c>d.patients</c>.</summary>
    public string? BatchSplitBy { get; init; }

    /// <summary><c>zip</c>, the default, or <c>pdf</c> for one file.</summary>
    public string? BatchOutput { get; init; }

    /// <summary>The documents' names, with tags such as <c>{d.name}</c>.</summary>
    public string? BatchReportName { get; init; }

    /// <summary>The name of the whole.</summary>
    public string? ReportName { get; init; }

    /// <summary>The culture, such as <c>de-at</c>.</summary>
    public string? Lang { get; init; }
}

/// <summary>The answer under Carbone's names.</summary>
/// <param name="Success">Whether it was accepted.</param>
/// <param name="Data">What was made.</param>
internal sealed record CarboneAnswer(bool Success, CarboneRender Data);

/// <summary>A batch that was accepted.</summary>
/// <param name="RenderId">The id of the job.</param>
internal sealed record CarboneRender(Guid RenderId);
