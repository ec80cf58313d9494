using System.Collections.Frozen;
using ClinicFlow.Documents;

namespace ClinicFlow.Batch.Jobs;

/// <summary>A job was to go to a state that cannot be reached from where it is.</summary>
public sealed class IllegalTransitionException : ClinicFlowException
{
    internal IllegalTransitionException(JobStatus from, JobStatus to)
        : base("job-transition-illegal", $"A job that is {Name(from)} cannot become {Name(to)}. From there it can become: {string.Join(", ", JobTransitions.From(from).Select(Name))}.")
        => (From, To) = (from, to);

    /// <summary>Where the job is.</summary>
    public JobStatus From { get; }

    /// <summary>Where it was to go.</summary>
    public JobStatus To { get; }

    private static string Name(JobStatus status) => status.ToString().ToLowerInvariant();
}

/// <summary>Which state a job may go to from which: the one place that says so.</summary>
public static class JobTransitions
{
    private static readonly FrozenDictionary<JobStatus, JobStatus[]> Allowed = new Dictionary<JobStatus, JobStatus[]>
    {
        [JobStatus.Queued] = [JobStatus.Processing, JobStatus.Paused, JobStatus.Cancelled],
        [JobStatus.Processing] = [JobStatus.Completed, JobStatus.Failed, JobStatus.Cancelled, JobStatus.Paused],

        // Processing: only to close the archive of a job that is cancelled.
        [JobStatus.Paused] = [JobStatus.Queued, JobStatus.Processing, JobStatus.Cancelled],
        [JobStatus.Completed] = [JobStatus.Queued],
        [JobStatus.Failed] = [JobStatus.Queued],
        [JobStatus.Cancelled] = [JobStatus.Queued],
    }.ToFrozenDictionary();

    /// <summary>Where a job may go. Ended jobs are queued again by an explicit retry only.</summary>
    public static IReadOnlyList<JobStatus> From(JobStatus status) => Allowed[status];

    /// <summary>Whether a job may go from one state to another.</summary>
    public static bool IsAllowed(JobStatus from, JobStatus to) => Allowed[from].Contains(to);

    /// <summary>Whether a job has ended.</summary>
    public static bool IsEnded(JobStatus status) => status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled;

    /// <summary>What can be asked of a job in a state.</summary>
    public static IReadOnlyList<string> ActionsFrom(JobStatus status) => status switch
    {
        JobStatus.Queued => ["pause", "cancel", "change the priority"],
        JobStatus.Processing => ["pause", "cancel"],
        JobStatus.Paused => ["resume", "cancel", "change the priority"],
        _ => ["retry failed requests", "delete"],
    };

    /// <summary>The state that a job goes to. Every change of a job's state passes here.</summary>
    /// <exception cref="IllegalTransitionException">It cannot go there.</exception>
    internal static JobStatus Move(JobStatus from, JobStatus to) => IsAllowed(from, to) ? to : throw new IllegalTransitionException(from, to);
}
