using System.Globalization;
using System.Text;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary>The pictures of <c>date</c> and <c>time</c>: .NET's, with what people know from Word and Excel understood.</summary>
internal static class DatePictures
{
    private const string Standard = "dDfFgGmMyYtTsOoRru";

    /// <summary>
    /// Turns what a tag writes into a .NET picture. One letter is .NET's standard picture (<c>d</c> short, <c>D</c> long
    /// date), as are the words short, long, full, month and iso. Of the pictures of Word and Excel, <c>AM/PM</c>,
    /// capital D and Y and the German TT.MM.JJJJ are understood; <c>mm</c> is the month where there is no hour or second.
    /// </summary>
    public static bool TryRead(string text, out string picture)
    {
        picture = text.Trim().ToUpperInvariant() switch
        {
            "SHORT" => "d",
            "LONG" => "D",
            "FULL" => "f",
            "MONTH" => "Y",
            "ISO" => "yyyy-MM-dd",
            _ => Translate(text.Trim()),
        };
        if (picture.Length == 0)
        {
            return false;
        }

        if (picture.Length == 1 && !Standard.Contains(picture[0], StringComparison.Ordinal))
        {
            picture = "%" + picture;
        }

        try
        {
            // The picture is the same for all dates: if it can print one it can print all.
            _ = new DateTime(2001, 2, 3, 16, 5, 6).ToString(picture, CultureInfo.InvariantCulture);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string Translate(string text)
    {
        var isGerman = Letters(text).Contains('J');
        var hasTime = Letters(text).Any(letter => letter is 'h' or 'H' or 's' or 'S');
        var picture = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\'' or '"')
            {
                var end = text.IndexOf(c, i + 1);
                end = end < 0 ? text.Length - 1 : end;
                picture.Append(text, i, end - i + 1);
                i = end;
            }
            else if (c == '\\' && i + 1 < text.Length)
            {
                picture.Append(c).Append(text[++i]);
            }
            else if (string.Compare(text, i, "AM/PM", 0, 5, StringComparison.OrdinalIgnoreCase) == 0)
            {
                picture.Append("tt");
                i += 4;
            }
            else if (text.Length > 1)
            {
                picture.Append(c switch
                {
                    'Y' => 'y',
                    'D' => 'd',
                    'S' => 's',
                    'J' or 'j' when isGerman => 'y',
                    'T' when isGerman => 'd',
                    'm' when !hasTime => 'M',
                    _ => c,
                });
            }
            else
            {
                picture.Append(c);
            }
        }

        return picture.ToString();
    }

    // The letters that are not quoted.
    private static IEnumerable<char> Letters(string text)
    {
        var quote = '\0';
        foreach (var c in text)
        {
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '\'' or '"')
            {
                quote = c;
            }
            else
            {
                yield return c;
            }
        }
    }
}
