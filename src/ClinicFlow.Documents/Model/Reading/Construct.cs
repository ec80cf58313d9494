namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// Something that can stand in a document and that is looked for, because not every engine draws it as Word does.
/// This list is the one place that says what the native engine renders faithfully: when the layout learns something, its line here
/// changes from <c>No</c> to <c>Yes</c>, and documents with it stay native.
/// </summary>
/// <param name="Code">Stable; goes into reports.</param>
/// <param name="What">What a person calls it.</param>
/// <param name="IsRendered">Whether the native engine draws it as Word does.</param>
internal sealed record Construct(string Code, string What, bool IsRendered)
{
    private const bool Yes = true;
    private const bool No = false;

    // What the reader does not know
    public static readonly Construct UnknownElement = new("element-unknown", "an element that is not known here", No);
    public static readonly Construct UnknownProperty = new("property-unknown", "a property that is not known here", No);
    public static readonly Construct DamagedReference = new("reference-broken", "a picture, note or part that is named and not there", No);
    public static readonly Construct TooDeep = new("nested-deep", "tables or text boxes nested deeper than 20", No);

    // Characters
    public static readonly Construct TextEffect = new("text-effect", "a text effect that is not drawn here (reflection, gradient, 3-D …)", No);
    public static readonly Construct TextLook = new("text-look", "a line, shadow or glow around letters", Yes);
    public static readonly Construct TextRelief = new("text-relief", "embossed, engraved, outlined or shadowed text", Yes);
    public static readonly Construct Emphasis = new("emphasis-mark", "East Asian emphasis marks", Yes);
    public static readonly Construct EastAsianLayout = new("east-asian-layout", "two lines in one, or characters turned in vertical text", No);
    public static readonly Construct FitText = new("fit-text", "the text of a shape made smaller to fit it", No);
    public static readonly Construct FittedRun = new("fit-text-run", "text fitted to a width", Yes);
    public static readonly Construct TextBorder = new("text-border", "a border around text", Yes);
    public static readonly Construct Ruby = new("ruby", "phonetic text above text", Yes);
    public static readonly Construct RightToLeft = new("right-to-left", "right-to-left text", Yes);
    public static readonly Construct EastAsianText = new("east-asian-text", "East Asian text", Yes);
    public static readonly Construct ComplexScript = new("complex-script", "text of a complex script", Yes);
    public static readonly Construct Symbol = new("symbol", "a character of a symbol font", Yes);

    // Paragraphs
    public static readonly Construct Frame = new("frame", "a frame", Yes);
    public static readonly Construct DropCap = new("drop-cap", "a drop cap", Yes);
    public static readonly Construct BarTab = new("bar-tab", "a bar at a tab stop", Yes);
    public static readonly Construct PositionTab = new("position-tab", "a tab to a fixed place", Yes);
    public static readonly Construct PictureBullet = new("picture-bullet", "a picture as bullet", Yes);
    public static readonly Construct NumberFormat = new("number-format", "a number format that is not written out here", No);
    public static readonly Construct VerticalText = new("vertical-text", "text that runs vertically", No);
    public static readonly Construct Hyphenation = new("hyphenation", "automatic hyphenation in a language without patterns", No);
    public static readonly Construct KnownHyphenation = new("hyphenation-known", "automatic hyphenation", Yes);
    public static readonly Construct CharacterGrid = new("character-grid", "a character grid", Yes);
    public static readonly Construct OtherCharacterGrid = new("character-grid-cells", "a grid of characters that each have a cell of their own, or several grids", No);
    public static readonly Construct LineGrid = new("line-grid", "a line grid with East Asian text", Yes);
    public static readonly Construct ArtBorder = new("art-border", "a border of pictures", No);
    public static readonly Construct FancyBorder = new("fancy-border", "a wavy or raised border, or one with a shadow", Yes);
    public static readonly Construct BorderShadow = new("border-shadow", "a shadow of a border around text or a cell", No);
    public static readonly Construct ShadingPattern = new("shading-pattern", "a striped or crossed shading", Yes);

    // Fields and references
    public static readonly Construct Equation = new("equation", "an equation", Yes);
    public static readonly Construct EquationFont = new("equation-without-font", "an equation, for which no font is installed; install the package fonts-stix", No);
    public static readonly Construct EquationPart = new("equation-part", "something in an equation that is not drawn here", No);
    public static readonly Construct EquationFormat = new("equation-format", "underlined, struck, shaded, spaced or raised text in an equation", No);
    public static readonly Construct EquationField = new("field-without-result", "a field whose result is not stored", No);
    public static readonly Construct ComputedPageField = new("computed-page-field", "a field that computes with page numbers in a way that is not worked out here", No);
    public static readonly Construct StyleReference = new("style-reference", "a STYLEREF field", Yes);
    public static readonly Construct ChapterNumber = new("chapter-number", "page numbers with chapter numbers", No);

    // Tables
    public static readonly Construct NestedTable = new("nested-table", "a table in a table", Yes);
    public static readonly Construct FloatingTable = new("floating-table", "a table that text flows around", Yes);
    public static readonly Construct RotatedCell = new("rotated-cell", "a cell with turned text", Yes);
    public static readonly Construct CellSpacing = new("cell-spacing", "space between cells", Yes);
    public static readonly Construct DiagonalBorder = new("diagonal-border", "a diagonal line in a cell", Yes);
    public static readonly Construct RightToLeftTable = new("right-to-left-table", "a table that runs from right to left", Yes);
    public static readonly Construct FitCell = new("fit-cell", "text fitted to a cell", No);
    public static readonly Construct TableStyleSize = new("table-style-size", "a table style's size against a default paragraph style of 11 pt, in a document of Word 2007 or one that says so", No);
    public static readonly Construct DeletedCell = new("deleted-cell", "a cell that was merged or split under tracking", No);

    // Pages
    public static readonly Construct Columns = new("columns", "text in columns", Yes);
    public static readonly Construct ContinuousSection = new("continuous-section", "a section that begins on the same page", Yes);
    public static readonly Construct PageBorder = new("page-border", "a border around the page", Yes);
    public static readonly Construct PageBackground = new("page-background", "a page colour", Yes);
    public static readonly Construct PictureBackground = new("picture-background", "a picture or pattern behind the page", No);
    public static readonly Construct VerticalAlignment = new("vertical-alignment", "text aligned to the page's middle or bottom", Yes);
    public static readonly Construct LineNumbers = new("line-numbers", "line numbers", Yes);
    public static readonly Construct Footnote = new("footnote", "a footnote", Yes);
    public static readonly Construct NoteNumbersByPage = new("note-numbers-by-page", "footnote numbers that begin anew on each page", Yes);
    public static readonly Construct Endnote = new("endnote", "an endnote", Yes);
    public static readonly Construct TwoPagesOnOne = new("two-pages-on-one", "two pages on one sheet", No);
    public static readonly Construct AlternativeFormat = new("alternative-format", "an embedded file in another format", No);
    public static readonly Construct SubDocument = new("sub-document", "a subdocument", No);

    // Drawings
    public static readonly Construct FloatingPicture = new("floating-picture", "a floating picture that text does not flow around", Yes);
    public static readonly Construct SquareWrap = new("wrap-square", "text that flows around a drawing", Yes);
    public static readonly Construct TightWrap = new("wrap-tight", "text that flows along a drawing's outline", Yes);
    public static readonly Construct ThroughWrap = new("wrap-through", "text that flows into a drawing's outline", Yes);
    public static readonly Construct TopBottomWrap = new("wrap-top-bottom", "a drawing with text above and below", Yes);
    public static readonly Construct HeaderTopBottomWrap = new("wrap-top-bottom-header", "a drawing in a header or footer that leaves no room beside it to the text of its own paragraph", No);
    public static readonly Construct FloatOutsideCell = new("float-outside-cell", "a drawing that hangs in a cell, is placed by the page and pushes its text away", No);
    public static readonly Construct FreeFloatOutsideCell = new("float-outside-cell-free", "a drawing that hangs in a cell and is placed by the page", Yes);
    public static readonly Construct Picture = new("picture", "a picture", Yes);
    public static readonly Construct MetafilePicture = new("picture-metafile", "a metafile (EMF, WMF) that is not drawn here", No);
    public static readonly Construct SvgPicture = new("picture-svg", "a picture as SVG without another form", No);
    public static readonly Construct UnknownPicture = new("picture-unknown", "a picture of an unknown kind", No);
    public static readonly Construct LinkedPicture = new("picture-linked", "a picture outside the document", No);
    public static readonly Construct PictureEffect = new("picture-effect", "a picture with an effect", No);
    public static readonly Construct RotatedPicture = new("picture-rotated", "a turned or mirrored picture", Yes);
    public static readonly Construct Shape = new("shape", "a shape", Yes);
    public static readonly Construct UnknownShape = new("shape-unknown", "a shape that is not drawn here", No);
    public static readonly Construct ShapeTextColor = new("shape-text-color", "a shape whose style gives its text a colour", No);
    public static readonly Construct ShapeEffect = new("shape-effect", "a shape with a shadow, glow or 3-D effect", No);
    public static readonly Construct GradientFill = new("gradient-fill", "a fill of several colours", No);
    public static readonly Construct PatternFill = new("pattern-fill", "a fill with a pattern or picture", No);
    public static readonly Construct ShapeGroup = new("shape-group", "a group of drawings", Yes);
    public static readonly Construct TextBox = new("text-box", "a text box", Yes);
    public static readonly Construct TurnedBox = new("text-box-turned", "a text box whose text is turned", Yes);
    public static readonly Construct LinkedTextBox = new("text-box-linked", "text that goes on in another text box", No);
    public static readonly Construct PlainWordArt = new("word-art-plain", "a line of text stretched to its frame, as watermarks are", Yes);
    public static readonly Construct WordArt = new("word-art", "WordArt", No);
    public static readonly Construct Chart = new("chart", "a chart", Yes);
    public static readonly Construct ChartPart = new("chart-part", "a chart with something that is not drawn here", No);
    public static readonly Construct ExtendedChart = new("chart-extended", "a chart of a kind that came with Office 2016", No);
    public static readonly Construct Diagram = new("diagram", "SmartArt of which the file has no drawing", No);
    public static readonly Construct DrawnDiagram = new("diagram-drawn", "SmartArt, as Word drew it last", Yes);
    public static readonly Construct Canvas = new("canvas", "a drawing canvas", No);
    public static readonly Construct UnknownDrawing = new("drawing-unknown", "a drawing that is not known here", No);
    public static readonly Construct EmbeddedObject = new("embedded-object", "an embedded object, by its picture", Yes);
    public static readonly Construct BareObject = new("embedded-object-bare", "an embedded object without a picture", No);
    public static readonly Construct FormControl = new("form-control", "an ActiveX control without a picture", No);
    public static readonly Construct DrawnControl = new("form-control-drawn", "an ActiveX control, by its picture", Yes);
    public static readonly Construct Ink = new("ink", "handwriting", No);
    public static readonly Construct HorizontalRule = new("horizontal-rule", "a horizontal rule", Yes);
    public static readonly Construct RelativeSize = new("relative-size", "a drawing sized by the page", Yes);
}

/// <summary>Constructs that were met while properties were read, linked like a list; they are reported where the properties are used.</summary>
/// <param name="Construct">What.</param>
/// <param name="Detail">The element's name, where that says more.</param>
/// <param name="Rest">The others.</param>
internal sealed record FoundConstructs(Construct Construct, string Detail, FoundConstructs? Rest)
{
    public static FoundConstructs? Join(FoundConstructs? a, FoundConstructs? b)
        => b is null ? a : a is null ? b : b.Rest is null ? b with { Rest = a } : b with { Rest = Join(a, b.Rest) };
}
