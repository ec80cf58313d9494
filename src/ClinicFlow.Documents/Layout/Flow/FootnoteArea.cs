using System.Collections.Immutable;
using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>
/// Footnotes at the foot of pages, and what goes on on the next page where one does not fit. Evidence: docs/layout.md, "Footnotes".
/// </summary>
internal sealed class FootnoteArea(LayoutParts parts, WordDocument document, FieldValues values)
{
    private readonly Dictionary<NoteReference, LaidStack> _laid = new(ReferenceEqualityComparer.Instance);
    private readonly List<NotePiece> _carried = [];
    private readonly HashSet<int> _endnotesDone = [];
    private LaidStack? _separator;
    private LaidStack? _continuation;

    public bool HasCarried => _carried.Count > 0;

    /// <summary>The page of each reference that was placed, where numbers depend on it.</summary>
    public Dictionary<NoteReference, FlowPage> PageOf { get; } = new(ReferenceEqualityComparer.Instance);

    public void DropCarried() => _carried.Clear();

    /// <summary>What notes would add to a page, the line above them included where it has none yet.</summary>
    public double HeightOf(List<NoteReference> notes, FlowPage page, double width)
    {
        var height = page.FootnotePieces.Count == 0 ? Separator(page, isContinuation: false).Height : 0;
        foreach (var note in notes)
        {
            height += Lay(note, width).Height;
        }

        return height;
    }

    /// <summary>The same with no more than the first line of the last one.</summary>
    public double LeastHeightOf(List<NoteReference> notes, FlowPage page, double width)
    {
        if (_carried.Count > 0)
        {
            return 0;
        }

        var last = Lay(notes[^1], width);
        return HeightOf(notes, page, width) - last.Height + last.Cut(0, 0, mustMove: true).Height;
    }

    /// <summary>Puts notes on a page whose text ends at <paramref name="y"/>.</summary>
    public void Place(List<NoteReference> notes, FlowPage page, double width, double y)
    {
        foreach (var note in notes)
        {
            if (values.NumbersNotesByPage)
            {
                PageOf[note] = page;
            }

            Put(page, Lay(note, width), 0, page.Bottom - page.NotesHeight - y);
        }
    }

    /// <summary>Puts what was left from the page before on a new page.</summary>
    public void PlaceCarried(FlowPage page)
    {
        if (_carried.Count == 0)
        {
            return;
        }

        var waiting = _carried.ToArray();
        _carried.Clear();
        page.NotesHeight += Separator(page, isContinuation: true).Height;
        foreach (var piece in waiting)
        {
            // Text needs some of the page as well: notes alone never fill it to the top, but a line of them always stands.
            Put(page, piece.Stack, piece.From, (page.Bottom - page.Top) * 0.8 - page.NotesHeight);
        }
    }

    private void Put(FlowPage page, LaidStack stack, double from, double room)
    {
        if (_carried.Count > 0)
        {
            _carried.Add(new(stack, from, stack.Height, 0));
            return;
        }

        var lead = page.FootnotePieces.Count == 0 && page.NotesHeight == 0 ? Separator(page, isContinuation: false).Height : 0;
        var cut = stack.Cut(from, room - lead, mustMove: page.FootnotePieces.Count == 0);
        if (cut.To <= from + LaidBlock.Noise)
        {
            _carried.Add(new(stack, from, stack.Height, 0));
            return;
        }

        var height = stack.HeightOf(from, cut.To);
        page.FootnotePieces.Add(new(stack, from, cut.To, height));
        page.NotesHeight += lead + height;
        if (cut.To < stack.Height - (4 * LaidBlock.Noise))
        {
            _carried.Add(new(stack, cut.To, stack.Height, 0));
        }
    }

    /// <summary>Paints a page's notes at its foot.</summary>
    public void Paint(FlowPage page)
    {
        if (page.FootnotePieces.Count == 0)
        {
            return;
        }

        var left = page.Geometry.Columns[0].Left;
        var y = page.Bottom - page.NotesHeight;
        var separator = Separator(page, page.FootnotePieces[0].From > 0);
        page.Notes.IsArtifact = true;
        separator.Paint(page.Notes, left, y, 0, separator.Height);
        page.Notes.IsArtifact = false;
        y += separator.Height;
        foreach (var piece in page.FootnotePieces)
        {
            piece.Stack.Paint(page.Notes, left, y, piece.From, piece.To);
            y += piece.Height;
        }
    }

    /// <summary>Endnotes that were referred to and not yet printed, with their marks, in reading order, below the line that goes above them.</summary>
    public List<(string Mark, ImmutableArray<Block> Blocks)> TakeEndnotes(int section, bool onlyOfSection)
    {
        var found = new List<(string, ImmutableArray<Block>)>();
        if (document.Endnotes.Length == 0 || values.NoteMarks is null)
        {
            return found;
        }

        var ofSection = onlyOfSection ? new HashSet<NoteReference>(EndnoteReferences(document.Sections[section].Blocks, 0), ReferenceEqualityComparer.Instance) : null;
        foreach (var (reference, mark) in values.NoteMarks)
        {
            if (reference.IsEndnote && reference.Note >= 0 && reference.Note < document.Endnotes.Length
                && (ofSection is null || ofSection.Contains(reference)) && _endnotesDone.Add(reference.Note))
            {
                found.Add((mark, document.Endnotes[reference.Note].Blocks));
            }
        }

        if (found.Count > 0)
        {
            found.Insert(0, ("", SeparatorBlocks(document.EndnoteSeparators.Separator, isContinuation: false)));
        }

        return found;
    }

    private static IEnumerable<NoteReference> EndnoteReferences(ImmutableArray<Block> blocks, int depth)
    {
        foreach (var block in blocks)
        {
            if (block is Paragraph paragraph)
            {
                foreach (var note in paragraph.Inlines.OfType<NoteReference>())
                {
                    yield return note;
                }
            }
            else if (block is Table table && depth < LayoutParts.DeepestNesting)
            {
                foreach (var note in table.Rows.SelectMany(row => row.Cells).SelectMany(cell => EndnoteReferences(cell.Blocks, depth + 1)))
                {
                    yield return note;
                }
            }
        }
    }

    private LaidStack Lay(NoteReference note, double width)
    {
        if (_laid.TryGetValue(note, out var known) && known.Width == width)
        {
            return known;
        }

        var blocks = note.Note >= 0 && note.Note < document.Footnotes.Length ? document.Footnotes[note.Note].Blocks : [];
        var fields = parts.Paragraphs.Fields;
        parts.Paragraphs.Fields = fields with { NoteMark = values.NoteMarks is { } marks && marks.TryGetValue(note, out var mark) ? mark : "" };
        var owner = new StructureOwner(StructureRole.Note, null);
        var stack = parts.Stacks.Lay(blocks, new StackPlace { Width = width, Parent = owner, Frame = FloatFrame.OfBox(width, 10_000) });
        parts.Paragraphs.Fields = fields;
        return _laid[note] = stack;
    }

    private LaidStack Separator(FlowPage page, bool isContinuation)
    {
        if ((isContinuation ? _continuation : _separator) is { } known)
        {
            return known;
        }

        var separators = document.FootnoteSeparators;
        var width = page.Geometry.Columns[0].Width;
        var blocks = SeparatorBlocks(isContinuation ? separators.Continuation : separators.Separator, isContinuation);
        var stack = parts.Stacks.Lay(blocks, new StackPlace { Width = width, IsArtifact = true, Frame = FloatFrame.OfBox(width, 1000) });
        return isContinuation ? _continuation = stack : _separator = stack;
    }

    private ImmutableArray<Block> SeparatorBlocks(ImmutableArray<Block> stated, bool isContinuation) => !stated.IsDefaultOrEmpty
        ? stated
        : [new Paragraph { Format = new ParagraphFormat(), MarkFormat = document.DefaultCharacters, Inlines = [new NoteSeparatorLine(isContinuation) { Format = document.DefaultCharacters }] }];
}
