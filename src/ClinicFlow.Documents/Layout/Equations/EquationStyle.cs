namespace ClinicFlow.Documents.Layout.Equations;

/// <summary>How large a part of an equation is set: with room on a line of its own, among words, or as script.</summary>
internal enum EquationLevel : byte
{
    Display,
    Text,
    Script,
    ScriptOfScript,
}

/// <summary>The style of a part (the styles of The TeXbook, chapter 17, by which OpenType's MATH table is made).</summary>
/// <param name="Level">How large.</param>
/// <param name="IsCramped">Superscripts stand lower, because something is above.</param>
internal readonly record struct EquationStyle(EquationLevel Level, bool IsCramped)
{
    public bool IsDisplay => Level == EquationLevel.Display;

    public bool IsScript => Level >= EquationLevel.Script;

    public EquationStyle Cramped => this with { IsCramped = true };

    public EquationStyle Superscript => this with { Level = Level >= EquationLevel.Script ? EquationLevel.ScriptOfScript : EquationLevel.Script };

    public EquationStyle Subscript => Superscript.Cramped;

    /// <summary>Of a numerator: smaller, but on a line of its own only for what stands within it.</summary>
    public EquationStyle Numerator => this with { Level = Level switch { EquationLevel.Display => EquationLevel.Text, EquationLevel.Text => EquationLevel.Script, _ => EquationLevel.ScriptOfScript } };

    public EquationStyle Denominator => Numerator.Cramped;

    public EquationStyle Text => Level == EquationLevel.Display ? this with { Level = EquationLevel.Text } : this;
}
