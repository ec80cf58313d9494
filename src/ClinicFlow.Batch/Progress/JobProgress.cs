using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Progress;

/// <summary>How far a job is: committed figures, and what its runner has in hand. Immutable.</summary>
public sealed record JobProgress
{
    /// <summary>The job.</summary>
    public required Guid JobId { get; init; }

    /// <summary>Where the job is.</summary>
    public required JobStatus Status { get; init; }

    /// <summary>What somebody has asked of it that its runner has not acted on yet; null for nothing.</summary>
    public JobControl? Requested { get; init; }

    /// <summary>How many documents it is to make.</summary>
    public required int Total { get; init; }

    /// <summary>How many of them succeeded.</summary>
    public required int Succeeded { get; init; }

    /// <summary>How many failed for good.</summary>
    public required int Failed { get; init; }

    /// <summary>How many wait for another attempt.</summary>
    public required int Retrying { get; init; }

    /// <summary>How many are being made.</summary>
    public int InFlight { get; init; }

    /// <summary>The name of the document begun last; null where none is being made.</summary>
    public string? CurrentDocument { get; init; }

    /// <summary>How many documents a minute are made, smoothed; 0 where nothing is known.</summary>
    public double DocumentsPerMinute { get; init; }

    /// <summary>When the first document was begun; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>For how long it has been processed; pauses do not count.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>What holds it up or broke it, safe to show; null where nothing does.</summary>
    public string? Message { get; init; }

    /// <summary>How many documents are done, one way or the other.</summary>
    public int Processed => Succeeded + Failed;

    /// <summary>How many wait for their first attempt.</summary>
    public int Pending => Total - Processed - Retrying - InFlight;

    /// <summary>How much is done, 0 to 100, rounded down: 100 is only what is done altogether.</summary>
    public double Percent => Total == 0 ? 0 : Math.Floor(Processed * 1_000.0 / Total) / 10;

    /// <summary>How long it will still take; null where nothing is known, and where it has ended.</summary>
    public TimeSpan? Remaining => Status == JobStatus.Processing && DocumentsPerMinute > 0 ? TimeSpan.FromMinutes(Math.Min((Total - Processed) / DocumentsPerMinute, 525_600)) : null;

    /// <summary>The progress of a job as the database has it.</summary>
    public static JobProgress Of(BatchJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return new JobProgress
        {
            JobId = job.Id,
            Status = job.Status,
            Requested = job.Requested,
            Total = job.Total,
            Succeeded = job.Succeeded,
            Failed = job.Failed,
            Retrying = job.Retrying,
            DocumentsPerMinute = job.Measures.DocumentsPerMinute,
            StartedAt = job.StartedAt,
            CompletedAt = job.CompletedAt,
            Elapsed = job.Active,
            Message = job.ErrorMessage,
        };
    }
}
