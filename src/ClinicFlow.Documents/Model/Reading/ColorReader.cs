namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Colours of WordprocessingML and DrawingML, worked out to sRGB.</summary>
internal static class ColorReader
{
    /// <summary>
    /// A colour given by value, theme colour, tint and shade (w:color, w:shd, borders). The theme's wins over the stored value, as in
    /// Word; <c>auto</c> gives null.
    /// </summary>
    /// <param name="value">Six digits or <c>auto</c>.</param>
    /// <param name="theme">ST_ThemeColor.</param>
    /// <param name="tint">Two hexadecimal digits: FF for no tint.</param>
    /// <param name="shade">Two hexadecimal digits: FF for no shade.</param>
    /// <param name="colors">The document's theme.</param>
    public static Rgb? Read(string? value, string? theme, string? tint, string? shade, Theme colors)
    {
        if (colors.Color(theme) is not { } color)
        {
            return AttributeText.Hex(value) ?? Named(value);
        }

        if (AttributeText.HexByte(tint) is { } light)
        {
            color = Tint(color, light / 255.0);
        }

        return AttributeText.HexByte(shade) is { } dark ? Shade(color, dark / 255.0) : color;
    }

    /// <summary>w:shd: the fill, with the pattern's colour mixed in by its density; null for none.</summary>
    public static Rgb? Shading(Element shd, Theme colors)
    {
        if (!shd.Exists)
        {
            return null;
        }

        var fill = Read(shd["fill"], shd["themeFill"], shd["themeFillTint"], shd["themeFillShade"], colors);
        var ink = Read(shd["color"], shd["themeColor"], shd["themeTint"], shd["themeShade"], colors) ?? Rgb.Black;
        var density = shd.Val switch
        {
            null or "clear" or "nil" => 0,
            "solid" => 1,
            "horzStripe" or "vertStripe" or "reverseDiagStripe" or "diagStripe" or "horzCross" or "diagCross" => 0.5,
            "thinHorzStripe" or "thinVertStripe" or "thinReverseDiagStripe" or "thinDiagStripe" or "thinHorzCross" or "thinDiagCross" => 0.25,
            var pattern when pattern.StartsWith("pct", StringComparison.Ordinal) => (AttributeText.Double(pattern[3..]) ?? 0) / 100,
            _ => 0.0,
        };
        return density <= 0 ? fill : Mix(fill ?? Rgb.White, ink, density);
    }

    /// <summary>The dots of a shading that is striped or crossed; null for others, of which <see cref="Shading"/> says all.</summary>
    public static ShadingDots? ShadingDots(Element shd, Theme colors) => PresetPatterns.OfShading(shd.Val) is { } dots
        ? new(dots, Read(shd["color"], shd["themeColor"], shd["themeTint"], shd["themeShade"], colors) ?? Rgb.Black, Read(shd["fill"], shd["themeFill"], shd["themeFillTint"], shd["themeFillShade"], colors) ?? Rgb.White)
        : null;

    /// <summary>w:highlight (§17.18.40).</summary>
    public static Rgb? Highlight(string? value) => value switch
    {
        "black" => Rgb.Black,
        "blue" => Rgb.FromHex(0x0000FF),
        "cyan" => Rgb.FromHex(0x00FFFF),
        "green" => Rgb.FromHex(0x00FF00),
        "magenta" => Rgb.FromHex(0xFF00FF),
        "red" => Rgb.FromHex(0xFF0000),
        "yellow" => Rgb.FromHex(0xFFFF00),
        "white" => Rgb.White,
        "darkBlue" => Rgb.FromHex(0x00008B),
        "darkCyan" => Rgb.FromHex(0x008B8B),
        "darkGreen" => Rgb.FromHex(0x006400),
        "darkMagenta" => Rgb.FromHex(0x800080),
        "darkRed" => Rgb.FromHex(0x8B0000),
        "darkYellow" => Rgb.FromHex(0x808000),
        "darkGray" => Rgb.FromHex(0xA9A9A9),
        "lightGray" => Rgb.FromHex(0xD3D3D3),
        _ => null,
    };

    /// <summary>
    /// The colour inside an element such as a:solidFill, with its changes in the order they stand (§20.1.2.3); its opacity beside it.
    /// </summary>
    /// <param name="parent">The element around srgbClr, schemeClr …</param>
    /// <param name="colors">The document's theme.</param>
    /// <param name="placeholder">The colour of <c>phClr</c> in the theme's formats.</param>
    public static (Rgb Color, double Opacity)? DrawingColor(Element parent, Theme colors, Rgb? placeholder = null)
    {
        foreach (var element in parent.Elements)
        {
            Rgb? start = element.Name switch
            {
                "srgbClr" => AttributeText.Hex(element["val"]),
                "schemeClr" => element["val"] == "phClr" ? placeholder : colors.Color(element["val"]),
                "sysClr" => AttributeText.Hex(element["lastClr"]) ?? (element["val"] is "window" ? Rgb.White : Rgb.Black),
                "prstClr" => Named(element["val"]),
                "scrgbClr" => new Rgb(Linear(element["r"]), Linear(element["g"]), Linear(element["b"])),
                "hslClr" => FromHsl((AttributeText.Double(element["hue"]) ?? 0) / 21_600_000, AttributeText.Percent(element["sat"]) ?? 0, AttributeText.Percent(element["lum"]) ?? 0),
                _ => null,
            };
            if (start is { } color)
            {
                return Change(element, color);
            }
        }

        return null;

        static byte Linear(string? share) => Byte(Encode(AttributeText.Percent(share) ?? 0));
    }

    /// <summary>Towards white, in the HSL model: the rule of w:themeTint (§17.3.2.6).</summary>
    public static Rgb Tint(Rgb color, double tint)
    {
        var (h, s, l) = ToHsl(color);
        return FromHsl(h, s, (l * tint) + (1 - tint), Truncated);
    }

    /// <summary>Towards black, in the HSL model: the rule of w:themeShade.</summary>
    public static Rgb Shade(Rgb color, double shade)
    {
        var (h, s, l) = ToHsl(color);
        return FromHsl(h, s, l * shade, Truncated);
    }

    /// <summary>The colour names of HTML that occur in documents, and VML's.</summary>
    public static Rgb? Named(string? name) => name switch
    {
        "black" => Rgb.Black,
        "white" => Rgb.White,
        "red" => Rgb.FromHex(0xFF0000),
        "green" => Rgb.FromHex(0x008000),
        "lime" => Rgb.FromHex(0x00FF00),
        "blue" => Rgb.FromHex(0x0000FF),
        "yellow" => Rgb.FromHex(0xFFFF00),
        "gray" or "grey" => Rgb.FromHex(0x808080),
        "silver" => Rgb.FromHex(0xC0C0C0),
        "ltGray" or "lightGray" or "lightgrey" or "lightgray" => Rgb.FromHex(0xD3D3D3),
        "dkGray" or "darkGray" or "darkgray" => Rgb.FromHex(0xA9A9A9),
        "navy" => Rgb.FromHex(0x000080),
        "maroon" => Rgb.FromHex(0x800000),
        "purple" => Rgb.FromHex(0x800080),
        "teal" => Rgb.FromHex(0x008080),
        "olive" => Rgb.FromHex(0x808000),
        "aqua" or "cyan" => Rgb.FromHex(0x00FFFF),
        "fuchsia" or "magenta" => Rgb.FromHex(0xFF00FF),
        "orange" => Rgb.FromHex(0xFFA500),
        "brown" => Rgb.FromHex(0xA52A2A),
        "window" or "infoBackground" => Rgb.White,
        "windowText" or "infoText" => Rgb.Black,
        "buttonFace" => Rgb.FromHex(0xF0F0F0),
        _ => null,
    };

    public static Rgb Mix(Rgb under, Rgb over, double share)
        => new(Byte(((under.Red * (1 - share)) + (over.Red * share)) / 255), Byte(((under.Green * (1 - share)) + (over.Green * share)) / 255), Byte(((under.Blue * (1 - share)) + (over.Blue * share)) / 255));

    private static (Rgb Color, double Opacity) Change(Element element, Rgb color)
    {
        var opacity = 1.0;
        foreach (var change in element.Elements)
        {
            var amount = AttributeText.Percent(change["val"]) ?? 1;
            var (h, s, l) = ToHsl(color);
            switch (change.Name)
            {
                case "alpha":
                    opacity = Math.Clamp(amount, 0, 1);
                    break;
                case "alphaMod":
                    opacity = Math.Clamp(opacity * amount, 0, 1);
                    break;
                case "alphaOff":
                    opacity = Math.Clamp(opacity + amount, 0, 1);
                    break;
                case "lumMod":
                    color = FromHsl(h, s, l * amount);
                    break;
                case "lumOff":
                    color = FromHsl(h, s, l + amount);
                    break;
                case "lum":
                    color = FromHsl(h, s, amount);
                    break;
                case "satMod":
                    color = FromHsl(h, s * amount, l);
                    break;
                case "satOff":
                    color = FromHsl(h, s + amount, l);
                    break;
                case "sat":
                    color = FromHsl(h, amount, l);
                    break;
                case "hueMod":
                    color = FromHsl(h * amount, s, l);
                    break;
                case "hueOff":
                    color = FromHsl(h + Turn(change), s, l);
                    break;
                case "hue":
                    color = FromHsl(Turn(change), s, l);
                    break;
                case "comp":
                    color = FromHsl(h + 0.5, s, l);
                    break;
                case "gamma":
                    color = new Rgb(Byte(Encode(color.Red / 255.0)), Byte(Encode(color.Green / 255.0)), Byte(Encode(color.Blue / 255.0)));
                    break;
                case "invGamma":
                    color = new Rgb(Byte(Decode(color.Red / 255.0)), Byte(Decode(color.Green / 255.0)), Byte(Decode(color.Blue / 255.0)));
                    break;
                // In DrawingML both work on linear light.
                case "tint":
                    color = PerChannel(color, c => (c * amount) + (1 - amount));
                    break;
                case "shade":
                    color = PerChannel(color, c => c * amount);
                    break;
                case "inv":
                    color = new Rgb((byte)(255 - color.Red), (byte)(255 - color.Green), (byte)(255 - color.Blue));
                    break;
                case "gray":
                    var gray = Byte(((0.299 * color.Red) + (0.587 * color.Green) + (0.114 * color.Blue)) / 255);
                    color = new Rgb(gray, gray, gray);
                    break;
            }
        }

        return (color, opacity);

        // 60,000ths of a degree as part of the circle.
        static double Turn(Element change) => (AttributeText.Double(change["val"]) ?? 0) / 21_600_000;
    }

    private static Rgb PerChannel(Rgb color, Func<double, double> change)
        => new(Byte(Encode(change(Decode(color.Red / 255.0)))), Byte(Encode(change(Decode(color.Green / 255.0)))), Byte(Encode(change(Decode(color.Blue / 255.0)))));

    private static byte Byte(double share) => (byte)Math.Round(Math.Clamp(share, 0, 1) * 255, MidpointRounding.AwayFromZero);

    private static double Encode(double linear) => linear <= 0.0031308 ? linear * 12.92 : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055;

    private static double Decode(double encoded) => encoded <= 0.04045 ? encoded / 12.92 : Math.Pow((encoded + 0.055) / 1.055, 2.4);

    private static (double H, double S, double L) ToHsl(Rgb color)
    {
        double r = color.Red / 255.0, g = color.Green / 255.0, b = color.Blue / 255.0;
        var (max, min) = (Math.Max(r, Math.Max(g, b)), Math.Min(r, Math.Min(g, b)));
        var l = (max + min) / 2;
        var d = max - min;
        if (d == 0)
        {
            return (0, 0, l);
        }

        var s = l > 0.5 ? d / (2 - max - min) : d / (max + min);
        var h = max == r ? ((g - b) / d) + (g < b ? 6 : 0) : max == g ? ((b - r) / d) + 2 : ((r - g) / d) + 4;
        return (h / 6, s, l);
    }

    // The values that Word stores beside its theme colours are cut off, not rounded: 8EAADB for 4472C4 at tint 99.
    private static byte Truncated(double share) => (byte)((Math.Clamp(share, 0, 1) * 255) + 1e-6);

    private static Rgb FromHsl(double h, double s, double l, Func<double, byte>? toByte = null)
    {
        toByte ??= Byte;
        (h, s, l) = (h - Math.Floor(h), Math.Clamp(s, 0, 1), Math.Clamp(l, 0, 1));
        var q = l < 0.5 ? l * (1 + s) : l + s - (l * s);
        var p = (2 * l) - q;
        return new Rgb(toByte(Hue(h + (1 / 3.0))), toByte(Hue(h)), toByte(Hue(h - (1 / 3.0))));

        double Hue(double t)
        {
            t = t < 0 ? t + 1 : t > 1 ? t - 1 : t;
            return t < 1 / 6.0 ? p + ((q - p) * 6 * t) : t < 0.5 ? q : t < 2 / 3.0 ? p + ((q - p) * ((2 / 3.0) - t) * 6) : p;
        }
    }
}
