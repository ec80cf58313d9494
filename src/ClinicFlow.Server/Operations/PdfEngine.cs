using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Server.Operations;

/// <summary>What makes PDFs on this machine.</summary>
/// <param name="Options">How it is set up.</param>
internal sealed record PdfEngine(LibreOfficeOptions Options)
{
    /// <summary>Looks for it; null where there is none.</summary>
    public static PdfEngine? Find(ServerSettings settings)
    {
        var options = new LibreOfficeOptions { Executable = settings.PdfExecutable is { Length: > 0 } path ? path : null };
        if (settings.PdfProcesses > 0)
        {
            options = options with { Processes = settings.PdfProcesses };
        }

        return LibreOfficeConverter.FindExecutable(options.Executable) is null ? null : new PdfEngine(options);
    }

    /// <summary>Starts it.</summary>
    public IPdfConverter Create() => new LibreOfficeConverter(Options);
}
