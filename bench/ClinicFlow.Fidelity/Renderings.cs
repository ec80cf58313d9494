using System.Collections.Concurrent;
using System.IO.Hashing;
using ClinicFlow.Documents.Engines;

namespace ClinicFlow.Fidelity;

/// <summary>What an engine made of a document.</summary>
/// <param name="Pdf">The file; null where there is none.</param>
/// <param name="Milliseconds">How long it took; 0 where it was kept from before.</param>
/// <param name="Problem">Why there is none; empty where there is.</param>
/// <param name="Refused">What the engine says it does not render faithfully: codes with their counts.</param>
internal sealed record Rendering(string? Pdf, double Milliseconds, string Problem, IReadOnlyList<string> Refused);

/// <summary>LibreOffice's rendering of documents, kept between calls by the hash of the document: it does not change.</summary>
internal sealed class LibreOfficeRenderings(string folder) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Task<Rendering>> _known = new(StringComparer.Ordinal);
    private readonly Lazy<LibreOfficeConverter> _converter = new(() => new LibreOfficeConverter(new LibreOfficeOptions { Processes = 1, BatchDelay = TimeSpan.FromMilliseconds(300) }));

    public Task<Rendering> RenderAsync(string docx) => _known.GetOrAdd(docx, RenderOnceAsync);

    public async ValueTask DisposeAsync()
    {
        if (_converter.IsValueCreated)
        {
            await _converter.Value.DisposeAsync();
        }
    }

    private async Task<Rendering> RenderOnceAsync(string docx)
    {
        var bytes = await File.ReadAllBytesAsync(docx);
        var target = Path.Combine(folder, $"{XxHash128.HashToUInt128(bytes):x32}.pdf");
        if (File.Exists(target))
        {
            return new Rendering(target, 0, "", []);
        }

        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        try
        {
            var pdf = await _converter.Value.ConvertAsync(new PdfSource(Path.GetFileName(docx), bytes));
            Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(target + ".part", pdf);
            File.Move(target + ".part", target, overwrite: true);
            return new Rendering(target, System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds, "", []);
        }
        catch (PdfConversionException e)
        {
            return new Rendering(null, System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds, e.Message, []);
        }
    }
}
