using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClinicFlow.Batch;
using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Templates;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Accounts;
using ClinicFlow.Server.Audit;
using ClinicFlow.Server.Problems;
using ClinicFlow.Server.Templates;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Engine = ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Server.Jobs;

/// <summary>Jobs from a file of records: CSV, Excel, JSON, JSON lines.</summary>
internal static class ImportsApi
{
    private const int MaxOrderBytes = 1 << 20;
    private const int SampleRecords = 5;

    /// <summary>For how long a preview tries rows with the template; the rest is only read.</summary>
    private static readonly TimeSpan TrialTime = TimeSpan.FromSeconds(10);

    public static void MapImports(this IEndpointRouteBuilder api)
    {
        var imports = api.MapGroup("/batch-jobs/import").WithTags("Batch jobs");
        imports.MapPost("", CreateAsync).Needs(Scopes.JobsWrite).WithName("ImportJob").Audits("job.create")
            .WithSummary("Creates a job from a file of records, one document a row. Parts of the form, in this order: job (JSON, see NewImport), data (the file).")
            .WithBodyLimit(settings => settings.MaxImportBytes + MaxOrderBytes).Accepts<NewImport>("multipart/form-data")
            .Produces<Job>(StatusCodes.Status201Created).Fails(400, 401, 403, 404, 413, 415, 422, 503);
        imports.MapPost("/preview", PreviewAsync).Needs(Scopes.JobsWrite).WithName("PreviewImport")
            .WithSummary("Says how a file of records was understood beside a template, before a job is made of it. Nothing is kept.")
            .WithBodyLimit(settings => settings.MaxImportBytes + MaxOrderBytes).Accepts<NewImport>("multipart/form-data")
            .Produces<ImportPreview>().Fails(400, 401, 404, 413, 415, 422);
        imports.MapPost("/rows", RowsAsync).Needs(Scopes.JobsWrite).WithName("ReadImportRows")
            .WithSummary("Some rows of a file of records, as they would become documents: from a place (from 0), or from a row number on. Nothing is kept.")
            .WithBodyLimit(settings => settings.MaxImportBytes + MaxOrderBytes).Accepts<NewImport>("multipart/form-data")
            .Produces<Page<ImportRow>>().Fails(400, 401, 404, 413, 415, 422);
    }

    private static async Task<IResult> CreateAsync(HttpRequest request, Caller caller, BatchEngineHost host, UserNames names, TimeProvider time, CancellationToken cancellation)
    {
        using var file = SpooledFile.Create(host.Engine.Config.DataFolder);
        var (order, fileName, problem) = await ReadAsync(request, file, cancellation);
        if (order is null)
        {
            return problem!;
        }

        if (await caller.Templates.FindAsync(order.TemplateId, cancellation) is not { } template)
        {
            return ProblemResult.NotFound("template");
        }

        if (Plan(order, template.Name, host.Engine.Config, time, out var plan) is { } wrong)
        {
            return wrong;
        }

        using var reader = Open(file, fileName, order.Source, plan!.Culture);
        if (FindMissing(plan, reader, order) is { Count: > 0 } missing)
        {
            return ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, "column-missing", "A column is missing", "The file lacks columns that the job names; see errors.", missing);
        }

        // A row that cannot be used stops nothing until the end: all that is wrong is said at once, and then no job is made.
        var problems = new List<ProblemItem>();
        var count = 0;
        IEnumerable<BatchDocumentRequest> Requests()
        {
            foreach (var (read, isLeftOut) in new MendedRows(reader, order).Read(cancellation))
            {
                if (isLeftOut)
                {
                    continue;
                }

                if (plan.TryMake(read, out var made, out var problem))
                {
                    if (count == 0)
                    {
                        yield return made;
                    }
                }
                else if (count++ < JobIntake.MaxProblems)
                {
                    problems.Add(problem);
                }
            }

            if (count > 0)
            {
                throw new ImportRefusedException(problems, count);
            }
        }

        try
        {
            var name = order.Name is { Length: > 0 } given ? given : Path.GetFileNameWithoutExtension(fileName) is { Length: > 0 } stem ? stem : template.Name;
            var id = await caller.OwnJobs.CreateBatchJobAsync(
                name, order.TemplateId, Requests(), JobViews.Settings(order.Settings), JobViews.Convert<Engine.JobPriority>(order.Priority), order.Description, JobsApi.KeyOf(request), cancellation);
            return await JobsApi.CreatedAsync(id, caller, names, cancellation);
        }
        catch (ImportRefusedException e)
        {
            return new ProblemResult(new ApiProblem
            {
                Type = "urn:clinicflow:problem:rows-invalid",
                Status = StatusCodes.Status422UnprocessableEntity,
                Code = "rows-invalid",
                Title = "Rows cannot be used",
                Detail = string.Create(CultureInfo.InvariantCulture, $"{e.Count} {(e.Count == 1 ? "row" : "rows")} of the file cannot be used; no job was made. Correct them and send the file again."),
                Errors = e.Problems,
                ErrorCount = e.Count,
            });
        }
    }

    private static async Task<IResult> PreviewAsync(HttpRequest request, Caller caller, BatchEngineHost host, TimeProvider time, CancellationToken cancellation)
    {
        using var file = SpooledFile.Create(host.Engine.Config.DataFolder);
        var (order, fileName, problem) = await ReadAsync(request, file, cancellation);
        if (order is null)
        {
            return problem!;
        }

        if (await FindTemplateAsync(order.TemplateId, caller, cancellation) is not var (template, content))
        {
            return ProblemResult.NotFound("template");
        }

        if (Plan(order, template.Name, host.Engine.Config, time, out var plan) is { } wrong)
        {
            return wrong;
        }

        var compiled = TemplateCompiler.Compile(new MemoryStream(content, writable: false));
        using var reader = Open(file, fileName, order.Source, plan!.Culture);
        var problems = FindMissing(plan, reader, order);
        var isWhole = problems.Count == 0;
        var trial = new Trial(compiled, order.Settings, host.Engine.Config, TemplatesApi.LocalTime(host.Engine.Config, time));
        string[] columns = [.. reader.Columns, .. order.Columns.Keys];
        var known = columns.Concat(columns.Where(column => column.Contains('.', StringComparison.Ordinal)).Select(column => column.Split('.')[0])).ToHashSet(FieldNameComparer.Instance);
        var used = plan.UsedColumns.ToHashSet(FieldNameComparer.Instance);
        string[] missing = [.. compiled.Fields.Where(field => !field.IsOptional && !known.Contains(field.Name) && !known.Contains(field.Name.Split('.')[0])).Select(field => field.Name)];
        var samples = new List<JsonObject>();
        var titles = new List<string>();
        var (rows, leftOut, tried, wrongRows) = (0L, 0L, 0L, 0L);
        var started = time.GetTimestamp();
        foreach (var (read, isLeftOut) in isWhole ? new MendedRows(reader, order).Read(cancellation) : reader.Read(cancellation).Select(read => (read, false)))
        {
            rows++;
            if (isLeftOut)
            {
                leftOut++;
                continue;
            }

            IReadOnlyList<ProblemItem> found;
            if (plan.TryMake(read, out var made, out var values, out var bad))
            {
                if (samples.Count < SampleRecords)
                {
                    samples.Add(JsonNode.Parse(made.MergeDataJson!)!.AsObject());
                    titles.Add(made.DocumentName);
                }

                // A field that has no column is said once, not in every row; the rows are tried when the columns are right.
                if (!isWhole || time.GetElapsedTime(started) > TrialTime)
                {
                    continue;
                }

                tried++;
                found = [.. trial.Try(new MergeRecord(values, MendedRows.RowOf(read))).Where(problem => problem.Field is null || !missing.Contains(problem.Field, FieldNameComparer.Instance))];
            }
            else
            {
                found = [bad];
            }

            wrongRows += found.Count > 0 ? 1 : 0;
            problems.AddRange(found.Take(Math.Max(0, JobIntake.MaxProblems - problems.Count)));
        }

        return Results.Ok(new ImportPreview(
            reader.Description, rows, reader.Columns, samples, [.. compiled.FindUnusedColumns(reader.Columns).Where(column => !used.Contains(column))],
            missing,
            compiled.SuggestColumns(columns), titles, problems)
        { LeftOut = leftOut, Tried = tried, ProblemRows = wrongRows, Sheets = reader.Sheets, Sheet = reader.Sheet });
    }

    private static async Task<IResult> RowsAsync(HttpRequest request, Caller caller, BatchEngineHost host, TimeProvider time, CancellationToken cancellation, long from = 0, long row = 0, int count = 50)
    {
        if (from < 0 || count is < 1 or > 200)
        {
            return ProblemResult.Invalid(from < 0 ? "from" : "count", from < 0 ? "must not be negative." : "must be 1 to 200.");
        }

        using var file = SpooledFile.Create(host.Engine.Config.DataFolder);
        var (order, fileName, problem) = await ReadAsync(request, file, cancellation);
        if (order is null)
        {
            return problem!;
        }

        if (await FindTemplateAsync(order.TemplateId, caller, cancellation) is not var (template, content))
        {
            return ProblemResult.NotFound("template");
        }

        if (Plan(order, template.Name, host.Engine.Config, time, out var plan) is { } wrong)
        {
            return wrong;
        }

        using var reader = Open(file, fileName, order.Source, plan!.Culture);
        if (FindMissing(plan, reader, order) is { Count: > 0 } missing)
        {
            return ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, "column-missing", "A column is missing", "The file lacks columns that the job names; see errors.", missing);
        }

        var trial = new Trial(TemplateCompiler.Compile(new MemoryStream(content, writable: false)), order.Settings, host.Engine.Config, TemplatesApi.LocalTime(host.Engine.Config, time));
        var items = new List<ImportRow>();
        var place = 0L;
        string? next = null;
        foreach (var (read, isLeftOut) in new MendedRows(reader, order).Read(cancellation))
        {
            if (place++ < from || MendedRows.RowOf(read) < row)
            {
                continue;
            }

            if (items.Count == count)
            {
                next = (place - 1).ToString(CultureInfo.InvariantCulture);
                break;
            }

            items.Add(plan.TryMake(read, out var made, out var values, out var bad)
                ? new ImportRow(MendedRows.RowOf(read), isLeftOut, MendedRows.CellsOf(read), made.DocumentName, JsonNode.Parse(made.MergeDataJson!)!.AsObject(), trial.Try(new MergeRecord(values, MendedRows.RowOf(read))))
                : new ImportRow(MendedRows.RowOf(read), isLeftOut, MendedRows.CellsOf(read), null, null, [bad]));
        }

        return Results.Ok(new Page<ImportRow>(items, next));
    }

    private static async Task<(DocumentTemplate Template, byte[] Content)?> FindTemplateAsync(Guid id, Caller caller, CancellationToken cancellation)
        => await caller.Templates.FindAsync(id, cancellation) is { } template
            && (template.Published ?? (template.Versions.Count > 0 ? template.Versions[0] : null)) is { } version
            && await caller.Templates.ReadFileAsync(version.Id, cancellation) is { } content ? (template, content) : null;

    /// <summary>The columns that the order names and the file does not have.</summary>
    private static List<ProblemItem> FindMissing(ImportPlan plan, IRecordReader reader, NewImport order)
        => MendedRows.FindProblem(reader, order) is { } wrong ? [.. plan.FindMissingColumns(reader), wrong] : plan.FindMissingColumns(reader);

    private static ProblemResult? Plan(NewImport order, string templateName, BatchProcessingConfig config, TimeProvider time, out ImportPlan? plan)
    {
        plan = null;
        try
        {
            _ = TemplatesApi.CultureOf(order.Settings.Culture, config);
            var culture = TemplatesApi.CultureOf(order.Source.Culture ?? order.Settings.Culture, config);
            var name = order.DocumentName is { Length: > 0 } tags ? TextTemplate.Parse(tags) : null;
            if (name?.Problems.Any(problem => problem.Severity == ProblemSeverity.Error) == true)
            {
                return ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, "name-invalid", "The documents' name is wrong", "The tags of documentName cannot be used; see errors.", [.. name.Problems.Select(TemplatesApi.Of)]);
            }

            plan = new ImportPlan(order, name, templateName, culture, TemplatesApi.LocalTime(config, time));
            return null;
        }
        catch (CultureNotFoundException)
        {
            return ProblemResult.Invalid("source.culture", "must name a culture such as de-AT.");
        }
    }

    /// <exception cref="RecordSourceException">The file cannot be used.</exception>
    private static IRecordReader Open(SpooledFile file, string fileName, ImportSource source, CultureInfo culture)
    {
        Encoding? encoding = null;
        if (source.Encoding is { Length: > 0 } name)
        {
            try
            {
                encoding = Encoding.GetEncoding(name);
            }
            catch (ArgumentException)
            {
                throw new RecordSourceException("encoding-unknown", "There is no encoding of that name.", "Name one such as utf-8 or windows-1252, or leave it out.");
            }
        }

        var options = new RecordSourceOptions { SheetName = source.Sheet, Separator = source.Separator is { Length: 1 } separator ? separator[0] : null, Encoding = encoding, Culture = culture, List = source.List, LeaveOpen = true };
        file.Content.Position = 0;
        return source.Format is { Length: > 0 } format && Enum.TryParse<RecordFormat>(format, ignoreCase: true, out var known) && Enum.IsDefined(known)
            ? RecordSource.Open(file.Content, known, options) : RecordSource.Open(file.Content, fileName, options);
    }

    private static async Task<(NewImport? Order, string FileName, ProblemResult? Problem)> ReadAsync(HttpRequest request, SpooledFile file, CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 100 } boundary)
        {
            return (null, "", ProblemResult.Of(StatusCodes.Status415UnsupportedMediaType, "media-type-unsupported", "Unknown content type", "Send multipart/form-data with the parts job (JSON) and data (the file), in this order."));
        }

        NewImport? order = null;
        var parts = new MultipartReader(boundary, request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 8 << 10, BodyLengthLimit = null };
        while (await NextAsync(parts, cancellation) is { } part)
        {
            var disposition = ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var parsed) ? parsed : null;
            switch (HeaderUtilities.RemoveQuotes(disposition?.Name ?? "").Value)
            {
                case "job" when order is null:
                    using (var json = new MemoryStream())
                    {
                        if (!await CopyAsync(part.Body, json, MaxOrderBytes, cancellation))
                        {
                            return (null, "", ProblemResult.Invalid("job", "is larger than 1 MiB."));
                        }

                        json.Position = 0;
                        order = await JsonSerializer.DeserializeAsync<NewImport>(json, Wire.Json, cancellation);
                    }

                    break;

                case "data" when order is not null:
                    await CopyAsync(part.Body, file.Content, long.MaxValue, cancellation);
                    var name = disposition!.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
                    return (order, Path.GetFileName((HeaderUtilities.RemoveQuotes(name).Value ?? "").Replace('\\', '/')), null);

                case "data":
                    return (null, "", ProblemResult.Invalid("job", "must come before data."));

                default:
                    return (null, "", ProblemResult.Invalid("form", "has a part that is not expected: only job and data are, once each."));
            }
        }

        return (null, "", ProblemResult.Invalid(order is null ? "job" : "data", "is missing."));
    }

    private static async Task<bool> CopyAsync(Stream from, Stream to, long limit, CancellationToken cancellation)
    {
        var buffer = new byte[64 << 10];
        var total = 0L;
        for (int count; (count = await ReadPartAsync(from, buffer, cancellation)) > 0;)
        {
            if ((total += count) > limit)
            {
                return false;
            }

            await to.WriteAsync(buffer.AsMemory(0, count), cancellation);
        }

        return true;
    }

    // A form that ends too early is the sender's, a disk that fails is ours: so only reading is looked at.
    private static async Task<MultipartSection?> NextAsync(MultipartReader parts, CancellationToken cancellation)
    {
        try
        {
            return await parts.ReadNextSectionAsync(cancellation);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new InvalidDataException("The form is cut off.", e);
        }
    }

    private static async Task<int> ReadPartAsync(Stream part, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await part.ReadAsync(buffer, cancellation);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new InvalidDataException("The form is cut off.", e);
        }
    }

    /// <summary>Tries records with a template, as the job will, and keeps nothing of it.</summary>
    private sealed class Trial(CompiledTemplate template, JobSettings settings, BatchProcessingConfig config, DateTime jobTime)
    {
        private readonly ArrayBufferWriter<byte> _scratch = new();
        private readonly RenderOptions _options = new() { Culture = TemplatesApi.CultureOf(settings.Culture, config), JobTime = jobTime, MissingData = JobViews.Convert<Documents.MissingData>(settings.MissingData) };

        /// <summary>What keeps the record from becoming a document.</summary>
        public IReadOnlyList<ProblemItem> Try(MergeRecord record)
        {
            if (!template.CanRender)
            {
                return [];
            }

            _scratch.ResetWrittenCount();
            return template.RenderDocx(record, _options, _scratch) is RenderResult.Refused refused
                ? [.. refused.Problems.Where(problem => problem.Severity == ProblemSeverity.Error).Select(problem => TemplatesApi.Of(problem) with { Row = record.Row })] : [];
        }
    }

    /// <summary>Rows of the file cannot be used.</summary>
    private sealed class ImportRefusedException(IReadOnlyList<ProblemItem> problems, int count) : Exception
    {
        public IReadOnlyList<ProblemItem> Problems { get; } = problems;

        public int Count { get; } = count;
    }
}
