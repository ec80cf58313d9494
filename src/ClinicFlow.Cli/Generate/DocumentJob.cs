using ClinicFlow.Documents.Data;

namespace ClinicFlow.Cli.Generate;

/// <summary>A record with what is needed to write it into the failed rows.</summary>
/// <param name="Index">Its position among all rows, from 0.</param>
/// <param name="Record">The record.</param>
/// <param name="Cells">Its cells; null for JSON.</param>
internal readonly record struct SourceRow(long Index, MergeRecord Record, IReadOnlyList<string>? Cells);

/// <summary>One document to make.</summary>
/// <param name="Ordinal">Its place in the order in which the reader met documents and bad rows, without gaps.</param>
/// <param name="Name">The document's name without ending.</param>
/// <param name="Sequence">How many records the job has merged before.</param>
/// <param name="Rows">The records it takes; one, but for label sheets.</param>
internal sealed record DocumentJob(long Ordinal, string Name, long Sequence, IReadOnlyList<SourceRow> Rows)
{
    /// <summary>The index of its first record.</summary>
    public long Index => Rows[0].Index;
}

/// <summary>What became of a document or of a row that gives none.</summary>
internal abstract record Settled(long Ordinal)
{
    /// <summary>The document is written, or left out by the template.</summary>
    internal sealed record Done(long Ordinal, JournalEntry Entry) : Settled(Ordinal);

    /// <summary>An earlier session had done it, but its files are damaged; what becomes of it now is told apart.</summary>
    internal sealed record Lost(long Ordinal, long Index) : Settled(Ordinal);

    /// <summary>An earlier session has done it.</summary>
    internal sealed record DoneBefore(long Ordinal, JournalEntry Entry) : Settled(Ordinal);

    /// <summary>These rows give no document.</summary>
    internal sealed record Failed(long Ordinal, IReadOnlyList<FailedRow> Rows) : Settled(Ordinal);
}
