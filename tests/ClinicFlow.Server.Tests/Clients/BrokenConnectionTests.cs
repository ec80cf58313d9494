using System.Net;
using System.Text;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ClinicFlow.Server.Tests.Clients;

/// <summary>What the client does where the way to the server is bad, or something else answers.</summary>
public sealed class BrokenConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_download_goes_on_where_the_connection_broke()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        var job = await clinic.EndAsync((await clinic.JobAsync(400)).Id);
        await using var direct = await clinic.Anna.Jobs.OpenArchiveAsync(job.Id, cancellation: Cancellation);
        var expected = await RouteTests.ReadAsync(direct);
        await using var cable = new Cable(clinic.Server.Address);
        var client = clinic.Connect(address: cable.Address);

        cable.CutAfter(expected.Length / 3);
        await using var download = await client.Jobs.OpenArchiveAsync(job.Id, cancellation: Cancellation);
        var received = await RouteTests.ReadAsync(download);

        Assert.Equal(expected, received);
        Assert.True(cable.Connections >= 2);
        Assert.Equal(expected.Length, download.Length);
    }

    [Fact]
    public async Task A_download_that_was_begun_before_goes_on_and_begins_anew_where_the_file_changed()
    {
        await using var clinic = await ClientClinic.OpenAsync();
        var job = await clinic.EndAsync((await clinic.JobAsync(3)).Id);
        await using var whole = await clinic.Anna.Jobs.OpenArchiveAsync(job.Id, cancellation: Cancellation);
        var expected = await RouteTests.ReadAsync(whole);

        await using var rest = await clinic.Anna.Jobs.OpenArchiveAsync(job.Id, new DownloadStart(1_000, whole.ETag!), Cancellation);
        await using var other = await clinic.Anna.Jobs.OpenArchiveAsync(job.Id, new DownloadStart(1_000, "\"another\""), Cancellation);
        await using var beyond = await clinic.Anna.Jobs.OpenArchiveAsync(job.Id, new DownloadStart(expected.Length, whole.ETag!), Cancellation);

        Assert.Equal((1_000, expected.Length), (rest.Offset, rest.Length));
        Assert.Equal(expected[1_000..], await RouteTests.ReadAsync(rest));
        Assert.Equal(0, other.Offset);
        Assert.Equal(expected, await RouteTests.ReadAsync(other));
        Assert.Equal(expected, await RouteTests.ReadAsync(beyond));
    }

    [Fact]
    public async Task A_file_that_becomes_another_on_the_way_is_no_file()
    {
        var requests = 0;
        var hasBegun = new TaskCompletionSource();
        await using var server = await StandIn.StartAsync(async http =>
        {
            requests++;
            http.Response.Headers.ETag = $"\"{requests}\"";
            http.Response.ContentLength = 100_000;
            await http.Response.Body.WriteAsync(new byte[requests == 1 ? 50_000 : 100_000]);
            if (requests == 1)
            {
                await http.Response.Body.FlushAsync();
                await hasBegun.Task;
                http.Abort();
            }
        });
        await using var client = new ClinicFlowClient(server.Address, "key");

        await using var download = await client.Jobs.OpenArchiveAsync(Guid.NewGuid(), cancellation: Cancellation);
        hasBegun.SetResult();

        await Assert.ThrowsAsync<InvalidDataException>(() => RouteTests.ReadAsync(download));
        Assert.Equal(2, requests);
    }

    [Fact]
    public async Task A_download_that_stands_still_is_a_broken_one()
    {
        var requests = 0;
        await using var server = await StandIn.StartAsync(async http =>
        {
            var isFirst = Interlocked.Increment(ref requests) == 1;
            http.Response.Headers.ETag = "\"same\"";
            http.Response.StatusCode = isFirst ? 200 : 206;
            http.Response.Headers.ContentRange = isFirst ? default : "bytes 4-7/8";
            http.Response.ContentLength = isFirst ? 8 : 4;
            await http.Response.Body.WriteAsync(isFirst ? "1234"u8.ToArray() : "5678"u8.ToArray());
            await http.Response.Body.FlushAsync();
            if (isFirst)
            {
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        });
        await using var client = new ClinicFlowClient(server.Address, "key", new ClinicFlowClientOptions { StallTimeout = TimeSpan.FromMilliseconds(300) });

        await using var download = await client.Jobs.OpenMergedAsync(Guid.NewGuid(), cancellation: Cancellation);

        Assert.Equal("12345678", Encoding.ASCII.GetString(await RouteTests.ReadAsync(download)));
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_where_that_does_no_harm()
    {
        var requests = new List<string>();
        await using var server = await StandIn.StartAsync(async http =>
        {
            requests.Add($"{http.Request.Method} {http.Request.Headers["Idempotency-Key"]}");
            http.Response.StatusCode = requests.Count % 2 == 1 ? StatusCodes.Status429TooManyRequests : StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "0";
            await http.Response.WriteAsync("busy");
        });
        await using var client = new ClinicFlowClient(server.Address, "key", new ClinicFlowClientOptions { MaxRetries = 3 });

        await Assert.ThrowsAsync<ClinicFlowApiException>(() => client.Jobs.GetAsync(Guid.NewGuid(), Cancellation));
        var reads = requests.Count;
        var refused = await Assert.ThrowsAsync<ClinicFlowApiException>(() => client.Jobs.CancelAsync(Guid.NewGuid(), Cancellation));
        var controls = requests.Count - reads;
        await Assert.ThrowsAsync<ClinicFlowApiException>(() => client.Jobs.CreateAsync(new NewJob { Name = "n", TemplateId = Guid.NewGuid() }, cancellation: Cancellation));
        var creations = requests.Skip(reads + controls).ToArray();

        Assert.Equal((4, 1), (reads, controls));
        Assert.Equal(TimeSpan.Zero, refused.RetryAfter);
        Assert.True(refused.IsTransient);
        Assert.Equal(4, creations.Length);
        Assert.Single(creations.Distinct());
        Assert.NotEqual("POST ", creations[0]);
    }

    [Fact]
    public async Task A_long_wait_is_left_to_the_caller()
    {
        var requests = 0;
        await using var server = await StandIn.StartAsync(http =>
        {
            requests++;
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        });
        await using var client = new ClinicFlowClient(server.Address, "key");

        var busy = await Assert.ThrowsAsync<ClinicFlowApiException>(() => client.Queue.GetStatsAsync(Cancellation));

        Assert.Equal((1, TimeSpan.FromHours(1), "http-503"), (requests, busy.RetryAfter, busy.Code));
    }

    [Theory]
    [InlineData(502, "text/html", "<h1>Bad gateway</h1>", "http-502")]
    [InlineData(404, "application/problem+json", "{", "http-404")]
    [InlineData(418, "application/problem+json", "{\"title\":\"no code\"}", "http-418")]
    [InlineData(302, "text/html", "", "http-302")]
    [InlineData(200, "text/html", "<h1>Welcome</h1>", "answer-not-understood")]
    [InlineData(200, "application/json", "{\"items\":[]}", "answer-not-understood")]
    [InlineData(200, "application/json", "null", "answer-not-understood")]
    public async Task What_is_no_answer_of_ours_has_a_code_too(int status, string type, string body, string code)
    {
        await using var server = await StandIn.StartAsync(async http =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = type;
            http.Response.Headers.Location = status == 302 ? "http://127.0.0.1:1/elsewhere" : default;
            await http.Response.WriteAsync(body);
        });
        await using var client = new ClinicFlowClient(server.Address, "key");

        var refused = await Assert.ThrowsAsync<ClinicFlowApiException>(() => client.Jobs.GetAsync(Guid.NewGuid(), Cancellation));

        Assert.Equal((code, (HttpStatusCode)status), (refused.Code, refused.Status));
    }

    [Fact]
    public async Task What_a_newer_server_adds_is_passed_over()
    {
        await using var server = await StandIn.StartAsync(http => http.Response.WriteAsJsonAsync(new { isIntact = true, entries = 3, message = "", more = new { isNew = true } }));
        await using var client = new ClinicFlowClient(server.Address, "key");

        Assert.Equal(3, (await client.Audit.VerifyAsync(Cancellation)).Entries);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_one_that_cannot_be_reached()
    {
        await using var server = await StandIn.StartAsync(http => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        await using var client = new ClinicFlowClient(server.Address, "key", new ClinicFlowClientOptions { AnswerTimeout = TimeSpan.FromMilliseconds(200) });

        var slow = await Assert.ThrowsAsync<HttpRequestException>(() => client.Session.GetAsync(Cancellation));

        Assert.IsType<TimeoutException>(slow.InnerException);
    }

    [Fact]
    public async Task No_server_is_an_exception_of_the_connection()
    {
        await using var cable = new Cable(new Uri("http://127.0.0.1:1"));
        cable.Cut();
        await using var client = new ClinicFlowClient(cable.Address, "key");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Session.GetAsync(Cancellation));
        await Assert.ThrowsAsync<HttpRequestException>(async () => await client.Jobs.WatchAsync(Guid.NewGuid(), Cancellation).FirstAsync(Cancellation));
    }

    [Theory]
    [InlineData("attachment; filename=\"..\\\\..\\\\evil.exe\"", "evil.exe")]
    [InlineData("attachment; filename=\"../../etc/passwd\"", "passwd")]
    [InlineData("attachment; filename=\"..\"", "")]
    [InlineData("attachment; filename*=UTF-8''%2Fetc%2Fp%C3%A4ss", "päss")]
    public async Task The_name_of_a_file_leads_into_no_folder(string disposition, string name)
    {
        await using var server = await StandIn.StartAsync(http =>
        {
            http.Response.Headers.ContentDisposition = disposition;
            return http.Response.WriteAsync("x");
        });
        await using var client = new ClinicFlowClient(server.Address, "key");

        await using var download = await client.Jobs.OpenArchiveAsync(Guid.NewGuid(), cancellation: Cancellation);

        Assert.Equal(name, download.FileName);
    }

    /// <summary>Something that answers in the server's place.</summary>
    private sealed class StandIn(WebApplication app) : IAsyncDisposable
    {
        public Uri Address => new(app.Urls.First());

        public static async Task<StandIn> StartAsync(RequestDelegate answer)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            app.Run(answer);
            await app.StartAsync(Cancellation);
            return new StandIn(app);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
