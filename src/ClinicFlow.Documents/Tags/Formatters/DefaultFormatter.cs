using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>default:"-"</c>: what is printed where the field is missing, empty or blank. With it a missing field is no error.</summary>
internal sealed class DefaultFormatter(string text) : IFormatter
{
    private readonly MergeValue _value = MergeValue.From(text);

    public static FormatterKind Kind { get; } = new("default", 1, 1, "default:\"-\"", null, arguments => new DefaultFormatter(arguments[0]!));

    public Formatted Format(MergeValue value, FormatContext context) => new(ValueText.IsBlank(value) ? _value : value);
}
