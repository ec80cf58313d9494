using System.Globalization;
using System.IO.Compression;
using System.Text;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClinicFlow.Web.Tests.Flows;

/// <summary>What people come for, in the browser: from a Word file and a list to documents, and watching them being made.</summary>
public sealed class BatchFlowTests(Chromium chromium)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Long = new() { Timeout = 180_000 };
    private static readonly LocatorAssertionsToContainTextOptions LongText = new() { Timeout = 180_000 };

    [Fact]
    public async Task A_first_time_user_gets_from_a_word_file_and_a_list_to_the_finished_zip()
    {
        await using var person = await Person.UserAsync(chromium);
        var page = person.Page;

        // The start page says what to do.
        await person.OpenAsync("/", "Today");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Make your first documents" })).ToBeVisibleAsync();
        await Screenshots.TakeAsync(page, "today-first-time");
        await person.Link("Make a batch").ClickAsync();
        await person.SeeAsync("New batch");

        // A Word file becomes a template, a list its data; the columns find their fields.
        await page.GetByLabel("Drop a Word document").SetInputFilesAsync(new FilePayload { Name = "Consent letter.docx", MimeType = "application/octet-stream", Buffer = Paper.Word("Consent of {{firstName}} {{lastName}}", "I agree.") });
        await Expect(page.GetByText("2 fields are filled in")).ToBeVisibleAsync();
        await page.GetByLabel("Drop an Excel or CSV file").SetInputFilesAsync(new FilePayload { Name = "patients.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("First name;Last name\nÁda;Müller\nBo;O'Neill\nCy;Østergård\n") });
        await Expect(page.GetByText("Every field has found its column.")).ToBeVisibleAsync(Long);

        // The first document itself, then the next one.
        await Expect(page.GetByText("Row 2 (1 of 3)").Or(page.GetByText("Row 1 (1 of 3)"))).ToBeVisibleAsync(Long);
        var frame = page.Locator("section.preview iframe");
        await Expect(frame).ToHaveAttributeAsync("src", new System.Text.RegularExpressions.Regex("^blob:"), new LocatorAssertionsToHaveAttributeOptions { Timeout = 180_000 });
        Assert.Equal("%PDF-", await person.ShownAsync());
        await chromium.Axe.CheckAsync(page, "new batch, filled in");
        await Screenshots.TakeAsync(page, "new-batch-filled-in");
        await page.EvaluateAsync("window.scrollTo(0, 0)");
        await Screenshots.TakeTopAsync(page, "new-batch-top");

        // Started, watched to its end, and fetched.
        await page.GetByLabel("Name of the batch").FillAsync("Consent for Monday");
        await page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "PDF and Word", Exact = true }).CheckAsync();
        await Expect(person.Button("Start the batch")).ToBeEnabledAsync(new LocatorAssertionsToBeEnabledOptions { Timeout = 180_000 });
        await person.Button("Start the batch").ClickAsync();
        await person.SeeAsync("Batch");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Consent for Monday" })).ToBeVisibleAsync(Long);
        var zip = page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Download all (ZIP)" });
        await Expect(zip).ToBeVisibleAsync(Long);
        await Screenshots.TakeAsync(page, "job-finished");
        var download = await page.RunAndWaitForDownloadAsync(() => zip.ClickAsync());

        var file = new MemoryStream();
        await using (var content = await download.CreateReadStreamAsync())
        {
            await content.CopyToAsync(file, TestContext.Current.CancellationToken);
        }

        using var archive = new ZipArchive(file);
        Assert.EndsWith(".zip", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.Equal(3, archive.Entries.Count(entry => entry.FullName.EndsWith(".pdf", StringComparison.Ordinal)));
        var texts = archive.Entries.Where(entry => entry.FullName.EndsWith(".docx", StringComparison.Ordinal)).Select(entry => Paper.TextOf(entry.Open())).ToArray();
        Assert.Equal(3, texts.Length);
        Assert.Single(texts, text => text.Contains("Müller", StringComparison.Ordinal) && !text.Contains("Neill", StringComparison.Ordinal));
        Assert.Single(texts, text => text.Contains("Østergård", StringComparison.Ordinal));
        Assert.Empty(person.ScriptErrors);
        chromium.Server.AssertSound();
    }

    [Fact]
    public async Task Progress_moves_without_a_reload_and_a_batch_is_paused_resumed_and_cancelled()
    {
        await using var person = await Person.UserAsync(chromium);
        await using var client = await person.ClientAsync();
        var page = person.Page;
        var template = await Paper.AddTemplateAsync(client, person.Name, "Dear {{firstName}} {{lastName}}");
        var job = await Paper.CreateAsync(client, template.Id, "Many letters", 100, OutputFormat.Pdf, atOnce: 1);

        await person.OpenAsync($"/jobs/{job.Id}", "Batch");
        await page.EvaluateAsync("window.isTheSamePage = true");
        var bar = page.GetByRole(AriaRole.Progressbar, new PageGetByRoleOptions { Name = "Documents done" });
        var first = await DoneAsync(bar, 1);
        await DoneAsync(bar, first + 1);
        await Screenshots.TakeAsync(page, "job-running");
        await chromium.Axe.CheckAsync(page, "job, running");

        await person.Button("Pause").ClickAsync();
        await Expect(person.Button("Resume")).ToBeVisibleAsync(Long);
        var paused = (await client.Jobs.GetAsync(job.Id, TestContext.Current.CancellationToken)).Progress;
        Assert.Equal(JobStatus.Paused, paused.Status);
        await Screenshots.TakeAsync(page, "job-paused");

        await person.Button("Resume").ClickAsync();
        await DoneAsync(bar, paused.Processed + 1);

        // Reloaded in the middle, it goes on where it is.
        await page.ReloadAsync();
        await person.SeeAsync("Batch");
        Assert.True(await DoneAsync(bar, paused.Processed + 1) > paused.Processed);

        await person.Button("Cancel").ClickAsync();
        var dialog = page.Locator("dialog[open]");
        await Expect(dialog).ToBeVisibleAsync();
        await chromium.Axe.CheckAsync(page, "job, asking before it is cancelled");
        await dialog.GetByRole(AriaRole.Button).Last.ClickAsync();
        await Expect(page.Locator("section.tracker header")).ToContainTextAsync("Cancelled", LongText);
        Assert.Equal(JobStatus.Cancelled, (await client.Jobs.GetAsync(job.Id, TestContext.Current.CancellationToken)).Status);
        Assert.Empty(person.ScriptErrors);
        chromium.Server.AssertSound();
    }

    [Fact]
    public async Task Another_user_sees_nothing_of_it()
    {
        await using var anna = await Person.UserAsync(chromium);
        await using var client = await anna.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, anna.Name, "Dear {{firstName}} {{lastName}}");
        var job = await Paper.CreateAsync(client, template.Id, "Annas secret batch", 3);
        await Paper.EndAsync(client, job.Id);
        await using var bernd = await Person.UserAsync(chromium);

        await bernd.OpenAsync("/history", "History");
        await Expect(bernd.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "No batches yet" })).ToBeVisibleAsync();
        await bernd.OpenAsync("/", "Today");
        await Expect(bernd.Page.GetByText("Annas secret batch")).ToHaveCountAsync(0);
        await bernd.OpenAsync("/queue", "Queue");
        await Expect(bernd.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Waiting", Exact = true })).ToBeVisibleAsync();
        await Expect(bernd.Page.GetByText("Annas secret batch")).ToHaveCountAsync(0);
        await bernd.OpenAsync($"/jobs/{job.Id}", "Batch");
        await Expect(bernd.Page.GetByText("It is not there.")).ToBeVisibleAsync();
        await Expect(bernd.Page.GetByText("Annas secret batch")).ToHaveCountAsync(0);
        await chromium.Axe.CheckAsync(bernd.Page, "job of somebody else");
        var file = await bernd.Context.APIRequest.GetAsync($"/api/v1/batch-jobs/{job.Id}/archive");
        Assert.Equal(404, file.Status);
        Assert.Empty(bernd.ScriptErrors);
    }

    [Fact]
    public async Task The_demonstration_is_one_click_from_the_start_page()
    {
        await using var person = await Person.UserAsync(chromium);

        await person.OpenAsync("/", "Today");
        await person.Link("Try the demo").ClickAsync();
        await person.SeeAsync("Demo");
        await person.Page.GetByLabel("Patients").First.SelectOptionAsync("10");
        await person.Button("Start the demonstration").ClickAsync();

        await Expect(person.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Download all (ZIP)" })).ToBeVisibleAsync(Long);
        await Screenshots.TakeAsync(person.Page, "demo-finished");
        await chromium.Axe.CheckAsync(person.Page, "demo, finished");
        Assert.Empty(person.ScriptErrors);
        chromium.Server.AssertSound();
    }

    /// <summary>Waits until so many documents are done; how many are.</summary>
    private static async Task<int> DoneAsync(ILocator bar, int atLeast)
    {
        var handle = await bar.Page.WaitForFunctionAsync(
            """
            least => {
                const said = document.querySelector('section.tracker [role=progressbar]')?.getAttribute('aria-valuetext') ?? '';
                const done = Number((said.match(/^[\d.,\s]+/)?.[0] ?? '').replace(/[^\d]/g, ''));
                return done >= least && done;
            }
            """, atLeast, new PageWaitForFunctionOptions { Timeout = 180_000 });
        return int.Parse(await handle.EvaluateAsync<string>("value => String(value)"), CultureInfo.InvariantCulture);
    }
}
