namespace ClinicFlow.Fidelity;

/// <summary>How a rendering compares with the reference.</summary>
/// <param name="Pages">Its pages.</param>
/// <param name="ReferencePages">The reference's.</param>
/// <param name="Words">Words of the reference.</param>
/// <param name="Found">Of these, found anywhere.</param>
/// <param name="OnPage">Of these, on the same page.</param>
/// <param name="Placed">Of these, within 2 pt across and 6 pt down.</param>
/// <param name="Extra">Words that the reference does not have.</param>
/// <param name="LostCharacters">
/// Letters and digits of the reference that are nowhere, counted without order: a word that is only cut in two by a gap, or drawn in another order, is not
/// lost. This is the measure of content that went missing.
/// </param>
/// <param name="Lost">The first words that are missing, for a person to look for.</param>
/// <param name="Misplaced">The first words that stand elsewhere: page, text, how far across, how far down.</param>
internal sealed record Comparison(int Pages, int ReferencePages, int Words, int Found, int OnPage, int Placed, int Extra, int LostCharacters, IReadOnlyList<string> Lost, IReadOnlyList<string> Misplaced)
{
    public double FoundShare => Share(Found);

    public double OnPageShare => Share(OnPage);

    public double PlacedShare => Share(Placed);

    public bool HasEqualPages => Pages == ReferencePages;

    public static Comparison Of(PdfWords reference, PdfWords candidate)
    {
        var partners = WordMatch.Pair(reference.Words, candidate.Words);
        var (found, onPage, placed) = (0, 0, 0);
        var lost = new List<string>();
        var misplaced = new List<string>();
        for (var i = 0; i < partners.Length; i++)
        {
            var word = reference.Words[i];
            if (partners[i] < 0)
            {
                lost.Add($"p{word.Page} {word.Text}");
                continue;
            }

            var other = candidate.Words[partners[i]];
            found++;
            onPage += other.Page == word.Page ? 1 : 0;
            if (other.Page == word.Page && Math.Abs(other.X - word.X) < 2 && Math.Abs(other.Y - word.Y) < 6)
            {
                placed++;
            }
            else
            {
                misplaced.Add(FormattableString.Invariant($"p{word.Page} {word.Text} at {word.X:0.0},{word.Y:0.0} {(other.Page == word.Page ? $"dx {other.X - word.X:+0.0;-0.0} dy {other.Y - word.Y:+0.0;-0.0}" : $"on p{other.Page}")}"));
            }
        }

        return new Comparison(candidate.Pages, reference.Pages, partners.Length, found, onPage, placed, candidate.Words.Count - found, CountLost(reference, candidate), [.. lost.Take(40)], [.. misplaced.Take(40)]);
    }

    private static int CountLost(PdfWords reference, PdfWords candidate)
    {
        var left = new Dictionary<char, int>();
        foreach (var c in Characters(reference))
        {
            left[c] = left.GetValueOrDefault(c) + 1;
        }

        foreach (var c in Characters(candidate))
        {
            left[c] = left.GetValueOrDefault(c) - 1;
        }

        return left.Values.Where(count => count > 0).Sum();
    }

    // Joined letters are taken apart, as the other engine may not join them.
    private static IEnumerable<char> Characters(PdfWords words) => words.Words.SelectMany(word => word.Text.Normalize(System.Text.NormalizationForm.FormKD)).Where(char.IsLetterOrDigit);

    // Without a word nothing can be misplaced.
    private double Share(int count) => Words == 0 ? 1 : (double)count / Words;
}
