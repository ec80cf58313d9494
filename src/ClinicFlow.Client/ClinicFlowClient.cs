using System.Net;
using System.Net.Http.Headers;
using ClinicFlow.Client.Connection;
using ClinicFlow.Client.Live;

namespace ClinicFlow.Client;

/// <summary>
/// A ClinicFlow Documents server, as a program sees it: its REST API and its live progress, typed. For any number of
/// threads; made once, and disposed at the end.
/// </summary>
public sealed class ClinicFlowClient : IAsyncDisposable
{
    private readonly HttpClient? _owned;
    private readonly LiveFeed _live;

    /// <summary>A client of its own connections.</summary>
    /// <param name="address">Where the server is, such as <c>https://documents.clinic.example</c>.</param>
    /// <param name="apiKey">The API key; null to sign in by password (<see cref="SessionClient.SignInAsync"/>).</param>
    /// <param name="options">What is not as usual.</param>
    public ClinicFlowClient(Uri address, string? apiKey = null, ClinicFlowClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        var cookies = new CookieContainer();

        // Redirects are not followed: what is sent would go to another place than it was meant for.
        _owned = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
        if (apiKey is not null)
        {
            _owned.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }

        (Jobs, Templates, Queue, Audit, Session, ApiKeys, Users, _live) = Make(new ApiConnection(_owned, address, options ?? new ClinicFlowClientOptions()), cookies);
    }

    /// <summary>A client over given connections.</summary>
    /// <param name="http">Has the server's address as its base address, and the sign-in in its headers, which live progress takes over too. It stays the caller's.</param>
    /// <param name="cookies">The cookies of its handler, where the sign-in is a cookie.</param>
    /// <param name="options">What is not as usual.</param>
    public ClinicFlowClient(HttpClient http, CookieContainer? cookies = null, ClinicFlowClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        var address = http.BaseAddress ?? throw new ArgumentException("The HttpClient needs the server's address as its BaseAddress.", nameof(http));
        (Jobs, Templates, Queue, Audit, Session, ApiKeys, Users, _live) = Make(new ApiConnection(http, address, options ?? new ClinicFlowClientOptions()), cookies);
    }

    /// <summary>Whether what is watched comes through.</summary>
    public LiveStatus Live => _live.Status;

    /// <summary>Jobs.</summary>
    public JobsClient Jobs { get; }

    /// <summary>Templates.</summary>
    public TemplatesClient Templates { get; }

    /// <summary>The queue, measurements, configuration.</summary>
    public QueueClient Queue { get; }

    /// <summary>The audit log.</summary>
    public AuditClient Audit { get; }

    /// <summary>Who is signed in.</summary>
    public SessionClient Session { get; }

    /// <summary>One's own API keys.</summary>
    public ApiKeysClient ApiKeys { get; }

    /// <summary>The users.</summary>
    public UsersClient Users { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _live.DisposeAsync().ConfigureAwait(false);
        _owned?.Dispose();
    }

    private static (JobsClient, TemplatesClient, QueueClient, AuditClient, SessionClient, ApiKeysClient, UsersClient, LiveFeed) Make(ApiConnection api, CookieContainer? cookies)
    {
        var live = new LiveFeed(api, cookies);
        return (new JobsClient(api, live), new TemplatesClient(api), new QueueClient(api, live), new AuditClient(api), new SessionClient(api), new ApiKeysClient(api), new UsersClient(api), live);
    }
}
