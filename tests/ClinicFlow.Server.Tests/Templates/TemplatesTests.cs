using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClinicFlow.Server.Tests.Templates;

public sealed class TemplatesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_template_is_added_looked_into_published_and_archived()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var docx = TestClinic.Template("Dear {{patientName}}, {{#if vip}}hello{{/if}}");
        using var added = await anna.Http.PostAsync("templates", TestUser.TemplateForm(docx, "Letter", publish: false, "my letter.docx"), Cancellation);
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        var template = (await added.Content.ReadFromJsonAsync<Template>(Wire.Json, Cancellation))!;
        Assert.Equal(("Letter", TemplateStatus.Draft, null), (template.Name, template.Versions[0].Status, template.PublishedVersionId));

        var version = $"templates/{template.Id}/versions/{template.Versions[0].Id}";
        var details = await anna.GetAsync<TemplateDetails>(version + "/details");
        Assert.True(details.CanRender);
        Assert.Contains(details.Fields, field => field.Name == "patientName" && !field.IsOptional && field.Places.Count == 1);
        Assert.Equal(docx, await anna.Http.GetByteArrayAsync(version + "/file", Cancellation));
        using (var refused = await anna.Http.PostAsJsonAsync("batch-jobs", TestUser.Letters(template.Id, 1), Wire.Json, Cancellation))
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }

        Assert.Equal(template.Versions[0].Id, (await anna.PostAsync<Template>(version + "/publish")).PublishedVersionId);
        using var form = TestUser.TemplateForm(TestClinic.Template("Hello {{patientName}}"), "", publish: true);
        using var second = await anna.Http.PostAsync($"templates/{template.Id}/versions", form, Cancellation);
        var two = (await second.Content.ReadFromJsonAsync<Template>(Wire.Json, Cancellation))!;
        Assert.Equal((2, 2), (two.Versions.Count, two.Versions[0].Version));
        Assert.Equal(two.Versions[0].Id, two.PublishedVersionId);
        Assert.Equal(template.Versions[0].Id, (await anna.PostAsync<Template>($"templates/{template.Id}/versions/{two.Versions[0].Id}/archive")).PublishedVersionId);
        Assert.Equal(["Letter"], (await anna.GetAsync<Page<Template>>("templates")).Items.Select(t => t.Name));
    }

    [Fact]
    public async Task A_template_with_errors_stays_a_draft_and_says_where_they_are()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var docx = TestClinic.Template("Dear {{#if patientName}} you");
        var problem = await anna.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Post, "templates", TestUser.TemplateForm(docx, "Broken", publish: true));
        Assert.StartsWith("template", problem.Code, StringComparison.Ordinal);
        var template = Assert.Single((await anna.GetAsync<Page<Template>>("templates")).Items);
        Assert.Equal(TemplateStatus.Draft, template.Versions[0].Status);
        var details = await anna.GetAsync<TemplateDetails>($"templates/{template.Id}/versions/{template.Versions[0].Id}/details");
        Assert.False(details.CanRender);
        Assert.Contains(details.Problems, item => item is { IsWarning: false, Place: not null });
        var preview = await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, $"templates/{template.Id}/versions/{template.Versions[0].Id}/preview", new PreviewOrder { MergeData = [] });
        Assert.Equal("template-invalid", preview.Code);
    }

    [Fact]
    public async Task One_document_can_be_looked_at_before_there_is_a_job()
    {
        await using var server = await TestServer.StartAsync();
        using var anna = await TestUser.NewAsync(server, "anna");
        var template = await anna.AddTemplateAsync();
        var path = $"templates/{template.Id}/versions/{template.PublishedVersionId}/preview";
        var order = new PreviewOrder { MergeData = new JsonObject { ["patientName"] = "Zoë" }, Format = OutputFormat.Docx };
        using (var docx = await anna.Http.PostAsJsonAsync(path, order, Wire.Json, Cancellation))
        {
            Assert.Equal("Dear Zoë", TestClinic.TextOf(await docx.Content.ReadAsByteArrayAsync(Cancellation)));
        }

        using (var pdf = await anna.Http.PostAsJsonAsync(path, order with { Format = OutputFormat.Pdf }, Wire.Json, Cancellation))
        {
            Assert.Equal("application/pdf", pdf.Content.Headers.ContentType?.MediaType);
            Assert.Equal("%PDF"u8.ToArray(), (await pdf.Content.ReadAsByteArrayAsync(Cancellation))[..4]);
        }

        var missing = await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, path, new PreviewOrder { MergeData = [], MissingData = MissingData.Error });
        Assert.Equal(("data-invalid", "patientName"), (missing.Code, missing.Errors![0].Field));
        Assert.Equal("request-invalid", (await anna.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, path, order with { Culture = "xx-nowhere" })).Code);
        Assert.Equal("request-invalid", (await anna.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, path, order with { Format = OutputFormat.Both })).Code);
        Assert.Empty((await anna.GetAsync<Page<Job>>("batch-jobs")).Items);
    }

    [Fact]
    public async Task What_is_no_Word_document_is_refused()
    {
        await using var server = await TestServer.StartAsync(configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf()));
        using var anna = await TestUser.NewAsync(server, "anna");
        Assert.Equal("not-a-zip", (await anna.RefusedAsync(HttpStatusCode.UnprocessableEntity, HttpMethod.Post, "templates", TestUser.TemplateForm([1, 2, 3], "x", publish: true))).Code);
        using var nothing = new MultipartFormDataContent { { new StringContent("x"), "name" } };
        Assert.Equal("file", (await anna.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "templates", nothing)).Errors![0].Path);
        Assert.Equal("media-type-unsupported", (await anna.RefusedAsync(HttpStatusCode.UnsupportedMediaType, HttpMethod.Post, "templates", new NewApiKey("x", []))).Code);
        await anna.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, $"templates/{Guid.NewGuid()}");
        await anna.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "nothing");
        Assert.Equal("method-not-allowed", (await anna.RefusedAsync(HttpStatusCode.MethodNotAllowed, HttpMethod.Delete, "templates")).Code);
    }
}
