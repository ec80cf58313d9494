using System.Globalization;

namespace ClinicFlow.Documents.Layout;

/// <summary>A document has more than may be laid out: pages (code <c>too-many-pages</c>) or drawing in its metafiles and charts (code <c>too-much-drawing</c>).</summary>
public sealed class LayoutLimitException : ClinicFlowException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="pages">How many pages are allowed.</param>
    public LayoutLimitException(int pages)
        : base("too-many-pages", string.Create(CultureInfo.InvariantCulture, $"The document has more than {pages} pages. Split it, or raise the limit."))
    {
    }

    private LayoutLimitException(string code, string message)
        : base(code, message)
    {
    }

    internal static LayoutLimitException OfCharts(long most) => new(
        "too-much-drawing", string.Create(CultureInfo.InvariantCulture, $"The document's charts have more than {most} points and letters to draw, each time that they are shown. Show fewer of them."));

    internal static LayoutLimitException OfMetafiles(long most) => new(
        "too-much-drawing", string.Create(CultureInfo.InvariantCulture, $"The document's EMF and WMF pictures take more than {most} points to draw, each time that they are shown. Replace the largest by a PNG."));
}
