using ClinicFlow.Documents.Fonts;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// Writes a face as the fonts that a document uses of it: a composite font (ISO 32000-1, 9.7) for glyphs named by CIDs, a simple one (9.6) for characters named by bytes.
/// Both have the same font program.
/// </summary>
internal static class FontWriter
{
    /// <summary>Writes the objects, and the names of the fonts with their numbers into <paramref name="resources"/>. The use is widened (<see cref="FaceUse.Widen"/>).</summary>
    /// <exception cref="FontUnusableException">The font program is damaged.</exception>
    public static void Write(ObjectFile file, FaceUse use, PdfBuffer resources)
    {
        var subset = use.Face.SubsetOf(use.Glyphs, use.Learned);
        var program = file.Allocate();
        var entries = new PdfBuffer(64);
        entries.Write("/Filter/FlateDecode"u8);
        if (subset.Face.Outlines == OutlineKind.Cff)
        {
            entries.Write("/Subtype/CIDFontType0C"u8);
        }
        else
        {
            entries.Write("/Length1 "u8).Write(subset.ProgramLength);
        }

        file.PutStream(program, entries.Written, subset.Program);
        if (use.HasCids)
        {
            resources.Write(use.Face.ResourceName).Reference(WriteComposite(file, subset, program));
        }

        if (use.HasBytes)
        {
            resources.Write(use.Face.ByteName).Reference(WriteSimple(file, subset, program));
        }
    }

    private static int WriteComposite(ObjectFile file, FontSubset subset, int program)
    {
        var (font, descendant, toUnicode) = (file.Allocate(), file.Allocate(), file.Allocate());
        var isCff = subset.Face.Outlines == OutlineKind.Cff;
        file.Pack(font).Write("<</Type/Font/Subtype/Type0/BaseFont/"u8).Ascii8(subset.Name).Write("/Encoding/Identity-H/DescendantFonts["u8).Reference(descendant)
            .Write("]/ToUnicode"u8).Reference(toUnicode).Write(">>"u8);
        var descriptor = WriteDescriptor(file, subset, program, symbolic: 4);
        file.Pack(descendant).Write("<</Type/Font/Subtype"u8).Write(isCff ? "/CIDFontType0"u8 : "/CIDFontType2/CIDToGIDMap/Identity"u8).Write("/BaseFont/"u8).Ascii8(subset.Name)
            .Write("/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor"u8).Reference(descriptor)
            .Write("/DW 0/W"u8).Write(subset.Widths).Write(">>"u8);
        file.PutStream(toUnicode, "/Filter/FlateDecode"u8, subset.ToUnicode);
        return font;
    }

    // Characters have the names of WinAnsiEncoding, which say what they are: no map to Unicode is needed (ISO 32000-1, 9.10.2).
    private static int WriteSimple(ObjectFile file, FontSubset subset, int program)
    {
        var font = file.Allocate();
        var descriptor = WriteDescriptor(file, subset, program, symbolic: 32);
        file.Pack(font).Write("<</Type/Font/Subtype/TrueType/BaseFont/"u8).Ascii8(subset.Name).Write("/Encoding/WinAnsiEncoding/FirstChar "u8).Write(ByteCodes.First)
            .Write("/LastChar 255/Widths"u8).Write(subset.ByteWidths).Write("/FontDescriptor"u8).Reference(descriptor).Write(">>"u8);
        return font;
    }

    // Flags of ISO 32000-1, table 123: 4 for glyphs beyond the standard Latin set, 32 for those within.
    private static int WriteDescriptor(ObjectFile file, FontSubset subset, int program, int symbolic)
    {
        var face = subset.Face;
        var descriptor = file.Allocate();
        var flags = symbolic | (face.IsMonospaced ? 1 : 0) | (face.IsItalic ? 64 : 0);
        file.Pack(descriptor).Write("<</Type/FontDescriptor/FontName/"u8).Ascii8(subset.Name).Write("/Flags "u8).Write(flags).Write("/FontBBox["u8)
            .Write(Thousandths(face.Box.Left)).WriteByte((byte)' ').Write(Thousandths(face.Box.Bottom)).WriteByte((byte)' ').Write(Thousandths(face.Box.Right)).WriteByte((byte)' ').Write(Thousandths(face.Box.Top))
            .Write("]/ItalicAngle "u8).Write((double)face.ItalicAngle).Write("/Ascent "u8).Write(Math.Round(face.Line.Ascent * 1000)).Write("/Descent "u8).Write(Math.Round(-face.Line.Descent * 1000))
            .Write("/CapHeight "u8).Write(Math.Round(face.CapHeight * 1000)).Write("/StemV "u8).Write(face.Weight >= 600 ? 140L : 80L)
            .Write(face.Outlines == OutlineKind.Cff ? "/FontFile3"u8 : "/FontFile2"u8).Reference(program).Write(">>"u8);
        return descriptor;

        double Thousandths(int units) => Math.Round(units * 1000.0 / face.UnitsPerEm);
    }
}
