namespace ClinicFlow.Documents.Content;

/// <summary>What the place in the template gives to rich content that is written there.</summary>
internal sealed record RichFormat
{
    /// <summary>The <c>w:rPr</c> of the tag's run, or nothing.</summary>
    public byte[] RunProperties { get; init; } = [];

    /// <summary>The <c>w:pPr</c> of the tag's paragraph, or nothing. A section break in it goes to the last paragraph.</summary>
    public byte[] ParagraphProperties { get; init; } = [];

    /// <summary>The template's style ids of the headings 1 to 6; where one is missing or empty, headings are formatted directly.</summary>
    public IReadOnlyList<string> HeadingStyles { get; init; } = [];

    /// <summary>The numbering instance for bullets; 0 where there is none, and bullets are written as text.</summary>
    public int BulletNumId { get; init; }

    /// <summary>Gives a numbering instance of its own for a numbered list on a level (from 0) that starts at a number; null where numbers are written as text.</summary>
    public Func<int, int, int>? NewOrderedList { get; init; }
}
