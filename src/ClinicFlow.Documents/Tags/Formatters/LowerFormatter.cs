using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>lower</c>: in small letters, by the culture's rules.</summary>
internal sealed class LowerFormatter : IFormatter
{
    public static FormatterKind Kind { get; } = new("lower", 0, 0, "lower", null, _ => new LowerFormatter());

    public Formatted Format(MergeValue value, FormatContext context)
        => value.IsEmpty ? new Formatted(value)
            : ValueText.TryPrint(value, context.Culture, out var text) ? new Formatted(MergeValue.From(context.Culture.TextInfo.ToLower(text)))
            : Expecting.SingleValue;
}
