using System.Collections.Frozen;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary>
/// <c>yesno:"Yes;No"</c>: one of two texts; a third stands for an empty value. Without argument the words of the
/// culture's language. A text that says neither yes nor no is refused: guessing would turn a refusal into a consent.
/// </summary>
internal sealed class YesNoFormatter(MergeValue? yes, MergeValue? no, MergeValue empty) : IFormatter
{
    private static readonly FrozenDictionary<string, (MergeValue Yes, MergeValue No)> Words = new Dictionary<string, (MergeValue, MergeValue)>
    {
        ["de"] = Pair("ja", "nein"),
        ["fr"] = Pair("oui", "non"),
        ["it"] = Pair("sì", "no"),
        ["es"] = Pair("sí", "no"),
        ["pt"] = Pair("sim", "não"),
        ["nl"] = Pair("ja", "nee"),
        ["da"] = Pair("ja", "nej"),
        ["sv"] = Pair("ja", "nej"),
        ["nb"] = Pair("ja", "nei"),
        ["pl"] = Pair("tak", "nie"),
        ["cs"] = Pair("ano", "ne"),
        ["sk"] = Pair("áno", "nie"),
        ["sl"] = Pair("da", "ne"),
        ["hr"] = Pair("da", "ne"),
        ["hu"] = Pair("igen", "nem"),
        ["tr"] = Pair("evet", "hayır"),
        ["ro"] = Pair("da", "nu"),
    }.ToFrozenDictionary();

    private static readonly (MergeValue Yes, MergeValue No) English = Pair("yes", "no");

    public static FormatterKind Kind { get; } = new("yesno", 0, 1, "yesno:\"Yes;No\"", FieldType.Boolean, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
    {
        if (ValueText.IsBlank(value))
        {
            return new Formatted(empty);
        }

        if (!ValueReader.TryTruth(value, out var truth))
        {
            return new Formatted(MergeValue.Null, "yes or no");
        }

        var words = Words.GetValueOrDefault(context.Culture.TwoLetterISOLanguageName, English);
        return new Formatted(truth ? yes ?? words.Yes : no ?? words.No);
    }

    private static (MergeValue Yes, MergeValue No) Pair(string yes, string no) => (MergeValue.From(yes), MergeValue.From(no));

    private static IFormatter? Bind(FormatterArguments arguments)
    {
        if (arguments[0] is not { } text)
        {
            return new YesNoFormatter(null, null, MergeValue.Null);
        }

        var parts = text.Split(';');
        return parts.Length is 2 or 3
            ? new YesNoFormatter(MergeValue.From(parts[0].Trim()), MergeValue.From(parts[1].Trim()), parts.Length == 3 ? MergeValue.From(parts[2].Trim()) : MergeValue.Null)
            : arguments.Refuse("needs two texts with a semicolon between them");
    }
}
