using System.Runtime.InteropServices;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Outline;
using UglyToad.PdfPig.Outline.Destinations;
using UglyToad.PdfPig.Writer;

namespace ClinicFlow.Documents.Engines;

/// <summary>A PDF of a print file.</summary>
/// <param name="Title">Its entry in the outline.</param>
/// <param name="Path">Its file.</param>
public sealed record PdfMergePart(string Title, string Path);

/// <summary>A PDF of a print file, in memory.</summary>
/// <param name="Title">Its entry in the outline.</param>
/// <param name="Pdf">The PDF; it must stay as it is until the next one is asked for.</param>
public sealed record PdfMergeBytes(string Title, ReadOnlyMemory<byte> Pdf);

/// <summary>Joins PDFs into one file to print.</summary>
public static class PdfMerge
{
    /// <summary>Joins PDFs in their order; each gets an entry in the outline.</summary>
    /// <param name="parts">The PDFs; read one after the other.</param>
    /// <param name="output">The print file; written from where it stands as the parts are read. Where this throws, what it holds is to be thrown away.</param>
    /// <param name="startOnOddPage">Whether each starts on the front of a sheet, behind a blank page where one is needed: for printing on both sides.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many pages the file has.</returns>
    /// <exception cref="PdfConversionException">A part is no PDF, or protected (<c>pdf-not-mergeable</c>). It is called by its number, from 1.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static int Merge(IEnumerable<PdfMergePart> parts, Stream output, bool startOnOddPage = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(output);
        using var print = new PrintFile(output, startOnOddPage);
        foreach (var part in parts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            print.Add(part.Title, () => PdfDocument.Open(part.Path));
        }

        return print.Finish();
    }

    /// <summary>Joins PDFs that come one after the other, such as from an archive; each gets an entry in the outline.</summary>
    /// <param name="parts">The PDFs.</param>
    /// <param name="output">The print file; only written and asked for its position. Where this throws, what it holds is to be thrown away.</param>
    /// <param name="startOnOddPage">Whether each starts on the front of a sheet, behind a blank page where one is needed: for printing on both sides.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many pages the file has.</returns>
    /// <exception cref="PdfConversionException">A part is no PDF, or protected (<c>pdf-not-mergeable</c>). It is called by its number, from 1.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<int> MergeAsync(IAsyncEnumerable<PdfMergeBytes> parts, Stream output, bool startOnOddPage = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(output);
        using var print = new PrintFile(output, startOnOddPage);
        await foreach (var part in parts.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            print.Add(part.Title, () => Open(part.Pdf));
        }

        return print.Finish();
    }

    /// <summary>How many pages a PDF has.</summary>
    /// <exception cref="PdfConversionException">It is no PDF, or protected (<c>pdf-not-mergeable</c>).</exception>
    public static int CountPages(PdfMergePart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return Read(1, () => PdfDocument.Open(part.Path), source => source.NumberOfPages);
    }

    /// <summary>How many pages a PDF has.</summary>
    /// <param name="pdf">The PDF.</param>
    /// <exception cref="PdfConversionException">It is no PDF, or protected (<c>pdf-not-mergeable</c>).</exception>
    public static int CountPages(ReadOnlyMemory<byte> pdf) => Read(1, () => Open(pdf), source => source.NumberOfPages);

    private static PdfDocument Open(ReadOnlyMemory<byte> pdf)
        => PdfDocument.Open(MemoryMarshal.TryGetArray(pdf, out var bytes) && bytes.Offset == 0 && bytes.Count == bytes.Array!.Length ? bytes.Array : pdf.ToArray());

    private static int Read(int number, Func<PdfDocument> open, Func<PdfDocument, int> use)
    {
        try
        {
            using var source = open();
            return use(source);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A reader throws whatever its parsing stumbles over; to the caller it is one thing.
            throw new PdfConversionException("pdf-not-mergeable", $"The PDF of part {number} cannot be read, so the print file cannot be made.", isTransient: false, e);
        }
    }

    /// <summary>A print file in the making. Its pages are written as they come; what stays is their dictionaries and the outline.</summary>
    private sealed class PrintFile(Stream output, bool startOnOddPage) : IDisposable
    {
        private readonly PdfDocumentBuilder _merged = new(output, disposeStream: false, PdfWriterType.Default, 1.7, null);
        private readonly List<BookmarkNode> _entries = [];
        private int _pages;
        private double _width = 595;
        private double _height = 842;

        public void Add(string title, Func<PdfDocument> open)
        {
            if (startOnOddPage && _pages % 2 == 1)
            {
                _merged.AddPage(_width, _height);
                _pages++;
            }

            _pages += Read(_entries.Count + 1, open, source =>
            {
                for (var page = 1; page <= source.NumberOfPages; page++)
                {
                    _merged.AddPage(source, page);
                }

                var last = source.GetPage(source.NumberOfPages);
                (_width, _height) = (last.Width, last.Height);
                _entries.Add(new DocumentBookmarkNode(title, 0, new ExplicitDestination(_pages + 1, ExplicitDestinationType.FitPage, ExplicitDestinationCoordinates.Empty), []));
                return source.NumberOfPages;
            });
        }

        public int Finish()
        {
            _merged.Bookmarks = new Bookmarks(_entries);
            _merged.DocumentInformation.Producer = "ClinicFlow Documents";
            return _pages;
        }

        public void Dispose() => _merged.Dispose();
    }
}
