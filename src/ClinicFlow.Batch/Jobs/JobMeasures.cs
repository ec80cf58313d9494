namespace ClinicFlow.Batch.Jobs;

/// <summary>What a runner measured of its job; kept in the column <c>progress</c>.</summary>
/// <param name="DocumentsPerMinute">The smoothed rate; 0 before anything is known.</param>
/// <param name="LastIndex">The request committed last, from 0; -1 before the first.</param>
public sealed record JobMeasures(double DocumentsPerMinute, int LastIndex)
{
    /// <summary>Of a job that has not begun.</summary>
    public static JobMeasures None { get; } = new(0, -1);
}
