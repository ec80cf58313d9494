using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Flow;
using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout;

/// <summary>
/// Lays a document out: the same document, fonts and limits give the same pages. 1. numbers the notes; 2. fills pages; 3. where fields show counts that
/// only then are known, fills them again; 4. finishes pages and numbers the structure.
/// </summary>
internal static class DocumentLayout
{
    /// <summary>Pages a document may have.</summary>
    public const int MostPages = 20_000;

    // A number may be as wide as to push its line to the next page, where it has another.
    private const int MostPassesForNotes = 6;

    /// <param name="document">The document, with every style worked out.</param>
    /// <param name="fonts">Its fonts and the machine's.</param>
    /// <param name="mostPages">Longer documents are refused.</param>
    /// <param name="stop">Ends the work.</param>
    /// <exception cref="LayoutLimitException">It has more pages.</exception>
    /// <exception cref="FontsMissingException">No usable font is installed.</exception>
    public static LaidDocument Lay(WordDocument document, FontSet fonts, int mostPages = MostPages, CancellationToken stop = default)
    {
        using var shaper = new Shaper();
        return Lay(document, new LayoutParts(document, fonts, shaper), mostPages, stop);
    }

    /// <summary>Lays one of the documents of a template.</summary>
    /// <param name="document">The document.</param>
    /// <param name="parts">Those that laid the template's documents before, or new ones; made for the same settings, fonts and pictures.</param>
    /// <param name="mostPages">Longer documents are refused.</param>
    /// <param name="stop">Ends the work.</param>
    /// <exception cref="LayoutLimitException">It has more pages.</exception>
    public static LaidDocument Lay(WordDocument document, LayoutParts parts, int mostPages = MostPages, CancellationToken stop = default)
    {
        parts.NextDocument();
        parts.Paragraphs.Stop = stop;
        var notes = new NoteMarks(document);
        var values = new FieldValues { NoteMarks = notes.Marks, NumbersNotesByPage = notes.NumbersByPage };
        List<FlowPage> pages = [];
        var known = new KnownPages([], [], notes.Styles);
        for (var pass = 0; pass < (notes.NumbersByPage ? MostPassesForNotes : 3); pass++)
        {
            var flow = new PageFlow(parts, document, values, known, mostPages);
            pages = flow.Run();
            var isNumbered = !notes.NumbersByPage || notes.NumberByPage(flow.PagesOfNotes);
            if (!notes.NeedsCounts && isNumbered)
            {
                break;
            }

            var counted = PagesOfSections(document, pages);
            var isSame = values.PageCount == pages.Count && known.SectionPages.SequenceEqual(counted);
            known = known with { Pages = pages, SectionPages = counted };
            values = values with { PageCount = pages.Count, PageOfBookmark = PagesOfBookmarks(pages) };
            if ((isSame && isNumbered) || (notes.IsTextIndependent && flow.TrySetMarginsAgain(values, known)))
            {
                break;
            }
        }

        return new PageFinisher(document, parts.Nodes).Finish(pages);
    }

    private static int[] PagesOfSections(WordDocument document, List<FlowPage> pages)
    {
        var counts = new int[document.Sections.Length];
        foreach (var page in pages)
        {
            counts[page.SectionIndex]++;
        }

        return counts;
    }

    private static Dictionary<string, string> PagesOfBookmarks(List<FlowPage> pages)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var page in pages)
        {
            foreach (var landmark in page.Body.Landmarks)
            {
                if (landmark.OutlineLevel < 0)
                {
                    found.TryAdd(landmark.Name, PageNumbers.Write(page.Number, page.Section.PageNumbers.Format));
                }
            }
        }

        return found;
    }
}
