using System.Net;
using System.Runtime.CompilerServices;
using ClinicFlow.Client.Connection;
using ClinicFlow.Client.Contracts;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ClinicFlow.Client.Live;

/// <summary>
/// What moves on the server, over one connection to its hub that all watches share. Each watch looks at the state by
/// REST first, then listens; when the connection breaks it does the same again, so that nothing is missed. Where the
/// server pushes nothing, looking again and again is all it does.
/// </summary>
internal sealed class LiveFeed : IAsyncDisposable
{
    private readonly ApiConnection _api;
    private readonly CookieContainer? _cookies;
    private readonly SemaphoreSlim _opening = new(1, 1);
    private HubConnection? _hub;
    private bool _isDisposed;

    public LiveFeed(ApiConnection api, CookieContainer? cookies) => (_api, _cookies) = (api, cookies);

    /// <summary>Whether what is watched comes through.</summary>
    public LiveStatus Status { get; } = new();

    /// <summary>Watches something until its last step, or without an end.</summary>
    /// <param name="look">Reads what has changed since it was called last, by REST.</param>
    /// <param name="listen">Streams it from the hub, where it is first.</param>
    /// <param name="isLast">Whether nothing comes after this.</param>
    /// <param name="cancellation">Ends the watch.</param>
    public async IAsyncEnumerable<T> WatchAsync<T>(
        Func<CancellationToken, Task<IReadOnlyList<T>>> look, Func<CancellationToken, IAsyncEnumerable<T>> listen, Func<T, bool> isLast, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var isPushed = true;
        var attempt = 0;
        long? awaySince = null;
        for (var isFirst = true; ; isFirst = false)
        {
            // 1. Where it is. Whoever may not see it, or asks where no server is, hears so here.
            IReadOnlyList<T> seen = [];
            try
            {
                seen = await look(cancellation).ConfigureAwait(false);
                awaySince = null;
                Status.IsBack();
            }
            catch (Exception e) when (!isFirst && e is HttpRequestException or ClinicFlowApiException { IsTransient: true } && (awaySince is null || _api.Options.Time.GetElapsedTime(awaySince.Value) < _api.Options.ReconnectFor))
            {
                awaySince ??= _api.Options.Time.GetTimestamp();
                Status.IsLost();
            }

            foreach (var item in seen)
            {
                yield return item;
                if (isLast(item))
                {
                    yield break;
                }
            }

            // 2. Every step from then on.
            if (isPushed && awaySince is null)
            {
                await using var steps = listen(cancellation).GetAsyncEnumerator(cancellation);
                while (true)
                {
                    try
                    {
                        if (!await steps.MoveNextAsync().ConfigureAwait(false))
                        {
                            break;
                        }
                    }
                    catch (Exception e) when (!_isDisposed && !cancellation.IsCancellationRequested)
                    {
                        isPushed = !(e is HubException && e.Message.Contains("live-updates-off", StringComparison.Ordinal));
                        if (isPushed)
                        {
                            Status.IsLost();
                        }

                        break;
                    }

                    attempt = 0;
                    yield return steps.Current;
                    if (isLast(steps.Current))
                    {
                        yield break;
                    }
                }
            }

            // 3. The server ended, the connection broke, or there is none: again in a while. As long as the server answers, often.
            var wait = isPushed ? Backoff.After(++attempt) : _api.Options.PollInterval;
            await Task.Delay(awaySince is null && wait > _api.Options.PollInterval ? _api.Options.PollInterval : wait, _api.Options.Time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>What a method of the hub streams.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(string method, object?[] arguments, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var hub = await OpenAsync(cancellation).ConfigureAwait(false);
        await foreach (var item in hub.StreamAsyncCore<T>(method, arguments, cancellation).ConfigureAwait(false))
        {
            yield return item;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        if (_hub is not null)
        {
            await _hub.DisposeAsync().ConfigureAwait(false);
        }

        _opening.Dispose();
    }

    private async Task<HubConnection> OpenAsync(CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_hub is { State: HubConnectionState.Disconnected } ended)
            {
                // What a connection signs in with is fixed when it is built: one that ended, as with its sign-in, is not started again.
                _hub = null;
                await ended.DisposeAsync().ConfigureAwait(false);
            }

            if (_hub is null)
            {
                var hub = Build();
                try
                {
                    await hub.StartAsync(cancellation).ConfigureAwait(false);
                    _hub = hub;
                }
                catch
                {
                    await hub.DisposeAsync().ConfigureAwait(false);
                    throw;
                }
            }

            return _hub;
        }
        finally
        {
            _opening.Release();
        }
    }

    private HubConnection Build() => new HubConnectionBuilder()
        .WithUrl(new Uri(_api.Address, "hubs/batch-jobs"), http =>
        {
            if (_cookies is not null)
            {
                http.Cookies = _cookies;
            }

            foreach (var (name, value) in _api.Options.LiveHeaders?.Invoke() ?? _api.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value)))
            {
                http.Headers[name] = value;
            }
        })
        .AddJsonProtocol(json => json.PayloadSerializerOptions = Wire.Lenient)
        .Build();
}
