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

// Ctrl-C is ours: a run ends cleanly in its own time.
var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
return parsed.Errors.Count > 0 ? ExitCodes.BadInput : exitCode;
