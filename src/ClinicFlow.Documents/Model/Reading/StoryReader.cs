using System.Collections.Immutable;
using ClinicFlow.Documents.Hyphenation;
using ClinicFlow.Documents.Model.Equations;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>
/// Reads the blocks of one part: paragraphs and tables, out of content controls, tracked insertions and custom XML. Keeps the place, the
/// list counters and the open fields of the story. Owned by one read.
/// </summary>
internal sealed class StoryReader
{
    // Text boxes in text boxes, tables in cells: beyond this nobody writes, and each level costs stack.
    private const int MaxNesting = 20;

    private readonly DocumentParts _parts;
    private readonly PlaceTracker _place;
    private readonly ListCounters _counters;
    private readonly TableReader _tables;
    private readonly InlineReader _inlines;
    private readonly List<Element> _pendingBookmarks = [];
    private List<Element>? _openParagraphs;
    private int _nesting;
    private int _boxes;
    private int _labelsRead;
    private readonly HashSet<KeptParagraph.Reading> _drawn = new(ReferenceEqualityComparer.Instance);

    public StoryReader(DocumentParts parts, string part, string name)
    {
        _parts = parts;
        _place = new PlaceTracker(name);
        _counters = new ListCounters(parts.Numbering);
        _tables = new TableReader(parts, this, _place);
        _inlines = new InlineReader(parts, part, this);
        IsMargin = name.StartsWith("header", StringComparison.Ordinal) || name.StartsWith("footer", StringComparison.Ordinal);
        parts.Scan.Here = _place.Here;
    }

    /// <summary>Reads the body. Where a paragraph ends a section, <paramref name="endSection"/> takes the blocks so far.</summary>
    public void ReadBody(Element body, ImmutableArray<Block>.Builder blocks, Action<Element> endSection)
        => ReadInto(body, TableContext.None, blocks, endSection);

    /// <summary>Reads a header, footer or note.</summary>
    public ImmutableArray<Block> ReadStory(Element root) => ReadBlocks(root, TableContext.None);

    /// <summary>Reads the blocks of a cell, box, header or note.</summary>
    public ImmutableArray<Block> ReadBlocks(Element container, TableContext table)
    {
        var blocks = ImmutableArray.CreateBuilder<Block>();
        if (_nesting >= MaxNesting)
        {
            _parts.Scan.Found(Construct.TooDeep);
            return [];
        }

        _nesting++;
        ReadInto(container, table, blocks, null);
        _nesting--;
        return blocks.ToImmutable();
    }

    /// <summary>Whether it is a header or footer, whose fields Word works out on each page.</summary>
    public bool IsMargin { get; }

    /// <summary>Whether what is being read stands in a text box.</summary>
    public bool IsInBox => _boxes > 0;

    /// <summary>Whether East Asian characters of what is being read would stand upright in lines that run downwards, which is not drawn.</summary>
    public bool KeepsUpright { get; private set; }

    /// <summary>Notes the scripts of a text that stands in a drawing.</summary>
    public void ScanText(string text) => _inlines.ScanText(text);

    /// <summary>Reads the blocks of a cell, in which text may run downwards.</summary>
    public ImmutableArray<Block> ReadCell(Element cell, TableContext table, bool keepsUpright)
    {
        var outer = KeepsUpright;
        KeepsUpright |= keepsUpright;
        var blocks = ReadBlocks(cell, table);
        KeepsUpright = outer;
        return blocks;
    }

    /// <summary>Reads the blocks of a text box, which is a flow of its own.</summary>
    public ImmutableArray<Block> ReadBox(Element content, bool keepsUpright = false)
    {
        var isUpright = KeepsUpright;
        KeepsUpright = keepsUpright;
        _place.EnterBox();
        var outerFields = _inlines.SuspendFields();
        var open = _openParagraphs;
        _openParagraphs = null;
        _boxes++;
        var blocks = ReadBlocks(content, TableContext.None);
        _boxes--;
        _openParagraphs = open;
        _inlines.ResumeFields(outerFields);
        _place.Leave();
        KeepsUpright = isUpright;
        return blocks;
    }

    private void ReadInto(Element container, TableContext table, ImmutableArray<Block>.Builder blocks, Action<Element>? endSection)
    {
        ReadChildren(container, table, blocks, endSection);

        // A deleted mark at the very end has nothing to join.
        if (_openParagraphs is { } open)
        {
            _openParagraphs = null;
            blocks.Add(ReadParagraph(open[^1], open, table));
        }
    }

    private void ReadChildren(Element container, TableContext table, ImmutableArray<Block>.Builder blocks, Action<Element>? endSection)
    {
        foreach (var e in container.Elements)
        {
            switch (e.Ns)
            {
                case Ns.W:
                    ReadBlock(e, table, blocks, endSection);
                    break;
                case Ns.Compatibility when e.Name == "AlternateContent":
                    ReadChildren(Alternative.Choose(e), table, blocks, endSection);
                    break;
                case Ns.Math:
                    _parts.Scan.Found(Construct.EquationPart, "between paragraphs");
                    break;
                default:
                    _parts.Scan.Found(Construct.UnknownElement, e.Name);
                    break;
            }
        }
    }

    private void ReadBlock(Element e, TableContext table, ImmutableArray<Block>.Builder blocks, Action<Element>? endSection)
    {
        switch (e.Name)
        {
            case "p":
                _place.NextParagraph();
                if (e.Kept is { } kept)
                {
                    ReadKept(kept, table, blocks);
                    break;
                }

                ReadParagraph(e, table, blocks, endSection);
                break;
            case "tbl":
                if (_tables.Read(e, isNested: !ReferenceEquals(table, TableContext.None)) is { } read)
                {
                    blocks.Add(read);
                }

                break;
            case "sdt":
                ReadChildren(e.Child("sdtContent"), table, blocks, endSection);
                break;
            case "customXml" or "ins" or "moveTo" or "smartTag" or "sdtContent":
                ReadChildren(e, table, blocks, endSection);
                break;
            case "bookmarkStart":
                _pendingBookmarks.Add(e);
                break;
            case "altChunk":
                _parts.Scan.Found(Construct.AlternativeFormat);
                break;
            case "r" or "hyperlink" or "fldSimple" or "subDoc":
                // Only between blocks in damaged documents; Word refuses these.
                _parts.Scan.Found(Construct.UnknownElement, e.Name);
                break;
            case "del" or "moveFrom" or "sectPr" or "bookmarkEnd" or "proofErr" or "permStart" or "permEnd" or "commentRangeStart" or "commentRangeEnd"
                or "moveFromRangeStart" or "moveFromRangeEnd" or "moveToRangeStart" or "moveToRangeEnd" or "customXmlPr" or "smartTagPr" or "tcPr"
                or "customXmlInsRangeStart" or "customXmlInsRangeEnd" or "customXmlDelRangeStart" or "customXmlDelRangeEnd"
                or "customXmlMoveFromRangeStart" or "customXmlMoveFromRangeEnd" or "customXmlMoveToRangeStart" or "customXmlMoveToRangeEnd":
                break;
            default:
                _parts.Scan.Found(Construct.UnknownElement, e.Name);
                break;
        }
    }

    private void ReadParagraph(Element p, TableContext table, ImmutableArray<Block>.Builder blocks, Action<Element>? endSection)
    {
        var pPr = p.Child("pPr");
        var mark = pPr.Child("rPr");
        var sectPr = pPr.Child("sectPr");
        if ((mark.Child("del").Exists || mark.Child("moveFrom").Exists) && !sectPr.Exists)
        {
            // Its mark is deleted: its text goes on in the next paragraph, which keeps its own properties.
            (_openParagraphs ??= []).Add(p);
            return;
        }

        List<Element> all = _openParagraphs is { } open ? [.. open, p] : [p];
        _openParagraphs = null;
        var paragraph = ReadParagraph(p, all, table);
        Add(blocks, sectPr.Exists && paragraph.Inlines.IsEmpty ? paragraph with { IsSectionEnd = true } : paragraph);
        if (sectPr.Exists)
        {
            endSection?.Invoke(sectPr);
        }
    }

    // What a language does to a paragraph's words is found in each document: a record's text may be its only one.
    private void Add(ImmutableArray<Block>.Builder blocks, Paragraph paragraph)
    {
        if (_parts.Settings.AutoHyphenation && !paragraph.Format.SuppressesHyphenation)
        {
            ScanWords(paragraph);
        }

        blocks.Add(paragraph);
    }

    private void ScanWords(Paragraph paragraph)
    {
        foreach (var inline in paragraph.Inlines)
        {
            if (inline is not TextRun { Format: { IsHidden: false } format } run || HyphenationPatterns.IsNoLanguage(format.Languages.Latin) || !HyphenationPatterns.HasWord(run.Text))
            {
                continue;
            }

            var language = format.Languages.Latin;
            if (HyphenationPatterns.Know(language))
            {
                _parts.Scan.Found(Construct.KnownHyphenation);
            }
            else
            {
                _parts.Scan.Found(Construct.Hyphenation, language.Length > 0 ? language : "not stated");
            }
        }
    }

    // A paragraph of the template: read once for its place in a table, then the same in every document. Its number is counted in each.
    private void ReadKept(KeptElement element, TableContext table, ImmutableArray<Block>.Builder blocks)
    {
        if (_openParagraphs is not null || _pendingBookmarks.Count > 0 || _inlines.HasOpenField)
        {
            ReadParagraph(_parts.Expand(element), table, blocks, null);
            return;
        }

        var kept = element.Filled is { } paragraph ? paragraph.Outline.Kept : _parts.KeptOf(element);
        if (kept.Find(table) is not { } known)
        {
            ReadFirst(element, kept, table, blocks);
        }
        else if (known.HasDrawing && !_drawn.Add(known))
        {
            Add(blocks, ReadAnew(element, table));
        }
        else
        {
            Add(blocks, ReadAgain(element, known));
        }
    }

    private void ReadFirst(KeptElement element, KeptParagraph kept, TableContext table, ImmutableArray<Block>.Builder blocks)
    {
        if (element.Filled is { Outline.IsUnfit: true })
        {
            Add(blocks, ReadAnew(element, table));
            return;
        }

        var (mark, labels) = (_parts.Scan.Mark, _labelsRead);
        _parts.IsReadingTemplate = element.Filled is null;
        var p = element.Filled is null ? _parts.Expand(element) : _parts.ExpandOutline(element);
        var read = ReadParagraph(p, [p], table);
        _parts.IsReadingTemplate = false;
        if (element.Filled is { } filled && !KeptParagraph.HasSigns(read.Inlines, filled.Texts.Length))
        {
            // Counted twice, once with the signs: that is taken back with the paragraph's number.
            filled.Outline.IsUnfit = true;
            var isCounted = _labelsRead > labels;
            Add(blocks, ReadAnew(element, table, isCounted ? read.Label : null));
            return;
        }

        // Lists in its text boxes count on from one document's state: such a paragraph is read anew.
        var isKept = _labelsRead - labels == (read.Label is null ? 0 : 1);
        if (isKept)
        {
            var reading = new KeptParagraph.Reading(table, read, _parts.Scan.Since(mark));
            kept.Add(reading);
            _ = reading.HasDrawing && _drawn.Add(reading);
        }
        else
        {
            read = read with { IsOfTemplate = false };
        }

        Add(blocks, element.Filled is null ? read : Fill(read, element.Filled));
    }

    private Paragraph ReadAgain(KeptElement element, KeptParagraph.Reading known)
    {
        _parts.Scan.Found(known.Findings);
        var paragraph = known.Paragraph;
        if (paragraph.Label is { } label)
        {
            var number = _counters.Count(label.ListId, label.Level);
            var text = _counters.Text(label.ListId, label.Level);
            if (number != label.Number || text != label.Text)
            {
                paragraph = paragraph with { Label = label with { Number = number, Text = text }, IsOfTemplate = false };
            }
        }

        if (element.Filled is { } filled)
        {
            return Fill(paragraph, filled);
        }

        if (paragraph.Format.OutlineLevel is not null)
        {
            SetHeading(paragraph.Inlines);
        }

        return paragraph;
    }

    // As if it were no paragraph of the template.
    private Paragraph ReadAnew(KeptElement element, TableContext table, ListLabel? counted = null)
    {
        var p = _parts.Expand(element);
        return counted is null ? ReadParagraph(p, [p], table) : ReadParagraph(p, [p], table, counted);
    }

    private Paragraph Fill(Paragraph outline, FilledParagraph filled)
    {
        var isUpright = EnterFrame(outline.Format);
        foreach (var text in filled.Texts)
        {
            _inlines.ScanText(text);
        }

        KeepsUpright = isUpright;
        var paragraph = outline with { Inlines = KeptParagraph.Fill(outline.Inlines, filled.Texts), IsOfTemplate = false };
        if (paragraph.Format.OutlineLevel is not null)
        {
            SetHeading(paragraph.Inlines);
        }

        return paragraph;
    }

    // In a frame whose text runs downwards.
    private bool EnterFrame(ParagraphFormat format)
    {
        var outer = KeepsUpright;
        KeepsUpright |= format is { Frame: not null, TextDirection: TextDirection.Clockwise };
        return outer;
    }

    private void SetHeading(ImmutableArray<Inline> inlines) => _place.SetHeading(string.Concat(inlines.OfType<TextRun>().Select(run => run.Text)));

    private Paragraph ReadParagraph(Element p, List<Element> content, TableContext table, ListLabel? counted = null)
    {
        var pPr = p.Child("pPr");
        var resolved = _parts.Styles.Paragraph(pPr, table);
        var isUpright = EnterFrame(resolved.Format);
        var label = counted ?? (resolved.ListId > 0 ? ReadLabel(resolved, pPr.Child("rPr")) : null);
        _inlines.Start(resolved.Context, resolved.Format.SnapsToGrid);
        foreach (var bookmark in _pendingBookmarks)
        {
            _inlines.AddBookmark(bookmark);
        }

        _pendingBookmarks.Clear();
        foreach (var one in content)
        {
            _inlines.Read(one);
        }

        var inlines = _inlines.Finish();
        KeepsUpright = isUpright;
        if (resolved.Format.IsRightToLeft && inlines.Any(inline => inline is Equation { Display: not null }))
        {
            _parts.Scan.Found(Construct.EquationPart, "of its own in a paragraph from right to left");
        }

        if (resolved.Format.OutlineLevel is not null)
        {
            SetHeading(inlines);
        }

        return new Paragraph { IsOfTemplate = _parts.IsReadingTemplate, Format = resolved.Format, MarkFormat = _parts.Styles.Format(resolved.Context, pPr.Child("rPr")), Label = label, Inlines = inlines };
    }

    // The level's own, unless the paragraph clears it or states another.
    private static Pt? NumberStop(ImmutableArray<TabStop> stops)
    {
        foreach (var stop in stops)
        {
            if (stop.Alignment == TabAlignment.Number)
            {
                return stop.Position;
            }
        }

        return null;
    }

    private ListLabel? ReadLabel(ResolvedParagraph resolved, Element mark)
    {
        if (_parts.Numbering.Level(resolved.ListId, resolved.Level) is not { } level)
        {
            return null;
        }

        _labelsRead++;
        var number = _counters.Count(resolved.ListId, resolved.Level);
        if (level.IsUnknownFormat)
        {
            _parts.Scan.Found(Construct.NumberFormat);
        }

        if (level.PictureBullet is { } picture)
        {
            if (picture.Image == PictureBullet.Missing)
            {
                _parts.Scan.Found(Construct.DamagedReference, "a picture as bullet");
            }
            else
            {
                _parts.Scan.Found(Construct.PictureBullet);
                _parts.ScanImage(picture.Image);
            }
        }

        var text = _counters.Text(resolved.ListId, resolved.Level);
        return new ListLabel(
            text, _parts.Styles.At(_parts.Styles.LabelFormat(resolved.Context, mark, level.Characters), onGrid: false, KeepsUpright), level.Suffix, level.Alignment,
            NumberStop(resolved.Format.Tabs), level.PictureBullet, resolved.ListId, resolved.Level, number, level.Format == NumberFormat.Bullet, level.LegacySpace);
    }
}

/// <summary>mc:AlternateContent (ECMA-376 Part 3 §9.3): the first choice whose namespaces are all known here, else the fallback.</summary>
internal static class Alternative
{
    /// <summary>The chosen element, whose children are the content; no element where there is nothing to choose.</summary>
    public static Element Choose(Element alternateContent)
    {
        foreach (var e in alternateContent.Elements)
        {
            if (e.Is(Ns.Compatibility, "Choice") && e["Requires"] is { } requires && Array.TrueForAll(requires.Split(' ', StringSplitOptions.RemoveEmptyEntries), IsKnown))
            {
                return e;
            }
        }

        return alternateContent.Child(Ns.Compatibility, "Fallback");
    }

    // By the prefix that Word uses; the namespaces that belong to them are the same in all files seen.
    private static bool IsKnown(string prefix) => prefix is "w14" or "w15" or "wps" or "wpg" or "wp14" or "a14" or "w16se";
}
