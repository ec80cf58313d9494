using System.Globalization;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>truncate:40</c>: at most so many characters, the last of them an ellipsis where something is cut; a second argument replaces the ellipsis.</summary>
internal sealed class TruncateFormatter(int length, string ending) : IFormatter
{
    public static FormatterKind Kind { get; } = new("truncate", 1, 2, "truncate:40", null, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
    {
        if (value.IsEmpty)
        {
            return new Formatted(value);
        }

        if (!ValueText.TryPrint(value, context.Culture, out var text))
        {
            return Expecting.SingleValue;
        }

        // Characters as a reader counts them (UAX #29): an accent or emoji is never torn apart.
        return Graphemes.Take(text, length).Length == text.Length ? new Formatted(MergeValue.From(text))
            : new Formatted(MergeValue.From(string.Concat(Graphemes.Take(text, Math.Max(0, length - Graphemes.Count(ending))).TrimEnd(), ending)));
    }

    private static IFormatter? Bind(FormatterArguments arguments)
    {
        var ending = arguments[1] ?? "\u2026";
        return !arguments.TryWhole(0, 0, 1, 100_000, out var length) ? arguments.Refuse("needs a count of characters")
            : Graphemes.Count(ending) > length ? arguments.Refuse("has an ending longer than the text may be")
            : new TruncateFormatter(length, ending);
    }
}

/// <summary>Characters as a reader counts them (UAX #29).</summary>
internal static class Graphemes
{
    /// <summary>The first characters of a text.</summary>
    public static ReadOnlySpan<char> Take(ReadOnlySpan<char> text, int count)
    {
        var at = 0;
        for (; count > 0 && at < text.Length; count--)
        {
            at += StringInfo.GetNextTextElementLength(text[at..]);
        }

        return text[..at];
    }

    /// <summary>How many there are.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (; !text.IsEmpty; count++)
        {
            text = text[StringInfo.GetNextTextElementLength(text)..];
        }

        return count;
    }
}
