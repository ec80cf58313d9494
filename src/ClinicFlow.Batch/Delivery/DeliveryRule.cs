namespace ClinicFlow.Batch.Delivery;

/// <summary>When a message that did not get there is tried again: twice as late each time, give or take a fifth.</summary>
/// <param name="settings">First and longest delay, and how often.</param>
/// <param name="random">Where the jitter comes from; locked while it is used.</param>
internal sealed class DeliveryRule(NotificationSettings settings, Random random)
{
    /// <summary>The longest that a receiver can put us off.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    /// <summary>How long to wait.</summary>
    /// <param name="attempts">How often it has been tried, this time included.</param>
    /// <param name="asked">How long the receiver asked to wait; null where it did not.</param>
    /// <returns>The delay; null where it is not tried again.</returns>
    public TimeSpan? Next(int attempts, TimeSpan? asked)
    {
        if (attempts >= settings.MaxAttempts)
        {
            return null;
        }

        double share;
        lock (random)
        {
            share = 0.8 + (random.NextDouble() * 0.4);
        }

        // Many messages that failed together must not come back together, even where all were put off by the same time.
        var doubled = settings.FirstDelaySeconds * Math.Pow(2, Math.Clamp(attempts - 1, 0, 30));
        var own = TimeSpan.FromSeconds(Math.Min(settings.MaxDelaySeconds, doubled) * share);
        if (asked is not { } wait || wait <= TimeSpan.Zero)
        {
            return own;
        }

        wait = wait < LongestRetryAfter ? wait : LongestRetryAfter;
        return own > wait ? own : wait + TimeSpan.FromSeconds(settings.FirstDelaySeconds * (share - 0.8));
    }
}
