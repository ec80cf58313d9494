namespace ClinicFlow.Documents.Model;

/// <summary>A colour of the sRGB space; theme colours, tints and shades are already worked out.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
internal readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    public static Rgb Black => default;

    public static Rgb White => new(255, 255, 255);

    /// <summary>From 0xRRGGBB.</summary>
    public static Rgb FromHex(int rrggbb) => new((byte)(rrggbb >> 16), (byte)(rrggbb >> 8), (byte)rrggbb);

    /// <summary>
    /// The colour of automatic text on this background. Word takes white where the background is dark: measured by others at
    /// a luma of less than about a quarter (0.299 R + 0.587 G + 0.114 B under 60 of 255).
    /// </summary>
    public Rgb AutomaticText => (0.299 * Red) + (0.587 * Green) + (0.114 * Blue) < 60 ? White : Black;

    /// <inheritdoc/>
    public override string ToString() => $"{Red:X2}{Green:X2}{Blue:X2}";
}
