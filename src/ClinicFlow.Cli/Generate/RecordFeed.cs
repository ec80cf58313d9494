using System.Collections;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Cli.Generate;

/// <summary>The records of the data in order, each with its position; rows that cannot be read are put aside. Used by the reader's stage only.</summary>
internal sealed class RecordFeed : IDisposable
{
    private readonly IEnumerator<RecordRead> _rows;
    private readonly List<FailedRow> _bad = [];
    private long _index = -1;

    /// <summary>Starts before the first record.</summary>
    public RecordFeed(IRecordReader reader, CancellationToken cancellationToken) => _rows = reader.Read(cancellationToken).GetEnumerator();

    /// <summary>The current record.</summary>
    public SourceRow Row { get; private set; }

    /// <summary>Goes to the next record that could be read.</summary>
    public bool MoveNext()
    {
        while (_rows.MoveNext())
        {
            _index++;
            switch (_rows.Current)
            {
                case RecordRead.Good good:
                    Row = new SourceRow(_index, good.Record, good.Cells);
                    return true;
                case RecordRead.Bad bad:
                    _bad.Add(new FailedRow(_index, bad.Row, "", [bad.Problem], bad.Cells, null));
                    break;
            }
        }

        return false;
    }

    /// <summary>Passes records by.</summary>
    public void Skip(int count)
    {
        for (; count > 0 && MoveNext(); count--)
        {
        }
    }

    /// <summary>The rows put aside since the last call.</summary>
    public IReadOnlyList<FailedRow> TakeBad()
    {
        if (_bad.Count == 0)
        {
            return [];
        }

        List<FailedRow> taken = [.. _bad];
        _bad.Clear();
        return taken;
    }

    /// <summary>The records from one that was just read onwards, as a document takes them.</summary>
    public Sheet From(SourceRow first) => new(this, first);

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();

    /// <summary>Records for one document, remembered as they are taken.</summary>
    internal sealed class Sheet(RecordFeed feed, SourceRow first) : IEnumerator<MergeRecord>
    {
        private readonly List<SourceRow> _taken = [];

        /// <summary>The records that the document took, at least the first.</summary>
        public IReadOnlyList<SourceRow> Taken => _taken.Count == 0 ? [first] : _taken;

        /// <inheritdoc/>
        public MergeRecord Current => _taken[^1].Record;

        object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            if (_taken.Count == 0)
            {
                _taken.Add(first);
                return true;
            }

            if (!feed.MoveNext())
            {
                return false;
            }

            _taken.Add(feed.Row);
            return true;
        }

        /// <inheritdoc/>
        public void Reset() => throw new NotSupportedException();

        /// <inheritdoc/>
        public void Dispose()
        {
        }
    }
}

/// <summary>A single record, in the shape in which a document takes records.</summary>
internal sealed class OneRecord(MergeRecord record) : IEnumerator<MergeRecord>
{
    private bool _isTaken;

    /// <inheritdoc/>
    public MergeRecord Current => record;

    object IEnumerator.Current => record;

    /// <inheritdoc/>
    public bool MoveNext() => !_isTaken && (_isTaken = true);

    /// <inheritdoc/>
    public void Reset() => _isTaken = false;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

/// <summary>What earlier sessions have done, asked for in rising order.</summary>
internal sealed class DoneBefore(IReadOnlyList<JournalEntry> entries)
{
    private int _at;

    /// <summary>The entry of an index; null where there is none.</summary>
    public JournalEntry? Find(long index)
    {
        while (_at < entries.Count && entries[_at].Index < index)
        {
            _at++;
        }

        return _at < entries.Count && entries[_at].Index == index ? entries[_at] : null;
    }
}
