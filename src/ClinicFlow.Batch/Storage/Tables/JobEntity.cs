using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Storage.Tables;

/// <summary>A row of <c>batch_document_jobs</c>. Written by the runner that holds the epoch, or by a control in one transaction.</summary>
internal sealed class JobEntity
{
    public Guid Id { get; set; }

    public required string Name { get; set; }

    public required string Description { get; set; }

    public Guid TemplateId { get; set; }

    public Guid TemplateVersionId { get; set; }

    public JobPriority Priority { get; set; }

    public JobStatus Status { get; set; }

    /// <summary>Figures that the runner measured, as JSON (<see cref="JobMeasures"/>).</summary>
    public required string Progress { get; set; }

    /// <summary><see cref="BatchJobSettings"/> as JSON.</summary>
    public required string Settings { get; set; }

    public string? ErrorCode { get; set; }

    public string? ErrorMessage { get; set; }

    public required string CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>False while its requests still come in; nobody sees it then.</summary>
    public bool IsReady { get; set; }

    public string? IdempotencyKey { get; set; }

    public int Total { get; set; }

    public int Succeeded { get; set; }

    public int Failed { get; set; }

    public int Retrying { get; set; }

    public long TimeoutMs { get; set; }

    /// <summary>For how long it has been processed so far; pauses and outages do not count.</summary>
    public long ActiveMs { get; set; }

    /// <summary>When it entered the queue first: its place there after a pause.</summary>
    public DateTimeOffset QueuedAt { get; set; }

    public long Epoch { get; set; }

    public string? Runner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>What somebody asks of the runner; null for nothing.</summary>
    public JobControl? Requested { get; set; }

    public long ArchiveLength { get; set; }

    public long ArchiveFileLength { get; set; }

    /// <summary>How long the finished archive is, with its directory; 0 where it is not finished.</summary>
    public long OutputLength { get; set; }

    public long OutputFileLength { get; set; }

    public DateTimeOffset? PurgedAt { get; set; }
}
