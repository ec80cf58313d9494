namespace ClinicFlow.Batch.Jobs;

/// <summary>A job as the database has it. Immutable; read again to see it move.</summary>
public sealed record BatchJob
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Owner { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What its creator wrote about it; empty where nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>The template, pinned to a version by its content.</summary>
    public required Guid TemplateId { get; init; }

    /// <summary>Its urgency.</summary>
    public required JobPriority Priority { get; init; }

    /// <summary>Where it is.</summary>
    public required JobStatus Status { get; init; }

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

    /// <summary>What broke the job itself, safe to show; null where nothing did.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its first document was begun; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When anything about it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The number of times it has been taken by a runner: whoever holds the latest may commit.</summary>
    public required long Epoch { get; init; }

    /// <summary>How many documents are done, one way or the other.</summary>
    public int Processed => Succeeded + Failed;
}
