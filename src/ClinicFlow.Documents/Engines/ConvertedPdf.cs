namespace ClinicFlow.Documents.Engines;

/// <summary>Which engine makes a PDF.</summary>
public enum PdfEngineKind
{
    /// <summary>The native one where it renders everything in the document faithfully, else LibreOffice.</summary>
    Auto,

    /// <summary>The native one, whatever it leaves out.</summary>
    Native,

    /// <summary>LibreOffice.</summary>
    LibreOffice,
}

/// <summary>A PDF, and what it took to make it.</summary>
/// <param name="Pdf">The file.</param>
/// <param name="Engine">Who made it.</param>
public sealed record ConvertedPdf(ReadOnlyMemory<byte> Pdf, PdfEngineKind Engine)
{
    /// <summary>Its pages.</summary>
    public int Pages { get; init; }

    /// <summary>What the native engine does not render as Word does; of a PDF that LibreOffice made, why it did.</summary>
    public IReadOnlyList<RenderGap> Gaps { get; init; } = [];

    /// <summary>The fonts that the document asks for, and those that were used. Empty for LibreOffice, which does not say.</summary>
    public IReadOnlyList<FontChoice> Fonts { get; init; } = [];
}

/// <summary>Something in a document that the native engine does not render as Word does.</summary>
/// <param name="Code">A stable code, such as <c>chart</c>.</param>
/// <param name="What">What a person calls it.</param>
/// <param name="Place">Where it stands first.</param>
/// <param name="Count">How often.</param>
public sealed record RenderGap(string Code, string What, Place Place, int Count);

/// <summary>A font that a document asks for, and the one that was used.</summary>
/// <param name="Asked">The family's name, with its style.</param>
/// <param name="Used">The font file's own name.</param>
/// <param name="Match">How near they are: <c>embedded</c>, <c>installed</c>, <c>same-metrics</c>, <c>set-to-metrics</c>, <c>similar</c>, <c>fallback</c>.</param>
public sealed record FontChoice(string Asked, string Used, string Match);
