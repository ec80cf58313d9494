using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model;

/// <summary>How a paragraph is set, worked out in full (w:pPr, §17.3.1). Within a document equal formats are the same object.</summary>
internal sealed record ParagraphFormat
{
    /// <summary>The id of its style, for what holds between paragraphs of one style; empty for none.</summary>
    public string StyleId { get; init; } = "";

    /// <summary>0 to 8 for headings of level 1 to 9; null for body text.</summary>
    public int? OutlineLevel { get; init; }

    public ParagraphAlignment Alignment { get; init; }

    /// <summary>Whether the paragraph runs from right to left. <c>Start</c> is then the right.</summary>
    public bool IsRightToLeft { get; init; }

    /// <summary>From the text margin to the lines, at the side where they start. Of a numbered paragraph the level's where it has none of its own.</summary>
    public Pt IndentStart { get; init; }

    /// <summary>At the side where the lines end.</summary>
    public Pt IndentEnd { get; init; }

    /// <summary>Added to <see cref="IndentStart"/> in the first line; negative: hanging.</summary>
    public Pt FirstLine { get; init; }

    /// <summary>Whether start and end indents change places on even pages.</summary>
    public bool MirrorsIndents { get; init; }

    public Pt SpaceBefore { get; init; }

    public Pt SpaceAfter { get; init; }

    /// <summary>Whether the space is HTML's: 14 pt outside lists and the ends of cells (docs/layout.md, "Spacing"); <see cref="SpaceBefore"/> then says nothing.</summary>
    public bool HasAutomaticSpaceBefore { get; init; }

    public bool HasAutomaticSpaceAfter { get; init; }

    /// <summary>No space between paragraphs of the same style.</summary>
    public bool HasContextualSpacing { get; init; }

    public LineSpacing LineSpacing { get; init; } = LineSpacing.Single;

    public bool KeepsWithNext { get; init; }

    public bool KeepsLines { get; init; }

    public bool BreaksPageBefore { get; init; }

    /// <summary>On in Word where nothing is said.</summary>
    public bool HasWidowControl { get; init; } = true;

    public bool SuppressesLineNumbers { get; init; }

    public bool SuppressesHyphenation { get; init; }

    /// <summary>In ascending order; cleared ones are gone.</summary>
    public ImmutableArray<TabStop> Tabs { get; init; } = [];

    /// <summary>Null for none.</summary>
    public ParagraphBorders? Borders { get; init; }

    /// <summary>The colour behind the paragraph, patterns mixed to one colour; null for none.</summary>
    public Rgb? Shading { get; init; }

    /// <summary>What is drawn in place of <see cref="Shading"/>; null where that is all.</summary>
    public ShadingDots? ShadingDots { get; init; }

    /// <summary>Null where the paragraph stands in the flow.</summary>
    public Frame? Frame { get; init; }

    public bool SnapsToGrid { get; init; } = true;

    /// <summary>East Asian rules for the ends of lines.</summary>
    public bool HasKinsoku { get; init; } = true;

    /// <summary>On: Latin words break between words only.</summary>
    public bool WrapsByWord { get; init; } = true;

    public bool HangsPunctuation { get; init; } = true;

    public bool CompressesLeadingPunctuation { get; init; }

    /// <summary>Space between Latin and East Asian text.</summary>
    public bool SpacesLatin { get; init; } = true;

    /// <summary>Space between numbers and East Asian text.</summary>
    public bool SpacesNumbers { get; init; } = true;

    /// <summary>Where characters of different sizes stand in the line.</summary>
    public LineAlignment LineAlignment { get; init; }

    public TextDirection TextDirection { get; init; }

    /// <summary>Lets no text box that wraps tightly stand here.</summary>
    public bool SuppressesOverlap { get; init; }
}

/// <summary>w:jc of a paragraph (§17.18.44). Word's <c>left</c> and <c>right</c> are start and end as well.</summary>
internal enum ParagraphAlignment
{
    Start,
    Center,
    End,
    Justify,

    /// <summary>Justified between all characters, the last line too.</summary>
    Distribute,

    /// <summary>thaiDistribute.</summary>
    ThaiDistribute,
}

/// <summary>w:textAlignment (§17.18.91).</summary>
internal enum LineAlignment
{
    Auto,
    Top,
    Center,
    Baseline,
    Bottom,
}

internal enum LineRule
{
    /// <summary>A multiple of the lines' own height.</summary>
    Auto,
    Exact,
    AtLeast,
}

/// <summary>The height of lines.</summary>
/// <param name="Rule">What the other values mean.</param>
/// <param name="Height">For <see cref="LineRule.Exact"/> and <see cref="LineRule.AtLeast"/>.</param>
/// <param name="Factor">For <see cref="LineRule.Auto"/>: 1 is single.</param>
internal readonly record struct LineSpacing(LineRule Rule, Pt Height, double Factor)
{
    public static LineSpacing Single => new(LineRule.Auto, Pt.Zero, 1);
}

/// <param name="Position">From the text margin at the start side; negative is left of it.</param>
/// <param name="Alignment">What of the text stands there.</param>
/// <param name="Leader">What fills the way to it.</param>
internal readonly record struct TabStop(Pt Position, TabAlignment Alignment, TabLeader Leader);

internal enum TabAlignment
{
    Start,
    Center,
    End,
    Decimal,

    /// <summary>A vertical line; no stop.</summary>
    Bar,

    /// <summary>A stop of lists from old documents; like <see cref="Start"/>.</summary>
    Number,
}

internal enum TabLeader
{
    None,
    Dot,
    Hyphen,
    Underscore,
    Heavy,
    MiddleDot,
}

/// <summary>
/// w:pBdr (§17.3.1.24). Null sides have no line. <c>Between</c> stands between paragraphs of the same borders and indents;
/// <c>Bar</c> is a line beside the paragraph.
/// </summary>
internal sealed record ParagraphBorders(Border? Top, Border? Right, Border? Bottom, Border? Left, Border? Between, Border? Bar);

/// <summary>A frame (w:framePr, §17.3.1.11). Paragraphs after each other with equal frames stand in one.</summary>
internal sealed record Frame
{
    /// <summary>Zero: as wide as needed.</summary>
    public Pt Width { get; init; }

    public Pt Height { get; init; }

    public LineRule HeightRule { get; init; }

    public Pt HorizontalSpace { get; init; }

    public Pt VerticalSpace { get; init; }

    public FrameWrap Wrap { get; init; }

    public FrameAnchor HorizontalAnchor { get; init; }

    public FrameAnchor VerticalAnchor { get; init; }

    public Pt X { get; init; }

    public FramePosition XAlign { get; init; }

    public Pt Y { get; init; }

    public FramePosition YAlign { get; init; }

    public DropCap DropCap { get; init; }

    /// <summary>How many lines a drop cap is high.</summary>
    public int DropCapLines { get; init; } = 1;

    public bool IsAnchorLocked { get; init; }
}

internal enum FrameWrap
{
    Auto,
    Around,
    None,
    NotBeside,
    Through,
    Tight,
}

internal enum FrameAnchor
{
    /// <summary>The column, or the paragraph.</summary>
    Text,
    Margin,
    Page,
}

internal enum FramePosition
{
    /// <summary>At the given offset.</summary>
    Offset,
    Left,
    Center,
    Right,
    Inside,
    Outside,
    Top,
    Bottom,
    Inline,
}

internal enum DropCap
{
    None,
    Drop,
    Margin,
}
