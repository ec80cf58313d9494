namespace ClinicFlow.Batch.Progress;

/// <summary>How many documents a minute are made, smoothed over about half a minute. Used by one loop.</summary>
internal sealed class RateMeter(TimeProvider time, double perMinute)
{
    private const double SmoothingSeconds = 30;

    private readonly long _start = time.GetTimestamp();
    private long _last = time.GetTimestamp();
    private double _perSecond = perMinute / 60;
    private double _weight = perMinute > 0 ? 1 : 0;

    /// <summary>Documents a minute; 0 before anything is known.</summary>
    public double PerMinute => _weight > 0 ? _perSecond / _weight * 60 : 0;

    /// <summary>Some documents more are done.</summary>
    public void Add(int documents)
    {
        var now = time.GetTimestamp();
        var seconds = time.GetElapsedTime(_last, now).TotalSeconds;
        if (seconds <= 0)
        {
            return;
        }

        // Exponential smoothing over uneven steps; the weight makes the first values count in full.
        _last = now;
        var share = 1 - Math.Exp(-seconds / SmoothingSeconds);
        _perSecond += share * ((documents / seconds) - _perSecond);
        _weight = Math.Min(1, _weight + (share * (1 - _weight)));
        if (_weight < 1 && time.GetElapsedTime(_start, now).TotalSeconds < 0.001)
        {
            _weight = share;
        }
    }
}
