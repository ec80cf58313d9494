using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Server.Problems;

/// <summary>A problem as an answer (RFC 9457).</summary>
internal sealed class ProblemResult(ApiProblem problem) : IResult, IStatusCodeHttpResult, IValueHttpResult<ApiProblem>
{
    /// <summary>When to try again; null where that is not known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <inheritdoc/>
    public int? StatusCode => problem.Status;

    /// <inheritdoc/>
    public ApiProblem Value => problem;

    /// <summary>A problem by its code.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">The stable code.</param>
    /// <param name="title">The kind of problem, for people.</param>
    /// <param name="detail">What happened, and what to do.</param>
    /// <param name="errors">All that is wrong with what was sent.</param>
    public static ProblemResult Of(int status, string code, string title, string detail, IReadOnlyList<ProblemItem>? errors = null)
        => new(new ApiProblem { Type = "urn:clinicflow:problem:" + code, Status = status, Code = code, Title = title, Detail = detail, Errors = errors });

    /// <summary>There is no such thing, or none that the caller may see: the two look the same.</summary>
    public static ProblemResult NotFound(string what)
        => Of(StatusCodes.Status404NotFound, "not-found", "Not found", $"There is no such {what}, or it is not yours.");

    /// <summary>Something about what was sent is wrong.</summary>
    public static ProblemResult Invalid(string path, string message)
        => Of(StatusCodes.Status400BadRequest, "request-invalid", "The request is wrong", $"{path} {message}", [new ProblemItem("request-invalid", message) { Path = path }]);

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = problem.Status;
        httpContext.Features.Set(new AnsweredProblem(problem.Code));
        response.ContentType = "application/problem+json";
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } delay)
        {
            response.Headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(problem with { TraceId = Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier }, Wire.Json);
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(httpContext.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
    }
}

/// <summary>On a request: with which problem it was answered.</summary>
/// <param name="Code">The stable code.</param>
internal sealed record AnsweredProblem(string Code);
