using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using Xunit;

namespace ClinicFlow.Server.Tests.Operations;

public sealed class TelemetryTests
{
    private const string Metrics = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_hold_the_queue_by_priority_documents_by_outcome_render_times_retries_and_bytes()
    {
        // The first two tries fail in a way that passes.
        await using var server = await TestServer.StartAsync(configure: builder => builder.Services.AddSingleton<IPdfConverter>(
            new FaultyPdf((call, _) => call <= 2 ? Task.FromException(new PdfConversionException("pdf-engine-busy", "busy", isTransient: true)) : Task.CompletedTask)));
        using var administrator = await TestUser.AdministratorAsync(server);
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var job = await anna.EndAsync((await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 4, new JobSettings()))).Id);
        Assert.Equal((JobStatus.Completed, 4), (job.Status, job.Progress.Succeeded));
        var bad = TestUser.Letters(template.Id, 1);
        bad = bad with { Requests = [bad.Requests[0] with { MergeData = [] }] };
        Assert.Equal(1, (await anna.EndAsync((await anna.PostAsync<Job>("batch-jobs", bad)).Id)).Progress.Failed);

        // The servers of other tests in this process count into instruments of the same names.
        var text = await administrator.Http.GetStringAsync("/metrics", Cancellation);
        foreach (var priority in new[] { "urgent", "high", "normal", "low" })
        {
            Assert.Matches($"clinicflow_queue_jobs\\{{[^}}]*priority=\"{priority}\"[^}}]*\\}} [0-9]", text);
        }

        Assert.Matches("clinicflow_documents_total\\{[^}]*outcome=\"succeeded\"[^}]*\\} [1-9]", text);
        Assert.Matches("clinicflow_documents_total\\{[^}]*outcome=\"failed\"[^}]*\\} [1-9]", text);
        Assert.Matches("clinicflow_retries_total(\\{[^}]*\\})? [1-9]", text);
        Assert.Matches("clinicflow_archive_bytes_total(\\{[^}]*\\})? [1-9]", text);
        var buckets = Regex.Matches(text, "clinicflow_render_duration_seconds_bucket\\{[^}]*le=\"([^\"]+)\"[^}]*\\} ([0-9]+)").Select(match => (match.Groups[1].Value, long.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture))).ToArray();
        Assert.Contains(buckets, bucket => bucket.Item1 == "0.01");
        Assert.Contains(buckets, bucket => bucket is { Item1: "+Inf", Item2: > 0 });
        Assert.DoesNotContain("Patient", text, StringComparison.Ordinal);
        Assert.DoesNotContain("anna", text, StringComparison.Ordinal);

        var metrics = await anna.GetAsync<PerformanceMetrics>("metrics");
        Assert.Equal((4, 1, 2), (metrics.DocumentsSucceeded, metrics.DocumentsFailed, metrics.Retries));
        Assert.True(metrics.ArchiveBytes > 0);
    }

    [Fact]
    public async Task Metrics_are_open_where_the_settings_say_so_and_nowhere_else()
    {
        await using var closed = await TestServer.StartAsync();
        await using var open = await TestServer.StartAsync(settings: [("Server:OpenMetrics", "true")]);
        using var http = new HttpClient();

        using var refused = await http.GetAsync(new Uri(closed.Address, "/metrics"), Cancellation);
        await TestUser.ProblemAsync(HttpStatusCode.Unauthorized, refused);
        Assert.Contains("clinicflow_queue_jobs", await UntilAsync(() => http.GetStringAsync(new Uri(open.Address, "/metrics"), Cancellation), "clinicflow_queue_jobs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Traces_and_metrics_reach_a_collector()
    {
        string[] names = ["clinicflow", "clinicflow.documents", "clinicflow.render.duration", "clinicflow.queue.jobs", "clinicflow.archive.bytes", "http.server.request.duration"];
        await using var collector = await Collector.StartAsync();
        await using (var server = await TestServer.StartAsync(settings: [("Server:OtlpEndpoint", collector.Address)]))
        {
            using var anna = await TestUser.NewAsync(server, "anna");
            var template = await anna.AddTemplateAsync();
            await anna.EndAsync((await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 3))).Id);

            // What goes out once a minute otherwise.
            for (var i = 0; i < 200 && !collector.TextOf(Metrics).Contains("clinicflow.queue.jobs", StringComparison.Ordinal); i++)
            {
                server.App.Services.GetRequiredService<MeterProvider>().ForceFlush();
                await Task.Delay(100, Cancellation);
            }
        }

        // What is left of traces is sent when the server stops.
        var metrics = collector.TextOf(Metrics);
        var traces = collector.TextOf("/opentelemetry.proto.collector.trace.v1.TraceService/Export");
        foreach (var name in names)
        {
            Assert.Contains(name, metrics, StringComparison.Ordinal);
        }

        Assert.Contains("api/v1/batch-jobs", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("Patient 1", metrics + traces, StringComparison.Ordinal);
        Assert.DoesNotContain("cf_", metrics + traces, StringComparison.Ordinal);
    }

    private static async Task<string> UntilAsync(Func<Task<string>> ask, string wanted)
    {
        var text = "";
        for (var i = 0; i < 200 && !(text = await ask()).Contains(wanted, StringComparison.Ordinal); i++)
        {
            await Task.Delay(100, Cancellation);
        }

        return text;
    }

    /// <summary>Receives OTLP over gRPC (HTTP/2 without TLS), as a collector does.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly ConcurrentQueue<(string Path, string Text)> _received = [];

        private Collector(WebApplication app) => _app = app;

        public string Address => _app.Urls.First();

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
            var collector = new Collector(builder.Build());
            collector._app.Run(collector.TakeAsync);
            await collector._app.StartAsync(Cancellation);
            return collector;
        }

        public string TextOf(string path) => string.Concat(_received.Where(one => one.Path == path).Select(one => one.Text));

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task TakeAsync(HttpContext context)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            _received.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");

            // An empty answer: not compressed, of length 0.
            await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
