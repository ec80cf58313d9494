using ClinicFlow.Documents.Tests.Merge;
using ClinicFlow.Documents.Tests.Pdf;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>Fields that compute with page numbers, and notes that are numbered by page (docs/layout.md, "Fields without a result", "Footnotes").</summary>
public sealed class PageFieldTests
{
    private const string Names = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

    private static string Char(string kind) => $"<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>";

    private static string Code(string text, string properties = "") => $"<w:r><w:rPr>{properties}</w:rPr><w:instrText xml:space=\"preserve\">{text.Replace("<", "&lt;", StringComparison.Ordinal)}</w:instrText></w:r>";

    private static string Field(string code, string result) => Char("begin") + code + Char("separate") + $"<w:r><w:t>{result}</w:t></w:r>" + Char("end");

    private static string Page => Field(Code(" PAGE "), "1");

    // Word stores what a field in an instruction shows as a part of the instruction.
    private static string Pages => Char("begin") + Code(" NUMPAGES ") + Char("separate") + Code("7") + Char("end");

    private static string Next => Char("begin") + Code(" = ") + Page + Code(" + 1 ") + Char("end");

    private static string Continued => Field(Code(" IF ") + Page + Code(" < ") + Pages + Code(" \"see page ") + Next + Code("\" \"end\" "), "stored");

    private static (string, string) Footer(string content) => ("word/footer1.xml", $"<w:ftr {Names}><w:p>{content}</w:p></w:ftr>");

    private static (string, string) Document(string content, string properties = "")
        => ("word/document.xml", $"<w:document {WordFile.Names}><w:body>{content}<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId1\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1417\" w:right=\"1417\" w:bottom=\"1134\" w:left=\"1417\" w:header=\"708\" w:footer=\"708\" w:gutter=\"0\"/>{properties}</w:sectPr></w:body></w:document>");

    private const string OnePage = "<w:p><w:r><w:t>a</w:t></w:r></w:p>";

    private const string ThreePages = "<w:p><w:r><w:t>a</w:t></w:r></w:p><w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:t>b</w:t></w:r></w:p><w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:t>c</w:t></w:r></w:p>";

    [Fact]
    public void A_footer_says_on_each_page_what_its_field_comes_to_there()
    {
        (string, string)[] parts = [Footer(Continued), Document(ThreePages + "<w:p><w:r><w:t>{{name}}</w:t></w:r></w:p>")];

        Assert.Equal("", DrawnFile.Gaps("", parts));
        Assert.Equal(["a", "see page 2", "b", "see page 3", "c", "{{name}}", "end"], PdfTool.Text(DrawnFile.Pdf("", parts)));
        DrawnFile.CheckBound("", parts);
    }

    [Fact]
    public void In_the_text_a_field_shows_what_is_stored()
    {
        var body = $"<w:p>{Continued}</w:p>";

        Assert.Equal("", DrawnFile.Gaps(body));
        Assert.Equal(["stored"], PdfTool.Text(DrawnFile.Pdf(body)));
    }

    [Theory]
    [InlineData("<w:r><w:tab/></w:r>")]
    [InlineData("<w:r><w:br/></w:r>")]
    [InlineData("<w:r><w:rPr><w:b/></w:rPr><w:instrText>bold</w:instrText></w:r>")]
    public void A_branch_that_is_more_than_text_of_one_kind_is_told(string more)
        => Assert.Equal("computed-page-field", DrawnFile.Gaps("", Footer(Field(Code(" IF ") + Page + Code(" = 1 \"one ") + more + Code("\" \"\" "), "stored")), Document(OnePage)));

    [Fact]
    public void A_field_that_is_not_understood_is_told()
        => Assert.Equal("computed-page-field", DrawnFile.Gaps("", Footer(Field(Code(" IF ") + Page + Code(" about 1 \"one\" "), "stored")), Document(OnePage)));

    [Theory]
    [InlineData("ideographDigital", "一〇")]
    [InlineData("decimalEnclosedCircle", "⑩")]
    [InlineData("thaiNumbers", "๑๐")]
    [InlineData("upperRoman", "X")]
    public void Page_numbers_have_the_forms_that_numbers_of_lists_have(string format, string expected)
        => Assert.Equal(expected, PdfTool.Text(DrawnFile.Pdf("", Footer(Page), Document(OnePage, $"<w:pgNumType w:fmt=\"{format}\" w:start=\"10\"/>")))[^1]);

    [Fact]
    public void Notes_that_are_numbered_by_page_begin_anew_on_each()
    {
        string Reference(int id) => $"<w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:footnoteReference w:id=\"{id}\"/></w:r>";
        string Text(string text, int id, bool isNew = false) => $"<w:p><w:pPr>{(isNew ? "<w:pageBreakBefore/>" : "")}</w:pPr><w:r><w:t>{text}</w:t></w:r>{Reference(id)}</w:p>";
        string Note(int id) => $"<w:footnote w:id=\"{id}\"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space=\"preserve\"> note{id}</w:t></w:r></w:p></w:footnote>";
        var parts = new[]
        {
            ("word/footnotes.xml", $"<w:footnotes {Names}>{string.Concat(Enumerable.Range(1, 5).Select(Note))}</w:footnotes>"),
            ("word/settings.xml", $"<w:settings {Names}><w:footnotePr><w:numRestart w:val=\"eachPage\"/></w:footnotePr></w:settings>"),
        };
        var body = Text("a", 1) + Text("b", 2) + Text("c", 3, isNew: true) + Text("d", 4) + Text("e", 5, isNew: true);

        Assert.Equal("", DrawnFile.Gaps(body, parts));
        var lines = PdfTool.Text(DrawnFile.Pdf(body, parts)).Where(line => line.Contains("note", StringComparison.Ordinal));
        Assert.Equal(["1 note1", "2 note2", "1 note3", "2 note4", "1 note5"], lines);
        DrawnFile.CheckBound(body, parts);
    }
}
