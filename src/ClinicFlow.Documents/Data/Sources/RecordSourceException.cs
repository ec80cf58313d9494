namespace ClinicFlow.Documents.Data;

/// <summary>A data source cannot be read as a whole. <see cref="ClinicFlowException.Code"/> says why:
/// <c>cannot-open</c>, <c>cannot-read</c>, <c>empty</c>, <c>not-text</c>, <c>no-header</c>, <c>duplicate-columns</c>,
/// <c>too-many-columns</c>, <c>not-an-xlsx</c>, <c>legacy-xls</c>, <c>password-protected</c>, <c>damaged</c>,
/// <c>too-large</c>, <c>too-many-entries</c>, <c>inflates-too-much</c>, <c>no-such-sheet</c>, <c>no-such-list</c>,
/// <c>list-not-clear</c>, <c>bad-json</c>.</summary>
public sealed class RecordSourceException : ClinicFlowException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="code">One of the codes above.</param>
    /// <param name="message">What is wrong. Never a value of a record.</param>
    /// <param name="advice">What to do about it.</param>
    /// <param name="inner">The cause.</param>
    public RecordSourceException(string code, string message, string advice, Exception? inner = null)
        : base(code, message, inner) => Advice = advice;

    /// <summary>What to do about it, in the words of somebody who knows Excel.</summary>
    public string Advice { get; }

    /// <summary>The sheets that the workbook shows, where another of them may be meant; none for other formats.</summary>
    public IReadOnlyList<string> Sheets { get; internal set; } = [];
}
