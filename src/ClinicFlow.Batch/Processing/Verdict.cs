namespace ClinicFlow.Batch.Processing;

/// <summary>What is to be made of an attempt that failed.</summary>
internal abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>It failed for good.</summary>
    public sealed record Fail : Verdict;

    /// <summary>It is tried again.</summary>
    /// <param name="Delay">After how long.</param>
    public sealed record TryAgain(TimeSpan Delay) : Verdict;

    /// <summary>Judges a failure.</summary>
    /// <param name="isTransient">Whether another attempt may help.</param>
    /// <param name="failures">How often the document has failed, this time included.</param>
    /// <param name="rule">When it is tried again.</param>
    /// <param name="left">How long the job may still be processed.</param>
    public static Verdict Of(bool isTransient, int failures, RetryRule rule, TimeSpan left)
        => isTransient && rule.Next(failures, left) is { } delay ? new TryAgain(delay) : new Fail();
}
