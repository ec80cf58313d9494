using ClinicFlow.Batch.Audit;
using ClinicFlow.Batch.Storage;

namespace ClinicFlow.Batch;

/// <summary>
/// The audit log for those who may see it: every change of a job and every download, in a chain of hashes. The engine
/// writes its own part in the transaction of what it tells of. Safe for concurrent calls.
/// </summary>
public sealed class AuditLog
{
    private readonly AuditStore _store;

    internal AuditLog(AuditStore store) => _store = store;

    /// <summary>Writes down what happened outside the engine: a sign-in, a user made.</summary>
    /// <exception cref="StorageException">The database failed.</exception>
    public Task WriteAsync(AuditNote note, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(note);
        return _store.WriteAsync(note, cancellation);
    }

    /// <summary>Reads entries, the newest first.</summary>
    /// <param name="before">Only those with a smaller number; null for all.</param>
    /// <param name="actor">Only those of this user; null for all.</param>
    /// <param name="subject">Only those about this; null for all.</param>
    /// <param name="count">At most as many, 1 to 1,000.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(long? before = null, string? actor = null, string? subject = null, int count = 100, CancellationToken cancellation = default)
        => await _store.ReadAsync(before, actor, subject, Math.Clamp(count, 1, 1_000), cancellation).ConfigureAwait(false);

    /// <summary>Reads all entries by their numbers, page by page.</summary>
    public IAsyncEnumerable<AuditEntry> ReadAllAsync(CancellationToken cancellation = default) => _store.ReadAllAsync(cancellation);

    /// <summary>Finds the first entry that was changed, removed, moved or cut off.</summary>
    public Task<AuditVerdict> VerifyAsync(CancellationToken cancellation = default) => _store.VerifyAsync(cancellation);
}
