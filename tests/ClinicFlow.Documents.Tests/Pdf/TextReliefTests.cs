using System.Text.RegularExpressions;
using ClinicFlow.Documents.Model;
using ClinicFlow.Documents.Tests.Layout;
using Xunit;

namespace ClinicFlow.Documents.Tests.Pdf;

/// <summary>Outlined, shadowed, raised and engraved text (docs/layout.md, "Text in relief"): how it is drawn, and that it is read once.</summary>
public sealed class TextReliefTests
{
    private static byte[] Write(CharacterFormat characters) => PdfTool.Write(Typeset.Lay(Typeset.Document(Typeset.Paragraph("Relief of a name", characters: characters), Typeset.Paragraph("plain"))));

    private static CharacterFormat With(string effect, Rgb? color = null) => Typeset.Characters(20) with { Effects = Enum.Parse<TextEffects>(effect), Color = color };

    private static string Content(byte[] pdf) => PdfTool.Run(pdf, "qpdf", "--qdf", "--object-streams=disable", "FILE", "-");

    [Theory]
    [InlineData("Outline")]
    [InlineData("Shadow")]
    [InlineData("Emboss")]
    [InlineData("Imprint")]
    [InlineData("Outline, Shadow")]
    public void Text_in_relief_is_read_once_and_other_text_is_as_before(string effects)
    {
        var pdf = Write(With(effects));

        PdfTool.CheckFile(pdf);
        Assert.Equal(["Relief of a name", "plain"], PdfTool.Text(pdf));
    }

    [Fact]
    public void Outlined_text_is_a_line_of_a_fortieth_of_its_size_in_its_colour_and_the_next_text_is_filled_again()
    {
        var content = Content(Write(With("Outline", Rgb.FromHex(0xFF0000))));

        Assert.Matches(new Regex(@"1 0 0 RG\s.*?\.5 w\s.*?1 Tr\s", RegexOptions.Singleline), content);
        Assert.DoesNotContain("2 Tr", content, StringComparison.Ordinal);
        Assert.DoesNotContain("ActualText", content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Shadow", 0x000000, 1, 1, ".753 g", "0 g")]
    [InlineData("Emboss", 0x000000, 0.36, 0.36, "", "1 g")]
    [InlineData("Imprint", 0x000000, -0.36, -0.36, "", "1 g")]
    [InlineData("Emboss", 0x0000FF, 0.36, 0.36, ".753 g", "0 0 1 rg")]
    public void A_copy_lies_under_the_text_a_little_aside(string effect, int color, double right, double down, string copyColor, string textColor)
    {
        var content = Content(Write(With(effect, Rgb.FromHex(color))));

        var copy = Regex.Match(content, @"/Span<</ActualText\(\)>>BDC\s(?<copy>.*?)EMC(?<text>.*?)Td", RegexOptions.Singleline);
        Assert.True(copy.Success, content[..Math.Min(4000, content.Length)]);
        Assert.Contains(copyColor, copy.Groups["copy"].Value, StringComparison.Ordinal);
        Assert.Contains(textColor, copy.Groups["text"].Value, StringComparison.Ordinal);
        var places = Regex.Matches(content[copy.Index..], @"(?<x>-?[\d.]+) (?<y>-?[\d.]+) Td").Take(2)
            .Select(m => (X: double.Parse(m.Groups["x"].Value, System.Globalization.CultureInfo.InvariantCulture), Y: double.Parse(m.Groups["y"].Value, System.Globalization.CultureInfo.InvariantCulture))).ToArray();
        Assert.Equal((right, -down), (Math.Round(places[0].X - places[1].X, 2), Math.Round(places[0].Y - places[1].Y, 2)));
    }
}
