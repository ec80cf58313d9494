using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>abs</c>: the number without its sign.</summary>
internal sealed class AbsFormatter : IFormatter
{
    public static FormatterKind Kind { get; } = new("abs", 0, 0, "abs", FieldType.Number, _ => new AbsFormatter());

    public Formatted Format(MergeValue value, FormatContext context)
        => ValueText.IsBlank(value) ? new Formatted(MergeValue.Null)
            : ValueReader.TryNumber(value, context.Culture, out var number) ? new Formatted(MergeValue.From(Math.Abs(number)))
            : Expecting.Number;
}
