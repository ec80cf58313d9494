using System.Text.RegularExpressions;
using ClinicFlow.Documents.Fields.Formats;

namespace ClinicFlow.Documents.Fields;

/// <summary>
/// The comparison of IF, COMPARE, NEXTIF and SKIPIF (ECMA-376 Part 1 §17.16.5.27, [MS-OI29500] 2.1.478): numbers where
/// both sides are numbers, else text with its case; <c>?</c> and <c>*</c> in the second side of <c>=</c> and <c>&lt;&gt;</c> stand for one and any characters.
/// </summary>
internal sealed class Comparison
{
    private readonly InstructionArgument? _left;
    private readonly InstructionArgument? _right;
    private readonly string _sign;
    private readonly Regex? _pattern;

    private Comparison(Instruction instruction)
    {
        _left = instruction.Argument(0);
        _sign = instruction.Argument(1)?.Constant ?? "";
        _right = instruction.Argument(2);
        if (_sign is not ("=" or "<>" or "<" or ">" or "<=" or ">="))
        {
            Problem = FieldProblem.NotUnderstood(instruction, $"The condition of {instruction.Name} has no comparison.", $"Write it as {{ {instruction.Name} value = \"text\" … }}, with one of = <> < > <= >=.");
        }

        _pattern = _right?.Constant is { } constant ? Pattern(constant) : null;
    }

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public Problem? Problem { get; }

    public static Comparison Of(Instruction instruction) => new(instruction);

    /// <summary>Whether it holds.</summary>
    public (bool Holds, string? MissingField, Problem? Problem) Evaluate(FieldScope scope, string? language)
    {
        if (Problem is not null)
        {
            return (false, null, Problem);
        }

        var left = _left?.Evaluate(scope) ?? new FieldText("");
        var right = _right?.Evaluate(scope) ?? new FieldText("");
        if ((left.MissingField ?? right.MissingField) is { } missing)
        {
            return (false, missing, null);
        }

        if ((left.Error ?? right.Error) is { } error)
        {
            return (false, null, error);
        }

        var culture = scope.CultureOf(language);
        var difference = NumberText.TryRead(left.Text, culture, out var a) && NumberText.TryRead(right.Text, culture, out var b) ? a.CompareTo(b) : (int?)null;
        if (_sign is "=" or "<>")
        {
            var isEqual = difference is { } known ? known == 0
                : (_right?.Constant is null ? Pattern(right.Text) : _pattern) is { } pattern ? pattern.IsMatch(left.Text)
                : string.Equals(left.Text, right.Text, StringComparison.Ordinal);
            return (isEqual == (_sign == "="), null, null);
        }

        var order = difference ?? culture.CompareInfo.Compare(left.Text, right.Text, System.Globalization.CompareOptions.None);
        return (_sign switch
        {
            "<" => order < 0,
            ">" => order > 0,
            "<=" => order <= 0,
            _ => order >= 0,
        }, null, null);
    }

    // Linear time whatever the pattern: a value may be hostile.
    private static Regex? Pattern(string text) => text.AsSpan().IndexOfAny('?', '*') < 0 || text.Length > 500 ? null
        : new Regex($"\\A{Regex.Escape(text).Replace("\\?", ".", StringComparison.Ordinal).Replace("\\*", ".*", StringComparison.Ordinal)}\\z", RegexOptions.Singleline | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
