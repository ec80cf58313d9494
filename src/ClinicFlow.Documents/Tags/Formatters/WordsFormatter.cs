using ClinicFlow.Documents.Data;
using Humanizer;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>words</c>: a whole number in words, in the culture's language (English where the language has none).</summary>
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

        return NumberWords.Guard(() => ((long)number).ToWords(context.Culture));
    }
}

/// <summary>Keeps what the words library throws for a number that a language cannot say from being an exception of ours.</summary>
internal static class NumberWords
{
    /// <summary>Runs the library; a number it cannot say is one that does not fit.</summary>
    public static Formatted Guard(Func<string> say)
    {
        try
        {
            return new Formatted(MergeValue.From(say()));
        }
        catch (Exception refused) when (refused is NotImplementedException or NotSupportedException or ArgumentException or IndexOutOfRangeException or OverflowException or KeyNotFoundException)
        {
            return new Formatted(MergeValue.Null, "a smaller whole number");
        }
    }
}
