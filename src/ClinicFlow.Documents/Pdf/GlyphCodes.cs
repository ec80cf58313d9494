using System.Runtime.CompilerServices;
using ClinicFlow.Documents.Fonts;

namespace ClinicFlow.Documents.Pdf;

/// <summary>For each glyph of a face the bytes that name it within a string of a content stream, and its advance.</summary>
internal sealed class GlyphCodes
{
    private readonly Code[] _codes;

    private readonly record struct Code(uint Bytes, byte Length, ushort Advance);

    public GlyphCodes(FontFace face, GlyphCids cids)
    {
        _codes = new Code[face.GlyphCount];
        Span<byte> bytes = stackalloc byte[4];
        for (var glyph = 0; glyph < _codes.Length; glyph++)
        {
            var cid = cids.CidOf((ushort)glyph);
            bytes.Clear();
            var length = Escape(bytes, Escape(bytes, 0, (byte)(cid >> 8)), (byte)cid);
            _codes[glyph] = new(System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes), (byte)length, (ushort)face.AdvanceOf((ushort)glyph));
        }
    }

    /// <summary>The first <c>Length</c> of the four bytes, the lowest first; the advance in design units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (uint Bytes, int Length, float Advance) Of(ushort glyph)
    {
        ref readonly var code = ref _codes[glyph];
        return (code.Bytes, code.Length, code.Advance);
    }

    /// <summary>Codes by character for text of ASCII; null where one of its glyphs is known by another character. See <see cref="PdfFace.Ascii"/>.</summary>
    public ulong[]? OfAscii(FontFace face, GlyphTexts texts)
    {
        var codes = new ulong[0x7F];
        for (var c = ' '; c < codes.Length; c++)
        {
            var glyph = face.GlyphOf(c);
            if (glyph != 0 && !GlyphTexts.IsAsGood(texts.CharacterOf(glyph), c))
            {
                return null;
            }

            codes[c] = _codes[glyph].Bytes | ((ulong)_codes[glyph].Length << 32);
        }

        return codes;
    }

    /// <summary>Writes a byte of a string (ISO 32000-1, 7.3.4.2).</summary>
    public static int Escape(Span<byte> room, int at, byte value)
    {
        if (value is (byte)'(' or (byte)')' or (byte)'\\')
        {
            room[at++] = (byte)'\\';
        }
        else if (value == (byte)'\r')
        {
            // A bare carriage return in a string reads as a line feed.
            room[at++] = (byte)'\\';
            value = (byte)'r';
        }

        room[at++] = value;
        return at;
    }
}
