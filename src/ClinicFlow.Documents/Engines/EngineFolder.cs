using System.Diagnostics;
using System.Globalization;

namespace ClinicFlow.Documents.Engines;

/// <summary>
/// The folder of one converter: all that its processes write lies in it, and it goes when the converter does. What a
/// process that was killed has left is removed by the next converter that starts on the machine.
/// </summary>
internal sealed class EngineFolder : IDisposable
{
    private const string Prefix = "clinicflow-pdf-";

    private int _count;

    /// <summary>Makes the folder, and removes those whose owner is gone.</summary>
    public EngineFolder(string? root)
    {
        root ??= System.IO.Path.GetTempPath();
        Directory.CreateDirectory(root);
        RemoveStale(root);
        Path = System.IO.Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}"));
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            // Documents of patients: nobody else reads them.
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Makes a new folder inside.</summary>
    public string Create(string name)
        => Directory.CreateDirectory(System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{name}-{Interlocked.Increment(ref _count)}"))).FullName;

    /// <summary>Notes a process that works here, so that it can be ended should this one die.</summary>
    public void Note(int processId) => File.WriteAllText(System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{processId}.pid")), "");

    /// <summary>Takes the note back.</summary>
    public void Forget(int processId) => File.Delete(System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{processId}.pid")));

    /// <inheritdoc/>
    public void Dispose() => Remove(Path);

    /// <summary>Removes a folder; a file that a dying process still writes may need a second look.</summary>
    public static void Remove(string folder)
    {
        for (var attempt = 0; attempt < 20 && Directory.Exists(folder); attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(50);
            }
        }
    }

    private static void RemoveStale(string root)
    {
        foreach (var folder in Directory.EnumerateDirectories(root, Prefix + "*"))
        {
            var name = System.IO.Path.GetFileName(folder.AsSpan())[Prefix.Length..];
            var end = name.IndexOf('-');
            if (end < 0 || !int.TryParse(name[..end], CultureInfo.InvariantCulture, out var owner) || IsRunning(owner))
            {
                continue;
            }

            foreach (var note in Directory.EnumerateFiles(folder, "*.pid"))
            {
                if (int.TryParse(System.IO.Path.GetFileNameWithoutExtension(note.AsSpan()), CultureInfo.InvariantCulture, out var worker) && WorksIn(worker, folder))
                {
                    ProcessGroup.Kill(worker);
                }
            }

            Remove(folder);
        }
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // A number may have been given to another process since: only one whose command names the folder is ours.
    private static bool WorksIn(int processId, string folder)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/cmdline").Contains(System.IO.Path.GetFileName(folder), StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
