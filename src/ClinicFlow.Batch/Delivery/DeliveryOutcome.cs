namespace ClinicFlow.Batch.Delivery;

/// <summary>What came of one attempt to send a message. Codes and sentences are safe to show: no address, nothing of a server's answer but its number.</summary>
public abstract record DeliveryOutcome
{
    private DeliveryOutcome()
    {
    }

    /// <summary>The other side has taken it over.</summary>
    public sealed record Sent : DeliveryOutcome;

    /// <summary>It did not get there, for a reason that may pass.</summary>
    /// <param name="Code">The reason, such as <c>smtp.unreachable</c>.</param>
    /// <param name="Message">The reason for people, and what to do.</param>
    /// <param name="RetryAfter">How long the other side asks to wait; null where it does not say.</param>
    public sealed record Hindered(string Code, string Message, TimeSpan? RetryAfter = null) : DeliveryOutcome;

    /// <summary>It will never get there: trying again is of no use.</summary>
    /// <param name="Code">The reason, such as <c>webhook.gone</c>.</param>
    /// <param name="Message">The reason for people, and what to do.</param>
    public sealed record Refused(string Code, string Message) : DeliveryOutcome;
}

/// <summary>Sends e-mails, one attempt at a time. Trouble is an outcome, not an exception.</summary>
public interface IEmailSender
{
    /// <summary>Sends a message.</summary>
    /// <param name="message">The message; its id becomes the Message-ID.</param>
    /// <param name="cancellation">Ends the attempt with an <see cref="OperationCanceledException"/>.</param>
    Task<DeliveryOutcome> SendAsync(OutboxMessage message, CancellationToken cancellation);
}

/// <summary>Sends webhooks, one attempt at a time. Trouble is an outcome, not an exception.</summary>
public interface IWebhookSender
{
    /// <summary>Sends a message.</summary>
    /// <param name="message">The message; its id becomes the webhook-id.</param>
    /// <param name="cancellation">Ends the attempt with an <see cref="OperationCanceledException"/>.</param>
    Task<DeliveryOutcome> SendAsync(OutboxMessage message, CancellationToken cancellation);
}
