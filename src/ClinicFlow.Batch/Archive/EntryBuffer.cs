using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;

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

    /// <summary>A file longer than this says nothing of the next one, whose buffer would be held for nothing.</summary>
    private const int MostExpectedBytes = 1 << 20;

    private readonly EntrySums _sums = new();
    private byte[] _buffer = [];
    private int _expected = 32 * 1024;

    /// <summary>How much of the file was written.</summary>
    public int WrittenCount { get; private set; }

    /// <summary>Forgets what was written.</summary>
    public void Clear() => WrittenCount = 0;

    /// <summary>Hands the file on, which has the buffer from now on, and begins the next one.</summary>
    /// <param name="commonStart">What many files begin with, perhaps this one too; always the same memory, so that it is hashed once.</param>
    public ArchiveEntry Take(ReadOnlyMemory<byte> commonStart)
    {
        var (buffer, count) = (_buffer, WrittenCount);

        // Files of one template are about as long as each other.
        (_buffer, WrittenCount, _expected) = ([], 0, (int)Math.Min(count + (count / 8L), MostExpectedBytes));
        return ArchiveEntry.Own(buffer, _sums.Of(buffer.AsSpan(0, count), commonStart), pool);
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

/// <summary>What an archive says of a file.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Crc32">Its CRC-32.</param>
/// <param name="Sha256">Its SHA-256, in lower-case hexadecimal.</param>
internal readonly record struct FileSums(int Bytes, uint Crc32, string Sha256)
{
    /// <summary>Sums a file up.</summary>
    public static FileSums Of(ReadOnlySpan<byte> file)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(file, hash);
        return new(file.Length, System.IO.Hashing.Crc32.HashToUInt32(file), Convert.ToHexStringLower(hash));
    }
}

/// <summary>Sums up files that begin with the same bytes, which are hashed once. For one thread at a time.</summary>
internal sealed class EntrySums
{
    /// <summary>What is shorter is hashed sooner than what is known of it is copied.</summary>
    private const int LeastBytes = 1024;

    private ReadOnlyMemory<byte> _start;
    private IncrementalHash? _sha;
    private Crc32 _crc = new();

    /// <summary>Sums a file up.</summary>
    /// <param name="file">The file.</param>
    /// <param name="commonStart">What many files begin with, perhaps this one too; where it is the same memory as before, what is known of it is used again.</param>
    public FileSums Of(ReadOnlySpan<byte> file, ReadOnlyMemory<byte> commonStart)
    {
        if (commonStart.Length < LeastBytes || !file.StartsWith(commonStart.Span))
        {
            return FileSums.Of(file);
        }

        if (_sha is null || !_start.Equals(commonStart))
        {
            _sha?.Dispose();
            (_start, _sha, _crc) = (commonStart, IncrementalHash.CreateHash(HashAlgorithmName.SHA256), new Crc32());
            _sha.AppendData(commonStart.Span);
            _crc.Append(commonStart.Span);
        }

        var rest = file[commonStart.Length..];
        using var sha = _sha.Clone();
        sha.AppendData(rest);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        sha.GetHashAndReset(hash);
        var crc = _crc.Clone();
        crc.Append(rest);
        return new(file.Length, crc.GetCurrentHashAsUInt32(), Convert.ToHexStringLower(hash));
    }
}
