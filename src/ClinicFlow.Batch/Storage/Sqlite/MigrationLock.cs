namespace ClinicFlow.Batch.Storage.Sqlite;

/// <summary>A lock between the processes of one machine: a file that one of them has open alone. It ends with its process.</summary>
internal static class MigrationLock
{
    /// <summary>Takes the lock, and waits for whoever has it.</summary>
    public static async Task<FileStream> TakeAsync(string path, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not DirectoryNotFoundException and not FileNotFoundException and not PathTooLongException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellation).ConfigureAwait(false);
            }
        }
    }
}
