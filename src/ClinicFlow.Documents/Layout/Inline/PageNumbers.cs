using System.Globalization;
using System.Text;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>Writes the numbers that only layout knows: pages and notes.</summary>
internal static class PageNumbers
{
    private static readonly (int Value, string Letters)[] Roman =
    [
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ];

    private const string Chicago = "*†‡§";

    /// <summary>What is not known here is written in decimal, as Word does where it lacks a form of a number.</summary>
    public static string Write(int number, NumberFormat format) => format switch
    {
        NumberFormat.UpperRoman when number is > 0 and < 32768 => RomanOf(number),
        NumberFormat.LowerRoman when number is > 0 and < 32768 => RomanOf(number).ToLowerInvariant(),
        NumberFormat.UpperLetter when number is > 0 and <= 780 => LettersOf(number, 'A'),
        NumberFormat.LowerLetter when number is > 0 and <= 780 => LettersOf(number, 'a'),
        NumberFormat.NumberInDash => string.Create(CultureInfo.InvariantCulture, $"- {number} -"),
        NumberFormat.DecimalZero when number is >= 0 and < 10 => string.Create(CultureInfo.InvariantCulture, $"0{number}"),
        NumberFormat.Hex when number >= 0 => number.ToString("X", CultureInfo.InvariantCulture),
        NumberFormat.Chicago when number > 0 => new string(Chicago[(number - 1) % 4], ((number - 1) / 4) % 64 + 1),
        NumberFormat.Ordinal => string.Create(CultureInfo.InvariantCulture, $"{number}{OrdinalEnd(number)}"),
        NumberFormat.None => "",
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private static string RomanOf(int number)
    {
        var text = new StringBuilder();
        foreach (var (value, letters) in Roman)
        {
            for (; number >= value; number -= value)
            {
                text.Append(letters);
            }
        }

        return text.ToString();
    }

    // a … z, aa … zz, aaa …: the letter again and again, not a number of base 26.
    private static string LettersOf(int number, char first) => new((char)(first + ((number - 1) % 26)), ((number - 1) / 26) + 1);

    private static string OrdinalEnd(int number) => (Math.Abs(number) % 100) is 11 or 12 or 13 ? "th" : (Math.Abs(number) % 10) switch
    {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    };
}
