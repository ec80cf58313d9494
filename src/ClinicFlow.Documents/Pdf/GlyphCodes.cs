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

    /// <summary>Codes of one byte; a glyph without one has a length of 0.</summary>
    public GlyphCodes(FontFace face, ByteCodes codes)
    {
        _codes = new Code[face.GlyphCount];
        Span<byte> bytes = stackalloc byte[4];
        for (var code = ByteCodes.First; code < 256; code++)
        {
            if (codes.CharacterOf(code) is not '\0' and var character)
            {
                bytes.Clear();
                var length = Escape(bytes, 0, (byte)code);
                var glyph = face.GlyphOf(character);
                _codes[glyph] = new(System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes), (byte)length, (ushort)face.AdvanceOf(glyph));
            }
        }
    }

    /// <summary>Whether all of the glyphs have codes.</summary>
    public bool Cover(ReadOnlySpan<Layout.Pages.LaidGlyph> glyphs)
    {
        foreach (ref readonly var glyph in glyphs)
        {
            if (glyph.Id >= _codes.Length || _codes[glyph.Id].Length == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The first <c>Length</c> of the four bytes, the lowest first; the advance in design units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (uint Bytes, int Length, float Advance) Of(ushort glyph)
    {
        ref readonly var code = ref _codes[glyph];
        return (code.Bytes, code.Length, code.Advance);
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
