using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using ClinicFlow.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClinicFlow.Web.Tests.Pages;

/// <summary>What <c>dotnet publish</c> makes of the server, and of the command that carries it, is all that the web app needs.</summary>
public sealed partial class PublishedTests(Chromium chromium)
{
    // The tests are built into a folder of that name.
    private static readonly string Configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    [Theory]
    [InlineData("ClinicFlow.Server", "clinicflow-server.dll", null)]
    [InlineData("ClinicFlow.Cli", "clinicflow.dll", "serve")]
    public async Task A_published_folder_serves_the_web_app_whatever_folder_it_is_started_in(string project, string program, string? verb)
    {
        var folder = Directory.CreateTempSubdirectory("clinicflow-published-");
        try
        {
            await PublishAsync(project, folder.FullName);
            Assert.Empty(Directory.GetFiles(folder.FullName, "*.staticwebassets.runtime.json"));
            await using var server = await WebServer.StartAsync(verb is null ? [Path.Combine(folder.FullName, program)] : [Path.Combine(folder.FullName, program), verb], []);
            await using var person = await Person.NewAsync(chromium, server, "admin", WebServer.AdministratorPassword);
            var answers = new ConcurrentQueue<(string Path, int Status)>();
            person.Page.Response += (_, answer) => answers.Enqueue((new Uri(answer.Url).AbsolutePath, answer.Status));
            person.Page.RequestFailed += (_, request) => answers.Enqueue((new Uri(request.Url).AbsolutePath, request.Failure?.Contains("ERR_ABORTED", StringComparison.Ordinal) == true ? 0 : 599));

            await person.OpenAsync("/sign-in", "Sign in");
            await person.Page.GetByLabel("User name").FillAsync(person.Name);
            await person.Page.GetByLabel("Password", new PageGetByLabelOptions { Exact = true }).FillAsync(person.Password);
            await person.Button("Sign in").ClickAsync();
            await person.SeeAsync("Today");
            await person.Link("New batch").First.ClickAsync();
            await person.SeeAsync("New batch");

            // A page that lives, in its colours, with the script of the components.
            await person.Page.GetByLabel("Drop a Word document").SetInputFilesAsync(new FilePayload { Name = "Letter.docx", MimeType = "application/octet-stream", Buffer = Paper.Word("Dear {{firstName}} {{lastName}}") });
            await Expect(person.Page.GetByText("2 fields are filled in")).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 60_000 });
            Assert.NotEqual("rgba(0, 0, 0, 0)", await person.Page.Locator(".mud-appbar").EvaluateAsync<string>("bar => getComputedStyle(bar).backgroundColor"));
            await Screenshots.TakeAsync(person.Page, $"published-{project}");
            Assert.DoesNotContain(answers, answer => answer.Status >= 400 && answer.Path != "/api/v1/session");
            foreach (var needed in new[] { "/app.css", "/app.js", "/_framework/blazor.web.js", "/_content/MudBlazor/MudBlazor.min.css", "/_content/MudBlazor/MudBlazor.min.js", "/_content/ClinicFlow.Components/browser.js", "/clinicflow-server.styles.css" })
            {
                Assert.Contains(answers, answer => answer.Status == 200 && IsOf(answer.Path, needed));
            }

            // For pages of others.
            using var http = new HttpClient { BaseAddress = server.Address };
            Assert.Contains("batch-job-progress-tracker", await http.GetStringAsync("/_content/ClinicFlow.Components/clinicflow-components.js", TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Empty(person.ScriptErrors);
            server.AssertSound();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Whether a path is that of a file, maybe with a fingerprint in its name.</summary>
    private static bool IsOf(string path, string file) => path == file || Fingerprint().Replace(path, ".") == file;

    /// <summary>Publishes what was built with these tests.</summary>
    private static async Task PublishAsync(string project, string folder)
    {
        var start = new ProcessStartInfo("dotnet", ["publish", Checkout.PathOf("src", project), "--no-build", "-c", Configuration, "-o", folder, "-v", "q", "--nologo"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var publish = Process.Start(start)!;
        var said = await Task.WhenAll(publish.StandardOutput.ReadToEndAsync(), publish.StandardError.ReadToEndAsync());
        await publish.WaitForExitAsync();
        Assert.True(publish.ExitCode == 0, string.Concat(said));
    }

    [GeneratedRegex(@"\.[a-z0-9]{10}\.")]
    private static partial Regex Fingerprint();
}
