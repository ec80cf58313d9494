using System.Text;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary>
/// <c>mask:"#### ######"</c>: lays the letters and digits of a value into a picture: # takes the next one, * takes it
/// and prints a star instead, all else stands for itself. The value must have as many as the picture.
/// </summary>
internal sealed class MaskFormatter(string picture) : IFormatter
{
    private readonly int _places = picture.Count(c => c is '#' or '*');

    public static FormatterKind Kind { get; } = new("mask", 1, 1, "mask:\"#### ######\"", null, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
    {
        if (ValueText.IsBlank(value))
        {
            return new Formatted(MergeValue.Null);
        }

        if (!ValueText.TryPrint(value, context.Culture, out var text))
        {
            return Expecting.SingleValue;
        }

        var significant = text.Where(char.IsLetterOrDigit).ToArray();
        if (significant.Length != _places)
        {
            return new Formatted(MergeValue.Null, _places == 1 ? "one letter or digit" : $"{_places} letters or digits");
        }

        var masked = new StringBuilder(picture.Length);
        var next = 0;
        foreach (var c in picture)
        {
            masked.Append(c == '#' ? significant[next] : c);
            next += c is '#' or '*' ? 1 : 0;
        }

        return new Formatted(MergeValue.From(masked.ToString()));
    }

    private static IFormatter? Bind(FormatterArguments arguments)
        => arguments[0]!.AsSpan().ContainsAny('#', '*') ? new MaskFormatter(arguments[0]!) : arguments.Refuse("needs a picture with # for each character");
}
