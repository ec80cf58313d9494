using System.Text.Json;

namespace ClinicFlow.Documents.Data;

/// <summary>Opens data sources: CSV, Excel workbooks, JSON and JSON lines. Format, separator and encoding are found out.</summary>
public static class RecordSource
{
    private static ReadOnlySpan<byte> ZipStart => "PK\x03\x04"u8;

    private static ReadOnlySpan<byte> CompoundStart => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    /// <summary>Opens a file. It stays open, shared with other readers, until the reader is disposed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What is known about it; null for nothing.</param>
    /// <exception cref="RecordSourceException">It cannot be opened or understood as a whole.</exception>
    public static IRecordReader Open(string path, RecordSourceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new RecordSourceException("cannot-open", "The data file cannot be opened.", "Check that it is there, that it may be read, and that no other program holds it open.", e);
        }

        return Open(file, path, (options ?? RecordSourceOptions.Default) with { LeaveOpen = false });
    }

    /// <summary>Opens a stream, read from where it stands. CSV and JSON need no seekable stream.</summary>
    /// <param name="stream">The stream; the reader owns it unless <see cref="RecordSourceOptions.LeaveOpen"/> says otherwise.</param>
    /// <param name="fileName">The name of the file, whose ending helps to tell the format; null where there is none.</param>
    /// <param name="options">What is known about it; null for nothing.</param>
    /// <exception cref="RecordSourceException">It cannot be understood as a whole.</exception>
    public static IRecordReader Open(Stream stream, string? fileName, RecordSourceOptions? options = null)
        => Open(stream, source => FormatOf(source, fileName, options), options);

    /// <summary>Opens a stream in a format that is known.</summary>
    /// <param name="stream">The stream; the reader owns it unless <see cref="RecordSourceOptions.LeaveOpen"/> says otherwise.</param>
    /// <param name="format">The format.</param>
    /// <param name="options">What is known about it; null for nothing.</param>
    /// <exception cref="RecordSourceException">It cannot be understood as a whole.</exception>
    public static IRecordReader Open(Stream stream, RecordFormat format, RecordSourceOptions? options = null)
        => Open(stream, _ => format, options);

    private static IRecordReader Open(Stream stream, Func<SourceStream, RecordFormat> formatOf, RecordSourceOptions? options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= RecordSourceOptions.Default;
        var source = new SourceStream(stream, options.LeaveOpen);
        try
        {
            if (source.Peek(CompoundStart.Length).IsEmpty)
            {
                throw new RecordSourceException("empty", "The data file is empty.", "Check that the export has finished.");
            }

            var format = formatOf(source);
            return format switch
            {
                RecordFormat.Csv => new CsvRecordReader(source, options),
                RecordFormat.Xlsx => new XlsxRecordReader(source, options),
                RecordFormat.Json => new JsonRecordReader(source, options),
                RecordFormat.Ndjson => new NdjsonRecordReader(source, options),
                _ => throw new ArgumentOutOfRangeException(nameof(formatOf), format, "There is no such format."),
            };
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Tells the format: by content where it cannot be mistaken, then by the file's ending, then by the first character.</summary>
    private static RecordFormat FormatOf(SourceStream source, string? fileName, RecordSourceOptions? options)
    {
        var start = source.Peek(CompoundStart.Length);
        if (start.StartsWith(ZipStart) || start.SequenceEqual(CompoundStart))
        {
            return RecordFormat.Xlsx;
        }

        switch (Path.GetExtension(fileName ?? "").ToUpperInvariant())
        {
            case ".CSV" or ".TSV" or ".TAB" or ".TXT":
                return RecordFormat.Csv;
            case ".NDJSON" or ".JSONL":
                return RecordFormat.Ndjson;
            case ".XLSX" or ".XLSM" or ".XLS":
                return RecordFormat.Xlsx;
        }

        var sample = source.Peek(RecordLimits.SampleBytes);
        var (encoding, markLength) = SourceText.Decide(sample, source.IsWhole, options?.Encoding);
        var text = encoding.GetString(sample[markLength..]).AsSpan().TrimStart();
        return text.IsEmpty ? RecordFormat.Csv : text[0] switch
        {
            '[' => RecordFormat.Json,
            '{' => IsOneObjectALine(text) ? RecordFormat.Ndjson : RecordFormat.Json,
            _ => ".json".Equals(Path.GetExtension(fileName), StringComparison.OrdinalIgnoreCase) ? RecordFormat.Json : RecordFormat.Csv,
        };
    }

    /// <summary>Whether the first line is an object by itself and another one begins after it.</summary>
    private static bool IsOneObjectALine(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf('\n');
        if (end < 0 || !text[end..].TrimStart().StartsWith("{"))
        {
            return false;
        }

        try
        {
            using var line = JsonDocument.Parse(text[..end].ToString(), JsonRecords.DocumentOptions);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
