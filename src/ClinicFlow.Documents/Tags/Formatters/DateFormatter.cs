using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>date</c>: a date, short in the culture or in a picture: <c>date:"d MMMM yyyy"</c>.</summary>
internal sealed class DateFormatter(string picture) : IFormatter
{
    public static FormatterKind Kind { get; } = new("date", 0, 1, "date:\"dd.MM.yyyy\"", FieldType.Date, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
        => ValueText.IsBlank(value) ? new Formatted(MergeValue.Null)
            : ValueReader.TryDate(value, context.Culture, out var date) ? new Formatted(MergeValue.From(DateText.Print(date, picture, context.Culture)))
            : Expecting.Date;

    private static IFormatter? Bind(FormatterArguments arguments)
        => DatePictures.TryRead(arguments[0] ?? "d", out var picture) ? new DateFormatter(picture)
            : arguments.Refuse("needs a date picture made of d, M, y, H, m and s");
}
