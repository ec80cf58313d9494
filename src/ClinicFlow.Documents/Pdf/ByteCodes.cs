using ClinicFlow.Documents.Fonts;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// The bytes by which a simple font names the glyphs of a face: WinAnsiEncoding (ISO 32000-1, 9.6.6 and annex D). Text of these characters takes half the bytes of
/// a composite font's, and spaces of one byte can all be stretched at once. Only TrueType faces have it, and only characters that the face says of their glyphs itself.
/// </summary>
internal sealed class ByteCodes
{
    public const int First = 0x20;

    // From 0x80 to 0x9F; 0 is free. U+00A0 and U+00AD would be read as a space and a hyphen.
    private const string Upper = "\u20AC\0\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\0\u017D\0\0\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\0\u017E\u0178";

    private readonly byte[] _codes = new byte[0x2123];  // by character; 0: none
    private readonly char[] _characters = new char[256];

    private ByteCodes(CharacterMap windows, FontFace face, GlyphTexts texts, ReadOnlySpan<ulong> inAlphabets)
    {
        for (var code = First; code < 256; code++)
        {
            var character = code is >= 0x80 and < 0xA0 ? Upper[code - 0x80] : (char)code;
            var glyph = face.GlyphOf(character);
            if (character is not ('\0' or '\u007F' or '\u00A0' or '\u00AD') && glyph != 0 && windows.GlyphOf(character) == glyph && texts.CharacterOf(glyph) == character
                && (inAlphabets[glyph >> 6] & (1UL << (glyph & 63))) != 0)
            {
                _codes[character] = (byte)code;
                _characters[code] = character;
            }
        }
    }

    /// <summary>Those of a face; null where it has none, or not for the whole of ASCII.</summary>
    /// <param name="face">The face.</param>
    /// <param name="texts">What its glyphs stand for.</param>
    /// <param name="inAlphabets">A bit for each glyph that comes into a subset with its alphabet.</param>
    public static ByteCodes? Of(FontFace face, GlyphTexts texts, ReadOnlySpan<ulong> inAlphabets)
    {
        if (face.Outlines != OutlineKind.TrueType || CharacterMap.ReadWindows(face.Table("cmap"), face.GlyphCount) is not { } windows)
        {
            return null;
        }

        // A table that HarfBuzz finds damaged cannot come into a subset.
        if (!face.HarfBuzz.Font.TryGetNominalGlyph('e', out var e) || e != face.GlyphOf('e'))
        {
            return null;
        }

        var codes = new ByteCodes(windows, face, texts, inAlphabets);
        return codes._codes.AsSpan(' ', '~' - ' ' + 1).Contains((byte)0) ? null : codes;
    }

    /// <summary>The code of a character; 0 where it has none.</summary>
    public byte CodeOf(char character) => character < _codes.Length ? _codes[character] : (byte)0;

    /// <summary>The character of a code from <see cref="First"/> on; 0 where it is free.</summary>
    public char CharacterOf(int code) => _characters[code];

    /// <summary>Whether all characters have codes.</summary>
    public bool Cover(ReadOnlySpan<char> text)
    {
        // Most text is ASCII, which all have.
        var at = text.IndexOfAnyExceptInRange(' ', '~');
        if (at >= 0)
        {
            foreach (var character in text[at..])
            {
                if (CodeOf(character) == 0)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
