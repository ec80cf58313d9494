using BlazorApp;
using ClinicFlow.Client;
using ClinicFlow.Components;

// A Blazor app of somebody else's that uses the components. Its users are known to the ClinicFlow server by an API key
// that the app holds for them: here one key for all, from the settings; a real app keeps one for each user.
var builder = WebApplication.CreateBuilder(args);
var server = new Uri(builder.Configuration["ClinicFlow:Server"] ?? "http://127.0.0.1:5080");
var key = builder.Configuration["ClinicFlow:ApiKey"];

builder.Services.AddRazorComponents().AddInteractiveServerComponents();
builder.Services.AddClinicFlowComponents();
builder.Services.AddScoped(_ => new ClinicFlowClient(server, key));

var app = builder.Build();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();

// The browser has no key, so downloads go through the app, under the addresses that the components link to.
var jobs = app.MapGroup("/api/v1/batch-jobs/{id:guid}");
jobs.MapGet("/archive", (Guid id, ClinicFlowClient client, CancellationToken cancellation) => SendAsync(client.Jobs.OpenArchiveAsync(id, cancellation: cancellation)));
jobs.MapGet("/merged", (Guid id, ClinicFlowClient client, CancellationToken cancellation) => SendAsync(client.Jobs.OpenMergedAsync(id, cancellation: cancellation)));
jobs.MapGet("/documents/{requestId}/file", (Guid id, string requestId, string? format, ClinicFlowClient client, CancellationToken cancellation)
    => SendAsync(client.Jobs.OpenDocumentAsync(id, requestId, format == "docx" ? ClinicFlow.Client.Contracts.OutputFormat.Docx : null, cancellation: cancellation)));
await app.RunAsync();

static async Task<IResult> SendAsync(Task<Download> opening)
{
    var download = await opening;
    return Results.Stream(download.Content, download.ContentType, download.FileName);
}
