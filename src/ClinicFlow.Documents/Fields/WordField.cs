using ClinicFlow.Documents.Fields.Formats;

namespace ClinicFlow.Documents.Fields;

/// <summary>What a field is made from.</summary>
/// <param name="Instruction">Its instruction.</param>
/// <param name="Language">The language tag of its runs, or null.</param>
internal sealed record FieldSource(Instruction Instruction, string? Language)
{
    /// <summary>How deep fields are nested here, this one included.</summary>
    public int Depth => 1 + Instruction.Nodes.Select(node => node is WordField nested ? nested.Depth : 0).DefaultIfEmpty().Max();
}

/// <summary>
/// A Word field: computes its value, then its general switches (<see cref="FieldFormat"/>) print it. The one base
/// class of all fields, because the bound on nesting and the order of formatting must hold for each of them.
/// </summary>
internal abstract class WordField : FieldNode
{
    private readonly string[] _readsFields;

    protected WordField(FieldSource source)
    {
        Instruction = source.Instruction;
        Language = source.Language;
        Depth = source.Depth;
        Format = FieldFormat.Parse(source);
        DependsOnLayout = Instruction.Nodes.Any(node => node.DependsOnLayout);
        _readsFields = [.. Instruction.Nodes.SelectMany(node => node.ReadsFields).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The instruction.</summary>
    public Instruction Instruction { get; }

    /// <summary>The field's name in upper case.</summary>
    public string Name => Instruction.Name;

    /// <summary>The language tag of the field's runs, or null for the document's culture.</summary>
    public string? Language { get; }

    /// <summary>How deep fields are nested here, this one included.</summary>
    public int Depth { get; }

    /// <summary>The general switches.</summary>
    public FieldFormat Format { get; }

    /// <summary>What is wrong with the field as the template has it; null where nothing is.</summary>
    public virtual Problem? Problem => null;

    /// <inheritdoc/>
    public override IEnumerable<string> ReadsFields => _readsFields;

    /// <inheritdoc/>
    public override bool DependsOnLayout { get; }

    /// <inheritdoc/>
    public sealed override FieldText Evaluate(FieldScope scope)
    {
        // Evaluation recurses once per level: a template nested beyond the bound is refused, never followed.
        if (Depth > FieldParser.MaxDepth)
        {
            return FieldProblem.Error(FieldErrors.TooDeep, FieldProblem.NotUnderstood(Instruction, $"Fields are nested more than {FieldParser.MaxDepth} deep."));
        }

        return Finish(Format.Apply(Compute(scope), scope, this), scope);
    }

    /// <summary>The field's value before formatting.</summary>
    protected abstract FieldText Compute(FieldScope scope);

    /// <summary>The last word on the formatted text.</summary>
    protected virtual FieldText Finish(FieldText formatted, FieldScope scope) => formatted;

    /// <summary>Evaluates an argument that may not be there.</summary>
    protected static FieldText Evaluate(InstructionArgument? argument, FieldScope scope) => argument?.Evaluate(scope) ?? new FieldText("");
}

/// <summary>A field that is not computed here: live, never fetched, a form field, or unknown. Inside another field it yields
/// the result that the layout knows (<see cref="FieldScope.LiveResult"/>), or nothing.</summary>
internal sealed class PassiveField(FieldSource source, FieldKind kind, Problem? problem) : WordField(source)
{
    /// <summary>Why it is not computed.</summary>
    public FieldKind Kind { get; } = kind;

    /// <inheritdoc/>
    public override Problem? Problem { get; } = problem;

    /// <inheritdoc/>
    public override bool DependsOnLayout => Kind == FieldKind.Live || base.DependsOnLayout;

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope) => new(
        Kind == FieldKind.Live ? scope.LiveResult?.Invoke(Instruction) ?? "" : "",
        Error: Problem);
}
