using System.CommandLine;
using ClinicFlow.Cli.Output;
using ClinicFlow.Server.Operations;
using Microsoft.AspNetCore.Builder;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow doctor</c>: whether this machine has all that a server on it needs.</summary>
internal static class DoctorCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "The folder that the server would keep its data in. Default: data.", HelpName = "DIR" };
        var postgres = new Option<string?>("--postgres") { Description = "The PostgreSQL database that it would use instead of SQLite.", HelpName = "CONNECTION" };
        var json = CommonOptions.Json();
        var command = new Command("doctor", "Look at all that a server on this machine needs, and change nothing. Takes the settings of serve. Exit code 1 where something is missing.") { data, postgres, json };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellation) => RunAsync(
            ServeCommand.SettingsOf(null, parsed.GetValue(data), parsed.GetValue(postgres), parsed.UnmatchedTokens), new CommandOutput(parsed.GetValue(json)), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string[] settings, CommandOutput output, CancellationToken cancellation)
    {
        // The very configuration that the server would start with.
        var findings = await Doctor.RunAsync(WebApplication.CreateBuilder(settings).Configuration, cancellation);
        var exitCode = findings.Any(finding => finding.State == DoctorState.Failed) ? ExitCodes.SomeFailed : ExitCodes.Done;
        foreach (var finding in findings)
        {
            output.Result($"{finding.State.ToString().ToLowerInvariant(),-8} {finding.Name}: {TerminalText.Clean(finding.Message)}");
            if (finding.Advice.Length > 0)
            {
                output.Result($"         {TerminalText.Clean(finding.Advice)}");
            }
        }

        output.Json(new { Command = "doctor", ExitCode = exitCode, Findings = findings, Problems = Array.Empty<ProblemJson>() });
        return exitCode;
    }
}
