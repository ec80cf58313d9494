using System.Net;
using ClinicFlow.Batch.Delivery;
using ClinicFlow.Batch.Jobs;
using Xunit;

namespace ClinicFlow.Batch.Tests.Delivery;

/// <summary>The rules of delivery, without a network: delays, addresses, settings, who is told.</summary>
public sealed class DeliveryRuleTests
{
    [Fact]
    public void Delays_double_up_to_the_longest_give_or_take_a_fifth()
    {
        var settings = new NotificationSettings { MaxAttempts = 100 };
        for (var seed = 0; seed < 200; seed++)
        {
            var rule = new DeliveryRule(settings, new Random(seed));
            for (var attempts = 1; attempts < 100; attempts++)
            {
                var exact = Math.Min(21_600, 10 * Math.Pow(2, attempts - 1));
                Assert.InRange(rule.Next(attempts, null)!.Value.TotalSeconds, exact * 0.8, exact * 1.2);
            }

            Assert.Null(rule.Next(100, null));
            Assert.Null(rule.Next(100, TimeSpan.FromSeconds(5)));
        }
    }

    [Theory]
    [InlineData(1, 600, 600, 604)]
    [InlineData(1, 1_000_000, 86_400, 86_404)]
    [InlineData(8, 5, 1_024, 1_536)]
    [InlineData(8, -5, 1_024, 1_536)]
    public void A_receiver_can_put_a_message_off_but_neither_hurry_it_nor_hold_it_for_ever(int attempts, int asked, int least, int most) =>
        Assert.InRange(
            new DeliveryRule(new NotificationSettings(), new Random(1)).Next(attempts, TimeSpan.FromSeconds(asked))!.Value.TotalSeconds, least, most);

    [Fact]
    public void The_default_settings_try_for_three_days()
    {
        var settings = new NotificationSettings();
        var rule = new DeliveryRule(settings, new Random(1));

        var all = TimeSpan.FromTicks(Enumerable.Range(1, settings.MaxAttempts - 1).Sum(attempts => rule.Next(attempts, null)!.Value.Ticks));

        Assert.InRange(all.TotalDays, 3, 5);
    }

    [Theory]
    [InlineData("0.1.2.3")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.255")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.2.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.7")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%2")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Addresses_inside_networks_are_special(string address) => Assert.True(SpecialAddresses.IsSpecial(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("223.255.255.255")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001:80e::200e")]
    public void Addresses_of_the_public_internet_are_not(string address) => Assert.False(SpecialAddresses.IsSpecial(IPAddress.Parse(address)));

    [Fact]
    public void Whole_settings_have_no_problem()
    {
        using var certificate = new TestCertificate();
        var settings = Sample.Webhook("https://receiver.example/hooks?token=1", allowPrivate: false) with
        {
            Smtp = new SmtpSettings { Host = "mail.clinic.example", From = "documents@clinic.example", User = "documents", Password = "x" },
            LinkTemplate = "https://clinic.example/jobs/{id}",
            TrustedCertificatePath = certificate.AuthorityPath,
        };

        Assert.Empty(settings.Validate());
        Assert.Empty(new NotificationSettings().Validate());
    }

    [Fact]
    public void All_problems_of_settings_come_at_once_with_their_paths_and_without_a_secret()
    {
        var settings = new NotificationSettings
        {
            Smtp = new SmtpSettings
            {
                Host = "mail server",
                Port = 0,
                Security = SmtpSecurity.None,
                User = "documents",
                Password = "s3cret",
                From = "Clinic <documents@clinic.example>",
                FromName = "Clinic\r\nBcc: thief@evil.example",
                TimeoutSeconds = 0,
            },
            LinkTemplate = "javascript:alert({id})",
            TrustedCertificatePath = "no-such-file.pem",
            MaxAttempts = 0,
            FirstDelaySeconds = 0,
            MaxDelaySeconds = -1,
            Webhooks =
            [
                new WebhookSettings { Url = "http://receiver.example/", Secret = Sample.Secret },
                new WebhookSettings { Url = "https://user:s3cret@receiver.example/", Secret = Sample.Secret },
                new WebhookSettings { Url = "https://10.0.0.1/", Secret = "whsec_c2hvcnQ=" },
                new WebhookSettings { Url = "https://localhost./", Secret = "s3cret" },
                new WebhookSettings { Url = "receiver.example", Secret = "" },
                new WebhookSettings { Url = "http://receiver.example/", Secret = Sample.Secret },
            ],
        };

        var problems = settings.Validate();

        Assert.Equal(
            """
            Smtp:Port
            Smtp:TimeoutSeconds
            Smtp:FromName
            Smtp:Host
            Smtp:From
            Smtp:Security
            Webhooks:0:Url
            Webhooks:1:Url
            Webhooks:2:Url
            Webhooks:2:Secret
            Webhooks:3:Url
            Webhooks:3:Secret
            Webhooks:4:Url
            Webhooks:4:Secret
            Webhooks:5:Url
            Webhooks:5
            LinkTemplate
            TrustedCertificatePath
            MaxAttempts
            FirstDelaySeconds
            MaxDelaySeconds
            """.ReplaceLineEndings("\n"),
            string.Join('\n', problems.Select(problem => problem.Path.Replace("BatchProcessing:Notifications:", "", StringComparison.Ordinal))));
        Assert.DoesNotContain("s3cret", string.Join('\n', problems) + settings, StringComparison.Ordinal);
        Assert.DoesNotContain(Sample.Secret, settings.Webhooks[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_goes_over_an_open_line_to_this_machine_only()
    {
        var smtp = new SmtpSettings { From = "documents@clinic.example", User = "documents", Password = "x", Security = SmtpSecurity.None };

        Assert.Empty(new NotificationSettings { Smtp = smtp with { Host = "localhost" } }.Validate());
        Assert.Equal(
            "BatchProcessing:Notifications:Smtp:Security",
            Assert.Single(new NotificationSettings { Smtp = smtp with { Host = "mail.clinic.example" } }.Validate()).Path);
    }

    [Fact]
    public void The_end_of_a_job_is_told_to_its_own_and_to_everybody_s_webhooks_and_by_email_where_it_was_asked_for()
    {
        var settings = new NotificationSettings
        {
            Webhooks =
            [
                new WebhookSettings { Url = "https://all.example/", Secret = Sample.Secret },
                new WebhookSettings { Url = "https://anna.example/", Secret = Sample.Secret, Owner = "anna" },
                new WebhookSettings { Url = "https://bert.example/", Secret = Sample.Secret, Owner = "bert" },
            ],
        };
        var asked = new BatchJobSettings { NotifyOnCompletion = true, NotificationEmail = Sample.To };

        Assert.Equal(
            [
                new OutboxDestination(OutboxKind.Email, Sample.To),
                new OutboxDestination(OutboxKind.Webhook, "https://all.example/"),
                new OutboxDestination(OutboxKind.Webhook, "https://anna.example/"),
            ],
            settings.FindDestinations(Sample.Job(JobStatus.Completed, asked)));
        Assert.Equal(
            [new OutboxDestination(OutboxKind.Webhook, "https://all.example/")],
            settings.FindDestinations(Sample.Job(JobStatus.Completed, asked with { NotifyOnCompletion = false }, "carl")));
    }

    [Fact]
    public void Only_an_ended_job_can_be_told()
    {
        Assert.Equal(Sample.Ended, JobEnded.Of(Sample.Job(JobStatus.Completed, new BatchJobSettings())));
        Assert.Throws<ArgumentException>(() => JobEnded.Of(Sample.Job(JobStatus.Processing, new BatchJobSettings())));
    }
}
