using System.IO.Hashing;
using System.Security.Cryptography;

namespace ClinicFlow.Batch.Archive;

/// <summary>A stream that can only be written.</summary>
internal abstract class WriteOnlyStream : Stream
{
    public sealed override bool CanRead => false;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => true;

    public sealed override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public sealed override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // What is below is a buffer or a deflater, which have nothing to wait for.
    public sealed override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return default;
    }

    public override void Flush()
    {
    }

    public sealed override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();
}

/// <summary>Appends to an archive file.</summary>
internal sealed class AppendStream(ArchiveFile file) : WriteOnlyStream
{
    public override long Position
    {
        get => file.LogicalBytes;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer) => file.Write(buffer);
}

/// <summary>Counts and hashes what goes through.</summary>
/// <param name="inner">Where it goes; disposed with this.</param>
internal sealed class SumStream(Stream inner) : WriteOnlyStream
{
    private readonly Crc32 _crc = new();
    private readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _isDisposed;

    public long Bytes { get; private set; }

    public uint Crc32 => _crc.GetCurrentHashAsUInt32();

    /// <summary>The hash; known once this is disposed.</summary>
    public string Sha256 { get; private set; } = "";

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _crc.Append(buffer);
        _sha.AppendData(buffer);
        Bytes += buffer.Length;
        inner.Write(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            Sha256 = Convert.ToHexStringLower(_sha.GetCurrentHash());
            _sha.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
