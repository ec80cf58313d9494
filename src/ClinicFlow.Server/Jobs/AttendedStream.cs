namespace ClinicFlow.Server.Jobs;

/// <summary>
/// A file on its way to a client who must go on reading: one who takes nothing for a minute is let go of, and goes on
/// later by a range. The framework's least rate does not see to that: what the operating systems hold between the two
/// counts as sent, and buys the client a quarter of an hour.
/// </summary>
/// <param name="file">The file; disposed with this.</param>
/// <param name="time">The clock.</param>
/// <param name="letGo">Ends the connection.</param>
internal sealed class AttendedStream(Stream file, TimeProvider time, Action letGo) : Stream
{
    /// <summary>For how long the next piece may stay unasked for after one was given.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ITimer _waiting = time.CreateTimer(_ => letGo(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public override bool CanRead => file.CanRead;

    /// <inheritdoc/>
    public override bool CanSeek => file.CanSeek;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => file.Length;

    /// <inheritdoc/>
    public override long Position { get => file.Position; set => file.Position = value; }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Given(file.Read(buffer, offset, Asked(count)));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        _ = Asked(buffer.Length);
        return Given(file.Read(buffer));
    }

    /// <inheritdoc/>
    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => await ReadAsync(buffer.AsMemory(offset, count), cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _ = Asked(buffer.Length);
        return Given(await file.ReadAsync(buffer, cancellationToken));
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _waiting.Dispose();
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Asked(int count)
    {
        _waiting.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return count;
    }

    private int Given(int count)
    {
        _waiting.Change(Patience, Timeout.InfiniteTimeSpan);
        return count;
    }
}
