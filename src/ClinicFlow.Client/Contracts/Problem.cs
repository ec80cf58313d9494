namespace ClinicFlow.Client.Contracts;

/// <summary>What went wrong (RFC 9457), as <c>application/problem+json</c>.</summary>
public sealed record ApiProblem
{
    /// <summary>Names the kind of problem: <c>urn:clinicflow:problem:</c> and its code.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>A stable code.</summary>
    public string Code { get; init; } = "";

    /// <summary>The kind of problem, for people.</summary>
    public string Title { get; init; } = "";

    /// <summary>What happened, and what to do.</summary>
    public string Detail { get; init; } = "";

    /// <summary>All that is wrong with what was sent; null where it is something else.</summary>
    public IReadOnlyList<ProblemItem>? Errors { get; init; }

    /// <summary>How many things are wrong, where not all are listed.</summary>
    public int? ErrorCount { get; init; }

    /// <summary>What could be done instead.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The sheets of the workbook that was sent, where another of them may be meant; null where it is something else.</summary>
    public IReadOnlyList<string>? Sheets { get; init; }

    /// <summary>Names this event in the server's log.</summary>
    public string? TraceId { get; init; }
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Message">What is wrong.</param>
public sealed record ProblemItem(string Code, string Message)
{
    /// <summary>What to do.</summary>
    public string? Advice { get; init; }

    /// <summary>Where in what was sent: a JSON path such as <c>requests[3].documentName</c>; null where it is elsewhere.</summary>
    public string? Path { get; init; }

    /// <summary>Where in the template; null where it is elsewhere.</summary>
    public string? Place { get; init; }

    /// <summary>Which merge field or column; null where none is concerned.</summary>
    public string? Field { get; init; }

    /// <summary>Which row of a file, from 1; null where none is concerned.</summary>
    public long? Row { get; init; }

    /// <summary>Whether it is only a warning.</summary>
    public bool IsWarning { get; init; }
}
