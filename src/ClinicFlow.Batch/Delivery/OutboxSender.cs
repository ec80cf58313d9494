using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace ClinicFlow.Batch.Delivery;

/// <summary>
/// Sends what waits in the outbox, at least once: a host that dies between sending and recording it sends again, with the
/// same Message-ID or webhook-id. Several hosts can send from one outbox.
/// </summary>
/// <remarks>
/// 1. Takes messages under a lease that outlasts the slowest attempts. 2. Sends a few at once. 3. Records each on its own:
/// sent, due again later, or given up.
/// </remarks>
public sealed partial class OutboxSender
{
    private const int BatchSize = 12;
    private const int AtOnce = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RecordLimit = TimeSpan.FromSeconds(15);

    private readonly IOutbox _outbox;
    private readonly IEmailSender _email;
    private readonly IWebhookSender _webhooks;
    private readonly TimeProvider _time;
    private readonly ILogger<OutboxSender> _logger;
    private readonly DeliveryRule _rule;
    private readonly TimeSpan _lease;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Prepares sending. Opens nothing.</summary>
    /// <param name="outbox">Where messages wait.</param>
    /// <param name="email">Sends those of <see cref="OutboxKind.Email"/>.</param>
    /// <param name="webhooks">Sends those of <see cref="OutboxKind.Webhook"/>.</param>
    /// <param name="settings">Attempts and delays.</param>
    /// <param name="time">The clock that pauses are measured with.</param>
    /// <param name="random">Where jitter comes from; locked while it is used.</param>
    /// <param name="logger">Gets ids and codes, never an address.</param>
    public OutboxSender(
        IOutbox outbox, IEmailSender email, IWebhookSender webhooks, NotificationSettings settings,
        TimeProvider time, Random random, ILogger<OutboxSender> logger)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (_outbox, _email, _webhooks, _time, _logger) = (outbox, email, webhooks, time, logger);
        _rule = new DeliveryRule(settings, random);

        var slowest = TimeSpan.FromSeconds(Math.Max(settings.Smtp.TimeoutSeconds, 10)) + RecordLimit;
        _lease = (slowest * (BatchSize / AtOnce)) + TimeSpan.FromSeconds(30);
    }

    /// <summary>Sends until it is cancelled, then returns. A database that is gone for a while does not end it.</summary>
    /// <param name="cancellation">Ends it; messages being sent are put back.</param>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (await SendDueAsync(cancellation).ConfigureAwait(false) < BatchSize)
                {
                    await PauseAsync(cancellation).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The outbox cannot be read: whatever its database throws, the next pass may find it well again.
                LogOutboxUnreadable(exception.GetType().Name);
                await Task.Delay(Pause, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Has a running <see cref="RunAsync"/> look at once: something was written to the outbox. Cheap, and safe from any thread.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Sends what is due now, once.</summary>
    /// <param name="cancellation">Ends it; messages being sent are put back.</param>
    /// <returns>How many messages were taken.</returns>
    public async Task<int> SendDueAsync(CancellationToken cancellation)
    {
        var messages = await _outbox.TakeDueAsync(BatchSize, _lease, cancellation).ConfigureAwait(false);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        await Parallel.ForEachAsync(messages, options, async (message, _) => await SendAsync(message, cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        return messages.Count;
    }

    private async Task SendAsync(OutboxMessage message, CancellationToken cancellation)
    {
        var (outcome, wasInterrupted) = await TryAsync(message, cancellation).ConfigureAwait(false);

        // Recorded even where the host is being stopped: what was sent must not be sent again.
        using var limit = new CancellationTokenSource(RecordLimit, _time);
        try
        {
            var isRecorded = wasInterrupted
                ? await _outbox.MarkFailedAsync(message.Id, "interrupted: The service was stopped; the message is sent when it runs again.", TimeSpan.Zero, limit.Token).ConfigureAwait(false)
                : await RecordAsync(message, outcome!, limit.Token).ConfigureAwait(false);
            if (!isRecorded)
            {
                LogTakenOver(message.Id);
            }
        }
        catch (Exception exception)
        {
            // Nothing is lost: the lease runs out, and the message is sent again with the same id.
            LogNotRecorded(message.Id, exception.GetType().Name);
        }
    }

    private async Task<(DeliveryOutcome? Outcome, bool WasInterrupted)> TryAsync(OutboxMessage message, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return (null, true);
        }

        try
        {
            return message.Kind switch
            {
                OutboxKind.Email => (await _email.SendAsync(message, cancellation).ConfigureAwait(false), false),
                OutboxKind.Webhook => (await _webhooks.SendAsync(message, cancellation).ConfigureAwait(false), false),
                _ => throw new UnreachableException($"{message.Kind}"),
            };
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return (null, true);
        }
        catch (Exception exception)
        {
            // Our mistake: this message waits, the others go on. The exception's own words could hold an address.
            LogUnexpected(message.Id, exception.GetType().Name, exception.StackTrace);
            return (new DeliveryOutcome.Hindered("delivery.unexpected", "Sending failed for an unknown reason; the log has more."), false);
        }
    }

    private async Task<bool> RecordAsync(OutboxMessage message, DeliveryOutcome outcome, CancellationToken cancellation)
    {
        switch (outcome)
        {
            case DeliveryOutcome.Sent:
                LogSent(message.Kind, message.Id, message.JobId, message.Attempts);
                return await _outbox.MarkSentAsync(message.Id, cancellation).ConfigureAwait(false);

            case DeliveryOutcome.Refused refused:
                LogGivenUp(message.Kind, message.Id, message.JobId, refused.Code, message.Attempts);
                return await _outbox.MarkFailedAsync(message.Id, $"{refused.Code}: {refused.Message}", null, cancellation).ConfigureAwait(false);

            case DeliveryOutcome.Hindered hindered:
                var delay = _rule.Next(message.Attempts, hindered.RetryAfter);
                if (delay is { } wait)
                {
                    LogPutOff(message.Kind, message.Id, message.JobId, hindered.Code, message.Attempts, (long)wait.TotalSeconds);
                }
                else
                {
                    LogGivenUp(message.Kind, message.Id, message.JobId, hindered.Code, message.Attempts);
                }

                return await _outbox.MarkFailedAsync(message.Id, $"{hindered.Code}: {hindered.Message}", delay, cancellation).ConfigureAwait(false);

            default:
                throw new UnreachableException($"{outcome}");
        }
    }

    private async Task PauseAsync(CancellationToken cancellation)
    {
        using var pause = new CancellationTokenSource(Pause, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellation);
        Task woken = _wake.Reader.ReadAsync(both.Token).AsTask();
        await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(4001, LogLevel.Information, "{Kind} {MessageId} of job {JobId} was sent at attempt {Attempt}.")]
    private partial void LogSent(OutboxKind kind, Guid messageId, Guid jobId, int attempt);

    [LoggerMessage(4002, LogLevel.Warning, "{Kind} {MessageId} of job {JobId} could not be sent ({Code}, attempt {Attempt}); next attempt in {DelaySeconds} s.")]
    private partial void LogPutOff(OutboxKind kind, Guid messageId, Guid jobId, string code, int attempt, long delaySeconds);

    [LoggerMessage(4003, LogLevel.Error, "{Kind} {MessageId} of job {JobId} is given up ({Code}, attempt {Attempt}).")]
    private partial void LogGivenUp(OutboxKind kind, Guid messageId, Guid jobId, string code, int attempt);

    [LoggerMessage(4004, LogLevel.Information, "Message {MessageId} is another host's, or was ended, meanwhile.")]
    private partial void LogTakenOver(Guid messageId);

    [LoggerMessage(4005, LogLevel.Warning, "What became of message {MessageId} could not be recorded ({Exception}); it will be tried again with the same id.")]
    private partial void LogNotRecorded(Guid messageId, string exception);

    [LoggerMessage(4006, LogLevel.Error, "The outbox cannot be read ({Exception}).")]
    private partial void LogOutboxUnreadable(string exception);

    [LoggerMessage(4007, LogLevel.Error, "Message {MessageId} could not be sent for a reason nobody thought of: {Exception} {Stack}")]
    private partial void LogUnexpected(Guid messageId, string exception, string? stack);
}
