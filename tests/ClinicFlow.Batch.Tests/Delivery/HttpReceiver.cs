using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ClinicFlow.Batch.Tests.Delivery;

/// <summary>A receiver of webhooks on loopback: notes each request, and answers word for word what a test gives it.</summary>
internal sealed class HttpReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly Func<Stream, CancellationToken, Task> _answer;
    private readonly Task _accepting;
    private int _connections;

    private HttpReceiver(IPAddress address, Func<Stream, CancellationToken, Task> answer, TestCertificate? certificate)
    {
        _answer = answer;
        _certificate = certificate is null ? null : X509Certificate2.CreateFromPemFile(certificate.CertificatePath, certificate.KeyPath);
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"{(_certificate is null ? "http" : "https")}://{((IPEndPoint)_listener.LocalEndpoint).Address}:{Port}/hooks";

    /// <summary>How many connections were made, also those without a request.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    /// <summary>Starts a receiver that gives its answers in turn, the last one for ever.</summary>
    public static HttpReceiver Start(params string[] answers)
    {
        var turn = 0;
        return new HttpReceiver(IPAddress.Loopback, (stream, end) => WriteAsync(stream, answers[Math.Min(turn++, answers.Length - 1)], end), null);
    }

    public static HttpReceiver StartAt(string address, string answer) =>
        new(IPAddress.Parse(address), (stream, end) => WriteAsync(stream, answer, end), null);

    public static HttpReceiver StartEncrypted(TestCertificate certificate) =>
        new(IPAddress.Loopback, (stream, end) => WriteAsync(stream, "200 OK", end), certificate);

    public static HttpReceiver StartWith(Func<Stream, CancellationToken, Task> answer) => new(IPAddress.Loopback, answer, null);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _certificate?.Dispose();
        _end.Dispose();
    }

    private static async Task WriteAsync(Stream stream, string statusAndHeaders, CancellationToken end) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {statusAndHeaders}\r\nContent-Length: 0\r\n\r\n"), end);

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                Interlocked.Increment(ref _connections);
                open.Add(ServeAsync(client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                var encrypted = new SslStream(stream);
                await encrypted.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
                stream = encrypted;
            }

            await using (stream)
            {
                if (await ReadAsync(stream) is { } request)
                {
                    _requests.Enqueue(request);
                    await _answer(stream, _end.Token);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException or ObjectDisposedException)
        {
            // The client went away, or the test is over.
        }
    }

    private async Task<ReceivedRequest?> ReadAsync(Stream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (!bytes.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _end.Token) == 0)
            {
                return null;
            }

            bytes.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. bytes]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        var body = new byte[int.Parse(headers["content-length"], System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _end.Token);
        return new ReceivedRequest(lines[0], headers, body);
    }
}

/// <summary>A request as it came in.</summary>
internal sealed record ReceivedRequest(string Line, IReadOnlyDictionary<string, string> Headers, byte[] Body);
