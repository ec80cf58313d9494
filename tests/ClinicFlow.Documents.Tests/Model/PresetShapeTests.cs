using System.Collections.Immutable;
using System.Globalization;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Reading;
using ClinicFlow.Documents.Package;
using ClinicFlow.Documents.Tests.Merge;
using Xunit;

namespace ClinicFlow.Documents.Tests.Model;

/// <summary>Outlines of preset shapes (presetShapeDefinitions), and what shapes throw and how their text is coloured. Shapes are 200 by 100 unless they say otherwise.</summary>
public sealed class PresetShapeTests
{
    public static TheoryData<string> Names => [.. """
        wedgeRectCallout wedgeRoundRectCallout wedgeEllipseCallout callout1 callout2 callout3 accentCallout1 accentCallout2 accentCallout3 borderCallout1 borderCallout2 borderCallout3
        accentBorderCallout1 accentBorderCallout2 accentBorderCallout3 star4 star6 star7 star8 star10 star12 star16 star24 star32 heptagon decagon dodecagon irregularSeal1 irregularSeal2
        notchedRightArrow stripedRightArrow bentArrow bentUpArrow leftUpArrow quadArrow rightArrowCallout leftArrowCallout downArrowCallout upArrowCallout can cube bevel foldedCorner
        smileyFace pie chord blockArc noSmoking plaque moon lightningBolt corner diagStripe halfFrame teardrop wave snipRoundRect mathPlus mathMinus mathEqual lineInv bentConnector2
        flowChartSummingJunction flowChartOr flowChartCollate flowChartSort flowChartOnlineStorage flowChartOfflineStorage flowChartMagneticDisk flowChartMagneticDrum flowChartDisplay
        flowChartPunchedTape heart cloud donut frame upDownArrow bracketPair
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)];

    private static string Show(ShapePath path) => (path.IsFilled ? "" : "nf ") + (path.IsStroked ? "" : "ns ") + string.Join(' ', path.Steps.Select(step => step.Kind switch
    {
        PathStepKind.Move => "m" + At(step.A),
        PathStepKind.Line => "l" + At(step.A),
        PathStepKind.Curve => "c" + At(step.C),
        _ => "x",
    }));

    private static string At(ShapePoint point) => string.Create(CultureInfo.InvariantCulture, $"{point.X * 200:0.#},{point.Y * 100:0.#}");

    private static string Outline(string preset, params double[] adjustments)
        => string.Join(" | ", PresetPaths.Of(preset, 200, 100, [.. adjustments])!.Paths.Select(Show));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("callout")]
    [InlineData("callout4")]
    [InlineData("star")]
    [InlineData("nothing of the kind")]
    public void A_name_that_no_shape_has_gives_no_outline(string preset) => Assert.Null(PresetPaths.Of(preset, 200, 100, []));

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_is_drawn_in_any_box_with_any_settings_and_its_text_stands_in_it(string preset)
    {
        var random = new Random(11);
        (double Width, double Height)[] sizes = [(200, 100), (100, 200), (1, 1), (1000, 1)];
        foreach (var (width, height) in sizes)
        {
            for (var round = 0; round < 40; round++)
            {
                ImmutableArray<double> adjustments = round == 0 ? [] : [.. Enumerable.Range(0, 8).Select(_ => (double)random.Next(-200_000, 200_000))];
                var shape = PresetPaths.Of(preset, width, height, adjustments)!;

                Assert.NotEmpty(shape.Paths);
                Assert.All(shape.Paths.SelectMany(path => path.Steps), step => Assert.True(double.IsFinite(step.A.X + step.A.Y + step.B.X + step.B.Y + step.C.X + step.C.Y)));
                Assert.Equal(PathStepKind.Move, shape.Paths[0].Steps[0].Kind);
                if (round == 0)
                {
                    Assert.InRange(shape.TextArea.Left, 0, 0.999);
                    Assert.InRange(shape.TextArea.Left + shape.TextArea.Right, 0, 1);
                    Assert.InRange(shape.TextArea.Top + shape.TextArea.Bottom, 0, 1);
                }
            }
        }
    }

    [Theory]
    [InlineData(-20_833, 62_500, "m0,0 l200,0 l200,100 l83.3,100 l58.3,112.5 l33.3,100 l0,100 x")]
    [InlineData(80_000, -20_000, "m0,0 l200,0 l200,16.7 l260,30 l200,41.7 l200,100 l0,100 x")]
    [InlineData(0, -100_000, "m0,0 l33.3,0 l100,-50 l83.3,0 l200,0 l200,100 l0,100 x")]
    [InlineData(-90_000, 10_000, "m0,0 l200,0 l200,100 l0,100 l0,83.3 l-80,60 l0,58.3 x")]
    public void A_bubble_points_where_it_is_told_from_the_side_that_is_nearest(double across, double down, string expected)
        => Assert.Equal(expected, Outline("wedgeRectCallout", across, down));

    [Fact]
    public void A_callout_has_its_box_with_or_without_line_its_bar_and_its_line()
    {
        Assert.Equal("m0,0 l200,0 l200,100 l0,100 x | nf m-16.7,18.8 l-76.7,112.5", Outline("borderCallout1"));
        Assert.Equal("ns m0,0 l200,0 l200,100 l0,100 x | nf m20,0 l20,100 m20,10 l40,50 l100,120", Outline("accentCallout2", 10_000, 10_000, 50_000, 20_000, 120_000, 50_000));
    }

    [Theory]
    [InlineData("star4", "m100,0 l117.7,41.2 ")]
    [InlineData("mathMinus", "m26.5,38.2 l173.5,38.2 l173.5,61.8 l26.5,61.8 x")]
    [InlineData("corner", "m0,0 l50,0 l50,50 l200,50 l200,100 l0,100 x")]
    [InlineData("cube", "ns m0,25 l175,25 l175,100 l0,100 x | ns m175,25 l200,0 l200,75 l175,100 x | ")]
    [InlineData("notchedRightArrow", "m0,25 l150,25 l150,0 l200,50 l150,100 l150,75 l0,75 l25,50 x")]
    public void Some_have_these_corners(string preset, string start) => Assert.StartsWith(start, Outline(preset), StringComparison.Ordinal);

    [Fact]
    public void Arcs_begin_and_end_where_they_are_seen_from_the_middle()
    {
        Assert.StartsWith("m200,50 c", Outline("pie"), StringComparison.Ordinal);
        Assert.EndsWith("c100,0 l100,50 x", Outline("pie"), StringComparison.Ordinal);

        // A moon ends at the corners of its box, and its inner edge passes its setting.
        Assert.StartsWith("m200,100 c", Outline("moon"), StringComparison.Ordinal);
        Assert.Contains("c200,0 c", Outline("moon"), StringComparison.Ordinal);
        Assert.Contains("c100,50", Outline("moon", 50_000), StringComparison.Ordinal);
    }

    // --- What a shape says beside its outline ---
    private static (ShapeContent Shape, string Told) Read(string properties, string style = "", string body = "")
    {
        var docx = WordFile.FromBody(
            "<w:p><w:r><w:drawing><wp:inline xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\"><wp:extent cx=\"1270000\" cy=\"635000\"/><a:graphic xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"><a:graphicData>"
            + $"<wps:wsp xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"><wps:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"1270000\" cy=\"635000\"/></a:xfrm>{properties}</wps:spPr>{style}{body}<wps:bodyPr/></wps:wsp>"
            + "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>",
            ("word/_rels/document.xml.rels", "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"p\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" Target=\"media/p.png\"/></Relationships>"),
            ("word/media/p.png", "not looked at"));
        var document = DocumentReader.Read(OpcPackage.Open(new MemoryStream(docx), PackageLimits.Default, allowMacros: false), PackageLimits.Default);
        var drawing = document.Sections[0].Blocks.OfType<Paragraph>().SelectMany(paragraph => paragraph.Inlines).OfType<Drawing>().Single();
        return ((ShapeContent)drawing.Content, string.Join(' ', document.Unfaithful.Select(one => one.Code)));
    }

    private const string Red = "<a:prstGeom prst=\"rect\"/><a:solidFill><a:srgbClr val=\"FF0000\"/></a:solidFill>";

    private static string Shadow(string attributes = "") => $"<a:effectLst><a:outerShdw blurRad=\"50800\" dist=\"25400\" dir=\"5400000\" {attributes}><a:srgbClr val=\"000000\"><a:alpha val=\"40000\"/></a:srgbClr></a:outerShdw></a:effectLst>";

    [Fact]
    public void A_shadow_lies_where_its_direction_says_and_is_as_soft_and_dark_as_stated()
    {
        var (shape, told) = Read(Red + Shadow());

        Assert.Equal("", told);
        Assert.Equal((0, 2, 4, 0.4), (Math.Round(shape.Shadow!.Right.Value, 6), shape.Shadow.Down.Value, shape.Shadow.Blur.Value, shape.Shadow.Opacity));
    }

    [Theory]
    [InlineData("<a:prstGeom prst=\"rect\"/><a:noFill/>", "", "shape-effect")]
    [InlineData("<a:prstGeom prst=\"rect\"/><a:solidFill><a:srgbClr val=\"FF0000\"><a:alpha val=\"50000\"/></a:srgbClr></a:solidFill>", "", "shape-effect")]
    [InlineData(Red, "kx=\"1200000\"", "shape-effect")]
    [InlineData(Red, "sy=\"-100000\"", "shape-effect")]
    public void Other_shadows_are_told(string properties, string attributes, string expected)
    {
        var (shape, told) = Read(properties + Shadow(attributes));

        Assert.Null(shape.Shadow);
        Assert.Equal(expected, told);
    }

    [Fact]
    public void Other_effects_are_told()
        => Assert.Equal("shape-effect", Read(Red + "<a:effectLst><a:innerShdw blurRad=\"63500\"><a:srgbClr val=\"00FF00\"/></a:innerShdw></a:effectLst>").Told);

    [Fact]
    public void A_glow_is_as_wide_and_light_as_stated()
    {
        var (shape, told) = Read(Red + "<a:effectLst><a:glow rad=\"63500\"><a:srgbClr val=\"00FF00\"><a:alpha val=\"40000\"/></a:srgbClr></a:glow></a:effectLst>");

        Assert.Equal("", told);
        Assert.Equal(("00FF00", 0.4, 5.0), (shape.Glow!.Color.ToString(), shape.Glow.Opacity, shape.Glow.Radius.Value));
    }

    [Fact]
    public void Where_nothing_fills_a_shape_its_line_throws_the_shadow()
    {
        var (shape, told) = Read("<a:prstGeom prst=\"rect\"/><a:noFill/><a:ln w=\"12700\"><a:solidFill><a:srgbClr val=\"FF0000\"/></a:solidFill></a:ln>" + Shadow());

        Assert.Equal("", told);
        Assert.True(shape.Shadow!.IsOfLine);
    }

    [Theory]
    [InlineData("<a:camera prst=\"orthographicFront\"/>", "")]
    [InlineData("<a:camera prst=\"orthographicFront\"><a:rot lat=\"0\" lon=\"0\" rev=\"0\"/></a:camera>", "")]
    [InlineData("<a:camera prst=\"orthographicFront\"><a:rot lat=\"0\" lon=\"0\" rev=\"600000\"/></a:camera>", "shape-effect")]
    [InlineData("<a:camera prst=\"isometricLeftDown\"/>", "shape-effect")]
    public void A_scene_that_is_seen_from_the_front_changes_nothing(string camera, string expected)
        => Assert.Equal(expected, Read(Red + $"<a:scene3d>{camera}<a:lightRig rig=\"threePt\" dir=\"t\"/></a:scene3d>").Told);

    [Theory]
    [InlineData("<a:srgbClr val=\"FFFFFF\"/>", true, "")]
    [InlineData("<a:schemeClr val=\"lt1\"/>", true, "")]
    [InlineData("<a:schemeClr val=\"dk1\"/>", false, "")]
    [InlineData("<a:srgbClr val=\"00FF00\"/>", false, "shape-text-color")]
    public void Text_without_a_colour_takes_it_from_the_shapes_style(string color, bool isWhite, string expected)
    {
        var (shape, told) = Read(Red, $"<wps:style><a:lnRef idx=\"0\"><a:srgbClr val=\"000000\"/></a:lnRef><a:fillRef idx=\"0\"><a:srgbClr val=\"000000\"/></a:fillRef><a:effectRef idx=\"0\"/><a:fontRef idx=\"minor\">{color}</a:fontRef></wps:style>", "<wps:txbx><w:txbxContent><w:p><w:r><w:t>text</w:t></w:r></w:p></w:txbxContent></wps:txbx>");

        Assert.Equal((isWhite, expected), (shape.Text!.IsWhite, told));
    }

    [Theory]
    [InlineData("circle", "rect", "")]
    [InlineData("rect", "rect", "")]
    [InlineData("rect", "ellipse", "gradient-fill")]
    [InlineData("shape", "ellipse", "")]
    [InlineData("shape", "star5", "gradient-fill")]
    public void Gradients_outwards_are_drawn_in_the_outlines_that_they_fit(string path, string preset, string expected)
    {
        var (shape, told) = Read($"<a:prstGeom prst=\"{preset}\"/><a:gradFill><a:gsLst><a:gs pos=\"100000\"><a:srgbClr val=\"0000FF\"/></a:gs><a:gs pos=\"0\"><a:srgbClr val=\"FF0000\"/></a:gs></a:gsLst><a:path path=\"{path}\"><a:fillToRect l=\"50000\" t=\"50000\" r=\"50000\" b=\"50000\"/></a:path></a:gradFill>");

        Assert.Equal(expected, told);
        Assert.Equal(["FF0000", "0000FF"], shape.Fill!.Stops.Select(stop => stop.Color.ToString()));
    }

    [Theory]
    [InlineData("rect", "<a:stretch><a:fillRect/></a:stretch>", false)]
    [InlineData("ellipse", "<a:stretch><a:fillRect/></a:stretch>", false)]
    [InlineData("rect", "<a:tile/>", true)]
    [InlineData("rect", "<a:srcRect l=\"10000\"/><a:stretch><a:fillRect/></a:stretch>", false)]
    [InlineData("rect", "<a:stretch><a:fillRect t=\"5000\"/></a:stretch>", false)]
    public void A_picture_that_is_stretched_fills_any_outline_and_one_that_is_repeated_is_told(string preset, string rest, bool isTold)
    {
        var (shape, told) = Read($"<a:prstGeom prst=\"{preset}\"/><a:blipFill><a:blip xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" r:embed=\"p\"/>{rest}</a:blipFill>");

        Assert.Equal(0, shape.Fill!.Image);
        Assert.Equal(isTold, told.Contains("pattern-fill", StringComparison.Ordinal));
    }

    [Fact]
    public void A_gradient_whose_colours_are_not_equally_opaque_is_told()
        => Assert.Equal("gradient-fill", Read("<a:prstGeom prst=\"rect\"/><a:gradFill><a:gsLst><a:gs pos=\"0\"><a:srgbClr val=\"FF0000\"/></a:gs><a:gs pos=\"100000\"><a:srgbClr val=\"FF0000\"><a:alpha val=\"0\"/></a:srgbClr></a:gs></a:gsLst><a:lin ang=\"0\"/></a:gradFill>").Told);

    [Theory]
    [InlineData(" INCLUDEPICTURE \"https://example.org/a.png\" ", "")]
    [InlineData("m:usercontent zone1", "")]
    [InlineData(" DATE ", "field-without-result")]
    [InlineData(" EQ \\\\f(1,2) ", "field-without-result")]
    [InlineData(" LISTNUM ", "field-without-result")]
    [InlineData(" NUMWORDS ", "")]
    [InlineData(" = 1 + 1 ", "")]
    public void A_field_without_a_result_shows_nothing_unless_Word_works_it_out_by_itself(string instruction, string expected)
    {
        var docx = WordFile.FromBody($"<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\">{instruction.Replace("\"", "&quot;", StringComparison.Ordinal)}</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t>text</w:t></w:r></w:p>", []);
        var document = DocumentReader.Read(OpcPackage.Open(new MemoryStream(docx), PackageLimits.Default, allowMacros: false), PackageLimits.Default);

        Assert.Equal(expected, string.Join(' ', document.Unfaithful.Select(one => one.Code)));
        Assert.Equal("text", string.Concat(((Paragraph)document.Sections[0].Blocks[0]).Inlines.OfType<TextRun>().Select(run => run.Text)));
    }
}
