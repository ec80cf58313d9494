using System.CommandLine;
using System.Globalization;
using ClinicFlow.Cli.Output;
using ClinicFlow.Cli.Remote;
using ClinicFlow.Client.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow queue</c>: the queue in figures, and the jobs that wait.</summary>
internal static class QueueCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "Show it as it changes, until Ctrl-C." };
        var command = new Command("queue", "Show the queue: figures over all users, and the jobs that wait: yours, or all for an operator.") { watch };
        new ServerOptions().Give(command, "queue", async (session, parsed) =>
        {
            if (parsed.GetValue(watch) && !session.Output.IsJson)
            {
                await WatchAsync(session);
                return ExitCodes.Done;
            }

            var stats = await session.Client.Queue.GetStatsAsync(session.Asked);
            var jobs = await session.Client.Queue.ListAsync(1_000, session.Asked);
            Show(session.Output, stats, jobs);
            session.Output.Json(new { Command = "queue", ExitCode = ExitCodes.Done, Stats = stats, Jobs = jobs, Problems = Array.Empty<ProblemJson>() });
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task WatchAsync(ServerSession session)
    {
        if (!session.Output.IsTerminal)
        {
            await foreach (var stats in session.Client.Queue.WatchAsync(session.Asked))
            {
                session.Output.Result(Line(stats));
            }

            return;
        }

        await session.Output.Terminal.Live(new Text("")).StartAsync(async display =>
        {
            await foreach (var stats in session.Client.Queue.WatchAsync(session.Asked))
            {
                display.UpdateTarget(Draw(stats, await session.Client.Queue.ListAsync(20, session.Asked)));
            }
        });
    }

    private static void Show(CommandOutput output, QueueStats stats, IReadOnlyList<QueuedJob> jobs)
    {
        if (output.IsTerminal)
        {
            output.Terminal.Write(Draw(stats, jobs));
            return;
        }

        output.Result(Line(stats));
        foreach (var job in jobs)
        {
            output.Result(string.Join('\t', Cells(job)));
        }
    }

    private static Rows Draw(QueueStats stats, IReadOnlyList<QueuedJob> jobs)
    {
        var rows = new List<IRenderable> { new Text(Line(stats)) };
        if (jobs.Count > 0)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("", "Job", "Name", "Urgency", "Waits since", "Starts about");
            foreach (var job in jobs)
            {
                table.AddRow([.. Cells(job).Select(cell => Markup.Escape(cell))]);
            }

            rows.Add(table);
        }

        return new Rows(rows);
    }

    private static string Line(QueueStats stats)
    {
        var urgencies = string.Join(", ", stats.Queued.Where(pair => pair.Value > 0).OrderByDescending(pair => pair.Key).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} {pair.Key.ToString().ToLowerInvariant()}")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{stats.TotalQueued} of {stats.MaxQueueSize} queued{(urgencies.Length > 0 ? $" ({urgencies})" : "")}, {stats.Processing} of {stats.MaxConcurrentJobs} processing, {stats.Paused} paused; {stats.WaitingDocuments} documents to make, {stats.DocumentsPerMinute:0} a minute");
    }

    private static string[] Cells(QueuedJob job) =>
    [
        job.Position.ToString(CultureInfo.InvariantCulture), job.JobId.ToString(), TerminalText.Clean(job.Name), job.Priority.ToString().ToLowerInvariant(),
        job.QueuedAt.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture), job.EstimatedStartTime?.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? "",
    ];
}
