namespace ClinicFlow.Documents;

/// <summary>A file is no Word document that can be used. <see cref="ClinicFlowException.Code"/> says why:
/// <c>not-a-zip</c>, <c>not-a-docx</c>, <c>damaged</c>, <c>password-protected</c>, <c>legacy-doc</c>, <c>macros-not-allowed</c>,
/// <c>too-large</c>, <c>too-many-entries</c>, <c>inflates-too-much</c>, <c>nested-too-deep</c>, <c>dtd-not-allowed</c>, <c>bad-xml</c>.</summary>
public sealed class TemplatePackageException : ClinicFlowException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="code">One of the codes above.</param>
    /// <param name="message">What is wrong, with the entry's name where one is concerned, and what to do.</param>
    /// <param name="inner">The cause.</param>
    public TemplatePackageException(string code, string message, Exception? inner = null)
        : base(code, message, inner)
    {
    }
}
