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

/// <summary>A version of a template.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its number, from 1.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="ContentHash">SHA-256 of its file.</param>
/// <param name="FileName">What the file was called.</param>
/// <param name="CreatedBy">Who uploaded it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="PublishedAt">When it was published.</param>
public sealed record TemplateVersionView(Guid Id, int Version, TemplateStatus Status, string ContentHash, string FileName, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? PublishedAt);

/// <summary>A template.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="UpdatedAt">When it last changed.</param>
/// <param name="PublishedVersionId">What new jobs use; null where nothing is published.</param>
/// <param name="Versions">Its versions, the newest first.</param>
public sealed record TemplateView(Guid Id, string Name, string Description, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, Guid? PublishedVersionId, IReadOnlyList<TemplateVersionView> Versions);

/// <summary>A merge field of a template.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it seems to be: <c>text</c>, <c>number</c>, <c>date</c> …</param>
/// <param name="IsOptional">Whether a document can do without it.</param>
/// <param name="Places">Where it stands.</param>
public sealed record TemplateFieldView(string Name, string Type, bool IsOptional, IReadOnlyList<string> Places);

/// <summary>Something that is wrong with a template or its data.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Severity"><c>error</c> or <c>warning</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Place">Where.</param>
/// <param name="Field">The merge field concerned.</param>
public sealed record TemplateProblemView(string Code, string Severity, string Message, string Advice, string Place, string Field);

/// <summary>What was found in a version.</summary>
/// <param name="CanRender">Whether documents can be made of it.</param>
/// <param name="Fields">Its merge fields.</param>
/// <param name="Problems">What is wrong.</param>
public sealed record TemplateAnalysis(bool CanRender, IReadOnlyList<TemplateFieldView> Fields, IReadOnlyList<TemplateProblemView> Problems);

/// <summary>A document to look at.</summary>
public sealed record PreviewRequest
{
    /// <summary>The data.</summary>
    public JsonObject MergeData { get; init; } = [];

    /// <summary><c>pdf</c> or <c>docx</c>.</summary>
    public string Format { get; init; } = "pdf";

    /// <summary>The culture of numbers and dates.</summary>
    public string? Culture { get; init; }

    /// <summary>What a merge field without a value becomes. Default: its name is printed highlighted.</summary>
    public MissingData MissingData { get; init; } = MissingData.Highlight;
}
