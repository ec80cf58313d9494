using System.Runtime.InteropServices;

namespace ClinicFlow.Cli.Output;

/// <summary>
/// Ctrl-C and the request to terminate: the first asks the work to end cleanly, the second ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _onFirst;
    private int _count;

    /// <summary>Starts to listen.</summary>
    /// <param name="onFirst">Says that the work is ending.</param>
    public Interruption(Action onFirst)
    {
        _onFirst = onFirst;
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

        Environment.Exit(ExitCodes.Interrupted);
    }
}
