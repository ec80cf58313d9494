using System.Text;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>initials</c>: the first letter of each word in capitals; with <c>initials:"."</c> something after each.</summary>
internal sealed class InitialsFormatter(string after) : IFormatter
{
    public static FormatterKind Kind { get; } = new("initials", 0, 1, "initials:\".\"", null, Bind);

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

        var initials = new StringBuilder();
        var isStart = true;
        for (var i = 0; i < text.Length && initials.Length < Expecting.MaxTextLength; i++)
        {
            if (char.IsWhiteSpace(text[i]) || text[i] is '-' or '\u2010' or '\u2011')
            {
                isStart = true;
            }
            else if (isStart && (char.IsLetterOrDigit(text[i]) || char.IsHighSurrogate(text[i])))
            {
                initials.Append(context.Culture.TextInfo.ToUpper(Graphemes.Take(text.AsSpan(i), 1).ToString())).Append(after);
                isStart = false;
            }
        }

        return new Formatted(MergeValue.From(initials.ToString().TrimEnd()));
    }

    private static IFormatter? Bind(FormatterArguments arguments)
        => arguments[0] is { Length: > 10 } ? arguments.Refuse("takes at most 10 characters to put after each letter") : new InitialsFormatter(arguments[0] ?? "");
}
