using Bunit;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Servers;
using Xunit;

namespace ClinicFlow.Components.Tests.Pages;

public sealed class QueueTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_waiting_job_gets_another_urgency_by_its_menu_and_by_dragging()
    {
        // No job is ever taken up, so that those that wait go on waiting.
        await using var server = await TestServer.StartAsync(settings: [("BatchProcessing:MaxConcurrentJobs", "1")]);
        using var anna = await TestUser.NewAsync(server, "anna");
        await using var screen = new Screen(server.Address, anna.Key);
        var template = await anna.AddTemplateAsync();
        var first = await screen.Client.Jobs.CreateAsync(TestUser.Letters(template.Id, 20_000, name: "Runs"), cancellation: Cancellation);
        var waits = await screen.Client.Jobs.CreateAsync(TestUser.Letters(template.Id, 3, name: "Waits"), cancellation: Cancellation);

        var page = screen.Show<BatchJobQueueManager>(with => with.Add(p => p.RefreshInterval, TimeSpan.FromSeconds(1)));
        Screen.Until(page, () => page.Find("select[aria-label='Priority of Waits']"));
        await page.InvokeAsync(() => page.Find("select[aria-label='Priority of Waits']").Change("Urgent"));
        Screen.Until(page, () => Assert.Contains("Waits has Urgent priority now", page.Markup, StringComparison.Ordinal));
        Assert.Equal(JobPriority.Urgent, (await screen.Client.Jobs.GetAsync(waits.Id, Cancellation)).Priority);

        await page.InvokeAsync(() => page.Find("li[draggable]").DragStart());
        await page.InvokeAsync(() => page.FindAll(".lane")[3].Drop());
        Screen.Until(page, () => Assert.Contains("Waits has Low priority now", page.Markup, StringComparison.Ordinal));
        Assert.Equal(JobPriority.Low, (await screen.Client.Jobs.GetAsync(waits.Id, Cancellation)).Priority);
        await screen.Client.Jobs.CancelAsync(first.Id, Cancellation);
    }

    [Fact]
    public async Task History_is_found_by_name_and_opened()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        await using var screen = new Screen(server.Address, anna.Key);
        var template = await anna.AddTemplateAsync();
        var letters = await anna.EndAsync((await screen.Client.Jobs.CreateAsync(TestUser.Letters(template.Id, 2, name: "Letters for Monday"), cancellation: Cancellation)).Id);
        await anna.EndAsync((await screen.Client.Jobs.CreateAsync(TestUser.Letters(template.Id, 2, name: "Packs"), cancellation: Cancellation)).Id);
        Guid? opened = null;

        var page = screen.Show<BatchJobQueueManager>(with => with.Add(p => p.OnJobSelected, id => opened = id));
        Screen.Until(page, () => Assert.Equal(2, page.FindAll(".history li").Count));
        await page.InvokeAsync(() => page.Find(".history input[type=search]").Input("monday"));
        Screen.Until(page, () => Assert.Single(page.FindAll(".history li")));
        await page.InvokeAsync(() => page.Find(".history li .name").Click());
        Assert.Equal(letters.Id, opened);
        Assert.Contains("4 documents", page.Find(".chart svg").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_queue_says_so()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        await using var screen = new Screen(server.Address, anna.Key);
        var page = screen.Show<BatchJobQueueManager>();
        Screen.Until(page, () => Assert.Contains("Nothing is running.", page.Markup, StringComparison.Ordinal));
        Screen.Until(page, () => Assert.Contains("No batch has ended yet.", page.Markup, StringComparison.Ordinal));
        Assert.Contains("No documents were made.", page.Find("figcaption").TextContent, StringComparison.Ordinal);
    }
}
