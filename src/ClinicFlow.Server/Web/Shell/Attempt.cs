using ClinicFlow.Client;
using MudBlazor;

namespace ClinicFlow.Server.Web.Shell;

/// <summary>Something that a reader asked for: done, or said why not.</summary>
internal static class Attempt
{
    /// <summary>Does it, and says at the edge of the page how it went.</summary>
    /// <param name="messages">The edge of the page.</param>
    /// <param name="work">What to do.</param>
    /// <param name="done">What to say when it is done; nothing where null.</param>
    /// <returns>Whether it was done.</returns>
    public static async Task<bool> TryAsync(this ISnackbar messages, Func<Task> work, string? done = null)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is ClinicFlowApiException or HttpRequestException)
        {
            messages.Add(PageProblem.TextOf(e), Severity.Error);
            return false;
        }

        if (done is not null)
        {
            messages.Add(done, Severity.Success);
        }

        return true;
    }
}
