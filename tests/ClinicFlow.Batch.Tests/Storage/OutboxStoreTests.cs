using ClinicFlow.Batch.Delivery;
using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Storage;
using ClinicFlow.Batch.Storage.Tables;
using ClinicFlow.Batch.Tests.Delivery;
using ClinicFlow.Batch.Tests.Engine;
using ClinicFlow.Batch.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace ClinicFlow.Batch.Tests.Storage;

/// <summary>The outbox of the databases keeps the promise of every outbox.</summary>
public abstract class OutboxStoreContract : OutboxContract, IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private TestClinic? _clinic;
    private OutboxStore? _store;

    protected override IOutbox Outbox => _store!;

    [Fact]
    public async Task A_mail_sent_by_a_host_that_died_before_it_said_so_comes_again_with_the_same_id()
    {
        using var certificate = new TestCertificate();
        await using var server = await SmtpServer.StartAsync(certificate);
        await AddAsync(OutboxKind.Email, Sample.To, Sample.Ended);
        var settings = Sample.Smtp(server.PlainPort);
        OutboxSender SenderOf(IOutbox outbox) => new(outbox, new SmtpEmailSender(settings, _clock), new WebhookSender(settings, _clock), settings, _clock, new Random(1), NullLogger<OutboxSender>.Instance);

        await SenderOf(new DiesBeforeItMarks(Outbox)).SendDueAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await SenderOf(Outbox).SendDueAsync(TestContext.Current.CancellationToken));
        await AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(1, await SenderOf(Outbox).SendDueAsync(TestContext.Current.CancellationToken));
        await AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(0, await SenderOf(Outbox).SendDueAsync(TestContext.Current.CancellationToken));

        var mails = await server.StopAsync();
        Assert.Equal(2, mails.Count);
        Assert.NotNull(mails[0].Read().MessageId);
        Assert.Equal(mails[0].Read().MessageId, mails[1].Read().MessageId);
    }

    public async ValueTask InitializeAsync()
    {
        _clinic = await TestClinic.OpenAsync(await NewDatabaseAsync(), parts: new BatchEngineParts { Time = _clock }, isStarted: false);
        _store = new OutboxStore(_clinic.Engine.Database, _clock);
        var template = (await _clinic.Engine.Templates.FindAsync(_clinic.TemplateId, TestContext.Current.CancellationToken))!;
        var job = new NewJob(Sample.Ended.JobId, "anna", "x", "", template.Id, template.Published!.Id, JobPriority.Normal, new BatchJobSettings(), TimeSpan.FromMinutes(1), null);
        await new IntakeStore(_clinic.Engine.Database, _clinic.Engine.Audit, _clock).CreateAsync(job, new BatchUser("anna"), new[] { new NewRequest("r1", "x", [0], null, null) }.ToAsyncEnumerable(), 10, false, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _clinic!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<string?> NewDatabaseAsync();

    protected override async Task<Guid> AddAsync(OutboxKind kind, string destination, JobEnded job)
    {
        var now = _clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await _clinic!.Engine.Database.WriteAsync(
            null,
            async db =>
            {
                db.Outbox.Add(new OutboxEntity { Id = id, JobId = job.JobId, Kind = Names.Of(kind), Destination = destination, Payload = JobRows.WriteJson(job), DueAt = now, CreatedAt = now });
                await db.SaveChangesAsync(TestContext.Current.CancellationToken);
                return (true, true);
            },
            TestContext.Current.CancellationToken);
        return id;
    }

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }

    private sealed class DiesBeforeItMarks(IOutbox outbox) : IOutbox
    {
        public Task<IReadOnlyList<OutboxMessage>> TakeDueAsync(int count, TimeSpan lease, CancellationToken cancellation) => outbox.TakeDueAsync(count, lease, cancellation);

        public Task<bool> MarkSentAsync(Guid id, CancellationToken cancellation) => throw new IOException("Killed.");

        public Task<bool> MarkFailedAsync(Guid id, string reason, TimeSpan? retryAfter, CancellationToken cancellation) => throw new IOException("Killed.");
    }
}

public sealed class SqliteOutboxStoreTests : OutboxStoreContract
{
    protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresOutboxStoreTests(PostgresFixture postgres) : OutboxStoreContract
{
    protected override async Task<string?> NewDatabaseAsync() => await postgres.NewDatabaseAsync();
}

/// <summary>What is written of a job's end, and that it comes with the end or not at all.</summary>
public abstract class JobEndContract : OnBothDatabases
{
    private const string Hook = "https://127.0.0.1:1/hook";

    private static BatchJobSettings Notifying => new() { OutputFormat = OutputFormat.Docx, NotifyOnCompletion = true, NotificationEmail = Sample.To };

    [Fact]
    public async Task An_ended_job_sends_one_mail_with_its_counts()
    {
        using var certificate = new TestCertificate();
        await using var server = await SmtpServer.StartAsync(certificate);
        await using (var clinic = await OpenAsync(config => config with { Notifications = Sample.Smtp(server.PlainPort) }))
        {
            var id = await clinic.Anna.CreateBatchJobAsync(
                "Consent of Änne", clinic.TemplateId, TestClinic.Requests(40).Select((r, i) => i < 3 ? r with { MergeData = [] } : r), Notifying, cancellation: Cancellation);
            await clinic.EndAsync(id);

            var mail = await server.NextAsync();
            Assert.Equal([Sample.To], mail.To);
            var text = mail.Read().TextBody;
            Assert.Contains("37", text, StringComparison.Ordinal);
            Assert.Contains("40", text, StringComparison.Ordinal);
            Assert.Contains(id.ToString(), text, StringComparison.Ordinal);
            Assert.DoesNotContain("Änne", text, StringComparison.Ordinal);
            await TestClinic.UntilAsync(() => ReadAsync(clinic, db => db.Outbox.AllAsync(m => m.SentAt != null, Cancellation)));
            Assert.Equal(1, await ReadAsync(clinic, db => db.Outbox.CountAsync(Cancellation)));
        }

        Assert.Empty(await server.StopAsync());
    }

    [Fact]
    public async Task Every_end_of_a_job_writes_one_row_for_each_destination()
    {
        await using var clinic = await OpenAsync(
            config => config with { Notifications = Sample.Webhook(Hook) with { Smtp = Sample.Smtp(1).Smtp, FirstDelaySeconds = 3_600, MaxDelaySeconds = 3_600 } }, isStarted: false);
        Task<List<string>> RowsOfAsync(Guid id) => ReadAsync(clinic, db => db.Outbox.Where(m => m.JobId == id).OrderBy(m => m.CreatedAt).ThenBy(m => m.Kind).Select(m => m.Kind).ToListAsync(Cancellation));
        var cancelled = await clinic.CreateAsync(3, Notifying);
        var quiet = await clinic.CreateAsync(3);
        var ended = await clinic.Anna.CreateBatchJobAsync("x", clinic.TemplateId, TestClinic.Requests(3).Select((r, i) => i < 1 ? r with { MergeData = [] } : r), Notifying, cancellation: Cancellation);

        // The user's own transaction, under the user's own role.
        await clinic.Anna.CancelJobAsync(cancelled, Cancellation);
        await clinic.Anna.CancelJobAsync(cancelled, Cancellation);
        Assert.Equal(["email", "webhook"], await RowsOfAsync(cancelled));
        Assert.Equal(JobStatus.Cancelled, (await clinic.Anna.GetBatchJobAsync(cancelled, Cancellation))!.Status);

        clinic.Engine.Start();
        await clinic.EndAsync(quiet);
        await clinic.EndAsync(ended);
        Assert.Equal(["webhook"], await RowsOfAsync(quiet));
        Assert.Equal(["email", "webhook"], await RowsOfAsync(ended));

        await clinic.Anna.RetryFailedRequestsAsync(ended, cancellation: Cancellation);
        await clinic.EndAsync(ended);
        Assert.Equal(4, (await RowsOfAsync(ended)).Count);
    }

    [Fact]
    public async Task A_job_does_not_end_where_its_message_cannot_be_written()
    {
        await using var clinic = await OpenAsync(config => config with { Notifications = Sample.Smtp(1) }, isStarted: false);
        var id = await clinic.CreateAsync(3, Notifying);

        await ExecuteAsOwnerAsync(clinic, "alter table notification_outbox rename to away");
        await Assert.ThrowsAsync<StorageException>(() => clinic.Anna.CancelJobAsync(id, Cancellation));
        Assert.Equal(JobStatus.Queued, (await clinic.Anna.GetBatchJobAsync(id, Cancellation))!.Status);
        Assert.Single(await clinic.Anna.GetQueueAsync(cancellation: Cancellation));

        await ExecuteAsOwnerAsync(clinic, "alter table away rename to notification_outbox");
        Assert.IsType<ControlOutcome.Accepted>(await clinic.Anna.CancelJobAsync(id, Cancellation));
        Assert.Equal(1, await ReadAsync(clinic, db => db.Outbox.CountAsync(Cancellation)));
    }
}

public sealed class SqliteJobEndTests : JobEndContract
{
    protected override Task<string?> NewDatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresJobEndTests(PostgresFixture postgres) : JobEndContract
{
    protected override async Task<string?> NewDatabaseAsync() => await postgres.NewDatabaseAsync();
}
