using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ClinicFlow.Documents.Layout.Flow;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Tests.Layout;
using Xunit;

namespace ClinicFlow.Documents.Tests.Pdf;

/// <summary>Gradients and shadows of shapes in the file (docs/layout.md, "Shapes"). Shapes are 200 by 100 pt.</summary>
public sealed class GradientTests
{
    private static readonly ImmutableArray<GradientStop> RedToBlue = [new(0, Rgb.FromHex(0xFF0000)), new(1, Rgb.FromHex(0x0000FF))];

    private static Fill Gradient(double angle, params ImmutableArray<GradientStop> stops) => new(Rgb.FromHex(0xFF0000), 1, stops.IsEmpty ? RedToBlue : stops, angle, null);

    private static byte[] Write(params ImmutableArray<ShapeContent> shapes)
    {
        var characters = Typeset.Characters();
        var paragraph = Typeset.Paragraph("text") with
        {
            Inlines = [.. shapes.Select(shape => (Documents.Model.Inline)new Drawing { Format = characters, Width = new(200), Height = new(100), Content = shape }), new TextRun("text") { Format = characters }],
        };
        var pdf = PdfTool.Write(Typeset.Lay(Typeset.Document(paragraph)));
        PdfTool.CheckFile(pdf);
        Assert.Equal("text", string.Concat(PdfTool.Text(pdf)));
        return pdf;
    }

    private static ShapeContent Shape(Fill fill, ShapeKind kind = ShapeKind.Rectangle, ShapeShadow? shadow = null) => new() { Geometry = new(kind, [], []), Fill = fill, Shadow = shadow };

    private static string Content(byte[] pdf) => PdfTool.Run(pdf, "qpdf", "--qdf", "--object-streams=disable", "FILE", "-");

    [Fact]
    public void A_gradient_is_a_shading_that_the_outline_is_cut_from()
    {
        var content = Content(Write(Shape(Gradient(0), ShapeKind.Ellipse)));

        Assert.Matches(new Regex(@"h W n 200 -?0 -?0 -1 0 -50 cm/S[0-9A-F]{16} sh Q"), content);
        Assert.Contains("/ShadingType 2", content, StringComparison.Ordinal);
        Assert.Matches(new Regex(@"/C0 \[\s*1\s+0\s+0\s*\]\s*/C1 \[\s*0\s+0\s+1\s*\]"), content);
    }

    [Fact]
    public void Shapes_of_the_same_colours_share_one_shading_and_others_have_their_own()
    {
        var content = Content(Write(Shape(Gradient(0)), Shape(Gradient(45), ShapeKind.Ellipse), Shape(Gradient(0, new(0, Rgb.Black), new(0.5, Rgb.White), new(1, Rgb.Black)))));

        Assert.Equal(3, Regex.Count(content, @"/S[0-9A-F]{16} sh Q"));
        Assert.Equal(2, Regex.Count(content, "/ShadingType 2"));
        Assert.Single(Regex.Matches(content, @"/FunctionType 3"));
        Assert.Matches(new Regex(@"/Bounds \[\s*\.5\s*\]"), content);
    }

    [Fact]
    public void Colours_that_change_at_once_do_so()
    {
        var content = Content(Write(Shape(Gradient(0, new(0, Rgb.Black), new(0.3, Rgb.Black), new(0.3, Rgb.White), new(1, Rgb.White)))));

        Assert.Matches(new Regex(@"/Bounds \[\s*\.3\s*\]"), content);
        Assert.Equal(2, Regex.Count(content, "/FunctionType 2"));
    }

    [Fact]
    public void A_gradient_in_circles_reaches_the_corner_that_is_farthest()
    {
        var content = Content(Write(Shape(Gradient(0) with { Path = GradientPath.Circle, Focus = new(1, 1, 0, 0) })));

        Assert.Contains("/ShadingType 3", content, StringComparison.Ordinal);

        // Around the lower right corner, as far as the upper left one.
        var radius = Math.Round(Math.Sqrt((200 * 200) + (100 * 100)), 3).ToString(CultureInfo.InvariantCulture);
        Assert.Contains($"W n {radius} 0 0 -{radius} 200 -100 cm", content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false, "200 0 0 50")]
    [InlineData(90, false, "0 100 100 0")]
    [InlineData(45, false, "150 150 25 -25")]
    [InlineData(45, true, "200 100 0 0")]
    public void The_first_and_the_last_colour_are_at_the_sides_or_corners_that_lie_farthest_apart(double angle, bool isScaled, string expected)
    {
        var place = ShapeGradients.Of(Gradient(angle) with { IsScaled = isScaled }, 200, 100).Place;

        // The way from the first to the last colour, and where it begins.
        Assert.Equal(expected, string.Join(' ', new[] { place.A, place.B, place.E, place.F }.Select(number => (Math.Round(number, 3) + 0).ToString(CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void A_sharp_shadow_is_the_outline_once_more_and_a_soft_one_many_times_with_little_opacity_each()
    {
        var sharp = Content(Write(Shape(Fill.Solid(Rgb.White), shadow: new(Rgb.FromHex(0x808080), 1, new(3), new(2), Pt.Zero))));
        Assert.Matches(new Regex(@"\.502 g\s+3 -2 m 203 -2 l 203 -102 l 3 -102 l h f"), sharp);

        var soft = Content(Write(Shape(Fill.Solid(Rgb.White), shadow: new(Rgb.Black, 0.4, Pt.Zero, new(2), new(6)))));
        var opacity = (int)Math.Round(255 * (1 - Math.Pow(0.6, 1 / 12.0)));
        Assert.Contains($"/A{opacity} gs", soft, StringComparison.Ordinal);
        Assert.Equal(13, Regex.Count(soft, @"l h f\b"));

        // Of a bell curve of 2 pt the outermost twelfth lies 3.464 pt beyond the outline, the innermost as much within it.
        Assert.Contains("-3.464 1.464 m 203.464 1.464 l", soft, StringComparison.Ordinal);
        Assert.Contains("3.464 -5.464 m 196.536 -5.464 l", soft, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_around_a_shape_throws_its_shadow_too_and_a_larger_shadow_grows_from_its_fixed_point()
    {
        var lined = Content(Write(Shape(Fill.Solid(Rgb.White), shadow: new(Rgb.FromHex(0x808080), 1, new(3), new(2), Pt.Zero)) with { Outline = new(Rgb.Black, new(4), 1, DashKind.Solid, LineEnd.None, LineEnd.None, false) }));
        Assert.Matches(new Regex(@"\.502 g\s+1 0 m 205 0 l 205 -104 l 1 -104 l h f"), lined);

        var larger = Content(Write(Shape(Fill.Solid(Rgb.White), shadow: new ShapeShadow(Rgb.FromHex(0x808080), 1, Pt.Zero, Pt.Zero, Pt.Zero) { ScaleX = 1.1, ScaleY = 2, Fixed = new(0.5, 1) })));
        Assert.Matches(new Regex(@"\.502 g\s+-10 100 m 210 100 l 210 -100 l -10 -100 l h f"), larger);
    }
}
