using System.Globalization;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Model.Reading;
using ClinicFlow.Documents.Package;
using ClinicFlow.Documents.Tests.Merge;
using Xunit;

namespace ClinicFlow.Documents.Tests.Model;

/// <summary>Outlines of VML shapes by their paths (ECMA-376 Part 4 §19.1.2.13), and gradients of VML and DrawingML as they are read.</summary>
public sealed class VmlPathTests
{
    private ShapeContent Shape(string vml)
    {
        var docx = WordFile.FromBody($"<w:p><w:r><w:pict xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\">{vml}</w:pict></w:r></w:p>", []);
        var document = DocumentReader.Read(OpcPackage.Open(new MemoryStream(docx), PackageLimits.Default, allowMacros: false), PackageLimits.Default);
        Constructs = string.Join(' ', document.Unfaithful.Select(one => one.Code));
        return (ShapeContent)document.Sections[0].Blocks.OfType<Paragraph>().SelectMany(paragraph => paragraph.Inlines).OfType<Drawing>().Single().Content;
    }

    /// <summary>What was found in the last shape that is not drawn. xunit makes an object of the class for each test.</summary>
    private string Constructs { get; set; } = "";

    /// <summary>A shape of 200 by 100 pt in a coordinate space of 200 by 100, shown in its units.</summary>
    private string Path(string path, string formulas = "", string attributes = "", string size = "width:200pt;height:100pt")
    {
        var shape = Shape($"<v:shape style=\"{size}\" coordsize=\"200,100\" path=\"{path}\" {attributes}><v:formulas>{formulas}</v:formulas></v:shape>");
        return string.Join(" | ", shape.Geometry.Paths.Select(part => (part.IsFilled ? "" : "nf ") + (part.IsStroked ? "" : "ns ") + string.Join(' ', part.Steps.Select(step => step.Kind switch
        {
            PathStepKind.Move => "m" + At(step.A),
            PathStepKind.Line => "l" + At(step.A),
            PathStepKind.Curve => $"c{At(step.A)};{At(step.B)};{At(step.C)}",
            _ => "x",
        }))));
    }

    private static string At(ShapePoint point) => string.Create(CultureInfo.InvariantCulture, $"{point.X * 200:0.#},{point.Y * 100:0.#}");

    [Theory]
    [InlineData("m,l200,,200,100xe", "m0,0 l200,0 l200,100 x")]
    [InlineData("m10,20r30,-5,-3-4e", "m10,20 l40,15 l37,11")]
    [InlineData("m,nfl10,10em20,20nsl30,30e", "nf m0,0 l10,10 | ns m20,20 l30,30")]
    [InlineData("m,c10,,20,,20,10v5,5,5,5,10,e", "m0,0 c10,0;20,0;20,10 c25,15;25,15;30,10")]
    [InlineData("m0,50qy50,0e", "m0,50 c0,22.4;22.4,0;50,0")]
    [InlineData("m0,50qx50,0,100,50e", "m0,50 c27.6,50;50,27.6;50,0 c50,27.6;72.4,50;100,50")]
    public void Commands_draw_what_they_say(string path, string expected) => Assert.Equal(expected, Path(path));

    [Fact]
    public void Arcs_run_with_the_clock_or_against_it_between_two_directions()
    {
        // A quarter of the circle of radius 50 around (50, 50): from the left to the top, or the other three quarters.
        Assert.Equal("m0,50 c0,22.4;22.4,0;50,0", Path("wr0,0,100,100,0,50,50,0e"));
        Assert.Equal(1 + 3, Path("ar0,0,100,100,0,50,50,0e").Split(' ').Length);
        Assert.StartsWith("m5,5 l0,50 c", Path("m5,5wa0,0,100,100,0,50,50,0e"), StringComparison.Ordinal);
    }

    [Fact]
    public void Formulas_build_on_each_other_and_on_the_adjustments_of_the_shape_over_those_of_its_type()
    {
        const string Formulas = "<v:f eqn=\"val #0\"/><v:f eqn=\"sum width 0 @0\"/><v:f eqn=\"prod @0 1 2\"/><v:f eqn=\"if @2 height 0\"/><v:f eqn=\"sumangle 0 90 0\"/><v:f eqn=\"sin 100 @4\"/>";

        Assert.Equal("m30,15 l170,100 l100,0", Path("m@0@2l@1@3@5,e", Formulas, "adj=\"30\""));
        var shape = Shape("<v:shapetype id=\"_x0000_t97\" coordsize=\"100,100\" o:spt=\"97\" adj=\"10,20\" path=\"m@0@1l100,100e\"><v:formulas><v:f eqn=\"val #0\"/><v:f eqn=\"val #1\"/></v:formulas></v:shapetype><v:shape type=\"#_x0000_t97\" adj=\",40\" style=\"width:10pt;height:10pt\"/>");
        Assert.Equal(new(0.1, 0.4), shape.Geometry.Paths[0].Steps[0].A);
        Assert.Equal("", Constructs);
    }

    [Fact]
    public void What_lies_behind_the_limit_moves_with_the_longer_side_and_is_not_stretched()
    {
        // The space is 200 by 100 and the shape four times as wide as high: 200 units are added behind the limit.
        var path = Path("m50,50l100,50,150,50e", attributes: "", size: "width:400pt;height:100pt");
        Assert.Equal("m50,50 l100,50 l150,50", path);

        var limited = Shape("<v:shape style=\"width:400pt;height:100pt\" coordsize=\"200,100\" path=\"m50,50l100,50,150,50e\"><v:path limo=\"100,50\"/></v:shape>");
        Assert.Equal([50.0, 200, 350], limited.Geometry.Paths[0].Steps.Select(step => Math.Round(step.A.X * 400, 6)));
    }

    [Theory]
    [InlineData("m,al50,50,10,10,0,90e")]
    [InlineData("m,l10e")]
    [InlineData("m,l@9,10e")]
    [InlineData("m,qb10,10,20,20e")]
    [InlineData("m,l10,10,xyze")]
    public void A_path_with_anything_else_is_no_path_and_the_document_says_so(string path)
    {
        Assert.Equal("", Path(path));
        Assert.Equal("shape-unknown", Constructs);
    }

    [Theory]
    [InlineData("", "0:0000FF 1:FF0000 90")]
    [InlineData("focus=\"100%\"", "0:FF0000 1:0000FF 90")]
    [InlineData("focus=\"50%\" angle=\"-45\"", "0:FF0000 0.5:0000FF 1:FF0000 135")]
    [InlineData("focus=\"-50%\" angle=\"90\"", "0:0000FF 0.5:FF0000 1:0000FF 0")]
    [InlineData("focus=\"100%\" colors=\"0 red;16384f lime;1 blue\"", "0:FF0000 0.3:00FF00 1:0000FF 90")]
    [InlineData("colors=\"0 red;16384f lime;1 blue\"", "0:0000FF 0.8:00FF00 1:FF0000 90")]
    public void A_gradient_runs_to_the_second_colour_at_its_focus(string attributes, string expected)
    {
        var fill = Shape($"<v:rect style=\"width:10pt;height:10pt\" fillcolor=\"#ff0000\"><v:fill type=\"gradient\" color2=\"#0000ff\" {attributes}/></v:rect>").Fill!;

        Assert.Equal(expected, string.Join(' ', fill.Stops.Select(stop => string.Create(CultureInfo.InvariantCulture, $"{stop.At:0.#}:{stop.Color.Red:X2}{stop.Color.Green:X2}{stop.Color.Blue:X2}"))) + string.Create(CultureInfo.InvariantCulture, $" {fill.Angle:0}"));
        Assert.Equal("", Constructs);
    }

    [Theory]
    [InlineData("type=\"gradientRadial\"", "gradient-fill")]
    [InlineData("type=\"gradient\" colors=\"1 red;0 blue\"", "gradient-fill")]
    [InlineData("type=\"gradient\" focus=\"50%\" colors=\"0 red;1 blue\"", "gradient-fill")]
    [InlineData("type=\"tile\"", "pattern-fill")]
    public void Other_fills_are_told(string attributes, string expected)
    {
        Shape($"<v:rect style=\"width:10pt;height:10pt\" fillcolor=\"#ff0000\"><v:fill {attributes} color2=\"#0000ff\"/></v:rect>");

        Assert.Equal(expected, Constructs);
    }
}
