using System.Buffers;
using System.Collections.Concurrent;
using ClinicFlow.Batch.Archive;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Processing;
using ClinicFlow.Batch.Progress;
using ClinicFlow.Batch.Queue;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Batch.Tests.Storage;
using Xunit;

namespace ClinicFlow.Batch.Tests.Engine;

/// <summary>
/// What can happen between the steps of two batches, while one is being committed and the next is on the disk already.
/// Whatever it is, the engine that goes on afterwards ends with each document once.
/// </summary>
public abstract class CommitterContract : OnBothDatabases
{
    [Fact]
    public async Task The_next_batch_is_on_the_disk_while_the_database_commits_one_and_counts_when_its_turn_comes()
    {
        await using var desk = await OpenDeskAsync();
        await desk.HoldOneAndAppendTheNextAsync();

        Assert.Equal(1, desk.Database.Writes);
        Assert.Equal(0, (await desk.ReadJobAsync()).Succeeded);
        Assert.Equal(20, desk.Run.Open);

        desk.Database.LetGo();
        await desk.FinishAsync();

        Assert.Equal((20, 2), ((await desk.ReadJobAsync()).Succeeded, desk.Database.Writes));
        await desk.CheckEachIsThereOnceAsync();
    }

    [Fact]
    public async Task Buffers_of_what_is_on_the_disk_are_free_before_it_is_committed()
    {
        const int MostOfTheRoom = (int)(RunningJob.MaxWaitingBytes * 3 / 4);
        await using var desk = await OpenDeskAsync(bytes: MostOfTheRoom);
        desk.Database.Hold();
        desk.End(0, 1);
        await desk.Database.UntilHeldAsync();

        desk.End(1, 1);

        // Nothing of either is committed, and there would not be room for both.
        Assert.False(desk.Run.IsFull);
        Assert.Equal(0, (await desk.ReadJobAsync()).Succeeded);
        desk.Database.LetGo();
        await desk.FinishAsync();
        Assert.Equal(2, (await desk.ReadJobAsync()).Succeeded);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_disk_that_fails_under_the_next_batch_takes_nothing_from_the_one_before(bool failsFlushes, bool commitsFirst)
    {
        await using var desk = await OpenDeskAsync();
        await desk.HoldOneAsync();
        (desk.Disk.RefusesFlushes, desk.Disk.RefusesWrites) = (failsFlushes, !failsFlushes);
        desk.End(10, 10);
        await TestClinic.UntilAsync(() => Task.FromResult(desk.Run.Hindrance is not null));

        if (commitsFirst)
        {
            desk.Database.LetGo();
            await TestClinic.UntilAsync(async () => (await desk.ReadJobAsync()).Succeeded == 10);
        }

        (desk.Disk.RefusesFlushes, desk.Disk.RefusesWrites) = (false, false);
        desk.Database.LetGo();
        await desk.FinishAsync();

        Assert.Equal(20, (await desk.ReadJobAsync()).Succeeded);
        await desk.CheckEachIsThereOnceAsync();
    }

    [Fact]
    public async Task A_database_that_goes_away_between_the_steps_is_waited_for()
    {
        await using var desk = await OpenDeskAsync();
        await desk.HoldOneAndAppendTheNextAsync();

        // Away, away, and gone right after the commit, of which nobody is told: it is made again, and is one.
        desk.Database.Before.Enqueue(true);
        desk.Database.Before.Enqueue(true);
        desk.Database.After.Enqueue(true);
        desk.Database.LetGo();
        await desk.FinishAsync();

        var job = await desk.ReadJobAsync();
        Assert.Equal((20, 0, 5), (job.Succeeded, job.Failed, desk.Database.Writes));
        Assert.Null(desk.Run.Hindrance);
        await desk.CheckEachIsThereOnceAsync();
    }

    [Fact]
    public async Task An_epoch_that_is_lost_between_the_steps_commits_neither_batch()
    {
        await using var desk = await OpenDeskAsync();
        await desk.HoldOneAndAppendTheNextAsync();
        var other = await desk.Clinic.Engine.Runner.TakeAsync("other", TimeSpan.FromMinutes(1), 10, TimeSpan.Zero, Cancellation);
        Assert.NotNull(other);

        desk.Database.LetGo();
        await desk.FinishAsync();

        Assert.Equal((StopReason.Lost, 1), (desk.Run.Stop, desk.Database.Writes));
        Assert.Equal(0, (await desk.ReadJobAsync()).Succeeded);
        desk.Epoch = other.Job.Epoch;
        await desk.CheckEachIsThereOnceAsync();
    }

    [Theory]
    [InlineData("Paused")]
    [InlineData("Cancelled")]
    [InlineData("HostStops")]
    public async Task A_stop_between_the_steps_keeps_both_batches(string reason)
    {
        await using var desk = await OpenDeskAsync();
        await desk.HoldOneAndAppendTheNextAsync();

        desk.Run.StopFor(Enum.Parse<StopReason>(reason));
        desk.Database.LetGo();
        await desk.FinishAsync();

        Assert.Equal(20, (await desk.ReadJobAsync()).Succeeded);
        await desk.CheckEachIsThereOnceAsync();
    }

    [Theory]
    [InlineData("Cancelled", true)]
    [InlineData("Cancelled", false)]
    [InlineData("HostStops", true)]
    [InlineData("HostStops", false)]
    public async Task A_stop_while_the_database_is_away_sends_nothing_behind_what_it_does_not_know(string reason, bool reachedIt)
    {
        await using var desk = await OpenDeskAsync();
        await desk.HoldOneAndAppendTheNextAsync();
        (reachedIt ? desk.Database.After : desk.Database.Before).Enqueue(true);

        desk.Run.StopFor(Enum.Parse<StopReason>(reason));
        desk.Database.LetGo();
        await desk.FinishAsync();

        // The mark covers what may be committed, and no more: this is where the archive is closed, or the next runner starts.
        var job = await desk.ReadJobAsync();
        Assert.Equal((reachedIt ? 10 : 0, 1), (job.Succeeded, desk.Database.Writes));
        Assert.Equal(desk.FirstMark, desk.Committer.Mark);
        Assert.Equal(0, desk.Run.Open);
        await desk.CheckEachIsThereOnceAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_process_that_ends_between_the_steps_leaves_what_the_next_one_goes_on_from(bool reachedIt)
    {
        await using var desk = await OpenDeskAsync();
        await desk.HoldOneAndAppendTheNextAsync(afterIt: reachedIt);

        // Nothing of it runs any more, and nobody releases the job.
        desk.LeaveAsIs();

        Assert.Equal(reachedIt ? 10 : 0, (await desk.ReadJobAsync()).Succeeded);
        await desk.CheckEachIsThereOnceAsync();
    }

    [Fact]
    public async Task A_database_that_refuses_ends_the_run_and_what_is_behind()
    {
        await using var desk = await OpenDeskAsync();
        await desk.HoldOneAndAppendTheNextAsync();
        desk.Database.Before.Enqueue(false);

        desk.Database.LetGo();
        var e = await Assert.ThrowsAsync<StorageException>(desk.FinishAsync);

        Assert.Equal(("test", StopReason.Broken, 1, 0), (e.Code, desk.Run.Stop, desk.Database.Writes, desk.Run.Open));
        await desk.CheckEachIsThereOnceAsync();
    }

    private async Task<Desk> OpenDeskAsync(int documents = 25, int bytes = 0)
    {
        var clinic = await OpenAsync(isStarted: false);
        var id = await clinic.CreateAsync(documents);
        return await Desk.OpenAsync(clinic, id, documents, bytes);
    }

    /// <summary>A committer of a job that was taken, on a database that can be held and a disk that can fail.</summary>
    private sealed class Desk : IAsyncDisposable
    {
        private readonly int _documents;
        private readonly int _bytes;
        private readonly List<DueRequest> _requests;
        private readonly EntryBuffer _buffer;
        private readonly EngineMeter _meter = new(TimeProvider.System);
        private readonly ArchiveWriter _archive;
        private readonly Task _running;
        private bool _isClosed;
        private bool _isLeft;

        private Desk(TestClinic clinic, TakenJob taken, List<DueRequest> requests, int documents, int bytes)
        {
            (Clinic, Epoch, _requests, _documents, _bytes) = (clinic, taken.Job.Epoch, requests, documents, bytes);
            Database = new HeldDatabase(clinic.Engine.Database);
            Disk = new FailingDisk(ArchiveWriter.Open(clinic.Engine.Files.ArchiveOf(taken.Job.Id)));
            Run = new RunningJob(taken, TimeProvider.System);
            _buffer = new EntryBuffer(Run.Buffers);
            _archive = new ArchiveWriter(Disk, taken.Mark, taken.Job.Id, clinic.Engine.OutputKeys);
            Committer = new Committer(
                Run, new RunnerStore(Database, clinic.Engine.Audit, TimeProvider.System, _ => []), new CommitState(default), _archive, new DocumentFileNames(),
                new RetryRule(TimeSpan.FromMilliseconds(10), 0, Random.Shared), new RateMeter(TimeProvider.System, 0), _meter, TimeProvider.System, () => { });
            Run.Push(requests);
            _running = Committer.RunAsync();
        }

        public TestClinic Clinic { get; }

        public HeldDatabase Database { get; }

        public FailingDisk Disk { get; }

        public RunningJob Run { get; }

        public Committer Committer { get; }

        public long Epoch { get; set; }

        public ArchiveMark FirstMark { get; private set; }

        public static async Task<Desk> OpenAsync(TestClinic clinic, Guid id, int documents, int bytes)
        {
            // A lease that is over at once: another runner may take the job whenever it likes.
            var taken = await clinic.Engine.Runner.TakeAsync("desk", TimeSpan.Zero, 10, TimeSpan.Zero, Cancellation);
            Assert.Equal(id, taken?.Job.Id);
            return new Desk(clinic, taken!, await clinic.Engine.Runner.ReadPendingAsync(id, -1, documents, ArrayPool<byte>.Shared, Cancellation), documents, bytes);
        }

        /// <summary>Ends attempts of some requests, all at once: on a busy machine the committer would take what is there of them.</summary>
        public void End(int from, int count)
        {
            var attempts = new List<Attempt>();
            for (var i = from; i < from + count; i++)
            {
                Run.Begin(_requests[i]);
                var file = _bytes > 0 ? new byte[_bytes] : TestClinic.Template($"Dear Patient {i}");
                _buffer.Write(file);
                attempts.Add(new Attempt.Made(_requests[i], TimeSpan.FromMilliseconds(1), [new MadeFile("docx", _buffer.Take(default))], null));
            }

            attempts.ForEach(Run.End);
        }

        /// <summary>Ten documents are on the disk, and their commit is held.</summary>
        public async Task HoldOneAsync(bool afterIt = false)
        {
            Run.Committed(_requests.Count - 20);
            Database.Hold(afterIt);
            End(0, 10);
            await Database.UntilHeldAsync();
            FirstMark = _archive.Mark;
            Assert.Equal(FirstMark, Committer.Mark);
        }

        /// <summary>And ten more are on the disk behind them.</summary>
        public async Task HoldOneAndAppendTheNextAsync(bool afterIt = false)
        {
            await HoldOneAsync(afterIt);
            var flushes = Disk.Flushes;
            End(10, 10);
            await TestClinic.UntilAsync(() => Task.FromResult(Disk.Flushes > flushes));
            Assert.Equal(FirstMark, Committer.Mark);
        }

        public async Task<BatchJob> ReadJobAsync() => (await Clinic.Operator.GetBatchJobAsync(Run.Job.Id, Cancellation))!;

        /// <summary>The lanes have no more.</summary>
        public async Task FinishAsync()
        {
            Run.Attempts.Writer.TryComplete();
            try
            {
                await _running.WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
            }
            finally
            {
                Close();
            }
        }

        /// <summary>As a process that was killed leaves it.</summary>
        public void LeaveAsIs()
        {
            _isLeft = true;
            Close();
        }

        /// <summary>Lets the engine do the rest, and looks at each document.</summary>
        public async Task CheckEachIsThereOnceAsync()
        {
            if (!_isLeft)
            {
                Assert.True(await Clinic.Engine.Runner.ReleaseAsync(new JobRelease(Run.Job.Id, Epoch, JobStatus.Processing, Run.Active), Cancellation));
            }

            Clinic.Engine.Start();
            var job = await Clinic.EndAsync(Run.Job.Id);

            Assert.Equal((JobStatus.Completed, _documents, 0), (job.Status, job.Succeeded, job.Failed));
            var archive = await Clinic.ReadArchiveAsync(job.Id);
            Assert.Equal(_documents + 2, archive.Count);
            Assert.All(Enumerable.Range(0, _documents), i => Assert.Equal($"Dear Patient {i}", archive[$"Letter {i}.docx"]));
        }

        public async ValueTask DisposeAsync()
        {
            Run.Attempts.Writer.TryComplete();
            if (!_isLeft)
            {
                (Disk.RefusesFlushes, Disk.RefusesWrites) = (false, false);
                Database.LetGo();
                await _running.ContinueWith(static _ => { }, TaskScheduler.Default);
            }

            Close();
            Run.Dispose();
            _meter.Dispose();
            await Clinic.DisposeAsync();
        }

        private void Close()
        {
            if (!_isClosed)
            {
                _isClosed = true;
                _archive.Dispose();
            }
        }
    }

    /// <summary>A real database whose commits can be held, before they are made or when they are, and that can fail then.</summary>
    private sealed class HeldDatabase(IBatchDatabase inner) : IBatchDatabase
    {
        private TaskCompletionSource? _gate;
        private TaskCompletionSource _held = new();
        private bool _isAfter;
        private int _writes;

        /// <summary>What the next writes fail with before they reach it: true for what passes.</summary>
        public ConcurrentQueue<bool> Before { get; } = new();

        /// <summary>The same once they are made.</summary>
        public ConcurrentQueue<bool> After { get; } = new();

        public int Writes => Volatile.Read(ref _writes);

        public void Hold(bool afterIt = false) => (_gate, _held, _isAfter) = (new(TaskCreationOptions.RunContinuationsAsynchronously), new(), afterIt);

        public Task UntilHeldAsync() => _held.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);

        public void LetGo() => Interlocked.Exchange(ref _gate, null)?.SetResult();

        public async Task<T> WriteAsync<T>(string? user, Func<BatchDb, Task<(T Result, bool Commit)>> write, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _writes);
            await HeldAsync(isAfter: false);
            Fail(Before);
            var result = await inner.WriteAsync(user, write, cancellation);
            await HeldAsync(isAfter: true);
            Fail(After);
            return result;
        }

        public Task MigrateAsync(CancellationToken cancellation) => inner.MigrateAsync(cancellation);

        public Task<T> ReadAsync<T>(string? user, Func<BatchDb, Task<T>> read, CancellationToken cancellation) => inner.ReadAsync(user, read, cancellation);

        public Task LockQueueAsync(BatchDb db, CancellationToken cancellation) => inner.LockQueueAsync(db, cancellation);

        public Task<QueueTail> ReadQueueTailAsync(BatchDb db, int rank, string user, CancellationToken cancellation) => inner.ReadQueueTailAsync(db, rank, user, cancellation);

        public Task<(long Sequence, string Hash)> ReadAuditTailAsync(BatchDb db, CancellationToken cancellation) => inner.ReadAuditTailAsync(db, cancellation);

        public Task InsertRequestsAsync(BatchDb db, Guid jobId, int firstIndex, IReadOnlyList<NewRequest> requests, CancellationToken cancellation)
            => inner.InsertRequestsAsync(db, jobId, firstIndex, requests, cancellation);

        public Task UpdateRequestsAsync(BatchDb db, Guid jobId, IReadOnlyList<RequestOutcome> outcomes, DateTimeOffset now, CancellationToken cancellation)
            => inner.UpdateRequestsAsync(db, jobId, outcomes, now, cancellation);

        public Task ReadRowsAsync(BatchDb db, FormattableString query, Action<IStoredRow> read, CancellationToken cancellation) => inner.ReadRowsAsync(db, query, read, cancellation);

        public Task<DateTimeOffset> NowAsync(BatchDb db, CancellationToken cancellation) => inner.NowAsync(db, cancellation);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static void Fail(ConcurrentQueue<bool> failures)
        {
            if (failures.TryDequeue(out var isTransient))
            {
                throw new StorageException("test", "The test ends the connection.", isTransient);
            }
        }

        private async Task HeldAsync(bool isAfter)
        {
            if (_isAfter == isAfter && _gate is { } gate)
            {
                _held.TrySetResult();
                await gate.Task;
            }
        }
    }

    /// <summary>A real file on a disk that can refuse.</summary>
    private sealed class FailingDisk(IRawFile inner) : IRawFile
    {
        private int _flushes;

        public volatile bool RefusesWrites;

        public volatile bool RefusesFlushes;

        public int Flushes => Volatile.Read(ref _flushes);

        public long Length => inner.Length;

        public int Read(Span<byte> bytes, long offset) => inner.Read(bytes, offset);

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            if (RefusesWrites)
            {
                // Half of it gets there.
                inner.Write(bytes[..(bytes.Length / 2)], offset);
                throw new IOException("No space left on device.");
            }

            inner.Write(bytes, offset);
        }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> parts, long offset)
        {
            if (RefusesWrites)
            {
                inner.Write([.. parts.Take(parts.Count / 2)], offset);
                throw new IOException("No space left on device.");
            }

            inner.Write(parts, offset);
        }

        public void SetLength(long bytes) => inner.SetLength(bytes);

        public void Flush()
        {
            if (RefusesFlushes)
            {
                throw new IOException("Input/output error.");
            }

            inner.Flush();
            Interlocked.Increment(ref _flushes);
        }

        public void Dispose() => inner.Dispose();
    }
}

public sealed class SqliteCommitterTests : CommitterContract
{
    protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresCommitterTests(PostgresFixture postgres) : CommitterContract
{
    protected override async Task<string?> NewDatabaseAsync() => await postgres.NewDatabaseAsync();
}
