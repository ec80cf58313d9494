using System.Buffers;

namespace ClinicFlow.Batch.Queue;

/// <summary>
/// Bytes in a lent buffer. Thousands of requests wait with their data, and the garbage collector would copy all of it, again
/// and again, until they are committed. Whoever reads them last gives the buffer back.
/// </summary>
internal sealed class LentBytes : IDisposable
{
    private readonly ArrayPool<byte> _pool;
    private readonly int _length;
    private byte[]? _buffer;

    /// <summary>Copies bytes into a buffer.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="pool">Lends the buffer; gets it back as it is, so it must lend to nobody who reads what was not written.</param>
    public LentBytes(ReadOnlySpan<byte> bytes, ArrayPool<byte> pool)
    {
        (_pool, _length, _buffer) = (pool, bytes.Length, pool.Rent(bytes.Length));
        bytes.CopyTo(_buffer);
    }

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was given back.</exception>
    public ReadOnlySpan<byte> Span => _buffer is { } buffer ? buffer.AsSpan(0, _length) : throw new ObjectDisposedException(nameof(LentBytes));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            _pool.Return(buffer);
        }
    }
}
