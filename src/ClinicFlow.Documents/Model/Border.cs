namespace ClinicFlow.Documents.Model;

/// <summary>A line at one side of a paragraph, cell, page or run (CT_Border, §17.3.4).</summary>
/// <param name="Style">The kind of line; never none: no line is a null border.</param>
/// <param name="Width">How thick its thinnest stroke is as the document says; see <see cref="BorderStyle"/>.</param>
/// <param name="Color">Null for automatic.</param>
/// <param name="Space">Between the line and the text (or the page's edge).</param>
/// <param name="HasShadow">Whether a shadow is drawn.</param>
internal sealed record Border(BorderStyle Style, Pt Width, Rgb? Color, Pt Space, bool HasShadow);

/// <summary>The kinds of line (ST_Border, §17.18.2), in the order of that list, which ranks them in conflicts.</summary>
internal enum BorderStyle
{
    Single,
    Thick,
    Double,
    Dotted,
    Dashed,
    DotDash,
    DotDotDash,
    Triple,
    ThinThickSmallGap,
    ThickThinSmallGap,
    ThinThickThinSmallGap,
    ThinThickMediumGap,
    ThickThinMediumGap,
    ThinThickThinMediumGap,
    ThinThickLargeGap,
    ThickThinLargeGap,
    ThinThickThinLargeGap,
    Wave,
    DoubleWave,
    DashSmallGap,
    DashDotStroked,
    ThreeDEmboss,
    ThreeDEngrave,
    Outset,
    Inset,

    /// <summary>A picture border of pages; drawn by nobody but Word.</summary>
    Art,
}
