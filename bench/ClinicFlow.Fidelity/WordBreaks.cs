using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;

namespace ClinicFlow.Fidelity;

/// <summary>A place where Word ended a page by itself.</summary>
/// <param name="Word">The word of the body that Word's next page begins with: its index in <see cref="WordBreaks.Words"/>.</param>
/// <param name="Begins">Where in the text a page was asked for last (a break, a paragraph, a section), or where Word's page before ended: there this page begins.</param>
internal readonly record struct WordBreak(int Word, int Begins);

/// <summary>
/// Where Word ended its pages when it saved a document (<c>w:lastRenderedPageBreak</c>), among the words of the body. Breaks that the document asks for are
/// not counted: every engine that knows them has those.
/// </summary>
/// <param name="Words">The words of the body in the order of the file, without boxes, notes and deleted text.</param>
/// <param name="Breaks">Ends of pages that only Word's layout gives.</param>
internal sealed record WordBreaks(IReadOnlyList<string> Words, IReadOnlyList<WordBreak> Breaks)
{
    private static readonly XNamespace W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    private static readonly XNamespace Mc = "http://schemas.openxmlformats.org/markup-compatibility/2006";

    /// <summary>Null where there are none, or where they cannot be believed.</summary>
    /// <remarks>
    /// They are believed where Word's number of pages is (<see cref="StatedPages"/>: written by Word, not in its web view, about as many characters as are
    /// there), and where marks and breaks that are asked for come to that number: never to more pages, and to all but one, or three quarters, of
    /// them (a page that begins with an empty paragraph or a picture has no mark). More of them are of another layout of the document, or ends of columns; fewer
    /// are what a later change by another program left.
    /// </remarks>
    public static WordBreaks? Of(string docx) => StatedPages.Of(docx) is { } pages ? Of(docx, pages) : null;

    private static WordBreaks? Of(string docx, int pages)
    {
        try
        {
            using var package = ZipFile.OpenRead(docx);
            return package.GetEntry("word/document.xml") is { } document
                ? Of(Load(document), package.GetEntry("word/styles.xml") is { } styles ? Load(styles) : null, pages)
                : null;
        }
        catch (Exception e) when (e is InvalidDataException or XmlException)
        {
            return null;
        }
    }

    /// <summary>The breaks in a document's main part, given the number of pages that Word states.</summary>
    public static WordBreaks? Of(XDocument document, XDocument? styles, int pages)
    {
        var reader = new Reader(StylesThatBreak(styles));
        reader.Read(document.Root?.Element(W + "body") ?? new XElement(W + "body"));
        var breaks = reader.Breaks();
        var pagesFound = 1 + reader.PagesBegun;
        return breaks.Count == 0 || pagesFound > pages || (pagesFound * 4 < pages * 3 && pagesFound < pages - 1) ? null : new WordBreaks(reader.Words, breaks);
    }

    /// <summary>Whether a character is a word by itself: an ideograph, a syllable, one of their signs.</summary>
    public static bool IsWord(char c) => c is > '\u2E80' and (< '\uD800' or > '\uF8FF');

    private static XDocument Load(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        return XDocument.Load(stream);
    }

    private static HashSet<string> StylesThatBreak(XDocument? styles) =>
        [.. (styles?.Root?.Elements(W + "style") ?? []).Where(style => IsOn(style.Element(W + "pPr")?.Element(W + "pageBreakBefore"))).Select(style => (string?)style.Attribute(W + "styleId") ?? "")];

    private static bool IsOn(XElement? toggle) => toggle is not null && (string?)toggle.Attribute(W + "val") is null or "1" or "true" or "on";

    private sealed class Reader(HashSet<string> stylesThatBreak)
    {
        private readonly System.Text.StringBuilder _word = new();
        private readonly SortedSet<int> _asked = [];
        private readonly SortedSet<int> _marks = [];
        private XElement? _row;
        private XElement? _cell;
        private XElement? _markedRow;
        private XElement? _markedCell;

        public List<string> Words { get; } = [];

        /// <summary>Pages that marks and breaks begin behind the first one.</summary>
        public int PagesBegun => _marks.Union(_asked).Count(at => at > 0 && at < Words.Count);

        public List<WordBreak> Breaks()
        {
            var breaks = new List<WordBreak>();
            foreach (var at in _marks.Where(at => at > 0 && at < Words.Count && !_asked.Contains(at)))
            {
                var begins = _marks.GetViewBetween(0, at - 1).Concat(_asked.GetViewBetween(0, at - 1)).DefaultIfEmpty(0).Max();
                breaks.Add(new(at, begins));
            }

            return breaks;
        }

        public void Read(XElement parent)
        {
            foreach (var element in parent.Elements())
            {
                ReadElement(element);
            }

            EndWord();
        }

        private void ReadElement(XElement element)
        {
            if (element.Name == Mc + "AlternateContent")
            {
                ReadChildren(element.Element(Mc + "Choice") ?? element.Element(Mc + "Fallback") ?? new XElement("none"));
                return;
            }

            switch (element.Name.Namespace == W ? element.Name.LocalName : "")
            {
                case "p":
                    ReadParagraph(element);
                    break;
                case "tr":
                    ReadRow(element);
                    break;
                case "tc":
                    _cell = _row is not null && element.Ancestors(W + "tr").Skip(1).Any() ? _cell : element;
                    ReadChildren(element);
                    EndWord();
                    break;
                case "t":
                    ReadText(element.Value);
                    break;
                case "noBreakHyphen":
                    _word.Append('-');
                    break;
                case "tab" or "cr" or "ptab":
                    EndWord();
                    break;
                case "br":
                    EndWord();
                    if ((string?)element.Attribute(W + "type") == "page")
                    {
                        _asked.Add(Words.Count);
                    }

                    break;
                case "lastRenderedPageBreak":
                    ReadMark();
                    break;
                case "del" or "moveFrom" or "txbxContent" or "rPr" or "pict" or "object" or "drawing" or "sectPr" or "tblPr" or "tcPr" or "trPr":
                    break;
                default:
                    ReadChildren(element);
                    break;
            }
        }

        private void ReadChildren(XElement element)
        {
            foreach (var child in element.Elements())
            {
                ReadElement(child);
            }
        }

        private void ReadParagraph(XElement paragraph)
        {
            EndWord();
            var format = paragraph.Element(W + "pPr");
            var states = format?.Element(W + "pageBreakBefore");
            if (states is null ? stylesThatBreak.Contains((string?)format?.Element(W + "pStyle")?.Attribute(W + "val") ?? "") : IsOn(states))
            {
                _asked.Add(Words.Count);
            }

            ReadChildren(paragraph);
            EndWord();

            // The next section begins a page unless its own properties, which come at its end, say otherwise.
            if (format?.Element(W + "sectPr") is not null && NextSection(paragraph) is { } next && (string?)next.Element(W + "type")?.Attribute(W + "val") is not ("continuous" or "nextColumn"))
            {
                _asked.Add(Words.Count);
            }
        }

        private static XElement? NextSection(XElement paragraph) =>
            paragraph.ElementsAfterSelf().SelectMany(next => next.Name == W + "sectPr" ? [next] : next.DescendantsAndSelf(W + "p").Select(p => p.Element(W + "pPr")?.Element(W + "sectPr")).OfType<XElement>()).FirstOrDefault();

        private void ReadRow(XElement row)
        {
            var outer = _row;
            _row ??= row;
            ReadChildren(row);
            _row = outer;
        }

        // A row that is cut has a mark in each of its cells: those of the first say all.
        private void ReadMark()
        {
            if (_row is not null && ReferenceEquals(_row, _markedRow) && !ReferenceEquals(_cell, _markedCell))
            {
                return;
            }

            (_markedRow, _markedCell) = (_row, _cell);
            EndWord();
            _marks.Add(Words.Count);
        }

        private void ReadText(string text)
        {
            foreach (var c in text)
            {
                if (char.IsWhiteSpace(c))
                {
                    EndWord();
                }
                else if (c != '\u00AD')
                {
                    _word.Append(c);
                    if (IsWord(c))
                    {
                        EndWord();
                    }
                }
            }
        }

        private void EndWord()
        {
            if (_word.Length > 0)
            {
                Words.Add(_word.ToString());
                _word.Clear();
            }
        }
    }
}
