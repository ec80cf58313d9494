using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ClinicFlow.Batch.Tests.Servers;

/// <summary>
/// A real PostgreSQL of the tests' own: its data in a folder that is removed, on a loopback port that was free. It ends
/// with this process, also where that is killed. As PostgreSQL refuses to run as root, it runs as nobody there.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clinicflow-pg-").FullName;
    private readonly int _port = FreePort();
    private readonly bool _waitsForDrive;
    private Process? _server;
    private Process? _watchdog;
    private int _databases;

    private PostgresServer(bool waitsForDrive) => _waitsForDrive = waitsForDrive;

    private static bool IsRoot => Environment.UserName == "root";

    private string SuperUser => $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Timeout=30";

    /// <param name="cancellation">Ends the start.</param>
    /// <param name="waitsForDrive">
    /// Whether a commit waits until it is on the drive, as it does at a clinic and has to where it is measured. What a process has
    /// written outlives its end, however it ends: without, only the end of the machine would lose something.
    /// </param>
    public static async Task<PostgresServer> StartAsync(CancellationToken cancellation, bool waitsForDrive = false)
    {
        var server = new PostgresServer(waitsForDrive);
        var data = Path.Combine(server._folder, "data");
        Directory.CreateDirectory(data);
        if (IsRoot)
        {
            await RunAsync("chown", ["-R", "nobody", server._folder], cancellation);
        }

        await RunAsync("chmod", ["700", server._folder], cancellation);
        await AsUserAsync(Tool("initdb"), ["-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions", "--no-sync"], cancellation);
        await server.BeginAsync(cancellation);
        return server;
    }

    /// <summary>A fresh database, owned by a fresh login that is no superuser: what a clinic's administrator gives us.</summary>
    public async Task<string> NewDatabaseAsync(CancellationToken cancellation)
    {
        var name = $"clinic{Interlocked.Increment(ref _databases)}_{Guid.NewGuid():N}"[..20];
        await ExecuteAsync(SuperUser, $"create role {name} login createrole nosuperuser", cancellation);
        await ExecuteAsync(SuperUser, $"create database {name} owner {name}", cancellation);
        return $"Host=127.0.0.1;Port={_port};Username={name};Database={name};Timeout=15;Maximum Pool Size=20";
    }

    /// <summary>The server's superuser in a database of <see cref="NewDatabaseAsync"/>.</summary>
    public static string SuperUserOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Username = "postgres" }.ToString();

    /// <summary>Ends the server as a loss of power would, and starts it again on the same data.</summary>
    public async Task KillAndRestartAsync(TimeSpan away, CancellationToken cancellation)
    {
        _server!.Kill(entireProcessTree: true);
        await _server.WaitForExitAsync(cancellation);
        await Task.Delay(away, cancellation);
        await BeginAsync(cancellation);
    }

    /// <summary>Runs a statement.</summary>
    public static async Task<int> ExecuteAsync(string connectionString, string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(cancellation);
#pragma warning disable CA2100 // The tests' own statements.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            server.Dispose();
        }

        _watchdog?.Kill();
        _watchdog?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        var data = Path.Combine(_folder, "data");
        File.Delete(Path.Combine(data, "postmaster.pid"));
        var info = Command(Tool("postgres"), ["-D", data, "-h", "127.0.0.1", "-p", $"{_port}", "-k", _folder, "-c", _waitsForDrive ? "fsync=on" : "fsync=off", "-c", "shared_buffers=64MB", "-c", "max_connections=200", "-c", "log_min_messages=panic", "-c", "log_min_error_statement=panic"]);
        info.RedirectStandardError = true;
        info.RedirectStandardOutput = true;
        _server = Process.Start(info)!;
        _server.ErrorDataReceived += (_, _) => { };
        _server.BeginErrorReadLine();
        _server.BeginOutputReadLine();

        // Outlives nobody: where this process is killed, the shell sees it and ends the server. It knows both by their ids.
        _watchdog?.Kill();
        _watchdog = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"while kill -0 {Environment.ProcessId} 2>/dev/null && kill -0 {_server.Id} 2>/dev/null; do sleep 1; done; kill -9 {_server.Id} 2>/dev/null; sleep 1; kill -0 {Environment.ProcessId} 2>/dev/null || rm -rf '{_folder}'"]));
        for (var tries = 0; ; tries++)
        {
            try
            {
                await ExecuteAsync(SuperUser, "select 1", cancellation);
                return;
            }
            catch (NpgsqlException) when (tries < 300 && !_server.HasExited)
            {
                await Task.Delay(100, cancellation);
            }
        }
    }

    private static string Tool(string name)
    {
        var folders = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0).Select(folder => Path.Combine(folder, "bin")) : [];
        return folders.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"PostgreSQL's {name} is not installed. ./test installs it.");
    }

    private static ProcessStartInfo Command(string file, string[] arguments) => IsRoot
        ? new ProcessStartInfo("setpriv", ["--reuid=nobody", "--regid=nogroup", "--clear-groups", file, .. arguments]) { WorkingDirectory = "/" }
        : new ProcessStartInfo(file, arguments) { WorkingDirectory = "/" };

    private static Task AsUserAsync(string file, string[] arguments, CancellationToken cancellation) => RunAsync(Command(file, arguments), cancellation);

    private static Task RunAsync(string file, string[] arguments, CancellationToken cancellation) => RunAsync(new ProcessStartInfo(file, arguments), cancellation);

    private static async Task RunAsync(ProcessStartInfo info, CancellationToken cancellation)
    {
        info.RedirectStandardError = true;
        info.RedirectStandardOutput = true;
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{info.FileName} ended with {process.ExitCode}: {await error}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
