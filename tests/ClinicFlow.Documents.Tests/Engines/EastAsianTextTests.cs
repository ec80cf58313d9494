using System.Text.RegularExpressions;
using ClinicFlow.Documents.Tests.Merge;
using ClinicFlow.Documents.Tests.Pdf;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>What East Asian documents ask for beyond letters (docs/layout.md, "East Asian text"). Text is 10 pt high.</summary>
public sealed class EastAsianTextTests
{
    private static string Run(string text, string properties = "") => $"<w:r><w:rPr><w:rFonts w:eastAsia=\"Noto Serif CJK JP\"/>{properties}</w:rPr><w:t>{text}</w:t></w:r>";

    private static string Ruby(string under, string above, string align = "distributeSpace", string own = "")
        => $"<w:r><w:ruby><w:rubyPr><w:rubyAlign w:val=\"{align}\"/><w:hps w:val=\"10\"/><w:hpsRaise w:val=\"20\"/></w:rubyPr><w:rt>{Run(above, own)}</w:rt><w:rubyBase>{Run(under)}</w:rubyBase></w:ruby></w:r>";

    private static string P(string content) => $"<w:p>{content}</w:p>";

    private static string Cell(string direction, string content) => $"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w=\"2000\"/></w:tblGrid><w:tr><w:trPr><w:trHeight w:val=\"2000\"/></w:trPr><w:tc><w:tcPr><w:tcW w:w=\"2000\" w:type=\"dxa\"/><w:textDirection w:val=\"{direction}\"/></w:tcPr>{P(content)}</w:tc></w:tr></w:tbl><w:p/>";

    [Theory]
    [InlineData("left", 0)]
    [InlineData("center", 5)]
    [InlineData("right", 10)]
    public void Phonetic_text_stands_above_its_text_as_its_alignment_says(string align, double lead)
    {
        var body = P(Ruby("東京都", "けん", align, "<w:sz w:val=\"40\"/>").Replace("東京都", "東京", StringComparison.Ordinal));

        Assert.Equal("", DrawnFile.Gaps(body));
        var words = DrawnFile.Words(body);
        var (under, above) = (words.Single(word => word.Text == "東京"), words.Single(word => word.Text == "けん"));

        // As large as the guide says, whatever its run does: 5 pt a letter over 10 pt each.
        Assert.Equal(10, above.Right - above.Left, 0.2);
        Assert.Equal(lead, above.Left - under.Left, 0.2);
        Assert.Equal(DrawnFile.Margin, under.Left, 0.2);
        Assert.True(above.Bottom - under.Bottom is < -8 and > -13, $"{above.Bottom} over {under.Bottom}");
    }

    [Fact]
    public void Text_under_wider_phonetic_text_stands_in_the_middle_of_its_room()
    {
        var words = DrawnFile.Words(P(Ruby("桜", "さくらんぼ", "center") + Run("木")));

        Assert.Equal(DrawnFile.Margin, words.Single(word => word.Text == "さくらんぼ").Left, 0.2);
        var (under, next) = (words.Where(word => word.Text.StartsWith('桜')).Select(word => word.Left).Single(), words.Single(word => word.Text.EndsWith('木')).Right - 10);
        Assert.Equal((DrawnFile.Margin + 7.5, DrawnFile.Margin + 25), (Math.Round(under, 2), Math.Round(next, 2)));
    }

    [Fact]
    public void Older_files_say_the_same_in_a_field()
    {
        string Code(string text, string properties = "") => $"<w:r><w:rPr><w:rFonts w:eastAsia=\"Noto Serif CJK JP\"/>{properties}</w:rPr><w:instrText xml:space=\"preserve\">{text}</w:instrText></w:r>";
        var body = P("<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>" + Code("EQ \\* jc2 \\* &quot;Font:Noto Serif CJK JP&quot; \\* hps10 \\o\\ad(\\s\\up 10(") + Code("けん", "<w:sz w:val=\"10\"/>") + Code("),東京)") + "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>");

        Assert.Equal("", DrawnFile.Gaps(body));
        Assert.Equal("けん東京".Order(), string.Concat(DrawnFile.Words(body).Select(word => word.Text)).Order());
        Assert.Equal("field-without-result", DrawnFile.Gaps(body.Replace("\\s\\up", "\\s\\do", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("dot", "ja-JP", true)]
    [InlineData("dot", "zh-CN", false)]
    [InlineData("comma", "zh-CN", true)]
    [InlineData("circle", "ja-JP", true)]
    [InlineData("underDot", "ja-JP", false)]
    public void Each_character_of_a_word_has_its_mark(string mark, string language, bool isAbove)
    {
        var body = P(Run("強調、A1", $"<w:em w:val=\"{mark}\"/><w:lang w:eastAsia=\"{language}\"/>"));

        Assert.Equal("", DrawnFile.Gaps(body));
        var pdf = DrawnFile.Pdf(body);
        var baseline = -double.Parse(Regex.Match(DrawnFile.Content(pdf), @"-?[\d.]+ (-?[\d.]+) Td").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        var starts = Regex.Matches(DrawnFile.Content(pdf), @"(?<x>-?[\d.]+) (?<y>-?[\d.]+) m (?=[\d. -]+ c)").Select(m => -double.Parse(m.Groups["y"].Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(4, starts.Length);
        Assert.All(starts, y => Assert.Equal(isAbove, y < baseline));
    }

    [Theory]
    [InlineData("氏名")]
    [InlineData("生年月日")]
    [InlineData("電話番号連絡先")]
    [InlineData("Latin")]
    public void Text_is_fitted_into_its_width_first_and_last_character_at_the_ends(string text)
    {
        var body = P(Run(text[..1], "<w:fitText w:val=\"1400\" w:id=\"7\"/>") + Run(text[1..], "<w:fitText w:val=\"1400\" w:id=\"7\"/>") + Run("："));

        Assert.Equal("", DrawnFile.Gaps(body));
        var words = DrawnFile.Words(body);
        Assert.Equal(DrawnFile.Margin, words.Min(word => word.Left), 0.2);
        Assert.Equal(DrawnFile.Margin + 70 + 10, words.Max(word => word.Right), 0.2);
    }

    [Theory]
    [InlineData(4096, 11)]
    [InlineData(-2048, 9.5)]
    [InlineData(0, 10)]
    public void A_grid_adds_to_the_width_of_each_character(int space, double pitch)
    {
        (string, string) Document(string paragraph, string grid) => ("word/document.xml", $"<w:document {WordFile.Names}><w:body><w:p><w:pPr>{paragraph}</w:pPr>{Run("文字文字")}{Run("\u3000終")}</w:p><w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1417\" w:right=\"1417\" w:bottom=\"1134\" w:left=\"1417\" w:header=\"708\" w:footer=\"708\" w:gutter=\"0\"/><w:docGrid w:type=\"{grid}\" w:linePitch=\"360\" w:charSpace=\"{space}\"/></w:sectPr></w:body></w:document>");
        double End(params (string, string)[] parts) => DrawnFile.Words("", parts).Single(word => word.Text.EndsWith('終')).Right - 10;

        Assert.Equal("", DrawnFile.Gaps("", Document("", "linesAndChars")));
        Assert.Equal(DrawnFile.Margin + (5 * pitch), End(Document("", "linesAndChars")), 0.2);
        Assert.Equal(DrawnFile.Margin + 50, End(Document("<w:snapToGrid w:val=\"0\"/>", "linesAndChars")), 0.2);
        Assert.Equal(space == 0 ? "" : "character-grid-cells", DrawnFile.Gaps("", Document("", "snapToChars")));
    }

    [Theory]
    [InlineData("tbRl", 3)]
    [InlineData("tbRlV", 3)]
    [InlineData("btLr", 1)]
    public void East_Asian_characters_stand_upright_in_lines_that_run_downwards_and_letters_lie(string direction, int turns)
    {
        var body = Cell(direction, Run("患者A名"));

        Assert.Equal("", DrawnFile.Gaps(body));
        var pdf = DrawnFile.Pdf(body);

        // Each upright one is turned back on its own; lines that run upwards are turned that way as a whole.
        Assert.Equal(turns, Regex.Count(DrawnFile.Content(pdf), @"(?<![-\d.])-?0 1 -1 -?0 [-\d. ]+cm"));
        Assert.Equal("患者A名", string.Concat(PdfTool.Text(pdf)).Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Bound_records_give_the_same()
    {
        DrawnFile.CheckBound(P(Ruby("東京", "けん") + Run("{{name}}", "<w:em w:val=\"dot\"/>")));
        DrawnFile.CheckBound(P(Run("{{name}}", "<w:fitText w:val=\"1400\" w:id=\"7\"/>") + Run("：")) + P(Run("氏名", "<w:fitText w:val=\"1400\" w:id=\"7\"/>")));
        DrawnFile.CheckBound(Cell("tbRl", Run("{{name}}様")) + Cell("tbRl", Run("患者")));
    }
}
