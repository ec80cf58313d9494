using System.Xml.Linq;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// One part of the template that holds text (body, a header, the footnotes …) while it is compiled: its XML, the
/// marks put into it, and the places of its paragraphs. Owned by one compile call.
/// </summary>
internal sealed class Story
{
    /// <summary>How many tags and fields a story may have.</summary>
    public const int MaxMarks = 5000;

    private readonly Dictionary<XElement, (string Position, string Heading)> _positions = [];

    public Story(string name, XElement root, WordNames names, ISet<string> headingStyles)
    {
        Name = name;
        Root = root;
        Names = names;
        NumberParagraphs(root, "", headingStyles);
    }

    /// <summary>What messages call it: <c>body</c>, <c>header 1</c> …</summary>
    public string Name { get; }

    public XElement Root { get; }

    public WordNames Names { get; }

    public MarkList Marks { get; } = new();

    /// <summary>Whether the story is not what the template has, even where it holds no mark: a comment tag was taken out.</summary>
    public bool IsChanged { get; set; }

    public List<Problem> Problems { get; } = [];

    /// <summary>The place of an element: of the paragraph it is, or stands in.</summary>
    public Place PlaceOf(XElement element, string text = "")
    {
        for (var at = element; at is not null; at = at.Parent)
        {
            if (_positions.TryGetValue(at, out var found))
            {
                return new Place(Name, found.Position, found.Heading, Shorten(text));
            }
        }

        return new Place(Name, "", "", Shorten(text));
    }

    /// <summary>The paragraph of a place as <see cref="PlaceOf"/> names it; of the several of a cell the one with the place's text. Null where there is none.</summary>
    public XElement? FindParagraph(Place place)
    {
        var all = _positions.Where(known => known.Value.Position == place.Position).Select(known => known.Key).ToArray();
        var text = place.Text.TrimEnd('…');
        return all.FirstOrDefault(paragraph => text.Length > 0 && string.Concat(paragraph.Descendants(Names.T).Select(t => t.Value)).Contains(text, StringComparison.Ordinal)) ?? all.FirstOrDefault();
    }

    /// <summary>Gives a paragraph that was split off another the place of the other.</summary>
    public void CopyPlace(XElement from, XElement to)
    {
        if (_positions.TryGetValue(from, out var position))
        {
            _positions[to] = position;
        }
    }

    /// <summary>
    /// The flows of the story: the containers whose tags and fields are matched among themselves. A text box is a
    /// flow of its own within the paragraph that it is anchored in; so is each footnote.
    /// </summary>
    public IEnumerable<XElement> Flows()
    {
        if (Root.Name.LocalName is "footnotes" or "endnotes" or "comments")
        {
            foreach (var note in Root.Elements())
            {
                yield return note;
            }
        }
        else
        {
            yield return Root;
        }

        foreach (var box in Root.Descendants(Names.TxbxContent))
        {
            yield return box;
        }
    }

    /// <summary>The descendants of a flow in document order, without those of text boxes and deleted text inside it.</summary>
    public IEnumerable<XElement> InFlow(XElement flow)
    {
        foreach (var child in flow.Elements())
        {
            if (child.Name == Names.TxbxContent || child.Name == Names.Del || child.Name == Names.MoveFrom)
            {
                continue;
            }

            yield return child;
            foreach (var below in InFlow(child))
            {
                yield return below;
            }
        }
    }

    /// <summary>Reports, once, that the story has more tags or fields than are looked at: work grows with their number and the length of the story.</summary>
    public void ReportTooMany(XElement at, string? message)
    {
        if (!Problems.Exists(problem => problem.Code == ProblemCode.TooManyTags))
        {
            Problems.Add(new Problem(ProblemCode.TooManyTags, message ?? $"The {Name} has more than {MaxMarks:N0} tags and fields.")
            {
                Advice = "Repeat rows and paragraphs with a section instead of writing each of them.",
                Place = PlaceOf(at),
            });
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 59), "…");

    // Positions count what a person can count in Word: paragraphs outside tables, tables, rows, cells.
    private void NumberParagraphs(XElement container, string prefix, ISet<string> headingStyles)
    {
        var heading = "";
        var paragraph = 0;
        var table = 0;
        Walk(container);

        void Walk(XElement parent)
        {
            foreach (var child in parent.Elements())
            {
                if (child.Name == Names.P)
                {
                    paragraph++;
                    _positions[child] = ($"{prefix}paragraph {paragraph}", heading);
                    if (child.Element(Names.PPr)?.Element(Names.W + "pStyle")?.Attribute(Names.Val)?.Value is { } style && headingStyles.Contains(style))
                    {
                        heading = Shorten(string.Concat(child.Descendants(Names.T).Select(t => t.Value)));
                    }

                    NumberBoxes(child, $"{prefix}paragraph {paragraph}");
                }
                else if (child.Name == Names.Tbl)
                {
                    table++;
                    NumberTable(child, $"{prefix}table {table}");
                }
                else if (child.Name != Names.PPr && child.Name != Names.SectPr)
                {
                    Walk(child);
                }
            }
        }

        void NumberTable(XElement tbl, string name)
        {
            var row = 0;
            foreach (var tr in WithoutControls(tbl, Names.Tr))
            {
                row++;
                var column = 0;
                foreach (var tc in WithoutControls(tr, Names.Tc))
                {
                    column++;
                    var cell = $"{name}, row {row}, column {column}";
                    var nested = 0;
                    foreach (var block in WithoutControls(tc, Names.P, Names.Tbl))
                    {
                        if (block.Name == Names.Tbl)
                        {
                            nested++;
                            NumberTable(block, $"{cell}, table {nested}");
                        }
                        else
                        {
                            _positions[block] = (cell, heading);
                            NumberBoxes(block, cell);
                        }
                    }
                }
            }
        }

        void NumberBoxes(XElement paragraphElement, string at)
        {
            foreach (var box in paragraphElement.Descendants(Names.TxbxContent).Where(box => box.Ancestors(Names.P).First() == paragraphElement))
            {
                NumberParagraphs(box, $"text box at {at}, ", headingStyles);
            }
        }
    }

    // Rows, cells and blocks may be wrapped in content controls and custom XML.
    private IEnumerable<XElement> WithoutControls(XElement parent, params XName[] wanted)
    {
        foreach (var child in parent.Elements())
        {
            if (wanted.Contains(child.Name))
            {
                yield return child;
            }
            else if (child.Name == Names.Sdt || child.Name == Names.SdtContent || child.Name.LocalName is "customXml" or "ins")
            {
                foreach (var inner in WithoutControls(child, wanted))
                {
                    yield return inner;
                }
            }
        }
    }
}
