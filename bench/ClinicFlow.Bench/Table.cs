using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Bench;

/// <summary>The table of documents per second, all measured in one run.</summary>
internal static class Table
{
    public static int Print(double seconds)
    {
        var culture = CultureInfo.InvariantCulture;
        var sample = SampleBatch.Load();
        Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {seconds:0.#} s each".ToString(culture));
        Console.WriteLine();
        Console.WriteLine("The sample: 3 pages, DOCX in memory");
        Console.WriteLine("| what | documents/s, 1 thread | 2 threads | bytes allocated a document |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        var one = Ours(sample.Template, sample.Records, 1, seconds);
        var two = Ours(sample.Template, sample.Records, 2, seconds);
        Console.WriteLine(string.Create(culture, $"| ClinicFlow | {one.PerSecond:N0} | {two.PerSecond:N0} | {one.BytesPerTurn:N0} |"));
        var withCode = TemplateCompiler.Compile(new MemoryStream(PeerForm.WithCode(sample.Docx)));
        Console.WriteLine(string.Create(culture, $"| ClinicFlow, with a QR code of the record number in it | {Ours(withCode, sample.Records, 1, seconds).PerSecond:N0} | {Ours(withCode, sample.Records, 2, seconds).PerSecond:N0} | |"));
        foreach (var level in new[] { CompressionLevel.Fastest, CompressionLevel.Optimal })
        {
            var parts = ChangedParts(sample);
            var deflating = Measure.Run(1, seconds, () => turn => Deflate(parts[turn % parts.Length], level));
            var both = Measure.Run(2, seconds, () => turn => Deflate(parts[turn % parts.Length], level));
            Console.WriteLine(string.Create(culture, $"| zlib ({level}) deflating the changed parts alone | {deflating.PerSecond:N0} | {both.PerSecond:N0} | |"));
            Console.WriteLine(string.Create(culture, $"| ratio: time of ClinicFlow to that of deflating | {deflating.PerSecond / one.PerSecond:0.00} | {both.PerSecond / two.PerSecond:0.00} | |"));
        }

        Console.WriteLine();
        Console.WriteLine("The peer form: 3 pages, 40 values, one table that grows; each engine with its own tags on the same text");
        Console.WriteLine("| engine | documents/s, 1 thread | ClinicFlow is faster by |");
        Console.WriteLine("| --- | ---: | ---: |");
        var json = PeerForm.Records(100);
        var records = ReadRecords(json);
        var ownForm = PeerForm.Write(sample.Docx, "clinicflow");
        var template = TemplateCompiler.Compile(new MemoryStream(ownForm));
        var own = Ours(template, records, 1, seconds).PerSecond;
        Line("ClinicFlow", own);
        Line("Open XML SDK, by hand", Measure.Run(1, seconds, () => turn => HandMerge.Render(ownForm, records[turn % records.Length])).PerSecond);
        foreach (var engine in new[] { "docxtemplater", "easy-template-x", "carbone" })
        {
            if (Peer(engine, PeerForm.Write(sample.Docx, engine), json, seconds) is { } speed)
            {
                Line(engine, speed);
            }
            else
            {
                Console.WriteLine($"| {engine} | not installed: run npm install in bench/peers | |");
            }
        }

        return 0;

        void Line(string name, double speed) => Console.WriteLine(string.Create(culture, $"| {name} | {speed:N0} | {own / speed:0.0} × |"));
    }

    private static (double PerSecond, double BytesPerTurn) Ours(CompiledTemplate template, MergeRecord[] records, int threads, double seconds)
        => Measure.Run(threads, seconds, () =>
        {
            var output = Measure.Buffer();
            return turn =>
            {
                output.ResetWrittenCount();
                if (template.RenderDocx(records[turn % records.Length], SampleBatch.Options, output) is not RenderResult.Rendered)
                {
                    throw new InvalidOperationException($"Record {turn % records.Length} was not rendered.");
                }
            };
        });

    private static byte[][] ChangedParts(SampleBatch sample)
    {
        var original = Parts(sample.Docx);
        return [.. sample.Records.Select(record =>
        {
            var output = Measure.Buffer();
            sample.Template.RenderDocx(record, SampleBatch.Options, output);
            return Parts(output.WrittenSpan.ToArray()).Where(part => !original.TryGetValue(part.Key, out var before) || !before.AsSpan().SequenceEqual(part.Value)).SelectMany(part => part.Value).ToArray();
        })];
    }

    private static Dictionary<string, byte[]> Parts(byte[] docx)
    {
        using var zip = new ZipArchive(new MemoryStream(docx));
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        });
    }

    private static void Deflate(byte[] bytes, CompressionLevel level)
    {
        using var deflate = new DeflateStream(Stream.Null, level, leaveOpen: true);
        deflate.Write(bytes);
    }

    private static MergeRecord[] ReadRecords(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select((element, i) => MergeObjectJson.TryRead(element, out var values, out var problem)
            ? new MergeRecord(values, i + 1) : throw new InvalidOperationException(problem.Message))];
    }

    private static double? Peer(string engine, byte[] template, string json, double seconds)
    {
        var peers = Path.GetFullPath(Path.Combine(SampleBatch.Folder, "..", "..", "bench", "peers"));
        if (!Directory.Exists(Path.Combine(peers, "node_modules", engine)))
        {
            return null;
        }

        var folder = Directory.CreateTempSubdirectory("clinicflow-bench-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "template.docx"), template);
            File.WriteAllText(Path.Combine(folder, "records.json"), json);
            var start = new ProcessStartInfo("node") { WorkingDirectory = peers, RedirectStandardOutput = true };
            foreach (var argument in new[] { "measure.mjs", engine, Path.Combine(folder, "template.docx"), Path.Combine(folder, "records.json"), seconds.ToString(CultureInfo.InvariantCulture), Path.Combine(folder, "out.docx") })
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start)!;
            var line = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            using var result = JsonDocument.Parse(line);
            var made = Parts(File.ReadAllBytes(Path.Combine(folder, "out.docx")))["word/document.xml"];
            if (made.AsSpan().IndexOf("Gruber-Horvath 1"u8) < 0 || made.AsSpan().IndexOf("Metoprolol 2"u8) < 0)
            {
                throw new InvalidOperationException($"{engine} has not merged the form.");
            }

            return result.RootElement.GetProperty("documents").GetInt32() / result.RootElement.GetProperty("seconds").GetDouble();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
