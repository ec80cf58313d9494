using System.Net;
using System.Net.Http.Json;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Tests.Servers;
using Xunit;

namespace ClinicFlow.Server.Tests.Jobs;

public sealed class ImportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("patients.csv", "patientName;mrn\nBella;2\nAda;1\n")]
    [InlineData("patients.json", """{"people": [{"patientName": "Bella", "mrn": 2}, {"patientName": "Ada", "mrn": 1}]}""")]
    [InlineData("patients.ndjson", "{\"patientName\": \"Bella\", \"mrn\": 2}\n{\"patientName\": \"Ada\", \"mrn\": 1}\n")]
    public async Task Records_come_in_many_formats(string fileName, string data)
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        using var answer = await anna.Http.PostAsync("batch-jobs/import", TestUser.ImportForm(Order(template) with { RequestIdColumn = "mrn" }, data, fileName), Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        var job = await anna.EndAsync((await answer.Content.ReadFromJsonAsync<Job>(Wire.Json, Cancellation))!.Id);
        Assert.Equal(2, job.Progress.Succeeded);
        var documents = (await anna.GetAsync<Page<JobDocument>>($"batch-jobs/{job.Id}/documents")).Items;
        Assert.Equal(["2", "1"], documents.Select(d => d.RequestId));
        Assert.Equal("Dear Bella", TestClinic.TextOf(await anna.Http.GetByteArrayAsync($"batch-jobs/{job.Id}/documents/2/file", Cancellation)));
    }

    [Fact]
    public async Task All_rows_that_cannot_be_used_are_said_at_once_and_nothing_is_made()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var data = "mrn,patientName\n1,Ada\n,Nobody\n3,Cleo,too,many\n4,Dora\n,Eva\n";
        var problem = await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "batch-jobs/import", TestUser.ImportForm(Order(template) with { PatientIdColumn = "mrn" }, data));
        Assert.Equal("rows-invalid", problem.Code);
        Assert.Equal([3, 4, 6], problem.Errors!.Select(e => e.Row!.Value));
        Assert.Equal(["patientIdColumn", null, "patientIdColumn"], problem.Errors!.Select(e => e.Path));
        Assert.DoesNotContain(problem.Errors!, item => item.Message.Contains("Cleo", StringComparison.Ordinal) || item.Message.Contains("Nobody", StringComparison.Ordinal));
        Assert.Empty((await anna.GetAsync<Page<Job>>("batch-jobs")).Items);
    }

    [Fact]
    public async Task Columns_that_are_not_there_are_named()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var order = Order(template) with { DocumentName = "{{surname}}", PatientIdColumn = "id", Columns = new Dictionary<string, string> { ["patientName"] = "full name" } };
        var problem = await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "batch-jobs/import", TestUser.ImportForm(order, "name\nAda\n"));
        Assert.Equal("column-missing", problem.Code);
        Assert.Equal([("columns.patientName", "full name"), ("patientIdColumn", "id"), ("documentName", "surname")], problem.Errors!.Select(e => (e.Path!, e.Field!)));
    }

    [Fact]
    public async Task A_file_is_looked_at_beside_its_template_first()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync("Dear {{patientName}}, born {{birthDate}}, of {{city}}");
        using var answer = await anna.Http.PostAsync("batch-jobs/import/preview", TestUser.ImportForm(Order(template) with { DocumentName = "{{patient_nam}} letter" }, "patient_nam;birthDate;ward\nAda;1980-05-17;3\nBella;1990-01-01;4\n"), Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        var preview = (await answer.Content.ReadFromJsonAsync<ImportPreview>(Wire.Json, Cancellation))!;
        Assert.Equal(2, preview.Rows);
        Assert.Equal(["patient_nam", "birthDate", "ward"], preview.Columns);
        Assert.Equal(["ward"], preview.UnusedColumns);
        Assert.Equal(["patientName", "city"], preview.MissingFields);
        Assert.Equal("patient_nam", preview.SuggestedColumns["patientName"]);
        Assert.Equal(["Ada letter", "Bella letter"], preview.Names);
        Assert.Equal("Ada", preview.Samples[0]["patient_nam"]!.GetValue<string>());
        Assert.Empty(preview.Problems);
        Assert.Empty((await anna.GetAsync<Page<Job>>("batch-jobs")).Items);
        Assert.Empty(Directory.GetFiles(Path.Combine(server.DataFolder, "uploads")));
    }

    [Fact]
    public async Task Rows_are_left_out_and_mended_without_touching_the_file()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync("Dear {{patientName}} of {{address.city}}");
        var order = Order(template) with
        {
            PatientIdColumn = "mrn",
            LeaveOut = [4],
            Corrections = new Dictionary<long, IReadOnlyDictionary<string, string>>
            {
                [3] = new Dictionary<string, string> { ["mrn"] = "2" },
                [5] = new Dictionary<string, string> { ["mrn"] = "4", ["patientName"] = "Cleo", ["address.city"] = "Rome" },
            },
        };
        var data = "mrn,patientName,address.city\n1,Ada,Bern\n,Bella,Oslo\n,Nobody,Nowhere\n4,Cleo,too,many\n";

        var preview = await PostAsync<ImportPreview>(anna, "batch-jobs/import/preview", order, data);
        Assert.Empty(preview.Problems);
        Assert.Equal((4, 1, 3, 0), (preview.Rows, preview.LeftOut, preview.Tried, preview.ProblemRows));

        var job = await anna.EndAsync((await PostAsync<Job>(anna, "batch-jobs/import", order, data)).Id);
        var texts = new List<string>();
        foreach (var document in (await anna.GetAsync<Page<JobDocument>>($"batch-jobs/{job.Id}/documents")).Items)
        {
            texts.Add($"{document.PatientId}: {TestClinic.TextOf(await anna.Http.GetByteArrayAsync($"batch-jobs/{job.Id}/documents/{document.RequestId}/file", Cancellation))}");
        }

        Assert.Equal(["1: Dear Ada of Bern", "2: Dear Bella of Oslo", "4: Dear Cleo of Rome"], texts);
    }

    [Fact]
    public async Task A_row_that_the_template_refuses_is_said_before_there_is_a_job()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync("Born {{birthDate | date:\"d MMMM yyyy\"}}");
        var data = "birthDate\n1980-05-17\nyesterday\n";

        var preview = await PostAsync<ImportPreview>(anna, "batch-jobs/import/preview", Order(template), data);
        var problem = Assert.Single(preview.Problems);
        Assert.Equal((3, "birthDate", 1), (problem.Row, problem.Field, preview.ProblemRows));
        Assert.DoesNotContain("yesterday", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_are_read_a_window_at_a_time()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var data = "patientName\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"Patient {i}\n"));
        var order = Order(template) with { LeaveOut = [5], DocumentName = "{{patientName}} letter" };

        var second = await PostAsync<Page<ImportRow>>(anna, "batch-jobs/import/rows?from=3&count=3", order, data);
        Assert.Equal([5, 6, 7], second.Items.Select(row => row.Row));
        Assert.Equal([true, false, false], second.Items.Select(row => row.IsLeftOut));
        Assert.Equal(["Patient 5"], second.Items[1].Cells);
        Assert.Equal("Patient 5 letter", second.Items[1].DocumentName);
        Assert.Equal("Patient 5", second.Items[1].MergeData!["patientName"]!.GetValue<string>());
        Assert.Equal("6", second.Next);

        var last = await PostAsync<Page<ImportRow>>(anna, "batch-jobs/import/rows?row=10", order, data);
        Assert.Equal([10], last.Items.Select(row => row.Row));
        Assert.Null(last.Next);
    }

    [Fact]
    public async Task A_correction_of_a_column_that_is_not_there_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var order = Order(template) with { Corrections = new Dictionary<long, IReadOnlyDictionary<string, string>> { [2] = new Dictionary<string, string> { ["nobody"] = "x" } } };
        var problem = await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "batch-jobs/import", TestUser.ImportForm(order, "patientName\nAda\n"));
        Assert.Equal(("column-missing", "nobody"), (problem.Code, Assert.Single(problem.Errors!).Field));
        await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "batch-jobs/import", TestUser.ImportForm(order, """[{"patientName": "Ada"}]""", "a.json"));
    }

    [Fact]
    public async Task A_form_that_is_none_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        using var swapped = new MultipartFormDataContent { { new ByteArrayContent([1]), "data", "x.csv" }, { JsonContent.Create(Order(template), options: Wire.Json), "job" } };
        Assert.Equal("job", (await anna.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "batch-jobs/import", swapped)).Errors![0].Path);
        using var half = new MultipartFormDataContent { { JsonContent.Create(Order(template), options: Wire.Json), "job" } };
        Assert.Equal("data", (await anna.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "batch-jobs/import", half)).Errors![0].Path);
        await anna.RefusedAsync(HttpStatusCode.UnsupportedMediaType, HttpMethod.Post, "batch-jobs/import", Order(template));
        Assert.Equal("name-invalid", (await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "batch-jobs/import", TestUser.ImportForm(Order(template) with { DocumentName = "{{" }, "a\n1\n"))).Code);
        var empty = await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "batch-jobs/import", TestUser.ImportForm(Order(template), ""));
        Assert.NotEqual("internal-error", empty.Code);
    }

    [Fact]
    public async Task A_batch_can_be_sent_under_the_names_of_Carbone()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var order = """{"data": {"patients": [{"patientName": "Ada", "id": 1}, {"patientName": "Bella", "id": 2}]}, "batchSplitBy": "d.patients", "batchOutput": "zip", "batchReportName": "{d.patientName}-{d.id}.docx", "reportName": "letters"}""";
        using var content = new StringContent(order, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var answer = await anna.Http.PostAsync($"render/{template.Id}", content, Cancellation);
        var rendered = System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
        Assert.True(rendered["success"]!.GetValue<bool>(), rendered.ToJsonString());
        var id = rendered["data"]!["renderId"]!.GetValue<Guid>();
        Assert.Equal(2, (await anna.EndAsync(id)).Progress.Succeeded);
        await using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(await anna.Http.GetByteArrayAsync($"render/{id}", Cancellation)));
        Assert.Contains(zip.Entries, entry => entry.FullName == "Ada-1.docx");
        foreach (var (wrong, path) in new[] { (order.Replace("d.patients", "d.people", StringComparison.Ordinal), "batchSplitBy"), (order.Replace("\"zip\"", "\"pdf\"", StringComparison.Ordinal), "batchOutput"), (order.Replace("\"zip\"", "\"tar\"", StringComparison.Ordinal), "batchOutput") })
        {
            using var body = new StringContent(wrong, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
            Assert.Equal(path, (await anna.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, $"render/{template.Id}", body)).Errors![0].Path);
        }
    }

    private static async Task<T> PostAsync<T>(TestUser user, string path, NewImport order, string data)
    {
        using var answer = await user.Http.PostAsync(path, TestUser.ImportForm(order, data), Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        return (await answer.Content.ReadFromJsonAsync<T>(Wire.Json, Cancellation))!;
    }

    private static NewImport Order(Template template) => new() { Name = "Letters", TemplateId = template.Id, Settings = new JobSettings { OutputFormat = OutputFormat.Docx } };
}
