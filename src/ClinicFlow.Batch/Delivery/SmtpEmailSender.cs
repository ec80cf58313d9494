using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace ClinicFlow.Batch.Delivery;

/// <summary>Sends e-mails over SMTP: one connection an e-mail, so that nothing is held while nothing is to be sent.</summary>
public sealed class SmtpEmailSender : IEmailSender
{
    private readonly NotificationSettings _settings;
    private readonly TimeProvider _time;
    private readonly TrustedCertificates? _trusted;

    /// <summary>Prepares sending. Opens nothing.</summary>
    /// <param name="settings">Settings without problems.</param>
    /// <param name="time">The clock that e-mails are dated by.</param>
    public SmtpEmailSender(NotificationSettings settings, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);
        _settings = settings;
        _time = time;
        _trusted = settings.TrustedCertificatePath is null ? null : TrustedCertificates.TryRead(settings.TrustedCertificatePath);
    }

    private enum Step
    {
        Connect,
        LogIn,
        Send,
    }

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> SendAsync(OutboxMessage message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!_settings.CanSendEmail || EmailAddress.Parse(_settings.Smtp.From) is not { } from)
        {
            return new DeliveryOutcome.Hindered("email.not_configured", "No mail server is set up. Set Smtp:Host and Smtp:From.");
        }

        if (EmailAddress.Parse(message.Destination) is not { } to)
        {
            return new DeliveryOutcome.Refused("email.address_invalid", "The recipient is not one e-mail address.");
        }

        if (message.Event.FindEnd() is not { } end)
        {
            return new DeliveryOutcome.Refused("event.status_unknown", "The job has no status in which a job ends.");
        }

        from.Name = Text.OnOneLine(_settings.Smtp.FromName, 80);
        using var email = JobEndedEmail.Write(message, end, to, from, _settings, _time.GetUtcNow());
        return await SendAsync(email, cancellation).ConfigureAwait(false);
    }

    /// <summary>Connects and logs in as for a message, and sends none: to find out whether the settings are right.</summary>
    /// <param name="cancellation">Ends the attempt with an <see cref="OperationCanceledException"/>.</param>
    public Task<DeliveryOutcome> CheckAsync(CancellationToken cancellation)
        => _settings.CanSendEmail ? SendAsync((MimeMessage?)null, cancellation)
            : Task.FromResult<DeliveryOutcome>(new DeliveryOutcome.Hindered("email.not_configured", "No mail server is set up. Set Smtp:Host and Smtp:From."));

    private async Task<DeliveryOutcome> SendAsync(MimeMessage? email, CancellationToken cancellation)
    {
        var smtp = _settings.Smtp;
        var limit = TimeSpan.FromSeconds(smtp.TimeoutSeconds);
        using var timeout = new CancellationTokenSource(limit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        using var client = new SmtpClient { Timeout = (int)limit.TotalMilliseconds, CheckCertificateRevocation = false };
        if (_trusted is not null)
        {
            client.ServerCertificateValidationCallback = _trusted.IsTrusted;
        }

        var step = Step.Connect;
        try
        {
            await client.ConnectAsync(smtp.Host!, smtp.Port, Options(smtp), both.Token).ConfigureAwait(false);

            step = Step.LogIn;
            if (!string.IsNullOrEmpty(smtp.User))
            {
                if (!MayLogIn(smtp, client.IsSecure))
                {
                    return new DeliveryOutcome.Hindered("smtp.login_not_encrypted", "The mail server offers no encryption, so the password was not sent. Use another port, or Smtp:Security Tls.");
                }

                await client.AuthenticateAsync(smtp.User, smtp.Password ?? "", both.Token).ConfigureAwait(false);
            }

            step = Step.Send;
            if (email is not null)
            {
                await client.SendAsync(email, both.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && Judge(step, exception) is { } outcome)
        {
            return outcome;
        }

        // The server has it: whatever goes wrong while saying goodbye changes nothing, and the client closes the connection.
        try
        {
            await client.DisconnectAsync(quit: true, both.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ProtocolException or OperationCanceledException or TimeoutException or ServiceNotConnectedException)
        {
            Debug.WriteLine("The mail server went away after taking the message.");
        }

        return new DeliveryOutcome.Sent();
    }

    /// <summary>Whether a password may be sent: encrypted, or to a server of this machine.</summary>
    internal static bool MayLogIn(SmtpSettings smtp, bool isEncrypted) => isEncrypted || smtp.IsOnThisMachine;

    private static SecureSocketOptions Options(SmtpSettings smtp) => smtp.Security switch
    {
        SmtpSecurity.None => SecureSocketOptions.None,
        SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => smtp.Port == 465 ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable,
    };

    /// <summary>
    /// What an exception means; null where it is none of sending. Only a no to this sender, recipient or message is final
    /// (RFC 5321 §4.2.1, 5yz): what is wrong with the server or with our settings can be put right, and the message waits.
    /// </summary>
    private static DeliveryOutcome? Judge(Step step, Exception exception) => exception switch
    {
        SmtpCommandException { ErrorCode: not SmtpErrorCode.UnexpectedStatusCode } no when step == Step.Send && (int)no.StatusCode >= 500 => no.ErrorCode switch
        {
            SmtpErrorCode.RecipientNotAccepted => new DeliveryOutcome.Refused("smtp.recipient_refused", $"The mail server refuses the recipient for good ({Number(no)})."),
            SmtpErrorCode.SenderNotAccepted => new DeliveryOutcome.Refused("smtp.sender_refused", $"The mail server refuses the sender for good ({Number(no)}). Correct Smtp:From."),
            _ => new DeliveryOutcome.Refused("smtp.message_refused", $"The mail server refuses the message for good ({Number(no)})."),
        },
        SmtpCommandException no => new DeliveryOutcome.Hindered("smtp.refused", $"The mail server does not take the message now ({Number(no)})."),
        AuthenticationException or ServiceNotAuthenticatedException => new DeliveryOutcome.Hindered("smtp.login_refused", "The mail server refuses the login. Correct Smtp:User and Smtp:Password."),
        SslHandshakeException => new DeliveryOutcome.Hindered("smtp.tls_failed", "No encrypted connection came about: the mail server's certificate is not trusted, or it speaks no TLS there. Name the clinic's authority in TrustedCertificatePath, or correct Smtp:Port and Smtp:Security."),
        NotSupportedException when step == Step.Connect => new DeliveryOutcome.Hindered("smtp.no_starttls", "The mail server offers no STARTTLS. Correct Smtp:Port and Smtp:Security."),
        NotSupportedException when step == Step.LogIn => new DeliveryOutcome.Hindered("smtp.no_login", "The mail server offers no login. Leave out Smtp:User and Smtp:Password, or use another port."),
        NotSupportedException => new DeliveryOutcome.Refused("smtp.address_unsupported", "The mail server cannot send to such an address."),
        OperationCanceledException or TimeoutException => new DeliveryOutcome.Hindered("smtp.timeout", "The mail server did not answer in time."),
        ProtocolException => new DeliveryOutcome.Hindered("smtp.protocol", "The mail server broke the conversation off, or does not speak SMTP there."),
        IOException or SocketException => new DeliveryOutcome.Hindered("smtp.unreachable", "The mail server cannot be reached."),
        ArgumentException when step == Step.Connect => new DeliveryOutcome.Hindered("smtp.unreachable", "The mail server's name cannot be used. Correct Smtp:Host."),
        _ => null,
    };

    private static string Number(SmtpCommandException no) => ((int)no.StatusCode).ToString(CultureInfo.InvariantCulture);
}
