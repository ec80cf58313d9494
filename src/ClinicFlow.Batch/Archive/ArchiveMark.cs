namespace ClinicFlow.Batch.Archive;

/// <summary>
/// How far an archive is written: what a commit records, and where the next writer goes on. The marks of one archive
/// come from <see cref="ArchiveWriter"/> only. Default: an archive with nothing in it.
/// </summary>
/// <param name="LogicalBytes">How much of the ZIP there is.</param>
/// <param name="FileBytes">How long its file is: as much, or more where it is encrypted.</param>
public readonly record struct ArchiveMark(long LogicalBytes, long FileBytes)
{
    /// <summary>Whether the file is encrypted: an encrypted file is always longer than what is in it.</summary>
    public bool IsEncrypted => FileBytes != LogicalBytes;
}
