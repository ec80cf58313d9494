using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ClinicFlow.Documents.Content;

/// <summary>
/// Writes rich content as WordprocessingML: as runs for the inside of a paragraph, or as paragraphs and tables. Links are
/// HYPERLINK fields, so nothing but the XML is needed. One instance writes one value.
/// </summary>
internal sealed class RichWriter
{
    private const int MaxColumns = 63;
    private const int MaxTableDepth = 4;
    private const int TableWidth = 9_000;

    // Each numbered list is a definition in the numbering part. More of them in one value are not meant well.
    private const int MaxOrderedLists = 1_000;

    private static readonly int[] HeadingHalfPoints = [32, 28, 26, 24, 22, 22];

    private readonly IBufferWriter<byte> _output;
    private readonly RichFormat _format;
    private readonly PropertyList _runBase;
    private readonly PropertyList _paragraphBase;
    private readonly byte[]? _section;
    private readonly Dictionary<(TextStyles Styles, bool IsLink, int Heading), byte[]> _runs = [];
    private RichBlock? _last;
    private int _tableDepth;
    private int _orderedLists;

    private RichWriter(IBufferWriter<byte> output, RichFormat format)
    {
        _output = output;
        _format = format;
        _runBase = PropertyList.OfRun(format.RunProperties);
        var paragraph = PropertyList.OfParagraph(format.ParagraphProperties);
        _section = paragraph["sectPr"];
        _paragraphBase = paragraph.Without("sectPr");
    }

    /// <summary>Writes runs: paragraphs become lines, list items lines with their marker, cells are parted by tabs.</summary>
    public static void WriteInline(RichContent content, RichFormat format, IBufferWriter<byte> output)
    {
        var writer = new RichWriter(output, format);
        var isFirst = true;
        foreach (var line in Lines(content.Blocks, 0))
        {
            writer.WriteTexts(isFirst ? line : line.Insert(0, new RichText("\n", TextStyles.None, null)), 0);
            isFirst = false;
        }
    }

    /// <summary>Writes paragraphs and tables; always at least one paragraph, and never a table last, as cells ask for it.</summary>
    public static void WriteBlocks(RichContent content, RichFormat format, IBufferWriter<byte> output)
    {
        var writer = new RichWriter(output, format);
        writer._last = content.Blocks.LastOrDefault() is RichBlock.Paragraph last ? last : null;
        writer.WriteBlocks(content.Blocks, listLevel: -1);
        if (writer._last is null && (NeedsParagraphAfter(content.Blocks) || writer._section is not null))
        {
            writer.WriteParagraph([], writer._section is null
                ? writer._paragraphBase
                : writer._paragraphBase.With("sectPr", writer._section), 0);
        }
    }

    private static bool NeedsParagraphAfter(ImmutableArray<RichBlock> blocks)
        => blocks.IsEmpty || blocks[^1] switch
        {
            RichBlock.Table => true,
            RichBlock.List { Items: [.., var item] } => !item.IsEmpty && NeedsParagraphAfter(item),
            RichBlock.List => true,
            _ => false,
        };

    private void WriteBlocks(ImmutableArray<RichBlock> blocks, int listLevel)
    {
        for (var i = 0; i < blocks.Length; i++)
        {
            switch (blocks[i])
            {
                case RichBlock.Paragraph paragraph:
                    var properties = PropertiesOf(paragraph);
                    if (listLevel >= 0)
                    {
                        properties = properties.Without("numPr").With("ind", Invariant($"<w:ind w:left=\"{NumberingXml.Indent * (listLevel + 1)}\"/>"));
                    }

                    if (ReferenceEquals(paragraph, _last) && _section is not null)
                    {
                        properties = properties.With("sectPr", _section);
                    }

                    WriteParagraph(paragraph.Texts, properties, paragraph.HeadingLevel);
                    break;
                case RichBlock.List list:
                    WriteList(list, Math.Min(listLevel + 1, NumberingXml.Levels - 1));
                    break;
                case RichBlock.Table table when _tableDepth < MaxTableDepth:
                    WriteTable(table);

                    // Word joins tables that nothing parts.
                    if (i + 1 < blocks.Length && blocks[i + 1] is RichBlock.Table)
                    {
                        WriteParagraph([], _paragraphBase, 0);
                    }

                    break;
                case RichBlock.Table table:
                    foreach (var line in Lines([table], 0))
                    {
                        WriteParagraph(line, _paragraphBase, 0);
                    }

                    break;
            }
        }
    }

    private PropertyList PropertiesOf(RichBlock.Paragraph paragraph)
    {
        if (paragraph.HeadingLevel == 0)
        {
            return _paragraphBase;
        }

        return StyleOf(paragraph.HeadingLevel) is { } style
            ? PropertyList.OfParagraph([]).With("pStyle", $"<w:pStyle w:val=\"{Escaped(style)}\"/>")
            : _paragraphBase.Without("numPr")
                .With("keepNext", "<w:keepNext/>")
                .With("spacing", "<w:spacing w:before=\"200\" w:after=\"80\"/>")
                .With("outlineLvl", Invariant($"<w:outlineLvl w:val=\"{paragraph.HeadingLevel - 1}\"/>"));
    }

    private string? StyleOf(int headingLevel)
        => headingLevel > 0 && headingLevel <= _format.HeadingStyles.Count && _format.HeadingStyles[headingLevel - 1] is { Length: > 0 } style
            ? style
            : null;

    private void WriteList(RichBlock.List list, int level)
    {
        var hasNumbering = list.IsOrdered
            ? _format.NewOrderedList is not null && ++_orderedLists <= MaxOrderedLists
            : _format.BulletNumId > 0;
        var numId = !hasNumbering ? 0 : list.IsOrdered ? _format.NewOrderedList!(level, list.Start) : _format.BulletNumId;
        for (var i = 0; i < list.Items.Length; i++)
        {
            var item = list.Items[i];
            var first = item.FirstOrDefault() as RichBlock.Paragraph ?? new RichBlock.Paragraph([]);
            var texts = first.Texts;
            var properties = PropertiesOf(first);
            if (hasNumbering)
            {
                properties = properties.Without("ind")
                    .With("numPr", Invariant($"<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{numId}\"/></w:numPr>"));
            }
            else
            {
                texts = texts.Insert(0, new RichText(Marker(list, i, level) + "\t", TextStyles.None, null));
                properties = properties.Without("numPr").With(
                    "ind", Invariant($"<w:ind w:left=\"{NumberingXml.Indent * (level + 1)}\" w:hanging=\"{NumberingXml.Indent}\"/>"));
            }

            // Bullets and numbers look as the paragraph's mark does.
            if (RunProperties(TextStyles.None, isLink: false, first.HeadingLevel) is { Length: > 0 } mark)
            {
                properties = properties.With("rPr", mark);
            }

            WriteParagraph(texts, properties, first.HeadingLevel);
            WriteBlocks(item.Length > 0 && item[0] is RichBlock.Paragraph ? item[1..] : item, level);
        }
    }

    private static string Marker(RichBlock.List list, int index, int level)
        => list.IsOrdered ? Invariant($"{list.Start + index}.") : level % 2 == 0 ? "\u2022" : "\u2013";

    private void WriteParagraph(ImmutableArray<RichText> texts, PropertyList properties, int heading)
    {
        _output.Write("<w:p>"u8);
        _output.Write(properties.ToBytes());
        WriteTexts(texts, heading);
        _output.Write("</w:p>"u8);
    }

    private void WriteTexts(ImmutableArray<RichText> texts, int heading)
    {
        for (var i = 0; i < texts.Length; i++)
        {
            var link = texts[i].Link;
            if (link is not null && (i == 0 || texts[i - 1].Link != link))
            {
                var plain = RunProperties(TextStyles.None, isLink: false, heading);
                OpenRun(plain);
                _output.Write("<w:fldChar w:fldCharType=\"begin\"/></w:r>"u8);
                OpenRun(plain);
                _output.Write("<w:instrText xml:space=\"preserve\"> HYPERLINK &quot;"u8);
                XmlText.WriteEscaped(link, _output);
                _output.Write("&quot; </w:instrText></w:r>"u8);
                OpenRun(plain);
                _output.Write("<w:fldChar w:fldCharType=\"separate\"/></w:r>"u8);
            }

            OpenRun(RunProperties(texts[i].Styles, link is not null, heading));
            _output.Write("<w:t xml:space=\"preserve\">"u8);
            XmlText.WriteRunText(texts[i].Text, _output);
            _output.Write("</w:t></w:r>"u8);
            if (link is not null && (i + 1 == texts.Length || texts[i + 1].Link != link))
            {
                OpenRun(RunProperties(TextStyles.None, isLink: false, heading));
                _output.Write("<w:fldChar w:fldCharType=\"end\"/></w:r>"u8);
            }
        }
    }

    private void OpenRun(byte[] properties)
    {
        _output.Write("<w:r>"u8);
        _output.Write(properties);
    }

    private byte[] RunProperties(TextStyles styles, bool isLink, int heading)
    {
        if (_runs.TryGetValue((styles, isLink, heading), out var ready))
        {
            return ready;
        }

        // A heading style brings its own look, which the tag's direct formatting would hide.
        var hasStyle = StyleOf(heading) is not null;
        var list = hasStyle ? PropertyList.OfRun([]) : _runBase;
        if (heading > 0 && !hasStyle)
        {
            var size = HeadingHalfPoints[heading - 1];
            list = list.With("sz", Invariant($"<w:sz w:val=\"{size}\"/>")).With("szCs", Invariant($"<w:szCs w:val=\"{size}\"/>"));
            styles |= TextStyles.Bold;
        }

        if (styles.HasFlag(TextStyles.Bold))
        {
            list = list.With("b", "<w:b/>").With("bCs", "<w:bCs/>");
        }

        if (styles.HasFlag(TextStyles.Italic))
        {
            list = list.With("i", "<w:i/>").With("iCs", "<w:iCs/>");
        }

        if (styles.HasFlag(TextStyles.Strike))
        {
            list = list.Without("dstrike").With("strike", "<w:strike/>");
        }

        if (isLink)
        {
            list = list.With("color", "<w:color w:val=\"0563C1\"/>");
        }

        if (isLink || styles.HasFlag(TextStyles.Underline))
        {
            list = list.With("u", "<w:u w:val=\"single\"/>");
        }

        if ((styles & (TextStyles.Subscript | TextStyles.Superscript)) != 0)
        {
            list = list.With("vertAlign", styles.HasFlag(TextStyles.Subscript)
                ? "<w:vertAlign w:val=\"subscript\"/>"
                : "<w:vertAlign w:val=\"superscript\"/>");
        }

        return _runs[(styles, isLink, heading)] = list.ToBytes();
    }

    // --- Tables ---
    private void WriteTable(RichBlock.Table table)
    {
        var (rows, columns) = TableGrid.Place(table, MaxColumns);
        _tableDepth++;
        Write("<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>");
        foreach (var side in (ReadOnlySpan<string>)["top", "left", "bottom", "right", "insideH", "insideV"])
        {
            Write($"<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>");
        }

        Write("</w:tblBorders><w:tblCellMar><w:left w:w=\"108\" w:type=\"dxa\"/><w:right w:w=\"108\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>");
        for (var column = 0; column < columns; column++)
        {
            Write(Invariant($"<w:gridCol w:w=\"{TableWidth / columns}\"/>"));
        }

        Write("</w:tblGrid>");
        foreach (var row in rows)
        {
            WriteRow(row, columns);
        }

        Write("</w:tbl>");
        _tableDepth--;
    }

    private void WriteRow(List<PlacedCell> row, int columns)
    {
        Write(row.TrueForAll(placed => placed.Cell is { IsHeader: true }) ? "<w:tr><w:trPr><w:tblHeader/></w:trPr>" : "<w:tr>");
        foreach (var placed in row)
        {
            Write(Invariant($"<w:tc><w:tcPr><w:tcW w:w=\"{TableWidth / columns * placed.Columns}\" w:type=\"dxa\"/>"));
            if (placed.Columns > 1)
            {
                Write(Invariant($"<w:gridSpan w:val=\"{placed.Columns}\"/>"));
            }

            Write(placed.Merge switch
            {
                VerticalMerge.Starts => "<w:vMerge w:val=\"restart\"/></w:tcPr>",
                VerticalMerge.Continues => "<w:vMerge/></w:tcPr>",
                _ => "</w:tcPr>",
            });
            var blocks = placed.Cell is { } cell && placed.Merge != VerticalMerge.Continues ? cell.Blocks : [];
            WriteBlocks(blocks, listLevel: -1);
            if (NeedsParagraphAfter(blocks))
            {
                WriteParagraph([], _paragraphBase, 0);
            }

            Write("</w:tc>");
        }

        Write("</w:tr>");
    }

    private void Write(string xml) => Encoding.UTF8.GetBytes(xml, _output);

    // --- One line for each paragraph ---
    private static IEnumerable<ImmutableArray<RichText>> Lines(ImmutableArray<RichBlock> blocks, int level)
    {
        foreach (var block in blocks)
        {
            switch (block)
            {
                case RichBlock.Paragraph paragraph:
                    yield return paragraph.HeadingLevel == 0
                        ? paragraph.Texts
                        : [.. paragraph.Texts.Select(text => text with { Styles = text.Styles | TextStyles.Bold })];
                    break;
                case RichBlock.List list:
                    for (var i = 0; i < list.Items.Length; i++)
                    {
                        var marker = new RichText(new string('\u00A0', 4 * level) + Marker(list, i, level) + " ", TextStyles.None, null);
                        var lines = Lines(list.Items[i], level + 1).ToList();
                        yield return lines.Count == 0 ? [marker] : lines[0].Insert(0, marker);
                        foreach (var line in lines.Skip(1))
                        {
                            yield return line;
                        }
                    }

                    break;
                case RichBlock.Table table:
                    foreach (var row in table.Rows)
                    {
                        yield return Joined([.. row.Cells.Select(cell => Joined([.. Lines(cell.Blocks, level)], " "))], "\t");
                    }

                    break;
            }
        }
    }

    private static ImmutableArray<RichText> Joined(List<ImmutableArray<RichText>> parts, string separator)
        => [.. parts.SelectMany((part, index) => index == 0 ? part : part.Insert(0, new RichText(separator, TextStyles.None, null)))];

    private static string Escaped(string text)
    {
        var bytes = new ArrayBufferWriter<byte>();
        XmlText.WriteEscaped(text, bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
