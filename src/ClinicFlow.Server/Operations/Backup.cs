using ClinicFlow.Batch;
using ClinicFlow.Documents;
using ClinicFlow.Server.Accounts;
using Microsoft.Data.Sqlite;

namespace ClinicFlow.Server.Operations;

/// <summary>A backup could not be made; nothing half-made is left under its name.</summary>
public sealed class BackupException : ClinicFlowException
{
    internal BackupException(string code, string message, Exception? inner = null)
        : base(code, message, inner)
    {
    }
}

/// <summary>What a backup holds.</summary>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">How many bytes.</param>
public sealed record BackupSummary(int Files, long Bytes);

/// <summary>
/// Copies the data folder of a server, which may run meanwhile. The order makes the copy whole: first how far the audit
/// log has come, then the databases, then the documents. So the databases never speak of a document that is not in the
/// copy, and what documents have grown by since is cut off by whoever goes on from it, as after a crash.
/// </summary>
public static class Backup
{
    private static readonly string[] Databases = ["clinicflow.db", SqliteAccountsDb.FileName];

    /// <summary>Makes a backup.</summary>
    /// <param name="config">The settings of the server.</param>
    /// <param name="target">The folder to make; it must not be there. A server with it as its data folder goes on from the backup.</param>
    /// <param name="cancellation">Gives up, and leaves nothing.</param>
    /// <exception cref="BackupException">The folder is there, the data is not, or the disk failed.</exception>
    public static async Task<BackupSummary> RunAsync(BatchProcessingConfig config, string target, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        var source = Path.GetFullPath(config.DataFolder);
        target = Path.GetFullPath(target);
        if (Path.Exists(target))
        {
            throw new BackupException("backup-exists", "There is something at that place already. Name a folder that is not there.");
        }

        var isSqlite = string.IsNullOrEmpty(config.ConnectionString);
        if (!Directory.Exists(source) || isSqlite && !File.Exists(Path.Combine(source, Databases[0])))
        {
            throw new BackupException("backup-no-data", "There is no data of a server in the data folder. Check BatchProcessing:DataFolder.");
        }

        if ((target + Path.DirectorySeparatorChar).StartsWith(source + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new BackupException("backup-inside", "The backup would lie in the data folder itself. Name a folder elsewhere, best on another disk.");
        }

        var part = target + ".part";
        try
        {
            MakeFolder(part);
            Copy(source, part, "audit.head");
            if (isSqlite)
            {
                foreach (var name in Databases.Where(name => File.Exists(Path.Combine(source, name))))
                {
                    await CopyDatabaseAsync(Path.Combine(source, name), Path.Combine(part, name), cancellation);
                }
            }

            foreach (var folder in new[] { "keys", "outputs" })
            {
                CopyFolder(Path.Combine(source, folder), Path.Combine(part, folder), cancellation);
            }

            Directory.Move(part, target);
            var files = new DirectoryInfo(target).GetFiles("*", SearchOption.AllDirectories);
            return new BackupSummary(files.Length, files.Sum(file => file.Length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new BackupException("backup-failed", $"The backup could not be written ({e.GetType().Name}). Check that there is room and that the account may write there.", e);
        }
        finally
        {
            if (Directory.Exists(part))
            {
                Directory.Delete(part, recursive: true);
            }
        }
    }

    /// <summary>SQLite's own copy of one moment, which waits for nobody and lets writers go on.</summary>
    private static async Task CopyDatabaseAsync(string from, string to, CancellationToken cancellation)
    {
        await using var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = from, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 60, Pooling = false }.ToString());
        await source.OpenAsync(cancellation);
        await using var command = source.CreateCommand();
        command.CommandText = "vacuum into $to";
        command.Parameters.AddWithValue("$to", to);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static void Copy(string from, string to, string name)
    {
        if (File.Exists(Path.Combine(from, name)))
        {
            File.Copy(Path.Combine(from, name), Path.Combine(to, name));
        }
    }

    private static void CopyFolder(string from, string to, CancellationToken cancellation)
    {
        if (!Directory.Exists(from))
        {
            return;
        }

        MakeFolder(to);
        foreach (var directory in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            MakeFolder(Path.Combine(to, Path.GetRelativePath(from, directory)));
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            cancellation.ThrowIfCancellationRequested();

            // Locks belong to processes, and part files to whoever writes them now.
            if (Path.GetExtension(file) is ".lock" or ".part")
            {
                continue;
            }

            try
            {
                using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var copy = new FileStream(Path.Combine(to, Path.GetRelativePath(from, file)), FileMode.CreateNew, FileAccess.Write);
                source.CopyTo(copy);
                copy.Flush(flushToDisk: true);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Its job was deleted in the meantime.
            }
        }
    }

    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
