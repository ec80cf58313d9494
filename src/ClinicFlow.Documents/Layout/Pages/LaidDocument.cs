namespace ClinicFlow.Documents.Layout.Pages;

/// <summary>
/// A document whose every mark has its place on a page: what the layout makes and a writer of files draws.
/// Immutable. All lengths are points (1/72 inch); x grows to the right, y grows DOWN from the top edge of the page.
/// </summary>
internal sealed class LaidDocument
{
    /// <summary>The pages in order; at least one.</summary>
    public required IReadOnlyList<LaidPage> Pages { get; init; }

    /// <summary>What the marks mean: headings, paragraphs, tables. Node 0 is the document.</summary>
    public required StructureTree Structure { get; init; }

    /// <summary>Where bookmarks are, by name; names are unique (the first one of a name wins, as in Word).</summary>
    public required IReadOnlyList<Destination> Destinations { get; init; }

    /// <summary>Headings for a reader's side bar, in document order.</summary>
    public required IReadOnlyList<OutlineEntry> Outline { get; init; }

    /// <summary>Title, author, language.</summary>
    public required DocumentFacts Facts { get; init; }
}

/// <summary>One page: fragments in the order in which they are painted, the later over the earlier.</summary>
/// <param name="Width">Width in points.</param>
/// <param name="Height">Height in points.</param>
/// <param name="Placements">What is painted, and where.</param>
internal sealed record LaidPage(double Width, double Height, IReadOnlyList<Placement> Placements);

/// <summary>
/// A fragment at its place. A point (x, y) of the fragment comes to rest at (X + x, Y + y) of the page, or, where there is a
/// <see cref="Transform"/>, at that matrix times (x, y), then moved by (X, Y).
/// </summary>
/// <param name="Fragment">What is painted. The same object may be placed many times, in many documents, by many threads.</param>
/// <param name="X">Left of the fragment's origin.</param>
/// <param name="Y">Top of the fragment's origin.</param>
/// <param name="StructureBase">
/// Added to the local structure numbers of the fragment's items (see <see cref="PageItem.Structure"/>). Below 0: the whole placement is an
/// artifact (a header, a repeated table heading), whatever its items say.
/// </param>
internal readonly record struct Placement(Fragment Fragment, double X, double Y, int StructureBase)
{
    /// <summary>Turned or scaled content: cells with vertical text, turned pictures, watermarks. Null: only moved.</summary>
    public Matrix? Transform { get; init; }

    /// <summary>Nothing outside this rectangle (in page coordinates) is painted. Null: no clipping.</summary>
    public PageClip? Clip { get; init; }
}

/// <summary>The part of a page that something is painted in. An object of its own, so that the many placements without one stay small.</summary>
internal sealed record PageClip(Box Box);

/// <summary>A rectangle; Top is its smaller y.</summary>
internal readonly record struct Box(double Left, double Top, double Width, double Height)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;
}

/// <summary>Maps (x, y) to (A·x + C·y + E, B·x + D·y + F), with y growing down on both sides.</summary>
internal sealed record Matrix(double A, double B, double C, double D, double E, double F)
{
    /// <summary>Turns by an angle in degrees, clockwise as seen by a reader, around (x, y).</summary>
    public static Matrix Turn(double degrees, double x, double y)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        return new(cos, sin, -sin, cos, x - (cos * x) + (sin * y), y - (sin * x) - (cos * y));
    }

    /// <summary>This matrix, and after it another.</summary>
    public Matrix Then(Matrix next) => new(
        (next.A * A) + (next.C * B), (next.B * A) + (next.D * B),
        (next.A * C) + (next.C * D), (next.B * C) + (next.D * D),
        (next.A * E) + (next.C * F) + next.E, (next.B * E) + (next.D * F) + next.F);
}

/// <summary>A colour with its opacity: 0xAARRGGBB; AA = FF is opaque.</summary>
internal readonly record struct Paint(uint Argb)
{
    public static readonly Paint Black = new(0xFF000000);

    public byte Alpha => (byte)(Argb >> 24);

    public byte Red => (byte)(Argb >> 16);

    public byte Green => (byte)(Argb >> 8);

    public byte Blue => (byte)Argb;

    public static Paint Rgb(int rgb) => new(0xFF000000u | (uint)(rgb & 0xFFFFFF));
}
