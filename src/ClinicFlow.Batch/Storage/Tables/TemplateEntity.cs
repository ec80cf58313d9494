using ClinicFlow.Batch.Templates;

namespace ClinicFlow.Batch.Storage.Tables;

/// <summary>A row of <c>document_templates</c>.</summary>
internal sealed class TemplateEntity
{
    public Guid Id { get; set; }

    public required string Name { get; set; }

    public required string Description { get; set; }

    public required string CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>A row of <c>document_template_versions</c>. But for its status it never changes.</summary>
internal sealed class TemplateVersionEntity
{
    public Guid Id { get; set; }

    public Guid TemplateId { get; set; }

    public int Version { get; set; }

    public TemplateStatus Status { get; set; }

    /// <summary>SHA-256 of the file, in lower-case hexadecimal.</summary>
    public required string ContentHash { get; set; }

    public required string FileName { get; set; }

    public required byte[] Content { get; set; }

    public required string CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? PublishedAt { get; set; }
}
