using System.Globalization;
using System.Text;
using Humanizer;

namespace ClinicFlow.Documents.Fields.Formats;

/// <summary>
/// The numeric styles of <c>\*</c>: Arabic, roman, CardText … ECMA-376 Part 1 §17.16.4.3.1. Words and ordinals are the culture's.
/// </summary>
internal sealed class NumberStyle
{
    private readonly Func<decimal, CultureInfo, string?> _print;

    private NumberStyle(Func<decimal, CultureInfo, string?> print) => _print = print;

    /// <summary>The style of a switch argument; null where it names none. The case of <c>roman</c> and <c>alphabetic</c> is the case of the result.</summary>
    public static NumberStyle? Find(string name)
    {
        var isUpper = name.Length > 0 && char.IsUpper(name[0]);
        Func<decimal, CultureInfo, string?>? print = name.ToUpperInvariant() switch
        {
            "ARABIC" => (number, _) => Whole(number, long.MinValue, long.MaxValue)?.ToString(CultureInfo.InvariantCulture),
            "ARABICDASH" => (number, _) => Whole(number, 0, long.MaxValue) is { } whole ? string.Create(CultureInfo.InvariantCulture, $"- {whole} -") : null,
            "ALPHABETIC" => (number, _) => Alphabetic(number, isUpper ? 'A' : 'a'),
            "ROMAN" => (number, _) => isUpper ? Roman(number) : Roman(number)?.ToLowerInvariant(),
            "ORDINAL" => (number, culture) => Whole(number, 0, int.MaxValue) is { } whole ? ((int)whole).Ordinalize(culture) : null,
            "ORDTEXT" => (number, culture) => Whole(number, 0, 999_999) is { } whole ? ((int)whole).ToOrdinalWords(culture) : null,
            "CARDTEXT" => (number, culture) => Whole(number, 0, 999_999_999) is { } whole ? Words(whole, culture) : null,
            "DOLLARTEXT" => DollarText,
            "HEX" => (number, _) => Whole(number, 0, int.MaxValue)?.ToString("X", CultureInfo.InvariantCulture),
            _ => null,
        };
        return print is null ? null : new NumberStyle(print);
    }

    /// <summary>Prints a number; null where the style has no form for it.</summary>
    public string? Print(decimal number, CultureInfo culture) => _print(number, culture);

    private static long? Whole(decimal number, long least, long most)
    {
        var whole = Math.Round(number, MidpointRounding.AwayFromZero);
        return whole < least || whole > most ? null : (long)whole;
    }

    private static string? Alphabetic(decimal number, char first)
    {
        // Word goes a … z, aa, bb … zz, aaa; its limit is 780 = 26 × 30.
        return Whole(number, 1, 780) is { } whole ? new string((char)(first + ((whole - 1) % 26)), (int)((whole - 1) / 26) + 1) : null;
    }

    private static string? Roman(decimal number)
    {
        if (Whole(number, 1, 32_767) is not { } rest)
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var (value, letters) in RomanSteps)
        {
            for (; rest >= value; rest -= value)
            {
                text.Append(letters);
            }
        }

        return text.ToString();
    }

    private static readonly (int Value, string Letters)[] RomanSteps =
    [
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
        (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ];

    private static string? DollarText(decimal number, CultureInfo culture)
    {
        var rounded = Math.Round(number, 2, MidpointRounding.AwayFromZero);
        if (rounded is < 0 or >= 1_000_000_000)
        {
            return null;
        }

        var whole = decimal.Truncate(rounded);
        return string.Create(CultureInfo.InvariantCulture, $"{Words((long)whole, culture)} {And(culture)} {(rounded - whole) * 100:00}/100");
    }

    /// <summary>Word joins with the language's own "and".</summary>
    private static string And(CultureInfo culture) => culture.TwoLetterISOLanguageName switch
    {
        "de" => "und",
        "fr" => "et",
        "it" => "e",
        "es" => "y",
        "nl" => "en",
        _ => "and",
    };

    /// <summary>Word's English has no "and" inside a number: one hundred twenty-three.</summary>
    private static string Words(long number, CultureInfo culture) => number.ToWords(addAnd: false, culture: culture);
}
