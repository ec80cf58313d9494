namespace ClinicFlow.Batch.Archive;

/// <summary>A length of an archive that can be committed and gone back to.</summary>
/// <param name="LogicalBytes">The length of the ZIP.</param>
/// <param name="FileBytes">The length of its file; another one where it is encrypted.</param>
public readonly record struct ArchiveMark(long LogicalBytes, long FileBytes);
