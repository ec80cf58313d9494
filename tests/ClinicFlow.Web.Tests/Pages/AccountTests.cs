using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClinicFlow.Web.Tests.Pages;

/// <summary>Signing in and out, and what is one's own.</summary>
public sealed class AccountTests(Chromium chromium)
{
    [Fact]
    public async Task Whoever_is_not_signed_in_signs_in_and_comes_back_to_the_page()
    {
        await using var person = await Person.NewAsync(chromium);

        await person.Page.GotoAsync("/queue");
        await person.SeeAsync("Sign in");
        await SignInAsync(person, "admin", "not the password");
        await Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("wrong");
        await SignInAsync(person, "admin", WebServer.AdministratorPassword);

        await person.SeeAsync("Queue");
        await person.Button("Your account: admin").ClickAsync();
        await person.Page.GetByText("Sign out", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(person.Page.GetByText("You are signed out.")).ToBeVisibleAsync();
        await person.Page.GotoAsync("/history");
        await person.SeeAsync("Sign in");
        Assert.Empty(person.ScriptErrors);
    }

    [Fact]
    public async Task A_new_user_chooses_a_password_before_anything_else()
    {
        await using var administrator = new ClinicFlowClient(chromium.Server.Address);
        await administrator.Session.SignInAsync(new SignIn("admin", WebServer.AdministratorPassword), TestContext.Current.CancellationToken);
        var name = $"nora{Guid.NewGuid().ToString("N")[..8]}";
        var made = await administrator.Users.CreateAsync(new NewUser(name), TestContext.Current.CancellationToken);
        await using var person = await Person.NewAsync(chromium);

        await person.Page.GotoAsync("/templates");
        await SignInAsync(person, name, made.OneTimePassword!);
        await person.SeeAsync("Choose your own password");
        await person.Page.GotoAsync("/history");
        await person.SeeAsync("Choose your own password");
        await person.Page.GetByLabel("The password you were given", new PageGetByLabelOptions { Exact = true }).FillAsync(made.OneTimePassword!);
        await person.Page.GetByLabel("Your new password", new PageGetByLabelOptions { Exact = true }).FillAsync("short");
        await person.Page.GetByLabel("The new password once more", new PageGetByLabelOptions { Exact = true }).FillAsync("short");
        await person.Button("Save and go on").ClickAsync();
        await Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("12");
        await person.Page.GetByLabel("Your new password", new PageGetByLabelOptions { Exact = true }).FillAsync(Person.PasswordOf(name));
        await person.Page.GetByLabel("The new password once more", new PageGetByLabelOptions { Exact = true }).FillAsync(Person.PasswordOf(name));
        await person.Button("Save and go on").ClickAsync();

        await person.SeeAsync("History");
        Assert.Empty(person.ScriptErrors);
    }

    [Fact]
    public async Task A_sign_in_that_ended_leads_to_the_sign_in_page_and_back()
    {
        await using var person = await Person.UserAsync(chromium);
        await person.OpenAsync("/", "Today");
        await using (var elsewhere = await person.ClientAsync())
        {
            await elsewhere.Session.ChangePasswordAsync(new PasswordChange(person.Password, person.Password + " more"), TestContext.Current.CancellationToken);
        }

        // A page that looks for news may find it out before the reader's own click does.
        await person.Link("Templates").ClickAsync();
        await person.SeeAsync("Sign in");
        var wanted = System.Web.HttpUtility.ParseQueryString(new Uri(person.Page.Url).Query)["returnUrl"];
        Assert.Contains(wanted, (string[])["/", "/templates"]);
        await SignInAsync(person, person.Name, person.Password + " more");

        await person.SeeAsync(wanted == "/" ? "Today" : "Templates");
        Assert.Empty(person.ScriptErrors);
    }

    [Fact]
    public async Task A_page_for_administrators_is_closed_to_users()
    {
        await using var person = await Person.UserAsync(chromium);

        var answer = await person.Page.GotoAsync("/users");
        Assert.Equal(403, answer!.Status);
        await person.SeeAsync("This page is not for your account");
        await person.OpenAsync("/", "Today");
        await Expect(person.Link("Audit log")).ToHaveCountAsync(0);
        await person.Page.EvaluateAsync("Blazor.navigateTo('/audit')");

        await person.SeeAsync("This page is not for your account");
        await chromium.Axe.CheckAsync(person.Page, "not allowed");
    }

    [Fact]
    public async Task The_reader_s_zone_culture_and_choice_of_dark_are_kept()
    {
        await using var person = await Person.UserAsync(chromium, locale: "de-AT", zone: "America/New_York");
        await using var client = await person.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, person.Name, "Dear {{firstName}}");
        var there = TimeZoneInfo.ConvertTime(template.UpdatedAt, TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));

        await person.OpenAsync("/templates", "Templates");
        var text = await person.Page.GetByRole(AriaRole.Row, new PageGetByRoleOptions { Name = person.Name }).TextContentAsync();
        Assert.Contains(there.ToString("dd.MM.yyyy HH:mm", System.Globalization.CultureInfo.InvariantCulture), text!, StringComparison.Ordinal);

        await person.OpenAsync("/settings", "Settings");
        await person.Page.GetByText("Dark", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(person.Page.Locator("html[data-theme=dark]")).ToHaveCountAsync(1);
        await person.Page.ReloadAsync();
        await person.SeeAsync("Settings");
        await Expect(person.Page.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Dark" })).ToBeCheckedAsync();
        await Expect(person.Page.Locator("html[data-theme=dark]")).ToHaveCountAsync(1);
        Assert.Empty(person.ScriptErrors);
    }

    [Fact]
    public async Task A_password_is_changed_in_the_settings()
    {
        await using var person = await Person.UserAsync(chromium);

        await person.OpenAsync("/settings", "Settings");
        await person.Page.GetByLabel("Password until now").FillAsync("not it at all");
        await person.Page.GetByLabel("New password", new PageGetByLabelOptions { Exact = true }).FillAsync(person.Password + " new");
        await person.Page.GetByLabel("New password once more").FillAsync(person.Password + " new");
        await person.Button("Change the password").ClickAsync();
        await Expect(person.Page.GetByRole(AriaRole.Alert).Filter(new LocatorFilterOptions { HasText = "wrong" })).ToBeVisibleAsync();
        await person.Page.GetByLabel("Password until now").FillAsync(person.Password);
        await person.Button("Change the password").ClickAsync();

        await Expect(person.Page.GetByText("Your password is changed.")).ToBeVisibleAsync();
        await person.Link("Templates").ClickAsync();
        await person.SeeAsync("Templates");
        await Expect(person.Page.GetByText("Session").Or(person.Page.GetByText("Sign in"))).ToHaveCountAsync(0);
        Assert.Empty(person.ScriptErrors);
    }

    [Fact]
    public async Task The_keyboard_alone_is_enough()
    {
        await using var person = await Person.NewAsync(chromium);
        var keys = person.Page.Keyboard;

        await person.OpenAsync("/sign-in", "Sign in");
        await keys.TypeAsync("admin");
        await keys.PressAsync("Tab");
        await keys.TypeAsync(WebServer.AdministratorPassword);
        await keys.PressAsync("Enter");
        await person.SeeAsync("Today");
        await Expect(person.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Today", Level = 1 })).ToBeFocusedAsync();
        await person.Page.Locator(".skip-link").FocusAsync();
        await keys.PressAsync("Enter");
        await Expect(person.Page.Locator("main#content")).ToBeFocusedAsync();
        await person.Link("Templates").FocusAsync();
        await keys.PressAsync("Enter");
        await person.SeeAsync("Templates");
        await Expect(person.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Templates", Level = 1 })).ToBeFocusedAsync();
        await person.Button("Your account: admin").FocusAsync();
        await keys.PressAsync("Enter");
        var signOut = person.Page.GetByText("Sign out", new PageGetByTextOptions { Exact = true });
        await Expect(signOut).ToBeVisibleAsync();

        // The menu listens for keys from the moment in which the page's server has opened it, which may be after it is seen.
        for (var tries = 0; tries < 20 && await signOut.IsVisibleAsync(); tries++)
        {
            await keys.PressAsync("Escape");
            await person.Page.WaitForTimeoutAsync(250);
        }

        await Expect(signOut).ToBeHiddenAsync();
    }

    private static async Task SignInAsync(Person person, string name, string password)
    {
        await person.Page.GetByLabel("User name").FillAsync(name);
        await person.Page.GetByLabel("Password", new PageGetByLabelOptions { Exact = true }).FillAsync(password);
        await person.Button("Sign in").ClickAsync();
    }
}
