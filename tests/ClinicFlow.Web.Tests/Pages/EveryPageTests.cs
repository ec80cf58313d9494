using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Web.Tests.Browser;
using Microsoft.Playwright;

namespace ClinicFlow.Web.Tests.Pages;

/// <summary>Every page, light and dark, wide and on a phone: nothing that axe objects to, nothing that is wider than the screen; with pictures of each.</summary>
public sealed class EveryPageTests(Chromium chromium, EveryPageTests.Clinic clinic) : IClassFixture<EveryPageTests.Clinic>
{
    public static TheoryData<string, string, string> Pages => new()
    {
        { "today", "/", "Today" },
        { "new-batch", "/jobs/new", "New batch" },
        { "job-done", "/jobs/{done}", "Batch" },
        { "job-with-failures", "/jobs/{failed}", "Batch" },
        { "queue", "/queue", "Queue" },
        { "history", "/history", "History" },
        { "history-nothing-found", "/history?text=nothing-is-called-so", "History" },
        { "templates", "/templates", "Templates" },
        { "template", "/templates/{template}", "Consent form" },
        { "template-with-errors", "/templates/{broken}", "Letter with errors" },
        { "template-new", "/templates/new", "Add a template" },
        { "audit", "/audit", "Audit log" },
        { "api-keys", "/api-keys", "API keys" },
        { "users", "/users", "Users" },
        { "settings", "/settings", "Settings" },
        { "demo", "/demo", "Demo" },
        { "not-found-inside", "/not-found", "There is no such page" },
        { "not-found", "/no/such/page", "There is no such page" },
        { "password", "/password", "Choose your own password" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_for_everybody(string name, string path, string heading)
    {
        var person = await clinic.AdministratorAsync(chromium);
        path = clinic.Fill(path);

        await person.OpenAsync(path, heading);
        var wrong = new List<string>();
        foreach (var (look, scheme, width) in new[] { ("light", ColorScheme.Light, 1280), ("dark", ColorScheme.Dark, 1280), ("phone", ColorScheme.Light, 390) })
        {
            await person.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await person.Page.SetViewportSizeAsync(width, 844);
            await Assertions.Expect(person.Page.Locator($"html[data-theme={(scheme == ColorScheme.Dark ? "dark" : "light")}]")).ToHaveCountAsync(1);
            await SettleAsync(person.Page);
            await Screenshots.TakeAsync(person.Page, $"{name}-{look}");
            wrong.AddRange((await chromium.Axe.FindAsync(person.Page)).Select(found => $"{path}, {look}: {found}"));
            if (await TooWideAsync(person.Page) is { Length: > 0 } wide)
            {
                wrong.Add($"{path}, {look}: {wide}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        clinic.Server.AssertSound();
        Assert.Empty(person.ScriptErrors);
    }

    [Fact]
    public async Task The_sign_in_page_is_for_everybody()
    {
        await using var person = await Person.NewAsync(chromium, clinic.Server);
        foreach (var (scheme, width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Light, 390) })
        {
            await person.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await person.Page.SetViewportSizeAsync(width, 844);
            await person.OpenAsync("/sign-in", "Sign in");
            await chromium.Axe.CheckAsync(person.Page, $"/sign-in, {scheme}, {width}");
            await Screenshots.TakeAsync(person.Page, "sign-in-" + (width == 390 ? "phone" : scheme == ColorScheme.Dark ? "dark" : "light"));
            Assert.Equal("", await TooWideAsync(person.Page));
        }

        Assert.Empty(person.ScriptErrors);
    }

    [Fact]
    public async Task Axe_finds_an_offence_that_was_planted()
    {
        await using var person = await Person.NewAsync(chromium, clinic.Server);
        await person.OpenAsync("/sign-in", "Sign in");

        await person.Page.EvaluateAsync("document.querySelector('label[for=password]').remove()");

        Assert.Contains(await chromium.Axe.FindAsync(person.Page), found => found.StartsWith("label ", StringComparison.Ordinal));
    }

    /// <summary>Waits until what is loaded is there, and the server has nothing more to draw.</summary>
    private static async Task SettleAsync(IPage page)
    {
        await Assertions.Expect(page.Locator(".is-loading, .mud-skeleton")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("main [role=status]", new PageLocatorOptions { HasText = "Loading" })).ToHaveCountAsync(0);
        await page.EvaluateAsync(
            """
            () => new Promise(done => {
                let timer = setTimeout(done, 250);
                const limit = setTimeout(done, 4000);
                new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(() => { clearTimeout(limit); done(); }, 250); })
                    .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
            })
            """);
    }

    /// <summary>What stands out of the screen to the right; empty where nothing does.</summary>
    private static Task<string> TooWideAsync(IPage page) => page.EvaluateAsync<string>(
        """
        () => {
            const room = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= room) return '';
            const wide = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > room + 1 && getComputedStyle(e).position !== 'fixed');
            return `${document.documentElement.scrollWidth} > ${room}: ` + wide.slice(0, 5).map(e => e.outerHTML.slice(0, 120)).join(' | ');
        }
        """);

    /// <summary>A server with something on every page.</summary>
    public sealed class Clinic : IAsyncLifetime
    {
        private readonly Dictionary<string, Guid> _ids = [];
        private Person? _administrator;

        internal WebServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await WebServer.StartAsync();
            await using var client = new ClinicFlowClient(Server.Address);
            await client.Session.SignInAsync(new SignIn("admin", WebServer.AdministratorPassword));
            await using (var form = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Samples", "consent-form.docx")))
            {
                _ids["template"] = (await client.Templates.AddAsync(form, "consent-form.docx", "Consent form", "For operations, with the list of medicines.", publish: true)).Id;
            }

            var letter = (await Paper.AddTemplateAsync(client, "Appointment letter", "Dear {{firstName}} {{lastName}},", "please come on Monday.")).Id;
            _ids["broken"] = (await client.Templates.AddAsync(new MemoryStream(Paper.Word("Dear {{firstName}},", "{{#each medicines}}", "{{name", "{{amount | nonsense}}")), "letter.docx", "Letter with errors")).Id;
            _ids["done"] = (await Paper.CreateAsync(client, letter, "Letters for Monday", 24)).Id;
            await Paper.EndAsync(client, _ids["done"]);
            _ids["failed"] = (await Paper.CreateAsync(client, letter, "Letters for Tuesday", 12, without: 2)).Id;
            await Paper.EndAsync(client, _ids["failed"]);
            var made = await client.Users.CreateAsync(new NewUser("front.desk", "front.desk@clinic.example"));
            await client.Users.CreateAsync(new NewUser("office.manager", Role: Role.Operator));
            await client.ApiKeys.CreateAsync(new NewApiKey("Practice software", [Scopes.JobsRead, Scopes.JobsWrite]));
            Assert.NotNull(made.OneTimePassword);
        }

        public async ValueTask DisposeAsync()
        {
            if (_administrator is not null)
            {
                await _administrator.DisposeAsync();
            }

            await Server.DisposeAsync();
        }

        internal string Fill(string path) => _ids.Aggregate(path, (filled, id) => filled.Replace($"{{{id.Key}}}", id.Value.ToString(), StringComparison.Ordinal));

        /// <summary>One person who looks at one page after the other.</summary>
        internal async Task<Person> AdministratorAsync(Chromium chromium) => _administrator ??= await Person.AdministratorAsync(chromium, Server);
    }
}
