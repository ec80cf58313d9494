using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>replace:"a","b"</c>: every a replaced by b, letter case counting.</summary>
internal sealed class ReplaceFormatter(string from, string to) : IFormatter
{
    public static FormatterKind Kind { get; } = new("replace", 2, 2, "replace:\"/\",\"-\"", null, Bind);

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

        var isTooLong = to.Length > from.Length && text.Length + ((long)text.AsSpan().Count(from) * (to.Length - from.Length)) > Expecting.MaxTextLength;
        return isTooLong ? Expecting.ShorterText : new Formatted(MergeValue.From(text.Replace(from, to, StringComparison.Ordinal)));
    }

    private static IFormatter? Bind(FormatterArguments arguments)
        => arguments[0]!.Length == 0 ? arguments.Refuse("needs something to replace") : new ReplaceFormatter(arguments[0]!, arguments[1]!);
}
