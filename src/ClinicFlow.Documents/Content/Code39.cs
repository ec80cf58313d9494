namespace ClinicFlow.Documents.Content;

/// <summary>Code 39 with its 43 characters, wide bars three times the narrow ones. Source: ISO/IEC 16388.</summary>
internal static class Code39
{
    /// <summary>Longer symbols are wider than a page.</summary>
    public const int MaxChars = 60;

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%*";

    // Nine bars and spaces in turn, 1 for a wide one.
    private static readonly string[] Patterns =
    [
        "000110100", "100100001", "001100001", "101100000", "000110001", "100110000", "001110000", "000100101", "100100100", "001100100",
        "100001001", "001001001", "101001000", "000011001", "100011000", "001011000", "000001101", "100001100", "001001100", "000011100",
        "100000011", "001000011", "101000010", "000010011", "100010010", "001010010", "000000111", "100000110", "001000110", "000010110",
        "110000001", "011000001", "111000000", "010010001", "110010000", "011010000", "010000101", "110000100", "011000100", "010101000",
        "010100010", "010001010", "000101010", "010010100",
    ];

    /// <summary>Encodes a value.</summary>
    public static (Symbol? Symbol, string? Reason) Encode(string value)
    {
        if (value.Length > MaxChars)
        {
            return (null, $"is longer than the {MaxChars} characters that make a legible CODE39");
        }

        List<byte> widths = [];
        foreach (var character in $"*{value}*")
        {
            var index = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (index < 0)
            {
                return (null, "holds characters that CODE39 cannot hold: only A to Z in capitals, 0 to 9, space and - . $ / + %");
            }

            widths.AddRange(Patterns[index].Select(width => (byte)(width == '1' ? 3 : 1)));
            widths.Add(1);
        }

        // The asterisk frames the symbol and is no character of a value.
        return value.Contains('*', StringComparison.Ordinal)
            ? (null, "holds an asterisk, which CODE39 keeps for itself")
            : (Symbol.OfBars(SymbolKind.Code39, [.. widths[..^1]], 10, 10, value), null);
    }

    /// <summary>The pattern of a character, for tests that read symbols.</summary>
    internal static string PatternOf(char character) => Patterns[Alphabet.IndexOf(character, StringComparison.Ordinal)];
}
