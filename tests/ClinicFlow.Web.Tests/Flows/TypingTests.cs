using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClinicFlow.Web.Tests.Flows;

/// <summary>A table that is typed or pasted from Excel: nothing of it is lost, whatever the connection and the server do.</summary>
public sealed partial class TypingTests(Chromium chromium)
{
    private const string FromExcel = "First name\tLast name\tRemark\r\nÁda\tMüller\t\"allergic to \"\"penicillin\"\"\nand nuts\"\r\nBo\tO'Neill\t\r\n";

    private static readonly LocatorAssertionsToBeVisibleOptions Long = new() { Timeout = 180_000 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_from_Excel_is_pasted_typed_on_reloaded_and_becomes_documents()
    {
        await using var person = await Person.UserAsync(chromium);
        await using var client = await person.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, person.Name, "Dear {{firstName}} {{lastName}}", "{{remark | default:\"none\"}}");
        var page = person.Page;
        await OpenAsync(person, template);

        // The clipboard is the browser's own. Names of columns go to the head, a cell of two lines keeps both.
        await PasteAsync(person, Cell(page, 0, 0), FromExcel);
        await Expect(page.GetByText("Every field has found its column.")).ToBeVisibleAsync(Long);
        await Expect(Cell(page, 0, 2)).ToHaveValueAsync("allergic to \"penicillin\"\nand nuts");
        await Expect(Cell(page, 1, 1)).ToHaveValueAsync("O'Neill");
        await Expect(page.GetByText("2 documents will be made")).ToBeVisibleAsync(Long);
        await chromium.Axe.CheckAsync(page, "a table that was pasted");
        await Screenshots.TakeAsync(page, "new-batch-pasted");

        // A cell is corrected, a row is typed below; by the keyboard alone.
        await Cell(page, 0, 2).FillAsync("allergic to penicillin\nand to nuts");
        await person.Button("Add rows").ClickAsync();
        await Cell(page, 2, 0).FocusAsync();
        await page.Keyboard.TypeAsync("Cy");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("Østergård");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByText("3 documents will be made")).ToBeVisibleAsync(Long);

        await page.ReloadAsync();
        await Expect(page.GetByText("You are back where you left off.")).ToBeVisibleAsync(Long);
        await Expect(Cell(page, 0, 2)).ToHaveValueAsync("allergic to penicillin\nand to nuts");
        await Expect(Cell(page, 2, 1)).ToHaveValueAsync("Østergård");
        var texts = await MakeAsync(person, client);
        Assert.Equal(3, texts.Count);
        Assert.Single(texts, text => text.Contains("Müller", StringComparison.Ordinal) && text.Contains("and to nuts", StringComparison.Ordinal) && !text.Contains("Neill", StringComparison.Ordinal));
        Assert.Single(texts, text => text.Contains("Østergård", StringComparison.Ordinal) && !text.Contains("nuts", StringComparison.Ordinal));
        Assert.Empty(person.ScriptErrors);
        chromium.Server.AssertSound();
    }

    [Fact]
    public async Task What_is_pasted_over_something_typed_stays_after_a_reload()
    {
        await using var person = await Person.UserAsync(chromium);
        await using var client = await person.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, person.Name, "Dear {{firstName}} {{lastName}}");
        await OpenAsync(person, template);

        await Cell(person.Page, 0, 0).FillAsync("Mistaken");
        await Cell(person.Page, 0, 0).PressAsync("Tab");
        await Expect(person.Page.GetByText("1 document will be made")).ToBeVisibleAsync(Long);
        await PasteAsync(person, Cell(person.Page, 0, 0), "Ada\tOkafor\nBo\tSmith");
        await Expect(Cell(person.Page, 1, 0)).ToHaveValueAsync("Bo");
        await Expect(person.Page.GetByText("2 documents will be made")).ToBeVisibleAsync(Long);
        await person.Page.ReloadAsync();

        await Expect(Cell(person.Page, 1, 1)).ToHaveValueAsync("Smith");
        await Expect(Cell(person.Page, 0, 0)).ToHaveValueAsync("Ada");
        Assert.Empty(person.ScriptErrors);
    }

    [Fact]
    public async Task What_is_typed_and_pasted_while_the_server_is_away_is_there_when_it_is_back_and_after_a_reload()
    {
        await using var server = await WebServer.StartAsync();
        await using var person = await Person.UserAsync(chromium, server);
        await using var client = await person.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, "Letter", "Dear {{firstName}} {{lastName}}");
        var page = person.Page;
        await OpenAsync(person, template);
        await Cell(page, 0, 0).FillAsync("Ada");
        await Cell(page, 0, 0).PressAsync("Tab");
        await Expect(page.GetByLabel("Name of the batch")).ToBeVisibleAsync(Long);

        // Somebody who types does not stop when the server does.
        await Cell(page, 0, 1).FocusAsync();
        await page.Keyboard.TypeAsync("Oka");
        await server.KillAsync();
        await Expect(page.GetByText("The connection to the server is lost")).ToBeVisibleAsync(Long);
        await Expect(Cell(page, 0, 1)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("for");
        await page.Keyboard.PressAsync("Tab");
        await PasteAsync(person, Cell(page, 1, 0), "Bo\tO'Neill\nCy\tØstergård\n");
        await page.GetByLabel("Name of the batch").FillAsync("Typed with no server");
        await Expect(page.Locator("button[inert]", new PageLocatorOptions { HasText = "Start the batch" })).ToBeVisibleAsync();
        await chromium.Axe.CheckAsync(page, "typing without a connection");
        await Screenshots.TakeTopAsync(page, "new-batch-connection-lost");
        await server.StartAsync();

        await Expect(page.GetByText("The connection to the server is lost")).ToBeHiddenAsync(new LocatorAssertionsToBeHiddenOptions { Timeout = 60_000 });
        await AssertAllThereAsync(page);
        await page.ReloadAsync();
        await AssertAllThereAsync(page);
        await Expect(page.GetByText("3 documents will be made")).ToBeVisibleAsync(Long);
        var texts = await MakeAsync(person, client);
        Assert.Equal(3, texts.Count);
        Assert.Single(texts, text => text.Contains("Ada Okafor", StringComparison.Ordinal));
        Assert.Single(texts, text => text.Contains("Cy Østergård", StringComparison.Ordinal));

        // What the page wanted to tell a server that was away is all that may have gone wrong.
        Assert.DoesNotContain(person.ScriptErrors, error => !error.Contains("Cannot send data if the connection is not in the 'Connected' State", StringComparison.Ordinal));

        static async Task AssertAllThereAsync(IPage page)
        {
            await Expect(page.GetByLabel("Name of the batch")).ToHaveValueAsync("Typed with no server", new LocatorAssertionsToHaveValueOptions { Timeout = 60_000 });
            await Expect(Cell(page, 0, 0)).ToHaveValueAsync("Ada");
            await Expect(Cell(page, 0, 1)).ToHaveValueAsync("Okafor");
            await Expect(Cell(page, 1, 1)).ToHaveValueAsync("O'Neill");
            await Expect(Cell(page, 2, 0)).ToHaveValueAsync("Cy");
        }
    }

    [Fact]
    public async Task What_is_typed_over_a_broken_line_reaches_the_server_that_went_on()
    {
        await using var person = await Person.UserAsync(chromium);
        await using var client = await person.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, person.Name, "Dear {{firstName}} {{lastName}}");
        var page = person.Page;
        var line = await LiveLine.TakeAsync(page);
        await OpenAsync(person, template);
        await page.EvaluateAsync("window.isTheSamePage = true");
        await PasteAsync(person, Cell(page, 0, 0), "Ada\tOkafor");
        await Expect(page.GetByText("1 document will be made")).ToBeVisibleAsync(Long);

        await line.CutAsync();
        await Expect(page.GetByText("The connection to the server is lost")).ToBeVisibleAsync(Long);
        await page.GetByLabel("Name of the batch").FillAsync("Typed over a broken line");
        await Cell(page, 0, 1).FillAsync("Okafor-Smith");
        await Cell(page, 1, 0).FillAsync("Bo");
        await PasteAsync(person, Cell(page, 1, 1), "O'Neill\tsenior");
        line.Mend();

        // The same page, and the same server: it has all of it without a reload.
        await Expect(page.GetByText("The connection to the server is lost")).ToBeHiddenAsync(new LocatorAssertionsToBeHiddenOptions { Timeout = 60_000 });
        await Expect(page.GetByText("2 documents will be made")).ToBeVisibleAsync(Long);
        Assert.True(await page.EvaluateAsync<bool>("window.isTheSamePage"));
        await Expect(Cell(page, 1, 2)).ToHaveValueAsync("senior");
        var texts = await MakeAsync(person, client);
        Assert.Equal(2, texts.Count);
        Assert.Single(texts, text => text.Contains("Ada Okafor-Smith", StringComparison.Ordinal));
        Assert.Single(texts, text => text.Contains("Bo O'Neill", StringComparison.Ordinal));
        Assert.Equal("Typed over a broken line", (await client.Jobs.ListAsync(new JobFilter(), Cancellation)).Items[0].Name);
        Assert.DoesNotContain(person.ScriptErrors, error => !error.Contains("Cannot send data if the connection is not in the 'Connected' State", StringComparison.Ordinal));
        chromium.Server.AssertSound();
    }

    private static ILocator Cell(IPage page, int row, int column) => page.Locator("section.processor table.grid tbody tr").Nth(row).Locator("td").Nth(column).Locator("input, textarea");

    /// <summary>A new batch with a table to type in.</summary>
    private static async Task OpenAsync(Person person, Template template)
    {
        await person.OpenAsync($"/jobs/new?template={template.Id}", "New batch");
        await person.Page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Type or paste" }).CheckAsync();
        await Expect(Cell(person.Page, 0, 0)).ToBeVisibleAsync(Long);
    }

    /// <summary>Pastes as people do: from the clipboard, by the keyboard.</summary>
    private static async Task PasteAsync(Person person, ILocator cell, string text)
    {
        await person.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await cell.FocusAsync();
        await person.Page.EvaluateAsync("text => navigator.clipboard.writeText(text)", text);
        await person.Page.Keyboard.PressAsync("Control+V");
    }

    /// <summary>Starts the batch as Word files; what they say.</summary>
    private static async Task<IReadOnlyList<string>> MakeAsync(Person person, ClinicFlowClient client)
    {
        var page = person.Page;
        await page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Word", Exact = true }).CheckAsync();
        await Expect(person.Button("Start the batch")).ToBeEnabledAsync(new LocatorAssertionsToBeEnabledOptions { Timeout = 180_000 });
        await person.Button("Start the batch").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Download all (ZIP)" })).ToBeVisibleAsync(Long);
        var id = Guid.Parse(new Uri(page.Url).Segments[^1]);
        var zip = new MemoryStream();
        await using (var download = await client.Jobs.OpenArchiveAsync(id, cancellation: Cancellation))
        {
            await download.Content.CopyToAsync(zip, Cancellation);
        }

        using var archive = new ZipArchive(zip);
        return [.. archive.Entries.Where(entry => entry.FullName.EndsWith(".docx", StringComparison.Ordinal)).Select(entry => WebUtility.HtmlDecode(Tag().Replace(Paper.TextOf(entry.Open()), "")))];
    }

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}
