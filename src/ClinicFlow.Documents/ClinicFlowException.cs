namespace ClinicFlow.Documents;

/// <summary>
/// The world failed: a file that is no Word document, a full disk, a converter that died. Wrong templates and
/// wrong data are not exceptions; they are <see cref="Problem"/>s. The message is safe to show: it holds no merge data.
/// </summary>
public abstract class ClinicFlowException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="code">A stable code.</param>
    /// <param name="message">What happened and what to do; no merge data, no paths of patients' files.</param>
    /// <param name="inner">The cause.</param>
    protected ClinicFlowException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>A stable code, for programs to switch on.</summary>
    public string Code { get; }

    /// <summary>Whether the same call may succeed later without anything being changed.</summary>
    public virtual bool IsTransient => false;
}
