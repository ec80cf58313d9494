namespace ClinicFlow.Batch.Archive;

/// <summary>
/// A job's archive could not be written or opened: the disk is full, or gone, or another runner still has it. Trying
/// again later may help. Of a writer, what was appended since the last flush is gone; the archive stands at its end.
/// </summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="inner">The cause.</param>
public sealed class ArchiveException(string message, Exception inner) : IOException(message, inner)
{
    internal static ArchiveException Of(Exception cause)
        => new("The archive of the job cannot be written. Free some room on its disk; the job goes on by itself.", cause);
}

/// <summary>What a job's archive holds is not what was committed. Trying again does not help.</summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="requestIndex">The place in the job of the document it was noticed at; null where it was none.</param>
/// <param name="inner">The cause.</param>
public sealed class ArchiveDamagedException(string message, int? requestIndex = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The place in the job of the document it was noticed at; null where it was none.</summary>
    public int? RequestIndex { get; } = requestIndex;

    internal static ArchiveDamagedException Of(Exception? cause = null)
        => new("The archive of the job is damaged. Restore it from a backup, or run the job again.", inner: cause);

    internal static ArchiveDamagedException Of(int requestIndex, Exception? cause = null)
        => new($"The document of row {requestIndex + 1} is damaged in the archive. Restore the archive from a backup, or run the job again.", requestIndex, cause);
}
