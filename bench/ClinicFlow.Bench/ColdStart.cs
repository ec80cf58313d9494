using System.Diagnostics;
using System.Globalization;

namespace ClinicFlow.Bench;

/// <summary>
/// What a process takes that has done nothing before: to compile the consent letter and to make its first PDF. The program of <c>bench/ClinicFlow.ColdStart</c> is
/// published in the three ways that .NET has, and each is started a few times, by turns.
/// </summary>
internal static class ColdStart
{
    private const int Starts = 9;

    private static readonly (string Name, string[] Settings)[] Ways =
    [
        ("compiled while it runs", []),
        ("ReadyToRun", ["-r", Kind, "--self-contained", "false", "-p:PublishReadyToRun=true"]),
        ("ahead of time", ["-r", Kind, "-p:PublishAot=true"]),
    ];

    private static string Kind => OperatingSystem.IsWindows() ? "win-x64" : System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier.Contains("arm64", StringComparison.Ordinal) ? "linux-arm64" : "linux-x64";

    public static async Task<int> PrintAsync()
    {
        // Below the checkout, whose settings hold there.
        var root = Directory.GetParent(SampleBatch.Folder)!.Parent!.FullName;
        var folder = Path.Combine(root, "artifacts", "cold-start");
        Directory.CreateDirectory(folder);
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "letter.docx"), ConsentLetter.Docx()).ConfigureAwait(false);
            await File.WriteAllTextAsync(Path.Combine(folder, "letters.csv"), ConsentLetter.Csv(2)).ConfigureAwait(false);
            var programs = new List<string>();
            foreach (var (way, settings) in Ways)
            {
                var published = Path.Combine(folder, $"{programs.Count}");
                Console.Error.WriteLine($"publishing: {way} …");
                await RunAsync("dotnet", ["publish", Path.Combine(root, "bench", "ClinicFlow.ColdStart"), "-c", "Release", .. settings, "-p:RunAnalyzers=false", "-o", published, "-v", "q", "--nologo"]).ConfigureAwait(false);
                programs.Add(Path.Combine(published, "cold-start"));
            }

            var times = programs.ConvertAll(_ => new List<double[]>());
            for (var start = 0; start < Starts; start++)
            {
                for (var i = 0; i < programs.Count; i++)
                {
                    var said = await RunAsync(programs[i], [Path.Combine(folder, "letter.docx"), Path.Combine(folder, "letters.csv"), folder]).ConfigureAwait(false);
                    times[i].Add([.. said.Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))]);
                }
            }

            Console.WriteLine("| the program is | compile ms | first PDF ms | second PDF ms | ms from the start of the process to its first PDF |");
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
            for (var i = 0; i < programs.Count; i++)
            {
                var figures = Enumerable.Range(0, 4).Select(column => times[i].Select(row => row[column]).Order().ToArray());
                Console.WriteLine($"| {Ways[i].Name} | {string.Join(" | ", figures.Select(sorted => string.Create(CultureInfo.InvariantCulture, $"{sorted[Starts / 2]:N1} ({sorted[0]:N1} to {sorted[^1]:N1})")))} |");
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {said}");
    }
}
