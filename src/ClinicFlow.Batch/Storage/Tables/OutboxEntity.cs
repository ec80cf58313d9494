namespace ClinicFlow.Batch.Storage.Tables;

/// <summary>A row of <c>notification_outbox</c>: a message that is to be sent, written with what it tells of.</summary>
internal sealed class OutboxEntity
{
    public Guid Id { get; set; }

    public Guid JobId { get; set; }

    public required string Kind { get; set; }

    public required string Destination { get; set; }

    /// <summary>The event as JSON: counts and times, no patient data.</summary>
    public required string Payload { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset DueAt { get; set; }

    public DateTimeOffset? SentAt { get; set; }

    public DateTimeOffset? GivenUpAt { get; set; }

    public string? LastError { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>A row of <c>data_keys</c>: a key that merge data and outputs are encrypted with, itself protected.</summary>
internal sealed class DataKeyEntity
{
    public required string Id { get; set; }

    public required string ProtectedKey { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
