using ClinicFlow.Documents.Tests.Pdf;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>Colours, shadows and outlines of pictures (docs/layout.md, "Pictures"). They are 200 by 100 pt.</summary>
public sealed class PictureEffectTests
{
    private const string Related = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"image\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" Target=\"media/image1.png\"/></Relationships>";

    // One pixel each: red, and blue that lets half of it through.
    private static readonly byte[] Red = Pixel("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC");
    private static readonly byte[] Sheer = Pixel("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYPjfAAACgwGAQ7v4AwAAAABJRU5ErkJggg==");

    private static byte[] Pixel(string base64) => Convert.FromBase64String(base64);

    private static byte[] Docx(byte[] image, string effects, string properties = "<a:prstGeom prst=\"rect\"/>")
        => DrawnFile.With(DrawnFile.Docx(DrawnFile.Float($"<a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:blipFill><a:blip r:embed=\"image\">{effects}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>{properties}</pic:spPr></pic:pic></a:graphicData>"), ("word/_rels/document.xml.rels", Related)), ("word/media/image1.png", image));

    private static byte[] Shape(string fill, string preset = "ellipse")
        => DrawnFile.With(DrawnFile.Docx(DrawnFile.Shape($"<a:prstGeom prst=\"{preset}\"/><a:blipFill>{fill}</a:blipFill>"), ("word/_rels/document.xml.rels", Related)), ("word/media/image1.png", Red));

    /// <summary>The colour at a place of the first page, as other people's program draws it at one pixel a point.</summary>
    private static string ColorAt(byte[] pdf, int x, int y) => Bitmap.ColorAt(pdf, x, y);

    [Theory]
    [InlineData("", "FF0000")]
    [InlineData("<a:grayscl/>", "4C4C4C")]
    [InlineData("<a:biLevel thresh=\"25000\"/>", "FFFFFF")]
    [InlineData("<a:biLevel thresh=\"50000\"/>", "000000")]
    [InlineData("<a:lum bright=\"70000\" contrast=\"-70000\"/>", "FFCDCD")]
    [InlineData("<a:lum bright=\"20000\"/>", "FF3333")]
    [InlineData("<a:lum bright=\"-20000\"/>", "CC0000")]
    [InlineData("<a:lum contrast=\"-50000\"/>", "BF4040")]
    [InlineData("<a:grayscl/><a:lum contrast=\"50000\"/>", "181818")]
    public void Colours_are_changed_as_Word_changes_them(string effects, string expected)
    {
        var docx = Docx(Red, effects);

        Assert.Equal("", DrawnFile.Gaps(docx));
        Assert.Equal(expected, ColorAt(DrawnFile.Pdf(docx), 200, 150));
    }

    [Fact]
    public void The_washout_of_older_documents_is_the_same()
    {
        var docx = DrawnFile.With(DrawnFile.Docx(DrawnFile.Vml("", "<v:imagedata r:id=\"image\" gain=\"19661f\" blacklevel=\"22938f\"/>", element: "shape"), ("word/_rels/document.xml.rels", Related)), ("word/media/image1.png", Red));

        Assert.Equal("", DrawnFile.Gaps(docx));
        Assert.Equal("FFCDCD", ColorAt(DrawnFile.Pdf(docx), 200, 150));
    }

    [Theory]
    [InlineData("<a:duotone><a:prstClr val=\"black\"/><a:prstClr val=\"red\"/></a:duotone>", "")]
    [InlineData("<a:biLevel thresh=\"50000\"/><a:lum bright=\"10000\"/>", "")]
    [InlineData("", "<a:effectLst><a:innerShdw blurRad=\"12700\"><a:srgbClr val=\"FF0000\"/></a:innerShdw></a:effectLst>")]
    [InlineData("", "<a:effectLst><a:outerShdw dist=\"12700\" kx=\"1200000\"><a:srgbClr val=\"FF0000\"/></a:outerShdw></a:effectLst>")]
    public void What_is_not_drawn_is_told(string effects, string properties) => Assert.Equal("picture-effect", DrawnFile.Gaps(Docx(Red, effects, properties)));

    [Fact]
    public void A_sharp_shadow_lies_where_it_is_thrown()
    {
        const string Shadow = "<a:prstGeom prst=\"rect\"/><a:effectLst><a:outerShdw dist=\"127000\" dir=\"5400000\"><a:srgbClr val=\"00FF00\"/></a:outerShdw></a:effectLst>";

        var pdf = DrawnFile.Pdf(Docx(Red, "", Shadow));
        Assert.Equal(("FF0000", "00FF00", "FFFFFF"), (ColorAt(pdf, 200, 150), ColorAt(pdf, 200, 205), ColorAt(pdf, 200, 215)));

        // Of a picture that lets light through, so does the shadow.
        var sheer = DrawnFile.Pdf(Docx(Sheer, "", Shadow));
        Assert.Equal(("7FFF7F", "FFFFFF"), (ColorAt(sheer, 200, 205), ColorAt(sheer, 200, 215)));
    }

    [Fact]
    public void A_soft_shadow_of_a_transparent_picture_is_told()
        => Assert.Equal("picture-effect", DrawnFile.Gaps(Docx(Sheer, "", "<a:effectLst><a:outerShdw blurRad=\"12700\" dist=\"12700\"><a:srgbClr val=\"00FF00\"/></a:outerShdw></a:effectLst>")));

    [Fact]
    public void A_soft_edge_fades_in_over_twice_its_radius()
    {
        var docx = Docx(Red, "", "<a:prstGeom prst=\"rect\"/><a:effectLst><a:softEdge rad=\"127000\"/></a:effectLst>");

        Assert.Equal("", DrawnFile.Gaps(docx));
        var pdf = DrawnFile.Pdf(docx);
        Assert.Equal(("FFFFFF", "FF0000"), (ColorAt(pdf, 99, 150), ColorAt(pdf, 200, 150)));
        Assert.InRange(Convert.ToInt32(ColorAt(pdf, 110, 150)[2..4], 16), 100, 150);
        Assert.InRange(Convert.ToInt32(ColorAt(pdf, 102, 150)[2..4], 16), 230, 255);
    }

    [Fact]
    public void A_reflection_lies_below_the_picture_and_fades()
    {
        const string Reflection = "<a:prstGeom prst=\"rect\"/><a:effectLst><a:reflection stA=\"50000\" endA=\"0\" endPos=\"50000\" dist=\"127000\" dir=\"5400000\" sy=\"-100000\"/></a:effectLst>";
        var pdf = DrawnFile.Pdf(Docx(Red, "", Reflection));

        Assert.Equal("", DrawnFile.Gaps(Docx(Red, "", Reflection)));
        Assert.Equal(("FF0000", "FFFFFF", "FFFFFF"), (ColorAt(pdf, 200, 150), ColorAt(pdf, 200, 205), ColorAt(pdf, 200, 265)));
        var (near, far) = (Convert.ToInt32(ColorAt(pdf, 200, 212)[2..4], 16), Convert.ToInt32(ColorAt(pdf, 200, 245)[2..4], 16));
        Assert.InRange(near, 125, 145);
        Assert.InRange(far, 205, 235);
        Assert.Equal("picture-effect", DrawnFile.Gaps(Docx(Red, "", Reflection.Replace("sy=\"-100000\"", "sy=\"-100000\" kx=\"600000\"", StringComparison.Ordinal))));
    }

    [Fact]
    public void A_glow_shines_around_the_picture_and_ends_at_its_radius()
    {
        const string Glow = "<a:prstGeom prst=\"rect\"/><a:effectLst><a:glow rad=\"254000\"><a:srgbClr val=\"00FF00\"/></a:glow></a:effectLst>";
        var pdf = DrawnFile.Pdf(Docx(Red, "", Glow));

        Assert.Equal("", DrawnFile.Gaps(Docx(Red, "", Glow)));
        Assert.Equal(("FF0000", "FFFFFF"), (ColorAt(pdf, 200, 150), ColorAt(pdf, 78, 150)));
        Assert.Matches("^([0-5].)FF", ColorAt(pdf, 98, 150));
        Assert.Equal("picture-effect", DrawnFile.Gaps(Docx(Sheer, "", Glow)));
    }

    [Fact]
    public void A_picture_is_cut_to_its_outline()
    {
        var pdf = DrawnFile.Pdf(Docx(Red, "", "<a:prstGeom prst=\"ellipse\"/>"));

        Assert.Equal(("FF0000", "FFFFFF"), (ColorAt(pdf, 200, 150), ColorAt(pdf, 104, 104)));
    }

    [Fact]
    public void A_picture_that_fills_a_shape_is_cut_to_it_and_keeps_its_distance_from_the_sides()
    {
        var whole = Shape("<a:blip r:embed=\"image\"/><a:stretch><a:fillRect l=\"-20000\"/></a:stretch>");
        Assert.Equal("", DrawnFile.Gaps(whole));
        var pdf = DrawnFile.Pdf(whole);
        Assert.Equal(("FF0000", "FFFFFF", "FFFFFF"), (ColorAt(pdf, 200, 150), ColorAt(pdf, 104, 104), ColorAt(pdf, 90, 150)));

        var part = DrawnFile.Pdf(Shape("<a:blip r:embed=\"image\"><a:alphaModFix amt=\"50000\"/></a:blip><a:stretch><a:fillRect l=\"50000\"/></a:stretch>", "rect"));
        Assert.Equal("FFFFFF", ColorAt(part, 150, 150));
        Assert.Matches("^FF(7F|80)(7F|80)$", ColorAt(part, 250, 150));
        Assert.Equal("pattern-fill", DrawnFile.Gaps(Shape("<a:blip r:embed=\"image\"/><a:tile/>")));
    }
}
