using ClinicFlow.Batch.Delivery;
using Xunit;

namespace ClinicFlow.Batch.Tests.Delivery;

/// <summary>What every outbox promises. The tests of each store inherit these.</summary>
public abstract class OutboxContract
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(3);

    /// <summary>The outbox, empty when a test begins.</summary>
    protected abstract IOutbox Outbox { get; }

    /// <summary>Writes a message as the end of a job does, due at once.</summary>
    protected abstract Task<Guid> AddAsync(OutboxKind kind, string destination, JobEnded job);

    /// <summary>Lets time pass for the store.</summary>
    protected abstract Task AdvanceAsync(TimeSpan time);

    [Fact]
    public async Task A_message_is_taken_as_it_was_written_and_counted_as_attempted()
    {
        var id = await AddAsync(OutboxKind.Email, Sample.To, Sample.Ended);

        var message = Assert.Single(await TakeAsync());

        Assert.Equal(id, message.Id);
        Assert.Equal(Sample.Ended.JobId, message.JobId);
        Assert.Equal(OutboxKind.Email, message.Kind);
        Assert.Equal(Sample.To, message.Destination);
        Assert.Equal(Sample.Ended, message.Event);
        Assert.Equal(1, message.Attempts);
    }

    [Fact]
    public async Task A_message_under_a_lease_is_nobody_elses_until_it_runs_out()
    {
        await AddAsync(OutboxKind.Webhook, "https://receiver.example/", Sample.Ended);
        var first = Assert.Single(await TakeAsync());

        await AdvanceAsync(Lease - TimeSpan.FromSeconds(20));
        Assert.Empty(await TakeAsync());
        await AdvanceAsync(TimeSpan.FromSeconds(40));
        var second = Assert.Single(await TakeAsync());

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(2, second.Attempts);
    }

    [Fact]
    public async Task A_sent_message_is_never_due_again_and_cannot_be_marked_again()
    {
        var id = await AddAsync(OutboxKind.Email, Sample.To, Sample.Ended);
        await TakeAsync();

        Assert.True(await Outbox.MarkSentAsync(id, TestContext.Current.CancellationToken));
        await AdvanceAsync(TimeSpan.FromDays(30));

        Assert.Empty(await TakeAsync());
        Assert.False(await Outbox.MarkSentAsync(id, TestContext.Current.CancellationToken));
        Assert.False(await Outbox.MarkFailedAsync(id, "late: Too late.", TimeSpan.Zero, TestContext.Current.CancellationToken));
        Assert.Empty(await TakeAsync());
    }

    [Fact]
    public async Task A_failed_message_is_due_again_after_its_delay()
    {
        var id = await AddAsync(OutboxKind.Email, Sample.To, Sample.Ended);
        await TakeAsync();

        Assert.True(await Outbox.MarkFailedAsync(id, "smtp.unreachable: Down.", TimeSpan.FromHours(1), TestContext.Current.CancellationToken));

        await AdvanceAsync(TimeSpan.FromMinutes(59));
        Assert.Empty(await TakeAsync());
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(2, Assert.Single(await TakeAsync()).Attempts);
    }

    [Fact]
    public async Task A_message_put_back_without_delay_is_due_at_once()
    {
        var id = await AddAsync(OutboxKind.Email, Sample.To, Sample.Ended);
        await TakeAsync();

        await Outbox.MarkFailedAsync(id, "interrupted: Stopped.", TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Equal(id, Assert.Single(await TakeAsync()).Id);
    }

    [Fact]
    public async Task A_message_that_is_given_up_is_never_due_again()
    {
        var id = await AddAsync(OutboxKind.Email, Sample.To, Sample.Ended);
        await TakeAsync();

        Assert.True(await Outbox.MarkFailedAsync(id, "smtp.recipient_refused: No.", null, TestContext.Current.CancellationToken));
        await AdvanceAsync(TimeSpan.FromDays(30));

        Assert.Empty(await TakeAsync());
        Assert.False(await Outbox.MarkSentAsync(id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task No_more_are_taken_than_asked_for_the_oldest_first()
    {
        var ids = new List<Guid>();
        for (var index = 0; index < 5; index++)
        {
            ids.Add(await AddAsync(OutboxKind.Email, Sample.To, Sample.Ended));
            await AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        var first = await Outbox.TakeDueAsync(3, Lease, TestContext.Current.CancellationToken);
        var second = await Outbox.TakeDueAsync(3, Lease, TestContext.Current.CancellationToken);

        Assert.Equal(ids[..3].Order(), first.Select(message => message.Id).Order());
        Assert.Equal(ids[3..].Order(), second.Select(message => message.Id).Order());
    }

    [Fact]
    public async Task Takers_at_the_same_time_never_get_the_same_message()
    {
        for (var index = 0; index < 60; index++)
        {
            await AddAsync(OutboxKind.Email, Sample.To, Sample.Ended);
        }

        var takers = Enumerable.Range(0, 6).Select(_ => Task.Run(
            async () =>
            {
                var mine = new List<Guid>();
                while (await Outbox.TakeDueAsync(4, Lease, TestContext.Current.CancellationToken) is { Count: > 0 } taken)
                {
                    mine.AddRange(taken.Select(message => message.Id));
                }

                return mine;
            },
            TestContext.Current.CancellationToken));
        var all = (await Task.WhenAll(takers)).SelectMany(mine => mine).ToList();

        Assert.Equal(60, all.Count);
        Assert.Equal(60, all.Distinct().Count());
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_marked()
    {
        Assert.False(await Outbox.MarkSentAsync(Guid.NewGuid(), TestContext.Current.CancellationToken));
        Assert.False(await Outbox.MarkFailedAsync(Guid.NewGuid(), "x: X.", TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    private Task<IReadOnlyList<OutboxMessage>> TakeAsync() => Outbox.TakeDueAsync(10, Lease, TestContext.Current.CancellationToken);
}

/// <summary>The outbox that the sender's tests use keeps the promise too.</summary>
public sealed class MemoryOutboxTests : OutboxContract
{
    private readonly ManualClock _clock = new();
    private readonly MemoryOutbox _outbox;

    public MemoryOutboxTests() => _outbox = new MemoryOutbox(_clock);

    protected override IOutbox Outbox => _outbox;

    protected override Task<Guid> AddAsync(OutboxKind kind, string destination, JobEnded job) => Task.FromResult(_outbox.Add(kind, destination, job));

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }
}
