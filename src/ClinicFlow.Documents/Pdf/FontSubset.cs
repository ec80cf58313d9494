using System.IO.Compression;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using ClinicFlow.Documents.Fonts;

using ClinicFlow.Documents.Pdf.Compression;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// A face cut down to some glyphs, ready to be copied into a file: the compressed font program, the widths, and what the glyphs mean.
/// Glyphs keep their numbers, so that text which is written once goes with any subset. The same face and glyphs give the same bytes.
/// </summary>
internal sealed class FontSubset
{
    private FontSubset(FontFace face, byte[] program, int programLength, byte[] widths, byte[] byteWidths, byte[] toUnicode, string name)
    {
        (Face, Program, ProgramLength, Widths, ByteWidths, ToUnicode, Name) = (face, program, programLength, widths, byteWidths, toUnicode, name);
    }

    public FontFace Face { get; }

    /// <summary>Compressed; TrueType tables or a bare CFF.</summary>
    public byte[] Program { get; }

    /// <summary>Length before it was compressed.</summary>
    public int ProgramLength { get; }

    /// <summary>The array <c>/W</c>.</summary>
    public byte[] Widths { get; }

    /// <summary>The array <c>/Widths</c> of the simple font, from <see cref="ByteCodes.First"/> to 255; empty where there is none.</summary>
    public byte[] ByteWidths { get; }

    /// <summary>The compressed character map from CIDs to text.</summary>
    public byte[] ToUnicode { get; }

    /// <summary>"ABCDEF+PostScriptName".</summary>
    public string Name { get; }

    /// <summary>Cuts a face down.</summary>
    /// <param name="pdfFace">The face.</param>
    /// <param name="glyphs">A bit for each glyph to keep.</param>
    /// <param name="learned">Text of glyphs that the face itself does not tell; null: none.</param>
    /// <exception cref="FontUnusableException">The font program is damaged so that nothing can be cut from it.</exception>
    public static FontSubset Make(PdfFace pdfFace, ReadOnlySpan<ulong> glyphs, IReadOnlyDictionary<ushort, string>? learned)
    {
        var face = pdfFace.Face;
        var kept = new List<ushort>();
        for (var glyph = 0; glyph < face.GlyphCount; glyph++)
        {
            if (glyph == 0 || Has(glyphs, glyph))
            {
                kept.Add((ushort)glyph);
            }
        }

        var characters = new List<char>();
        for (var code = ByteCodes.First; code < 256 && pdfFace.Bytes is not null; code++)
        {
            if (pdfFace.Bytes.CharacterOf(code) is not '\0' and var character && Has(glyphs, face.GlyphOf(character)))
            {
                characters.Add(character);
            }
        }

        var program = HarfBuzzSubset.Cut(face, kept, characters);
        return new(
            face,
            Deflater.Compress(program, CompressionLevel.Optimal),
            program.Length,
            MakeWidths(pdfFace, kept),
            MakeByteWidths(pdfFace, glyphs),
            Deflater.Compress(MakeToUnicode(pdfFace, kept, learned), CompressionLevel.Optimal),
            MakeTag(face, glyphs) + "+" + face.PostScriptName);
    }

    // Runs of glyphs that follow each other: "36[579 544 533]40[…".
    private static byte[] MakeWidths(PdfFace pdfFace, List<ushort> kept)
    {
        var (face, cids) = (pdfFace.Face, pdfFace.Cids);
        var output = new PdfBuffer(kept.Count * 6);
        output.WriteByte((byte)'[');
        var last = -2;
        foreach (var glyph in kept.OrderBy(cids.CidOf))
        {
            var cid = cids.CidOf(glyph);
            if (cid != last + 1)
            {
                output.Write(last < 0 ? ""u8 : "]"u8).Write((long)cid).WriteByte((byte)'[');
            }
            else
            {
                output.WriteByte((byte)' ');
            }

            output.Write(face.AdvanceOf(glyph) * 1000.0 / face.UnitsPerEm);
            last = cid;
        }

        return output.Write("]]"u8).Written.ToArray();
    }

    private static byte[] MakeByteWidths(PdfFace pdfFace, ReadOnlySpan<ulong> glyphs)
    {
        if (pdfFace.Bytes is not { } bytes)
        {
            return [];
        }

        var face = pdfFace.Face;
        var output = new PdfBuffer(1024);
        output.WriteByte((byte)'[');
        for (var code = ByteCodes.First; code < 256; code++)
        {
            var glyph = bytes.CharacterOf(code) is not '\0' and var character ? face.GlyphOf(character) : 0;
            output.Write(glyph != 0 && Has(glyphs, glyph) ? face.AdvanceOf((ushort)glyph) * 1000.0 / face.UnitsPerEm : 0).WriteByte((byte)' ');
        }

        return output.WriteByte((byte)']').Written.ToArray();
    }

    private static bool Has(ReadOnlySpan<ulong> glyphs, int glyph) => (glyphs[glyph >> 6] & (1UL << (glyph & 63))) != 0;

    private static byte[] MakeToUnicode(PdfFace face, List<ushort> kept, IReadOnlyDictionary<ushort, string>? learned)
    {
        var (texts, cids) = (face.Texts, face.Cids);
        var output = new PdfBuffer();
        output.Write("/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def/CMapName/Adobe-Identity-UCS def/CMapType 2 def 1 begincodespacerange<0000><FFFF>endcodespacerange\n"u8);
        var mapped = new List<(ushort Cid, string Text)>();
        foreach (var glyph in kept)
        {
            var text = learned is not null && learned.TryGetValue(glyph, out var said) ? said
                : texts.CharacterOf(glyph) is > 0 and var character ? char.ConvertFromUtf32(character) : "";
            if (text.Length > 0)
            {
                mapped.Add((cids.CidOf(glyph), text));
            }
        }

        // At most a hundred in a block (Adobe Technical Note 5014).
        foreach (var block in mapped.OrderBy(pair => pair.Cid).Chunk(100))
        {
            output.Write(block.Length).Write(" beginbfchar\n"u8);
            foreach (var (cid, text) in block)
            {
                output.WriteByte((byte)'<').Hex(cid).Write("><"u8);
                foreach (var c in text)
                {
                    output.Hex(c);
                }

                output.Write(">\n"u8);
            }

            output.Write("endbfchar\n"u8);
        }

        return output.Write("endcmap CMapName currentdict/CMap defineresource pop end end"u8).Written.ToArray();
    }

    // Six letters that differ where the glyphs do (ISO 32000-1, 9.6.4).
    private static string MakeTag(FontFace face, ReadOnlySpan<ulong> glyphs)
    {
        var hash = XxHash64.HashToUInt64(MemoryMarshal.AsBytes(glyphs), face.Fingerprint);
        Span<char> tag = stackalloc char[6];
        for (var i = 0; i < tag.Length; i++)
        {
            tag[i] = (char)('A' + (hash % 26));
            hash /= 26;
        }

        return new(tag);
    }
}
