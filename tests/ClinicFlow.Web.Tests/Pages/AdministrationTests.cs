using ClinicFlow.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClinicFlow.Web.Tests.Pages;

/// <summary>Templates, users, keys and the audit log, as people handle them.</summary>
public sealed class AdministrationTests(Chromium chromium)
{
    [Fact]
    public async Task A_template_is_checked_published_looked_at_and_archived()
    {
        await using var person = await Person.UserAsync(chromium);
        var page = person.Page;

        await person.OpenAsync("/templates/new", "Add a template");
        await page.GetByLabel("Word file").SetInputFilesAsync(new FilePayload { Name = "notes.txt", MimeType = "text/plain", Buffer = "no"u8.ToArray() });
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("no Word file");
        await page.GetByLabel("Word file").SetInputFilesAsync(new FilePayload { Name = "Letter.docx", MimeType = "application/octet-stream", Buffer = Paper.Word("Dear {{firstName}},", "{{#if minor}}with your parents") });
        await Expect(page.GetByLabel("Name", new PageGetByLabelOptions { Exact = true })).ToHaveValueAsync("Letter");
        await page.GetByLabel("Name", new PageGetByLabelOptions { Exact = true }).FillAsync(person.Name + " letter");
        await page.GetByLabel("Name", new PageGetByLabelOptions { Exact = true }).PressAsync("Tab");
        await person.Button("Check it").ClickAsync();
        await person.SeeAsync(person.Name + " letter");
        await Expect(page.GetByText("This version cannot be used yet")).ToBeVisibleAsync();
        await Expect(page.GetByText("Where: body, paragraph 2")).ToBeVisibleAsync();
        await Expect(person.Button("Publish")).ToHaveCountAsync(0);

        await page.GetByLabel("Word file").SetInputFilesAsync(new FilePayload { Name = "Letter 2.docx", MimeType = "application/octet-stream", Buffer = Paper.Word("Dear {{firstName}},", "{{#if minor}}with your parents{{/if}}") });
        await Expect(page.GetByText("The check found nothing wrong.")).ToBeVisibleAsync();
        await Expect(page.GetByText("Made by LibreOffice")).ToBeVisibleAsync();
        await person.Button("Show with sample data").ClickAsync();
        var link = person.Link("Open it in a tab of its own");
        await Expect(link).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 180_000 });
        await Expect(link).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex("^blob:"));
        Assert.Equal("%PDF-", await person.ShownAsync());
        await Screenshots.TakeAsync(page, "template-preview");
        await person.Button("Publish").ClickAsync();
        await Expect(page.GetByText("Version 2 is published.")).ToBeVisibleAsync();
        await Expect(person.Link("New batch").First).ToBeVisibleAsync();
        await person.Button("Archive").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Archive" }).ClickAsync();

        await Expect(page.GetByText("Version 2 is archived.")).ToBeVisibleAsync();
        Assert.Empty(person.ScriptErrors);
        chromium.Server.AssertSound();
    }

    [Fact]
    public async Task An_administrator_makes_a_user_and_sees_it_in_the_audit_log()
    {
        await using var person = await Person.AdministratorAsync(chromium);
        var page = person.Page;
        var name = $"frieda{Guid.NewGuid().ToString("N")[..8]}";

        await person.OpenAsync("/users", "Users");
        await person.Button("New user").ClickAsync();
        await page.GetByLabel("User name").FillAsync(name);
        await chromium.Axe.CheckAsync(page, "new user");
        await Screenshots.TakeAsync(page, "user-new");
        await person.Button("Make the user").ClickAsync();
        await Expect(page.Locator("#secret")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[A-Za-z0-9_-]{20}$"));
        await chromium.Axe.CheckAsync(page, "password of a new user");
        await person.Button("I have it").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = name })).ToBeVisibleAsync();
        await person.Button($"Change {name}").ClickAsync();
        await page.GetByText("Make an operator").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = name })).ToContainTextAsync("Operator");
        await person.Link("Audit log").ClickAsync();
        await person.SeeAsync("Audit log");
        await Expect(page.GetByText("user.create").First).ToBeVisibleAsync();
        await person.Button("Check the chain").ClickAsync();

        await Expect(page.GetByText("The log is as it was written")).ToBeVisibleAsync();
        Assert.Empty(person.ScriptErrors);
        chromium.Server.AssertSound();
    }

    [Fact]
    public async Task A_key_is_made_works_and_is_revoked()
    {
        await using var person = await Person.UserAsync(chromium);
        var page = person.Page;

        await person.OpenAsync("/api-keys", "API keys");
        await person.Button("New key").ClickAsync();
        await page.GetByLabel("What it is for").FillAsync("Practice software");
        await chromium.Axe.CheckAsync(page, "new key");
        await Screenshots.TakeAsync(page, "api-key-new");
        await person.Button("Make the key").ClickAsync();
        var key = await page.Locator("#secret").TextContentAsync();
        await person.Button("I have it").ClickAsync();
        using var http = new HttpClient { BaseAddress = person.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Assert.Equal(200, (int)(await http.GetAsync("/api/v1/batch-jobs", TestContext.Current.CancellationToken)).StatusCode);
        await person.Button("Revoke Practice software").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Revoke" }).ClickAsync();

        await Expect(page.GetByText("Practice software is revoked.")).ToBeVisibleAsync();
        Assert.Equal(401, (int)(await http.GetAsync("/api/v1/batch-jobs", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Empty(person.ScriptErrors);
    }
}
