using ClinicFlow.Batch.Queue;

namespace ClinicFlow.Batch.Storage;

/// <summary>
/// What differs between SQLite and PostgreSQL. A user named in a call sees and changes what is that user's only; null is
/// the engine itself, which sees all.
/// </summary>
internal interface IBatchDatabase : IAsyncDisposable
{
    /// <summary>Brings the tables up to date, under a lock, so that hosts that start together wait for each other.</summary>
    /// <exception cref="StorageException">The database is newer than this program (<c>database-too-new</c>), or cannot be reached.</exception>
    Task MigrateAsync(CancellationToken cancellation);

    /// <summary>Reads.</summary>
    /// <exception cref="StorageException">The database failed.</exception>
    Task<T> ReadAsync<T>(string? user, Func<BatchDb, Task<T>> read, CancellationToken cancellation);

    /// <summary>Writes in one transaction, which is durable when this returns.</summary>
    /// <param name="user">Who does it.</param>
    /// <param name="write">Does it; what it returns with <c>Commit</c> false is rolled back.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="StorageException">The database failed; nothing is written, unless the connection broke during the commit itself.</exception>
    Task<T> WriteAsync<T>(string? user, Func<BatchDb, Task<(T Result, bool Commit)>> write, CancellationToken cancellation);

    /// <summary>In a write: keeps others from changing the order of the queue until its end.</summary>
    Task LockQueueAsync(BatchDb db, CancellationToken cancellation);

    /// <summary>In a write, under the queue's lock: what there is to know to put a job into the queue, whoever's jobs wait there.</summary>
    Task<QueueTail> ReadQueueTailAsync(BatchDb db, int rank, string user, CancellationToken cancellation);

    /// <summary>In a write: the last entry of the audit log, which nobody else adds to until its end.</summary>
    Task<(long Sequence, string Hash)> ReadAuditTailAsync(BatchDb db, CancellationToken cancellation);

    /// <summary>In a write: adds requests of a job with their merge data, by the fastest way there is.</summary>
    /// <param name="db">The write.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="firstIndex">The index of the first; the others follow.</param>
    /// <param name="requests">The requests.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task InsertRequestsAsync(BatchDb db, Guid jobId, int firstIndex, IReadOnlyList<NewRequest> requests, CancellationToken cancellation);

    /// <summary>In a write: records what became of requests.</summary>
    Task UpdateRequestsAsync(BatchDb db, Guid jobId, IReadOnlyList<RequestOutcome> outcomes, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>In a read: goes through the rows of a query that both databases understand, without EF Core between. Where it fails, some rows may have been read.</summary>
    /// <param name="db">The read.</param>
    /// <param name="query">The query, see <see cref="RowQuery"/>.</param>
    /// <param name="read">Takes a row.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task ReadRowsAsync(BatchDb db, FormattableString query, Action<IStoredRow> read, CancellationToken cancellation);

    /// <summary>The clock that leases go by: the same for all hosts of the database.</summary>
    Task<DateTimeOffset> NowAsync(BatchDb db, CancellationToken cancellation);
}

/// <summary>The queue as a new job finds it.</summary>
/// <param name="Size">How many jobs wait.</param>
/// <param name="NextSequence">The number of the next one.</param>
/// <param name="FirstTurn">The turn of the first that waits with the same priority; 0 where none does.</param>
/// <param name="OwnLastTurn">The turn of the owner's last with the same priority; null where none waits.</param>
internal readonly record struct QueueTail(int Size, long NextSequence, long FirstTurn, long? OwnLastTurn);
