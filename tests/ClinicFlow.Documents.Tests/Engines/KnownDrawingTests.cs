using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>What older files say in ways of their own (docs/layout.md, "Shapes"), and what only seems to be missing.</summary>
public sealed class KnownDrawingTests
{
    [Fact]
    public void A_VML_polyline_stands_where_its_corners_say()
    {
        const string Body = "<w:p xmlns:v=\"urn:schemas-microsoft-com:vml\"><w:r><w:pict><v:polyline style=\"position:absolute;mso-position-horizontal-relative:page;mso-position-vertical-relative:page\" points=\"100pt,120pt,200pt,100pt,300pt,200pt\" filled=\"f\" strokecolor=\"red\"/></w:pict></w:r></w:p>";

        Assert.Equal("", DrawnFile.Gaps(Body));
        Assert.Matches(@"1 0 0 1 100 741\.9\d* cm[^m]*1 0 0 RG[^m]*0 -20 m 100 0? ?-?0? ?l 200 -100 l S", DrawnFile.Content(DrawnFile.Pdf(Body)));
        Assert.Equal("shape-unknown", DrawnFile.Gaps(Body.Replace("100pt,120pt,200pt,100pt,300pt,200pt", "100pt,what", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("filled=\"f\" stroked=\"f\"", "")]
    [InlineData("filled=\"f\"", "shape-unknown")]
    public void An_outline_of_which_nothing_is_drawn_need_not_be_known(string attributes, string gaps)
    {
        var body = DrawnFile.Vml($"type=\"#own\" {attributes}", "<v:textbox><w:txbxContent><w:p><w:r><w:t>Inside</w:t></w:r></w:p></w:txbxContent></v:textbox>", element: "shape");

        Assert.Equal(gaps, DrawnFile.Gaps(body));
        Assert.Equal("Inside", Assert.Single(DrawnFile.Words(body)).Text);
    }

    [Theory]
    [InlineData("type=\"perspective\" offset=\"1pt\" offset2=\"-3pt\"", "1 -2 m 201 -2 l")]
    [InlineData("offset=\"3pt,5pt\"", "3 -5 m 203 -5 l")]
    [InlineData("offset=\",5pt\"", "2 -5 m 202 -5 l")]
    [InlineData("", "2 -2 m 202 -2 l")]
    public void A_VML_shadow_lies_two_points_away_in_each_direction_that_is_not_stated(string attributes, string expected)
    {
        var body = DrawnFile.Vml("fillcolor=\"white\" stroked=\"f\"", $"<v:shadow on=\"t\" color=\"red\" {attributes}/>");

        Assert.Equal("", DrawnFile.Gaps(body));
        Assert.Contains(expected, DrawnFile.Content(DrawnFile.Pdf(body)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("type=\"perspective\" matrix=\",46340f,,.5\"")]
    [InlineData("type=\"double\"")]
    public void Shadows_that_lean_or_are_two_are_told(string attributes)
        => Assert.Equal("shape-effect", DrawnFile.Gaps(DrawnFile.Vml("fillcolor=\"white\"", $"<v:shadow on=\"t\" color=\"red\" {attributes}/>")));

    [Fact]
    public void What_a_VML_shape_does_not_state_its_type_does()
    {
        var body = DrawnFile.Vml("type=\"#own\" strokecolor=\"blue\"", "").Replace("<w:pict>", "<w:pict><v:shapetype id=\"own\" fillcolor=\"red\" strokecolor=\"lime\" strokeweight=\"3pt\"/>", StringComparison.Ordinal);

        var content = DrawnFile.Content(DrawnFile.Pdf(body));
        Assert.Contains("1 0 0 rg", content, StringComparison.Ordinal);
        Assert.Contains("0 0 1 RG", content, StringComparison.Ordinal);
        Assert.Contains("3 w", content, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_that_was_deleted_under_tracking_is_gone_and_one_that_was_inserted_is_there()
    {
        string Cell(string text, string properties = "") => $"<w:tc><w:tcPr><w:tcW w:w=\"2000\" w:type=\"dxa\"/>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>";
        string Table(string cells) => $"<w:tbl><w:tblPr><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid><w:gridCol w:w=\"2000\"/><w:gridCol w:w=\"2000\"/></w:tblGrid><w:tr>{cells}</w:tr></w:tbl><w:p/>";
        var body = Table(Cell("gone", "<w:cellDel w:id=\"1\" w:author=\"A\"/>") + Cell("first", "<w:cellIns w:id=\"2\" w:author=\"A\"/>") + Cell("second"));

        Assert.Equal("", DrawnFile.Gaps(body));
        var words = DrawnFile.Words(body);
        Assert.Equal(["first", "second"], words.Select(word => word.Text));
        Assert.Equal(DrawnFile.Margin, words[0].Left, 0.5);
        Assert.Equal("deleted-cell", DrawnFile.Gaps(Table(Cell("merged", "<w:cellMerge w:id=\"1\" w:author=\"A\" w:vMerge=\"cont\"/>"))));
    }

    [Fact]
    public void A_picture_as_bullet_that_is_not_there_is_told_only_where_a_list_uses_it()
    {
        const string Numbering = "<w:numbering xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><w:numPicBullet w:numPicBulletId=\"0\"><w:pict><v:shape style=\"width:9pt;height:9pt\"><v:imagedata r:id=\"none\"/></v:shape></w:pict></w:numPicBullet>"
            + "<w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"-\"/></w:lvl><w:lvl w:ilvl=\"1\"><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"*\"/><w:lvlPicBulletId w:val=\"0\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num></w:numbering>";
        string Item(int level) => $"<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>Item</w:t></w:r></w:p>";

        Assert.Equal("", DrawnFile.Gaps(Item(0), ("word/numbering.xml", Numbering)));
        Assert.Equal("reference-broken", DrawnFile.Gaps(Item(0) + Item(1), ("word/numbering.xml", Numbering)));
    }

    [Fact]
    public void A_control_is_shown_by_its_picture_and_told_where_it_has_none()
    {
        const string Control = "<w:p xmlns:v=\"urn:schemas-microsoft-com:vml\"><w:r><w:object><v:shape style=\"width:108pt;height:18pt\" filled=\"f\" stroked=\"f\">{0}</v:shape><w:control r:id=\"c\" w:name=\"Box\"/></w:object></w:r></w:p>";

        Assert.Equal("form-control", DrawnFile.Gaps(Control.Replace("{0}", "", StringComparison.Ordinal)));
        Assert.Equal("reference-broken form-control", DrawnFile.Gaps(Control.Replace("{0}", "<v:imagedata r:id=\"none\"/>", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_watermark_may_name_the_type_that_another_header_holds()
    {
        Assert.Equal("", DrawnFile.Gaps(DrawnFile.Vml("type=\"shapetype_136\" fillcolor=\"silver\"", "<v:textpath style=\"font-family:Calibri\" string=\"DRAFT\"/>", element: "shape")));
        Assert.Equal("word-art", DrawnFile.Gaps(DrawnFile.Vml("type=\"shapetype_144\" fillcolor=\"silver\"", "<v:textpath style=\"font-family:Calibri\" string=\"DRAFT\"/>", element: "shape")));
    }

    [Fact]
    public void A_watermark_throws_its_shadow_and_is_read_once()
    {
        var body = DrawnFile.Vml("type=\"#_x0000_t136\" fillcolor=\"red\" stroked=\"f\"", "<v:shadow on=\"t\" color=\"lime\" offset=\"3pt,3pt\"/><v:textpath style=\"font-family:Calibri\" string=\"I\"/>", element: "shape");

        Assert.Equal("", DrawnFile.Gaps(body));
        var pdf = DrawnFile.Pdf(body);
        Assert.Equal("I", Assert.Single(DrawnFile.Words(pdf)).Text);
        Assert.Matches(@"(?s)ActualText.*?0 1 0 rg.*?1 0 0 rg", DrawnFile.Content(pdf));
    }

    [Theory]
    [InlineData("blurRad=\"50800\" w14:dist=\"38100\"", true)]
    [InlineData("blurRad=\"50800\" w14:dist=\"90000\"", false)]
    public void The_shadow_that_Word_makes_of_its_old_one_is_drawn_like_that(string attributes, bool isThat)
    {
        var body = $"<w:p><w:r><w:rPr><w14:shadow w14:{attributes} w14:dir=\"2700000\" w14:sx=\"100000\" w14:sy=\"100000\" w14:kx=\"0\" w14:ky=\"0\" w14:algn=\"tl\"><w14:srgbClr w14:val=\"000000\"><w14:alpha w14:val=\"60000\"/></w14:srgbClr></w14:shadow></w:rPr><w:t>Title</w:t></w:r></w:p>";

        Assert.Equal("", DrawnFile.Gaps(body));

        // The same file as of the old property, with the text once.
        var old = DrawnFile.Pdf("<w:p><w:r><w:rPr><w:shadow/></w:rPr><w:t>Title</w:t></w:r></w:p>");
        Assert.Equal(isThat, old.AsSpan().SequenceEqual(DrawnFile.Pdf(body)));
        Assert.Equal("Title", Assert.Single(DrawnFile.Words(body)).Text);
    }
}
