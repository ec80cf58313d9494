using System.Globalization;

namespace ClinicFlow.Documents.Fields.Formats;

/// <summary>Reads dates and times that people and programs have written. Looks at no clock: a date needs its year.</summary>
internal static class DateText
{
    private const int MaxLength = 60;

    private static readonly string[] IsoForms =
    [
        "yyyy-M-d", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy/M/d",
    ];

    /// <summary>Whether a text is a date or a time of day: ISO 8601 (an offset is dropped, the time stays as written), or the culture's own form.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, CultureInfo culture, out DateTime date)
    {
        text = text.Trim();
        if (text.Length is < 3 or > MaxLength)
        {
            date = default;
            return false;
        }

        if (DateTime.TryParseExact(WithoutOffset(text), IsoForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out date))
        {
            return true;
        }

        if (!IsComplete(text) || !DateTime.TryParse(text, culture, DateTimeStyles.NoCurrentDateDefault | DateTimeStyles.AllowWhiteSpaces, out date))
        {
            date = default;
            return false;
        }

        return true;
    }

    /// <summary>.NET would fill a missing year from today: a date must have three parts, or two and a month's name; a time has colons.</summary>
    private static bool IsComplete(ReadOnlySpan<char> text)
    {
        var numbers = 0;
        var letters = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var startsNumber = char.IsAsciiDigit(text[i]) && (i == 0 || !char.IsAsciiDigit(text[i - 1]));
            numbers += startsNumber ? 1 : 0;
            letters += char.IsLetter(text[i]) ? 1 : 0;
        }

        var colons = text.Count(':');
        var ofDate = numbers - (colons == 0 ? 0 : colons + 1);
        return ofDate == 0 ? colons is 1 or 2 && letters <= 4 : ofDate >= (letters >= 3 ? 2 : 3);
    }

    private static ReadOnlySpan<char> WithoutOffset(ReadOnlySpan<char> text)
    {
        if (text.Length < 17 || text[10] != 'T')
        {
            return text;
        }

        if (text[^1] is 'Z' or 'z')
        {
            return text[..^1];
        }

        var sign = text[11..].IndexOfAny('+', '-');
        return sign < 0 ? text : text[..(11 + sign)];
    }
}
