namespace ClinicFlow.Client.Connection;

/// <summary>How long to wait before something that broke is tried again: at once, then longer and longer, up to 15 seconds.</summary>
internal static class Backoff
{
    private static readonly double[] Seconds = [0, 0.5, 1, 2, 4, 8, 15];

    /// <summary>The wait before an attempt, from 1. A quarter of it is by chance, so that many clients do not come back as one.</summary>
    public static TimeSpan After(int attempt)
    {
        var longest = Seconds[Math.Clamp(attempt - 1, 0, Seconds.Length - 1)];
#pragma warning disable CA5394 // Nothing is to be kept secret here.
        return TimeSpan.FromSeconds(longest * (0.75 + (Random.Shared.NextDouble() / 4)));
#pragma warning restore CA5394
    }
}
