// A host of the engine, to be killed: CrashHost DATA CONNECTION|- [POISON]
// It makes PDFs that are none of LibreOffice's, after a few milliseconds, and fails for a while now and then. POISON is the
// name of a document (such as "row 777") that ends the whole process, as a fault in native code would.
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using ClinicFlow.Batch;
using ClinicFlow.Documents.Engines;
using Microsoft.Extensions.Logging;

var ended = new TaskCompletionSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    ended.TrySetResult();
});
var config = new BatchProcessingConfig
{
    DataFolder = args[0],
    ConnectionString = args[1] == "-" ? null : args[1],
    LeaseDuration = TimeSpan.FromSeconds(1),
    RetryDelayMs = 20,
    MaxConcurrentJobs = 4,
};
await using (var engine = await BatchEngine.OpenAsync(config, new BatchEngineParts { Pdf = new SlowPdf(args.Length > 2 ? args[2] : null), Loggers = new FileLog(Environment.GetEnvironmentVariable("CRASH_LOG")) }))
{
    engine.Start();
    Console.WriteLine("ready");
    await ended.Task;
}

Console.WriteLine("stopped");

internal sealed class SlowPdf(string? poison) : IPdfConverter
{
    private static readonly byte[] Pdf = Encoding.Latin1.GetBytes("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF");

    public string EngineName => "Slow";

    public async Task<ReadOnlyMemory<byte>> ConvertAsync(PdfSource document, CancellationToken cancellationToken = default)
    {
        if (document.Name == poison)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }

        await Task.Delay(Random.Shared.Next(1, 4), cancellationToken);
        return Random.Shared.Next(50) == 0 ? throw new PdfConversionException("pdf-engine-crashed", "The engine crashed.", isTransient: true) : Pdf;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The log of hosts, where somebody asks for it.</summary>
internal sealed class FileLog(string? path) : ILoggerFactory, ILogger
{
    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public bool IsEnabled(LogLevel logLevel) => path is not null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (path is not null)
        {
            File.AppendAllText($"{path}.{Environment.ProcessId}", $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {formatter(state, exception)} {exception}\n");
        }
    }
}
