using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ClinicFlow.Cli.Tests;

/// <summary>What a run of the command gave.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Standard output as the one JSON object that it must be.</summary>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Output);
            return document.RootElement.Clone();
        }
    }
}

/// <summary>Starts the built command as a process, as a user does.</summary>
internal static class Cli
{
    private static readonly string Command = Path.Combine(AppContext.BaseDirectory, "clinicflow.dll");

    /// <summary>Runs the command to its end.</summary>
    public static async Task<CliResult> RunAsync(string folder, params string[] arguments)
    {
        using var running = Start(folder, arguments);
        return await running.EndAsync();
    }

    /// <summary>Starts the command.</summary>
    public static RunningCli Start(string folder, params string[] arguments) => Start(folder, [], arguments);

    /// <summary>Starts the command with more in its environment.</summary>
    public static RunningCli Start(string folder, IEnumerable<KeyValuePair<string, string>> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Command, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Remove("CLINICFLOW_SERVER");
        start.Environment.Remove("CLINICFLOW_API_KEY");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new RunningCli(Process.Start(start)!);
    }
}

/// <summary>A command at work.</summary>
internal sealed class RunningCli : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    public RunningCli(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Whether the command has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Waits until a condition holds; false where the command ended before.</summary>
    public async Task<bool> UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            if (_process.HasExited)
            {
                return false;
            }

            await Task.Delay(5);
        }

        return !_process.HasExited;
    }

    /// <summary>Ends the process as a power cut would.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends it a signal.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<CliResult> EndAsync()
    {
        await _process.WaitForExitAsync(Xunit.TestContext.Current.CancellationToken);
        return new CliResult(_process.ExitCode, await _output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
