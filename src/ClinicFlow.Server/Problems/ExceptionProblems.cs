using System.Data.Common;
using System.Text.Json;
using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Processing;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Web;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Data.Sqlite;

namespace ClinicFlow.Server.Problems;

/// <summary>Answers for exceptions. What is not known here is a defect: its kind goes to the log, its message to nobody, for it may hold data.</summary>
internal sealed partial class ExceptionProblems(ILogger<ExceptionProblems> log) : IExceptionHandler
{
    /// <summary>The answer for an exception; null for a defect.</summary>
    public static ProblemResult? Find(Exception exception) => exception switch
    {
        JobRefusedException { Code: "queue-full" } e => Later(e.Code, "The queue is full", e.Message, TimeSpan.FromSeconds(30)),
        JobRefusedException e => new ProblemResult(new ApiProblem
        {
            Type = "urn:clinicflow:problem:" + e.Code,
            Status = StatusCodes.Status422UnprocessableEntity,
            Code = e.Code,
            Title = "The job cannot be created",
            Detail = e.Message,
            Errors = [.. e.Problems.Select(problem => new ProblemItem(problem.Code, problem.Message) { Path = problem.Path, Row = problem.RequestIndex + 1 })],
            ErrorCount = e.ProblemCount,
        }),
        RecordSourceException e => new ProblemResult(new ApiProblem
        {
            Type = "urn:clinicflow:problem:" + e.Code,
            Status = StatusCodes.Status422UnprocessableEntity,
            Code = e.Code,
            Title = "The file cannot be used",
            Detail = e.Message,
            Errors = [new ProblemItem(e.Code, e.Message) { Advice = e.Advice }],
            Sheets = e.Sheets.Count > 0 ? e.Sheets : null,
        }),
        TemplatePackageException e => ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, e.Code, "The template cannot be used", e.Message),
        TemplateUnusableException e => ProblemResult.Of(StatusCodes.Status409Conflict, e.Code, "The template cannot be used", e.Message),
        PdfConversionException { IsTransient: true } e => Later(e.Code, "No PDF could be made", e.Message, TimeSpan.FromSeconds(10)),
        PdfConversionException e => ProblemResult.Of(StatusCodes.Status422UnprocessableEntity, e.Code, "No PDF could be made", e.Message),
        ArchiveDamagedException e => ProblemResult.Of(StatusCodes.Status500InternalServerError, "archive-damaged", "The documents are damaged", e.Message),
        ArchiveException e => Later("archive-unreadable", "The documents cannot be read", e.Message, TimeSpan.FromSeconds(30)),
        StorageException { IsTransient: true } e => Later(e.Code, "The database is away", e.Message, TimeSpan.FromSeconds(5)),
        DbException { IsTransient: true } or SqliteException { SqliteErrorCode: 5 or 6 } or InvalidOperationException { InnerException: DbException { IsTransient: true } }
            => Later("database-unreachable", "The database is away", "The database cannot be reached. Try again in a moment.", TimeSpan.FromSeconds(5)),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => OfStatus(StatusCodes.Status413PayloadTooLarge),
        BadHttpRequestException { InnerException: JsonException json } => Json(json),
        JsonException json => Json(json),
        BadHttpRequestException e when e.StatusCode < 500 => ProblemResult.Of(e.StatusCode, "request-invalid", "The request is wrong", TextFor(e.StatusCode)),
        InvalidDataException => ProblemResult.Of(StatusCodes.Status400BadRequest, "request-invalid", "The request is wrong", "The body is not what its content type says."),
        _ => null,
    };

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.Response.HasStarted)
        {
            return false;
        }

        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var answer = Find(exception);
        if (answer is null)
        {
            LogDefect(exception.GetType().FullName ?? "?", exception.StackTrace ?? "");
            answer = ProblemResult.Of(
                StatusCodes.Status500InternalServerError, "internal-error", "The server failed", "The server failed because of a defect. Please report it with the traceId of this answer.");
        }

        if (StatusPages.IsWanted(httpContext.Request))
        {
            await StatusPages.WriteAsync(httpContext, answer.Value.Status);
            return true;
        }

        await answer.ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>The answer for a status without a body.</summary>
    public static ProblemResult OfStatus(int status) => status switch
    {
        // Endpoints answer so, without a word, where a parameter of the address is not what it is read as.
        StatusCodes.Status400BadRequest => ProblemResult.Of(status, "request-invalid", "The request is wrong", TextFor(status)),
        StatusCodes.Status401Unauthorized => ProblemResult.Of(status, "not-signed-in", "Not signed in", "Sign in, or send an API key that is valid: Authorization: Bearer cf_…"),
        StatusCodes.Status403Forbidden => ProblemResult.Of(status, "not-allowed", "Not allowed", "Your role, or the scopes of your API key, do not allow this. Ask an administrator."),
        StatusCodes.Status404NotFound => ProblemResult.Of(status, "not-found", "Not found", "There is nothing at this address. The API is described at /openapi/v1.json."),
        StatusCodes.Status405MethodNotAllowed => ProblemResult.Of(status, "method-not-allowed", "Not possible here", "This address does not take this method; the header Allow says which it takes."),
        StatusCodes.Status413PayloadTooLarge => ProblemResult.Of(
            status, "too-large", "Too large", "What was sent is larger than the server takes. Its limits are at /api/v1/config; a job of many documents is sent as a file to /api/v1/batch-jobs/import."),
        StatusCodes.Status415UnsupportedMediaType => ProblemResult.Of(status, "media-type-unsupported", "Unknown content type", "Send application/json, or what the API describes for this address."),
        StatusCodes.Status429TooManyRequests => ProblemResult.Of(status, "too-many-requests", "Too many requests", "Wait as long as Retry-After says, then try again."),
        _ => ProblemResult.Of(status, "http-" + status.ToString(System.Globalization.CultureInfo.InvariantCulture), "The request failed", TextFor(status)),
    };

    private static ProblemResult Later(string code, string title, string message, TimeSpan delay)
        => new(new ApiProblem { Type = "urn:clinicflow:problem:" + code, Status = StatusCodes.Status503ServiceUnavailable, Code = code, Title = title, Detail = message }) { RetryAfter = delay };

    /// <summary>Where the JSON is wrong. The exception's own message is not shown: it may quote a value.</summary>
    private static ProblemResult Json(JsonException json)
    {
        var path = json.Path is null or "$" ? "" : json.Path.StartsWith("$.", StringComparison.Ordinal) ? json.Path[2..] : json.Path;
        var place = json.LineNumber is { } line ? FormattableString.Invariant($" (line {line + 1}, byte {json.BytePositionInLine + 1})") : "";
        var reason = json.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) ? "is not known here"
            : json.Message.Contains("missing required", StringComparison.Ordinal) ? "lacks a property that is needed"
            : "is no JSON of the kind that is expected here";
        var item = new ProblemItem("json-invalid", $"{(path.Length == 0 ? "The body" : path)} {reason}{place}.") { Path = path.Length == 0 ? null : path };
        return ProblemResult.Of(StatusCodes.Status400BadRequest, "json-invalid", "The JSON is wrong", item.Message, [item]);
    }

    private static string TextFor(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "The request is not understood. The API is described at /openapi/v1.json.",
        StatusCodes.Status408RequestTimeout => "The request came in too slowly.",
        StatusCodes.Status431RequestHeaderFieldsTooLarge => "The headers are too large.",
        _ => "The request failed.",
    };

    [LoggerMessage(900, LogLevel.Error, "A request failed because of a defect: {Kind}\n{Where}")]
    private partial void LogDefect(string kind, string where);
}
