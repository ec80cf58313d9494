using System.Collections.Frozen;
using ClinicFlow.Batch.Queue;

namespace ClinicFlow.Batch.Jobs;

/// <summary>Which state a job may go to from which: the one place that says so.</summary>
public static class JobTransitions
{
    private static readonly FrozenDictionary<JobStatus, JobStatus[]> Allowed = new Dictionary<JobStatus, JobStatus[]>
    {
        [JobStatus.Queued] = [JobStatus.Processing, JobStatus.Paused, JobStatus.Cancelled],
        [JobStatus.Processing] = [JobStatus.Completed, JobStatus.Failed, JobStatus.Cancelled, JobStatus.Paused, JobStatus.Queued],
        [JobStatus.Paused] = [JobStatus.Queued, JobStatus.Cancelled],
        [JobStatus.Completed] = [JobStatus.Queued],
        [JobStatus.Failed] = [JobStatus.Queued],
        [JobStatus.Cancelled] = [JobStatus.Queued],
    }.ToFrozenDictionary();

    /// <summary>Whether a job may go from one state to another. Ended jobs are queued again by an explicit retry only.</summary>
    public static bool IsAllowed(JobStatus from, JobStatus to) => Allowed[from].Contains(to);

    /// <summary>Whether a job has ended.</summary>
    public static bool IsEnded(JobStatus status) => status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled;

    /// <summary>What can be asked of a job in a state, in the words of <see cref="JobControl"/> and the service's operations.</summary>
    public static IReadOnlyList<string> ActionsFrom(JobStatus status) => status switch
    {
        JobStatus.Queued => ["pause", "cancel", "set priority"],
        JobStatus.Processing => ["pause", "cancel"],
        JobStatus.Paused => ["resume", "cancel"],
        _ => ["retry failed requests", "delete"],
    };
}
