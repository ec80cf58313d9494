namespace ClinicFlow.Fidelity;

/// <summary>One of Word's page breaks beside those of a rendering.</summary>
/// <param name="Page">The rendering's page that ends there, or has the word.</param>
/// <param name="Text">The word that Word's next page begins with.</param>
/// <param name="Words">How many words later the nearest break of the rendering comes; below zero where it comes earlier, and 0 where it is the same.</param>
/// <param name="Lines">The same in lines.</param>
/// <param name="IsFromEqualStart">Whether the page that ends began where Word's did: what is missed then is missed by this page alone.</param>
internal sealed record ComparedBreak(int Page, string Text, int Words, int Lines, bool IsFromEqualStart)
{
    public bool IsMet => Words == 0;
}

/// <summary>How the pages of a rendering end beside those of Word (<see cref="WordBreaks"/>).</summary>
internal static class BreakComparison
{
    // A word can be read otherwise (a field, letters that are joined): then the next one tells, if it is near.
    private const int Near = 12;

    /// <summary>Of each break that can be told from the words around it. A word that comes twice is paired by the order of all.</summary>
    public static IReadOnlyList<ComparedBreak> Of(WordBreaks word, PdfWords pdf)
    {
        var body = word.Words.Select(text => new PdfWord(Plain(text), 0, 0, 0)).ToArray();
        var shown = pdf.Words.SelectMany(Letters).ToArray();
        var partners = WordMatch.PairInOrder(body, shown);
        var compared = new List<ComparedBreak>();
        foreach (var one in word.Breaks)
        {
            if (Before(one.Word) is not { } before || After(one.Word) is not { } after)
            {
                continue;
            }

            var isFromStart = one.Begins == 0 || (Before(one.Begins) is { } last && After(one.Begins) is { } first && shown[partners[last]].Page < shown[partners[first]].Page);
            var isMet = shown[partners[before]].Page < shown[partners[after]].Page;
            var at = isMet ? one.Word : NearestBreak(one.Word);
            compared.Add(new(shown[partners[before]].Page, word.Words[one.Word], at - one.Word, isMet ? 0 : Lines(one.Word, at), isFromStart));
        }

        return compared;

        int? Before(int at)
        {
            for (var i = at - 1; i >= Math.Max(0, at - Near); i--)
            {
                if (partners[i] >= 0)
                {
                    return i;
                }
            }

            return null;
        }

        int? After(int at)
        {
            for (var i = at; i < Math.Min(body.Length, at + Near); i++)
            {
                if (partners[i] >= 0)
                {
                    return i;
                }
            }

            return null;
        }

        // The word that the rendering's next page begins with, nearest to a place; the end of the text where there is none.
        int NearestBreak(int at)
        {
            var (best, last) = (body.Length, -1);
            for (var i = 0; i < body.Length; i++)
            {
                if (partners[i] < 0)
                {
                    continue;
                }

                if (last >= 0 && shown[partners[i]].Page > shown[partners[last]].Page && Math.Abs(i - at) <= Math.Abs(best - at))
                {
                    best = i;
                }

                last = i;
            }

            return best == at ? at + 1 : best;
        }

        int Lines(int from, int to)
        {
            var lines = 0;
            var (y, page) = (double.NaN, -1);
            for (var i = Math.Min(from, to); i < Math.Max(from, to); i++)
            {
                if (partners[i] >= 0 && shown[partners[i]] is var one && (one.Page != page || Math.Abs(one.Y - y) > 4))
                {
                    (lines, y, page) = (lines + 1, one.Y, one.Page);
                }
            }

            return to < from ? -lines : lines;
        }
    }

    // Ideographs have no spaces between them: each is a word, as in WordBreaks.
    private static IEnumerable<PdfWord> Letters(PdfWord word)
    {
        var text = Plain(word.Text);
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (WordBreaks.IsWord(text[i]))
            {
                yield return word with { Text = text[start..(i + 1)] };
                start = i + 1;
            }
        }

        if (start < text.Length)
        {
            yield return word with { Text = text[start..] };
        }
    }

    private static string Plain(string text) => text.Normalize(System.Text.NormalizationForm.FormKC).Replace("\u00AD", "", StringComparison.Ordinal);
}
