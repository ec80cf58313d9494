namespace ClinicFlow.Documents.Content;

/// <summary>
/// Code 128 over ASCII. The code sets are mixed so that the symbol is as short as can be, which is found by dynamic
/// programming over the value. Source: ISO/IEC 15417.
/// </summary>
internal static class Code128
{
    /// <summary>Longer symbols are wider than a page and than any hand scanner reads.</summary>
    public const int MaxChars = 120;

    private const int Shift = 98;
    private const int StartA = 103;
    private const int Stop = 106;
    private const int Sets = 3;

    // Bar and space widths of the symbol characters 0 to 105; 106 is the stop character with its closing bar.
    private static readonly string[] Patterns =
    [
        "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
        "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
        "221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
        "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
        "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
        "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
        "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
        "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
        "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
        "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
        "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
    ];

    /// <summary>A set's symbol characters that go over to another set, by target set; -1 for itself.</summary>
    private static readonly int[][] Latch = [[-1, 100, 99], [101, -1, 99], [101, 100, -1]];

    /// <summary>Encodes a value.</summary>
    public static (Symbol? Symbol, string? Reason) Encode(string value)
    {
        if (value.Length > MaxChars)
        {
            return (null, $"is longer than the {MaxChars} characters that make a legible CODE128");
        }

        if (value.AsSpan().IndexOfAnyExceptInRange('\0', '\x7F') >= 0)
        {
            return (null, "holds characters that CODE128 cannot hold: only ASCII letters, digits and signs");
        }

        var codes = ShortestCodes(value);
        long checksum = codes[0];
        for (var i = 1; i < codes.Count; i++)
        {
            checksum += (long)i * codes[i];
        }

        codes.Add((int)(checksum % 103));
        codes.Add(Stop);
        var widths = codes.SelectMany(code => Patterns[code]).Select(width => (byte)(width - '0')).ToArray();
        var text = string.Concat(value.Select(character => char.IsControl(character) ? ' ' : character));
        return (Symbol.OfBars(SymbolKind.Code128, widths, 10, 10, text), null);
    }

    /// <summary>The widths of a symbol character, for tests that read symbols.</summary>
    internal static string PatternOf(int code) => Patterns[code];

    private static List<int> ShortestCodes(string value)
    {
        // cost[at][set]: the fewest symbol characters for the rest from 'at', when 'set' is in force there.
        var cost = new int[value.Length + 1][];
        var steps = new Step[value.Length + 1][];
        cost[value.Length] = new int[Sets];
        for (var at = value.Length - 1; at >= 0; at--)
        {
            cost[at] = new int[Sets];
            steps[at] = new Step[Sets];
            for (var set = 0; set < Sets; set++)
            {
                steps[at][set] = BestOwn(value, at, set, cost);
                cost[at][set] = steps[at][set].Cost;
            }

            // Going over to another set costs one character. The cheapest set never gains by leaving, so no circle.
            for (var set = 0; set < Sets; set++)
            {
                for (var target = 0; target < Sets; target++)
                {
                    if (target != set && steps[at][target] is { Latches: false } other && other.Cost + 1 < cost[at][set])
                    {
                        steps[at][set] = new Step(other.Cost + 1, target, true, 0, false);
                        cost[at][set] = other.Cost + 1;
                    }
                }
            }
        }

        var current = Enumerable.Range(0, Sets).MinBy(set => cost[0][set] * 10 + StartPreference(set));
        List<int> codes = [StartA + current];
        for (var at = 0; at < value.Length;)
        {
            var step = steps[at][current];
            if (step.Latches)
            {
                codes.Add(Latch[current][step.Set]);
                current = step.Set;
                continue;
            }

            if (step.Shifts)
            {
                codes.Add(Shift);
            }

            codes.Add(step.Chars == 2 ? ((value[at] - '0') * 10) + value[at + 1] - '0' : CodeOf(value[at], step.Set));
            at += step.Chars;
        }

        return codes;
    }

    // Of equally short symbols the one that starts in B, as most printers make it.
    private static int StartPreference(int set) => set switch { 1 => 0, 2 => 1, _ => 2 };

    private static Step BestOwn(string value, int at, int set, int[][] cost)
    {
        const int Never = int.MaxValue / 4;
        if (set == 2)
        {
            return at + 1 < value.Length && char.IsAsciiDigit(value[at]) && char.IsAsciiDigit(value[at + 1])
                ? new Step(1 + cost[at + 2][2], 2, false, 2, false)
                : new Step(Never, 2, false, 0, false);
        }

        return Holds(set, value[at])
            ? new Step(1 + cost[at + 1][set], set, false, 1, false)
            : new Step(2 + cost[at + 1][set], 1 - set, false, 1, true);
    }

    private static bool Holds(int set, char character) => set == 0 ? character < 96 : character >= 32;

    private static int CodeOf(char character, int set) => set == 0 && character < 32 ? character + 64 : character - 32;

    /// <summary>What is done at a place: encode one or two characters, or go over to another set.</summary>
    private readonly record struct Step(int Cost, int Set, bool Latches, int Chars, bool Shifts);
}
