using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>time</c>: the time of day of a date or of a text such as 14:30, short in the culture or in a picture: <c>time:"HH:mm"</c>.</summary>
internal sealed class TimeFormatter(string picture) : IFormatter
{
    public static FormatterKind Kind { get; } = new("time", 0, 1, "time:\"HH:mm\"", FieldType.Date, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
    {
        if (ValueText.IsBlank(value))
        {
            return new Formatted(MergeValue.Null);
        }

        if (!ValueReader.TryDate(value, context.Culture, out var date))
        {
            if (value.Kind != MergeValueKind.Text || !ValueReader.TryTime(value.Text, out var time))
            {
                return new Formatted(MergeValue.Null, "a time");
            }

            // Any day will do: only the time is printed. A day that every calendar knows.
            date = new DateTime(2001, 1, 1) + time;
        }

        return new Formatted(MergeValue.From(DateText.Print(date, picture, context.Culture)));
    }

    private static IFormatter? Bind(FormatterArguments arguments)
    {
        // In a picture of its own a lone mm is minutes, whatever DatePictures thinks of it.
        var text = arguments[0]?.Trim() switch
        {
            null => "t",
            var given when given.Equals("short", StringComparison.OrdinalIgnoreCase) => "t",
            var given when given.Equals("long", StringComparison.OrdinalIgnoreCase) => "T",
            "mm" => "mm",
            var given => DatePictures.TryRead(given, out var read) ? read : null,
        };
        return text is not null ? new TimeFormatter(text) : arguments.Refuse("needs a time picture made of H, h, m, s and tt");
    }
}
