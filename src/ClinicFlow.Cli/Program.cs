using System.CommandLine;
using ClinicFlow.Cli;
using ClinicFlow.Cli.Output;
using ClinicFlow.Documents;

// Names are in every script; a console that was set to something else would show question marks.
Console.OutputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

var root = new RootCommand($"ClinicFlow Documents: Word templates and records become finished DOCX and PDF documents.\n\n{ExitCodes.Help}")
{
    GenerateCommand.Create(),
    TemplateCommands.Create(),
    ConvertCommand.Create(),
    ServeCommand.Create(),
    SubmitCommand.Create(),
    JobsCommand.Create(),
    WatchCommand.Create(),
    QueueCommand.Create(),
    ControlCommands.CreatePause(),
    ControlCommands.CreateResume(),
    ControlCommands.CreateCancel(),
    ControlCommands.CreateRetry(),
    DownloadCommand.Create(),
    AuditCommands.Create(),
    DoctorCommand.Create(),
    BackupCommand.Create(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && args.Contains("--json"))
{
    // A program that asked for JSON gets it for a wrong command line too.
    new CommandOutput(isJson: true).Json(new
    {
        ExitCode = ExitCodes.BadInput,
        Problems = ProblemJson.Of(parsed.Errors.Select(error => new Problem("usage", error.Message))),
    });
    return ExitCodes.BadInput;
}

try
{
    // Ctrl-C is ours: a run ends cleanly in its own time.
    var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count > 0 ? ExitCodes.BadInput : exitCode;
}
catch (Exception e)
{
    // A defect of ours. Its message may hold a value of a record, so only its kind and where it happened are said.
    var problem = new Problem("internal-error", $"clinicflow failed because of a defect ({e.GetType().FullName}).")
    {
        Advice = "Please report this with the lines below. What was written is kept; a run can go on with --resume.",
    };
    CommandOutput.Error($"{ProblemText.Lines(problem)}\n{e.StackTrace}");
    new CommandOutput(args.Contains("--json")).Json(new { ExitCode = ExitCodes.EnvironmentFailed, Problems = ProblemJson.Of([problem]) });
    return ExitCodes.EnvironmentFailed;
}
