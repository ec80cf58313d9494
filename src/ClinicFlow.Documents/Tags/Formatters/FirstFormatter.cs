using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>first</c>: the first item of a list; <c>first:3</c> the first three. Of a text the first letters.</summary>
internal sealed class FirstFormatter(int? count) : IFormatter
{
    public static FormatterKind Kind { get; } = new("first", 0, 1, "first or first:3", null, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
    {
        if (value.IsEmpty)
        {
            return new Formatted(MergeValue.Null);
        }

        if (value.Kind == MergeValueKind.List)
        {
            return new Formatted(count is { } items ? MergeValue.From([.. value.List.Take(items)]) : value.List[0]);
        }

        return ValueText.TryPrint(value, context.Culture, out var text)
            ? new Formatted(MergeValue.From(Graphemes.Take(text, count ?? 1).ToString()))
            : Expecting.SingleValue;
    }

    private static IFormatter? Bind(FormatterArguments arguments)
        => arguments.TryWhole(0, 0, 1, 100_000, out var count) ? new FirstFormatter(count == 0 ? null : count) : arguments.Refuse("needs a count from 1 on");
}
