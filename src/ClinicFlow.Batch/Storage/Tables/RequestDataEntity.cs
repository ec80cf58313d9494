namespace ClinicFlow.Batch.Storage.Tables;

/// <summary>
/// A row of <c>batch_request_data</c>: the merge data of a request, gone once purged. Apart from the request, because a
/// database writes a row anew when any of it changes, and a request's changes with each attempt.
/// </summary>
internal sealed class RequestDataEntity
{
    public Guid JobId { get; set; }

    public int RequestIndex { get; set; }

    /// <summary>A JSON object, encrypted or as UTF-8.</summary>
    public required byte[] MergeData { get; set; }
}
