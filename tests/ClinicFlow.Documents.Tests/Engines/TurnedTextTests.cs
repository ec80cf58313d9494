using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>Text that runs downwards or upwards in boxes, cells and frames (docs/layout.md, "Turned text"). Boxes are 200 by 100 pt and stand at (100, 100).</summary>
public sealed class TurnedTextTests
{
    private const string TwoLines = "<w:p><w:r><w:t>First</w:t></w:r></w:p><w:p><w:r><w:t>Second</w:t></w:r></w:p>";

    private static string Box(string body, string content = TwoLines, string properties = "") => DrawnFile.Shape(
        "<a:prstGeom prst=\"rect\"/>", $"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx><wps:bodyPr lIns=\"127000\" tIns=\"254000\" rIns=\"381000\" bIns=\"508000\" {properties} {body}</wps:bodyPr>");

    [Fact]
    public void Lines_that_run_downwards_begin_at_the_top_and_follow_each_other_to_the_left_within_the_insets_of_the_shapes_sides()
    {
        var words = DrawnFile.Words(Box("vert=\"vert\">"));

        Assert.Equal(["First", "Second"], words.Select(word => word.Text));
        Assert.All(words, word => Assert.False(word.IsUpright));

        // 30 pt from the right side, 20 pt from the top.
        Assert.InRange(words[0].Right, 300 - 30 - 3, 300 - 30 + 0.1);
        Assert.Equal(120, words[0].Top, 1.0);
        Assert.Equal(120, words[1].Top, 1.0);
        Assert.True(words[1].Right < words[0].Right);
    }

    [Fact]
    public void Lines_that_run_upwards_begin_at_the_bottom_and_follow_each_other_to_the_right()
    {
        var words = DrawnFile.Words(Box("vert=\"vert270\">"));

        // 10 pt from the left side, 40 pt from the bottom.
        Assert.InRange(words[0].Left, 110 - 0.1, 110 + 3);
        Assert.Equal(160, words[0].Bottom, 1.0);
        Assert.Equal(160, words[1].Bottom, 1.0);
        Assert.True(words[1].Left > words[0].Left);
    }

    [Theory]
    [InlineData("vert", "ctr", 190)]
    [InlineData("vert", "b", 122)]
    [InlineData("vert270", "ctr", 190)]
    [InlineData("vert270", "b", 257)]
    public void The_anchor_holds_across_the_lines(string direction, string anchor, double middle)
    {
        var words = DrawnFile.Words(Box($"vert=\"{direction}\" anchor=\"{anchor}\">"));

        // The room lies between 110 and 270; two lines are 22 to 28 pt high together.
        Assert.Equal(middle, (words.Min(word => word.Left) + words.Max(word => word.Right)) / 2, 4.0);
    }

    [Fact]
    public void A_shape_that_grows_with_such_text_gets_wider()
    {
        var content = DrawnFile.Content(DrawnFile.Pdf(Box("vert=\"vert\"><a:spAutoFit/>").Replace("</wps:spPr>", "<a:solidFill><a:srgbClr val=\"FF0000\"/></a:solidFill></wps:spPr>", StringComparison.Ordinal)));
        var lines = content.Split('\n');
        var shape = Array.FindIndex(lines, line => line.Contains("1 0 0 rg", StringComparison.Ordinal));

        // Two lines of 10 pt Times New Roman and 40 pt of insets; the height stays.
        Assert.Contains("0 0 m 62.998 0 l 62.998 -100 l", string.Join(' ', lines[shape..(shape + 3)]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("layout-flow:vertical", 1)]
    [InlineData("layout-flow:vertical;mso-layout-flow-alt:bottom-to-top", -1)]
    [InlineData("layout-flow:vertical-ideographic", 1)]
    public void VML_says_the_same_in_other_words(string style, int direction)
    {
        var body = DrawnFile.Vml("", $"<v:textbox style=\"{style}\"><w:txbxContent>{TwoLines}</w:txbxContent></v:textbox>");

        Assert.Equal("", DrawnFile.Gaps(body));
        var words = DrawnFile.Words(body);
        Assert.All(words, word => Assert.False(word.IsUpright));
        Assert.Equal(direction, Math.Sign(words[0].Left - words[1].Left));
    }

    [Theory]
    [InlineData("vert=\"vert\">", "日本", "")]
    [InlineData("vert=\"eaVert\">", "日本", "")]
    [InlineData("vert=\"eaVert\">", "Japan", "")]
    [InlineData("vert=\"mongolianVert\">", "Japan", "vertical-text")]
    [InlineData("vert=\"wordArtVert\">", "Japan", "vertical-text")]
    public void Lines_that_run_otherwise_are_told(string body, string text, string gaps)
        => Assert.Equal(gaps, DrawnFile.Gaps(Box(body, $"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")));

    [Theory]
    [InlineData("tbRl", "Text", "")]
    [InlineData("tbRlV", "Text", "")]
    [InlineData("btLr", "文字", "")]
    [InlineData("tbRl", "文字", "")]
    [InlineData("tbRlV", "文字", "")]
    [InlineData("tbLrV", "Text", "vertical-text")]
    public void So_it_is_in_cells(string direction, string text, string gaps)
        => Assert.Equal(gaps, DrawnFile.Gaps($"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w=\"2000\"/></w:tblGrid><w:tr><w:tc><w:tcPr><w:textDirection w:val=\"{direction}\"/></w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/>"));

    [Fact]
    public void Bound_records_give_the_same_and_what_they_bring_is_looked_at()
    {
        DrawnFile.CheckBound(Box("vert=\"eaVert\">", "<w:p><w:r><w:t>{{name}}</w:t></w:r></w:p>"));
        DrawnFile.CheckBound("<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w=\"2000\"/></w:tblGrid><w:tr><w:tc><w:tcPr><w:textDirection w:val=\"tbRl\"/></w:tcPr><w:p><w:r><w:t>{{name}}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>");
        DrawnFile.CheckBound("<w:p><w:pPr><w:framePr w:w=\"800\" w:h=\"2000\" w:hRule=\"exact\"/><w:textDirection w:val=\"tbRl\"/></w:pPr><w:r><w:t>{{name}}</w:t></w:r></w:p>");
    }

    [Fact]
    public void Turned_text_over_several_rows_has_lines_as_long_as_they_are_high()
    {
        string Row(string merge, string text) => $"<w:tr><w:trPr><w:trHeight w:val=\"400\"/></w:trPr><w:tc><w:tcPr><w:tcW w:w=\"1000\" w:type=\"dxa\"/><w:vMerge w:val=\"{merge}\"/><w:textDirection w:val=\"btLr\"/></w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:tcW w:w=\"3000\" w:type=\"dxa\"/></w:tcPr><w:p><w:r><w:t>row</w:t></w:r></w:p></w:tc></w:tr>";
        var body = "<w:tbl><w:tblPr><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid><w:gridCol w:w=\"1000\"/><w:gridCol w:w=\"3000\"/></w:tblGrid>" + Row("restart", "Days of the month") + string.Concat(Enumerable.Repeat(Row("continue", ""), 5)) + "</w:tbl><w:p><w:r><w:t>below</w:t></w:r></w:p>";

        var words = DrawnFile.Words(body);

        // Six rows of 20 pt: the text is about 70 pt long and stays in one line, and no row grows.
        var turned = words.Where(word => word.Text is not ("row" or "below")).ToArray();
        Assert.Equal(["Days", "of", "the", "month"], turned.Select(word => word.Text));
        Assert.InRange(turned.Max(word => word.Left) - turned.Min(word => word.Left), 0, 0.1);
        Assert.Equal(DrawnFile.Margin + 120 + 2, words.Single(word => word.Text == "below").Top, 3.0);
        DrawnFile.CheckBound(body);
    }

    [Theory]
    [InlineData("btLr", 1)]
    [InlineData("tbRl", -1)]
    public void A_frame_turns_with_its_paragraphs_direction(string direction, int sign)
    {
        string Framed(string text) => $"<w:p><w:pPr><w:framePr w:w=\"800\" w:h=\"2000\" w:hRule=\"exact\" w:wrap=\"around\" w:vAnchor=\"page\" w:hAnchor=\"page\" w:x=\"2000\" w:y=\"2000\"/><w:textDirection w:val=\"{direction}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>";
        var body = Framed("First") + Framed("Second") + "<w:p><w:r><w:t>Behind</w:t></w:r></w:p>";

        Assert.Equal("", DrawnFile.Gaps(body));
        var words = DrawnFile.Words(body).ToDictionary(word => word.Text);
        Assert.True(words["Behind"].IsUpright);
        Assert.False(words["First"].IsUpright);

        // The frame is 40 by 100 pt and stands at (100, 100): upwards from its lower left corner, downwards from its upper right one.
        Assert.Equal(sign, Math.Sign(words["Second"].Left - words["First"].Left));
        Assert.Equal(sign > 0 ? 200 : 100, sign > 0 ? words["First"].Bottom : words["First"].Top, 0.5);
        Assert.InRange(sign > 0 ? words["First"].Left - 100 : 140 - words["First"].Right, -0.1, 3);
    }

    [Fact]
    public void Outside_of_frames_a_paragraphs_direction_does_nothing()
    {
        const string Body = "<w:p><w:pPr><w:textDirection w:val=\"btLr\"/></w:pPr><w:r><w:t>Plain</w:t></w:r></w:p>";

        Assert.Equal("", DrawnFile.Gaps(Body));
        Assert.True(Assert.Single(DrawnFile.Words(Body)).IsUpright);
    }

    [Fact]
    public void A_fill_of_the_themes_backgrounds_is_drawn()
    {
        const string Theme = "<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><a:themeElements><a:fmtScheme><a:fillStyleLst/><a:bgFillStyleLst><a:noFill/><a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill></a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>";
        const string Relationships = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/theme\" Target=\"theme/theme1.xml\"/></Relationships>";
        var body = DrawnFile.Shape("<a:prstGeom prst=\"rect\"/>", "<wps:style><a:fillRef idx=\"1002\"><a:srgbClr val=\"00FF00\"/></a:fillRef></wps:style><wps:bodyPr/>");

        Assert.Contains("0 1 0 rg", DrawnFile.Content(DrawnFile.Pdf(body, ("word/theme/theme1.xml", Theme), ("word/_rels/document.xml.rels", Relationships))), StringComparison.Ordinal);
    }
}
