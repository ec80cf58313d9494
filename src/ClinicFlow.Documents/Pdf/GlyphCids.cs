using ClinicFlow.Documents.Fonts;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// The numbers (CIDs) by which a content stream names glyphs: the glyph indices, except in CFF fonts that have CIDs of their own
/// (Adobe Technical Note 5176, "Charsets"; ISO 32000-1, 9.7.4.2).
/// </summary>
internal sealed class GlyphCids
{
    private static readonly GlyphCids Identity = new(null);
    private readonly ushort[]? _cids;

    private GlyphCids(ushort[]? cids) => _cids = cids;

    /// <summary>Those of a face.</summary>
    public static GlyphCids Of(FontFace face) =>
        face.Outlines == OutlineKind.Cff && ReadCharset(face.Table("CFF "), face.GlyphCount) is { } cids ? new(cids) : Identity;

    public ushort CidOf(ushort glyph) => _cids is null ? glyph : glyph < _cids.Length ? _cids[glyph] : (ushort)0;

    // Null where the font has no CIDs, or where they are the glyph indices.
    private static ushort[]? ReadCharset(FontData cff, int glyphCount)
    {
        var at = SkipIndex(cff, cff.U8(2));                // names
        var (dictStart, dictEnd) = FirstOfIndex(cff, at);  // top dictionary
        var (charset, isCid) = ReadTopDictionary(cff, dictStart, dictEnd);
        if (!isCid || charset <= 2)
        {
            return null;
        }

        var cids = new ushort[glyphCount];
        var format = cff.U8(charset);
        at = charset + 1;
        for (var glyph = 1; glyph < glyphCount && at < cff.Length;)
        {
            var first = cff.U16(at);
            var more = format switch { 1 => cff.U8(at + 2), 2 => cff.U16(at + 2), _ => 0 };
            at += format switch { 1 => 3, 2 => 4, _ => 2 };
            for (var i = 0; i <= more && glyph < glyphCount; i++)
            {
                cids[glyph++] = (ushort)(first + i);
            }
        }

        return Enumerable.Range(0, glyphCount).All(glyph => cids[glyph] == glyph) ? null : cids;
    }

    private static int SkipIndex(FontData cff, int at)
    {
        var (count, offsetSize) = (cff.U16(at), cff.U8(at + 2));
        return count == 0 ? at + 2 : at + 2 + 1 + ((count + 1) * offsetSize) + Offset(cff, at + 3 + (count * offsetSize), offsetSize) - 1;
    }

    private static (int Start, int End) FirstOfIndex(FontData cff, int at)
    {
        var (count, offsetSize) = (cff.U16(at), cff.U8(at + 2));
        var data = at + 3 + ((count + 1) * offsetSize) - 1;
        return count == 0 ? (0, 0) : (data + Offset(cff, at + 3, offsetSize), data + Offset(cff, at + 3 + offsetSize, offsetSize));
    }

    private static int Offset(FontData cff, int at, int size)
    {
        var value = 0;
        for (var i = 0; i < Math.Min(size, 4); i++)
        {
            value = (value << 8) | cff.U8(at + i);
        }

        return Math.Max(0, value);
    }

    // Operator 15: charset; 12 30: ROS, which only fonts with CIDs have.
    private static (int Charset, bool IsCid) ReadTopDictionary(FontData cff, int at, int end)
    {
        var (charset, isCid, operand) = (0, false, 0);
        while (at < Math.Min(end, cff.Length))
        {
            var b = cff.U8(at);
            switch (b)
            {
                case 12:
                    isCid |= cff.U8(at + 1) == 30;
                    at += 2;
                    break;
                case <= 21:
                    charset = b == 15 ? operand : charset;
                    at++;
                    break;
                case 28:
                    operand = cff.I16(at + 1);
                    at += 3;
                    break;
                case 29:
                    operand = cff.Offset32(at + 1);
                    at += 5;
                    break;
                case 30:
                    for (at++; at < end && (cff.U8(at) & 0xF) != 0xF && (cff.U8(at) >> 4) != 0xF;)
                    {
                        at++;
                    }

                    at++;
                    break;
                case <= 246:
                    operand = b - 139;
                    at++;
                    break;
                case <= 250:
                    operand = ((b - 247) * 256) + cff.U8(at + 1) + 108;
                    at += 2;
                    break;
                default:
                    operand = -((b - 251) * 256) - cff.U8(at + 1) - 108;
                    at += 2;
                    break;
            }
        }

        return (charset, isCid);
    }
}
