using System.Net;
using System.Runtime.CompilerServices;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Servers;
using Xunit;

namespace ClinicFlow.Server.Tests.Operations;

/// <summary>What a server leaves in its process when it has ended: nothing. The limits of the framework, whose timers run on, left all of it.</summary>
public sealed class EndedServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_has_ended_is_held_by_nothing()
    {
        var server = await WorkAndEndAsync();

        for (var tries = 0; tries < 100 && server.IsAlive; tries++)
        {
            await Task.Delay(100, Cancellation);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(server.IsAlive);
    }

    /// <summary>The services of a server that was asked by somebody signed in, and made a document.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> WorkAndEndAsync()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var job = await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 1));
        Assert.Equal(JobStatus.Completed, (await anna.EndAsync(job.Id)).Status);
        await anna.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"batch-jobs/{Guid.NewGuid()}");
        return new WeakReference(server.App.Services);
    }
}
