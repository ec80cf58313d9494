using System.Text.RegularExpressions;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>Lines, shadows and glows of text (docs/layout.md, "Text in relief"): how they are drawn, and that the text is read once.</summary>
public sealed class TextLookTests
{
    private const string Red = "<w14:solidFill><w14:srgbClr w14:val=\"FF0000\"/></w14:solidFill>";
    private const string Line = $"<w14:textOutline w14:w=\"25400\">{Red}</w14:textOutline>";

    private static string Body(string effects) => $"<w:p><w:r><w:rPr><w:color w:val=\"0000FF\"/><w:sz w:val=\"80\"/>{effects}</w:rPr><w:t>Title</w:t></w:r><w:r><w:t xml:space=\"preserve\"> plain</w:t></w:r></w:p>";

    private static string Shadow(int blur, int transparency = 40_000) => $"<w14:shadow w14:blurRad=\"{blur}\" w14:dist=\"63500\" w14:dir=\"0\" w14:sx=\"100000\" w14:sy=\"100000\"><w14:srgbClr w14:val=\"00FF00\"><w14:alpha w14:val=\"{transparency}\"/></w14:srgbClr></w14:shadow>";

    private static int Copies(string content) => Regex.Count(content, @"/Span<</ActualText\(\)>>BDC");

    [Fact]
    public void A_line_lies_over_the_letters_as_wide_as_stated()
    {
        Assert.Equal("", DrawnFile.Gaps(Body(Line)));
        var pdf = DrawnFile.Pdf(Body(Line));

        Assert.Equal(["Title", "plain"], DrawnFile.Words(pdf).Select(word => word.Text));
        Assert.Matches(new Regex(@"0 0 1 rg.*?T[jJ].*?ActualText.*?1 0 0 RG.*?2 w.*?1 Tr", RegexOptions.Singleline), DrawnFile.Content(pdf));
    }

    [Fact]
    public void Letters_without_a_fill_are_their_line_alone_and_still_text()
    {
        var body = Body(Line + "<w14:textFill><w14:noFill/></w14:textFill>");

        Assert.Equal("", DrawnFile.Gaps(body));
        var pdf = DrawnFile.Pdf(body);
        Assert.Equal(["Title", "plain"], DrawnFile.Words(pdf).Select(word => word.Text));
        Assert.Equal(0, Copies(DrawnFile.Content(pdf)));
        Assert.DoesNotContain("0 0 1 rg", DrawnFile.Content(pdf), StringComparison.Ordinal);
    }

    [Fact]
    public void Alpha_says_how_much_shows_through()
    {
        var content = DrawnFile.Content(DrawnFile.Pdf(Body("<w14:textFill><w14:solidFill><w14:srgbClr w14:val=\"0000FF\"><w14:alpha w14:val=\"80000\"/></w14:srgbClr></w14:solidFill></w14:textFill>")));

        Assert.Matches(@"/ca 0?\.2\b", content);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(50_800, 6, 60)]
    [InlineData(190_500, 20, 60)]
    public void A_soft_shadow_is_many_copies_under_the_text(int blur, int least, int most)
    {
        Assert.Equal("", DrawnFile.Gaps(Body(Shadow(blur))));
        var pdf = DrawnFile.Pdf(Body(Shadow(blur)));

        Assert.Equal(["Title", "plain"], DrawnFile.Words(pdf).Select(word => word.Text));
        var content = DrawnFile.Content(pdf);
        Assert.InRange(Copies(content), least, most);
        Assert.True(content.LastIndexOf("ActualText()", StringComparison.Ordinal) < content.IndexOf("0 0 1 rg", StringComparison.Ordinal));
        if (blur == 0)
        {
            // 5 pt to the right.
            var places = Regex.Matches(content, @"(?<x>-?[\d.]+) -?[\d.]+ Td").Take(2).Select(m => double.Parse(m.Groups["x"].Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(5, places[0] - places[1], 2);
        }
    }

    [Fact]
    public void A_glow_reaches_less_and_less_far()
    {
        var body = Body("<w14:glow w14:rad=\"101600\"><w14:srgbClr w14:val=\"00FF00\"><w14:alpha w14:val=\"60000\"/></w14:srgbClr></w14:glow>");

        Assert.Equal("", DrawnFile.Gaps(body));
        var widths = Regex.Matches(DrawnFile.Content(DrawnFile.Pdf(body)), @"([\d.]+) w\b").Select(m => double.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(15, widths[0]);
        Assert.Equal(widths.Order().Reverse(), widths);
    }

    [Theory]
    [InlineData("<w14:reflection w14:stA=\"50000\"/>", "text-effect")]
    [InlineData("<w14:reflection w14:stA=\"0\" w14:endA=\"0\"/>", "")]
    [InlineData("<w14:props3d><w14:bevelT w14:w=\"27940\"/></w14:props3d>", "text-effect")]
    [InlineData("<w14:props3d w14:extrusionH=\"0\" w14:contourW=\"0\"/>", "")]
    [InlineData("<w14:scene3d><w14:camera w14:prst=\"orthographicFront\"/></w14:scene3d>", "")]
    [InlineData("<w14:scene3d><w14:camera w14:prst=\"perspectiveLeft\"/></w14:scene3d>", "text-effect")]
    [InlineData("<w14:shadow w14:blurRad=\"0\" w14:sx=\"0\" w14:sy=\"0\"><w14:srgbClr w14:val=\"000000\"/></w14:shadow>", "")]
    [InlineData("<w14:shadow w14:sx=\"100000\" w14:sy=\"-30000\" w14:kx=\"-800400\"><w14:srgbClr w14:val=\"000000\"/></w14:shadow>", "text-effect")]
    [InlineData("<w14:textFill><w14:gradFill/></w14:textFill>", "text-effect")]
    [InlineData("<w14:textOutline w14:w=\"9525\"><w14:gradFill/></w14:textOutline>", "text-effect")]
    public void What_is_not_drawn_is_told_and_what_shows_nothing_is_not(string effect, string expected) => Assert.Equal(expected, DrawnFile.Gaps(Body(effect)));

    [Fact]
    public void Bound_records_give_the_same()
        => DrawnFile.CheckBound(Body(Line + Shadow(50_800)) + Body(Line).Replace("Title", "{{name}}", StringComparison.Ordinal));
}
