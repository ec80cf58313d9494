using System.Net;
using System.Net.Sockets;

namespace ClinicFlow.Cli.Tests.Remote;

public sealed class ServeTests
{
    [Fact]
    public async Task Serve_runs_a_server_until_it_is_told_to_stop()
    {
        using var folder = new TestFolder();
        var port = FreePort();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        using var server = Cli.Start(folder.Path, "serve", "--urls", $"http://127.0.0.1:{port}", "--data", "kept", "--Server:FirstAdministratorPassword", "first-Administrator-1", "--Server:RequestsPerMinute", "777");
        var answer = HttpStatusCode.ServiceUnavailable;
        Assert.True(await server.UntilAsync(() => (answer = Ask(http)) == HttpStatusCode.OK));
        server.Signal("TERM");
        var result = await server.EndAsync();

        Assert.Equal(0, result.ExitCode);
        Assert.True(Directory.Exists(folder["kept"]));
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Theory]
    [InlineData("--Server:RequestsPerMinute", "0")]
    [InlineData("--BatchProcessing:Nonsense", "1")]
    [InlineData("--postgres", "Host=127.0.0.1;Port=1;Database=none;Username=none;Timeout=1")]
    public async Task A_server_that_cannot_start_ends_with_3(string name, string value)
    {
        using var folder = new TestFolder();

        var result = await Cli.RunAsync(folder.Path, "serve", "--urls", "http://127.0.0.1:0", name, value);

        Assert.Equal(3, result.ExitCode);
        Assert.NotEqual("", result.Errors);
    }

    [Fact]
    public async Task Doctor_looks_at_what_serve_would_use_and_changes_nothing()
    {
        using var folder = new TestFolder();

        var good = await Cli.RunAsync(folder.Path, "doctor", "--data", "kept", "--json");
        var bad = await Cli.RunAsync(folder.Path, "doctor", "--Server:RequestsPerMinute", "0", "--json");

        var findings = good.Json.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("name").GetString()).ToArray();
        Assert.Contains("settings", findings);
        Assert.Contains("database", findings);
        Assert.Equal(good.Json.GetProperty("findings").EnumerateArray().Any(finding => finding.GetProperty("state").GetString() == "failed") ? 1 : 0, good.ExitCode);
        Assert.Equal(1, bad.ExitCode);
        Assert.Equal("failed", bad.Json.GetProperty("findings")[0].GetProperty("state").GetString());
        Assert.False(Directory.Exists(folder["kept"]));
    }

    private static HttpStatusCode Ask(HttpClient http)
    {
        try
        {
            using var answer = http.Send(new HttpRequestMessage(HttpMethod.Get, "/health/ready"));
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return HttpStatusCode.ServiceUnavailable;
        }
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
