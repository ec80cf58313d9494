using Bunit;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Clients;
using ClinicFlow.Server.Tests.Servers;
using Xunit;

namespace ClinicFlow.Components.Tests.Pages;

public sealed class TrackerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_is_followed_to_its_end_and_its_end_is_told_once()
    {
        // Another job holds the only place, so that this one has not ended before anybody looks.
        await using var server = await TestServer.StartAsync(settings: [("BatchProcessing:MaxConcurrentJobs", "1")]);
        using var anna = await TestUser.NewAsync(server, "anna");
        await using var screen = new Screen(server.Address, anna.Key);
        var template = await anna.AddTemplateAsync();
        var other = await screen.Client.Jobs.CreateAsync(TestUser.Letters(template.Id, 20_000), cancellation: Cancellation);
        var job = await screen.Client.Jobs.CreateAsync(TestUser.Letters(template.Id, 200, priority: JobPriority.Low), cancellation: Cancellation);
        var ended = new List<Job>();

        var page = screen.Show<BatchJobProgressTracker>(with => with.Add(p => p.JobId, job.Id).Add(p => p.OnJobComplete, ended.Add));
        Screen.Until(page, () => Assert.Contains("Pause", page.Markup, StringComparison.Ordinal));
        await screen.Client.Jobs.CancelAsync(other.Id, Cancellation);

        Screen.Until(page, () => Assert.Equal("100", page.Find("[role=progressbar]").GetAttribute("aria-valuenow")));
        Screen.Until(page, () => Assert.Equal(200, Assert.Single(ended).Progress.Succeeded));
        Screen.Until(page, () => Assert.Contains(page.FindAll("a"), link => link.GetAttribute("href") == $"/api/v1/batch-jobs/{job.Id}/archive"));
        Screen.Until(page, () => Assert.Contains("Letter 0", page.Find("tbody").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_that_had_ended_before_is_shown_and_its_end_is_not_told_again()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        await using var screen = new Screen(server.Address, anna.Key);
        var template = await anna.AddTemplateAsync();
        var job = await anna.EndAsync((await screen.Client.Jobs.CreateAsync(TestUser.Letters(template.Id, 2), cancellation: Cancellation)).Id);
        var ended = 0;

        var page = screen.Show<BatchJobProgressTracker>(with => with.Add(p => p.JobId, job.Id).Add(p => p.OnJobComplete, _ => ended++));

        Screen.Until(page, () => Assert.Contains("Finished", page.Markup, StringComparison.Ordinal));
        Screen.Until(page, () => Assert.Contains("Delete", page.Markup, StringComparison.Ordinal));
        Assert.Equal(0, ended);
    }

    [Fact]
    public async Task Failures_are_shown_by_their_reason_and_tried_again()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        await using var screen = new Screen(server.Address, anna.Key);
        var template = await anna.AddTemplateAsync();
        var letters = TestUser.Letters(template.Id, 5);
        var order = letters with { Requests = [.. letters.Requests.Select((request, i) => i < 2 ? request with { MergeData = [] } : request)] };
        var job = await anna.EndAsync((await screen.Client.Jobs.CreateAsync(order, cancellation: Cancellation)).Id);
        Assert.Equal(2, job.Progress.Failed);
        var ended = 0;

        var page = screen.Show<BatchJobProgressTracker>(with => with.Add(p => p.JobId, job.Id).Add(p => p.OnJobComplete, _ => ended++));

        Screen.Until(page, () => Assert.Contains("2 documents:", page.Find(".failure").TextContent, StringComparison.Ordinal));
        Screen.Until(page, () => Assert.Contains(page.FindAll("button"), button => button.TextContent.Trim() == "Try all 2 failed again"));
        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent.Trim() == "Try all 2 failed again").Click());
        Screen.Until(page, () => Assert.Equal(1, ended));
    }

    [Fact]
    public async Task Somebody_elses_job_is_not_there()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        using var bernd = await TestUser.NewAsync(server, "bernd");
        await using var screen = new Screen(server.Address, bernd.Key);
        var template = await anna.AddTemplateAsync();
        var job = await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 1));
        JobError? error = null;

        var page = screen.Show<BatchJobProgressTracker>(with => with.Add(p => p.JobId, job.Id).Add(p => p.OnJobError, e => error = e));

        Screen.Until(page, () => Assert.Contains("It is not there.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Screen.Until(page, () => Assert.Equal((job.Id, "not-found"), (error?.JobId, error?.Code)));
        Assert.DoesNotContain("Letters", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_connection_is_said_and_taken_back_when_it_is_there_again()
    {
        await using var server = await TestServer.StartAsync();
        await using var cable = new Cable(server.Address);
        using var anna = await TestUser.NewAsync(server, "anna");
        await using var screen = new Screen(cable.Address, anna.Key);
        var template = await anna.AddTemplateAsync();
        var job = await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 5_000));
        await anna.PostAsync<Job>($"batch-jobs/{job.Id}/pause");

        var page = screen.Show<BatchJobProgressTracker>(with => with.Add(p => p.JobId, job.Id));
        Screen.Until(page, () => Assert.Contains("Resume", page.Markup, StringComparison.Ordinal));
        cable.Cut();
        Screen.Until(page, () => Assert.Contains("The connection is lost.", page.Markup, StringComparison.Ordinal));
        Assert.Contains("Letters", page.Markup, StringComparison.Ordinal);
        cable.Mend();
        Screen.Until(page, () => Assert.DoesNotContain("The connection is lost.", page.Markup, StringComparison.Ordinal));

        await anna.PostAsync<Job>($"batch-jobs/{job.Id}/resume");
        Screen.Until(page, () => Assert.Contains("Download all (ZIP)", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_is_away_is_said_and_can_be_tried_again()
    {
        await using var screen = new Screen(new Uri("http://127.0.0.1:1"), "cf_none");
        var page = screen.Show<BatchJobProgressTracker>(with => with.Add(p => p.JobId, Guid.NewGuid()));
        Screen.Until(page, () => Assert.Contains("The server cannot be reached.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Contains(page.FindAll("button"), button => button.TextContent.Trim() == "Try again");
    }
}
