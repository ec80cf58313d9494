using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClinicFlow.Server.Tests.Servers;

/// <summary>A started server with a folder of its own, on loopback, at a port of its own, spoken to over real HTTP.</summary>
public sealed class TestServer : IAsyncDisposable
{
    public const string AdministratorPassword = "first-Administrator-1";

    /// <summary>
    /// Passwords are hashed in a hundredth of the rounds that a clinic's are, which took a fifth of these tests' time. That the
    /// server's own are as many as they should be is held by a test of the first administrator, as a process.
    /// </summary>
    private const int PasswordRounds = 1_000;

    private readonly DirectoryInfo _folder;
    private readonly bool _ownsFolder;

    private TestServer(WebApplication app, DirectoryInfo folder, bool ownsFolder) => (App, _folder, _ownsFolder) = (app, folder, ownsFolder);

    public WebApplication App { get; }

    public string DataFolder => _folder.FullName;

    public Uri Address => new(App.Urls.First());

    /// <param name="connectionString">A PostgreSQL database; SQLite where null.</param>
    /// <param name="settings">Further settings, such as <c>("Server:SignInsPerMinute", "3")</c>.</param>
    /// <param name="configure">A last word on the services.</param>
    /// <param name="dataFolder">A folder that outlives the server, for a second one after it.</param>
    /// <param name="map">Endpoints that the server would not have.</param>
    public static async Task<TestServer> StartAsync(
        string? connectionString = null, IEnumerable<(string Name, string Value)>? settings = null, Action<WebApplicationBuilder>? configure = null, string? dataFolder = null,
        Action<WebApplication>? map = null)
    {
        var folder = dataFolder is null ? Directory.CreateTempSubdirectory("clinicflow-server-") : new DirectoryInfo(dataFolder);
        var app = ServerHost.Build(["--urls", "http://127.0.0.1:0"], builder =>
        {
            var values = new Dictionary<string, string?>
            {
                ["BatchProcessing:DataFolder"] = folder.FullName,
                ["BatchProcessing:ConnectionString"] = connectionString,
                ["BatchProcessing:RetryDelayMs"] = "10",
                ["Server:FirstAdministratorPassword"] = AdministratorPassword,
                ["Server:RequestsPerMinute"] = "1000000",
                ["Server:SignInsPerMinute"] = "10000",
            };
            foreach (var (name, value) in settings ?? [])
            {
                values[name] = value;
            }

            builder.Configuration.AddInMemoryCollection(values);
            builder.Logging.ClearProviders();
            builder.Services.Configure<PasswordHasherOptions>(passwords => passwords.IterationCount = PasswordRounds);
            configure?.Invoke(builder);
        });
        map?.Invoke(app);
        await app.StartAsync();
        return new TestServer(app, folder, dataFolder is null);
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        if (_ownsFolder)
        {
            _folder.Delete(recursive: true);
        }
    }
}
