namespace ClinicFlow.Cli.Generate;

/// <summary>When an attempt that failed for a passing reason is made again: after half a second, then each time twice as long, at most half a minute.</summary>
/// <param name="Retries">How often at most.</param>
internal sealed record RetryRule(int Retries)
{
    private const double FirstSeconds = 0.5;
    private const double LongestSeconds = 30;

    /// <summary>How long to wait before the next attempt; null to give up.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="chance">From 0 to 1: spreads attempts that failed together over half the time.</param>
    public TimeSpan? DelayAfter(int attempt, double chance)
        => attempt > Retries ? null
            : TimeSpan.FromSeconds(Math.Min(LongestSeconds, FirstSeconds * Math.Pow(2, Math.Min(attempt - 1, 10))) * (0.75 + (0.5 * chance)));
}
