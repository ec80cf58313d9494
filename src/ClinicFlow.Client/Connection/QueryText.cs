using System.Globalization;
using System.Text;

namespace ClinicFlow.Client.Connection;

/// <summary>Puts a query behind a path; what is null is left out.</summary>
internal sealed class QueryText(string path)
{
    private readonly StringBuilder _text = new(path);
    private char _next = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';

    /// <summary>Adds a value.</summary>
    public QueryText Add(string name, string? value)
    {
        if (value is not null)
        {
            _text.Append(_next).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            _next = '&';
        }

        return this;
    }

    /// <summary>Adds a number.</summary>
    public QueryText Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds an id.</summary>
    public QueryText Add(string name, Guid? value) => Add(name, value?.ToString());

    /// <summary>Adds a time.</summary>
    public QueryText Add(string name, DateTimeOffset? value) => Add(name, value?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));

    /// <summary>Adds words of an enumeration.</summary>
    public QueryText Add<T>(string name, IEnumerable<T> values)
        where T : struct, Enum
    {
        foreach (var value in values)
        {
            Add(name, WordOf(value));
        }

        return this;
    }

    /// <summary>A value of an enumeration as it travels.</summary>
    public static string WordOf<T>(T value)
        where T : struct, Enum
        => value.ToString() is { Length: > 0 } word ? char.ToLowerInvariant(word[0]) + word[1..] : "";

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
