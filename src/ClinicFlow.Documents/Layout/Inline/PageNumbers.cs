using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>Writes the numbers that only layout knows: pages and notes. In the forms that numbers of lists have.</summary>
internal static class PageNumbers
{
    public static string Write(int number, NumberFormat format) => NumberText.Write(number, format);

    /// <summary>As a field writes it, whose words (<c>\* CardText</c>) begin small (ECMA-376 Part 1 §17.16.4.3.1).</summary>
    public static string WriteField(int number, NumberFormat format)
        => format is NumberFormat.CardinalText or NumberFormat.OrdinalText ? NumberText.Write(number, format).ToLowerInvariant() : Write(number, format);
}
