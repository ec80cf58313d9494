using System.Collections.Immutable;
using ClinicFlow.Documents.Layout.Inline;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Layout.Tables;
using ClinicFlow.Documents.Model;

namespace ClinicFlow.Documents.Layout.Flow;

/// <summary>How the area that is being filled began; it decides what becomes of the space before its first paragraph.</summary>
internal enum AreaStart : byte
{
    /// <summary>Something stands above.</summary>
    None,

    /// <summary>The area before was full: the space is dropped.</summary>
    Automatic,

    /// <summary>A section on a new page, a column break: what goes beyond the last paragraph's space after remains.</summary>
    Break,

    /// <summary>A page break in the text: the same in mode 15, nothing before that.</summary>
    PageBreak,

    /// <summary>The document, or a paragraph that asked for a new page: the space is kept.</summary>
    Kept,
}

/// <summary>
/// Fills pages with the body of a document: 1. a section begins on a page, or below what is there; 2. paragraphs and tables go into its columns,
/// cut where a column ends; 3. floats are placed with the paragraph they hang in; 4. footnotes take room from below; 5. pages are finished when the
/// next begins. Evidence: docs/layout.md, "Pages".
/// </summary>
internal sealed class PageFlow
{
    private const double Noise = 0.01;
    private readonly LayoutParts _parts;
    private readonly WordDocument _document;
    private readonly FieldValues _values;
    private readonly KnownPages _known;
    private readonly int _mostPages;
    private readonly HeadersAndFooters _headers;
    private readonly FootnoteArea _footnotes;
    private readonly LineNumberPainter? _lineNumbers;
    private readonly List<FlowPage> _pages = [];
    private readonly Dictionary<Paragraph, LaidParagraph> _laid = new(ReferenceEqualityComparer.Instance);
    private readonly List<NoteReference> _notes = [];

    private readonly HashSet<object> _foreseen = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<object> _met = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<object> _refused = new(ReferenceEqualityComparer.Instance);
    private readonly List<Foreseen> _candidates = [];
    private double _rest = -1;

    // The cursor.
    private ImmutableArray<Block> _blocks = [];
    private int _index;
    private int _section;
    private FlowPage _page = null!;
    private ColumnBand[] _bands = [];
    private int _column;
    private double _columnTop;
    private double _y;
    private double _lowest;
    private bool _isAreaEmpty = true;
    private AreaStart _areaStart = AreaStart.Kept;
    private Paragraph? _previous;
    private int _chainEnd;
    private (Paragraph? Paragraph, double At) _partedChain;
    private double _limit = double.PositiveInfinity;
    private int _limitedPage;
    private bool _isTrial;
    private bool _isInEndnotes;
    private int _lastTrialPage;

    /// <param name="parts">What lays paragraphs and tables.</param>
    /// <param name="document">The document.</param>
    /// <param name="values">What fields show, as far as it is known.</param>
    /// <param name="known">What an earlier layout found.</param>
    /// <param name="mostPages">Longer documents are refused.</param>
    public PageFlow(LayoutParts parts, WordDocument document, FieldValues values, KnownPages known, int mostPages)
    {
        (_parts, _document, _values, _known, _mostPages) = (parts, document, values, known, mostPages);
        _headers = new HeadersAndFooters(parts);
        _footnotes = new FootnoteArea(parts, document, values);
        _lineNumbers = document.LineNumberCharacters is { } format ? new LineNumberPainter(parts, format) : null;
    }

    /// <summary>Height of the grid lines of a section; 0 where it has none.</summary>
    public static double GridPitchOf(Section section) =>
        section.Grid.Kind is DocumentGridKind.Lines or DocumentGridKind.LinesAndCharacters or DocumentGridKind.SnapToCharacters && section.Grid.LinePitch.Value > 1 ? section.Grid.LinePitch.Value : 0;

    /// <summary>Which page each footnote is referred to on, counted from 0, where its number depends on that.</summary>
    public IReadOnlyDictionary<NoteReference, int> PagesOfNotes
    {
        get
        {
            var indexOf = _pages.Select((page, index) => (page, index)).ToDictionary(one => one.page, one => one.index, ReferenceEqualityComparer.Instance as IEqualityComparer<FlowPage>);
            var found = new Dictionary<NoteReference, int>(ReferenceEqualityComparer.Instance);
            foreach (var (note, page) in _footnotes.PageOf)
            {
                found[note] = indexOf.GetValueOrDefault(page, -1);
            }

            return found;
        }
    }

    private Section Section => _document.Sections[_section];

    private ColumnBand Band => _bands[Math.Min(_column, _bands.Length - 1)];

    private double AreaBottom => _pages.Count == _limitedPage ? Math.Min(_page.Bottom - _page.NotesHeight, _limit) : _page.Bottom - _page.NotesHeight;

    private sealed class TrialOverflowException : Exception;

    public List<FlowPage> Run()
    {
        for (_section = 0; _section < _document.Sections.Length; _section++)
        {
            BeginSection();
            if (IsBalanced())
            {
                PlaceBalanced(Section.Blocks);
            }
            else
            {
                PlaceBlocks(Section.Blocks);
            }

            if (Section.Endnotes.Position == NotePosition.SectionEnd && !Section.SuppressesEndnotes)
            {
                PlaceEndnotes();
            }
        }

        _section = _document.Sections.Length - 1;
        PlaceEndnotes();
        while (_footnotes.HasCarried)
        {
            NewPage(isFirstOfSection: false, AreaStart.Automatic);
        }

        FinishPage();
        return _pages;
    }

    // 1. Sections.
    private void BeginSection()
    {
        _chainEnd = 0;
        (_blocks, _index) = (Section.Blocks, 0);
        _lineNumbers?.BeginSection(Section, _section == 0);
        if (_section == 0)
        {
            NewPage(isFirstOfSection: true, AreaStart.Kept);
            return;
        }

        var before = _document.Sections[_section - 1];
        var start = Section.Start;
        var isSamePaper = before.Page.Width == Section.Page.Width && before.Page.Height == Section.Page.Height;
        if (start == SectionStart.Continuous && isSamePaper)
        {
            // A break at the very end of a page leaves the next section at the top of a new one by itself.
            var geometry = new PageGeometry(Section, _parts.Settings, _page.IsEven);
            _columnTop = _y = Math.Max(_lowest, _y);
            _bands = geometry.Columns;
            _column = 0;
            _isAreaEmpty = !_page.HasContent;
            return;
        }

        if (start == SectionStart.NextColumn && isSamePaper && _column + 1 < _bands.Length)
        {
            NextArea(AreaStart.Kept);
            return;
        }

        var number = Section.PageNumbers.Start ?? _page.Number + 1;
        if ((start == SectionStart.EvenPage && number % 2 != 0) || (start == SectionStart.OddPage && number % 2 == 0))
        {
            if (Section.PageNumbers.Start is null)
            {
                // The page in between is blank.
                FinishPage();
                AddPage(new FlowPage(Section with { Headers = HeaderFooterSet.None, Footers = HeaderFooterSet.None, Borders = null }, _section, new PageGeometry(Section, _parts.Settings, number % 2 == 0), number, false));
            }
        }

        NewPage(isFirstOfSection: true, AreaStart.Break);
    }

    private void AddPage(FlowPage page)
    {
        if (_pages.Count >= _mostPages)
        {
            throw new LayoutLimitException(_mostPages);
        }

        _page = page;
        _pages.Add(page);
    }

    private void NewPage(bool isFirstOfSection, AreaStart why)
    {
        if (_isTrial && _pages.Count >= _lastTrialPage)
        {
            throw new TrialOverflowException();
        }

        if (!_isTrial)
        {
            _lineNumbers?.BeginPage(Section);
            if (_page is not null)
            {
                FinishPage();
            }
        }

        var number = isFirstOfSection && Section.PageNumbers.Start is { } first ? first : _page is null ? 1 : _page.Number + 1;
        var isEven = number % 2 == 0;
        AddPage(new FlowPage(Section, _section, new PageGeometry(Section, _parts.Settings, isEven), number, isFirstOfSection, room: 48));
        SetFields(_page!, _pages.Count - 1, _values, _known);
        _headers.Set(_page!);
        _bands = _page!.Geometry.Columns;
        _column = 0;
        _columnTop = _y = _lowest = _page.Top;
        (_isAreaEmpty, _areaStart) = (true, why);
        _footnotes.PlaceCarried(_page);
        ForeseeFloats();
    }

    private void SetFields(FlowPage page, int index, FieldValues values, KnownPages known) => _parts.Paragraphs.Fields = values with
    {
        Page = page.Number,
        PageFormat = page.Section.PageNumbers.Format,
        Section = page.SectionIndex + 1,
        SectionPageCount = page.SectionIndex < known.SectionPages.Count ? known.SectionPages[page.SectionIndex] : 1,
        StyleText = known.StyleTextOn(index),
    };

    /// <summary>
    /// Sets the headers and footers of the filled pages again, for fields that show counts. The text need not be laid again as long as it keeps its room.
    /// </summary>
    /// <returns>Whether it does.</returns>
    public bool TrySetMarginsAgain(FieldValues values, KnownPages known)
    {
        for (var i = 0; i < _pages.Count; i++)
        {
            var page = _pages[i];
            var again = new FlowPage(page.Section, page.SectionIndex, page.Geometry, page.Number, page.IsFirstOfSection);
            SetFields(page, i, values, known);
            _headers.Set(again);
            if (again.Top != page.Top || again.Bottom != page.Bottom || again.Floats.Count > 0)
            {
                return false;
            }

            page.Margins = again.Margins;
        }

        return true;
    }

    // A float at a fixed place of the page, and the height of what stands before its anchor where no float is in the way.
    private readonly record struct Foreseen(object What, Exclusion Exclusion, double Before);

    // What stands at a fixed place of the page keeps text away above the paragraph it hangs in as well. So the blocks that will come on this page are
    // looked through before it is filled. Whether they still come on it when text keeps clear of the floats, a trial tells: what would push its own
    // anchor off the page leaves no empty band here, and goes with its paragraph to the next page.
    private void ForeseeFloats()
    {
        _foreseen.Clear();
        _refused.Clear();
        _candidates.Clear();
        FindFixedFloats();
        if (_candidates.Count == 0)
        {
            return;
        }

        // Notes belong to the pages they are on: with notes there is no looking ahead, and what is far down is left out.
        if (_isTrial || _document.Footnotes.Length > 0)
        {
            var near = Capacity * 0.7;
            _candidates.RemoveAll(candidate => candidate.Before >= near);
        }

        var floats = _page.Floats.Count;
        for (var tries = 0; _candidates.Count > 0; tries++)
        {
            foreach (var candidate in _candidates)
            {
                _foreseen.Add(candidate.What);
                _page.Floats.Add(candidate.Exclusion);
            }

            if (_isTrial || _document.Footnotes.Length > 0 || AreSurelyOnPage())
            {
                return;
            }

            TryPage();
            var missing = _candidates.FindLastIndex(candidate => !_met.Contains(candidate.What));
            if (missing < 0)
            {
                return;
            }

            // The last one first: without it the others may stay.
            _page.Floats.RemoveFrom(floats);
            _foreseen.Clear();
            for (var i = missing; i >= (tries < 8 ? missing : 0); i--)
            {
                if (!_met.Contains(_candidates[i].What))
                {
                    _refused.Add(_candidates[i].What);
                    _candidates.RemoveAt(i);
                }
            }
        }
    }

    private double Capacity => (_page.Bottom - _page.Top) * _bands.Length;

    // Where text is moved down by no more than the floats are high, and the last anchor is still far from the end, no trial is needed: the logo of a letter.
    private bool AreSurelyOnPage()
    {
        var (before, height) = (_rest > 0 ? _rest : 0, 0.0);
        foreach (var candidate in _candidates)
        {
            before = Math.Max(before, candidate.Before);
            height += candidate.Exclusion.Bottom - candidate.Exclusion.Top;
        }

        const double least = 72;
        return before + (height * _bands.Length) + least <= Capacity && _page.Floats.Count == _candidates.Count;
    }

    private void FindFixedFloats()
    {
        var room = Capacity;
        var place = new ParagraphPlace(Band.Width, GridPitchOf(Section), null);
        for (var i = _index; i < _blocks.Length && room > 0; i++)
        {
            switch (_blocks[i])
            {
                case Table { Position: { } position } table:
                    if (position.Vertical.From is not (FloatFrom.Paragraph or FloatFrom.Line) && FitsHere(position, LayTable(table), _page.Top))
                    {
                        Foresee(table, FloatPlacer.Place(position, LayTable(table), Frame()), Capacity - room);
                    }

                    break;
                case Table table:
                    room -= LayTable(table).Height;
                    break;
                case Paragraph { Format.Frame: not null }:
                    break;
                case Paragraph paragraph:
                    if (paragraph.Format.BreaksPageBefore && i > _index)
                    {
                        return;
                    }

                    var shaped = _parts.Paragraphs.Shape(paragraph);
                    if (shaped.DependsOnPage)
                    {
                        return;
                    }

                    foreach (var attached in shaped.Floats)
                    {
                        var anchor = attached.Thing.Anchor!;
                        if (anchor.Wrap.Kind != WrapKind.None && anchor.Vertical.From is not (FloatFrom.Paragraph or FloatFrom.Line) && i > _index
                            && _parts.Drawings.LayFloat(attached.Thing, Place()) is { } laid)
                        {
                            Foresee(attached.Thing, FloatPlacer.Place(attached.Thing, laid, Frame()), Capacity - room);
                        }
                    }

                    var block = LayPlain(shaped, place with { Background = paragraph.Format.Shading });
                    if (block.BreaksPage)
                    {
                        return;
                    }

                    room -= block.Height + Spacing.After(paragraph);
                    break;
            }
        }
    }

    private void Foresee(object what, PlacedFloat placed, double before)
    {
        if (placed.Exclusion is { } exclusion && !_candidates.Exists(known => ReferenceEquals(known.What, what)))
        {
            _candidates.Add(new(what, exclusion, before));
        }
    }

    // Fills the page that has just begun, to see which of the foreseen floats come on it. Leaves no trace but that.
    private void TryPage()
    {
        var (blocks, index, rest, chain, laidStyles) = (_blocks, _index, _rest, _chainEnd, new Dictionary<string, (string First, string Last)>(_page.StyleTexts, StringComparer.Ordinal));
        var (textBottom, limitedPage, limit) = (_page.TextBottom, _limitedPage, _limit);
        _met.Clear();
        _chainEnd = 0;
        Trial(_pages.Count, double.PositiveInfinity, () =>
        {
            var from = index;
            if (rest >= 0)
            {
                (_y, _isAreaEmpty, _areaStart, from) = (_y + rest, rest <= 0, rest > 0 ? AreaStart.None : _areaStart, index + 1);
                _previous = blocks[index] as Paragraph;
            }

            PlaceBlocks(blocks[from..]);
        });
        (_blocks, _index, _rest, _chainEnd, _page.TextBottom, _limitedPage, _limit) = (blocks, index, rest, chain, textBottom, limitedPage, limit);
        _page.StyleTexts.Clear();
        foreach (var (style, texts) in laidStyles)
        {
            _page.StyleTexts[style] = texts;
        }
    }

    private void NextArea(AreaStart why)
    {
        _lowest = Math.Max(_lowest, _y);
        _partedChain = default;
        if (_column + 1 < _bands.Length)
        {
            _column++;
            _y = _columnTop;
            (_isAreaEmpty, _areaStart) = (true, why);
            return;
        }

        NewPage(isFirstOfSection: false, why);
    }

    private void FinishPage() => _footnotes.Paint(_page);

    // 2. Blocks.
    private void PlaceBlocks(ImmutableArray<Block> blocks)
    {
        for (var i = 0; i < blocks.Length; i++)
        {
            (_blocks, _index) = (blocks, i);
            switch (blocks[i])
            {
                case Table { Position: not null } table:
                    PlaceFloatingTable(table);
                    break;
                case Table table:
                    PlaceTable(table);
                    break;
                case Paragraph { Format.Frame: { } frame }:
                    var end = i + 1;
                    while (end < blocks.Length && blocks[end] is Paragraph other && Equals(other.Format.Frame, frame))
                    {
                        end++;
                    }

                    PlaceFrame(blocks, i, end, frame);
                    i = end - 1;
                    break;
                case Paragraph paragraph:
                    PlaceParagraph(paragraph, blocks, i);
                    break;
            }
        }

        _lowest = Math.Max(_lowest, _y);
    }

    private StackPlace Place() => new()
    {
        Width = Band.Width,
        GridPitch = GridPitchOf(Section),
        Background = null,
        Frame = Frame(),
    };

    // From mode 15 on no drawing leaves its cell.
    private void NamePage()
    {
        if (_parts.Settings.CompatibilityMode < 15)
        {
            _page.Body.Page = new(Frame());
        }
    }

    private FloatFrame Frame() => new()
    {
        Page = new Box(0, 0, _page.Geometry.Width, _page.Geometry.Height),
        Margins = new Box(_page.Geometry.Margins.Left, _page.Geometry.Margins.Top, _page.Geometry.Margins.Width, _page.Geometry.Margins.Height),
        ColumnLeft = Band.Left,
        ColumnWidth = Band.Width,
        IsEvenPage = _page.IsEven,
    };

    private double GapBefore(Paragraph paragraph)
    {
        switch (_areaStart)
        {
            case AreaStart.Automatic:
                return 0;
            case AreaStart.PageBreak when _parts.Settings.CompatibilityMode < 15:
                return 0;
            case AreaStart.Break or AreaStart.PageBreak:
                return Math.Max(0, Spacing.Before(paragraph) - (_previous is null ? 0 : Spacing.After(_previous)));
            case AreaStart.Kept:
                // Automatic space is HTML's, and that has none above its first paragraph.
                var isFirst = _section == 0 && _pages.Count == 1 && _index == 0;
                return Spacing.Before(paragraph, isFirst);
        }

        // The mark of a continuous break has no space before it.
        if (paragraph.IsSectionEnd && _section + 1 < _document.Sections.Length && _document.Sections[_section + 1].Start == SectionStart.Continuous)
        {
            return _previous is null ? 0 : Spacing.After(_previous);
        }

        return _previous is null
            ? Spacing.Before(paragraph)
            : Spacing.Between(_previous, paragraph, _parts.Settings.Has(CompatibilityFlags.DoNotUseHTMLParagraphAutoSpacing));
    }

    private bool NextSectionBeginsPage => _section + 1 < _document.Sections.Length && _document.Sections[_section + 1].Start is not (SectionStart.Continuous or SectionStart.NextColumn);

    private bool IsSectionMark(ImmutableArray<Block> blocks, int index) => blocks[index] is Paragraph paragraph && IsSectionMark(blocks, index, _parts.Paragraphs.Shape(paragraph));

    private bool IsSectionMark(ImmutableArray<Block> blocks, int index, ShapedParagraph shaped)
    {
        var endsSection = shaped.Source.IsSectionEnd || (index == blocks.Length - 1 && !_isInEndnotes && _section + 1 < _document.Sections.Length);
        return endsSection && shaped.Text.Length == 0 && shaped.Label is null && shaped.Floats.Length == 0;
    }

    private void PlaceParagraph(Paragraph paragraph, ImmutableArray<Block> blocks, int index)
    {
        var shaped = _parts.Paragraphs.Shape(paragraph);
        if (shaped.IsHidden)
        {
            return;
        }

        // The empty mark that ends a section asks for no page of its own (docs/layout.md, "Pages").
        var isSectionMark = IsSectionMark(blocks, index, shaped);
        if (paragraph.Format.BreaksPageBefore && !isSectionMark && !(_isAreaEmpty && _column == 0 && _y <= _page.Top + Noise))
        {
            NewPage(isFirstOfSection: false, AreaStart.Kept);
        }

        if (_refused.Count > 0 && !_isAreaEmpty && shaped.Floats.Any(attached => _refused.Contains(attached.Thing)))
        {
            NewPage(isFirstOfSection: false, AreaStart.Automatic);
        }

        if (paragraph.Format.KeepsWithNext && index >= _chainEnd)
        {
            KeepChainTogether(blocks, index);
        }

        // 3. The first piece decides on which page the paragraph's floats are.
        LaidParagraph block;
        Slice cut;
        double top;
        bool isShared;
        while (true)
        {
            isShared = _areaStart == AreaStart.None && ParagraphBox.IsShared(_previous, paragraph);
            top = _y + GapBefore(paragraph) + ParagraphBox.TopInset(paragraph, isShared);
            var known = _page.Floats.Count;
            var floats = PlaceFloats(shaped, top);
            block = LayAt(shaped, 0, top);
            var room = AreaBottom - top;
            if (ReferenceEquals(_partedChain.Paragraph, paragraph))
            {
                (room, _partedChain) = (Math.Min(room, _partedChain.At), default);
            }

            cut = CutWithNotes(block, 0, room, _isAreaEmpty);
            KeepWordWhole(ref block, ref cut, shaped, 0, top);
            if (cut.To > 0 || block.Height <= LaidBlock.Noise)
            {
                foreach (var placed in floats)
                {
                    placed.Paint(_page.Body, 0, 0);
                }

                foreach (var attached in shaped.Floats)
                {
                    _met.Add(attached.Thing);
                }

                break;
            }

            _page.Floats.RemoveFrom(known);
            if (isSectionMark && NextSectionBeginsPage)
            {
                _laid.Remove(paragraph);
                return;
            }

            NextArea(AreaStart.Automatic);
        }

        // The same paragraph may stand in the document again, and is then another one.
        _laid.Remove(paragraph);
        var from = 0.0;
        var boxTop = isShared ? _y : top - ParagraphBox.TopInset(paragraph, isShared);
        while (true)
        {
            var isEnd = cut.To >= block.Height - LaidBlock.Noise;
            var continues = isEnd && index + 1 < blocks.Length && ParagraphBox.IsShared(paragraph, blocks[index + 1] as Paragraph);
            var below = isEnd ? ParagraphBox.BottomInset(paragraph, continues) : 0;
            if (from <= 0 && _known.Styles.Contains(paragraph.Format.StyleId))
            {
                var text = shaped.Text.Trim();
                _page.StyleTexts[paragraph.Format.StyleId] = _page.StyleTexts.TryGetValue(paragraph.Format.StyleId, out var texts) ? (texts.First, text) : (text, text);
            }

            ParagraphBox.Paint(_page.Body, paragraph, Band.Left, Band.Width, boxTop, top + cut.Height + below, hasTop: from <= 0, isShared, hasBottom: isEnd && !continues);
            block.Paint(_page.Body, Band.Left, top, from, cut.To);
            if (!_isTrial && !_isInEndnotes)
            {
                _lineNumbers?.Paint(_page.Body, Section, block, from, cut.To, Band, top);
            }

            _y = top + cut.Height + below;
            _page.HasContent = true;
            _page.TextBottom = Math.Max(_page.TextBottom, _y);
            (_isAreaEmpty, _areaStart) = (false, AreaStart.None);
            PlaceNotes(block, from, cut.To);
            var isDone = isEnd || cut.To <= from;
            var next = isDone ? 0 : block.Lines[block.FirstLineAfter(cut.To)].Start;
            _rest = isDone ? 0 : Math.Max(0, block.Height - cut.To);
            if (cut.Forced == LineEnding.PageBreak && isDone && NextSectionBeginsPage && index + 1 < blocks.Length && IsSectionMark(blocks, index + 1))
            {
                // The section that begins behind the mark begins a page as it is.
            }
            else if (cut.Forced == LineEnding.PageBreak)
            {
                NewPage(isFirstOfSection: false, AreaStart.PageBreak);
            }
            else if (cut.Forced == LineEnding.ColumnBreak)
            {
                NextArea(AreaStart.Break);
            }
            else if (!isDone)
            {
                NextArea(AreaStart.Automatic);
            }

            _rest = -1;
            if (isDone)
            {
                break;
            }

            // The rest may stand in another width, or beside other floats.
            (top, boxTop, isShared) = (_y, _y, false);
            var rest = LayAt(shaped, next, top, block.Owner);
            (block, from) = (rest, 0);
            cut = CutWithNotes(block, 0, AreaBottom - top, _isAreaEmpty);
            KeepWordWhole(ref block, ref cut, shaped, next, top);
        }

        _previous = paragraph;
    }

    // Lines at a place: those of the width where no float is near.
    private LaidParagraph LayAt(ShapedParagraph shaped, int start, double top, StructureOwner? owner = null, bool isKept = true)
    {
        var band = Band;
        var place = new ParagraphPlace(band.Width, GridPitchOf(Section), shaped.Source.Format.Shading);
        if (_page.Floats.Count == 0 || !_page.Floats.Touch(band.Left, top, band.Left + band.Width, AreaBottom))
        {
            return start == 0 && isKept ? LayPlain(shaped, place) : Make(_parts.Paragraphs.Fill(shaped, start, place), start > 0);
        }

        return Make(_parts.Paragraphs.Fill(shaped, start, place, new AmongFloats(_page.Floats, band.Left, top)), start > 0);

        LaidParagraph Make(Line[] lines, bool isContinued) => new(_parts.Painter, shaped, new(lines, band.Width, place.GridPitch, place.Background))
        {
            Owner = owner ?? LayoutParts.OwnerOf(shaped.Source, shaped, null),
            IsContinued = isContinued,
        };
    }

    // Where a page ends in a divided word and the document does not want that, its last line is filled again with whole words.
    private void KeepWordWhole(ref LaidParagraph block, ref Slice cut, ShapedParagraph shaped, int start, double top)
    {
        if (shaped.Divisions.Length == 0 || _parts.Settings.DividedLines != DividedLineAtEnd.KeepsWordWhole || block.FirstLineAfter(cut.To) is var last && (last == 0 || last == block.Lines.Length || !block.Lines[last - 1].IsDivided))
        {
            return;
        }

        _parts.Paragraphs.WholeWordsFrom = block.Lines[last - 1].Start;
        _laid.Remove(shaped.Source);
        block = LayAt(shaped, start, top, block.Owner, isKept: false);
        _parts.Paragraphs.WholeWordsFrom = -1;
        cut = CutWithNotes(block, 0, AreaBottom - top, _isAreaEmpty);
    }

    private LaidParagraph LayPlain(ShapedParagraph shaped, in ParagraphPlace place)
    {
        if (_laid.TryGetValue(shaped.Source, out var known) && known.Width == place.Width && ReferenceEquals(known.Shaped, shaped))
        {
            return known;
        }

        var block = new LaidParagraph(_parts.Painter, shaped, _parts.Paragraphs.Set(shaped, place))
        {
            Owner = LayoutParts.OwnerOf(shaped.Source, shaped, null),
        };
        _laid[shaped.Source] = block;
        return block;
    }

    private List<PlacedFloat> PlaceFloats(ShapedParagraph shaped, double top)
    {
        if (shaped.Floats.Length == 0)
        {
            return [];
        }

        var placed = new List<PlacedFloat>(shaped.Floats.Length);
        var place = Place();
        foreach (var attached in shaped.Floats)
        {
            if (_parts.Drawings.LayFloat(attached.Thing, place) is { } laid)
            {
                var one = FloatPlacer.Place(attached.Thing, laid, place.Frame.At(0, top));
                placed.Add(one);
                if (one.Exclusion is { } exclusion && !_foreseen.Contains(attached.Thing))
                {
                    _page.Floats.Add(exclusion);
                }
            }
        }

        return placed;
    }

    // Paragraphs that keep with the next one, and the least of what follows them, stand in one area where one can hold them. No area ends between two of
    // them, but it may within one, where its lines can be parted: a part of each stands beside a part of the next (docs/layout.md, "Pages").
    private void KeepChainTogether(ImmutableArray<Block> blocks, int index)
    {
        var room = AreaBottom - _y;
        var full = _page.Bottom - _columnTop;
        var place = new ParagraphPlace(Band.Width, GridPitchOf(Section), null);
        var total = 0.0;
        var previous = _previous;
        (Paragraph? Paragraph, double At) parting = default;
        var i = index;
        for (; i < blocks.Length; i++)
        {
            if (blocks[i] is Table table)
            {
                if (table.Position is null)
                {
                    total += (previous is null ? 0 : Spacing.After(previous)) + LayTable(table).SmallestPiece();
                }

                break;
            }

            var paragraph = (Paragraph)blocks[i];
            if (paragraph.Format.Frame is not null)
            {
                continue;
            }

            var shaped = _parts.Paragraphs.Shape(paragraph);
            if (shaped.IsHidden)
            {
                continue;
            }

            if (i > index && paragraph.Format.BreaksPageBefore)
            {
                break;
            }

            var block = LayPlain(shaped, place with { Background = paragraph.Format.Shading });
            var gap = i == index ? GapBefore(paragraph) : previous is null ? Spacing.Before(paragraph) : Spacing.Between(previous, paragraph, false);
            total += gap + ParagraphBox.TopInset(paragraph, false);
            if (!paragraph.Format.KeepsWithNext)
            {
                total += block.SmallestPiece();
                break;
            }

            if (block.LastPartingWithin(room - total) is var at and > 0)
            {
                parting = (paragraph, at);
            }

            total += block.Height + ParagraphBox.BottomInset(paragraph, false);
            previous = paragraph;
            if (total > full || block.BreaksPage)
            {
                break;
            }
        }

        _chainEnd = i;
        if (total <= room + Noise || total > full + Noise || _isAreaEmpty)
        {
            return;
        }

        if (parting.Paragraph is null)
        {
            NextArea(AreaStart.Automatic);
        }

        _partedChain = parting;
    }

    private readonly Dictionary<Table, LaidTable> _tables = new(ReferenceEqualityComparer.Instance);

    private LaidTable LayTable(Table table)
    {
        if (_tables.TryGetValue(table, out var known))
        {
            return known;
        }

        return _tables[table] = _parts.Tables.Lay(table, Place());
    }

    private void PlaceTable(Table table)
    {
        var laid = LayTable(table);
        if (laid.Height <= 0)
        {
            return;
        }

        if (laid.NextBreak(0) <= 0 && !(_isAreaEmpty && _column == 0))
        {
            NewPage(isFirstOfSection: false, AreaStart.Kept);
        }

        var top = _y + (_areaStart == AreaStart.None && _previous is not null ? Spacing.After(_previous) : 0);
        top = BelowFloats(laid, top);
        var from = 0.0;
        while (true)
        {
            var cut = CutWithNotes(laid, from, AreaBottom - top, _isAreaEmpty);
            var next = laid.NextBreak(from + Noise);
            var isBroken = cut.To >= next - Noise;
            if (isBroken)
            {
                cut = new(next, laid.HeightOf(from, next), LineEnding.Wrap);
            }

            if (cut.To <= from + LaidBlock.Noise)
            {
                NextArea(AreaStart.Automatic);
                top = BelowFloats(laid, _y);
                continue;
            }

            NamePage();
            laid.Paint(_page.Body, Band.Left + laid.Left, top, from, cut.To);
            _y = top + cut.Height;
            _page.HasContent = true;
            _page.TextBottom = Math.Max(_page.TextBottom, _y);
            (_isAreaEmpty, _areaStart) = (false, AreaStart.None);
            PlaceNotes(laid, from, cut.To);
            from = cut.To;
            if (from >= laid.Height - (4 * LaidBlock.Noise))
            {
                break;
            }

            _rest = Math.Max(0, laid.Height - from);
            if (isBroken)
            {
                NewPage(isFirstOfSection: false, AreaStart.Kept);
            }
            else
            {
                NextArea(AreaStart.Automatic);
            }

            _rest = -1;
            top = BelowFloats(laid, _y);
        }

        _tables.Remove(table);
        _previous = null;
    }

    // A table stands beside a float only where there is room for its width.
    private double BelowFloats(LaidTable table, double top)
    {
        var gaps = new List<Gap>();
        for (var tries = 0; tries < 100 && _page.Floats.Count > 0; tries++)
        {
            var left = Band.Left + Math.Max(0, table.Left);
            if (!_page.Floats.Touch(left, top, left + table.Width, top + Math.Min(table.Height, 20)))
            {
                return top;
            }

            _page.Floats.FindGaps(left, left + table.Width, top, top + 1, gaps, out var next);
            if (double.IsInfinity(next) || next >= AreaBottom)
            {
                return top;
            }

            top = next;
        }

        return top;
    }

    private void PlaceFloatingTable(Table table)
    {
        var laid = LayTable(table);
        if (_refused.Contains(table) && !_isAreaEmpty)
        {
            NewPage(isFirstOfSection: false, AreaStart.Automatic);
        }

        var y = _y + (_areaStart == AreaStart.None && _previous is not null ? Spacing.After(_previous) : 0);
        var position = table.Position!;
        if (!FitsHere(position, laid, y))
        {
            PlaceInPieces(table, laid, y);
            return;
        }

        var placed = FloatPlacer.Place(position, laid, Frame().At(0, y));
        NamePage();
        placed.Paint(_page.Body, 0, 0);
        _met.Add(table);
        _page.HasContent = true;
        if (placed.Exclusion is { } exclusion && !_foreseen.Contains(table))
        {
            _page.Floats.Add(exclusion);
        }

        PlaceNotes(laid, 0, laid.Height);
        _tables.Remove(table);
    }

    // Whether a floating table comes on this page as a whole: at its place, or moved up where its place is one of the page's and the text's height is enough.
    private bool FitsHere(TablePosition position, LaidTable laid, double y)
    {
        var top = FloatPlacer.TopOf(position, laid, Frame().At(0, y));
        return position.Vertical.From == FloatFrom.Paragraph
            ? top + laid.Height <= AreaBottom + Noise
            : top + laid.Height <= _page.Geometry.Height + Noise || laid.Height <= _page.Bottom - _page.Top;
    }

    // A floating table that does not fit goes on on the next page, unless the document says that such tables are not cut (docs/layout.md, "Floats").
    private void PlaceInPieces(Table table, LaidTable laid, double y)
    {
        var position = table.Position!;
        var isWhole = _parts.Settings.Has(CompatibilityFlags.DoNotBreakWrappedTables) && laid.Height <= _page.Bottom - _page.Top;
        var top = Math.Max(0, FloatPlacer.TopOf(position, laid, Frame().At(0, y)));
        if (position.Vertical.From != FloatFrom.Paragraph)
        {
            // What has its place on the page is moved up until its first piece fits.
            top = Math.Min(top, Math.Max(_page.Top, AreaBottom - laid.HeightOf(0, laid.Cut(0, 0, mustMove: true).To)));
        }

        _met.Add(table);
        var from = 0.0;
        while (true)
        {
            var cut = isWhole && !_isAreaEmpty ? new(from, 0, LineEnding.Wrap) : CutWithNotes(laid, from, AreaBottom - top, _isAreaEmpty || top <= _page.Top + Noise);
            if (cut.To > from + Noise)
            {
                var left = FloatPlacer.LeftOf(position, laid, Frame());
                NamePage();
                laid.Paint(_page.Body, left, top, from, cut.To);
                _page.HasContent = true;
                _page.TextBottom = Math.Max(_page.TextBottom, top + cut.Height);
                _page.Floats.Add(FloatPlacer.Around(position, left, top, laid.Width, cut.Height));
                PlaceNotes(laid, from, cut.To);
                from = cut.To;
                if (from >= laid.Height - (4 * Noise))
                {
                    break;
                }
            }

            NextArea(AreaStart.Automatic);
            top = _y;
        }

        _tables.Remove(table);
    }

    private void PlaceFrame(ImmutableArray<Block> blocks, int start, int end, Frame frame)
    {
        var laid = _parts.Drawings.LayFrame(blocks.AsSpan()[start..end], frame, Place());
        var y = _y + (_areaStart == AreaStart.None && _previous is not null ? Spacing.After(_previous) : 0);
        if (frame.VerticalAnchor == FrameAnchor.Text && y + frame.Y.Value + laid.Height > AreaBottom + Noise && !_isAreaEmpty && laid.Height < _page.Bottom - _page.Top)
        {
            NextArea(AreaStart.Automatic);
            y = _y;
        }

        var placed = FloatPlacer.Place(frame, laid, Frame().At(0, y));
        placed.Paint(_page.Body, 0, 0);
        _page.HasContent = true;
        if (placed.Exclusion is { } exclusion)
        {
            _page.Floats.Add(exclusion);
        }
    }

    // 4. Footnotes.
    private Slice CutWithNotes(LaidBlock block, double from, double room, bool mustMove)
    {
        var cut = block.Cut(from, room, mustMove);
        if (_document.Footnotes.Length == 0)
        {
            return cut;
        }

        for (var tries = 0; tries < 60 && cut.To > from; tries++)
        {
            _notes.Clear();
            block.CollectNotes(from, cut.To, _notes);
            if (_notes.Count == 0)
            {
                return cut;
            }

            var needed = _footnotes.HeightOf(_notes, _page, Band.Width);
            if (cut.Height + needed <= room + Noise)
            {
                return cut;
            }

            var smaller = block.Cut(from, Math.Min(room - needed, cut.Height - Noise), mustMove: false);
            if (smaller.To <= from + LaidBlock.Noise || smaller.To >= cut.To - LaidBlock.Noise)
            {
                // Not all of the notes fit with even the least of the text: then the last of them goes on on the next page.
                var least = _footnotes.LeastHeightOf(_notes, _page, Band.Width);
                if (cut.Height + least <= room + Noise)
                {
                    return cut;
                }

                var slim = block.Cut(from, room - least, mustMove);
                return slim;
            }

            cut = smaller;
        }

        return cut;
    }

    private void PlaceNotes(LaidBlock block, double from, double to)
    {
        if (_document.Footnotes.Length == 0)
        {
            return;
        }

        _notes.Clear();
        block.CollectNotes(from, to, _notes);
        if (_notes.Count > 0)
        {
            _footnotes.Place(_notes, _page, Band.Width, _y);
        }
    }

    private void PlaceEndnotes()
    {
        var blocks = _footnotes.TakeEndnotes(_section, _document.Sections[_section].Endnotes.Position == NotePosition.SectionEnd);
        if (blocks.Count == 0)
        {
            return;
        }

        _isInEndnotes = true;
        foreach (var (mark, note) in blocks)
        {
            var fields = _parts.Paragraphs.Fields;
            _parts.Paragraphs.Fields = fields with { NoteMark = mark };
            PlaceBlocks(note);
            _parts.Paragraphs.Fields = _parts.Paragraphs.Fields with { NoteMark = "" };
        }

        _isInEndnotes = false;
    }

    // A section in columns that another one follows on the same page has columns of one height.
    private bool IsBalanced() =>
        Section.Columns.Count > 1 && _section + 1 < _document.Sections.Length && _document.Sections[_section + 1].Start == SectionStart.Continuous
        && !_parts.Settings.Has(CompatibilityFlags.NoColumnBalance);

    private void PlaceBalanced(ImmutableArray<Block> blocks)
    {
        // On which page it ends is found first; only there columns are of one height. Notes belong to the pages they are on, so with notes there is no looking ahead.
        const int mostPages = 40;
        var first = _pages.Count;
        var last = TryHeight(blocks, first, double.PositiveInfinity) is not null ? first
            : _document.Footnotes.Length > 0 ? -1
            : TryHeight(blocks, first + mostPages, double.PositiveInfinity) ?? -1;
        if (last < 0)
        {
            PlaceBlocks(blocks);
            return;
        }

        var top = last == first ? _columnTop : _page.Top;
        var (low, high) = (0.0, _page.Bottom - _page.NotesHeight - top);
        for (var i = 0; i < 12 && high - low > 0.5; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = TryHeight(blocks, last, top + middle) is not null ? (low, middle) : (middle, high);
        }

        (_limitedPage, _limit) = (last, top + high);
        PlaceBlocks(blocks);
        (_limitedPage, _limit) = (0, double.PositiveInfinity);
        _y = _lowest;
    }

    /// <summary>The page on which the blocks end, where columns of the last page that is allowed end at the limit; null where they go beyond. Leaves no trace.</summary>
    private int? TryHeight(ImmutableArray<Block> blocks, int lastPage, double limit) => Trial(lastPage, limit, () => PlaceBlocks(blocks));

    private int? Trial(int lastPage, double limit, Action place)
    {
        var state = (_column, _columnTop, _y, _lowest, _isAreaEmpty, _areaStart, _previous, _chainEnd, _bands, Floats: _page.Floats.Count, _page.NotesHeight, _page.HasContent, Body: _page.Body);
        var (page, pages, fields) = (_page, _pages.Count, _parts.Paragraphs.Fields);
        var notes = _page.FootnotePieces.Count;
        object[] foreseen = [.. _foreseen];
        _page.Body = new Canvas();
        (_isTrial, _lastTrialPage, _limitedPage, _limit) = (true, lastPage, lastPage, limit);
        try
        {
            place();
            return _pages.Count;
        }
        catch (TrialOverflowException)
        {
            return null;
        }
        finally
        {
            _pages.RemoveRange(pages, _pages.Count - pages);
            (_page, _parts.Paragraphs.Fields) = (page, fields);
            (_column, _columnTop, _y, _lowest, _isAreaEmpty, _areaStart, _previous, _chainEnd, _bands) =
                (state._column, state._columnTop, state._y, state._lowest, state._isAreaEmpty, state._areaStart, state._previous, state._chainEnd, state._bands);
            (_isTrial, _limitedPage, _limit) = (false, 0, double.PositiveInfinity);
            _foreseen.Clear();
            _foreseen.UnionWith(foreseen);
            _page.Body = state.Body;
            _page.Floats.RemoveFrom(state.Floats);
            _page.NotesHeight = state.NotesHeight;
            _page.HasContent = state.HasContent;
            _page.FootnotePieces.RemoveRange(notes, _page.FootnotePieces.Count - notes);
            _footnotes.DropCarried();
        }
    }
}
