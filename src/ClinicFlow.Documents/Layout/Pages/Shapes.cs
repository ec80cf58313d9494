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
}
