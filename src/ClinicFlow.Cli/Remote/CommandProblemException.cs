using ClinicFlow.Documents;

namespace ClinicFlow.Cli.Remote;

/// <summary>A command cannot do what it was asked for. Caught once, where it is said.</summary>
internal sealed class CommandProblemException(Problem problem, int exitCode = ExitCodes.BadInput) : Exception(problem.Message)
{
    /// <summary>What is wrong.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; } = exitCode;
}
