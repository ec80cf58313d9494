using System.Xml.Linq;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Puts guards where leaving content out could make the document invalid: cells that must keep a paragraph, tables
/// that must keep a row; and around paragraphs that vanish with their blank merge fields.
/// </summary>
internal sealed class Guards(Story story)
{
    private readonly WordNames _names = story.Names;

    public void Place()
    {
        PlaceCells();
        foreach (var paragraph in story.Root.Descendants(_names.P).Where(IsBlankable).ToArray())
        {
            paragraph.AddBeforeSelf(Guard(GuardKind.LineStart));
            paragraph.AddAfterSelf(Guard(GuardKind.LineEnd));
        }

        foreach (var container in story.Root.DescendantsAndSelf().Where(IsContainer).ToArray())
        {
            if (container.Elements().Any(Mark.Is) && !KeepsOne(container, _names.P))
            {
                var properties = container.Element(_names.TcPr);
                if (properties is not null)
                {
                    properties.AddAfterSelf(Guard(GuardKind.BlockStart));
                }
                else
                {
                    container.AddFirst(Guard(GuardKind.BlockStart));
                }

                container.Add(Guard(GuardKind.BlockEnd));
            }
        }

        foreach (var table in story.Root.Descendants(_names.Tbl).Where(table => table.Elements().Any(Mark.Is) && !KeepsOne(table, _names.Tr)).ToArray())
        {
            table.Elements().First(child => child.Name == _names.Tr || Mark.Is(child)).AddBeforeSelf(Guard(GuardKind.TableRows));
            table.AddBeforeSelf(Guard(GuardKind.TableStart));
            table.AddAfterSelf(Guard(GuardKind.TableEnd));
        }
    }

    private void PlaceCells()
    {
        foreach (var mark in story.Root.Descendants().Where(Mark.Is).ToArray())
        {
            if (story.Marks.Of(mark) is FieldMark { UsesCells: true } or SectionMark { Source: SectionSource.WordIf { UsesCells: true } } && mark.Ancestors(_names.Tbl).FirstOrDefault() is { } table
                && !(table.PreviousNode is XElement before && Mark.Is(before) && story.Marks.Of(before) is GuardMark { Kind: GuardKind.CellsStart }))
            {
                table.AddBeforeSelf(Guard(GuardKind.CellsStart));
                table.AddAfterSelf(Guard(GuardKind.CellsEnd));
            }
        }
    }

    private XElement Guard(GuardKind kind) => story.Marks.Add(new GuardMark { Kind = kind, Place = Documents.Place.Nowhere });

    private bool IsContainer(XElement element) => element.Name == _names.Tc || element.Name == _names.TxbxContent
        || element.Name == _names.Footnote || element.Name == _names.Endnote || element.Name.LocalName is "hdr" or "ftr" or "comment";

    // Whether one child of a kind is written whatever the record holds.
    private bool KeepsOne(XElement container, XName kind)
    {
        var depth = 0;
        foreach (var child in container.Elements())
        {
            if (!Mark.Is(child))
            {
                if (depth == 0 && (child.Name == kind || (child.Name == _names.Sdt && child.Descendants(kind).Any())))
                {
                    return true;
                }

                continue;
            }

            depth += story.Marks.Of(child) switch
            {
                SectionMark { Role: SectionRole.Open } or GuardMark { Kind: GuardKind.LineStart } => 1,
                SectionMark { Role: SectionRole.Close } or GuardMark { Kind: GuardKind.LineEnd } => -1,
                _ => 0,
            };
        }

        return false;
    }

    private bool IsBlankable(XElement paragraph)
    {
        if (paragraph.Element(_names.PPr)?.Element(_names.SectPr) is not null)
        {
            return false;
        }

        var fields = 0;
        foreach (var child in paragraph.Elements())
        {
            if (_names.IsInvisible(child.Name))
            {
                continue;
            }

            if (child.Name != _names.R)
            {
                return false;
            }

            foreach (var content in child.Elements())
            {
                if (content.Name == _names.RPr || content.Name == _names.LastRenderedPageBreak)
                {
                    continue;
                }

                if (content.Name != _names.T)
                {
                    return false;
                }

                if (content.Elements().FirstOrDefault(Mark.Is) is { } mark)
                {
                    if (story.Marks.Of(mark) is not FieldMark { SuppressesBlankLine: true })
                    {
                        return false;
                    }

                    fields++;
                }
                else if (!string.IsNullOrWhiteSpace(content.Value))
                {
                    return false;
                }
            }
        }

        return fields > 0;
    }
}
