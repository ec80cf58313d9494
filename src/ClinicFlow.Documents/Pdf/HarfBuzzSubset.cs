using System.Runtime.InteropServices;
using ClinicFlow.Documents.Fonts;

namespace ClinicFlow.Documents.Pdf;

/// <summary>
/// Cuts glyphs out of a font with HarfBuzz' subsetter, which closes composites, checks every offset of a hostile font, and pins variable
/// fonts to their default. HarfBuzzSharp ships these functions in its native library but has no managed names for them yet.
/// </summary>
internal static partial class HarfBuzzSubset
{
    private const string Library = "libHarfBuzzSharp";
    private const uint RetainGlyphIds = 0x2;
    private const uint NoHinting = 0x1;
    private const uint NotdefOutline = 0x40;
    private const int DropTableSet = 3;

    // What a PDF reader has no use for: it goes by glyph numbers, or by the characters of a simple font, and by the widths in the PDF.
    private static readonly string[] Dropped =
        ["GSUB", "GPOS", "GDEF", "BASE", "JSTF", "kern", "name", "post", "OS/2", "vhea", "vmtx", "VORG", "gasp", "DSIG", "LTSH", "hdmx", "VDMX", "PCLT", "MATH", "COLR", "CPAL", "SVG ", "CBDT", "CBLC", "sbix", "EBDT", "EBLC", "EBSC", "STAT", "meta", "FFTM", "morx", "mort", "kerx", "feat", "prop", "Zapf"];

    /// <summary>A font program for a PDF: a TrueType file, or a bare CFF table.</summary>
    /// <param name="face">The face.</param>
    /// <param name="glyphs">What to keep; other glyphs become empty and keep their numbers.</param>
    /// <param name="characters">Whose glyphs are to be found by them; all of these are among the glyphs. Without any there is no map of characters.</param>
    /// <exception cref="FontUnusableException">HarfBuzz refuses the font.</exception>
    public static byte[] Cut(FontFace face, IReadOnlyList<ushort> glyphs, IReadOnlyList<char> characters)
    {
        var input = hb_subset_input_create_or_fail();
        if (input == 0)
        {
            throw new InsufficientMemoryException();
        }

        nint subset = 0;
        try
        {
            var kept = hb_subset_input_glyph_set(input);
            foreach (var glyph in glyphs)
            {
                hb_set_add(kept, glyph);
            }

            var mapped = hb_subset_input_unicode_set(input);
            foreach (var character in characters)
            {
                hb_set_add(mapped, character);
            }

            var dropped = hb_subset_input_set(input, DropTableSet);
            if (characters.Count == 0)
            {
                hb_set_add(dropped, FontFace.Tag("cmap"));
            }

            foreach (var tag in Dropped)
            {
                hb_set_add(dropped, FontFace.Tag(tag));
            }

            // Hints steer pixels of small screens; pages are printed or smoothed.
            hb_subset_input_set_flags(input, RetainGlyphIds | NoHinting | NotdefOutline);
            if (face.IsVariable && hb_subset_input_pin_all_axes_to_default(input, face.HarfBuzz.Face.Handle) == 0)
            {
                throw new FontUnusableException(face.PostScriptName);
            }

            subset = hb_subset_or_fail(face.HarfBuzz.Face.Handle, input);
            GC.KeepAlive(face);
            return subset == 0 ? throw new FontUnusableException(face.PostScriptName) : Bytes(face, subset);
        }
        finally
        {
            hb_subset_input_destroy(input);
            if (subset != 0)
            {
                hb_face_destroy(subset);
            }
        }
    }

    private static byte[] Bytes(FontFace face, nint subset)
    {
        var blob = face.Outlines == OutlineKind.Cff ? hb_face_reference_table(subset, FontFace.Tag("CFF ")) : hb_face_reference_blob(subset);
        try
        {
            var data = hb_blob_get_data(blob, out var length);
            if (data == 0 || length == 0)
            {
                throw new FontUnusableException(face.PostScriptName);
            }

            var bytes = new byte[length];
            Marshal.Copy(data, bytes, 0, bytes.Length);
            return bytes;
        }
        finally
        {
            hb_blob_destroy(blob);
        }
    }

    [LibraryImport(Library)]
    private static partial nint hb_subset_input_create_or_fail();

    [LibraryImport(Library)]
    private static partial void hb_subset_input_destroy(nint input);

    [LibraryImport(Library)]
    private static partial nint hb_subset_input_glyph_set(nint input);

    [LibraryImport(Library)]
    private static partial nint hb_subset_input_unicode_set(nint input);

    [LibraryImport(Library)]
    private static partial nint hb_subset_input_set(nint input, int kind);

    [LibraryImport(Library)]
    private static partial void hb_subset_input_set_flags(nint input, uint flags);

    [LibraryImport(Library)]
    private static partial int hb_subset_input_pin_all_axes_to_default(nint input, nint face);

    [LibraryImport(Library)]
    private static partial nint hb_subset_or_fail(nint face, nint input);

    [LibraryImport(Library)]
    private static partial void hb_set_add(nint set, uint value);

    [LibraryImport(Library)]
    private static partial void hb_face_destroy(nint face);

    [LibraryImport(Library)]
    private static partial nint hb_face_reference_blob(nint face);

    [LibraryImport(Library)]
    private static partial nint hb_face_reference_table(nint face, uint tag);

    [LibraryImport(Library)]
    private static partial nint hb_blob_get_data(nint blob, out uint length);

    [LibraryImport(Library)]
    private static partial void hb_blob_destroy(nint blob);
}

/// <summary>A font that a page needs is damaged. Code <c>font-damaged</c>.</summary>
public sealed class FontUnusableException : ClinicFlowException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="postScriptName">The font's name for itself.</param>
    public FontUnusableException(string postScriptName)
        : base("font-damaged", $"The font {postScriptName} is damaged and cannot be embedded. Install it again, or take it out of the document's embedded fonts.")
    {
    }
}
