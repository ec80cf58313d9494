using System.CommandLine;
using System.Text;
using ClinicFlow.Cli.Output;
using ClinicFlow.Cli.Remote;
using ClinicFlow.Client;
using ClinicFlow.Documents;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow audit export</c> and <c>clinicflow audit key</c>; <see cref="AuditVerifyCommand"/> checks.</summary>
internal static class AuditCommands
{
    /// <summary>Makes the command with its parts.</summary>
    public static Command Create() => new("audit", "Check or fetch the audit log, as an administrator.") { AuditVerifyCommand.Create(), CreateExport(), CreateKey() };

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

    private static Command CreateKey()
    {
        var data = new Option<string?>("--data") { Description = "The server's data folder, or a backup of it. Default: data.", HelpName = "DIR" };
        var place = new Option<string>("--output", "-o") { Description = "The file; only this account may read it.", HelpName = "FILE", Required = true };
        var json = CommonOptions.Json();
        var command = new Command("key", "Write the key by which exports of the audit log are checked elsewhere. Whoever has it can also make a log that passes the check.") { data, place, json };
        command.SetAction((parsed, cancellation) => WriteKeyAsync(parsed.GetValue(data), parsed.GetValue(place)!, new CommandOutput(parsed.GetValue(json)), cancellation));
        return command;
    }

    private static async Task<int> WriteKeyAsync(string? data, string path, CommandOutput output, CancellationToken cancellation)
    {
        try
        {
            await using var audit = await AuditVerifyCommand.OpenAsync(data, cancellation);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            await using var file = new StreamWriter(path, Encoding.ASCII, options);
            await file.WriteLineAsync(Convert.ToHexStringLower(audit.Key));
        }
        catch (CommandProblemException e)
        {
            return ServerOptions.End(output, "audit key", [e.Problem], e.ExitCode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var problem = File.Exists(path) ? new Problem("file-exists", "There is a file of that name already.") : new Problem("cannot-write", "The key cannot be written there.");
            return ServerOptions.End(output, "audit key", [problem with { Advice = "Name another file with --output." }], ExitCodes.BadInput);
        }

        output.Result($"{path}: keep it like the keys of the server, and not beside the exports.");
        output.Json(new { Command = "audit key", ExitCode = ExitCodes.Done, File = Path.GetFullPath(path), Problems = Array.Empty<ProblemJson>() });
        return ExitCodes.Done;
    }
}
