using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>last</c>: the last item of a list; <c>last:3</c> the last three. Of a text the last letters.</summary>
internal sealed class LastFormatter(int? count) : IFormatter
{
    public static FormatterKind Kind { get; } = new("last", 0, 1, "last or last:3", null, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
    {
        if (value.IsEmpty)
        {
            return new Formatted(MergeValue.Null);
        }

        if (value.Kind == MergeValueKind.List)
        {
            return new Formatted(count is { } items ? MergeValue.From([.. value.List.TakeLast(items)]) : value.List[^1]);
        }

        return ValueText.TryPrint(value, context.Culture, out var text)
            ? new Formatted(MergeValue.From(text[Graphemes.Take(text, Math.Max(0, Graphemes.Count(text) - (count ?? 1))).Length..]))
            : Expecting.SingleValue;
    }

    private static IFormatter? Bind(FormatterArguments arguments)
        => arguments.TryWhole(0, 0, 1, 100_000, out var count) ? new LastFormatter(count == 0 ? null : count) : arguments.Refuse("needs a count from 1 on");
}
