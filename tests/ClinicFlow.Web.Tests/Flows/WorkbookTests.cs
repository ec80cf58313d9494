using ClinicFlow.Client.Contracts;
using ClinicFlow.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClinicFlow.Web.Tests.Flows;

/// <summary>An Excel workbook that is dropped: which of its sheets holds the patients is the user's to say.</summary>
public sealed class WorkbookTests(Chromium chromium)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Long = new() { Timeout = 180_000 };

    private static readonly byte[] Workbook = Paper.Workbook(
        ("Read me", [["Title", "Title"], ["How to use this list", ""]]),
        ("Monday", [["firstName", "lastName"], ["Ada", "Okafor"], ["Bo", "O'Neill"]]),
        ("Tuesday & later", [["firstName", "lastName"], ["Cy", "Østergård"]]),
        ("(hidden) old", [["firstName", "lastName"], ["Nobody", "Nowhere"]]),
        ("Empty", []));

    [Fact]
    public async Task The_sheet_is_chosen_kept_over_a_reload_and_becomes_documents()
    {
        await using var person = await Person.UserAsync(chromium);
        await using var client = await person.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, person.Name, "Dear {{firstName}} {{lastName}}");
        var page = person.Page;
        await person.OpenAsync($"/jobs/new?template={template.Id}", "New batch");
        await DropAsync(page, "Patients.xlsx", Workbook);

        // The first sheet is no list of patients; the page says so, and lets another be chosen. Hidden ones are not offered.
        var sheet = page.GetByLabel("Sheet of the workbook");
        await Expect(sheet).ToBeVisibleAsync(Long);
        Assert.Equal(["Read me", "Monday", "Tuesday & later", "Empty"], (await sheet.Locator("option").AllTextContentsAsync()).Where(text => !text.StartsWith("Choose", StringComparison.Ordinal)));
        await chromium.Axe.CheckAsync(page, "a workbook of several sheets");
        await Screenshots.TakeAsync(page, "new-batch-sheets");
        await sheet.SelectOptionAsync("Empty");
        await Expect(page.Locator(".todo")).ToContainTextAsync("The sheet is empty", new LocatorAssertionsToContainTextOptions { Timeout = 60_000 });

        // What the page shows as chosen is chosen still when it is loaded again at that very moment.
        for (var i = 0; i < 5; i++)
        {
            await sheet.SelectOptionAsync("Monday");
            await Expect(page.GetByText("2 documents will be made")).ToBeVisibleAsync(Long);
            await sheet.SelectOptionAsync("Tuesday & later");
            await Expect(page.GetByText("1 document will be made")).ToBeVisibleAsync(Long);
            await page.ReloadAsync();
            await Expect(page.GetByText("1 document will be made")).ToBeVisibleAsync(Long);
            await Expect(sheet).ToHaveValueAsync("Tuesday & later");
        }

        await page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Word", Exact = true }).CheckAsync();
        await person.Button("Start the batch").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Download all (ZIP)" })).ToBeVisibleAsync(Long);
        var id = Guid.Parse(new Uri(page.Url).Segments[^1]);
        var documents = await client.Jobs.DocumentsAsync(id, cancellation: TestContext.Current.CancellationToken);
        await using var file = await client.Jobs.OpenDocumentAsync(id, Assert.Single(documents.Items).RequestId, OutputFormat.Docx, cancellation: TestContext.Current.CancellationToken);
        var word = new MemoryStream();
        await file.Content.CopyToAsync(word, TestContext.Current.CancellationToken);
        Assert.Contains("Østergård", Paper.TextOf(word), StringComparison.Ordinal);
        Assert.Empty(person.ScriptErrors);
        chromium.Server.AssertSound();
    }

    [Fact]
    public async Task A_workbook_of_one_sheet_asks_nothing_and_another_file_forgets_the_choice()
    {
        await using var person = await Person.UserAsync(chromium);
        await using var client = await person.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, person.Name, "Dear {{firstName}} {{lastName}}");
        var page = person.Page;
        await person.OpenAsync($"/jobs/new?template={template.Id}", "New batch");
        await DropAsync(page, "Patients.xlsx", Workbook);
        await page.GetByLabel("Sheet of the workbook").SelectOptionAsync("Monday");
        await Expect(page.GetByText("2 documents will be made")).ToBeVisibleAsync(Long);
        await person.Button("Other file").ClickAsync();
        await DropAsync(page, "One.xlsx", Paper.Workbook(("Patients", [["firstName", "lastName"], ["Dana", "Diaz"], ["Eva", "Evans"], ["Finn", "Fox"]]), ("(hidden) old", [["x"], ["y"]])));

        await Expect(page.GetByText("3 documents will be made")).ToBeVisibleAsync(Long);
        await Expect(page.GetByLabel("Sheet of the workbook")).ToHaveCountAsync(0);
        Assert.Empty(person.ScriptErrors);
    }

    /// <summary>Drops a file, as the pointer would.</summary>
    private static async Task DropAsync(IPage page, string name, byte[] file)
        => await page.GetByLabel("Drop an Excel or CSV file").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Buffer = file });
}
