using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags.Formatters;

/// <summary><c>age</c>: how old somebody born on a date is on the job's date, in completed years, or <c>age:months</c>, weeks or days.</summary>
internal sealed class AgeFormatter(AgeFormatter.Unit unit) : IFormatter
{
    /// <summary>What is counted.</summary>
    internal enum Unit
    {
        /// <summary>Birthdays. Who was born on 29 February has one on 1 March in other years.</summary>
        Years,

        /// <summary>Completed months.</summary>
        Months,

        /// <summary>Completed weeks.</summary>
        Weeks,

        /// <summary>Days.</summary>
        Days,
    }

    public static FormatterKind Kind { get; } = new("age", 0, 1, "age or age:months", FieldType.Date, Bind);

    public Formatted Format(MergeValue value, FormatContext context)
    {
        if (ValueText.IsBlank(value))
        {
            return new Formatted(MergeValue.Null);
        }

        if (!ValueReader.TryDate(value, context.Culture, out var birth))
        {
            return Expecting.Date;
        }

        var (born, today) = (DateOnly.FromDateTime(birth), DateOnly.FromDateTime(context.JobTime));
        if (born > today)
        {
            return new Formatted(MergeValue.Null, "a date that is not in the future");
        }

        var days = today.DayNumber - born.DayNumber;
        var months = ((today.Year - born.Year) * 12) + today.Month - born.Month - (today.Day < born.Day ? 1 : 0);
        return new Formatted(MergeValue.From(unit switch
        {
            Unit.Years => months / 12,
            Unit.Months => months,
            Unit.Weeks => days / 7,
            _ => (decimal)days,
        }));
    }

    private static IFormatter? Bind(FormatterArguments arguments) => arguments[0]?.Trim().ToUpperInvariant() switch
    {
        null or "YEARS" or "YEAR" => new AgeFormatter(Unit.Years),
        "MONTHS" or "MONTH" => new AgeFormatter(Unit.Months),
        "WEEKS" or "WEEK" => new AgeFormatter(Unit.Weeks),
        "DAYS" or "DAY" => new AgeFormatter(Unit.Days),
        _ => arguments.Refuse("counts years, months, weeks or days"),
    };
}
