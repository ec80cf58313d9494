using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ClinicFlow.Documents.Unicode;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>
/// Where Word breaks lines, over the opportunities of UAX #14. Between letters of alphabets Word breaks behind spaces and hyphens only, where
/// UAX #14 also allows it behind slashes, exclamation marks and brackets. Evidence: docs/layout.md, "Line breaks".
/// </summary>
internal static class BreakRules
{
    // Latin letters, digits and signs, those of Vietnamese and quotation marks among them.
    private static readonly System.Buffers.SearchValues<char> LatinText = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0x250).Concat(Enumerable.Range(0x1E00, 0x100)).Concat([0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2026]).Select(c => (char)c)]);

    // In such text lines begin behind nothing else.
    private static readonly System.Buffers.SearchValues<char> BreakBehind = System.Buffers.SearchValues.Create(" \t-\u00AD");

    /// <param name="text">The text of a paragraph.</param>
    /// <param name="isLatin">Whether no character lies above U+024F.</param>
    /// <param name="breaks">Gets for each character whether a line may begin with it; all false before.</param>
    /// <param name="places">Gets where lines may begin, in rising order.</param>
    public static void Find(string text, bool isLatin, Span<bool> breaks, List<int> places)
    {
        if (text.Length == 0)
        {
            return;
        }

        // Plain text needs no table: most paragraphs hold letters, digits and spaces.
        if (isLatin || !text.AsSpan().ContainsAnyExcept(LatinText))
        {
            FindLatin(text, breaks, places);
            return;
        }

        if (HasOthers(text))
        {
            var opportunities = text.Length <= 1024 ? stackalloc LineBreak[text.Length] : new LineBreak[text.Length];
            LineBreaks.Find(text, opportunities);
            for (var i = 0; i < text.Length; i++)
            {
                breaks[i] = opportunities[i] != LineBreak.No;
            }
        }

        for (var i = 1; i < text.Length; i++)
        {
            var (before, after) = (text[i - 1], text[i]);
            if (IsAlphabetic(before) && IsAlphabetic(after))
            {
                breaks[i] = MayBreak(before, after, i >= 2 ? text[i - 2] : ' ');
            }
            else if (LineFiller.IsHanging(before) && !LineFiller.IsHanging(after))
            {
                breaks[i] = true;
            }
        }

        for (var i = 1; i < text.Length; i++)
        {
            if (breaks[i])
            {
                places.Add(i);
            }
        }
    }

    // Sixteen characters at a time are asked whether a line may begin behind them.
    private static void FindLatin(string text, Span<bool> breaks, List<int> places)
    {
        var (at, last) = (0, text.Length - 1);
        if (Vector256.IsHardwareAccelerated)
        {
            ref var first = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<char, ushort>(text));
            var (space, tab, hyphen, soft) = (Vector256.Create((ushort)' '), Vector256.Create((ushort)'\t'), Vector256.Create((ushort)'-'), Vector256.Create((ushort)'\u00AD'));
            for (; at + Vector256<ushort>.Count <= last; at += Vector256<ushort>.Count)
            {
                var sixteen = Vector256.LoadUnsafe(ref first, (nuint)at);
                var found = Vector256.Equals(sixteen, space) | Vector256.Equals(sixteen, tab) | Vector256.Equals(sixteen, hyphen) | Vector256.Equals(sixteen, soft);
                for (var bits = found.ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
                {
                    Try(at + BitOperations.TrailingZeroCount(bits), breaks);
                }
            }
        }

        while (at < last && text.AsSpan(at, last - at).IndexOfAny(BreakBehind) is >= 0 and var next)
        {
            Try(at + next, breaks);
            at += next + 1;
        }

        void Try(int behind, Span<bool> breaks)
        {
            if (MayBreak(text[behind], text[behind + 1], behind >= 1 ? text[behind - 1] : ' '))
            {
                breaks[behind + 1] = true;
                places.Add(behind + 1);
            }
        }
    }

    private static bool MayBreak(char before, char after, char earlier)
    {
        if (LineFiller.IsHanging(after) || after is '\n' or '\f' or '\v')
        {
            return false;
        }

        return before switch
        {
            ' ' or '\t' => true,
            _ when LineFiller.IsHanging(before) => true,
            '\u00AD' or '\u200B' => true,

            // A hyphen at the start of a word (a minus sign) belongs to what follows.
            '-' or '\u2010' => after is not ('-' or '\u2010') && IsWordBefore(earlier),
            '\u2013' or '\u2014' => after is not ('\u2013' or '\u2014'),
            '\uFFFC' => true,
            _ => after == '\uFFFC',
        };
    }

    private static bool IsWordBefore(char c) => !LineFiller.IsHanging(c) && c is not ('\t' or '\n' or '(' or '\u00A0');

    private static bool HasOthers(string text)
    {
        foreach (var c in text)
        {
            if (!IsAlphabetic(c))
            {
                return true;
            }
        }

        return false;
    }

    // Scripts whose words are kept whole, and the signs that go with them.
    private static bool IsAlphabetic(char c) => c is < '\u0E00' or (>= '\u10A0' and < '\u1100') or (>= '\u1E00' and < '\u2E80') or (>= '\uE000' and < '\uF900') or (>= '\uFB00' and < '\uFE30') or '\uFFFC' or '\uFFFD';
}
