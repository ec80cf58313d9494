using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClinicFlow.Batch.Delivery;

/// <summary>
/// Sends webhooks after the Standard Webhooks convention: a small JSON body without names, signed with the receiver's
/// secret. Checks the very address it connects to, so no URL and no DNS entry leads into the clinic's network.
/// </summary>
/// <remarks>
/// Redirects are not followed, and a proxy of the environment is not used: behind both, the address could not be checked.
/// Every request has a connection of its own, for a kept one would be checked once only.
/// </remarks>
public sealed class WebhookSender : IWebhookSender, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly NotificationSettings _settings;
    private readonly TimeProvider _time;
    private readonly Network _network;
    private readonly HttpClient _client;

    /// <summary>Prepares sending. Opens nothing.</summary>
    /// <param name="settings">Settings without problems.</param>
    /// <param name="time">The clock that requests are dated by.</param>
    public WebhookSender(NotificationSettings settings, TimeProvider time)
        : this(settings, time, Network.Real(settings))
    {
    }

    internal WebhookSender(NotificationSettings settings, TimeProvider time, Network network)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);
        _settings = settings;
        _time = time;
        _network = network;
        _client = new HttpClient(CreateHandler(), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> SendAsync(OutboxMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (FindKeys(message.Destination) is not { Count: > 0 } keys || !Uri.TryCreate(message.Destination, UriKind.Absolute, out var url))
        {
            return new DeliveryOutcome.Refused("webhook.not_configured", "The webhook is no longer configured.");
        }

        if (url.Scheme != Uri.UriSchemeHttps && !(_settings.AllowPrivateAddresses && url.Scheme == Uri.UriSchemeHttp))
        {
            return new DeliveryOutcome.Refused("webhook.not_https", "The webhook's address is not https.");
        }

        if (message.Event.FindEnd() is not { } end)
        {
            return new DeliveryOutcome.Refused("event.status_unknown", "The job has no status in which a job ends.");
        }

        using var request = CreateRequest(message, url, end, keys);
        using var timeout = new CancellationTokenSource(_network.Limit ?? Limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            // The answer is its status: the body is not read.
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
            return Judge(response);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && exception is HttpRequestException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return Judge(exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    // Secrets are looked up when sending, so that none lies in the database. Where two owners have one address, both sign.
    private List<byte[]> FindKeys(string destination) =>
        [.. _settings.Webhooks
            .Where(webhook => webhook.Url == destination)
            .SelectMany(webhook => WebhookSignature.ReadSecrets(webhook.Secret) ?? [])];

    private HttpRequestMessage CreateRequest(OutboxMessage message, Uri url, string end, IReadOnlyList<byte[]> keys)
    {
        var job = message.Event;
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new WebhookBody(
                $"batch_job.{end}",
                job.CompletedAt.UtcDateTime,
                new WebhookData(
                    job.JobId, end, job.Total, job.Succeeded, job.Failed,
                    job.CreatedAt.UtcDateTime, job.StartedAt?.UtcDateTime, job.CompletedAt.UtcDateTime)),
            WebhookJson.Default.WebhookBody);

        // The id is the same at every attempt; the time is the attempt's own, so that receivers can refuse old recordings.
        var id = message.Id.ToString("D");
        var seconds = _time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(keys, id, seconds, body));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ClinicFlow-Webhooks", "1"));
        return request;
    }

    private SocketsHttpHandler CreateHandler()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            Credentials = null,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = TimeSpan.Zero,
            MaxResponseDrainSize = 4_096,
            MaxResponseHeadersLength = 16,
            ConnectCallback = ConnectAsync,
        };
        if (_settings.TrustedCertificatePath is not null && TrustedCertificates.TryRead(_settings.TrustedCertificatePath) is { } trusted)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = trusted.IsTrusted;
        }

        return handler;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var host = context.DnsEndPoint.Host;
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await _network.Resolve(host, cancellation).ConfigureAwait(false);
        var permitted = Array.FindAll(found, address => _network.Permits(address));
        if (permitted.Length == 0)
        {
            throw found.Length > 0 ? new SpecialAddressException() : new SocketException((int)SocketError.HostNotFound);
        }

        // By address and not by name: looked up again, the name could lead elsewhere.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(permitted, context.DnsEndPoint.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>What an answer means. A no to what we send is final, but for "too early", "too much" and "too slow" (RFC 9110 §15.5, RFC 6585 §4).</summary>
    private DeliveryOutcome Judge(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            >= 200 and < 300 => new DeliveryOutcome.Sent(),
            410 => new DeliveryOutcome.Refused("webhook.gone", "The receiver does not want webhooks any more (410). Remove it from the configuration."),
            301 or 308 => new DeliveryOutcome.Refused("webhook.moved", $"The receiver has moved ({status}), and redirects are not followed. Correct its address."),
            408 or 425 or 429 => new DeliveryOutcome.Hindered("webhook.busy", $"The receiver asks to try later ({status}).", RetryAfter(response)),
            >= 400 and < 500 => new DeliveryOutcome.Refused("webhook.refused", $"The receiver refuses the webhook ({status}). Check its address and secret."),
            >= 300 and < 400 => new DeliveryOutcome.Hindered("webhook.redirected", $"The receiver points elsewhere ({status}), and redirects are not followed."),
            _ => new DeliveryOutcome.Hindered("webhook.failed", $"The receiver failed ({status}).", RetryAfter(response)),
        };
    }

    private static DeliveryOutcome Judge(Exception exception) => exception switch
    {
        HttpRequestException { InnerException: SpecialAddressException } => new DeliveryOutcome.Refused("webhook.private_address", "The webhook leads into a network, not to the public internet. If it is meant, set AllowPrivateAddresses."),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new DeliveryOutcome.Hindered("webhook.tls_failed", "No encrypted connection came about: the receiver's certificate is not trusted, or has another name."),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.ResponseEnded } => new DeliveryOutcome.Hindered("webhook.protocol", "The receiver's answer is no HTTP."),
        HttpRequestException => new DeliveryOutcome.Hindered("webhook.unreachable", "The receiver cannot be reached."),
        OperationCanceledException => new DeliveryOutcome.Hindered("webhook.timeout", "The receiver did not answer in time."),
        _ => throw new UnreachableException("Another exception was caught than was asked for."),
    };

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };

    /// <summary>The network as it is, or as a test has it.</summary>
    /// <param name="Resolve">Looks a name up.</param>
    /// <param name="Permits">Whether an address may be connected to.</param>
    /// <param name="Limit">How long one attempt may take; null for ten seconds.</param>
    internal sealed record Network(Func<string, CancellationToken, Task<IPAddress[]>> Resolve, Predicate<IPAddress> Permits, TimeSpan? Limit = null)
    {
        public static Network Real(NotificationSettings settings)
        {
            ArgumentNullException.ThrowIfNull(settings);
            return new Network(Dns.GetHostAddressesAsync, address => settings.AllowPrivateAddresses || !SpecialAddresses.IsSpecial(address));
        }
    }

    private sealed class SpecialAddressException : IOException;
}

/// <summary>The body of a webhook.</summary>
/// <param name="Type">Which event: <c>batch_job.completed</c>, <c>batch_job.failed</c> or <c>batch_job.cancelled</c>.</param>
/// <param name="Timestamp">When it happened, UTC.</param>
/// <param name="Data">The job.</param>
internal sealed record WebhookBody(string Type, DateTime Timestamp, WebhookData Data);

/// <summary>A job as webhooks tell it: no name, nothing of a patient.</summary>
internal sealed record WebhookData(
    Guid Id, string Status, int Total, int Succeeded, int Failed, DateTime CreatedAt, DateTime? StartedAt, DateTime CompletedAt);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WebhookBody))]
internal sealed partial class WebhookJson : JsonSerializerContext;
