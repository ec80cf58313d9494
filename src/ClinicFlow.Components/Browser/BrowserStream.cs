namespace ClinicFlow.Components.Browser;

/// <summary>
/// A file or a draft as the reader's browser sends it. Where it sends nothing for a while, reading ends with an
/// <see cref="IOException"/>, as for any file that cannot be read: a page that was closed, or whose network is gone, sends
/// nothing any more, and after a minute Blazor itself would end the whole page and log that as an error of the server.
/// </summary>
public sealed class BrowserStream : Stream
{
    /// <summary>For how long nothing may come: less than the minute after which Blazor gives up.</summary>
    public static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(40);

    private readonly CancellationTokenSource _silent;
    private readonly CancellationTokenSource _ends;
    private readonly CancellationToken _cancellation;
    private Stream _sent = Null;

    private BrowserStream(TimeProvider time, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _silent = new CancellationTokenSource(MostSilence, time);
        _ends = CancellationTokenSource.CreateLinkedTokenSource(_silent.Token, cancellation);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => _sent.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _sent.Position;
        set => throw new NotSupportedException();
    }

    /// <summary>Opens what a browser sends.</summary>
    /// <param name="open">Opens the stream; it is to end when the token says so, and is closed with this one.</param>
    /// <param name="time">The clock by which silence is measured.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="IOException">Nothing came.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static async Task<BrowserStream> OpenAsync(Func<CancellationToken, ValueTask<Stream>> open, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(time);
        var stream = new BrowserStream(time, cancellation);
        try
        {
            stream._sent = await stream.UnlessSilentAsync(open(stream._ends.Token));
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _silent.CancelAfter(MostSilence);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ends.Token, cancellationToken);
        return await UnlessSilentAsync(_sent.ReadAsync(buffer, either.Token));
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("What a browser sends can only be waited for.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _sent.Dispose();
            _ends.Dispose();
            _silent.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<T> UnlessSilentAsync<T>(ValueTask<T> step)
    {
        try
        {
            return await step;
        }
        catch (OperationCanceledException e) when (_silent.IsCancellationRequested && !_cancellation.IsCancellationRequested)
        {
            throw new IOException($"The browser has sent nothing of it for {MostSilence.TotalSeconds:0} seconds.", e);
        }
        finally
        {
            // What reads may take its time with what it has got.
            _silent.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }
}
