using System.Globalization;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Progress;
using ClinicFlow.Documents;
using ClinicFlow.Server.Access;
using Contracts = ClinicFlow.Client.Contracts;

namespace ClinicFlow.Server.Jobs;

/// <summary>Jobs as they travel. Whoever does not own a job, operators included, sees no name of a document or a patient.</summary>
internal static class JobViews
{
    /// <summary>A job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="caller">Who looks.</param>
    /// <param name="ownerName">The name of whose it is.</param>
    public static Contracts.Job Of(BatchJob job, JobProgress progress, Caller caller, string? ownerName) => new()
    {
        Id = job.Id,
        Name = job.Name,
        Description = job.Description,
        CreatedBy = job.CreatedBy,
        CreatedByName = ownerName,
        TemplateId = job.TemplateId,
        TemplateVersionId = job.TemplateVersionId,
        Priority = Convert<Contracts.JobPriority>(job.Priority),
        Status = Convert<Contracts.JobStatus>(job.Status),
        Settings = Of(job.Settings, caller.Owns(job.CreatedBy)),
        Progress = Of(progress, caller.Owns(job.CreatedBy)),
        ErrorCode = job.ErrorCode,
        ErrorMessage = job.ErrorMessage,
        CreatedAt = job.CreatedAt,
        StartedAt = job.StartedAt,
        CompletedAt = job.CompletedAt,
        PurgedAt = job.PurgedAt,
        Actions = ActionsOf(job),
        Downloads = DownloadsOf(job, caller),
    };

    /// <summary>How far a job is.</summary>
    public static Contracts.JobProgress Of(JobProgress progress, bool isOwn) => new()
    {
        JobId = progress.JobId,
        Status = Convert<Contracts.JobStatus>(progress.Status),
        Requested = progress.Requested is { } asked ? Convert<Contracts.JobControl>(asked) : null,
        Total = progress.Total,
        Processed = progress.Processed,
        Succeeded = progress.Succeeded,
        Failed = progress.Failed,
        Retrying = progress.Retrying,
        InFlight = progress.InFlight,
        Pending = progress.Pending,
        Percent = progress.Percent,
        CurrentDocument = isOwn ? progress.CurrentDocument : null,
        DocumentsPerMinute = Math.Round(progress.DocumentsPerMinute, 1),
        StartedAt = progress.StartedAt,
        CompletedAt = progress.CompletedAt,
        ElapsedSeconds = Math.Round(progress.Elapsed.TotalSeconds, 1),
        RemainingSeconds = progress.Remaining is { } remaining ? Math.Round(remaining.TotalSeconds, 1) : null,
        Message = progress.Message,
    };

    /// <summary>A document.</summary>
    public static Contracts.JobDocument Of(RequestRow row, bool isOwn) => new()
    {
        Index = row.Index,
        RequestId = isOwn ? row.RequestId : Numbered(row.Index),
        DocumentName = isOwn ? row.DocumentName : Numbered(row.Index),
        PatientId = isOwn ? row.PatientId : null,
        State = Convert<Contracts.DocumentState>(row.State),
        Attempts = row.Attempts,
        ErrorCode = row.ErrorCode,
        ErrorMessage = row.ErrorMessage,
        RetryAt = row.RetryAt,
        Files = [.. row.Slices.Select(slice => new Contracts.DocumentFile(
            isOwn ? slice.FileName : Numbered(row.Index) + Path.GetExtension(slice.FileName), Path.GetExtension(slice.FileName).TrimStart('.').ToLowerInvariant(), slice.Bytes, slice.Sha256))],
        Pages = row.Pages,
        ElapsedMilliseconds = row.Elapsed?.TotalMilliseconds,
    };

    /// <summary>The engine's settings for those that travelled.</summary>
    public static BatchJobSettings Settings(Contracts.JobSettings settings) => new()
    {
        MaxConcurrentProcessing = settings.MaxConcurrentProcessing,
        RetryFailedDocuments = settings.RetryFailedDocuments,
        MaxRetries = settings.MaxRetries,
        NotifyOnCompletion = settings.NotifyOnCompletion,
        NotificationEmail = settings.NotificationEmail,
        OutputFormat = Convert<OutputFormat>(settings.OutputFormat),
        CompressionEnabled = settings.CompressionEnabled,
        GenerateZipArchive = settings.GenerateZipArchive,
        Culture = settings.Culture,
        MissingData = Convert<MissingData>(settings.MissingData),
    };

    /// <summary>The value of the same name.</summary>
    public static TTo Convert<TTo>(Enum value)
        where TTo : struct, Enum
        => Enum.Parse<TTo>(value.ToString());

    private static Contracts.JobSettings Of(BatchJobSettings settings, bool isOwn) => new()
    {
        MaxConcurrentProcessing = settings.MaxConcurrentProcessing,
        RetryFailedDocuments = settings.RetryFailedDocuments,
        MaxRetries = settings.MaxRetries,
        NotifyOnCompletion = settings.NotifyOnCompletion,
        NotificationEmail = isOwn ? settings.NotificationEmail : null,
        OutputFormat = Convert<Contracts.OutputFormat>(settings.OutputFormat),
        CompressionEnabled = settings.CompressionEnabled,
        GenerateZipArchive = settings.GenerateZipArchive,
        Culture = settings.Culture,
        MissingData = Convert<Contracts.MissingData>(settings.MissingData),
    };

    private static string Numbered(int index) => string.Create(CultureInfo.InvariantCulture, $"document {index + 1}");

    private static string[] ActionsOf(BatchJob job) => job.Status switch
    {
        _ when job.PurgedAt is not null => ["delete"],
        JobStatus.Queued => ["pause", "cancel", "priority"],
        JobStatus.Processing => ["pause", "cancel"],
        JobStatus.Paused => ["resume", "cancel", "priority"],
        _ when job.Succeeded < job.Total => ["retry", "delete"],
        _ => ["delete"],
    };

    private static string[] DownloadsOf(BatchJob job, Caller caller)
    {
        if (job.PurgedAt is not null || !JobTransitions.IsEnded(job.Status) || job.Succeeded == 0 || !caller.Owns(job.CreatedBy))
        {
            return [];
        }

        return (job.Settings.GenerateZipArchive, job.Settings.OutputFormat != OutputFormat.Docx) switch
        {
            (true, true) => ["archive", "merged"],
            (true, false) => ["archive"],
            (false, true) => ["merged"],
            _ => [],
        };
    }
}
