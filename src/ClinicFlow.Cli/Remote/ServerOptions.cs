using System.CommandLine;
using ClinicFlow.Cli.Output;
using ClinicFlow.Client;
using ClinicFlow.Documents;

namespace ClinicFlow.Cli.Remote;

/// <summary>What a command works with that speaks to a server.</summary>
/// <param name="Client">The server.</param>
/// <param name="Output">Where it speaks.</param>
/// <param name="Asked">Cancelled by Ctrl-C.</param>
internal sealed record ServerSession(ClinicFlowClient Client, CommandOutput Output, CancellationToken Asked);

/// <summary>Which server, and by which key; the same for every command that speaks to one.</summary>
internal sealed class ServerOptions
{
    /// <summary>Names the server where no option does.</summary>
    public const string ServerVariable = "CLINICFLOW_SERVER";

    /// <summary>Holds the API key where no file is named.</summary>
    public const string KeyVariable = "CLINICFLOW_API_KEY";

    private const string DefaultServer = "http://127.0.0.1:5080";
    private const int MaxKeyLength = 4_096;

    private readonly Option<string?> _server = new("--server") { Description = $"The server's address. Default: {ServerVariable}, or {DefaultServer}.", HelpName = "ADDRESS" };
    private readonly Option<string?> _keyFile = new("--api-key-file") { Description = $"A file with the API key. Default: the key in {KeyVariable}.", HelpName = "FILE" };
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<bool> _quiet = CommonOptions.Quiet();

    /// <summary>Gives a command these options, and what it does.</summary>
    /// <param name="command">The command.</param>
    /// <param name="name">Its name in the JSON result.</param>
    /// <param name="work">What it does, and what the process ends with.</param>
    public void Give(Command command, string name, Func<ServerSession, ParseResult, Task<int>> work)
    {
        AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed, name, session => work(session, parsed)));
    }

    /// <summary>Gives a command these options, where it does not always speak to a server.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_keyFile);
        command.Options.Add(_json);
        command.Options.Add(_quiet);
    }

    /// <summary>Where a command speaks by these options.</summary>
    public CommandOutput OutputOf(ParseResult parsed) => new(parsed.GetValue(_json), parsed.GetValue(_quiet));

    /// <summary>Does what a command does with a server.</summary>
    /// <returns>What the process ends with.</returns>
    public async Task<int> RunAsync(ParseResult parsed, string name, Func<ServerSession, Task<int>> work)
    {
        var output = OutputOf(parsed);
        var address = parsed.GetValue(_server) ?? Known(ServerVariable) ?? DefaultServer;
        using var interruption = new Interruption(() => { });
        try
        {
            var (server, key) = (AddressOf(address), KeyOf(parsed.GetValue(_keyFile)));
            if (server.Scheme == "http" && !server.IsLoopback)
            {
                output.Problems([new Problem("no-tls", "The API key and the documents go to this server unencrypted.") { Severity = ProblemSeverity.Warning, Advice = "Use an https address." }]);
            }

            await using var client = new ClinicFlowClient(server, key);
            return await work(new ServerSession(client, output, interruption.Asked));
        }
        catch (OperationCanceledException) when (interruption.Asked.IsCancellationRequested)
        {
            return End(output, name, [], ExitCodes.Interrupted);
        }
        catch (CommandProblemException e)
        {
            return End(output, name, [e.Problem], e.ExitCode);
        }
        catch (ClinicFlowApiException e)
        {
            return End(output, name, ServerProblems.Of(e), ServerProblems.ExitCodeOf(e));
        }
        catch (HttpRequestException e)
        {
            var why = e.InnerException is TimeoutException ? "did not answer in time" : e.HttpRequestError == HttpRequestError.SecureConnectionError ? "cannot be trusted: its certificate is not valid" : "cannot be reached";
            return End(output, name, [new Problem("server-unreachable", $"The server at {address} {why}.") { Advice = $"Check that it runs, and that --server or {ServerVariable} is right." }], ExitCodes.EnvironmentFailed);
        }
    }

    /// <summary>Says problems, in words or as JSON, and ends.</summary>
    public static int End(CommandOutput output, string name, IReadOnlyList<Problem> problems, int exitCode)
    {
        output.Problems(problems);
        output.Json(new { Command = name, ExitCode = exitCode, Problems = ProblemJson.Of(problems) });
        return exitCode;
    }

    private static Uri AddressOf(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0 ? address
            : throw new CommandProblemException(new Problem("usage", "The server's address is none.") { Advice = $"Give --server or {ServerVariable} as http://HOST:PORT or https://HOST." });

    private static string KeyOf(string? file)
    {
        string? key;
        try
        {
            key = file is null ? Known(KeyVariable) : ReadKey(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandProblemException(new Problem("cannot-open", "The file with the API key cannot be read.") { Advice = "Check --api-key-file." });
        }

        if (key is null)
        {
            throw new CommandProblemException(new Problem("not-signed-in", "There is no API key.") { Advice = $"Make one on the server, and put it into a file for --api-key-file, or into the environment variable {KeyVariable}." });
        }

        return key.Length <= MaxKeyLength && key.All(c => c is > ' ' and <= '~') ? key
            : throw new CommandProblemException(new Problem("usage", "What is given as the API key is none: it has blanks or other characters that no key has.") { Advice = "The file must hold the key and nothing else." });
    }

    private static string ReadKey(string file)
    {
        using var reader = new StreamReader(file);
        var buffer = new char[MaxKeyLength + 2];
        return new string(buffer, 0, reader.ReadBlock(buffer)).Trim();
    }

    private static string? Known(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value.Trim() : null;
}
