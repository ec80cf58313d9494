using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Progress;
using Xunit;

namespace ClinicFlow.Batch.Tests.Engine;

public sealed class ProgressFeedTests
{
    private const int Rounds = 40_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_step_that_comes_while_the_one_before_is_being_taken_is_told_as_well()
    {
        var feed = new ProgressFeed();
        using var watcher = feed.Subscribe(null);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(5));
        var job = Guid.NewGuid();
        var seen = 0;
        var watching = Task.Run(
            async () =>
            {
                while (seen < Rounds)
                {
                    var step = await watcher.NextAsync(limit.Token);
                    Assert.True(step.Succeeded > seen);
                    Volatile.Write(ref seen, step.Succeeded);
                }
            }, limit.Token);

        // Two steps at once, the second of them while the first is being taken; then nothing until both are known.
        for (var round = 2; round <= Rounds && !watching.IsCompleted; round += 2)
        {
            feed.Publish(Step(job, round - 1));
            feed.Publish(Step(job, round));
            while (Volatile.Read(ref seen) < round && !watching.IsCompleted)
            {
                Thread.SpinWait(20);
            }
        }

        await watching;
        Assert.Equal(Rounds, seen);
    }

    [Fact]
    public async Task Who_is_slow_gets_the_newest_step_of_every_job()
    {
        var feed = new ProgressFeed();
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        using var all = feed.Subscribe(null);
        using var one = feed.Subscribe(second);
        for (var done = 1; done <= 3; done++)
        {
            feed.Publish(Step(first, done));
            feed.Publish(Step(second, 10 * done));
        }

        Assert.Equal((first, 3), await NextAsync(all));
        Assert.Equal((second, 30), await NextAsync(all));
        Assert.Equal((second, 30), await NextAsync(one));
        var none = all.NextAsync(Cancellation).AsTask();
        Assert.False(none.IsCompleted);
        feed.Publish(Step(first, 4));
        Assert.Equal(4, (await none).Succeeded);
    }

    [Fact]
    public async Task A_step_that_was_on_its_way_while_something_newer_was_read_is_not_told()
    {
        var gate = new SemaphoreSlim(3);
        await using var clinic = await TestClinic.OpenAsync(null, parts: new BatchEngineParts { Pdf = new FaultyPdf((_, _) => gate.WaitAsync()) });
        var id = await clinic.CreateAsync(6, new BatchJobSettings { MaxConcurrentProcessing = 1 });
        await TestClinic.UntilAsync(async () => (await clinic.Anna.GetProgressAsync(id, Cancellation))!.Succeeded == 3);

        var steps = new List<JobProgress>();
        await foreach (var step in clinic.Anna.WatchAsync(id, Cancellation))
        {
            if (steps.Count == 0)
            {
                clinic.Engine.Progress.Publish(step with { Succeeded = 1 });
                gate.Release(3);
            }

            steps.Add(step);
        }

        Assert.Equal((3, 6), (steps[0].Succeeded, steps[^1].Succeeded));
        Assert.Equal(steps.Select(step => step.Processed).Order(), steps.Select(step => step.Processed));
    }

    private static async Task<(Guid Job, int Succeeded)> NextAsync(ProgressFeed.Watcher watcher)
    {
        var step = await watcher.NextAsync(Cancellation);
        return (step.JobId, step.Succeeded);
    }

    private static JobProgress Step(Guid job, int succeeded) => new() { JobId = job, Status = JobStatus.Processing, Total = Rounds, Succeeded = succeeded, Failed = 0, Retrying = 0 };
}
