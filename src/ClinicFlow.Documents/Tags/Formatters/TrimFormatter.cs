using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>trim</c>: without white space at both ends.</summary>
internal sealed class TrimFormatter : IFormatter
{
    public static FormatterKind Kind { get; } = new("trim", 0, 0, "trim", null, _ => new TrimFormatter());

    public Formatted Format(MergeValue value, FormatContext context)
        => value.IsEmpty ? new Formatted(value)
            : ValueText.TryPrint(value, context.Culture, out var text) ? new Formatted(MergeValue.From(text.Trim()))
            : Expecting.SingleValue;
}
