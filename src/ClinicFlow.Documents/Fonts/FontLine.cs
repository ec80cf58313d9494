namespace ClinicFlow.Documents.Fonts;

/// <summary>
/// What a font gives a line of text, in parts of the em: multiply by the size in points. The values are those of <c>hhea</c>,
/// which is what Word uses (docs/layout.md, "Fonts"), and those of the font that the document asked for where a substitute is drawn.
/// </summary>
/// <param name="Ascent">Above the baseline.</param>
/// <param name="Descent">Below the baseline, positive.</param>
/// <param name="Gap">The line gap, which Word puts above the first line's ascent.</param>
internal readonly record struct FontLine(float Ascent, float Descent, float Gap)
{
    /// <summary>Height of a single line: ascent, descent and gap.</summary>
    public float Height => Ascent + Descent + Gap;
}

/// <summary>A rule that goes with text, in parts of the em.</summary>
/// <param name="Position">Its middle above the baseline; negative: below.</param>
/// <param name="Thickness">Its thickness.</param>
internal readonly record struct FontRule(float Position, float Thickness);

/// <summary>The four faces that Word knows of a family.</summary>
[Flags]
internal enum FontStyle : byte
{
    Regular = 0,
    Bold = 1,
    Italic = 2,
    BoldItalic = Bold | Italic,
}
