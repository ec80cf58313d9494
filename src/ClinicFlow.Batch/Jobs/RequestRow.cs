
namespace ClinicFlow.Batch.Jobs;

/// <summary>A request as it stands: one document of a job.</summary>
/// <param name="Index">Its place in the job, from 0.</param>
/// <param name="RequestId">Its id.</param>
/// <param name="DocumentName">The name of its document.</param>
/// <param name="PatientId">Whose it is; null where nobody said.</param>
/// <param name="State">Where it is.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="ErrorCode">Why it failed last; null where it did not.</param>
/// <param name="ErrorMessage">The same for people.</param>
/// <param name="RetryAt">When it is tried again; null where it is not.</param>
/// <param name="Slices">Where its files lie.</param>
/// <param name="Pages">How many pages it has; null where nobody counted.</param>
/// <param name="Elapsed">How long its last attempt took; null before one.</param>
public sealed record RequestRow(
    int Index, string RequestId, string DocumentName, string? PatientId, RequestState State, int Attempts,
    string? ErrorCode, string? ErrorMessage, DateTimeOffset? RetryAt, IReadOnlyList<ArchiveSlice> Slices, int? Pages, TimeSpan? Elapsed);

/// <summary>A page of a job's requests.</summary>
/// <param name="Requests">The requests, in their order.</param>
/// <param name="NextIndex">From which index the next page starts; null where this is the last.</param>
public sealed record RequestPage(IReadOnlyList<RequestRow> Requests, int? NextIndex);
