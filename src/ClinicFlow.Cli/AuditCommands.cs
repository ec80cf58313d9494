using System.CommandLine;
using ClinicFlow.Cli.Output;
using ClinicFlow.Cli.Remote;
using ClinicFlow.Client;
using ClinicFlow.Documents;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow audit verify</c> and <c>clinicflow audit export</c>: the audit log, for administrators.</summary>
internal static class AuditCommands
{
    /// <summary>Makes the command with its two parts.</summary>
    public static Command Create() => new("audit", "Check or fetch the audit log, as an administrator.") { CreateVerify(), CreateExport() };

    private static Command CreateVerify()
    {
        var command = new Command("verify", "Find the first entry that was changed, removed, moved or cut off. Exit code 1 where there is one.");
        new ServerOptions().Give(command, "audit verify", async (session, _) =>
        {
            var verdict = await session.Client.Audit.VerifyAsync(session.Asked);
            var exitCode = verdict.IsIntact ? ExitCodes.Done : ExitCodes.SomeFailed;
            Problem[] problems = verdict.IsIntact ? [] : [new Problem("audit-broken", TerminalText.Clean(verdict.Message)) { Advice = "Keep the database and its backups as they are, and find out who could write to it." }];
            session.Output.Problems(problems);
            session.Output.Result(verdict.IsIntact ? $"The audit log is intact: {verdict.Entries} entries." : $"The audit log is NOT intact from entry {verdict.FirstWrong} on.");
            session.Output.Json(new { Command = "audit verify", ExitCode = exitCode, verdict.IsIntact, verdict.Entries, verdict.FirstWrong, Problems = ProblemJson.Of(problems) });
            return exitCode;
        });
        return command;
    }

    private static Command CreateExport()
    {
        var place = new Option<string?>("--output", "-o") { Description = "The file, or a folder for it. Default: standard output.", HelpName = "PATH" };
        var format = new Option<AuditFormat>("--format", "-f") { Description = "How it is written.", HelpName = "csv|ndjson", DefaultValueFactory = _ => AuditFormat.Csv };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there already." };
        var command = new Command("export", "Fetch the whole audit log as CSV or JSON lines.") { place, format, force };
        new ServerOptions().Give(command, "audit export", async (session, parsed) =>
        {
            if (parsed.GetValue(place) is not { } path)
            {
                if (session.Output.IsJson)
                {
                    throw new CommandProblemException(new Problem("usage", "--json needs --output: standard output is for the result then."));
                }

                await using var download = await session.Client.Audit.ExportAsync(parsed.GetValue(format), session.Asked);
                await using var output = Console.OpenStandardOutput();
                await download.Content.CopyToAsync(output, session.Asked);
                return ExitCodes.Done;
            }

            var (file, bytes) = await FileDownload.FetchAsync(session, (_, cancellation) => session.Client.Audit.ExportAsync(parsed.GetValue(format), cancellation), path, parsed.GetValue(force));
            session.Output.Result($"{file} ({FileDownload.Size(bytes)})");
            session.Output.Json(new { Command = "audit export", ExitCode = ExitCodes.Done, File = file, Bytes = bytes, Problems = Array.Empty<ProblemJson>() });
            return ExitCodes.Done;
        });
        return command;
    }
}
