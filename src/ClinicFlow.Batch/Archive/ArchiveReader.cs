using System.Buffers;
using System.IO.Compression;
using System.IO.Hashing;
using System.Security.Cryptography;
using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Archive;

/// <summary>
/// Reads a job's archive up to a committed mark, also while a writer appends behind it. Holds nothing open itself; each
/// stream has its own handle and, where the archive is encrypted, one frame of 1 MiB. Used by many threads at once.
/// </summary>
/// <remarks>A retry of an ended job cuts the directory off and goes on there: a ZIP that is being read then ends damaged.</remarks>
/// <param name="path">The file.</param>
/// <param name="mark">Up to where: the mark of the finished ZIP, or of the last commit.</param>
/// <param name="jobId">Whose it is.</param>
/// <param name="keys">For an encrypted archive.</param>
public sealed class ArchiveReader(string path, ArchiveMark mark, Guid jobId, IKeyRing? keys = null)
{
    /// <summary>The ZIP, seekable, decrypted as it is read.</summary>
    /// <exception cref="ArchiveDamagedException">The file is gone or too short. Reading the stream throws it for a frame that was changed.</exception>
    /// <exception cref="ArchiveException">It cannot be opened now.</exception>
    /// <exception cref="EncryptionKeyMissingException">Its key is not there.</exception>
    public Stream OpenZip()
    {
        DiskFile file;
        try
        {
            file = DiskFile.OpenToRead(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ArchiveDamagedException.Of(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveException("The archive of the job cannot be opened. Make sure that its disk is there and that the service may read it.", e);
        }

        try
        {
            if (file.Length < mark.FileBytes)
            {
                throw ArchiveDamagedException.Of();
            }

            return mark.IsEncrypted ? new FrameStream(file, FrameCipher.Read(file, keys, jobId), mark) : new PlainStream(file, mark.LogicalBytes);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>One document, inflated. The end of the stream is only reported where its checksums are right.</summary>
    /// <param name="slice">Where it lies, behind no later mark than this reader's.</param>
    /// <param name="requestIndex">Its request's place in the job: what errors call it.</param>
    /// <exception cref="ArchiveDamagedException">It is not there. Reading the stream throws it where the document was changed.</exception>
    /// <exception cref="EncryptionKeyMissingException">Its key is not there.</exception>
    public Stream OpenSlice(ArchiveSlice slice, int requestIndex)
    {
        ArgumentNullException.ThrowIfNull(slice);
        if (slice.DataOffset < 0 || slice.StoredBytes < 0 || slice.DataOffset > mark.LogicalBytes - slice.StoredBytes)
        {
            throw ArchiveDamagedException.Of(requestIndex);
        }

        var range = new RangeStream(OpenZip(), slice.DataOffset, slice.StoredBytes);
        return new CheckedStream(slice.IsDeflated ? new DeflateStream(range, CompressionMode.Decompress) : range, slice, requestIndex);
    }

    /// <summary>One document, inflated and checked.</summary>
    /// <param name="slice">Where it lies.</param>
    /// <param name="requestIndex">Its request's place in the job.</param>
    /// <exception cref="ArchiveDamagedException">It is not there, or was changed.</exception>
    /// <exception cref="EncryptionKeyMissingException">Its key is not there.</exception>
    public byte[] Read(ArchiveSlice slice, int requestIndex)
    {
        using var stream = OpenSlice(slice, requestIndex);
        var bytes = new byte[slice.Bytes];
        stream.ReadExactly(bytes);
        return stream.ReadByte() < 0 ? bytes : throw ArchiveDamagedException.Of(requestIndex);
    }
}

/// <summary>A stream that can only be read; a file below it answers at once, so reading never waits.</summary>
internal abstract class ReadOnlyStream : Stream
{
    private long _position;

    public sealed override bool CanRead => true;

    public override bool CanSeek => true;

    public sealed override bool CanWrite => false;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public sealed override int Read(Span<byte> buffer)
    {
        var read = buffer.Length == 0 ? 0 : ReadAt(buffer, _position);
        _position += read;
        return read;
    }

    public sealed override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public sealed override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public sealed override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new ValueTask<int>(Read(buffer.Span));

    public sealed override long Seek(long offset, SeekOrigin origin)
        => Position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => Length,
        };

    public sealed override void Flush()
    {
    }

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected abstract int ReadAt(Span<byte> buffer, long position);
}

/// <summary>A plain archive up to a mark.</summary>
internal sealed class PlainStream(DiskFile file, long length) : ReadOnlyStream
{
    public override long Length => length;

    protected override int ReadAt(Span<byte> buffer, long position)
    {
        if (position >= length)
        {
            return 0;
        }

        var wanted = (int)Math.Min(buffer.Length, length - position);
        return file.Read(buffer[..wanted], position) == wanted ? wanted : throw ArchiveDamagedException.Of();
    }

    protected override void Dispose(bool disposing)
    {
        file.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>An encrypted archive up to a mark, a frame at a time.</summary>
internal sealed class FrameStream : ReadOnlyStream
{
    private readonly DiskFile _file;
    private readonly FrameCipher _cipher;
    private readonly Frame _last;
    private readonly long _length;
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(FrameCipher.MaxFrameBytes + FrameCipher.Overhead);
    private Frame? _open;

    public FrameStream(DiskFile file, FrameCipher cipher, ArchiveMark mark)
    {
        (_file, _cipher, _length) = (file, cipher, mark.LogicalBytes);
        try
        {
            _last = cipher.ReadLast(file, mark) ?? throw ArchiveDamagedException.Of();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override long Length => _length;

    protected override int ReadAt(Span<byte> buffer, long position)
    {
        ObjectDisposedException.ThrowIf(_buffer is null, this);
        if (position >= _length)
        {
            return 0;
        }

        if (_open is not { } frame || position < frame.LogicalOffset || position >= frame.LogicalEnd)
        {
            // The frame behind the open one is what is wanted mostly.
            frame = _open is { } open && position == open.LogicalEnd ? _cipher.ReadHead(_file, open.FileEnd) : _cipher.Find(_file, _last, position);
            _open = null;
            if (position < frame.LogicalOffset || position >= frame.LogicalEnd)
            {
                throw ArchiveDamagedException.Of();
            }

            _cipher.Open(_file, frame, _buffer);
            _open = frame;
        }

        var start = (int)(position - frame.LogicalOffset);
        var count = (int)Math.Min(Math.Min(buffer.Length, frame.Bytes - start), _length - position);
        _buffer.AsSpan(FrameCipher.HeadBytes + start, count).CopyTo(buffer);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            _cipher.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>A part of a stream.</summary>
internal sealed class RangeStream(Stream inner, long start, long length) : ReadOnlyStream
{
    public override long Length => length;

    protected override int ReadAt(Span<byte> buffer, long position)
    {
        if (position >= length)
        {
            return 0;
        }

        inner.Position = start + position;
        return inner.Read(buffer[..(int)Math.Min(buffer.Length, length - position)]);
    }

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A document that is compared with its checksums as it is read.</summary>
internal sealed class CheckedStream(Stream inner, ArchiveSlice slice, int requestIndex) : ReadOnlyStream
{
    private readonly Crc32 _crc = new();
    private readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _read;
    private bool _isChecked;

    public override bool CanSeek => false;

    public override long Length => slice.Bytes;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    protected override int ReadAt(Span<byte> buffer, long position)
    {
        int count;
        try
        {
            count = inner.Read(buffer);
        }
        catch (Exception e) when (e is InvalidDataException or ArchiveDamagedException)
        {
            throw ArchiveDamagedException.Of(requestIndex, e);
        }

        _read += count;
        if (_read > slice.Bytes || (count == 0 && _read < slice.Bytes))
        {
            throw ArchiveDamagedException.Of(requestIndex);
        }

        _crc.Append(buffer[..count]);
        _sha.AppendData(buffer[..count]);
        if (_read == slice.Bytes && !_isChecked)
        {
            // Before the last bytes are given away, not behind them: who knows the length stops reading there.
            _isChecked = true;
            if (_crc.GetCurrentHashAsUInt32() != slice.Crc32 || Convert.ToHexStringLower(_sha.GetCurrentHash()) != slice.Sha256)
            {
                throw ArchiveDamagedException.Of(requestIndex);
            }
        }

        return count;
    }

    protected override void Dispose(bool disposing)
    {
        _sha.Dispose();
        inner.Dispose();
        base.Dispose(disposing);
    }
}
