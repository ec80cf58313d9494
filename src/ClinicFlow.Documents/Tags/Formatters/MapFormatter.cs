using System.Collections.Frozen;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary>
/// <c>map:"m=male;f=female;*=other"</c>: another text for each value, letter case apart. <c>*</c> stands for all others,
/// which stay as they are without it; nothing before the = stands for an empty value.
/// </summary>
internal sealed class MapFormatter(FrozenDictionary<string, MergeValue> texts) : IFormatter
{
    private readonly MergeValue? _other = texts.TryGetValue("*", out var other) ? other : null;

    public static FormatterKind Kind { get; } = new("map", 1, 1, "map:\"m=male;f=female\"", null, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
        => !ValueText.TryPrint(value, context.Culture, out var text) ? Expecting.SingleValue
            : texts.TryGetValue(text.Trim(), out var mapped) ? new Formatted(mapped)
            : new Formatted(ValueText.IsBlank(value) ? value : _other ?? value);

    private static IFormatter? Bind(FormatterArguments arguments)
    {
        var texts = new Dictionary<string, MergeValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in arguments[0]!.Split(';'))
        {
            var sign = pair.IndexOf('=', StringComparison.Ordinal);
            if (sign < 0 && string.IsNullOrWhiteSpace(pair))
            {
                continue;
            }

            if (sign < 0)
            {
                return arguments.Refuse("needs pairs of value=text with semicolons between them");
            }

            if (!texts.TryAdd(pair[..sign].Trim(), MergeValue.From(pair[(sign + 1)..].Trim())))
            {
                return arguments.Refuse("has the same value twice");
            }
        }

        return texts.Count == 0 ? arguments.Refuse("needs at least one pair of value=text") : new MapFormatter(texts.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
    }
}
