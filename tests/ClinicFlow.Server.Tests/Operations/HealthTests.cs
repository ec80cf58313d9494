using System.Net;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Tests.Clients;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Xunit;

namespace ClinicFlow.Server.Tests.Operations;

/// <summary>What a load balancer asks: whether the process lives, and whether requests should be sent to it.</summary>
public sealed class HealthTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_database_is_away_a_server_lives_and_is_not_ready_and_then_goes_on()
    {
        var direct = new NpgsqlConnectionStringBuilder(await postgres.NewDatabaseAsync());
        await using var cable = new Cable(new Uri($"http://127.0.0.1:{direct.Port}"));
        var gate = new SemaphoreSlim(2);
        await using var server = await TestServer.StartAsync(
            new NpgsqlConnectionStringBuilder(direct.ToString()) { Port = cable.Address.Port, Timeout = 2, CommandTimeout = 5 }.ToString(),
            configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf((_, _) => gate.WaitAsync())));
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var id = (await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 6, new JobSettings { MaxConcurrentProcessing = 1 }))).Id;
        Assert.Equal(HttpStatusCode.OK, await AskUntilAsync(server, "/health/ready", HttpStatusCode.OK));

        cable.Cut();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskUntilAsync(server, "/health/ready", HttpStatusCode.ServiceUnavailable));
        Assert.Equal(HttpStatusCode.OK, await AskUntilAsync(server, "/health/live", HttpStatusCode.OK));
        using (var refused = await anna.Http.GetAsync("batch-jobs", Cancellation))
        {
            Assert.Equal("database-unreachable", (await TestUser.ProblemAsync(HttpStatusCode.ServiceUnavailable, refused)).Code);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        cable.Mend();
        gate.Release(10);
        Assert.Equal(HttpStatusCode.OK, await AskUntilAsync(server, "/health/ready", HttpStatusCode.OK));
        Assert.Equal((JobStatus.Completed, 6), await anna.EndAsync(id) is { } job ? (job.Status, job.Progress.Succeeded) : default);
    }

    [Fact]
    public async Task A_server_that_stops_is_not_ready_any_more()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await AskUntilAsync(server, "/health/ready", HttpStatusCode.OK));

        // The signal that a stop has begun; this host then stops when the test ends.
        server.App.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskUntilAsync(server, "/health/ready", HttpStatusCode.ServiceUnavailable));
        Assert.Equal(HttpStatusCode.OK, await AskUntilAsync(server, "/health/live", HttpStatusCode.OK));
    }

    [Fact]
    public async Task Probes_are_not_counted_as_the_requests_of_anybody()
    {
        await using var server = await TestServer.StartAsync(settings: [("Server:RequestsPerMinute", "10")]);

        // Probes come without an end and are not counted as somebody's requests.
        for (var i = 0; i < 60; i++)
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            Assert.Equal("Healthy", await http.GetStringAsync(i % 2 == 0 ? "/health/live" : "/health/ready", Cancellation));
        }
    }

    private static async Task<HttpStatusCode> AskUntilAsync(TestServer server, string path, HttpStatusCode wanted)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        for (var i = 0; ; i++)
        {
            using var answer = await http.GetAsync(path, Cancellation);
            if (answer.StatusCode == wanted || i == 300)
            {
                return answer.StatusCode;
            }

            await Task.Delay(100, Cancellation);
        }
    }
}
