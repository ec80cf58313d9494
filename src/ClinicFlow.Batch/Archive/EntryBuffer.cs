using System.Buffers;

namespace ClinicFlow.Batch.Archive;

/// <summary>
/// Where a file for an archive is written: into a lent buffer that goes on to the archive as it is, without a copy.
/// Makes one file after the other, and is used by one thread at a time.
/// </summary>
/// <param name="pool">
/// Lends the buffers. They are given back as they are, so it must lend them to nobody who reads what was not written to them.
/// </param>
internal sealed class EntryBuffer(ArrayPool<byte> pool) : IBufferWriter<byte>
{
    private const int LeastBytes = 4 * 1024;

    private byte[] _buffer = [];
    private int _expected = 32 * 1024;

    /// <summary>How much of the file was written.</summary>
    public int WrittenCount { get; private set; }

    /// <summary>Forgets what was written.</summary>
    public void Clear() => WrittenCount = 0;

    /// <summary>Hands the file on, which has the buffer from now on, and begins the next one.</summary>
    public ArchiveEntry Take()
    {
        var (buffer, count) = (_buffer, WrittenCount);

        // Files of one template are about as long as each other.
        (_buffer, WrittenCount, _expected) = ([], 0, count + (count / 8));
        return ArchiveEntry.Own(buffer, count, pool);
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - WrittenCount);
        WrittenCount += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(WrittenCount);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(WrittenCount);
    }

    private void Reserve(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (_buffer.Length - WrittenCount < Math.Max(bytes, 1))
        {
            Grow(Math.Max(bytes, 1));
        }
    }

    private void Grow(int bytes)
    {
        var larger = pool.Rent(Math.Max(checked(WrittenCount + bytes), _buffer.Length == 0 ? Math.Max(_expected, LeastBytes) : (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
        if (_buffer.Length > 0)
        {
            _buffer.AsSpan(0, WrittenCount).CopyTo(larger);
            pool.Return(_buffer);
        }

        _buffer = larger;
    }
}
