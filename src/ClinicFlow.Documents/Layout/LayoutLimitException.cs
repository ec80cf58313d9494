using System.Globalization;

namespace ClinicFlow.Documents.Layout;

/// <summary>A document has more pages than may be laid out. Code <c>too-many-pages</c>.</summary>
public sealed class LayoutLimitException : ClinicFlowException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="pages">How many pages are allowed.</param>
    public LayoutLimitException(int pages)
        : base("too-many-pages", string.Create(CultureInfo.InvariantCulture, $"The document has more than {pages} pages. Split it, or raise the limit."))
    {
    }
}
