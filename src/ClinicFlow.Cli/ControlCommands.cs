using System.CommandLine;
using ClinicFlow.Cli.Output;
using ClinicFlow.Cli.Remote;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow pause</c>, <c>resume</c>, <c>cancel</c> and <c>retry</c>: what can be asked of a job.</summary>
internal static class ControlCommands
{
    /// <summary>Makes <c>pause</c>.</summary>
    public static Command CreatePause() => Create("pause", "Let the documents in flight finish, and begin no more.", (jobs, id, cancellation) => jobs.PauseAsync(id, cancellation));

    /// <summary>Makes <c>resume</c>.</summary>
    public static Command CreateResume() => Create("resume", "Queue a paused job again; it goes on where it stopped.", (jobs, id, cancellation) => jobs.ResumeAsync(id, cancellation));

    /// <summary>Makes <c>cancel</c>.</summary>
    public static Command CreateCancel() => Create("cancel", "End a job; what was done is kept.", (jobs, id, cancellation) => jobs.CancelAsync(id, cancellation));

    /// <summary>Makes <c>retry</c>.</summary>
    public static Command CreateRetry()
    {
        var documents = new Option<string[]>("--document") { Description = "Only this document, by its id in the job; may be given several times.", HelpName = "ID" };
        var job = JobArgument();
        var command = new Command("retry", "Queue an ended job again for its failed documents.") { job, documents };
        Give(command, "retry", job, parsed => parsed.GetValue(documents) is { Length: > 0 } ids ? new RetryOrder { RequestIds = ids } : null, (jobs, id, order, cancellation) => jobs.RetryAsync(id, order, cancellation));
        return command;
    }

    private static Command Create(string name, string description, Func<JobsClient, Guid, CancellationToken, Task<Job>> ask)
    {
        var job = JobArgument();
        var command = new Command(name, description) { job };
        Give(command, name, job, _ => null, (jobs, id, _, cancellation) => ask(jobs, id, cancellation));
        return command;
    }

    private static Argument<string> JobArgument() => new("JOB") { Description = "The job: its id, or 6 or more characters of its beginning or its end." };

    private static void Give(
        Command command, string name, Argument<string> argument, Func<ParseResult, RetryOrder?> order, Func<JobsClient, Guid, RetryOrder?, CancellationToken, Task<Job>> ask)
        => new ServerOptions().Give(command, name, async (session, parsed) =>
        {
            var found = await JobLookup.FindAsync(session.Client, parsed.GetValue(argument)!, session.Asked);
            var job = await ask(session.Client.Jobs, found.Id, order(parsed), session.Asked);
            var asked = job.Progress.Requested is { } requested ? $"; asked to {requested.ToString().ToLowerInvariant()}" : "";
            session.Output.Result($"{TerminalText.Clean(job.Name)} ({job.Id}): {job.Status.ToString().ToLowerInvariant()}{asked}");
            session.Output.Json(new { Command = name, ExitCode = ExitCodes.Done, Job = job, Problems = Array.Empty<ProblemJson>() });
            return ExitCodes.Done;
        });
}
