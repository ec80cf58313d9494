using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model;

/// <summary>A picture or shape, in the line or floating (wp:inline, wp:anchor, w:pict).</summary>
internal sealed record Drawing : Inline
{
    /// <summary>Null where it stands in the line like a character.</summary>
    public Anchor? Anchor { get; init; }

    /// <summary>Of the content before it is turned.</summary>
    public required Pt Width { get; init; }

    public required Pt Height { get; init; }

    /// <summary>Of a horizontal rule, which has a line to itself; null for others.</summary>
    public LineRuleShape? Rule { get; init; }

    /// <summary>How far shadows, thick lines and turned corners reach beyond the size.</summary>
    public Insets EffectExtent { get; init; }

    /// <summary>What is told to those who do not see it; empty where nothing is said.</summary>
    public string AlternativeText { get; init; } = "";

    /// <summary>Whether it says nothing and is left out when read aloud.</summary>
    public bool IsDecorative { get; init; }

    public required DrawingContent Content { get; init; }
}

/// <summary>How long a horizontal rule (o:hr, ECMA-376 Part 4 §14.1.2) is and where it stands in its line.</summary>
/// <param name="Share">Its length in parts of the line, 1 for all of it; null for the drawing's width.</param>
/// <param name="Alignment">Start, center or end.</param>
internal sealed record LineRuleShape(double? Share, ParagraphAlignment Alignment)
{
    public double WidthIn(double line, Pt own) => Share is { } share ? line * share : Math.Min(own.Value, line);

    /// <summary>From the line's left edge.</summary>
    public double LeftIn(double line, double width) => Alignment switch
    {
        ParagraphAlignment.Center => (line - width) / 2,
        ParagraphAlignment.End => line - width,
        _ => 0,
    };
}

/// <summary>Four lengths.</summary>
internal readonly record struct Insets(Pt Left, Pt Top, Pt Right, Pt Bottom)
{
    public static Insets None => default;
}

/// <summary>Where a floating drawing stands and what it does to the text (wp:anchor, §20.4.2.3).</summary>
internal sealed record Anchor
{
    public required FloatPosition Horizontal { get; init; }

    public required FloatPosition Vertical { get; init; }

    public required TextWrap Wrap { get; init; }

    /// <summary>Whether it lies behind the text; of those that wrap, too.</summary>
    public bool IsBehindText { get; init; }

    /// <summary>Which lies over which: the higher number over the lower.</summary>
    public long Order { get; init; }

    /// <summary>Whether it may lie over other floating things.</summary>
    public bool MayOverlap { get; init; } = true;

    /// <summary>Whether, anchored in a cell, it is placed in the cell.</summary>
    public bool IsLaidOutInCell { get; init; } = true;

    /// <summary>
    /// Whether, in a cell, it is placed by the page: it says so, one of its places is measured from the page, and the document is of before mode 15, from which on
    /// Word places all by the cell (docs/layout.md, "Floats").
    /// </summary>
    public bool LeavesCell(int compatibilityMode) => !IsLaidOutInCell && compatibilityMode < 15 && (IsOfPage(Horizontal.From) || IsOfPage(Vertical.From));

    private static bool IsOfPage(FloatFrom from) => from is not (FloatFrom.Column or FloatFrom.Character or FloatFrom.Paragraph or FloatFrom.Line);

    /// <summary>Width in parts of something of the page; null for <see cref="Drawing.Width"/>.</summary>
    public RelativeSize? RelativeWidth { get; init; }

    public RelativeSize? RelativeHeight { get; init; }
}

/// <param name="From">What it is measured from.</param>
/// <param name="Align">How it stands there; <see cref="FloatAlign.Offset"/> for <paramref name="Offset"/> or <paramref name="Share"/>.</param>
/// <param name="Offset">From the left or top.</param>
/// <param name="Share">The offset in parts of the width or height of <paramref name="From"/>, 1 for all of it; null for <paramref name="Offset"/>.</param>
internal sealed record FloatPosition(FloatFrom From, FloatAlign Align, Pt Offset, double? Share = null);

/// <summary>ST_RelFromH and ST_RelFromV (§20.4.3.4).</summary>
internal enum FloatFrom
{
    Margin,
    Page,
    Column,
    Character,
    LeftMargin,
    RightMargin,
    InsideMargin,
    OutsideMargin,
    Paragraph,
    Line,
    TopMargin,
    BottomMargin,
}

internal enum FloatAlign
{
    Offset,
    Left,
    Center,
    Right,
    Inside,
    Outside,
    Top,
    Bottom,
}

/// <param name="From">Of what.</param>
/// <param name="Share">1 for all of it.</param>
internal sealed record RelativeSize(FloatFrom From, double Share);

/// <param name="Kind">How text goes around.</param>
/// <param name="Side">On which sides text may stand.</param>
/// <param name="Distance">Between drawing and text.</param>
/// <param name="Polygon">The outline for tight and through, in parts of the size: 0,0 is the top left and 1,1 the bottom right corner. Empty: the rectangle.</param>
internal sealed record TextWrap(WrapKind Kind, WrapSide Side, Insets Distance, ImmutableArray<ShapePoint> Polygon)
{
    /// <summary>Wrapping as it is stored: along an outline there are distances only at the sides (CT_WrapTight, CT_WrapThrough, §20.4.2), and others have no outline.</summary>
    public static TextWrap Of(WrapKind kind, WrapSide side, Insets distance, ImmutableArray<ShapePoint> polygon)
        => kind is WrapKind.Tight or WrapKind.Through ? new(kind, side, distance with { Top = Pt.Zero, Bottom = Pt.Zero }, polygon) : new(kind, side, distance, []);

    /// <summary>
    /// Whether the outline is the box itself: none, or all its points at the box's corners, as Word makes it for pictures without transparency, or
    /// numbers that Word writes for what has no height.
    /// </summary>
    public bool IsBox => Polygon.All(point => IsSide(point.X) && IsSide(point.Y)) || Polygon.Any(point => Math.Abs(point.X) > 10 || Math.Abs(point.Y) > 10);

    private static bool IsSide(double share) => Math.Abs(share) < 0.04 || Math.Abs(share - 1) < 0.04;
}

internal enum WrapKind
{
    /// <summary>Over or behind the text.</summary>
    None,
    Square,
    Tight,
    Through,
    TopAndBottom,
}

internal enum WrapSide
{
    Both,
    Left,
    Right,
    Largest,
}

/// <summary>A point of an outline, in parts of the size.</summary>
internal readonly record struct ShapePoint(double X, double Y);

/// <summary>What a drawing shows. A closed set.</summary>
internal abstract record DrawingContent
{
    /// <summary>Clockwise, in degrees, around the centre.</summary>
    public double Rotation { get; init; }

    public bool IsFlippedHorizontally { get; init; }

    public bool IsFlippedVertically { get; init; }
}

/// <summary>A picture.</summary>
internal sealed record PictureContent : DrawingContent
{
    /// <summary>An index into <see cref="WordDocument.Images"/>.</summary>
    public required int Image { get; init; }

    /// <summary>A vector picture (SVG) of the same, to be preferred where it can be drawn; null for none.</summary>
    public int? VectorImage { get; init; }

    /// <summary>What is cut off at each side, in parts of the picture; negative adds room.</summary>
    public Crop Crop { get; init; }

    /// <summary>1 for opaque.</summary>
    public double Opacity { get; init; } = 1;

    public ColorChange ColorChange { get; init; }

    /// <summary>For <see cref="ColorChange.BlackAndWhite"/>: from which lightness on it is white.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>Brightness and contrast; null where they are the picture's own.</summary>
    public ColorLevels? Levels { get; init; }

    /// <summary>What it throws on the page; null for none.</summary>
    public ShapeShadow? Shadow { get; init; }

    /// <summary>What shines around it; null for none.</summary>
    public ShapeGlow? Glow { get; init; }

    /// <summary>How far from its edge it has faded in; zero for a sharp edge.</summary>
    public Pt SoftEdge { get; init; }

    /// <summary>What is seen of it below itself, as in water; null for nothing.</summary>
    public PictureReflection? Reflection { get; init; }

    /// <summary>The line around it; null for none.</summary>
    public Stroke? Outline { get; init; }

    /// <summary>What shows through its transparent parts; null for nothing.</summary>
    public Fill? Fill { get; init; }

    /// <summary>The outline that it is cut to; <see cref="ShapeKind.Rectangle"/> mostly.</summary>
    public Geometry Geometry { get; init; } = Geometry.Rectangle;
}

internal readonly record struct Crop(double Left, double Top, double Right, double Bottom);

internal enum ColorChange
{
    None,
    Grayscale,
    BlackAndWhite,
}

/// <summary>What becomes of a channel's value (0 to 1): it is multiplied, then moved.</summary>
/// <param name="Slope">By what it is multiplied.</param>
/// <param name="Lift">What is added.</param>
internal readonly record struct ColorLevels(double Slope, double Lift)
{
    /// <summary>Values turn around a middle that brightness moves down, and come out moved up (docs/layout.md, "Pictures").</summary>
    /// <param name="gain">1 for the picture's own contrast.</param>
    /// <param name="shift">Half the brightness: 0 for the picture's own, up to 0.5.</param>
    public static ColorLevels Of(double gain, double shift) => new(gain, 0.5 + shift - (gain * (0.5 - shift)));
}

/// <summary>A shape, line or text box.</summary>
internal sealed record ShapeContent : DrawingContent
{
    public required Geometry Geometry { get; init; }

    /// <summary>Null for none.</summary>
    public Fill? Fill { get; init; }

    /// <summary>Null for none.</summary>
    public Stroke? Outline { get; init; }

    /// <summary>Null where it holds no text.</summary>
    public TextBox? Text { get; init; }

    /// <summary>What it throws on the page; null for none.</summary>
    public ShapeShadow? Shadow { get; init; }

    /// <summary>What shines around it; null for none.</summary>
    public ShapeGlow? Glow { get; init; }

    /// <summary>WordArt: text that fills the shape, as watermarks are; null for none.</summary>
    public WordArt? WordArt { get; init; }
}

/// <summary>The shadow of a filled shape.</summary>
/// <param name="Color">Its colour.</param>
/// <param name="Opacity">1 for opaque.</param>
/// <param name="Right">How far it lies to the right.</param>
/// <param name="Down">How far it lies below.</param>
/// <param name="Blur">How wide its edge is; 0 for a sharp one.</param>
internal sealed record ShapeShadow(Rgb Color, double Opacity, Pt Right, Pt Down, Pt Blur)
{
    /// <summary>Its width in parts of the shape's.</summary>
    public double ScaleX { get; init; } = 1;

    public double ScaleY { get; init; } = 1;

    /// <summary>Whether it is that of the outline's line alone: nothing fills the shape.</summary>
    public bool IsOfLine { get; init; }

    /// <summary>Whether it has the holes of the picture that throws it.</summary>
    public bool FollowsPicture { get; init; }

    /// <summary>The point that stays where it is when the shadow is larger or smaller, in parts of the shape's size.</summary>
    public ShapePoint Fixed { get; init; }
}

/// <summary>A picture upside down below itself, which fades (a:reflection).</summary>
/// <param name="Opacity">At its upper edge.</param>
/// <param name="EndOpacity">Where it ends.</param>
/// <param name="End">Where that is, in parts of the picture's height.</param>
/// <param name="Distance">From the picture.</param>
internal sealed record PictureReflection(double Opacity, double EndOpacity, double End, Pt Distance);

/// <summary>What shines around a filled shape; it fades to nothing at the radius.</summary>
/// <param name="Color">Its colour.</param>
/// <param name="Opacity">At the shape.</param>
/// <param name="Radius">How far it reaches.</param>
internal sealed record ShapeGlow(Rgb Color, double Opacity, Pt Radius);

/// <summary>The text of a shape.</summary>
internal sealed record TextBox
{
    public required ImmutableArray<Block> Blocks { get; init; }

    /// <summary>Between shape and text. Word's own are 7.2 pt at the sides and 3.6 pt above and below.</summary>
    public Insets Insets { get; init; } = new(new(7.2), new(3.6), new(7.2), new(3.6));

    public VerticalAlignment VerticalAlign { get; init; }

    public TextDirection Direction { get; init; }

    /// <summary>Whether lines break at the edge.</summary>
    public bool Wraps { get; init; } = true;

    /// <summary>Whether the shape grows with its text.</summary>
    public bool GrowsWithText { get; init; }

    /// <summary>Whether the text is turned upright when the shape is turned.</summary>
    public bool IsUpright { get; init; }

    /// <summary>Whether text of no colour of its own is white, whatever it stands on: the shape's style says so.</summary>
    public bool IsWhite { get; init; }

    /// <summary>A turn of the text alone, clockwise, in degrees.</summary>
    public double Rotation { get; init; }

    /// <summary>Text that goes on in another box carries the same number; 0 for none.</summary>
    public int Chain { get; init; }
}

/// <summary>A line of text that is stretched to its shape, in the colour and opacity of the shape's fill.</summary>
/// <param name="Text">One line.</param>
/// <param name="Font">The font's name.</param>
/// <param name="IsBold">Bold.</param>
/// <param name="IsItalic">Italic.</param>
internal sealed record WordArt(string Text, string Font, bool IsBold, bool IsItalic);

/// <summary>Several drawings that move together. Its children's places are in its own coordinates, which are stretched to its size.</summary>
internal sealed record GroupContent : DrawingContent
{
    public required ImmutableArray<GroupChild> Children { get; init; }
}

/// <param name="X">In parts of the group's width.</param>
/// <param name="Y">In parts of the group's height.</param>
/// <param name="Width">In parts of the group's width.</param>
/// <param name="Height">In parts of the group's height.</param>
/// <param name="Content">What stands there.</param>
/// <param name="AlternativeText">What is told to those who do not see it; empty where nothing is said.</param>
internal sealed record GroupChild(double X, double Y, double Width, double Height, DrawingContent Content, string AlternativeText = "");

/// <summary>A shape's outline.</summary>
/// <param name="Kind">Which of the shapes that are drawn here.</param>
/// <param name="Paths">For <see cref="ShapeKind.Custom"/>: what is drawn.</param>
/// <param name="Adjustments">The shape's own settings (a:avLst) by number, where given; in 100,000ths.</param>
internal sealed record Geometry(ShapeKind Kind, ImmutableArray<ShapePath> Paths, ImmutableArray<double> Adjustments)
{
    public static Geometry Rectangle { get; } = new(ShapeKind.Rectangle, [], []);

    /// <summary>How far text keeps from the sides of a custom shape, in parts of its size, besides the box's own insets.</summary>
    public Crop TextArea { get; init; }
}

internal enum ShapeKind
{
    Rectangle,
    RoundedRectangle,
    Ellipse,

    /// <summary>From the top left to the bottom right corner.</summary>
    Line,
    Triangle,
    RightTriangle,
    Diamond,
    Parallelogram,
    Trapezoid,
    Pentagon,
    Hexagon,
    Octagon,
    RightArrow,
    LeftArrow,
    UpArrow,
    DownArrow,
    LeftRightArrow,
    Plus,
    Star5,
    Chevron,
    HomePlate,
    BentConnector,
    CurvedConnector,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Arc,
    Custom,
}

/// <summary>A part of a custom outline, in parts of the shape's size.</summary>
/// <param name="Steps">Its lines and curves.</param>
/// <param name="IsFilled">Whether its inside is filled.</param>
/// <param name="IsStroked">Whether its line is drawn.</param>
internal sealed record ShapePath(ImmutableArray<PathStep> Steps, bool IsFilled, bool IsStroked)
{
    /// <summary>How much of white (above 0) or black (below) is mixed into its colour.</summary>
    public double Shade { get; init; }
}

/// <summary>A step of a path. Arcs are already curves.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="A">The end of a move or line, or the first control point of a curve.</param>
/// <param name="B">The second control point.</param>
/// <param name="C">The end of a curve.</param>
internal readonly record struct PathStep(PathStepKind Kind, ShapePoint A, ShapePoint B, ShapePoint C);

internal enum PathStepKind
{
    Move,
    Line,

    /// <summary>A cubic Bézier curve.</summary>
    Curve,
    Close,
}

/// <summary>How an area is filled. One of the two is there.</summary>
/// <param name="Color">The colour; of a gradient the mean one where no stops are given.</param>
/// <param name="Opacity">1 for opaque.</param>
/// <param name="Stops">A gradient's colours; empty for one colour.</param>
/// <param name="Angle">A gradient's direction, clockwise from left to right, in degrees; not a number where it cannot be drawn.</param>
/// <param name="Image">An index into <see cref="WordDocument.Images"/>; null for a colour.</param>
internal sealed record Fill(Rgb Color, double Opacity, ImmutableArray<GradientStop> Stops, double Angle, int? Image)
{
    /// <summary>How a gradient runs.</summary>
    public GradientPath Path { get; init; }

    /// <summary>Where a gradient that runs outwards begins: between these sides, in parts of the box.</summary>
    public Crop Focus { get; init; }

    /// <summary>How far beyond the box a gradient in rectangles reaches (below zero) at each side, in parts of it.</summary>
    public Crop Region { get; init; }

    /// <summary>Whether the angle is that in a square which is then stretched to the box.</summary>
    public bool IsScaled { get; init; }

    /// <summary>Dots of <see cref="Color"/> (PresetPatterns) over <see cref="Back"/>; null for none.</summary>
    public ulong? Dots { get; init; }

    /// <summary>The colour between the dots.</summary>
    public Rgb Back { get; init; } = Rgb.White;

    /// <summary>The picture that fills, where <see cref="Image"/> is there; null for all of it as it is.</summary>
    public PictureContent? Picture { get; init; }

    /// <summary>How far the picture stays from the box's sides (below zero: beyond them), in parts of it.</summary>
    public Crop Frame { get; init; }

    /// <summary>Whether a gradient or picture can be drawn in an outline as the document says (docs/layout.md, "Shapes").</summary>
    public bool IsDrawnIn(Geometry geometry) => Image is not null ? !double.IsNaN(Angle) : Stops.IsEmpty || (!double.IsNaN(Angle) && Stops.Length <= MostStops && Path switch
    {
        GradientPath.Linear or GradientPath.Circle => true,
        GradientPath.Shape => geometry.Kind is ShapeKind.Rectangle or ShapeKind.Ellipse,
        _ => geometry.Kind == ShapeKind.Rectangle,
    });

    private const int MostStops = 100;

    /// <summary>One opaque colour.</summary>
    public static Fill Solid(Rgb color) => new(color, 1, [], 0, null);
}

internal enum GradientPath : byte
{
    /// <summary>From one side to the other.</summary>
    Linear,

    /// <summary>Outwards in circles.</summary>
    Circle,

    /// <summary>Outwards in rectangles.</summary>
    Rectangle,

    /// <summary>Outwards in the shape's own outline.</summary>
    Shape,
}

/// <param name="At">0 to 1.</param>
/// <param name="Color">The colour there.</param>
internal readonly record struct GradientStop(double At, Rgb Color);

/// <summary>A line.</summary>
/// <param name="Color">Its colour.</param>
/// <param name="Width">How thick.</param>
/// <param name="Opacity">1 for opaque.</param>
/// <param name="Dash">How it is broken.</param>
/// <param name="Start">What stands at its start.</param>
/// <param name="End">What stands at its end.</param>
/// <param name="IsDouble">Whether it is two lines.</param>
internal sealed record Stroke(Rgb Color, Pt Width, double Opacity, DashKind Dash, LineEnd Start, LineEnd End, bool IsDouble);

internal enum DashKind
{
    Solid,
    Dot,
    Dash,
    LongDash,
    DashDot,
    LongDashDot,
    LongDashDotDot,
    SystemDot,
    SystemDash,
    SystemDashDot,
    SystemDashDotDot,
}

internal enum LineEnd
{
    None,
    Triangle,
    Stealth,
    Diamond,
    Oval,
    Arrow,
}
