namespace ClinicFlow.Documents.Docx.Deflate;

/// <summary>A canonical prefix code of RFC 1951 (§3.2.2): for each symbol its bits, reversed as they are sent, and their number.</summary>
internal sealed class HuffmanCode
{
    private HuffmanCode(byte[] lengths)
    {
        Lengths = lengths;
        Bits = new ushort[lengths.Length];
        Span<int> next = stackalloc int[17];
        foreach (var length in lengths)
        {
            if (length > 0)
            {
                next[length + 1]++;
            }
        }

        for (var length = 1; length <= 16; length++)
        {
            next[length] = (next[length] + next[length - 1]) << 1;
        }

        // next[n] holds the first code of length n: (first code of n-1 + count of n-1) * 2.
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] > 0)
            {
                Bits[symbol] = Reverse(next[lengths[symbol]]++, lengths[symbol]);
            }
        }
    }

    /// <summary>How many bits each symbol takes; 0 for one that has no code.</summary>
    public byte[] Lengths { get; }

    /// <summary>Each symbol's code, first bit lowest.</summary>
    public ushort[] Bits { get; }

    /// <summary>Builds a code for counts; a symbol of count 0 gets none.</summary>
    /// <param name="counts">How often each symbol occurs.</param>
    /// <param name="maxLength">The longest code allowed: 15, or 7 for the code of code lengths.</param>
    public static HuffmanCode Build(ReadOnlySpan<long> counts, int maxLength)
    {
        var lengths = new byte[counts.Length];
        var symbols = new List<int>();
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
            {
                symbols.Add(i);
            }
        }

        if (symbols.Count == 1)
        {
            lengths[symbols[0]] = 1;
            return new HuffmanCode(lengths);
        }

        // Package-merge (Larmore and Hirschberg 1990): the best code whose lengths are bounded. A package is the
        // weight and the symbols in it; the first 2n-2 of the last level say how often each symbol counts.
        var copy = counts.ToArray();
        symbols.Sort((a, b) => copy[a] != copy[b] ? copy[a].CompareTo(copy[b]) : a.CompareTo(b));
        var coins = symbols.ConvertAll(symbol => (Weight: copy[symbol], Symbols: new[] { symbol }));
        var level = coins;
        for (var bits = 1; bits < maxLength; bits++)
        {
            var merged = new List<(long Weight, int[] Symbols)>(coins.Count + (level.Count / 2));
            var coin = 0;
            for (var i = 0; i + 1 < level.Count; i += 2)
            {
                var package = (Weight: level[i].Weight + level[i + 1].Weight, Symbols: (int[])[.. level[i].Symbols, .. level[i + 1].Symbols]);
                while (coin < coins.Count && coins[coin].Weight <= package.Weight)
                {
                    merged.Add(coins[coin++]);
                }

                merged.Add(package);
            }

            merged.AddRange(coins[coin..]);
            level = merged;
        }

        foreach (var (_, members) in level.Take((2 * symbols.Count) - 2))
        {
            foreach (var symbol in members)
            {
                lengths[symbol]++;
            }
        }

        return new HuffmanCode(lengths);
    }

    private static ushort Reverse(int code, int length)
    {
        var reversed = 0;
        for (var i = 0; i < length; i++)
        {
            reversed = (reversed << 1) | (code & 1);
            code >>= 1;
        }

        return (ushort)reversed;
    }
}
