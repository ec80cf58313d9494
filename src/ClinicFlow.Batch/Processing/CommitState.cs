using ClinicFlow.Batch.Queue;

namespace ClinicFlow.Batch.Processing;

/// <summary>What is committed, as the runner knows it. Written by the committer's loop; <see cref="NextRetryAt"/> by the feed too, while nothing is open.</summary>
internal sealed class CommitState(RequestCounts counts, DateTimeOffset? nextRetryAt)
{
    private readonly Lock _gate = new();
    private RequestCounts _counts = counts;
    private DateTimeOffset? _nextRetryAt = nextRetryAt;

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

    /// <summary>When the next attempt is due; null where none waits.</summary>
    public DateTimeOffset? NextRetryAt
    {
        get
        {
            lock (_gate)
            {
                return _nextRetryAt;
            }
        }

        set
        {
            lock (_gate)
            {
                _nextRetryAt = value;
            }
        }
    }
}
