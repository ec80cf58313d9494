using ClinicFlow.Documents.Fonts;

namespace ClinicFlow.Documents.Pdf;

/// <summary>Writes a face as a composite font (ISO 32000-1, 9.7): its subset, widths, and the way back to text.</summary>
internal static class FontWriter
{
    /// <summary>Writes the objects; the answer is the number of the font. The use is widened (<see cref="FaceUse.Widen"/>).</summary>
    public static int Write(ObjectFile file, FaceUse use)
    {
        var subset = use.Face.SubsetOf(use.Glyphs, use.Learned);
        var face = subset.Face;
        var (font, descendant, descriptor, program, toUnicode) = (file.Allocate(), file.Allocate(), file.Allocate(), file.Allocate(), file.Allocate());
        var isCff = face.Outlines == OutlineKind.Cff;

        file.Pack(font).Write("<</Type/Font/Subtype/Type0/BaseFont/"u8).Ascii8(subset.Name).Write("/Encoding/Identity-H/DescendantFonts["u8).Reference(descendant)
            .Write("]/ToUnicode"u8).Reference(toUnicode).Write(">>"u8);
        file.Pack(descendant).Write("<</Type/Font/Subtype"u8).Write(isCff ? "/CIDFontType0"u8 : "/CIDFontType2/CIDToGIDMap/Identity"u8).Write("/BaseFont/"u8).Ascii8(subset.Name)
            .Write("/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor"u8).Reference(descriptor)
            .Write("/DW 0/W"u8).Write(subset.Widths).Write(">>"u8);

        var flags = 4 | (face.IsMonospaced ? 1 : 0) | (face.IsItalic ? 64 : 0);
        file.Pack(descriptor).Write("<</Type/FontDescriptor/FontName/"u8).Ascii8(subset.Name).Write("/Flags "u8).Write(flags).Write("/FontBBox["u8)
            .Write(Thousandths(face.Box.Left)).WriteByte((byte)' ').Write(Thousandths(face.Box.Bottom)).WriteByte((byte)' ').Write(Thousandths(face.Box.Right)).WriteByte((byte)' ').Write(Thousandths(face.Box.Top))
            .Write("]/ItalicAngle "u8).Write((double)face.ItalicAngle).Write("/Ascent "u8).Write(Math.Round(face.Line.Ascent * 1000)).Write("/Descent "u8).Write(Math.Round(-face.Line.Descent * 1000))
            .Write("/CapHeight "u8).Write(Math.Round(face.CapHeight * 1000)).Write("/StemV "u8).Write(face.Weight >= 600 ? 140L : 80L)
            .Write(isCff ? "/FontFile3"u8 : "/FontFile2"u8).Reference(program).Write(">>"u8);

        var entries = new PdfBuffer(64);
        entries.Write("/Filter/FlateDecode"u8);
        if (isCff)
        {
            entries.Write("/Subtype/CIDFontType0C"u8);
        }
        else
        {
            entries.Write("/Length1 "u8).Write(subset.ProgramLength);
        }

        file.PutStream(program, entries.Written, subset.Program);
        file.PutStream(toUnicode, "/Filter/FlateDecode"u8, subset.ToUnicode);
        return font;

        double Thousandths(int units) => Math.Round(units * 1000.0 / face.UnitsPerEm);
    }
}
