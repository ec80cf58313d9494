using ClinicFlow.Batch.Delivery;

namespace ClinicFlow.Batch.Tests.Delivery;

/// <summary>An outbox that outlives the senders a test lets die, and breaks when it is told to.</summary>
internal sealed class MemoryOutbox(TimeProvider time) : IOutbox
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Row> _rows = [];

    /// <summary>Whether the next outcome is lost, as when the host is killed before it commits.</summary>
    public bool LosesNextOutcome { get; set; }

    /// <summary>How many of the next readings fail, as when the database restarts.</summary>
    public int FailingReads { get; set; }

    public Guid Add(OutboxKind kind, string destination, JobEnded job)
    {
        var id = Guid.NewGuid();
        lock (_lock)
        {
            _rows[id] = new Row(new OutboxMessage(id, job.JobId, kind, destination, job, 0, time.GetUtcNow()), time.GetUtcNow(), false, null, null);
        }

        return id;
    }

    public Row Find(Guid id)
    {
        lock (_lock)
        {
            return _rows[id];
        }
    }

    public Task<IReadOnlyList<OutboxMessage>> TakeDueAsync(int count, TimeSpan lease, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (FailingReads > 0)
            {
                FailingReads--;
                throw new IOException("The database is restarting.");
            }

            var due = _rows.Values
                .Where(row => !row.IsSent && row.DueAt is { } at && at <= time.GetUtcNow())
                .OrderBy(row => row.DueAt)
                .Take(count)
                .Select(row => row with { Message = row.Message with { Attempts = row.Message.Attempts + 1 }, DueAt = time.GetUtcNow() + lease })
                .ToList();
            due.ForEach(row => _rows[row.Message.Id] = row);
            return Task.FromResult<IReadOnlyList<OutboxMessage>>([.. due.Select(row => row.Message)]);
        }
    }

    public Task<bool> MarkSentAsync(Guid id, CancellationToken cancellation) => Change(id, row => row with { IsSent = true, DueAt = null });

    public Task<bool> MarkFailedAsync(Guid id, string reason, TimeSpan? retryAfter, CancellationToken cancellation) =>
        Change(id, row => row with { Error = reason, Delay = retryAfter, DueAt = retryAfter is { } wait ? time.GetUtcNow() + wait : null });

    private Task<bool> Change(Guid id, Func<Row, Row> change)
    {
        lock (_lock)
        {
            if (LosesNextOutcome)
            {
                LosesNextOutcome = false;
                throw new IOException("Killed.");
            }

            if (!_rows.TryGetValue(id, out var row) || row.DueAt is null)
            {
                return Task.FromResult(false);
            }

            _rows[id] = change(row);
            return Task.FromResult(true);
        }
    }

    /// <summary>A message as it stands.</summary>
    /// <param name="Message">The message.</param>
    /// <param name="DueAt">When it is next due; null where it is sent or given up.</param>
    /// <param name="IsSent">Whether it is sent.</param>
    /// <param name="Error">Why it failed last.</param>
    /// <param name="Delay">How long it was put off last; null where it is given up.</param>
    internal sealed record Row(OutboxMessage Message, DateTimeOffset? DueAt, bool IsSent, string? Error, TimeSpan? Delay)
    {
        public bool IsGivenUp => !IsSent && DueAt is null;
    }
}
