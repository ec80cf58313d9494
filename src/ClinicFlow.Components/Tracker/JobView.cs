using ClinicFlow.Client.Contracts;
using ClinicFlow.Components.Words;

namespace ClinicFlow.Components.Tracker;

/// <summary>Something that can be asked of a job, as a button.</summary>
/// <param name="Name">What the server calls it: <c>pause</c>, <c>resume</c>, <c>cancel</c>, <c>retry</c>, <c>delete</c>.</param>
/// <param name="Label">What the button says.</param>
/// <param name="IsMain">Whether it is the thing to do now.</param>
public sealed record JobAction(string Name, string Label, bool IsMain);

/// <summary>A job as it is shown: what the server told last, and what is to be said about it. It never goes back, unless the job begins again.</summary>
public sealed class JobView
{
    /// <summary>Shows a job.</summary>
    public JobView(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        (Job, Progress) = (job, job.Progress);
    }

    /// <summary>The job as it was read last.</summary>
    public Job Job { get; private set; }

    /// <summary>How far it is.</summary>
    public JobProgress Progress { get; private set; }

    /// <summary>Whether it has ended.</summary>
    public bool IsEnded => HasEnded(Progress.Status);

    /// <summary>Whether a job in this state has ended.</summary>
    public static bool HasEnded(JobStatus status) => status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled;

    /// <summary>Takes what was read anew.</summary>
    public void Take(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        Job = job;
        Take(job.Progress);
    }

    /// <summary>Takes a step. What is older than what is shown is passed over.</summary>
    /// <returns>Whether the job is in another state than before, so that other things can be asked of it.</returns>
    public bool Take(JobProgress step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var beginsAgain = HasEnded(Progress.Status) && !HasEnded(step.Status);
        if (!beginsAgain && step.Processed < Progress.Processed && !HasEnded(step.Status))
        {
            step = step with { Processed = Progress.Processed, Succeeded = Progress.Succeeded, Failed = Progress.Failed, Retrying = Progress.Retrying, InFlight = Progress.InFlight, Pending = Progress.Pending };
        }

        if (!beginsAgain && step.Percent < Progress.Percent)
        {
            step = step with { Percent = Progress.Percent };
        }

        var isOther = step.Status != Progress.Status || step.Requested != Progress.Requested;
        Progress = step;
        return isOther;
    }

    /// <summary>Its state in a word or two, with what was asked of it and is not done yet.</summary>
    public string StateText => Progress.Requested switch
    {
        JobControl.Pause => "Pausing …",
        JobControl.Resume => "Resuming …",
        JobControl.Cancel => "Cancelling …",
        _ => StateWords.Of(Progress),
    };

    /// <summary>How long it will still take, where it runs and something is known.</summary>
    public string RemainingText => Progress.Status == JobStatus.Processing && Progress.Requested is null ? Durations.Remaining(Progress.RemainingSeconds) : "";

    /// <summary>What can be asked of it now, the thing to do first. The server knows; what a state that was pushed meanwhile rules out is left away.</summary>
    public IReadOnlyList<JobAction> FindActions()
    {
        var actions = new List<JobAction>();
        void Offer(string name, string label, bool isMain, bool isPossible)
        {
            if (isPossible && Progress.Requested is null && Job.Actions.Contains(name))
            {
                actions.Add(new JobAction(name, label, isMain));
            }
        }

        Offer("resume", "Resume", true, Progress.Status == JobStatus.Paused);
        Offer("pause", "Pause", false, Progress.Status is JobStatus.Queued or JobStatus.Processing);
        Offer("retry", Progress.Failed == 1 ? "Try the failed one again" : $"Try all {Progress.Failed} failed again", true, IsEnded && Progress.Failed > 0);
        Offer("cancel", "Cancel", false, !IsEnded);
        Offer("delete", "Delete", false, IsEnded);
        return actions;
    }

    /// <summary>What is said once in a while to those who hear the page: every tenth of the way, and each change of state.</summary>
    public string Announcement => IsEnded
        ? $"{StateText}. {Progress.Succeeded} made, {Progress.Failed} failed."
        : $"{StateText}. {Math.Floor(Progress.Percent / 10) * 10:0} % done.";
}
