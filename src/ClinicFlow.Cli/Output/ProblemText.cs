using System.Text;
using ClinicFlow.Documents;

namespace ClinicFlow.Cli.Output;

/// <summary>Problems as people and as programs read them.</summary>
internal static class ProblemText
{
    /// <summary>Several lines: the sentence, the place, the cure.</summary>
    public static string Lines(Problem problem)
    {
        var text = new StringBuilder(problem.Severity == ProblemSeverity.Error ? "error" : "warning")
            .Append(' ').Append(problem.Code).Append(": ").Append(problem.Message);
        if (problem.Row > 0)
        {
            text.Append("\n    row ").Append(problem.Row);
        }

        if (problem.Place.Part.Length > 0)
        {
            text.Append("\n    at ").Append(problem.Place);
            if (problem.Place.Heading.Length > 0)
            {
                text.Append(", under \"").Append(problem.Place.Heading).Append('"');
            }

            if (problem.Place.Text.Length > 0)
            {
                text.Append(": ").Append(problem.Place.Text);
            }
        }

        if (problem.Advice.Length > 0)
        {
            text.Append("\n    ").Append(problem.Advice);
        }

        return text.ToString();
    }

    /// <summary>One line, as it stands in the reason column of failed.csv.</summary>
    public static string Reason(IEnumerable<Problem> problems)
        => string.Join("; ", problems.Select(problem => $"{problem.Code}: {problem.Message}"));
}

/// <summary>A problem in JSON. What is not known is left out.</summary>
internal sealed record ProblemJson(
    string Code, ProblemSeverity Severity, string Message, string? Advice, string? Part, string? Position, string? Heading, string? Text, string? Field, long? Row, string? ValueKind)
{
    /// <summary>Makes the JSON form.</summary>
    public static ProblemJson Of(Problem problem) => new(
        problem.Code, problem.Severity, problem.Message, Known(problem.Advice), Known(problem.Place.Part), Known(problem.Place.Position),
        Known(problem.Place.Heading), Known(problem.Place.Text), Known(problem.Field), problem.Row == 0 ? null : problem.Row, Known(problem.ValueKind));

    /// <summary>The JSON forms of several.</summary>
    public static IReadOnlyList<ProblemJson> Of(IEnumerable<Problem> problems) => [.. problems.Select(Of)];

    private static string? Known(string text) => text.Length == 0 ? null : text;
}
