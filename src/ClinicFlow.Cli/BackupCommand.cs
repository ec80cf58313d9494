using System.CommandLine;
using System.Globalization;
using ClinicFlow.Batch;
using ClinicFlow.Cli.Output;
using ClinicFlow.Documents;
using ClinicFlow.Server.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow backup</c>: the data folder of a server, which may run meanwhile.</summary>
internal static class BackupCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var target = new Argument<string>("FOLDER") { Description = "The folder to make; it must not be there." };
        var data = new Option<string?>("--data") { Description = "The server's data folder. Default: data.", HelpName = "DIR" };
        var json = CommonOptions.Json();
        var command = new Command("backup", "Copy the data folder of a server, which may run meanwhile. Of a server on PostgreSQL the database is backed up by pg_dump, before this.") { target, data, json };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(target)!, ServeCommand.SettingsOf(null, parsed.GetValue(data), null, parsed.UnmatchedTokens), new CommandOutput(parsed.GetValue(json)), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string target, string[] settings, CommandOutput output, CancellationToken cancellation)
    {
        var config = WebApplication.CreateBuilder(settings).Configuration.GetSection(BatchProcessingConfig.Section).Get<BatchProcessingConfig>() ?? new BatchProcessingConfig();
        try
        {
            var summary = await Backup.RunAsync(config, target, cancellation);
            output.Result(string.Create(CultureInfo.InvariantCulture, $"{summary.Files} files, {summary.Bytes / 1_048_576.0:0.0} MiB. A server with this folder as its data folder goes on from here."));
            output.Json(new { Command = "backup", ExitCode = ExitCodes.Done, summary.Files, summary.Bytes, Problems = Array.Empty<ProblemJson>() });
            return ExitCodes.Done;
        }
        catch (BackupException e)
        {
            var exitCode = e.Code == "backup-failed" ? ExitCodes.EnvironmentFailed : ExitCodes.BadInput;
            var problem = new Problem(e.Code, e.Message);
            output.Problems([problem]);
            output.Json(new { Command = "backup", ExitCode = exitCode, Problems = ProblemJson.Of([problem]) });
            return exitCode;
        }
    }
}
