using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model;

/// <summary>What stands in the lines of a paragraph. A closed set: the sealed records of this file and <see cref="Drawing"/>.</summary>
internal abstract record Inline
{
    /// <summary>Of the characters here; for a drawing that of the run it stands in.</summary>
    public required CharacterFormat Format { get; init; }

    /// <summary>Where a click leads; null for nowhere.</summary>
    public Link? Link { get; init; }
}

/// <summary>Where a link leads.</summary>
/// <param name="Address">An address outside; null for a bookmark of the document.</param>
/// <param name="Bookmark">The bookmark's name; null for an address.</param>
internal sealed record Link(string? Address, string? Bookmark);

/// <summary>
/// Characters. U+00AD is an optional hyphen (w:softHyphen), U+2011 a hyphen that does not break (drawn as a hyphen where the font lacks it);
/// there are no tabs and line breaks in it. Hidden text is here as well; its format says so.
/// </summary>
/// <param name="Text">At least one character; no lone halves of surrogate pairs.</param>
internal sealed record TextRun(string Text) : Inline;

/// <summary>A character of a symbol font (w:sym, §17.3.3.30).</summary>
/// <param name="Font">The font's name.</param>
/// <param name="Code">The character's code, mostly U+F020 to U+F0FF.</param>
internal sealed record SymbolRun(string Font, int Code) : Inline;

/// <summary>A tab character.</summary>
internal sealed record Tab : Inline;

/// <summary>A tab to a fixed place (w:ptab, §17.3.3.23).</summary>
/// <param name="Alignment">What of the text stands there.</param>
/// <param name="IsFromMargin">Measured between the margins, else between the indents.</param>
/// <param name="Leader">What fills the way.</param>
internal sealed record PositionTab(TabAlignment Alignment, bool IsFromMargin, TabLeader Leader) : Inline;

/// <summary>A break (w:br, w:cr).</summary>
/// <param name="Kind">Of what.</param>
/// <param name="Clear">For a line break: beside which floating objects the next line may not stand.</param>
internal sealed record Break(BreakKind Kind, BreakClear Clear = BreakClear.None) : Inline;

internal enum BreakKind
{
    Line,
    Page,
    Column,
}

internal enum BreakClear
{
    None,
    Left,
    Right,
    All,
}

/// <summary>A field whose value the layout decides.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Number">How the number is written; null for the section's own way (PAGE) or decimal.</param>
/// <param name="Cached">What Word last showed.</param>
/// <param name="Target">For <see cref="FieldKind.PageReference"/>: the bookmark. For <see cref="FieldKind.StyleReference"/>: the id of the style. Else empty.</param>
internal sealed record LayoutField(FieldKind Kind, NumberFormat? Number, string Cached, string Target) : Inline
{
    /// <summary>For <see cref="FieldKind.Computed"/>: what it computes; null for all else.</summary>
    public FieldFormula? Formula { get; init; }
}

internal enum FieldKind
{
    /// <summary>PAGE.</summary>
    Page,

    /// <summary>NUMPAGES.</summary>
    PageCount,

    /// <summary>SECTIONPAGES.</summary>
    SectionPageCount,

    /// <summary>SECTION.</summary>
    Section,

    /// <summary>PAGEREF.</summary>
    PageReference,

    /// <summary>STYLEREF in a header or footer.</summary>
    StyleReference,

    /// <summary>IF and = with any of these in it, in a header or footer.</summary>
    Computed,
}

/// <summary>The mark of a footnote or endnote in the text.</summary>
/// <param name="IsEndnote">Which kind.</param>
/// <param name="Note">An index into <see cref="WordDocument.Footnotes"/> or <see cref="WordDocument.Endnotes"/>.</param>
/// <param name="HasCustomMark">Whether the text after it is the mark; then none is drawn and none counted.</param>
internal sealed record NoteReference(bool IsEndnote, int Note, bool HasCustomMark) : Inline;

/// <summary>The mark of a note in the note itself.</summary>
internal sealed record NoteMark(bool IsEndnote) : Inline;

/// <summary>The line of a note separator.</summary>
/// <param name="IsContinuation">The long one.</param>
internal sealed record NoteSeparatorLine(bool IsContinuation) : Inline;

/// <summary>Where a bookmark begins.</summary>
internal sealed record Bookmark(string Name) : Inline;

/// <summary>Text with small text above it (w:ruby, §17.3.3.25).</summary>
/// <param name="Base">The text.</param>
/// <param name="Text">What stands above.</param>
/// <param name="TextSize">Its size.</param>
/// <param name="Raise">From baseline to baseline.</param>
/// <param name="Alignment">How it stands over the base.</param>
internal sealed record Ruby(ImmutableArray<Inline> Base, ImmutableArray<Inline> Text, Pt TextSize, Pt Raise, RubyAlignment Alignment) : Inline;

internal enum RubyAlignment
{
    Center,
    DistributeLetter,
    DistributeSpace,
    Left,
    Right,
    RightVertical,
}
