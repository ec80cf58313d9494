using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Docx;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Package;
using ClinicFlow.Documents.Pdf;

namespace ClinicFlow.Bench;

/// <summary>
/// Prints how many PDFs a second the native engine makes from a template, on one thread and on two, beside LibreOffice and beside the limit: deflating, copying and
/// handing on the same output bytes without doing any of the work.
/// </summary>
internal static class EngineTable
{
    public static async Task<int> PrintAsync(double seconds)
    {
        var (letter, records) = (ConsentLetter.Compile(), ConsentLetter.Records(200));
        var sample = SampleBatch.Load();
        foreach (var (name, template, data) in new[] { ("consent letter", letter, records), ("sample form", sample.Template, sample.Records) })
        {
            Print(name, template, data, seconds);
        }

        PrintStages(letter, records, seconds);
        PrintLong();
        await PrintLibreOfficeAsync(letter, records).ConfigureAwait(false);
        return 0;
    }

    /// <summary>Makes letters, or sample forms, on one thread, for a profiler. Each record's quickest time tells least of what else the machine does.</summary>
    public static int Loop(double seconds, string of)
    {
        var sample = of == "sample" ? SampleBatch.Load() : null;
        var (engine, template, records) = (new NativeEngine(), sample?.Template ?? ConsentLetter.Compile(withCode: of == "code"), sample?.Records[..100] ?? ConsentLetter.Records(200));
        var (best, output) = (Enumerable.Repeat(long.MaxValue, records.Length).ToArray(), Measure.Buffer());
        Run(seconds / 3);
        var (before, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));
        var (made, elapsed) = Run(seconds * 2 / 3);
        var processor = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / made;
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / made;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{made / elapsed:N0} PDFs/s, {processor:N0} µs of processor time each; {best.Where(ticks => ticks != long.MaxValue).Average() * 1e6 / Stopwatch.Frequency:N0} µs, each record at its quickest; {bytes:N0} bytes allocated each"));
        return 0;

        (int Made, double Seconds) Run(double limit)
        {
            var (count, watch) = (0, Stopwatch.StartNew());
            while (watch.Elapsed.TotalSeconds < limit)
            {
                var start = Stopwatch.GetTimestamp();
                Make(engine, template, records[count % records.Length], output);
                ref var quickest = ref best[count++ % records.Length];
                quickest = Math.Min(quickest, Stopwatch.GetTimestamp() - start);
            }

            return (count, watch.Elapsed.TotalSeconds);
        }
    }

    /// <summary>Makes very many letters on two threads and prints what memory they take on the way.</summary>
    public static int Soak(int count)
    {
        var (engine, letter, records) = (new NativeEngine(), ConsentLetter.Compile(), ConsentLetter.Records(1000));
        Console.WriteLine("| PDFs | heap in use, MiB | process, MiB | PDFs/s |");
        Console.WriteLine("| ---: | ---: | ---: | ---: |");
        var (made, total) = (0, 0L);
        for (var step = 0; step < 10; step++)
        {
            var watch = Stopwatch.StartNew();
            Parallel.For(made, made + (count / 10), new ParallelOptions { MaxDegreeOfParallelism = 2 }, Measure.Buffer, (i, _, output) =>
            {
                Interlocked.Add(ref total, Make(engine, letter, records[i % records.Length], output));
                return output;
            }, _ => { });
            made += count / 10;
            var rate = count / 10 / watch.Elapsed.TotalSeconds;
            GC.Collect();
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {made:N0} | {GC.GetTotalMemory(forceFullCollection: true) / 1048576.0:N1} | {process.WorkingSet64 / 1048576.0:N0} | {rate:N0} |"));
        }

        return total > 0 ? 0 : 1;
    }

    private static ConvertedPdf Make(NativeEngine engine, CompiledTemplate template, MergeRecord record)
        => engine.Convert(((BindResult.Bound)template.Bind(record, SampleBatch.Options)).Document);

    // To a buffer that is used again, as the limit does.
    private static int Make(NativeEngine engine, CompiledTemplate template, MergeRecord record, ArrayBufferWriter<byte> output)
    {
        output.ResetWrittenCount();
        engine.Convert(((BindResult.Bound)template.Bind(record, SampleBatch.Options)).Document, output);
        return output.WrittenCount;
    }

    private static void Print(string name, CompiledTemplate template, MergeRecord[] records, double seconds)
    {
        var engine = new NativeEngine();
        var example = Make(engine, template, records[0]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {example.Pages} pages, {example.Pdf.Length:N0} bytes"));
        Console.WriteLine("| threads | PDFs/s | bytes allocated each | p50 µs | p99 µs | limit/s | share of the limit |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var rounds = new List<(Round Made, double Limit)[]>();
        for (var round = 0; round < Rounds; round++)
        {
            rounds.Add([.. Threads.Select(threads => (Measured(engine, template, records, threads, seconds / Rounds), Measure.Run(threads, seconds / Rounds, () => Limit(example.Pdf)).PerSecond))]);
        }

        for (var i = 0; i < Threads.Length; i++)
        {
            var (perSecond, limit) = (Median(rounds, round => round[i].Made.PerSecond), Median(rounds, round => round[i].Limit));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Threads[i]} | {perSecond:N0} | {rounds[^1][i].Made.Allocated:N0} | {Median(rounds, round => round[i].Made.At(0.5)):N0} | {Median(rounds, round => round[i].Made.At(0.99)):N0} | {limit:N0} | {perSecond / limit:P0} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n2 threads make {Ratios(rounds, round => round[1].Made.PerSecond / round[0].Made.PerSecond)} what 1 makes; the limit {Ratios(rounds, round => round[1].Limit / round[0].Limit)}\n"));
    }

    private static readonly int[] Threads = [1, 2];

    // One thread and two by turns, so that what else the machine does meets both.
    private const int Rounds = 5;

    private sealed record Round(double PerSecond, double Allocated, List<long> Times)
    {
        public double At(double share) => Times.Count == 0 ? double.NaN : Times[(int)(Times.Count * share)] * 1e6 / Stopwatch.Frequency;
    }

    private static double Median<T>(List<T> rounds, Func<T, double> of) => rounds.Select(of).Order().ElementAt(rounds.Count / 2);

    private static string Ratios<T>(List<T> rounds, Func<T, double> of)
        => string.Create(CultureInfo.InvariantCulture, $"{Median(rounds, of):N2} times ({rounds.Min(of):N2} to {rounds.Max(of):N2} in {Rounds} rounds)");

    private static Round Measured(NativeEngine engine, CompiledTemplate template, MergeRecord[] records, int threads, double seconds)
    {
        var times = new List<long>();
        var (perSecond, allocated) = Measure.Run(threads, seconds, () =>
        {
            var (own, output) = (new List<long>(1000), Measure.Buffer());
            lock (times)
            {
                times.Clear();
            }

            return turn =>
            {
                var start = Stopwatch.GetTimestamp();
                Make(engine, template, records[turn % records.Length], output);
                own.Add(Stopwatch.GetTimestamp() - start);
                if (own.Count == 500)
                {
                    lock (times)
                    {
                        times.AddRange(own);
                    }

                    own.Clear();
                }
            };
        });
        times.Sort();
        return new(perSecond, allocated, times);
    }

    // Deflates anew each content stream of the file, and copies the file.
    private static Action<int> Limit(ReadOnlyMemory<byte> pdf)
    {
        var contents = InflatedContents(pdf.Span);
        var output = Measure.Buffer();
        return _ =>
        {
            output.ResetWrittenCount();
            using var stream = new MemoryStream(32_768);
            foreach (var content in contents)
            {
                using var zlib = new ZLibStream(stream, CompressionLevel.Fastest, leaveOpen: true);
                zlib.Write(content);
            }

            output.Write(pdf.Span);
        };
    }

    private static List<byte[]> InflatedContents(ReadOnlySpan<byte> pdf)
    {
        // All flate streams below 64 KB that are no font: pages and object streams.
        var contents = new List<byte[]>();
        for (var at = 0; pdf[at..].IndexOf("stream\n"u8) is >= 0 and var next; at += next + 7)
        {
            var start = at + next + 7;
            var open = pdf[..(start - 7)].LastIndexOf("<<"u8);
            var length = pdf[start..].IndexOf("endstream"u8);
            if (open < 0 || length < 0)
            {
                continue;
            }

            var dictionary = pdf[open..start];
            if (dictionary.IndexOf("/FlateDecode"u8) < 0 || dictionary.IndexOf("/Length1"u8) >= 0 || dictionary.IndexOf("/N 3"u8) >= 0)
            {
                continue;
            }

            try
            {
                using var zlib = new ZLibStream(new MemoryStream(pdf.Slice(start, length).ToArray()), CompressionMode.Decompress);
                using var whole = new MemoryStream();
                zlib.CopyTo(whole);
                contents.Add(whole.ToArray());
            }
            catch (InvalidDataException)
            {
                // A "stream" in other bytes.
            }
        }

        return contents;
    }

    private static void PrintStages(CompiledTemplate letter, MergeRecord[] records, double seconds)
    {
        var bound = records.Select(record => ((BindResult.Bound)letter.Bind(record, SampleBatch.Options)).Document).ToArray();
        DocxTemplate template = bound[0].Template;
        var layouts = new TemplateLayouts(template, FontLibrary.OfSystem, PackageLimits.Default);
        var cache = new PdfCache();
        Console.WriteLine("| stage of the consent letter, 1 thread | µs |");
        Console.WriteLine("| --- | ---: |");
        Row("bind", () => turn => letter.Bind(records[turn % records.Length], SampleBatch.Options));
        Row("read", () =>
        {
            var layout = layouts.Take();
            return turn => layout.Read(bound[turn % bound.Length]);
        });
        Row("read and lay", () =>
        {
            var layout = layouts.Take();
            return turn => layout.Lay(layout.Read(bound[turn % bound.Length]), default);
        });
        Row("read, lay and write", () =>
        {
            var (layout, writer, output) = (layouts.Take(), new PdfWriter(cache), Measure.Buffer());
            return turn =>
            {
                output.ResetWrittenCount();
                writer.Write(layout.Lay(layout.Read(bound[turn % bound.Length]), default), PdfOptions.Default, output, layouts.Streams);
            };
        });
        Console.WriteLine();

        void Row(string name, Func<Action<int>> make)
        {
            var (perSecond, allocated) = Measure.Run(1, Math.Min(seconds, 3), make);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {1e6 / perSecond:N1} | {allocated:N0} bytes"));
        }
    }

    private static void PrintLong()
    {
        Console.WriteLine("| rows from a loop | pages | ms | µs a row |");
        Console.WriteLine("| ---: | ---: | ---: | ---: |");
        foreach (var rows in (int[])[250, 500, 1000, 2000, 4000])
        {
            var (template, record) = ConsentLetter.LongTable(rows);
            var engine = new NativeEngine();
            var (pages, best) = (0, double.MaxValue);
            for (var i = 0; i < 8; i++)
            {
                var watch = Stopwatch.StartNew();
                pages = Make(engine, template, record).Pages;
                best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {rows:N0} | {pages} | {best:N1} | {best * 1000 / rows:N1} |"));
        }

        Console.WriteLine();
    }

    private static async Task PrintLibreOfficeAsync(CompiledTemplate letter, MergeRecord[] records)
    {
        if (LibreOfficeConverter.FindExecutable(null) is null)
        {
            Console.WriteLine("LibreOffice is not installed.");
            return;
        }

        foreach (var processes in (int[])[1, 2])
        {
            await using var libreOffice = new LibreOfficeConverter(new LibreOfficeOptions { Processes = processes });
            var documents = records.Take(60).Select(record => new PdfSource("letter", ((BindResult.Bound)letter.Bind(record, SampleBatch.Options)).Document.ToDocx())).ToArray();
            await libreOffice.ConvertAsync(documents[0]).ConfigureAwait(false);
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(documents.Select(document => libreOffice.ConvertAsync(document))).ConfigureAwait(false);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"LibreOffice, {processes} process(es), batched: {documents.Length / watch.Elapsed.TotalSeconds:N1} PDFs/s"));
        }
    }
}
