using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>round</c>, <c>round:2</c>: the number rounded to so many decimals, halves away from zero.</summary>
internal sealed class RoundFormatter(int decimals) : IFormatter
{
    public static FormatterKind Kind { get; } = new("round", 0, 1, "round:2", FieldType.Number, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
        => ValueText.IsBlank(value) ? new Formatted(MergeValue.Null)
            : ValueReader.TryNumber(value, context.Culture, out var number) ? new Formatted(MergeValue.From(decimal.Round(number, decimals, MidpointRounding.AwayFromZero)))
            : Expecting.Number;

    private static IFormatter? Bind(FormatterArguments arguments)
        => arguments.TryWhole(0, 0, 0, 28, out var decimals) ? new RoundFormatter(decimals) : arguments.Refuse("takes a count of decimals from 0 to 28");
}
