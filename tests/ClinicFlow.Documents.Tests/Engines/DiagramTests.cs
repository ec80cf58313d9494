using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>SmartArt by the drawing that Word keeps of it, and locked canvases (docs/layout.md, "SmartArt"). They stand at (100, 100) and are 200 by 100 pt.</summary>
public sealed class DiagramTests
{
    private const string Names = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:dsp=\"http://schemas.microsoft.com/office/drawing/2008/diagram\"";
    private const string Related = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"data\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/diagramData\" Target=\"diagrams/data1.xml\"/>"
        + "<Relationship Id=\"drawn\" Type=\"http://schemas.microsoft.com/office/2007/relationships/diagramDrawing\" Target=\"diagrams/drawing1.xml\"/></Relationships>";

    private static readonly string Body = DrawnFile.Float("<a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/diagram\"><dgm:relIds xmlns:dgm=\"http://schemas.openxmlformats.org/drawingml/2006/diagram\" r:dm=\"data\"/></a:graphicData>");

    private static (string, string)[] Parts(string shapes, string relId = "drawn") =>
    [
        ("word/diagrams/data1.xml", $"<dgm:dataModel xmlns:dgm=\"http://schemas.openxmlformats.org/drawingml/2006/diagram\" {Names}><dgm:extLst><a:ext><dsp:dataModelExt relId=\"{relId}\"/></a:ext></dgm:extLst></dgm:dataModel>"),
        ("word/diagrams/drawing1.xml", $"<dsp:drawing {Names}><dsp:spTree><dsp:nvGrpSpPr/><dsp:grpSpPr/>{shapes}</dsp:spTree></dsp:drawing>"),
        ("word/_rels/document.xml.rels", Related),
    ];

    // 10 pt are 127,000 EMU.
    private static string Frame(double x, double y, double width, double height) => FormattableString.Invariant($"<a:off x=\"{x * 12700}\" y=\"{y * 12700}\"/><a:ext cx=\"{width * 12700}\" cy=\"{height * 12700}\"/>");

    private static string Shape(string text, string turn = "", string textTurn = "", string color = "<a:srgbClr val=\"FF0000\"/>", string properties = "") => $"""
        <dsp:sp><dsp:nvSpPr/><dsp:spPr><a:xfrm {turn}>{Frame(20, 10, 100, 50)}</a:xfrm><a:prstGeom prst="roundRect"/><a:solidFill>{color}</a:solidFill></dsp:spPr>
        <dsp:style><a:fontRef idx="minor"><a:srgbClr val="0000FF"/></a:fontRef></dsp:style>
        <dsp:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/><a:lstStyle/><a:p><a:pPr algn="ctr" {properties}<a:r><a:rPr sz="1000"/><a:t>{text}</a:t></a:r></a:p></dsp:txBody>
        <dsp:txXfrm {textTurn}>{Frame(30, 20, 80, 30)}</dsp:txXfrm></dsp:sp>
        """;

    [Fact]
    public void Text_stands_in_the_middle_of_its_own_frame_in_the_colour_of_the_style()
    {
        var docx = DrawnFile.Docx(Body, Parts(Shape("Hello", properties: "/>")));

        Assert.Equal("", DrawnFile.Gaps(docx));
        var pdf = DrawnFile.Pdf(docx);
        var word = Assert.Single(DrawnFile.Words(pdf));
        Assert.Equal("Hello", word.Text);
        Assert.Equal(100 + 70, (word.Left + word.Right) / 2, 0.5);
        Assert.Equal(100 + 35, (word.Top + word.Bottom) / 2, 2.0);
        var content = DrawnFile.Content(pdf);
        Assert.Contains("0 0 1 rg", content, StringComparison.Ordinal);
        Assert.Contains("1 0 0 rg", content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rot=\"5400000\"", "rot=\"-5400000\"", true)]
    [InlineData("rot=\"5400000\"", "", false)]
    [InlineData("", "rot=\"16200000\"", false)]
    public void Text_turns_with_the_shape_and_by_its_own_turn(string turn, string textTurn, bool isUpright)
        => Assert.Equal(isUpright, Assert.Single(DrawnFile.Words(Body, Parts(Shape("Hello", turn, textTurn, properties: "/>")))).IsUpright);

    [Fact]
    public void Bullets_stand_before_their_text()
    {
        var words = DrawnFile.Words(Body, Parts(Shape("item", properties: "marL=\"254000\" indent=\"-127000\"><a:buChar char=\"•\"/></a:pPr>").Replace("algn=\"ctr\"", "algn=\"l\"", StringComparison.Ordinal)));

        Assert.Equal(["•", "item"], words.Select(word => word.Text));
        Assert.Equal(100 + 30 + 10, words[0].Left, 0.5);
        Assert.Equal(100 + 30 + 20, words[1].Left, 0.5);
    }

    [Fact]
    public void A_shape_that_is_hidden_is_not_drawn()
        => Assert.Equal(["Shown"], DrawnFile.Words(Body, Parts(Shape("Hidden", properties: "/>").Replace("<dsp:nvSpPr/>", "<dsp:nvSpPr><dsp:cNvPr id=\"1\" name=\"\" hidden=\"1\"/></dsp:nvSpPr>", StringComparison.Ordinal) + Shape("Shown", properties: "/>"))).Select(word => word.Text));

    [Fact]
    public void Numbers_as_bullets_are_told() => Assert.Equal("number-format", DrawnFile.Gaps(Body, Parts(Shape("item", properties: "><a:buAutoNum type=\"arabicPeriod\"/></a:pPr>"))));

    [Theory]
    [InlineData("<a:srgbClr val=\"FF0000\"><a:hueOff val=\"7200000\"/></a:srgbClr>", "0 1 0 rg")]
    [InlineData("<a:srgbClr val=\"FF0000\"><a:comp/></a:srgbClr>", "0 1 1 rg")]
    [InlineData("<a:srgbClr val=\"808080\"><a:lumOff val=\"20000\"/><a:satOff val=\"0\"/><a:alphaOff val=\"0\"/></a:srgbClr>", ".702 g")]
    public void Colours_are_moved_by_their_offsets(string color, string expected)
        => Assert.Contains(expected, DrawnFile.Content(DrawnFile.Pdf(Body, Parts(Shape("x", color: color, properties: "/>")))), StringComparison.Ordinal);

    [Fact]
    public void Bound_records_give_the_same() => DrawnFile.CheckBound(Body, Parts(Shape("Hello", properties: "/>")));

    [Fact]
    public void Without_a_drawing_it_is_told()
    {
        Assert.Equal("diagram", DrawnFile.Gaps(Body, Parts("", relId: "elsewhere")));
        Assert.Equal("diagram", DrawnFile.Gaps(Body, [("word/_rels/document.xml.rels", Related)]));
    }

    [Fact]
    public void A_locked_canvas_is_a_group_whose_text_has_the_properties_of_its_level()
    {
        var body = DrawnFile.Float($"""
            <a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas"><lc:lockedCanvas xmlns:lc="http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas"><a:nvGrpSpPr/>
            <a:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2540000" cy="1270000"/><a:chOff x="1000" y="1000"/><a:chExt cx="2540000" cy="1270000"/></a:xfrm></a:grpSpPr>
            <a:sp><a:nvSpPr/><a:spPr><a:xfrm><a:off x="128000" y="1000"/><a:ext cx="1270000" cy="635000"/></a:xfrm><a:prstGeom prst="rect"/><a:solidFill><a:srgbClr val="00FF00"/></a:solidFill></a:spPr>
            <a:txSp><a:txBody><a:bodyPr lIns="0" tIns="0"/><a:lstStyle><a:lvl1pPr algn="r"><a:defRPr sz="2000" b="1"/></a:lvl1pPr></a:lstStyle><a:p><a:r><a:rPr/><a:t>Big</a:t></a:r></a:p></a:txBody><a:useSpRect/></a:txSp></a:sp>
            <a:cxnSp><a:nvCxnSpPr/><a:spPr><a:xfrm><a:off x="1000" y="1000"/><a:ext cx="127000" cy="127000"/></a:xfrm><a:prstGeom prst="line"/><a:ln w="12700"><a:solidFill><a:srgbClr val="FF0000"/></a:solidFill></a:ln></a:spPr></a:cxnSp></lc:lockedCanvas></a:graphicData>
            """);

        Assert.Equal("", DrawnFile.Gaps(body));
        var pdf = DrawnFile.Pdf(body);
        var word = Assert.Single(DrawnFile.Words(pdf));
        Assert.Equal(100 + 10 + 100 - 7.2, word.Right, 0.5);
        Assert.InRange(word.Bottom - word.Top, 20, 28);
        Assert.Contains("1 0 0 RG", DrawnFile.Content(pdf), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arc", @"100 0 m [^m]* 200 -50 c 100 -50 l h f\b[^m]*100 0 m [^m]* 200 -50 c S\b")]
    [InlineData("bentConnector3", "0 0 m 100 0 l 100 -100 l 200 -100 l S")]
    [InlineData("curvedConnector3", "0 0 m 50 0 100 -25 100 -50 c 100 -75 150 -100 200 -100 c S")]
    [InlineData("flowChartMultidocument", @"h f\b[^S]*h[^h]*S\b")]
    public void Shapes_that_diagrams_have_are_drawn(string preset, string expected)
    {
        var body = DrawnFile.Shape($"<a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"2540000\" cy=\"1270000\"/></a:xfrm><a:prstGeom prst=\"{preset}\"/><a:solidFill><a:srgbClr val=\"FF0000\"/></a:solidFill><a:ln w=\"12700\"><a:solidFill><a:srgbClr val=\"000000\"/></a:solidFill></a:ln>");

        Assert.Equal("", DrawnFile.Gaps(body));
        Assert.Matches(expected, DrawnFile.Content(DrawnFile.Pdf(body)));
    }

    [Fact]
    public void A_path_without_a_size_is_in_the_shapes_own_units()
    {
        var body = DrawnFile.Shape("<a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"2540000\" cy=\"1270000\"/></a:xfrm><a:custGeom><a:pathLst><a:path><a:moveTo><a:pt x=\"0\" y=\"635000\"/></a:moveTo><a:lnTo><a:pt x=\"1270000\" y=\"1270000\"/></a:lnTo></a:path></a:pathLst></a:custGeom><a:ln w=\"12700\"><a:solidFill><a:srgbClr val=\"FF0000\"/></a:solidFill></a:ln>");

        Assert.Contains("0 -50 m 100 -100 l", DrawnFile.Content(DrawnFile.Pdf(body)), StringComparison.Ordinal);
    }
}
