using System.Collections.Concurrent;

namespace ClinicFlow.Documents.Fonts;

/// <summary>
/// The fonts that are installed. Made once for a process and shared: a file's names are read when the library is opened, the
/// rest when a face is first used, once. The same files give the same answers whatever the order of the folders' listings.
/// </summary>
public sealed class FontLibrary
{
    private const long MaxFileBytes = 128L * 1024 * 1024;
    private static readonly Lazy<FontLibrary> Installed = new(() => Open(SystemFolders!));

    private readonly Dictionary<string, List<FontEntry>> _families = new(StringComparer.Ordinal);
    private readonly FontEntry[] _entries;
    private readonly Lazy<FontEntry[]> _forFallback;
    private readonly ConcurrentDictionary<string, Lazy<byte[]?>> _files = new(StringComparer.Ordinal);

    private FontLibrary(FontEntry[] entries)
    {
        // Plain loops: this is what a process waits for before its first document, and most of that is compiling what it runs.
        _entries = entries;
        _forFallback = new(() => [.. entries.Where(e => !e.IsItalic).OrderBy(e => Math.Abs(e.Weight - 400))]);
        foreach (var entry in entries)
        {
            foreach (var family in entry.Families)
            {
                var key = Key(family);
                if (!_families.TryGetValue(key, out var faces))
                {
                    _families.Add(key, faces = []);
                }

                if (!faces.Contains(entry))
                {
                    faces.Add(entry);
                }
            }
        }
    }

    /// <summary>Where fonts are installed on this machine; folders that do not exist are among them.</summary>
    public static IReadOnlyList<string> SystemFolders { get; } = OperatingSystem.IsWindows()
        ? [Environment.GetFolderPath(Environment.SpecialFolder.Fonts)]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Fonts", "/Library/Fonts"]
        : ["/usr/share/fonts", "/usr/local/share/fonts"];

    /// <summary>The fonts of <see cref="SystemFolders"/>, read when first asked for.</summary>
    public static FontLibrary OfSystem => Installed.Value;

    /// <summary>Reads the names of all TrueType and OpenType fonts in folders and the folders within.</summary>
    /// <param name="folders">Folders; one that is missing or cannot be read is passed over.</param>
    public static FontLibrary Open(IEnumerable<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var options = new EnumerationOptions { IgnoreInaccessible = true, RecurseSubdirectories = true, MaxRecursionDepth = 16 };
        var files = folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", options))
            .Where(file => Path.GetExtension(file).ToUpperInvariant() is ".TTF" or ".OTF" or ".TTC" or ".OTC")
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        return new([.. files.SelectMany(FontEntry.Read)]);
    }

    /// <summary>How many faces there are.</summary>
    public int Count => _entries.Length;

    /// <summary>Whether a font is installed that equations can be set in (one with a MATH table, such as STIX Math of Debian's fonts-stix).</summary>
    public bool HasMathFont => MathFont.IsInstalled(this);

    /// <summary>Whether a family is installed under this very name (letter case and spaces aside).</summary>
    public bool Has(string family) => _families.ContainsKey(Key(family));

    /// <summary>The face of a family that comes nearest to a style.</summary>
    internal FontFace? Find(string family, FontStyle style)
    {
        if (!_families.TryGetValue(Key(family), out var entries))
        {
            return null;
        }

        var wanted = style.HasFlag(FontStyle.Bold) ? 700 : 400;
        foreach (var entry in entries.OrderBy(e => e.DistanceTo(family, wanted, style.HasFlag(FontStyle.Italic))))
        {
            if (Load(entry) is { } face)
            {
                return face;
            }
        }

        return null;
    }

    /// <summary>The first face, in the order of the files' paths, that has a character; upright and regular ones first.</summary>
    internal FontFace? FindAnyWith(int codePoint)
    {
        foreach (var entry in _forFallback.Value)
        {
            if (entry.Has(codePoint) && Load(entry) is { } face && face.Has(codePoint))
            {
                return face;
            }
        }

        return null;
    }

    private FontFace? Load(FontEntry entry) => entry.Face(() => _files.GetOrAdd(entry.Path, static path => new(() => ReadFile(path))).Value);

    private static byte[]? ReadFile(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxFileBytes ? File.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Key(string family) =>
        family.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
}
