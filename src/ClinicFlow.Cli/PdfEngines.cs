using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Cli;

/// <summary>The PDF engines that the commands use.</summary>
internal static class PdfEngines
{
    /// <summary>Makes the engine.</summary>
    /// <param name="concurrency">How many processes it may use.</param>
    /// <exception cref="PdfConversionException">There is none on this machine.</exception>
    public static IPdfConverter Create(int concurrency) => new LibreOfficeConverter(new LibreOfficeOptions { Processes = Math.Clamp(concurrency, 1, 16) });

    /// <summary>Joins PDFs into one file, in order.</summary>
    /// <returns>False where it was stopped.</returns>
    public static bool Merge(IEnumerable<string> files, string target, CancellationToken stop)
    {
        try
        {
            using var output = new FileStream(target, FileMode.Create, FileAccess.ReadWrite);
            PdfMerge.Merge(files.Select(file => new PdfMergePart(Path.GetFileNameWithoutExtension(file), file)), output, cancellationToken: stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
