namespace ClinicFlow.Batch.Processing;

/// <summary>How many documents were done in each of the last 60 minutes. For any number of threads.</summary>
internal sealed class HourMeter(TimeProvider time)
{
    private const int Minutes = 60;

    private readonly Lock _gate = new();
    private readonly int[] _counts = new int[Minutes];
    private readonly long _start = time.GetTimestamp();
    private long _minute;

    /// <summary>The counts, the oldest first; the last is the minute that runs.</summary>
    public IReadOnlyList<int> Counts
    {
        get
        {
            lock (_gate)
            {
                MoveOn();
                return [.. Enumerable.Range(1, Minutes).Select(i => _counts[(_minute + i) % Minutes])];
            }
        }
    }

    /// <summary>Some documents more are done.</summary>
    public void Add(int documents)
    {
        lock (_gate)
        {
            MoveOn();
            _counts[_minute % Minutes] += documents;
        }
    }

    private void MoveOn()
    {
        var now = (long)time.GetElapsedTime(_start).TotalMinutes;
        for (var left = Math.Min(now - _minute, Minutes); left > 0; left--)
        {
            _counts[(now - left + 1) % Minutes] = 0;
        }

        _minute = Math.Max(_minute, now);
    }
}
