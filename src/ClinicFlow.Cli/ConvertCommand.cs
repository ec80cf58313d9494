using System.CommandLine;
using System.Diagnostics;
using ClinicFlow.Cli.Generate;
using ClinicFlow.Cli.Output;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow convert</c>: plain Word files become PDF, with the engine that suits each, and a report of how.</summary>
internal sealed class ConvertCommand
{
    private readonly Argument<string[]> _files = new("FILE") { Description = "Word files (.docx).", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The folder for the PDFs; made where it is not there.", HelpName = "DIR", Required = true };
    private readonly Option<int> _concurrency = new("--concurrency", "-j") { Description = "How many processes convert at the same time. Default: the number of processors.", HelpName = "N" };
    private readonly Option<bool> _force = new("--force") { Description = "Replace PDFs that are there already." };
    private readonly Option<string> _engine = new("--engine") { Description = "native, libreoffice, or auto: native where it renders the whole document as Word does, else LibreOffice.", HelpName = "ENGINE", DefaultValueFactory = _ => "auto" };
    private readonly Option<string?> _json = new("--json") { Description = "Write the result as one JSON object: into the file REPORT, or on standard output without one.", HelpName = "REPORT", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _quiet = CommonOptions.Quiet();

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var options = new ConvertCommand();
        var command = new Command("convert", "Turn Word files into PDF.") { options._files, options._output, options._engine, options._concurrency, options._force, options._json, options._quiet };
        command.SetAction((parsed, _) => options.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var report = parsed.GetValue(_json);
        var output = new CommandOutput(parsed.GetResult(_json) is not null && report is null, parsed.GetValue(_quiet));
        var folder = Path.GetFullPath(parsed.GetValue(_output)!);
        var problems = new List<Problem>();
        var concurrency = parsed.GetValue(_concurrency);
        if (parsed.GetResult(_concurrency) is not null && concurrency is < 1 or > 64)
        {
            problems.Add(new Problem("usage", "--concurrency must be from 1 to 64."));
        }

        var engine = parsed.GetValue(_engine) switch { "native" => PdfEngineKind.Native, "libreoffice" => PdfEngineKind.LibreOffice, "auto" => PdfEngineKind.Auto, _ => (PdfEngineKind?)null };
        if (engine is null)
        {
            problems.Add(new Problem("usage", "--engine must be native, libreoffice or auto."));
        }

        if (report is not null && report.EndsWith(".docx", StringComparison.OrdinalIgnoreCase))
        {
            problems.Add(new Problem("usage", $"--json would write its report over {report}.") { Advice = "Put --json after the files, or give it a file name of its own." });
        }

        var files = Plan(parsed.GetValue(_files)!, folder, parsed.GetValue(_force), problems);
        if (problems.Count > 0)
        {
            output.Problems(problems);
            return End(output, null, ExitCodes.BadInput, [], problems, folder, TimeSpan.Zero);
        }

        var started = Stopwatch.GetTimestamp();
        using var interruption = new Interruption(() => CommandOutput.Error("Stopping."));
        IReadOnlyList<Conversion?> results;
        try
        {
            Directory.CreateDirectory(folder);
            await using var converter = PdfEngines.Choose(engine!.Value, concurrency == 0 ? Environment.ProcessorCount : concurrency);
            var counters = new RunCounters { Total = files.Count };
            using var room = new SemaphoreSlim(64);
            results = await ProgressDisplay.ShowAsync(output, counters, async ()
                => await Task.WhenAll(files.Select(file => ConvertAsync(converter, file.Source, file.Target, room, counters, interruption.Asked))));
        }
        catch (PdfConversionException e)
        {
            problems.Add(new Problem(e.Code, e.Message));
            output.Problems(problems);
            return End(output, report, ExitCodes.EnvironmentFailed, [], problems, folder, Stopwatch.GetElapsedTime(started));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem("cannot-write", $"The output folder cannot be used ({e.GetType().Name})."));
            output.Problems(problems);
            return End(output, report, ExitCodes.EnvironmentFailed, [], problems, folder, Stopwatch.GetElapsedTime(started));
        }

        problems.AddRange(results.Select(result => result?.Problem).OfType<Problem>());
        output.Problems(problems);
        var made = results.OfType<Conversion>().Where(result => result.Problem is null).ToList();
        var exitCode = interruption.Asked.IsCancellationRequested && made.Count < files.Count ? ExitCodes.Interrupted : problems.Count > 0 ? ExitCodes.SomeFailed : ExitCodes.Done;
        return End(output, report, exitCode, [.. results.OfType<Conversion>()], problems, folder, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Decides where each PDF goes, and finds all that is wrong before the first is made.</summary>
    private static List<(string Source, string Target)> Plan(string[] sources, string folder, bool force, List<Problem> problems)
    {
        var files = new List<(string, string)>();
        var targets = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var source in sources)
        {
            var target = Path.Combine(folder, Path.GetFileNameWithoutExtension(source) + ".pdf");
            if (!File.Exists(source))
            {
                problems.Add(new Problem("cannot-open", $"There is no file {source}."));
            }
            else if (!targets.Add(target))
            {
                problems.Add(new Problem("same-name", $"Two files would become {Path.GetFileName(target)}.") { Advice = "Convert them into different folders." });
            }
            else if (!force && File.Exists(target))
            {
                problems.Add(new Problem("file-exists", $"{Path.GetFileName(target)} is there already.") { Advice = "Use --force to replace it, or another folder." });
            }

            files.Add((source, target));
        }

        return files;
    }

    /// <returns>How it went; null where the work was stopped first.</returns>
    private static async Task<Conversion?> ConvertAsync(
        EngineChoice converter, string source, string target, SemaphoreSlim room, RunCounters counters, CancellationToken stop)
    {
        try
        {
            await room.WaitAsync(stop);
            try
            {
                var docx = await File.ReadAllBytesAsync(source, stop);
                var started = Stopwatch.GetTimestamp();
                if (!docx.AsSpan().StartsWith("PK"u8))
                {
                    // The engine would take any text for a document.
                    counters.CountFailed();
                    return new Conversion(source, target, new Problem("not-a-docx", $"{Path.GetFileName(source)} is no Word document (.docx).") { Advice = "Open it in Word and save it as .docx." }, null, TimeSpan.Zero);
                }

                var pdf = await converter.MakeAsync(new PdfSource(Path.GetFileName(source), docx), stop);
                var part = target + ".part";
                await File.WriteAllBytesAsync(part, pdf.Pdf, stop);
                File.Move(part, target, overwrite: true);
                counters.CountMade();
                return new Conversion(source, target, null, pdf with { Pdf = default }, Stopwatch.GetElapsedTime(started));
            }
            finally
            {
                room.Release();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (PdfConversionException e) when (e.Code != "pdf-engine-missing")
        {
            counters.CountFailed();
            return new Conversion(source, target, new Problem(e.Code, e.Message), null, TimeSpan.Zero);
        }
    }

    private static int End(CommandOutput output, string? report, int exitCode, List<Conversion> conversions, List<Problem> problems, string folder, TimeSpan elapsed)
    {
        var made = conversions.Where(conversion => conversion.Problem is null).Select(conversion => conversion.Target).ToList();
        output.Result($"{made.Count} PDF in {folder}");
        var result = new
        {
            Command = "convert",
            ExitCode = exitCode,
            Documents = made.Count,
            Failed = problems.Count,
            Seconds = Math.Round(elapsed.TotalSeconds, 3),
            OutputFolder = folder,
            Files = made,
            Conversions = conversions.Select(Describe),
            Problems = ProblemJson.Of(problems),
        };
        output.Json(result);
        if (report is null)
        {
            return exitCode;
        }

        try
        {
            CommandOutput.WriteJson(report, result);
            return exitCode;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            output.Problems([new Problem("cannot-write", $"The report {report} cannot be written ({e.GetType().Name}).")]);
            return ExitCodes.EnvironmentFailed;
        }
    }

    /// <summary>One file in the report: which engine made it and why, its pages and fonts, and what is not as in Word.</summary>
    private static object Describe(Conversion conversion) => new
    {
        conversion.Source,
        Target = conversion.Problem is null ? conversion.Target : null,
        Engine = conversion.Pdf?.Engine switch { PdfEngineKind.Native => "native", PdfEngineKind.LibreOffice => "libreoffice", _ => null },
        Reasons = conversion.Pdf is { Engine: PdfEngineKind.LibreOffice } ? conversion.Pdf.Gaps.Select(Describe) : [],
        NotRendered = conversion.Pdf is { Engine: PdfEngineKind.Native } ? conversion.Pdf.Gaps.Select(Describe) : [],
        Pages = conversion.Pdf?.Pages,
        Fonts = conversion.Pdf?.Fonts ?? [],
        Milliseconds = Math.Round(conversion.Elapsed.TotalMilliseconds, 1),
        Problem = conversion.Problem?.Code,
    };

    private static object Describe(RenderGap gap) => new { gap.Code, gap.What, Place = gap.Place.ToString(), gap.Count };

    /// <summary>One file: the PDF's facts without its bytes, or what was wrong.</summary>
    private sealed record Conversion(string Source, string Target, Problem? Problem, ConvertedPdf? Pdf, TimeSpan Elapsed);
}
