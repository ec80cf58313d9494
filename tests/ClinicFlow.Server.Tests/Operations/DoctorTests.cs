using ClinicFlow.Batch.Tests.Servers;
using ClinicFlow.Server.Operations;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace ClinicFlow.Server.Tests.Operations;

/// <summary>Each fault that is planted is found, and named with what to do.</summary>
public sealed class DoctorTests(PostgresFixture postgres) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clinicflow-doctor-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("BatchProcessing:MaxConcurentJobs", "3", "MaxConcurentJobs")]
    [InlineData("BatchProcessing:MaxConcurrentJobs", "many", "MaxConcurrentJobs")]
    [InlineData("Server:SignInsPerMinute", "0", "SignInsPerMinute")]
    [InlineData("Server:TrustedProxies:0", "proxy.example", "TrustedProxies")]
    [InlineData("Server:Oidc:Issuer", "http://clinic.example", "Issuer")]
    public async Task A_setting_that_is_wrong(string name, string value, string named)
    {
        var finding = Assert.Single(await RunAsync((name, value)));

        Assert.Equal(("settings", DoctorState.Failed), (finding.Name, finding.State));
        Assert.Contains(named, finding.Message, StringComparison.Ordinal);
        Assert.NotEqual("", finding.Advice);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written()
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "", Cancellation);

        // No file system lets a folder be made in a file, whoever asks.
        await FailsAsync("disk", ("BatchProcessing:DataFolder", Path.Combine(file, "data")));
        if (Directory.Exists("/proc/self"))
        {
            await FailsAsync("disk", ("BatchProcessing:DataFolder", "/proc/self/data"));
        }
    }

    [Fact]
    public async Task A_database_that_is_no_database_or_is_away_or_refuses_the_login()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder.FullName, "broken"));
        await File.WriteAllTextAsync(Path.Combine(data.FullName, "clinicflow.db"), new string('x', 8_192), Cancellation);
        await FailsAsync("database", ("BatchProcessing:DataFolder", data.FullName));
        await FailsAsync("database", ("BatchProcessing:ConnectionString", "Host=127.0.0.1;Port=1;Database=x;Username=nobody;Timeout=2"));
        var connection = new Npgsql.NpgsqlConnectionStringBuilder(await postgres.NewDatabaseAsync());
        await FailsAsync("database", ("BatchProcessing:ConnectionString", new Npgsql.NpgsqlConnectionStringBuilder(connection.ToString()) { Username = "stranger" }.ToString()));
        await FailsAsync("database", ("BatchProcessing:ConnectionString", new Npgsql.NpgsqlConnectionStringBuilder(connection.ToString()) { Database = "missing" }.ToString()));
        Assert.Equal(DoctorState.Ok, (await RunAsync(("BatchProcessing:ConnectionString", connection.ToString()))).Single(finding => finding.Name == "database").State);
    }

    [Fact]
    public async Task A_clock_that_differs_from_that_of_the_database()
    {
        var connection = await postgres.NewDatabaseAsync();
        var name = new Npgsql.NpgsqlConnectionStringBuilder(connection).Username!;
        await PostgresServer.ExecuteAsync(
            PostgresServer.SuperUserOf(connection),
            $"create schema late authorization {name}; create function late.clock_timestamp() returns timestamptz language sql as 'select pg_catalog.clock_timestamp() - interval ''90 seconds'''; alter role {name} set search_path = late, pg_catalog, public", Cancellation);

        var clock = (await RunAsync(("BatchProcessing:ConnectionString", connection))).Single(finding => finding.Name == "clock");

        Assert.Equal(DoctorState.Warning, clock.State);
        Assert.Contains("90 seconds", clock.Message, StringComparison.Ordinal);
        Assert.Contains("time server", clock.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_LibreOffice_that_is_not_there_or_does_not_start()
    {
        var missing = (await RunAsync(("Server:PdfExecutable", Path.Combine(_folder.FullName, "soffice")))).Single(finding => finding.Name == "libreoffice");
        Assert.Equal(DoctorState.Warning, missing.State);
        var broken = Path.Combine(_folder.FullName, "broken-soffice");
        await File.WriteAllTextAsync(broken, "#!/bin/sh\nexit 1\n", Cancellation);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(broken, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await FailsAsync("libreoffice", ("Server:PdfExecutable", broken));
    }

    [Fact]
    public async Task A_mail_server_that_is_away_or_is_none()
    {
        await FailsAsync("smtp", [.. Smtp(1)]);
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        await FailsAsync("smtp", [.. Smtp(((System.Net.IPEndPoint)silent.LocalEndpoint).Port), ("BatchProcessing:Notifications:Smtp:TimeoutSeconds", "1")]);

        static IEnumerable<(string, string)> Smtp(int port) =>
        [
            ("BatchProcessing:Notifications:Smtp:Host", "127.0.0.1"), ("BatchProcessing:Notifications:Smtp:Port", port.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("BatchProcessing:Notifications:Smtp:From", "a@clinic.example"), ("BatchProcessing:Notifications:LinkTemplate", "http://127.0.0.1/{id}"),
        ];
    }

    private async Task FailsAsync(string name, params (string Name, string Value)[] settings)
    {
        var finding = Assert.Single(await RunAsync(settings), finding => finding.State == DoctorState.Failed);
        Assert.Equal(name, finding.Name);
        Assert.NotEqual("", finding.Message);
        Assert.NotEqual("", finding.Advice);
        Assert.DoesNotContain("Exception:", finding.Message, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<DoctorFinding>> RunAsync(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration["BatchProcessing:DataFolder"] = Path.Combine(_folder.FullName, "data");
        foreach (var (name, value) in settings)
        {
            configuration[name] = value;
        }

        return await Doctor.RunAsync(configuration, Cancellation);
    }
}
