using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Client.Connection;

/// <summary>Sends requests to the server and reads its answers: an answer that says no becomes a <see cref="ClinicFlowApiException"/>.</summary>
internal sealed class ApiConnection
{
    private const int MaxProblemBytes = 4 << 20;

    private readonly HttpClient _http;

    public ApiConnection(HttpClient http, Uri address, ClinicFlowClientOptions options)
    {
        (_http, Options) = (http, options);
        Address = new Uri(address.AbsoluteUri.EndsWith('/') ? address.AbsoluteUri : address.AbsoluteUri + "/");
    }

    /// <summary>Where the server is, with a slash at the end.</summary>
    public Uri Address { get; }

    /// <summary>How the client behaves.</summary>
    public ClinicFlowClientOptions Options { get; }

    /// <summary>The headers that go with every request, the sign-in among them.</summary>
    public HttpRequestHeaders Headers => _http.DefaultRequestHeaders;

    /// <summary>Sent with each change where the sign-in is a cookie; null otherwise.</summary>
    public string? AntiforgeryToken { get; set; }

    /// <summary>Asks for something.</summary>
    public Task<T> GetAsync<T>(string path, CancellationToken cancellation) => ReadAsync<T>(HttpMethod.Get, path, null, isRepeatable: true, cancellation);

    /// <summary>Asks for something, unless it is what the tag stands for: then null.</summary>
    public async Task<(T Value, string? Tag)?> GetIfChangedAsync<T>(string path, string? tag, CancellationToken cancellation)
        where T : class
    {
        using var limit = Limit(cancellation);
        using var response = await SendAsync(
            () =>
            {
                var request = Make(HttpMethod.Get, path);
                if (tag is not null)
                {
                    request.Headers.TryAddWithoutValidation("If-None-Match", tag);
                }

                return request;
            }, isRepeatable: true, limit, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            return null;
        }

        return (await ParseAsync<T>(response, limit, cancellation).ConfigureAwait(false), response.Headers.ETag?.ToString());
    }

    /// <summary>Asks for a change.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path below <c>api/v1/</c>.</param>
    /// <param name="body">What is sent as JSON; nothing where null.</param>
    /// <param name="isRepeatable">Whether sending it twice does what sending it once does.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<T> ReadAsync<T>(HttpMethod method, string path, object? body, bool isRepeatable, CancellationToken cancellation)
    {
        using var limit = Limit(cancellation);
        using var response = await SendAsync(() => Make(method, path, Json(body)), isRepeatable, limit, cancellation).ConfigureAwait(false);
        return await ParseAsync<T>(response, limit, cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks for a change that is answered without content.</summary>
    public async Task DoAsync(HttpMethod method, string path, object? body, bool isRepeatable, CancellationToken cancellation)
    {
        using var limit = Limit(cancellation);
        using var response = await SendAsync(() => Make(method, path, Json(body)), isRepeatable, limit, cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends something large; it may take as long as it takes.</summary>
    /// <param name="path">The path below <c>api/v1/</c>.</param>
    /// <param name="content">Makes what is sent, once for each attempt.</param>
    /// <param name="idempotencyKey">By which the server knows it again; null for none, and then it is sent once.</param>
    /// <param name="isRepeatable">Whether the content can be made again.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<T> UploadAsync<T>(string path, Func<HttpContent> content, string? idempotencyKey, bool isRepeatable, CancellationToken cancellation)
    {
        HttpRequestMessage MakeUpload()
        {
            var request = Make(HttpMethod.Post, path, content());

            // A server that refuses says so before all of it has been sent.
            request.Headers.ExpectContinue = true;
            if (idempotencyKey is not null)
            {
                request.Headers.Add("Idempotency-Key", idempotencyKey);
            }

            return request;
        }

        using var response = await SendAsync(MakeUpload, isRepeatable && idempotencyKey is not null, null, cancellation).ConfigureAwait(false);
        return await ParseAsync<T>(response, null, cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends a request and gives the answer with its body still to be read; 304 and 2xx only.</summary>
    public async Task<HttpResponseMessage> OpenAsync(Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        using var limit = Limit(cancellation);
        return await SendAsync(make, isRepeatable: true, limit, cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes a request.</summary>
    public HttpRequestMessage Make(HttpMethod method, string path, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, new Uri(Address, "api/v1/" + path)) { Content = content };
        if (AntiforgeryToken is { } token && method != HttpMethod.Get && method != HttpMethod.Head)
        {
            request.Headers.Add("X-XSRF-TOKEN", token);
        }

        return request;
    }

    /// <summary>What is sent as JSON.</summary>
    public static JsonContent? Json(object? body) => body is null ? null : JsonContent.Create(body, body.GetType(), options: Wire.Json);

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, bool isRepeatable, CancellationTokenSource? limit, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var request = make();
            HttpResponseMessage response;
            try
            {
                response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit?.Token ?? cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException e)
            {
                throw Ended(e, cancellation);
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
            {
                // A connection that is reset at the wrong moment comes out as it is.
                throw new HttpRequestException("The connection broke.", e);
            }

            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
            {
                return response;
            }

            using (response)
            {
                var delay = DelayOf(response);
                if (isRepeatable && attempt < Options.MaxRetries && response.StatusCode is (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
                    && delay is { } wait && wait <= Options.MaxRetryDelay)
                {
                    await Task.Delay(wait, Options.Time, cancellation).ConfigureAwait(false);
                    continue;
                }

                throw new ClinicFlowApiException(await ProblemOfAsync(response, limit?.Token ?? cancellation).ConfigureAwait(false), delay);
            }
        }
    }

    private TimeSpan? DelayOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - Options.Time.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
        _ => null,
    };

    private static async Task<ApiProblem> ProblemOfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json" && response.Content.Headers.ContentLength is null or <= MaxProblemBytes)
        {
            try
            {
                if (await response.Content.ReadFromJsonAsync<ApiProblem>(Wire.Lenient, cancellation).ConfigureAwait(false) is { Code.Length: > 0 } problem)
                {
                    return problem with { Status = status };
                }
            }
            catch (Exception e) when (e is JsonException or IOException or HttpRequestException)
            {
                // The status says enough.
            }
        }

        return new ApiProblem
        {
            Status = status,
            Code = string.Create(CultureInfo.InvariantCulture, $"http-{status}"),
            Title = response.ReasonPhrase ?? "",
            Detail = string.Create(CultureInfo.InvariantCulture, $"The server, or something on the way to it, answered {status} without saying why."),
        };
    }

    private static async Task<T> ParseAsync<T>(HttpResponseMessage response, CancellationTokenSource? limit, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(Wire.Lenient, limit?.Token ?? cancellation).ConfigureAwait(false)
                ?? throw NotOurs(response, null);
        }
        catch (JsonException e)
        {
            throw NotOurs(response, e);
        }
        catch (OperationCanceledException e)
        {
            throw Ended(e, cancellation);
        }
        catch (IOException e)
        {
            throw new HttpRequestException("The connection broke while the answer was read.", e);
        }
    }

    /// <summary>Something that is no ClinicFlow server answers there, or a much newer one.</summary>
    private static ClinicFlowApiException NotOurs(HttpResponseMessage response, JsonException? e) => new(new ApiProblem
    {
        Status = (int)response.StatusCode,
        Code = "answer-not-understood",
        Title = "Not understood",
        Detail = $"The answer is none of a ClinicFlow server of this version{(e?.Path is { Length: > 1 } path ? $" ({path})" : "")}. Check the address and the versions of both.",
    });

    /// <summary>The caller ended it, and is told so with the token that did: some look whether it is theirs. Or else it took too long.</summary>
    private static Exception Ended(OperationCanceledException e, CancellationToken cancellation) => cancellation.IsCancellationRequested
        ? new OperationCanceledException(e.Message, e, cancellation)
        : new HttpRequestException("The server did not answer in time.", new TimeoutException(null, e));

    private CancellationTokenSource Limit(CancellationToken cancellation)
    {
        // What is waited for between two attempts counts too: the caller gets an answer within this time, whatever it is.
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Options.AnswerTimeout);
        return limit;
    }
}
