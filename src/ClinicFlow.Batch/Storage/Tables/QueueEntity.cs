using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Storage.Tables;

/// <summary>A row of <c>batch_job_queue</c>: a job that waits. Its order is (<see cref="Rank"/> descending, <see cref="Turn"/>, <see cref="QueuedAt"/>, <see cref="Sequence"/>).</summary>
internal sealed class QueueEntity
{
    public Guid Id { get; set; }

    public Guid JobId { get; set; }

    public required string CreatedBy { get; set; }

    public JobPriority Priority { get; set; }

    /// <summary>The priority as a number, so that an index has the order.</summary>
    public int Rank { get; set; }

    /// <summary>Which of its owner's waiting jobs it is, where owners take turns; 0 where they do not.</summary>
    public long Turn { get; set; }

    public DateTimeOffset QueuedAt { get; set; }

    public long Sequence { get; set; }

    public DateTimeOffset? EstimatedStartTime { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
