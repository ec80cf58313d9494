using ClinicFlow.Batch.Delivery;
using Xunit;

namespace ClinicFlow.Batch.Tests.Delivery;

/// <summary>The outbox with real servers behind it: outages, crashes, two hosts.</summary>
public sealed class OutboxSenderTests(TestCertificate certificate) : IClassFixture<TestCertificate>
{
    private readonly ManualClock _clock = new();
    private readonly LogList<OutboxSender> _log = new();

    [Fact]
    public async Task An_outage_is_waited_out_with_growing_delays()
    {
        var port = SmtpServer.FindFreePort();
        var outbox = new MemoryOutbox(_clock);
        var id = outbox.Add(OutboxKind.Email, Sample.To, Sample.Ended);
        var sender = Create(outbox, Sample.Smtp(port));

        var delays = new List<TimeSpan>();
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            Assert.Equal(1, await sender.SendDueAsync(TestContext.Current.CancellationToken));
            delays.Add(outbox.Find(id).Delay!.Value);
            Assert.StartsWith("smtp.unreachable: ", outbox.Find(id).Error, StringComparison.Ordinal);

            _clock.Advance(delays[^1] - TimeSpan.FromMilliseconds(1));
            Assert.Equal(0, await sender.SendDueAsync(TestContext.Current.CancellationToken));
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await using var server = await SmtpServer.StartAsync(certificate, port);
        await sender.SendDueAsync(TestContext.Current.CancellationToken);

        Assert.True(outbox.Find(id).IsSent);
        Assert.Equal($"{id:D}@mail.clinic.example", (await server.NextAsync()).Read().MessageId);
        Assert.All(delays.Zip(delays.Skip(1)), pair => Assert.True(pair.Second > pair.First, $"{pair}"));
        Assert.DoesNotContain("@", _log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_killed_between_sending_and_recording_sends_the_same_message_again()
    {
        await using var server = await SmtpServer.StartAsync(certificate);
        await using var receiver = HttpReceiver.Start("200 OK");
        var outbox = new MemoryOutbox(_clock) { LosesNextOutcome = true };
        var settings = Sample.Webhook(receiver.Url) with { Smtp = Sample.Smtp(server.PlainPort).Smtp };

        var email = outbox.Add(OutboxKind.Email, Sample.To, Sample.Ended);
        await Create(outbox, settings).SendDueAsync(TestContext.Current.CancellationToken);
        outbox.LosesNextOutcome = true;
        var webhook = outbox.Add(OutboxKind.Webhook, receiver.Url, Sample.Ended);
        await Create(outbox, settings).SendDueAsync(TestContext.Current.CancellationToken);
        Assert.False(outbox.Find(email).IsSent || outbox.Find(webhook).IsSent);

        // While the lease runs, nobody else sends; afterwards the next host does.
        Assert.Equal(0, await Create(outbox, settings).SendDueAsync(TestContext.Current.CancellationToken));
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(2, await Create(outbox, settings).SendDueAsync(TestContext.Current.CancellationToken));

        Assert.True(outbox.Find(email).IsSent && outbox.Find(webhook).IsSent);
        var first = (await server.NextAsync()).Read();
        var second = (await server.NextAsync()).Read();
        Assert.Equal(first.MessageId, second.MessageId);
        Assert.Equal(first.HtmlBody, second.HtmlBody);
        Assert.Equal([webhook.ToString("D"), webhook.ToString("D")], receiver.Requests.Select(request => request.Headers["webhook-id"]));
        Assert.Equal(receiver.Requests[0].Body, receiver.Requests[1].Body);
        Assert.NotEqual(receiver.Requests[0].Headers["webhook-timestamp"], receiver.Requests[1].Headers["webhook-timestamp"]);
    }

    [Fact]
    public async Task Two_hosts_send_each_message_once()
    {
        await using var receiver = HttpReceiver.Start("200 OK");
        var outbox = new MemoryOutbox(_clock);
        var ids = Enumerable.Range(0, 40).Select(_ => outbox.Add(OutboxKind.Webhook, receiver.Url, Sample.Ended).ToString("D")).ToList();

        async Task SendAll(OutboxSender sender)
        {
            while (await sender.SendDueAsync(TestContext.Current.CancellationToken) > 0)
            {
            }
        }

        await Task.WhenAll(SendAll(Create(outbox, Sample.Webhook(receiver.Url))), SendAll(Create(outbox, Sample.Webhook(receiver.Url))));

        Assert.Equal(ids.Order(), receiver.Requests.Select(request => request.Headers["webhook-id"]).Order());
    }

    [Fact]
    public async Task A_refusal_for_good_is_given_up_at_once_and_tells_no_address()
    {
        await using var server = await SmtpServer.StartAsync(certificate);
        var outbox = new MemoryOutbox(_clock);
        var id = outbox.Add(OutboxKind.Email, "550@clinic.example", Sample.Ended);

        await Create(outbox, Sample.Smtp(server.PlainPort)).SendDueAsync(TestContext.Current.CancellationToken);

        Assert.True(outbox.Find(id).IsGivenUp);
        Assert.Equal("smtp.recipient_refused: The mail server refuses the recipient for good (550).", outbox.Find(id).Error);
        Assert.Contains("given up (smtp.recipient_refused, attempt 1)", _log.All, StringComparison.Ordinal);
        Assert.DoesNotContain("clinic.example", _log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_receiver_is_tried_as_often_as_the_settings_say()
    {
        await using var receiver = HttpReceiver.Start("500 Internal Server Error");
        var outbox = new MemoryOutbox(_clock);
        var id = outbox.Add(OutboxKind.Webhook, receiver.Url, Sample.Ended);
        var sender = Create(outbox, Sample.Webhook(receiver.Url) with { MaxAttempts = 3 });

        for (var pass = 0; pass < 5; pass++)
        {
            await sender.SendDueAsync(TestContext.Current.CancellationToken);
            _clock.Advance(TimeSpan.FromHours(12));
        }

        Assert.True(outbox.Find(id).IsGivenUp);
        Assert.Equal(3, receiver.Requests.Count);
    }

    [Fact]
    public async Task A_receiver_that_recovers_gets_its_webhook_after_the_time_it_asked_for()
    {
        await using var receiver = HttpReceiver.Start("503 Service Unavailable\r\nRetry-After: 900", "200 OK");
        var outbox = new MemoryOutbox(_clock);
        var id = outbox.Add(OutboxKind.Webhook, receiver.Url, Sample.Ended);
        var sender = Create(outbox, Sample.Webhook(receiver.Url));

        await sender.SendDueAsync(TestContext.Current.CancellationToken);
        Assert.InRange(outbox.Find(id).Delay!.Value.TotalSeconds, 900, 960);
        _clock.Advance(TimeSpan.FromSeconds(960));
        await sender.SendDueAsync(TestContext.Current.CancellationToken);

        Assert.True(outbox.Find(id).IsSent);
    }

    [Fact]
    public async Task A_running_sender_is_woken_survives_a_database_that_restarts_and_ends_when_it_is_told()
    {
        await using var receiver = HttpReceiver.Start("200 OK");
        var outbox = new MemoryOutbox(_clock);
        var sender = Create(outbox, Sample.Webhook(receiver.Url));
        using var running = new CancellationTokenSource();
        var run = sender.RunAsync(running.Token);

        outbox.FailingReads = 1;
        sender.Wake();
        await UntilAsync(() => outbox.FailingReads == 0);
        var id = outbox.Add(OutboxKind.Webhook, receiver.Url, Sample.Ended);
        sender.Wake();
        await UntilAsync(() => outbox.Find(id).IsSent);
        await running.CancelAsync();
        await run;

        Assert.Single(receiver.Requests);
        Assert.Contains("The outbox cannot be read (IOException).", _log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_interrupted_by_the_end_of_the_service_is_due_at_once_again()
    {
        await using var receiver = HttpReceiver.StartWith((_, end) => Task.Delay(Timeout.Infinite, end));
        var outbox = new MemoryOutbox(_clock);
        var id = outbox.Add(OutboxKind.Webhook, receiver.Url, Sample.Ended);
        var sender = Create(outbox, Sample.Webhook(receiver.Url) with { MaxAttempts = 1 });
        using var running = new CancellationTokenSource();
        var run = sender.RunAsync(running.Token);

        await UntilAsync(() => receiver.Requests.Count == 1);
        await running.CancelAsync();
        await run;

        Assert.False(outbox.Find(id).IsGivenUp);
        Assert.Equal(_clock.GetUtcNow(), outbox.Find(id).DueAt);
    }

    [Fact]
    public async Task A_mistake_of_ours_with_one_message_does_not_stop_the_others()
    {
        await using var receiver = HttpReceiver.Start("200 OK");
        var outbox = new MemoryOutbox(_clock);
        var broken = outbox.Add((OutboxKind)7, Sample.To, Sample.Ended);
        var whole = outbox.Add(OutboxKind.Webhook, receiver.Url, Sample.Ended);

        await Create(outbox, Sample.Webhook(receiver.Url)).SendDueAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("delivery.unexpected: ", outbox.Find(broken).Error, StringComparison.Ordinal);
        Assert.True(outbox.Find(whole).IsSent);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var wait = 0; !isSo(); wait++)
        {
            Assert.True(wait < 1_500, "It did not happen within half a minute.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private OutboxSender Create(MemoryOutbox outbox, NotificationSettings settings) => new(
        outbox, new SmtpEmailSender(settings, _clock), new WebhookSender(settings, _clock), settings, _clock, new Random(7), _log);
}
