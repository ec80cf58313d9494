using System.Runtime.InteropServices;

namespace ClinicFlow.Cli.Output;

/// <summary>
/// Ctrl-C and the request to terminate: the first asks the work to end cleanly, the second ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _registrations;
    private static readonly TimeSpan LongestCleanUp = TimeSpan.FromSeconds(2);

    private readonly Action _onFirst;
    private readonly IAsyncDisposable? _engine;
    private int _count;

    /// <summary>Starts to listen.</summary>
    /// <param name="onFirst">Says that the work is ending.</param>
    /// <param name="engine">Owns other processes, which must not outlive this one; null where there are none.</param>
    public Interruption(Action onFirst, IAsyncDisposable? engine = null)
    {
        _onFirst = onFirst;
        _engine = engine;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive)];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Asked => _asked.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _asked.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
        {
            _onFirst();
            _asked.Cancel();
            return;
        }

        if (_engine is not null)
        {
            Task.Run(async () => await _engine.DisposeAsync()).Wait(LongestCleanUp);
        }

        Environment.Exit(ExitCodes.Interrupted);
    }
}
