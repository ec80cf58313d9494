namespace ClinicFlow.Batch.Jobs;

/// <summary>What can be asked of a job.</summary>
public enum JobControl
{
    /// <summary>Finish what is in flight, then wait.</summary>
    Pause,

    /// <summary>Go on.</summary>
    Resume,

    /// <summary>End, and keep what is done.</summary>
    Cancel,
}

/// <summary>What came of asking something of a job.</summary>
public abstract record ControlOutcome
{
    private ControlOutcome()
    {
    }

    /// <summary>It is recorded, or was so already.</summary>
    /// <param name="Job">The job as it stands.</param>
    public sealed record Accepted(BatchJob Job) : ControlOutcome;

    /// <summary>There is no such job, or none of this user's.</summary>
    public sealed record NotFound : ControlOutcome;

    /// <summary>It cannot be done in the job's state.</summary>
    /// <param name="Status">Where the job is.</param>
    /// <param name="Allowed">What could be done instead.</param>
    public sealed record NotAllowed(JobStatus Status, IReadOnlyList<string> Allowed) : ControlOutcome;

    /// <summary>The queue is full; nothing has changed.</summary>
    /// <param name="Size">How many jobs wait.</param>
    public sealed record QueueFull(int Size) : ControlOutcome;
}
