using System.Linq.Expressions;
using System.Text.Json;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Queue;
using ClinicFlow.Batch.Storage.Tables;
using Microsoft.EntityFrameworkCore;

namespace ClinicFlow.Batch.Storage;

/// <summary>Rows of jobs, read and put into the queue: what the stores share.</summary>
internal static class JobRows
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>Settings as JSON.</summary>
    public static string Write(BatchJobSettings settings) => JsonSerializer.Serialize(settings, Json);

    /// <summary>Measures as JSON.</summary>
    public static string Write(JobMeasures measures) => JsonSerializer.Serialize(measures, Json);

    /// <summary>Any figures as JSON.</summary>
    public static string WriteJson<T>(T value) => JsonSerializer.Serialize(value, Json);

    /// <summary>Reads what <see cref="WriteJson"/> wrote.</summary>
    public static T ReadJson<T>(string json) => JsonSerializer.Deserialize<T>(json, Json)!;

    /// <summary>A job of a row.</summary>
    public static BatchJob Read(JobEntity row) => new()
    {
        Id = row.Id,
        CreatedBy = row.CreatedBy,
        Name = row.Name,
        Description = row.Description,
        TemplateId = row.TemplateId,
        TemplateVersionId = row.TemplateVersionId,
        Priority = row.Priority,
        Status = row.Status,
        Requested = row.Requested,
        Settings = JsonSerializer.Deserialize<BatchJobSettings>(row.Settings, Json)!,
        Total = row.Total,
        Succeeded = row.Succeeded,
        Failed = row.Failed,
        Retrying = row.Retrying,
        Measures = JsonSerializer.Deserialize<JobMeasures>(row.Progress, Json)!,
        ErrorCode = row.ErrorCode,
        ErrorMessage = row.ErrorMessage,
        CreatedAt = row.CreatedAt,
        StartedAt = row.StartedAt,
        CompletedAt = row.CompletedAt,
        UpdatedAt = row.UpdatedAt,
        Active = TimeSpan.FromMilliseconds(row.ActiveMs),
        Timeout = TimeSpan.FromMilliseconds(row.TimeoutMs),
        PurgedAt = row.PurgedAt,
        Epoch = row.Epoch,
    };

    /// <summary>A request of a row.</summary>
    public static RequestRow Read(RequestEntity row) => new(
        row.RequestIndex, row.RequestId, row.DocumentName, row.PatientId, row.State, row.Attempts, row.ErrorCode, row.ErrorMessage, row.RetryAt,
        OutputFiles.Read(row.OutputFiles), row.Pages, Elapsed(row.ElapsedMs));

    /// <summary>How long an attempt took.</summary>
    public static TimeSpan? Elapsed(int? milliseconds) => milliseconds is { } known ? TimeSpan.FromMilliseconds(known) : null;

    /// <summary>The row of a job that is ready; of this user, or of anybody for the engine.</summary>
    public static Task<JobEntity?> FindAsync(BatchDb db, Guid id, string? user, CancellationToken cancellation)
        => db.Jobs.Where(Visible(user)).SingleOrDefaultAsync(job => job.Id == id, cancellation);

    /// <summary>The application's own filter. PostgreSQL holds the same rule without it.</summary>
    public static Expression<Func<JobEntity, bool>> Visible(string? user) => user is null ? job => job.IsReady : job => job.IsReady && job.CreatedBy == user;

    /// <summary>Puts a job into the queue, in a write, under the queue's lock.</summary>
    /// <param name="db">The database.</param>
    /// <param name="job">The job.</param>
    /// <param name="tail">The queue as <see cref="IBatchDatabase.ReadQueueTailAsync"/> found it.</param>
    /// <param name="takesTurns">Whether owners take turns.</param>
    /// <param name="now">The time.</param>
    public static void Enqueue(BatchDb db, JobEntity job, QueueTail tail, bool takesTurns, DateTimeOffset now) => db.Queue.Add(new QueueEntity
    {
        Id = Guid.CreateVersion7(now),
        JobId = job.Id,
        CreatedBy = job.CreatedBy,
        Priority = job.Priority,
        Rank = (int)job.Priority,
        Turn = takesTurns ? QueueOrder.TurnOf(tail.FirstTurn, tail.OwnLastTurn) : 0,
        QueuedAt = job.QueuedAt,
        Sequence = tail.NextSequence,
        CreatedAt = now,
    });
}
