using System.Globalization;

namespace ClinicFlow.Batch.Storage;

/// <summary>
/// Writes a query with its values in it, as PostgreSQL's COPY needs it, which takes no parameters. Only the program's own
/// ids, numbers, times and states can stand there; a text of anybody's is refused.
/// </summary>
internal static class RowQuery
{
    /// <summary>Writes it.</summary>
    /// <param name="query">The query; a part of it may be a query like this too.</param>
    /// <param name="timeOf">Writes a time as its database keeps it.</param>
    public static string Write(FormattableString query, Func<DateTimeOffset, string> timeOf)
        => string.Format(CultureInfo.InvariantCulture, query.Format, Array.ConvertAll(query.GetArguments(), value => (object)Literal(value, timeOf)));

    private static string Literal(object? value, Func<DateTimeOffset, string> timeOf) => value switch
    {
        // An id is text in capital letters as the provider of SQLite writes it; PostgreSQL reads both.
        Guid id => $"'{id.ToString().ToUpperInvariant()}'",
        int number => number.ToString(CultureInfo.InvariantCulture),
        IReadOnlyCollection<int> { Count: > 0 } numbers => string.Join(',', numbers),
        Jobs.RequestState state => $"'{Names.Of(state)}'",
        DateTimeOffset time => timeOf(time),
        FormattableString part => Write(part, timeOf),
        _ => throw new ArgumentException($"A value of the type {value?.GetType().Name} cannot stand in a query.", nameof(value)),
    };
}
