namespace ClinicFlow.Documents.Unicode;

/// <summary>Which way a paragraph reads.</summary>
internal enum ParagraphDirection : byte
{
    LeftToRight,
    RightToLeft,

    /// <summary>As its first strong character reads; left to right where there is none.</summary>
    OfFirstLetter,
}

/// <summary>The Unicode bidirectional algorithm (UAX #9, revision 46).</summary>
internal static class Bidi
{
    /// <summary>Whether every character reads left to right or is neutral: then all levels of a left-to-right paragraph are 0, and there is
    /// nothing to find. One pass without tables for text below U+0590.</summary>
    public static bool IsLeftToRightOnly(ReadOnlySpan<char> text)
    {
        // Below the first letters of Hebrew nothing runs from right to left.
        for (var at = 0; text[at..].IndexOfAnyExceptInRange('\0', '\u058F') is >= 0 and var next; at++)
        {
            at += next;
            var isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            var codePoint = isPair ? char.ConvertToUtf32(text[at], text[++at]) : text[at];
            if (CharacterProperties.BidiClassOf(codePoint) is BidiClass.R or BidiClass.AL or BidiClass.AN or >= BidiClass.LRE)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Finds the level of each UTF-16 unit of one paragraph (rules P2 to I2).</summary>
    /// <param name="text">The paragraph, without those that follow.</param>
    /// <param name="direction">Its direction, as Word knows it (<c>w:bidi</c>).</param>
    /// <param name="levels">As long as the text. Even levels read left to right. Marks of direction, which rule X9 removes, get the level of
    /// what stands before them.</param>
    /// <returns>The paragraph's own level: 0 or 1.</returns>
    public static byte FindLevels(ReadOnlySpan<char> text, ParagraphDirection direction, Span<byte> levels)
    {
        var classes = text.Length <= 512 ? stackalloc BidiClass[text.Length] : new BidiClass[text.Length];
        for (var at = 0; at < text.Length; at++)
        {
            var isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            var codePoint = isPair ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at];
            classes[at] = CharacterProperties.BidiClassOf(codePoint);
            if (isPair)
            {
                // The second half goes with the first and changes nothing.
                classes[++at] = BidiClass.BN;
            }
        }

        return new BidiParagraph(text, classes, levels).Resolve(direction);
    }

    /// <summary>Rule L1: spaces and marks of direction at the end of a line, and before a tab, get the paragraph's level.</summary>
    /// <param name="line">The line's text.</param>
    /// <param name="levels">The line's levels; changed.</param>
    /// <param name="paragraphLevel">From <see cref="FindLevels"/>.</param>
    public static void ResetSpaces(ReadOnlySpan<char> line, Span<byte> levels, byte paragraphLevel)
    {
        var isAtEnd = true;
        for (var at = line.Length - 1; at >= 0; at--)
        {
            // The second half of a pair is looked at with the first: none of these characters needs a pair.
            var kind = char.IsSurrogate(line[at]) ? BidiClass.L : CharacterProperties.BidiClassOf(line[at]);
            isAtEnd = kind switch
            {
                BidiClass.B or BidiClass.S => true,
                BidiClass.WS or BidiClass.BN or >= BidiClass.LRE => isAtEnd,
                _ => false,
            };
            if (isAtEnd)
            {
                levels[at] = paragraphLevel;
            }
        }
    }

    /// <summary>Rule L2: the order, left to right, in which the parts of a line are shown.</summary>
    /// <param name="levels">Level of each part, in logical order.</param>
    /// <param name="order">As long; gets the indices of the parts in visual order.</param>
    public static void Reorder(ReadOnlySpan<byte> levels, Span<int> order)
    {
        var (highest, lowestOdd) = ((byte)0, byte.MaxValue);
        for (var i = 0; i < levels.Length; i++)
        {
            order[i] = i;
            highest = Math.Max(highest, levels[i]);
            lowestOdd = (levels[i] & 1) != 0 ? Math.Min(lowestOdd, levels[i]) : lowestOdd;
        }

        for (int level = highest; level >= lowestOdd; level--)
        {
            for (var start = 0; start < levels.Length;)
            {
                if (levels[start] < level)
                {
                    start++;
                    continue;
                }

                var end = start;
                while (end < levels.Length && levels[end] >= level)
                {
                    end++;
                }

                // Positions are those of the logical order: runs of a level stay in place as a whole while inner ones turn.
                order[start..end].Reverse();
                start = end;
            }
        }
    }
}
