using ClinicFlow.Documents.Content;

namespace ClinicFlow.Documents.Tests.Content;

/// <summary>
/// A decoder that knows symbols only as light and dark modules, as a scanner does. Its tables are written down in other
/// terms than the encoder's: bar positions for Code 128, and arithmetic or bit patterns for the rest.
/// </summary>
internal static class SymbolReader
{
    // The seven modules of EAN digits, left and odd parity, as bits (ISO/IEC 15420 table 1).
    private static readonly string[] EanOdd =
        ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"];

    public static bool[] Modules(Symbol symbol)
    {
        var modules = new bool[symbol.Columns];
        foreach (var area in symbol.Dark)
        {
            for (var i = 0; i < area.Width; i++)
            {
                modules[area.Column + i] = true;
            }
        }

        return modules;
    }

    public static string Bits(Symbol symbol) => string.Concat(Modules(symbol).Select(dark => dark ? '1' : '0')).Trim('0');

    public static string ReadEan(Symbol symbol)
    {
        var bits = Bits(symbol);
        var half = (bits.Length - 11) / 14;
        Expect(bits.StartsWith("101", StringComparison.Ordinal) && bits.EndsWith("101", StringComparison.Ordinal));
        Expect(bits.Substring(3 + (7 * half), 5) == "01010");
        var parity = "";
        var digits = "";
        for (var i = 0; i < half; i++)
        {
            var seven = bits.Substring(3 + (7 * i), 7);
            var odd = Array.IndexOf(EanOdd, seven);
            parity += odd >= 0 ? 'O' : 'E';
            digits += odd >= 0 ? odd : Array.IndexOf(EanOdd, Inverted(Reversed(seven)));
        }

        for (var i = 0; i < half; i++)
        {
            digits += Array.IndexOf(EanOdd, Inverted(bits.Substring(8 + (7 * (half + i)), 7)));
        }

        Expect(!digits.Contains('-', StringComparison.Ordinal));
        return half == 4 ? digits : Array.IndexOf(
            ["OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO"], parity) + digits;
    }

    public static string ReadItf(Symbol symbol)
    {
        var widths = Widths(symbol);
        Expect(widths.Take(4).All(width => width == 1) && widths.TakeLast(3).SequenceEqual([3, 1, 1]));
        int[] weights = [1, 2, 4, 7, 0];
        var text = "";
        for (var at = 4; at < widths.Count - 3; at += 10)
        {
            foreach (var offset in (int[])[0, 1])
            {
                // Two of five: the weights of the wide elements add up to the digit, and 11 means 0.
                var wide = Enumerable.Range(0, 5).Where(i => widths[at + offset + (2 * i)] == 3).ToList();
                Expect(wide.Count == 2);
                text += wide.Sum(i => weights[i]) % 11;
            }
        }

        return text;
    }

    public static string ReadCode39(Symbol symbol)
    {
        // Two wide bars of five say which of ten, the wide space says which row (ISO/IEC 16388 table 1).
        string[] rows = ["1234567890", "ABCDEFGHIJ", "KLMNOPQRST", "UVWXYZ-. *"];
        string[] wideBars = ["10001", "01001", "11000", "00101", "10100", "01100", "00011", "10010", "01010", "00110"];
        int[] rowOfSpace = [3, 0, 1, 2];
        string[] onlySpaces = ["1110", "1101", "1011", "0111"];
        var widths = Widths(symbol);
        var text = "";
        for (var at = 0; at < widths.Count; at += 10)
        {
            var bars = string.Concat(Enumerable.Range(0, 5).Select(i => widths[at + (2 * i)] == 3 ? '1' : '0'));
            var spaces = string.Concat(Enumerable.Range(0, 4).Select(i => widths[at + (2 * i) + 1] == 3 ? '1' : '0'));
            text += bars == "00000"
                ? "$/+%"[Array.IndexOf(onlySpaces, spaces)]
                : rows[rowOfSpace[spaces.IndexOf('1', StringComparison.Ordinal)]][Array.IndexOf(wideBars, bars)];
        }

        Expect(text.Length > 2 && text[0] == '*' && text[^1] == '*');
        return text[1..^1];
    }

    public static string ReadCode128(Symbol symbol)
    {
        var widths = Widths(symbol);
        Expect((widths.Count - 7) % 6 == 0 && string.Concat(widths.TakeLast(7)) == "2331112");
        var codes = new List<int>();
        for (var at = 0; at < widths.Count - 7; at += 6)
        {
            codes.Add(Code128Table.IndexOf(string.Concat(widths.GetRange(at, 6))));
        }

        Expect((codes[0] + codes.Take(codes.Count - 1).Select((code, i) => code * i).Sum()) % 103 == codes[^1]);
        var set = codes[0] switch { 103 => 'A', 104 => 'B', 105 => 'C', _ => throw new InvalidDataException() };
        var text = "";
        var shifted = false;
        foreach (var code in codes.Skip(1).SkipLast(1))
        {
            var current = shifted ? (set == 'A' ? 'B' : 'A') : set;
            shifted = false;
            switch (current, code)
            {
                case ('C', < 100): text += $"{code:00}"; break;
                case ('A', < 64) or ('B', < 95 or 95): text += (char)(code + 32); break;
                case ('A', < 96): text += (char)(code - 64); break;
                case ('A' or 'B', 98): shifted = true; break;
                case ('A' or 'B', 99): set = 'C'; break;
                case ('A' or 'C', 100) when current != 'B': set = 'B'; break;
                case ('B' or 'C', 101) when current != 'A': set = 'A'; break;
                default: throw new InvalidDataException($"code {code} in set {current}");
            }
        }

        return text;
    }

    private static List<int> Widths(Symbol symbol)
    {
        var widths = new List<int>();
        var bits = Bits(symbol);
        for (var at = 0; at < bits.Length;)
        {
            var end = at;
            while (end < bits.Length && bits[end] == bits[at])
            {
                end++;
            }

            widths.Add(end - at);
            at = end;
        }

        return widths;
    }

    private static string Inverted(string bits) => string.Concat(bits.Select(bit => bit == '1' ? '0' : '1'));

    private static string Reversed(string bits) => string.Concat(bits.Reverse());

    private static void Expect(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("No such symbol.");
        }
    }
}

/// <summary>The Code 128 table as eleven modules each in hexadecimal, as the standard prints the patterns of modules.</summary>
internal static class Code128Table
{
    // 212222 is 11011001100, which is 6CC.
    private static readonly string[] Patterns = [.. (
        "6CC 66C 666 498 48C 44C 4C8 4C4 464 648 644 624 59C 4DC 4CE 5CC 4EC 4E6 672 65C 64E 6E4 674 76E 74C 72C 726 764 734 732 " +
        "6D8 6C6 636 518 458 446 588 468 462 688 628 622 5B8 58E 46E 5D8 5C6 476 776 68E 62E 6E8 6E2 6EE 758 746 716 768 762 71A " +
        "77A 642 78A 530 50C 4B0 486 42C 426 590 584 4D0 4C2 434 432 612 650 7BA 614 47A 53C 4BC 49E 5E4 4F4 4F2 7A4 794 792 6DE " +
        "6F6 7B6 578 51E 45E 5E8 5E2 7A8 7A2 5DE 5EE 75E 7AE 684 690 69C").Split(' ').Select(Widths)];

    public static int Count => Patterns.Length;

    public static int IndexOf(string widths) => Array.IndexOf(Patterns, widths) is >= 0 and var index ? index : throw new InvalidDataException(widths);

    public static string At(int index) => Patterns[index];

    private static string Widths(string hex)
    {
        var bits = Convert.ToString(Convert.ToInt32(hex, 16), 2);
        var widths = "";
        for (var at = 0; at < bits.Length;)
        {
            var length = bits.AsSpan(at).IndexOfAnyExcept(bits[at]) is >= 0 and var end ? end : bits.Length - at;
            widths += length;
            at += length;
        }

        return widths;
    }
}
