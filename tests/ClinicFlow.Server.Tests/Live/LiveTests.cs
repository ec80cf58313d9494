using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClinicFlow.Server.Tests.Live;

public sealed class LiveTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_tell_of_a_job_from_where_it_is_to_its_end()
    {
        await using var server = await StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var id = (await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 200, new JobSettings { MaxConcurrentProcessing = 1 }))).Id;
        var steps = await ReadEventsAsync(anna, id, null);
        Assert.Equal((JobStatus.Completed, 200), (steps[^1].Data.Status, steps[^1].Data.Succeeded));
        Assert.True(steps.Count >= 2);
        for (var i = 1; i < steps.Count; i++)
        {
            Assert.True(steps[i].Data.Percent >= steps[i - 1].Data.Percent);
        }

        Assert.All(steps, step => Assert.Equal(step.Data.Total, step.Data.Pending + step.Data.InFlight + step.Data.Retrying + step.Data.Processed));

        // Who comes back with the last step gets nothing twice, and is told not to come again.
        using var again = new HttpRequestMessage(HttpMethod.Get, $"batch-jobs/{id}/events");
        again.Headers.Add("Last-Event-ID", steps[^1].EventId);
        using var over = await anna.Http.SendAsync(again, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, over.StatusCode);
        Assert.Equal(JobStatus.Completed, Assert.Single(await ReadEventsAsync(anna, id, "earlier")).Data.Status);
    }

    [Fact]
    public async Task A_client_that_drops_and_returns_misses_nothing()
    {
        var gate = new SemaphoreSlim(0);
        await using var server = await StartAsync(new FaultyPdf((_, _) => gate.WaitAsync()));
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var id = (await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 6, new JobSettings { MaxConcurrentProcessing = 1 }))).Id;
        string? last = null;
        gate.Release(2);
        await foreach (var step in EventsAsync(anna, id, null))
        {
            last = step.EventId;
            if (step.Data.Succeeded == 2)
            {
                break;
            }
        }

        // While nobody listens the job goes on.
        gate.Release(2);
        while ((await anna.GetAsync<Job>($"batch-jobs/{id}")).Progress.Succeeded < 4)
        {
            await Task.Delay(20, Cancellation);
        }

        var first = true;
        await foreach (var step in EventsAsync(anna, id, last))
        {
            if (first)
            {
                Assert.Equal(4, step.Data.Succeeded);
                gate.Release(2);
                first = false;
            }

            last = step.EventId;
        }

        Assert.False(first);
        Assert.Equal(6, (await anna.EndAsync(id)).Progress.Succeeded);
    }

    [Fact]
    public async Task The_hub_streams_a_job_all_of_my_jobs_and_the_queue()
    {
        var gate = new SemaphoreSlim(0);
        await using var server = await StartAsync(new FaultyPdf((_, _) => gate.WaitAsync()));
        using var anna = await TestUser.NewAsync(server, "anna");
        using var bernd = await TestUser.NewAsync(server, "bernd");
        var template = await anna.AddTemplateAsync();
        var id = (await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 3, new JobSettings()))).Id;
        var foreign = (await bernd.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 3, new JobSettings()))).Id;
        await using var hub = await ConnectAsync(server, anna);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(2));

        var refused = await Assert.ThrowsAsync<HubException>(async () => await hub.StreamAsync<JobProgress>("WatchJob", foreign, limit.Token).FirstAsync(limit.Token));
        Assert.Contains("not-found", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, await hub.StreamAsync<QueueStats>("WatchQueue", limit.Token).Select(stats => stats.Processing + stats.TotalQueued).FirstAsync(limit.Token));

        var mine = new List<JobProgress>();
        var watching = Task.Run(
            async () =>
            {
                await foreach (var step in hub.StreamAsync<JobProgress>("WatchMyJobs", limit.Token))
                {
                    mine.Add(step);
                    if (step.Status == JobStatus.Completed)
                    {
                        return;
                    }
                }
            }, limit.Token);
        var steps = new List<JobProgress>();
        await foreach (var step in hub.StreamAsync<JobProgress>("WatchJob", id, limit.Token))
        {
            if (steps.Count == 0)
            {
                gate.Release(6);
            }

            steps.Add(step);
        }

        Assert.Equal((JobStatus.Completed, 3), (steps[^1].Status, steps[^1].Succeeded));
        await watching;
        Assert.All(mine, step => Assert.Equal(id, step.JobId));
    }

    [Fact]
    public async Task A_step_right_after_another_is_pushed_and_not_left_for_the_next_one()
    {
        var gate = new SemaphoreSlim(0);
        await using var server = await StartAsync(new FaultyPdf((_, _) => gate.WaitAsync()));
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(1));

        // The feed itself: who watches by it hears nothing but what is pushed.
        using var watcher = server.App.Services.GetRequiredService<ClinicFlow.Batch.BatchEngineHost>().Engine.Progress.Subscribe(null);
        await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 30, new JobSettings { MaxConcurrentProcessing = 1 }));
        for (var done = 1; done < 10; done++)
        {
            // Each is committed so soon after the one before that its step comes too early; then the next document hangs.
            gate.Release();
            while ((await watcher.NextAsync(limit.Token)).Succeeded < done)
            {
            }
        }

        gate.Release(30);
        while ((await watcher.NextAsync(limit.Token)).Status != Batch.Jobs.JobStatus.Completed)
        {
        }
    }

    [Fact]
    public async Task Where_live_updates_are_off_nothing_is_pushed()
    {
        await using var server = await StartAsync(settings: [("BatchProcessing:EnableRealTimeUpdates", "false")]);
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var id = (await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 2))).Id;
        Assert.Equal("live-updates-off", (await anna.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Get, $"batch-jobs/{id}/events")).Code);
        await using var hub = await ConnectAsync(server, anna);
        foreach (var method in new[] { "WatchMyJobs", "WatchQueue" })
        {
            var refused = await Assert.ThrowsAsync<HubException>(async () => await hub.StreamAsync<object>(method, Cancellation).FirstAsync(Cancellation));
            Assert.Contains("live-updates-off", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(2, (await anna.EndAsync(id)).Progress.Succeeded);
    }

    [Fact]
    public async Task Nobody_connects_who_is_not_signed_in_or_may_not_read_jobs()
    {
        await using var server = await StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna", Role.User, Scopes.TemplatesRead);
        foreach (var key in new[] { null, "cf_wrong", anna.Key })
        {
            await using var hub = new HubConnectionBuilder().WithUrl(new Uri(server.Address, "/hubs/batch-jobs"), options =>
            {
                if (key is not null)
                {
                    options.Headers.Add("Authorization", "Bearer " + key);
                }
            }).Build();
            var refused = await Assert.ThrowsAsync<HttpRequestException>(() => hub.StartAsync(Cancellation));
            Assert.Equal(key == anna.Key ? HttpStatusCode.Forbidden : HttpStatusCode.Unauthorized, refused.StatusCode);
        }
    }

    private static Task<TestServer> StartAsync(IPdfConverter? pdf = null, IEnumerable<(string, string)>? settings = null)
        => TestServer.StartAsync(settings: settings, configure: builder => builder.Services.AddSingleton(pdf ?? new FaultyPdf()));

    private static async Task<HubConnection> ConnectAsync(TestServer server, TestUser user)
    {
        var hub = new HubConnectionBuilder().WithUrl(new Uri(server.Address, "/hubs/batch-jobs"), options => options.Headers.Add("Authorization", "Bearer " + user.Key))
            .AddJsonProtocol(json => Wire.Configure(json.PayloadSerializerOptions)).Build();
        await hub.StartAsync(Cancellation);
        return hub;
    }

    private static async Task<List<SseItem<JobProgress>>> ReadEventsAsync(TestUser user, Guid id, string? lastId)
    {
        var steps = new List<SseItem<JobProgress>>();
        await foreach (var step in EventsAsync(user, id, lastId))
        {
            steps.Add(step);
        }

        return steps;
    }

    private static async IAsyncEnumerable<SseItem<JobProgress>> EventsAsync(TestUser user, Guid id, string? lastId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"batch-jobs/{id}/events");
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        using var answer = await user.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        await using var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
        await foreach (var item in SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize<JobProgress>(data, Wire.Json)!).EnumerateAsync(Cancellation))
        {
            Assert.Equal("progress", item.EventType);
            yield return item;
        }
    }
}
