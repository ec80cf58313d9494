using System.CommandLine;
using ClinicFlow.Server;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow serve</c>: the server, on this machine.</summary>
internal static class ServeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var urls = new Option<string?>("--urls") { Description = "Where it listens, parted by semicolons. Default: http://127.0.0.1:5080.", HelpName = "ADDRESSES" };
        var data = new Option<string?>("--data") { Description = "The folder for the database, documents and keys; made where it is not there. Default: data.", HelpName = "DIR" };
        var postgres = new Option<string?>("--postgres")
        {
            Description = "A PostgreSQL database instead of SQLite. Others on the machine can read a command line: put a connection string with a password into BatchProcessing__ConnectionString.",
            HelpName = "CONNECTION",
        };
        var command = new Command("serve", "Run the server. Any setting of it can be given too, such as --Server:RequestsPerMinute 600; docs/operations.md lists them.") { urls, data, postgres };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, _) => ServerHost.RunAsync(SettingsOf(parsed.GetValue(urls), parsed.GetValue(data), parsed.GetValue(postgres), parsed.UnmatchedTokens)));
        return command;
    }

    /// <summary>The options as the server's settings; what is not known here is handed on as it is.</summary>
    internal static string[] SettingsOf(string? urls, string? data, string? postgres, IEnumerable<string> others) =>
    [
        .. others,
        .. urls is null ? Array.Empty<string>() : ["--urls", urls],
        .. data is null ? Array.Empty<string>() : ["--BatchProcessing:DataFolder", data],
        .. postgres is null ? Array.Empty<string>() : ["--BatchProcessing:ConnectionString", postgres],
    ];
}
