namespace ClinicFlow.Documents.Merge;

/// <summary>What a template knows about itself, found once when it is compiled.</summary>
internal sealed record TemplateFacts
{
    /// <summary>The document's properties, for DOCPROPERTY and its like; keys compared case-insensitively.</summary>
    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    /// <summary>The document's variables, for DOCVARIABLE.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>The first drawing id that no drawing of the template has.</summary>
    public required int FreeDrawingId { get; init; }

    /// <summary>The first bookmark id that no bookmark of the template has.</summary>
    public required int FreeBookmarkId { get; init; }

    /// <summary>The first id that no footnote and no endnote of the template has.</summary>
    public required int FreeNoteId { get; init; }

    /// <summary>The first numbering instance that the template does not define.</summary>
    public required int FreeListId { get; init; }

    /// <summary>How the names of the images that records bring begin; no part of the template begins so.</summary>
    public required string MediaPrefix { get; init; }

    /// <summary>The numbering instance for bullets and the abstract numbering for numbers in rich content; 0 where the template has none.</summary>
    public required (int Bullets, int Numbers) ListKinds { get; init; }

    /// <summary>The template's style ids of the headings 1 to 6; empty text where it has none.</summary>
    public required IReadOnlyList<string> HeadingStyles { get; init; }
}
