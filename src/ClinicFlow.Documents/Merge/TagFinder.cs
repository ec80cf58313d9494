using System.Buffers;
using System.Text;
using System.Xml.Linq;
using ClinicFlow.Documents.Content;
using ClinicFlow.Documents.Tags;

namespace ClinicFlow.Documents.Merge;

/// <summary>
/// Finds the <c>{{ }}</c> tags of a paragraph however Word has cut them into runs, takes them out and puts marks
/// in their stead, in a run with the formatting that the tag's name had.
/// </summary>
internal sealed class TagFinder(Story story, TemplateOptions options, Func<XElement, long> textWidthEmu)
{
    private const int MaxTagsInParagraph = 500;

    private readonly WordNames _names = story.Names;
    private readonly Runs _runs = new(story.Names);
    private readonly StringBuilder _text = new();
    private readonly List<Piece> _pieces = [];

    /// <summary>A stretch of the paragraph's text and the element that holds it.</summary>
    private sealed record Piece(XElement Run, XElement Element, int Start, int Length);

    /// <summary>Finds the tags in what a paragraph shows.</summary>
    public void FindIn(XElement paragraph)
    {
        Gather(paragraph, _names.T);
        Replace(paragraph, inInstruction: false);
    }

    /// <summary>Finds the tags in the field instructions of a paragraph; only values can stand there.</summary>
    public void FindInInstructions(XElement paragraph)
    {
        Gather(paragraph, _names.InstrText);
        Replace(paragraph, inInstruction: true);
    }

    // One character of text a character of content, so that a position leads back to its element.
    private void Gather(XElement paragraph, XName textName)
    {
        _text.Clear();
        _pieces.Clear();
        Walk(paragraph);

        void Walk(XElement parent)
        {
            foreach (var child in parent.Elements())
            {
                if (child.Name == _names.R)
                {
                    GatherRun(child);
                }
                else if (child.Name != _names.Del && child.Name != _names.MoveFrom && child.Name != _names.PPr && !Mark.Is(child))
                {
                    Walk(child);
                }
                else if (Mark.Is(child))
                {
                    // A tag never reaches across a field or another mark.
                    _pieces.Add(new Piece(child, child, _text.Length, 1));
                    _text.Append('\uFFFC');
                }
            }
        }

        void GatherRun(XElement run)
        {
            foreach (var child in run.Elements())
            {
                var shown = child.Name == textName && !child.HasElements ? child.Value
                    : child.Name == _names.Tab || child.Name == _names.Cr ? " "
                    : child.Name == _names.Br && child.Attribute(_names.Type) is null ? " "
                    : child.Name == _names.NoBreakHyphen ? "-"
                    : child.Name == _names.SoftHyphen || child.Name == _names.LastRenderedPageBreak || child.Name == _names.RPr ? ""
                    : "\uFFFC";
                if (shown.Length > 0)
                {
                    _pieces.Add(new Piece(run, child, _text.Length, shown.Length));
                    _text.Append(shown);
                }
            }
        }
    }

    private void Replace(XElement paragraph, bool inInstruction)
    {
        if (_text.Length == 0)
        {
            return;
        }

        var text = _text.ToString();
        if (!text.Contains(options.TagOpen, StringComparison.Ordinal))
        {
            return;
        }

        var found = new List<(int Start, int End)>();
        var at = 0;
        while (at < text.Length && text.IndexOf(options.TagOpen, at, StringComparison.Ordinal) is >= 0 and var start)
        {
            var end = FindEnd(text, start + options.TagOpen.Length);
            if (end < 0)
            {
                story.Problems.Add(new Problem(ProblemCode.TagNeverEnds, $"A tag starts with {options.TagOpen} and never ends with {options.TagClose}.")
                {
                    Advice = $"Write {options.TagClose} after the name, in the same paragraph.",
                    Place = story.PlaceOf(paragraph, text[start..]),
                });
                at = start + options.TagOpen.Length;
                continue;
            }

            found.Add((start, end));
            at = end;
        }

        if (found.Count > MaxTagsInParagraph || story.Marks.Count + found.Count > Story.MaxMarks)
        {
            story.ReportTooMany(paragraph, found.Count > MaxTagsInParagraph ? $"A paragraph has {found.Count:N0} tags; it may have {MaxTagsInParagraph}." : null);
            return;
        }

        // From the last to the first, so that the positions of those before stay true; marks are numbered in document order by their place, not here.
        var problems = new List<Problem>();
        for (var i = found.Count - 1; i >= 0; i--)
        {
            var (start, end) = found[i];
            var raw = text[start..end];
            var inner = raw[options.TagOpen.Length..^options.TagClose.Length];
            var place = story.PlaceOf(paragraph, Around(text, start, end));
            var parsed = TagParser.Parse(inner);
            if (parsed.Problem is { } problem)
            {
                problems.Add(problem with { Place = place });
                continue;
            }

            if (inInstruction && parsed.Tag is not Tag.Value)
            {
                problems.Add(new Problem(ProblemCode.TagNotUnderstood, $"{raw} cannot stand inside a Word field; only a value can.")
                {
                    Advice = "Put the section around the whole field instead.",
                    Place = place,
                });
                continue;
            }

            var nameAt = start + options.TagOpen.Length;
            while (nameAt < end - 1 && (char.IsWhiteSpace(text[nameAt]) || text[nameAt] is '#' or '/' or '^'))
            {
                nameAt++;
            }

            var style = _pieces.Last(piece => piece.Start <= nameAt).Run;
            var replacement = Build(parsed.Tag!, raw, place, style, paragraph, inInstruction);
            CutOut(start, end, replacement);
        }

        problems.Reverse();
        story.Problems.AddRange(problems);
    }

    private int FindEnd(string text, int from)
    {
        // A closing delimiter inside a quoted argument does not end the tag; where quotes do not pair up, the first one ends it.
        var quoted = false;
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] == '\uFFFC' || string.CompareOrdinal(text, i, options.TagOpen, 0, options.TagOpen.Length) == 0)
            {
                break;
            }

            if (text[i] is '"' or '\u201C' or '\u201D' or '\u201E')
            {
                quoted = !quoted;
            }
            else if (!quoted && string.CompareOrdinal(text, i, options.TagClose, 0, options.TagClose.Length) == 0)
            {
                return i + options.TagClose.Length;
            }
        }

        var plain = text.IndexOf(options.TagClose, from, StringComparison.Ordinal);
        var barrier = text.IndexOf('\uFFFC', from);
        var next = text.IndexOf(options.TagOpen, from, StringComparison.Ordinal);
        return plain < 0 || (barrier >= 0 && barrier < plain) || (next >= 0 && next < plain) ? -1 : plain + options.TagClose.Length;
    }

    private static string Around(string text, int start, int end)
    {
        var from = Math.Max(0, start - 20);
        var to = Math.Min(text.Length, end + 20);
        return text[from..to].Replace('\uFFFC', ' ').Trim();
    }

    private XElement? Build(Tag tag, string raw, Place place, XElement style, XElement paragraph, bool inInstruction)
    {
        switch (tag)
        {
            case Tag.Value value:
                var holder = new XElement(inInstruction ? _names.InstrText : _names.T, new XAttribute(WordNames.Space, "preserve"),
                    story.Marks.Add(new ValueMark { Expression = value.Expression, Place = place, Raw = raw }));
                return _runs.Like(style, holder);
            case Tag.Image or Tag.Qr or Tag.Barcode:
                return _runs.Like(style, story.Marks.Add(new DrawingMark { Tag = tag, MaxWidthEmu = textWidthEmu(paragraph), Place = place, Raw = raw }));
            case Tag.Html html:
                return Rich(html.Expression, isMarkdown: false);
            case Tag.Markdown markdown:
                return Rich(markdown.Expression, isMarkdown: true);
            case Tag.Checkbox checkbox:
                var properties = PropertiesOf(style);
                return story.Marks.Add(new CheckboxMark { Condition = checkbox.Condition, Checked = Glyph(true), Unchecked = Glyph(false), Place = place, Raw = raw });

                byte[] Glyph(bool isChecked)
                {
                    var glyph = new ArrayBufferWriter<byte>();
                    CheckboxGlyph.Write(glyph, isChecked, properties);
                    return glyph.WrittenSpan.ToArray();
                }

            case Tag.PageBreak:
                return _runs.Like(style, new XElement(_names.Br, new XAttribute(_names.Type, "page")));
            case Tag.Comment:
                return null;
            default:
                var (role, source) = tag switch
                {
                    Tag.Each each => (SectionRole.Open, new SectionSource.Each(each.List, each.Where, each.OrderBy, each.Columns)),
                    Tag.If condition => (SectionRole.Open, new SectionSource.When(condition.Condition)),
                    Tag.Section any => (SectionRole.Open, new SectionSource.Any(any.Expression, any.Inverted)),
                    Tag.ElseIf condition => (SectionRole.Else, new SectionSource.When(condition.Condition)),
                    Tag.Else => (SectionRole.Else, (SectionSource)new SectionSource.Otherwise()),
                    Tag.End end => (SectionRole.Close, new SectionSource.End(end.Keyword)),
                    _ => throw new System.Diagnostics.UnreachableException($"{tag.GetType()}"),
                };
                return story.Marks.Add(new SectionMark { Role = role, Source = source, Place = place, Raw = raw });
        }

        XElement Rich(Expression expression, bool isMarkdown)
            => story.Marks.Add(new RichMark
            {
                Expression = expression,
                IsMarkdown = isMarkdown,
                IsBlock = _text.ToString().AsSpan().Trim().Length == raw.Length && paragraph.Element(_names.PPr)?.Element(_names.SectPr) is null,
                RunProperties = PropertiesOf(style),
                ParagraphProperties = paragraph.Element(_names.PPr) is { } pPr ? ProgramWriter.Serialize(pPr) : [],
                Place = place,
                Raw = raw,
            });
    }

    private byte[] PropertiesOf(XElement run) => run.Element(_names.RPr) is { } properties ? ProgramWriter.Serialize(properties) : [];

    // Takes the characters from start to end out and puts the replacement there. Pieces after start are not used again.
    private void CutOut(int start, int end, XElement? replacement)
    {
        story.IsChanged = true;
        var first = _pieces.FindIndex(piece => piece.Start + piece.Length > start);
        var last = _pieces.FindLastIndex(piece => piece.Start < end);

        // What follows the tag goes to a run of its own.
        var tail = _pieces[last];
        if (end < tail.Start + tail.Length)
        {
            _runs.SplitText(tail.Run, tail.Element, end - tail.Start);
        }
        else if (tail.Element.ElementsAfterSelf().FirstOrDefault() is { } following)
        {
            _runs.SplitBefore(tail.Run, following);
        }

        // So does the tag itself.
        var head = _pieces[first];
        XElement anchor;
        if (start > head.Start)
        {
            anchor = _runs.SplitText(head.Run, head.Element, start - head.Start);
        }
        else if (head.Element.ElementsBeforeSelf().LastOrDefault() is { } before && before.Name != _names.RPr)
        {
            anchor = _runs.SplitBefore(head.Run, head.Element);
        }
        else
        {
            anchor = head.Run;
        }

        if (replacement is not null)
        {
            anchor.AddBeforeSelf(replacement);
        }

        anchor.Remove();
        for (var i = first + 1; i <= last; i++)
        {
            var run = _pieces[i].Run;
            if (run.Parent is not null && run != head.Run)
            {
                run.Remove();
            }
        }
    }
}
