using System.Globalization;
using ClinicFlow.Client;
using ClinicFlow.Client.Contracts;
using ClinicFlow.Components.Parts;
using ClinicFlow.Components.Tracker;
using ClinicFlow.Components.Words;
using Microsoft.AspNetCore.Components;

namespace ClinicFlow.Components;

/// <summary>Why a job cannot be shown, or did not succeed.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Code">A stable code, such as <c>not-found</c>, <c>job-failed</c> or <c>unreachable</c>.</param>
/// <param name="Message">The same for people.</param>
public sealed record JobError(Guid JobId, string Code, string Message);

/// <summary>One job as it moves: how far it is, its documents, what failed and why, and what can be done with it.</summary>
public sealed partial class BatchJobProgressTracker : IAsyncDisposable
{
    private static readonly TimeSpan ShowDelay = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan TableDelay = TimeSpan.FromSeconds(2);

    private CancellationTokenSource? _watching;
    private Guid _watchedJobId;
    private JobView? _view;
    private Confirm _confirm = null!;
    private DocumentTable? _table;
    private Trouble? _trouble;
    private Trouble? _actionTrouble;
    private DateTimeOffset _seenAt;
    private long _tableAt;
    private bool _isShowing;
    private bool _isActing;
    private bool _isAway;
    private bool _isOwn;

    /// <summary>The job to show.</summary>
    [Parameter]
    [EditorRequired]
    public Guid JobId { get; set; }

    /// <summary>The job was seen to end with documents made, some of which may have failed; not called for a job that had ended before.</summary>
    [Parameter]
    public EventCallback<Job> OnJobComplete { get; set; }

    /// <summary>The job was seen to fail, or cannot be shown.</summary>
    [Parameter]
    public EventCallback<JobError> OnJobError { get; set; }

    /// <summary>The job was deleted here.</summary>
    [Parameter]
    public EventCallback<Guid> OnJobDeleted { get; set; }

    [Inject]
    private ClinicFlowClient Client { get; set; } = null!;

    [Inject]
    private ApiAddresses Addresses { get; set; } = null!;

    [Inject]
    private Reader Reader { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized() => Client.Live.Changed += OnLiveChanged;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        // Runs at every render of the parent, so look before watching again.
        if (_watchedJobId != JobId)
        {
            _watchedJobId = JobId;
            await RestartAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Reader.LoadAsync();
            StateHasChanged();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Live.Changed -= OnLiveChanged;
        await StopAsync();
    }

    private static string Width(double share, double of) => $"inline-size: {(of <= 0 ? 0 : Math.Clamp(share / of * 100, 0, 100)).ToString("0.###", CultureInfo.InvariantCulture)}%";

    private static double Rate(JobProgress progress)
        => progress.Status == JobStatus.Processing ? progress.DocumentsPerMinute : progress.ElapsedSeconds > 1 ? progress.Processed / progress.ElapsedSeconds * 60 : 0;

    private string Width(int count) => Width(count, _view!.Progress.Total);

    private async Task StopAsync()
    {
        if (_watching is { } watching)
        {
            _watching = null;
            await watching.CancelAsync();
            watching.Dispose();
        }
    }

    private Task RestartAsync() => RestartAsync(isBegunAgain: false);

    private async Task RestartAsync(bool isBegunAgain)
    {
        await StopAsync();
        if (_view?.Job.Id != JobId)
        {
            _view = null;
        }

        (_trouble, _actionTrouble) = (null, null);
        _watching = new CancellationTokenSource();
        _ = WatchAsync(JobId, isBegunAgain, _watching.Token);
    }

    /// <summary>Follows the job to its end. Runs on the renderer's thread between awaits, so nothing here is seen half done.</summary>
    private async Task WatchAsync(Guid id, bool isBegunAgain, CancellationToken cancellation)
    {
        try
        {
            var job = await Client.Jobs.GetAsync(id, cancellation);
            // What was begun again here is told to end, also where it did so before it could be looked at.
            var hadEnded = !isBegunAgain && JobView.HasEnded(job.Status) && (_view is null || _view.IsEnded);
            Show(job);
            _isOwn = (await Client.Session.GetAsync(cancellation)).Id == job.CreatedBy;
            StateHasChanged();
            await foreach (var step in Client.Jobs.WatchAsync(id, cancellation))
            {
                _seenAt = Time.GetUtcNow();
                if (_view!.Take(step))
                {
                    Show(await Client.Jobs.GetAsync(id, cancellation));
                    StateHasChanged();
                }

                _ = ShowSoonAsync(cancellation);
            }

            Show(await Client.Jobs.GetAsync(id, cancellation));
            await RefreshTableAsync();
            StateHasChanged();
            if (!hadEnded && _view!.IsEnded)
            {
                await TellEndAsync(_view.Job);
            }
        }
        catch (OperationCanceledException)
        {
            // Another job is watched, or the page is left.
        }
        catch (Exception e) when (Trouble.IsOne(e))
        {
            if (!cancellation.IsCancellationRequested)
            {
                _trouble = Trouble.Of(e);
                StateHasChanged();
                await OnJobError.InvokeAsync(new JobError(id, _trouble.Code, _trouble.Title));
            }
        }
        catch (Exception e)
        {
            // Nobody waits for this task: what is our own mistake goes where those of rendering go.
            await DispatchExceptionAsync(e);
        }
    }

    private Task TellEndAsync(Job job) => job.Status switch
    {
        JobStatus.Completed => OnJobComplete.InvokeAsync(job),
        JobStatus.Failed => OnJobError.InvokeAsync(new JobError(job.Id, job.ErrorCode ?? "job-failed", job.ErrorMessage ?? "No document could be made.")),
        _ => Task.CompletedTask,
    };

    private void Show(Job job)
    {
        _seenAt = Time.GetUtcNow();
        if (_view is null || _view.Job.Id != job.Id)
        {
            _view = new JobView(job);
        }
        else
        {
            _view.Take(job);
        }
    }

    /// <summary>Steps come faster than anybody reads: they are shown together.</summary>
    private async Task ShowSoonAsync(CancellationToken cancellation)
    {
        if (_isShowing)
        {
            return;
        }

        _isShowing = true;
        await Task.Delay(ShowDelay, Time, CancellationToken.None);
        _isShowing = false;
        if (cancellation.IsCancellationRequested)
        {
            return;
        }

        StateHasChanged();
        if (_tableAt == 0 || Time.GetElapsedTime(_tableAt) > TableDelay)
        {
            _tableAt = Time.GetTimestamp();
            await RefreshTableAsync();
        }
    }

    private Task RefreshTableAsync() => _table?.RefreshAsync() ?? Task.CompletedTask;

    private void OnLiveChanged(object? sender, EventArgs e) => _ = InvokeAsync(() =>
    {
        _isAway = Client.Live.IsAway;
        StateHasChanged();
    });

    private async Task ActAsync(JobAction action)
    {
        var progress = _view!.Progress;
        var left = progress.Total - progress.Processed;
        var question = action.Name switch
        {
            "cancel" => new Question("Cancel this batch?", $"{Reader.Number(left)} {(left == 1 ? "document" : "documents")} will not be made. The {Reader.Number(progress.Succeeded)} that are done are kept.", "Cancel the batch", "Keep it going"),
            "delete" => new Question("Delete this batch?", $"Its {Reader.Number(progress.Succeeded)} documents are removed for good. Download them first if they are still needed.", "Delete the batch", "Keep it"),
            _ => null,
        };
        if (question is not null && !await _confirm.AskAsync(question))
        {
            return;
        }

        await DoAsync(async () =>
        {
            switch (action.Name)
            {
                case "delete":
                    await Client.Jobs.DeleteAsync(JobId);
                    await StopAsync();
                    _view = null;
                    _trouble = new Trouble("deleted", "The batch was deleted.", "", [], null);
                    await OnJobDeleted.InvokeAsync(JobId);
                    break;
                case "pause":
                    Show(await Client.Jobs.PauseAsync(JobId));
                    break;
                case "resume":
                    Show(await Client.Jobs.ResumeAsync(JobId));
                    break;
                case "cancel":
                    Show(await Client.Jobs.CancelAsync(JobId));
                    break;
                default:
                    await RetryNowAsync(null);
                    break;
            }
        });
    }

    private Task RetryAsync(IReadOnlyList<string>? requestIds) => DoAsync(() => RetryNowAsync(requestIds));

    private async Task RetryNowAsync(IReadOnlyList<string>? requestIds)
    {
        Show(await Client.Jobs.RetryAsync(JobId, requestIds is null ? null : new RetryOrder { RequestIds = requestIds }));

        // The job begins again: so does watching it.
        await RestartAsync(isBegunAgain: true);
    }

    private async Task DoAsync(Func<Task> act)
    {
        if (_isActing)
        {
            return;
        }

        (_isActing, _actionTrouble) = (true, null);
        StateHasChanged();
        try
        {
            await act();
        }
        catch (Exception e) when (Trouble.IsOne(e))
        {
            _actionTrouble = Trouble.Of(e);
            if (e is ClinicFlowApiException { Code: "job-state" })
            {
                Show(await Client.Jobs.GetAsync(JobId));
            }
        }
        finally
        {
            _isActing = false;
            StateHasChanged();
        }
    }
}
