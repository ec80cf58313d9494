using System.Globalization;
using ClinicFlow.Documents.Data;

namespace ClinicFlow.Documents.Tags;

/// <summary>What formatters may know of the world.</summary>
/// <param name="Culture">The culture to print in.</param>
/// <param name="JobTime">The job's local date and time, for <c>age</c> and for <c>today</c>.</param>
internal sealed record FormatContext(CultureInfo Culture, DateTime JobTime);

/// <summary>What a formatter or an expression gives.</summary>
/// <param name="Value">The value.</param>
/// <param name="Expected">What was expected where the value is of the wrong kind (<c>a number</c>, <c>a date</c>); null where all is well.</param>
internal readonly record struct Formatted(MergeValue Value, string? Expected = null)
{
    /// <summary>Whether the value could be formatted.</summary>
    public bool IsGood => Expected is null;
}

/// <summary>
/// A formatter of the tag language with its arguments bound: <c>number:"0.00"</c>. Immutable, so that one
/// instance serves all threads; arguments are parsed when the template is compiled, not per document.
/// </summary>
internal interface IFormatter
{
    /// <summary>Formats a value. An empty value stays empty unless the formatter is about emptiness (<c>default</c>, <c>yesno</c>).</summary>
    Formatted Format(MergeValue value, FormatContext context);
}
