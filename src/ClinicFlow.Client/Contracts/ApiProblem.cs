namespace ClinicFlow.Client.Contracts;

/// <summary>One thing that is wrong with what was sent.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Path">Where: a JSON path, or a row and column of a file.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="RequestIndex">The document concerned, from 0.</param>
public sealed record ApiProblemDetail(string Code, string Path, string Message, int? RequestIndex);

/// <summary>An answer that is no success (RFC 9457), with a stable code.</summary>
public sealed record ApiProblem
{
    /// <summary>A stable code.</summary>
    public string Code { get; init; } = "";

    /// <summary>What went wrong, in short.</summary>
    public string? Title { get; init; }

    /// <summary>The same with what to do.</summary>
    public string? Detail { get; init; }

    /// <summary>The HTTP status.</summary>
    public int? Status { get; init; }

    /// <summary>Everything that is wrong with what was sent.</summary>
    public IReadOnlyList<ApiProblemDetail> Errors { get; init; } = [];

    /// <summary>How many errors there are; more than are listed where there are very many.</summary>
    public int? ErrorCount { get; init; }

    /// <summary>What can be asked of the job instead.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>Names this answer in the server's log.</summary>
    public string? TraceId { get; init; }
}
