namespace ClinicFlow.Client.Contracts;

/// <summary>The queue in figures, over all users.</summary>
/// <param name="Queued">How many jobs wait, by urgency.</param>
/// <param name="Processing">How many run.</param>
/// <param name="Paused">How many are paused.</param>
/// <param name="MaxQueueSize">How many may wait.</param>
/// <param name="MaxConcurrentJobs">How many may run at once.</param>
/// <param name="WaitingDocuments">How many documents are still to be made.</param>
/// <param name="OldestQueuedAt">Since when the oldest waits.</param>
/// <param name="DocumentsPerMinute">How many the running jobs make a minute.</param>
public sealed record QueueStats(
    IReadOnlyDictionary<string, int> Queued, int Processing, int Paused, int MaxQueueSize, int MaxConcurrentJobs, long WaitingDocuments, DateTimeOffset? OldestQueuedAt, double DocumentsPerMinute);

/// <summary>A job that waits.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Name">Its name.</param>
/// <param name="CreatedBy">Whose it is.</param>
/// <param name="Priority">How urgent it is.</param>
/// <param name="Position">Its place among those listed, from 1.</param>
/// <param name="QueuedAt">Since when it waits.</param>
/// <param name="EstimatedStartTime">When it will start.</param>
public sealed record QueuedJob(Guid JobId, string Name, string CreatedBy, JobPriority Priority, int Position, DateTimeOffset QueuedAt, DateTimeOffset? EstimatedStartTime);

/// <summary>The queue.</summary>
/// <param name="Stats">In figures.</param>
/// <param name="Jobs">The jobs that wait, in their order: the user's own, or all for an operator.</param>
public sealed record QueueView(QueueStats Stats, IReadOnlyList<QueuedJob> Jobs);

/// <summary>What was done in an hour.</summary>
/// <param name="Hour">The hour's beginning, in UTC.</param>
/// <param name="Jobs">How many jobs ended.</param>
/// <param name="Documents">How many documents were made in them.</param>
/// <param name="Failed">How many documents failed in them.</param>
public sealed record HourView(DateTimeOffset Hour, int Jobs, int Documents, int Failed);

/// <summary>How the server performs: the user's own jobs, or all for an operator.</summary>
/// <param name="Hours">The last 24 hours, the oldest first.</param>
/// <param name="Jobs">How many jobs ended in them.</param>
/// <param name="Documents">How many documents were made.</param>
/// <param name="Failed">How many documents failed.</param>
/// <param name="SuccessRate">Which share of documents succeeded, 0 to 1; 1 where there was none.</param>
/// <param name="DocumentsPerMinute">How many a job made a minute while it was processed.</param>
public sealed record PerformanceView(IReadOnlyList<HourView> Hours, int Jobs, int Documents, int Failed, double SuccessRate, double DocumentsPerMinute);

/// <summary>How the server is set up; no secrets.</summary>
/// <param name="MaxQueueSize">How many jobs may wait.</param>
/// <param name="MaxConcurrentJobs">How many may run at once.</param>
/// <param name="DefaultJobTimeoutSeconds">For how long a job may be processed.</param>
/// <param name="RetryDelayMs">The delay before a second attempt.</param>
/// <param name="CleanupCompletedJobsAfterDays">After how many days outputs are removed.</param>
/// <param name="EnableRealTimeUpdates">Whether progress is pushed.</param>
/// <param name="MaxDocumentsPerJob">How many documents a job may have.</param>
/// <param name="MaxMergeDataBytes">How large the data of one may be.</param>
/// <param name="Database"><c>sqlite</c> or <c>postgresql</c>.</param>
/// <param name="PdfEngine">What makes PDFs; null where nothing does.</param>
/// <param name="CanSendEmail">Whether a mail server is set up.</param>
/// <param name="Version">The program's version.</param>
public sealed record ConfigView(
    int MaxQueueSize, int MaxConcurrentJobs, double DefaultJobTimeoutSeconds, int RetryDelayMs, int CleanupCompletedJobsAfterDays, bool EnableRealTimeUpdates,
    int MaxDocumentsPerJob, int MaxMergeDataBytes, string Database, string? PdfEngine, bool CanSendEmail, string Version);
