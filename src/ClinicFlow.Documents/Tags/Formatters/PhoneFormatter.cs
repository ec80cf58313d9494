using System.Globalization;
using ClinicFlow.Documents.Data;
using PhoneNumbers;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary>
/// <c>phone</c>: a telephone number as its country writes it: national where it is of the region, international
/// elsewhere. The region is the argument (<c>phone:AT</c>) or the culture's; a second argument, national,
/// international or e164, sets the style.
/// </summary>
internal sealed class PhoneFormatter(string? region, PhoneNumberFormat? style) : IFormatter
{
    // The longest that the library looks at; a longer text is no number.
    private const int MaxLength = 250;

    public static FormatterKind Kind { get; } = new("phone", 0, 2, "phone:AT", null, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
    {
        if (ValueText.IsBlank(value))
        {
            return new Formatted(MergeValue.Null);
        }

        // A number of a sheet has lost its leading zero or plus, unless the cell shows it.
        var text = value.Kind switch
        {
            MergeValueKind.Text => value.Text,
            MergeValueKind.Number => value.Shown ?? value.Number.ToString(CultureInfo.InvariantCulture),
            _ => "",
        };
        var home = region ?? RegionOf(context.Culture);
        if (text.Length is 0 or > MaxLength || !TryParse(text, home, out var number))
        {
            return new Formatted(MergeValue.Null, "a telephone number");
        }

        var library = PhoneNumberUtil.GetInstance();
        var format = style ?? (home is not null && library.GetCountryCodeForRegion(home) == number.CountryCode ? PhoneNumberFormat.NATIONAL : PhoneNumberFormat.INTERNATIONAL);
        return new Formatted(MergeValue.From(library.Format(number, format)));
    }

    private static bool TryParse(string text, string? region, out PhoneNumber number)
    {
        number = null!;
        try
        {
            number = PhoneNumberUtil.GetInstance().Parse(text, region);
            return PhoneNumberUtil.GetInstance().IsPossibleNumber(number);
        }
        catch (NumberParseException)
        {
            // The library says so only by an exception.
            return false;
        }
    }

    private static string? RegionOf(CultureInfo culture)
    {
        var tag = culture.Name.AsSpan();
        var dash = tag.LastIndexOf('-');
        return dash > 0 && tag.Length - dash == 3 ? tag[(dash + 1)..].ToString().ToUpperInvariant() : null;
    }

    private static IFormatter? Bind(FormatterArguments arguments)
    {
        string? region = null;
        PhoneNumberFormat? style = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i]!.Trim().ToUpperInvariant())
            {
                case "NATIONAL":
                    style = PhoneNumberFormat.NATIONAL;
                    break;
                case "INTERNATIONAL":
                    style = PhoneNumberFormat.INTERNATIONAL;
                    break;
                case "E164":
                    style = PhoneNumberFormat.E164;
                    break;
                case { Length: 2 } code when PhoneNumberUtil.GetInstance().GetSupportedRegions().Contains(code):
                    region = code;
                    break;
                default:
                    return arguments.Refuse("needs the two letters of a country, and national, international or e164");
            }
        }

        return new PhoneFormatter(region, style);
    }
}
