using UglyToad.PdfPig;
using UglyToad.PdfPig.Outline;
using UglyToad.PdfPig.Outline.Destinations;
using UglyToad.PdfPig.Writer;

namespace ClinicFlow.Documents.Engines;

/// <summary>A PDF of a print file.</summary>
/// <param name="Title">Its entry in the outline; also what errors call it.</param>
/// <param name="Path">Its file.</param>
public sealed record PdfMergePart(string Title, string Path);

/// <summary>Joins PDFs into one file to print.</summary>
public static class PdfMerge
{
    /// <summary>Joins PDFs in their order; each gets an entry in the outline.</summary>
    /// <param name="parts">The PDFs; read one after the other.</param>
    /// <param name="output">The print file; written from where it stands as the parts are read. Where this throws, what it holds is to be thrown away.</param>
    /// <param name="startOnOddPage">Whether each starts on the front of a sheet, behind a blank page where one is needed: for printing on both sides.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many pages the file has.</returns>
    /// <exception cref="PdfConversionException">A part is no PDF, or protected (<c>pdf-not-mergeable</c>).</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static int Merge(IEnumerable<PdfMergePart> parts, Stream output, bool startOnOddPage = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(output);
        using var merged = new PdfDocumentBuilder(output, disposeStream: false, PdfWriterType.Default, 1.7, null);
        var entries = new List<BookmarkNode>();
        var pages = 0;
        var (width, height) = (595.0, 842.0);
        foreach (var part in parts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (startOnOddPage && pages % 2 == 1)
            {
                merged.AddPage(width, height);
                pages++;
            }

            pages += Read(part, source =>
            {
                for (var page = 1; page <= source.NumberOfPages; page++)
                {
                    merged.AddPage(source, page);
                }

                var last = source.GetPage(source.NumberOfPages);
                (width, height) = (last.Width, last.Height);
                entries.Add(new DocumentBookmarkNode(part.Title, 0, new ExplicitDestination(pages + 1, ExplicitDestinationType.FitPage, ExplicitDestinationCoordinates.Empty), []));
                return source.NumberOfPages;
            });
        }

        merged.Bookmarks = new Bookmarks(entries);
        merged.DocumentInformation.Producer = "ClinicFlow Documents";
        return pages;
    }

    /// <summary>How many pages a PDF has.</summary>
    /// <exception cref="PdfConversionException">It is no PDF, or protected (<c>pdf-not-mergeable</c>).</exception>
    public static int CountPages(PdfMergePart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return Read(part, source => source.NumberOfPages);
    }

    private static int Read(PdfMergePart part, Func<PdfDocument, int> use)
    {
        try
        {
            using var source = PdfDocument.Open(part.Path);
            return use(source);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A reader throws whatever its parsing stumbles over; to the caller it is one thing.
            throw new PdfConversionException("pdf-not-mergeable", $"The PDF of {part.Title} cannot be read, so the print file cannot be made.", isTransient: false, e);
        }
    }
}
