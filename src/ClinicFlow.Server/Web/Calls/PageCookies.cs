using System.Net;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Accounts;

namespace ClinicFlow.Server.Web.Calls;

/// <summary>
/// Sends a page's calls with the reader's cookies, and adds to changes the anti-forgery token that belongs to them. A
/// sign-in that the server renews is kept only where the reader worked: a page that reads again and again by itself keeps
/// nobody signed in who is away. Tells when the sign-in has ended.
/// </summary>
internal sealed class PageCookies : DelegatingHandler
{
    /// <summary>Says of a call that the reader worked.</summary>
    public static readonly HttpRequestOptionsKey<bool> Stays = new("clinicflow-stays");

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _asking = new(1, 1);
    private readonly Dictionary<string, string> _cookies = [];
    private readonly string _mark;
    private string? _token;

    public PageCookies(string cookies, string mark, HttpMessageHandler inner)
        : base(inner)
    {
        _mark = mark;
        foreach (var cookie in cookies.Split("; ", StringSplitOptions.RemoveEmptyEntries))
        {
            Keep(cookie);
        }
    }

    /// <summary>Happens when the server does not know the reader any more; from any thread.</summary>
    public event Action<HttpStatusCode>? SignInEnded;

    /// <summary>The cookies as they are now.</summary>
    public string Current
    {
        get
        {
            lock (_lock)
            {
                return string.Join("; ", _cookies.Select(pair => $"{pair.Key}={pair.Value}"));
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sign(request);
        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head && !request.Headers.Contains(AntiforgeryGuard.Header))
        {
            request.Headers.Add(AntiforgeryGuard.Header, await TokenAsync(request, cancellationToken));
            Sign(request);
        }

        var response = await base.SendAsync(request, cancellationToken);
        Renew(response);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            SignInEnded?.Invoke(response.StatusCode);
        }

        return response;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _asking.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<string> TokenAsync(HttpRequestMessage change, CancellationToken cancellation)
    {
        await _asking.WaitAsync(cancellation);
        try
        {
            if (_token is null)
            {
                using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(change.RequestUri!, "/api/v1/session"));
                Sign(question);
                using var answer = await base.SendAsync(question, cancellation);
                Renew(answer);
                if (answer.IsSuccessStatusCode)
                {
                    _token = (await answer.Content.ReadFromJsonAsync<Session>(Wire.Json, cancellation))?.AntiforgeryToken;
                }
            }

            return _token ?? "";
        }
        finally
        {
            _asking.Release();
        }
    }

    private void Sign(HttpRequestMessage request)
    {
        request.Headers.Remove("Cookie");
        request.Headers.Remove(PageCalls.Header);
        request.Headers.Add("Cookie", Current);
        request.Headers.Add(PageCalls.Header, _mark);
    }

    private void Renew(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("Set-Cookie", out var lines))
        {
            var stays = response.RequestMessage is { } request && request.Options.TryGetValue(Stays, out var isTrue) && isTrue;
            foreach (var cookie in lines.Select(line => line.Split(';')[0]).Where(cookie => stays || !cookie.StartsWith(AccountsRegistration.SignInCookie + "=", StringComparison.Ordinal)))
            {
                Keep(cookie);
            }
        }
    }

    private void Keep(string cookie)
    {
        var at = cookie.IndexOf('=', StringComparison.Ordinal);
        if (at > 0)
        {
            lock (_lock)
            {
                _cookies[cookie[..at]] = cookie[(at + 1)..];
            }
        }
    }
}
