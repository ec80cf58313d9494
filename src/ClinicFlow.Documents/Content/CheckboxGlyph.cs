using System.Buffers;

namespace ClinicFlow.Documents.Content;

/// <summary>
/// A ballot box as a run of its own. Its font is set, because few text fonts have the two glyphs: MS Gothic, as Word's
/// own checkbox controls have it, which readers without that font replace by one that has them.
/// </summary>
internal static class CheckboxGlyph
{
    /// <summary>☒.</summary>
    public const char Checked = '\u2612';

    /// <summary>☐.</summary>
    public const char Unchecked = '\u2610';

    private const string Fonts =
        """<w:rFonts w:hint="eastAsia" w:ascii="MS Gothic" w:hAnsi="MS Gothic" w:eastAsia="MS Gothic" w:cs="Segoe UI Symbol"/>""";

    /// <summary>Writes a whole <c>w:r</c>.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="isChecked">Which of the two glyphs.</param>
    /// <param name="runProperties">The run's <c>w:rPr</c>, or nothing; its fonts are replaced.</param>
    public static void Write(IBufferWriter<byte> output, bool isChecked, byte[] runProperties)
    {
        output.Write("<w:r>"u8);
        output.Write(PropertyList.OfRun(runProperties).With("rFonts", Fonts).ToBytes());
        output.Write(isChecked ? "<w:t>\u2612</w:t></w:r>"u8 : "<w:t>\u2610</w:t></w:r>"u8);
    }
}
