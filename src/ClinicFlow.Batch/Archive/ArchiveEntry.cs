using System.Buffers;
using System.IO.Compression;

namespace ClinicFlow.Batch.Archive;

/// <summary>
/// A file made ready for an archive: hashed, and deflated where that makes it shorter. This is the slow part; it is
/// done where the file was made, and the archive then only copies. Dispose gives its buffer back.
/// </summary>
public sealed class ArchiveEntry : IDisposable
{
    private readonly ArrayPool<byte> _pool;
    private byte[]? _rented;

    private ArchiveEntry(FileSums sums, ReadOnlyMemory<byte> stored, bool isDeflated, ArrayPool<byte> pool, byte[]? rented)
    {
        (Stored, IsDeflated, _pool, _rented) = (stored, isDeflated, pool, rented);
        (Bytes, Crc32, Sha256) = (sums.Bytes, sums.Crc32, sums.Sha256);
    }

    /// <summary>How long the file is.</summary>
    public int Bytes { get; }

    /// <summary>Its CRC-32.</summary>
    public uint Crc32 { get; }

    /// <summary>Its SHA-256, in lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>What is stored.</summary>
    internal ReadOnlyMemory<byte> Stored { get; private set; }

    /// <summary>Whether that is deflated.</summary>
    internal bool IsDeflated { get; }

    /// <summary>Makes a file ready.</summary>
    /// <param name="bytes">The file. Not copied where it is not deflated: it must stay as it is until it was appended.</param>
    /// <param name="compress">Whether it is deflated where that makes it shorter.</param>
    public static ArchiveEntry Prepare(ReadOnlyMemory<byte> bytes, bool compress)
    {
        var span = bytes.Span;
        var rented = compress && span.Length > 0 ? ArrayPool<byte>.Shared.Rent(span.Length) : null;
        var stored = bytes;
        if (rented is not null)
        {
            // One byte less than the file: what does not fit is not worth deflating.
            using var room = new Room(rented, span.Length - 1);
            using (var deflate = new DeflateStream(room, CompressionLevel.Fastest, leaveOpen: true))
            {
                deflate.Write(span);
            }

            if (room.IsFull)
            {
                ArrayPool<byte>.Shared.Return(rented, clearArray: true);
                rented = null;
            }
            else
            {
                stored = rented.AsMemory(0, room.Count);
            }
        }

        return new ArchiveEntry(FileSums.Of(span), stored, rented is not null, ArrayPool<byte>.Shared, rented);
    }

    /// <summary>Makes a file ready that is not to be deflated, in the buffer it lies in.</summary>
    /// <param name="buffer">The file; from now on the entry's own.</param>
    /// <param name="sums">What is known of it.</param>
    /// <param name="pool">Where the buffer goes back to, as it is.</param>
    internal static ArchiveEntry Own(byte[] buffer, FileSums sums, ArrayPool<byte> pool)
        => new(sums, buffer.AsMemory(0, sums.Bytes), isDeflated: false, pool, buffer);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            if (_pool == ArrayPool<byte>.Shared)
            {
                // The next renter of everybody's pool has no business with a patient's letter.
                rented.AsSpan(0, Stored.Length).Clear();
            }

            Stored = default;
            _pool.Return(rented);
        }
    }

    /// <summary>Takes as many bytes as there is room for, and forgets the rest.</summary>
    private sealed class Room(byte[] buffer, int capacity) : WriteOnlyStream
    {
        public int Count { get; private set; }

        public bool IsFull { get; private set; }

        public override void Write(ReadOnlySpan<byte> bytes)
        {
            IsFull |= bytes.Length > capacity - Count;
            if (!IsFull)
            {
                bytes.CopyTo(buffer.AsSpan(Count));
                Count += bytes.Length;
            }
        }
    }
}
