namespace ClinicFlow.Documents.Fonts;

/// <summary>Glyphs of the Latin letters, digits and signs up to U+024F as a font shows them where nothing is asked of it: what a <see cref="Shaper"/> makes of each alone.</summary>
internal static class LatinGlyphs
{
    /// <summary>The last character.</summary>
    public const char Last = '\u024F';

    private static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, Last + 1).Select(c => (char)c).Where(c => Unicode.CharacterProperties.ScriptOf(c) == Unicode.Script.Latin)]);

    /// <summary>Whether a text has a letter of the Latin script.</summary>
    public static bool HasLetter(ReadOnlySpan<char> text) => text.ContainsAny(Letters);

    /// <summary>Whether a font has a glyph for each of ASCII's letters, digits and signs.</summary>
    public static bool HasAscii(ReadOnlySpan<Glyph> glyphs)
    {
        for (var c = ' '; c <= '~'; c++)
        {
            if (glyphs[c].Id == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <param name="IsKnown">Whether the character is one glyph; of others a shaper must be asked.</param>
    /// <param name="Id">The glyph.</param>
    /// <param name="Advance">In parts of the em.</param>
    /// <param name="Offset">How far a substitute's glyph stands to the right, so that it is in the middle of the width of the glyph that it replaces; in parts of the em.</param>
    /// <param name="IsNatural">Whether it is the face's own glyph of the character, at the face's own advance.</param>
    internal readonly record struct Glyph(bool IsKnown, ushort Id, float Advance, float Offset, bool IsNatural);

    public static Glyph[] Of(ResolvedFont font)
    {
        using var shaper = new Shaper();
        var glyphs = new Glyph[Last + 1];
        Span<char> text = stackalloc char[1];
        var style = new ShapingStyle(font, Unicode.Script.Latin, false, FontFeatures.None, "");
        for (var c = '\0'; c <= Last; c++)
        {
            // What the font lacks may be taken apart by HarfBuzz: that is not known here.
            text[0] = c;
            if (shaper.Shape(text, 0, 1, style) is [var glyph] && (glyph.Id != 0 || glyph.Advance > 0) && font.GlyphOf(c) is var own && (own == 0 || own == glyph.Id || glyph.Advance == 0))
            {
                var offset = font.HasOwnAdvances && glyph.Advance > 0 ? (font.AdvanceOf(glyph.Id) - (font.Face.EmAdvanceOf(glyph.Id) * font.HorizontalScale)) / 2 : 0;
                var isNatural = glyph.Id != 0 && glyph.Id == font.Face.GlyphOf(c) && glyph.OffsetX + offset == 0 && glyph.OffsetY == 0
                    && Math.Abs(glyph.Advance - (font.Face.EmAdvanceOf(glyph.Id) * font.HorizontalScale)) < 1e-6f;
                glyphs[c] = new(true, glyph.Id, glyph.Advance, glyph.OffsetX + offset, isNatural);
            }
        }

        return glyphs;
    }
}
