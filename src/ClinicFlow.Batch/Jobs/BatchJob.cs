
namespace ClinicFlow.Batch.Jobs;

/// <summary>A job as the database has it. Immutable; read again to see it move.</summary>
public sealed record BatchJob
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What its creator wrote about it; empty where nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>The template.</summary>
    public required Guid TemplateId { get; init; }

    /// <summary>The version of the template that the job pinned when it was created.</summary>
    public required Guid TemplateVersionId { get; init; }

    /// <summary>Its urgency.</summary>
    public required JobPriority Priority { get; init; }

    /// <summary>Where it is.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>What somebody has asked of it that its runner has not acted on yet; null for nothing.</summary>
    public JobControl? Requested { get; init; }

    /// <summary>What its creator chose.</summary>
    public required BatchJobSettings Settings { get; init; }

    /// <summary>How many documents it is to make.</summary>
    public required int Total { get; init; }

    /// <summary>How many of them succeeded.</summary>
    public required int Succeeded { get; init; }

    /// <summary>How many failed for good.</summary>
    public required int Failed { get; init; }

    /// <summary>How many wait for another attempt.</summary>
    public required int Retrying { get; init; }

    /// <summary>What the runner measured.</summary>
    public required JobMeasures Measures { get; init; }

    /// <summary>A stable code for what broke the job itself; null where nothing did.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The same for people, safe to show.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its first document was begun; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When anything about it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>For how long it has been processed; pauses and outages do not count.</summary>
    public required TimeSpan Active { get; init; }

    /// <summary>For how long it may be processed.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>When its outputs and merge data were cleaned up; null before.</summary>
    public DateTimeOffset? PurgedAt { get; init; }

    /// <summary>The number of times it has been taken by a runner: whoever holds the latest may commit.</summary>
    public required long Epoch { get; init; }

    /// <summary>How many documents are done, one way or the other.</summary>
    public int Processed => Succeeded + Failed;
}
