using System.Globalization;
using ClinicFlow.Cli.Output;
using Spectre.Console;

namespace ClinicFlow.Cli.Generate;

/// <summary>What is said when a run has ended: to a person as a table or lines, to a program as JSON.</summary>
internal sealed record GenerateSummary
{
    /// <summary>The command.</summary>
    public string Command { get; } = "generate";

    /// <summary>The exit code.</summary>
    public required int ExitCode { get; init; }

    /// <summary><c>done</c>, <c>someFailed</c>, <c>badInput</c>, <c>environmentFailed</c> or <c>interrupted</c>.</summary>
    public string Outcome => ExitCode switch
    {
        ExitCodes.Done => "done",
        ExitCodes.SomeFailed => "someFailed",
        ExitCodes.BadInput => "badInput",
        ExitCodes.EnvironmentFailed => "environmentFailed",
        _ => "interrupted",
    };

    /// <summary>Documents there are now, those of earlier sessions included.</summary>
    public long Documents { get; init; }

    /// <summary>Of these, documents that earlier sessions of the run made.</summary>
    public long Resumed { get; init; }

    /// <summary>Rows without a document.</summary>
    public long Failed { get; init; }

    /// <summary>Records that the template left out.</summary>
    public long Skipped { get; init; }

    /// <summary>How long this session took.</summary>
    public double Seconds { get; init; }

    /// <summary>Documents a second in this session.</summary>
    public double DocumentsPerSecond { get; init; }

    /// <summary>The folder.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>The ZIP.</summary>
    public string? Zip { get; init; }

    /// <summary>The merged PDF.</summary>
    public string? Merged { get; init; }

    /// <summary>The failed rows.</summary>
    public string? FailedFile { get; init; }

    /// <summary>Columns of the data that nothing uses.</summary>
    public IReadOnlyList<string> UnusedColumns { get; init; } = [];

    /// <summary>What is wrong with the input, or why the run could not go on.</summary>
    public IReadOnlyList<ProblemJson> Problems { get; init; } = [];

    /// <summary>What is wrong with the failed rows: the first hundred.</summary>
    public IReadOnlyList<ProblemJson> Failures { get; init; } = [];

    /// <summary>Says it.</summary>
    public void Show(CommandOutput output)
    {
        output.Json(this);
        if (output.IsJson)
        {
            return;
        }

        foreach (var failure in Failures.Take(10))
        {
            CommandOutput.Error($"row {failure.Row}: {failure.Code}: {failure.Message}");
        }

        if (Failed > 10)
        {
            CommandOutput.Error($"… {Failed} rows failed; all of them are in {FailedFile}.");
        }

        var lines = Lines().ToList();
        if (output.IsTerminal)
        {
            var table = new Table().HideHeaders().Border(TableBorder.Rounded).AddColumns("what", "value");
            foreach (var (what, value) in lines)
            {
                table.AddRow(Markup.Escape(what), Markup.Escape(value));
            }

            output.Terminal.Write(table);
        }
        else
        {
            foreach (var (what, value) in lines)
            {
                output.Result($"{what + ":",-22}{value}");
            }
        }

        if (ExitCode is ExitCodes.Interrupted or ExitCodes.EnvironmentFailed)
        {
            output.Result($"Cut off: {Documents} documents are made and kept. To go on, give the same command with --resume.");
        }
        else if (FailedFile is not null)
        {
            output.Result("Mend the failed rows in that file and give it as DATA; its clinicflow: columns are ignored.");
        }
    }

    private IEnumerable<(string What, string Value)> Lines()
    {
        yield return ("Documents", Resumed == 0 ? Number(Documents) : $"{Number(Documents)} ({Number(Resumed)} of them made before)");
        yield return ("Failures", Number(Failed));
        if (Skipped > 0)
        {
            yield return ("Left out (SKIPIF)", Number(Skipped));
        }

        yield return ("Seconds", Seconds.ToString("0.0", CultureInfo.InvariantCulture));
        yield return ("Documents per second", DocumentsPerSecond.ToString(DocumentsPerSecond < 100 ? "0.0" : "0", CultureInfo.InvariantCulture));
        yield return ("Folder", OutputFolder ?? "");
        if (Zip is not null)
        {
            yield return ("ZIP", Zip);
        }

        if (Merged is not null)
        {
            yield return ("Merged PDF", Merged);
        }

        if (FailedFile is not null)
        {
            yield return ("Failed rows", FailedFile);
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
