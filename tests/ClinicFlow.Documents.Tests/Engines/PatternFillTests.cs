using System.Text.RegularExpressions;
using ClinicFlow.Documents.Tests.Pdf;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>Fills of two colours in dots (docs/layout.md, "Shapes"). Dots are 0.75 pt, eight by eight a tile; the shape stands at (100, 100) and is 200 by 100 pt.</summary>
public sealed class PatternFillTests
{
    private static string Shape(string preset, string ink = "<a:srgbClr val=\"FF0000\"/>", string paper = "<a:srgbClr val=\"FFFF00\"/>")
        => DrawnFile.Shape($"<a:prstGeom prst=\"ellipse\"/><a:pattFill prst=\"{preset}\"><a:fgClr>{ink}</a:fgClr><a:bgClr>{paper}</a:bgClr></a:pattFill>");

    [Fact]
    public void A_pattern_is_a_tile_that_the_outline_is_filled_with()
    {
        var pdf = DrawnFile.Pdf(Shape("ltVert") + Shape("ltVert") + Shape("horz"));
        var content = DrawnFile.Content(pdf);

        // Two patterns, of which one is used twice; a line every 3 pt, from left to right.
        Assert.Equal(2, Regex.Count(content, "/PatternType 1"));
        Assert.Equal(3, Regex.Count(content, @"/Pattern cs/P[0-9A-F]{28} scn"));
        Assert.Contains("0 5.25 .75 .75 re 3 5.25 .75 .75 re", content, StringComparison.Ordinal);
        Assert.Contains("0 5.25 6 .75 re f", content, StringComparison.Ordinal);
        Assert.Equal("FFFFFF", Bitmap.ColorAt(pdf, 103, 103));
        Assert.NotEqual("FFFFFF", Bitmap.ColorAt(pdf, 200, 150));
    }

    [Theory]
    [InlineData("dkVert", "", "", "")]
    [InlineData("weave", "", "", "pattern-fill")]
    [InlineData("ltVert", "<a:alpha val=\"80000\"/>", "<a:alpha val=\"80000\"/>", "")]
    [InlineData("ltVert", "<a:alpha val=\"80000\"/>", "", "pattern-fill")]
    public void Patterns_whose_dots_are_not_certain_and_those_of_two_opacities_are_told(string preset, string ink, string paper, string gaps)
        => Assert.Equal(gaps, DrawnFile.Gaps(Shape(preset, $"<a:srgbClr val=\"FF0000\">{ink}</a:srgbClr>", $"<a:srgbClr val=\"FFFF00\">{paper}</a:srgbClr>")));

    [Fact]
    public void Bound_records_give_the_same() => DrawnFile.CheckBound(Shape("pct50"));
}
