using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ClinicFlow.Batch;
using ClinicFlow.Batch.Intake;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Engines;
using OutputFormat = ClinicFlow.Batch.Jobs.OutputFormat;

namespace ClinicFlow.Bench;

/// <summary>
/// What the durable path of the batch engine costs: from the first document begun to the job's end, with database, archive
/// and fsync, beside rendering alone. Each case runs in a process of its own, so that its memory is its own.
/// </summary>
internal static class DurablePath
{
    /// <summary>What a case measured.</summary>
    private sealed record Figures(double CreateSeconds, double FirstSeconds, double RunSeconds, double AloneSeconds, double PeakMiB, double ArchiveMiB, double StepMs, double RunCpuSeconds, double AloneCpuSeconds, double ServerCpuSeconds, double DiskSeconds, int Commits, long DatabaseBytes, double AllocatedKiBEach, int Collections);

    /// <summary>One job: how long it took to create, to its first document, and to its end; what it cost this process, and the database.</summary>
    private sealed record JobRun(TimeSpan Created, TimeSpan First, TimeSpan Time, BatchJob Job, double CpuSeconds, double ServerCpuSeconds, long Bytes, long Allocated, int Collections);

    private static readonly int[] Sizes = [1_000, 10_000, 100_000];

    /// <summary>Prints the figures.</summary>
    /// <param name="most">The most documents of a job.</param>
    /// <param name="template"><c>sample</c>, or <c>long</c> for one of 20 pages: the path's share is smaller where rendering costs more.</param>
    public static async Task<int> PrintAsync(int most, string template)
    {
        await using var server = await PostgresServer.StartAsync(CancellationToken.None);
        Console.WriteLine("| documents | what | database | documents/s | rendering alone/s | share | disk alone/s | share | documents a commit | processor µs each | alone | the path's own | database's | its KB each | created in s | first after ms | peak MiB | archive MiB |");
        Console.WriteLine("| ---: | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var documents in Sizes.Where(count => count <= most))
        {
            // The native engine's documents cost so much more that 10,000 tell what 100,000 would.
            foreach (var format in documents <= 10_000 ? (string[])["docx", "pdf", "native"] : ["docx", "pdf"])
            {
                foreach (var database in new[] { "SQLite", "PostgreSQL" })
                {
                    var runs = new List<Figures>();
                    for (var run = 0; run < (documents < 100_000 ? 3 : 1); run++)
                    {
                        runs.Add(Run($"{documents}", format, database == "SQLite" ? "-" : await server.NewDatabaseAsync(CancellationToken.None), "0", template));
                    }

                    var f = runs.OrderBy(r => r.RunSeconds / r.AloneSeconds).ElementAt(runs.Count / 2);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {documents:N0} | {NameOf(format)} | {database} | {documents / f.RunSeconds:N0} | {documents / f.AloneSeconds:N0} | {f.AloneSeconds / f.RunSeconds:P0} | {documents / f.DiskSeconds:N0} | {f.DiskSeconds / f.RunSeconds:P0} | {documents / f.Commits:N0} | {f.RunCpuSeconds * 1e6 / documents:N0} | {f.AloneCpuSeconds * 1e6 / documents:N0} | {(f.RunCpuSeconds - f.AloneCpuSeconds) * 1e6 / documents:N0} | {f.ServerCpuSeconds * 1e6 / documents:N0} | {f.DatabaseBytes / 1024.0 / documents:N1} | {f.CreateSeconds:N1} | {f.FirstSeconds * 1000:N0} | {f.PeakMiB:N0} | {f.ArchiveMiB:N0} |"));
                }
            }
        }

        if (template != "sample")
        {
            // What a step of the queue costs has nothing to do with the template.
            return 0;
        }

        Console.WriteLine();
        Console.WriteLine("| database | ms to take a job, 10 wait | 10,000 wait | ratio |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        foreach (var database in new[] { "SQLite", "PostgreSQL" })
        {
            var steps = new List<double>();
            foreach (var waiting in new[] { "10", "10000" })
            {
                steps.Add(Run("1", "docx", database == "SQLite" ? "-" : await server.NewDatabaseAsync(CancellationToken.None), waiting).StepMs);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {database} | {steps[0]:N2} | {steps[1]:N2} | {steps[1] / steps[0]:N2} |"));
        }

        return 0;
    }

    private static string NameOf(string format) => format switch
    {
        "docx" => "DOCX",
        "pdf" => "PDF, by an engine that takes no time",
        _ => "PDF, by the native engine",
    };

    /// <summary>One case: documents, format (docx; pdf by an engine that takes no time; native), connection string or -, jobs that wait, template.</summary>
    public static async Task<int> RunCaseAsync(string[] args)
    {
        var (documents, isPdf, waiting) = (int.Parse(args[0], CultureInfo.InvariantCulture), args[1] != "docx", int.Parse(args[3], CultureInfo.InvariantCulture));
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"case-{Guid.NewGuid():N}")).FullName;
        try
        {
            var isServer = args[2] != "-";
            var native = args[1] == "native" ? new NativeEngine() : null;
            var sample = SampleBatch.Load(args.Length > 4 ? args[4] : "sample");
            var json = sample.Records.Select(record => MergeObjectJson.Write(record.Values)).ToArray();
            var config = new BatchProcessingConfig { DataFolder = folder, ConnectionString = isServer ? args[2] : null, Culture = "en-GB", MaxQueueSize = 100_000, LeaseDuration = TimeSpan.FromMinutes(1) };
            var user = new BatchUser("bench");
            var settings = new BatchJobSettings { OutputFormat = isPdf ? OutputFormat.Pdf : OutputFormat.Docx, MaxConcurrentProcessing = 10, MissingData = MissingData.Blank };
            IEnumerable<BatchDocumentRequest> Requests(int count) => Enumerable.Range(0, count).Select(i => new BatchDocumentRequest { DocumentName = $"Consent {i}", MergeDataJson = json[i % json.Length], PatientId = $"p{i}" });

            if (waiting > 0)
            {
                await using var idle = await OpenAsync();
                var forms = await idle.TemplatesFor(user).AddAndPublishAsync("Consent", sample.Docx);
                Console.WriteLine(JsonSerializer.Serialize(new Figures(0, 0, 0, 0, 0, 0, await MeasureStepAsync(idle, () => idle.ServiceFor(user).CreateBatchJobAsync("Waiting", forms.Id, Requests(1), settings), waiting), 0, 0, 0, 0, 0, 0, 0, 0)));
                return 0;
            }

            // The first run of anything is the compiler's, of both. How soon a document is there is asked of a new process.
            var alone = Alone(sample, json, Math.Min(documents, 2_000), isPdf, native);
            var first = (await RunJobAsync(10_000)).First;

            // The compiler goes on long after 10,000 documents; rendering alone has had more of them by the time it is measured.
            _ = await RunJobAsync(Math.Clamp(documents, 10_000, 50_000));
            await Task.Delay(TimeSpan.FromSeconds(2));
            alone = Alone(sample, json, documents, isPdf, native);
            using var disk = new DiskAlone();
            var run = await RunJobAsync(documents);
            var job = run.Job;
            if (job.Succeeded != documents)
            {
                throw new InvalidOperationException($"{job.Succeeded} of {documents} succeeded: {job.ErrorCode}");
            }

            var cpu = Cpu();
            alone = Math.Min(alone, Alone(sample, json, documents, isPdf, native));
            var aloneCpu = Cpu() - cpu;
            using var self = Process.GetCurrentProcess();
            var archive = new DirectoryInfo(Path.Combine(folder, "outputs")).EnumerateFiles("*.archive", SearchOption.AllDirectories).Where(file => file.Name.Contains($"{job.Id:N}", StringComparison.Ordinal) || file.Name.Contains($"{job.Id}", StringComparison.Ordinal)).Sum(file => file.Length);
            var databaseBytes = run.Bytes - (isServer ? 0 : archive);
            Console.WriteLine(JsonSerializer.Serialize(new Figures(
                run.Created.TotalSeconds, first.TotalSeconds, run.Time.TotalSeconds, alone, self.PeakWorkingSet64 / 1048576.0, archive / 1048576.0, 0, run.CpuSeconds, aloneCpu,
                run.ServerCpuSeconds, disk.Replay(folder, databaseBytes), disk.Commits, databaseBytes, run.Allocated / 1024.0 / documents, run.Collections)));
            return 0;

            Task<BatchEngine> OpenAsync() => BatchEngine.OpenAsync(config, new BatchEngineParts { Pdf = native is null ? new NullPdf() : new EngineChoice(PdfEngineKind.Native, native: native, onCallersThread: true) });

            // An engine of its own on the same database, so that a job waits complete when its engine starts.
            async Task<JobRun> RunJobAsync(int count)
            {
                await using var engine = await OpenAsync();
                var service = engine.ServiceFor(user);
                var template = await engine.TemplatesFor(user).AddAndPublishAsync($"Consent {count}", sample.Docx);
                var create = Stopwatch.GetTimestamp();
                var id = await service.CreateBatchJobAsync("Bench", template.Id, Requests(count), settings);
                var created = Stopwatch.GetElapsedTime(create);
                var meter = new DatabaseMeter(isServer ? args[2] : null);
                var before = await meter.ReadAsync();
                var (begin, cpu, allocated, collections) = (Stopwatch.GetTimestamp(), Cpu(), GC.GetTotalAllocatedBytes(), GC.CollectionCount(0));
                engine.Start();
                while ((await service.GetProgressAsync(id))!.Processed == 0)
                {
                    await Task.Delay(1);
                }

                var first = Stopwatch.GetElapsedTime(begin);
                var job = await service.WhenEndedAsync(id);
                var (time, ownCpu, after) = (Stopwatch.GetElapsedTime(begin), Cpu() - cpu, await meter.ReadAsync());
                return new JobRun(created, first, time, job, ownCpu, after.CpuSeconds - before.CpuSeconds, after.Bytes - before.Bytes, GC.GetTotalAllocatedBytes() - allocated, GC.CollectionCount(0) - collections);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Cpu() => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <summary>The same documents rendered and nothing else, by as many threads as the engine has.</summary>
    private static double Alone(SampleBatch sample, string[] json, int documents, bool isPdf, NativeEngine? native)
    {
        var next = -1;
        var utf8 = Array.ConvertAll(json, Encoding.UTF8.GetBytes);
        var begun = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            var (output, reader) = (new ArrayBufferWriter<byte>(64 * 1024), new MergeObjectReader());
            while (Interlocked.Increment(ref next) is var i && i < documents)
            {
                output.ResetWrittenCount();
                if (!reader.TryRead(utf8[i % utf8.Length], out var values, out Problem? _) || !Render(new MergeRecord(values, i + 1), output))
                {
                    throw new InvalidOperationException("A document was not rendered.");
                }
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;

        bool Render(MergeRecord record, ArrayBufferWriter<byte> output)
            => native is not null ? sample.Template.Bind(record, SampleBatch.Options) is BindResult.Bound bound && native.Convert(bound.Document, output).Pages > 0
                : sample.Template.RenderDocx(record, SampleBatch.Options, output) is RenderResult.Rendered && (!isPdf || PdfMerge.CountPages(NullPdf.Pdf) == 1);
    }

    private static async Task<double> MeasureStepAsync(BatchEngine engine, Func<Task> create, int waiting)
    {
        await Parallel.ForAsync(0, waiting + 20, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) => await create());

        var times = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            _ = await engine.Runner.TakeAsync("bench", TimeSpan.FromMinutes(1), 1_000, TimeSpan.Zero, CancellationToken.None) ?? throw new InvalidOperationException("Nothing waits.");
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        return times.Order().ElementAt(10);
    }

    private static Figures Run(params string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(DurablePath).Assembly.Location);
        }

        start.ArgumentList.Add("batch-case");
        foreach (var argument in args)
        {
            start.ArgumentList.Add(argument);
        }

        // As a host has it, not as the bench: one heap.
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "1";
        using var process = Process.Start(start)!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<Figures>(line)! : throw new InvalidOperationException($"The case {args[0]} {args[1]} ended with {process.ExitCode}.");
    }

    /// <summary>An engine that takes no time: what is left is the engine's own path.</summary>
    private sealed class NullPdf : IPdfConverter
    {
        public static readonly byte[] Pdf = Encoding.Latin1.GetBytes("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF");

        public string EngineName => "Null";

        public Task<ReadOnlyMemory<byte>> ConvertAsync(PdfSource document, CancellationToken cancellationToken = default) => Task.FromResult<ReadOnlyMemory<byte>>(Pdf);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
