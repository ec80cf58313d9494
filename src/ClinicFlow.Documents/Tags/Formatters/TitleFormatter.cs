using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>title</c>: each word with a capital first letter, the rest small.</summary>
internal sealed class TitleFormatter : IFormatter
{
    public static FormatterKind Kind { get; } = new("title", 0, 0, "title", null, _ => new TitleFormatter());

    public Formatted Format(MergeValue value, FormatContext context)
        => value.IsEmpty ? new Formatted(value)
            : ValueText.TryPrint(value, context.Culture, out var text) ? new Formatted(MergeValue.From(context.Culture.TextInfo.ToTitleCase(context.Culture.TextInfo.ToLower(text))))
            : Expecting.SingleValue;
}
