using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>count</c>: how many items a list has; an empty value has none.</summary>
internal sealed class CountFormatter : IFormatter
{
    public static FormatterKind Kind { get; } = new("count", 0, 0, "count", FieldType.List, _ => new CountFormatter());

    public Formatted Format(MergeValue value, FormatContext context)
        => value.Kind == MergeValueKind.List ? new Formatted(MergeValue.From(value.List.Count))
            : ValueText.IsBlank(value) ? new Formatted(MergeValue.From(0))
            : Expecting.List;
}
