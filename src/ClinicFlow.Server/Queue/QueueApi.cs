using ClinicFlow.Batch;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Access;
using ClinicFlow.Server.Jobs;
using ClinicFlow.Server.Problems;

namespace ClinicFlow.Server.Queue;

/// <summary>The queue, what the server measured, and how it is set up.</summary>
internal static class QueueApi
{
    public static void MapQueue(this IEndpointRouteBuilder api)
    {
        var queue = api.MapGroup("").WithTags("Queue");
        queue.MapGet("/queue", ListAsync).Needs(Scopes.JobsRead).WithName("ListQueue").WithSummary("The jobs that wait, in their order; your own, or all for an operator.").Fails(400, 401);
        queue.MapGet("/queue/stats", async (Caller caller, CancellationToken cancellation) => ETagged.Json(Of(await caller.Jobs.GetQueueStatsAsync(cancellation))))
            .Needs(Scopes.JobsRead).WithName("GetQueueStats").WithSummary("The queue in figures, over all users; it names no job.").Fails(401);
        queue.MapGet("/metrics", MetricsAsync).Needs(Scopes.JobsRead).WithName("GetMetrics").WithSummary("What the server measured since it started.").Fails(401);
        queue.MapGet("/config", (BatchEngineHost host, ServerSettings settings, IServiceProvider services) => ETagged.Json(Of(host.Engine.Config, settings, services.GetService<IPdfConverter>())))
            .Needs(Scopes.JobsRead).WithName("GetConfig").WithSummary("How the server is set up; it holds no secret.").Fails(401);
    }

    /// <summary>The queue in figures, as it travels.</summary>
    public static QueueStats Of(Batch.Queue.QueueStats stats) => new(
        stats.Queued.ToDictionary(pair => JobViews.Convert<JobPriority>(pair.Key), pair => pair.Value), stats.TotalQueued, stats.Processing, stats.Paused,
        stats.MaxQueueSize, stats.MaxConcurrentJobs, stats.WaitingDocuments, stats.OldestQueuedAt, Math.Round(stats.DocumentsPerMinute, 1));

    private static async Task<IResult> ListAsync(Caller caller, CancellationToken cancellation, int count = 100)
        => count is < 1 or > 1_000 ? ProblemResult.Invalid("count", "must be 1 to 1,000.")
            : ETagged.Json(new Page<QueuedJob>(
                [.. (await caller.Jobs.GetQueueAsync(count, cancellation)).Select(job
                    => new QueuedJob(job.JobId, job.Name, job.CreatedBy, JobViews.Convert<JobPriority>(job.Priority), job.Position, job.QueuedAt, job.EstimatedStartTime))], null));

    private static async Task<ETagged<PerformanceMetrics>> MetricsAsync(Caller caller, BatchEngineHost host, TimeProvider time, CancellationToken cancellation)
    {
        var stats = Of(await caller.Jobs.GetQueueStatsAsync(cancellation));
        var totals = host.Engine.Totals;
        var done = totals.Succeeded + totals.Failed;
        return ETagged.Json(new PerformanceMetrics(
            totals.Since, Math.Round((time.GetUtcNow() - totals.Since).TotalSeconds, 1), totals.Succeeded, totals.Failed, totals.Retries, totals.ArchiveBytes,
            done == 0 ? 0 : Math.Round(totals.RenderTime.TotalMilliseconds / done, 2), stats.DocumentsPerMinute,
            done == 0 ? 1 : Math.Round((double)totals.Succeeded / done, 4), Environment.WorkingSet, FreeBytes(host.Engine.Config.DataFolder), stats)
        { LastHour = totals.LastHour });
    }

    private static long FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return 0;
        }
    }

    private static ServerConfig Of(BatchProcessingConfig config, ServerSettings settings, IPdfConverter? pdf) => new()
    {
        Version = typeof(QueueApi).Assembly.GetName().Version?.ToString(3) ?? "",
        Database = string.IsNullOrEmpty(config.ConnectionString) ? "sqlite" : "postgresql",
        PdfEngine = pdf?.EngineName,
        MaxQueueSize = config.MaxQueueSize,
        MaxConcurrentJobs = config.MaxConcurrentJobs,
        DefaultJobTimeoutSeconds = config.DefaultJobTimeout.TotalSeconds,
        RetryDelayMs = config.RetryDelayMs,
        CleanupCompletedJobsAfterDays = config.CleanupCompletedJobsAfterDays,
        EnableRealTimeUpdates = config.EnableRealTimeUpdates,
        MaxDocumentsPerJob = config.MaxDocumentsPerJob,
        MaxMergeDataBytes = config.MaxMergeDataBytes,
        MaxTemplateBytes = settings.MaxTemplateBytes,
        MaxJobBytes = settings.MaxJobBytes,
        MaxImportBytes = settings.MaxImportBytes,
        CanSendEmail = config.Notifications.CanSendEmail,
        Culture = config.Culture,
    };
}
