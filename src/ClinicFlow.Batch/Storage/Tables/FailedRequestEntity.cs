namespace ClinicFlow.Batch.Storage.Tables;

/// <summary>A row of <c>failed_document_requests</c>: a document that failed for good.</summary>
internal sealed class FailedRequestEntity
{
    public Guid Id { get; set; }

    public Guid JobId { get; set; }

    public required string RequestId { get; set; }

    public int RequestIndex { get; set; }

    public required string DocumentName { get; set; }

    public required string ErrorCode { get; set; }

    public required string ErrorMessage { get; set; }

    public int RetryCount { get; set; }

    public DateTimeOffset LastAttemptAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
