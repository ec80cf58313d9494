using System.CommandLine;
using ClinicFlow.Cli.Output;
using ClinicFlow.Cli.Remote;
using ClinicFlow.Client.Contracts;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow watch</c>: live progress of jobs until they have ended.</summary>
internal static class WatchCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var jobs = new Argument<string[]>("JOB") { Description = "Jobs: their ids, or 6 or more characters of the beginning or the end of one. All of yours that have not ended where none is named.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("watch", "Show how far jobs are, until they have ended. Exit code 1 where a document failed.") { jobs };
        new ServerOptions().Give(command, "watch", async (session, parsed) =>
        {
            var board = new JobBoard();
            var watched = parsed.GetValue(jobs) is { Length: > 0 } named
                ? await JobLookup.FindAllAsync(session.Client, named, session.Asked)
                : await MineUnderWayAsync(session);
            await WatchAsync(session, watched, board);
            if (watched.Count == 0)
            {
                session.Output.Note("None of your jobs is under way.");
            }

            return End(session.Output, "watch", board);
        });
        return command;
    }

    /// <summary>Watches jobs until all have ended.</summary>
    public static Task WatchAsync(ServerSession session, IReadOnlyList<Job> jobs, JobBoard board)
    {
        foreach (var job in jobs)
        {
            board.Name(job.Id, job.Name);
            board.Set(job.Progress);
        }

        return board.ShowAsync(session.Output, () => Task.WhenAll(jobs.Select(async job =>
        {
            await foreach (var step in session.Client.Jobs.WatchAsync(job.Id, session.Asked))
            {
                board.Set(step);
            }
        })));
    }

    /// <summary>How the jobs ended, in words and as JSON.</summary>
    public static int End(CommandOutput output, string command, JobBoard board)
    {
        var exitCode = board.Steps.All(JobBoard.IsGood) ? ExitCodes.Done : ExitCodes.SomeFailed;
        foreach (var step in board.Steps)
        {
            output.Result(board.Line(step));
        }

        output.Json(new { Command = command, ExitCode = exitCode, Jobs = board.Steps, Problems = Array.Empty<ProblemJson>() });
        return exitCode;
    }

    /// <summary>
    /// One's own jobs that have not ended. Each is then watched by itself: one that ends between this list and the watch
    /// is told as ended, where the stream of all jobs would say nothing of it any more.
    /// </summary>
    private static async Task<IReadOnlyList<Job>> MineUnderWayAsync(ServerSession session)
    {
        var mine = (await session.Client.Session.GetAsync(session.Asked)).Id;
        var jobs = new List<Job>();
        await foreach (var job in session.Client.Jobs.ListAllAsync(new JobFilter { Statuses = [JobStatus.Queued, JobStatus.Processing, JobStatus.Paused], CreatedBy = mine, Count = 200 }, session.Asked))
        {
            jobs.Add(job);
        }

        return jobs;
    }
}
