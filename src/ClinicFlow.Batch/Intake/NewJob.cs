using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Intake;

/// <summary>A job to be created, validated.</summary>
/// <param name="Id">Its id, made by the caller so that creating it twice is creating it once.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Name">Its name, 1 to 200 characters.</param>
/// <param name="Description">What it is for; empty where nobody said.</param>
/// <param name="TemplateId">The template.</param>
/// <param name="Priority">Its urgency.</param>
/// <param name="Settings">What its creator chose.</param>
/// <param name="Timeout">How long it may run.</param>
/// <param name="IdempotencyKey">The same key of the same owner gives the same job; null for none.</param>
public sealed record NewJob(Guid Id, string Owner, string Name, string Description, Guid TemplateId, JobPriority Priority, BatchJobSettings Settings, TimeSpan Timeout, string? IdempotencyKey);

/// <summary>A request of a job to be created, validated.</summary>
/// <param name="RequestId">Its id, unique in the job.</param>
/// <param name="DocumentName">The name of its document.</param>
/// <param name="MergeDataJson">Its data: a JSON object.</param>
/// <param name="PatientId">Whose it is; null where nobody said.</param>
public sealed record NewRequest(string RequestId, string DocumentName, string MergeDataJson, string? PatientId);
