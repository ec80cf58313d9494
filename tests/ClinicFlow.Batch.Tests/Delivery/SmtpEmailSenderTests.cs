using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClinicFlow.Batch.Delivery;
using MimeKit;
using Xunit;

namespace ClinicFlow.Batch.Tests.Delivery;

/// <summary>E-mails against a real mail server.</summary>
public sealed class SmtpEmailSenderTests(TestCertificate certificate) : IClassFixture<TestCertificate>, IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private SmtpServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await SmtpServer.StartAsync(certificate);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_email_tells_counts_duration_and_a_link_and_nobody_s_name()
    {
        var message = Sample.Email();

        await SendAsync(Sample.Smtp(_server.PlainPort), message);

        var received = await _server.NextAsync();
        var email = received.Read();
        Assert.Equal("documents@mail.clinic.example", received.From);
        Assert.Equal([Sample.To], received.To);
        Assert.Equal("Batch job completed with failures: 298 of 300 documents", email.Subject);
        Assert.Equal($"{message.Id:D}@mail.clinic.example", email.MessageId);
        Assert.Equal("auto-generated", email.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal(_clock.GetUtcNow(), email.Date);
        Assert.Equal("\"ClinicFlow Documents\" <documents@mail.clinic.example>", email.From.ToString());
        Assert.IsType<MultipartAlternative>(email.Body);
        Assert.Equal(
            """
            Batch job completed with failures

            Documents:  298 of 300 documents
            Failed:     2
            Duration:   12 min 5 s
            Ended:      2026-05-04 09:13 UTC

            Open the job:
            https://clinic.example/jobs/0190f3b2-1c2d-7e3f-8a4b-5c6d7e8f9a0b

            You get this message because a notification was asked for when the job was created.

            """.ReplaceLineEndings("\n"),
            email.TextBody!.ReplaceLineEndings("\n"));
        Assert.Contains(">298 of 300 documents<", email.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("href=\"https://clinic.example/jobs/0190f3b2-1c2d-7e3f-8a4b-5c6d7e8f9a0b\"", email.HtmlBody, StringComparison.Ordinal);
        Assert.DoesNotContain("Müller", email.HtmlBody + email.TextBody + email.Subject, StringComparison.Ordinal);
        Assert.True(received.Data.Length < 8_000, $"{received.Data.Length} bytes");
        Assert.All(received.Data, value => Assert.InRange(value, 1, 127));
    }

    [Theory]
    [InlineData("completed", 300, 300, 0, "Batch job completed: 300 of 300 documents")]
    [InlineData("Completed", 1, 1, 0, "Batch job completed: 1 of 1 document")]
    [InlineData("failed", 12_000, 0, 12_000, "Batch job failed: 0 of 12,000 documents")]
    [InlineData("cancelled", 300, 120, 3, "Batch job cancelled: 120 of 300 documents")]
    public async Task The_subject_tells_how_a_job_ended(string status, int total, int succeeded, int failed, string subject)
    {
        var job = Sample.Ended with { Status = status, Total = total, Succeeded = succeeded, Failed = failed };

        await SendAsync(Sample.Smtp(_server.PlainPort), Sample.Email(job: job));

        Assert.Equal(subject, (await _server.NextAsync()).Read().Subject);
    }

    [Fact]
    public async Task A_job_s_name_is_told_where_the_settings_say_so_and_is_only_ever_text()
    {
        var job = Sample.Ended with { JobName = "<script>x</script>\r\nBcc: thief@evil.example\r\n\r\n& \u202Etxt " + new string('n', 300) };
        var settings = Sample.Smtp(_server.PlainPort) with { IncludeJobName = true };

        await SendAsync(settings, Sample.Email(job: job));

        var received = await _server.NextAsync();
        var email = received.Read();
        Assert.Equal([Sample.To], received.To);
        Assert.Empty(email.Bcc);
        Assert.Null(email.Headers["Bcc"]);
        Assert.StartsWith("Batch job completed with failures: <script>x</script>  Bcc: thief@evil.example    &  txt nnn", email.Subject, StringComparison.Ordinal);
        Assert.EndsWith("nnn…, 298 of 300 documents", email.Subject, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;x&lt;/script&gt;", email.HtmlBody, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", email.HtmlBody, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("office@clinic.example\r\nBcc: thief@evil.example")]
    [InlineData("office@clinic.example>\r\nRCPT TO:<thief@evil.example")]
    [InlineData("office@clinic.example, thief@evil.example")]
    [InlineData("Office <office@clinic.example>")]
    [InlineData("group: a@clinic.example;")]
    [InlineData("office@clinic")]
    [InlineData("office")]
    [InlineData("")]
    public async Task What_is_not_one_address_is_never_sent_to(string destination)
    {
        var outcome = await TryAsync(Sample.Smtp(_server.PlainPort), Sample.Email(destination));

        var refused = Assert.IsType<DeliveryOutcome.Refused>(outcome);
        Assert.Equal("email.address_invalid", refused.Code);
        Assert.False(EmailAddress.IsValid(destination));
        Assert.Empty(await _server.StopAsync());
    }

    [Theory]
    [InlineData(SmtpSecurity.StartTls)]
    [InlineData(SmtpSecurity.Auto)]
    [InlineData(SmtpSecurity.Tls)]
    public async Task Encrypted_and_logged_in_with_the_clinic_s_own_authority(SmtpSecurity security)
    {
        await SendAsync(Encrypted(security), Sample.Email());

        var received = await _server.NextAsync();
        Assert.True(received.IsEncrypted);
        Assert.True(received.IsLoggedIn);
    }

    [Theory]
    [InlineData(SmtpSecurity.StartTls)]
    [InlineData(SmtpSecurity.Tls)]
    public async Task A_certificate_that_nobody_vouches_for_is_not_believed(SmtpSecurity security)
    {
        var outcome = await TryAsync(Encrypted(security) with { TrustedCertificatePath = null }, Sample.Email());

        CheckHindered("smtp.tls_failed", outcome);
        Assert.Empty(await _server.StopAsync());
    }

    [Fact]
    public async Task A_certificate_of_the_clinic_s_authority_for_another_machine_is_not_believed()
    {
        using var other = TestCertificate.ForAnotherName();
        await using var impostor = await SmtpServer.StartAsync(other);
        var settings = Encrypted(SmtpSecurity.Tls);

        var outcome = await TryAsync(
            settings with { Smtp = settings.Smtp with { Port = impostor.TlsPort }, TrustedCertificatePath = other.AuthorityPath }, Sample.Email());

        CheckHindered("smtp.tls_failed", outcome);
    }

    [Fact]
    public async Task A_wrong_password_waits_for_the_right_one()
    {
        var settings = Encrypted(SmtpSecurity.StartTls);

        var outcome = await TryAsync(settings with { Smtp = settings.Smtp with { Password = "wrong" } }, Sample.Email());

        CheckHindered("smtp.login_refused", outcome);
    }

    [Fact]
    public async Task A_missing_login_waits_for_one()
    {
        var settings = Encrypted(SmtpSecurity.Tls);

        var outcome = await TryAsync(settings with { Smtp = settings.Smtp with { User = null, Password = null } }, Sample.Email());

        CheckHindered("smtp.login_refused", outcome);
    }

    [Fact]
    public async Task A_server_without_starttls_is_not_used_where_it_is_demanded()
    {
        var outcome = await TryAsync(Sample.Smtp(_server.PlainPort, SmtpSecurity.StartTls), Sample.Email());

        CheckHindered("smtp.no_starttls", outcome);
        Assert.Empty(await _server.StopAsync());
    }

    [Theory]
    [InlineData("mail.clinic.example", false, false)]
    [InlineData("mail.clinic.example", true, true)]
    [InlineData("localhost", false, true)]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("::1", false, true)]
    [InlineData("10.0.0.1", false, false)]
    public void A_password_is_sent_in_the_open_to_this_machine_only(string host, bool isEncrypted, bool isSent) =>
        Assert.Equal(isSent, SmtpEmailSender.MayLogIn(new SmtpSettings { Host = host }, isEncrypted));

    [Fact]
    public async Task Names_and_domains_can_be_in_any_language()
    {
        var settings = Sample.Smtp(_server.PlainPort);
        var message = Sample.Email("büro@klinik-köln.example");

        await SendAsync(
            settings with { Smtp = settings.Smtp with { From = "documents@klinik-köln.example", FromName = "Praxis Dr. Müller, Köln" } }, message);

        var received = await _server.NextAsync();
        Assert.Equal("büro@klinik-köln.example", Assert.Single(received.To).Replace("xn--klinik-kln-lcb", "klinik-köln", StringComparison.Ordinal));
        Assert.Equal("Praxis Dr. Müller, Köln", received.Read().From.Mailboxes.Single().Name);
        Assert.Equal($"{message.Id:D}@xn--klinik-kln-lcb.example", received.Read().MessageId);
    }

    [Theory]
    [InlineData(550)]
    [InlineData(553)]
    public async Task A_recipient_that_is_refused_for_good_is_given_up_without_telling_the_address(int number)
    {
        var outcome = await TryAsync(Sample.Smtp(_server.PlainPort), Sample.Email($"{number}@clinic.example"));

        var refused = Assert.IsType<DeliveryOutcome.Refused>(outcome);
        Assert.Equal("smtp.recipient_refused", refused.Code);
        Assert.Contains(number.ToString(CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("@", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recipient_that_is_refused_for_now_is_tried_again()
    {
        var outcome = await TryAsync(Sample.Smtp(_server.PlainPort), Sample.Email("451@clinic.example"));

        CheckHindered("smtp.refused", outcome);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_left_in_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var settings = Sample.Smtp(((IPEndPoint)silent.LocalEndpoint).Port);

        var outcome = await TryAsync(settings with { Smtp = settings.Smtp with { TimeoutSeconds = 1 } }, Sample.Email());

        CheckHindered("smtp.timeout", outcome);
    }

    [Fact]
    public async Task What_speaks_no_smtp_is_left()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(
            async () =>
            {
                using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
                await client.GetStream().WriteAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            },
            TestContext.Current.CancellationToken);

        var outcome = await TryAsync(Sample.Smtp(((IPEndPoint)listener.LocalEndpoint).Port), Sample.Email());

        await answering;
        Assert.IsType<DeliveryOutcome.Hindered>(outcome);
    }

    [Fact]
    public async Task Being_cancelled_is_no_outcome()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new SmtpEmailSender(Sample.Smtp(_server.PlainPort), _clock).SendAsync(Sample.Email(), cancelled.Token));
    }

    [Fact]
    public async Task Without_a_server_an_email_waits_until_one_is_set_up() =>
        CheckHindered("email.not_configured", await TryAsync(new NotificationSettings(), Sample.Email()));

    private static void CheckHindered(string code, DeliveryOutcome outcome) =>
        Assert.Equal(code, Assert.IsType<DeliveryOutcome.Hindered>(outcome).Code);

    private NotificationSettings Encrypted(SmtpSecurity security)
    {
        var port = security == SmtpSecurity.Tls ? _server.TlsPort : _server.StartTlsPort;
        var settings = Sample.Smtp(port, security);
        return settings with
        {
            Smtp = settings.Smtp with { User = SmtpServer.User, Password = SmtpServer.Password },
            TrustedCertificatePath = certificate.AuthorityPath,
        };
    }

    private async Task SendAsync(NotificationSettings settings, OutboxMessage message) =>
        Assert.IsType<DeliveryOutcome.Sent>(await TryAsync(settings, message));

    private Task<DeliveryOutcome> TryAsync(NotificationSettings settings, OutboxMessage message) =>
        new SmtpEmailSender(settings, _clock).SendAsync(message, TestContext.Current.CancellationToken);
}
