using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Components.Words;

/// <summary>What went wrong, for the people at the screen: what happened, what they can do, and a number to quote.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Title">What happened.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Items">All that is wrong, where the server told.</param>
/// <param name="TraceId">Names the event in the server's log; null where it has none.</param>
public sealed record Trouble(string Code, string Title, string Advice, IReadOnlyList<ProblemItem> Items, string? TraceId)
{
    /// <summary>Whether an exception is one that people are told of; all others are our own mistakes.</summary>
    public static bool IsOne(Exception e) => e is ClinicFlowApiException or HttpRequestException or IOException or TimeoutException;

    /// <summary>Puts an exception into words.</summary>
    public static Trouble Of(Exception e) => e switch
    {
        ClinicFlowApiException api => Of(api),
        HttpRequestException => new("unreachable", "The server cannot be reached.", "Check the network. What you entered is kept; try again in a moment.", [], null),
        TimeoutException => new("timeout", "The server did not answer in time.", "It may be busy. Try again in a moment.", [], null),
        _ => new("transfer-failed", "The file could not be read.", "It may have been moved, changed or deleted since it was chosen. Choose it again.", [], null),
    };

    private static Trouble Of(ClinicFlowApiException e)
    {
        var (title, advice) = e.Code switch
        {
            "not-signed-in" => ("You are no longer signed in.", "Sign in again. What you entered is kept in this browser."),
            "not-found" => ("It is not there.", "It may have been removed, or it belongs to somebody else."),
            "not-allowed" => ("You are not allowed to do this.", "Ask an administrator."),
            "queue-full" => ("The queue is full.", "Wait until some batches are done, then try again. What you entered is kept."),
            "too-large" => ("It is too large for the server.", e.Problem.Detail),
            "job-state" => ("That is not possible any more.", "The batch has moved on meanwhile. What it is now is shown here."),
            "too-many-requests" => ("Too many requests at once.", "Wait a moment, then try again."),
            "rows-invalid" => ("Some rows cannot be used.", "Mend them or leave them out."),
            "pdf-engine-missing" => ("The server cannot make PDFs.", "Choose Word as the kind of file, or ask an administrator to install LibreOffice on the server."),
            "internal-error" => ("Something went wrong on the server.", "Try again. If it stays so, tell an administrator the number below."),
            _ when e.Problem.Status >= 502 => ("The server cannot be reached.", "Check the network. What you entered is kept; try again in a moment."),
            _ => (e.Problem.Title.Length > 0 ? e.Problem.Title + "." : "The server said no.", e.Problem.Detail),
        };
        return new(e.Code, title, advice, e.Problem.Errors ?? [], e.Problem.TraceId);
    }
}
