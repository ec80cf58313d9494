using ClinicFlow.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClinicFlow.Web.Tests.Pages;

/// <summary>Passkeys, with Chromium's own authenticator in place of a finger (WebAuthn domain of the DevTools protocol).</summary>
public sealed class PasskeyTests(Chromium chromium)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Long = new() { Timeout = 60_000 };

    [Fact]
    public async Task A_passkey_is_made_signs_in_without_a_password_and_is_removed()
    {
        await using var person = await Person.UserAsync(chromium);
        var page = person.Page;
        var (devTools, authenticator) = await AddAuthenticatorAsync(person);

        // Made in the settings, by somebody who is signed in.
        await person.OpenAsync("/settings", "Settings");
        await Expect(page.GetByText("You have none.")).ToBeVisibleAsync(Long);
        await page.GetByLabel("Name of this device").FillAsync("Front desk");
        await page.GetByLabel("Name of this device").PressAsync("Tab");
        await person.Button("Add a passkey").ClickAsync();
        await Expect(person.Button("Remove Front desk")).ToBeVisibleAsync(Long);
        Assert.Equal(1, await CredentialsAsync(devTools, authenticator));
        await chromium.Axe.CheckAsync(page, "settings with a passkey");
        await Screenshots.TakeAsync(page, "settings-passkey");

        // The same device makes no second one.
        await person.Button("Add a passkey").ClickAsync();
        await Expect(page.GetByText("No passkey was made.", new PageGetByTextOptions { Exact = false })).ToBeVisibleAsync(Long);
        Assert.Equal(1, await CredentialsAsync(devTools, authenticator));

        // Signs in: neither name nor password is asked for.
        await person.Context.ClearCookiesAsync();
        await page.GotoAsync("/queue");
        await person.SeeAsync("Sign in");
        await person.Button("Sign in with a passkey").ClickAsync();
        await person.SeeAsync("Queue");
        await Expect(person.Button($"Your account: {person.Name}")).ToBeVisibleAsync();
        await using (var client = await person.ClientAsync())
        {
            Assert.Equal("Front desk", Assert.Single(await client.Session.ListPasskeysAsync(TestContext.Current.CancellationToken)).Name);
        }

        // A finger that is not known to the device signs nobody in.
        await person.Context.ClearCookiesAsync();
        await devTools.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = authenticator, ["isUserVerified"] = false });
        await page.GotoAsync("/sign-in");
        await person.Button("Sign in with a passkey").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The passkey was not used", new LocatorAssertionsToContainTextOptions { Timeout = 60_000 });
        await person.SeeAsync("Sign in");
        Assert.Equal(401, (await person.Context.APIRequest.GetAsync("/api/v1/session")).Status);

        // Removed, it signs nobody in any more.
        await devTools.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = authenticator, ["isUserVerified"] = true });
        await person.Button("Sign in with a passkey").ClickAsync();
        await person.SeeAsync("Today");
        await person.OpenAsync("/settings", "Settings");
        await person.Button("Remove Front desk").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Remove" }).ClickAsync();
        await Expect(page.GetByText("You have none.")).ToBeVisibleAsync(Long);
        await person.Context.ClearCookiesAsync();
        await page.GotoAsync("/sign-in");
        await person.Button("Sign in with a passkey").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("wrong", new LocatorAssertionsToContainTextOptions { Timeout = 60_000 });
        Assert.Equal(401, (await person.Context.APIRequest.GetAsync("/api/v1/session")).Status);
        Assert.Empty(person.ScriptErrors);
        chromium.Server.AssertSound();
    }

    [Fact]
    public async Task A_passkey_of_one_user_signs_in_that_user_on_a_shared_computer()
    {
        await using var anna = await Person.UserAsync(chromium);
        await using var bernd = await Person.UserAsync(chromium);
        await AddAuthenticatorAsync(anna);
        foreach (var (name, password) in new[] { (anna.Name, anna.Password), (bernd.Name, bernd.Password) })
        {
            await anna.Context.ClearCookiesAsync();
            Assert.Equal(200, (await anna.Context.APIRequest.PostAsync("/api/v1/session", new APIRequestContextOptions { DataObject = new { userName = name, password } })).Status);
            await anna.OpenAsync("/settings", "Settings");
            await anna.Page.GetByLabel("Name of this device").FillAsync($"Desk of {name}");
            await anna.Page.GetByLabel("Name of this device").PressAsync("Tab");
            await anna.Button("Add a passkey").ClickAsync();
            await Expect(anna.Button($"Remove Desk of {name}")).ToBeVisibleAsync(Long);
            await Expect(anna.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = new("^Remove Desk of") })).ToHaveCountAsync(1);
        }

        await anna.Context.ClearCookiesAsync();
        await anna.Page.GotoAsync("/sign-in");
        await anna.Button("Sign in with a passkey").ClickAsync();
        await anna.SeeAsync("Today");

        // The device chooses; the server takes whom the passkey is of, and nobody else.
        var session = (await (await anna.Context.APIRequest.GetAsync("/api/v1/session")).JsonAsync())!.Value.GetProperty("userName").GetString();
        await Expect(anna.Button($"Your account: {session}")).ToBeVisibleAsync();
        Assert.Contains(session, new[] { anna.Name, bernd.Name });
    }

    /// <summary>A device with a fingerprint reader that knows the finger.</summary>
    private static async Task<(ICDPSession DevTools, string Id)> AddAuthenticatorAsync(Person person)
    {
        var devTools = await person.Context.NewCDPSessionAsync(person.Page);
        await devTools.SendAsync("WebAuthn.enable");
        var added = await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return (devTools, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    private static async Task<int> CredentialsAsync(ICDPSession devTools, string authenticator)
        => (await devTools.SendAsync("WebAuthn.getCredentials", new() { ["authenticatorId"] = authenticator }))!.Value.GetProperty("credentials").GetArrayLength();
}
