using ClinicFlow.Documents.Tests.Pdf;
using Xunit;

namespace ClinicFlow.Documents.Tests.Engines;

/// <summary>Striped and crossed shading (docs/layout.md, "Borders"): half of it is drawn in the pattern's colour where the pattern is dark, a quarter where it is thin.</summary>
public sealed class ShadingPatternTests
{
    private const string Shading = "<w:shd w:val=\"{0}\" w:color=\"FF0000\" w:fill=\"00FF00\"/>";

    [Theory]
    [InlineData("horzStripe", 0.5)]
    [InlineData("reverseDiagStripe", 0.5)]
    [InlineData("thinVertStripe", 0.25)]
    [InlineData("thinHorzCross", 0.4375)]
    public void Paragraphs_cells_and_characters_have_it(string pattern, double share)
    {
        var shading = Shading.Replace("{0}", pattern, StringComparison.Ordinal);
        var bodies = new[]
        {
            $"<w:p><w:pPr><w:spacing w:line=\"800\" w:lineRule=\"exact\"/>{shading}</w:pPr></w:p>",
            $"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w=\"4000\"/></w:tblGrid><w:tr><w:trPr><w:trHeight w:val=\"800\"/></w:trPr><w:tc><w:tcPr><w:tcW w:w=\"4000\" w:type=\"dxa\"/>{shading}</w:tcPr><w:p/></w:tc></w:tr></w:tbl><w:p/>",
            $"<w:p><w:r><w:rPr><w:sz w:val=\"80\"/>{shading}</w:rPr><w:t xml:space=\"preserve\">                  .</w:t></w:r></w:p>",
        };
        foreach (var body in bodies)
        {
            Assert.Equal("", DrawnFile.Gaps(body));
            var pdf = DrawnFile.Pdf(body);
            Assert.Contains("/Pattern cs", DrawnFile.Content(pdf), StringComparison.Ordinal);

            // Twelve by twelve points hold two by two tiles: their mean is the mixture.
            var reds = Enumerable.Range(0, 144).Average(i => Convert.ToInt32(Bitmap.ColorAt(pdf, 84 + (i % 12), 84 + (i / 12))[..2], 16) / 255.0);
            Assert.InRange(reds, share - 0.1, share + 0.1);
        }
    }
}
