using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Fields;

/// <summary>IF (ECMA-376 Part 1 §17.16.5.27). In a document its branches stay in place; as part of another field it is the text of one of them.</summary>
internal sealed class IfField : WordField
{
    private readonly Comparison _condition;

    public IfField(FieldSource source)
        : base(source)
    {
        _condition = Comparison.Of(Instruction);
        TrueBranch = Instruction.Argument(3);
        FalseBranch = Instruction.Argument(4);
    }

    /// <summary>What stands where the condition holds; null where nothing does.</summary>
    public InstructionArgument? TrueBranch { get; }

    /// <summary>What stands where it does not.</summary>
    public InstructionArgument? FalseBranch { get; }

    /// <inheritdoc/>
    public override Problem? Problem => _condition.Problem;

    /// <summary>Whether the condition holds for the record, the field that it misses, and what went wrong.</summary>
    public (bool Holds, string? MissingField, Problem? Problem) Holds(FieldScope scope) => _condition.Evaluate(scope, Language);

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        var (holds, missing, problem) = Holds(scope);
        return missing is not null ? new FieldText("", missing)
            : problem is not null ? FieldProblem.Error(FieldErrors.UnknownOperator, problem)
            : Evaluate(holds ? TrueBranch : FalseBranch, scope);
    }
}

/// <summary>COMPARE (§17.16.5.11): 1 where the comparison holds, else 0.</summary>
internal sealed class CompareField : WordField
{
    private readonly Comparison _condition;

    public CompareField(FieldSource source)
        : base(source) => _condition = Comparison.Of(Instruction);

    /// <inheritdoc/>
    public override Problem? Problem => _condition.Problem;

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        var (holds, missing, problem) = _condition.Evaluate(scope, Language);
        return missing is not null ? new FieldText("", missing)
            : problem is not null ? FieldProblem.Error(FieldErrors.UnknownOperator, problem)
            : new FieldText(holds ? "1" : "0") { Value = MergeValue.From(holds ? 1 : 0) };
    }
}

/// <summary>NEXT (§17.16.5.38): the fields behind it read the next record. Prints nothing.</summary>
internal sealed class NextField(FieldSource source) : WordField(source)
{
    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        scope.AdvanceRecord?.Invoke();
        return new FieldText("");
    }
}

/// <summary>NEXTIF (§17.16.5.39): NEXT where a comparison holds.</summary>
internal sealed class NextIfField : WordField
{
    private readonly Comparison _condition;

    public NextIfField(FieldSource source)
        : base(source) => _condition = Comparison.Of(Instruction);

    /// <inheritdoc/>
    public override Problem? Problem => _condition.Problem;

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        var (holds, missing, problem) = _condition.Evaluate(scope, Language);
        if (holds)
        {
            scope.AdvanceRecord?.Invoke();
        }

        return new FieldText("", missing, problem);
    }
}

/// <summary>SKIPIF (§17.16.5.58): the record gives no document where a comparison holds.</summary>
internal sealed class SkipIfField : WordField
{
    private readonly Comparison _condition;

    public SkipIfField(FieldSource source)
        : base(source) => _condition = Comparison.Of(Instruction);

    /// <inheritdoc/>
    public override Problem? Problem => _condition.Problem;

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        var (holds, missing, problem) = _condition.Evaluate(scope, Language);
        scope.SkipRecord |= holds;
        return new FieldText("", missing, problem);
    }
}
