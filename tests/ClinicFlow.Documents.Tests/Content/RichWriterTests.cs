using System.Text;
using System.Xml.Linq;
using ClinicFlow.Documents.Content;
using Xunit;

namespace ClinicFlow.Documents.Tests.Content;

public class RichWriterTests
{
    private const string Everything = """
        <h1>Head &amp; line</h1><p>a <b>b <i>c</i></b> <u>d</u> <s>e</s> H<sub>2</sub>O <a href="https://example.org/?a=1&b=2">link <b>bold</b></a></p>
        <ul><li>1<ul><li>2<ol><li>3</li></ol></li></ul></li><li></li><li><table><tr><td>in list</td></tr></table></li></ul>
        <ol start="4"><li>four<p>more</p></li><li><h3>head</h3></li></ol>
        <table><thead><tr><th>A</th><th colspan="2">B</th></tr></thead><tr><td rowspan="2">1</td><td>2</td><td><ul><li>3</li></ul></td></tr><tr><td>4</td></tr></table>
        <table><tr><td><table><tr><td>nested</td></tr></table></td></tr></table>
        """;

    private static readonly XNamespace W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    private readonly StringBuilder _numbering = new(
        Text(NumberingXml.AbstractBullets(5)) + Text(NumberingXml.AbstractOrdered(6)) + Text(NumberingXml.Instance(20, 5, restart: false)));

    private int _nextNumId = 21;

    private RichFormat Format => new()
    {
        RunProperties = Encoding.UTF8.GetBytes("<w:rPr><w:rFonts w:ascii=\"Arial\"/><w:sz w:val=\"20\"/><w:lang w:val=\"de-DE\"/></w:rPr>"),
        ParagraphProperties = Encoding.UTF8.GetBytes("<w:pPr><w:pStyle w:val=\"Body\"/><w:spacing w:after=\"80\"/><w:ind w:left=\"100\"/><w:rPr><w:b/></w:rPr></w:pPr>"),
        BulletNumId = 20,
        NewOrderedList = (level, start) =>
        {
            _numbering.Append(Text(NumberingXml.Instance(_nextNumId, 6, restart: true, level, start)));
            return _nextNumId++;
        },
    };

    [Fact]
    public void Blocks_are_valid_word_content()
    {
        foreach (var format in (RichFormat[])[Format, new RichFormat(), Format with { HeadingStyles = ["Heading1", "", "Heading3"] }])
        {
            WordFile.AssertValid(Blocks(Everything, format), _numbering.ToString());
        }
    }

    [Fact]
    public void Runs_are_valid_word_content()
        => WordFile.AssertValid($"<w:p>{WordFile.Written(output => RichWriter.WriteInline(RichContent.FromHtml(Everything), Format, output))}</w:p>");

    [Fact]
    public void Each_numbered_list_counts_anew()
    {
        var body = Parse(Blocks("<ol><li>a</ol><ol start=7><li>b<ol><li>c</ol></ol>", Format));

        var used = body.Descendants(W + "numId").Select(id => (string)id.Attribute(W + "val")!);
        Assert.Equal(["21", "22", "23"], used);
        Assert.Equal(["0", "0", "1"], body.Descendants(W + "ilvl").Select(level => (string)level.Attribute(W + "val")!));
        Assert.Contains("<w:num w:numId=\"22\"><w:abstractNumId w:val=\"6\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"7\"/>", _numbering.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Countless_numbered_lists_do_not_fill_the_numbering_part()
    {
        var body = Parse(Blocks(string.Concat(Enumerable.Repeat("<ol><li>x</ol>", 1_500)), Format));

        Assert.Equal(1_021, _nextNumId);
        Assert.Equal(500, body.Elements(W + "p").Count(paragraph => paragraph.Value.StartsWith("1.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Without_numbering_bullets_and_numbers_are_text()
    {
        var body = Parse(Blocks("<ul><li>a<ol start=3><li>b<li>c</ol></ul>", Format with { BulletNumId = 0, NewOrderedList = null }));

        Assert.Equal(["\u2022a", "3.b", "4.c"], body.Elements(W + "p").Select(paragraph => paragraph.Value));
        Assert.Equal(3, body.Descendants(W + "tab").Count());
        Assert.Empty(body.Descendants(W + "numPr"));
    }

    [Fact]
    public void Lists_deeper_than_word_knows_stay_on_the_last_level()
    {
        var html = string.Concat(Enumerable.Repeat("<ul><li>x", 15));

        var levels = Parse(Blocks(html, Format)).Descendants(W + "ilvl").Select(level => (int)level.Attribute(W + "val")!);

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8, 8], levels);
    }

    [Fact]
    public void A_section_break_goes_to_the_last_paragraph_alone()
    {
        var format = Format with { ParagraphProperties = "<w:pPr><w:jc w:val=\"both\"/><w:sectPr><w:type w:val=\"nextPage\"/></w:sectPr></w:pPr>"u8.ToArray() };
        foreach (var html in (string[])["", "a", "a<p>b</p>", "<ul><li>a</ul>", "<table><tr><td>a</td></tr></table>"])
        {
            var paragraphs = Parse(Blocks(html, format)).Elements(W + "p").ToList();

            Assert.Equal(paragraphs[^1], Assert.Single(paragraphs, paragraph => paragraph.Descendants(W + "sectPr").Any()));
        }
    }

    [Fact]
    public void Content_always_ends_with_a_paragraph_as_cells_need_it()
    {
        foreach (var html in (string[])["", "<ul></ul>", "<table><tr><td></td></tr></table>", "<ul><li><table><tr><td>x</td></tr></table></li></ul>"])
        {
            var xml = Blocks(html, Format);

            Assert.EndsWith("</w:p>", xml, StringComparison.Ordinal);
            WordFile.AssertValid($"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>{xml}</w:tc></w:tr></w:tbl><w:p/>", _numbering.ToString());
        }
    }

    [Fact]
    public void A_link_is_a_field_that_text_cannot_break_out_of()
    {
        var body = Parse(Blocks("<a href='https://example.org/\" \\o \"x'>click</a>", Format));

        Assert.Equal(" HYPERLINK \"https://example.org/%22%20/o%20%22x\" ", Assert.Single(body.Descendants(W + "instrText")).Value);
        Assert.Equal(["begin", "separate", "end"], body.Descendants(W + "fldChar").Select(character => (string)character.Attribute(W + "fldCharType")!));
    }

    [Fact]
    public void Every_row_of_a_table_fills_the_grid()
    {
        var random = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            var html = new StringBuilder("<table>");
            for (var row = random.Next(1, 6); row > 0; row--)
            {
                html.Append("<tr>");
                for (var cell = random.Next(1, 8); cell > 0; cell--)
                {
                    html.Append(System.Globalization.CultureInfo.InvariantCulture, $"<td colspan={random.Next(1, 30)} rowspan={random.Next(1, 5)}>x</td>");
                }
            }

            var table = Parse(Blocks(html.ToString(), Format)).Element(W + "tbl")!;

            var columns = table.Element(W + "tblGrid")!.Elements().Count();
            Assert.InRange(columns, 1, 63);
            Assert.All(table.Elements(W + "tr"), row => Assert.Equal(columns, row.Elements(W + "tc").Sum(cell => (int?)cell.Element(W + "tcPr")!.Elements(W + "gridSpan").FirstOrDefault()?.Attribute(W + "val") ?? 1)));
        }
    }

    [Fact]
    public void Any_html_and_markdown_becomes_well_formed_content()
    {
        string[] tags =
        [
            "<b>", "</b>", "<i>", "</i>", "<p>", "</p>", "<br>", "<ul>", "</ul>", "<ol>", "<li>", "</ol>", "<table>", "<tr>", "<td rowspan=3>",
            "<th colspan=70>", "</table>", "<h2>", "</h2>", "<a href=https://example.org/>", "<a href=\"mailto:a@b\">", "<A HREF='http://[::1'>", "</a>",
            "<script>", "</script>", "<!--", "-->", "<svg>", "<math>", "<template>", "&amp;", "&#0;", "&#x1F600;", "&", "<", ">", "text ", " ", "<pre>\n", "<select><option>",
        ];
        string[] marks =
        [
            "# ", "* ", "- ", "1. ", "99999999999. ", "\n", "\n\n", "    ", "**", "_", "~~", "`", "```\n", "| a | b |\n", "|---|---|\n", "> ", "[x](https://a.b)",
            "![", "](", ")", "<b>", "&amp;", "\\", "text ", "---\n", "[x]: y\n", "<http://a.b>", "<a@b.c>", "\t",
        ];
        var random = new Random(11);
        var definitions = _numbering.Length;
        for (var round = 0; round < 10_000; round++)
        {
            (_numbering.Length, _nextNumId) = (definitions, 21);
            var html = Fuzz.Of(random, tags, random.Next(30));
            var markdown = Fuzz.Of(random, marks, random.Next(30));

            Assert.NotEmpty(Parse(Blocks(html, Format)).Elements());
            Assert.NotNull(Parse(WordFile.Written(output => RichWriter.WriteBlocks(RichContent.FromMarkdown(markdown), Format, output))));
            Assert.NotNull(Parse(WordFile.Written(output => RichWriter.WriteInline(RichContent.FromHtml(html), Format, output))));
            if (round % 250 == 0)
            {
                WordFile.AssertValid(Blocks(html, Format), _numbering.ToString());
                WordFile.AssertValid(WordFile.Written(output => RichWriter.WriteBlocks(RichContent.FromMarkdown(markdown), Format, output)), _numbering.ToString());
            }
        }
    }

    [Fact]
    public void No_word_of_html_is_lost_or_doubled()
    {
        string[] tags =
        [
            "<b>", "</b>", "<i>", "</i>", "<p>", "</p>", "<br>", "<ul>", "</ul>", "<ol>", "<li>", "</ol>", "<table>", "<tr>", "<td rowspan=3>", "<td>",
            "<th colspan=50>", "</table>", "<h2>", "</h2>", "<a href=https://example.org/>", "</a>", "<pre>", "</pre>", "<div>", "</div>", "<font color=red>",
            "<span>", "<caption>", "<tbody>", "<colgroup>", "<blockquote>", "<dl><dt>", "<dd>", "<video>", "<nobr>", "<label>", "<button>",
        ];
        var random = new Random(19);
        for (var round = 0; round < 3_000; round++)
        {
            var count = random.Next(1, 20);
            var html = string.Concat(Enumerable.Range(0, count).Select(i => $"{Fuzz.Of(random, tags, random.Next(4), odd: false)} word{i} "));
            var expected = Enumerable.Range(0, count).Select(i => $"word{i}").Order(StringComparer.Ordinal);

            Assert.Equal(expected, Words(Blocks(html, Format)));
            Assert.Equal(expected, Words(WordFile.Written(output => RichWriter.WriteInline(RichContent.FromHtml(html), Format, output))));
        }

        static IEnumerable<string> Words(string xml) => Parse(xml).Descendants(W + "t")
            .SelectMany(text => text.Value.Split([' ', '\n', '\u00A0']))
            .Where(word => word.StartsWith("word", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
    }

    private static string Blocks(string html, RichFormat format)
        => WordFile.Written(output => RichWriter.WriteBlocks(RichContent.FromHtml(html), format, output));

    private static XElement Parse(string xml) => XElement.Parse($"<body xmlns:w=\"{W}\">{xml}</body>");

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
