using System.Text;

namespace ClinicFlow.Batch.Storage;

/// <summary>
/// The row that a read has come to, as its database hands it out: columns by their place, and nothing made of them. What
/// it gives is good until the next row. For what is read of each document; all else is read by EF Core.
/// </summary>
internal interface IStoredRow
{
    /// <summary>Whether a column is null.</summary>
    bool IsNull(int column);

    /// <summary>A number; an integer in PostgreSQL.</summary>
    int Int32(int column);

    /// <summary>A text as UTF-8, or bytes; empty where it is null.</summary>
    ReadOnlySpan<byte> Bytes(int column);

    /// <summary>A text; null where it is null.</summary>
    string? Text(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(Bytes(column));

    /// <summary>An id.</summary>
    Guid Guid(int column);
}
