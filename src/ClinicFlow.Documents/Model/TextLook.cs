namespace ClinicFlow.Documents.Model;

/// <summary>How text looks beyond its colour (w14:textFill, textOutline, shadow, glow). Null parts: none.</summary>
internal sealed record TextLook
{
    /// <summary>How opaque the letters are; 0 for those that only have a line around them.</summary>
    public double Opacity { get; init; } = 1;

    /// <summary>The line along the edges of the letters.</summary>
    public TextLine? Line { get; init; }

    /// <summary>What lies behind them.</summary>
    public TextShadow? Shadow { get; init; }

    /// <summary>What shines around them.</summary>
    public TextGlow? Glow { get; init; }
}

/// <param name="Color">Its colour.</param>
/// <param name="Opacity">1 for opaque.</param>
/// <param name="Width">Half of it lies on the letters.</param>
internal sealed record TextLine(Rgb Color, double Opacity, Pt Width);

/// <param name="Color">Its colour.</param>
/// <param name="Opacity">1 for opaque.</param>
/// <param name="Right">How far it lies to the right.</param>
/// <param name="Down">How far it lies below.</param>
/// <param name="Blur">How wide its edge is; 0 for a sharp one.</param>
internal sealed record TextShadow(Rgb Color, double Opacity, Pt Right, Pt Down, Pt Blur);

/// <param name="Color">Its colour.</param>
/// <param name="Opacity">At the letters; it fades to nothing at the radius.</param>
/// <param name="Radius">How far it reaches.</param>
internal sealed record TextGlow(Rgb Color, double Opacity, Pt Radius);
