using ClinicFlow.Documents.Fonts;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// What the glyphs of a face stand for as the face itself says: the character that leads to the glyph. Where several do, the plainest.
/// </summary>
internal sealed class GlyphTexts
{
    private readonly int[] _characters;

    public GlyphTexts(FontFace face)
    {
        _characters = new int[face.GlyphCount];
        foreach (var (codePoint, glyph) in face.Characters())
        {
            if (_characters[glyph] is 0 || Rank(codePoint) < Rank(_characters[glyph]))
            {
                _characters[glyph] = codePoint;
            }
        }

        _characters[0] = 0;
    }

    /// <summary>The character of a glyph; 0 where none leads to it.</summary>
    public int CharacterOf(ushort glyph) => glyph < _characters.Length ? _characters[glyph] : 0;

    /// <summary>Whether a glyph whose text is <paramref name="character"/> may stand for a text without a reader being misled.</summary>
    public static bool IsAsGood(int character, int codePoint) => character == codePoint || (character, codePoint) is
        (' ', 0xA0 or 0x2007 or 0x202F or '\t' or '\n' or '\r') or ('-', 0x2011 or 0x2010 or 0xAD)

        // Codes of symbol fonts: what Unicode calls the picture is better than they are.
        or ( > 0, >= 0xF020 and <= 0xF0FF);

    // Forms that exist for old encodings' sake come after the plain characters; within each, the lower first.
    private static long Rank(int codePoint)
    {
        var isForm = codePoint is >= 0xFB00 and < 0xFE00 or >= 0xFE20 and <= 0xFEFF or >= 0x2E80 and <= 0x2FDF or >= 0xF900 and <= 0xFAFF or >= 0xE000 and < 0xF900
            or >= 0x2F800 and <= 0x2FA1F or 0xB5 or 0x2126 or 0x212A or 0x212B or 0x37E;
        return codePoint + (isForm ? 1L << 32 : 0);
    }
}
