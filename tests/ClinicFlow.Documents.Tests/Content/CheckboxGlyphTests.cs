using System.Text;
using ClinicFlow.Documents.Content;
using Xunit;

namespace ClinicFlow.Documents.Tests.Content;

public class CheckboxGlyphTests
{
    private const string Fonts =
        "<w:rFonts w:hint=\"eastAsia\" w:ascii=\"MS Gothic\" w:hAnsi=\"MS Gothic\" w:eastAsia=\"MS Gothic\" w:cs=\"Segoe UI Symbol\"/>";

    [Theory]
    [InlineData("", "<w:rPr>" + Fonts + "</w:rPr>")]
    [InlineData("<w:rPr/>", "<w:rPr>" + Fonts + "</w:rPr>")]
    [InlineData("<w:rPr><w:rFonts w:ascii=\"a>b\"/><w:b/></w:rPr>", "<w:rPr>" + Fonts + "<w:b/></w:rPr>")]
    [InlineData("<w:rPr><w:rStyle w:val=\"X\"/><w:sz w:val=\"28\"></w:sz></w:rPr>", "<w:rPr><w:rStyle w:val=\"X\"/>" + Fonts + "<w:sz w:val=\"28\"></w:sz></w:rPr>")]
    public void The_tags_format_stays_but_for_the_font(string properties, string expected)
        => Assert.Equal($"<w:r>{expected}<w:t>☒</w:t></w:r>", Written(true, properties));

    [Fact]
    public void Both_glyphs_are_valid_word_content()
    {
        WordFile.AssertValid($"<w:p>{Written(true, "<w:rPr><w:i/><w:color w:val=\"FF0000\"/></w:rPr>")}{Written(false, "")}</w:p>");
        Assert.Contains("☐", Written(false, ""), StringComparison.Ordinal);
    }

    private static string Written(bool isChecked, string properties)
        => WordFile.Written(output => CheckboxGlyph.Write(output, isChecked, Encoding.UTF8.GetBytes(properties)));
}
