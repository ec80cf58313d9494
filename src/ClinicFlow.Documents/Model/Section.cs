using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model;

/// <summary>A section: blocks that share page size, margins, columns, headers and footers (w:sectPr, §17.6).</summary>
internal sealed record Section
{
    /// <summary>How the section begins. Of the first section it says nothing.</summary>
    public SectionStart Start { get; init; } = SectionStart.NextPage;

    /// <summary>Width and height as the page is read; a landscape page is wider than high.</summary>
    public PageSize Page { get; init; } = new(Pt.FromTwips(12240), Pt.FromTwips(15840), IsLandscape: false);

    public PageMargins Margins { get; init; } = PageMargins.Word;

    public Columns Columns { get; init; } = Columns.One;

    public HeaderFooterSet Headers { get; init; } = HeaderFooterSet.None;

    public HeaderFooterSet Footers { get; init; } = HeaderFooterSet.None;

    /// <summary>Whether the first page has a header and footer of its own (w:titlePg). Where it has and none is given, they are blank.</summary>
    public bool HasTitlePage { get; init; }

    public PageNumbering PageNumbers { get; init; } = PageNumbering.Word;

    /// <summary>The lines around each page; null for none.</summary>
    public PageBorders? Borders { get; init; }

    public VerticalAlignment VerticalAlign { get; init; }

    public DocumentGrid Grid { get; init; } = DocumentGrid.None;

    /// <summary>Numbers beside the lines; null for none.</summary>
    public LineNumbering? LineNumbers { get; init; }

    /// <summary>The notes' settings for this section: its own over the document's.</summary>
    public NoteSettings Footnotes { get; init; } = NoteSettings.Footnote;

    public NoteSettings Endnotes { get; init; } = NoteSettings.Endnote;

    /// <summary>Whether the section runs from right to left: columns, and the side of the gutter.</summary>
    public bool IsRightToLeft { get; init; }

    /// <summary>Whether the gutter is on the right.</summary>
    public bool HasGutterAtRight { get; init; }

    /// <summary>Whether endnotes that are collected at the end of sections are not printed at the end of this one.</summary>
    public bool SuppressesEndnotes { get; init; }

    public TextDirection TextDirection { get; init; }

    /// <summary>At least one.</summary>
    public ImmutableArray<Block> Blocks { get; init; } = [];
}

internal enum SectionStart
{
    NextPage,
    Continuous,
    NextColumn,
    EvenPage,
    OddPage,
}

/// <param name="Width">From the left to the right edge.</param>
/// <param name="Height">From the top to the bottom edge.</param>
/// <param name="IsLandscape">What the document says, which can differ from what the numbers say.</param>
internal readonly record struct PageSize(Pt Width, Pt Height, bool IsLandscape);

/// <summary>w:pgMar (§17.6.11).</summary>
/// <param name="Top">Negative: the text begins there whatever the height of the header.</param>
/// <param name="Bottom">Negative: the text ends there whatever the height of the footer.</param>
/// <param name="Left">From the page's left edge to the text.</param>
/// <param name="Right">From the text to the page's right edge.</param>
/// <param name="Header">From the page's top edge to the header.</param>
/// <param name="Footer">From the footer to the page's bottom edge.</param>
/// <param name="Gutter">Added at the side that is bound.</param>
internal sealed record PageMargins(Pt Top, Pt Right, Pt Bottom, Pt Left, Pt Header, Pt Footer, Pt Gutter)
{
    /// <summary>What Word takes where a section says nothing: one inch, header and footer half an inch.</summary>
    public static PageMargins Word { get; } = new(new(72), new(72), new(72), new(72), new(36), new(36), Pt.Zero);
}

/// <summary>w:cols (§17.6.4).</summary>
/// <param name="Count">How many columns.</param>
/// <param name="Space">Between equal columns.</param>
/// <param name="Widths">Width and following space of each where they are unequal; else empty.</param>
/// <param name="HasSeparator">Whether a line stands between them.</param>
internal sealed record Columns(int Count, Pt Space, ImmutableArray<Column> Widths, bool HasSeparator)
{
    public static Columns One { get; } = new(1, new(36), [], HasSeparator: false);
}

internal readonly record struct Column(Pt Width, Pt Space);

/// <summary>The headers or the footers of a section. What a section does not have it takes from the one before; that is already done.</summary>
/// <param name="Default">On all pages that have no other; null for none.</param>
/// <param name="First">On the first page where <see cref="Section.HasTitlePage"/>; null for a blank one.</param>
/// <param name="Even">On even pages where <see cref="DocumentSettings.EvenAndOddHeaders"/>; null for a blank one.</param>
internal sealed record HeaderFooterSet(HeaderFooter? Default, HeaderFooter? First, HeaderFooter? Even)
{
    public static HeaderFooterSet None { get; } = new(null, null, null);
}

/// <summary>A header or footer. The same object where sections share it.</summary>
internal sealed record HeaderFooter(ImmutableArray<Block> Blocks);

/// <param name="Format">How PAGE writes the number.</param>
/// <param name="Start">The number of the section's first page; null where counting goes on.</param>
/// <param name="ChapterStyle">The heading level whose number stands before the page's; 0 for none.</param>
/// <param name="ChapterSeparator">What stands between them.</param>
internal sealed record PageNumbering(NumberFormat Format, int? Start, int ChapterStyle, char ChapterSeparator)
{
    public static PageNumbering Word { get; } = new(NumberFormat.Decimal, null, 0, '-');
}

/// <summary>
/// w:pgBorders (§17.6.10). <c>IsFromPage</c>: <see cref="Border.Space"/> is measured from the page's edge, else from the text.
/// <c>Pages</c>: on which pages of the section. <c>IsBehindText</c>: they lie behind the text.
/// </summary>
internal sealed record PageBorders(Border? Top, Border? Right, Border? Bottom, Border? Left, bool IsFromPage, PageBorderPages Pages, bool IsBehindText);

internal enum PageBorderPages
{
    All,
    First,
    NotFirst,
}

internal enum VerticalAlignment
{
    Top,
    Center,
    Bottom,
    Justified,
}

/// <summary>w:docGrid (§17.6.5).</summary>
/// <param name="Kind">Which grid; none where no type is given.</param>
/// <param name="LinePitch">The height of a grid line.</param>
/// <param name="CharacterSpace">What is added to a character's width, in 4096ths of a point.</param>
internal sealed record DocumentGrid(DocumentGridKind Kind, Pt LinePitch, int CharacterSpace)
{
    public static DocumentGrid None { get; } = new(DocumentGridKind.None, Pt.Zero, 0);

    /// <summary>What it adds to the width of each character.</summary>
    public Pt CharacterPitch => Kind is DocumentGridKind.LinesAndCharacters or DocumentGridKind.SnapToCharacters ? new(CharacterSpace / 4096.0) : Pt.Zero;
}

internal enum DocumentGridKind
{
    None,
    Lines,
    LinesAndCharacters,
    SnapToCharacters,
}

/// <summary>w:lnNumType (§17.6.8).</summary>
/// <param name="Every">Each how manyth line is numbered.</param>
/// <param name="Start">The first number; one more than Word stores.</param>
/// <param name="Distance">From the text; zero for Word's own.</param>
/// <param name="Restart">When counting starts again.</param>
internal sealed record LineNumbering(int Every, int Start, Pt Distance, LineNumberRestart Restart);

internal enum LineNumberRestart
{
    EachPage,
    EachSection,
    Continuous,
}

/// <summary>How text runs (§17.18.93).</summary>
internal enum TextDirection
{
    /// <summary>Left to right, lines downwards (lrTb).</summary>
    Horizontal,

    /// <summary>Turned clockwise: top to bottom, lines from right to left (tbRl, tbRlV). East Asian characters would stand upright.</summary>
    Clockwise,

    /// <summary>Turned counter-clockwise: bottom to top, lines from left to right (btLr).</summary>
    CounterClockwise,

    /// <summary>lrTbV, tbLrV: as a kind of East Asian vertical text.</summary>
    Vertical,
}

/// <summary>A footnote or endnote.</summary>
/// <param name="Id">w:id.</param>
/// <param name="Blocks">Its text; the first paragraph usually begins with a <see cref="NoteMark"/>.</param>
internal sealed record Note(int Id, ImmutableArray<Block> Blocks);

/// <summary>What separates notes from the text.</summary>
/// <param name="Separator">Above the notes of a page.</param>
/// <param name="Continuation">Above what goes on from the page before.</param>
/// <param name="ContinuationNotice">Below what goes on on the next page.</param>
internal sealed record NoteSeparators(ImmutableArray<Block> Separator, ImmutableArray<Block> Continuation, ImmutableArray<Block> ContinuationNotice)
{
    public static NoteSeparators None { get; } = new([], [], []);
}
