using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Storage;

/// <summary>A job to be created, validated.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CreatedBy">Whose it is.</param>
/// <param name="Name">Its name, 1 to 200 characters.</param>
/// <param name="Description">What it is for; empty where nobody said.</param>
/// <param name="TemplateId">The template.</param>
/// <param name="TemplateVersionId">The version it pins.</param>
/// <param name="Priority">Its urgency.</param>
/// <param name="Settings">What its creator chose.</param>
/// <param name="Timeout">How long it may be processed.</param>
/// <param name="IdempotencyKey">The same key of the same owner gives the same job; null for none.</param>
internal sealed record NewJob(Guid Id, string CreatedBy, string Name, string Description, Guid TemplateId, Guid TemplateVersionId, JobPriority Priority, BatchJobSettings Settings, TimeSpan Timeout, string? IdempotencyKey);

/// <summary>A request of a job to be created, validated.</summary>
/// <param name="RequestId">Its id, unique in the job.</param>
/// <param name="DocumentName">The name of its document.</param>
/// <param name="MergeData">Its data as it is stored.</param>
/// <param name="PatientId">Whose it is; null where nobody said.</param>
/// <param name="TemplateVersionId">Its template version, where it is not the job's.</param>
internal sealed record NewRequest(string RequestId, string DocumentName, byte[] MergeData, string? PatientId, Guid? TemplateVersionId);

/// <summary>What came of creating a job.</summary>
internal abstract record CreateOutcome
{
    private CreateOutcome()
    {
    }

    /// <summary>It is queued.</summary>
    public sealed record Created : CreateOutcome;

    /// <summary>The same key of the same owner has created it before.</summary>
    public sealed record Existing(Guid Id) : CreateOutcome;

    /// <summary>The queue is full; nothing was created.</summary>
    public sealed record QueueFull(int Size) : CreateOutcome;
}
