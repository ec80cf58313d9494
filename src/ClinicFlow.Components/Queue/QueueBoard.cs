using ClinicFlow.Client.Contracts;
using ClinicFlow.Components.Tracker;

namespace ClinicFlow.Components.Queue;

/// <summary>What runs, is paused and waits, as it is shown: what was read last, with the steps that were pushed since.</summary>
public sealed class QueueBoard
{
    private readonly Dictionary<Guid, JobView> _active = [];
    private List<QueuedJob> _waiting = [];

    /// <summary>The jobs that run, those that began first on top.</summary>
    public IReadOnlyList<JobView> Running => [.. _active.Values.Where(view => view.Progress.Status == JobStatus.Processing).OrderBy(view => view.Progress.StartedAt ?? view.Job.CreatedAt)];

    /// <summary>The jobs that are paused.</summary>
    public IReadOnlyList<JobView> Paused => [.. _active.Values.Where(view => view.Progress.Status == JobStatus.Paused).OrderBy(view => view.Job.CreatedAt)];

    /// <summary>The jobs that wait, in their order.</summary>
    public IReadOnlyList<QueuedJob> Waiting => _waiting;

    /// <summary>The jobs that wait with an urgency, in their order.</summary>
    public IReadOnlyList<QueuedJob> Lane(JobPriority priority) => [.. _waiting.Where(job => job.Priority == priority)];

    /// <summary>Takes what was read anew.</summary>
    public void Take(IReadOnlyList<Job> active, IReadOnlyList<QueuedJob> waiting)
    {
        ArgumentNullException.ThrowIfNull(active);
        ArgumentNullException.ThrowIfNull(waiting);
        foreach (var gone in _active.Keys.Except(active.Select(job => job.Id)).ToArray())
        {
            _active.Remove(gone);
        }

        foreach (var job in active)
        {
            if (_active.TryGetValue(job.Id, out var view))
            {
                view.Take(job);
            }
            else
            {
                _active[job.Id] = new JobView(job);
            }
        }

        _waiting = [.. waiting];
    }

    /// <summary>Takes a step of one job.</summary>
    /// <returns>Whether the lists have to be read again: a job began, was paused, or ended.</returns>
    public bool Take(JobProgress step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return _active.TryGetValue(step.JobId, out var view) ? view.Take(step) : step.Status is JobStatus.Processing or JobStatus.Paused || (step.Status == JobStatus.Queued && _waiting.TrueForAll(job => job.JobId != step.JobId));
    }

    /// <summary>Moves a waiting job to another urgency, to the end of those that have it, as the server will; places are counted anew.</summary>
    /// <returns>Its new place; null where it does not wait, or has this urgency already.</returns>
    public int? Move(Guid id, JobPriority priority)
    {
        if (_waiting.Find(job => job.JobId == id) is not { } job || job.Priority == priority)
        {
            return null;
        }

        _waiting.Remove(job);
        var at = _waiting.FindLastIndex(other => other.Priority >= priority) + 1;
        _waiting.Insert(at, job with { Priority = priority, EstimatedStartTime = null });
        for (var i = 0; i < _waiting.Count; i++)
        {
            _waiting[i] = _waiting[i] with { Position = i + 1 };
        }

        return at + 1;
    }
}
