using System.Diagnostics;
using System.Net;
using System.Net.Security;
using ClinicFlow.Client;
using Microsoft.AspNetCore.Components.Authorization;

namespace ClinicFlow.Server.Web.Calls;

/// <summary>The API as the reader of one circuit may use it: the same calls over the same HTTP as from anywhere else.</summary>
internal sealed class PageClient : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly PageCookies _cookies;

    public PageClient(AuthenticationStateProvider authentication, OwnAddress address)
    {
        // Blazor sets it before the circuit's first component is made.
        var state = authentication.GetAuthenticationStateAsync();
        if (!state.IsCompletedSuccessfully)
        {
            throw new UnreachableException("A circuit began without knowing its user.");
        }

        var (cookies, mark) = PageCalls.Of(state.Result.User);
        var sockets = new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        var target = address.Find();
        if (target.Scheme == Uri.UriSchemeHttps)
        {
#pragma warning disable CA5359 // Its certificate is for the name that readers know, and nobody else can answer on a port that this process listens on.
            sockets.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
        }

        _cookies = new PageCookies(cookies, mark, sockets);
        _cookies.SignInEnded += status => SignInEnded?.Invoke(status);
        _http = new HttpClient(_cookies) { BaseAddress = target, Timeout = Timeout.InfiniteTimeSpan };

        // The hub gets the cookies as they are when a connection to it is opened.
        Client = new ClinicFlowClient(_http, options: new ClinicFlowClientOptions { LiveHeaders = () => new Dictionary<string, string> { ["Cookie"] = _cookies.Current, [PageCalls.Header] = mark } });
    }

    /// <summary>Happens when the server does not know the reader any more; from any thread.</summary>
    public event Action<HttpStatusCode>? SignInEnded;

    /// <summary>The typed client.</summary>
    public ClinicFlowClient Client { get; }

    /// <summary>The reader works here: the circuit's sign-in lives on as that of the browser does.</summary>
    public async Task StayAsync()
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, "/api/v1/session");
        question.Options.Set(PageCookies.Stays, true);
        using var answer = await _http.SendAsync(question);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _http.Dispose();
    }
}
