using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using Microsoft.Playwright;

namespace ClinicFlow.Web.Tests.Browser;

/// <summary>Somebody at a browser profile of their own. What the page says to its console as an error, and what the policy of pages refuses, fails the test.</summary>
internal sealed class Person : IAsyncDisposable
{
    private readonly List<string> _errors = [];

    private Person(IBrowserContext context, IPage page, Uri address, string name, string password) => (Context, Page, Address, Name, Password) = (context, page, address, name, password);

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    public Uri Address { get; }

    public string Name { get; }

    public string Password { get; }

    /// <summary>Errors of a script or of the policy; not the answers of the server that the browser also calls errors.</summary>
    public IReadOnlyList<string> ScriptErrors => _errors;

    public static string PasswordOf(string name) => $"of {name}: seven wet herons";

    /// <summary>A person who is not signed in.</summary>
    public static async Task<Person> NewAsync(Chromium chromium, WebServer? server = null, string name = "", string password = "", int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light, string locale = "en-GB", string zone = "Europe/Vienna")
    {
        var address = (server ?? chromium.Server).Address;
        var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            Locale = locale,
            TimezoneId = zone,
            ReducedMotion = ReducedMotion.Reduce,
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(20_000);

        // What is shown in a frame is a blob, which the policy of pages lets no script fetch: so it is kept as it is made.
        await context.AddInitScriptAsync("{ const make = URL.createObjectURL; URL.createObjectURL = blob => { window.shownBlob = blob; return make.call(URL, blob); }; }");
        var page = await context.NewPageAsync();
        var person = new Person(context, page, address, name, password);
        page.PageError += (_, error) => person._errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && (message.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase) || message.Text.Contains("Unhandled", StringComparison.OrdinalIgnoreCase)))
            {
                person._errors.Add(message.Text);
            }
        };
        return person;
    }

    /// <summary>The first administrator, signed in through the API.</summary>
    public static async Task<Person> AdministratorAsync(Chromium chromium, WebServer? server = null, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var person = await NewAsync(chromium, server, "admin", WebServer.AdministratorPassword, width, scheme: scheme);
        await person.SignInAsync();
        return person;
    }

    /// <summary>A new user with a password of their own, signed in through the API.</summary>
    public static async Task<Person> UserAsync(Chromium chromium, WebServer? server = null, Role role = Role.User, int width = 1280, ColorScheme scheme = ColorScheme.Light, string locale = "en-GB", string zone = "Europe/Vienna")
    {
        var name = $"anna{Guid.NewGuid().ToString("N")[..8]}";
        var address = (server ?? chromium.Server).Address;
        await using (var administrator = new ClinicFlowClient(address))
        {
            await administrator.Session.SignInAsync(new SignIn("admin", WebServer.AdministratorPassword));
            await administrator.Users.CreateAsync(new NewUser(name, Role: role, Password: "quite-Unlikely-7"));
        }

        await using (var user = new ClinicFlowClient(address))
        {
            await user.Session.SignInAsync(new SignIn(name, "quite-Unlikely-7"));
            await user.Session.ChangePasswordAsync(new PasswordChange("quite-Unlikely-7", PasswordOf(name)));
        }

        var person = await NewAsync(chromium, server, name, PasswordOf(name), width, scheme: scheme, locale: locale, zone: zone);
        await person.SignInAsync();
        return person;
    }

    /// <summary>Signs in, through the API.</summary>
    public async Task SignInAsync()
    {
        var answer = await Context.APIRequest.PostAsync("/api/v1/session", new APIRequestContextOptions { DataObject = new { userName = Name, password = Password } });
        Assert.Equal(200, answer.Status);
    }

    /// <summary>The same person as a program.</summary>
    public async Task<ClinicFlowClient> ClientAsync()
    {
        var client = new ClinicFlowClient(Address);
        await client.Session.SignInAsync(new SignIn(Name, Password));
        return client;
    }

    /// <summary>The beginning of the file that the page shows in a frame.</summary>
    public Task<string> ShownAsync() => Page.EvaluateAsync<string>("async () => (await window.shownBlob.slice(0, 5).text())");

    /// <summary>Goes to a page and waits until it is alive.</summary>
    public async Task OpenAsync(string path, string heading)
    {
        await Page.GotoAsync(path);
        await SeeAsync(heading);
    }

    /// <summary>Waits for a page by its heading.</summary>
    public Task SeeAsync(string heading) => Assertions.Expect(Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = heading, Level = 1, Exact = true })).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 20_000 });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true });

    public async ValueTask DisposeAsync() => await Context.DisposeAsync();
}
