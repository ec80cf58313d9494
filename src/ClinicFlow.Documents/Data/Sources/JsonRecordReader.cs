using System.Text.Json;

namespace ClinicFlow.Documents.Data;

/// <summary>
/// Records of a JSON array, read one by one. The array may be the outermost value or the only array of objects of the
/// outermost object; an object without such an array is one record. Where the JSON breaks, reading ends with a bad row.
/// </summary>
internal sealed class JsonRecordReader : IRecordReader
{
    private static readonly JsonReaderOptions ReaderOptions = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,

        // The array and the object around the records are not theirs.
        MaxDepth = RecordLimits.MaxJsonDepth + 2,
    };

    private readonly SourceStream _source;
    private readonly Stream _utf8;
    private readonly string _encoding;
    private readonly JsonRecords _records = new();
    private readonly string? _givenList;
    private readonly bool _isSingle;

    // What is read but not taken yet is _buffer[_start.._end]; _state is the parser's at _start.
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _isAtEnd;
    private JsonReaderState _state = new(ReaderOptions);
    private Stage _stage;
    private long _row;
    private string? _list;

    public JsonRecordReader(SourceStream source, RecordSourceOptions options)
    {
        _source = source;
        _givenList = options.List;
        _isSingle = options.SingleRecord;
        (_utf8, var encoding) = SourceText.Open(source, options.Encoding);
        _encoding = encoding.WebName;
        try
        {
            while (!TryFindRecords())
            {
                Fill();
            }
        }
        catch (JsonException e)
        {
            throw new RecordSourceException("bad-json", $"The JSON is broken in line {(e.LineNumber ?? 0) + 1}.", JsonRecords.BrokenAdvice, Safe(e));
        }
        catch (RecordTooLargeException)
        {
            throw new RecordSourceException("too-large", $"No list of records begins in the first {RecordLimits.MaxJsonRecordBytes >> 20} MiB.", "Write the records as a JSON array, or one a line.");
        }

        _records.ReadAhead(Next);
    }

    private enum Stage
    {
        Records,
        Single,
        AfterList,
        Over,
    }

    /// <summary>What a look at the next token came to.</summary>
    private enum Taken
    {
        NeedsMore,
        Element,
        EndOfList,
    }

    public RecordFormat Format => RecordFormat.Json;

    public string Description => (_list is null ? "JSON, " : $"JSON, list {_list}, ") + _encoding;

    public IReadOnlyList<string> Columns => _records.Columns;

    public long? LengthBytes => _source.KnownLength;

    public long PositionBytes => _source.ReadBytes;

    public IEnumerable<RecordRead> Read(CancellationToken cancellationToken = default) => _records.ReadAll(Next, cancellationToken);

    public void Dispose() => _utf8.Dispose();

    private RecordRead? Next()
    {
        try
        {
            if (_stage is Stage.Records or Stage.Single)
            {
                Taken taken;
                JsonDocument? element;
                bool isBroken;
                while ((taken = TakeElement(out element, out isBroken)) == Taken.NeedsMore)
                {
                    Fill();
                }

                if (taken == Taken.Element)
                {
                    using (element)
                    {
                        _row++;
                        if (_stage == Stage.Single)
                        {
                            _stage = Stage.AfterList;
                        }

                        return isBroken
                            ? RecordRead.Bad.Because(_row, $"Record {_row} holds bytes that are not {_encoding}.", "Save the file as UTF-8, or give the encoding it is written in.")
                            : _records.Make(element!.RootElement, _row, "Record");
                    }
                }

                _stage = Stage.AfterList;
            }

            while (_stage == Stage.AfterList && !TryReadRest())
            {
                Fill();
            }

            _stage = Stage.Over;
            return null;
        }
        catch (JsonException e)
        {
            _stage = Stage.Over;
            return RecordRead.Bad.Because(_row + 1, $"The JSON is broken in line {(e.LineNumber ?? 0) + 1}, after record {_row}. What follows was not read.", JsonRecords.BrokenAdvice);
        }
        catch (RecordTooLargeException)
        {
            _stage = Stage.Over;
            return RecordRead.Bad.Because(_row + 1, $"Record {_row + 1} is larger than {RecordLimits.MaxJsonRecordBytes >> 20} MiB. What follows was not read.", "Write images into files of their own.");
        }
    }

    /// <summary>Takes the next element of the list, if all of it is in the buffer.</summary>
    private Taken TakeElement(out JsonDocument? element, out bool isBroken)
    {
        element = null;
        isBroken = false;
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isAtEnd, _state);
        if (!reader.Read())
        {
            return Taken.NeedsMore;
        }

        if (reader.TokenType == JsonTokenType.EndArray)
        {
            Advance(ref reader);
            return Taken.EndOfList;
        }

        if (!JsonDocument.TryParseValue(ref reader, out element))
        {
            return Taken.NeedsMore;
        }

        isBroken = SourceText.IsBroken(_buffer.AsSpan(_start, (int)reader.BytesConsumed));
        Advance(ref reader);
        return Taken.Element;
    }

    /// <summary>Looks for the records from the start of the text. Nothing is taken before they are found.</summary>
    /// <returns>False where more must be read first.</returns>
    private bool TryFindRecords()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isAtEnd, _state);
        if (!reader.Read())
        {
            return false;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray when !_isSingle:
                Advance(ref reader);
                return true;
            case JsonTokenType.StartObject when _isSingle:
                _stage = Stage.Single;
                return true;
            case not JsonTokenType.StartObject:
                throw new RecordSourceException("bad-json", "The JSON file holds no records.", "Write the records as an array of objects: [ { … }, { … } ].");
        }

        var members = 0;
        string? emptyList = null;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return FinishRoot(ref reader, members == 1 ? emptyList : null);
            }

            members++;
            var name = NameOf(ref reader);
            if (!reader.Read())
            {
                return false;
            }

            if (reader.TokenType == JsonTokenType.StartArray && (_givenList is null || FieldNameComparer.Instance.Equals(name, _givenList)))
            {
                var inside = reader;
                if (!inside.Read())
                {
                    return false;
                }

                if (_givenList is not null || inside.TokenType == JsonTokenType.StartObject)
                {
                    _list = name;
                    Advance(ref reader);
                    return true;
                }

                emptyList = inside.TokenType == JsonTokenType.EndArray ? name : null;
            }

            if (!reader.TrySkip())
            {
                return false;
            }
        }

        return false;
    }

    private bool FinishRoot(ref Utf8JsonReader reader, string? emptyList)
    {
        if (_givenList is not null)
        {
            throw new RecordSourceException("no-such-list", "The JSON object has no list with the name that was given.", "Check the name of the list.");
        }

        if (emptyList is not null)
        {
            _list = emptyList;
            _stage = Stage.AfterList;
            Advance(ref reader);
        }
        else
        {
            _stage = Stage.Single;
        }

        return true;
    }

    /// <summary>Reads what follows the records to the end of the text, to be sure that they were all.</summary>
    private bool TryReadRest()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isAtEnd, _state);
        while (reader.Read())
        {
            // Of what stands beside the list only other lists of objects matter.
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && _list is not null && _givenList is null)
            {
                var value = reader;
                if (!value.Read() || (value.TokenType == JsonTokenType.StartArray && !value.Read()))
                {
                    break;
                }

                if (value.TokenType == JsonTokenType.StartObject && value.CurrentDepth == 2)
                {
                    throw new RecordSourceException("list-not-clear", $"The JSON object has more than one list of objects; the first is \"{_list}\".", "Say which list holds the records, or that the object is one record.");
                }
            }

            Advance(ref reader);
            reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isAtEnd, _state);
        }

        return _isAtEnd;
    }

    private void Advance(ref Utf8JsonReader reader)
    {
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private void Fill()
    {
        if (_end - _start > RecordLimits.MaxJsonRecordBytes)
        {
            throw new RecordTooLargeException();
        }

        if (_end == _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            if (_end > _buffer.Length / 2)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
        }

        // A record that does not fit yet is parsed again from its start each time: read until the buffer is full before.
        while (_end < _buffer.Length && !_isAtEnd)
        {
            var read = _utf8.Read(_buffer, _end, _buffer.Length - _end);
            _isAtEnd = read == 0;
            _end += read;
        }
    }

    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }

    /// <summary>The library's message may quote the text; only its place is kept.</summary>
    private static JsonException Safe(JsonException e) => new("The JSON is broken.", null, e.LineNumber, e.BytePositionInLine);

    private sealed class RecordTooLargeException : Exception;
}
