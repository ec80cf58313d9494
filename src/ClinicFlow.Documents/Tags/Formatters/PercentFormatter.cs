using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>percent</c>: a fraction as a percentage (0.25 is 25 %), with up to two decimals or, with <c>percent:1</c>, exactly one.</summary>
internal sealed class PercentFormatter(int? decimals) : IFormatter
{
    private static readonly string[] Pictures = [.. Enumerable.Range(0, 11).Select(digits => $"P{digits}")];

    public static FormatterKind Kind { get; } = new("percent", 0, 1, "percent or percent:1", FieldType.Number, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
    {
        if (ValueText.IsBlank(value))
        {
            return new Formatted(MergeValue.Null);
        }

        if (!ValueReader.TryNumber(value, context.Culture, out var number))
        {
            return Expecting.Number;
        }

        return new Formatted(MergeValue.From(number.ToString(Pictures[decimals ?? DecimalsOf(number)], context.Culture)));
    }

    private static int DecimalsOf(decimal fraction)
        => decimal.Round(fraction, 2, MidpointRounding.AwayFromZero) == decimal.Round(fraction, 4, MidpointRounding.AwayFromZero) ? 0
            : decimal.Round(fraction, 3, MidpointRounding.AwayFromZero) == decimal.Round(fraction, 4, MidpointRounding.AwayFromZero) ? 1 : 2;

    private static IFormatter? Bind(FormatterArguments arguments)
        => arguments.TryWhole(0, -1, 0, 10, out var decimals) ? new PercentFormatter(decimals < 0 ? null : decimals)
            : arguments.Refuse("takes a count of decimals from 0 to 10");
}
