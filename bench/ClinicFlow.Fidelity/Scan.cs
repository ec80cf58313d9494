using System.Diagnostics;
using System.Globalization;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Reading;
using ClinicFlow.Documents.Package;

namespace ClinicFlow.Fidelity;

/// <summary>Reads the documents of a folder without rendering them: how long that takes, and what would not be rendered faithfully.</summary>
internal static class Scan
{
    public static int Run(string folder)
    {
        var refused = new Dictionary<string, int>(StringComparer.Ordinal);
        var alone = new Dictionary<string, int>(StringComparer.Ordinal);
        var times = new List<double>();
        var (total, kept, failed) = (0, 0, 0);
        foreach (var file in Directory.GetFiles(folder, "*.docx").Order(StringComparer.Ordinal))
        {
            total++;
            var bytes = File.ReadAllBytes(file);
            try
            {
                var document = Read(bytes);
                var started = Stopwatch.GetTimestamp();
                document = Read(bytes);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                var codes = document.Unfaithful.Select(found => found.Code).Distinct().ToArray();
                kept += codes.Length == 0 ? 1 : 0;
                foreach (var code in codes)
                {
                    refused[code] = refused.GetValueOrDefault(code) + 1;
                }

                if (codes.Length == 1)
                {
                    alone[codes[0]] = alone.GetValueOrDefault(codes[0]) + 1;
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)} {times[^1],7:0.00} ms  {string.Join("; ", document.Unfaithful.Select(found => $"{found.Code} {found.What} [{found.Place}] x{found.Count}"))}"));
            }
            catch (TemplatePackageException e)
            {
                failed++;
                Console.WriteLine($"{Path.GetFileName(file)} cannot be read: {e.Code}");
            }
        }

        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{total} documents, {kept} kept native ({100.0 * kept / total:0.0} %), {failed} unreadable; read in {times[times.Count / 2]:0.00} ms (median), {times[times.Count * 9 / 10]:0.00} ms (9 of 10)"));
        foreach (var (code, count) in refused.OrderByDescending(pair => pair.Value))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{code,-24} {count,4} documents, the only reason in {alone.GetValueOrDefault(code)}"));
        }

        return 0;
    }

    private static WordDocument Read(byte[] bytes) => DocumentReader.Read(OpcPackage.Open(new MemoryStream(bytes), PackageLimits.Default, allowMacros: true), PackageLimits.Default);
}
