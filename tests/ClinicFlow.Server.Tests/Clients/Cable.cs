using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ClinicFlow.Server.Tests.Clients;

/// <summary>A cable between a client and a server that can be cut and mended.</summary>
internal sealed class Cable : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private readonly CancellationTokenSource _ends = new();
    private readonly Uri _server;
    private readonly Task _accepting;
    private long _bytesUntilCut = long.MaxValue;
    private int _connections;
    private volatile bool _isCut;

    public Cable(Uri server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>How many connections were made through it.</summary>
    public int Connections => _connections;

    /// <summary>Breaks all connections; new ones break at once until it is mended.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var socket in _open.Keys)
        {
            socket.Close(0);
        }
    }

    public void Mend() => _isCut = false;

    /// <summary>Breaks the connection, once, when the server has sent so many bytes more.</summary>
    public void CutAfter(long bytes) => Interlocked.Exchange(ref _bytesUntilCut, bytes);

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _ends.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ends.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_ends.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            if (_isCut)
            {
                client.Close(0);
                continue;
            }

            Interlocked.Increment(ref _connections);
            _ = CarryAsync(client);
        }
    }

    private async Task CarryAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _open[client] = 0;
        _open[server] = 0;
        try
        {
            await server.ConnectAsync(_server.Host, _server.Port, _ends.Token);
            await Task.WhenAny(PumpAsync(client, server, isAnswer: false), PumpAsync(server, client, isAnswer: true));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The cable was cut.
        }

        client.Close(0);
        server.Close(0);
        _open.TryRemove(client, out _);
        _open.TryRemove(server, out _);
    }

    private async Task PumpAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[8_192];
        try
        {
            for (int count; (count = await from.ReceiveAsync(buffer, _ends.Token)) > 0;)
            {
                await to.SendAsync(buffer.AsMemory(0, count), _ends.Token);
                if (isAnswer && Interlocked.Read(ref _bytesUntilCut) < long.MaxValue && Interlocked.Add(ref _bytesUntilCut, -count) <= 0)
                {
                    Interlocked.Exchange(ref _bytesUntilCut, long.MaxValue);
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One end is gone.
        }
    }
}
