namespace ClinicFlow.Batch.Archive;

/// <summary>Where the outputs of jobs lie: one archive a job, and its print file beside it. No name of a user or patient is in a path.</summary>
/// <param name="root">The folder.</param>
internal sealed class OutputFolder(string root)
{
    private const string ArchiveEnding = ".archive";
    private const string PrintEnding = ".print";

    /// <summary>The archive of a job.</summary>
    public string ArchiveOf(Guid jobId) => Path.Combine(FolderOf(jobId), jobId.ToString("N") + ArchiveEnding);

    /// <summary>The print file of a job, as it is after a number of takings: what a retry changes is another file.</summary>
    public string PrintFileOf(Guid jobId, long epoch) => Path.Combine(FolderOf(jobId), FormattableString.Invariant($"{jobId:N}.{epoch}{PrintEnding}"));

    /// <summary>Deletes what there is of a job.</summary>
    public void Delete(Guid jobId)
    {
        var folder = FolderOf(jobId);
        if (Directory.Exists(folder))
        {
            foreach (var file in Directory.EnumerateFiles(folder, jobId.ToString("N") + ".*"))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>The jobs that have files here.</summary>
    public IEnumerable<Guid> FindJobs() => !Directory.Exists(root) ? []
        : Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(file => Guid.TryParseExact(Path.GetFileName(file).Split('.')[0], "N", out var id) ? id : Guid.Empty)
            .Where(id => id != Guid.Empty).Distinct();

    // A folder holds some thousands of files at most: the last byte of the id spreads them.
    private string FolderOf(Guid jobId) => Path.Combine(root, jobId.ToString("N")[^2..]);
}
