namespace ClinicFlow.Batch.Queue;

/// <summary>A running job, for the estimate.</summary>
/// <param name="Left">How many documents it still makes.</param>
/// <param name="DocumentsPerMinute">How many it makes a minute; 0 where nothing is measured yet.</param>
internal readonly record struct RunningLoad(int Left, double DocumentsPerMinute);

/// <summary>A waiting job, for the estimate.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Left">How many documents it makes.</param>
/// <param name="Estimate">What was estimated before.</param>
internal readonly record struct WaitingLoad(Guid JobId, int Left, DateTimeOffset? Estimate);

/// <summary>What the estimate goes by.</summary>
/// <param name="Running">The running jobs.</param>
/// <param name="Waiting">The waiting ones, in their order.</param>
/// <param name="UsualDocumentsPerMinute">What the last jobs made a minute each; 0 where there was none.</param>
internal sealed record QueueLoad(IReadOnlyList<RunningLoad> Running, IReadOnlyList<WaitingLoad> Waiting, double UsualDocumentsPerMinute);

/// <summary>When waiting jobs will start: each takes the place that becomes free first.</summary>
internal static class StartEstimate
{
    /// <summary>Estimates the start of each waiting job; null where no rate is known.</summary>
    public static IReadOnlyList<(Guid JobId, DateTimeOffset? Start)> Of(QueueLoad load, int places, DateTimeOffset now)
    {
        var rates = load.Running.Where(job => job.DocumentsPerMinute > 0).Select(job => job.DocumentsPerMinute).ToArray();
        var usual = rates.Length > 0 ? rates.Average() : load.UsualDocumentsPerMinute;
        if (usual <= 0)
        {
            return [.. load.Waiting.Select((job, at) => (job.JobId, at < places - load.Running.Count ? now : (DateTimeOffset?)null))];
        }

        var free = new PriorityQueue<int, double>();
        for (var place = 0; place < places; place++)
        {
            var minutes = place < load.Running.Count ? load.Running[place].Left / (load.Running[place].DocumentsPerMinute > 0 ? load.Running[place].DocumentsPerMinute : usual) : 0;
            free.Enqueue(place, minutes);
        }

        var starts = new List<(Guid, DateTimeOffset?)>(load.Waiting.Count);
        foreach (var job in load.Waiting)
        {
            free.TryDequeue(out var place, out var minutes);
            starts.Add((job.JobId, now.AddMinutes(Math.Min(minutes, 525_600))));
            free.Enqueue(place, minutes + (job.Left / usual));
        }

        return starts;
    }
}
