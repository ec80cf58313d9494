namespace ClinicFlow.Server.Jobs;

/// <summary>
/// An upload on disk while it is read: it may be larger than the memory, and readers need to go back in it. It has no name
/// there (Unix), or goes away with whoever holds it (Windows), so that no crash leaves patients' data behind.
/// </summary>
internal sealed class SpooledFile : IDisposable
{
    private SpooledFile(FileStream content) => Content = content;

    /// <summary>What was uploaded.</summary>
    public FileStream Content { get; }

    /// <summary>Makes an empty one.</summary>
    /// <param name="dataFolder">The engine's folder, whose disk it takes room on.</param>
    public static SpooledFile Create(string dataFolder)
    {
        var folder = Directory.CreateDirectory(Path.Combine(dataFolder, "uploads"));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous, Share = FileShare.None, BufferSize = 1 << 16 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var path = Path.Combine(folder.FullName, Guid.NewGuid().ToString("N"));
        var content = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return new SpooledFile(content);
    }

    /// <inheritdoc/>
    public void Dispose() => Content.Dispose();
}
