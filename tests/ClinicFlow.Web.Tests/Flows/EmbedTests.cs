using System.Globalization;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClinicFlow.Web.Tests.Flows;

/// <summary>The trackers as web components, in pages that know nothing of Blazor: of another site with a key, and of the same site with its cookie.</summary>
public sealed class EmbedTests(Chromium chromium)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Long = new() { Timeout = 180_000 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_of_another_site_shows_a_batch_live_steers_it_and_gets_over_a_lost_server()
    {
        await using var site = await EmbedSite.StartAsync();
        await using var server = await WebServer.StartAsync($"Server__AllowedOrigins__0={site.Origin}");
        await using var person = await Person.UserAsync(chromium, server);
        await using var client = await person.ClientAsync();
        await person.Context.ClearCookiesAsync();
        var template = await Paper.AddTemplateAsync(client, "Letter", "Dear {{firstName}} {{lastName}}");
        var job = await Paper.CreateAsync(client, template.Id, "Many letters", 60, OutputFormat.Pdf, atOnce: 1);
        var key = await KeyAsync(client, Scopes.JobsRead, Scopes.JobsWrite);
        var page = person.Page;

        // The queue first; a click on a batch shows it. The key stands nowhere in the page.
        await page.GotoAsync(site.Address.ToString());
        await SignInAsync(page, server, key);
        var queue = page.Locator("batch-job-queue-manager");
        await queue.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Many letters", Exact = true }).ClickAsync();
        var tracker = page.Locator("batch-job-progress-tracker");
        await Expect(tracker.GetByRole(AriaRole.Heading, new LocatorGetByRoleOptions { Name = "Many letters" })).ToBeVisibleAsync(Long);
        Assert.DoesNotContain(key, await page.EvaluateAsync<string>("document.documentElement.outerHTML"), StringComparison.Ordinal);

        // The bar moves by itself.
        var first = await DoneAsync(page, 1);
        await DoneAsync(page, first + 1);
        await chromium.Axe.CheckAsync(page, "embedded, running");
        await Screenshots.TakeAsync(page, "embed-running");

        // Buttons act, by the keyboard too, which stays where it was.
        await tracker.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Pause" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var resume = tracker.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Resume" });
        await Expect(resume).ToBeVisibleAsync(Long);
        await Expect(resume).ToBeFocusedAsync();
        var paused = (await client.Jobs.GetAsync(job.Id, Cancellation)).Progress;
        Assert.Equal(JobStatus.Paused, paused.Status);
        await page.Keyboard.PressAsync("Enter");
        await DoneAsync(page, paused.Processed + 1);

        // A server that is gone is said, and both come back with it.
        await server.KillAsync();
        await Expect(tracker.GetByText("The connection is lost. The batch goes on, and this comes back by itself.")).ToBeVisibleAsync(Long);
        await Expect(queue.GetByText("The connection is lost. This comes back by itself.")).ToBeVisibleAsync(Long);
        await chromium.Axe.CheckAsync(page, "embedded, connection lost");
        await Screenshots.TakeAsync(page, "embed-connection-lost");
        await server.StartAsync();
        await Expect(tracker.GetByText("The connection is lost")).ToHaveCountAsync(0, new LocatorAssertionsToHaveCountOptions { Timeout = 60_000 });
        await Expect(queue.GetByText("The connection is lost")).ToHaveCountAsync(0, new LocatorAssertionsToHaveCountOptions { Timeout = 60_000 });
        var back = await DoneAsync(page, paused.Processed + 1);
        await DoneAsync(page, back + 1);

        // What loses something is asked for first.
        await queue.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Cancel: Many letters" }).ClickAsync();
        var question = queue.GetByRole(AriaRole.Dialog, new LocatorGetByRoleOptions { Name = "Cancel this batch?" });
        await chromium.Axe.CheckAsync(page, "embedded, asking");
        await question.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Keep it" }).ClickAsync();
        await Expect(question).ToBeHiddenAsync();
        await queue.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Cancel: Many letters" }).ClickAsync();
        await question.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Cancel" }).ClickAsync();
        await Expect(tracker.Locator(".state")).ToHaveTextAsync("Cancelled", new LocatorAssertionsToHaveTextOptions { Timeout = 180_000 });
        Assert.Equal(JobStatus.Cancelled, (await client.Jobs.GetAsync(job.Id, Cancellation)).Status);
        await Expect(queue.GetByText("Nothing is running.")).ToBeVisibleAsync(Long);

        // A batch that ends tells its page, and is fetched with the key.
        var small = await Paper.CreateAsync(client, template.Id, "Three letters", 3, OutputFormat.Pdf, atOnce: 1);
        await page.EvaluateAsync("id => { document.querySelector('batch-job-progress-tracker').jobId = id; }", small.Id.ToString());
        await Expect(page).ToHaveTitleAsync("Three letters: done", new PageAssertionsToHaveTitleOptions { Timeout = 180_000 });
        var download = await page.RunAndWaitForDownloadAsync(() => tracker.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Download all (ZIP)" }).ClickAsync());
        await using var content = await download.CreateReadStreamAsync();
        var zip = new MemoryStream();
        await content.CopyToAsync(zip, Cancellation);
        using var archive = new System.IO.Compression.ZipArchive(zip);
        Assert.Equal(3, archive.Entries.Count(entry => entry.FullName.EndsWith(".pdf", StringComparison.Ordinal)));
        await page.SetViewportSizeAsync(390, 844);
        await Screenshots.TakeAsync(page, "embed-done-phone");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        Assert.Empty(person.ScriptErrors);
        server.AssertSound();
    }

    [Fact]
    public async Task A_site_that_the_server_does_not_name_gets_nothing_and_neither_does_a_wrong_key()
    {
        await using var site = await EmbedSite.StartAsync();
        await using var server = await WebServer.StartAsync($"Server__AllowedOrigins__0={site.Origin}");
        await using var person = await Person.UserAsync(chromium, server);
        await using var client = await person.ClientAsync();
        var key = await KeyAsync(client, Scopes.JobsRead);
        var queue = person.Page.Locator("batch-job-queue-manager");

        // The same page under another name is another site: localhost is not 127.0.0.1.
        await person.Page.GotoAsync(site.Address.ToString());
        await SignInAsync(person.Page, server, key);
        await Expect(queue.GetByText("Nothing is waiting.")).ToBeVisibleAsync(Long);
        await SignInAsync(person.Page, server, key + "x");
        await Expect(queue.GetByText("You are not signed in.")).ToBeVisibleAsync(Long);
        await chromium.Axe.CheckAsync(person.Page, "embedded, not signed in");
        await person.Page.GotoAsync(new Uri(chromium.Server.Address, "/sign-in").ToString());
        var refused = await person.Page.EvaluateAsync<string>(
            "async ([address, key]) => { try { return String((await fetch(address, { headers: { Authorization: `Bearer ${key}` } })).status); } catch (e) { return e.name; } }",
            new[] { new Uri(server.Address, "/api/v1/queue").ToString(), key });
        Assert.Equal("TypeError", refused);

        // A cookie of whoever is signed in at the server is not taken from the other site, though the server names it.
        await person.Page.GotoAsync(site.Address.ToString());
        var status = await person.Page.EvaluateAsync<string>(
            "async address => { try { return String((await fetch(address, { credentials: 'include' })).status); } catch (e) { return e.name; } }", new Uri(server.Address, "/api/v1/queue").ToString());
        Assert.Equal("TypeError", status);
        Assert.Equal(200, (await person.Context.APIRequest.GetAsync("/api/v1/queue")).Status);
    }

    [Fact]
    public async Task A_key_that_may_only_read_shows_and_says_why_it_cannot_act()
    {
        await using var site = await EmbedSite.StartAsync();
        await using var server = await WebServer.StartAsync($"Server__AllowedOrigins__0={site.Origin}");
        await using var person = await Person.UserAsync(chromium, server);
        await using var client = await person.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, "Letter", "Dear {{firstName}} {{lastName}}");
        var job = await Paper.CreateAsync(client, template.Id, "Many letters", 60, OutputFormat.Pdf, atOnce: 1);

        await person.Page.GotoAsync(site.Address.ToString());
        await SignInAsync(person.Page, server, await KeyAsync(client, Scopes.JobsRead));
        await person.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Many letters", Exact = true }).ClickAsync();
        await DoneAsync(person.Page, 1);
        var tracker = person.Page.Locator("batch-job-progress-tracker");
        await tracker.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Pause" }).ClickAsync();

        await Expect(tracker.GetByRole(AriaRole.Alert)).ToContainTextAsync("scopes of your API key, do not allow this");
        Assert.Equal(JobStatus.Processing, (await client.Jobs.GetAsync(job.Id, Cancellation)).Status);
        await client.Jobs.CancelAsync(job.Id, Cancellation);
    }

    [Fact]
    public async Task A_page_of_the_same_site_needs_no_key_and_a_strict_policy_is_enough()
    {
        await using var person = await Person.UserAsync(chromium);
        await using var client = await person.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, person.Name, "Dear {{firstName}} {{lastName}}");
        var job = await Paper.CreateAsync(client, template.Id, "Many letters", 60, OutputFormat.Pdf, atOnce: 1);
        await person.Context.RouteAsync("**/a-page-of-ours", route => route.FulfillAsync(new RouteFulfillOptions
        {
            Headers = new Dictionary<string, string> { ["Content-Type"] = "text/html", ["Content-Security-Policy"] = "default-src 'none'; script-src 'self'; connect-src 'self'" },
            Body = $"""<!DOCTYPE html><html lang="en"><head><title>Ours</title><script type="module" src="/_content/ClinicFlow.Components/clinicflow-components.js"></script></head><body><main><h1>Ours</h1><batch-job-progress-tracker job-id="{job.Id}"></batch-job-progress-tracker></main></body></html>""",
        }));

        await person.Page.GotoAsync("/a-page-of-ours");
        await DoneAsync(person.Page, 1);
        await person.Button("Cancel").ClickAsync();
        await person.Button("Cancel the batch").ClickAsync();

        await Expect(person.Page.Locator("batch-job-progress-tracker .state")).ToHaveTextAsync("Cancelled", new LocatorAssertionsToHaveTextOptions { Timeout = 180_000 });
        Assert.Equal(JobStatus.Cancelled, (await client.Jobs.GetAsync(job.Id, Cancellation)).Status);
        await chromium.Axe.CheckAsync(person.Page, "embedded in the same site");
        Assert.Empty(person.ScriptErrors);
    }

    [Fact]
    public async Task A_react_app_uses_them_like_any_other_element()
    {
        await using var site = await EmbedSite.StartAsync(withReact: true);
        await using var server = await WebServer.StartAsync($"Server__AllowedOrigins__0={site.Origin}");
        await using var person = await Person.UserAsync(chromium, server);
        await using var client = await person.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, "Letter", "Dear {{firstName}} {{lastName}}");
        await Paper.CreateAsync(client, template.Id, "Some letters", 8, OutputFormat.Pdf, atOnce: 1);

        await person.Page.GotoAsync(new Uri(site.Address, "react.html").ToString());
        await SignInAsync(person.Page, server, await KeyAsync(client, Scopes.JobsRead));
        await person.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Some letters", Exact = true }).ClickAsync();

        await Expect(person.Page.GetByText("Some letters is done.")).ToBeVisibleAsync(Long);
        await chromium.Axe.CheckAsync(person.Page, "embedded in React");
        Assert.Empty(person.ScriptErrors);
    }

    private static async Task<string> KeyAsync(ClinicFlowClient client, params string[] scopes) => (await client.ApiKeys.CreateAsync(new NewApiKey("A page of ours", scopes, ExpiresInDays: 1), Cancellation)).Key;

    private static async Task SignInAsync(IPage page, WebServer server, string key)
    {
        await page.GetByLabel("Server").FillAsync(server.Address.ToString());
        await page.GetByLabel("API key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Show", Exact = true }).ClickAsync();
    }

    /// <summary>Waits until so many documents are done; how many are.</summary>
    private static async Task<int> DoneAsync(IPage page, int atLeast)
    {
        var handle = await page.WaitForFunctionAsync(
            """
            least => {
                const names = [...document.querySelector('batch-job-progress-tracker').shadowRoot.querySelectorAll('dt')];
                const done = Number(names.find(name => name.textContent === 'Made')?.nextElementSibling.textContent ?? NaN);
                return done >= least && done;
            }
            """, atLeast, new PageWaitForFunctionOptions { Timeout = 180_000 });
        return int.Parse(await handle.EvaluateAsync<string>("value => String(value)"), CultureInfo.InvariantCulture);
    }
}
