using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Queue;

/// <summary>What a runner is to do, read whenever it looks.</summary>
internal enum JobOrder
{
    /// <summary>Go on.</summary>
    Continue,

    /// <summary>Finish what is in flight and release the job as paused.</summary>
    Pause,

    /// <summary>Stop at once and release the job as cancelled.</summary>
    Cancel,

    /// <summary>Another runner has the job: stop and touch nothing.</summary>
    Lost,
}

/// <summary>A job that a runner has taken.</summary>
/// <param name="Job">The job, processing, with its new epoch.</param>
/// <param name="Mark">How long the archive was when it was committed last; what lies behind does not count.</param>
/// <param name="IsAfterCrash">Whether the runner before this one died: some request may have killed it.</param>
internal sealed record TakenJob(BatchJob Job, ArchiveMark Mark, bool IsAfterCrash);

/// <summary>A request to try.</summary>
/// <param name="Index">Its place in the job, from 0.</param>
/// <param name="RequestId">Its id.</param>
/// <param name="DocumentName">The name of its document.</param>
/// <param name="TemplateVersionId">Its template version, where it is not the job's.</param>
/// <param name="MergeData">Its data as it is stored, until it was read; null where it is gone.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Failures">How often it has failed.</param>
/// <param name="Crashes">How often a runner died while it was in flight.</param>
internal sealed record DueRequest(int Index, string RequestId, string DocumentName, Guid? TemplateVersionId, LentBytes? MergeData, int Attempts, int Failures, int Crashes);

/// <summary>What became of a request.</summary>
/// <param name="Request">The request.</param>
/// <param name="State">Where it is now.</param>
/// <param name="Failures">How often it has failed.</param>
/// <param name="RetryAt">When it is tried again, where it is <see cref="RequestState.Retrying"/>.</param>
/// <param name="ErrorCode">Why it failed; null where it did not.</param>
/// <param name="ErrorMessage">The same for people: no merge data, no paths.</param>
/// <param name="Slices">Where its files lie in the archive.</param>
/// <param name="Pages">How many pages it has; null where nobody counted.</param>
/// <param name="Elapsed">How long the attempt took.</param>
internal sealed record RequestOutcome(
    DueRequest Request, RequestState State, int Failures, DateTimeOffset? RetryAt, string? ErrorCode, string? ErrorMessage,
    IReadOnlyList<ArchiveSlice> Slices, int? Pages, TimeSpan Elapsed);

/// <summary>A commit: absolute figures, so that doing it twice is doing it once.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Epoch">The epoch of the runner.</param>
/// <param name="Mark">How long the archive is, flushed to disk.</param>
/// <param name="Counts">How many documents are where.</param>
/// <param name="Active">For how long the job has been processed.</param>
/// <param name="Measures">What the runner measured.</param>
/// <param name="Outcomes">What became of the requests.</param>
internal sealed record RequestCommit(Guid JobId, long Epoch, ArchiveMark Mark, RequestCounts Counts, TimeSpan Active, JobMeasures Measures, IReadOnlyList<RequestOutcome> Outcomes);

/// <summary>How many requests are where.</summary>
/// <param name="Succeeded">Their documents are in the archive.</param>
/// <param name="Failed">Failed for good.</param>
/// <param name="Retrying">They wait for another attempt.</param>
internal readonly record struct RequestCounts(int Succeeded, int Failed, int Retrying);

/// <summary>How a runner gives a job up.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Epoch">The epoch of the runner.</param>
/// <param name="Status">Where it is then; <see cref="JobStatus.Processing"/> puts it back for another runner.</param>
/// <param name="Active">For how long it has been processed.</param>
/// <param name="ErrorCode">What broke it; null where nothing did.</param>
/// <param name="ErrorMessage">The same for people.</param>
/// <param name="Output">The finished archive, where the job has ended and has one.</param>
/// <param name="OutputFiles">What can be fetched, where the job has ended.</param>
internal sealed record JobRelease(
    Guid JobId, long Epoch, JobStatus Status, TimeSpan Active, string? ErrorCode = null, string? ErrorMessage = null, ArchiveMark Output = default, IReadOnlyList<string>? OutputFiles = null);
