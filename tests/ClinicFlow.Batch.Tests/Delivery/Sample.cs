using ClinicFlow.Batch.Delivery;
using ClinicFlow.Batch.Jobs;

namespace ClinicFlow.Batch.Tests.Delivery;

/// <summary>A job that ended, and settings without problems.</summary>
internal static class Sample
{
    public const string To = "office@clinic.example";
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly DateTimeOffset Created = new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);

    public static JobEnded Ended { get; } = new(
        Guid.Parse("0190f3b2-1c2d-7e3f-8a4b-5c6d7e8f9a0b"), "Consent of Änne Müller", "completed", 300, 298, 2,
        Created, Created.AddMinutes(1), Created.AddMinutes(13).AddSeconds(5));

    public static NotificationSettings Smtp(int port, SmtpSecurity security = SmtpSecurity.None) => new()
    {
        Smtp = new SmtpSettings { Host = "127.0.0.1", Port = port, Security = security, From = "documents@mail.clinic.example", TimeoutSeconds = 20 },
        LinkTemplate = "https://clinic.example/jobs/{id}",
    };

    public static NotificationSettings Webhook(string url, string secret = Secret, bool allowPrivate = true) => new()
    {
        Webhooks = [new WebhookSettings { Url = url, Secret = secret }],
        AllowPrivateAddresses = allowPrivate,
    };

    public static OutboxMessage Email(string to = To, JobEnded? job = null) => Message(OutboxKind.Email, to, job ?? Ended);

    public static OutboxMessage Hook(string url, JobEnded? job = null) => Message(OutboxKind.Webhook, url, job ?? Ended);

    public static BatchJob Job(JobStatus status, BatchJobSettings settings, string owner = "anna") => new()
    {
        Id = Ended.JobId,
        CreatedBy = owner,
        Name = Ended.JobName,
        TemplateId = Guid.NewGuid(),
        Priority = JobPriority.Normal,
        Status = status,
        Settings = settings,
        Total = 300,
        Succeeded = 298,
        Failed = 2,
        Retrying = 0,
        CreatedAt = Ended.CreatedAt,
        StartedAt = Ended.StartedAt,
        CompletedAt = Ended.CompletedAt,
        UpdatedAt = Ended.CompletedAt,
        TemplateVersionId = Guid.Empty,
        Measures = JobMeasures.None,
        Active = TimeSpan.Zero,
        Timeout = TimeSpan.FromMinutes(30),
        Epoch = 1,
    };

    private static OutboxMessage Message(OutboxKind kind, string destination, JobEnded job) =>
        new(Guid.NewGuid(), job.JobId, kind, destination, job, 1, Created.AddMinutes(14));
}
