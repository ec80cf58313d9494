using System.Globalization;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Fields.Formats;

/// <summary>How a value prints where no switch says otherwise: what its source shows, else the culture's own form.</summary>
internal static class PlainText
{
    /// <summary>The text of a value. A list is its items joined by a comma; a group has no text.</summary>
    public static string Of(MergeValue value, CultureInfo culture) => value.Kind switch
    {
        MergeValueKind.Text => value.Text,
        MergeValueKind.Number => value.Shown ?? value.Number.ToString(culture),
        MergeValueKind.Boolean => value.Boolean ? "true" : "false",
        MergeValueKind.Date => value.Shown ?? DateOf(value.Date, culture),
        MergeValueKind.List => string.Join(", ", value.List.Where(item => item.Kind != MergeValueKind.List).Select(item => Of(item, culture))),
        _ => "",
    };

    private static string DateOf(DateTime date, CultureInfo culture) => date.ToString(date.TimeOfDay == TimeSpan.Zero ? "d" : "g", culture);
}
