namespace ClinicFlow.Documents.Content;

/// <summary>ITF-14, wide bars three times the narrow ones. Source: ISO/IEC 16390; check digit as in GS1 keys.</summary>
internal static class Itf14
{
    // Five bars (or five spaces) of a digit, 1 for a wide one.
    private static readonly string[] Patterns =
        ["00110", "10001", "01001", "11000", "00101", "10100", "01100", "00011", "10010", "01010"];

    /// <summary>Encodes a value; spaces and hyphens in it are not counted.</summary>
    public static (Symbol? Symbol, string? Reason) Encode(string value)
    {
        if (!CheckDigit.TryComplete(value, 14, "ITF14", out var digits, out var reason))
        {
            return (null, reason);
        }

        List<byte> widths = [1, 1, 1, 1];
        for (var i = 0; i < digits.Length; i += 2)
        {
            // The first digit of a pair is in the bars, the second in the spaces between them.
            var (bars, spaces) = (Patterns[digits[i] - '0'], Patterns[digits[i + 1] - '0']);
            for (var element = 0; element < 5; element++)
            {
                widths.Add((byte)(bars[element] == '1' ? 3 : 1));
                widths.Add((byte)(spaces[element] == '1' ? 3 : 1));
            }
        }

        widths.AddRange([3, 1, 1]);
        return (Symbol.OfBars(SymbolKind.Itf14, [.. widths], 10, 10, digits), null);
    }
}
