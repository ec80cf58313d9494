using System.Buffers;
using System.Buffers.Binary;

namespace ClinicFlow.Batch.Storage.Postgres;

/// <summary>
/// Reads rows out of PostgreSQL's binary COPY, in the buffer they came into. Source: the PostgreSQL manual, COPY, "Binary
/// Format": a head, then rows of fields that begin with their lengths, then -1 in the place of a row's number of fields.
/// </summary>
/// <param name="copy">What the server sends.</param>
internal sealed class CopiedRow(Stream copy) : IStoredRow, IDisposable
{
    /// <summary>The signature and the flags, before the length of what else the head may hold.</summary>
    private const int HeadBytes = 11 + 4;

    private readonly List<(int Start, int Length)> _fields = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1 << 15);
    private int _start;
    private int _end;
    private bool _isBegun;

    /// <inheritdoc/>
    public bool IsNull(int column) => _fields[column].Length < 0;

    /// <inheritdoc/>
    public int Int32(int column) => BinaryPrimitives.ReadInt32BigEndian(Bytes(column));

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes(int column) => IsNull(column) ? default : _buffer.AsSpan(_fields[column].Start, _fields[column].Length);

    /// <inheritdoc/>
    public Guid Guid(int column) => new(Bytes(column), bigEndian: true);

    /// <summary>Goes to the next row. False behind the last one.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        bool isRow;
        while (!TryRead(out isRow))
        {
            if (!await FillAsync(cancellation).ConfigureAwait(false))
            {
                throw new EndOfStreamException("PostgreSQL ended a copy in the middle of a row.");
            }
        }

        // Behind the last row the server has one more thing to say: that all went well.
        return isRow || await FillAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The next renter of everybody's pool has no business with a patient's data.
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
    }

    /// <summary>Reads the row that begins at the start, or the end of all; false where not all of it is here yet.</summary>
    private bool TryRead(out bool isRow)
    {
        isRow = false;
        _fields.Clear();
        var here = _buffer.AsSpan(0, _end);
        var at = _start;
        if (!_isBegun)
        {
            if (here.Length < HeadBytes + 4)
            {
                return false;
            }

            at += HeadBytes + 4 + BinaryPrimitives.ReadInt32BigEndian(here[HeadBytes..]);
        }

        if (here.Length - at < 2)
        {
            return false;
        }

        var count = BinaryPrimitives.ReadInt16BigEndian(here[at..]);
        at += 2;
        for (var i = 0; i < count; i++)
        {
            if (here.Length - at < 4)
            {
                return false;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(here[at..]);
            at += 4;
            if (here.Length - at < length)
            {
                return false;
            }

            _fields.Add((at, length));
            at += Math.Max(length, 0);
        }

        (_start, _isBegun, isRow) = (at, true, count >= 0);
        return true;
    }

    /// <summary>Takes more of what the server sends. False where that is all.</summary>
    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_end == _buffer.Length)
        {
            var rest = _buffer.AsSpan(_start, _end - _start);
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length, 2 * rest.Length));
            rest.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
            (_buffer, _start, _end) = (larger, 0, rest.Length);
        }

        var read = await copy.ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
        _end += read;
        return read > 0;
    }
}
