using System.Net.Sockets;
using System.Text;

namespace ClinicFlow.Server.Tests.Hostile;

/// <summary>HTTP by hand: what no client would send.</summary>
internal static class RawHttp
{
    /// <summary>Sends bytes as they are, and reads until the server closes; what has come where it does not within a while.</summary>
    public static async Task<string> SendAsync(Uri address, string request, CancellationToken cancellation, int seconds = 30)
    {
        using var client = await ConnectAsync(address, cancellation);
        var stream = client.GetStream();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), limit.Token);
        }
        catch (IOException)
        {
            // The server may close before it has read everything.
        }

        return await ReadAsync(stream, limit.Token, cancellation);
    }

    public static async Task<TcpClient> ConnectAsync(Uri address, CancellationToken cancellation)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, cancellation);
        return client;
    }

    public static async Task<string> ReadAsync(Stream stream, CancellationToken limit, CancellationToken cancellation)
    {
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, limit);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
