using System.Runtime.InteropServices;
using ClinicFlow.Batch.Encryption;

namespace ClinicFlow.Batch.Archive;

/// <summary>
/// The file below an archive: bytes are appended, flushed, and cut off at a mark, never changed in place. Plain, or
/// encrypted in frames; both hold up to 1 MiB back before the file is touched. What is long is not copied until then, but
/// written from where it lies. One thread at a time.
/// </summary>
internal sealed class ArchiveFile : IDisposable
{
    private const int BufferBytes = FrameCipher.MaxFrameBytes;

    /// <summary>What is shorter is copied: a part of its own has its price too.</summary>
    private const int LentBytes = 4 * 1024;

    /// <summary>As many parts as Linux takes at once (IOV_MAX).</summary>
    private const int MaxParts = 1_024;

    private readonly IRawFile _file;
    private readonly FrameCipher? _cipher;
    private readonly byte[] _buffer = new byte[BufferBytes + FrameCipher.Overhead];

    // For a plain file: what is held back, in its order; some of it lies in the buffer, which is copied up to _copied.
    private readonly List<ReadOnlyMemory<byte>> _parts = new(MaxParts);
    private int _copied;
    private int _buffered;
    private ArchiveMark _written;
    private ArchiveMark _flushed;
    private Frame? _last;
    private Frame? _flushedLast;
    private bool _isCut;
    private bool _isDisposed;

    /// <summary>Opens a file where it was committed last, and cuts off what is behind.</summary>
    /// <param name="file">The file; disposed with this.</param>
    /// <param name="mark">Where it was committed last.</param>
    /// <param name="jobId">Whose it is.</param>
    /// <param name="keys">For an encrypted file; a file that was begun without stays plain.</param>
    /// <exception cref="ArchiveDamagedException">Committed bytes are gone.</exception>
    /// <exception cref="EncryptionKeyMissingException">Its key is not there.</exception>
    /// <exception cref="ArchiveException">It cannot be cut.</exception>
    public ArchiveFile(IRawFile file, ArchiveMark mark, Guid jobId, IKeyRing? keys)
    {
        _file = file;
        try
        {
            if (file.Length < mark.FileBytes || mark.FileBytes < mark.LogicalBytes)
            {
                throw ArchiveDamagedException.Of();
            }

            if (mark.IsEncrypted)
            {
                _cipher = FrameCipher.Read(file, keys, jobId);
            }
            else if (mark.FileBytes == 0 && keys is not null)
            {
                _cipher = FrameCipher.Create(keys, jobId);
            }

            _written = _flushed = mark;
            _flushedLast = _cipher?.ReadLast(file, mark);
            CutBackTo(mark);
            Cut();
        }
        catch (Exception e)
        {
            Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw ArchiveException.Of(e);
            }

            throw;
        }
    }

    /// <summary>How much was appended.</summary>
    public long LogicalBytes => _written.LogicalBytes + _buffered;

    /// <summary>Where the archive stood when it was flushed last.</summary>
    public ArchiveMark Flushed => _flushed;

    /// <summary>Appends bytes.</summary>
    /// <exception cref="ArchiveException">They cannot be written; what was appended since the last flush is gone.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var room = Math.Min(bytes.Length, BufferBytes - _copied);
            bytes[..room].CopyTo(_buffer.AsSpan(FrameCipher.HeadBytes + _copied));
            Hold(_buffer.AsMemory(FrameCipher.HeadBytes + _copied, room));
            _copied += room;
            bytes = bytes[room..];
            if (bytes.IsEmpty)
            {
                return;
            }

            Guard(Spill);
        }
    }

    /// <summary>Appends bytes that stay as they are until the next flush, or until the file was cut back.</summary>
    /// <exception cref="ArchiveException">They cannot be written; what was appended since the last flush is gone.</exception>
    public void WriteLent(ReadOnlyMemory<byte> bytes)
    {
        if (_cipher is not null || bytes.Length < LentBytes)
        {
            Write(bytes.Span);
            return;
        }

        Hold(bytes);
        if (_buffered >= BufferBytes || _parts.Count >= MaxParts - 1)
        {
            Guard(Spill);
        }
    }

    /// <summary>Writes through to the disk: what was appended before survives a loss of power.</summary>
    /// <returns>Where the archive stands.</returns>
    /// <exception cref="ArchiveException">It cannot be written; what was appended since the last flush is gone.</exception>
    public ArchiveMark Flush()
    {
        Guard(Spill);
        if (_written != _flushed)
        {
            Guard(_file.Flush);
            (_flushed, _flushedLast) = (_written, _last);
        }

        return _flushed;
    }

    /// <summary>Cuts the file back to where it was flushed before.</summary>
    /// <exception cref="ArchiveDamagedException">It never stood there.</exception>
    /// <exception cref="ArchiveException">It is encrypted, and where it stood cannot be read.</exception>
    public void CutBackTo(ArchiveMark mark)
    {
        if (mark.FileBytes > _written.FileBytes || mark.LogicalBytes > _written.LogicalBytes || (_cipher is null && mark.IsEncrypted))
        {
            throw ArchiveDamagedException.Of();
        }

        // Back to the last flush nothing is read: the disk may be gone.
        _last = _flushedLast = mark == _flushed ? _flushedLast : ReadLast(mark);
        LetGo();
        _written = _flushed = mark;
        _isCut = true;
        try
        {
            Cut();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is behind the mark does not count; it is cut off before anything is written there.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _cipher?.Dispose();
            _file.Dispose();
        }
    }

    private void Spill()
    {
        if (_buffered == 0)
        {
            return;
        }

        Cut();
        if (_cipher is null)
        {
            _file.Write(_parts, _written.FileBytes);
            _written = new ArchiveMark(_written.LogicalBytes + _buffered, _written.FileBytes + _buffered);
        }
        else
        {
            if (_last is null)
            {
                _file.Write(_cipher.Header, 0);
            }

            var frame = _cipher.Next(_file, _last, _buffered);
            var bytes = _buffer.AsSpan(0, _buffered + FrameCipher.Overhead);
            _cipher.Seal(frame, bytes);
            _file.Write(bytes, frame.FileOffset);
            _last = frame;
            _written = new ArchiveMark(frame.LogicalEnd, frame.FileEnd);
        }

        LetGo();
    }

    /// <summary>Holds back what comes next.</summary>
    private void Hold(ReadOnlyMemory<byte> bytes)
    {
        _buffered += bytes.Length;
        if (_cipher is not null || bytes.IsEmpty)
        {
            return;
        }

        // What was copied behind one another is one part.
        if (_parts.Count > 0 && MemoryMarshal.TryGetArray(_parts[^1], out var last) && MemoryMarshal.TryGetArray(bytes, out var next)
            && last.Array == _buffer && next.Array == _buffer)
        {
            _parts[^1] = _buffer.AsMemory(last.Offset, last.Count + next.Count);
        }
        else
        {
            _parts.Add(bytes);
        }
    }

    private void LetGo()
    {
        _parts.Clear();
        (_buffered, _copied) = (0, 0);
    }

    private Frame? ReadLast(ArchiveMark mark)
    {
        try
        {
            return _cipher?.ReadLast(_file, mark);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ArchiveException.Of(e);
        }
    }

    private void Guard(Action write)
    {
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CutBackTo(_flushed);
            throw ArchiveException.Of(e);
        }
    }

    /// <summary>Takes off the file what lies behind the mark, where that is still to be done.</summary>
    private void Cut()
    {
        if (_isCut)
        {
            _file.SetLength(_written.FileBytes);
            _isCut = false;
        }
    }
}
