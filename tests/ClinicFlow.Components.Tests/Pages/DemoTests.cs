using Bunit;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Components.Demo;
using ClinicFlow.Server.Tests.Servers;
using Xunit;

namespace ClinicFlow.Components.Tests.Pages;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demonstration_makes_a_job_and_adds_its_template_once()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        await using var screen = new Screen(server.Address, anna.Key);
        var page = screen.Show<BatchProcessingDemo>();
        Screen.Until(page, () => Assert.False(page.Find("button").HasAttribute("disabled")));
        await DemoClinic.StartAsync(screen.Client, 1, TestContext.Current.CancellationToken);

        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent.Trim() == "Start the demonstration").Click());

        Screen.Until(page, () => page.Find("[role=progressbar]"));
        Assert.Single(await screen.Client.Templates.ListAsync(TestContext.Current.CancellationToken));
        var jobs = (await screen.Client.Jobs.ListAsync(cancellation: TestContext.Current.CancellationToken)).Items;
        Assert.Equal([20, 1], jobs.Select(job => job.Progress.Total));
    }

    [Fact]
    public async Task Every_fictional_patient_fits_the_template()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        await using var screen = new Screen(server.Address, anna.Key);
        var started = await DemoClinic.StartAsync(screen.Client, 100, TestContext.Current.CancellationToken);
        var template = (await screen.Client.Templates.ListAsync(TestContext.Current.CancellationToken))[0];
        await using var data = typeof(DemoClinic).Assembly.GetManifestResourceStream("ClinicFlow.Components.Demo.patients.csv")!;
        var preview = await screen.Client.Jobs.PreviewImportAsync(
            new NewImport { TemplateId = template.Id, Settings = started.Settings }, data, "patients.csv", TestContext.Current.CancellationToken);
        Assert.Equal((100, 100, 0), (preview.Rows, preview.Tried, preview.ProblemRows));
        await screen.Client.Jobs.CancelAsync(started.Id, TestContext.Current.CancellationToken);
    }
}
