using ClinicFlow.Documents.Layout.Pages;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// Finds the words of a run whose text cannot be read off their glyphs one by one. A glyph that no character leads to is given the text of its
/// cluster, where it has one to itself; what then still reads wrong (a vowel sign before its consonant, two texts for one glyph) is such a word.
/// So is one whose letters stand so far apart that readers would cut it up.
/// </summary>
internal readonly ref struct WordFinder
{
    private readonly string?[] _startsAt; // the text of a word that must be told, at the glyph where it starts
    private readonly bool[] _endsAfter;

    public WordFinder(ReadOnlySpan<LaidGlyph> glyphs, ReadOnlySpan<char> text, in GlyphRun run, FaceUse use)
    {
        var (startsAt, endsAfter) = (new string?[glyphs.Length], new bool[glyphs.Length]);
        (_startsAt, _endsAfter) = (startsAt, endsAfter);
        var runEnd = Math.Min(run.TextStart + run.TextLength, text.Length);
        var (wordStart, wordTextStart, wordTextEnd) = (0, int.MaxValue, 0);
        var isTold = false;
        for (var i = 0; i < glyphs.Length;)
        {
            // A cluster: glyphs that share the text from its first character up to the next cluster's.
            var next = i + 1;
            while (next < glyphs.Length && glyphs[next].Cluster == glyphs[i].Cluster)
            {
                next++;
            }

            var start = Math.Clamp(glyphs[i].Cluster, 0, text.Length);
            var end = run.IsRightToLeft ? (i > 0 ? glyphs[i - 1].Cluster : runEnd) : next < glyphs.Length ? glyphs[next].Cluster : runEnd;
            var cluster = text[start..Math.Clamp(end, start, text.Length)];
            if (cluster is [' '] && next == i + 1)
            {
                EndWord(i, text);
                (wordStart, wordTextStart, wordTextEnd, isTold) = (next, int.MaxValue, 0, false);
                i = next;
                continue;
            }

            isTold |= !Reads(glyphs[i..next], cluster, run.IsRightToLeft, use);
            isTold |= !run.IsRightToLeft && next < glyphs.Length && (uint)glyphs[next].Cluster < (uint)text.Length && text[glyphs[next].Cluster] != ' '
                && StandsApart(glyphs[next - 1], glyphs[next], run);
            (wordTextStart, wordTextEnd) = (Math.Min(wordTextStart, start), Math.Max(wordTextEnd, start + cluster.Length));
            i = next;
        }

        EndWord(glyphs.Length, text);

        void EndWord(int after, ReadOnlySpan<char> all)
        {
            if (isTold && after > wordStart && wordTextStart < wordTextEnd)
            {
                startsAt[wordStart] = all[wordTextStart..wordTextEnd].ToString();
                endsAfter[after - 1] = true;
            }
        }
    }

    /// <summary>
    /// Whether readers would take the gap between two glyphs for a space: narrow glyphs at the advances of a wider font. They do so from a tenth of the
    /// size on. (Text that the document spaces out stays as it is, as in Word's PDFs.)
    /// </summary>
    public static bool StandsApart(in LaidGlyph glyph, in LaidGlyph next, in GlyphRun run)
    {
        const double gap = 0.08;
        if (!run.HasOtherAdvances || glyph.Advance <= 0)
        {
            return false;
        }

        var scale = run.HorizontalScale is 0 ? 1 : run.HorizontalScale;
        var own = run.Face.AdvanceOf(glyph.Id) * run.Size * scale / run.Face.UnitsPerEm;
        return glyph.Advance + next.OffsetX - glyph.OffsetX - own > gap * run.Size;
    }

    public bool StartsAt(int glyph, out ReadOnlySpan<char> text)
    {
        text = _startsAt[glyph];
        return _startsAt[glyph] is not null;
    }

    public bool EndsAfter(int glyph) => _endsAfter[glyph];

    private static bool Reads(ReadOnlySpan<LaidGlyph> glyphs, ReadOnlySpan<char> cluster, bool isRightToLeft, FaceUse use)
    {
        if (cluster.IsEmpty)
        {
            return false;
        }

        var texts = use.Face.Texts;
        if (glyphs.Length == 1)
        {
            var character = texts.CharacterOf(glyphs[0].Id);
            var codePoint = cluster.Length == 2 && char.IsSurrogatePair(cluster[0], cluster[1]) ? char.ConvertToUtf32(cluster[0], cluster[1])
                : cluster.Length == 1 ? cluster[0] : -1;
            if (codePoint >= 0 && character != 0 && GlyphTexts.IsAsGood(character, codePoint))
            {
                return true;
            }
        }

        // Letters and marks that Unicode calls the same text: é as one or as two, marks in another order.
        Span<char> said = stackalloc char[16];
        var length = 0;
        for (var i = 0; i < glyphs.Length && length < said.Length - 1; i++)
        {
            var character = texts.CharacterOf(glyphs[isRightToLeft ? glyphs.Length - 1 - i : i].Id);
            length = character == 0 ? said.Length : length + new System.Text.Rune(character).EncodeToUtf16(said[length..]);
        }

        if (length < said.Length - 1 && IsSameText(said[..length], cluster))
        {
            return true;
        }

        // The sign for a missing glyph stands for every character that has none.
        return glyphs.Length == 1 && glyphs[0].Id != 0
            && (texts.CharacterOf(glyphs[0].Id) is var own && (own == 0 || IsForm(own))) && use.Learn(glyphs[0].Id, cluster.ToString());
    }

    // Half a pair of surrogates is no text, and cannot be normalized.
    private static bool IsSameText(ReadOnlySpan<char> one, ReadOnlySpan<char> other) =>
        one.SequenceEqual(other) || (!other.ContainsAnyInRange('\uD800', '\uDFFF') && !one.ContainsAnyInRange('\uD800', '\uDFFF')
            && string.Equals(one.ToString().Normalize(), other.ToString().Normalize(), StringComparison.Ordinal));

    // Presentation forms exist for old encodings only; the text has the letters.
    private static bool IsForm(int character) => character is >= 0xFB00 and <= 0xFDFF or >= 0xFE70 and <= 0xFEFF or >= 0xE000 and <= 0xF8FF;
}
