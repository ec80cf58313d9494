using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Queue;

/// <summary>
/// Where jobs are kept: the only source of truth. Every method is one transaction, durable when it returns. Times are
/// the store's own, so that the clocks of several machines do not matter.
/// </summary>
/// <remarks>
/// Fencing: taking a job raises its epoch; each later write of its runner names the epoch and changes nothing where it
/// is not the latest any more. So a runner that only seemed dead cannot commit.
/// </remarks>
public interface IJobStore
{
    /// <summary>Creates a job with its requests and queues it, in one transaction, streaming the requests.</summary>
    Task<CreateOutcome> CreateAsync(NewJob job, IAsyncEnumerable<NewRequest> requests, int maxQueueSize, CancellationToken cancellation);

    /// <summary>Reads a job; null where there is none, or none of this owner's.</summary>
    /// <param name="id">The job.</param>
    /// <param name="owner">Whose it must be; null for the engine itself.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task<BatchJob?> FindAsync(Guid id, string? owner, CancellationToken cancellation);

    /// <summary>Lists jobs, the newest first.</summary>
    Task<JobPage> ListAsync(JobQuery query, CancellationToken cancellation);

    /// <summary>Reads what stands in the queue and runs.</summary>
    Task<QueueStats> GetQueueStatsAsync(CancellationToken cancellation);

    /// <summary>
    /// Takes the job that is to run next: a queued one by priority, then first come first served, while fewer than
    /// <paramref name="maxRunning"/> run; or one whose runner's lease has run out. Null where there is none.
    /// </summary>
    Task<TakenJob?> TakeAsync(string runner, TimeSpan lease, int maxRunning, CancellationToken cancellation);

    /// <summary>Prolongs a lease and reads what is asked of the job; <see cref="JobOrder.Lost"/> where another runner has it.</summary>
    Task<JobOrder> RenewAsync(Guid id, long epoch, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Reads requests that are to be tried now, in their order.</summary>
    /// <param name="id">The job.</param>
    /// <param name="afterIndex">Only those behind this index; -1 for all.</param>
    /// <param name="count">At most as many.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task<IReadOnlyList<DueRequest>> ReadDueAsync(Guid id, int afterIndex, int count, CancellationToken cancellation);

    /// <summary>When the next request that waits for another attempt is due; null where none waits.</summary>
    Task<DateTimeOffset?> NextRetryAsync(Guid id, CancellationToken cancellation);

    /// <summary>Commits what became of some requests, and how long the archive now is. False where another runner has the job: then nothing has changed.</summary>
    Task<bool> CommitAsync(RequestCommit commit, CancellationToken cancellation);

    /// <summary>Gives a job up: ended, paused, or back into the queue. False where another runner has it.</summary>
    Task<bool> ReleaseAsync(JobRelease release, CancellationToken cancellation);

    /// <summary>Records what somebody asks of a job. Idempotent.</summary>
    Task<ControlOutcome> ControlAsync(Guid id, string? owner, JobControl control, CancellationToken cancellation);

    /// <summary>Queues an ended job again for its failed requests, all or those named, also with corrected merge data.</summary>
    Task<ControlOutcome> RetryFailedAsync(Guid id, string? owner, IReadOnlyDictionary<string, string?>? requests, CancellationToken cancellation);

    /// <summary>Changes a queued job's urgency.</summary>
    Task<ControlOutcome> SetPriorityAsync(Guid id, string? owner, JobPriority priority, CancellationToken cancellation);

    /// <summary>Deletes an ended job with its requests and results.</summary>
    Task<ControlOutcome> DeleteAsync(Guid id, string? owner, CancellationToken cancellation);

    /// <summary>Reads a job's requests in their order, for its manifest and for progress in detail.</summary>
    IAsyncEnumerable<RequestRow> ReadRequestsAsync(Guid id, string? owner, RequestState? state, CancellationToken cancellation);
}

/// <summary>What can be asked of a job.</summary>
public enum JobControl
{
    /// <summary>Finish what is in flight, then wait.</summary>
    Pause,

    /// <summary>Go on.</summary>
    Resume,

    /// <summary>End, and keep what is done.</summary>
    Cancel,
}

/// <summary>What a runner is to do, read whenever it renews its lease.</summary>
public enum JobOrder
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
/// <param name="ArchiveLengthBytes">How long the archive was when it was last committed; what lies behind is not counted.</param>
/// <param name="TimeoutAt">When the job ends failed at the latest.</param>
public sealed record TakenJob(BatchJob Job, long ArchiveLengthBytes, DateTimeOffset TimeoutAt);

/// <summary>A request to try.</summary>
/// <param name="Index">Its place in the job, from 0.</param>
/// <param name="RequestId">Its id.</param>
/// <param name="DocumentName">The name of its document.</param>
/// <param name="MergeDataJson">Its data, a JSON object.</param>
/// <param name="Failures">How often it has failed.</param>
/// <param name="Crashes">How often a runner died while it was in flight.</param>
public sealed record DueRequest(int Index, string RequestId, string DocumentName, string MergeDataJson, int Failures, int Crashes);

/// <summary>What became of a request.</summary>
/// <param name="Index">Its place in the job.</param>
/// <param name="State">Where it is now.</param>
/// <param name="Failures">How often it has failed.</param>
/// <param name="RetryAfter">How long from now it waits, where it is <see cref="RequestState.Retrying"/>.</param>
/// <param name="ErrorCode">Why it failed; null where it did not.</param>
/// <param name="ErrorMessage">The same for people: no merge data, no paths.</param>
/// <param name="Slices">Where its documents lie in the archive.</param>
/// <param name="Pages">How many pages it has; null where nobody counted.</param>
/// <param name="Elapsed">How long the attempt took.</param>
public sealed record RequestOutcome(
    int Index, RequestState State, int Failures, TimeSpan? RetryAfter, string? ErrorCode, string? ErrorMessage,
    IReadOnlyList<ArchiveSlice> Slices, int? Pages, TimeSpan Elapsed);

/// <summary>Where one file lies in a job's archive.</summary>
/// <param name="FileName">Its name in the archive, unique there.</param>
/// <param name="HeaderOffset">Where its entry starts.</param>
/// <param name="DataOffset">Where its data starts.</param>
/// <param name="StoredBytes">How long its data is as it is stored.</param>
/// <param name="Bytes">How long the file is.</param>
/// <param name="IsDeflated">Whether the data is deflated.</param>
/// <param name="Crc32">The file's CRC-32.</param>
/// <param name="Sha256">The file's SHA-256, in lower-case hexadecimal.</param>
public sealed record ArchiveSlice(string FileName, long HeaderOffset, long DataOffset, long StoredBytes, long Bytes, bool IsDeflated, uint Crc32, string Sha256);

/// <summary>A commit.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Epoch">The epoch of the runner.</param>
/// <param name="ArchiveLengthBytes">How long the archive is, flushed to disk.</param>
/// <param name="Outcomes">What became of the requests.</param>
public sealed record RequestCommit(Guid JobId, long Epoch, long ArchiveLengthBytes, IReadOnlyList<RequestOutcome> Outcomes);

/// <summary>How a runner gives a job up.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Epoch">The epoch of the runner.</param>
/// <param name="Status">Where it is then: queued again where the host is shut down.</param>
/// <param name="ErrorMessage">What broke it; null where nothing did.</param>
/// <param name="OutputFiles">What can be fetched, where the job has ended; null before.</param>
public sealed record JobRelease(Guid JobId, long Epoch, JobStatus Status, string? ErrorMessage = null, IReadOnlyList<string>? OutputFiles = null);

/// <summary>A request as it stands.</summary>
/// <param name="Index">Its place in the job.</param>
/// <param name="RequestId">Its id.</param>
/// <param name="DocumentName">The name of its document.</param>
/// <param name="PatientId">Whose it is; null where nobody said.</param>
/// <param name="State">Where it is.</param>
/// <param name="Failures">How often it has failed.</param>
/// <param name="ErrorCode">Why it failed last.</param>
/// <param name="ErrorMessage">The same for people.</param>
/// <param name="Slices">Where its documents lie.</param>
/// <param name="Pages">How many pages it has.</param>
/// <param name="Elapsed">How long its last attempt took.</param>
public sealed record RequestRow(
    int Index, string RequestId, string DocumentName, string? PatientId, RequestState State, int Failures,
    string? ErrorCode, string? ErrorMessage, IReadOnlyList<ArchiveSlice> Slices, int? Pages, TimeSpan? Elapsed);

/// <summary>Which jobs to list.</summary>
/// <param name="Owner">Whose; null for all (the engine, an operator).</param>
/// <param name="Statuses">In which states; empty for all.</param>
/// <param name="Priorities">Of which urgency; empty for all.</param>
/// <param name="TemplateId">Of which template; null for all.</param>
/// <param name="Text">What must stand in name or description; null for anything.</param>
/// <param name="CreatedFrom">From when; null for any time.</param>
/// <param name="CreatedBefore">Until when, exclusive; null for any time.</param>
/// <param name="Cursor">The cursor of the page before; null for the first page.</param>
/// <param name="Count">How many, 1 to 200.</param>
public sealed record JobQuery(
    string? Owner, IReadOnlyList<JobStatus> Statuses, IReadOnlyList<JobPriority> Priorities, Guid? TemplateId, string? Text,
    DateTimeOffset? CreatedFrom, DateTimeOffset? CreatedBefore, string? Cursor, int Count = 50);

/// <summary>A page of jobs.</summary>
/// <param name="Jobs">The jobs.</param>
/// <param name="NextCursor">The cursor for the next page; null where this is the last.</param>
public sealed record JobPage(IReadOnlyList<BatchJob> Jobs, string? NextCursor);

/// <summary>The queue in figures.</summary>
/// <param name="Queued">How many wait, by urgency.</param>
/// <param name="Processing">How many run.</param>
/// <param name="Paused">How many are paused.</param>
/// <param name="WaitingRequests">How many documents the waiting and running jobs still have to make.</param>
/// <param name="OldestQueuedAt">Since when the oldest waits; null where none does.</param>
public sealed record QueueStats(IReadOnlyDictionary<JobPriority, int> Queued, int Processing, int Paused, long WaitingRequests, DateTimeOffset? OldestQueuedAt);

/// <summary>What came of creating a job.</summary>
public abstract record CreateOutcome
{
    private CreateOutcome()
    {
    }

    /// <summary>It is queued.</summary>
    public sealed record Created(Guid Id) : CreateOutcome;

    /// <summary>The same key of the same owner has created it before.</summary>
    public sealed record Existing(Guid Id) : CreateOutcome;

    /// <summary>The queue is full; nothing was created.</summary>
    public sealed record QueueFull(int Size) : CreateOutcome;
}

/// <summary>What came of asking something of a job.</summary>
public abstract record ControlOutcome
{
    private ControlOutcome()
    {
    }

    /// <summary>It is recorded, or was so already.</summary>
    /// <param name="Job">The job as it stands.</param>
    public sealed record Accepted(BatchJob Job) : ControlOutcome;

    /// <summary>There is no such job, or none of this owner's.</summary>
    public sealed record NotFound : ControlOutcome;

    /// <summary>It cannot be done in the job's state.</summary>
    /// <param name="Status">Where the job is.</param>
    /// <param name="Allowed">What could be done instead.</param>
    public sealed record NotAllowed(JobStatus Status, IReadOnlyList<string> Allowed) : ControlOutcome;
}
