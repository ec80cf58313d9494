using System.Net;
using System.Text.Json.Nodes;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Operations;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace ClinicFlow.Server.Tests.Operations;

public sealed class OperationsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_says_whether_it_lives_and_whether_it_can_work()
    {
        await using var server = await TestServer.StartAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        Assert.Equal("Healthy", await http.GetStringAsync("/health/live", Cancellation));
        Assert.Equal("Healthy", await http.GetStringAsync("/health/ready", Cancellation));
    }

    [Fact]
    public async Task Metrics_tell_of_documents_and_the_queue_to_those_who_may_see_them()
    {
        await using var server = await TestServer.StartAsync();
        using var administrator = await TestUser.AdministratorAsync(server);
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        await anna.EndAsync((await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 4))).Id);

        // The servers of other tests in this process count into the same instruments: exact figures are those of the API.
        var text = await administrator.Http.GetStringAsync("/metrics", Cancellation);
        Assert.Matches("clinicflow_documents_total\\{[^}]*outcome=\"succeeded\"[^}]*\\} [1-9]", text);
        Assert.Matches("clinicflow_queue_jobs\\{[^}]*priority=\"urgent\"[^}]*\\} 0\\b", text);
        Assert.Contains("clinicflow_render_duration_seconds_bucket", text, StringComparison.Ordinal);
        Assert.Matches("clinicflow_archive_bytes_total\\{[^}]*\\} [1-9]", text);
        using var refused = await anna.Http.GetAsync("/metrics", Cancellation);
        await TestUser.ProblemAsync(HttpStatusCode.Forbidden, refused);

        var metrics = await anna.GetAsync<PerformanceMetrics>("metrics");
        Assert.Equal((4, 0, 1d), (metrics.DocumentsSucceeded, metrics.DocumentsFailed, metrics.SuccessRate));
        Assert.True(metrics.AverageRenderMilliseconds > 0 && metrics.DiskFreeBytes > 0);
        var config = await anna.GetAsync<ServerConfig>("config");
        Assert.Equal(("sqlite", 100, 3), (config.Database, config.MaxQueueSize, config.MaxConcurrentJobs));
    }

    [Fact]
    public async Task The_API_describes_itself_wholly()
    {
        await using var server = await TestServer.StartAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        var api = JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json", Cancellation))!;
        Assert.StartsWith("3.1", api["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        var operations = api["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Where(method => method.Value is JsonObject { } found && found.ContainsKey("responses"))).ToList();
        Assert.True(operations.Count > 40);
        Assert.All(operations, operation =>
        {
            Assert.NotNull(operation.Value!["operationId"]);
            Assert.NotNull(operation.Value["summary"]);
        });
        Assert.Equal(operations.Count, operations.Select(operation => operation.Value!["operationId"]!.GetValue<string>() + operation.Key).Distinct().Count());
        Assert.NotNull(api["paths"]!["/api/v1/batch-jobs"]!["post"]!["requestBody"]!["content"]!["application/json"]!["example"]);
        var page = await http.GetStringAsync("/docs", Cancellation);
        Assert.Contains("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("cdn.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_log_tells_who_did_what_and_is_found_intact()
    {
        await using var server = await TestServer.StartAsync();
        using var administrator = await TestUser.AdministratorAsync(server);
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var job = await anna.EndAsync((await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(template.Id, 1))).Id);
        await anna.Http.GetByteArrayAsync($"batch-jobs/{job.Id}/archive", Cancellation);
        var entries = (await administrator.GetAsync<Page<AuditEntry>>($"audit?subject={job.Id}")).Items;
        Assert.Contains(entries, entry => entry.Action == "job.create" && entry.Actor == anna.Id && entry.Origin is "127.0.0.1" or "::1" or "::ffff:127.0.0.1");
        Assert.Contains(entries, entry => entry is { Action: "job.download", Detail: "archive" });
        Assert.DoesNotContain(entries, entry => entry.Detail.Contains("Patient", StringComparison.OrdinalIgnoreCase));

        var first = await administrator.GetAsync<Page<AuditEntry>>("audit?count=2");
        var second = await administrator.GetAsync<Page<AuditEntry>>($"audit?count=2&before={first.Next}");
        Assert.Equal(first.Items[^1].Sequence - 1, second.Items[0].Sequence);
        Assert.True((await administrator.PostAsync<AuditVerdict>("audit/verify")).IsIntact);
        var csv = await administrator.Http.GetStringAsync("audit/export", Cancellation);
        Assert.StartsWith("sequence,at,actor,origin,action,subject,outcome,detail,hash\r\n", csv.TrimStart('\uFEFF'), StringComparison.Ordinal);
        var lines = (await administrator.Http.GetStringAsync("audit/export?format=ndjson", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(1, lines.Length).Select(i => (long)i), lines.Select(line => JsonNode.Parse(line)!["sequence"]!.GetValue<long>()));
        await anna.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Get, "audit");
        await anna.RefusedAsync(HttpStatusCode.Forbidden, HttpMethod.Post, "audit/verify");
    }

    [Fact]
    public async Task The_doctor_looks_at_all_that_a_server_needs()
    {
        var folder = Directory.CreateTempSubdirectory("clinicflow-doctor-");
        try
        {
            var configuration = new ConfigurationManager();
            configuration["BatchProcessing:DataFolder"] = Path.Combine(folder.FullName, "data");
            var findings = await Doctor.RunAsync(configuration, Cancellation);
            Assert.Equal(["clock", "database", "disk", "equations", "fonts", "libreoffice", "settings", "smtp"], findings.Select(f => f.Name).Distinct().Order());
            Assert.DoesNotContain(findings, finding => finding.State == DoctorState.Failed);
            Assert.Empty(folder.GetFileSystemInfos());

            configuration["BatchProcessing:ConnectionString"] = "Host=127.0.0.1;Port=1;Database=x;Username=nobody;Timeout=2";
            configuration["BatchProcessing:Notifications:Smtp:Host"] = "127.0.0.1";
            configuration["BatchProcessing:Notifications:Smtp:Port"] = "1";
            configuration["BatchProcessing:Notifications:Smtp:From"] = "a@clinic.example";
            configuration["BatchProcessing:Notifications:LinkTemplate"] = "http://127.0.0.1/{id}";
            findings = await Doctor.RunAsync(configuration, Cancellation);
            Assert.Equal(["database", "smtp"], findings.Where(f => f.State == DoctorState.Failed).Select(f => f.Name).Order());

            configuration["BatchProcessing:MaxQueueSize"] = "0";
            configuration["Server:PdfProcesses"] = "99";
            var wrong = Assert.Single(await Doctor.RunAsync(configuration, Cancellation));
            Assert.Equal(("settings", DoctorState.Failed), (wrong.Name, wrong.State));
            Assert.Contains("MaxQueueSize", wrong.Message, StringComparison.Ordinal);
            Assert.Contains("PdfProcesses", wrong.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
