namespace ClinicFlow.Documents.Data;

/// <summary>Keeps what was read since a mark, so that it can be read again after a row that went wrong.</summary>
internal sealed class ReplayStream(Stream below) : Stream
{
    private byte[] _held = new byte[1 << 16];
    private int _heldLength;
    private long _heldStart;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    /// <summary>How many bytes of the stream below were given out, not counting those that were given twice.</summary>
    public override long Position { get; set; }

    /// <summary>Gives up what lies before an offset.</summary>
    public void Release(long offset)
    {
        var gone = (int)(offset - _heldStart);

        // Moving the rest only once it is the smaller part keeps the cost of this in proportion to what is read.
        if (gone > _heldLength / 2)
        {
            _held.AsSpan(gone, _heldLength - gone).CopyTo(_held);
            _heldLength -= gone;
            _heldStart = offset;
        }
    }

    /// <summary>Goes to the start of the line after the one in which <paramref name="offset"/> lies; it must not have been released.</summary>
    /// <returns>The offset of that line.</returns>
    public long GoToLineAfter(long offset)
    {
        Position = offset;
        Span<byte> one = stackalloc byte[1];
        while (Read(one) == 1)
        {
            if (one[0] is (byte)'\n' or (byte)'\r')
            {
                if (one[0] == '\r' && Read(one) == 1 && one[0] != '\n')
                {
                    Position--;
                }

                break;
            }

            Release(Position);
        }

        return Position;
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        var at = (int)(Position - _heldStart);
        if (at == _heldLength)
        {
            if (_held.Length - _heldLength < buffer.Length)
            {
                Array.Resize(ref _held, Math.Max(_held.Length * 2, _heldLength + buffer.Length));
            }

            // A line without an end is looked through byte by byte; the stream below is asked for more at a time.
            var wanted = Math.Max(buffer.Length, Math.Min(1 << 14, _held.Length - _heldLength));
            _heldLength += below.Read(_held, _heldLength, wanted);
        }

        var read = Math.Min(buffer.Length, _heldLength - at);
        _held.AsSpan(at, read).CopyTo(buffer);
        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            below.Dispose();
        }

        base.Dispose(disposing);
    }
}
