using System.Collections.Concurrent;
using System.Net;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using Xunit;

namespace ClinicFlow.Server.Tests.Clients;

/// <summary>Live progress as the client gives it.</summary>
public sealed class WatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task A_job_is_watched_to_its_end_whether_the_server_pushes_or_not(string pushes)
    {
        await using var clinic = await ClientClinic.OpenAsync(("BatchProcessing:EnableRealTimeUpdates", pushes));
        var client = clinic.Connect(options: new ClinicFlowClientOptions { PollInterval = TimeSpan.FromMilliseconds(50) });
        var job = await clinic.PausedJobAsync(2_000);

        var steps = new List<JobProgress>();
        await foreach (var step in client.Jobs.WatchAsync(job.Id, Cancellation))
        {
            steps.Add(step);
            if (steps.Count == 1)
            {
                await clinic.Anna.Jobs.ResumeAsync(job.Id, Cancellation);
            }
        }

        Assert.Equal(JobStatus.Paused, steps[0].Status);
        Assert.Equal((JobStatus.Completed, 100d, 2_000), (steps[^1].Status, steps[^1].Percent, steps[^1].Succeeded));
        Assert.Equal(steps.Select(step => step.Percent).Order(), steps.Select(step => step.Percent));
        Assert.All(steps.SkipLast(1), step => Assert.NotEqual(JobStatus.Completed, step.Status));
    }

    [Fact]
    public async Task A_job_that_has_ended_gives_its_end_at_once()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        var job = await clinic.EndAsync((await clinic.JobAsync(1)).Id);

        var steps = await clinic.Anna.Jobs.WatchAsync(job.Id, Cancellation).ToListAsync(Cancellation);

        Assert.Equal(JobStatus.Completed, Assert.Single(steps).Status);
    }

    [Fact]
    public async Task A_watch_that_was_cut_off_comes_back_and_misses_nothing()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        await using var cable = new Cable(clinic.Server.Address);
        var client = clinic.Connect(address: cable.Address);
        var job = await clinic.PausedJobAsync();

        var steps = new ConcurrentQueue<JobProgress>();
        var watching = Task.Run(async () =>
        {
            await foreach (var step in client.Jobs.WatchAsync(job.Id, Cancellation))
            {
                steps.Enqueue(step);
            }
        }, Cancellation);
        await UntilAsync(() => !steps.IsEmpty);
        await Task.Delay(300, Cancellation);
        Assert.False(client.Live.IsAway);
        cable.Cut();
        await UntilAsync(() => client.Live.IsAway);
        await clinic.Anna.Jobs.ResumeAsync(job.Id, Cancellation);
        await clinic.EndAsync(job.Id);
        Assert.DoesNotContain(steps, step => step.Status == JobStatus.Completed);
        cable.Mend();
        await watching;

        Assert.False(client.Live.IsAway);
        Assert.Equal(JobStatus.Completed, steps.Last().Status);
        Assert.Equal(steps.Select(step => step.Percent).Order(), steps.Select(step => step.Percent));
    }

    [Fact]
    public async Task A_watch_gives_up_a_server_that_is_away_for_too_long()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        await using var cable = new Cable(clinic.Server.Address);
        var client = clinic.Connect(address: cable.Address, options: new ClinicFlowClientOptions { ReconnectFor = TimeSpan.FromMilliseconds(500) });
        var job = await clinic.PausedJobAsync();

        await using var steps = client.Jobs.WatchAsync(job.Id, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await steps.MoveNextAsync());
        cable.Cut();

        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            while (await steps.MoveNextAsync())
            {
                Assert.Equal(JobStatus.Paused, steps.Current.Status);
            }
        });
    }

    [Fact]
    public async Task A_watch_ends_when_the_sign_in_does()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        await using var cable = new Cable(clinic.Server.Address);
        var key = await clinic.Anna.ApiKeys.CreateAsync(new NewApiKey("short", [Scopes.JobsRead]), Cancellation);
        var client = clinic.Connect(key.Key, cable.Address);
        var job = await clinic.PausedJobAsync();

        await using var steps = client.Jobs.WatchAsync(job.Id, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await steps.MoveNextAsync());
        await clinic.Anna.ApiKeys.RevokeAsync(key.ApiKey.Id, Cancellation);
        cable.Cut();
        cable.Mend();

        var refused = await Assert.ThrowsAsync<ClinicFlowApiException>(async () =>
        {
            while (await steps.MoveNextAsync())
            {
                Assert.Equal(JobStatus.Paused, steps.Current.Status);
            }
        });
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
    }

    [Fact]
    public async Task Somebody_elses_job_cannot_be_watched()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        var other = clinic.Connect(await ClientClinic.KeyForAsync(clinic.Server, clinic.Administrator, "otto"));
        var job = await clinic.PausedJobAsync();

        var refused = await Assert.ThrowsAsync<ClinicFlowApiException>(async () => await other.Jobs.WatchAsync(job.Id, Cancellation).FirstAsync(Cancellation));
        var events = await Assert.ThrowsAsync<ClinicFlowApiException>(async () => await other.Jobs.EventsAsync(job.Id, cancellation: Cancellation).FirstAsync(Cancellation));

        Assert.Equal("not-found", refused.Code);
        Assert.Equal("not-found", events.Code);
    }

    [Fact]
    public async Task All_my_jobs_are_watched_new_ones_too_and_an_end_while_the_connection_was_broken_is_told()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        await using var cable = new Cable(clinic.Server.Address);
        var client = clinic.Connect(address: cable.Address);
        var first = await clinic.PausedJobAsync();

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var last = new ConcurrentDictionary<Guid, JobProgress>();
        var watching = Task.Run(async () =>
        {
            await foreach (var step in client.Jobs.WatchMyJobsAsync(ends.Token))
            {
                last[step.JobId] = step;
            }
        }, Cancellation);
        await UntilAsync(() => last.ContainsKey(first.Id));
        var second = await clinic.JobAsync(5);
        await UntilAsync(() => last.TryGetValue(second.Id, out var step) && step.Status == JobStatus.Completed);
        cable.Cut();
        await clinic.Anna.Jobs.CancelAsync(first.Id, Cancellation);
        await clinic.EndAsync(first.Id);
        Assert.Equal(JobStatus.Paused, last[first.Id].Status);
        cable.Mend();
        await UntilAsync(() => last[first.Id].Status == JobStatus.Cancelled);

        await ends.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    [Fact]
    public async Task The_queue_is_watched_as_it_changes()
    {
        await using var clinic = await ClientClinic.OpenAsync();

        await using var stats = clinic.Anna.Queue.WatchAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await stats.MoveNextAsync());
        Assert.Equal(0, stats.Current.Paused);
        await clinic.PausedJobAsync();
        while (stats.Current.Paused == 0)
        {
            Assert.True(await stats.MoveNextAsync());
        }

        Assert.Equal(1, stats.Current.Paused);
    }

    [Fact]
    public async Task Events_go_on_after_the_last_that_came()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        var job = await clinic.EndAsync((await clinic.JobAsync(3)).Id);

        var events = await clinic.Anna.Jobs.EventsAsync(job.Id, cancellation: Cancellation).ToListAsync(Cancellation);
        var after = await clinic.Anna.Jobs.EventsAsync(job.Id, events[^1].EventId, Cancellation).ToListAsync(Cancellation);

        Assert.Equal(("progress", JobStatus.Completed), (events[^1].EventType, events[^1].Data.Status));
        Assert.Empty(after);
    }

    [Fact]
    public async Task Many_watches_share_one_connection_to_the_hub()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        await using var cable = new Cable(clinic.Server.Address);
        var client = clinic.Connect(address: cable.Address);
        var job = await clinic.PausedJobAsync(500);

        var watches = Enumerable.Range(0, 20).Select(_ => client.Jobs.WatchAsync(job.Id, Cancellation).LastAsync(Cancellation).AsTask()).ToArray();
        await Task.Delay(500, Cancellation);
        var connections = cable.Connections;
        await clinic.Anna.Jobs.ResumeAsync(job.Id, Cancellation);
        var ends = await Task.WhenAll(watches);

        Assert.All(ends, end => Assert.Equal(JobStatus.Completed, end.Status));
        Assert.True(cable.Connections <= connections, "No watch made a connection of its own when the job moved.");
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(20, Cancellation);
        }
    }
}
