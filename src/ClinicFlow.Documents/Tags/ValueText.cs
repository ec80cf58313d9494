using System.Globalization;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags;

/// <summary>How a value is printed where no formatter says otherwise.</summary>
internal static class ValueText
{
    private static readonly MergeValue Empty = MergeValue.From("");

    /// <summary>
    /// Prints a value as text: what its source shows for it, else numbers with all their digits and dates short,
    /// both in <paramref name="culture"/>; <c>true</c> and <c>false</c>; nothing for an empty value. Lists and
    /// groups have no text: then <see cref="Formatted.Expected"/> is set (an empty list prints nothing).
    /// </summary>
    public static Formatted Print(MergeValue value, CultureInfo culture) => value.Kind switch
    {
        MergeValueKind.Text => new Formatted(value),
        MergeValueKind.Null => new Formatted(Empty),
        MergeValueKind.Number => new Formatted(MergeValue.From(value.Shown ?? value.Number.ToString(culture))),
        MergeValueKind.Date => new Formatted(MergeValue.From(value.Shown ?? DateText.Print(value.Date, value.Date.TimeOfDay == TimeSpan.Zero ? "d" : "g", culture))),
        MergeValueKind.Boolean => new Formatted(MergeValue.From(value.Boolean ? "true" : "false")),
        MergeValueKind.List when value.IsEmpty => new Formatted(Empty),
        _ => new Formatted(Empty, "a single value"),
    };

    /// <summary>Whether there is nothing to print but white space.</summary>
    public static bool IsBlank(MergeValue value) => value.IsEmpty || (value.Kind == MergeValueKind.Text && string.IsNullOrWhiteSpace(value.Text));

    /// <summary>Prints a single value; false for a list or group that has something in it.</summary>
    public static bool TryPrint(MergeValue value, CultureInfo culture, out string text)
    {
        var printed = Print(value, culture);
        text = printed.Value.Text;
        return printed.IsGood;
    }
}

/// <summary>Prints dates in any culture without exceptions.</summary>
internal static class DateText
{
    /// <summary>
    /// Formats a date with a .NET picture. A date outside the years that the culture's calendar knows (the
    /// UmAlQura calendar of ar-SA starts in 1900) is printed in the Gregorian calendar instead.
    /// </summary>
    public static string Print(DateTime date, string picture, CultureInfo culture)
    {
        var calendar = culture.DateTimeFormat.Calendar;
        return date < calendar.MinSupportedDateTime || date > calendar.MaxSupportedDateTime
            ? date.ToString(picture, CultureInfo.InvariantCulture)
            : date.ToString(picture, culture);
    }
}
