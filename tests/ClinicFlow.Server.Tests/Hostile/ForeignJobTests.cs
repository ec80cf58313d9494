using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ClinicFlow.Batch.Tests.Servers;
using Xunit;
using static ClinicFlow.Server.Tests.Hostile.HostileServer;

namespace ClinicFlow.Server.Tests.Hostile;

/// <summary>Two users at once are blind to each other, on both databases; an operator sees a job, and no patient in it.</summary>
public sealed class ForeignJobTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_does_not_own_a_job_finds_nothing_on_any_of_its_routes_and_changes_nothing(bool isPostgres)
    {
        await using var server = await StartAsync(isPostgres);
        var id = (Guid)(await RunAsync(server.Anna, server.Job("Job " + Marker, "Document " + Marker)))["id"]!;
        var before = await StateAsync(server, id);

        foreach (var (method, path, body) in RoutesOf(id))
        {
            using var request = new HttpRequestMessage(method, path);
            request.Content = body is null ? null : JsonContent.Create(JsonNode.Parse(body));
            using var answer = await server.Bernd.SendAsync(request, Cancellation);

            await RefusedAsync(answer, HttpStatusCode.NotFound, "not-found");
        }

        using var list = await server.Bernd.GetAsync("/api/v1/batch-jobs", Cancellation);
        Assert.Empty((await JsonAsync(list))["items"]!.AsArray());
        Assert.Equal(before, await StateAsync(server, id));

        // All that is told of somebody else is that it was refused, once for each act.
        var foreign = (await server.AuditAsync(id.ToString())).Where(entry => (string)entry!["actor"]! != (string)before[0] && (string)entry["actor"]! != "engine");
        Assert.Equal(
            ["job.cancel", "job.delete", "job.download", "job.pause", "job.priority", "job.resume", "job.retry"],
            foreign.Select(entry => ((string)entry!["outcome"]!, (string)entry["detail"]!) == ("refused", "not-found") ? (string)entry["action"]! : entry.ToJsonString()).Order(StringComparer.Ordinal));
        await server.AssertHealthyAsync();
    }

    private static IEnumerable<(HttpMethod Method, string Path, string? Body)> RoutesOf(Guid id)
    {
        var job = $"/api/v1/batch-jobs/{id}";
        foreach (var path in new[] { "", "/documents", "/documents?state=failed&from=0&count=1000", "/archive", "/merged", "/documents/r1/file", "/documents/r1/file?format=docx", "/events" })
        {
            yield return (HttpMethod.Get, job + path, null);
        }

        yield return (HttpMethod.Get, $"/api/v1/render/{id}", null);
        foreach (var path in new[] { "/pause", "/resume", "/cancel", "/retry" })
        {
            yield return (HttpMethod.Post, job + path, null);
        }

        yield return (HttpMethod.Post, job + "/retry", """{"requestIds":["r1"]}""");
        yield return (HttpMethod.Post, job + "/retry", """{"correctedData":{"r1":{"patientName":"changed"}}}""");
        yield return (HttpMethod.Put, job + "/priority", """{"priority":"urgent"}""");
        yield return (HttpMethod.Delete, job, null);
    }

    private static async Task<string[]> StateAsync(HostileServer server, Guid id)
    {
        using var answer = await server.Anna.GetAsync($"/api/v1/batch-jobs/{id}", Cancellation);
        using var documents = await server.Anna.GetAsync($"/api/v1/batch-jobs/{id}/documents", Cancellation);
        var job = await JsonAsync(answer);
        return [(string)job["createdBy"]!, job.ToJsonString(), (await JsonAsync(documents)).ToJsonString()];
    }

    private async Task<HostileServer> StartAsync(bool isPostgres) => await HostileServer.StartAsync(isPostgres ? await postgres.NewDatabaseAsync() : null);
}
