using System.Globalization;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary>
/// <c>number</c>: a number in the culture's signs, with groups and the decimals it has; <c>number:2</c> with two
/// decimals; <c>number:"#,##0.00"</c> in a picture, where point and comma stand for the culture's signs; <c>number:"N0"</c>
/// in one of .NET's standard pictures C, E, F, G, N, P.
/// </summary>
internal sealed class NumberFormatter(string picture) : IFormatter
{
    private const string AllDecimals = "#,##0.############################";

    public static FormatterKind Kind { get; } = new("number", 0, 1, "number:\"#,##0.00\"", FieldType.Number, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
        => ValueText.IsBlank(value) ? new Formatted(MergeValue.Null)
            : ValueReader.TryNumber(value, context.Culture, out var number) ? new Formatted(MergeValue.From(number.ToString(picture, context.Culture)))
            : Expecting.Number;

    private static IFormatter? Bind(FormatterArguments arguments)
    {
        if (arguments[0] is not { } text)
        {
            return new NumberFormatter(AllDecimals);
        }

        // A lone digit is a count of decimals; "0" and "00" are pictures.
        text = text.Trim();
        if (text.Length == 1 && text[0] is >= '1' and <= '9')
        {
            return new NumberFormatter("N" + text);
        }

        return HasForeignSigns(text) ? arguments.Refuse("has its point and comma the wrong way round: a picture has a point before the decimals and a comma between groups, and the document's culture puts its own signs there")
            : IsStandard(text) || IsPicture(text) ? new NumberFormatter(text)
            : arguments.Refuse("needs a number picture made of 0, #, a comma and a point, or a count of decimals");
    }

    // The precision stays below 100: a number never prints a megabyte.
    private static bool IsStandard(string text)
        => text.Length is >= 1 and <= 3 && text[0] is 'C' or 'c' or 'E' or 'e' or 'F' or 'f' or 'G' or 'g' or 'N' or 'n' or 'P' or 'p'
            && !text.AsSpan(1).ContainsAnyExceptInRange('0', '9');

    // "0,00" and "#.##0,00" are what a German author means by 0.00 and #,##0.00; .NET reads them as something else
    // altogether, and would print wrong amounts. A comma has three digits behind it (or one, as in #,#), and no point before it.
    private static bool HasForeignSigns(string text)
    {
        var quote = '\0';
        var hasPoint = false;
        var sinceComma = -1;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
                continue;
            }

            switch (c)
            {
                case '\'' or '"':
                    quote = c;
                    break;
                case '\\':
                    i++;
                    break;
                case '.' or ';':
                    if (IsBroken(sinceComma) || (c == '.' && hasPoint))
                    {
                        return true;
                    }

                    (hasPoint, sinceComma) = (c == '.', -1);
                    break;
                case ',':
                    if (hasPoint || IsBroken(sinceComma))
                    {
                        return true;
                    }

                    sinceComma = 0;
                    break;
                case '0' or '#' when sinceComma >= 0:
                    sinceComma++;
                    break;
            }
        }

        return IsBroken(sinceComma);

        static bool IsBroken(int digits) => digits is 0 or 2 or > 3;
    }

    private static bool IsPicture(string text)
    {
        if (!text.AsSpan().ContainsAny('0', '#'))
        {
            return false;
        }

        try
        {
            _ = 1234.5m.ToString(text, CultureInfo.InvariantCulture);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
