using System.Globalization;

namespace ClinicFlow.Documents.Engines;

/// <summary>
/// The folder of one converter: all that its processes write lies in it, and it goes when the converter does. What a
/// process that was killed has left is removed by the next converter that starts on the machine. Whether the owner of a
/// folder lives is told by a lock that it holds on a file beside it: a process id would not do, which in a container is
/// the same after every start.
/// </summary>
internal sealed class EngineFolder : IDisposable
{
    private const string Prefix = "clinicflow-pdf-";

    private const string LockEnd = ".lock";

    private readonly FileStream _lock;
    private int _count;

    /// <summary>Makes the folder, and removes those whose owner is gone.</summary>
    public EngineFolder(string? root)
    {
        root = System.IO.Path.GetFullPath(root ?? System.IO.Path.GetTempPath());
        Directory.CreateDirectory(root);
        RemoveStale(root);
        Path = System.IO.Path.Combine(root, $"{Prefix}{Guid.NewGuid():N}");

        // The lock comes first, so that no folder ever stands without one.
        _lock = new FileStream(Path + LockEnd, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
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
    public void Dispose()
    {
        Remove(Path);
        _lock.Dispose();
        RemoveLock(Path);
    }

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
        foreach (var file in Directory.EnumerateFiles(root, Prefix + "*" + LockEnd))
        {
            var folder = file[..^LockEnd.Length];
            try
            {
                using (new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    KillWorkers(folder);
                    RemoveSockets(folder);
                    Remove(folder);
                }

                RemoveLock(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its owner lives, or another converter is just removing it, or it is another user's.
            }
        }
    }

    private static void KillWorkers(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var note in Directory.EnumerateFiles(folder, "*.pid"))
        {
            if (int.TryParse(System.IO.Path.GetFileNameWithoutExtension(note.AsSpan()), CultureInfo.InvariantCulture, out var worker) && WorksIn(worker, folder))
            {
                ProcessGroup.Kill(worker);
            }
        }
    }

    private static void RemoveSockets(string folder)
    {
        if (Directory.Exists(folder))
        {
            foreach (var profile in Directory.EnumerateDirectories(folder, "profile-*"))
            {
                LibreOfficeProfile.RemoveSocket(profile);
            }
        }
    }

    // A folder that would not go keeps its lock file, by which the next start finds it.
    private static void RemoveLock(string folder)
    {
        if (!Directory.Exists(folder))
        {
            File.Delete(folder + LockEnd);
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
