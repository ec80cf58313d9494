using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClinicFlow.Batch.Storage.Sqlite;

/// <summary>The row that a reader has come to, by its statement: the reader would make texts and arrays of what is only looked at.</summary>
internal sealed class SqliteRow(SqliteDataReader reader) : IStoredRow
{
    private readonly sqlite3_stmt _statement = reader.Handle ?? throw new InvalidOperationException("The reader has no statement.");

    /// <inheritdoc/>
    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <inheritdoc/>
    public int Int32(int column) => raw.sqlite3_column_int(_statement, column);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <inheritdoc/>
    public Guid Guid(int column) => System.Guid.Parse(Bytes(column));
}
