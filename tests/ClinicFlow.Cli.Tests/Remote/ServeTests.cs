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

    [Fact]
    public async Task Doctor_names_fonts_that_are_replaced_and_says_where_it_cannot_look()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder["no-fonts.conf"], "<?xml version=\"1.0\"?><fontconfig></fontconfig>", TestContext.Current.CancellationToken);

        using var without = Cli.Start(folder.Path, [new("FONTCONFIG_FILE", folder["no-fonts.conf"])], "doctor", "--json");
        var replaced = (await without.EndAsync()).Json.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("name").GetString() == "fonts").ToArray();
        Assert.Equal(5, replaced.Length);
        Assert.All(replaced, finding => Assert.Equal("warning", finding.GetProperty("state").GetString()));
        Assert.Contains(replaced, finding => finding.GetProperty("advice").GetString()!.Contains("fonts-crosextra-carlito", StringComparison.Ordinal));

        // A path with nothing on it but the program that this is.
        Directory.CreateDirectory(folder["bin"]);
        using var blind = Cli.Start(folder.Path, [new("PATH", folder["bin"])], "doctor", "--json");
        var unknown = Assert.Single((await blind.EndAsync()).Json.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("name").GetString() == "fonts");
        Assert.Equal("warning", unknown.GetProperty("state").GetString());
        Assert.Contains("fc-match", unknown.GetProperty("message").GetString(), StringComparison.Ordinal);
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
