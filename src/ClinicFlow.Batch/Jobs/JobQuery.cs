namespace ClinicFlow.Batch.Jobs;

/// <summary>Which jobs to list, the newest first. What is not set does not narrow.</summary>
public sealed record JobQuery
{
    /// <summary>In which states.</summary>
    public IReadOnlyList<JobStatus> Statuses { get; init; } = [];

    /// <summary>Of which urgency.</summary>
    public IReadOnlyList<JobPriority> Priorities { get; init; } = [];

    /// <summary>Of which template.</summary>
    public Guid? TemplateId { get; init; }

    /// <summary>Whose; an operator's filter. Users see their own only, whatever stands here.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>What must stand in name or description.</summary>
    public string? Text { get; init; }

    /// <summary>Created from then on.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Created before then.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>The cursor that the page before gave; null for the first page.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many, 1 to 200. Default 50.</summary>
    public int Count { get; init; } = 50;
}

/// <summary>A page of jobs.</summary>
/// <param name="Jobs">The jobs.</param>
/// <param name="NextCursor">The cursor for the next page; null where this is the last.</param>
public sealed record JobPage(IReadOnlyList<BatchJob> Jobs, string? NextCursor);
