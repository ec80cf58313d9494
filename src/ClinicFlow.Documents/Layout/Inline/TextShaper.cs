using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Unicode;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>The four fonts of a run; which one a character takes, its code point says (ECMA-376 Part 1, 17.3.2.26).</summary>
internal enum FontSlot : byte
{
    Ascii,
    HighAnsi,
    EastAsia,
    ComplexScript,
}

/// <summary>Word's rules for choosing fonts, over the fonts of a document. One object serves one thread.</summary>
internal sealed class TextShaper(FontSet fonts, Shaper shaper)
{
    private readonly Dictionary<CharacterFormat, FormatFonts> _formats = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ResolvedFont, Extent> _lines = new(ReferenceEqualityComparer.Instance);

    /// <summary>What is looked up again and again of one format.</summary>
    private sealed class FormatFonts
    {
        public readonly ResolvedFont?[] Slots = new ResolvedFont?[4];
        public Extent? Extent;
        public double? SpaceWidth;
        public FontFeatures Features;
    }

    public FontSet Fonts => fonts;

    public ResolvedFont FontOf(CharacterFormat format, FontSlot slot)
    {
        var known = Known(format);
        if (known.Slots[(int)slot] is { } font)
        {
            return font;
        }

        var family = slot switch
        {
            FontSlot.Ascii => format.Fonts.Ascii,
            FontSlot.HighAnsi => format.Fonts.HighAnsi,
            FontSlot.EastAsia => format.Fonts.EastAsia,
            _ => format.Fonts.ComplexScript,
        };
        var isComplex = slot == FontSlot.ComplexScript;
        var style = (isComplex ? format.IsComplexBold : format.IsBold, isComplex ? format.IsComplexItalic : format.IsItalic) switch
        {
            (true, true) => FontStyle.BoldItalic,
            (true, false) => FontStyle.Bold,
            (false, true) => FontStyle.Italic,
            _ => FontStyle.Regular,
        };
        var resolved = fonts.Resolve(family.Length > 0 ? family : "Times New Roman", style);
        return known.Slots[(int)slot] = slot == FontSlot.EastAsia ? resolved.ForEastAsian : resolved;
    }

    /// <summary>The font of a symbol run, in the style of its format.</summary>
    public ResolvedFont SymbolFont(CharacterFormat format, string family)
    {
        var style = (format.IsBold ? FontStyle.Bold : FontStyle.Regular) | (format.IsItalic ? FontStyle.Italic : FontStyle.Regular);
        return fonts.Resolve(family, style);
    }

    /// <summary>Which of the four fonts a character takes.</summary>
    public static FontSlot SlotOf(int codePoint, CharacterFormat format)
    {
        if (format.IsRightToLeft || format.IsComplexScript || format.Fonts.Hint == FontHint.ComplexScript)
        {
            return FontSlot.ComplexScript;
        }

        return codePoint switch
        {
            < 0x80 => FontSlot.Ascii,
            < 0x0590 => FontSlot.HighAnsi,
            < 0x1100 => FontSlot.ComplexScript,
            < 0x1200 => FontSlot.EastAsia,
            >= 0x1780 and < 0x1800 => FontSlot.ComplexScript,
            >= 0x2000 and < 0x2E80 => format.Fonts.Hint == FontHint.EastAsia ? FontSlot.EastAsia : FontSlot.HighAnsi,
            >= 0x2E80 and < 0xA4D0 => FontSlot.EastAsia,
            >= 0xA960 and < 0xA980 or >= 0xAC00 and < 0xD800 or >= 0xF900 and < 0xFB00 => FontSlot.EastAsia,
            >= 0xFB1D and < 0xFE00 or >= 0xFE70 and < 0xFF00 => FontSlot.ComplexScript,
            >= 0xFE30 and < 0xFE70 or >= 0xFF00 and < 0xFFF0 => FontSlot.EastAsia,
            >= 0x20000 and < 0x40000 => FontSlot.EastAsia,
            _ => FontSlot.HighAnsi,
        };
    }

    /// <summary>What a format asks of a line that holds no character of it: an empty paragraph, a tab.</summary>
    public Extent ExtentOf(CharacterFormat format)
    {
        var known = Known(format);
        if (known.Extent is { } extent)
        {
            return extent;
        }

        var slot = format.IsRightToLeft || format.IsComplexScript ? FontSlot.ComplexScript : format.Fonts.Hint == FontHint.EastAsia ? FontSlot.EastAsia : FontSlot.Ascii;
        var line = LineOf(FontOf(format, slot));
        var size = slot == FontSlot.ComplexScript ? format.ComplexSize.Value : format.Size.Value;
        var made = new Extent(line.Ascent * size, line.Descent * size);
        known.Extent = made;
        return made;
    }

    /// <summary>
    /// What a font asks of a line, in parts of the em. Fonts for Chinese, Japanese and Korean have lines 1.3 times as high as ascent and descent say,
    /// half of it above (evidence: docs/layout.md, "East Asian lines").
    /// </summary>
    public Extent LineOf(ResolvedFont font)
    {
        if (_lines.TryGetValue(font, out var known))
        {
            return known;
        }

        var line = font.Line;
        Extent made;
        if (font.StandsInFor is { } asked && IsEastAsian(asked.Face))
        {
            // The box to tick of MS Gothic, drawn with another face: the line is that of MS Gothic.
            made = LineOf(asked);
        }
        else if (!IsEastAsian(font.Face))
        {
            made = new(line.Ascent + line.Gap, line.Descent);
        }
        else
        {
            // Where the font's own line is not known it is taken to be an em high, as those of Windows' song and ming fonts are.
            var isUnknown = font.Match is FontMatch.Fallback or FontMatch.Similar && line == font.Face.Line;
            var (ascent, descent) = isUnknown ? (0.86, 0.14) : (line.Ascent + line.Gap, (double)line.Descent);
            var lead = (ascent + descent) * 0.15;
            made = new(ascent + lead, descent + lead);
        }

        _lines.Add(font, made);
        return made;
    }

    // Code pages of Japan, China, Korea, Taiwan (OS/2.ulCodePageRange1, bits 17 to 21).
    private static bool IsEastAsian(FontFace face)
    {
        var os2 = face.Table("OS/2");
        return os2.Length >= 82 && (os2.U32(78) & 0x003E0000) != 0;
    }

    /// <summary>Width of a space.</summary>
    public double SpaceWidth(CharacterFormat format)
    {
        var known = Known(format);
        if (known.SpaceWidth is { } width)
        {
            return width;
        }

        var font = FontOf(format, FontSlot.Ascii);
        var made = font.AdvanceOf(font.GlyphOf(' ')) * format.Size.Value * format.Scale;
        known.SpaceWidth = made;
        return made;
    }

    /// <summary>Adds a span's glyphs, in points, with the run's scale and spacing; clusters are indexes into the paragraph's text.</summary>
    public void Shape(string text, TextSpan span, List<LaidGlyph> into)
    {
        var format = span.Format;
        var glyphs = shaper.Shape(text, span.Start, span.Length, StyleOf(span));
        var font = span.Font!;
        var size = (float)span.Size;
        var scale = (float)(span.Size * format.Scale);
        var spacing = (float)format.Spacing.Value;
        for (var i = 0; i < glyphs.Length; i++)
        {
            ref readonly var glyph = ref glyphs[i];
            var advance = glyph.Advance * scale;

            // Character spacing comes once behind each cluster, on its last glyph.
            if (spacing != 0 && glyph.Advance > 0 && (i + 1 == glyphs.Length || glyphs[i + 1].Cluster != glyph.Cluster))
            {
                advance = Math.Max(0, advance + spacing);
            }

            // A substitute's glyph stands in the middle of the width of the glyph that it replaces: gaps within words stay small on both sides.
            var offset = glyph.OffsetX;
            if (font.HasOwnAdvances && glyph.Advance > 0 && span.Slot != FontSlot.EastAsia)
            {
                offset += (font.AdvanceOf(glyph.Id) - (font.Face.EmAdvanceOf(glyph.Id) * font.HorizontalScale)) / 2;
            }

            into.Add(new(glyph.Id, glyph.Cluster, advance, offset * scale, -glyph.OffsetY * size));
        }
    }

    /// <summary>Latin text without features, of which all is known beforehand: one glyph a character, at its advance.</summary>
    /// <param name="text">The paragraph's text; no character of it lies above <see cref="LatinGlyphs.Last"/>.</param>
    /// <param name="span">The span; is told whether its glyphs are natural.</param>
    /// <param name="advances">Gets the advances at the characters' places.</param>
    /// <returns>Whether it was so; otherwise nothing was written, and the text is to be shaped in the general way.</returns>
    public bool TryShapeLatin(string text, TextSpan span, Span<float> advances)
    {
        var stretch = text.AsSpan(span.Start, span.Length);
        if (!Shaper.IsSimple(stretch, StyleOf(span)))
        {
            return false;
        }

        var format = span.Format;
        var scale = (float)(span.Size * format.Scale);
        var spacing = (float)format.Spacing.Value;
        advances = advances.Slice(span.Start, stretch.Length);
        var isSpaced = spacing != 0 || format.FitText > Pt.Zero;
        if (!isSpaced && span.Font!.Latin.IsAsciiNatural && !stretch.ContainsAnyExceptInRange(' ', '~'))
        {
            span.Font.Latin.FindAdvances(stretch, scale, advances);
            span.IsNatural = true;
            return true;
        }

        var latin = span.Font!.Latin.Glyphs;
        var isNatural = !isSpaced;
        for (var i = 0; i < stretch.Length; i++)
        {
            ref readonly var glyph = ref latin[stretch[i]];
            if (!glyph.IsKnown)
            {
                advances[..i].Clear();
                return false;
            }

            isNatural &= glyph.IsNatural;
            advances[i] = glyph.Advance * scale;
        }

        span.IsNatural = isNatural;
        if (spacing != 0)
        {
            foreach (ref var advance in advances)
            {
                advance = advance > 0 ? Math.Max(0, advance + spacing) : advance;
            }
        }

        return true;
    }

    /// <summary>The glyphs of text that was shaped so, and whose glyphs are not natural.</summary>
    /// <param name="text">The paragraph's text.</param>
    /// <param name="span">The span.</param>
    /// <param name="advances">Those of the text.</param>
    /// <param name="glyphs">Gets them from its beginning on.</param>
    public static void PlaceLatin(string text, TextSpan span, ReadOnlySpan<float> advances, Span<LaidGlyph> glyphs)
    {
        var latin = span.Font!.Latin.Glyphs;
        var scale = (float)(span.Size * span.Format.Scale);
        var isSet = span.Slot != FontSlot.EastAsia;
        for (var i = span.Start; i < span.End; i++)
        {
            ref readonly var glyph = ref latin[text[i]];
            glyphs[i - span.Start] = new(glyph.Id, i, advances[i], isSet ? glyph.Offset * scale : 0, 0);
        }
    }

    private ShapingStyle StyleOf(TextSpan span)
    {
        var format = span.Format;
        var language = span.IsRightToLeft ? format.Languages.ComplexScript : span.Slot == FontSlot.EastAsia ? format.Languages.EastAsia : format.Languages.Latin;
        if (span.IsUpright)
        {
            return new(span.Font!, span.Script == Script.Common ? Script.Han : span.Script, false, Known(format).Features | FontFeatures.Vertical, language);
        }

        return new(span.Font!, span.Script, span.IsRightToLeft, Known(format).Features, language);
    }

    /// <summary>Bidirectional levels; null where all text runs from left to right in a paragraph that does too.</summary>
    public static byte[]? LevelsOf(string text, bool isRightToLeft)
    {
        if (!isRightToLeft && Bidi.IsLeftToRightOnly(text))
        {
            return null;
        }

        var levels = new byte[text.Length];
        Bidi.FindLevels(text, isRightToLeft ? ParagraphDirection.RightToLeft : ParagraphDirection.LeftToRight, levels);
        return levels;
    }

    private FormatFonts Known(CharacterFormat format)
    {
        if (!_formats.TryGetValue(format, out var known))
        {
            _formats.Add(format, known = new FormatFonts { Features = FeaturesOf(format) });
        }

        return known;
    }

    private static FontFeatures FeaturesOf(CharacterFormat format)
    {
        var features = FontFeatures.None;
        if (format.KerningFrom > Pt.Zero && format.Size >= format.KerningFrom)
        {
            features |= FontFeatures.Kerning;
        }

        features |= format.Ligatures.HasFlag(Ligatures.Standard) ? FontFeatures.Ligatures : 0;
        features |= format.Ligatures.HasFlag(Ligatures.Contextual) || format.HasContextualAlternates ? FontFeatures.Contextual : 0;
        features |= format.Ligatures.HasFlag(Ligatures.Discretional) ? FontFeatures.Discretionary : 0;
        features |= format.Ligatures.HasFlag(Ligatures.Historical) ? FontFeatures.Historical : 0;

        features |= (FontFeatures)((format.StylisticSets >> 1) * (uint)FontFeatures.FirstSet);

        // Spaced text has no ligatures.
        return format.Spacing == Pt.Zero ? features : features & ~(FontFeatures.Ligatures | FontFeatures.Contextual | FontFeatures.Discretionary | FontFeatures.Historical);
    }
}
