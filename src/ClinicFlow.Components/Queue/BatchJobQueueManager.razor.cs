using System.Globalization;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Components.Parts;
using ClinicFlow.Components.Queue;
using ClinicFlow.Components.Words;
using Microsoft.AspNetCore.Components;

namespace ClinicFlow.Components;

/// <summary>What runs, what waits and in which order, how fast it goes, and what was done: one's own, or all for an operator.</summary>
public sealed partial class BatchJobQueueManager : IAsyncDisposable
{
    private const int MostJobs = 200;
    private const string PauseAction = "pause";
    private const string RemoveAction = "remove";
    private const string DeleteAction = "delete";

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(400);

    private readonly CancellationTokenSource _gone = new();

    // Good for asking still when its source is disposed: what was begun may go on for a moment after the page was left.
    private readonly CancellationToken _isGone;

    private readonly QueueBoard _board = new();
    private Confirm _confirm = null!;
    private JobHistory? _history;
    private QueueStats? _stats;
    private IReadOnlyList<int> _lastHour = [];
    private Trouble? _trouble;
    private Trouble? _actionTrouble;
    private DateTimeOffset _seenAt;
    private JobPriority? _over;
    private Guid? _dragged;
    private string _announcement = "";
    private bool _isAway;
    private bool _isLoading;
    private bool _isLoadWanted;
    private int _ended = -1;

    /// <summary>Made by the page.</summary>
    public BatchJobQueueManager() => _isGone = _gone.Token;

    /// <summary>Somebody wants to see a job.</summary>
    [Parameter]
    public EventCallback<Guid> OnJobSelected { get; set; }

    /// <summary>How often the lists are read again where nothing was pushed: one second to ten minutes. Default 5 seconds.</summary>
    [Parameter]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(5);

    [Inject]
    private ClinicFlowClient Client { get; set; } = null!;

    [Inject]
    private Reader Reader { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    private TimeSpan Interval => TimeSpan.FromSeconds(Math.Clamp(RefreshInterval.TotalSeconds, 1, 600));

    /// <inheritdoc/>
    protected override void OnInitialized() => Client.Live.Changed += OnLiveChanged;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Reader.LoadAsync();
            await LoadAsync();
            StateHasChanged();
            _ = RefreshAsync();
            _ = WatchJobsAsync();
            _ = WatchQueueAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Live.Changed -= OnLiveChanged;
        await _gone.CancelAsync();
        _gone.Dispose();
    }

    private static string Share(double part, double whole) => $"inline-size: {(whole <= 0 ? 0 : Math.Clamp(part / whole * 100, 0, 100)).ToString("0.##", CultureInfo.InvariantCulture)}%";

    private string StartText(QueuedJob job) => job.EstimatedStartTime is { } start
        ? $"Starts {Durations.Until(start - Time.GetUtcNow())} ({Reader.Time(start)})"
        : $"Waiting since {Reader.Time(job.QueuedAt)}";

    private async Task LoadAsync()
    {
        // One reading at a time; what is asked for meanwhile is read after it.
        if (_isLoading)
        {
            _isLoadWanted = true;
            return;
        }

        _isLoading = true;
        try
        {
            do
            {
                _isLoadWanted = false;
                var (stats, metrics, waiting) = (Client.Queue.GetStatsAsync(_isGone), Client.Queue.GetMetricsAsync(_isGone), Client.Queue.ListAsync(MostJobs, _isGone));
                var active = Client.Jobs.ListAsync(new JobFilter { Statuses = [JobStatus.Processing, JobStatus.Paused], Count = MostJobs }, _isGone);
                await Task.WhenAll(stats, metrics, waiting, active);
                var before = _board.Running.Count + _board.Paused.Count + _board.Waiting.Count;
                _board.Take((await active).Items, await waiting);
                (_stats, _lastHour, _trouble, _seenAt) = (await stats, (await metrics).LastHour, null, Time.GetUtcNow());
                var now = _board.Running.Count + _board.Paused.Count + _board.Waiting.Count;
                if (_history is not null && _ended >= 0 && now < before)
                {
                    await _history.LoadAsync();
                }

                _ended = now;
            }
            while (_isLoadWanted);
        }
        catch (Exception e) when (Trouble.IsOne(e))
        {
            _trouble = Trouble.Of(e);
        }
        catch (OperationCanceledException)
        {
            // The page is left.
        }
        finally
        {
            _isLoading = false;
        }
    }

    private async Task RefreshAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, Time, _isGone);
                await LoadAsync();
                StateHasChanged();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The page is left.
        }
    }

    /// <summary>One's own jobs move as they do; those of others at each reading.</summary>
    private Task WatchJobsAsync() => WatchAsync(Client.Jobs.WatchMyJobsAsync(_isGone), async step =>
    {
        if (_board.Take(step))
        {
            await Task.Delay(Soon, Time, _isGone);
            await LoadAsync();
        }
    });

    private Task WatchQueueAsync() => WatchAsync(Client.Queue.WatchAsync(_isGone), stats =>
    {
        _stats = stats;
        return Task.CompletedTask;
    });

    private async Task WatchAsync<T>(IAsyncEnumerable<T> steps, Func<T, Task> take)
    {
        var shown = Time.GetTimestamp();
        try
        {
            await foreach (var step in steps)
            {
                await take(step);
                _seenAt = Time.GetUtcNow();
                if (Time.GetElapsedTime(shown) > TimeSpan.FromMilliseconds(150))
                {
                    shown = Time.GetTimestamp();
                    StateHasChanged();
                }
            }
        }
        catch (Exception e) when (Trouble.IsOne(e) || e is OperationCanceledException or ObjectDisposedException)
        {
            // The lists are read at intervals anyhow, and say what is wrong.
        }
    }

    private void OnLiveChanged(object? sender, EventArgs e) => _ = InvokeAsync(() =>
    {
        _isAway = Client.Live.IsAway;
        StateHasChanged();
    });

    private void Over(JobPriority? priority) => _over = _dragged is null ? null : priority;

    private Task DropAsync(JobPriority priority)
    {
        var dragged = _dragged;
        (_dragged, _over) = (null, null);
        return dragged is { } id && _board.Waiting.FirstOrDefault(job => job.JobId == id) is { } job ? MoveAsync(id, job.Name, priority) : Task.CompletedTask;
    }

    private async Task MoveAsync(Guid id, string name, JobPriority priority)
    {
        // Shown at once; the server's order is read after it.
        if (_board.Move(id, priority) is { } place)
        {
            await DoAsync(() => Client.Jobs.SetPriorityAsync(id, priority), $"{name} has {StateWords.Of(priority)} priority now, and is number {place} in the queue.");
        }
    }

    private async Task ActAsync(Guid id, string name, string action)
    {
        var question = action switch
        {
            "cancel" => new Question($"Cancel “{name}”?", "What is not done yet will not be made. The documents that are done are kept.", "Cancel the batch", "Keep it going"),
            RemoveAction => new Question($"Remove “{name}” from the queue?", "It is cancelled: its documents will not be made.", "Remove it", "Keep it"),
            DeleteAction => new Question($"Delete “{name}”?", "Its documents are removed for good. Download them first if they are still needed.", "Delete the batch", "Keep it"),
            _ => null,
        };
        if (question is null || await _confirm.AskAsync(question))
        {
            await DoAsync(
                () => action switch
                {
                    PauseAction => Client.Jobs.PauseAsync(id),
                    "resume" => Client.Jobs.ResumeAsync(id),
                    DeleteAction => Client.Jobs.DeleteAsync(id),
                    _ => Client.Jobs.CancelAsync(id),
                },
                action switch { PauseAction => $"{name} is paused.", "resume" => $"{name} goes on.", DeleteAction => $"{name} was deleted.", _ => $"{name} was cancelled." });
            if (_history is not null && action is not (PauseAction or "resume"))
            {
                await _history.LoadAsync();
            }
        }
    }

    private async Task DoAsync(Func<Task> act, string announcement)
    {
        _actionTrouble = null;
        try
        {
            await act();
            _announcement = announcement;
        }
        catch (Exception e) when (Trouble.IsOne(e))
        {
            _actionTrouble = Trouble.Of(e);
        }

        await LoadAsync();
        StateHasChanged();
    }
}
