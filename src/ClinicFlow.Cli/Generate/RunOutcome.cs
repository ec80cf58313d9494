using ClinicFlow.Cli.Output;
using ClinicFlow.Documents;

namespace ClinicFlow.Cli.Generate;

/// <summary>How a run ended.</summary>
/// <param name="IsComplete">Whether nothing is left to do.</param>
/// <param name="Failure">Why the run could not go on; null where it could.</param>
/// <param name="IsFailureOfInput">Whether that was the data, not the machine.</param>
/// <param name="Failures">What was wrong with the failed rows, the first <see cref="MaxFailuresShown"/>; without values.</param>
/// <param name="FailedFile">The file of the failed rows; null where none failed.</param>
/// <param name="ZipPath">The ZIP; null where there is none.</param>
/// <param name="MergedPath">The merged PDF; null where there is none.</param>
internal sealed record RunOutcome(
    bool IsComplete, Problem? Failure, bool IsFailureOfInput, IReadOnlyList<ProblemJson> Failures, string? FailedFile, string? ZipPath, string? MergedPath)
{
    /// <summary>How many failures are shown in full; all are in the file.</summary>
    public const int MaxFailuresShown = 100;

    /// <summary>The exit code.</summary>
    /// <param name="failed">How many rows failed.</param>
    public int ExitCode(long failed) => (Failure, IsComplete) switch
    {
        (not null, _) => IsFailureOfInput ? ExitCodes.BadInput : ExitCodes.EnvironmentFailed,
        (_, false) => ExitCodes.Interrupted,
        _ => failed > 0 ? ExitCodes.SomeFailed : ExitCodes.Done,
    };
}
