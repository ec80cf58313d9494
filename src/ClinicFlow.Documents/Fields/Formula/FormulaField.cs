using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Fields.Formula;

/// <summary>A formula: <c>{ = SUM(ABOVE) * 1.2 \# "0.00" }</c> (ECMA-376 Part 1 §17.16.3).</summary>
internal sealed class FormulaField : WordField
{
    private readonly string? _constant;

    public FormulaField(FieldSource source)
        : base(source)
    {
        _constant = Instruction.Expression?.Constant;
        UsesCells = (Instruction.Expression?.Pieces ?? []).Any(piece => FormulaParser.MentionsCells(piece.Text));
    }

    /// <summary>Whether it reads the table that it stands in, which is known only when the table is bound.</summary>
    public bool UsesCells { get; }

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        var culture = scope.CultureOf(Language);
        var expression = _constant is not null ? new FieldText(_constant) : Instruction.Expression?.Evaluate(scope) ?? new FieldText("");
        if (expression.Error is not null || expression.MissingField is not null)
        {
            return expression;
        }

        var parser = new FormulaParser(expression.Text, culture, scope);
        if (parser.TryEvaluate(out var number, out var error))
        {
            return new FieldText(number.ToString("0.############", culture)) { Value = MergeValue.From(number) };
        }

        return FieldProblem.Error(error.Text, FieldProblem.Formula(Instruction, error.Message));
    }
}
