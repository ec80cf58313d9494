using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Server.Operations;

/// <summary>What makes PDFs on this machine.</summary>
/// <param name="Options">How it is set up.</param>
/// <param name="Kind">Which engine makes PDFs.</param>
internal sealed record PdfEngine(LibreOfficeOptions Options, PdfEngineKind Kind)
{
    /// <summary>How the settings want it. What our own engine does not render faithfully needs LibreOffice, which is looked for when it is needed.</summary>
    public static PdfEngine Of(ServerSettings settings)
    {
        var options = new LibreOfficeOptions { Executable = settings.PdfExecutable is { Length: > 0 } path ? path : null };
        if (settings.PdfProcesses > 0)
        {
            options = options with { Processes = settings.PdfProcesses };
        }

        return new PdfEngine(options, Enum.Parse<PdfEngineKind>(settings.PdfEngine, ignoreCase: true));
    }

    /// <summary>Starts it.</summary>
    public IPdfConverter Create() => new EngineChoice(Kind, Options, onCallersThread: true);
}
