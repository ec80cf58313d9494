using System.Globalization;
using ClinicFlow.Cli.Generate;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ClinicFlow.Cli.Output;

/// <summary>Shows how far a run is: a bar for a person, a line every few seconds for a log.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    /// <summary>Shows progress until the work ends, and gives its result.</summary>
    public static async Task<T> ShowAsync<T>(CommandOutput output, RunCounters counters, Func<Task<T>> work)
    {
        if (!output.ShowsProgress)
        {
            return await work();
        }

        return output.IsTerminal ? await ShowBarAsync(output, counters, work) : await ShowLinesAsync(output, counters, work);
    }

    private static Task<T> ShowBarAsync<T>(CommandOutput output, RunCounters counters, Func<Task<T>> work)
        => output.Terminal.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new FiguresColumn(counters), new RemainingTimeColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask("Documents", maxValue: Math.Max(1, counters.Total ?? 1));
                bar.IsIndeterminate = counters.Total is null;
                var running = work();
                while (await Task.WhenAny(running, Task.Delay(100)) != running)
                {
                    bar.Value = counters.Total is null ? 0 : counters.Settled;
                    bar.Description = counters.Phase;
                }

                bar.Value = counters.Total is null ? 0 : counters.Settled;
                return await running;
            });

    private static async Task<T> ShowLinesAsync<T>(CommandOutput output, RunCounters counters, Func<Task<T>> work)
    {
        var running = work();
        while (await Task.WhenAny(running, Task.Delay(LineEvery)) != running)
        {
            output.Note(counters.Settled == counters.Total ? $"{counters.Phase} …" : Line(counters));
        }

        return await running;
    }

    private static string Line(RunCounters counters)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{counters.Settled}{(counters.Total is { } of ? $" of {of}" : "")} rows, {counters.Failed} failed, {counters.PerSecond:0.0} documents a second");
        return Remaining(counters) is { } left ? $"{line}, {left:hh\\:mm\\:ss} left" : line;
    }

    private static TimeSpan? Remaining(RunCounters counters)
    {
        var now = counters.Settled - counters.Resumed;
        return counters.Total is { } total && now > 0 ? counters.Elapsed * ((total - counters.Settled) / (double)now) : null;
    }

    /// <summary>The count and the speed, beside the bar.</summary>
    private sealed class FiguresColumn(RunCounters counters) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            var failed = counters.Failed == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {counters.Failed} failed");
            return new Text(string.Create(CultureInfo.InvariantCulture, $"{counters.Settled}{(counters.Total is { } total ? $"/{total}" : "")}{failed}  {counters.PerSecond:0.0} docs/s"));
        }
    }
}
