using System.Globalization;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary>
/// <c>culture:"de-AT"</c>: the language and signs of the whole chain it stands in, wherever it stands there. The
/// expression takes it out of the chain when the template is compiled.
/// </summary>
internal sealed class CultureFormatter(CultureInfo culture) : IFormatter
{
    public static FormatterKind Kind { get; } = new("culture", 1, 1, "culture:\"de-AT\"", null, Bind);

    /// <summary>The culture.</summary>
    public CultureInfo Culture { get; } = culture;

    public Formatted Format(MergeValue value, FormatContext context) => new(value);

    private static IFormatter? Bind(FormatterArguments arguments)
    {
        try
        {
            // The runtime takes a name with a NUL before it, and fails only when the culture is used.
            var name = arguments[0]!.Trim();
            return name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? arguments.Refuse("needs a language such as de-AT") : new CultureFormatter(CultureInfo.GetCultureInfo(name, predefinedOnly: true));
        }
        catch (CultureNotFoundException)
        {
            return arguments.Refuse("needs a language such as de-AT");
        }
    }
}
