using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json.Nodes;
using ClinicFlow.Batch;
using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Data;
using ClinicFlow.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OutputFormat = ClinicFlow.Batch.Jobs.OutputFormat;
using Wire = ClinicFlow.Client.Contracts;

namespace ClinicFlow.Bench;

/// <summary>
/// What the server adds to the batch engine: from the HTTP request that creates a job to its complete archive, beside the
/// engine alone; how fast it answers and how soon clients hear of a commit while it renders; what many watchers cost.
/// The clients share the processors with the server, so its figures hold the clients' work too.
/// </summary>
internal static class ServerPath
{
    private const string Password = "first-Administrator-1";
    private const int Watchers = 100;

    public static async Task<int> PrintAsync(int documents)
    {
        if (Environment.GetEnvironmentVariable("DOTNET_gcServer") != "0")
        {
            return await AgainAsAHostAsync(documents);
        }

        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"server-{Guid.NewGuid():N}")).FullName;
        try
        {
            var sample = SampleBatch.Load();
            await using var server = await RunningServer.StartAsync(Path.Combine(folder, "server"), sample.Docx);
            await using var engine = await AloneEngine.StartAsync(Path.Combine(folder, "engine"), sample.Docx);
            var json = sample.Records.Select(record => MergeObjectJson.Write(record.Values)).ToArray();

            // The first run of anything is the compiler's.
            await engine.RunAsync(json, 2_000);
            await server.RunAsync(json, 2_000);

            var rounds = new List<(double Engine, double Server)>();
            for (var round = 0; round < 3; round++)
            {
                rounds.Add((documents / await engine.RunAsync(json, documents), documents / await server.RunAsync(json, documents)));
            }

            var median = rounds.OrderBy(round => round.Server / round.Engine).ElementAt(1);
            Console.WriteLine(Invariant($"| create → archive complete, {documents:N0} DOCX | documents/s | beside the engine alone |"));
            Console.WriteLine("| --- | ---: | ---: |");
            Console.WriteLine(Invariant($"| engine alone, in its process | {median.Engine:N0} | |"));
            Console.WriteLine(Invariant($"| server, over HTTP | {median.Server:N0} | {median.Server / median.Engine:P0} |"));

            var load = await server.MeasureLoadAsync(json, Math.Max(documents * 3, 20_000));
            Console.WriteLine();
            Console.WriteLine(Invariant($"| while rendering ({load.Cpu:P0} of {Environment.ProcessorCount} processors) | count | p50 ms | p90 ms | p99 ms | most ms |"));
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
            PrintTimes("GET a job", load.Job);
            PrintTimes("GET the list of jobs", load.List);
            PrintTimes("GET the queue's figures", load.Queue);
            PrintTimes("commit → client, server-sent events", load.Events);
            PrintTimes("commit → client, SignalR", load.Hub);

            var (without, with, ended) = await server.MeasureWatchersAsync(json, documents);
            Console.WriteLine();
            Console.WriteLine(Invariant($"| one job of {documents:N0} documents | documents/s | watchers who saw its end |"));
            Console.WriteLine("| --- | ---: | ---: |");
            Console.WriteLine(Invariant($"| nobody watches | {without:N0} | |"));
            Console.WriteLine(Invariant($"| {Watchers} watch, half by events and half by SignalR | {with:N0} | {ended} of {Watchers} |"));
            return ended == Watchers ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void PrintTimes(string what, List<double> times)
    {
        times.Sort();
        double At(double share) => times[Math.Min(times.Count - 1, (int)(times.Count * share))];
        Console.WriteLine(Invariant($"| {what} | {times.Count:N0} | {At(0.5):N1} | {At(0.9):N1} | {At(0.99):N1} | {times[^1]:N1} |"));
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>Starts this program again with the heap that a host has.</summary>
    private static async Task<int> AgainAsAHostAsync(int documents)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ServerPath).Assembly.Location);
        }

        start.ArgumentList.Add("server");
        start.ArgumentList.Add(documents.ToString(CultureInfo.InvariantCulture));
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "1";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>The engine with nothing around it.</summary>
    private sealed class AloneEngine(BatchEngine engine, BatchDocumentService service, Guid templateId) : IAsyncDisposable
    {
        public static async Task<AloneEngine> StartAsync(string folder, byte[] docx)
        {
            var user = new BatchUser("bench");
            var engine = await BatchEngine.OpenAsync(new BatchProcessingConfig { DataFolder = folder, Culture = "en-GB" });
            var template = await engine.TemplatesFor(user).AddAndPublishAsync("Consent", docx);
            engine.Start();
            return new AloneEngine(engine, engine.ServiceFor(user), template.Id);
        }

        /// <summary>Seconds from creating a job to its end.</summary>
        public async Task<double> RunAsync(string[] json, int documents)
        {
            var settings = new BatchJobSettings { OutputFormat = OutputFormat.Docx, MaxConcurrentProcessing = 10, MissingData = Documents.MissingData.Blank };
            var begun = Stopwatch.GetTimestamp();
            var id = await service.CreateBatchJobAsync(
                "Bench", templateId, Enumerable.Range(0, documents).Select(i => new BatchDocumentRequest { DocumentName = Invariant($"Consent {i}"), MergeDataJson = json[i % json.Length], PatientId = Invariant($"p{i}") }), settings);
            var job = await service.WhenEndedAsync(id);
            var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            return job.Succeeded == documents ? seconds : throw new InvalidOperationException($"{job.Succeeded} of {documents} succeeded.");
        }

        public ValueTask DisposeAsync() => engine.DisposeAsync();
    }

    /// <summary>A server on loopback, and those who use it.</summary>
    private sealed class RunningServer(WebApplication app, ClinicFlowClient client, string key, Guid templateId) : IAsyncDisposable
    {
        private Uri Address => new(app.Urls.First());

        public static async Task<RunningServer> StartAsync(string folder, byte[] docx)
        {
            var app = ServerHost.Build(["--urls", "http://127.0.0.1:0"], builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["BatchProcessing:DataFolder"] = folder,
                    ["BatchProcessing:Culture"] = "en-GB",
                    ["Server:FirstAdministratorPassword"] = Password,
                    ["Server:RequestsPerMinute"] = "1000000",
                });
                builder.Logging.ClearProviders();
            });
            await app.StartAsync();
            await using var administrator = new ClinicFlowClient(new Uri(app.Urls.First()));
            await administrator.Session.SignInAsync(new SignIn("admin", Password));
            var key = (await administrator.ApiKeys.CreateAsync(new NewApiKey("bench", Scopes.All))).Key;
            var client = new ClinicFlowClient(new Uri(app.Urls.First()), key);
            var template = await client.Templates.AddAsync(new MemoryStream(docx), "consent.docx", "Consent", publish: true);
            return new RunningServer(app, client, key, template.Id);
        }

        /// <summary>Seconds from sending a job to its complete archive.</summary>
        public async Task<double> RunAsync(string[] json, int documents)
        {
            var order = Order(json, documents);
            var begun = Stopwatch.GetTimestamp();
            var job = await client.Jobs.CreateAsync(order);
            Wire.JobProgress? last = null;
            await foreach (var step in client.Jobs.WatchAsync(job.Id))
            {
                last = step;
            }

            var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            return last?.Succeeded == documents ? seconds : throw new InvalidOperationException($"{last?.Succeeded} of {documents} succeeded.");
        }

        /// <summary>Answers and steps while a job keeps all processors busy.</summary>
        public async Task<(double Cpu, List<double> Job, List<double> List, List<double> Queue, List<double> Events, List<double> Hub)> MeasureLoadAsync(string[] json, int documents)
        {
            // The meter counts within the commit, on the committer's own thread.
            var commits = new List<(long At, long Count)>();
            var count = 0L;
            using var meter = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument is { Meter.Name: "ClinicFlow.Batch", Name: "clinicflow.documents" }) { listener.EnableMeasurementEvents(instrument); } } };
            meter.SetMeasurementEventCallback<long>((_, value, _, _) =>
            {
                lock (commits)
                {
                    commits.Add((Stopwatch.GetTimestamp(), count += value));
                }
            });
            meter.Start();

            var id = (await client.Jobs.CreateAsync(Order(json, documents))).Id;
            using var stop = new CancellationTokenSource();
            var seenByEvents = SeeAsync(client.Jobs.EventsAsync(id).Select(item => item.Data));
            var seenByHub = SeeAsync(client.Jobs.WatchAsync(id));
            while ((await client.Jobs.GetAsync(id)).Progress.Succeeded == 0)
            {
                await Task.Delay(5);
            }

            var (cpu, clock) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.GetTimestamp());
            var asked = new[] { AskAsync(() => client.Jobs.GetAsync(id)), AskAsync(() => client.Jobs.ListAsync()), AskAsync(() => client.Queue.GetStatsAsync()) };
            var (events, hub) = (await seenByEvents, await seenByHub);
            var busy = (Process.GetCurrentProcess().TotalProcessorTime - cpu) / Stopwatch.GetElapsedTime(clock) / Environment.ProcessorCount;
            await stop.CancelAsync();
            return (busy, await asked[0], await asked[1], await asked[2], DelaysOf(events), DelaysOf(hub));

            async Task<List<double>> AskAsync<T>(Func<Task<T>> ask)
            {
                var times = new List<double>();
                while (!stop.IsCancellationRequested)
                {
                    var begun = Stopwatch.GetTimestamp();
                    await ask();
                    times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                    await Task.Delay(10);
                }

                return times;
            }

            static async Task<List<(long At, long Count)>> SeeAsync(IAsyncEnumerable<Wire.JobProgress> steps)
            {
                var seen = new List<(long, long)>();
                await foreach (var step in steps)
                {
                    seen.Add((Stopwatch.GetTimestamp(), step.Succeeded));
                }

                return seen;
            }

            // Of each commit: when the client first knew of as many documents.
            List<double> DelaysOf(List<(long At, long Count)> seen)
                => [.. commits.Select(commit => Math.Max(0, Stopwatch.GetElapsedTime(commit.At, seen.First(step => step.Count >= commit.Count).At).TotalMilliseconds))];
        }

        /// <summary>The same job watched by nobody and by many.</summary>
        public async Task<(double Without, double With, int Ended)> MeasureWatchersAsync(string[] json, int documents)
        {
            var without = documents / await PollAsync(json, documents, _ => Task.CompletedTask);
            var ended = 0;
            var clients = Enumerable.Range(0, Watchers).Select(_ => new ClinicFlowClient(Address, key)).ToArray();
            var watching = new List<Task>();
            var with = documents / await PollAsync(json, documents, id =>
            {
                watching.AddRange(clients.Select((one, i) => Task.Run(async () =>
                {
                    Wire.JobProgress? last = null;
                    await foreach (var step in i % 2 == 0 ? one.Jobs.WatchAsync(id) : one.Jobs.EventsAsync(id).Select(item => item.Data))
                    {
                        last = step;
                    }

                    if (last is { Status: Wire.JobStatus.Completed } && last.Succeeded == documents)
                    {
                        Interlocked.Increment(ref ended);
                    }
                })));
                return Task.CompletedTask;
            });
            await Task.WhenAll(watching);
            foreach (var one in clients)
            {
                await one.DisposeAsync();
            }

            return (without, with, ended);
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await app.StopAsync();
            await app.DisposeAsync();
        }

        /// <summary>Seconds of a job's own, as the server notes them.</summary>
        private async Task<double> PollAsync(string[] json, int documents, Func<Guid, Task> whenCreated)
        {
            var job = await client.Jobs.CreateAsync(Order(json, documents));
            await whenCreated(job.Id);
            while (job.CompletedAt is null)
            {
                await Task.Delay(50);
                job = await client.Jobs.GetAsync(job.Id);
            }

            return (job.CompletedAt.Value - job.CreatedAt).TotalSeconds;
        }

        private NewJob Order(string[] json, int documents) => new()
        {
            Name = "Bench",
            TemplateId = templateId,
            Settings = new Wire.JobSettings { OutputFormat = Wire.OutputFormat.Docx, MaxConcurrentProcessing = 10, MissingData = Wire.MissingData.Blank },
            Requests = [.. Enumerable.Range(0, documents).Select(i => new DocumentRequest { DocumentName = Invariant($"Consent {i}"), PatientId = Invariant($"p{i}"), MergeData = JsonNode.Parse(json[i % json.Length])!.AsObject() })],
        };
    }
}
