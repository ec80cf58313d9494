namespace ClinicFlow.Batch.Templates;

/// <summary>A version of a template. But for its status it never changes.</summary>
/// <param name="Id">Its id; jobs pin it.</param>
/// <param name="TemplateId">The template.</param>
/// <param name="Version">Its number, from 1.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="ContentHash">SHA-256 of the file, in lower-case hexadecimal.</param>
/// <param name="FileName">What the file was called.</param>
/// <param name="CreatedBy">Who uploaded it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="PublishedAt">When it was published; null before.</param>
public sealed record TemplateVersion(Guid Id, Guid TemplateId, int Version, TemplateStatus Status, string ContentHash, string FileName, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? PublishedAt);

/// <summary>A template: a name, and its versions.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for; empty where nobody said.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="UpdatedAt">When anything about it last changed.</param>
/// <param name="Versions">Its versions, the newest first.</param>
public sealed record DocumentTemplate(Guid Id, string Name, string Description, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, IReadOnlyList<TemplateVersion> Versions)
{
    /// <summary>The version that new jobs use: the newest published one; null where none is.</summary>
    public TemplateVersion? Published => Versions.FirstOrDefault(version => version.Status == TemplateStatus.Published);
}

/// <summary>What came of asking something of a template.</summary>
public abstract record TemplateOutcome
{
    private TemplateOutcome()
    {
    }

    /// <summary>It is done, or was so already.</summary>
    /// <param name="Template">The template as it stands.</param>
    /// <param name="Version">The version concerned.</param>
    public sealed record Done(DocumentTemplate Template, TemplateVersion Version) : TemplateOutcome;

    /// <summary>There is no such template or version, or it is somebody else's to change.</summary>
    public sealed record NotFound : TemplateOutcome;

    /// <summary>It cannot be done.</summary>
    /// <param name="Code">A stable code.</param>
    /// <param name="Message">Why not, and what to do.</param>
    public sealed record Refused(string Code, string Message) : TemplateOutcome;
}
