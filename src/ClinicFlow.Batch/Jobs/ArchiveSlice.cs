namespace ClinicFlow.Batch.Jobs;

/// <summary>Where one file lies in a job's archive.</summary>
/// <param name="FileName">Its name in the archive, unique there.</param>
/// <param name="HeaderOffset">Where its entry starts.</param>
/// <param name="DataOffset">Where its data starts.</param>
/// <param name="StoredBytes">How long its data is as it is stored.</param>
/// <param name="Bytes">How long the file is.</param>
/// <param name="IsDeflated">Whether the data is deflated.</param>
/// <param name="Crc32">The file's CRC-32.</param>
/// <param name="Sha256">The file's SHA-256, in lower-case hexadecimal.</param>
public sealed record ArchiveSlice(string FileName, long HeaderOffset, long DataOffset, long StoredBytes, long Bytes, bool IsDeflated, uint Crc32, string Sha256);
