using System.Text.Json.Nodes;

namespace ClinicFlow.Client.Contracts;

/// <summary>Where a version of a template is in its life.</summary>
public enum TemplateStatus
{
    /// <summary>Uploaded; jobs cannot use it yet.</summary>
    Draft,

    /// <summary>Jobs use the newest published version.</summary>
    Published,

    /// <summary>New jobs cannot use it any more.</summary>
    Archived,
}

/// <summary>A template with its versions.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for; empty where nobody said.</param>
/// <param name="CreatedBy">The id of who made it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="UpdatedAt">When anything about it last changed.</param>
/// <param name="PublishedVersionId">The version that new jobs use; null where none is published.</param>
/// <param name="Versions">Its versions, the newest first.</param>
public sealed record Template(
    Guid Id, string Name, string Description, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, Guid? PublishedVersionId, IReadOnlyList<TemplateVersion> Versions);

/// <summary>A version of a template.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its number, from 1.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="ContentHash">SHA-256 of the file.</param>
/// <param name="FileName">What the file was called.</param>
/// <param name="CreatedBy">The id of who uploaded it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="PublishedAt">When it was published; null before.</param>
public sealed record TemplateVersion(Guid Id, int Version, TemplateStatus Status, string ContentHash, string FileName, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? PublishedAt);

/// <summary>What a version needs, and what is wrong with it.</summary>
/// <param name="CanRender">Whether documents can be made of it.</param>
/// <param name="Fields">Its merge fields.</param>
/// <param name="Parameters">What it asks for once a job.</param>
/// <param name="Problems">What is wrong with it, and where.</param>
public sealed record TemplateDetails(bool CanRender, IReadOnlyList<TemplateField> Fields, IReadOnlyList<TemplateParameter> Parameters, IReadOnlyList<ProblemItem> Problems)
{
    /// <summary>What will make PDFs of it; null where the server did not say.</summary>
    public PdfEngineChoice? PdfEngine { get; init; }
}

/// <summary>What makes PDFs of a template, and why that.</summary>
/// <param name="Name">The engine; null where there is none, so that the template makes Word documents only.</param>
/// <param name="Reasons">Why, for people.</param>
public sealed record PdfEngineChoice(string? Name, IReadOnlyList<string> Reasons);

/// <summary>A merge field.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it seems to be: <c>text</c>, <c>number</c>, <c>date</c>, <c>boolean</c>, <c>image</c>, <c>list</c> …</param>
/// <param name="IsOptional">Whether a record may lack it.</param>
/// <param name="Places">Where it stands.</param>
public sealed record TemplateField(string Name, string Type, bool IsOptional, IReadOnlyList<string> Places);

/// <summary>What a template asks for once a job.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Prompt">The question.</param>
/// <param name="Default">The answer where none is given.</param>
public sealed record TemplateParameter(string Name, string Prompt, string Default);

/// <summary>A document to look at, before there is a job.</summary>
public sealed record PreviewOrder
{
    /// <summary>What the merge fields are filled with.</summary>
    public required JsonObject MergeData { get; init; }

    /// <summary>PDF, the default, or DOCX.</summary>
    public OutputFormat Format { get; init; }

    /// <summary>The culture that numbers and dates are printed in. Default: the server's.</summary>
    public string? Culture { get; init; }

    /// <summary>What a merge field that the data does not have becomes. Default: highlighted.</summary>
    public MissingData MissingData { get; init; } = MissingData.Highlight;
}
