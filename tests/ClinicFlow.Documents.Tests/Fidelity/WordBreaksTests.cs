using System.Xml.Linq;
using ClinicFlow.Fidelity;
using Xunit;

namespace ClinicFlow.Documents.Tests.Fidelity;

/// <summary>The measure "Word's breaks" of the tool that compares our pages with Word's.</summary>
public sealed class WordBreaksTests
{
    private const string Mark = "<w:r><w:lastRenderedPageBreak/></w:r>";

    private static string P(string text, string format = "") => $"<w:p><w:pPr>{format}</w:pPr>{string.Concat(text.Split('|').Select((part, i) => (i > 0 ? Mark : "") + $"<w:r><w:t>{part}</w:t></w:r>"))}</w:p>";

    private static string Row(params string[] cells) => $"<w:tr>{string.Concat(cells.Select(cell => $"<w:tc>{P(cell)}</w:tc>"))}</w:tr>";

    private static WordBreaks? Read(int pages, string body, string styles = "") => WordBreaks.Of(
        XDocument.Parse($"""<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>"""),
        XDocument.Parse($"""<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{styles}</w:styles>"""),
        pages);

    /// <summary>The words that Word's pages begin with.</summary>
    private static string Begun(int pages, string body, string styles = "") => Read(pages, body, styles) is { } read ? string.Join(' ', read.Breaks.Select(at => read.Words[at.Word])) : "not believed";

    [Fact]
    public void A_page_begins_with_the_word_behind_the_mark() => Assert.Equal("b d", Begun(3, P("a |b c") + P("|d")));

    [Fact]
    public void Pages_that_the_document_asks_for_are_not_counted()
    {
        Assert.Equal("c", Begun(3, P("a |c") + P("|b", "<w:pageBreakBefore/>")));
        Assert.Equal("c", Begun(3, P("a |c") + P("|b", "<w:pStyle w:val=\"S\"/>"), "<w:style w:styleId=\"S\"><w:pPr><w:pageBreakBefore/></w:pPr></w:style>"));
        Assert.Equal("c", Begun(3, P("a |c") + "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>" + P("|b")));
        Assert.Equal("c", Begun(3, P("a |c", "<w:sectPr/>") + P("|b") + "<w:sectPr/>"));
        Assert.Equal("c b", Begun(3, P("a |c", "<w:sectPr/>") + P("|b") + "<w:sectPr><w:type w:val=\"continuous\"/></w:sectPr>"));
    }

    [Fact]
    public void A_row_that_is_cut_counts_once_though_each_of_its_cells_has_a_mark()
        => Assert.Equal("b x", Begun(3, $"<w:tbl>{Row("a |b", "c |d")}{Row("|x", "y")}</w:tbl>"));

    [Fact]
    public void Text_of_boxes_and_deleted_text_is_no_text_of_the_body()
        => Assert.Equal(["a", "b"], Read(2, P("a") + "<w:p><w:r><w:pict><w:txbxContent>" + P("box") + "</w:txbxContent></w:pict></w:r><w:del><w:r><w:t>gone</w:t></w:r></w:del></w:p>" + P("|b"))!.Words);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void Marks_are_believed_where_they_come_to_the_pages_that_Word_states(int pages, bool isBelieved)
        => Assert.Equal(isBelieved, Read(pages, P("a |b |c")) is not null);

    [Theory]
    [InlineData("a b c d,e f", 0, 0)]
    [InlineData("a b,c d e f", -2, -1)]
    [InlineData("a b c d e,f", 1, 1)]
    [InlineData("a b c d e f", 2, 2)]
    public void A_break_is_met_at_the_same_word_or_missed_by_so_many_words(string pages, int words, int lines)
    {
        // Two words stand in a line, but for the last two.
        var shown = pages.Split(',').SelectMany((page, index) => page.Split(' ').Select(word => new PdfWord(word, index + 1, 0, word is "a" or "b" ? 10 : word is "c" or "d" ? 30 : word[0] * 10))).ToArray();

        var compared = BreakComparison.Of(Read(2, P("a b c d |e f"))!, new PdfWords(pages.Split(',').Length, shown)).Single();

        Assert.Equal((words == 0, words, lines), (compared.IsMet, compared.Words, compared.Lines));
    }

    [Fact]
    public void A_page_that_began_elsewhere_than_Words_is_told_from_one_that_is_wrong_by_itself()
    {
        PdfWord[] shown = [new("a", 1, 0, 10), new("b", 1, 0, 30), new("c", 2, 0, 10), new("d", 2, 0, 30)];

        var compared = BreakComparison.Of(Read(3, P("a |b c |d"))!, new PdfWords(2, shown));

        Assert.Equal([(false, true), (false, false)], compared.Select(one => (one.IsMet, one.IsFromEqualStart)));
    }
}
