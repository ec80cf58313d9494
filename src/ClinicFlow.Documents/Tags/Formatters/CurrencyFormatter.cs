using System.Collections.Frozen;
using System.Globalization;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary>
/// <c>currency:"EUR"</c>: an amount of money, written as the culture writes amounts, in that currency (ISO 4217 code
/// or symbol) and with the decimals that it has; a second argument sets the decimals. Without argument in the
/// culture's own currency.
/// </summary>
internal sealed class CurrencyFormatter(string? symbol, int? decimals) : IFormatter
{
    // Symbols that are understood everywhere; other currencies print their code. Those without two decimals are in Decimals.
    private static readonly FrozenDictionary<string, string> Symbols = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["EUR"] = "€",
        ["USD"] = "$",
        ["GBP"] = "£",
        ["JPY"] = "¥",
        ["INR"] = "₹",
        ["KRW"] = "₩",
        ["ILS"] = "₪",
        ["TRY"] = "₺",
        ["UAH"] = "₴",
        ["VND"] = "₫",
        ["THB"] = "฿",
        ["PHP"] = "₱",
        ["NGN"] = "₦",
        ["PLN"] = "zł",
        ["CZK"] = "Kč",
        ["HUF"] = "Ft",
        ["BRL"] = "R$",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, int> Decimals = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        ["JPY"] = 0,
        ["KRW"] = 0,
        ["VND"] = 0,
        ["CLP"] = 0,
        ["ISK"] = 0,
        ["PYG"] = 0,
        ["UGX"] = 0,
        ["XAF"] = 0,
        ["XOF"] = 0,
        ["XPF"] = 0,
        ["BHD"] = 3,
        ["IQD"] = 3,
        ["JOD"] = 3,
        ["KWD"] = 3,
        ["LYD"] = 3,
        ["OMR"] = 3,
        ["TND"] = 3,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // The format of the culture last used: a pure function of it, so a race only computes it twice.
    private Remembered? _last;

    public static FormatterKind Kind { get; } = new("currency", 0, 2, "currency:\"EUR\"", FieldType.Number, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
    {
        if (ValueText.IsBlank(value))
        {
            return new Formatted(MergeValue.Null);
        }

        return ValueReader.TryNumber(value, context.Culture, out var number)
            ? new Formatted(MergeValue.From(number.ToString("C", FormatOf(context.Culture))))
            : Expecting.Number;
    }

    private NumberFormatInfo FormatOf(CultureInfo culture)
    {
        if (symbol is null && decimals is null)
        {
            return culture.NumberFormat;
        }

        var last = _last;
        if (last is null || !ReferenceEquals(last.Culture, culture))
        {
            var format = (NumberFormatInfo)culture.NumberFormat.Clone();
            format.CurrencyDecimalDigits = decimals ?? format.CurrencyDecimalDigits;
            format.CurrencySymbol = symbol ?? format.CurrencySymbol;
            if (symbol is { Length: > 2 } && char.IsLetter(symbol[^1]))
            {
                // "EUR12.50" cannot be read: a code that the culture would glue to the number gets a space.
                format.CurrencyPositivePattern = format.CurrencyPositivePattern switch { 0 => 2, 1 => 3, var spaced => spaced };
                format.CurrencyNegativePattern = format.CurrencyNegativePattern switch
                {
                    0 => 14,
                    1 => 9,
                    2 => 12,
                    3 => 11,
                    4 => 15,
                    5 => 8,
                    6 => 8,
                    7 => 10,
                    var spaced => spaced,
                };
            }

            _last = last = new Remembered(culture, format);
        }

        return last.Format;
    }

    private static IFormatter? Bind(FormatterArguments arguments)
    {
        if (!arguments.TryWhole(1, -1, 0, 10, out var given))
        {
            return arguments.Refuse("takes a count of decimals from 0 to 10 as its second argument");
        }

        int? decimals = given < 0 ? null : given;
        if (arguments[0]?.Trim() is not { } code)
        {
            return new CurrencyFormatter(null, decimals);
        }

        if (code.Length == 3 && code.All(char.IsAsciiLetter))
        {
            code = code.ToUpperInvariant();
            return new CurrencyFormatter(Symbols.GetValueOrDefault(code, code), decimals ?? Decimals.GetValueOrDefault(code, 2));
        }

        var known = Symbols.FirstOrDefault(pair => pair.Value == code);
        return known.Key is not null ? new CurrencyFormatter(code, decimals ?? Decimals.GetValueOrDefault(known.Key, 2))
            : arguments.Refuse("needs the three letters of a currency");
    }

    private sealed record Remembered(CultureInfo Culture, NumberFormatInfo Format);
}
