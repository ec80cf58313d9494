using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;
using static ClinicFlow.Server.Tests.Hostile.HostileServer;

namespace ClinicFlow.Server.Tests.Hostile;

/// <summary>Clients that hold on to connections: each is let go of, and nobody else waits for them.</summary>
public sealed class SlowTests(HostileTest.OneServer server) : HostileTest(server)
{
    /// <summary>How long a test waits for the server to let go: far longer than it should take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Heads_and_bodies_that_come_byte_by_byte_are_cut_off_and_nobody_waits_for_them()
    {
        var key = "X-Api-Key: " + Server.KeyOf("anna");
        var slow = new List<Task>();
        for (var i = 0; i < 40; i++)
        {
            slow.Add(DripAsync("GET /api/v1/batch-jobs HTTP/1.1\r\nHost: x\r\nX-Slow: "));
            slow.Add(DripAsync($"POST /api/v1/batch-jobs HTTP/1.1\r\nHost: x\r\n{key}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{{\"name\":\""));
            slow.Add(DripAsync($"POST /api/v1/batch-jobs/import HTTP/1.1\r\nHost: x\r\n{key}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"job\"\r\n\r\n"));
        }

        // Meanwhile the server works for others.
        var done = await RunAsync(Server.Anna, Server.Job());
        Assert.Equal("completed", (string)done["status"]!);
        Assert.Contains(slow, task => !task.IsCompleted);

        await Task.WhenAll(slow);
        Assert.Empty(new DirectoryInfo(Path.Combine(Server.Server.DataFolder, "uploads")).EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_download_that_nobody_reads_is_cut_off()
    {
        using var added = await AddTemplateAsync(Server.Anna, BadFiles.Template("Dear {{patientName}}", ("word/media/noise.bin", Convert.ToHexString(RandomNumberGenerator.GetBytes(160 << 10)))), "large.docx", name: "Large");
        var order = Server.Job();
        order["templateId"] = (await JsonAsync(added, HttpStatusCode.Created))["id"]!.DeepClone();
        var requests = order["requests"]!.AsArray();
        while (requests.Count < 150)
        {
            requests.Add(requests[0]!.DeepClone());
        }

        var done = await RunAsync(Server.Anna, order);
        Assert.Equal(150, (int)done["progress"]!["succeeded"]!);
        using var client = new TcpClient { ReceiveBufferSize = 4 << 10 };
        await client.ConnectAsync(Server.Server.Address.Host, Server.Server.Address.Port, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET /api/v1/batch-jobs/{done["id"]}/archive HTTP/1.1\r\nHost: x\r\nX-Api-Key: {Server.KeyOf("anna")}\r\n\r\n"), Cancellation);
        Assert.Equal('H', stream.ReadByte());

        Assert.True(await IsLetGoAsync(stream), "The server still sends to somebody who does not read.");
    }

    [Fact]
    public async Task Many_who_watch_and_never_read_keep_nobody_from_watching()
    {
        var order = Server.Job();
        var requests = order["requests"]!.AsArray();
        while (requests.Count < 400)
        {
            requests.Add(new JsonObject { ["documentName"] = "Letter", ["mergeData"] = new JsonObject { ["patientName"] = "A" } });
        }

        var id = await CreateAsync(Server.Anna, order);
        var deaf = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 50; i++)
            {
                var client = new TcpClient { ReceiveBufferSize = 1 << 10 };
                deaf.Add(client);
                await client.ConnectAsync(Server.Server.Address.Host, Server.Server.Address.Port, Cancellation);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /api/v1/batch-jobs/{id}/events HTTP/1.1\r\nHost: x\r\nX-Api-Key: {Server.KeyOf("anna")}\r\n\r\n"), Cancellation);
            }

            using var events = await Server.Anna.GetAsync($"/api/v1/batch-jobs/{id}/events", Cancellation);
            Assert.Contains("\"succeeded\":400", await events.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
        finally
        {
            deaf.ForEach(client => client.Dispose());
        }
    }

    /// <summary>Sends a beginning and then a byte a second, until the server has had enough.</summary>
    private async Task DripAsync(string beginning)
    {
        using var client = await RawHttp.ConnectAsync(Server.Server.Address, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(beginning), Cancellation);
        Assert.True(await IsLetGoAsync(stream), "The server still waits for: " + beginning);
    }

    /// <summary>Whether the server ends the connection within a while: what is sent to it then fails.</summary>
    private static async Task<bool> IsLetGoAsync(NetworkStream stream)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        try
        {
            while (true)
            {
                await stream.WriteAsync("x"u8.ToArray(), limit.Token);
                await Task.Delay(1_000, limit.Token);
            }
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            Cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }
}
