namespace ClinicFlow.Documents.Data;

/// <summary>The file formats that records are read from.</summary>
public enum RecordFormat
{
    /// <summary>Separated text: comma, semicolon, tab or vertical bar.</summary>
    Csv,

    /// <summary>An Excel workbook (.xlsx, .xlsm).</summary>
    Xlsx,

    /// <summary>A JSON array of objects, an object holding one such array, or one object.</summary>
    Json,

    /// <summary>One JSON object a line.</summary>
    Ndjson,
}

/// <summary>
/// Reads the records of one source from its start to its end, once, holding one record at a time. Made by
/// <see cref="RecordSource"/>. Not safe for use by several threads at once.
/// </summary>
public interface IRecordReader : IDisposable
{
    /// <summary>The format.</summary>
    RecordFormat Format { get; }

    /// <summary>How the source was understood, in words a person can check: <c>CSV, separator ;, windows-1252</c>.</summary>
    string Description { get; }

    /// <summary>
    /// The names of the columns in their order, as the source writes them (trimmed; a nested one is <c>address.city</c>;
    /// a column without a name is <c>column 5</c>). For JSON those of the first record that can be read.
    /// </summary>
    IReadOnlyList<string> Columns { get; }

    /// <summary>The sheets that a workbook shows, in their order, empty ones too; none for other formats.</summary>
    IReadOnlyList<string> Sheets => [];

    /// <summary>The sheet of a workbook that is read; null for other formats.</summary>
    string? Sheet => null;

    /// <summary>How long the source is, in the unit of <see cref="PositionBytes"/>; null where that is not known.</summary>
    long? LengthBytes { get; }

    /// <summary>How much of the source was read, for a progress bar. Ahead of the last record by the size of a buffer.</summary>
    long PositionBytes { get; }

    /// <summary>
    /// Reads every record. A row that cannot be read is a <see cref="RecordRead.Bad"/> and the next ones follow.
    /// May be called once.
    /// </summary>
    /// <param name="cancellationToken">Looked at before every record.</param>
    /// <exception cref="RecordSourceException">The source as a whole cannot be read further.</exception>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    IEnumerable<RecordRead> Read(CancellationToken cancellationToken = default);
}

/// <summary>One row of a source: a record, or what is wrong with it.</summary>
public abstract record RecordRead
{
    private RecordRead()
    {
    }

    /// <summary>A record that was read.</summary>
    /// <param name="Record">The record, with its row number.</param>
    /// <param name="Cells">The text of the cells, one for each of <see cref="IRecordReader.Columns"/>; null for JSON.</param>
    public sealed record Good(MergeRecord Record, IReadOnlyList<string>? Cells) : RecordRead;

    /// <summary>A row that cannot be read.</summary>
    /// <param name="Row">The number a person finds it under, as in <see cref="MergeRecord.Row"/>.</param>
    /// <param name="Problem">What is wrong; its code is <see cref="ProblemCode.RowNotReadable"/>.</param>
    /// <param name="Cells">The cells as far as they could be told apart, maybe more or fewer than there are columns; null where they could not.</param>
    public sealed record Bad(long Row, Problem Problem, IReadOnlyList<string>? Cells = null) : RecordRead
    {
        internal static Bad Because(long row, string message, string advice, IReadOnlyList<string>? cells = null)
            => new(row, new Problem(ProblemCode.RowNotReadable, message) { Advice = advice, Row = row }, cells);
    }
}
