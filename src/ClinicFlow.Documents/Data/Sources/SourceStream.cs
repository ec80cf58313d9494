namespace ClinicFlow.Documents.Data;

/// <summary>
/// The bytes of a source, whose start can be looked at before it is read, so that the stream below need not be
/// seekable. A failing disk or network becomes a <see cref="RecordSourceException"/>.
/// </summary>
internal sealed class SourceStream(Stream below, bool leaveOpen) : Stream
{
    private byte[] _start = [];
    private int _startLength;
    private int _startRead;
    private bool _isAtEnd;

    /// <summary>The stream below, as it was given.</summary>
    public Stream Below => below;

    /// <summary>Where the stream below stood at first; 0 where it cannot tell.</summary>
    public long Origin { get; } = below.CanSeek ? below.Position : 0;

    /// <summary>How much there is to read; null where the stream below cannot tell.</summary>
    public long? KnownLength { get; } = below.CanSeek ? below.Length - below.Position : null;

    /// <summary>How many bytes were read.</summary>
    public long ReadBytes { get; private set; }

    /// <summary>Whether what <see cref="Peek"/> gave last is all there is.</summary>
    public bool IsWhole => _isAtEnd;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => ReadBytes;
        set => throw new NotSupportedException();
    }

    /// <summary>The first bytes, fewer where the source ends before. Only before the first read.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (_startLength < count && !_isAtEnd)
        {
            if (_startLength == _start.Length)
            {
                Array.Resize(ref _start, Math.Clamp(_start.Length * 4, 1 << 14, Math.Max(count, 1 << 14)));
            }

            var read = ReadBelow(_start.AsSpan(_startLength));
            _isAtEnd = read == 0;
            _startLength += read;
        }

        return _start.AsSpan(0, Math.Min(count, _startLength));
    }

    public override int Read(Span<byte> buffer)
    {
        int read;
        if (_startRead < _startLength)
        {
            read = Math.Min(buffer.Length, _startLength - _startRead);
            _start.AsSpan(_startRead, read).CopyTo(buffer);
            _startRead += read;
            if (_startRead == _startLength)
            {
                _start = [];
            }
        }
        else
        {
            read = ReadBelow(buffer);
        }

        ReadBytes += read;
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
        if (disposing && !leaveOpen)
        {
            below.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadBelow(Span<byte> buffer)
    {
        try
        {
            return below.Read(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecordSourceException("cannot-read", "The data could not be read to its end.", "Check that the disk or share is there, then try again.", e);
        }
    }
}
