using System.Collections.Concurrent;
using System.Globalization;
using ClinicFlow.Cli.Output;
using ClinicFlow.Client.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ClinicFlow.Cli.Remote;

/// <summary>Where the jobs are that are watched: a bar each for a person, a line every few seconds for a log. Written by the watches, read by the display.</summary>
internal sealed class JobBoard
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, JobProgress> _steps = new();
    private readonly ConcurrentDictionary<Guid, string> _names = new();
    private readonly ConcurrentQueue<Guid> _order = new();

    /// <summary>Where the jobs are, in the order in which they came up.</summary>
    public IReadOnlyList<JobProgress> Steps => [.. _order.Select(id => _steps[id])];

    /// <summary>Names a job.</summary>
    public void Name(Guid id, string name) => _names[id] = TerminalText.Clean(name);

    /// <summary>Sets where a job is.</summary>
    public void Set(JobProgress step)
    {
        if (_steps.TryAdd(step.JobId, step))
        {
            _order.Enqueue(step.JobId);
        }
        else
        {
            _steps[step.JobId] = step;
        }
    }

    /// <summary>Whether a job has ended.</summary>
    public static bool IsEnded(JobProgress step) => step.Status is JobStatus.Completed or JobStatus.Failed or JobStatus.Cancelled;

    /// <summary>Whether a job has ended and every document is there.</summary>
    public static bool IsGood(JobProgress step) => step.Status == JobStatus.Completed && step.Failed == 0;

    /// <summary>Shows the board until the work ends.</summary>
    public async Task ShowAsync(CommandOutput output, Func<Task> work)
    {
        if (!output.ShowsProgress)
        {
            await work();
        }
        else if (output.IsTerminal)
        {
            await ShowBarsAsync(output, work);
        }
        else
        {
            await ShowLinesAsync(output, work);
        }
    }

    /// <summary>How a job is, in a line.</summary>
    public string Line(JobProgress step)
    {
        var name = _names.GetValueOrDefault(step.JobId, step.JobId.ToString());
        return $"{name}: {StateOf(step)}, {Figures(step)}{(step.RemainingSeconds is { } left && !IsEnded(step) ? $", {Time(left)} left" : "")}{(step.Message is { } message ? $" ({TerminalText.Clean(message)})" : "")}";
    }

    private Task ShowBarsAsync(CommandOutput output, Func<Task> work)
    {
        var shown = new ConcurrentDictionary<int, Guid>();
        JobProgress? StepOf(ProgressTask bar) => shown.TryGetValue(bar.Id, out var id) ? _steps.GetValueOrDefault(id) : null;
        return output.Terminal.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(),
                new StepColumn(bar => StepOf(bar) is { } step ? Figures(step) : ""),
                new StepColumn(bar => StepOf(bar) is { } step ? IsEnded(step) || step.RemainingSeconds is null ? StateOf(step) : $"{Time(step.RemainingSeconds.Value)} left" : ""))
            .StartAsync(async context =>
            {
                var bars = new Dictionary<Guid, ProgressTask>();
                void Draw()
                {
                    foreach (var step in Steps)
                    {
                        if (!bars.TryGetValue(step.JobId, out var bar))
                        {
                            bar = context.AddTask(Markup.Escape(_names.GetValueOrDefault(step.JobId, "")), maxValue: 100);
                            bars.Add(step.JobId, bar);
                            shown[bar.Id] = step.JobId;
                        }

                        bar.Description = Markup.Escape(_names.GetValueOrDefault(step.JobId, ""));

                        // A bar at its end stops: 100 is shown when the job has ended.
                        bar.Value = IsEnded(step) ? step.Percent : Math.Min(99.9, step.Percent);
                    }
                }

                var running = work();
                while (await Task.WhenAny(running, Task.Delay(100)) != running)
                {
                    Draw();
                }

                Draw();
                await running;
            });
    }

    private async Task ShowLinesAsync(CommandOutput output, Func<Task> work)
    {
        var said = new Dictionary<Guid, JobProgress>();
        void Say()
        {
            foreach (var step in Steps.Where(step => said.GetValueOrDefault(step.JobId) != step))
            {
                said[step.JobId] = step;
                output.Note(Line(step));
            }
        }

        var running = work();
        while (await Task.WhenAny(running, Task.Delay(LineEvery)) != running)
        {
            Say();
        }

        Say();
        await running;
    }

    private static string Figures(JobProgress step)
        => string.Create(CultureInfo.InvariantCulture, $"{step.Processed}/{step.Total}{(step.Failed > 0 ? $", {step.Failed} failed" : "")}{(step.DocumentsPerMinute > 0 && !IsEnded(step) ? $", {step.DocumentsPerMinute:0} a minute" : "")}");

    private static string StateOf(JobProgress step) => step.Requested switch
    {
        JobControl.Pause => "pausing",
        JobControl.Cancel => "cancelling",
        _ => step.Status.ToString().ToLowerInvariant(),
    };

    private static string Time(double seconds) => TimeSpan.FromSeconds(Math.Ceiling(Math.Min(seconds, TimeSpan.FromDays(99).TotalSeconds))).ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture)[(seconds < 86_400 ? 2 : 0)..];

    private sealed class StepColumn(Func<ProgressTask, string> text) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(text(task));
    }
}
