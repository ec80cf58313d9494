using System.Diagnostics;
using System.Text.Json;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Web.Tests.Browser;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ClinicFlow.Web.Tests.Flows;

/// <summary>What people see when the server, or what it needs, goes away and comes back.</summary>
public sealed class RestartTests(Chromium chromium)
{
    private static readonly LocatorAssertionsToBeVisibleOptions Long = new() { Timeout = 180_000 };

    [Fact]
    public async Task A_server_that_dies_in_mid_job_is_shown_and_the_pages_recover_by_themselves()
    {
        await using var server = await WebServer.StartAsync();
        await using var person = await Person.UserAsync(chromium, server);
        await using var client = await person.ClientAsync();
        var template = await Paper.AddTemplateAsync(client, "Letter", "Dear {{firstName}} {{lastName}}");
        var job = await Paper.CreateAsync(client, template.Id, "Many letters", 12, OutputFormat.Pdf, atOnce: 2);
        await person.OpenAsync($"/jobs/{job.Id}", "Batch");
        await Expect(person.Button("Pause")).ToBeVisibleAsync(Long);
        var form = await person.Context.NewPageAsync();
        await form.GotoAsync($"/jobs/new?template={template.Id}");
        await form.GetByRole(AriaRole.Radio, new PageGetByRoleOptions { Name = "Type or paste" }).CheckAsync();
        var cell = form.Locator("section.processor table.grid input").First;
        await cell.FillAsync("Ada Typedonce");
        await cell.PressAsync("Tab");
        await Expect(form.GetByLabel("Name of the batch")).ToBeVisibleAsync(Long);
        await form.GetByLabel("Name of the batch").FillAsync("Typed before the end");
        var before = await KeptAsync(form, "Ada Typedonce", "Typed before the end");
        await server.KillAsync();
        await Expect(person.Page.GetByText("The connection to the server is lost")).ToBeVisibleAsync(Long);
        await Screenshots.TakeAsync(person.Page, "connection-lost");
        await chromium.Axe.CheckAsync(person.Page, "connection lost");
        await server.StartAsync();

        await Expect(person.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Download all (ZIP)" })).ToBeVisibleAsync(Long);
        await Expect(person.Page.GetByText("The connection to the server is lost")).ToBeHiddenAsync();
        Assert.Equal(12, (await client.Jobs.GetAsync(job.Id, TestContext.Current.CancellationToken)).Progress.Succeeded);
        try
        {
            await Expect(form.GetByLabel("Name of the batch")).ToHaveValueAsync("Typed before the end", new LocatorAssertionsToHaveValueOptions { Timeout = 60_000 });
        }
        catch (PlaywrightException e)
        {
            Assert.Fail($"{before}\n{await DraftsAsync(form)}\n{e.Message}");
        }

        await Expect(form.Locator("section.processor table.grid input").First).ToHaveValueAsync("Ada Typedonce");

        // What the page wanted to tell a server that was away is all that may have gone wrong.
        Assert.DoesNotContain(person.ScriptErrors, error => !error.Contains("Cannot send data if the connection is not in the 'Connected' State", StringComparison.Ordinal));
    }

    /// <summary>Waits until the browser keeps the draft with the one text in it, and the other in it or among what was typed since.</summary>
    private static async Task<string> KeptAsync(IPage page, string inDraft, string anywhere)
    {
        for (var begun = Stopwatch.GetTimestamp(); ; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            var kept = await DraftsAsync(page);
            using var json = JsonDocument.Parse(kept);
            if (json.RootElement[0].GetRawText().Contains(inDraft, StringComparison.Ordinal) && kept.Contains(anywhere, StringComparison.Ordinal))
            {
                return kept;
            }

            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(1), $"It is not kept: {kept}");
        }
    }

    /// <summary>What the browser keeps of a batch that was not started.</summary>
    private static Task<string> DraftsAsync(IPage page) => page.EvaluateAsync<string>(
        """
        () => new Promise(done => {
            const asked = indexedDB.open('clinicflow');
            asked.onsuccess = () => {
                const read = asked.result.transaction(['drafts', 'typed']);
                const drafts = read.objectStore('drafts').getAll();
                const typed = read.objectStore('typed').getAll();
                read.oncomplete = () => { asked.result.close(); done(JSON.stringify([drafts.result, typed.result])); };
            };
        })
        """);

    [Fact]
    public async Task What_failed_because_the_pdf_engine_was_broken_is_tried_again_and_succeeds()
    {
        var folder = Directory.CreateTempSubdirectory("clinicflow-engine-");
        try
        {
            var office = Path.Combine(folder.FullName, "soffice");
            var broken = Path.Combine(folder.FullName, "broken");
            await File.WriteAllTextAsync(office, $"#!/bin/sh\ncase \"$*\" in *--version*) exec soffice \"$@\";; esac\n[ ! -e '{broken}' ] || exit 1\nexec soffice \"$@\"\n", TestContext.Current.CancellationToken);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(office, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            await File.WriteAllTextAsync(broken, "", TestContext.Current.CancellationToken);
            await using var server = await WebServer.StartAsync($"Server__PdfExecutable={office}");
            await using var person = await Person.UserAsync(chromium, server);
            await using var client = await person.ClientAsync();
            var template = await Paper.AddTemplateAsync(client, "Letter", "Dear {{firstName}} {{lastName}}");
            var job = await client.Jobs.CreateAsync(new NewJob
            {
                Name = "Letters",
                TemplateId = template.Id,
                Settings = new JobSettings { RetryFailedDocuments = false },
                Requests = [.. Enumerable.Range(1, 2).Select(i => new DocumentRequest { DocumentName = $"Letter {i}", MergeData = new() { ["firstName"] = "Ada", ["lastName"] = "Testperson" } })],
            }, cancellation: TestContext.Current.CancellationToken);

            await person.OpenAsync($"/jobs/{job.Id}", "Batch");
            await Expect(person.Button("Try all 2 failed again")).ToBeVisibleAsync(Long);
            await Screenshots.TakeAsync(person.Page, "job-failed");
            await chromium.Axe.CheckAsync(person.Page, "job, failed");
            File.Delete(broken);
            await person.Button("Try all 2 failed again").ClickAsync();

            await Expect(person.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Download all (ZIP)" })).ToBeVisibleAsync(Long);
            var done = await Paper.EndAsync(client, job.Id);
            Assert.Equal((2, 0), (done.Succeeded, done.Failed));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
