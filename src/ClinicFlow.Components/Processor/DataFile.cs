namespace ClinicFlow.Components.Processor;

/// <summary>
/// The patients' data while a batch is put together, read again and again. A large one lies on disk without a name (Unix),
/// or goes away with whoever holds it (Windows), so that no crash leaves it behind.
/// </summary>
public sealed class DataFile : IAsyncDisposable
{
    private const long MaxInMemoryBytes = 8L << 20;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Stream _content;

    private DataFile(string name, Stream content) => (Name, _content, Length) = (name, content, content.Length);

    /// <summary>What the file is called.</summary>
    public string Name { get; }

    /// <summary>How long it is, in bytes.</summary>
    public long Length { get; }

    /// <summary>Takes bytes.</summary>
    public static DataFile Of(string name, byte[] bytes) => new(name, new MemoryStream(bytes, writable: false));

    /// <summary>Takes what a stream holds.</summary>
    /// <param name="name">What the file is called.</param>
    /// <param name="source">The stream; read to its end.</param>
    /// <param name="length">How long it will be.</param>
    /// <param name="cancellation">Ends the copying.</param>
    public static async Task<DataFile> CopyAsync(string name, Stream source, long length, CancellationToken cancellation)
    {
        Stream content = length <= MaxInMemoryBytes || OperatingSystem.IsBrowser() ? new MemoryStream() : OnDisk();
        try
        {
            await source.CopyToAsync(content, cancellation);
            return new DataFile(name, content);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the file from its beginning; one reader at a time.</summary>
    public async Task<T> ReadAsync<T>(Func<Stream, Task<T>> read, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            _content.Position = 0;
            return await read(_content);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Whoever reads still is let finish.
        await _turn.WaitAsync();
        await _content.DisposeAsync();
        _turn.Dispose();
    }

    private static FileStream OnDisk()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous, Share = FileShare.None, BufferSize = 1 << 16 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var path = Path.Combine(Path.GetTempPath(), "clinicflow-" + Guid.NewGuid().ToString("N"));
        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return file;
    }
}
