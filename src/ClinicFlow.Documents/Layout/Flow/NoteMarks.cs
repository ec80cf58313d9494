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
                        break;
                    case LayoutField { Kind: FieldKind.PageCount or FieldKind.SectionPageCount }:
                        NeedsCounts = true;
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
