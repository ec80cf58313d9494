namespace ClinicFlow.Batch.Templates;

/// <summary>Where a version of a template is in its life.</summary>
public enum TemplateStatus
{
    /// <summary>Uploaded; jobs cannot use it yet.</summary>
    Draft,

    /// <summary>Jobs use the newest published version.</summary>
    Published,

    /// <summary>New jobs cannot use it any more; jobs that pinned it go on.</summary>
    Archived,
}
