using System.Diagnostics;

namespace ClinicFlow.Batch.Tests.Crash;

/// <summary>A host of the engine in a process of its own, which can be killed.</summary>
internal sealed class Host : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new();

    private Host(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data == "ready")
            {
                _ready.TrySetResult();
            }
        };
        _process.BeginOutputReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public Task Ready => _ready.Task;

    public static Host Start(string folder, string? connectionString, string? poison = null)
    {
        var dll = Path.Combine(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))!, "..", "CrashHost", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "CrashHost.dll");
        string[] arguments = poison is null ? [dll, folder, connectionString ?? "-"] : [dll, folder, connectionString ?? "-", poison];
        return new Host(Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!);
    }

    /// <summary>SIGKILL: nothing of it runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public Task ExitAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
