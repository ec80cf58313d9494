using ClinicFlow.Web.Tests.Browser;
using Microsoft.Playwright;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(Chromium))]

// A browser and a server are waited for more than they compute: one class works while another waits.
[assembly: Parallelization(MaxThreads = 2)]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace ClinicFlow.Web.Tests.Browser;

/// <summary>One browser and one server for all tests that do not end theirs; each person has a browser profile of their own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Options =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private WebServer? _server;

    public IBrowser Browser { get; private set; } = null!;

    public WebServer Server => _server!;

    public Axe Axe { get; } = new();

    public async ValueTask InitializeAsync()
    {
        // What is expected comes late on a machine that has other work; how late is not what these tests are about.
        Assertions.SetDefaultExpectTimeout(30_000);
        var starting = WebServer.StartAsync();
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Find(), Args = Options });
        _server = await starting;
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private static string Find()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            foreach (var name in new[] { "chromium", "chromium-browser", "google-chrome" })
            {
                var path = Path.Combine(folder, name);
                if (File.Exists(path))
                {
                    return path;
                }
            }
        }

        throw new FileNotFoundException("No Chromium was found. Install the package chromium.");
    }
}
