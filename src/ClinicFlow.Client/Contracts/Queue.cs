namespace ClinicFlow.Client.Contracts;

/// <summary>The queue in figures; it names no job.</summary>
/// <param name="Queued">How many jobs wait, by urgency.</param>
/// <param name="TotalQueued">How many wait in all.</param>
/// <param name="Processing">How many run.</param>
/// <param name="Paused">How many are paused.</param>
/// <param name="MaxQueueSize">How many may wait.</param>
/// <param name="MaxConcurrentJobs">How many may run at once.</param>
/// <param name="WaitingDocuments">How many documents are still to be made.</param>
/// <param name="OldestQueuedAt">Since when the oldest waits; null where none does.</param>
/// <param name="DocumentsPerMinute">How many documents a minute are made.</param>
public sealed record QueueStats(
    IReadOnlyDictionary<JobPriority, int> Queued, int TotalQueued, int Processing, int Paused, int MaxQueueSize, int MaxConcurrentJobs,
    long WaitingDocuments, DateTimeOffset? OldestQueuedAt, double DocumentsPerMinute);

/// <summary>A job that waits.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Name">Its name.</param>
/// <param name="CreatedBy">The id of whose it is.</param>
/// <param name="Priority">Its urgency.</param>
/// <param name="Position">Its place among those listed, from 1.</param>
/// <param name="QueuedAt">Since when it waits.</param>
/// <param name="EstimatedStartTime">When it will start; null where nothing is known.</param>
public sealed record QueuedJob(Guid JobId, string Name, string CreatedBy, JobPriority Priority, int Position, DateTimeOffset QueuedAt, DateTimeOffset? EstimatedStartTime);

/// <summary>What the server measured since it started.</summary>
/// <param name="StartedAt">When it started.</param>
/// <param name="UptimeSeconds">For how long it runs.</param>
/// <param name="DocumentsSucceeded">How many documents it made.</param>
/// <param name="DocumentsFailed">How many failed for good.</param>
/// <param name="Retries">How many attempts are to be made again.</param>
/// <param name="ArchiveBytes">How many bytes it wrote into archives.</param>
/// <param name="AverageRenderMilliseconds">How long a document took on average; 0 before the first.</param>
/// <param name="DocumentsPerMinute">How many a minute the running jobs make now.</param>
/// <param name="SuccessRate">The share of documents that succeeded, 0 to 1; 1 before the first.</param>
/// <param name="WorkingSetBytes">The memory of the process.</param>
/// <param name="DiskFreeBytes">The room where the documents lie.</param>
/// <param name="Queue">The queue.</param>
public sealed record PerformanceMetrics(
    DateTimeOffset StartedAt, double UptimeSeconds, long DocumentsSucceeded, long DocumentsFailed, long Retries, long ArchiveBytes,
    double AverageRenderMilliseconds, double DocumentsPerMinute, double SuccessRate, long WorkingSetBytes, long DiskFreeBytes, QueueStats Queue)
{
    /// <summary>How many documents were done in each of the last 60 minutes, the oldest first; the last minute still runs. Before the server started there were none.</summary>
    public IReadOnlyList<int> LastHour { get; init; } = [];
}

/// <summary>How the server works; it holds no secret.</summary>
public sealed record ServerConfig
{
    /// <summary>The server's version.</summary>
    public required string Version { get; init; }

    /// <summary><c>sqlite</c> or <c>postgresql</c>.</summary>
    public required string Database { get; init; }

    /// <summary>What makes PDFs; null where nothing does.</summary>
    public string? PdfEngine { get; init; }

    /// <summary>How many jobs may wait.</summary>
    public required int MaxQueueSize { get; init; }

    /// <summary>How many jobs run at once.</summary>
    public required int MaxConcurrentJobs { get; init; }

    /// <summary>For how many seconds a job may be processed.</summary>
    public required double DefaultJobTimeoutSeconds { get; init; }

    /// <summary>The delay before a failed document's second attempt, in milliseconds.</summary>
    public required int RetryDelayMs { get; init; }

    /// <summary>After how many days documents are removed.</summary>
    public required int CleanupCompletedJobsAfterDays { get; init; }

    /// <summary>Whether progress is pushed as it happens.</summary>
    public required bool EnableRealTimeUpdates { get; init; }

    /// <summary>How many documents a job may have.</summary>
    public required int MaxDocumentsPerJob { get; init; }

    /// <summary>How large the merge data of one document may be, in bytes.</summary>
    public required int MaxMergeDataBytes { get; init; }

    /// <summary>How large a template may be, in bytes.</summary>
    public required long MaxTemplateBytes { get; init; }

    /// <summary>How large a job sent as JSON may be, in bytes.</summary>
    public required long MaxJobBytes { get; init; }

    /// <summary>How large an imported file may be, in bytes.</summary>
    public required long MaxImportBytes { get; init; }

    /// <summary>Whether e-mail can be sent.</summary>
    public required bool CanSendEmail { get; init; }

    /// <summary>The culture that is used where a job names none; empty for the invariant one.</summary>
    public required string Culture { get; init; }
}
