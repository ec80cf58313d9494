namespace ClinicFlow.Documents.Tags;

/// <summary>Finds the name that somebody probably meant.</summary>
internal static class DidYouMean
{
    private const int MaxLength = 128;

    /// <summary>
    /// The candidate nearest to <paramref name="name"/> by insertions, deletions, substitutions and swaps of
    /// neighbours (optimal string alignment), letter case and separators apart; null where none is near.
    /// Near is one change in up to 4 characters, two in up to 8, three beyond. Of equally near ones the first.
    /// </summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        if (name.Length is 0 or > MaxLength)
        {
            return null;
        }

        var wanted = Fold(name);
        var best = wanted.Length switch { <= 4 => 1, <= 8 => 2, _ => 3 } + 1;
        string? found = null;
        foreach (var candidate in candidates)
        {
            if (candidate.Length > MaxLength || Math.Abs(candidate.Length - name.Length) > 4)
            {
                continue;
            }

            var distance = Distance(wanted, Fold(candidate), best);
            if (distance < best && distance < Math.Max(wanted.Length, 2))
            {
                (best, found) = (distance, candidate);
            }
        }

        return found;
    }

    private static string Fold(string name) => string.Concat(name.Where(c => c is not ('_' or '-' or ' ' or '\u00A0')).Select(char.ToUpperInvariant));

    // Three rows of the table are enough: a swap looks back by two. Stops when a whole row is at the limit.
    private static int Distance(string a, string b, int limit)
    {
        Span<int> before = stackalloc int[b.Length + 1];
        Span<int> last = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var value = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    value = Math.Min(value, before[j - 2] + 1);
                }

                row[j] = value;
                least = Math.Min(least, value);
            }

            if (least >= limit)
            {
                return limit;
            }

            var free = before;
            before = last;
            last = row;
            row = free;
        }

        return last[b.Length];
    }
}
