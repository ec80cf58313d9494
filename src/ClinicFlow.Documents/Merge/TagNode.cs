using ClinicFlow.Documents.Data;
using ClinicFlow.Documents.Fields;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents.Merge;

/// <summary>A tag inside a Word field's instruction: <c>{ IF "{{sex}}" = "f" "Ms" "Mr" }</c>.</summary>
internal sealed class TagNode(Expression expression) : FieldNode
{
    /// <inheritdoc/>
    public override IEnumerable<string> ReadsFields => expression.Paths.Select(path => path.ToString());

    /// <inheritdoc/>
    public override FieldText Evaluate(FieldScope scope)
    {
        var context = new FormatContext(scope.Culture, scope.JobTime);
        var evaluated = expression.Evaluate(scope.Data, context);
        if (evaluated.MissingField is { } missing)
        {
            return new FieldText("", missing);
        }

        var printed = evaluated.Expected is null ? ValueText.Print(evaluated.Value, scope.Culture) : default;
        if ((evaluated.Expected ?? printed.Expected) is { } expected)
        {
            return new FieldText("", null, new Problem(ProblemCode.ValueKindMismatch, $"{expression.Source} must be {expected}, but the record has {evaluated.Value.KindName} there.")
            {
                Advice = "Correct the value in the data, or the format in the template.",
                Field = expression.Source,
                ValueKind = evaluated.Value.KindName,
            });
        }

        return new FieldText(printed.Value.Kind == MergeValueKind.Text ? printed.Value.Text : "") { Value = evaluated.Value };
    }
}
