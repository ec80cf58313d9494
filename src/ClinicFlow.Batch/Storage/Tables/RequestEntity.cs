using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Storage.Tables;

/// <summary>A row of <c>batch_document_requests</c>: one document of a job.</summary>
internal sealed class RequestEntity
{
    public Guid JobId { get; set; }

    public int RequestIndex { get; set; }

    public required string RequestId { get; set; }

    public required string DocumentName { get; set; }

    public string? PatientId { get; set; }

    /// <summary>The template version, where it is not the job's.</summary>
    public Guid? TemplateVersionId { get; set; }

    public RequestState State { get; set; }

    public int Attempts { get; set; }

    public int Failures { get; set; }

    public int Crashes { get; set; }

    public DateTimeOffset? RetryAt { get; set; }

    public DateTimeOffset? LastAttemptAt { get; set; }

    public string? ErrorCode { get; set; }

    public string? ErrorMessage { get; set; }

    /// <summary>Where its files lie in the archive, as JSON; null where it has none.</summary>
    public string? OutputFiles { get; set; }

    public long? Bytes { get; set; }

    public int? Pages { get; set; }

    public int? ElapsedMs { get; set; }
}
