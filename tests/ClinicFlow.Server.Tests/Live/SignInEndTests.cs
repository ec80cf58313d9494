using System.Net;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents.Engines;
using ClinicFlow.Server.Tests.Accounts;
using ClinicFlow.Server.Tests.Servers;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ClinicFlow.Server.Tests.Live;

/// <summary>A live connection was opened by a sign-in, and ends with it.</summary>
public sealed class SignInEndTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hub_connection_and_events_did_not_outlive_a_revoked_key()
        => await EndsAsync((_, anna, key) => anna.DeleteAsync($"api-keys/{key.ApiKey.Id}"));

    [Fact]
    public async Task A_hub_connection_and_events_did_not_outlive_a_closed_account()
        => await EndsAsync(async (administrator, anna, _) => await administrator.PatchAsync<UserCredentials>("users/" + (await anna.GetAsync<Session>("session")).Id, new UserChange(IsLockedOut: true)));

    [Fact]
    public async Task A_hub_connection_and_events_did_not_outlive_a_role()
        => await EndsAsync(async (administrator, anna, _) => await administrator.PatchAsync<UserCredentials>("users/" + (await anna.GetAsync<Session>("session")).Id, new UserChange(Role: Role.Operator)));

    [Fact]
    public async Task A_hub_connection_by_a_cookie_did_not_outlive_signing_out()
    {
        await using var server = await TestServer.StartAsync();
        using var administrator = await Visitor.AdministratorAsync(server);
        using var anna = await administrator.NewUserAsync("anna");
        using var desk = await Visitor.SignedInAsync(server, "anna", Visitor.PasswordOf("anna"));
        await using var ended = await ConnectAsync(server, "Cookie", CookiesOf(anna));
        await using var stays = await ConnectAsync(server, "Cookie", CookiesOf(desk));
        var closed = ClosedAsync(ended);

        await anna.DeleteAsync("session");

        await closed;
        Assert.Equal(HubConnectionState.Connected, stays.State);
        Assert.NotNull(await stays.StreamAsync<QueueStats>("WatchQueue", Cancellation).FirstAsync(Cancellation));
    }

    private static async Task EndsAsync(Func<Visitor, Visitor, ApiKeyCredentials, Task> end)
    {
        var gate = new SemaphoreSlim(0);
        await using var server = await TestServer.StartAsync(configure: builder => builder.Services.AddSingleton<IPdfConverter>(new FaultyPdf((_, _) => gate.WaitAsync(Cancellation))));
        using var administrator = await Visitor.AdministratorAsync(server);
        using var anna = await administrator.NewUserAsync("anna");
        using var olga = await TestUser.NewAsync(server, "olga", Role.Operator);
        var key = await anna.PostAsync<ApiKeyCredentials>("api-keys", new NewApiKey("watcher", Scopes.All));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(server.Address, "/api/v1/") };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key.Key);
        using var template = TestUser.TemplateForm(TestClinic.Template("Dear {{patientName}}"), "Letter", publish: true);
        var letter = await anna.PostAsync<Template>("templates", template);
        var job = await anna.PostAsync<Job>("batch-jobs", TestUser.Letters(letter.Id, 2, new JobSettings()));
        await using var hub = await ConnectAsync(server, "Authorization", "Bearer " + key.Key);
        await using var operators = await ConnectAsync(server, "Authorization", "Bearer " + olga.Key);
        using var events = await http.GetAsync($"batch-jobs/{job.Id}/events", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, events.StatusCode);
        var closed = ClosedAsync(hub);
        var stream = events.Content.ReadAsStringAsync(Cancellation);

        await end(administrator, anna, key);

        // The job still runs: nothing but the sign-in has ended.
        await closed;
        Assert.Contains("event: progress", await stream, StringComparison.Ordinal);
        Assert.Equal(HubConnectionState.Connected, operators.State);
        Assert.Equal(JobStatus.Processing, (await olga.GetAsync<Job>($"batch-jobs/{job.Id}")).Status);
        gate.Release(10);
        await olga.EndAsync(job.Id);
    }

    private static string CookiesOf(Visitor visitor) => string.Join("; ", visitor.Cookies.Select(cookie => $"{cookie.Name}={cookie.Value}"));

    private static async Task<HubConnection> ConnectAsync(TestServer server, string header, string value)
    {
        var hub = new HubConnectionBuilder().WithUrl(new Uri(server.Address, "/hubs/batch-jobs"), options => options.Headers.Add(header, value))
            .AddJsonProtocol(json => Wire.Configure(json.PayloadSerializerOptions)).Build();
        await hub.StartAsync(Cancellation);
        return hub;
    }

    private static async Task ClosedAsync(HubConnection hub)
    {
        var closed = new TaskCompletionSource();
        hub.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await closed.Task.WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
    }
}
