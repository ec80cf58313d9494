using System.Globalization;
using System.Text;

namespace ClinicFlow.Documents.Fields.Formats;

/// <summary>
/// Reads numbers that people and programs have written: in the culture's form, else in the invariant one.
/// A separator means decimals or groups by its place where both are possible, by the culture where that leaves it open.
/// </summary>
internal static class NumberText
{
    private const int MaxLength = 60;

    /// <summary>Whether the whole text is one number, perhaps with a sign, a currency sign or code, or in parentheses (negative).</summary>
    public static bool TryRead(ReadOnlySpan<char> text, CultureInfo culture, out decimal number)
    {
        number = 0;
        text = text.Trim();
        if (text.Length is 0 or > MaxLength)
        {
            return false;
        }

        var isNegative = false;
        if (text[0] == '(' && text[^1] == ')')
        {
            isNegative = true;
            text = text[1..^1].Trim();
        }

        text = StripCurrency(text, culture);
        if (text.Length > 0 && !isNegative && IsSign(text[0]))
        {
            isNegative = text[0] != '+';
            text = StripCurrency(text[1..].TrimStart(), culture);
        }
        else if (text.Length > 0 && !isNegative && text[^1] is '-' or '\u2212')
        {
            isNegative = true;
            text = text[..^1].TrimEnd();
        }

        if (!TryDigits(text, UsesDecimalComma(culture), out number))
        {
            return false;
        }

        number = isNegative ? -number : number;
        return true;
    }

    /// <summary>Finds the first number in a text, as a formula reads a table cell: <c>(1,200.50 €)</c> is negative, <c>5 %</c> is 0.05.</summary>
    public static bool TryFind(ReadOnlySpan<char> text, CultureInfo culture, out decimal number)
    {
        number = 0;
        var start = text.IndexOfAnyInRange('0', '9');
        if (start < 0)
        {
            return false;
        }

        var end = start;
        while (end < text.Length && end - start < MaxLength && (char.IsAsciiDigit(text[end]) || (IsSeparator(text[end]) && text[end] != ' ')))
        {
            end++;
        }

        while (!char.IsAsciiDigit(text[end - 1]))
        {
            end--;
        }

        // ".5": the radix may come first.
        if (start > 0 && text[start - 1] is '.' or ',' && (start == 1 || !char.IsLetterOrDigit(text[start - 2])))
        {
            start--;
        }

        if (!TryDigits(text[start..end], UsesDecimalComma(culture), out number))
        {
            return false;
        }

        var before = text[..start].TrimEnd();
        while (before.Length > 0 && IsCurrency(before[^1]))
        {
            before = before[..^1].TrimEnd();
        }

        var after = text[end..].TrimStart();
        if ((before.Length > 0 && before[^1] is '-' or '\u2212') || (before.Length > 0 && before[^1] == '(' && after.Contains(')')))
        {
            number = -number;
        }

        if (after.Length > 0 && after[0] == '%')
        {
            number /= 100;
        }

        return true;
    }

    /// <summary>Reads digits with separators, without sign.</summary>
    public static bool TryDigits(ReadOnlySpan<char> text, bool decimalComma, out decimal number)
    {
        number = 0;
        if (text.Length is 0 or > MaxLength || !Separators(text, decimalComma, out var radix, out var group))
        {
            return false;
        }

        var plain = new StringBuilder(text.Length);
        var radixAt = radix == '\0' ? -1 : text.LastIndexOf(radix);
        var whole = radixAt < 0 ? text : text[..radixAt];
        if (group != '\0' && !IsGrouped(whole, group))
        {
            return false;
        }

        var digits = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                digits++;
                plain.Append(text[i]);
            }
            else if (i == radixAt)
            {
                plain.Append('.');
            }
            else if (text[i] != group || i > radixAt && radixAt >= 0)
            {
                return false;
            }
        }

        return digits > 0 && decimal.TryParse(plain.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>Whether the culture writes decimals after a comma.</summary>
    public static bool UsesDecimalComma(CultureInfo culture) => culture.NumberFormat.NumberDecimalSeparator == ",";

    private static bool Separators(ReadOnlySpan<char> text, bool decimalComma, out char radix, out char group)
    {
        radix = group = '\0';
        var points = text.Count('.');
        var commas = text.Count(',');
        foreach (var c in text)
        {
            if (IsSeparator(c) && c is not '.' and not ',')
            {
                if (group != '\0' && group != c)
                {
                    return false;
                }

                group = c;
            }
        }

        if (points > 0 && commas > 0)
        {
            radix = text.LastIndexOf('.') > text.LastIndexOf(',') ? '.' : ',';
            var other = radix == '.' ? ',' : '.';
            if (group != '\0' || text.Count(radix) > 1)
            {
                return false;
            }

            group = other;
            return true;
        }

        if (points + commas == 0)
        {
            return true;
        }

        var only = points > 0 ? '.' : ',';
        if (points + commas > 1 || group != '\0')
        {
            var isRadix = group != '\0' && points + commas == 1;
            radix = isRadix ? only : '\0';
            group = isRadix ? group : only;
            return isRadix || (points + commas > 1 && text.IndexOfAny(" '\u00A0\u202F\u2019") < 0);
        }

        // One separator, once: the culture's decimal sign; else a group of three; else, for a point, an invariant decimal.
        var isCultures = only == ',' == decimalComma;
        if (!isCultures && text[0] != '0' && IsGrouped(text, only))
        {
            group = only;
            return true;
        }

        radix = only;
        return isCultures || only == '.';
    }

    private static bool IsGrouped(ReadOnlySpan<char> whole, char group)
    {
        var first = true;
        while (true)
        {
            var at = whole.IndexOf(group);
            var length = at < 0 ? whole.Length : at;
            if (first ? length is 0 or > 3 : length != 3)
            {
                return false;
            }

            if (at < 0)
            {
                return true;
            }

            whole = whole[(at + 1)..];
            first = false;
        }
    }

    private static ReadOnlySpan<char> StripCurrency(ReadOnlySpan<char> text, CultureInfo culture)
    {
        var symbol = culture.NumberFormat.CurrencySymbol;
        for (var again = true; again && text.Length > 0;)
        {
            var length = text.Length;
            if (IsCurrency(text[0]))
            {
                text = text[1..];
            }
            else if (symbol.Length > 0 && text.StartsWith(symbol, StringComparison.Ordinal))
            {
                text = text[symbol.Length..];
            }
            else if (IsCode(text[..Math.Min(3, text.Length)]))
            {
                text = text[3..];
            }

            if (text.Length > 0 && IsCurrency(text[^1]))
            {
                text = text[..^1];
            }
            else if (symbol.Length > 0 && text.EndsWith(symbol, StringComparison.Ordinal))
            {
                text = text[..^symbol.Length];
            }
            else if (text.Length >= 3 && IsCode(text[^3..]))
            {
                text = text[..^3];
            }

            text = text.Trim();
            again = text.Length < length;
        }

        return text;
    }

    private static bool IsCode(ReadOnlySpan<char> text) => text is "EUR" or "USD" or "GBP" or "CHF";

    private static bool IsCurrency(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.CurrencySymbol;

    private static bool IsSign(char c) => c is '-' or '+' or '\u2212';

    private static bool IsSeparator(char c) => c is '.' or ',' or ' ' or '\'' or '\u00A0' or '\u202F' or '\u2019';
}
