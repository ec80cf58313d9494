using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Delivery;

/// <summary>How a message leaves the house.</summary>
public enum OutboxKind
{
    /// <summary>As an e-mail; its destination is an address.</summary>
    Email,

    /// <summary>As a signed HTTP request; its destination is a URL of the configuration.</summary>
    Webhook,
}

/// <summary>A notification that is to be sent: a row written in the same transaction as its job's end. Immutable.</summary>
/// <param name="Id">Its id. The same at every attempt, and seen by the receiver, who can tell a repetition by it.</param>
/// <param name="JobId">The job it is about.</param>
/// <param name="Kind">How it is sent.</param>
/// <param name="Destination">Where to: an e-mail address or a URL.</param>
/// <param name="Event">What it tells.</param>
/// <param name="Attempts">How often it has been taken to be sent, the present time included.</param>
/// <param name="CreatedAt">When the row was written.</param>
public sealed record OutboxMessage(Guid Id, Guid JobId, OutboxKind Kind, string Destination, JobEnded Event, int Attempts, DateTimeOffset CreatedAt)
{
    /// <summary>The message without address and name, so that a log cannot have them.</summary>
    public override string ToString() => $"{Kind} {Id} of job {JobId}";
}

/// <summary>Where the end of a job is to be told.</summary>
/// <param name="Kind">How.</param>
/// <param name="Destination">An e-mail address or a URL.</param>
public sealed record OutboxDestination(OutboxKind Kind, string Destination)
{
    /// <summary>The kind without the address, so that a log cannot have it.</summary>
    public override string ToString() => $"{Kind}";
}

/// <summary>That a job ended, and how. What may leave the house is decided where it is sent: the name usually may not.</summary>
/// <param name="JobId">The job.</param>
/// <param name="JobName">Its name, which may name a patient.</param>
/// <param name="Status">How it ended: <c>completed</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Total">How many documents it was to make.</param>
/// <param name="Succeeded">How many of them succeeded.</param>
/// <param name="Failed">How many failed for good.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="StartedAt">When its first document was begun; null where none was.</param>
/// <param name="CompletedAt">When it ended.</param>
public sealed record JobEnded(
    Guid JobId, string JobName, string Status, int Total, int Succeeded, int Failed,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset CompletedAt)
{
    /// <summary>Tells the end of a job as it stands.</summary>
    /// <param name="job">A job that has ended.</param>
    /// <exception cref="ArgumentException">It has not.</exception>
    public static JobEnded Of(BatchJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!JobTransitions.IsEnded(job.Status))
        {
            throw new ArgumentException("The job has not ended.", nameof(job));
        }

        var status = job.Status switch
        {
            JobStatus.Completed => "completed",
            JobStatus.Failed => "failed",
            _ => "cancelled",
        };
        return new JobEnded(
            job.Id, job.Name, status, job.Total, job.Succeeded, job.Failed, job.CreatedAt, job.StartedAt, job.CompletedAt ?? job.UpdatedAt);
    }

    /// <summary>The event without the job's name, so that a log cannot have it.</summary>
    public override string ToString() => $"Job {JobId} {Status}";

    /// <summary>The status in a fixed spelling; null where it is none in which a job ends.</summary>
    internal string? FindEnd() => Status?.ToUpperInvariant() switch
    {
        "COMPLETED" => "completed",
        "FAILED" => "failed",
        "CANCELLED" => "cancelled",
        _ => null,
    };
}
