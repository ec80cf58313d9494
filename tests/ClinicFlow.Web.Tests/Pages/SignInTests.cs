using ClinicFlow.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClinicFlow.Web.Tests.Pages;

public sealed class SignInTests(Chromium chromium)
{
    [Fact]
    public async Task Whoever_is_not_signed_in_signs_in_and_comes_back_to_the_page()
    {
        await using var person = await Person.NewAsync(chromium);

        await person.Page.GotoAsync("/queue");
        await person.SeeAsync("Sign in");
        await person.Page.GetByLabel("User name").FillAsync("admin");
        await person.Page.GetByLabel("Password", new PageGetByLabelOptions { Exact = true }).FillAsync("not the password");
        await person.Button("Sign in").ClickAsync();
        await Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("wrong");
        await person.Page.GetByLabel("Password", new PageGetByLabelOptions { Exact = true }).FillAsync(WebServer.AdministratorPassword);
        await person.Button("Sign in").ClickAsync();

        await person.SeeAsync("Queue");
        Assert.Empty(person.ScriptErrors);
    }
}
