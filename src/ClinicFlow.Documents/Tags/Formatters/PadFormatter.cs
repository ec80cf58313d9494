using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>pad:8</c>: filled with zeros on the left to 8 characters; <c>pad:8," "</c> with something else, <c>pad:8,".",right</c> on the right.</summary>
internal sealed class PadFormatter(int width, char filler, bool right) : IFormatter
{
    private const int MaxWidth = 1_000;

    public static FormatterKind Kind { get; } = new("pad", 1, 3, "pad:8,\"0\"", null, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
        => value.IsEmpty ? new Formatted(value)
            : ValueText.TryPrint(value, context.Culture, out var text) ? new Formatted(MergeValue.From(right ? text.PadRight(width, filler) : text.PadLeft(width, filler)))
            : Expecting.SingleValue;

    private static IFormatter? Bind(FormatterArguments arguments)
    {
        if (!arguments.TryWhole(0, 0, 1, MaxWidth, out var width))
        {
            return arguments.Refuse($"needs a width from 1 to {MaxWidth}");
        }

        var filler = arguments[1] ?? "0";
        var side = arguments[2]?.Trim().ToUpperInvariant() ?? "LEFT";
        return filler.Length != 1 || char.IsSurrogate(filler[0]) ? arguments.Refuse("fills with exactly one character")
            : side is not ("LEFT" or "RIGHT") ? arguments.Refuse("fills left or right")
            : new PadFormatter(width, filler[0], side == "RIGHT");
    }
}
