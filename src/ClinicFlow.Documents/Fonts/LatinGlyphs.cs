using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ClinicFlow.Documents.Fonts;

/// <summary>Glyphs of the Latin letters, digits and signs up to U+024F as a font shows them where nothing is asked of it: what a <see cref="Shaper"/> makes of each alone.</summary>
internal sealed class LatinGlyphs
{
    /// <summary>The last character.</summary>
    public const char Last = '\u024F';

    private static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, Last + 1).Select(c => (char)c).Where(c => Unicode.CharacterProperties.ScriptOf(c) == Unicode.Script.Latin)]);

    /// <summary>Whether a text has a letter of the Latin script.</summary>
    public static bool HasLetter(ReadOnlySpan<char> text) => text.ContainsAny(Letters);

    /// <param name="IsKnown">Whether the character is one glyph; of others a shaper must be asked.</param>
    /// <param name="Id">The glyph.</param>
    /// <param name="Advance">In parts of the em.</param>
    /// <param name="Offset">How far a substitute's glyph stands to the right, so that it is in the middle of the width of the glyph that it replaces; in parts of the em.</param>
    /// <param name="IsNatural">Whether it is the face's own glyph of the character, at the face's own advance.</param>
    internal readonly record struct Glyph(bool IsKnown, ushort Id, float Advance, float Offset, bool IsNatural);

    private readonly Glyph[] _glyphs = new Glyph[Last + 1];
    private readonly float[] _advances = new float[128];

    /// <summary>Asks a shaper for each.</summary>
    public LatinGlyphs(ResolvedFont font)
    {
        using var shaper = new Shaper();
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
                _glyphs[c] = new(true, glyph.Id, glyph.Advance, glyph.OffsetX + offset, isNatural);
            }
        }

        (HasAscii, IsAsciiNatural) = (true, true);
        for (var c = ' '; c <= '~'; c++)
        {
            HasAscii &= _glyphs[c].Id != 0;
            IsAsciiNatural &= _glyphs[c].IsNatural;
            _advances[c] = _glyphs[c].Advance;
        }
    }

    /// <summary>Whether the font has a glyph for each of ASCII's letters, digits and signs.</summary>
    public bool HasAscii { get; }

    /// <summary>Whether each of these is natural.</summary>
    public bool IsAsciiNatural { get; }

    /// <summary>By character.</summary>
    public ReadOnlySpan<Glyph> Glyphs => _glyphs;

    /// <summary>Advances of text of ASCII's letters, digits and signs.</summary>
    /// <param name="text">Nothing but these.</param>
    /// <param name="scale">Points an em.</param>
    /// <param name="advances">Gets them; as long as the text.</param>
    public void FindAdvances(ReadOnlySpan<char> text, float scale, Span<float> advances)
    {
        ref var known = ref MemoryMarshal.GetArrayDataReference(_advances);
        for (var i = 0; i < text.Length; i++)
        {
            advances[i] = Unsafe.Add(ref known, text[i] & 0x7F) * scale;
        }
    }
}
