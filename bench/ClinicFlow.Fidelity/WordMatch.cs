namespace ClinicFlow.Fidelity;

/// <summary>Pairs the words of two renderings of one document, by their order first.</summary>
internal static class WordMatch
{
    // A table of this many bytes decides a gap exactly; larger gaps are cut at words that occur once in both.
    private const long MaxCells = 60_000_000;

    /// <summary>
    /// For each word of <paramref name="reference"/> the index of its partner, or -1. Words in the longest common order are
    /// paired; of the rest, equal words on the same page, the nearest first, then equal words anywhere: text can be read out
    /// in another order though it stands in the same place.
    /// </summary>
    public static int[] Pair(IReadOnlyList<PdfWord> reference, IReadOnlyList<PdfWord> candidate)
    {
        var partners = PairInOrder(reference, candidate);
        PairRest(reference, candidate, partners);
        return partners;
    }

    /// <summary>The same by the longest common order alone.</summary>
    public static int[] PairInOrder(IReadOnlyList<PdfWord> reference, IReadOnlyList<PdfWord> candidate)
    {
        var partners = new int[reference.Count];
        Array.Fill(partners, -1);
        PairRange(reference, candidate, 0, reference.Count, 0, candidate.Count, partners);
        return partners;
    }

    private static void PairRange(IReadOnlyList<PdfWord> a, IReadOnlyList<PdfWord> b, int a0, int a1, int b0, int b1, int[] partners)
    {
        while (a0 < a1 && b0 < b1 && a[a0].Text == b[b0].Text)
        {
            partners[a0++] = b0++;
        }

        while (a0 < a1 && b0 < b1 && a[a1 - 1].Text == b[b1 - 1].Text)
        {
            partners[--a1] = --b1;
        }

        if (a0 == a1 || b0 == b1)
        {
            return;
        }

        if ((long)(a1 - a0) * (b1 - b0) <= MaxCells)
        {
            PairExactly(a, b, a0, a1, b0, b1, partners);
            return;
        }

        var (lastA, lastB) = (a0, b0);
        foreach (var (i, j) in Anchors(a, b, a0, a1, b0, b1))
        {
            partners[i] = j;
            PairRange(a, b, lastA, i, lastB, j, partners);
            (lastA, lastB) = (i + 1, j + 1);
        }

        if (lastA > a0)
        {
            PairRange(a, b, lastA, a1, lastB, b1, partners);
        }
    }

    // The longest common subsequence by its table.
    private static void PairExactly(IReadOnlyList<PdfWord> a, IReadOnlyList<PdfWord> b, int a0, int a1, int b0, int b1, int[] partners)
    {
        var (rows, columns) = (a1 - a0, b1 - b0);
        var length = new ushort[rows + 1, columns + 1];
        for (var i = rows - 1; i >= 0; i--)
        {
            for (var j = columns - 1; j >= 0; j--)
            {
                length[i, j] = a[a0 + i].Text == b[b0 + j].Text ? (ushort)(length[i + 1, j + 1] + 1) : Math.Max(length[i + 1, j], length[i, j + 1]);
            }
        }

        for (int i = 0, j = 0; i < rows && j < columns;)
        {
            if (a[a0 + i].Text == b[b0 + j].Text)
            {
                partners[a0 + i++] = b0 + j++;
            }
            else if (length[i + 1, j] >= length[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }
    }

    // Words that occur once on both sides, in the longest order that both keep.
    private static List<(int A, int B)> Anchors(IReadOnlyList<PdfWord> a, IReadOnlyList<PdfWord> b, int a0, int a1, int b0, int b1)
    {
        var inA = Once(a, a0, a1);
        var inB = Once(b, b0, b1);
        var pairs = inA.Where(pair => pair.Value >= 0 && inB.GetValueOrDefault(pair.Key, -1) >= 0).Select(pair => (A: pair.Value, B: inB[pair.Key])).OrderBy(pair => pair.A).ToArray();
        var tails = new List<int>();
        var before = new int[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            var (low, high) = (0, tails.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = pairs[tails[middle]].B < pairs[i].B ? (middle + 1, high) : (low, middle);
            }

            before[i] = low > 0 ? tails[low - 1] : -1;
            if (low == tails.Count)
            {
                tails.Add(i);
            }
            else
            {
                tails[low] = i;
            }
        }

        var anchors = new List<(int, int)>();
        for (var at = tails.Count > 0 ? tails[^1] : -1; at >= 0; at = before[at])
        {
            anchors.Add(pairs[at]);
        }

        anchors.Reverse();
        return anchors;
    }

    private static Dictionary<string, int> Once(IReadOnlyList<PdfWord> words, int from, int to)
    {
        var once = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = from; i < to; i++)
        {
            once[words[i].Text] = once.ContainsKey(words[i].Text) ? -1 : i;
        }

        return once;
    }

    private static void PairRest(IReadOnlyList<PdfWord> reference, IReadOnlyList<PdfWord> candidate, int[] partners)
    {
        var taken = partners.Where(partner => partner >= 0).ToHashSet();
        var free = Enumerable.Range(0, candidate.Count).Where(j => !taken.Contains(j)).GroupBy(j => candidate[j].Text, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        foreach (var samePage in new[] { true, false })
        {
            for (var i = 0; i < partners.Length; i++)
            {
                if (partners[i] >= 0 || !free.TryGetValue(reference[i].Text, out var choices) || choices.Count > 2000)
                {
                    continue;
                }

                var word = reference[i];
                var best = choices.Where(j => !samePage || candidate[j].Page == word.Page)
                    .OrderBy(j => (Math.Abs(candidate[j].Page - word.Page) * 10_000) + Math.Abs(candidate[j].X - word.X) + Math.Abs(candidate[j].Y - word.Y)).DefaultIfEmpty(-1).First();
                if (best >= 0)
                {
                    partners[i] = best;
                    choices.Remove(best);
                }
            }
        }
    }
}
