using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>upper</c>: in capital letters, by the culture's rules.</summary>
internal sealed class UpperFormatter : IFormatter
{
    public static FormatterKind Kind { get; } = new("upper", 0, 0, "upper", null, _ => new UpperFormatter());

    public Formatted Format(MergeValue value, FormatContext context)
        => value.IsEmpty ? new Formatted(value)
            : ValueText.TryPrint(value, context.Culture, out var text) ? new Formatted(MergeValue.From(context.Culture.TextInfo.ToUpper(text)))
            : Expecting.SingleValue;
}
