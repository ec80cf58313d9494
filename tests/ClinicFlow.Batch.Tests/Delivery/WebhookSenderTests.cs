using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClinicFlow.Batch.Delivery;
using Xunit;

namespace ClinicFlow.Batch.Tests.Delivery;

/// <summary>Webhooks against a real receiver.</summary>
public sealed class WebhookSenderTests
{
    private const string OldSecret = "whsec_b2xkIHNlY3JldCBvZiB0aGUgY2xpbmljIHdpdGggMzIgYnl0ZXM=";

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_webhook_tells_the_job_in_json_without_its_name()
    {
        await using var receiver = HttpReceiver.Start("204 No Content");
        var message = Sample.Hook(receiver.Url);

        Assert.IsType<DeliveryOutcome.Sent>(await TryAsync(Sample.Webhook(receiver.Url), message));

        var request = Assert.Single(receiver.Requests);
        Assert.Equal("POST /hooks HTTP/1.1", request.Line);
        Assert.Equal("application/json; charset=utf-8", request.Headers["content-type"]);
        Assert.Equal(message.Id.ToString("D"), request.Headers["webhook-id"]);
        Assert.Equal(_clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), request.Headers["webhook-timestamp"]);
        Assert.Equal(
            """
            {"type":"batch_job.completed","timestamp":"2026-05-04T09:13:05Z","data":{"id":"0190f3b2-1c2d-7e3f-8a4b-5c6d7e8f9a0b","status":"completed","total":300,"succeeded":298,"failed":2,"createdAt":"2026-05-04T09:00:00Z","startedAt":"2026-05-04T09:01:00Z","completedAt":"2026-05-04T09:13:05Z"}}
            """,
            Encoding.UTF8.GetString(request.Body));
        Assert.DoesNotContain("traceparent", request.Headers.Keys);
    }

    [Theory]
    [InlineData("failed", "batch_job.failed")]
    [InlineData("Cancelled", "batch_job.cancelled")]
    public async Task The_type_tells_how_the_job_ended(string status, string type)
    {
        await using var receiver = HttpReceiver.Start("200 OK");

        await TryAsync(Sample.Webhook(receiver.Url), Sample.Hook(receiver.Url, Sample.Ended with { Status = status, StartedAt = null }));

        var body = JsonDocument.Parse(Assert.Single(receiver.Requests).Body).RootElement;
        Assert.Equal(type, body.GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Null, body.GetProperty("data").GetProperty("startedAt").ValueKind);
    }

    [Fact]
    public async Task Both_secrets_sign_while_one_is_changed()
    {
        await using var receiver = HttpReceiver.Start("200 OK");

        await TryAsync(Sample.Webhook(receiver.Url, $"{Sample.Secret} {OldSecret}"), Sample.Hook(receiver.Url));

        var request = Assert.Single(receiver.Requests);
        var signatures = request.Headers["webhook-signature"].Split(' ');
        Assert.Equal([Expected(request, Sample.Secret), Expected(request, OldSecret)], signatures);
    }

    [Fact]
    public void The_signature_of_the_convention_s_published_example() =>
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSignature.Sign(WebhookSignature.ReadSecrets(Sample.Secret)!, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""u8));

    [Theory]
    [InlineData("400 Bad Request", "webhook.refused")]
    [InlineData("401 Unauthorized", "webhook.refused")]
    [InlineData("404 Not Found\r\nRetry-After: 5", "webhook.refused")]
    [InlineData("410 Gone", "webhook.gone")]
    [InlineData("301 Moved Permanently\r\nLocation: https://elsewhere.example/", "webhook.moved")]
    [InlineData("308 Permanent Redirect\r\nLocation: https://elsewhere.example/", "webhook.moved")]
    public async Task A_final_no_gives_up(string answer, string code) =>
        Assert.Equal(code, Assert.IsType<DeliveryOutcome.Refused>(await AnsweredAsync(answer)).Code);

    [Theory]
    [InlineData("500 Internal Server Error", "webhook.failed", null)]
    [InlineData("502 Bad Gateway", "webhook.failed", null)]
    [InlineData("503 Service Unavailable\r\nRetry-After: 120", "webhook.failed", 120)]
    [InlineData("429 Too Many Requests\r\nRetry-After: Mon, 04 May 2026 10:35:00 GMT", "webhook.busy", 300)]
    [InlineData("408 Request Timeout", "webhook.busy", null)]
    [InlineData("425 Too Early", "webhook.busy", null)]
    [InlineData("302 Found\r\nLocation: https://elsewhere.example/", "webhook.redirected", null)]
    public async Task A_no_for_now_is_tried_again_when_the_receiver_says(string answer, string code, int? seconds)
    {
        var hindered = Assert.IsType<DeliveryOutcome.Hindered>(await AnsweredAsync(answer));

        Assert.Equal(code, hindered.Code);
        Assert.Equal(seconds, hindered.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task A_redirect_into_the_network_is_not_followed()
    {
        await using var inside = HttpReceiver.Start("200 OK");
        await using var receiver = HttpReceiver.Start($"307 Temporary Redirect\r\nLocation: {inside.Url}");

        await TryAsync(Sample.Webhook(receiver.Url), Sample.Hook(receiver.Url));

        Assert.Single(receiver.Requests);
        Assert.Equal(0, inside.Connections);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("0.0.0.0")]
    public async Task Loopback_is_refused_however_it_is_written(string host)
    {
        await using var receiver = HttpReceiver.Start("200 OK");
        var url = $"https://{host}:{receiver.Port}/hooks";

        var outcome = await TryAsync(Sample.Webhook(url, allowPrivate: false), Sample.Hook(url));

        Assert.Equal("webhook.private_address", Assert.IsType<DeliveryOutcome.Refused>(outcome).Code);
        Assert.Equal(0, receiver.Connections);
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_the_second_time_is_refused_the_second_time()
    {
        // 127.0.0.1 plays the public address, 127.0.0.2 the one inside. The name is looked up once a request, and what was
        // found is what is connected to.
        await using var outside = HttpReceiver.StartAt("127.0.0.1", "200 OK");
        await using var inside = HttpReceiver.StartAt("127.0.0.2", "200 OK");
        var lookups = 0;
        var network = new WebhookSender.Network(
            (_, _) => Task.FromResult(new[] { IPAddress.Parse(++lookups == 1 ? "127.0.0.1" : "127.0.0.2") }),
            address => address.Equals(IPAddress.Loopback));
        var url = $"http://rebinding.example:{outside.Port}/hooks";
        using var sender = new WebhookSender(Sample.Webhook(url), _clock, network);

        var first = await sender.SendAsync(Sample.Hook(url), TestContext.Current.CancellationToken);
        var lookupsOfFirst = lookups;
        var second = await sender.SendAsync(Sample.Hook(url), TestContext.Current.CancellationToken);

        Assert.IsType<DeliveryOutcome.Sent>(first);
        Assert.Equal(1, lookupsOfFirst);
        Assert.Equal("webhook.private_address", Assert.IsType<DeliveryOutcome.Refused>(second).Code);
        Assert.Equal(0, inside.Connections);
    }

    [Fact]
    public async Task Of_several_addresses_only_permitted_ones_are_tried()
    {
        await using var outside = HttpReceiver.StartAt("127.0.0.1", "200 OK");
        await using var inside = HttpReceiver.StartAt("127.0.0.2", "200 OK");
        var network = new WebhookSender.Network(
            (_, _) => Task.FromResult(new[] { IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.1") }),
            address => address.Equals(IPAddress.Loopback));
        var url = $"http://both.example:{outside.Port}/hooks";
        using var sender = new WebhookSender(Sample.Webhook(url), _clock, network);

        Assert.IsType<DeliveryOutcome.Sent>(await sender.SendAsync(Sample.Hook(url), TestContext.Current.CancellationToken));
        Assert.Equal(0, inside.Connections);
    }

    [Fact]
    public async Task A_webhook_that_is_no_longer_configured_is_not_sent()
    {
        await using var receiver = HttpReceiver.Start("200 OK");

        var outcome = await TryAsync(new NotificationSettings { AllowPrivateAddresses = true }, Sample.Hook(receiver.Url));

        Assert.Equal("webhook.not_configured", Assert.IsType<DeliveryOutcome.Refused>(outcome).Code);
        Assert.Equal(0, receiver.Connections);
    }

    [Fact]
    public async Task Plain_http_is_refused_outside_of_private_networks()
    {
        const string Url = "http://receiver.example/hooks";

        var outcome = await TryAsync(Sample.Webhook(Url, allowPrivate: false), Sample.Hook(Url));

        Assert.Equal("webhook.not_https", Assert.IsType<DeliveryOutcome.Refused>(outcome).Code);
    }

    [Fact]
    public async Task The_clinic_s_own_authority_is_trusted_where_its_file_is_named_and_only_there()
    {
        using var certificate = new TestCertificate();
        await using var receiver = HttpReceiver.StartEncrypted(certificate);
        var settings = Sample.Webhook(receiver.Url);

        var unknown = await TryAsync(settings, Sample.Hook(receiver.Url));
        var known = await TryAsync(settings with { TrustedCertificatePath = certificate.AuthorityPath }, Sample.Hook(receiver.Url));

        Assert.Equal("webhook.tls_failed", Assert.IsType<DeliveryOutcome.Hindered>(unknown).Code);
        Assert.IsType<DeliveryOutcome.Sent>(known);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_not_believed()
    {
        using var certificate = TestCertificate.ForAnotherName();
        await using var receiver = HttpReceiver.StartEncrypted(certificate);

        var outcome = await TryAsync(
            Sample.Webhook(receiver.Url) with { TrustedCertificatePath = certificate.AuthorityPath }, Sample.Hook(receiver.Url));

        Assert.Equal("webhook.tls_failed", Assert.IsType<DeliveryOutcome.Hindered>(outcome).Code);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read()
    {
        await using var receiver = HttpReceiver.StartWith(async (stream, end) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n"u8.ToArray(), end);
            var block = new byte[65_536];
            while (true)
            {
                await stream.WriteAsync(block, end);
            }
        });

        Assert.IsType<DeliveryOutcome.Sent>(await TryAsync(Sample.Webhook(receiver.Url), Sample.Hook(receiver.Url)));
    }

    [Fact]
    public async Task Headers_without_end_are_not_read()
    {
        await using var receiver = HttpReceiver.StartWith(async (stream, end) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), end);
            while (true)
            {
                await stream.WriteAsync("X-More: and more and more and more and more and more\r\n"u8.ToArray(), end);
            }
        });

        Assert.Equal(
            "webhook.protocol",
            Assert.IsType<DeliveryOutcome.Hindered>(await TryAsync(Sample.Webhook(receiver.Url), Sample.Hook(receiver.Url))).Code);
    }

    [Fact]
    public async Task A_receiver_that_says_nothing_is_left_in_time()
    {
        await using var receiver = HttpReceiver.StartWith((_, end) => Task.Delay(Timeout.Infinite, end));
        var settings = Sample.Webhook(receiver.Url);
        using var sender = new WebhookSender(settings, _clock, WebhookSender.Network.Real(settings) with { Limit = TimeSpan.FromMilliseconds(300) });
        var watch = Stopwatch.StartNew();

        var outcome = await sender.SendAsync(Sample.Hook(receiver.Url), TestContext.Current.CancellationToken);

        Assert.Equal("webhook.timeout", Assert.IsType<DeliveryOutcome.Hindered>(outcome).Code);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(9), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_tried_again()
    {
        var url = $"http://127.0.0.1:{SmtpServer.FindFreePort()}/hooks";

        Assert.Equal("webhook.unreachable", Assert.IsType<DeliveryOutcome.Hindered>(await TryAsync(Sample.Webhook(url), Sample.Hook(url))).Code);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_tried_again()
    {
        const string Url = "https://unknown.example/hooks";
        var network = new WebhookSender.Network((_, _) => throw new SocketException((int)SocketError.HostNotFound), _ => true);
        using var sender = new WebhookSender(Sample.Webhook(Url), _clock, network);

        var outcome = await sender.SendAsync(Sample.Hook(Url), TestContext.Current.CancellationToken);

        Assert.Equal("webhook.unreachable", Assert.IsType<DeliveryOutcome.Hindered>(outcome).Code);
    }

    [Fact]
    public async Task Being_cancelled_is_no_outcome()
    {
        await using var receiver = HttpReceiver.StartWith((_, end) => Task.Delay(Timeout.Infinite, end));
        using var sender = new WebhookSender(Sample.Webhook(receiver.Url), _clock);
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sender.SendAsync(Sample.Hook(receiver.Url), cancelled.Token));
    }

    // The check as a receiver would write it.
    private static string Expected(ReceivedRequest request, string secret)
    {
        var signed = $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{Encoding.UTF8.GetString(request.Body)}";
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
    }

    private async Task<DeliveryOutcome> AnsweredAsync(string answer)
    {
        await using var receiver = HttpReceiver.Start(answer);
        return await TryAsync(Sample.Webhook(receiver.Url), Sample.Hook(receiver.Url));
    }

    private async Task<DeliveryOutcome> TryAsync(NotificationSettings settings, OutboxMessage message)
    {
        using var sender = new WebhookSender(settings, _clock);
        return await sender.SendAsync(message, TestContext.Current.CancellationToken);
    }
}
