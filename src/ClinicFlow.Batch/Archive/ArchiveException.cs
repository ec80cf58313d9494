namespace ClinicFlow.Batch.Archive;

/// <summary>A job's archive could not be written: the disk is full, or gone. Trying again later may help.</summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="inner">The cause.</param>
public sealed class ArchiveException(string message, Exception inner) : IOException(message, inner);
