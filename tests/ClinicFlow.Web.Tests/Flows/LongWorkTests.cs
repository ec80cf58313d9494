using System.Diagnostics;
using System.Text.RegularExpressions;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClinicFlow.Web.Tests.Flows;

/// <summary>Longer than a sign-in lasts, which is eight hours for people and twenty seconds here.</summary>
public sealed partial class LongWorkTests(Chromium chromium)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Progress_is_live_for_as_long_as_somebody_works_and_ends_with_the_sign_in_of_who_is_away()
    {
        // Who asks the hub stands in the log.
        await using var server = await WebServer.StartAsync($"Server__SignInLifetime={Lifetime}", "Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics=Information");
        await using var person = await Person.UserAsync(chromium, server);
        await using var away = await Person.UserAsync(chromium, server);
        await away.OpenAsync("/queue", "Queue");

        // Signed in anew: on a busy machine it may have taken a lifetime to come here.
        await using var client = await person.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, "Letter", "Dear {{firstName}} {{lastName}}");
        var job = await Paper.CreateAsync(client, template.Id, "Very many letters", 400, OutputFormat.Pdf, atOnce: 1);
        await person.SignInAsync();
        await person.OpenAsync($"/jobs/{job.Id}", "Batch");
        await person.Page.EvaluateAsync("window.isTheSamePage = true");

        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < Lifetime * 2.5;)
        {
            await person.Page.Keyboard.PressAsync("Shift");
            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        // Each connection to the hub ended with the ticket that it was opened by, and the next was let in with a newer one.
        Assert.True(await person.Page.EvaluateAsync<bool>("window.isTheSamePage"));
        await Expect(person.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Very many letters" })).ToBeVisibleAsync();
        var asked = HubAnswer().Matches(server.Log).Select(match => match.Groups[1].Value).ToArray();
        Assert.DoesNotContain("401", asked);
        Assert.True(asked.Count(status => status == "200") >= 3, string.Join(' ', asked));
        var before = await DoneAsync(person.Page);
        await Expect(person.Page.Locator("section.tracker [role=progressbar]").First).Not.ToHaveAttributeAsync("aria-valuetext", before, new LocatorAssertionsToHaveAttributeOptions { Timeout = 60_000 });

        // Who did nothing all the while is signed out, though the page read the queue again and again.
        await away.SeeAsync("Sign in");

        // And so is who stops working, though the page was live.
        await Expect(person.Page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Sign in", Level = 1 })).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 90_000 });
    }

    private static async Task<string> DoneAsync(IPage page) => await page.Locator("section.tracker [role=progressbar]").First.GetAttributeAsync("aria-valuetext") ?? "";

    [GeneratedRegex(@"Request finished HTTP/\S+ POST \S+/hubs/batch-jobs/negotiate\S* - (\d+)")]
    private static partial Regex HubAnswer();
}
