using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicFlow.Cli.Generate;
using ClinicFlow.Cli.Output;
using ClinicFlow.Documents;
using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow generate</c>: a template and a list of records become documents, on this machine.</summary>
internal sealed class GenerateCommand
{
    private readonly Argument<string> _template = new("TEMPLATE") { Description = "The Word template (.docx)." };
    private readonly Argument<string> _data = new("DATA") { Description = "The records: CSV, Excel (.xlsx), JSON or JSON lines." };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The folder for the documents; made where it is not there.", HelpName = "DIR", DefaultValueFactory = _ => "out" };
    private readonly Option<string> _format = new("--format", "-f") { Description = "What is written.", HelpName = "pdf|docx|both", DefaultValueFactory = _ => "pdf" };
    private readonly Option<string?> _name = new("--name") { Description = "The documents' names, with tags. Default: the template's name and the row's number.", HelpName = "\"{{lastName}} consent\"" };
    private readonly Option<bool> _zip = new("--zip") { Description = "Put the documents into one ZIP." };
    private readonly Option<bool> _merged = new("--merged") { Description = "Also join all PDFs into one, in the order of the data." };
    private readonly Option<string> _engine = CommonOptions.Engine();
    private readonly Option<int> _concurrency = new("--concurrency", "-j") { Description = "How many documents are rendered at the same time. Default: the number of processors.", HelpName = "N" };
    private readonly Option<int> _retries = new("--retries") { Description = "How often a document is tried again after an error that may pass.", HelpName = "N", DefaultValueFactory = _ => 3 };
    private readonly Option<string> _missing = new("--missing") { Description = "What a field that a record does not have becomes: the document fails, nothing, the tag itself, or its name highlighted.", HelpName = "error|blank|keep|highlight", DefaultValueFactory = _ => "error" };
    private readonly Option<string?> _culture = new("--culture") { Description = "The language and country for numbers and dates. Default: invariant, 1234.5 and 2026-01-31 as in programs.", HelpName = "de-AT" };
    private readonly Option<string?> _sheet = new("--sheet") { Description = "The sheet of a workbook. Default: the first that is not empty.", HelpName = "NAME" };
    private readonly Option<string[]> _parameters = new("--parameter", "-p") { Description = "An answer for the template's ASK and FILLIN fields; may be given several times.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };
    private readonly Option<string?> _delimiters = CommonOptions.Delimiters();
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with a run that was cut off. Starts one where there is none, and does nothing where it is finished." };
    private readonly Option<bool> _force = new("--force") { Description = "Throw a half-done run away, and replace files of the same names." };
    private readonly Option<bool> _allowMacros = CommonOptions.AllowMacros();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<bool> _quiet = CommonOptions.Quiet();

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var options = new GenerateCommand();
        var command = new Command("generate", $"Make a document for every record.\n\n{ExitCodes.Help}")
        {
            options._template, options._data, options._output, options._format, options._name, options._zip, options._merged, options._engine, options._concurrency, options._retries,
            options._missing, options._culture, options._sheet, options._parameters, options._delimiters, options._resume, options._force, options._allowMacros, options._json, options._quiet,
        };
        command.SetAction((parsed, _) => options.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var output = new CommandOutput(parsed.GetValue(_json), parsed.GetValue(_quiet));
        var problems = new List<Problem>();
        var settings = ToSettings(parsed, problems);
        var input = GenerateInput.Load(settings, problems);
        var hasError = problems.Any(problem => problem.Severity == ProblemSeverity.Error);
        output.Problems(problems);
        if (input is null || hasError)
        {
            return Refuse(output, problems);
        }

        output.Note($"Data: {input.DataDescription}{(input.RowCount is { } rows ? $", {rows} rows" : "")}");
        if (input.UnusedColumns.Count > 0)
        {
            output.Note($"Columns that the template does not use: {string.Join(", ", input.UnusedColumns)}");
        }

        try
        {
            return await RunAsync(settings, input, output, problems);
        }
        catch (PdfConversionException e)
        {
            return Refuse(output, [.. problems, new Problem(e.Code, e.Message)], ExitCodes.EnvironmentFailed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refuse(output, [.. problems, new Problem("cannot-write", $"The output folder cannot be used ({e.GetType().Name}).")
            {
                Advice = "Check that it may be written and that the disk has room.",
            }], ExitCodes.EnvironmentFailed);
        }
    }

    private static async Task<int> RunAsync(GenerateSettings settings, GenerateInput input, CommandOutput output, List<Problem> problems)
    {
        await using var converter = settings.Format.HasFlag(OutputFormat.Pdf) ? PdfEngines.Create(settings.Engine, settings.Concurrency) : null;
        var counters = new RunCounters { Total = input.RowCount };
        switch (RunFolder.Open(settings, HeadOf(settings, input)))
        {
            case RunFolderResult.Refused refused:
                output.Problems([refused.Problem]);
                return Refuse(output, [.. problems, refused.Problem], isShown: true);

            case RunFolderResult.AlreadyFinished finished:
                output.Note("This run is already finished; there is nothing to do.");
                var earlier = finished.State.Entries.Count(entry => !entry.IsSkipped);
                new GenerateSummary
                {
                    ExitCode = ExitCodes.Done,
                    Documents = earlier,
                    Resumed = earlier,
                    Skipped = finished.State.Entries.Count - earlier,
                    OutputFolder = settings.OutputFolder,
                    UnusedColumns = input.UnusedColumns,
                    Problems = ProblemJson.Of(problems),
                }.Show(output);
                return ExitCodes.Done;

            case RunFolderResult.Opened opened:
                using (var folder = opened.Folder)
                {
                    if (folder.State.Entries.Count > 0)
                    {
                        output.Note($"Going on after {folder.State.Entries.Count} documents.");
                    }

                    using var interruption = new Interruption(() => CommandOutput.Error("Stopping: the documents in hand are being finished. Press Ctrl-C again to stop at once."), converter);
                    using var run = new GenerateRun(settings, input, folder, converter, counters, interruption.Asked);
                    var outcome = await ProgressDisplay.ShowAsync(output, counters, run.RunAsync);
                    return Summarize(outcome, settings, input, counters, output, problems);
                }

            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static int Summarize(RunOutcome outcome, GenerateSettings settings, GenerateInput input, RunCounters counters, CommandOutput output, List<Problem> problems)
    {
        if (outcome.Failure is { } failure)
        {
            output.Problems([failure]);
            problems.Add(failure);
        }

        var exitCode = outcome.ExitCode(counters.Failed);
        new GenerateSummary
        {
            ExitCode = exitCode,
            Documents = counters.Made + counters.Resumed,
            Resumed = counters.Resumed,
            Failed = counters.Failed,
            Skipped = counters.Skipped,
            Seconds = Math.Round(counters.Elapsed.TotalSeconds, 3),
            DocumentsPerSecond = Math.Round(counters.PerSecond, 1),
            OutputFolder = settings.OutputFolder,
            Zip = outcome.ZipPath,
            Merged = outcome.MergedPath,
            FailedFile = outcome.FailedFile,
            UnusedColumns = input.UnusedColumns,
            Problems = ProblemJson.Of(problems),
            Failures = outcome.Failures,
        }.Show(output);
        return exitCode;
    }

    private static int Refuse(CommandOutput output, List<Problem> problems, int exitCode = ExitCodes.BadInput, bool isShown = false)
    {
        if (exitCode == ExitCodes.EnvironmentFailed && !isShown)
        {
            output.Problems(problems.TakeLast(1));
        }

        output.Json(new GenerateSummary { ExitCode = exitCode, Problems = ProblemJson.Of(problems) });
        return exitCode;
    }

    private GenerateSettings ToSettings(ParseResult parsed, List<Problem> problems)
    {
        var format = Choose(parsed.GetValue(_format)!, "--format", problems, ("pdf", OutputFormat.Pdf), ("docx", OutputFormat.Docx), ("both", OutputFormat.Both));
        var missing = Choose(parsed.GetValue(_missing)!, "--missing", problems,
            ("error", MissingData.Error), ("blank", MissingData.Blank), ("keep", MissingData.Keep), ("highlight", MissingData.Highlight));
        var concurrency = parsed.GetValue(_concurrency);
        var retries = parsed.GetValue(_retries);
        if (parsed.GetResult(_concurrency) is not null && concurrency is < 1 or > 256)
        {
            problems.Add(Usage("--concurrency must be from 1 to 256."));
        }

        if (retries is < 0 or > 100)
        {
            problems.Add(Usage("--retries must be from 0 to 100."));
        }

        if (parsed.GetValue(_merged) && !format.HasFlag(OutputFormat.Pdf))
        {
            problems.Add(Usage("--merged joins PDFs, and --format docx makes none.", "Use --format pdf or both."));
        }

        return new GenerateSettings
        {
            TemplatePath = parsed.GetValue(_template)!,
            DataPath = parsed.GetValue(_data)!,
            OutputFolder = Path.GetFullPath(parsed.GetValue(_output)!),
            Format = format,
            Name = parsed.GetValue(_name),
            Zip = parsed.GetValue(_zip),
            Merged = parsed.GetValue(_merged),
            Engine = CommonOptions.ToEngine(parsed.GetValue(_engine), problems),
            Concurrency = concurrency is < 1 or > 256 ? Environment.ProcessorCount : concurrency,
            Retries = retries,
            Missing = missing,
            Culture = ToCulture(parsed.GetValue(_culture), problems),
            Sheet = parsed.GetValue(_sheet),
            Parameters = ToParameters(parsed.GetValue(_parameters) ?? [], problems),
            Template = CommonOptions.ToTemplateOptions(parsed.GetValue(_delimiters), parsed.GetValue(_allowMacros), problems),
            Resume = parsed.GetValue(_resume),
            Force = parsed.GetValue(_force),
        };
    }

    private static T Choose<T>(string given, string option, List<Problem> problems, params (string Word, T Value)[] choices)
    {
        foreach (var (word, value) in choices)
        {
            if (word.Equals(given, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        problems.Add(Usage($"{option} cannot be {given}.", $"It is one of {string.Join(", ", choices.Select(choice => choice.Word))}."));
        return choices[0].Value;
    }

    private static CultureInfo ToCulture(string? name, List<Problem> problems)
    {
        try
        {
            return name is null ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(name, predefinedOnly: true);
        }
        catch (CultureNotFoundException)
        {
            problems.Add(Usage($"There is no culture {name}.", "Give a language and a country, such as de-AT, en-GB or fr-CH."));
            return CultureInfo.InvariantCulture;
        }
    }

    private static Dictionary<string, string> ToParameters(string[] given, List<Problem> problems)
    {
        var parameters = new Dictionary<string, string>(FieldNameComparer.Instance);
        foreach (var text in given)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                problems.Add(Usage("--parameter needs a name, an equals sign and a value.", "For example --parameter \"Ward=Surgery\"."));
            }
            else if (!parameters.TryAdd(text[..equals], text[(equals + 1)..]))
            {
                problems.Add(Usage($"--parameter {text[..equals]} is given twice."));
            }
        }

        return parameters;
    }

    private static Problem Usage(string message, string advice = "") => new("usage", message) { Advice = advice };

    /// <summary>What must stay the same for a run to go on. Answers may be data: only their hashes are kept.</summary>
    private static JournalHead HeadOf(GenerateSettings settings, GenerateInput input)
    {
        var options = new Dictionary<string, string>
        {
            ["--format"] = settings.Format.ToString(),
            ["--name"] = settings.Name ?? "",
            ["--zip"] = settings.Zip.ToString(),
            ["--merged"] = settings.Merged.ToString(),
            ["--engine"] = settings.Engine.ToString(),
            ["--missing"] = settings.Missing.ToString(),
            ["--culture"] = settings.Culture.Name,
            ["--sheet"] = settings.Sheet ?? "",
            ["--delimiters"] = $"{settings.Template.TagOpen} {settings.Template.TagClose}",
            ["--allow-macros"] = settings.Template.AllowMacros.ToString(),
            ["the template's file name"] = settings.TemplateName,
        };
        foreach (var (name, value) in settings.Parameters)
        {
            options[$"--parameter {name}"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
        }

        var title = DocumentNames.MakeSafe(settings.TemplateName, "documents");
        return new JournalHead(
            input.TemplateHash, input.DataHash, DateTime.Now, options, input.IsJson ? "failed.ndjson" : "failed.csv",
            settings.Zip ? $"{title}.zip" : null, settings.Merged ? $"{title} merged.pdf" : null);
    }
}
