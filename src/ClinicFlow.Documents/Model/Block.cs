using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model;

/// <summary>What stands below each other in a body, cell, note, header or text box: a <see cref="Paragraph"/> or a <see cref="Table"/>.</summary>
internal abstract record Block;

/// <summary>A paragraph (w:p, §17.3.1.22). Content controls, tracked changes and links around its content are gone; links are at the inlines.</summary>
internal sealed record Paragraph : Block
{
    public required ParagraphFormat Format { get; init; }

    /// <summary>Of the paragraph's mark: the height of an empty paragraph, the size of its label.</summary>
    public required CharacterFormat MarkFormat { get; init; }

    /// <summary>Number or bullet; null for none.</summary>
    public ListLabel? Label { get; init; }

    /// <summary>In reading order. Adjacent text of one format and link is one run.</summary>
    public ImmutableArray<Inline> Inlines { get; init; } = [];

    /// <summary>Whether the paragraph ends a section and holds nothing else.</summary>
    public bool IsSectionEnd { get; init; }

    /// <summary>Whether the paragraph only is there because a cell, note or box must end in one, after a nested table.</summary>
    public bool IsHiddenMark { get; init; }

    /// <summary>
    /// Whether it is of the template, word for word: the same object in every document that shows it. What is worked out for it may be kept for the next document;
    /// of any other paragraph nothing may be.
    /// </summary>
    public bool IsOfTemplate { get; init; }
}

/// <summary>A picture as bullet (w:numPicBullet, §17.9.20): as high as the label's size.</summary>
/// <param name="Image">An index into <see cref="WordDocument.Images"/>.</param>
/// <param name="Aspect">Its width in parts of its height.</param>
internal readonly record struct PictureBullet(int Image, double Aspect)
{
    /// <summary>The number of a picture that the file names and does not hold.</summary>
    public const int Missing = -1;
}

/// <summary>The number or bullet of a paragraph, counted and written out.</summary>
/// <param name="Text">What is drawn, such as <c>2.1</c> or a bullet. Of a symbol font the characters lie at U+F000 to U+F0FF. Empty for a level without text.</param>
/// <param name="Format">The level's format over that of the paragraph's mark.</param>
/// <param name="Suffix">What follows it.</param>
/// <param name="Alignment">How it stands at the first line's indent: starting, centred or ending there.</param>
/// <param name="TabStop">Where the text starts for old lists (w:lvlJc with w:tabs num); null for the rule of indents.</param>
/// <param name="PictureBullet">The picture that is drawn; null for text.</param>
/// <param name="ListId">w:numId.</param>
/// <param name="Level">0 to 8.</param>
/// <param name="Number">The level's counter.</param>
/// <param name="IsBullet">Whether the level is a bullet and not counted.</param>
/// <param name="LegacySpace">For levels of Word 6 (w:legacy): the least room between label and text; null for others.</param>
internal sealed record ListLabel(
    string Text, CharacterFormat Format, LabelSuffix Suffix, ParagraphAlignment Alignment, Pt? TabStop, PictureBullet? PictureBullet,
    int ListId, int Level, int Number, bool IsBullet, Pt? LegacySpace);

internal enum LabelSuffix
{
    Tab,
    Space,
    Nothing,
}

/// <summary>ST_NumberFormat (§17.18.59), as far as counters are written out here.</summary>
internal enum NumberFormat
{
    Decimal,
    UpperRoman,
    LowerRoman,
    UpperLetter,
    LowerLetter,
    Ordinal,
    CardinalText,
    OrdinalText,
    Hex,
    Chicago,
    Bullet,
    None,
    DecimalZero,
    DecimalFullWidth,
    DecimalEnclosedCircle,
    DecimalEnclosedFullstop,
    DecimalEnclosedParen,
    NumberInDash,
    RussianLower,
    RussianUpper,
    Hebrew1,
    Hebrew2,
    ArabicAlpha,
    ArabicAbjad,
    HindiNumbers,
    ThaiNumbers,
    ThaiLetters,
    ChineseCounting,
    ChineseCountingThousand,
    ChineseLegalSimplified,
    IdeographDigital,
    IdeographTraditional,
    IdeographZodiac,
    JapaneseCounting,
    JapaneseLegal,
    KoreanCounting,
    KoreanDigital,
    KoreanLegal,
    TaiwaneseCounting,
    Aiueo,
    Iroha,
    Ganada,
    Chosung,
    IdeographLegalTraditional,
    IdeographEnclosedCircle,
    DecimalEnclosedCircleChinese,
    TaiwaneseDigital,
    AiueoHalfWidth,
    IrohaHalfWidth,
    Decimal3,
    Decimal4,
    Decimal5,
    GreekLower,
    GreekUpper,
}
