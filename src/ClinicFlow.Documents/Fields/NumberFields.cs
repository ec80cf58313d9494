using System.Globalization;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Fields;

/// <summary>MERGEREC (ECMA-376 Part 1 §17.16.5.36): the record's number in its source.</summary>
internal sealed class MergeRecField(FieldSource source) : WordField(source)
{
    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope) => Of(scope.RecordNumber);

    internal static FieldText Of(long number) => new(number.ToString(CultureInfo.InvariantCulture)) { Value = MergeValue.From(number) };
}

/// <summary>MERGESEQ (§17.16.5.37): how many records have been merged, this one included.</summary>
internal sealed class MergeSeqField(FieldSource source) : WordField(source)
{
    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope) => MergeRecField.Of(scope.MergeSequence);
}

/// <summary>SEQ (§17.16.5.56): the next number of a sequence; <c>\c</c> the current one, <c>\r</c> set to a number, <c>\h</c> hidden.</summary>
internal sealed class SeqField : WordField
{
    private readonly string _name;
    private readonly bool _repeats;
    private readonly bool _isHidden;
    private readonly int? _reset;

    public SeqField(FieldSource source)
        : base(source)
    {
        _name = Instruction.Argument(0)?.Constant?.Trim() ?? "";
        _repeats = Instruction.Has(@"\c");
        _isHidden = Instruction.Has(@"\h") && !Format.IsNumeric;
        _reset = int.TryParse(Instruction.ArgumentOf(@"\r")?.Constant, CultureInfo.InvariantCulture, out var reset) ? reset : null;
        Problem = _name.Length == 0 ? FieldProblem.NotUnderstood(Instruction, "A SEQ field has no name.", "Write a name behind it, such as { SEQ Table }.") : null;
    }

    /// <summary>Whether it counts from a heading (<c>\s</c>) or refers to a bookmark's number, which only a layout knows.</summary>
    public bool NeedsLayout => Instruction.Has(@"\s") || Instruction.Arguments.Count > 1;

    /// <inheritdoc/>
    public override Problem? Problem { get; }

    /// <inheritdoc/>
    protected override FieldText Compute(FieldScope scope)
    {
        if (Problem is not null)
        {
            return FieldProblem.Error(FieldErrors.SequenceMissing, Problem);
        }

        var current = scope.Sequences.GetValueOrDefault(_name);
        current = _reset ?? (_repeats ? current : current < int.MaxValue ? current + 1 : current);
        scope.Sequences[_name] = current;
        return _isHidden ? new FieldText("") : MergeRecField.Of(current);
    }
}
