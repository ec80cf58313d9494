using System.Xml.Linq;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Pairs the boundaries of sections and moves them to where the section repeats whole things: around paragraphs,
/// rows, cells or a table, as the tags' own places say. A section within one paragraph stays inside it.
/// </summary>
/// <remarks>
/// A boundary is only ever moved over what is not content, so a section that no rule fits stays between the runs it
/// stands between. That is right too: the text from the middle of one paragraph to the middle of another can be
/// repeated or left out as bytes, because what is open at both ends has the same shape. The program writer checks that shape.
/// </remarks>
internal sealed class SectionPlacer(Story story)
{
    private readonly WordNames _names = story.Names;
    private readonly Dictionary<XElement, int> _order = [];
    private readonly List<Section> _pairs = [];
    private readonly Dictionary<XElement, List<XElement>> _before = [];
    private readonly Dictionary<XElement, List<XElement>> _after = [];

    /// <summary>Pairs and places the sections of a flow; gives them in the order of their starts.</summary>
    public IReadOnlyList<Section> Place(XElement flow)
    {
        var sections = Pair(flow);
        _pairs.Clear();
        _pairs.AddRange(sections);
        foreach (var section in sections)
        {
            PlaceSection(section);
        }

        RemoveEmptied(sections);
        return sections;
    }

    private List<Section> Pair(XElement flow)
    {
        var sections = new List<Section>();
        var open = new Stack<Section>();
        foreach (var element in story.InFlow(flow).Where(Mark.Is).ToArray())
        {
            if (story.Marks.Of(element) is not SectionMark mark)
            {
                continue;
            }

            _order[element] = _order.Count;
            switch (mark.Role)
            {
                case SectionRole.Open:
                    open.Push(new Section { Open = mark, OpenElement = element });
                    break;
                case SectionRole.Else when open.TryPeek(out var current):
                    current.Elses.Add((mark, element));
                    break;
                case SectionRole.Close when open.TryPeek(out var ended) && Closes(mark, ended):
                    open.Pop();
                    Close(ended, mark, element);
                    break;
                case SectionRole.Close when open.Any(candidate => Closes(mark, candidate)):
                    // The sections between were never closed: say so of each, and go on with the one that is.
                    while (!Closes(mark, open.Peek()))
                    {
                        NeverEnds(open.Pop());
                    }

                    Close(open.Pop(), mark, element);
                    break;
                default:
                    story.Problems.Add(new Problem(ProblemCode.SectionNeverStarts, $"{mark.Raw} stands here without the start of its section.")
                    {
                        Advice = mark.Role == SectionRole.Else ? "Put {{#if …}} or {{#each …}} before it, or delete it." : "Put the start of the section before it, or delete it.",
                        Place = mark.Place,
                    });
                    element.Remove();
                    break;
            }
        }

        foreach (var never in open.Reverse())
        {
            NeverEnds(never);
        }

        sections.Sort((a, b) => _order[a.OpenElement].CompareTo(_order[b.OpenElement]));
        return sections;

        void Close(Section section, SectionMark mark, XElement element)
        {
            section.Close = mark;
            section.CloseElement = element;
            sections.Add(section);
        }
    }

    private void NeverEnds(Section section)
    {
        var end = EndOf(section.Open);
        story.Problems.Add(new Problem(ProblemCode.SectionNeverEnds, $"{section.Open.Raw} has no {end}.")
        {
            Advice = $"Put {end} after the last row, paragraph or word that belongs to it.",
            Place = section.Open.Place,
        });
        section.OpenElement.Remove();
        foreach (var (_, element) in section.Elses)
        {
            element.Remove();
        }
    }

    private static string EndOf(SectionMark open) => open.Source switch
    {
        SectionSource.Each each when open.Raw.Contains("TableStart", StringComparison.OrdinalIgnoreCase) => $"TableEnd:{each.List.Source}",
        SectionSource.Each => "{{/each}}",
        SectionSource.When => "{{/if}}",
        SectionSource.Any any => $"{{{{/{any.Expression.Source}}}}}",
        _ => "end",
    };

    private static bool Closes(SectionMark close, Section section)
    {
        var keyword = ((SectionSource.End)close.Source).Keyword;
        return keyword.Length == 0 ? section.Open.Source is not (SectionSource.WordIf or SectionSource.Has) || close.Raw == section.Open.Raw
            : section.Open.Source switch
            {
                SectionSource.Each each => keyword is "each" or "for" || Data.FieldNameComparer.Instance.Equals(keyword, each.List.Source),
                SectionSource.When => keyword is "if",
                SectionSource.Any any => Data.FieldNameComparer.Instance.Equals(keyword, any.Expression.Source),
                _ => false,
            };
    }

    private void PlaceSection(Section section)
    {
        var open = section.OpenElement;
        var close = section.CloseElement!;
        var common = open.Ancestors().First(ancestor => close.Ancestors().Contains(ancestor));
        var first = ChildOf(common, open);
        var last = ChildOf(common, close);

        if (IsInline(common))
        {
            Lift(section, open, first, before: true);
            Lift(section, close, last, before: false);
            foreach (var (_, element) in section.Elses)
            {
                LiftElse(section, element, ChildOf(common, element));
            }

            if (section.Open.Source is SectionSource.Each { Columns: true } && common.Ancestors(_names.Tc).FirstOrDefault() is { } cell)
            {
                RepeatGrid(section, cell.Ancestors(_names.Tr).First(), cell, cell);
                PlaceAround(section, cell, cell);
            }

            return;
        }

        if (common.Name == _names.Tr)
        {
            PlaceInRow(section, common, first, last);
        }
        else if (common.Name == _names.Tbl || first.Name == _names.Tr || last.Name == _names.Tr)
        {
            PlaceRows(section, first, last);
        }
        else
        {
            PlaceBlocks(section, first, last);
        }
    }

    private bool IsInline(XElement element)
        => element.Name == _names.P || element.AncestorsAndSelf(_names.P).FirstOrDefault() is { } paragraph
            && !element.AncestorsAndSelf().TakeWhile(ancestor => ancestor != paragraph).Any(ancestor => ancestor.Name == _names.TxbxContent);

    private static XElement ChildOf(XElement ancestor, XElement descendant)
        => descendant.AncestorsAndSelf().First(element => element.Parent == ancestor);

    // Inside a paragraph a boundary may stand at the edge of a link or content control; then it goes outside it.
    private void Lift(Section section, XElement mark, XElement child, bool before)
    {
        if (child == mark)
        {
            return;
        }

        if (IsEdge(child, mark, atStart: true))
        {
            MoveTo(mark, child, before: true);
        }
        else if (IsEdge(child, mark, atStart: false))
        {
            MoveTo(mark, child, before: false);
        }
        else
        {
            Crosses(section, before ? "starts inside a link or control and ends outside it" : "ends inside a link or control and starts outside it");
        }
    }

    private void LiftElse(Section section, XElement mark, XElement child) => Lift(section, mark, child, before: true);

    // Tags in the cells of one row: from the first cell to the last they repeat the row, otherwise the cells between.
    private void PlaceInRow(Section section, XElement row, XElement first, XElement last)
    {
        foreach (var (mark, _) in section.Elses)
        {
            Crosses(section, "has its other branch in the middle of the row", mark.Place);
        }

        var columns = section.Open.Source is SectionSource.Each { Columns: true }
            || row.Elements().Any(cell => IsCell(cell) && (cell.IsBefore(first) || cell.IsAfter(last)));
        if (columns)
        {
            RepeatGrid(section, row, first, last);
            PlaceAround(section, first, last);
        }
        else
        {
            PlaceAround(section, row, row);
        }
    }

    // The grid has as many columns as the widest row (ECMA-376 Part 1 §17.4.48). It comes before all rows, so a list
    // that belongs to the item of a row cannot be known there.
    private void RepeatGrid(Section section, XElement row, XElement first, XElement last)
    {
        var table = row.Ancestors(_names.Tbl).First();
        if (section.Open.Source is not SectionSource.Each each || table.Element(_names.TblGrid) is not { } grid || grid.Elements().Any(Mark.Is)
            || _pairs.Any(other => other != section && _order[other.OpenElement] < _order[section.OpenElement] && _order[other.CloseElement!] > _order[section.CloseElement!]
                && other.OpenElement.Ancestors().Contains(table)))
        {
            return;
        }

        var cells = row.Elements().Where(IsCell).ToArray();
        var from = cells.TakeWhile(cell => cell != first).Sum(SpanOf);
        var count = cells.SkipWhile(cell => cell != first).TakeWhile(cell => cell != last).Append(last).Sum(SpanOf);
        var wide = grid.Elements(_names.GridCol).Skip(from).Take(count).ToArray();
        if (wide.Length > 0)
        {
            wide[0].AddBeforeSelf(story.Marks.Add(new SectionMark { Role = SectionRole.Open, Source = each, Place = section.Open.Place, Raw = section.Open.Raw }));
            wide[^1].AddAfterSelf(story.Marks.Add(new SectionMark { Role = SectionRole.Close, Source = new SectionSource.End(""), Place = section.Open.Place, Raw = section.Open.Raw }));
        }
    }

    private int SpanOf(XElement cell)
        => int.TryParse(cell.DescendantsAndSelf(_names.TcPr).FirstOrDefault()?.Element(_names.W + "gridSpan")?.Attribute(_names.Val)?.Value, out var span) && span is > 0 and < 64 ? span : 1;

    private bool IsCell(XElement element) => element.Name == _names.Tc || element.Name == _names.Sdt;

    private void PlaceAround(Section section, XElement first, XElement last)
    {
        MoveTo(section.OpenElement, first, before: true);
        MoveTo(section.CloseElement!, last, before: false);
    }

    private void PlaceRows(Section section, XElement first, XElement last)
    {
        if (first.Name != _names.Tr || last.Name != _names.Tr)
        {
            Crosses(section, "starts and ends in different places of the table");
            return;
        }

        MoveTo(section.OpenElement, first, before: true);
        MoveTo(section.CloseElement!, last, before: false);
        foreach (var (mark, element) in section.Elses)
        {
            var row = ChildOf(first.Parent!, element);
            if (row.Name != _names.Tr || (!HoldsOnlyMarks(row) && !IsEdge(row, element, atStart: true)))
            {
                Crosses(section, "has its other branch in the middle of a row", mark.Place);
                continue;
            }

            MoveTo(element, row, before: true);
        }
    }

    private void PlaceBlocks(Section section, XElement first, XElement last)
    {
        var open = section.OpenElement;
        var close = section.CloseElement!;
        var startsWhole = IsWhole(first, open, out var openBefore);
        var endsWhole = IsWhole(last, close, out var closeBefore);
        if (first.Name == _names.Tbl || last.Name == _names.Tbl)
        {
            Crosses(section, first.Name == _names.Tbl ? "starts inside a table and ends outside it" : "starts outside a table and ends inside it");
            return;
        }

        // The branches of Word's IF are text that may break lines anywhere: only whole paragraphs are taken out whole.
        if ((!startsWhole && !endsWhole) || (section.Open.Source is SectionSource.WordIf && !(startsWhole && endsWhole)))
        {
            if (first.Name != _names.P || last.Name != _names.P)
            {
                Crosses(section, "starts and ends in different content controls");
            }

            return;
        }

        if (startsWhole)
        {
            MoveTo(open, first, openBefore);
        }
        else if (!Split(open, first))
        {
            Crosses(section, "starts inside a content control");
        }

        if (endsWhole)
        {
            MoveTo(close, last, closeBefore);
        }
        else if (!Split(close, last))
        {
            Crosses(section, "ends inside a content control");
        }

        foreach (var (mark, element) in section.Elses)
        {
            var child = ChildOf(open.Parent!, element);
            if (IsWhole(child, element, out var before))
            {
                MoveTo(element, child, before);
            }
            else if (!Split(element, child))
            {
                Crosses(section, "has its other branch inside a table or control", mark.Place);
            }
        }

        // Two tables without a paragraph between them are one table to Word.
        if (section.Open.Source is SectionSource.Each or SectionSource.Any { Inverted: false }
            && Beside(open.ElementsAfterSelf())?.Name == _names.Tbl && Beside(close.ElementsBeforeSelf().Reverse())?.Name == _names.Tbl)
        {
            close.AddBeforeSelf(new XElement(_names.P, last.Element(_names.PPr) is { } properties ? new XElement(properties) : null));
        }

        // The tags' own paragraphs go, unless they show something else.
        XElement? Beside(IEnumerable<XElement> siblings) => siblings.FirstOrDefault(element => !Mark.Is(element) && !(_left.Contains(element) && !ShowsSomething(element)));
    }

    // Whether a boundary stands alone in its block or at an edge of it, so that it can stand before or after the block.
    private bool IsWhole(XElement block, XElement mark, out bool before)
    {
        before = true;
        if (block == mark || (block.Name != _names.P && block.Name != _names.Sdt) || IsEdge(block, mark, atStart: true))
        {
            return block == mark || block.Name == _names.P || block.Name == _names.Sdt;
        }

        before = false;
        return IsEdge(block, mark, atStart: false);
    }

    private bool Split(XElement mark, XElement paragraph)
    {
        if (paragraph.Name != _names.P || mark.Parent != paragraph)
        {
            return paragraph == mark;
        }

        var second = new XElement(paragraph);
        second.RemoveNodes();
        if (paragraph.Element(_names.PPr) is { } properties)
        {
            second.Add(new XElement(properties));
            properties.Element(_names.SectPr)?.Remove();
        }

        var moved = mark.NodesAfterSelf().ToArray();
        foreach (var node in moved)
        {
            node.Remove();
        }

        second.Add(moved);
        mark.Remove();
        paragraph.AddAfterSelf(mark, second);
        story.CopyPlace(paragraph, second);
        return true;
    }

    /// <summary>Whether nothing a reader sees stands between a mark and one edge of what holds it.</summary>
    private bool IsEdge(XElement container, XElement mark, bool atStart)
    {
        for (var at = mark; at != container; at = at.Parent!)
        {
            var beside = atStart ? at.ElementsBeforeSelf() : at.ElementsAfterSelf();
            if (beside.Any(ShowsSomething))
            {
                return false;
            }
        }

        return true;
    }

    private bool ShowsSomething(XElement element)
    {
        if (Mark.Is(element))
        {
            return story.Marks.Of(element) is not SectionMark && !(story.Marks.Of(element) is FieldMark { IsSilent: true });
        }

        if (_names.IsInvisible(element.Name) || element.Name == _names.TcPr || element.Name == _names.SdtPr || element.Name.LocalName is "trPr" or "tblPrEx" or "sdtEndPr" or "tblPr" or "tblGrid")
        {
            return false;
        }

        if (element.Name == _names.T)
        {
            return element.HasElements || !string.IsNullOrWhiteSpace(element.Value);
        }

        return element.HasElements
            ? element.Elements().Any(ShowsSomething)
            : element.Name != _names.R && element.Name != _names.P && element.Name != _names.Tc && element.Name != _names.SdtContent && element.Name != _names.Hyperlink;
    }

    private bool HoldsOnlyMarks(XElement container) => !container.Elements().Any(ShowsSomething);

    // Boundaries moved to one side of the same block keep their order.
    private void MoveTo(XElement mark, XElement block, bool before)
    {
        if (mark == block)
        {
            return;
        }

        if (mark.Ancestors(_names.P).FirstOrDefault() is { } home)
        {
            _left.Add(home);
        }

        mark.Remove();
        var lists = before ? _before : _after;
        if (!lists.TryGetValue(block, out var siblings))
        {
            lists[block] = siblings = [];
        }

        var at = siblings.FindIndex(sibling => _order[sibling] > _order[mark]);
        if (before)
        {
            (at < 0 ? block : siblings[at]).AddBeforeSelf(mark);
        }
        else if (at < 0)
        {
            (siblings.Count == 0 ? block : siblings[^1]).AddAfterSelf(mark);
        }
        else
        {
            siblings[at].AddBeforeSelf(mark);
        }

        siblings.Insert(at < 0 ? siblings.Count : at, mark);
    }

    private readonly HashSet<XElement> _left = [];

    // A paragraph or row that held nothing but the tags of its sections goes with them.
    private void RemoveEmptied(List<Section> sections)
    {
        foreach (var paragraph in _left)
        {
            if (paragraph.Parent is not { } parent || HoldsMarks(paragraph) || ShowsSomething(paragraph))
            {
                continue;
            }

            if (paragraph.Ancestors(_names.Tr).FirstOrDefault() is { } row && HoldsOnlyMarks(row) && !HoldsMarks(row) && IsBeside(row))
            {
                if (row.Parent is not null)
                {
                    row.Remove();
                }

                continue;
            }

            if (parent.Name == _names.Tc && parent.Elements(_names.P).Skip(1).Any() && !IsNeeded(paragraph, parent))
            {
                // The tag had a paragraph of its own in a cell that holds more.
                paragraph.Remove();
                continue;
            }

            if (!IsBeside(paragraph) || paragraph.Element(_names.PPr)?.Element(_names.SectPr) is not null || IsNeeded(paragraph, parent))
            {
                continue;
            }

            foreach (var range in paragraph.Elements().Where(element => element.Name == _names.BookmarkStart || element.Name == _names.BookmarkEnd
                || element.Name == _names.CommentRangeStart || element.Name == _names.CommentRangeEnd).ToArray())
            {
                range.Remove();
                paragraph.AddBeforeSelf(range);
            }

            paragraph.Remove();
        }

        bool IsBeside(XElement block) => _before.ContainsKey(block) || _after.ContainsKey(block);
    }

    private static bool HoldsMarks(XElement container) => container.Descendants().Any(Mark.Is);

    // A cell, text box or note ends with a paragraph: after a table the last one stays (ECMA-376 17.4.65).
    private bool IsNeeded(XElement paragraph, XElement parent)
    {
        if (paragraph.ElementsAfterSelf().Any(element => element.Name == _names.P || element.Name == _names.Tbl || element.Name == _names.Sdt))
        {
            return false;
        }

        var previous = paragraph.ElementsBeforeSelf().LastOrDefault(element => !Mark.Is(element) && !_names.IsInvisible(element.Name));
        return parent.Name != _names.Body && previous?.Name != _names.P && previous is not null && previous.Name != _names.TcPr;
    }

    private void Crosses(Section section, string how, Place? place = null)
        => story.Problems.Add(new Problem(ProblemCode.SectionCrosses, $"The section {section.Open.Raw} {how}.")
        {
            Advice = "Put its start and end around whole paragraphs, around whole rows, or both into the same paragraph.",
            Place = place ?? section.Open.Place,
        });
}
