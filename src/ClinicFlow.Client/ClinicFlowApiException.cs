using System.Net;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Client;

/// <summary>The server answered, and said no. What the connection itself has wrong is an <see cref="HttpRequestException"/>.</summary>
public sealed class ClinicFlowApiException : Exception
{
    /// <summary>Makes the exception of an answer.</summary>
    /// <param name="problem">What the server said.</param>
    /// <param name="retryAfter">When to try again; null where the server did not say.</param>
    public ClinicFlowApiException(ApiProblem problem, TimeSpan? retryAfter = null)
        : base(TextOf(problem))
    {
        Problem = problem;
        RetryAfter = retryAfter;
    }

    /// <summary>What the server said, with all that is wrong.</summary>
    public ApiProblem Problem { get; }

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status => (HttpStatusCode)Problem.Status;

    /// <summary>The stable code, such as <c>queue-full</c>; <c>http-502</c> and the like where the answer had none, as those of a proxy.</summary>
    public string Code => Problem.Code;

    /// <summary>When to try again; null where the server did not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the same call may work a little later: the server is busy, or something it needs is away.</summary>
    public bool IsTransient => Problem.Status is 408 or 429 or >= 500;

    private static string TextOf(ApiProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return problem.Detail.Length > 0 ? $"{problem.Code}: {problem.Detail}" : $"{problem.Code}: {problem.Title}";
    }
}
