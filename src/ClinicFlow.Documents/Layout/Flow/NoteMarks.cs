using System.Collections.Immutable;
using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>
/// One walk over the document before it is laid: numbers of notes in reading order, and which fields need what only a finished layout knows.
/// </summary>
internal sealed class NoteMarks
{
    private readonly Dictionary<NoteReference, string> _marks = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _styles = new(StringComparer.Ordinal);
    private readonly List<(NoteReference Note, NoteSettings Settings)> _footnotesInOrder = [];
    private int _footnotes;
    private int _endnotes;

    public NoteMarks(WordDocument document)
    {
        for (var i = 0; i < document.Sections.Length; i++)
        {
            var section = document.Sections[i];
            if (i == 0 || section.Footnotes.Restart != NoteRestart.Continuous)
            {
                _footnotes = section.Footnotes.Start - 1;
            }

            if (i == 0 || section.Endnotes.Restart == NoteRestart.EachSection)
            {
                _endnotes = section.Endnotes.Start - 1;
            }

            NumbersByPage |= section.Footnotes.Restart == NoteRestart.EachPage && !document.Footnotes.IsEmpty;
            Walk(section.Blocks, section, 0);
            var inText = NeedsCounts;
            foreach (var part in (HeaderFooter?[])[section.Headers.Default, section.Headers.First, section.Headers.Even, section.Footers.Default, section.Footers.First, section.Footers.Even])
            {
                if (part is not null)
                {
                    Walk(part.Blocks, section, 0);
                }
            }

            IsTextIndependent &= !inText;
        }

        IsTextIndependent &= _styles.Count == 0 && document.Footnotes.IsEmpty && document.Endnotes.IsEmpty;
    }

    public IReadOnlyDictionary<NoteReference, string> Marks => _marks;

    /// <summary>Whether footnotes of a section begin anew on each page: then only a finished layout knows their numbers.</summary>
    public bool NumbersByPage { get; private set; }

    /// <summary>Numbers footnotes anew by the pages that their references stand on.</summary>
    /// <returns>Whether each has the mark that it had.</returns>
    public bool NumberByPage(IReadOnlyDictionary<NoteReference, int> pages)
    {
        var (number, last, isSame) = (0, -1, true);
        NoteSettings? before = null;
        foreach (var (note, settings) in _footnotesInOrder)
        {
            var page = pages.TryGetValue(note, out var found) ? found : last;
            var beginsAnew = !ReferenceEquals(settings, before) && (before is null || settings.Restart != NoteRestart.Continuous);
            number = beginsAnew || (settings.Restart == NoteRestart.EachPage && page != last) ? settings.Start : number + 1;
            (last, before) = (page, settings);
            var mark = PageNumbers.Write(number, settings.Format);
            isSame &= _marks[note] == mark;
            _marks[note] = mark;
        }

        return isSame;
    }

    /// <summary>Styles whose text STYLEREF shows.</summary>
    public IReadOnlySet<string> Styles => _styles;

    /// <summary>NUMPAGES, SECTIONPAGES, STYLEREF or an empty PAGEREF is shown somewhere: a second layout may be needed.</summary>
    public bool NeedsCounts { get; private set; }

    /// <summary>Such fields stand in headers and footers only: a second layout of the text is not needed as long as those keep their heights.</summary>
    public bool IsTextIndependent { get; private set; } = true;

    private void Walk(ImmutableArray<Block> blocks, Section section, int depth)
    {
        if (depth > LayoutParts.DeepestNesting)
        {
            return;
        }

        foreach (var block in blocks)
        {
            if (block is Table table)
            {
                foreach (var row in table.Rows)
                {
                    foreach (var cell in row.Cells)
                    {
                        Walk(cell.Blocks, section, depth + 1);
                    }
                }

                continue;
            }

            foreach (var inline in ((Paragraph)block).Inlines)
            {
                switch (inline)
                {
                    case NoteReference { HasCustomMark: false } note:
                        var number = note.IsEndnote ? ++_endnotes : ++_footnotes;
                        _marks[note] = PageNumbers.Write(number, (note.IsEndnote ? section.Endnotes : section.Footnotes).Format);
                        if (!note.IsEndnote)
                        {
                            _footnotesInOrder.Add((note, section.Footnotes));
                        }

                        break;
                    case LayoutField { Kind: FieldKind.PageCount or FieldKind.SectionPageCount }:
                        NeedsCounts = true;
                        break;
                    case LayoutField { Formula: { } formula }:
                        NeedsCounts |= formula.Fields.Any(field => field.Kind is FieldKind.PageCount or FieldKind.SectionPageCount or FieldKind.StyleReference);
                        foreach (var inner in formula.Fields.Where(field => field.Kind == FieldKind.StyleReference))
                        {
                            _styles.Add(inner.Target);
                        }

                        break;
                    case LayoutField { Kind: FieldKind.StyleReference } field:
                        _styles.Add(field.Target);
                        NeedsCounts = true;
                        break;
                    case LayoutField { Kind: FieldKind.PageReference, Cached: "" }:
                        NeedsCounts = true;
                        break;
                    case Drawing { Content: ShapeContent { Text: { } box } }:
                        Walk(box.Blocks, section, depth + 1);
                        break;
                    case Drawing { Content: GroupContent group }:
                        WalkGroup(group, section, depth + 1);
                        break;
                }
            }
        }
    }

    private void WalkGroup(GroupContent group, Section section, int depth)
    {
        if (depth > LayoutParts.DeepestNesting)
        {
            return;
        }

        foreach (var child in group.Children)
        {
            if (child.Content is GroupContent inner)
            {
                WalkGroup(inner, section, depth + 1);
            }
            else if (child.Content is ShapeContent { Text: { } box })
            {
                Walk(box.Blocks, section, depth + 1);
            }
        }
    }
}
