namespace ClinicFlow.Batch.Delivery;

/// <summary>
/// The notifications that wait to be sent. Rows are written where a job ends, in that transaction; this is the sender's
/// side. Every method is one transaction, durable when it returns. Times are the store's own.
/// </summary>
/// <remarks>
/// A message that was taken is nobody else's until its lease runs out, so two hosts do not both send it. A sender that
/// dies between sending and <see cref="MarkSentAsync"/> leaves a message that is sent again, with the same id.
/// </remarks>
public interface IOutbox
{
    /// <summary>Takes the messages that are due, the oldest first. Each is counted as attempted once more, in the same transaction.</summary>
    /// <param name="count">At most as many.</param>
    /// <param name="lease">For how long nobody else gets them.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task<IReadOnlyList<OutboxMessage>> TakeDueAsync(int count, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Records that a message has been sent: it is never due again. False where there is no such open message.</summary>
    Task<bool> MarkSentAsync(Guid id, CancellationToken cancellation);

    /// <summary>Records that an attempt failed. False where there is no such open message.</summary>
    /// <param name="id">The message.</param>
    /// <param name="reason">Why, as a code and a sentence, safe to show.</param>
    /// <param name="retryAfter">When it is due again, from now, zero for at once; null where it is given up.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task<bool> MarkFailedAsync(Guid id, string reason, TimeSpan? retryAfter, CancellationToken cancellation);
}
