using ClinicFlow.Documents.Model.Equations;

namespace ClinicFlow.Documents.Model;

/// <summary>The settings of a document that change its layout (settings.xml).</summary>
internal sealed record DocumentSettings
{
    /// <summary>15 for Word 2013 and later, 14 for 2010, 12 for 2007; 0 where the document does not say, which Word treats as 12 (docs/layout.md, "Tables").</summary>
    public int CompatibilityMode { get; init; }

    /// <summary>The distance of automatic tab stops. Word's own is 36 pt.</summary>
    public Pt DefaultTabStop { get; init; } = new(36);

    /// <summary>Whether even pages have headers and footers of their own.</summary>
    public bool EvenAndOddHeaders { get; init; }

    /// <summary>Whether left and right margins change places on even pages.</summary>
    public bool MirrorMargins { get; init; }

    /// <summary>Whether the gutter is at the top of the page.</summary>
    public bool GutterAtTop { get; init; }

    /// <summary>Whether two pages are printed on one sheet.</summary>
    public bool PrintTwoOnOne { get; init; }

    /// <summary>Whether words are hyphenated.</summary>
    public bool AutoHyphenation { get; init; }

    /// <summary>How many lines after each other may end in a hyphen; 0 for any number.</summary>
    public int ConsecutiveHyphenLimit { get; init; }

    /// <summary>How much room a line may leave before a word is hyphenated.</summary>
    public Pt HyphenationZone { get; init; } = new(18);

    /// <summary>Whether words in capitals are never hyphenated.</summary>
    public bool DoNotHyphenateCaps { get; init; }

    /// <summary>What becomes of a line at the end of a page or column whose last word is divided.</summary>
    public DividedLineAtEnd DividedLines { get; init; }

    /// <summary>Whether page borders go around the header.</summary>
    public bool BordersSurroundHeader { get; init; } = true;

    /// <summary>Whether page borders go around the footer.</summary>
    public bool BordersSurroundFooter { get; init; } = true;

    /// <summary>Whether the spacing of East Asian punctuation is compressed.</summary>
    public bool CompressPunctuation { get; init; }

    /// <summary>Characters that may not end a line, where the document names its own; else empty.</summary>
    public string NoLineBreaksAfter { get; init; } = "";

    /// <summary>Characters that may not begin a line, where the document names its own; else empty.</summary>
    public string NoLineBreaksBefore { get; init; } = "";

    /// <summary>The sign between ones and tenths, as whoever saved the document had it (w:decimalSymbol).</summary>
    public string DecimalSymbol { get; init; } = ".";

    /// <summary>The sign between the items of a list, as whoever saved the document had it (w:listSeparator); empty where it is not stated.</summary>
    public string ListSeparator { get; init; } = "";

    /// <summary>The switches of w:compat that are on.</summary>
    public CompatibilityFlags Flags { get; init; }

    /// <summary>What holds for all equations.</summary>
    public EquationSettings Equations { get; init; } = EquationSettings.Default;

    public NoteSettings Footnotes { get; init; } = NoteSettings.Footnote;

    public NoteSettings Endnotes { get; init; } = NoteSettings.Endnote;

    /// <summary>Whether a switch is on.</summary>
    public bool Has(CompatibilityFlags flag) => (Flags & flag) != 0;
}

/// <summary>The switches of w:compat (ECMA-376 Part 1 §17.15.3) and w:compatSetting that change layout, under their own names.</summary>
[Flags]
internal enum CompatibilityFlags : ulong
{
    None = 0,
    AdjustLineHeightInTable = 1ul << 0,
    AllowSpaceOfSameStyleInTable = 1ul << 1,
    AutofitToFirstFixedWidthCell = 1ul << 2,
    DoNotAutofitConstrainedTables = 1ul << 3,
    DoNotBreakConstrainedForcedTable = 1ul << 4,
    DoNotBreakWrappedTables = 1ul << 5,
    DoNotExpandShiftReturn = 1ul << 6,
    DoNotLeaveBackslashAlone = 1ul << 7,
    DoNotSnapToGridInCell = 1ul << 8,
    DoNotSuppressIndentation = 1ul << 9,
    DoNotSuppressParagraphBorders = 1ul << 10,
    DoNotUseEastAsianBreakRules = 1ul << 11,
    DoNotUseHTMLParagraphAutoSpacing = 1ul << 12,
    DoNotUseIndentAsNumberingTabStop = 1ul << 13,
    DoNotVertAlignCellWithSp = 1ul << 14,
    DoNotVertAlignInTxbx = 1ul << 15,
    DoNotWrapTextWithPunct = 1ul << 16,
    ForgetLastTabAlignment = 1ul << 17,
    GrowAutofit = 1ul << 18,
    LayoutRawTableWidth = 1ul << 19,
    LayoutTableRowsApart = 1ul << 20,
    LineWrapLikeWord6 = 1ul << 21,
    NoColumnBalance = 1ul << 22,
    NoExtraLineSpacing = 1ul << 23,
    NoLeading = 1ul << 24,
    NoSpaceRaiseLower = 1ul << 25,
    NoTabHangInd = 1ul << 26,
    SelectFldWithFirstOrLastChar = 1ul << 27,
    ShapeLayoutLikeWW8 = 1ul << 28,
    SpaceForUL = 1ul << 29,
    SpacingInWholePoints = 1ul << 30,
    SplitPgBreakAndParaMark = 1ul << 31,
    SuppressBottomSpacing = 1ul << 32,
    SuppressSpBfAfterPgBrk = 1ul << 33,
    SuppressTopSpacing = 1ul << 34,
    SuppressTopSpacingWP = 1ul << 35,
    SwapBordersFacingPages = 1ul << 36,
    UlTrailSpace = 1ul << 37,
    UnderlineTabInNumList = 1ul << 38,
    UseAltKinsokuLineBreakRules = 1ul << 39,
    UseAnsiKerningPairs = 1ul << 40,
    UseFELayout = 1ul << 41,
    UseNormalStyleForList = 1ul << 42,
    UseSingleBorderforContiguousCells = 1ul << 43,
    UseWord2002TableStyleRules = 1ul << 44,
    UseWord97LineBreakRules = 1ul << 45,
    WpJustification = 1ul << 46,
    WpSpaceWidth = 1ul << 47,
    WrapTrailSpaces = 1ul << 48,
    BalanceSingleByteDoubleByteWidth = 1ul << 49,
    FootnoteLayoutLikeWW8 = 1ul << 50,
    AlignTablesRowByRow = 1ul << 51,
    AlignBordersAndEdges = 1ul << 52,
    OverrideTableStyleFontSizeAndJustification = 1ul << 53,
    EnableOpenTypeFeatures = 1ul << 54,
    DoNotFlipMirrorIndents = 1ul << 55,
    DifferentiateMultirowTableHeaders = 1ul << 56,
    UseWord2013TrackBottomHyphenation = 1ul << 57,
    AllowHyphenationAtTrackBottom = 1ul << 58,
    DisplayHangulFixedWidth = 1ul << 59,
    ApplyBreakingRules = 1ul << 60,
}

/// <summary>Settings allowHyphenationAtTrackBottom and useWord2013TrackBottomHyphenation (MS-DOCX 2.3.7, 2.3.8).</summary>
internal enum DividedLineAtEnd
{
    /// <summary>It goes to the next page or column.</summary>
    Moves,

    /// <summary>It stays, and the word is not divided.</summary>
    KeepsWordWhole,

    /// <summary>It stays as it is.</summary>
    Stays,
}

/// <summary>Where notes stand and how they count (§17.11.11, §17.11.4).</summary>
/// <param name="Position">Where.</param>
/// <param name="Format">How a number is written.</param>
/// <param name="Start">The first number.</param>
/// <param name="Restart">When counting starts again.</param>
internal sealed record NoteSettings(NotePosition Position, NumberFormat Format, int Start, NoteRestart Restart)
{
    /// <summary>Whether a format is asked for that is not written out here.</summary>
    public bool IsUnknownFormat { get; init; }

    public static NoteSettings Footnote { get; } = new(NotePosition.PageBottom, NumberFormat.Decimal, 1, NoteRestart.Continuous);

    public static NoteSettings Endnote { get; } = new(NotePosition.DocumentEnd, NumberFormat.LowerRoman, 1, NoteRestart.Continuous);
}

internal enum NotePosition
{
    PageBottom,
    BeneathText,
    SectionEnd,
    DocumentEnd,
}

internal enum NoteRestart
{
    Continuous,
    EachSection,
    EachPage,
}
