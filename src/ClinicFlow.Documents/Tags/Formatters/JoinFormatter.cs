using System.Text;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary>
/// <c>join:", "</c>: the items of a list with something between them, blank ones left out; <c>join:", ","name"</c> joins
/// one field of each item, and a third argument stands before the last (<c>" and "</c>).
/// </summary>
internal sealed class JoinFormatter(string between, FieldPath? field, string last) : IFormatter
{
    public static FormatterKind Kind { get; } = new("join", 1, 3, "join:\", \"", FieldType.List, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
    {
        if (value.IsEmpty)
        {
            return new Formatted(MergeValue.Null);
        }

        var texts = new List<string>();
        foreach (var item in ListItems.Of(value))
        {
            if (!ValueText.TryPrint(ListItems.Field(item, field), context.Culture, out var text))
            {
                return new Formatted(MergeValue.Null, field is null ? "a list of single values" : "a list whose items have that field as a single value");
            }

            if (!string.IsNullOrWhiteSpace(text))
            {
                texts.Add(text);
            }
        }

        var joined = new StringBuilder();
        for (var i = 0; i < texts.Count; i++)
        {
            joined.Append(i == 0 ? "" : i == texts.Count - 1 ? last : between).Append(texts[i]);
            if (joined.Length > Expecting.MaxTextLength)
            {
                return Expecting.ShorterText;
            }
        }

        return new Formatted(MergeValue.From(joined.ToString()));
    }

    private static JoinFormatter Bind(FormatterArguments arguments)
        => new JoinFormatter(arguments[0]!, ListItems.NamedBy(arguments[1]), arguments[2] ?? arguments[0]!);
}

/// <summary>What formatters of lists share.</summary>
internal static class ListItems
{
    /// <summary>The items of a list; any other value counts as a list of one.</summary>
    public static IReadOnlyList<MergeValue> Of(MergeValue value) => value.Kind == MergeValueKind.List ? value.List : [value];

    /// <summary>A field of an item (empty where the item lacks it), or the item itself.</summary>
    public static MergeValue Field(MergeValue item, FieldPath? field)
        => field is null ? item : new Scope(item).TryResolve(field, out var value) ? value : MergeValue.Null;

    /// <summary>The field that an argument names; nothing or blank names none.</summary>
    public static FieldPath? NamedBy(string? argument) => string.IsNullOrWhiteSpace(argument) ? null : FieldPath.OfName(argument.Trim());
}
