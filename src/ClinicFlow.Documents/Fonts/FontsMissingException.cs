namespace ClinicFlow.Documents.Fonts;

/// <summary>No usable font is installed, so no page can be laid out. Code <c>no-fonts</c>.</summary>
public sealed class FontsMissingException : ClinicFlowException
{
    /// <summary>Makes the exception.</summary>
    public FontsMissingException()
        : base("no-fonts", "This machine has no TrueType or OpenType font. Install some, for instance the packages fonts-crosextra-carlito, fonts-liberation and fonts-noto-core.")
    {
    }
}
