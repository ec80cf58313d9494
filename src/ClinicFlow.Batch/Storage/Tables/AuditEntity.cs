namespace ClinicFlow.Batch.Storage.Tables;

/// <summary>A row of <c>audit_log</c>. Never changed and never removed: the database refuses both.</summary>
internal sealed class AuditEntity
{
    public long Sequence { get; set; }

    public DateTimeOffset At { get; set; }

    public required string Actor { get; set; }

    public required string Origin { get; set; }

    public required string Action { get; set; }

    public required string Subject { get; set; }

    public required string Outcome { get; set; }

    public required string Detail { get; set; }

    public required string Hash { get; set; }
}
