using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ClinicFlow.Web.Tests.Browser;

/// <summary><c>clinicflow serve</c> as a user starts it: a process of its own, with a folder of its own, on loopback.</summary>
public sealed class WebServer : IAsyncDisposable
{
    public const string AdministratorPassword = "first-Administrator-1";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clinicflow-web-");
    private readonly ConcurrentQueue<string> _log = [];
    private readonly string[] _command;
    private readonly string[] _settings;
    private readonly int _port = FreePort();
    private Process? _process;

    private WebServer(string[] command, string[] settings) => (_command, _settings) = (command, settings);

    public Uri Address => new($"http://localhost:{_port}/");

    public string Log => string.Join('\n', _log);

    /// <summary>A started server.</summary>
    /// <param name="settings">Further settings as <c>Name=Value</c>, as the environment takes them.</param>
    public static Task<WebServer> StartAsync(params string[] settings) => StartAsync([Path.Combine(AppContext.BaseDirectory, "clinicflow.dll"), "serve"], settings);

    /// <summary>A started server of another program, such as one that was published.</summary>
    /// <param name="command">The program and its verb.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<WebServer> StartAsync(string[] command, string[] settings)
    {
        var server = new WebServer(command, settings);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it, with what it kept from before.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [.. _command, "--urls", string.Create(CultureInfo.InvariantCulture, $"http://localhost:{_port}")])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["BatchProcessing__DataFolder"] = Path.Combine(_folder.FullName, "data");
        start.Environment["Server__FirstAdministratorPassword"] = AdministratorPassword;
        start.Environment["Server__RequestsPerMinute"] = "100000";
        start.Environment["Server__SignInsPerMinute"] = "10000";
        start.Environment["BatchProcessing__RetryDelayMs"] = "10";

        // The slower engine, so that there is a while in which a batch can be watched, paused and broken off.
        start.Environment["Server__PdfEngine"] = "libreoffice";
        foreach (var setting in _settings)
        {
            var parts = setting.Split('=', 2);
            start.Environment[parts[0]] = parts[1];
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address };
        while (!await IsReadyAsync(http))
        {
            Assert.False(_process.HasExited, $"The server ended with {(_process.HasExited ? _process.ExitCode : 0)}:\n{Log}");
            await Task.Delay(50);
        }
    }

    /// <summary>Fails where a page or a request met a defect; what the server wrote of it is shown.</summary>
    public void AssertSound()
    {
        var lines = _log.ToArray();

        // Cookies know no ports: a browser may bring one that another server of this machine has made. It gets a new one.
        var at = Array.FindIndex(lines, line => (line.Contains("fail:", StringComparison.Ordinal) && !line.Contains("DefaultAntiforgery[7]", StringComparison.Ordinal)) || line.Contains("Unhandled exception", StringComparison.Ordinal));
        Assert.True(at < 0, string.Join('\n', lines.Skip(Math.Max(0, at - 1)).Take(30)));
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _folder.Delete(recursive: true);
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/health/ready");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>A port that nobody listens at, below those that systems give to outgoing connections: none takes it while the server is away.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            using var socket = new TcpListener(IPAddress.Loopback, port);
            try
            {
                socket.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else has it.
            }
        }
    }
}
