using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>sum</c>: the sum of a list of numbers; <c>sum:"amount"</c> of one field of its items. Blank ones count nothing.</summary>
internal sealed class SumFormatter(FieldPath? field) : IFormatter
{
    private static readonly Formatted Numbers = new(MergeValue.Null, "a list of numbers");

    public static FormatterKind Kind { get; } = new("sum", 0, 1, "sum:\"amount\"", FieldType.List, arguments => new SumFormatter(ListItems.NamedBy(arguments[0])));

    public Formatted Format(MergeValue value, FormatContext context)
    {
        if (value.Kind is not (MergeValueKind.List or MergeValueKind.Null))
        {
            return Numbers;
        }

        var sum = 0m;
        foreach (var item in value.Kind == MergeValueKind.Null ? [] : value.List)
        {
            var part = ListItems.Field(item, field);
            if (ValueText.IsBlank(part))
            {
                continue;
            }

            // Near the largest decimal the sum of two does not fit; adding would throw.
            if (!ValueReader.TryNumber(part, context.Culture, out var number) || Math.Abs(sum / 2 + number / 2) > decimal.MaxValue / 2 - 1)
            {
                return Numbers;
            }

            sum += number;
        }

        return new Formatted(MergeValue.From(sum));
    }
}
