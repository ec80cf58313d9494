using System.Diagnostics;

namespace ClinicFlow.Documents.Content;

/// <summary>A length in EMU, as drawings state lengths: 914,400 to the inch (ECMA-376 Part 1 §20.1.2.1).</summary>
internal readonly record struct Emu(long Value)
{
    private const long PerInch = 914_400;

    /// <summary>From millimetres.</summary>
    public static Emu FromMillimeters(double millimeters) => new((long)Math.Round(millimeters * 36_000));

    /// <summary>From points, 72 to the inch.</summary>
    public static Emu FromPoints(double points) => new((long)Math.Round(points * 12_700));

    /// <summary>From twips (dxa), 1,440 to the inch.</summary>
    public static Emu FromTwips(long twips) => new(twips * 635);

    /// <summary>From pixels of a resolution.</summary>
    public static Emu FromPixels(double pixels, double dpi) => new((long)Math.Round(pixels * PerInch / dpi));
}

/// <summary>How large an author wants a picture.</summary>
internal abstract record PictureSizeRule
{
    private PictureSizeRule()
    {
    }

    /// <summary>As large as its pixels are at its own resolution.</summary>
    internal sealed record Natural : PictureSizeRule;

    /// <summary>As large as fits into a box, keeping its ratio (<c>fit:40mm,30mm</c>).</summary>
    internal sealed record Fit(Emu Width, Emu Height) : PictureSizeRule;

    /// <summary>So wide; the height keeps the ratio (<c>width:40mm</c>).</summary>
    internal sealed record Wide(Emu Width) : PictureSizeRule;

    /// <summary>So high; the width keeps the ratio (<c>height:30mm</c>).</summary>
    internal sealed record High(Emu Height) : PictureSizeRule;

    /// <summary>Exactly so wide and high, whatever becomes of the ratio (both given).</summary>
    internal sealed record Stretch(Emu Width, Emu Height) : PictureSizeRule;

    /// <summary>The rule for the lengths that a tag names.</summary>
    /// <param name="widthEmu">The width in EMU; 0 where the author leaves it open.</param>
    /// <param name="heightEmu">The height in EMU; 0 where the author leaves it open.</param>
    /// <param name="fits">Whether both are a frame to fit into; otherwise they are exact.</param>
    public static PictureSizeRule Of(long widthEmu, long heightEmu, bool fits) => (widthEmu, heightEmu) switch
    {
        ( <= 0, <= 0) => new Natural(),
        (_, <= 0) => new Wide(new(widthEmu)),
        ( <= 0, _) => new High(new(heightEmu)),
        _ when fits => new Fit(new(widthEmu), new(heightEmu)),
        _ => new Stretch(new(widthEmu), new(heightEmu)),
    };
}

/// <summary>The size of a picture on the page, as it is seen: upright, after EXIF orientation.</summary>
internal readonly record struct PictureSize(Emu Width, Emu Height)
{
    /// <summary>The resolution of pictures that name none; Word takes the same.</summary>
    public const double DefaultDpi = 96;

    /// <summary>The size of a picture under a rule, shrunk in its ratio where it is wider than the room there is.</summary>
    public static PictureSize Of(PictureFile picture, PictureSizeRule rule, Emu maxWidth)
    {
        var width = (double)Emu.FromPixels(picture.WidthPx, picture.HorizontalDpi ?? DefaultDpi).Value;
        var height = (double)Emu.FromPixels(picture.HeightPx, picture.VerticalDpi ?? DefaultDpi).Value;
        if (picture.IsTurnedSideways)
        {
            (width, height) = (height, width);
        }

        (width, height) = rule switch
        {
            PictureSizeRule.Natural => (width, height),
            PictureSizeRule.Fit fit => Scale(Math.Min(fit.Width.Value / width, fit.Height.Value / height)),
            PictureSizeRule.Wide wide => Scale(wide.Width.Value / width),
            PictureSizeRule.High high => Scale(high.Height.Value / height),
            PictureSizeRule.Stretch stretch => (stretch.Width.Value, stretch.Height.Value),
            _ => throw new UnreachableException($"{rule.GetType().Name}"),
        };
        if (maxWidth.Value > 0 && width > maxWidth.Value)
        {
            (width, height) = Scale(maxWidth.Value / width);
        }

        return new(Whole(width), Whole(height));

        (double Width, double Height) Scale(double factor) => (width * factor, height * factor);
    }

    // ST_PositiveCoordinate ends at 27,273,042,316,900, but Word's own pages end at 22 inches; 10 metres bounds both
    // a very tall picture and what is calculated from it.
    private static Emu Whole(double emu) => new((long)Math.Clamp(Math.Round(emu), 1, 360_000_000));
}
