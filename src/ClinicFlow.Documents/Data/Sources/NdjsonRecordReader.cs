using System.Text.Json;

namespace ClinicFlow.Documents.Data;

/// <summary>Records of which each is one line of JSON. A line that is broken is a bad row; the next ones follow.</summary>
internal sealed class NdjsonRecordReader : IRecordReader
{
    private readonly SourceStream _source;
    private readonly Stream _utf8;
    private readonly string _encoding;
    private readonly JsonRecords _records = new();
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private long _row;
    private bool _isAtEnd;

    public NdjsonRecordReader(SourceStream source, RecordSourceOptions options)
    {
        _source = source;
        (_utf8, var encoding) = SourceText.Open(source, options.Encoding);
        _encoding = encoding.WebName;
        _records.ReadAhead(Next);
    }

    public RecordFormat Format => RecordFormat.Ndjson;

    public string Description => $"JSON lines, {_encoding}";

    public IReadOnlyList<string> Columns => _records.Columns;

    public long? LengthBytes => _source.KnownLength;

    public long PositionBytes => _source.ReadBytes;

    public IEnumerable<RecordRead> Read(CancellationToken cancellationToken = default) => _records.ReadAll(Next, cancellationToken);

    public void Dispose() => _utf8.Dispose();

    private RecordRead? Next()
    {
        while (TryReadLine(out var line, out var isTooLong))
        {
            _row++;
            if (isTooLong)
            {
                return RecordRead.Bad.Because(_row, $"Line {_row} is longer than {RecordLimits.MaxJsonRecordBytes >> 20} MiB.", "Write each record on a line of its own.");
            }

            var text = _buffer.AsMemory(line);
            if (!text.Span.ContainsAnyExcept(" \t\r"u8))
            {
                continue;
            }

            if (SourceText.IsBroken(text.Span))
            {
                return SourceText.BrokenRow(_row, _encoding);
            }

            try
            {
                using var document = JsonDocument.Parse(text, JsonRecords.DocumentOptions);
                return _records.Make(document.RootElement, _row, "Line");
            }
            catch (JsonException e)
            {
                return RecordRead.Bad.Because(_row, $"Line {_row} is no JSON: broken at byte {(e.BytePositionInLine ?? 0) + 1}.", JsonRecords.BrokenAdvice);
            }
        }

        return null;
    }

    /// <summary>Finds the next line in the buffer, without its end. The rest of a line that is too long is passed over.</summary>
    private bool TryReadLine(out Range line, out bool isTooLong)
    {
        isTooLong = false;
        var looked = _start;
        while (true)
        {
            var found = _buffer.AsSpan(looked, _end - looked).IndexOf((byte)'\n');
            if (found >= 0)
            {
                line = _start..(looked + found);
                _start = looked + found + 1;
                return true;
            }

            looked = _end;
            if (_isAtEnd)
            {
                line = _start.._end;
                var isLast = _start < _end || isTooLong;
                _start = _end;
                return isLast;
            }

            if (_end - _start > RecordLimits.MaxJsonRecordBytes)
            {
                isTooLong = true;
                _start = _end;
            }

            looked -= Fill();
        }
    }

    /// <summary>Reads more; returns by how much the buffer's content moved towards its start.</summary>
    private int Fill()
    {
        var moved = 0;
        if (_end == _buffer.Length)
        {
            moved = _start;
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= moved;
            _start = 0;
            if (_end > _buffer.Length / 2)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
        }

        var read = _utf8.Read(_buffer, _end, _buffer.Length - _end);
        _isAtEnd = read == 0;
        _end += read;
        return moved;
    }
}
