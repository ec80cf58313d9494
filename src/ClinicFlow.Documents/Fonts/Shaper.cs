using System.Diagnostics.CodeAnalysis;
using ClinicFlow.Documents.Unicode;
using HarfBuzzSharp;
using HbBuffer = HarfBuzzSharp.Buffer;
using Script = ClinicFlow.Documents.Unicode.Script;

namespace ClinicFlow.Documents.Fonts;

/// <summary>What a run asks of its font beyond characters. Scripts that need features to be readable have those always.</summary>
[Flags]
internal enum FontFeatures : uint
{
    /// <summary>Word's default for Latin, Greek and Cyrillic: letters side by side at their design advances.</summary>
    None = 0,

    /// <summary>Pairs of letters move together (<c>w:kern</c> at or below the run's size).</summary>
    Kerning = 1,

    /// <summary><c>w14:ligatures standard</c>.</summary>
    Ligatures = 2,

    /// <summary><c>w14:ligatures contextual</c> and <c>w14:cntxtAlts</c>.</summary>
    Contextual = 4,

    /// <summary><c>w14:ligatures discretional</c>.</summary>
    Discretionary = 8,

    /// <summary><c>w14:ligatures historical</c>.</summary>
    Historical = 16,

    /// <summary>Forms for lines that run downwards.</summary>
    Vertical = 32,

    /// <summary>The first of twenty stylistic sets, a bit each (<c>w14:stylisticSets</c>).</summary>
    FirstSet = 64,
}

/// <summary>One glyph of shaped text, in parts of the em: multiply by the size in points.</summary>
/// <param name="Id">Glyph index in the face.</param>
/// <param name="Cluster">Index of the first UTF-16 unit, in the text that was shaped, of the characters that it stands for. Glyphs of one cluster share it.</param>
/// <param name="Advance">To the origin of the next glyph on its right.</param>
/// <param name="OffsetX">Where it is drawn, to the right of its origin.</param>
/// <param name="OffsetY">Where it is drawn, above its origin.</param>
/// <param name="IsUnsafeToBreak">A line that begins or ends before this cluster must be shaped anew.</param>
internal readonly record struct ShapedGlyph(ushort Id, int Cluster, float Advance, float OffsetX, float OffsetY, bool IsUnsafeToBreak);

/// <summary>How a stretch of text is shaped; the stretch has one script and direction (see <see cref="TextItemizer"/>).</summary>
/// <param name="Font">The font.</param>
/// <param name="Script">Script of the text.</param>
/// <param name="IsRightToLeft">The text reads from right to left.</param>
/// <param name="Features">What the run asks for.</param>
/// <param name="Language">BCP 47 tag; "" where unknown.</param>
internal readonly record struct ShapingStyle(ResolvedFont Font, Script Script, bool IsRightToLeft, FontFeatures Features, string Language);

/// <summary>
/// Turns text into glyphs. Latin, Greek and Cyrillic without features take a way of two table reads a character; everything else goes
/// through HarfBuzz. One thread uses a shaper at a time; make one for each.
/// </summary>
internal sealed class Shaper : IDisposable
{
    private readonly HbBuffer _buffer = new();
    private readonly List<Feature> _features = [];
    private ShapedGlyph[] _glyphs = new ShapedGlyph[256];

    /// <summary>
    /// Shapes a stretch of text. What stands around it joins to it (Arabic letters take the forms that their neighbours ask for).
    /// </summary>
    /// <param name="text">The text around, such as a paragraph.</param>
    /// <param name="start">First unit of the stretch; not inside a surrogate pair.</param>
    /// <param name="length">Its length in UTF-16 units.</param>
    /// <param name="style">How.</param>
    /// <returns>Glyphs in visual order, left to right: clusters fall where the text reads from right to left.
    /// Valid until the next call. Tabs, line breaks and other controls give glyphs without an advance.</returns>
    public ReadOnlySpan<ShapedGlyph> Shape(ReadOnlySpan<char> text, int start, int length, in ShapingStyle style)
    {
        if (length <= 0)
        {
            return [];
        }

        var stretch = text.Slice(start, length);
        return IsSimple(stretch, style) && TryShapeSimple(stretch, start, style.Font, out var count)
            ? _glyphs.AsSpan(0, count)
            : ShapeWithHarfBuzz(text, start, length, style);
    }

    /// <summary>Width of a stretch in parts of the em; the same as the sum of its glyphs' advances.</summary>
    public float Measure(ReadOnlySpan<char> text, int start, int length, in ShapingStyle style)
    {
        var width = 0f;
        foreach (ref readonly var glyph in Shape(text, start, length, style))
        {
            width += glyph.Advance;
        }

        return width;
    }

    /// <summary>Whether text can be set without HarfBuzz: scripts whose letters stand side by side, and nothing asked for.</summary>
    public static bool IsSimple(ReadOnlySpan<char> text, in ShapingStyle style)
    {
        if (style.Features != FontFeatures.None || style.IsRightToLeft || style.Font.Face.IsVariable)
        {
            return false;
        }

        return style.Script switch
        {
            Script.Latin or Script.Cyrillic or Script.Greek or Script.Common or Script.Han or Script.Hiragana or Script.Katakana => !text.ContainsAnyInRange('\u0300', '\u036F') && !NeedsCare(text),
            _ => false,
        };
    }

    public void Dispose() => _buffer.Dispose();

    // Marks, joiners, variation selectors, conjoining letters: what can change its neighbour.
    private static bool NeedsCare(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange('\0', '\u02FF'))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (c is >= '\u0300' and < '\u0370' or >= '\u0483' and <= '\u0489' or >= '\u0590' and < '\u1E00' or '\u200C' or '\u200D' or >= '\u20D0' and <= '\u20FF' or >= '\u302A' and <= '\u302F' or '\u3099' or '\u309A' or >= '\uFB00' and <= '\uFE2F' || char.IsSurrogate(c))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryShapeSimple(ReadOnlySpan<char> stretch, int start, ResolvedFont font, out int count)
    {
        EnsureRoom(stretch.Length);
        count = 0;
        for (var i = 0; i < stretch.Length; i++)
        {
            var c = stretch[i];
            if (c is < ' ' or >= '\u007F' and < '\u00A0' or '\u00AD' or >= '\u200B' and <= '\u200F' or >= '\u2028' and <= '\u202E' or >= '\u2060' and <= '\u206F' or '\uFEFF')
            {
                _glyphs[count++] = new(font.GlyphOf(' '), start + i, 0, 0, 0, false);
                continue;
            }

            var glyph = font.GlyphOf(c);
            if (glyph == 0 && (glyph = font.GlyphOf(Alternative(c))) == 0 && HasOtherSpelling(c))
            {
                return false; // HarfBuzz can take the character apart.
            }

            _glyphs[count++] = new(glyph, start + i, font.AdvanceOf(glyph), 0, 0, false);
        }

        return true;
    }

    // Characters that look alike, one of which a font may lack.
    private static char Alternative(char c) => c switch
    {
        '\u00A0' or '\u2007' or '\u202F' => ' ',
        '\u2011' or '\u2010' => '-',
        '\u00B5' => '\u03BC',
        '\u2126' => '\u03A9',
        _ => c,
    };

    private static bool HasOtherSpelling(char c) => c >= '\u00C0' && !c.ToString().IsNormalized(System.Text.NormalizationForm.FormD);

    private ReadOnlySpan<ShapedGlyph> ShapeWithHarfBuzz(ReadOnlySpan<char> text, int start, int length, in ShapingStyle style)
    {
        var font = style.Font;
        _buffer.ClearContents();
        _buffer.AddUtf16(text, start, length);
        _buffer.Direction = style.IsRightToLeft ? Direction.RightToLeft : Direction.LeftToRight;
        _buffer.Script = (HarfBuzzSharp.Script)ScriptTag.Of(style.Script is Script.Common or Script.Inherited or Script.Unknown ? Script.Latin : style.Script);
        if (style.Language.Length > 0)
        {
            _buffer.Language = new Language(style.Language);
        }

        _buffer.ClusterLevel = ClusterLevel.MonotoneCharacters;
        SetFeatures(style);
        font.Face.HarfBuzz.Font.Shape(_buffer, _features, null);

        var infos = _buffer.GetGlyphInfoSpan();
        var positions = _buffer.GetGlyphPositionSpan();
        EnsureRoom(infos.Length);
        var em = 1f / font.Face.UnitsPerEm;
        for (var i = 0; i < infos.Length; i++)
        {
            var (glyph, cluster) = ((ushort)infos[i].Codepoint, (int)infos[i].Cluster);
            var advance = positions[i].XAdvance * em * font.HorizontalScale;
            if (font.HasOwnAdvances)
            {
                // Kerning stays; the letter's own width becomes that of the font that was asked for.
                advance = advance == 0 ? 0 : advance + font.AdvanceOf(glyph) - (font.Face.EmAdvanceOf(glyph) * font.HorizontalScale);
            }

            if (glyph == 0 && font.GlyphOf(text[cluster]) is > 0 and var symbol)
            {
                (glyph, advance) = (symbol, font.AdvanceOf(symbol));
            }

            _glyphs[i] = new(glyph, cluster, advance, positions[i].XOffset * em * font.HorizontalScale, positions[i].YOffset * em, (infos[i].GlyphFlags & GlyphFlags.UnsafeToBreak) != 0);
        }

        return _glyphs.AsSpan(0, infos.Length);
    }

    // Letters of alphabets that stand side by side have only what the run asks for, as in Word; others what their script needs.
    private void SetFeatures(in ShapingStyle style)
    {
        _features.Clear();
        var isPlain = style.Script is Script.Latin or Script.Greek or Script.Cyrillic or Script.Common or Script.Inherited or Script.Unknown
            or Script.Han or Script.Hiragana or Script.Katakana or Script.Hangul or Script.Armenian or Script.Georgian;
        if (!isPlain)
        {
            return;
        }

        void Set(string tag, FontFeatures feature, FontFeatures asked) =>
            _features.Add(new Feature(Tag.Parse(tag), (asked & feature) != 0 ? 1u : 0u));
        Set("kern", FontFeatures.Kerning, style.Features);
        Set("liga", FontFeatures.Ligatures, style.Features);
        Set("clig", FontFeatures.Contextual, style.Features);
        Set("calt", FontFeatures.Contextual, style.Features);
        Set("dlig", FontFeatures.Discretionary, style.Features);
        Set("hlig", FontFeatures.Historical, style.Features);
        if (style.Features < FontFeatures.Vertical)
        {
            return;
        }

        Set("vert", FontFeatures.Vertical, style.Features);
        for (var set = 1; set <= 20; set++)
        {
            var bit = (FontFeatures)((uint)FontFeatures.FirstSet << (set - 1));
            if ((style.Features & bit) != 0)
            {
                Set(FormattableString.Invariant($"ss{set:00}"), bit, style.Features);
            }
        }
    }

    [MemberNotNull(nameof(_glyphs))]
    private void EnsureRoom(int count)
    {
        if (_glyphs is null || _glyphs.Length < count)
        {
            _glyphs = new ShapedGlyph[Math.Max(count, 256) * 2];
        }
    }
}
