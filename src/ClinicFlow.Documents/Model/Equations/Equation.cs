namespace ClinicFlow.Documents.Model.Equations;

/// <summary>An equation in the text (m:oMath).</summary>
/// <param name="Content">What it says.</param>
/// <param name="AlternativeText">The same in one line of plain text, for those who cannot see it.</param>
internal sealed record Equation(EquationRow Content, string AlternativeText) : Inline
{
    /// <summary>Null where it stands among words; else how it stands on lines of its own (m:oMathPara).</summary>
    public EquationAlignment? Display { get; init; }

    /// <summary>A number at the end of its line (what follows <c>#</c>); null for none.</summary>
    public EquationRow? Number { get; init; }

    /// <summary>Its place among the equations of one m:oMathPara, which are aligned together; 0 for the first.</summary>
    public int IndexInGroup { get; init; }
}

/// <summary>m:jc (§22.1.3.3).</summary>
internal enum EquationAlignment
{
    /// <summary>Lines begin below each other, and the whole stands in the middle.</summary>
    CenterGroup,
    Left,
    Center,
    Right,
}

/// <summary>What a document says of all its equations (m:mathPr, §22.1.2.62).</summary>
internal sealed record EquationSettings
{
    /// <summary>Word's own.</summary>
    public static EquationSettings Default { get; } = new();

    public string Font { get; init; } = "Cambria Math";

    public EquationAlignment Alignment { get; init; }

    public Pt LeftMargin { get; init; }

    public Pt RightMargin { get; init; }

    /// <summary>How far lines after the first are indented where an equation needs several.</summary>
    public Pt WrapIndent { get; init; } = new(72);

    /// <summary>Such lines end at the right margin instead.</summary>
    public bool WrapsToRight { get; init; }

    /// <summary>An operator at which a line ends stays on that line; else it begins the next.</summary>
    public bool BreaksBehindOperators { get; init; }

    public bool HasIntegralLimitsAboveAndBelow { get; init; }

    public bool HasNaryLimitsAboveAndBelow { get; init; } = true;

    /// <summary>Fractions in equations of their own are small as well.</summary>
    public bool HasSmallFractions { get; init; }

    /// <summary>Something is asked for that is not followed here; empty for nothing.</summary>
    public string Unfollowed { get; init; } = "";
}
