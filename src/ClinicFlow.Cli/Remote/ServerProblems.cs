using System.Globalization;
using ClinicFlow.Cli.Output;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Documents;

namespace ClinicFlow.Cli.Remote;

/// <summary>What a server says is wrong, as the command says it.</summary>
internal static class ServerProblems
{
    /// <summary>An answer that says no, with all that it lists.</summary>
    public static IReadOnlyList<Problem> Of(ClinicFlowApiException exception)
    {
        var problem = exception.Problem;
        var first = new Problem(problem.Code, TerminalText.Clean(problem.Detail.Length > 0 ? problem.Detail : problem.Title))
        {
            Advice = AdviceFor(exception),
        };
        return [first, .. (problem.Errors ?? []).Where(item => item.Message != problem.Detail).Select(Of)];
    }

    /// <summary>One thing that is wrong.</summary>
    public static Problem Of(ProblemItem item)
    {
        var place = item.Place ?? item.Path;
        return new Problem(item.Code, TerminalText.Clean(place is null || item.Message.StartsWith(place, StringComparison.Ordinal) ? item.Message : $"{place}: {item.Message}"))
        {
            Advice = TerminalText.Clean(item.Advice ?? ""),
            Field = item.Field ?? "",
            Row = item.Row ?? 0,
            Severity = item.IsWarning ? ProblemSeverity.Warning : ProblemSeverity.Error,
        };
    }

    /// <summary>What the process ends with.</summary>
    public static int ExitCodeOf(ClinicFlowApiException exception) => exception.IsTransient || exception.Code == "answer-not-understood" ? ExitCodes.EnvironmentFailed : ExitCodes.BadInput;

    private static string AdviceFor(ClinicFlowApiException exception) => exception switch
    {
        { Code: "not-signed-in" } => "Give an API key that is valid: --api-key-file FILE, or the environment variable CLINICFLOW_API_KEY.",
        { Code: "answer-not-understood" } => "Check --server and CLINICFLOW_SERVER.",
        { RetryAfter: { } delay } => string.Create(CultureInfo.InvariantCulture, $"Try again in {Math.Ceiling(delay.TotalSeconds):0} seconds."),
        { Problem.TraceId: { Length: > 0 } trace, Problem.Status: >= 500 } => $"In the server's log this is {TerminalText.Clean(trace)}.",
        _ => "",
    };
}
