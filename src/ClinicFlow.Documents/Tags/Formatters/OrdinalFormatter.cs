using ClinicFlow.Documents.Data;
using Humanizer;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>ordinal</c>: 3 as 3rd or 3., as the culture's language writes it; <c>ordinal:words</c> as third.</summary>
internal sealed class OrdinalFormatter(bool inWords) : IFormatter
{
    public static FormatterKind Kind { get; } = new("ordinal", 0, 1, "ordinal or ordinal:words", FieldType.Number, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
    {
        if (ValueText.IsBlank(value))
        {
            return new Formatted(MergeValue.Null);
        }

        // Ordinals in words go up to the millions in every language of the library.
        if (!ValueReader.TryNumber(value, context.Culture, out var number) || decimal.Truncate(number) != number || number is < 0 or > 999_999_999)
        {
            return Expecting.WholeNumber;
        }

        return NumberWords.Say(context.Culture, culture => inWords ? ((int)number).ToOrdinalWords(culture) : ((int)number).Ordinalize(culture));
    }

    private static IFormatter? Bind(FormatterArguments arguments) => arguments[0]?.Trim().ToUpperInvariant() switch
    {
        null => new OrdinalFormatter(inWords: false),
        "WORDS" => new OrdinalFormatter(inWords: true),
        _ => arguments.Refuse("takes \"words\" or nothing"),
    };
}
