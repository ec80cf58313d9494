namespace ClinicFlow.Batch.Storage.Tables;

/// <summary>A row of <c>batch_job_results</c>: what an ended job gave.</summary>
internal sealed class ResultEntity
{
    public Guid Id { get; set; }

    public Guid JobId { get; set; }

    /// <summary>The counts and times at the end, as JSON.</summary>
    public required string ResultData { get; set; }

    /// <summary>The names of the files that can be fetched, as a JSON array.</summary>
    public required string OutputFiles { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
