using ClinicFlow.Client.Contracts;
using Microsoft.AspNetCore.Components;

namespace ClinicFlow.Components;

/// <summary>Why a job cannot be shown, or did not succeed.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Code">A stable code, such as <c>not-found</c>, <c>job-failed</c> or <c>unreachable</c>.</param>
/// <param name="Message">The same for people.</param>
public sealed record JobError(Guid JobId, string Code, string Message);

/// <summary>One job as it moves: how far it is, its documents, what failed and why, and what can be done with it.</summary>
public sealed partial class BatchJobProgressTracker
{
    /// <summary>The job to show.</summary>
    [Parameter]
    [EditorRequired]
    public Guid JobId { get; set; }

    /// <summary>The job was seen to end with documents made, some of which may have failed; not called for a job that had ended before.</summary>
    [Parameter]
    public EventCallback<Job> OnJobComplete { get; set; }

    /// <summary>The job was seen to fail, or cannot be shown.</summary>
    [Parameter]
    public EventCallback<JobError> OnJobError { get; set; }
}
