using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Cli;

/// <summary>The PDF engines that the commands use.</summary>
internal static class PdfEngines
{
    /// <summary>Makes the engine.</summary>
    /// <param name="concurrency">How many processes it may use.</param>
    /// <exception cref="PdfConversionException">There is none on this machine.</exception>
    public static IPdfConverter Create(int concurrency) => new LibreOfficeConverter(new LibreOfficeOptions { Processes = Math.Clamp(concurrency, 1, 16) });

    /// <summary>Makes the engine for plain documents.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="concurrency">How many documents it may work on at once.</param>
    /// <exception cref="PdfConversionException">LibreOffice is asked for, and not on this machine.</exception>
    public static EngineChoice Choose(PdfEngineKind kind, int concurrency) => new(kind, new LibreOfficeOptions { Processes = Math.Clamp(concurrency, 1, 16) });

    /// <summary>Joins PDFs into one file, in order.</summary>
    /// <param name="files">Each with its entry in the outline; a file need only be there until the next one is asked for.</param>
    /// <param name="target">The file to make.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>False where it was stopped.</returns>
    public static bool Merge(IEnumerable<(string Title, string Path)> files, string target, CancellationToken stop)
    {
        try
        {
            using var output = new FileStream(target, FileMode.Create, FileAccess.ReadWrite);
            PdfMerge.Merge(files.Select(file => new PdfMergePart(file.Title, file.Path)), output, cancellationToken: stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
