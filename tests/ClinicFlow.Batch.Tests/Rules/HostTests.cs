using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Tests.Engine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace ClinicFlow.Batch.Tests.Rules;

/// <summary>The engine in a .NET host, with settings of its configuration.</summary>
public sealed class HostTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_runs_jobs_with_the_settings_of_its_configuration()
    {
        var folder = Directory.CreateTempSubdirectory("clinicflow-host-").FullName;
        using (var host = Build(("DataFolder", folder), ("MaxQueueSize", "7"), ("DefaultJobTimeout", "00:45:00"), ("RetryDelayMs", "1234"), ("EnableRealTimeUpdates", "false"), ("Notifications:Smtp:Host", "mail.clinic.example"), ("Notifications:Smtp:From", "documents@clinic.example")))
        {
            await host.StartAsync(Cancellation);
            var engine = host.Services.GetRequiredService<BatchEngineHost>().Engine;
            var user = new BatchUser("anna");
            var template = await engine.TemplatesFor(user).AddAndPublishAsync("Letter", TestClinic.Template("Dear {{patientName}}"), cancellation: Cancellation);

            var id = await engine.ServiceFor(user).CreateBatchJobAsync("Letters", template.Id, TestClinic.Requests(3), new BatchJobSettings { OutputFormat = OutputFormat.Docx }, cancellation: Cancellation);
            var job = await engine.ServiceFor(user).WhenEndedAsync(id, Cancellation);

            Assert.Equal((JobStatus.Completed, 3), (job.Status, job.Succeeded));
            Assert.Equal((7, TimeSpan.FromMinutes(45), 1234, false, true), (engine.Config.MaxQueueSize, engine.Config.DefaultJobTimeout, engine.Config.RetryDelayMs, engine.Config.EnableRealTimeUpdates, engine.Config.Notifications.CanSendEmail));
            await host.StopAsync(Cancellation);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("MaxQueueSize", "0", "BatchProcessing:MaxQueueSize must be 1 to 1000000, and is 0.")]
    [InlineData("DefaultJobTimeout", "30", "BatchProcessing:DefaultJobTimeout must be 00:00:01 to 7.00:00:00")]
    [InlineData("MaxQueSize", "5", "MaxQueSize")]
    public async Task Wrong_settings_stop_the_start_and_say_why(string name, string value, string expected)
    {
        using var host = Build((name, value));

        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(Cancellation));

        Assert.True(refusal is OptionsValidationException or InvalidOperationException, refusal.GetType().Name);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    private static IHost Build(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>($"BatchProcessing:{setting.Name}", setting.Value)));
        builder.Services.AddClinicFlowBatch(builder.Configuration);
        return builder.Build();
    }
}
