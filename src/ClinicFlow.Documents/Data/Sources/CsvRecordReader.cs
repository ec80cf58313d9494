using System.Text;
using CsvHelper;

namespace ClinicFlow.Documents.Data;

/// <summary>
/// Records of separated text. Every value is text, so that leading zeros stay; an empty cell is no value. A row's
/// number is the line of the file it starts in. After a quote that is never closed, reading goes on with the next line.
/// </summary>
internal sealed class CsvRecordReader : IRecordReader
{
    /// <summary>How much may be read a second time because of broken quotes: a file made of them stays cheap.</summary>
    private const long MaxRereadBytes = 256L << 20;

    private readonly SourceStream _source;
    private readonly ReplayStream _text;
    private readonly string _encoding;
    private readonly char? _givenSeparator;
    private readonly char _separator;
    private readonly ColumnLayout _layout;
    private readonly MergeValue[] _values;

    // The library's reader is made anew after a broken quote, at this offset and this many lines into the text.
    private CsvReader _csv;
    private long _startOffset;
    private long _startLine;
    private CsvMalformedReason? _malformed;
    private long _rereadBytes;
    private bool _isOver;
    private bool _wasRead;

    public CsvRecordReader(SourceStream source, RecordSourceOptions options)
    {
        if (options.Separator is { } separator && (!char.IsAscii(separator) || separator is '"' or '\r' or '\n'))
        {
            throw new ArgumentException("The separator must be an ASCII character, and no quote or line end.", nameof(options));
        }

        _source = source;
        _givenSeparator = options.Separator;
        (var utf8, var encoding) = SourceText.Open(source, options.Encoding);
        _encoding = encoding.WebName;
        _text = new ReplayStream(utf8);
        _csv = Start();
        _layout = ReadHeader();
        _separator = _csv.Separator;
        _values = new MergeValue[_layout.Columns.Count];
    }

    public RecordFormat Format => RecordFormat.Csv;

    public string Description => $"CSV, separator {(_separator == '\t' ? "tab" : _separator.ToString())}, {_encoding}";

    public IReadOnlyList<string> Columns => _layout.Columns;

    public long? LengthBytes => _source.KnownLength;

    public long PositionBytes => _source.ReadBytes;

    public IEnumerable<RecordRead> Read(CancellationToken cancellationToken = default)
    {
        if (_wasRead)
        {
            throw new InvalidOperationException("The records were read before.");
        }

        _wasRead = true;
        return ReadAll(cancellationToken);
    }

    public void Dispose()
    {
        _csv.Dispose();
        _text.Dispose();
    }

    private IEnumerable<RecordRead> ReadAll(CancellationToken stop)
    {
        while (!_isOver)
        {
            stop.ThrowIfCancellationRequested();
            if (Next() is { } read)
            {
                yield return read;
            }
        }
    }

    /// <summary>The next row; null where there is none here, because a line is blank or the text is over.</summary>
    private RecordRead? Next()
    {
        _malformed = null;
        try
        {
            if (!_csv.Read())
            {
                _isOver = true;
                return null;
            }
        }
        catch (CsvFormatException e)
        {
            return GoOnAfter(_startOffset + e.ByteOffset, _startLine + e.LineNumber, "is too long, or a quote in it is never closed");
        }

        var row = _startLine + _csv.LineNumber;
        var offset = _startOffset + _csv.ByteOffset;
        switch (_malformed)
        {
            case CsvMalformedReason.UnterminatedQuote:
                return GoOnAfter(offset, row, "has a quote that is never closed");
            case CsvMalformedReason.TextAfterClosingQuote:
                return GoOnAfter(offset, row, "has text after a closing quote");
        }

        _text.Release(offset);
        return ReadRow(row);
    }

    private RecordRead? ReadRow(long row)
    {
        var count = _csv.FieldCount;
        if (IsBlank(count))
        {
            return null;
        }

        var columns = _layout.Columns.Count;
        if (count > RecordLimits.MaxColumns)
        {
            return RecordRead.Bad.Because(row, $"Line {row} has {count} cells; the header has {columns}.", "Check the separators and quotes in this line.");
        }

        var cells = new string[Math.Max(count, columns)];
        for (var i = 0; i < count; i++)
        {
            if (_csv.GetSpan(i).Length > RecordLimits.MaxCell)
            {
                return RecordRead.Bad.Because(row, $"Line {row}, cell {i + 1} is longer than {RecordLimits.MaxCell >> 10} KiB.", "Check the quotes in this line.");
            }

            cells[i] = _layout.TextOf(_csv.GetString(i));
        }

        if (SourceText.IsBroken(_csv.RawRecord))
        {
            return SourceText.BrokenRow(row, _encoding, cells[..count]);
        }

        // Cells beyond the header do no harm as long as nothing stands in them: spreadsheets write such rows.
        if (count < columns || cells.AsSpan(columns).ContainsAnyExcept(""))
        {
            return RecordRead.Bad.Because(row, $"Line {row} has {count} cells; the header has {columns}.", "Check the separators in this line. A cell that holds the separator or a line end must stand in quotes.", cells[..count]);
        }

        for (var i = 0; i < columns; i++)
        {
            _values[i] = cells[i].Length == 0 ? MergeValue.Null : MergeValue.From(cells[i]);
        }

        return new RecordRead.Good(new MergeRecord(_layout.Arrange(_values), row), count == columns ? cells : cells[..columns]);
    }

    private bool IsBlank(int count)
    {
        if (count == 1)
        {
            return !_csv.GetSpan(0).ContainsAnyExcept((byte)' ', (byte)'\t');
        }

        for (var i = 0; i < count; i++)
        {
            if (_csv.GetSpan(i).Length > 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives a row up and goes on with the line after the one it starts in.</summary>
    private RecordRead.Bad GoOnAfter(long offset, long row, string why)
    {
        _rereadBytes += _text.Position - offset;
        var bad = RecordRead.Bad.Because(row, $"The row that starts in line {row} {why}.", "Put the whole cell in quotes, and write a quote inside it twice.");
        if (_rereadBytes > MaxRereadBytes)
        {
            _isOver = true;
            return bad with { Problem = bad.Problem with { Message = bad.Problem.Message + " Too many rows are like this; the rest of the file was not read." } };
        }

        _csv.Dispose();
        _startOffset = _text.GoToLineAfter(offset);
        _startLine = row;
        _csv = Start();
        return bad;
    }

    private CsvReader Start() => CsvReader.Create(
        _text,
        new CsvReaderOptions
        {
            // Once found, the separator stays, and a line "sep=;" further down is data.
            Separator = _startOffset > 0 ? _separator : _givenSeparator,
            HasHeader = false,
            Encoding = Encoding.UTF8,
            TrackLineNumbers = true,
            MaxRecordSize = RecordLimits.MaxCsvRowBytes,
            IncludeValuesInExceptions = false,
            OnMalformedRecord = found => _malformed = found.Reason,
        },
        leaveOpen: true);

    private ColumnLayout ReadHeader()
    {
        try
        {
            while (_csv.Read())
            {
                if (IsBlank(_csv.FieldCount))
                {
                    continue;
                }

                if (_malformed is CsvMalformedReason.UnterminatedQuote or CsvMalformedReason.TextAfterClosingQuote)
                {
                    break;
                }

                if (_csv.FieldCount > RecordLimits.MaxColumns)
                {
                    return ColumnLayout.Of(new string[_csv.FieldCount]);
                }

                if (SourceText.IsBroken(_csv.RawRecord))
                {
                    throw new RecordSourceException("not-text", $"The names of the columns are not {_encoding}.", "Save the file as \"CSV UTF-8\", or give the encoding it is written in.");
                }

                if (_csv.RawRecord.Contains((byte)0))
                {
                    throw SourceText.NotText();
                }

                var header = new string[_csv.FieldCount];
                for (var i = 0; i < header.Length; i++)
                {
                    header[i] = _csv.GetString(i);
                }

                return ColumnLayout.Of(header);
            }
        }
        catch (CsvFormatException)
        {
            // The first row has no end within its limit.
        }

        throw new RecordSourceException("no-header", "There is no first row with the names of the columns.", "The first row must hold the names of the columns; check its quotes.");
    }
}
