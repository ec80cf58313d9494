using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Metafiles;

/// <summary>What a record makes and another selects. A closed set. What cannot be drawn with is no fault until something is.</summary>
internal abstract record GdiObject;

/// <summary>A pen.</summary>
/// <param name="Color">Null draws nothing.</param>
/// <param name="Width">In logical units; 0 for as thin as can be.</param>
/// <param name="Cap">How lines end.</param>
/// <param name="Join">How lines turn.</param>
/// <param name="Dashes">Lengths of dashes and gaps: in logical units, of the thinnest pen in widths of its line; empty for a whole line.</param>
internal sealed record GdiPen(Rgb? Color, double Width, PenCap Cap, PenJoin Join, ImmutableArray<double> Dashes) : GdiObject
{
    private const int MostDashes = 16;

    public static GdiPen Black { get; } = new(Rgb.Black, 0, PenCap.Round, PenJoin.Round, []);

    public static GdiPen White { get; } = Black with { Color = Rgb.White };

    public static GdiPen None { get; } = Black with { Color = null };

    /// <summary>What it is that cannot be drawn; null for nothing.</summary>
    public string? Undrawable { get; init; }

    /// <summary>A pen of the style of a record ([MS-WMF] 2.1.1.23, [MS-EMF] 2.1.25).</summary>
    /// <param name="style">Dash, cap, join and whether it is wide, in bits.</param>
    /// <param name="width">In logical units.</param>
    /// <param name="color">Its colour.</param>
    /// <param name="own">Dashes and gaps of its own.</param>
    /// <param name="isExtended">Whether the bits tell that it is wide; else its width does.</param>
    public static GdiPen Of(uint style, double width, Rgb color, ImmutableArray<double> own, bool isExtended)
    {
        width = Math.Abs(width);
        var isWide = isExtended ? (style & 0x10000) != 0 : width > 1;
        var cap = ((style >> 8) & 0xF) switch { 1 => PenCap.Square, 2 => PenCap.Flat, _ => PenCap.Round };
        var join = ((style >> 12) & 0xF) switch { 1 => PenJoin.Bevel, 2 => PenJoin.Miter, _ => PenJoin.Round };

        // Windows draws broken lines whole where a pen that is not extended is wide.
        var kind = style & 0xF;
        var dashes = kind switch
        {
            7 => own,
            _ when isWide && !isExtended => [],
            1 => isWide ? [3 * width, width] : [18, 6],
            2 => isWide ? [width, width] : [3, 3],
            3 => isWide ? [3 * width, width, width, width] : [9, 6, 3, 6],
            4 => isWide ? [3 * width, width, width, width, width, width] : [9, 3, 3, 3, 3, 3],
            8 => [1, 1],
            _ => ImmutableArray<double>.Empty,
        };
        return new(kind == 5 ? null : color, !isWide && (isExtended || !dashes.IsEmpty) ? 0 : width, cap, join, dashes)
        {
            Undrawable = kind > 8 ? "a pen of an unknown style" : dashes.Length > MostDashes || dashes.Any(dash => !(dash >= 0)) || (dashes.Length > 0 && dashes.Sum() <= 0) ? "a pen with a strange pattern" : null,
        };
    }
}

/// <summary>A brush.</summary>
/// <param name="Color">Null fills nothing.</param>
internal sealed record GdiBrush(Rgb? Color) : GdiObject
{
    /// <summary>What it is that cannot be drawn; null for nothing.</summary>
    public string? Undrawable { get; init; }

    /// <summary>A brush of the style of a record ([MS-WMF] 2.1.1.4).</summary>
    public static GdiBrush Of(uint style, Rgb color) => style switch
    {
        0 => new(color),
        1 => new((Rgb?)null),
        2 => Not("a hatched brush"),
        _ => Not("a brush with a pattern"),
    };

    public static GdiBrush Not(string what) => new(Rgb.Black) { Undrawable = what };
}

/// <summary>A font.</summary>
/// <param name="Face">What is asked for.</param>
/// <param name="Escapement">How far lines are turned, against the clock, in tenths of a degree.</param>
/// <param name="Orientation">How far letters are turned.</param>
/// <param name="Charset">Which characters bytes stand for ([MS-WMF] 2.1.1.5).</param>
internal sealed record GdiFont(MetafileFont Face, int Escapement, int Orientation, byte Charset) : GdiObject
{
    public static GdiFont Of(string family, double height, double width, int weight, bool isItalic, bool isUnderlined, bool isStruck, int escapement, int orientation, byte charset)
    {
        // Windows knows some families by the alphabet too, and takes that for the character set.
        if (family.LastIndexOf(' ') is > 0 and var space && Alphabets.TryGetValue(family[(space + 1)..], out var alphabet))
        {
            (family, charset) = (family[..space], charset <= 1 ? alphabet : charset);
        }

        // No height is the mapper's own, which is that of 12 points on a screen.
        var face = new MetafileFont(family, height == 0 ? -16 : height, Math.Abs(width), weight > 550, isItalic, isUnderlined, isStruck);
        return new(face, escapement, orientation, charset);
    }

    private static readonly Dictionary<string, byte> Alphabets = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CE"] = 238,
        ["CYR"] = 204,
        ["Greek"] = 161,
        ["TUR"] = 162,
        ["Baltic"] = 186,
    };

    private static readonly HashSet<string> KnownSymbols = new(StringComparer.OrdinalIgnoreCase)
    {
        "Symbol", "SymbolMT", "Standard Symbols PS", "Wingdings", "Wingdings 2", "Wingdings 3", "Webdings", "ZapfDingbats", "Zapf Dingbats",
    };

    /// <summary>Whether its characters are signs of which nobody but the font itself knows what they look like.</summary>
    public bool HasUnknownSymbols => Charset == 2 && !KnownSymbols.Contains(Face.Family.Trim());

    /// <summary>What text is drawn in before a font is selected.</summary>
    public static GdiFont System { get; } = Of("Arial", 16, 0, 700, false, false, false, 0, 0, 0);
}

/// <summary>A palette, colour space or region: it draws nothing by itself.</summary>
/// <param name="IsRegion">Whether it is a region.</param>
internal sealed record GdiOther(bool IsRegion) : GdiObject;

/// <summary>The objects that are always there, by number ([MS-EMF] 2.1.31).</summary>
internal static class StockObjects
{
    public static GdiObject? Of(uint number) => number switch
    {
        0 => new GdiBrush(Rgb.White),
        1 => new GdiBrush(new Rgb(0xC0, 0xC0, 0xC0)),
        2 => new GdiBrush(new Rgb(0x80, 0x80, 0x80)),
        3 => new GdiBrush(new Rgb(0x40, 0x40, 0x40)),
        4 => new GdiBrush(Rgb.Black),
        5 => new GdiBrush((Rgb?)null),
        6 => GdiPen.White,
        7 => GdiPen.Black,
        8 => GdiPen.None,
        10 or 11 or 16 => GdiFont.Of("Courier New", 12, 0, 400, false, false, false, 0, 0, 0),
        12 or 17 => GdiFont.Of("Arial", -11, 0, 400, false, false, false, 0, 0, 0),
        13 or 14 => GdiFont.System,
        15 => new GdiOther(false),
        18 => new GdiBrush(Rgb.White),
        19 => GdiPen.Black,
        _ => null,
    };
}
