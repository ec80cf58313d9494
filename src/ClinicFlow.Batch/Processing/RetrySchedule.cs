namespace ClinicFlow.Batch.Processing;

/// <summary>
/// When documents that failed are tried again. Each stands here from the commit of its failure until it is handed out, so
/// each failure is followed by one attempt, whatever else of the job is still open.
/// </summary>
internal sealed class RetrySchedule
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<int, DateTimeOffset> _waiting = new();

    /// <summary>When the next attempt is due; null where none waits.</summary>
    public DateTimeOffset? NextAt
    {
        get
        {
            lock (_gate)
            {
                return _waiting.TryPeek(out _, out var at) ? at : null;
            }
        }
    }

    /// <summary>A failure is committed: the request is tried again then.</summary>
    public void Add(int index, DateTimeOffset at)
    {
        lock (_gate)
        {
            _waiting.Enqueue(index, at);
        }
    }

    /// <summary>Takes out what is due, those that have waited longest first.</summary>
    /// <param name="now">The time.</param>
    /// <param name="atMost">How many at most.</param>
    public List<int> TakeDue(DateTimeOffset now, int atMost)
    {
        var due = new List<int>();
        lock (_gate)
        {
            while (due.Count < atMost && _waiting.TryPeek(out var index, out var at) && at <= now)
            {
                _waiting.Dequeue();
                due.Add(index);
            }
        }

        return due;
    }
}
