using ClinicFlow.Documents.Hyphenation;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>
/// Finds where the words of a paragraph may be divided by automatic hyphenation. Evidence: docs/layout.md, "Hyphenation". One object serves one thread.
/// </summary>
internal sealed class WordDivision(DocumentSettings settings)
{
    private readonly List<int> _places = [];
    private readonly List<int> _found = [];

    /// <summary>Null where the document's words are not hyphenated.</summary>
    public static WordDivision? Of(DocumentSettings settings) => settings.AutoHyphenation ? new(settings) : null;

    /// <summary>Characters before which a line may begin when a hyphen ends the line above, in rising order.</summary>
    public int[] Find(ParagraphFormat format, string text, IReadOnlyList<TextSpan> spans, ReadOnlySpan<float> advances)
    {
        if (format.SuppressesHyphenation || format.IsRightToLeft)
        {
            return [];
        }

        _found.Clear();
        var span = 0;
        for (var i = 0; i < text.Length;)
        {
            // A token reaches from space to space.
            var end = i;
            while (end < text.Length && !IsEdge(text[end]))
            {
                end++;
            }

            if (end - i >= HyphenationPatterns.ShortestWord && !IsAddress(text.AsSpan(i, end - i)))
            {
                Divide(text, i, end, spans, ref span, advances);
            }

            i = end + 1;
        }

        return _found.Count == 0 ? [] : [.. _found];
    }

    // The words in a token: letters after each other.
    private void Divide(string text, int start, int end, IReadOnlyList<TextSpan> spans, ref int span, ReadOnlySpan<float> advances)
    {
        for (var i = start; i < end;)
        {
            if (!HyphenationPatterns.IsLetter(text[i]))
            {
                i++;
                continue;
            }

            var behind = i + 1;
            while (behind < end && (HyphenationPatterns.IsLetter(text[behind]) || IsMark(text[behind])))
            {
                behind++;
            }

            while (span + 1 < spans.Count && spans[span].End <= i)
            {
                span++;
            }

            var word = text.AsSpan(i, behind - i);
            var hasDigit = (i > start && char.IsDigit(text[i - 1])) || (behind < end && char.IsDigit(text[behind]));
            if (word.Length >= HyphenationPatterns.ShortestWord && !hasDigit && spans[span].Kind == SpanKind.Text && !(settings.DoNotHyphenateCaps && IsCapitals(word))
                && HyphenationPatterns.For(spans[span].Format.Languages.Latin) is { } patterns)
            {
                patterns.Divide(word, _places);
                foreach (var place in _places)
                {
                    // Within a ligature nothing can end.
                    if (advances[i + place] > 0)
                    {
                        _found.Add(i + place);
                    }
                }
            }

            i = behind;
        }
    }

    private static bool IsEdge(char c) => c is ' ' or '\t' or '\n' or '\f' or '\v' or '\u00A0' or '\uFFFC' || LineFiller.IsHanging(c);

    private static bool IsMark(char c) => c is >= '\u0300' and <= '\u036F';

    // Addresses of the web, of mail and of files are not divided.
    private static bool IsAddress(ReadOnlySpan<char> token)
    {
        if (token.ContainsAny('@', '/', '\\'))
        {
            return true;
        }

        for (var i = 1; i + 1 < token.Length; i++)
        {
            if (token[i] is '.' or '_' or ':' && char.IsLetterOrDigit(token[i - 1]) && char.IsLetterOrDigit(token[i + 1]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCapitals(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
        {
            if (char.IsLower(c))
            {
                return false;
            }
        }

        return true;
    }
}
