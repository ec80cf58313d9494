using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ClinicFlow.Documents.Fonts;
using ClinicFlow.Documents.Layout.Equations;
using ClinicFlow.Documents.Layout.Pages;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Equations;
using ClinicFlow.Documents.Unicode;

namespace ClinicFlow.Documents.Layout.Inline;

/// <summary>
/// Makes one text of a paragraph's inlines, cuts it into spans of one face, size and direction, and shapes them:
/// 1. gather characters and objects, each with its format; 2. find the direction of each character; 3. give each character a font and
/// cut where it changes; 4. shape; 5. find where lines may break. One object serves one thread.
/// </summary>
internal sealed class ParagraphShaper(TextShaper fonts, FieldValues fields)
{
    private readonly ArrayStore<LaidGlyph> _glyphStore = new();
    private readonly ArrayStore<float> _advanceStore = new();
    private readonly ArrayStore<double> _edgeStore = new();
    private readonly ArrayStore<bool> _breakStore = new();
    private bool _isLending;
    private const char ObjectCharacter = '￼';
    private readonly StringBuilder _text = new();
    private readonly List<Piece> _pieces = [];
    private readonly List<TextSpan> _spans = [];
    private readonly List<TextItem> _items = [];
    private readonly List<LaidGlyph> _glyphs = [];
    private readonly List<Attached<Drawing>> _floats = [];
    private readonly List<Attached<string>> _bookmarks = [];
    private readonly List<Attached<NoteReference>> _notes = [];
    private readonly List<int> _breaks = [];
    private readonly StringBuilder _counts = new();
    private bool _dependsOnPage;
    private bool _dependsOnMore; // than on numbers of pages
    private EquationLayout? _equations;
    private bool _hasEquations;
    private bool _hasFitted;
    private bool _hasDisplayedEquations;
    private bool _isBehindDisplayed;
    private int _spacesBehindDisplayed;

    /// <summary>Characters that came from one inline, before fonts are chosen.</summary>
    private readonly record struct Piece(int Start, SpanKind Kind, Model.Inline Source, CharacterFormat Format, Link? Link, string? SymbolFont, bool IsSmall, EquationPart? Part = null, RubyPart? Ruby = null);

    /// <summary>What fields show from now on.</summary>
    public FieldValues Fields { get; set; } = fields;

    /// <summary>What the document says of its equations.</summary>
    public EquationSettings EquationSettings { get; init; } = EquationSettings.Default;

    /// <summary>Finds where words may be divided; null where none is.</summary>
    public WordDivision? Division { get; init; }

    /// <summary>Ends a document: the arrays of its paragraphs serve for the next one.</summary>
    public void NextDocument()
    {
        _glyphStore.TakeBack();
        _advanceStore.TakeBack();
        _edgeStore.TakeBack();
        _breakStore.TakeBack();
    }

    /// <summary>Shapes a paragraph. What is of the template stays as it is; of other paragraphs the result is valid until <see cref="NextDocument"/>.</summary>
    /// <param name="paragraph">The paragraph.</param>
    /// <param name="counted">The same paragraph as it was shaped with other page numbers and counts; one that shows what it would show now is the answer.</param>
    public ShapedParagraph Shape(Paragraph paragraph, List<ShapedParagraph>? counted = null)
    {
        Clear();
        _isLending = !paragraph.IsOfTemplate;
        Gather(paragraph.Inlines.AsSpan(), depth: 0);
        if (counted is not null && !_dependsOnMore)
        {
            foreach (var known in counted)
            {
                if (_counts.Equals(known.Counts.AsSpan()))
                {
                    return known;
                }
            }
        }

        var shaped = Finish(paragraph, paragraph.Format.IsRightToLeft, Label(paragraph));
        return shaped;
    }

    // The label is a paragraph of one run: it needs the same fonts, directions and glyphs as other text.
    private ShapedLabel? Label(Paragraph paragraph)
    {
        if (paragraph.Label is not { } label)
        {
            return null;
        }

        var format = label.Format;
        if (label.PictureBullet is { } picture && !format.IsHidden)
        {
            return new(null, picture.Aspect * format.Size.Value, fonts.ExtentOf(format), fonts.SpaceWidth(format));
        }

        if (label.Text.Length == 0 || format.IsHidden)
        {
            return new(null, 0, default, fonts.SpaceWidth(format));
        }

        var inner = new ParagraphShaper(fonts, Fields);
        var isSymbol = label.Text[0] is >= '\uF000' and <= '\uF0FF';
        Model.Inline run = isSymbol && label.Text.Length == 1
            ? new SymbolRun(format.Fonts.Ascii, label.Text[0]) { Format = format }
            : new TextRun(label.Text) { Format = format };
        inner.Clear();
        inner.Gather([run], depth: 0);
        var shaped = inner.Finish(paragraph, paragraph.Format.IsRightToLeft, null);
        var width = 0.0;
        var extent = default(Extent);
        foreach (var span in shaped.Spans)
        {
            extent = extent.Or(span.Extent);
        }

        foreach (var advance in shaped.Advances.AsSpan(0, shaped.Text.Length))
        {
            width += advance;
        }

        return new(shaped, width, extent, fonts.SpaceWidth(format));
    }

    private void Clear()
    {
        _text.Clear();
        _pieces.Clear();
        _spans.Clear();
        _floats.Clear();
        _bookmarks.Clear();
        _notes.Clear();
        _counts.Clear();
        (_dependsOnPage, _dependsOnMore) = (false, false);
        (_hasEquations, _hasDisplayedEquations, _isBehindDisplayed, _spacesBehindDisplayed, _hasFitted) = (false, false, false, 0, false);
    }

    private void Gather(ReadOnlySpan<Model.Inline> inlines, int depth)
    {
        foreach (var inline in inlines)
        {
            if (inline.Format.IsHidden && inline is not Bookmark)
            {
                continue;
            }

            if (_isBehindDisplayed)
            {
                EndDisplayed(inline);
            }

            switch (inline)
            {
                case TextRun run when _spacesBehindDisplayed > 0:
                    AddText(run.Text[_spacesBehindDisplayed..], run, run.Format);
                    _spacesBehindDisplayed = 0;
                    break;
                case TextRun run:
                    AddText(run.Text, run, run.Format);
                    break;
                case SymbolRun symbol:
                    var code = symbol.Code is >= 0x20 and <= 0xFF ? 0xF000 + symbol.Code : symbol.Code;
                    _pieces.Add(new(_text.Length, SpanKind.Text, symbol, symbol.Format, symbol.Link, symbol.Font, IsSmall: false));
                    _text.Append(code is > 0xFFFF or (>= 0xD800 and <= 0xDFFF) or < 0x20 ? '\uFFFD' : (char)code);
                    break;
                case Tab:
                    AddObject(SpanKind.Tab, inline, '\t');
                    break;
                case PositionTab:
                    AddObject(SpanKind.PositionTab, inline, '\t');
                    break;
                case Break { Kind: BreakKind.Line }:
                    AddObject(SpanKind.LineBreak, inline, '\n');
                    break;
                case Break { Kind: BreakKind.Page }:
                    AddObject(SpanKind.PageBreak, inline, '\f');
                    break;
                case Break:
                    AddObject(SpanKind.ColumnBreak, inline, '\v');
                    break;
                case LayoutField field:
                    _dependsOnPage = true;
                    var shown = Fields.TextOf(field);
                    _dependsOnMore |= field.Kind is not (FieldKind.Page or FieldKind.PageCount or FieldKind.SectionPageCount or FieldKind.Section);
                    _counts.Append(shown).Append('\n');
                    AddText(shown, field, field.Format);
                    break;
                case NoteReference note:
                    _notes.Add(new(_text.Length, note));
                    if (Fields.NumbersNotesByPage)
                    {
                        (_dependsOnPage, _dependsOnMore) = (true, true);
                    }

                    if (!note.HasCustomMark && Fields.NoteMarks is { } marks && marks.TryGetValue(note, out var mark))
                    {
                        AddText(mark, note, note.Format);
                    }

                    break;
                case NoteMark:
                    (_dependsOnPage, _dependsOnMore) = (true, true);
                    AddText(Fields.NoteMark, inline, inline.Format);
                    break;
                case NoteSeparatorLine:
                    AddObject(SpanKind.NoteRule, inline, ObjectCharacter);
                    break;
                case Bookmark bookmark:
                    _bookmarks.Add(new(_text.Length, bookmark.Name));
                    break;
                case Drawing { Anchor: null }:
                    AddObject(SpanKind.Drawing, inline, ObjectCharacter);
                    break;
                case Drawing drawing:
                    _floats.Add(new(_text.Length, drawing));
                    break;

                case Equation equation:
                    AddEquation(equation);
                    break;

                case Ruby ruby when depth < 4:
                    var part = new RubyPart(ruby, ShapeInner(ruby.Base, depth + 1), ShapeInner(ruby.Text, depth + 1));
                    _pieces.Add(new(_text.Length, SpanKind.Ruby, ruby, ruby.Format, ruby.Link, null, IsSmall: false, Ruby: part));
                    _text.Append(ObjectCharacter);
                    break;
            }
        }
    }

    // A paragraph of its own: it needs the same fonts and glyphs as other text.
    private ShapedParagraph ShapeInner(System.Collections.Immutable.ImmutableArray<Model.Inline> inlines, int depth)
    {
        var inner = new ParagraphShaper(fonts, Fields);
        inner.Clear();
        inner.Gather(inlines.AsSpan(), depth);
        return inner.Finish(new Paragraph { Format = new ParagraphFormat(), MarkFormat = new CharacterFormat { Fonts = PlainFonts } }, isRightToLeft: false, null);
    }

    private static readonly FontSlots PlainFonts = new("Times New Roman", "Times New Roman", "Times New Roman", "Times New Roman");

    private void AddEquation(Equation equation)
    {
        if (_equations is null && fonts.Fonts.ForEquations(EquationSettings.Font) is { } font)
        {
            _equations = new(font, EquationSettings, new SignMaker(fonts.Fonts, font));
        }

        if (_equations is null)
        {
            // The scan says that it is not faithful.
            AddText(equation.AlternativeText, equation, equation.Format);
            return;
        }

        if (equation.Display is not null && HasTextInLine())
        {
            AddObject(SpanKind.LineBreak, equation, '\n');
        }

        var laid = _equations.Lay(equation);
        for (var i = 0; i < laid.Pieces.Length; i++)
        {
            _pieces.Add(new(_text.Length, SpanKind.Equation, equation, equation.Format, null, null, IsSmall: false, new(equation, laid.Pieces[i], i, i + 1 < laid.Pieces.Length ? null : laid.Number)));
            _text.Append(ObjectCharacter);
        }

        _hasEquations = true;
        _isBehindDisplayed = equation.Display is not null;
        _hasDisplayedEquations |= _isBehindDisplayed;
    }

    private bool HasTextInLine()
    {
        for (var i = _text.Length - 1; i >= 0 && _text[i] is not ('\n' or '\f' or '\v'); i--)
        {
            if (!char.IsWhiteSpace(_text[i]))
            {
                return true;
            }
        }

        return false;
    }

    // An equation on a line of its own ends that line where something else follows.
    private void EndDisplayed(Model.Inline next)
    {
        switch (next)
        {
            case Bookmark or Drawing { Anchor: not null }:
            case TextRun run when string.IsNullOrWhiteSpace(run.Text):
                break;
            case Break:
                _isBehindDisplayed = false;
                break;
            default:
                // Spaces before the next word hang over the equation's line.
                if (next is TextRun { Text: var text } words)
                {
                    _spacesBehindDisplayed = text.Length - text.AsSpan().TrimStart().Length;
                    AddText(text[.._spacesBehindDisplayed], words, words.Format);
                }

                AddObject(SpanKind.LineBreak, next, '\n');
                _isBehindDisplayed = false;
                break;
        }
    }

    private void AddObject(SpanKind kind, Model.Inline source, char character)
    {
        _pieces.Add(new(_text.Length, kind, source, source.Format, source.Link, null, IsSmall: false));
        _text.Append(character);
    }

    private void AddText(string text, Model.Inline source, CharacterFormat format)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (!format.IsCaps && !format.IsSmallCaps)
        {
            _pieces.Add(new(_text.Length, SpanKind.Text, source, format, source.Link, null, IsSmall: false));
            _text.Append(text);
            return;
        }

        var culture = CultureOf(format.Languages.Latin);
        if (format.IsCaps)
        {
            _pieces.Add(new(_text.Length, SpanKind.Text, source, format, source.Link, null, IsSmall: false));
            _text.Append(Upper(text, culture));
            return;
        }

        // Small capitals: what was small is drawn as a smaller capital.
        for (var i = 0; i < text.Length;)
        {
            var isSmall = char.IsLower(text[i]);
            var end = i + 1;
            while (end < text.Length && char.IsLower(text[end]) == isSmall)
            {
                end++;
            }

            _pieces.Add(new(_text.Length, SpanKind.Text, source, format, source.Link, null, isSmall));
            _text.Append(isSmall ? Upper(text[i..end], culture) : text[i..end]);
            i = end;
        }
    }

    // One to one, so that ß and ligatures stay what they are, as in Word.
    private static string Upper(string text, CultureInfo culture) => culture.TextInfo.ToUpper(text);

    private static CultureInfo CultureOf(string language) => language.StartsWith("tr", StringComparison.Ordinal) || language.StartsWith("az", StringComparison.Ordinal)
        ? CultureInfo.GetCultureInfo("tr-TR")
        : CultureInfo.InvariantCulture;

    private ShapedParagraph Finish(Paragraph paragraph, bool isRightToLeft, ShapedLabel? label)
    {
        var text = _text.ToString();
        var isLatin = !text.AsSpan().ContainsAnyExceptInRange('\0', LatinGlyphs.Last);

        // An equation reads from left to right as a word of Latin letters does.
        var levels = isLatin && !isRightToLeft ? null : TextShaper.LevelsOf(_hasEquations ? WithLetters(text) : text, isRightToLeft);
        var hasRightToLeft = levels is not null || isRightToLeft;
        for (var i = 0; i < _pieces.Count; i++)
        {
            var end = i + 1 < _pieces.Count ? _pieces[i + 1].Start : text.Length;
            Cut(text, _pieces[i], end, levels, isRightToLeft);
        }

        Join();
        var nodes = FindNodes();
        var advances = _isLending ? _advanceStore.Lend(text.Length) : new float[text.Length];
        var isText = true;
        LaidGlyph[] glyphs = [];
        var glyphCount = 0;
        var hasNatural = false;
        foreach (var span in _spans)
        {
            isText &= span.Kind == SpanKind.Text;
            if (span.Kind == SpanKind.Text)
            {
                // Latin text has one glyph a character.
                span.GlyphStart = glyphCount;
                var isKnown = (isLatin || !text.AsSpan(span.Start, span.Length).ContainsAnyExceptInRange('\0', LatinGlyphs.Last)) && fonts.TryShapeLatin(text, span, advances);
                if (isKnown && span.IsNatural)
                {
                    hasNatural = true;
                    continue;
                }

                if (!isKnown)
                {
                    _glyphs.Clear();
                    fonts.Shape(text, span, _glyphs);
                    foreach (ref readonly var glyph in CollectionsMarshal.AsSpan(_glyphs))
                    {
                        advances[glyph.Cluster] += glyph.Advance;
                    }
                }

                // A character may have several.
                span.GlyphCount = isKnown ? span.Length : _glyphs.Count;
                if (glyphs.Length < glyphCount + span.GlyphCount)
                {
                    var larger = LendGlyphs(glyphCount + span.GlyphCount + text.Length - span.End);
                    glyphs.AsSpan(0, glyphCount).CopyTo(larger);
                    glyphs = larger;
                }

                if (isKnown)
                {
                    TextShaper.PlaceLatin(text, span, advances, glyphs.AsSpan(glyphCount));
                }
                else
                {
                    _glyphs.CopyTo(glyphs, glyphCount);
                }

                glyphCount += span.GlyphCount;
            }
            else if (span.Source is Drawing drawing)
            {
                advances[span.Start] = (float)Math.Max(0, (drawing.Width + drawing.EffectExtent.Left + drawing.EffectExtent.Right).Value);
            }
            else if (span.Ruby is { } ruby)
            {
                advances[span.Start] = (float)ruby.Width;
            }
            else if (span.Part is { } part)
            {
                advances[span.Start] = (float)part.Piece.Box.Width;
            }
            else if (span.Source is NoteSeparatorLine rule)
            {
                advances[span.Start] = rule.IsContinuation ? 468 : 144;
            }
        }

        if (_hasFitted)
        {
            FittedText.Fit(_spans, advances, glyphs);
        }

        var edges = _isLending ? _edgeStore.Lend(text.Length + 1) : new double[text.Length + 1];
        Sum(advances.AsSpan(0, text.Length), edges.AsSpan(1, text.Length));
        _breaks.Clear();
        var mayBreak = _isLending ? _breakStore.Lend(text.Length) : new bool[text.Length];
        BreakRules.Find(text, isLatin, mayBreak, _breaks);
        if (_hasFitted)
        {
            FittedText.RemoveBreaks(_spans, mayBreak, _breaks);
        }

        if (_hasEquations)
        {
            EquationLines.FindBreaks(text, _spans, mayBreak, _breaks);
        }

        return new ShapedParagraph
        {
            Source = paragraph,
            Text = text,
            Spans = [.. _spans],
            Glyphs = glyphs,
            HasGlyphs = hasNatural || glyphCount > 0,
            Advances = advances,
            Edges = edges,
            MayBreakBefore = mayBreak,
            Breaks = [.. _breaks],
            Divisions = Division is null || text.Length == 0 ? [] : Division.Find(paragraph.Format, text, _spans, advances),
            IsPlain = !hasRightToLeft && isText && !text.Contains('\u00AD', StringComparison.Ordinal),
            HasSymbols = !isLatin && text.AsSpan().ContainsAnyInRange('\uF000', '\uF0FF'),
            HasDisplayedEquations = _hasDisplayedEquations,
            Floats = [.. _floats],
            Bookmarks = [.. _bookmarks],
            Notes = [.. _notes],
            MarkExtent = fonts.ExtentOf(paragraph.MarkFormat),
            Label = label,
            Nodes = nodes,
            HasRightToLeft = hasRightToLeft,
            DependsOnPage = _dependsOnPage,
            Counts = _dependsOnPage && !_dependsOnMore && _notes.Count == 0 ? _counts.ToString() : null,
        };
    }

    private string WithLetters(string text) => string.Create(text.Length, (text, _pieces), static (letters, from) =>
    {
        from.text.CopyTo(letters);
        foreach (var piece in from._pieces)
        {
            letters[piece.Start] = piece.Part is null ? letters[piece.Start] : 'x';
        }
    });

    private LaidGlyph[] LendGlyphs(int count) => _isLending ? _glyphStore.Lend(count) : new LaidGlyph[count];

    // Four at a time, so that each sum does not wait for the one before it. Always in this order: sums of other orders may differ in their last bit.
    private static void Sum(ReadOnlySpan<float> advances, Span<double> edges)
    {
        var edge = 0.0;
        var i = 0;
        for (; i + 4 <= edges.Length; i += 4)
        {
            var first = (double)advances[i];
            var second = first + advances[i + 1];
            var third = second + advances[i + 2];
            var fourth = third + advances[i + 3];
            edges[i] = edge + first;
            edges[i + 1] = edge + second;
            edges[i + 2] = edge + third;
            edge += fourth;
            edges[i + 3] = edge;
        }

        for (; i < edges.Length; i++)
        {
            edge += advances[i];
            edges[i] = edge;
        }
    }

    // Spans of one link after each other are one node; a picture is one of its own unless it is mere decoration.
    private InnerNode[] FindNodes()
    {
        List<InnerNode>? nodes = null;
        Link? last = null;
        Equation? equation = null;
        foreach (var span in _spans)
        {
            if (span.Part is { } part)
            {
                // Its pieces are one formula.
                if (nodes is null || !ReferenceEquals(part.Source, equation))
                {
                    (nodes ??= []).Add(new(StructureRole.Formula, part.Source.AlternativeText.Length > 0 ? part.Source.AlternativeText : null));
                }

                (equation, last) = (part.Source, null);
                span.Node = nodes.Count;
            }
            else if (span.Source is Drawing { IsDecorative: false } drawing)
            {
                (nodes ??= []).Add(new(StructureRole.Figure, drawing.AlternativeText.Length > 0 ? drawing.AlternativeText : null));
                span.Node = nodes.Count;
                last = null;
            }
            else if (span.Link is { } link)
            {
                if (nodes is null || !Equals(link, last))
                {
                    (nodes ??= []).Add(new(StructureRole.Link, null));
                }

                span.Node = nodes.Count;
                last = link;
            }
            else
            {
                last = null;
            }
        }

        return nodes is null ? [] : [.. nodes];
    }

    // Cuts a piece where direction, font or size change.
    private void Cut(string text, in Piece piece, int end, byte[]? levels, bool isRightToLeft)
    {
        var format = piece.Format;
        var baseLevel = (byte)(isRightToLeft ? 1 : 0);
        if (piece.Kind != SpanKind.Text)
        {
            _spans.Add(new TextSpan
            {
                Kind = piece.Kind,
                Start = piece.Start,
                Length = end - piece.Start,
                Format = format,
                Link = piece.Link,
                Source = piece.Source,
                Part = piece.Part,
                Ruby = piece.Ruby,
                Level = levels?[piece.Start] ?? baseLevel,
                Extent = ExtentOf(piece),
            });
            return;
        }

        if (piece.SymbolFont is null && levels is null && TryCutLatin(text, piece, end, baseLevel))
        {
            return;
        }

        for (var i = piece.Start; i < end;)
        {
            // A stretch whose characters take the same of the run's fonts.
            var slot = piece.SymbolFont is null ? SlotAt(text, i, format) : FontSlot.Ascii;
            var font = piece.SymbolFont is null ? fonts.FontOf(format, slot) : fonts.SymbolFont(format, piece.SymbolFont);
            var next = i + 1;
            while (next < end && (piece.SymbolFont is not null || char.IsLowSurrogate(text[next]) || TakesSame(text, next, format, slot, font)))
            {
                next++;
            }

            _items.Clear();
            TextItemizer.Split(text, i, next - i, levels, font, fonts.Fonts, slot == FontSlot.EastAsia ? format.Languages.EastAsia : format.Languages.Latin, _items);
            foreach (var item in _items)
            {
                AddSpan(piece, item, slot, baseLevel);
            }

            i = next;
        }
    }

    // Latin text in one font that has all of it is one span: what the general way comes to.
    private bool TryCutLatin(string text, in Piece piece, int end, byte baseLevel)
    {
        var format = piece.Format;
        var stretch = text.AsSpan(piece.Start, end - piece.Start);
        if (stretch.ContainsAnyExceptInRange(' ', LatinGlyphs.Last) || format.IsRightToLeft || format.IsComplexScript || format.Fonts.Hint == FontHint.ComplexScript)
        {
            return false;
        }

        // Digits and signs take on the script of the letters before them.
        var before = TextItemizer.ScriptBefore(text, piece.Start);
        if (before is not (Script.Latin or Script.Common))
        {
            return false;
        }

        var slot = stretch[0] < 0x80 ? FontSlot.Ascii : FontSlot.HighAnsi;
        var font = fonts.FontOf(format, slot);
        if (!ReferenceEquals(font, fonts.FontOf(format, slot == FontSlot.Ascii ? FontSlot.HighAnsi : FontSlot.Ascii)))
        {
            return false;
        }

        if (!font.Latin.HasAscii || stretch.ContainsAnyExceptInRange(' ', '~'))
        {
            var latin = font.Latin.Glyphs;
            foreach (var c in stretch)
            {
                if (latin[c].Id == 0)
                {
                    return false;
                }
            }
        }

        var script = before == Script.Latin || LatinGlyphs.HasLetter(stretch) ? Script.Latin : Script.Common;
        AddSpan(piece, new TextItem(piece.Start, stretch.Length, font, script, 0), slot, baseLevel);
        return true;
    }

    private static FontSlot SlotAt(string text, int at, CharacterFormat format) =>
        TextShaper.SlotOf(char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at], format);

    // Spaces within East Asian or complex text stay with it; the ascii and high ANSI fonts are mostly one.
    private bool TakesSame(string text, int at, CharacterFormat format, FontSlot slot, ResolvedFont font)
    {
        var other = SlotAt(text, at, format);
        return other == slot || (slot <= FontSlot.HighAnsi && other <= FontSlot.HighAnsi && ReferenceEquals(fonts.FontOf(format, other), font));
    }

    private void AddSpan(in Piece piece, in TextItem item, FontSlot slot, byte baseLevel)
    {
        var format = piece.Format;
        _hasFitted |= format.FitText > Pt.Zero;
        var full = slot == FontSlot.ComplexScript ? format.ComplexSize.Value : format.Size.Value;
        var drawn = full * (format.VerticalPosition == VerticalPosition.Baseline ? 1 : 2.0 / 3.0) * (piece.IsSmall ? 0.8 : 1);
        var rise = format.Position.Value + format.VerticalPosition switch
        {
            VerticalPosition.Superscript => full / 3,
            VerticalPosition.Subscript => -full * 0.14,
            _ => 0,
        };
        var line = fonts.LineOf(item.Font);
        _spans.Add(new TextSpan
        {
            Kind = SpanKind.Text,
            Start = item.Start,
            Length = item.Length,
            Format = format,
            Link = piece.Link,
            Source = piece.Source,
            Font = item.Font,
            Script = item.Script,
            Slot = slot,
            Size = drawn,
            Rise = rise,
            Level = Math.Max(item.Level, baseLevel),

            // Super- and subscripts keep the line of the full size; raised text carries its line with it.
            Extent = new((line.Ascent * full) + format.Position.Value, (line.Descent * full) - format.Position.Value),
        });
    }

    private Extent ExtentOf(in Piece piece)
    {
        if (piece.Source is Drawing drawing)
        {
            var raise = piece.Format.Position.Value;
            var height = Math.Max(0, (drawing.Height + drawing.EffectExtent.Top + drawing.EffectExtent.Bottom).Value);
            return new(Math.Max(0, height + raise), Math.Max(0, -raise));
        }

        if (piece.Part is { } part)
        {
            return new(Math.Max(part.Piece.Ascent, part.Number?.Ascent ?? 0), Math.Max(part.Piece.Descent, part.Number?.Descent ?? 0));
        }

        return piece.Ruby?.Extent ?? fonts.ExtentOf(piece.Format);
    }

    // Runs that look the same are one: an edit that split a word must not keep it from being shaped as one.
    private void Join()
    {
        var kept = 0;
        for (var i = 1; i < _spans.Count; i++)
        {
            var (a, b) = (_spans[kept], _spans[i]);
            if (a.Kind == SpanKind.Text && b.Kind == SpanKind.Text && ReferenceEquals(a.Font, b.Font) && ReferenceEquals(a.Format, b.Format)
                && a.Size == b.Size && a.Level == b.Level && a.Script == b.Script && Equals(a.Link, b.Link) && a.Source is TextRun && b.Source is TextRun)
            {
                a.Length += b.Length;
            }
            else
            {
                _spans[++kept] = b;
            }
        }

        if (_spans.Count > 0)
        {
            _spans.RemoveRange(kept + 1, _spans.Count - kept - 1);
        }
    }
}
