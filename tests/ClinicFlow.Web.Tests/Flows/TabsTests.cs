using ClinicFlow.Client.Contracts;
using ClinicFlow.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClinicFlow.Web.Tests.Flows;

/// <summary>Several tabs of one user, each with a batch that is not started: none writes over another's.</summary>
public sealed class TabsTests(Chromium chromium)
{
    private const string Elsewhere = "Another tab has a batch that is not started.";

    private static readonly LocatorAssertionsToBeVisibleOptions Long = new() { Timeout = 180_000 };

    /// <summary>Pages without HTTPS have no Web Locks: there the tabs ask each other.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_tab_has_a_draft_of_its_own_and_that_of_a_closed_tab_is_taken_up(bool hasLocks)
    {
        await using var person = await Person.UserAsync(chromium);
        await using var client = await person.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, person.Name, "Dear {{firstName}} {{lastName}}");
        if (!hasLocks)
        {
            await person.Context.AddInitScriptAsync("Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });");
        }

        var first = person.Page;
        await TypeAsync(first, template, "Ada");
        Assert.Equal(hasLocks, await first.EvaluateAsync<bool>("!!navigator.locks"));
        await Expect(first.GetByText(Elsewhere)).ToHaveCountAsync(0);

        // A second tab begins with nothing, and says why.
        var second = await person.Context.NewPageAsync();
        await second.GotoAsync($"/jobs/new?template={template.Id}");
        await Expect(second.GetByText(Elsewhere)).ToBeVisibleAsync(Long);
        await Expect(second.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Type or paste" })).Not.ToBeCheckedAsync();
        await chromium.Axe.CheckAsync(second, "a second tab");
        await Screenshots.TakeTopAsync(second, "new-batch-second-tab");
        await TypeAsync(second, template, "Bella", isOpen: true);

        // So does one that was duplicated, which has all that its first has of the browser's memory for one tab.
        var third = await first.RunAndWaitForPopupAsync(() => first.EvaluateAsync("window.open('/jobs/new')"));
        Assert.Equal(await first.EvaluateAsync<string>("sessionStorage.getItem('clinicflow-draft')"), await third.EvaluateAsync<string>("sessionStorage.getItem('clinicflow-draft')"));
        await Expect(third.GetByText(Elsewhere)).ToBeVisibleAsync(Long);
        await third.CloseAsync();

        // Each keeps its own over a reload, and over a look at another page.
        await first.ReloadAsync();
        await second.ReloadAsync();
        await Expect(Cell(first)).ToHaveValueAsync("Ada", new LocatorAssertionsToHaveValueOptions { Timeout = 60_000 });
        await Expect(Cell(second)).ToHaveValueAsync("Bella", new LocatorAssertionsToHaveValueOptions { Timeout = 60_000 });
        await second.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Queue", Exact = true }).ClickAsync();
        await Expect(second.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Queue", Level = 1 })).ToBeVisibleAsync(Long);
        await second.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "New batch", Exact = true }).First.ClickAsync();
        await Expect(Cell(second)).ToHaveValueAsync("Bella", new LocatorAssertionsToHaveValueOptions { Timeout = 60_000 });

        // What a tab that was closed left is taken up by the next.
        await first.CloseAsync();
        var fourth = await person.Context.NewPageAsync();
        await fourth.GotoAsync("/jobs/new");
        await Expect(fourth.GetByText("You are back where you left off.")).ToBeVisibleAsync(Long);
        await Expect(Cell(fourth)).ToHaveValueAsync("Ada");

        // Whoever begins anew in one tab takes nothing from the other.
        await fourth.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Begin anew", Exact = true }).First.ClickAsync();
        await second.ReloadAsync();
        await Expect(Cell(second)).ToHaveValueAsync("Bella", new LocatorAssertionsToHaveValueOptions { Timeout = 60_000 });
        Assert.Empty(person.ScriptErrors);
        chromium.Server.AssertSound();
    }

    [Fact]
    public async Task Signing_out_forgets_the_drafts_of_all_tabs()
    {
        await using var person = await Person.UserAsync(chromium);
        await using var client = await person.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, person.Name, "Dear {{firstName}} {{lastName}}");
        await TypeAsync(person.Page, template, "Ada");
        var second = await person.Context.NewPageAsync();
        await second.GotoAsync($"/jobs/new?template={template.Id}");
        await TypeAsync(second, template, "Bella");

        await second.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = $"Your account: {person.Name}" }).ClickAsync();
        await second.GetByText("Sign out", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(second.GetByText("You are signed out.")).ToBeVisibleAsync(Long);
        await person.SeeAsync("Sign in");

        var left = await second.EvaluateAsync<int>(
            """
            () => new Promise(done => {
                const asked = indexedDB.open('clinicflow');
                asked.onsuccess = () => {
                    const read = asked.result.transaction(['drafts', 'typed', 'files']);
                    const counts = ['drafts', 'typed', 'files'].map(name => read.objectStore(name).count());
                    read.oncomplete = () => { asked.result.close(); done(counts.reduce((sum, count) => sum + count.result, 0)); };
                };
            })
            """);
        Assert.Equal(0, left);
    }

    private static ILocator Cell(IPage page) => page.Locator("section.processor table.grid input").First;

    /// <summary>Types one patient, and waits until the server has taken it.</summary>
    private static async Task TypeAsync(IPage page, Template template, string name, bool isOpen = false)
    {
        if (!isOpen)
        {
            await page.GotoAsync($"/jobs/new?template={template.Id}");
        }

        await page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Type or paste" }).CheckAsync();
        await Cell(page).FillAsync(name);
        await Cell(page).PressAsync("Tab");
        await Expect(page.GetByLabel("Name of the batch")).ToBeVisibleAsync(Long);
        await page.GetByLabel("Name of the batch").FillAsync($"For {name}");
        await page.GetByLabel("Name of the batch").PressAsync("Tab");
    }
}
