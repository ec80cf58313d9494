namespace ClinicFlow.Documents.Package.Deflate;

/// <summary>
/// Prefix codes of RFC 1951. Lengths of the best code for given counts, with a bound: Huffman's code, made in place over the sorted counts (Moffat and Katajainen, "In-Place Calculation of
/// Minimum-Redundancy Codes", 1995), then shortened where it is too long. And the codes of given lengths. Allocates nothing.
/// </summary>
internal static class PrefixCode
{
    private const int MostSymbols = 288;

    /// <summary>Finds lengths.</summary>
    /// <param name="counts">How often each symbol occurs; at most 288 symbols.</param>
    /// <param name="lengths">Gets the length of each symbol's code; 0 for one that does not occur.</param>
    /// <param name="most">The longest code allowed, at most 15; enough for the number of symbols.</param>
    public static void FindLengths(ReadOnlySpan<int> counts, Span<byte> lengths, int most)
    {
        Span<long> order = stackalloc long[MostSymbols];
        var n = 0;
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            lengths[symbol] = 0;
            if (counts[symbol] > 0)
            {
                order[n++] = ((long)counts[symbol] << 9) | (uint)symbol;
            }
        }

        if (n <= 2)
        {
            // A code of one symbol still takes a bit.
            for (var i = 0; i < n; i++)
            {
                lengths[(int)(order[i] & 511)] = 1;
            }

            return;
        }

        order = order[..n];
        order.Sort();
        Span<int> depths = stackalloc int[n];
        for (var i = 0; i < n; i++)
        {
            depths[i] = (int)(order[i] >> 9);
        }

        FindDepths(depths);
        Span<int> ofLength = stackalloc int[16];
        ofLength.Clear();
        foreach (var depth in depths)
        {
            ofLength[Math.Min(depth, most)]++;
        }

        Bound(ofLength, most);

        // The rarest get the longest codes.
        var at = 0;
        for (var length = most; length > 0; length--)
        {
            for (var i = 0; i < ofLength[length]; i++)
            {
                lengths[(int)(order[at++] & 511)] = (byte)length;
            }
        }
    }

    // In: counts, rising. Out: for each the depth of its leaf, falling.
    private static void FindDepths(Span<int> a)
    {
        var n = a.Length;

        // 1. Joins the two lightest again and again; a joined node stands where its first part stood, a used one points to its parent.
        a[0] += a[1];
        var (root, leaf) = (0, 2);
        for (var next = 1; next < n - 1; next++)
        {
            a[next] = leaf >= n || a[root] < a[leaf] ? Take(a, ref root, next) : a[leaf++];
            a[next] += leaf >= n || (root < next && a[root] < a[leaf]) ? Take(a, ref root, next) : a[leaf++];
        }

        // 2. Depths of the joined nodes, from the root down.
        a[n - 2] = 0;
        for (var next = n - 3; next >= 0; next--)
        {
            a[next] = a[a[next]] + 1;
        }

        // 3. Depths of the leaves: what is free on a level beside its joined nodes.
        var (free, used, depth) = (1, 0, 0);
        root = n - 2;
        var place = n - 1;
        while (free > 0)
        {
            while (root >= 0 && a[root] == depth)
            {
                used++;
                root--;
            }

            while (free > used)
            {
                a[place--] = depth;
                free--;
            }

            (free, depth, used) = (2 * used, depth + 1, 0);
        }

        static int Take(Span<int> a, ref int root, int parent)
        {
            var weight = a[root];
            a[root++] = parent;
            return weight;
        }
    }

    // Codes that were cut down to the bound take too much of the room; others grow until all fit (Kraft's inequality).
    private static void Bound(Span<int> ofLength, int most)
    {
        var taken = 0L;
        for (var length = 1; length <= most; length++)
        {
            taken += (long)ofLength[length] << (most - length);
        }

        while (taken > 1L << most)
        {
            ofLength[most]--;
            for (var length = most - 1; length > 0; length--)
            {
                if (ofLength[length] > 0)
                {
                    ofLength[length]--;
                    ofLength[length + 1] += 2;
                    break;
                }
            }

            taken--;
        }
    }

    /// <summary>Canonical codes (RFC 1951, 3.2.2), their bits in the order in which they are sent; 0 where the length is 0.</summary>
    public static void SetCodes(ReadOnlySpan<byte> lengths, Span<ushort> codes)
    {
        Span<int> next = stackalloc int[17];
        next.Clear();
        foreach (var length in lengths)
        {
            next[length + 1] += length > 0 ? 1 : 0;
        }

        for (var length = 1; length < 17; length++)
        {
            next[length] = (next[length] + next[length - 1]) << 1;
        }

        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            var length = lengths[symbol];
            codes[symbol] = length == 0 ? (ushort)0 : (ushort)(Reverse((uint)next[length]++) >> (16 - length));
        }
    }

    private static uint Reverse(uint value)
    {
        value = ((value >> 1) & 0x5555) | ((value & 0x5555) << 1);
        value = ((value >> 2) & 0x3333) | ((value & 0x3333) << 2);
        value = ((value >> 4) & 0x0F0F) | ((value & 0x0F0F) << 4);
        return ((value >> 8) | (value << 8)) & 0xFFFF;
    }
}
