using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Queue;

/// <summary>The queue in figures.</summary>
public sealed record QueueStats
{
    /// <summary>How many jobs wait, by urgency; every urgency is there.</summary>
    public required IReadOnlyDictionary<JobPriority, int> Queued { get; init; }

    /// <summary>How many run.</summary>
    public required int Processing { get; init; }

    /// <summary>How many are paused.</summary>
    public required int Paused { get; init; }

    /// <summary>How many jobs may wait at most.</summary>
    public required int MaxQueueSize { get; init; }

    /// <summary>How many may run at once.</summary>
    public required int MaxConcurrentJobs { get; init; }

    /// <summary>How many documents the waiting and running jobs still have to make.</summary>
    public required long WaitingDocuments { get; init; }

    /// <summary>Since when the oldest waits; null where none does.</summary>
    public DateTimeOffset? OldestQueuedAt { get; init; }

    /// <summary>How many documents a minute the running jobs make.</summary>
    public required double DocumentsPerMinute { get; init; }

    /// <summary>How many jobs wait in all.</summary>
    public int TotalQueued => Queued.Values.Sum();
}

/// <summary>A job that waits.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Name">Its name.</param>
/// <param name="CreatedBy">Whose it is.</param>
/// <param name="Priority">Its urgency.</param>
/// <param name="Position">Its place among those listed, from 1.</param>
/// <param name="QueuedAt">Since when it waits.</param>
/// <param name="EstimatedStartTime">When it will start, by measured rates; null where nothing is known.</param>
public sealed record QueuedJob(Guid JobId, string Name, string CreatedBy, JobPriority Priority, int Position, DateTimeOffset QueuedAt, DateTimeOffset? EstimatedStartTime);
