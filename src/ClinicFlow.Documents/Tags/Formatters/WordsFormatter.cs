using System.Globalization;
using ClinicFlow.Documents.Data;
using Humanizer;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>words</c>: a whole number in words, in the culture's language, where the words library speaks it.</summary>
internal sealed class WordsFormatter : IFormatter
{
    public static FormatterKind Kind { get; } = new("words", 0, 0, "words", FieldType.Number, _ => new WordsFormatter());

    public Formatted Format(MergeValue value, FormatContext context)
    {
        if (ValueText.IsBlank(value))
        {
            return new Formatted(MergeValue.Null);
        }

        if (!ValueReader.TryNumber(value, context.Culture, out var number) || decimal.Truncate(number) != number || Math.Abs(number) > 999_999_999_999)
        {
            return Expecting.WholeNumber;
        }

        return NumberWords.Say(context.Culture, culture => ((long)number).ToWords(culture));
    }
}

/// <summary>Keeps the words library's limits from becoming exceptions or English words in a text of another language.</summary>
internal static class NumberWords
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    /// <summary>Runs the library; a number it cannot say is one that does not fit, and so is one in a language it does not know.</summary>
    public static Formatted Say(CultureInfo culture, Func<CultureInfo, string> say)
    {
        try
        {
            return Speaks(culture) ? new Formatted(MergeValue.From(say(culture))) : new Formatted(MergeValue.Null, "a number in a language whose number words are known");
        }
        catch (Exception refused) when (refused is NotImplementedException or NotSupportedException or ArgumentException or IndexOutOfRangeException or OverflowException or KeyNotFoundException)
        {
            return new Formatted(MergeValue.Null, "a smaller whole number");
        }
    }

    // For a language it does not know the library answers in English without a word of warning.
    private static bool Speaks(CultureInfo culture)
        => culture.TwoLetterISOLanguageName is "en" or "iv" || 21.ToWords(culture) != 21.ToWords(English);
}
