using ClinicFlow.Documents.Layout.Pages;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// Finds the words of a run whose text cannot be read off their glyphs one by one. A glyph that no character leads to is given the text of its
/// cluster, where it has one to itself; what then still reads wrong (a vowel sign before its consonant, two texts for one glyph) is such a word.
/// </summary>
internal readonly ref struct WordFinder
{
    private readonly string?[] _startsAt; // the text of a word that must be told, at the glyph where it starts
    private readonly bool[] _endsAfter;

    public WordFinder(ReadOnlySpan<LaidGlyph> glyphs, ReadOnlySpan<char> text, in GlyphRun run, FaceUse use)
    {
        var (startsAt, endsAfter) = (new string?[glyphs.Length], new bool[glyphs.Length]);
        (_startsAt, _endsAfter) = (startsAt, endsAfter);
        var texts = use.Face.Texts;
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

            isTold |= !Reads(glyphs[i..next], cluster, texts, use);
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

    public bool StartsAt(int glyph, out ReadOnlySpan<char> text)
    {
        text = _startsAt[glyph];
        return _startsAt[glyph] is not null;
    }

    public bool EndsAfter(int glyph) => _endsAfter[glyph];

    private static bool Reads(ReadOnlySpan<LaidGlyph> glyphs, ReadOnlySpan<char> cluster, GlyphTexts texts, FaceUse use)
    {
        if (glyphs.Length != 1 || cluster.IsEmpty)
        {
            return false;
        }

        var character = texts.CharacterOf(glyphs[0].Id);
        var codePoint = cluster.Length == 2 && char.IsSurrogatePair(cluster[0], cluster[1]) ? char.ConvertToUtf32(cluster[0], cluster[1])
            : cluster.Length == 1 ? cluster[0] : -1;
        if (codePoint >= 0 && character != 0 && GlyphTexts.IsAsGood(character, codePoint))
        {
            return true;
        }

        // The sign for a missing glyph stands for every character that has none.
        return glyphs[0].Id != 0 && (character == 0 || IsForm(character)) && use.Learn(glyphs[0].Id, cluster.ToString());
    }

    // Presentation forms exist for old encodings only; the text has the letters.
    private static bool IsForm(int character) => character is >= 0xFB00 and <= 0xFDFF or >= 0xFE70 and <= 0xFEFF or >= 0xE000 and <= 0xF8FF;
}
