using System.Collections.Immutable;

namespace ClinicFlow.Documents.Model.Equations;

/// <summary>
/// A part of an equation (Office Math, ECMA-376 Part 1 §22.1), with its defaults worked out. A closed set: the sealed records of this file.
/// Formats are those of the signs that a part draws itself: bars, brackets, operators.
/// </summary>
internal abstract record EquationNode
{
    public required CharacterFormat Format { get; init; }
}

/// <summary>Parts after each other on one baseline; what m:e, m:num and the like hold.</summary>
internal sealed record EquationRow(ImmutableArray<EquationNode> Items)
{
    public static EquationRow Empty { get; } = new([]);

    public bool IsEmpty => Items.IsEmpty;
}

/// <summary>Characters (m:r).</summary>
/// <param name="Text">As the document has them; which form of the alphabets is drawn says the style.</param>
/// <param name="Style">How letters look.</param>
internal sealed record EquationText(string Text, EquationTextStyle Style) : EquationNode;

/// <summary>m:rPr.</summary>
/// <param name="IsNormal">Ordinary text in the run's own font (m:nor): no alphabets, no room around operators.</param>
/// <param name="Alphabet">m:scr.</param>
/// <param name="IsBold">m:sty.</param>
/// <param name="IsItalic">m:sty; italic unless stated.</param>
internal readonly record struct EquationTextStyle(bool IsNormal, MathAlphabet Alphabet, bool IsBold, bool IsItalic);

/// <summary>m:f.</summary>
internal sealed record Fraction(EquationRow Numerator, EquationRow Denominator, FractionKind Kind) : EquationNode;

internal enum FractionKind
{
    Bar,
    NoBar,
    Skewed,
    Linear,
}

/// <summary>m:sSub, m:sSup, m:sSubSup, m:sPre.</summary>
/// <param name="Base">What they belong to.</param>
/// <param name="Below">Null for none.</param>
/// <param name="Above">Null for none.</param>
/// <param name="IsBefore">They stand before it.</param>
/// <param name="IsAligned">Both begin at one place whatever the slant of the base.</param>
internal sealed record Scripts(EquationRow Base, EquationRow? Below, EquationRow? Above, bool IsBefore, bool IsAligned) : EquationNode;

/// <summary>m:rad.</summary>
/// <param name="Degree">Null for a square root.</param>
/// <param name="Content">What the root is of.</param>
internal sealed record Radical(EquationRow? Degree, EquationRow Content) : EquationNode;

/// <summary>m:nary: a sum, a product, an integral.</summary>
/// <param name="Operator">Its sign; empty for none.</param>
/// <param name="Below">The lower limit; null for none.</param>
/// <param name="Above">The upper limit; null for none.</param>
/// <param name="Content">What it is over.</param>
/// <param name="HasLimitsAboveAndBelow">In display style; else they stand beside the sign.</param>
/// <param name="Grows">The sign grows with what it is over.</param>
internal sealed record NaryOperator(string Operator, EquationRow? Below, EquationRow? Above, EquationRow Content, bool HasLimitsAboveAndBelow, bool Grows) : EquationNode;

/// <summary>m:d: parts in brackets.</summary>
/// <param name="Begin">Empty for none.</param>
/// <param name="Separator">Between the parts.</param>
/// <param name="End">Empty for none.</param>
/// <param name="Parts">What stands within.</param>
/// <param name="Grows">Brackets grow with what they hold.</param>
/// <param name="IsMatched">They are as high as it, else alike above and below the axis.</param>
internal sealed record Delimited(string Begin, string Separator, string End, ImmutableArray<EquationRow> Parts, bool Grows, bool IsMatched) : EquationNode;

/// <summary>m:func.</summary>
internal sealed record FunctionApply(EquationRow Name, EquationRow Argument) : EquationNode;

/// <summary>m:limLow, m:limUpp.</summary>
internal sealed record Limit(EquationRow Base, EquationRow Bound, bool IsAbove) : EquationNode;

/// <summary>m:acc.</summary>
/// <param name="Sign">A combining character or one that looks like it.</param>
/// <param name="Content">What it stands over.</param>
internal sealed record Accent(string Sign, EquationRow Content) : EquationNode;

/// <summary>m:bar.</summary>
internal sealed record Bar(EquationRow Content, bool IsAbove) : EquationNode;

/// <summary>m:groupChr: a sign as wide as what it stands over or under.</summary>
/// <param name="Sign">A brace, an arrow.</param>
/// <param name="Content">What it is as wide as.</param>
/// <param name="IsAbove">Where the sign is.</param>
/// <param name="IsSignOnBaseline">The sign stands on the baseline, and the content is a note to it.</param>
internal sealed record GroupSign(string Sign, EquationRow Content, bool IsAbove, bool IsSignOnBaseline) : EquationNode;

/// <summary>m:m.</summary>
/// <param name="Rows">All of one length.</param>
/// <param name="Columns">How each column's cells stand.</param>
/// <param name="Alignment">What of it stands on the baseline.</param>
/// <param name="RowSpacing">How far rows are apart.</param>
/// <param name="ColumnGap">How far columns are apart.</param>
/// <param name="LeastColumn">The least distance from the edge of a column to that of the next; zero for none.</param>
internal sealed record Matrix(ImmutableArray<ImmutableArray<EquationRow>> Rows, ImmutableArray<ParagraphAlignment> Columns, StackAlignment Alignment, EquationSpacing RowSpacing, EquationSpacing ColumnGap, Pt LeastColumn) : EquationNode;

/// <summary>m:eqArr.</summary>
/// <param name="Rows">Each cut at its alignment marks (<c>&amp;</c>): the first part ends at a common place, the second begins there, and so on.</param>
/// <param name="Alignment">What of it stands on the baseline.</param>
/// <param name="RowSpacing">How far rows are apart.</param>
internal sealed record EquationArray(ImmutableArray<ImmutableArray<EquationRow>> Rows, StackAlignment Alignment, EquationSpacing RowSpacing) : EquationNode;

/// <summary>m:baseJc: what of a stack stands on the baseline of the text around.</summary>
internal enum StackAlignment
{
    Center,
    Top,
    Bottom,
}

/// <summary>A spacing rule of matrices and arrays (§22.1.2.103): a number of lines, or a length.</summary>
/// <param name="Lines">1, 1.5 or 2; of no meaning where a length is stated.</param>
/// <param name="Exact">Null where lines count.</param>
internal readonly record struct EquationSpacing(double Lines, Pt? Exact)
{
    public static EquationSpacing Single { get; } = new(1, null);
}

/// <summary>m:box.</summary>
/// <param name="Content">What stands in it.</param>
/// <param name="IsOperator">It has the room of an operator around it.</param>
/// <param name="IsDifferential">A little room stands before it, as before dx.</param>
internal sealed record EquationBoxed(EquationRow Content, bool IsOperator, bool IsDifferential) : EquationNode;

/// <summary>m:borderBox.</summary>
internal sealed record BorderBox(EquationRow Content, BoxLines Lines) : EquationNode;

[Flags]
internal enum BoxLines
{
    None = 0,
    Top = 1,
    Bottom = 2,
    Left = 4,
    Right = 8,
    StrikeAcross = 16,
    StrikeDown = 32,
    StrikeRising = 64,
    StrikeFalling = 128,
}

/// <summary>m:phant: takes room, or shows without taking it.</summary>
internal sealed record Phantom(EquationRow Content, bool IsShown, bool HasNoWidth, bool HasNoAscent, bool HasNoDescent) : EquationNode;
