using ClinicFlow.Batch.Queue;

namespace ClinicFlow.Batch.Processing;

/// <summary>What is committed, as the runner knows it. Written by the committer's loop; the feed takes out of <see cref="Retries"/> what it hands out.</summary>
internal sealed class CommitState(RequestCounts counts)
{
    private readonly Lock _gate = new();
    private RequestCounts _counts = counts;

    /// <summary>How many requests are where.</summary>
    public RequestCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return _counts;
            }
        }

        set
        {
            lock (_gate)
            {
                _counts = value;
            }
        }
    }

    /// <summary>What is tried again, and when.</summary>
    public RetrySchedule Retries { get; } = new();
}
