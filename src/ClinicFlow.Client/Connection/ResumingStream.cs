using System.Net;
using System.Net.Http.Headers;

namespace ClinicFlow.Client.Connection;

/// <summary>
/// The body of a download that goes on where it was after a broken connection (RFC 9110, ranges): as long as the file
/// is the one that was begun, which its strong tag says.
/// </summary>
internal sealed class ResumingStream : Stream
{
    private const int MaxAttempts = 8;

    private readonly ApiConnection _api;
    private readonly string _path;
    private readonly EntityTagHeaderValue? _tag;
    private readonly long? _length;
    private HttpResponseMessage _response;
    private Stream _body;
    private long _position;
    private int _attempts;

    public ResumingStream(ApiConnection api, string path, HttpResponseMessage response, Stream body, long position, long? length)
    {
        (_api, _path, _response, _body, _position, _length) = (api, path, response, body, position, length);
        _tag = response.Headers.ETag is { IsWeak: false } tag ? tag : null;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Exception failure;
            try
            {
                var count = await ReadOnceAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (count > 0 || buffer.Length == 0 || _length is null || _position >= _length)
                {
                    _position += count;
                    _attempts = count > 0 ? 0 : _attempts;
                    return count;
                }

                failure = new IOException("The connection ended before the file did.");
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                failure = e;
            }

            if (_tag is null || _length is null)
            {
                throw new IOException("The connection broke, and this file cannot be gone on with.", failure);
            }

            await ReopenAsync(failure, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

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
            _body.Dispose();
            _response.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(_api.Options.StallTimeout);
        try
        {
            return await _body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException("The download stood still.", e);
        }
    }

    private async Task ReopenAsync(Exception failure, CancellationToken cancellation)
    {
        while (true)
        {
            if (++_attempts > MaxAttempts)
            {
                throw new IOException("The connection broke again and again.", failure);
            }

            await Task.Delay(Backoff.After(_attempts), _api.Options.Time, cancellation).ConfigureAwait(false);
            try
            {
                var response = await _api.OpenAsync(Make, cancellation).ConfigureAwait(false);
                if (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != _position)
                {
                    response.Dispose();
                    throw new InvalidDataException("The file is another one now than when the download began. Fetch it anew.");
                }

                await _body.DisposeAsync().ConfigureAwait(false);
                _response.Dispose();
                _response = response;
                _body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
                return;
            }
            catch (HttpRequestException e)
            {
                failure = e;
            }
            catch (ClinicFlowApiException e) when (e.IsTransient)
            {
                failure = e;
            }
        }
    }

    private HttpRequestMessage Make()
    {
        var request = _api.Make(HttpMethod.Get, _path);
        request.Headers.Range = new RangeHeaderValue(_position, null);
        request.Headers.IfRange = new RangeConditionHeaderValue(_tag!);
        return request;
    }
}
