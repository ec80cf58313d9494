using ClinicFlow.Documents;

namespace ClinicFlow.Batch.Intake;

/// <summary>Something that is wrong with a job that was to be created.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Path">Where: a JSON path such as <c>requests[3].documentName</c>.</param>
/// <param name="RequestIndex">The request's place, from 0; null where none is concerned.</param>
/// <param name="Message">What is wrong, with the limit. Never a value of a patient.</param>
public sealed record IntakeProblem(string Code, string Path, int? RequestIndex, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path} {Message}";
}

/// <summary>A job was not created; nothing of it is left.</summary>
public sealed class JobRefusedException : ClinicFlowException
{
    internal JobRefusedException(string code, string message, IReadOnlyList<IntakeProblem>? problems = null, int problemCount = 0)
        : base(code, message) => (Problems, ProblemCount) = (problems ?? [], problemCount);

    /// <summary>What is wrong: all, up to <see cref="JobIntake.MaxProblems"/>. Empty where the queue is full.</summary>
    public IReadOnlyList<IntakeProblem> Problems { get; }

    /// <summary>How many problems there are.</summary>
    public int ProblemCount { get; }

    /// <inheritdoc/>
    public override bool IsTransient => Code == "queue-full";
}
