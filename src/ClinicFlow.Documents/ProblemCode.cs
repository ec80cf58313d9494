namespace ClinicFlow.Documents;

/// <summary>The stable codes of <see cref="Problem.Code"/>. A code is never renamed or given a second meaning.</summary>
public static class ProblemCode
{
    // Tags
    /// <summary>A <c>{{</c> has no <c>}}</c>.</summary>
    public const string TagNeverEnds = "tag-never-ends";

    /// <summary>What stands in a tag is not the tag language.</summary>
    public const string TagNotUnderstood = "tag-not-understood";

    /// <summary>A formatter that does not exist.</summary>
    public const string UnknownFormatter = "unknown-formatter";

    /// <summary>A formatter's argument is missing or not of its kind.</summary>
    public const string FormatterArgument = "formatter-argument";

    /// <summary>More tags or fields than a template can have: more than 500 in a paragraph, or 5,000 in a part.</summary>
    public const string TooManyTags = "too-many-tags";

    /// <summary>A tag or merge field within an equation, where no record fills it in.</summary>
    public const string TagInEquation = "tag-in-equation";

    /// <summary>A tag in the text of a chart or diagram, where no record fills it in.</summary>
    public const string TagInDrawing = "tag-in-drawing";

    // Sections
    /// <summary>A section (<c>{{#each}}</c>, <c>{{#if}}</c>, <c>TableStart:</c>) has no end.</summary>
    public const string SectionNeverEnds = "section-never-ends";

    /// <summary>An end or an else without the section it belongs to.</summary>
    public const string SectionNeverStarts = "section-never-starts";

    /// <summary>A section starts and ends in places that cannot be repeated together, such as inside and outside a table.</summary>
    public const string SectionCrosses = "section-crosses";

    // Word fields
    /// <summary>A complex field has no end, or an end without a start.</summary>
    public const string FieldNotClosed = "field-not-closed";

    /// <summary>A field whose instruction is not what Word defines.</summary>
    public const string FieldNotUnderstood = "field-not-understood";

    /// <summary>A field that would fetch from outside; it is never run.</summary>
    public const string FieldNeverFetched = "field-never-fetched";

    /// <summary>A formula that cannot be calculated.</summary>
    public const string FormulaError = "formula-error";

    /// <summary>The template links to content outside itself, which is never fetched.</summary>
    public const string ExternalContent = "external-content";

    // Data
    /// <summary>A field of the template that the record does not have.</summary>
    public const string ValueMissing = "value-missing";

    /// <summary>A value that is not of the kind that the template needs.</summary>
    public const string ValueKindMismatch = "value-kind-mismatch";

    /// <summary>A column that the template does not use.</summary>
    public const string ColumnUnused = "column-unused";

    /// <summary>An image value that is no PNG or JPEG, or cannot be found.</summary>
    public const string ImageNotUsable = "image-not-usable";

    /// <summary>A value that the barcode asked for cannot hold.</summary>
    public const string BarcodeNotPossible = "barcode-not-possible";

    /// <summary>A record would make a document larger than the limit.</summary>
    public const string DocumentTooLarge = "document-too-large";

    /// <summary>A row of the data that cannot be read.</summary>
    public const string RowNotReadable = "row-not-readable";
}
