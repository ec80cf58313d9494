using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>What a metafile draws, in painting order. Places are in parts of the picture's width and height: 0,0 is the top left and 1,1 the bottom right corner.</summary>
internal sealed record Metafile(ImmutableArray<MetafileItem> Items)
{
    /// <summary>About how many points and letters it takes to draw it.</summary>
    public long Weight { get; } = Weigh(Items);

    private static long Weigh(ImmutableArray<MetafileItem> items)
    {
        var (weight, last) = (0L, (MetafileClip?)null);
        foreach (var item in items)
        {
            weight += 4 + (item switch { MetafileShape shape => shape.Path.Length, MetafileText text => text.Text.Length, _ => 0 });
            weight += ReferenceEquals(item.Clip, last) ? 0 : item.Clip?.Steps ?? 0;
            last = item.Clip;
        }

        return weight;
    }
}

/// <summary>One thing that a metafile draws. A closed set.</summary>
internal abstract record MetafileItem
{
    /// <summary>Nothing outside of it shows; null for all. Items that follow each other have the same object where it is the same.</summary>
    public MetafileClip? Clip { get; init; }
}

/// <summary>An area to which drawing is cut.</summary>
/// <param name="Path">Its outline.</param>
/// <param name="IsEvenOdd">Whether parts that overlap are outside; else they are inside.</param>
/// <param name="Around">Another area, to which it is cut as well.</param>
internal sealed record MetafileClip(ImmutableArray<PathStep> Path, bool IsEvenOdd, MetafileClip? Around)
{
    /// <summary>Steps of this and all areas around it.</summary>
    public int Steps { get; } = Path.Length + (Around?.Steps ?? 0);
}

/// <summary>A line, outline or area.</summary>
/// <param name="Path">Its steps.</param>
/// <param name="Fill">Null for none.</param>
/// <param name="IsEvenOdd">Whether parts that overlap are outside.</param>
/// <param name="Pen">Null where no line is drawn.</param>
internal sealed record MetafileShape(ImmutableArray<PathStep> Path, Rgb? Fill, bool IsEvenOdd, MetafilePen? Pen) : MetafileItem;

/// <summary>How a line is drawn. One object for lines that follow each other and are drawn alike.</summary>
/// <param name="Color">Its colour.</param>
/// <param name="Width">In parts of the square root of the picture's area; 0 for as thin as can be.</param>
/// <param name="Cap">How it ends.</param>
/// <param name="Join">How it turns.</param>
/// <param name="MiterLimit">Of joins with a point: how far it may reach, in widths.</param>
/// <param name="Dashes">Lengths of dashes and gaps, measured as the width is, of the thinnest line in its widths; empty for a whole line.</param>
internal sealed record MetafilePen(Rgb Color, double Width, PenCap Cap, PenJoin Join, double MiterLimit, ImmutableArray<double> Dashes);

internal enum PenCap : byte
{
    Flat,
    Round,
    Square,
}

internal enum PenJoin : byte
{
    Miter,
    Round,
    Bevel,
}

/// <summary>A line of text.</summary>
internal sealed record MetafileText : MetafileItem
{
    public required string Text { get; init; }

    /// <summary>The width of each UTF-16 unit, in units of the text; empty where the font's own are taken.</summary>
    public ImmutableArray<double> Advances { get; init; } = [];

    public required MetafileFont Font { get; init; }

    public required Rgb Color { get; init; }

    /// <summary>Fills the box of the letters behind them; null for nothing.</summary>
    public Rgb? Background { get; init; }

    /// <summary>From units of the text to the picture. The point from which the text is placed is 0,0; x grows along the line, y down.</summary>
    public required Transform Place { get; init; }

    public TextSide Horizontal { get; init; }

    public TextLevel Vertical { get; init; }

    /// <summary>Whether neutral characters read from right to left.</summary>
    public bool IsRightToLeft { get; init; }

    /// <summary>Added behind each character where the font's own widths are taken.</summary>
    public double Spacing { get; init; }

    /// <summary>Added behind each space where the font's own widths are taken.</summary>
    public double SpaceStretch { get; init; }
}

/// <summary>Which side of a text stands at its point.</summary>
internal enum TextSide : byte
{
    Left,
    Center,
    Right,
}

/// <summary>Which height of a text stands at its point.</summary>
internal enum TextLevel : byte
{
    Top,
    Baseline,
    Bottom,
}

/// <summary>The font that text asks for.</summary>
/// <param name="Family">Its name.</param>
/// <param name="Height">In units of the text: of the em where it is negative, of a line where it is positive.</param>
/// <param name="Width">Width of its mean character in units of the text; 0 for the design's own.</param>
/// <param name="IsBold">Bold.</param>
/// <param name="IsItalic">Italic.</param>
/// <param name="IsUnderlined">Underlined.</param>
/// <param name="IsStruck">Struck through.</param>
internal sealed record MetafileFont(string Family, double Height, double Width, bool IsBold, bool IsItalic, bool IsUnderlined, bool IsStruck);

/// <summary>A bitmap as a file.</summary>
/// <param name="File">PNG or JPEG.</param>
/// <param name="Place">From the unit square, whose left top is that of the bitmap, to the picture.</param>
/// <param name="Opacity">1 for opaque.</param>
internal sealed record MetafileBitmap(ImmutableArray<byte> File, Transform Place, double Opacity) : MetafileItem;
