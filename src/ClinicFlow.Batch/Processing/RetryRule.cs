namespace ClinicFlow.Batch.Processing;

/// <summary>When a document that failed is tried again: after retryDelayMs × 2^(n−1), at most ten minutes, give or take 10 to 25 percent.</summary>
/// <param name="delay">The delay after the first failure.</param>
/// <param name="maxRetries">How often a document is tried again.</param>
/// <param name="random">Where the jitter comes from.</param>
public sealed class RetryRule(TimeSpan delay, int maxRetries, Random random)
{
    /// <summary>The longest delay, before jitter.</summary>
    public static readonly TimeSpan Cap = TimeSpan.FromMinutes(10);

    /// <summary>How long to wait.</summary>
    /// <param name="failures">How often the document has failed, this time included.</param>
    /// <param name="left">How long the job may still run.</param>
    /// <returns>The delay; null where it is not tried again.</returns>
    public TimeSpan? Next(int failures, TimeSpan left)
    {
        if (failures > maxRetries)
        {
            return null;
        }

        var exact = Math.Min(Cap.TotalMilliseconds, delay.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30)));
        double share;
        lock (random)
        {
            share = 0.10 + (random.NextDouble() * 0.15);
            share = random.Next(2) == 0 ? -share : share;
        }

        var wait = TimeSpan.FromMilliseconds(exact * (1 + share));
        return wait < left ? wait : null;
    }
}
