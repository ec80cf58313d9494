using System.Net;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Server.Accounts;

namespace ClinicFlow.Server.Web.Calls;

/// <summary>
/// Sends a page's calls with the reader's cookies, keeps those that the server renews, and adds to changes the
/// anti-forgery token that belongs to them. Tells when the sign-in has ended.
/// </summary>
internal sealed class PageCookies : DelegatingHandler
{
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
        lock (_lock)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(pair => $"{pair.Key}={pair.Value}")));
        }

        request.Headers.Add(PageCalls.Header, _mark);
    }

    private void Renew(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("Set-Cookie", out var lines))
        {
            foreach (var line in lines)
            {
                Keep(line.Split(';')[0]);
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
