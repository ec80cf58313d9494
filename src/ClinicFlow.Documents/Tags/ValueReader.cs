using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags;

/// <summary>
/// Reads numbers, dates and truths out of values, as CSV files carry them in text. What it reads does not depend
/// on the machine, only on the text and the document's culture.
/// </summary>
internal static class ValueReader
{
    private const int MaxNumberLength = 48;
    private const int MaxDateLength = 96;

    private static readonly SearchValues<char> ZoneCharacters = SearchValues.Create("0123456789:");

    private static readonly SearchValues<char> DirectionMarks = SearchValues.Create("\u200E\u200F\u061C");

    private static readonly string[] LongDates =
        ["d MMMM yyyy", "d. MMMM yyyy", "d MMM yyyy", "d. MMM yyyy", "MMMM d, yyyy", "MMM d, yyyy", "d-MMM-yyyy", "dddd, d MMMM yyyy", "dddd, d. MMMM yyyy", "dddd, MMMM d, yyyy"];

    /// <summary>
    /// Reads a number. In text a plain number with a point (<c>1234.5</c>) is one in every culture, because that is
    /// how programs write it; else the culture's own signs count, with groups where they belong (<c>1.234,5</c> in de).
    /// </summary>
    public static bool TryNumber(MergeValue value, CultureInfo culture, out decimal number)
    {
        switch (value.Kind)
        {
            case MergeValueKind.Number:
                number = value.Number;
                return true;
            case MergeValueKind.Text:
                return TryNumber(value.Text, culture, out number);
            default:
                number = 0;
                return false;
        }
    }

    /// <summary>Reads a number from text; see <see cref="TryNumber(MergeValue, CultureInfo, out decimal)"/>.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, CultureInfo culture, out decimal number)
    {
        number = 0;
        text = WithoutMarks(text).Trim();
        if (text.IsEmpty || text.Length > MaxNumberLength)
        {
            return false;
        }

        var isNegative = text[0] is '-' or '\u2212' or '\u2013';
        if (isNegative || text[0] == '+')
        {
            text = text[1..];
        }

        // A digit first or a decimal sign before a digit: everything else is text, without a further look.
        if (text.IsEmpty || !(char.IsAsciiDigit(text[0]) || (text.Length > 1 && char.IsAsciiDigit(text[1]))))
        {
            return false;
        }

        const NumberStyles plain = NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(text, plain, CultureInfo.InvariantCulture, out number))
        {
            Span<char> digits = stackalloc char[MaxNumberLength];
            if (!TryUngroup(text, culture.NumberFormat, digits, out var length)
                || !decimal.TryParse(digits[..length], plain, CultureInfo.InvariantCulture, out number))
            {
                return false;
            }
        }

        number = isNegative ? -number : number;
        return true;
    }

    // Arabic, Hebrew and Persian print signs of writing direction among the digits.
    private static ReadOnlySpan<char> WithoutMarks(ReadOnlySpan<char> text)
        => text.ContainsAny(DirectionMarks) ? string.Concat(text.ToString().Where(c => !DirectionMarks.Contains(c))) : text;

    // Copies the digits without group signs and with a point as the decimal sign. The last group has three digits,
    // others two or three (hi-IN), the first one to three: 1,5 is never fifteen.
    private static bool TryUngroup(ReadOnlySpan<char> text, NumberFormatInfo format, Span<char> digits, out int length)
    {
        length = 0;
        var decimalSign = format.NumberDecimalSeparator.Length == 1 ? format.NumberDecimalSeparator[0] : '.';
        var groupSign = '\0';
        var run = 0;
        var isFraction = false;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                digits[length++] = c;
                run++;
            }
            else if (c == decimalSign && !isFraction && (groupSign == 0 || run == 3))
            {
                digits[length++] = '.';
                (isFraction, run) = (true, 0);
            }
            else if (IsGroupSign(c, format, decimalSign) && !isFraction && (groupSign == 0 ? run is >= 1 and <= 3 : groupSign == c && run is 2 or 3))
            {
                (groupSign, run) = (c, 0);
            }
            else
            {
                return false;
            }
        }

        return isFraction ? run > 0 : groupSign == 0 || run == 3;
    }

    private static bool IsGroupSign(char c, NumberFormatInfo format, char decimalSign)
        => (format.NumberGroupSeparator.Length == 1 && c == format.NumberGroupSeparator[0] && c != decimalSign)
            || c is ' ' or '\u00A0' or '\u202F' or '\u2009' or '\'' or '\u2019'
            || (c == '.' && decimalSign == ',');

    /// <summary>
    /// Reads a date, with or without a time. In text: ISO 8601 (a zone is ignored, the clock as written counts),
    /// <c>dd.MM.yyyy</c>, and the culture's own order of day and month; names of months in the culture's language or
    /// English. Years have four digits: a birth date of two is no date.
    /// </summary>
    public static bool TryDate(MergeValue value, CultureInfo culture, out DateTime date)
    {
        switch (value.Kind)
        {
            case MergeValueKind.Date:
                date = value.Date;
                return true;
            case MergeValueKind.Text:
                return TryDate(value.Text, culture, out date);
            default:
                date = default;
                return false;
        }
    }

    /// <summary>Reads a date from text; see <see cref="TryDate(MergeValue, CultureInfo, out DateTime)"/>.</summary>
    public static bool TryDate(ReadOnlySpan<char> text, CultureInfo culture, out DateTime date)
    {
        date = default;
        text = WithoutMarks(text).Trim();
        if (text.Length is < 8 or > MaxDateLength || !text.ContainsAnyInRange('0', '9'))
        {
            return false;
        }

        if (TryNumericDate(text, culture, out date, out var rest) && (rest.IsEmpty || (TryTime(rest, out var time) && Add(ref date, time))))
        {
            return true;
        }

        return DateTime.TryParseExact(text, LongDates, culture, DateTimeStyles.AllowInnerWhite, out date)
            || DateTime.TryParseExact(text, LongDates, CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out date)
            || DateTime.TryParseExact(text, WithoutMarks(culture.DateTimeFormat.LongDatePattern), culture, DateTimeStyles.AllowInnerWhite, out date)
            || (culture.DateTimeFormat.ShortDatePattern.Contains("yyyy", StringComparison.Ordinal)
                && DateTime.TryParseExact(text, WithoutMarks(culture.DateTimeFormat.ShortDatePattern), culture, DateTimeStyles.AllowInnerWhite, out date));
    }

    private static bool Add(ref DateTime date, TimeSpan time)
    {
        date = date.Date + time;
        return true;
    }

    // Three numbers with one separator between them; rest is what follows.
    private static bool TryNumericDate(ReadOnlySpan<char> text, CultureInfo culture, out DateTime date, out ReadOnlySpan<char> rest)
    {
        date = default;
        rest = text;
        if (text.Length == 8 && !text.ContainsAnyExceptInRange('0', '9'))
        {
            rest = [];
            return Make(Two(text, 0) * 100 + Two(text, 2), Two(text, 4), Two(text, 6), out date);
        }

        if (!TakeNumber(ref text, out var first, out var firstLength) || !TakeSeparator(ref text, out var separator)
            || !TakeNumber(ref text, out var second, out var secondLength) || !TakeSeparator(ref text, out var other) || other != separator
            || !TakeNumber(ref text, out var third, out var thirdLength) || secondLength > 2)
        {
            return false;
        }

        rest = text is ['.', ..] ? text[1..].TrimStart() : text is ['T' or 't' or ',', ..] ? text[1..].TrimStart() : text.TrimStart();
        if (firstLength == 4)
        {
            return thirdLength <= 2 && Make(first, second, third, out date);
        }

        if (firstLength > 2 || thirdLength != 4)
        {
            return false;
        }

        var isMonthFirst = separator == '/' && IsMonthFirst(culture);
        return isMonthFirst ? Make(third, first, second, out date) : Make(third, second, first, out date);
    }

    private static bool IsMonthFirst(CultureInfo culture)
    {
        var pattern = culture.DateTimeFormat.ShortDatePattern;
        var month = pattern.IndexOf('M', StringComparison.Ordinal);
        return month >= 0 && month < pattern.IndexOf('d', StringComparison.Ordinal) && !pattern.StartsWith('y');
    }

    private static int Two(ReadOnlySpan<char> text, int at) => ((text[at] - '0') * 10) + text[at + 1] - '0';

    private static bool Make(int year, int month, int day, out DateTime date)
    {
        date = default;
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        date = new DateTime(year, month, day);
        return true;
    }

    private static bool TakeNumber(ref ReadOnlySpan<char> text, out int number, out int length)
    {
        number = 0;
        for (length = 0; length < text.Length && length < 9 && char.IsAsciiDigit(text[length]); length++)
        {
            number = (number * 10) + text[length] - '0';
        }

        text = text[length..];
        return length > 0;
    }

    private static bool TakeSeparator(ref ReadOnlySpan<char> text, out char separator)
    {
        separator = text.IsEmpty ? '\0' : text[0];
        if (separator is not ('-' or '.' or '/'))
        {
            return false;
        }

        text = text[1..].TrimStart();
        return true;
    }

    /// <summary>Reads a time of day: <c>HH:mm</c>, <c>HH:mm:ss</c> with a fraction, with AM or PM; a zone after it is ignored.</summary>
    public static bool TryTime(ReadOnlySpan<char> text, out TimeSpan time)
    {
        time = default;
        text = text.Trim();
        if (!TakeNumber(ref text, out var hour, out var length) || length > 2 || text is not [':', ..])
        {
            return false;
        }

        text = text[1..];
        var second = 0;
        if (!TakeNumber(ref text, out var minute, out length) || length != 2)
        {
            return false;
        }

        var ticks = 0L;
        if (text is [':', ..])
        {
            text = text[1..];
            if (!TakeNumber(ref text, out second, out length) || length != 2)
            {
                return false;
            }

            if (text is ['.' or ',', ..])
            {
                text = text[1..];
                if (!TakeNumber(ref text, out var fraction, out length) || length > 7)
                {
                    return false;
                }

                ticks = fraction * (long)Math.Pow(10, 7 - length);
            }
        }

        text = text.TrimStart();
        if (text.Equals("AM", StringComparison.OrdinalIgnoreCase) || text.Equals("PM", StringComparison.OrdinalIgnoreCase))
        {
            if (hour is < 1 or > 12)
            {
                return false;
            }

            hour = (hour % 12) + (text[0] is 'P' or 'p' ? 12 : 0);
            text = [];
        }

        if (hour > 23 || minute > 59 || second > 59 || !IsZone(text))
        {
            return false;
        }

        time = new TimeSpan(hour, minute, second) + new TimeSpan(ticks);
        return true;
    }

    private static bool IsZone(ReadOnlySpan<char> text)
        => text.IsEmpty || text is "Z" or "z" || (text[0] is '+' or '-' && text.Length <= 6 && !text[1..].ContainsAnyExcept(ZoneCharacters));

    /// <summary>
    /// Reads yes or no: booleans, 1 and 0, and in text the usual words of several languages (yes, no, ja, nein, x …).
    /// </summary>
    public static bool TryTruth(MergeValue value, out bool truth)
    {
        switch (value.Kind)
        {
            case MergeValueKind.Boolean:
                truth = value.Boolean;
                return true;
            case MergeValueKind.Number when value.Number is 0 or 1:
                truth = value.Number == 1;
                return true;
            case MergeValueKind.Text:
                var text = value.Text.Trim();
                truth = TrueWords.Contains(text);
                return truth || FalseWords.Contains(text);
            default:
                truth = false;
                return false;
        }
    }

    private static readonly FrozenSet<string> TrueWords = FrozenSet.ToFrozenSet(
        ["true", "yes", "y", "1", "on", "x", "checked", "ja", "j", "wahr", "oui", "vrai", "si", "sì", "sí", "vero", "verdadero", "sim", "tak", "ano", "igen", "da"], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> FalseWords = FrozenSet.ToFrozenSet(
        ["false", "no", "n", "0", "off", "unchecked", "nein", "falsch", "non", "faux", "falso", "não", "nie", "ne", "nem", "nej", "nee", "nu"], StringComparer.OrdinalIgnoreCase);
}
