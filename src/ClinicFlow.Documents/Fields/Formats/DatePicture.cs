using System.Globalization;
using System.Text;

namespace ClinicFlow.Documents.Fields.Formats;

/// <summary>
/// A date picture, the argument of <c>\@</c>: <c>dddd, d. MMMM yyyy HH:mm</c>. ECMA-376 Part 1 §17.16.4.2.
/// <c>M</c> is the month, <c>m</c> the minute, <c>h</c> the hour of 12 and <c>H</c> of 24; <c>d</c>, <c>y</c> and <c>s</c> in either case. Immutable.
/// </summary>
internal sealed class DatePicture
{
    private const int MaxLength = 200;

    private readonly Item[] _items;
    private readonly bool _hasDay;

    private DatePicture(Item[] items)
    {
        _items = items;
        _hasDay = items.Any(item => item.Letter == 'd' && item.Count <= 2);
    }

    /// <summary>Parses a picture.</summary>
    /// <returns>Word's error text; null where the picture is good.</returns>
    public static string? TryParse(string text, out DatePicture? picture)
    {
        picture = null;
        if (text.Length is 0 or > MaxLength)
        {
            return text.Length == 0 ? FieldErrors.SwitchArgumentMissing : FieldErrors.UnknownSwitchArgument;
        }

        var items = new List<Item>();
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (c is '\'' or '`')
            {
                var end = text.IndexOf(c, i + 1);
                if (end < 0)
                {
                    return FieldErrors.UnmatchedQuotes;
                }

                items.Add(new(c == '`' ? '`' : '\'', 0, text[(i + 1)..end]));
                i = end + 1;
                continue;
            }

            if (text.AsSpan(i).StartsWith("am/pm", StringComparison.OrdinalIgnoreCase))
            {
                items.Add(new('t', char.IsUpper(c) ? 2 : 1, ""));
                i += 5;
                continue;
            }

            var letter = c switch { 'D' => 'd', 'Y' => 'y', 'S' => 's', _ => c };
            if (letter is 'd' or 'M' or 'y' or 'h' or 'H' or 'm' or 's')
            {
                var count = 1;
                while (i + count < text.Length && (text[i + count] == c))
                {
                    count++;
                }

                items.Add(new(letter, count, ""));
                i += count;
                continue;
            }

            items.Add(new('\'', 0, c.ToString()));
            i++;
        }

        picture = new DatePicture([.. items]);
        return null;
    }

    /// <summary>Prints a date.</summary>
    public string Format(DateTime date, CultureInfo culture, IReadOnlyDictionary<string, int> sequences)
    {
        var text = new StringBuilder();
        var names = culture.DateTimeFormat;
        foreach (var (letter, count, literal) in _items)
        {
            _ = (letter, count) switch
            {
                ('d', 1) or ('M', 1) or ('h', 1) or ('H', 1) or ('m', 1) or ('s', 1) => text.Append(Part(date, letter)),
                ('d', 2) or ('M', 2) or ('h', 2) or ('H', _) or ('h', _) or ('m', _) or ('s', _) => text.Append(Part(date, letter).ToString("00", CultureInfo.InvariantCulture)),
                ('d', 3) => text.Append(names.GetAbbreviatedDayName(date.DayOfWeek)),
                ('d', _) => text.Append(names.GetDayName(date.DayOfWeek)),
                ('M', 3) => text.Append((_hasDay ? names.AbbreviatedMonthGenitiveNames : names.AbbreviatedMonthNames)[date.Month - 1]),
                ('M', _) => text.Append((_hasDay ? names.MonthGenitiveNames : names.MonthNames)[date.Month - 1]),
                ('y', <= 2) => text.Append((date.Year % 100).ToString("00", CultureInfo.InvariantCulture)),
                ('y', _) => text.Append(date.Year.ToString("0000", CultureInfo.InvariantCulture)),
                ('t', _) => text.Append(HalfDay(date, names, count == 2)),
                ('`', _) => text.Append(sequences.TryGetValue(literal.Trim(), out var number) ? number : 0),
                _ => text.Append(literal),
            };
        }

        return text.ToString();
    }

    private static int Part(DateTime date, char letter) => letter switch
    {
        'd' => date.Day,
        'M' => date.Month,
        'H' => date.Hour,
        'm' => date.Minute,
        's' => date.Second,
        _ => date.Hour % 12 == 0 ? 12 : date.Hour % 12,
    };

    private static string HalfDay(DateTime date, DateTimeFormatInfo names, bool isUpper)
    {
        var name = date.Hour < 12 ? names.AMDesignator : names.PMDesignator;
        name = name.Length > 0 ? name : date.Hour < 12 ? "AM" : "PM";
        return isUpper ? name.ToUpperInvariant() : name.ToLowerInvariant();
    }

    private readonly record struct Item(char Letter, int Count, string Literal);
}
