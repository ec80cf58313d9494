using ClinicFlow.Batch.Jobs;
using ClinicFlow.Batch.Storage.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ClinicFlow.Batch.Storage;

/// <summary>The tables, by the specification's names, the same on both databases. Each database has its own subclass for its types and migrations.</summary>
internal abstract class BatchDb(DbContextOptions options) : DbContext(options)
{
    public DbSet<JobEntity> Jobs => Set<JobEntity>();

    public DbSet<RequestEntity> Requests => Set<RequestEntity>();

    public DbSet<RequestDataEntity> RequestData => Set<RequestDataEntity>();

    public DbSet<QueueEntity> Queue => Set<QueueEntity>();

    public DbSet<ResultEntity> Results => Set<ResultEntity>();

    public DbSet<FailedRequestEntity> FailedRequests => Set<FailedRequestEntity>();

    public DbSet<TemplateEntity> Templates => Set<TemplateEntity>();

    public DbSet<TemplateVersionEntity> TemplateVersions => Set<TemplateVersionEntity>();

    public DbSet<OutboxEntity> Outbox => Set<OutboxEntity>();

    public DbSet<AuditEntity> Audit => Set<AuditEntity>();

    public DbSet<DataKeyEntity> DataKeys => Set<DataKeyEntity>();

    /// <summary>The column type of JSON.</summary>
    protected abstract string JsonType { get; }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<JobEntity>(job =>
        {
            job.ToTable("batch_document_jobs", table => table.HasCheckConstraint("ck_jobs_counts", "succeeded >= 0 and failed >= 0 and retrying >= 0 and succeeded + failed + retrying <= total"));
            job.Property(j => j.Name).HasMaxLength(200);
            job.Property(j => j.CreatedBy).HasMaxLength(200);
            job.Property(j => j.IdempotencyKey).HasMaxLength(200);
            job.Property(j => j.Progress).HasColumnType(JsonType);
            job.Property(j => j.Settings).HasColumnType(JsonType);
            job.HasOne<TemplateEntity>().WithMany().HasForeignKey(j => j.TemplateId).OnDelete(DeleteBehavior.Restrict);
            job.HasOne<TemplateVersionEntity>().WithMany().HasForeignKey(j => j.TemplateVersionId).OnDelete(DeleteBehavior.Restrict);
            job.HasIndex(j => new { j.CreatedBy, j.IdempotencyKey }).IsUnique().HasFilter("idempotency_key is not null").HasDatabaseName("ix_jobs_idempotency");
            job.HasIndex(j => new { j.CreatedBy, j.CreatedAt, j.Id }).IsDescending(false, true, true).HasDatabaseName("ix_jobs_owner");
            job.HasIndex(j => new { j.CreatedAt, j.Id }).IsDescending().HasDatabaseName("ix_jobs_created");
            job.HasIndex(j => j.LeaseUntil).HasFilter("status = 'processing'").HasDatabaseName("ix_jobs_running");
            job.HasIndex(j => j.CompletedAt).HasFilter("purged_at is null and completed_at is not null").HasDatabaseName("ix_jobs_ended");
            job.HasIndex(j => j.UpdatedAt).HasFilter("not is_ready").HasDatabaseName("ix_jobs_unfinished_intake");
            job.HasIndex(j => j.Status).HasFilter("status = 'paused'").HasDatabaseName("ix_jobs_paused");
        });
        modelBuilder.Entity<RequestEntity>(request =>
        {
            request.ToTable("batch_document_requests");
            request.HasKey(r => new { r.JobId, r.RequestIndex });
            request.Property(r => r.RequestId).HasMaxLength(200);
            request.Property(r => r.DocumentName).HasMaxLength(500);
            request.Property(r => r.PatientId).HasMaxLength(200);
            request.HasOne<JobEntity>().WithMany().HasForeignKey(r => r.JobId).OnDelete(DeleteBehavior.Cascade);
            request.HasIndex(r => new { r.JobId, r.RequestId }).IsUnique().HasDatabaseName("ix_requests_id");
            request.HasIndex(r => new { r.JobId, r.State }).HasFilter("state in ('retrying', 'failed', 'rendering')").HasDatabaseName("ix_requests_state");
        });
        modelBuilder.Entity<RequestDataEntity>(data =>
        {
            data.ToTable("batch_request_data");
            data.HasKey(d => new { d.JobId, d.RequestIndex });
            data.HasOne<JobEntity>().WithMany().HasForeignKey(d => d.JobId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<QueueEntity>(queue =>
        {
            queue.ToTable("batch_job_queue");
            queue.HasIndex(q => q.JobId).IsUnique().HasDatabaseName("ix_queue_job");
            queue.HasOne<JobEntity>().WithMany().HasForeignKey(q => q.JobId).OnDelete(DeleteBehavior.Cascade);
            queue.HasIndex(q => new { q.Rank, q.Turn, q.QueuedAt, q.Sequence }).IsDescending(true, false, false, false).HasDatabaseName("ix_queue_order");
            queue.HasIndex(q => new { q.CreatedBy, q.Rank, q.Turn }).HasDatabaseName("ix_queue_owner");
            queue.HasIndex(q => q.Sequence).IsUnique().HasDatabaseName("ix_queue_sequence");
        });
        modelBuilder.Entity<ResultEntity>(result =>
        {
            result.ToTable("batch_job_results");
            result.Property(r => r.ResultData).HasColumnType(JsonType);
            result.Property(r => r.OutputFiles).HasColumnType(JsonType);
            result.HasIndex(r => r.JobId).IsUnique().HasDatabaseName("ix_results_job");
            result.HasOne<JobEntity>().WithMany().HasForeignKey(r => r.JobId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<FailedRequestEntity>(failed =>
        {
            failed.ToTable("failed_document_requests");
            failed.HasIndex(f => new { f.JobId, f.RequestIndex }).IsUnique().HasDatabaseName("ix_failed_job");
            failed.HasOne<JobEntity>().WithMany().HasForeignKey(f => f.JobId).OnDelete(DeleteBehavior.Cascade);
        });
        modelBuilder.Entity<TemplateEntity>(template =>
        {
            template.ToTable("document_templates");
            template.Property(t => t.Name).HasMaxLength(200);
            template.HasIndex(t => t.Name).HasDatabaseName("ix_templates_name");
        });
        modelBuilder.Entity<TemplateVersionEntity>(version =>
        {
            version.ToTable("document_template_versions");
            version.HasOne<TemplateEntity>().WithMany().HasForeignKey(v => v.TemplateId).OnDelete(DeleteBehavior.Cascade);
            version.HasIndex(v => new { v.TemplateId, v.Version }).IsUnique().HasDatabaseName("ix_versions_number");
            version.HasIndex(v => new { v.TemplateId, v.ContentHash }).IsUnique().HasDatabaseName("ix_versions_content");
        });
        modelBuilder.Entity<OutboxEntity>(message =>
        {
            message.ToTable("notification_outbox");
            message.Property(m => m.Payload).HasColumnType(JsonType);
            message.HasOne<JobEntity>().WithMany().HasForeignKey(m => m.JobId).OnDelete(DeleteBehavior.Cascade);
            message.HasIndex(m => m.DueAt).HasFilter("sent_at is null and given_up_at is null").HasDatabaseName("ix_outbox_due");
        });
        modelBuilder.Entity<AuditEntity>(entry =>
        {
            entry.ToTable("audit_log");
            entry.HasKey(e => e.Sequence);
            entry.Property(e => e.Sequence).ValueGeneratedNever();
            entry.HasIndex(e => new { e.Actor, e.Sequence }).HasDatabaseName("ix_audit_actor");
            entry.HasIndex(e => new { e.Subject, e.Sequence }).HasDatabaseName("ix_audit_subject");
        });
        modelBuilder.Entity<DataKeyEntity>(key => key.ToTable("data_keys"));
        NameInLowerCase(modelBuilder);
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<JobStatus>().HaveConversion<LowerCase<JobStatus>>().HaveMaxLength(20);
        configurationBuilder.Properties<JobPriority>().HaveConversion<LowerCase<JobPriority>>().HaveMaxLength(20);
        configurationBuilder.Properties<RequestState>().HaveConversion<LowerCase<RequestState>>().HaveMaxLength(20);
        configurationBuilder.Properties<JobControl>().HaveConversion<LowerCase<JobControl>>().HaveMaxLength(20);
        configurationBuilder.Properties<Templates.TemplateStatus>().HaveConversion<LowerCase<Templates.TemplateStatus>>().HaveMaxLength(20);
    }

    /// <summary>The specification writes <c>created_at</c> where C# writes <c>CreatedAt</c>.</summary>
    private static void NameInLowerCase(ModelBuilder model)
    {
        foreach (var property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            property.SetColumnName(string.Concat(property.Name.Select((letter, at) => char.IsUpper(letter) && at > 0 ? "_" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString())));
        }

        foreach (var entity in model.Model.GetEntityTypes())
        {
            entity.FindPrimaryKey()!.SetName($"pk_{entity.GetTableName()}");
            foreach (var key in entity.GetForeignKeys())
            {
                key.SetConstraintName($"fk_{entity.GetTableName()}_{key.Properties[0].GetColumnName()}");
            }
        }
    }

    private sealed class LowerCase<T>() : ValueConverter<T, string>(value => Names.Of(value), text => Names.Parse<T>(text))
        where T : struct, Enum;
}

/// <summary>The names that states have in the database: those of the specification, in lower case.</summary>
internal static class Names
{
    /// <summary>The name of a value.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum
        => value.ToString().ToLowerInvariant();

    /// <summary>The value of a name.</summary>
    public static T Parse<T>(string text)
        where T : struct, Enum
        => Enum.Parse<T>(text, ignoreCase: true);
}
