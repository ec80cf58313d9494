using System.Globalization;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads the simple types of attributes (ECMA-376 Part 1 §22.9, §17.18). What is no value of the type is as if it were not there.</summary>
internal static class AttributeText
{
    // Beyond Word's own limit of 22 inches and any offset that could be meant; keeps later arithmetic finite.
    private const double MaxTwips = 100_000_000;

    /// <summary>ST_OnOff of an element such as w:b: true where it is there without a value; null where it is not there.</summary>
    public static bool? OnOff(Element element) => element.Exists ? IsOn(element.Val) : null;

    public static bool IsOn(string? value) => value is not ("0" or "false" or "off");

    public static bool? Bool(string? value) => value is null ? null : value is "1" or "true" or "on" or "t";

    public static int? Int(string? value)
        => int.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number
            : Double(value) is { } real && Math.Abs(real) < int.MaxValue ? (int)real : null;

    public static long? Long(string? value) => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static double? Double(string? value)
        => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>ST_TwipsMeasure and ST_SignedTwipsMeasure: twips, or a number with a unit (strict documents).</summary>
    public static Pt? Twips(string? value)
    {
        if (value is null)
        {
            return null;
        }

        var twips = int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
            : Double(value) ?? (Universal(value) is { } length ? length.Value * 20 : null);
        return twips is { } number && Math.Abs(number) <= MaxTwips ? Pt.FromTwips(number) : null;
    }

    /// <summary>ST_HpsMeasure: half-points, or a number with a unit.</summary>
    public static Pt? HalfPoints(string? value) => (Double(value) is { } half ? new Pt(half / 2) : Universal(value)) is { Value: >= -4000 and <= 4000 } size ? size : null;

    /// <summary>EMU.</summary>
    public static Pt? Emu(string? value) => (Long(value) is { } emu ? Pt.FromEmu(emu) : Universal(value)) is { } length && Math.Abs(length.Value) < 1_000_000 ? length : null;

    /// <summary>A number with a unit (ST_UniversalMeasure): mm, cm, in, pt, pc, pi, px.</summary>
    public static Pt? Universal(string? value)
    {
        if (value is null || value.Length < 3)
        {
            return null;
        }

        var factor = value.AsSpan(value.Length - 2) switch
        {
            "pt" => 1.0,
            "in" => 72,
            "mm" => 72 / 25.4,
            "cm" => 720 / 25.4,
            "pc" or "pi" => 12,
            "px" => 0.75,
            _ => 0,
        };
        return factor > 0 && double.TryParse(value.AsSpan(0, value.Length - 2), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && Math.Abs(number) < 1_000_000 ? new Pt(number * factor) : null;
    }

    /// <summary>Percent as fiftieths (<c>5000</c>) or with a sign (<c>100%</c>); 1 for all.</summary>
    public static double? Fiftieths(string? value)
        => value is null ? null : value.EndsWith('%') ? Double(value[..^1]) / 100 : Double(value) / 5000;

    /// <summary>DrawingML's percent: 100,000ths, or with a sign; 1 for all.</summary>
    public static double? Percent(string? value)
        => value is null ? null : value.EndsWith('%') ? Double(value[..^1]) / 100 : Double(value) / 100_000;

    /// <summary>Six hexadecimal digits; null for automatic and for what is none.</summary>
    public static Rgb? Hex(string? value)
        => value is { Length: 6 } && int.TryParse(value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb) ? Rgb.FromHex(rgb) : null;

    public static int? HexByte(string? value) => value is not null && int.TryParse(value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 255 ? number : null;
}
