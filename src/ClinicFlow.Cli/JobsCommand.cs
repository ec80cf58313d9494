using System.CommandLine;
using System.Globalization;
using ClinicFlow.Cli.Output;
using ClinicFlow.Cli.Remote;
using ClinicFlow.Client.Contracts;
using Spectre.Console;

namespace ClinicFlow.Cli;

/// <summary><c>clinicflow jobs</c>: lists jobs, the newest first.</summary>
internal static class JobsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var status = new Option<JobStatus[]>("--status") { Description = "Only in this state; may be given several times.", HelpName = "queued|processing|paused|completed|failed|cancelled" };
        var priority = new Option<JobPriority[]>("--priority") { Description = "Only of this urgency; may be given several times.", HelpName = "low|normal|high|urgent" };
        var text = new Option<string?>("--text") { Description = "Only with this in name or description.", HelpName = "TEXT" };
        var count = new Option<int>("--count", "-n") { Description = "How many at most.", HelpName = "N", DefaultValueFactory = _ => 50 };
        var command = new Command("jobs", "List jobs, the newest first: yours, or all for an operator.") { status, priority, text, count };
        new ServerOptions().Give(command, "jobs", async (session, parsed) =>
        {
            var most = parsed.GetValue(count);
            var filter = new JobFilter { Statuses = parsed.GetValue(status) ?? [], Priorities = parsed.GetValue(priority) ?? [], Text = parsed.GetValue(text), Count = Math.Clamp(most, 1, 200) };
            var jobs = new List<Job>();
            await foreach (var job in session.Client.Jobs.ListAllAsync(filter, session.Asked))
            {
                if (jobs.Count >= most)
                {
                    break;
                }

                jobs.Add(job);
            }

            Show(session.Output, jobs);
            session.Output.Json(new { Command = "jobs", ExitCode = ExitCodes.Done, Jobs = jobs, Problems = Array.Empty<ProblemJson>() });
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Show(CommandOutput output, List<Job> jobs)
    {
        if (output.IsTerminal && jobs.Count > 0)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("Job", "Name", "State", "Urgency", "Documents", "Failed", "Created");
            foreach (var job in jobs)
            {
                table.AddRow([.. Cells(job).Select(cell => Markup.Escape(cell))]);
            }

            output.Terminal.Write(table);
            return;
        }

        foreach (var job in jobs)
        {
            output.Result(string.Join('\t', Cells(job)));
        }
    }

    private static string[] Cells(Job job) =>
    [
        job.Id.ToString(), TerminalText.Clean(job.Name), job.Status.ToString().ToLowerInvariant(), job.Priority.ToString().ToLowerInvariant(),
        string.Create(CultureInfo.InvariantCulture, $"{job.Progress.Processed}/{job.Progress.Total}"), job.Progress.Failed.ToString(CultureInfo.InvariantCulture),
        job.CreatedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
    ];
}
