using System.Text;
using Bunit;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Servers;
using Xunit;

namespace ClinicFlow.Components.Tests.Pages;

public sealed class ProcessorTests
{
    [Fact]
    public async Task From_a_template_and_a_file_to_a_job_with_a_row_left_out()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync("Dear {{patientName}}, born {{birthDate | date:long}}");
        await using var screen = new Screen(server.Address, anna.Key, file: Encoding.UTF8.GetBytes("Patient name;DOB\nAda;1980-05-17\nBella;soon\nCleo;1990-01-01\n"), fileName: "monday.csv");
        Job? created = null;

        var page = screen.Show<BatchDocumentProcessor>(with => with.Add(p => p.OnJobCreated, job => created = job));
        Screen.Until(page, () => page.Find("select"));
        await page.InvokeAsync(() => page.Find("select").Change(template.Id.ToString()));
        Screen.Until(page, () => page.Find(".drop.large input"));
        await page.InvokeAsync(() => page.Find(".drop.large input").Change("monday.csv"));
        Screen.Until(page, () => Assert.Contains("Row 3", page.Find(".rows-wrong").TextContent, StringComparison.Ordinal));
        Assert.Contains("Mend one row, or leave it out.", page.Find(".todo").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find("button[aria-label='Leave out row 3']").Click());
        Screen.Until(page, () => Assert.Contains("2 documents will be made", page.Find(".todo").TextContent, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.FindAll("fieldset label").Single(label => label.TextContent.Trim() == "Word").QuerySelector("input")!.Change(true));
        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent.Trim() == "Start the batch").Click());
        Screen.Until(page, () => Assert.NotNull(created));

        var job = await anna.EndAsync(created!.Id);
        Assert.Equal((2, 0, "Letter: monday"), (job.Progress.Succeeded, job.Progress.Failed, job.Name));
        Assert.Single(screen.Script.Invocations["forgetDraft"]);
    }

    [Fact]
    public async Task Fields_that_no_column_is_for_are_left_empty_one_by_one_or_all_at_once()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync("Dear {{patientName}}, [{{allergies}}] [{{ward}}] [{{room}}]");
        await using var screen = new Screen(server.Address, anna.Key, file: Encoding.UTF8.GetBytes("Patient name\nAda\nBella\n"), fileName: "monday.csv");
        Job? created = null;
        var page = screen.Show<BatchDocumentProcessor>(with => with.Add(p => p.OnJobCreated, job => created = job));
        Screen.Until(page, () => page.Find("select"));
        await page.InvokeAsync(() => page.Find("select").Change(template.Id.ToString()));
        Screen.Until(page, () => page.Find(".drop.large input"));
        await page.InvokeAsync(() => page.Find(".drop.large input").Change("monday.csv"));
        Screen.Until(page, () => Assert.Contains("3 fields have no column yet.", page.Markup, StringComparison.Ordinal));
        Assert.Contains("Choose a column for allergies, ward, room, or leave it empty.", page.Find(".todo").TextContent, StringComparison.Ordinal);

        await page.InvokeAsync(() => Choice("ward").Change("\u0001empty"));
        Screen.Until(page, () => Assert.Contains("2 fields have no column yet.", page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent.Trim() == "Leave all 2 empty").Click());
        Screen.Until(page, () => Assert.Contains("2 documents will be made", page.Find(".todo").TextContent, StringComparison.Ordinal));
        Assert.All(new[] { "allergies", "ward", "room" }, field => Assert.Equal("\u0001empty", Choice(field).GetAttribute("value")));

        // What was left empty can be given a column again, and taken away again.
        await page.InvokeAsync(() => Choice("room").Change("Patient name"));
        Screen.Until(page, () => Assert.Equal("Patient name", Choice("room").GetAttribute("value")));
        await page.InvokeAsync(() => Choice("room").Change("\u0001empty"));
        Screen.Until(page, () => Assert.Contains("2 documents will be made", page.Find(".todo").TextContent, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.FindAll("fieldset label").Single(label => label.TextContent.Trim() == "Word").QuerySelector("input")!.Change(true));
        Screen.Until(page, () => Assert.False(page.FindAll("button").Single(button => button.TextContent.Trim() == "Start the batch").HasAttribute("disabled")));
        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent.Trim() == "Start the batch").Click());
        Screen.Until(page, () => Assert.NotNull(created));

        var job = await anna.EndAsync(created!.Id);
        Assert.Equal((2, 0), (job.Progress.Succeeded, job.Progress.Failed));
        var documents = (await screen.Client.Jobs.DocumentsAsync(job.Id, cancellation: TestContext.Current.CancellationToken)).Items;
        Assert.Equal(2, documents.Count);
        await using var file = await screen.Client.Jobs.OpenDocumentAsync(job.Id, documents[0].RequestId, cancellation: TestContext.Current.CancellationToken);
        using var word = new MemoryStream();
        await file.Content.CopyToAsync(word, TestContext.Current.CancellationToken);
        using var zip = new System.IO.Compression.ZipArchive(word);
        using var reader = new StreamReader(zip.GetEntry("word/document.xml")!.Open());
        Assert.Contains("Dear Ada, [] [] []", System.Text.RegularExpressions.Regex.Replace(await reader.ReadToEndAsync(TestContext.Current.CancellationToken), "<[^>]+>", ""), StringComparison.Ordinal);

        AngleSharp.Dom.IElement Choice(string field) => page.FindAll(".matches tr").Single(row => row.QuerySelector("label")?.TextContent == field).QuerySelector("select")!;
    }

    [Fact]
    public async Task A_tab_beside_another_says_that_each_has_a_batch_of_its_own()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        await using var screen = new Screen(server.Address, anna.Key, isElsewhere: true);
        var page = screen.Show<BatchDocumentProcessor>();
        Screen.Until(page, () => Assert.Contains("Another tab has a batch that is not started.", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_entered_is_kept_and_comes_back()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        string kept;
        await using (var screen = new Screen(server.Address, anna.Key))
        {
            var page = screen.Show<BatchDocumentProcessor>();
            Screen.Until(page, () => page.Find("select"));
            await page.InvokeAsync(() => page.Find("select").Change(template.Id.ToString()));
            Screen.Until(page, () => Assert.Equal(2, page.FindAll(".segments input").Count));
            await page.InvokeAsync(() => page.FindAll(".segments input")[1].Change(true));
            Screen.Until(page, () => page.Find(".grid input"));
            await page.InvokeAsync(() => page.Find(".grid input").Change("Ada"));
            await Screen.UntilAsync(() => screen.Script.Invocations["saveDraft"].Any(call => ((string)call.Arguments[1]!).Contains("Ada", StringComparison.Ordinal)));
            var call = screen.Script.Invocations["saveDraft"][^1];
            Assert.Equal($"batch/{anna.Id}", screen.Script.Invocations["claimDraft"].Single().Arguments[0]);
            Assert.Equal("batch/of-this-tab", call.Arguments[0]);
            kept = (string)call.Arguments[1]!;
        }

        var draft = System.Text.Json.JsonSerializer.Serialize(new { draft = kept, typed = new[] { new[] { "name", "Monday" } }, savedAt = 1.0 });
        await using var again = new Screen(server.Address, anna.Key, draft);
        var back = again.Show<BatchDocumentProcessor>();
        Screen.Until(back, () => Assert.Contains("You are back where you left off.", back.Markup, StringComparison.Ordinal));
        Screen.Until(back, () => Assert.Equal("Ada", back.Find(".grid input").GetAttribute("value")));
        Screen.Until(back, () => Assert.Equal("Monday", back.Find("input[data-draft=name]").GetAttribute("value")));
    }

    [Fact]
    public async Task A_table_that_is_pasted_becomes_rows()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        await using var screen = new Screen(server.Address, anna.Key, typed: """[["paste:one:1:0", "Patient Name\tWard\r\nAda\t3\r\nBella\t4\r\n"]]""");
        var page = screen.Show<BatchDocumentProcessor>();
        Screen.Until(page, () => page.Find("select"));
        await page.InvokeAsync(() => page.Find("select").Change(template.Id.ToString()));
        Screen.Until(page, () => Assert.Equal(2, page.FindAll(".segments input").Count));
        await page.InvokeAsync(() => page.FindAll(".segments input")[1].Change(true));
        Screen.Until(page, () => page.Find(".grid input"));
        Assert.Equal("cell:1:0", page.Find(".grid input").GetAttribute("data-draft"));
        Assert.True(await page.InvokeAsync(page.Instance.TypedAsync));
        Screen.Until(page, () => Assert.Contains("2 documents will be made", page.Find(".todo").TextContent, StringComparison.Ordinal));
        Assert.Equal(["Ada", "3", "Bella", "4"], page.FindAll(".grid input").Select(input => input.GetAttribute("value")));
    }

    [Fact]
    public async Task A_file_that_is_no_table_is_refused_in_plain_words()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        await using var screen = new Screen(server.Address, anna.Key, file: [1, 2, 3], fileName: "scan.pdf");
        var page = screen.Show<BatchDocumentProcessor>();
        Screen.Until(page, () => page.Find("select"));
        await page.InvokeAsync(() => page.Find("select").Change(template.Id.ToString()));
        Screen.Until(page, () => page.Find(".drop.large input"));
        await page.InvokeAsync(() => page.Find(".drop.large input").Change("scan.pdf"));
        Screen.Until(page, () => Assert.Contains("This file is not a table that can be read.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
    }
}
