using System.Collections.Immutable;

namespace ClinicFlow.Documents.Layout.Pages;

/// <summary>A filled rectangle: shading, highlight, underline, solid border.</summary>
internal readonly record struct Fill(float X, float Y, float Width, float Height, Paint Color);

internal enum DashKind : byte
{
    Solid,

    /// <summary>Squares as long as the line is thick, gaps alike.</summary>
    Dotted,

    /// <summary>Dashes of 3 widths, gaps of 3.</summary>
    Dashed,

    /// <summary>Dashes of 3 widths, gaps of 1.</summary>
    DashedSmallGap,

    /// <summary>Dashes of 8 widths, gaps of 3.</summary>
    LongDashed,

    DashDot,

    DashDotDot,

    /// <summary>Round dots: leaders of a table of contents.</summary>
    RoundDotted,
}

/// <summary>A straight line of a width, its middle on (X1, Y1)–(X2, Y2), with butt ends.</summary>
internal readonly record struct Stroke(float X1, float Y1, float X2, float Y2, float Width, Paint Color, DashKind Dash);

internal enum PathVerb : byte
{
    /// <summary>One point.</summary>
    Move,

    /// <summary>One point.</summary>
    Line,

    /// <summary>Three points, a cubic Bézier curve.</summary>
    Curve,

    /// <summary>No point.</summary>
    Close,
}

internal readonly record struct PathPoint(float X, float Y);

/// <summary>A path that is filled, stroked, or both. A part without a paint is not drawn.</summary>
internal sealed record Shape(
    ImmutableArray<PathVerb> Verbs, ImmutableArray<PathPoint> Points, Paint? FillColor, Paint? StrokeColor, float StrokeWidth, DashKind Dash)
{
    /// <summary>Filled by the even-odd rule; else by the non-zero rule.</summary>
    public bool IsEvenOdd { get; init; }

    /// <summary>Several colours in place of <see cref="FillColor"/>, of which the opacity stays; null for one.</summary>
    public Gradient? Gradient { get; init; }

    /// <summary>Dots of two colours in place of <see cref="FillColor"/>, of which the opacity stays; null for one.</summary>
    public DotPattern? Pattern { get; init; }

    /// <summary>How its line is drawn; null for flat ends, pointed joins and <see cref="Dash"/>.</summary>
    public LineStyle? Style { get; init; }
}

internal enum LineCap : byte
{
    Flat,
    Round,
    Square,
}

internal enum LineJoin : byte
{
    Miter,
    Round,
    Bevel,
}

/// <summary>How a line is drawn; one object for all that are drawn alike.</summary>
/// <param name="Cap">How it ends.</param>
/// <param name="Join">How it turns.</param>
/// <param name="MiterLimit">How far a pointed join may reach, in widths; 1 or more.</param>
/// <param name="Dashes">Lengths of dashes and gaps in points; empty for a whole line.</param>
internal sealed record LineStyle(LineCap Cap, LineJoin Join, float MiterLimit, ImmutableArray<float> Dashes);

/// <summary>Items that are turned, and cut, together.</summary>
/// <param name="Transform">From the items to what is around them; null where they are only cut.</param>
/// <param name="Clips">Nothing outside of any of these shows; outlines alone, in coordinates of what is around.</param>
internal sealed record GraphicsGroup(Matrix? Transform, ImmutableArray<Shape> Clips);

/// <summary>Colours that run into each other.</summary>
/// <param name="Stops">At least two, by rising place.</param>
/// <param name="IsRadial">From the middle of the unit circle to its edge; else from (0, 0) to (1, 0) and alike at both sides of that line. The outermost colours go on.</param>
/// <param name="Place">Where the unit circle or line stands among the shape's points.</param>
internal sealed record Gradient(ImmutableArray<ColorStop> Stops, bool IsRadial, Matrix Place);

/// <summary>Dots of two colours that repeat.</summary>
/// <param name="Dots">Eight rows of eight, the first row and the leftmost dot in the highest bits.</param>
/// <param name="Fore">The dots' colour; opaque.</param>
/// <param name="Back">The colour between them; opaque.</param>
internal readonly record struct DotPattern(ulong Dots, Paint Fore, Paint Back)
{
    /// <summary>The side of a dot in points.</summary>
    public const double Dot = 0.75;
}

/// <summary>A colour of a gradient.</summary>
/// <param name="At">0 to 1.</param>
/// <param name="Color">The colour there; opaque.</param>
internal readonly record struct ColorStop(float At, Paint Color);
