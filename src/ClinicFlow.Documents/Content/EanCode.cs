namespace ClinicFlow.Documents.Content;

/// <summary>EAN-13, EAN-8 and UPC-A, which is an EAN-13 that starts with 0. Source: ISO/IEC 15420.</summary>
internal static class EanCode
{
    // Space, bar, space, bar of number set A; set C is the same with bars first, set B is A read backwards.
    private static readonly string[] SetA = ["3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112"];

    // Which of the left six digits come from set B, by the first digit, which has no bars of its own.
    private static readonly string[] FirstDigit =
        ["AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"];

    /// <summary>Encodes a value; spaces and hyphens in it are not counted.</summary>
    public static (Symbol? Symbol, string? Reason) Encode(SymbolKind kind, string value)
    {
        var (name, length, before, after) = kind switch
        {
            SymbolKind.Ean13 => ("EAN13", 13, 11, 7),
            SymbolKind.Ean8 => ("EAN8", 8, 7, 7),
            _ => ("UPCA", 12, 9, 9),
        };
        if (!CheckDigit.TryComplete(value, length, name, out var digits, out var reason))
        {
            return (null, reason);
        }

        var coded = kind == SymbolKind.UpcA ? "0" + digits : digits;
        var (left, right, sets) = kind == SymbolKind.Ean8
            ? (coded[..4], coded[4..], "AAAA")
            : (coded[1..7], coded[7..], FirstDigit[coded[0] - '0']);

        List<byte> widths = [1, 1, 1];
        for (var i = 0; i < left.Length; i++)
        {
            var pattern = SetA[left[i] - '0'].Select(width => (byte)(width - '0'));
            widths.AddRange(sets[i] == 'A' ? pattern : pattern.Reverse());
        }

        widths.AddRange([1, 1, 1, 1, 1]);
        widths.AddRange(right.SelectMany(digit => SetA[digit - '0']).Select(width => (byte)(width - '0')));
        widths.AddRange([1, 1, 1]);
        return (Symbol.OfBars(kind, [.. widths], before, after, digits), null);
    }
}

/// <summary>The check digit of GS1 keys: weights 3 and 1 from the right, to the next ten (GS1 General Specifications 7.9).</summary>
internal static class CheckDigit
{
    /// <summary>Adds the check digit where it is missing, and verifies it where it is there.</summary>
    /// <param name="value">Digits; spaces and hyphens between them are left out.</param>
    /// <param name="length">How many digits there are with the check digit.</param>
    /// <param name="name">The symbol's name, for the reason.</param>
    /// <param name="digits">All digits.</param>
    /// <param name="reason">Where the answer is no: why.</param>
    public static bool TryComplete(string value, int length, string name, out string digits, out string? reason)
    {
        digits = string.Concat(value.Where(character => character is not (' ' or '-')));
        if (digits.Any(character => !char.IsAsciiDigit(character)) || (digits.Length != length && digits.Length != length - 1))
        {
            reason = $"is not {length - 1} or {length} digits, as {name} needs them";
            return false;
        }

        var check = Of(digits.AsSpan(0, length - 1));
        if (digits.Length == length && digits[^1] != check)
        {
            reason = $"has a wrong check digit for {name}";
            return false;
        }

        digits = digits[..(length - 1)] + check;
        reason = null;
        return true;
    }

    private static char Of(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            sum += (digits[^(i + 1)] - '0') * (i % 2 == 0 ? 3 : 1);
        }

        return (char)('0' + ((10 - (sum % 10)) % 10));
    }
}
