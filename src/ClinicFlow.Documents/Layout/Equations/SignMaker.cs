using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Equations;
using System.Text;

namespace ClinicFlow.Documents.Layout.Equations;

/// <summary>Makes boxes of characters: letters in their forms, and signs as high or as wide as they have to be.</summary>
/// <param name="fonts">The document's fonts, for what the font of equations lacks.</param>
/// <param name="font">The font of equations.</param>
internal sealed class SignMaker(FontSet fonts, MathFont font)
{
    // A sign that long is no sign any more, and pieces cost marks.
    private const int MostRepeats = 200;

    /// <summary>Characters of one run after each other; they are all letters, digits or the like.</summary>
    public EquationBox Text(string text, EquationTextStyle style, CharacterFormat format, double size)
    {
        var boxes = new List<EquationBox>();
        var glyphs = new List<LaidGlyph>();
        var shown = new StringBuilder();
        ResolvedFont? current = null;
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsInvisible(rune.Value))
            {
                continue;
            }

            if (SpaceOf(rune.Value) is { } space)
            {
                Flush();
                boxes.Add(new EquationGroup { Width = space * size, Ascent = 0, Descent = 0, Children = [] });
                continue;
            }

            var codePoint = style.IsNormal ? rune.Value : MathAlphabets.FormOf(SignClasses.DrawnAs(rune.Value), style);
            var face = FontOf(codePoint, style, format);
            if (!ReferenceEquals(face, current))
            {
                Flush();
                current = face;
            }

            var glyph = face.GlyphOf(codePoint);
            glyphs.Add(new(glyph, shown.Length, (float)(face.AdvanceOf(glyph) * size), 0, 0));
            shown.Append(new Rune(codePoint).ToString());
        }

        Flush();
        return boxes.Count switch { 0 => EquationGroup.Empty, 1 => boxes[0], _ => InRow(boxes) };

        void Flush()
        {
            if (glyphs.Count > 0)
            {
                boxes.Add(Glyphs(current!, [.. glyphs], shown.ToString(), format, size));
                glyphs.Clear();
                shown.Clear();
            }
        }
    }

    /// <summary>A sign at its own size.</summary>
    public EquationBox Sign(string sign, CharacterFormat format, double size)
        => Text(sign, new EquationTextStyle(false, MathAlphabet.Roman, IsBold: false, IsItalic: false), format, size);

    /// <summary>A sign that is at least as high as asked, as far as the font has a form of it; its middle is to be placed by who asks.</summary>
    public EquationBox Tall(string sign, double height, CharacterFormat format, double size)
    {
        var own = Sign(sign, format, size);
        return own.Height >= height || own is not EquationGlyphs { Glyphs: [var glyph] } glyphs || !ReferenceEquals(glyphs.Face, font.Face)
            ? own
            : Stretched(glyphs, glyph.Id, height, isVertical: true) ?? own;
    }

    /// <summary>A sign that is as wide as asked, as far as the font has a form of it.</summary>
    public EquationBox Wide(string sign, double width, CharacterFormat format, double size)
    {
        var own = Sign(sign, format, size);
        return own is not EquationGlyphs { Glyphs: [var glyph] } glyphs || !ReferenceEquals(glyphs.Face, font.Face)
            ? own
            : Stretched(glyphs, glyph.Id, width, isVertical: false) ?? own;
    }

    /// <summary>The widest form of a sign that is no wider than asked; itself where all are.</summary>
    public EquationBox NoWider(string sign, double width, CharacterFormat format, double size)
    {
        var own = Sign(sign, format, size);
        if (own is not EquationGlyphs { Glyphs: [var glyph] } glyphs || !ReferenceEquals(glyphs.Face, font.Face))
        {
            return own;
        }

        ushort? best = null;
        foreach (var variant in font.VariantsOf(glyph.Id, isVertical: false))
        {
            best = font.Em(variant.Length) * size <= width ? variant.Glyph : best;
        }

        return best is { } wide && wide != glyph.Id ? One(glyphs, wide) : own;
    }

    /// <summary>Boxes after each other on one baseline.</summary>
    public static EquationGroup InRow(List<EquationBox> boxes)
    {
        var x = 0.0;
        var placed = new PlacedBox[boxes.Count];
        for (var i = 0; i < placed.Length; i++)
        {
            placed[i] = new(boxes[i], x, 0);
            x += boxes[i].Width;
        }

        var (ascent, descent) = EquationGroup.Reach(placed);
        return new()
        {
            Width = x,
            Ascent = ascent,
            Descent = descent,
            Children = placed,
            ItalicsCorrection = boxes.Count > 0 ? boxes[^1].ItalicsCorrection : 0,
            IsCharacter = boxes.Count == 1 && boxes[0].IsCharacter,
            AccentAt = boxes.Count == 1 ? boxes[0].AccentAt : null,
        };
    }

    // Ordinary text has the run's own font, unless that is the one for equations; what a font lacks comes from another.
    private ResolvedFont FontOf(int codePoint, EquationTextStyle style, CharacterFormat format)
    {
        var asked = font.Font;
        if (style.IsNormal && !string.Equals(format.Fonts.Ascii, asked.Family, StringComparison.OrdinalIgnoreCase) && format.Fonts.Ascii.Length > 0)
        {
            var isEastAsian = codePoint is >= 0x2E80 and < 0xA4D0 or >= 0xAC00 and < 0xD800 or >= 0xF900 and < 0xFB00 or >= 0xFF00 and < 0xFFF0 or >= 0x20000;
            var family = isEastAsian && format.Fonts.EastAsia.Length > 0 ? format.Fonts.EastAsia : format.Fonts.Ascii;
            asked = fonts.Resolve(family, (style.IsBold || format.IsBold ? FontStyle.Bold : 0) | (format.IsItalic ? FontStyle.Italic : 0));
        }

        return asked.GlyphOf(codePoint) != 0 ? asked : fonts.FallbackFor(asked, codePoint, format.Languages.EastAsia);
    }

    private EquationGlyphs Glyphs(ResolvedFont from, LaidGlyph[] glyphs, string text, CharacterFormat format, double size)
    {
        var face = from.Face;
        var (ascent, descent, width, any) = (double.NegativeInfinity, double.NegativeInfinity, 0.0, false);
        foreach (var glyph in glyphs)
        {
            var bounds = face.BoundsOf(glyph.Id);
            width += glyph.Advance;
            if (bounds.Top != bounds.Bottom)
            {
                ascent = Math.Max(ascent, bounds.Top * size / face.UnitsPerEm);
                descent = Math.Max(descent, -bounds.Bottom * size / face.UnitsPerEm);
                any = true;
            }
        }

        var isMath = ReferenceEquals(face, font.Face);
        return new()
        {
            Face = face,
            Size = size,
            Format = format,
            Glyphs = glyphs,
            Text = text,
            IsSyntheticBold = from.IsSyntheticBold,
            IsSyntheticItalic = from.IsSyntheticItalic,
            Width = width,
            Ascent = any ? ascent : 0,
            Descent = any ? descent : 0,
            ItalicsCorrection = isMath ? font.ItalicsCorrectionOf(glyphs[^1].Id) * size : 0,
            AccentAt = isMath && glyphs.Length == 1 ? font.AccentAttachmentOf(glyphs[0].Id) * size : null,
            IsCharacter = glyphs.Length == 1,
        };
    }

    private EquationGlyphs One(EquationGlyphs like, ushort glyph)
        => Glyphs(font.Font, [new(glyph, 0, (float)(font.Font.AdvanceOf(glyph) * like.Size), 0, 0)], like.Text, like.Format, like.Size);

    private EquationGlyphs? Stretched(EquationGlyphs own, ushort glyph, double length, bool isVertical)
    {
        GlyphVariant? largest = null;
        foreach (var variant in font.VariantsOf(glyph, isVertical))
        {
            if (font.Em(variant.Length) * own.Size >= length)
            {
                return One(own, variant.Glyph);
            }

            largest = variant;
        }

        return Assembled(own, font.PiecesOf(glyph, isVertical), length, isVertical) ?? (largest is { } last ? One(own, last.Glyph) : null);
    }

    // OpenType, "GlyphAssembly table": extenders are repeated until the whole can be as long as asked, then the overlaps take up what is too much.
    private EquationGlyphs? Assembled(EquationGlyphs own, GlyphPiece[] pieces, double length, bool isVertical)
    {
        if (pieces.Length == 0)
        {
            return null;
        }

        var most = own.Size * font.MinConnectorOverlap;
        var chosen = new List<GlyphPiece>();
        var longest = 0.0;
        for (var repeats = 0; repeats <= MostRepeats; repeats++)
        {
            chosen.Clear();
            foreach (var piece in pieces)
            {
                chosen.AddRange(Enumerable.Repeat(piece, piece.IsExtender ? repeats : 1));
            }

            longest = chosen.Sum(piece => font.Em(piece.Length) * own.Size) - (most * Math.Max(0, chosen.Count - 1));
            if (chosen.Count > 0 && (longest >= length || !Array.Exists(pieces, piece => piece.IsExtender)))
            {
                break;
            }
        }

        if (chosen.Count == 0)
        {
            return null;
        }

        // What is too long is shared by the joints, as far as their connectors allow.
        var joints = chosen.Count - 1;
        var extra = joints > 0 ? Math.Max(0, longest - length) / joints : 0;
        var glyphs = new LaidGlyph[chosen.Count];
        var at = 0.0;
        var (left, right, across) = (0.0, 0.0, 0.0);
        for (var i = 0; i < glyphs.Length; i++)
        {
            var piece = chosen[i];
            if (i > 0)
            {
                var room = Math.Min(font.Em(chosen[i - 1].EndConnector), font.Em(piece.StartConnector)) * own.Size;
                at -= Math.Min(most + extra, Math.Max(most, room));
            }

            // A piece's own outline may begin above or below its baseline; pieces are set by their outlines.
            var bounds = font.Face.BoundsOf(piece.Glyph);
            glyphs[i] = isVertical
                ? new(piece.Glyph, 0, 0, 0, (float)-(at - (font.Em(bounds.Bottom) * own.Size)))
                : new(piece.Glyph, 0, 0, (float)(at - (font.Em(bounds.Left) * own.Size)), 0);
            across = Math.Max(across, font.Font.AdvanceOf(piece.Glyph) * own.Size);
            (left, right) = (Math.Min(left, font.Em(bounds.Bottom) * own.Size), Math.Max(right, font.Em(bounds.Top) * own.Size));
            at += font.Em(piece.Length) * own.Size;
        }

        // The last carries the advance, so that the whole is one sign to who copies it.
        glyphs[^1] = glyphs[^1] with { Advance = (float)(isVertical ? across : at) };
        return new()
        {
            Face = font.Face,
            Size = own.Size,
            Format = own.Format,
            Glyphs = glyphs,
            Text = own.Text,
            Width = isVertical ? across : at,
            Ascent = isVertical ? at : right,
            Descent = isVertical ? 0 : -left,
            IsCharacter = true,
        };
    }

    // Signs that say how to read, and show nothing (function application, invisible times, zero-width spaces).
    private static bool IsInvisible(int codePoint) => codePoint is >= 0x2061 and <= 0x2064 or >= 0x200B and <= 0x200D or 0x2060 or 0xFEFF or < ' ';

    // In parts of the em; the ordinary space is a glyph.
    private static double? SpaceOf(int codePoint) => codePoint switch
    {
        0x2002 => 0.5,
        0x2003 => 1,
        0x2004 => 5 / 18.0,
        0x2005 => 0.25,
        0x2006 => 1 / 6.0,
        0x2009 => 3 / 18.0,
        0x200A => 1 / 18.0,
        0x202F => 3 / 18.0,
        0x205F => 4 / 18.0,
        _ => null,
    };
}
