using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>What is asked of a text ([MS-WMF] 2.1.2.2, [MS-EMF] 2.1.11).</summary>
[Flags]
internal enum TextOptions : uint
{
    Opaque = 0x2,
    Clipped = 0x4,
    GlyphNumbers = 0x10,
    RightToLeft = 0x80,
    NoRectangle = 0x100,
    SmallCharacters = 0x200,
    TwoDirections = 0x2000,
}

/// <summary>Draws what records of both kinds of metafile say of a text.</summary>
internal static class TextOut
{
    /// <param name="canvas">Where.</param>
    /// <param name="text">Its characters.</param>
    /// <param name="advances">The width of each in logical units; empty for the font's own.</param>
    /// <param name="at">Its point.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="box">What is filled behind it, or cuts it.</param>
    public static void Draw(MetafileCanvas canvas, string text, ImmutableArray<double> advances, ShapePoint at, TextOptions options, (double Left, double Top, double Right, double Bottom)? box)
    {
        // A box that ends before it begins is none, as Windows writes it.
        box = box == (0, 0, -1, -1) ? null : box;
        if (options.HasFlag(TextOptions.Opaque) && box is { } area)
        {
            var path = canvas.RectanglePath(area.Left, area.Top, area.Right, area.Bottom);
            canvas.Fill(path, canvas.Now.BackColor);
        }

        canvas.Text(text, advances, at, options.HasFlag(TextOptions.RightToLeft), options.HasFlag(TextOptions.Clipped) ? box : null);
    }
}
