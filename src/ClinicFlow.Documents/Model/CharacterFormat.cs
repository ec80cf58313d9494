namespace ClinicFlow.Documents.Model;

/// <summary>How characters look, worked out in full (w:rPr, §17.3.2). Within a document equal formats are the same object.</summary>
internal sealed record CharacterFormat
{
    public required FontSlots Fonts { get; init; }

    /// <summary>w:sz. Word's own is 10 pt.</summary>
    public Pt Size { get; init; } = new(10);

    public bool IsBold { get; init; }

    public bool IsItalic { get; init; }

    /// <summary>Size of complex scripts (Arabic, Hebrew, Thai …), w:szCs.</summary>
    public Pt ComplexSize { get; init; } = new(10);

    public bool IsComplexBold { get; init; }

    public bool IsComplexItalic { get; init; }

    /// <summary>Null for automatic: black, or white on a dark background (<see cref="Rgb.AutomaticText"/>).</summary>
    public Rgb? Color { get; init; }

    public Underline Underline { get; init; }

    /// <summary>Null for the text's own.</summary>
    public Rgb? UnderlineColor { get; init; }

    public bool IsStruck { get; init; }

    public bool IsDoubleStruck { get; init; }

    /// <summary>Null for none. Lies over <see cref="Shading"/>.</summary>
    public Rgb? Highlight { get; init; }

    /// <summary>The colour behind the text, patterns mixed to one colour; null for none.</summary>
    public Rgb? Shading { get; init; }

    /// <summary>What is drawn in place of <see cref="Shading"/>; null where that is all.</summary>
    public ShadingDots? ShadingDots { get; init; }

    /// <summary>The line around the text; null for none.</summary>
    public Border? Border { get; init; }

    public bool IsCaps { get; init; }

    public bool IsSmallCaps { get; init; }

    public VerticalPosition VerticalPosition { get; init; }

    /// <summary>How far above the baseline the text stands; negative: below it.</summary>
    public Pt Position { get; init; }

    /// <summary>Added after each character.</summary>
    public Pt Spacing { get; init; }

    /// <summary>Width of the characters, 1 for their own; 0.01 to 6.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>From which size on pairs are kerned; zero: never.</summary>
    public Pt KerningFrom { get; init; }

    /// <summary>The width into which the run is fitted; zero: its own.</summary>
    public Pt FitText { get; init; }

    /// <summary>Runs after each other with the same number are fitted as one.</summary>
    public int FitId { get; init; }

    /// <summary>Whether East Asian characters stand upright in lines that run downwards.</summary>
    public bool StandsUpright { get; init; }

    /// <summary>w14:stylisticSets: bit n for the font's set n.</summary>
    public uint StylisticSets { get; init; }

    /// <summary>Whether the run is right-to-left and uses the complex-script size, bold, italic and font (w:rtl).</summary>
    public bool IsRightToLeft { get; init; }

    /// <summary>Whether the run uses the complex-script properties whatever its characters (w:cs).</summary>
    public bool IsComplexScript { get; init; }

    /// <summary>Language tags such as <c>de-DE</c>; empty where none is known.</summary>
    public Languages Languages { get; init; } = Languages.None;

    /// <summary>Hidden text takes no room (w:vanish, w:specVanish); a paragraph of nothing else has no height.</summary>
    public bool IsHidden { get; init; }

    public Ligatures Ligatures { get; init; }

    /// <summary>w14:numForm: 1 lining, 2 old style, 0 the font's own.</summary>
    public byte NumberForm { get; init; }

    /// <summary>w14:numSpacing: 1 proportional, 2 tabular, 0 the font's own.</summary>
    public byte NumberSpacing { get; init; }

    /// <summary>w14:cntxtAlts.</summary>
    public bool HasContextualAlternates { get; init; }

    /// <summary>Whether lines take part in the grid; off: not.</summary>
    public bool SnapsToGrid { get; init; } = true;

    public EmphasisMark Emphasis { get; init; }

    /// <summary>Embossed, engraved, outlined, shadowed: Word prints them as effects.</summary>
    public TextEffects Effects { get; init; }

    /// <summary>Lines, shadows and glows of letters; null for none.</summary>
    public TextLook? Look { get; init; }

    /// <summary>The size that text at <see cref="VerticalPosition"/> is drawn in: Word draws super- and subscript at two thirds.</summary>
    public Pt DrawnSize => VerticalPosition == VerticalPosition.Baseline ? Size : Size * (2.0 / 3.0);
}

/// <summary>The four fonts of a run (w:rFonts, §17.3.2.26); which of them a character takes, its code point says. Theme fonts are resolved to names.</summary>
/// <param name="Ascii">For U+0000 to U+007F.</param>
/// <param name="HighAnsi">For the rest that is neither East Asian nor complex.</param>
/// <param name="EastAsia">For East Asian text.</param>
/// <param name="ComplexScript">For complex scripts.</param>
/// <param name="Hint">Which to take where a code point could be either.</param>
internal sealed record FontSlots(string Ascii, string HighAnsi, string EastAsia, string ComplexScript, FontHint Hint = FontHint.Default);

internal enum FontHint
{
    Default,
    EastAsia,
    ComplexScript,
}

/// <param name="Latin">w:val.</param>
/// <param name="EastAsia">w:eastAsia.</param>
/// <param name="ComplexScript">w:bidi.</param>
internal sealed record Languages(string Latin, string EastAsia, string ComplexScript)
{
    public static Languages None { get; } = new("", "", "");
}

/// <summary>ST_Underline (§17.18.99).</summary>
internal enum Underline
{
    None,
    Single,
    Words,
    Double,
    Thick,
    Dotted,
    DottedHeavy,
    Dash,
    DashedHeavy,
    DashLong,
    DashLongHeavy,
    DotDash,
    DashDotHeavy,
    DotDotDash,
    DashDotDotHeavy,
    Wave,
    WavyHeavy,
    WavyDouble,
}

internal enum VerticalPosition
{
    Baseline,
    Superscript,
    Subscript,
}

/// <summary>w14:ligatures: which features of the font are on.</summary>
[Flags]
internal enum Ligatures : byte
{
    None = 0,
    Standard = 1,
    Contextual = 2,
    Historical = 4,
    Discretional = 8,
}

/// <summary>w:em (§17.18.24).</summary>
internal enum EmphasisMark
{
    None,
    Dot,
    Comma,
    Circle,
    UnderDot,
}

[Flags]
internal enum TextEffects : byte
{
    None = 0,
    Emboss = 1,
    Imprint = 2,
    Outline = 4,
    Shadow = 8,
}
