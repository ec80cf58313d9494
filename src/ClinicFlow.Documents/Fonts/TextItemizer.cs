using ClinicFlow.Documents.Unicode;

namespace ClinicFlow.Documents.Fonts;

/// <summary>A stretch of text of one font, script and bidirectional level: what a <see cref="Shaper"/> takes.</summary>
/// <param name="Start">First UTF-16 unit.</param>
/// <param name="Length">UTF-16 units.</param>
/// <param name="Font">The font, or the one that stands in for characters that it lacks.</param>
/// <param name="Script">The script; <see cref="Script.Common"/> only where the whole run has no letter.</param>
/// <param name="Level">Bidirectional level (UAX #9); odd reads from right to left.</param>
internal readonly record struct TextItem(int Start, int Length, ResolvedFont Font, Script Script, byte Level)
{
    public bool IsRightToLeft => (Level & 1) != 0;
}

/// <summary>Divides runs of text so that each part can be shaped as one.</summary>
internal static class TextItemizer
{
    /// <summary>Divides a run that has one font by level, script and by the characters which the font has.</summary>
    /// <param name="text">The paragraph.</param>
    /// <param name="start">First unit of the run.</param>
    /// <param name="length">Its length.</param>
    /// <param name="levels">A level for each unit of the paragraph, from <see cref="Bidi.FindLevels"/>; empty: all are 0.</param>
    /// <param name="font">The run's font.</param>
    /// <param name="fonts">Where to look for characters that it lacks.</param>
    /// <param name="language">BCP 47 tag of the run; "" where unknown.</param>
    /// <param name="items">Parts are added in logical order; together they are the run.</param>
    public static void Split(ReadOnlySpan<char> text, int start, int length, ReadOnlySpan<byte> levels, ResolvedFont font, FontSet fonts, string language, List<TextItem> items)
    {
        var end = start + length;
        var itemStart = start;
        TextItem? open = null;
        var current = ScriptBefore(text, start);
        if (current == Script.Common)
        {
            current = ScriptAfter(text, start, end);
        }

        for (var at = start; at < end;)
        {
            var codePoint = CodePointAt(text, at, end, out var units);
            var level = levels.IsEmpty ? (byte)0 : levels[at];
            var script = CharacterProperties.ScriptOf(codePoint);

            // Spaces, digits, punctuation and marks belong to the letters before them; at the start, to those that follow.
            var isShared = script is Script.Common or Script.Inherited or Script.Unknown;
            current = isShared ? current : script;
            var chosen = open is { } before && StaysWith(codePoint, script) ? before.Font : FontFor(text[at..end], codePoint, units, font, fonts, language);
            var item = new TextItem(itemStart, 0, chosen, current, level);
            if (open is not { } known || known.Font != item.Font || known.Level != item.Level || (known.Script != item.Script && known.Script != Script.Common))
            {
                Close(at);
                (itemStart, open) = (at, item with { Start = at });
            }
            else
            {
                open = known with { Script = current };
            }

            at += units;
        }

        Close(end);

        void Close(int at)
        {
            if (open is { } item && at > item.Start)
            {
                items.Add(item with { Length = at - item.Start });
            }
        }
    }

    private static ResolvedFont FontFor(ReadOnlySpan<char> rest, int codePoint, int units, ResolvedFont font, FontSet fonts, string language)
    {
        var chosen = font.GlyphOf(codePoint) != 0 || NeedsNoGlyph(codePoint) ? font : fonts.FallbackFor(font, codePoint, language);
        if (units >= rest.Length || rest[units] < '\u0300' || !CharacterProperties.IsMark(rest[units]) || chosen.GlyphOf(rest[units]) != 0)
        {
            return chosen;
        }

        // The letter's font lacks the mark on it: then both come from one that has both, unless the font has them as one letter.
        var composed = new string(rest[..(units + 1)]).Normalize(System.Text.NormalizationForm.FormC);
        if (composed.Length == 1 && chosen.GlyphOf(composed[0]) != 0)
        {
            return chosen;
        }

        var both = fonts.FallbackFor(font, rest[units], language);
        return both.GlyphOf(codePoint) != 0 ? both : chosen;
    }

    // A mark is drawn by the font of its letter, so that it finds its place; so are joiners and selectors.
    private static bool StaysWith(int codePoint, Script script) =>
        script == Script.Inherited || CharacterProperties.IsMark(codePoint) || CharacterProperties.IsDefaultIgnorable(codePoint);

    private static bool NeedsNoGlyph(int codePoint) =>
        codePoint < 0x20 || codePoint is >= 0x7F and <= 0xA0 or 0x2011 or 0x2007 or 0x202F || CharacterProperties.IsDefaultIgnorable(codePoint);

    /// <summary>The script of the last letter before a place; <see cref="Script.Common"/> where there is none near.</summary>
    public static Script ScriptBefore(ReadOnlySpan<char> text, int start)
    {
        for (var at = start - 1; at >= Math.Max(0, start - 64); at--)
        {
            if (!char.IsSurrogate(text[at]) && CharacterProperties.ScriptOf(text[at]) is not (Script.Common or Script.Inherited or Script.Unknown) and var script)
            {
                return script;
            }
        }

        return Script.Common;
    }

    private static Script ScriptAfter(ReadOnlySpan<char> text, int start, int end)
    {
        for (var at = start; at < end;)
        {
            var script = CharacterProperties.ScriptOf(CodePointAt(text, at, end, out var units));
            if (script is not (Script.Common or Script.Inherited or Script.Unknown))
            {
                return script;
            }

            at += units;
        }

        return Script.Common;
    }

    // A surrogate without its partner is U+FFFD.
    private static int CodePointAt(ReadOnlySpan<char> text, int at, int end, out int units)
    {
        var isPair = char.IsHighSurrogate(text[at]) && at + 1 < end && char.IsLowSurrogate(text[at + 1]);
        units = isPair ? 2 : 1;
        return isPair ? char.ConvertToUtf32(text[at], text[at + 1]) : char.IsSurrogate(text[at]) ? 0xFFFD : text[at];
    }
}
