using System.Globalization;
using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Delivery;

/// <summary>How the end of a job is told: the configuration section <c>BatchProcessing:Notifications</c>. Immutable.</summary>
public sealed record NotificationSettings
{
    /// <summary>The section of the configuration that this is bound from.</summary>
    public const string Section = "BatchProcessing:Notifications";

    /// <summary>The mail server. Without a host no e-mail is sent.</summary>
    public SmtpSettings Smtp { get; init; } = new();

    /// <summary>
    /// The page of a job, with <c>{id}</c> where its id stands, such as <c>https://clinic.example/jobs/{id}</c>. Default
    /// null: e-mails have no link.
    /// </summary>
    public string? LinkTemplate { get; init; }

    /// <summary>Whether e-mails name the job. Default false: a job's name may name a patient, and e-mail is read on the way. Webhooks never name it.</summary>
    public bool IncludeJobName { get; init; }

    /// <summary>Who else is told over HTTP. Default nobody.</summary>
    public IReadOnlyList<WebhookSettings> Webhooks { get; init; } = [];

    /// <summary>
    /// Whether a webhook may go to private, loopback and other special addresses, and over plain HTTP. Default false: then
    /// nobody who can write a webhook's URL or its DNS entry can reach what is inside the clinic's network.
    /// </summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>
    /// A PEM file with the clinic's own certificate authorities, trusted beside the system's by mail server and webhooks.
    /// Default null.
    /// </summary>
    public string? TrustedCertificatePath { get; init; }

    /// <summary>How often a message is tried, 1 to 100. Default 24: with the default delays, more than three days.</summary>
    public int MaxAttempts { get; init; } = 24;

    /// <summary>The delay after the first failure in seconds, 1 to 3,600; each further one is twice as long. Default 10.</summary>
    public int FirstDelaySeconds { get; init; } = 10;

    /// <summary>The longest delay in seconds, at least <see cref="FirstDelaySeconds"/>, at most 86,400. Default 21,600, which is six hours.</summary>
    public int MaxDelaySeconds { get; init; } = 21_600;

    /// <summary>Whether a mail server is set up: without one a job cannot be created with an e-mail notification.</summary>
    public bool CanSendEmail => !string.IsNullOrWhiteSpace(Smtp.Host);

    /// <summary>Where the end of a job is to be told: one outbox row each.</summary>
    /// <param name="job">The job.</param>
    public IReadOnlyList<OutboxDestination> FindDestinations(BatchJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var destinations = new List<OutboxDestination>();
        if (job.Settings.NotifyOnCompletion && !string.IsNullOrWhiteSpace(job.Settings.NotificationEmail))
        {
            destinations.Add(new OutboxDestination(OutboxKind.Email, job.Settings.NotificationEmail));
        }

        destinations.AddRange(Webhooks
            .Where(webhook => webhook.Owner is null || webhook.Owner == job.CreatedBy)
            .Select(webhook => webhook.Url)
            .Distinct(StringComparer.Ordinal)
            .Select(url => new OutboxDestination(OutboxKind.Webhook, url)));
        return destinations;
    }

    /// <summary>Everything that is wrong, each with its path in the configuration; empty where it can be used.</summary>
    public IReadOnlyList<SettingProblem> Validate()
    {
        var problems = new List<SettingProblem>();
        void Refuse(string path, string message) => problems.Add(new SettingProblem($"{Section}:{path}", message));

        ValidateSmtp(Refuse);
        for (var index = 0; index < Webhooks.Count; index++)
        {
            ValidateWebhook(index, Refuse);
        }

        if (LinkTemplate is not null && !IsLink(LinkTemplate))
        {
            Refuse(nameof(LinkTemplate), "This must be an http or https address with {id} where the job's id stands, such as https://clinic.example/jobs/{id}.");
        }

        if (TrustedCertificatePath is not null && TrustedCertificates.TryRead(TrustedCertificatePath) is null)
        {
            Refuse(nameof(TrustedCertificatePath), "The file cannot be read as PEM certificates. Name a file that the service may read and that holds the certificate of the authority.");
        }

        if (MaxAttempts is < 1 or > 100)
        {
            Refuse(nameof(MaxAttempts), "This must be from 1 to 100.");
        }

        if (FirstDelaySeconds is < 1 or > 3_600)
        {
            Refuse(nameof(FirstDelaySeconds), "This must be from 1 to 3600.");
        }

        if (MaxDelaySeconds < FirstDelaySeconds || MaxDelaySeconds > 86_400)
        {
            Refuse(nameof(MaxDelaySeconds), "This must be at least FirstDelaySeconds and at most 86400.");
        }

        return problems;
    }

    private void ValidateSmtp(Action<string, string> refuse)
    {
        if (Smtp.Port is < 1 or > 65_535)
        {
            refuse("Smtp:Port", "This must be from 1 to 65535; usual are 587, 465 and 25.");
        }

        if (!Enum.IsDefined(Smtp.Security))
        {
            refuse("Smtp:Security", "This must be Auto, None, StartTls or Tls.");
        }

        if (Smtp.TimeoutSeconds is < 1 or > 300)
        {
            refuse("Smtp:TimeoutSeconds", "This must be from 1 to 300.");
        }

        if (Text.HasControls(Smtp.FromName))
        {
            refuse("Smtp:FromName", "This must be one line without control characters.");
        }

        if (!CanSendEmail)
        {
            if (Smtp.From is not null || Smtp.User is not null)
            {
                refuse("Smtp:Host", "The mail server's name is missing. Set it, or leave out the other settings of Smtp.");
            }

            return;
        }

        if (Uri.CheckHostName(Smtp.Host) == UriHostNameType.Unknown)
        {
            refuse("Smtp:Host", "This must be the name or the address of a machine, without a port.");
        }

        if (EmailAddress.Parse(Smtp.From) is null)
        {
            refuse("Smtp:From", "This must be one e-mail address, such as documents@clinic.example; its name belongs into FromName.");
        }

        if (string.IsNullOrEmpty(Smtp.User) != string.IsNullOrEmpty(Smtp.Password))
        {
            refuse(string.IsNullOrEmpty(Smtp.User) ? "Smtp:User" : "Smtp:Password", "User and Password belong together: set both, or neither.");
        }
        else if (!string.IsNullOrEmpty(Smtp.User) && Smtp.Security == SmtpSecurity.None && !Smtp.IsOnThisMachine)
        {
            refuse("Smtp:Security", "With None the password would be sent for anyone to read. Use StartTls or Tls.");
        }
    }

    private void ValidateWebhook(int index, Action<string, string> refuse)
    {
        var webhook = Webhooks[index];
        var path = string.Create(CultureInfo.InvariantCulture, $"Webhooks:{index}");
        if (!Uri.TryCreate(webhook.Url, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
            || Text.HasControls(webhook.Url))
        {
            refuse($"{path}:Url", "This must be an address such as https://receiver.example/hooks.");
        }
        else
        {
            if (url.Scheme == Uri.UriSchemeHttp && !AllowPrivateAddresses)
            {
                refuse($"{path}:Url", "This must be https. Plain http is possible inside a network only, with AllowPrivateAddresses.");
            }

            if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
            {
                refuse($"{path}:Url", "The address must hold neither a user, nor a password, nor a fragment (#…).");
            }

            if (!AllowPrivateAddresses && SpecialAddresses.IsSpecialHost(url))
            {
                refuse($"{path}:Url", "This is an address inside a network. If it is meant, set AllowPrivateAddresses.");
            }
        }

        if (WebhookSignature.ReadSecrets(webhook.Secret) is null)
        {
            refuse($"{path}:Secret", "This must be whsec_ and base64 of 24 to 64 random bytes; during a change two of them, with a space between them. Make one with: echo whsec_$(openssl rand -base64 32)");
        }

        if (Webhooks.Take(index).Any(other => other.Url == webhook.Url && other.Owner == webhook.Owner))
        {
            refuse(path, "The same address stands further up for the same owner. To change a secret, give both in one entry, with a space between them.");
        }
    }

    private static bool IsLink(string template) =>
        template.Contains("{id}", StringComparison.Ordinal)
        && !Text.HasControls(template)
        && Uri.TryCreate(template.Replace("{id}", "0", StringComparison.Ordinal), UriKind.Absolute, out var link)
        && (link.Scheme == Uri.UriSchemeHttps || link.Scheme == Uri.UriSchemeHttp);
}

/// <summary>The mail server.</summary>
public sealed record SmtpSettings
{
    /// <summary>Its name or address. Default null: no e-mail is sent.</summary>
    public string? Host { get; init; }

    /// <summary>Its port. Default 587.</summary>
    public int Port { get; init; } = 587;

    /// <summary>How the connection is encrypted. Default <see cref="SmtpSecurity.Auto"/>.</summary>
    public SmtpSecurity Security { get; init; }

    /// <summary>Who logs in. Default null: no login.</summary>
    public string? User { get; init; }

    /// <summary>The password of <see cref="User"/>.</summary>
    public string? Password { get; init; }

    /// <summary>The address e-mails come from; required where there is a host. Its domain ends the ids of the messages.</summary>
    public string? From { get; init; }

    /// <summary>The name beside <see cref="From"/>. Default <c>ClinicFlow Documents</c>.</summary>
    public string FromName { get; init; } = "ClinicFlow Documents";

    /// <summary>How long sending one e-mail may take, from 1 to 300. Default 30.</summary>
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>Whether the server runs on this machine, where nobody can listen in.</summary>
    internal bool IsOnThisMachine =>
        string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (System.Net.IPAddress.TryParse(Host, out var address) && System.Net.IPAddress.IsLoopback(address));

    /// <summary>The settings without their secrets, so that a log cannot have them.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{nameof(SmtpSettings)} {{ {Host}:{Port}, {Security} }}");
}

/// <summary>How the connection to a mail server is encrypted.</summary>
public enum SmtpSecurity
{
    /// <summary>TLS on port 465; elsewhere STARTTLS where the server offers it. A login is refused where neither came about.</summary>
    Auto,

    /// <summary>Not at all: for a relay inside the clinic's network.</summary>
    None,

    /// <summary>With STARTTLS; a server without it is not used.</summary>
    StartTls,

    /// <summary>From the first byte.</summary>
    Tls,
}

/// <summary>A receiver of webhooks.</summary>
public sealed record WebhookSettings
{
    /// <summary>Its address, https.</summary>
    public string Url { get; init; } = "";

    /// <summary>
    /// What requests are signed with: <c>whsec_</c> and base64 of 24 to 64 random bytes. While a secret is changed, the new
    /// and the old one with a space between them: requests then carry both signatures.
    /// </summary>
    public string Secret { get; init; } = "";

    /// <summary>Whose jobs are told. Default null: everybody's.</summary>
    public string? Owner { get; init; }

    /// <summary>The settings without their secret and address, which may hold a token.</summary>
    public override string ToString() => nameof(WebhookSettings);
}
