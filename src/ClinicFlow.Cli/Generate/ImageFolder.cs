namespace ClinicFlow.Cli.Generate;

/// <summary>
/// Opens images that a record names, from the folder of the data and below it, and nowhere else: names come from the
/// data and are not to be trusted.
/// </summary>
internal sealed class ImageFolder
{
    private readonly string _folder;

    /// <summary>Makes it for a data file.</summary>
    public ImageFolder(string dataPath) => _folder = Path.GetDirectoryName(Path.GetFullPath(dataPath))!;

    /// <summary>Opens an image; null where there is none that may be read.</summary>
    public Stream? Open(string name)
    {
        try
        {
            var path = Path.GetFullPath(name.Replace('\\', '/'), _folder);
            if (!IsInside(path) || !File.Exists(path))
            {
                return null;
            }

            // A link may lead out of the folder: what counts is where it ends.
            var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            return IsInside(target) ? File.OpenRead(target) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private bool IsInside(string path)
        => path.StartsWith(_folder.EndsWith(Path.DirectorySeparatorChar) ? _folder : _folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
